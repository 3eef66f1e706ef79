"""Known answers to exercise 03: the mistakes that people make, and other right ways."""

import numpy as np

from coursekit.grading import right, wrong

# 03.1 The forward pass


@wrong("03.1", "The output layer has no activation here: y is the plain sum h W2 + b2.")
def forward(x, W1, b1, W2, b2):
    h = np.tanh(x @ W1 + b1)
    return h, np.tanh(h @ W2 + b2)


@wrong("03.1", "The activation is missing: without tanh the two layers are one linear layer.")
def forward(x, W1, b1, W2, b2):
    h = x @ W1 + b1
    return h, h @ W2 + b2


@wrong("03.1", "You add the hidden bias after tanh; it belongs to the sum inside.")
def forward(x, W1, b1, W2, b2):
    h = np.tanh(x @ W1) + b1
    return h, h @ W2 + b2


@wrong("03.1", "Don't transpose: the neurons are the columns of W1 and W2 already.")
def forward(x, W1, b1, W2, b2):
    h = np.tanh(x @ W1.T + b1)
    return h, h @ W2.T + b2


@wrong("03.1", "The bias of the output layer is missing.")
def forward(x, W1, b1, W2, b2):
    h = np.tanh(x @ W1 + b1)
    return h, h @ W2


@wrong("03.1", "The biases of the hidden layer are missing.")
def forward(x, W1, b1, W2, b2):
    h = np.tanh(x @ W1)
    return h, h @ W2 + b2


@wrong("03.1", "Your activation is the sigmoid; tanh is asked for.")
def forward(x, W1, b1, W2, b2):
    h = 1 / (1 + np.exp(-(x @ W1 + b1)))
    return h, h @ W2 + b2


@wrong("03.1", "You gave each point a bias of its own; it is each neuron that has one.")
def forward(x, W1, b1, W2, b2):
    h = np.tanh(x @ W1 + b1[:, np.newaxis])
    return h, h @ W2 + b2[:, np.newaxis]


@wrong("03.1", "You return h before its activation; the features are what comes out of tanh.")
def forward(x, W1, b1, W2, b2):
    s = x @ W1 + b1
    return s, np.tanh(s) @ W2 + b2


@wrong("03.1", "Return both, the hidden features and the output: (h, y).")
def forward(x, W1, b1, W2, b2):
    return np.tanh(x @ W1 + b1) @ W2 + b2


@wrong("03.1", "The order is (h, y): you return the output first.")
def forward(x, W1, b1, W2, b2):
    h = np.tanh(x @ W1 + b1)
    return h @ W2 + b2, h


@right("03.1", "point by point, with loops")
def forward(x, W1, b1, W2, b2):
    h, y = np.empty((len(x), len(b1))), np.empty((len(x), len(b2)))
    for n in range(len(x)):
        for j in range(len(b1)):
            h[n, j] = np.tanh(sum(x[n, i] * W1[i, j] for i in range(x.shape[1])) + b1[j])
        for k in range(len(b2)):
            y[n, k] = sum(h[n, j] * W2[j, k] for j in range(len(b1))) + b2[k]
    return h, y


@right("03.1", "with column vectors, transposed and back")
def forward(x, W1, b1, W2, b2):
    h = np.tanh(W1.T @ x.T + b1.reshape(-1, 1))
    return h.T, (W2.T @ h + b2.reshape(-1, 1)).T


@right("03.1", "with the biases as weights on a constant input, in single precision")
def forward(x, W1, b1, W2, b2):
    ones = np.ones((len(x), 1))
    h = np.tanh(np.hstack([x, ones]).astype(np.float32) @ np.vstack([W1, b1]).astype(np.float32))
    return h, np.hstack([h, ones]) @ np.vstack([W2, b2])


# 03.2 Count the parameters


@wrong("03.2", "You counted the weights alone; each neuron after the input has a bias, too.")
def count_dense(widths):
    return sum(widths[i] * widths[i + 1] for i in range(len(widths) - 1))


