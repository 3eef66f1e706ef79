"""Known answers to exercise 03: the mistakes that people make, and other right ways."""

import numpy as np

from coursekit.grading import edit, right

# 03.1 The forward pass

edit("03.1", "You subtract the hidden bias; add it.", {"+ b1": "- b1"})
edit("03.1", "You subtract the output bias; add it.", {"+ b2": "- b2"})
edit("03.1", "The activation is missing: without tanh both layers are one.", {"np.tanh(": "("})
edit(
    "03.1",
    "The output layer has no activation here: y is the plain sum.",
    {"h @ W2 + b2": "np.tanh(h @ W2 + b2)"},
)
edit(
    "03.1", "The output layer has no activation: leave its tanh out.", {"h @ W2": "np.tanh(h @ W2)"}
)
edit(
    "03.1",
    "The output layer has no activation here, no sigmoid either.",
    {"h @ W2 + b2": "1 / (1 + np.exp(-(h @ W2 + b2)))"},
)
edit(
    "03.1",
    "Biases are added to the sums, not to the weights.",
    {"x @ W1": "x @ (W1 + b1)", " + b1": "", "h @ W2": "h @ (W2 + b2)", " + b2": ""},
)
edit("03.1", "You add the hidden bias after tanh; it belongs inside.", {"+ b1)": ") + b1"})
edit(
    "03.1",
    "Your activation is the sigmoid; tanh is asked for.",
    {"np.tanh(": "1 / (1 + np.exp(-(", "b1)": "b1)))"},
)
edit("03.1", "Your activation is relu; tanh is asked for.", {"np.tanh(": "relu("})
edit("03.1", "Your activation is a step; tanh is asked for.", {"np.tanh(": "1.0 * (0 < "})
edit("03.1", "Your y skips the activation: its input is h.", {"h @ W2": "(x @ W1 + b1) @ W2"})
edit(
    "03.1",
    "Your y skips the hidden bias and activation: its input is h.",
    {"h @ W2": "x @ W1 @ W2"},
)
edit(
    "03.1",
    "You return h before its activation; h is what comes out of tanh.",
    {"np.tanh(": "(", "h @ W2": "np.tanh(h) @ W2"},
)
edit("03.1", "Don't transpose: neurons are columns already.", {"@ W1": "@ W1.T", "@ W2": "@ W2.T"})
edit("03.1", "Points are rows, so x comes first: x @ W1.", {"x @ W1": "W1 @ x", "h @ W2": "W2 @ h"})
edit(
    "03.1", "A layer is a matrix product, @; * works entry by entry.", {"x @": "x *", "h @": "h *"}
)
edit(
    "03.1",
    "Each neuron has a bias; you gave one to each point.",
    {"+ b1": "+ b1[:, np.newaxis]", "+ b2": "+ b2[:, np.newaxis]"},
)
edit("03.1", "Only the last point is left: your loop overwrites the others.", {"x @": "x[-1] @"})


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

edit("03.2", "A layer has a bias for each neuron, not one for them all.", {"+ widths[i]": "+ 1"})
edit(
    "03.2", "A layer has as many biases as neurons of its own.", {"+ widths[i]": "+ widths[i - 1]"}
)
edit("03.2", "Count connections and biases, not the neurons.", {"total = 0": "return sum(widths)"})
edit(
    "03.2",
    "You multiplied all widths; connections run between neighbours only, and add up.",
    {"total = 0": "return np.prod(widths) + sum(widths[1:])"},
)
edit(
    "03.2",
    "The constant 1 that stands for the bias is an input of the next layer, no neuron of it: "
    "(n_in + 1) n_out, not (n_in + 1)(n_out + 1).",
    {"widths[i - 1] * widths[i] + widths[i]": "(widths[i - 1] + 1) * (widths[i] + 1)"},
)
edit("03.2", "The last layer of weights is missing.", {"len(widths)": "len(widths) - 1"})
edit("03.2", "The first layer of weights is missing.", {"range(1,": "range(2,"})
edit(
    "03.2",
    "Your `return` stands inside the loop.",
    {"\n    return total": "\n        return total"},
)
edit("03.2", "Only the last layer is left: add the layers up with +=.", {"total +=": "total ="})
edit("03.2", "A mask has a column for each neuron, and so for each bias.", {"shape[1]": "shape[0]"})
edit(
    "03.2", "A neuron that is cut off keeps its bias.", {"mask.shape[1]": "mask.any(axis=0).sum()"}
)
edit("03.2", "You counted the zeros, which are removed.", {"mask.sum()": "(1 - mask).sum()"})
edit("03.2", "Each neuron of a masked layer has a bias; you counted one.", {"mask.shape[1]": "1"})
edit("03.2", "sum(mask) adds rows to an array; take mask.sum().", {"int(mask.sum())": "sum(mask)"})


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