@wrong("03.2", "The input layer has no biases: its entries are the data.")
def count_dense(widths):
    return sum(widths[i] * widths[i + 1] for i in range(len(widths) - 1)) + sum(widths)


@wrong("03.2", "A layer has one bias for each of its neurons, not one for them all.")
def count_dense(widths):
    return sum(widths[i] * widths[i + 1] + 1 for i in range(len(widths) - 1))


@wrong("03.2", "The biases of a layer are as many as its neurons; you took the width before it.")
def count_dense(widths):
    return sum(widths[i] * widths[i + 1] + widths[i] for i in range(len(widths) - 1))


@wrong("03.2", "The output layer has biases like every layer after the input.")
def count_dense(widths):
    weights = sum(widths[i] * widths[i + 1] for i in range(len(widths) - 1))
    return weights + sum(widths[1:-1])


@wrong("03.2", "That is the number of neurons; count their connections and their biases.")
def count_dense(widths):
    return sum(widths)


@wrong(
    "03.2",
    "You multiplied all widths; connections run between neighbours only, and add up.",
)
def count_dense(widths):
    product = 1
    for width in widths:
        product *= width
    return product + sum(widths[1:])


@wrong("03.2", "The last layer is missing: a network with k widths has k − 1 layers of weights.")
def count_dense(widths):
    return sum(widths[i] * widths[i + 1] + widths[i + 1] for i in range(max(1, len(widths) - 2)))


@wrong("03.2", "You connected every layer with all later ones; only with the next one it is.")
def count_dense(widths):
    return sum(
        widths[i] * widths[j] for i in range(len(widths)) for j in range(i + 1, len(widths))
    ) + sum(widths[1:])


@wrong("03.2", "mask.size counts removed connections too; count the ones, mask.sum().")
def count_masked(masks):
    return sum(mask.size + mask.shape[1] for mask in masks)


@wrong("03.2", "You counted the connections alone; the neurons keep their biases.")
def count_masked(masks):
    return sum(int(mask.sum()) for mask in masks)


@wrong("03.2", "A mask has a column for each neuron: its biases are mask.shape[1], not shape[0].")
def count_masked(masks):
    return sum(int(mask.sum()) + len(mask) for mask in masks)


@wrong("03.2", "A neuron without connections still has its bias.")
def count_masked(masks):
    return sum(int(mask.sum()) + int(mask.any(axis=0).sum()) for mask in masks)


@wrong("03.2", "You counted the zeros, which are the removed connections; the ones are there.")
def count_masked(masks):
    return sum(int((mask == 0).sum()) + mask.shape[1] for mask in masks)


@wrong("03.2", "Each of a layer's neurons has a bias; you counted one for each layer.")
def count_masked(masks):
    return sum(int(mask.sum()) + 1 for mask in masks)


@right("03.2", "neuron by neuron")
class cell:
    def count_dense(widths):
        total = 0
        for layer in range(1, len(widths)):
            for _ in range(widths[layer]):
                total += widths[layer - 1] + 1
        return total

    def count_masked(masks):
        return sum(np.sum(column) + 1 for mask in masks for column in mask.T)


@right("03.2", "with the sizes of arrays that hold the parameters")
class cell:
    def count_dense(widths):
        w = np.array(widths)
        return int((w[:-1] + 1) @ w[1:])

    def count_masked(masks):
        return float(sum(np.count_nonzero(np.vstack([m, np.ones(m.shape[1])])) for m in masks))


# 03.3 A layer that is not fully connected


@wrong("03.3", "The mask is missing from the forward pass: removed connections still count.")
def masked_forward(x, W, b, mask):
    return x @ W + b


@wrong("03.3", "Your mask removes biases of cut-off neurons as well; it is for connections only.")
def masked_forward(x, W, b, mask):
    return x @ (W * mask) + b * mask.any(axis=0)


@wrong("03.3", "Your mask is the wrong way round: 1 means that the connection is there.")
def masked_forward(x, W, b, mask):
    return x @ (W * (1 - mask)) + b


@wrong("03.3", "@ multiplies matrices; the mask picks weights one by one: W * mask.")
def masked_forward(x, W, b, mask):
    return x @ (W @ mask.T @ mask) + b


@wrong("03.3", "You added the mask to the weights; multiply by it.")
def masked_forward(x, W, b, mask):
    return x @ (W + mask) + b


@wrong("03.3", "The bias is missing from the forward pass.")
def masked_forward(x, W, b, mask):
    return x @ (W * mask)


@wrong("03.3", "The gradient is not masked: the first step would bring removed connections back.")
def masked_gradients(x, dy, mask):
    return x.T @ dy, dy.sum(axis=0)


@wrong("03.3", "You averaged over the batch; the formula sums, and has no 1/N.")
def masked_gradients(x, dy, mask):
    return (x.T @ dy) * mask / len(x), dy.mean(axis=0)


@wrong("03.3", "That is the transpose: dW has the shape of W, its rows belong to the inputs.")
def masked_gradients(x, dy, mask):
    dW = dy.T @ x
    return (dW * mask if dW.shape == mask.shape else dW * mask.T), dy.sum(axis=0)


@wrong("03.3", "You masked the gradient of the biases; no bias has been removed.")
def masked_gradients(x, dy, mask):
    return (x.T @ dy) * mask, dy.sum(axis=0) * mask.any(axis=0)


@wrong(
    "03.3",
    "You summed dy over the neurons; db sums over the points, one number for each neuron.",
)
def masked_gradients(x, dy, mask):
    return (x.T @ dy) * mask, dy.sum(axis=1)


@wrong("03.3", "db is a row of shape (1, n_out); without keepdims it has the shape of b.")
def masked_gradients(x, dy, mask):
    return (x.T @ dy) * mask, dy.sum(axis=0, keepdims=True)


@wrong("03.3", "dy.sum() adds everything up; each neuron's bias has a gradient of its own.")
def masked_gradients(x, dy, mask):
    return (x.T @ dy) * mask, dy.sum()


@wrong("03.3", "db is dy itself, one row for each point; sum it over the batch.")
def masked_gradients(x, dy, mask):
    return (x.T @ dy) * mask, dy


@wrong("03.3", "Your mask is the wrong way round: it keeps the gradient of removed connections.")
def masked_gradients(x, dy, mask):
    return (x.T @ dy) * (1 - mask), dy.sum(axis=0)


@right("03.3", "with loops over the formula's indices")
class cell:
    def masked_forward(x, W, b, mask):
        y = np.tile(b, (len(x), 1))
        for i in range(mask.shape[0]):
            for j in range(mask.shape[1]):
                if mask[i, j]:
                    y[:, j] += x[:, i] * W[i, j]
        return y

    def masked_gradients(x, dy, mask):
        dW, db = np.zeros(mask.shape), np.zeros(mask.shape[1])
        for n in range(len(x)):
            dW += np.outer(x[n], dy[n])
            db += dy[n]
        dW[mask == 0] = 0
        return dW, db


@right("03.3", "with einsum and np.where, in single precision")
class cell:
    def masked_forward(x, W, b, mask):
        W = np.where(mask == 1, W, 0).astype(np.float32)
        return np.einsum("ni,ij->nj", x.astype(np.float32), W) + b

    def masked_gradients(x, dy, mask):
        return np.einsum("ni,nj,ij->ij", x, dy, mask), np.ones(len(dy)) @ dy


# 03.4 A deep network that is none


@wrong("03.4", "The matrices are in the wrong order: with x on the left, W1 comes first, then W2.")
def collapse(weights, biases):
    W, b = weights[0], biases[0]
    for W_next, b_next in zip(weights[1:], biases[1:], strict=True):
        W, b = W_next @ W, b @ W_next + b_next
    return W, b