edit("03.3", "A neuron that is cut off keeps its bias.", {"+ b": "+ b * mask.any(axis=0)"})
edit("03.3", "Your mask is inverted: a 1 keeps the connection.", {"W * mask": "W * (1 - mask)"})
edit(
    "03.3",
    "The mask is for single weights, not for whole neurons.",
    {"(W * mask)": "W * mask.any(axis=0)"},
)
edit(
    "03.3",
    "This layer has no activation: leave tanh out.",
    {"x @ (W * mask) + b": "np.tanh(x @ (W * mask) + b)"},
)
edit("03.3", "You subtract the bias; add it.", {"+ b": "- b"})
edit("03.3", "The mask picks weights one by one: W * mask.", {"W * mask": "W @ mask.T @ mask"})
edit("03.3", "You added the mask to the weights; multiply by it.", {"W * mask": "W + mask"})
edit("03.3", "You divide by the mask, and so by 0; multiply by it.", {"W * mask": "W / mask"})
edit(
    "03.3",
    "You masked db, but no bias has been removed.",
    {"sum(axis=0)": "sum(axis=0) * mask.any(axis=0)"},
)
edit("03.3", "The mask of dW is inverted: a 1 keeps it.", {"dy) * mask": "dy) * (1 - mask)"})
edit("03.3", "The sum over the points is x.T @ dy; you transposed dy.", {"x.T @ dy": "x @ dy.T"})
edit("03.3", "dW is transposed: its rows belong to the inputs, x.T @ dy.", {"x.T @ dy": "dy.T @ x"})
edit(
    "03.3",
    "Only the last point counts in your gradients: add up over all points.",
    {"x.T @ dy": "x[-1:].T @ dy[-1:]", "dy.sum(axis=0)": "dy[-1]"},
)
edit(
    "03.3",
    "The order is (dW, db): you return the biases' gradient first.",
    {"(x.T @ dy) * mask, dy.sum(axis=0)": "dy.sum(axis=0), (x.T @ dy) * mask"},
)


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