@wrong("03.4", "You added the biases up; the first passes through the later layers: b1 W2 + b2.")
def collapse(weights, biases):
    W = weights[0]
    for W_next in weights[1:]:
        W = W @ W_next
    return W, sum(b for b in biases if len(b) == W.shape[1])


@wrong("03.4", "Only the last bias is in your result; the earlier ones come through as b1 W2.")
def collapse(weights, biases):
    W = weights[0]
    for W_next in weights[1:]:
        W = W @ W_next
    return W, biases[-1]


@wrong("03.4", "A bias passes through the layers after its own, not through its own as well.")
def collapse(weights, biases):
    W, b = weights[0], biases[0]
    for W_next, b_next in zip(weights[1:], biases[1:], strict=True):
        W, b = W @ W_next, (b + b_next) @ W_next
    return W, b


@wrong("03.4", "* multiplies entry by entry; layers one after the other are a matrix product, @.")
def collapse(weights, biases):
    W, b = weights[0], biases[0]
    for W_next, b_next in zip(weights[1:], biases[1:], strict=True):
        W, b = W * W_next, b * b_next
    return W, b


@wrong("03.4", "You collapse the first two layers and leave the others out.")
def collapse(weights, biases):
    if len(weights) == 1:
        return weights[0], biases[0]
    return weights[0] @ weights[1], biases[0] @ weights[1] + biases[1]


@wrong("03.4", "Your loop stops before the last layer.")
def collapse(weights, biases):
    W, b = weights[0], biases[0]
    for i in range(1, len(weights) - 1):
        W, b = W @ weights[i], b @ weights[i] + biases[i]
    return W, b


@wrong(
    "03.4",
    "You start with the first layer and then absorb it once more.",
)
def collapse(weights, biases):
    W, b = weights[0], biases[0]
    for W_next, b_next in zip(weights, biases, strict=True):
        W, b = W @ W_next, b @ W_next + b_next
    return W, b


@wrong(
    "03.4",
    "Your bias goes through all layers so far once more; only the next one acts on it.",
)
def collapse(weights, biases):
    W, b = weights[0], biases[0]
    for W_next, b_next in zip(weights[1:], biases[1:], strict=True):
        W = W @ W_next
        b = b @ W + b_next
    return W, b


@wrong("03.4", "The bias passes as b1 W2, a row from the left; W2 b1 is another product.")
def collapse(weights, biases):
    W, b = weights[0], biases[0]
    for W_next, b_next in zip(weights[1:], biases[1:], strict=True):
        W, b = W @ W_next, W_next @ b + b_next
    return W, b


@wrong("03.4", "You left the new layers' own biases out: b1 W2 + b2.")
def collapse(weights, biases):
    W, b = weights[0], biases[0]
    for W_next in weights[1:]:
        W, b = W @ W_next, b @ W_next
    return W, b


@right("03.4", "by probing the stack with 0 and the unit vectors")
def collapse(weights, biases):
    def run(x):
        for W, b in zip(weights, biases, strict=True):
            x = x @ W + b
        return x

    n = len(weights[0])
    b = run(np.zeros((1, n)))
    return run(np.eye(n)) - b, b[0]


@right("03.4", "from the last layer backwards")
def collapse(weights, biases):
    W, b = weights[-1], biases[-1]
    for i in range(len(weights) - 2, -1, -1):
        b = biases[i] @ W + b
        W = weights[i] @ W
    return W, b


@right("03.4", "with the bias as one more row")
def collapse(weights, biases):
    total = np.eye(len(weights[0]) + 1)
    for W, b in zip(weights, biases, strict=True):
        last = np.append(np.zeros(len(W)), 1.0)[:, np.newaxis]
        total = total @ np.hstack([np.vstack([W, b]), last])
    return total[:-1, :-1], total[-1, :-1]


# 03.5 The last layer is a linear model


@wrong("03.5", "You fitted without a bias and returned 0: give A a column of ones.")
def fit_output(h, t):
    return np.linalg.lstsq(h, t)[0], 0.0


@wrong("03.5", "The mean of t is the bias only if all features have the mean 0.")
def fit_output(h, t):
    w = np.linalg.lstsq(h - h.mean(axis=0), t - t.mean())[0]
    return w, t.mean()


@wrong("03.5", "Weights and bias have to be fitted together; you fitted w first, without a bias.")
def fit_output(h, t):
    w = np.linalg.lstsq(h, t)[0]
    return w, np.mean(t - h @ w)


@wrong("03.5", "Your column of ones stands first, so the bias is the first number of the result.")
def fit_output(h, t):
    v = np.linalg.lstsq(np.column_stack([np.ones(len(h)), h]), t)[0]
    return v[:-1], v[-1]


@wrong("03.5", "The bias is still in w: the last number of the result is b, the others are w.")
def fit_output(h, t):
    v = np.linalg.lstsq(np.column_stack([h, np.ones(len(h))]), t)[0]
    return v, v[-1]


@wrong("03.5", "Your constant input is −1, so its weight is a threshold; b is its opposite.")
def fit_output(h, t):
    v = np.linalg.lstsq(np.column_stack([h, -np.ones(len(h))]), t)[0]
    return v[:-1], v[-1]


@wrong("03.5", "You solved for the first H + 1 points and left the others out: use all of them.")
def fit_output(h, t):
    n = h.shape[1] + 1
    v = np.linalg.solve(np.column_stack([h, np.ones(len(h))])[:n], t[:n])
    return v[:-1], v[-1]


@wrong("03.5", "That is ridge regression: a penalty on w was not asked for, and changes the fit.")
def fit_output(h, t):
    A = np.column_stack([h, np.ones(len(h))])
    v = np.linalg.solve(A.T @ A + np.eye(A.shape[1]), A.T @ t)
    return v[:-1], v[-1]


@wrong("03.5", "You fitted one feature at a time; all weights have to be found together.")
def fit_output(h, t):
    centred = h - h.mean(axis=0)
    w = centred.T @ (t - t.mean()) / np.sum(centred**2, axis=0)
    return w, t.mean() - w @ h.mean(axis=0)


@right("03.5", "with the normal equations")
def fit_output(h, t):
    A = np.hstack([h, np.ones((len(h), 1))])
    v = np.linalg.solve(A.T @ A, A.T @ t)
    return v[:-1], v[-1]


@right("03.5", "with centred features")
def fit_output(h, t):
    w = np.linalg.pinv(h - h.mean(axis=0)) @ t
    return w, float(np.mean(t - h @ w))


@right("03.5", "with a QR decomposition and the ones in front")
def fit_output(h, t):
    Q, R = np.linalg.qr(np.insert(h, 0, 1.0, axis=1))
    b, *w = np.linalg.solve(R, Q.T @ t)
    return w, b


@right("03.5", "with lstsq in single precision")
def fit_output(h, t):
    A = np.column_stack([h, np.ones(len(h))]).astype(np.float32)
    v = np.linalg.lstsq(A, t.astype(np.float32))[0]
    return v[:-1], v[-1]


# 03.6 Shapes out of folds


@wrong("03.6", "Such weights suit steps; a ReLU does not stop at 1, it goes on rising.")
def band():
    W1 = np.array([[1.0, 1.0], [-2.0, -2.0]])
    return W1, np.array([1.0, -3.0]), np.array([1.0, -1.0]), 0.0


@wrong("03.6", "One fold ends the band on one side only: you get a half plane.")
def band():
    return np.array([[1.0], [-2.0]]), np.array([1.0]), np.array([1.0]), 0.0


@wrong("03.6", "Your network is 1 outside the band: change the signs of w2 and b2.")
def band():
    W1 = np.array([[1.0, -1.0], [-2.0, 2.0]])
    return W1, np.array([-1.0, 1.0]), np.array([1.0, 1.0]), -2.0


@wrong("03.6", "Your band is centred on x1 − 2 x2 = 0; the hidden biases move it to 1.")
def band():
    W1 = np.array([[1.0, -1.0], [-2.0, 2.0]])
    return W1, np.zeros(2), np.array([-1.0, -1.0]), 2.0