edit("03.4", "With x on the left, W1 comes first, then W2.", {"W @ W_next,": "W_next @ W,"})
edit(
    "03.4",
    "A bias passes through a layer as b1 W2, a row from the left.",
    {"b @ W_next": "W_next @ b"},
)
edit("03.4", "The next layer's own bias is missing: b1 W2 + b2.", {" + b_next": ""})
edit("03.4", "Earlier biases are lost: they pass as b1 W2.", {"b @ W_next + b_next": "b_next"})
edit("03.4", "You added the biases up; the first passes as b1 W2.", {"b @ W_next": "b"})
edit("03.4", "You subtract the biases; add them.", {"+ b_next": "- b_next"})
edit("03.4", "The biases belong into b alone, not into W.", {"W @ W_next,": "W @ W_next + b_next,"})
edit("03.4", "A bias skips its own layer's W.", {"b @ W_next + b_next": "(b + b_next) @ W_next"})
edit("03.4", "Only the next layer acts on b, not all so far.", {"b @ W_next": "b @ W @ W_next"})
edit(
    "03.4",
    "You overwrite W with the product of all so far, and then take it for b, on which the next "
    "layer's own weights act.",
    {"W, b = W @ W_next, b @ W_next + b_next": "W = W @ W_next\n        b = b @ W + b_next"},
)
edit(
    "03.4",
    "You overwrite W before the bias has used it: a bias passes through the layers after its own.",
    {
        "weights[0], biases[0]": "weights[-1], biases[-1]",
        "zip(weights[1:], biases[1:]": "zip(weights[-2::-1], biases[-2::-1]",
        "W, b = W @ W_next, b @ W_next + b_next": "W = W_next @ W\n        b = b_next @ W + b",
    },
)
edit("03.4", "There is no tanh between layers.", {"W @": "np.tanh(W) @", "b @": "np.tanh(b) @"})
edit("03.4", "You absorb the first layer twice.", {"weights[1:], biases[1:]": "weights, biases"})
edit(
    "03.4",
    "Your loop stops before the last layer.",
    {"weights[1:], biases[1:]": "weights[1:-1], biases[1:-1]"},
)
edit(
    "03.4", "Your `return` stands inside the loop.", {"\n    return W, b": "\n        return W, b"}
)
edit(
    "03.4",
    "Both products are in reverse order: with x on the left, the first layer comes first.",
    {"W, b = W @ W_next, b @ W_next + b_next": "b, W = W_next @ b + b_next, W_next @ W"},
)
edit(
    "03.4",
    "Layers one after the other are a matrix product, @; * works entry by entry.",
    {"W, b = W @ W_next, b @ W_next + b_next": "b, W = b * W_next + b_next, W * W_next"},
)
edit(
    "03.4",
    "Layers one after the other are a product; you added weights and biases up.",
    {"W, b = weights[0], biases[0]": "return sum(weights), sum(biases)"},
)
edit(
    "03.4",
    "A stack may have a single layer, or more than two; you take exactly the first two.",
    {
        "W, b = weights[0], biases[0]": (
            "W, b = weights[1], biases[1]\n    return weights[0] @ W, biases[0] @ W + b"
        )
    },
)
edit(
    "03.4",
    "A stack may have any number of layers; you expect exactly two.",
    {
        "W, b = weights[0], biases[0]": (
            "(V, W), (c, b) = weights, biases\n    return V @ W, c @ W + b"
        )
    },
)


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


# 03.5 The last layer is a linear model

edit("03.5", "Give A a column of ones for the bias.", {"A, t": "h, t", "v[:-1], v[-1]": "v, 0.0"})
edit("03.5", "Without a column of ones the last number is no bias.", {"A, t": "h, t"})
edit(
    "03.5",
    "The mean of t is the bias only if all features have the mean 0.",
    {"A, t": "h - h.mean(axis=0), t - t.mean()", "v[:-1], v[-1]": "v, t.mean()"},
)
edit(
    "03.5", "Your ones come first, and so does b.", {"[h, np.ones(len(h))]": "[np.ones(len(h)), h]"}
)
edit("03.5", "Your ones are the last column, so b comes last.", {"v[:-1], v[-1]": "v[1:], v[0]"})
edit("03.5", "The last number of v is b; it is still in your w.", {"v[:-1]": "v"})
edit("03.5", "With a constant −1 the last number is a threshold, −b.", {"np.ones": "-np.ones"})
edit("03.5", "Use all points, not the first H + 1.", {"(A, t)": "(A[: len(A.T)], t[: len(A.T)])"})
edit("03.5", "lstsq returns four things; the vector is the first.", {"[0]": ""})
edit(
    "03.5",
    "You added a row of ones, which is one more point; a bias needs a column.",
    {
        "np.column_stack([h, np.ones(len(h))])": "np.vstack([h, np.ones(h.shape[1])])",
        "(A, t)": "(A, np.append(t, 1.0))",
    },
)


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

edit("03.6", "Your band is centred on 0; b1 moves it to 1.", {"[-1.0, 1.0]": "[0.0, 0.0]"})
edit("03.6", "Your band is centred on −1: turn the signs of b1.", {"[-1.0, 1.0]": "[1.0, -1.0]"})
edit("03.6", "|x1| needs relu(x1) and relu(−x1).", {"-np.ones(4)": "np.array([-1.0, 0, -1, 0])"})


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