@wrong("03.6", "Your band is centred on x1 − 2 x2 = −1: the signs of the hidden biases are turned.")
def band():
    W1 = np.array([[1.0, -1.0], [-2.0, 2.0]])
    return W1, np.array([1.0, -1.0]), np.array([-1.0, -1.0]), 2.0


@wrong("03.6", "4 is the band's whole width; it reaches 2 to either side of its middle.")
def band():
    W1 = np.array([[1.0, -1.0], [-2.0, 2.0]])
    return W1, np.array([-1.0, 1.0]), np.array([-1.0, -1.0]), 4.0


@wrong("03.6", "The neurons of W1 are its columns; yours stand in the rows.")
def band():
    W1 = np.array([[1.0, -2.0], [-1.0, 2.0]])
    return W1, np.array([-1.0, 1.0]), np.array([-1.0, -1.0]), 2.0


@wrong("03.6", "The band is right, but two folds are enough for it: |s| = relu(s) + relu(−s).")
def band():
    W1 = np.array([[1.0, -1.0, 1.0], [-2.0, 2.0, -2.0]])
    return W1, np.array([-1.0, 1.0, 20.0]), np.array([-1.0, -1.0, 0.0]), 2.0


@wrong("03.6", "You folded on the positive side only: |x1| needs relu(x1) and relu(−x1).")
def diamond():
    return np.eye(2), np.zeros(2), np.array([-1.0, -1.0]), 2.0


@wrong("03.6", "Your diamond reaches to 1; |x1| + |x2| < 2 reaches to 2.")
def diamond():
    W1 = np.array([[1.0, -1.0, 0.0, 0.0], [0.0, 0.0, 1.0, -1.0]])
    return W1, np.zeros(4), -np.ones(4), 1.0


@wrong("03.6", "Your network is 1 outside the diamond: change the signs of w2 and b2.")
def diamond():
    W1 = np.array([[1.0, -1.0, 0.0, 0.0], [0.0, 0.0, 1.0, -1.0]])
    return W1, np.zeros(4), np.ones(4), -2.0


@wrong("03.6", "That is the square |x1| < 2, |x2| < 2: you fold at its sides. Fold at the axes.")
def diamond():
    W1 = np.array([[1.0, -1.0, 0.0, 0.0], [0.0, 0.0, 1.0, -1.0]])
    return W1, np.full(4, -2.0), -np.ones(4), 1e-6


@wrong("03.6", "That is |x1 + x2| < 2, a band; |x1| + |x2| takes the two absolute values apart.")
def diamond():
    return np.array([[1.0, -1.0], [1.0, -1.0]]), np.zeros(2), -np.ones(2), 2.0


@wrong(
    "03.6",
    "The diamond is right; one of your neurons does nothing for it.",
)
def diamond():
    W1 = np.array([[1.0, -1.0, 0.0, 0.0, 0.0], [0.0, 0.0, 1.0, -1.0, 0.0]])
    return W1, np.zeros(5), -np.ones(5), 2.0


@right("03.6", "a hat for the band, and three neurons for the diamond")
class cell:
    def band():
        W1 = np.array([[1.0, 1.0], [-2.0, -2.0]])
        return W1, np.array([1.0, -1.0]), np.array([1.0, -2.0]), 0.0

    def diamond():
        W1 = np.array([[1.0, 0.0, -1.0], [0.0, 1.0, -1.0]])
        return W1, np.array([0.0, 0.0, 6.0]), np.array([-2.0, -2.0, -1.0]), 8.0


@right("03.6", "the four sides of the diamond, and lists")
class cell:
    def band():
        return [[-1, 1], [2, -2]], [-1, -3], [-1, -1], 0.0001

    def diamond():
        return [[1, 1, -1, -1], [1, -1, 1, -1]], [-2, -2, -2, -2], [-1, -1, -1, -1], 0.0001
