"""Known answers to exercise 06: the mistakes that people make, and other right ways."""

import numpy as np

from coursekit.grading import right, wrong

# 06.1 Sigmoid and tanh


@wrong("06.1", "For a very negative score, e to the minus z overflows: take another form there.")
def sigmoid(z):
    return 1 / (1 + np.exp(-z))


@wrong("06.1", "For a very large score this is infinity by infinity: take another form there.")
def sigmoid(z):
    return np.exp(z) / (1 + np.exp(z))


@wrong(
    "06.1",
    "np.where picks, but before that it computes both forms for all scores, the unsafe ones too.",
)
def sigmoid(z):
    return np.where(z >= 0, 1 / (1 + np.exp(-z)), np.exp(z) / (1 + np.exp(z)))


@wrong("06.1", "Your sigmoid falls: look at the sign in the exponent.")
def sigmoid(z):
    tail = np.exp(-np.abs(z))
    return np.where(z >= 0, tail, 1) / (1 + tail)


@wrong("06.1", "With |z| in the exponent you have the right half only; the left one needs its own.")
def sigmoid(z):
    return 1 / (1 + np.exp(-np.abs(z)))


@wrong("06.1", "The sigmoid is a tanh of half the score; yours is too steep.")
def sigmoid(z):
    return (1 + np.tanh(z)) / 2


@wrong("06.1", "You took the score itself for the sigmoid's output; the slope is made of σ(z).")
def sigmoid_slope(z):
    return z * (1 - z)


@wrong("06.1", "The sigmoid is applied twice: once is enough, in y, and the slope is made of y.")
def sigmoid_slope(z):
    y = sigmoid(sigmoid(z))
    return y * (1 - y)


@wrong("06.1", "That is 1 − y², the slope of tanh in terms of its output; the sigmoid has another.")
def sigmoid_slope(z):
    return 1 - sigmoid(z) ** 2


@wrong("06.1", "One of the two factors of the sigmoid's slope is missing.")
def sigmoid_slope(z):
    return 1 - sigmoid(z)


@wrong("06.1", "Your slope has an exponential of its own, and that one overflows: make it of σ(z).")
def sigmoid_slope(z):
    return np.exp(-z) / (1 + np.exp(-z)) ** 2


@wrong("06.1", "The square is missing in the slope of tanh.")
def tanh_slope(z):
    return 1 - np.tanh(z)


@wrong("06.1", "You took the score itself for tanh's output in its slope.")
def tanh_slope(z):
    return 1 - z**2


@wrong("06.1", "That is the sigmoid's pattern, y (1 − y), with tanh in it; tanh has another.")
def tanh_slope(z):
    y = np.tanh(z)
    return y * (1 - y)


@wrong("06.1", "1/cosh² is right in exact arithmetic, but cosh overflows: make it of tanh(z).")
def tanh_slope(z):
    return 1 / np.cosh(z) ** 2


@right("06.1", "with masks, each side in its own form")
class cell:
    def sigmoid(z):
        y = np.empty(z.shape)
        right = z >= 0
        y[right] = 1 / (1 + np.exp(-z[right]))
        e = np.exp(z[~right])
        y[~right] = e / (1 + e)
        return y

    def sigmoid_slope(z):
        return sigmoid(z) * sigmoid(-z)

    def tanh_slope(z):
        t = np.tanh(z)
        return (1 - t) * (1 + t)


@right("06.1", "with tanh, which is safe")
class cell:
    def sigmoid(z):
        return 0.5 * np.tanh(0.5 * z) + 0.5

    def sigmoid_slope(z):
        return 0.25 * (1 - np.tanh(0.5 * z) ** 2)

    def tanh_slope(z):
        s = sigmoid(2 * z)
        return 4 * s * (1 - s)


@right("06.1", "with scores cut off where nothing changes any more, in single precision")
class cell:
    def sigmoid(z):
        return 1 / (1 + np.exp(-np.clip(z, -60, 60).astype(np.float32)))

    def sigmoid_slope(z):
        s = sigmoid(z)
        return s - s**2

    def tanh_slope(z):
        return 1 - np.square(np.tanh(z.astype(np.float32)))


# 06.2 ReLU and leaky ReLU


@wrong("06.2", "At 0 your ReLU has the right side's slope; here the left side's is asked for.")
def relu_slope(z):
    return (z >= 0).astype(float)


@wrong("06.2", "On the left the slope of ReLU is 0; the sign would make it −1.")
def relu_slope(z):
    return np.sign(z)


@wrong("06.2", "You return ReLU itself where its slope is asked for.")
def relu_slope(z):
    return z * (z > 0)


@wrong("06.2", "An assignment into z changes the caller's array: build a new one.")
def relu(z):
    z[z < 0] = 0
    return z


@wrong(
    "06.2", "Your slope is written into z, and so the caller's scores are gone: use a new array."
)
def relu_slope(z):
    z[z > 0] = 1
    z[z <= 0] = 0
    return z


@wrong("06.2", "With abs your ReLU is a V; the left side should be flat.")
def relu(z):
    return np.abs(z)


@wrong("06.2", "ReLU has the larger of the two numbers; you took the smaller one.")
def relu(z):
    return np.minimum(z, 0)


@wrong("06.2", "The leak is a slope: on the left, multiply the score by it.")
def leaky_relu(z, a):
    return np.where(z > 0, z, a)


@wrong("06.2", "You multiply the wrong side by the leak.")
def leaky_relu(z, a):
    return np.where(z > 0, a * z, z)


@wrong("06.2", "The leak is a parameter; yours is a fixed number.")
class cell:
    def leaky_relu(z, a):
        return np.where(z > 0, z, 0.01 * z)

    def leaky_relu_slope(z, a):
        return np.where(z > 0, 1.0, 0.01)


@wrong(
    "06.2", "max(a, z) compares the score with the leak; compare it with the leak times the score."
)
def leaky_relu(z, a):
    return np.maximum(a, z)


@wrong("06.2", "On the left it falls as z does; you changed its sign.")
def leaky_relu(z, a):
    return np.where(z > 0, z, -a * z)


@wrong("06.2", "On the left you return the value a·z; its slope is a number, the same everywhere.")
def leaky_relu_slope(z, a):
    return np.where(z > 0, 1.0, a * z)


@wrong(
    "06.2", "Your slope is 0 on the left: the leak is missing, and with it the point of leaking."
)
def leaky_relu_slope(z, a):
    return (z > 0).astype(float)


@wrong("06.2", "At 0 your leaky ReLU has the slope 1; the left side's is asked for.")
def leaky_relu_slope(z, a):
    return np.where(z >= 0, 1.0, a)


@right("06.2", "with products by the condition")
class cell:
    def relu(z):
        return z * (z > 0)

    def relu_slope(z):
        return z > 0

    def leaky_relu(z, a):
        return z * (z > 0) + a * z * (z <= 0)

    def leaky_relu_slope(z, a):
        return (z > 0) + a * (z <= 0)


@right("06.2", "with copies and masks, in single precision")
class cell:
    def relu(z):
        y = z.astype(np.float32)
        y[y < 0] = 0
        return y

    def relu_slope(z):
        return np.heaviside(z, 0)

    def leaky_relu(z, a):
        y = z.astype(np.float32)
        y[y < 0] *= a
        return y

    def leaky_relu_slope(z, a):
        slope = np.full(z.shape, a, dtype=np.float32)
        slope[z > 0] = 1
        return slope


@right("06.2", "with the larger of two lines")
class cell:
    def leaky_relu(z, a):
        return np.maximum(z, a * z)

    def relu(z):
        return (np.abs(z) + z) / 2


# 06.3 ELU


@wrong("06.3", "The bracket is missing: α multiplies the difference, not the exponential alone.")
def elu(z, alpha):
    return np.where(z > 0, z, alpha * np.exp(np.minimum(z, 0)) - 1)


@wrong("06.3", "np.where computes e to the z for all scores, the large ones as well: an overflow.")
class cell:
    def elu(z, alpha):
        return np.where(z > 0, z, alpha * (np.exp(z) - 1))

    def elu_slope(z, alpha):
        return np.where(z > 0, 1.0, alpha * np.exp(z))


@wrong("06.3", "The exponential of a large score overflows, though you don't use it in elu.")
def elu(z, alpha):
    return np.where(z > 0, z, alpha * (np.exp(z) - 1))


@wrong("06.3", "The slope has the same overflow to fear as ELU itself.")
def elu_slope(z, alpha):
    return np.where(z > 0, 1.0, alpha * np.exp(z))


@wrong("06.3", "α is missing in elu.")
def elu(z, alpha):
    return np.where(z > 0, z, np.exp(np.minimum(z, 0)) - 1)


@wrong("06.3", "α is a factor of the left side only.")
def elu(z, alpha):
    return alpha * np.where(z > 0, z, np.exp(np.minimum(z, 0)) - 1)


@wrong("06.3", "On the left ELU is negative, down to −α: you have turned it over.")
def elu(z, alpha):
    return np.where(z > 0, z, alpha * (1 - np.exp(np.minimum(z, 0))))


@wrong("06.3", "Without the − 1, ELU jumps at 0.")
def elu(z, alpha):
    return np.where(z > 0, z, alpha * np.exp(np.minimum(z, 0)))


@wrong("06.3", "Your slope is ELU's own value on the left; the − 1 is a constant and has no slope.")
def elu_slope(z, alpha):
    return np.where(z > 0, 1.0, alpha * (np.exp(np.minimum(z, 0)) - 1))


@wrong("06.3", "α is missing in the slope.")
def elu_slope(z, alpha):
    return np.where(z > 0, 1.0, np.exp(np.minimum(z, 0)))


@wrong("06.3", "y + 1 is the slope for α = 1 only: which number belongs to other α?")
def elu_slope(z, alpha):
    return np.where(z > 0, 1.0, elu(z, alpha) + 1)


@wrong("06.3", "The output plus α would do; you took the score for the output.")
def elu_slope(z, alpha):
    return np.where(z > 0, 1.0, z + alpha)


@wrong("06.3", "On the left you multiply α by the score, as if it were a leaky ReLU.")
def elu(z, alpha):
    return np.where(z > 0, z, alpha * z)


@wrong("06.3", "At 0 the slope is asked for from the left, and there it is α and not 1.")
def elu_slope(z, alpha):
    return np.where(z >= 0, 1.0, alpha * np.exp(np.minimum(z, 0)))


@wrong("06.3", "ELU writes into z, so the caller's scores are gone: work on a copy.")
def elu(z, alpha):
    left = z < 0
    z[left] = alpha * np.expm1(z[left])
    return z


@right("06.3", "with masks")
class cell:
    def elu(z, alpha):
        y = np.array(z, dtype=float)
        left = z <= 0
        y[left] = alpha * (np.exp(z[left]) - 1)
        return y

    def elu_slope(z, alpha):
        slope = np.ones(z.shape)
        slope[z <= 0] = alpha * np.exp(z[z <= 0])
        return slope


@right("06.3", "as a sum of two parts, the slope from the output")
class cell:
    def elu(z, alpha):
        return np.maximum(z, 0) + alpha * (np.exp(-np.maximum(-z, 0)) - 1)

    def elu_slope(z, alpha):
        return np.where(z > 0, 1, elu(z, alpha) + alpha)


@right("06.3", "in single precision, with scores cut off")
class cell:
    def elu(z, alpha):
        low = np.clip(z, -80, 0).astype(np.float32)
        return np.where(z > 0, z, alpha * np.expm1(low))

    def elu_slope(z, alpha):
        low = np.clip(z, -80, 0).astype(np.float32)
        return (z > 0) + (z <= 0) * alpha * np.exp(low)


# 06.4 Maxout, forward


@wrong("06.4", "The biases are missing: they compete together with the products.")
def maxout(x, W, b):
    scores = x @ W
    return scores.max(axis=0), scores.argmax(axis=0)


@wrong("06.4", "The bias of the first piece is added to all; each piece has its own.")
def maxout(x, W, b):
    scores = x @ W + b[0]
    return scores.max(axis=0), scores.argmax(axis=0)


@wrong("06.4", "You add the biases after the competition; they belong to the scores that compete.")
def maxout(x, W, b):
    scores = x @ W
    winner = scores.argmax(axis=0)
    return scores.max(axis=0) + b.max(axis=0), winner


@wrong("06.4", "This is a ReLU of the best piece: in Maxout nothing compares with 0.")
def maxout(x, W, b):
    scores = x @ W + b[:, None, :]
    return np.maximum(scores.max(axis=0), 0), scores.argmax(axis=0)


@wrong("06.4", "The largest wins, not the one that is farthest from 0.")
def maxout(x, W, b):
    scores = x @ W + b[:, None, :]
    winner = np.abs(scores).argmax(axis=0)
    return np.take_along_axis(scores, winner[None], axis=0)[0], winner


@wrong(
    "06.4", "You chose one piece for the whole batch; each example and output has its own winner."
)
def maxout(x, W, b):
    scores = x @ W + b[:, None, :]
    best = scores.sum(axis=(1, 2)).argmax()
    return scores[best], np.full(scores[best].shape, best)


@wrong("06.4", "One winner per example won't do: each output has its own.")
def maxout(x, W, b):
    scores = x @ W + b[:, None, :]
    best = scores.max(axis=2).argmax(axis=0)
    y = scores[best, np.arange(len(x))]
    return y, np.repeat(best[:, None], y.shape[1], axis=1)


@wrong("06.4", "You took the smallest piece.")
def maxout(x, W, b):
    scores = x @ W + b[:, None, :]
    return scores.min(axis=0), scores.argmin(axis=0)


@wrong("06.4", "You added the pieces up; they compete.")
def maxout(x, W, b):
    scores = x @ W + b[:, None, :]
    return scores.sum(axis=0), scores.argmax(axis=0)


@wrong("06.4", "In a tie you name the last of the equals; the first is asked for.")
def maxout(x, W, b):
    scores = x @ W + b[:, None, :]
    return scores.max(axis=0), len(W) - 1 - scores[::-1].argmax(axis=0)


@wrong("06.4", "Your numbers of the pieces begin at 1; they should begin at 0.")
def maxout(x, W, b):
    scores = x @ W + b[:, None, :]
    return scores.max(axis=0), scores.argmax(axis=0) + 1


@wrong("06.4", "You compare along the wrong axis: the pieces compete, not the examples.")
def maxout(x, W, b):
    scores = x @ W + b[:, None, :]
    return scores.max(axis=1), scores.argmax(axis=1)


@right("06.4", "with a loop over the pieces")
def maxout(x, W, b):
    y = x @ W[0] + b[0]
    winner = np.zeros(y.shape, dtype=int)
    for i in range(1, len(W)):
        z = x @ W[i] + b[i]
        winner[z > y] = i
        y = np.maximum(y, z)
    return y, winner


@right("06.4", "with einsum, the pieces last")
def maxout(x, W, b):
    scores = np.einsum("nj,ijk->nki", x, W) + b.T
    winner = scores.argmax(axis=-1)
    return np.take_along_axis(scores, winner[..., None], axis=-1)[..., 0], winner


@right("06.4", "with a stack, in single precision")
def maxout(x, W, b):
    x, W = x.astype(np.float32), W.astype(np.float32)
    scores = np.stack([x @ W[i] + b[i] for i in range(len(W))])
    return np.max(scores, axis=0).tolist(), np.argmax(scores, axis=0).tolist()


# 06.5 Maxout, backward


@wrong("06.5", "All of your pieces learn; only the one that won an output may, where it won.")
def maxout_backward(dy, x, W, winner):
    k = len(W)
    dW, db = np.stack([x.T @ dy] * k), np.stack([dy.sum(axis=0)] * k)
    return sum(dy @ W[i].T for i in range(k)), dW, db


@wrong("06.5", "dx comes from all pieces as if all had won: the losers' errors are 0.")
def maxout_backward(dy, x, W, winner):
    dW, db = np.zeros_like(W), np.zeros((len(W), W.shape[2]))
    for i in range(len(W)):
        dz = dy * (winner == i)
        dW[i], db[i] = x.T @ dz, dz.sum(axis=0)
    return sum(dy @ W_i.T for W_i in W), dW, db


@wrong("06.5", "The last piece overwrites dx: all pieces send back to the same x, so add.")
def maxout_backward(dy, x, W, winner):
    dW, db = np.zeros_like(W), np.zeros((len(W), W.shape[2]))
    for i in range(len(W)):
        dz = dy * (winner == i)
        dW[i], db[i] = x.T @ dz, dz.sum(axis=0)
        dx = dz @ W[i].T
    return dx, dW, db


@wrong(
    "06.5", "You divide by the number of examples; if the loss is a mean, dy knows that already."
)
def maxout_backward(dy, x, W, winner):
    dx, dW, db = np.zeros_like(x), np.zeros_like(W), np.zeros((len(W), W.shape[2]))
    for i in range(len(W)):
        dz = dy * (winner == i)
        dW[i], db[i] = x.T @ dz / len(x), dz.mean(axis=0)
        dx += dz @ W[i].T
    return dx, dW, db


@wrong("06.5", "db is a mean over the examples in yours; it is a sum, as dW is.")
def maxout_backward(dy, x, W, winner):
    dx, dW, db = np.zeros_like(x), np.zeros_like(W), np.zeros((len(W), W.shape[2]))
    for i in range(len(W)):
        dz = dy * (winner == i)
        dW[i], db[i] = x.T @ dz, dz.mean(axis=0)
        dx += dz @ W[i].T
    return dx, dW, db


@wrong("06.5", "winner is the number of a piece and no mask: compare it with the piece's number.")
def maxout_backward(dy, x, W, winner):
    dx, dW, db = np.zeros_like(x), np.zeros_like(W), np.zeros((len(W), W.shape[2]))
    for i in range(len(W)):
        dz = dy * winner
        dW[i], db[i] = x.T @ dz, dz.sum(axis=0)
        dx += dz @ W[i].T
    return dx, dW, db


@wrong("06.5", "Only the numbers 0 and 1 are in your loop; there may be more pieces.")
def maxout_backward(dy, x, W, winner):
    dx, dW, db = np.zeros_like(x), np.zeros_like(W), np.zeros((len(W), W.shape[2]))
    for i in range(2):
        dz = dy * (winner == i)
        dW[i], db[i] = x.T @ dz, dz.sum(axis=0)
        dx += dz @ W[i].T
    return dx, dW, db


@wrong("06.5", "The bias's gradient misses the mask: a piece that lost has no error.")
def maxout_backward(dy, x, W, winner):
    dx, dW, db = np.zeros_like(x), np.zeros_like(W), np.zeros((len(W), W.shape[2]))
    for i in range(len(W)):
        dz = dy * (winner == i)
        dW[i], db[i] = x.T @ dz, dy.sum(axis=0)
        dx += dz @ W[i].T
    return dx, dW, db


@wrong(
    "06.5",
    "Each example has one winner in yours, that of its first output; each output has its own.",
)
def maxout_backward(dy, x, W, winner):
    dx, dW, db = np.zeros_like(x), np.zeros_like(W), np.zeros((len(W), W.shape[2]))
    for i in range(len(W)):
        dz = dy * (winner[:, :1] == i)
        dW[i], db[i] = x.T @ dz, dz.sum(axis=0)
        dx += dz @ W[i].T
    return dx, dW, db


@wrong("06.5", "You multiplied by the scores that won; a maximum only passes the error on.")
def maxout_backward(dy, x, W, winner):
    dx, dW, db = np.zeros_like(x), np.zeros_like(W), np.zeros((len(W), W.shape[2]))
    for i in range(len(W)):
        dz = dy * (winner == i) * (x @ W[i])
        dW[i], db[i] = x.T @ dz, dz.sum(axis=0)
        dx += dz @ W[i].T
    return dx, dW, db


@wrong("06.5", "On the way back the weights are transposed; without that, only square ones fit.")
def maxout_backward(dy, x, W, winner):
    dx, dW, db = np.zeros_like(x), np.zeros_like(W), np.zeros((len(W), W.shape[2]))
    for i in range(len(W)):
        dz = dy * (winner == i)
        dW[i], db[i] = x.T @ dz, dz.sum(axis=0)
        dx += dz @ W[i]
    return dx, dW, db


@wrong("06.5", "The error of a ReLU is cut at 0; here it depends on who won, not on a sign.")
def maxout_backward(dy, x, W, winner):
    dx, dW, db = np.zeros_like(x), np.zeros_like(W), np.zeros((len(W), W.shape[2]))
    for i in range(len(W)):
        dz = dy * (x @ W[i] > 0)
        dW[i], db[i] = x.T @ dz, dz.sum(axis=0)
        dx += dz @ W[i].T
    return dx, dW, db


@right("06.5", "with a loop over the pieces")
def maxout_backward(dy, x, W, winner):
    dx = np.zeros(x.shape)
    dW, db = [], []
    for i, weights in enumerate(W):
        dz = np.where(winner == i, dy, 0)
        dW.append(x.T @ dz)
        db.append(dz.sum(axis=0))
        dx = dx + dz @ weights.T
    return dx, np.array(dW), np.array(db)


@right("06.5", "with loops over examples and outputs")
def maxout_backward(dy, x, W, winner):
    k, _, n_out = W.shape
    dx, dW, db = np.zeros(x.shape), np.zeros(W.shape), np.zeros((k, n_out))
    for n in range(len(x)):
        for j in range(n_out):
            i = winner[n, j]
            dW[i, :, j] += dy[n, j] * x[n]
            db[i, j] += dy[n, j]
            dx[n] += dy[n, j] * W[i, :, j]
    return dx, dW, db


@right("06.5", "with einsum, in single precision")
def maxout_backward(dy, x, W, winner):
    dz = (dy[..., None] * np.eye(len(W))[winner]).astype(np.float32)  # (N, n_out, k)
    dW = np.einsum("nj,nki->ijk", x.astype(np.float32), dz)
    dx = np.einsum("nki,ijk->nj", dz, W.astype(np.float32))
    return dx, dW, dz.sum(axis=0).T


# 06.6 Count the dead


@wrong("06.6", "You look along the rows, at examples; a unit is a column.")
class cell:
    def dead_units(z):
        return (z <= 0).all(axis=1)

    def count_dead(x, weights, biases):
        counts = []
        for W, b in zip(weights, biases, strict=True):
            z = x @ W + b
            counts.append(int((z <= 0).all(axis=1).sum()))
            x = np.maximum(z, 0)
        return counts


@wrong("06.6", "Off for one example is not dead: a unit must be off for all of them.")
class cell:
    def dead_units(z):
        return (z <= 0).any(axis=0)

    def count_dead(x, weights, biases):
        counts = []
        for W, b in zip(weights, biases, strict=True):
            z = x @ W + b
            counts.append(int((z <= 0).any(axis=0).sum()))
            x = np.maximum(z, 0)
        return counts


@wrong("06.6", "A largest score of exactly 0 is dead as well: output and slope are 0 there.")
def dead_units(z):
    return (z < 0).all(axis=0)


@wrong("06.6", "The scores' sum or mean may be negative for a unit that is on now and then.")
def dead_units(z):
    return z.mean(axis=0) <= 0


@wrong("06.6", "Seldom on, or hardly on, is not dead: don't ask for a small output, ask for none.")
def dead_units(z):
    return np.maximum(z, 0).mean(axis=0) < 0.01


@wrong("06.6", "More than half of the time off is not dead.")
def dead_units(z):
    return (z <= 0).mean(axis=0) > 0.5


@wrong("06.6", "You ask for the units that are alive.")
def dead_units(z):
    return (z > 0).any(axis=0)


@wrong("06.6", "You count them; an answer for each unit is asked for.")
def dead_units(z):
    return int((z <= 0).all(axis=0).sum())


@wrong(
    "06.6", "The scores themselves go on to your next layer; what goes on are the outputs of ReLU."
)
def count_dead(x, weights, biases):
    counts = []
    for W, b in zip(weights, biases, strict=True):
        x = x @ W + b
        counts.append(int((x <= 0).all(axis=0).sum()))
    return counts


@wrong("06.6", "The biases are missing, and a bias is what most often kills a unit.")
def count_dead(x, weights, biases):
    counts = []
    for W in weights:
        z = x @ W
        counts.append(int((z <= 0).all(axis=0).sum()))
        x = np.maximum(z, 0)
    return counts


@wrong("06.6", "You count zeros, over all examples; count units.")
def count_dead(x, weights, biases):
    counts = []
    for W, b in zip(weights, biases, strict=True):
        z = x @ W + b
        counts.append(int((z <= 0).sum()))
        x = np.maximum(z, 0)
    return counts


@wrong("06.6", "One number for each layer is asked for, not the sum of all.")
def count_dead(x, weights, biases):
    total = 0
    for W, b in zip(weights, biases, strict=True):
        z = x @ W + b
        total += int((z <= 0).all(axis=0).sum())
        x = np.maximum(z, 0)
    return total


@wrong("06.6", "The last layer is followed by ReLU as well, so it is counted too.")
def count_dead(x, weights, biases):
    counts = []
    for W, b in zip(weights[:-1], biases[:-1], strict=True):
        z = x @ W + b
        counts.append(int((z <= 0).all(axis=0).sum()))
        x = np.maximum(z, 0)
    return counts


@right("06.6", "with the largest score of each unit")
class cell:
    def dead_units(z):
        return z.max(axis=0) <= 0

    def count_dead(x, weights, biases):
        counts = []
        for W, b in zip(weights, biases, strict=True):
            x = np.maximum(x @ W + b, 0)
            counts.append(np.count_nonzero(x.max(axis=0) == 0))
        return counts


@right("06.6", "with loops, and numbers in place of truth values")
class cell:
    def dead_units(z):
        return [0 if any(score > 0 for score in z[:, j]) else 1 for j in range(z.shape[1])]

    def count_dead(x, weights, biases):
        counts = np.zeros(len(weights))
        for i, (W, b) in enumerate(zip(weights, biases, strict=True)):
            z = x @ W + b
            counts[i] = sum(dead_units(z))
            x = z * (z > 0)
        return counts


# 06.7 What is left of the gradient


@wrong("06.7", "The slope belongs to the score z; you took it at the output of the activation.")
def gradient_sizes(x, weights, dy, activation):
    slopes, hs = [], [x]
    for W in weights:
        z = hs[-1] @ W
        f = {"sigmoid": 1 / (1 + np.exp(-z)), "tanh": np.tanh(z), "relu": np.maximum(z, 0)}
        hs.append(f[activation])
        h = hs[-1]
        s = 1 / (1 + np.exp(-h))
        slopes.append(
            {"sigmoid": s * (1 - s), "tanh": 1 - np.tanh(h) ** 2, "relu": h > 0}[activation]
        )
    sizes = [np.linalg.norm(dy)]
    for W, slope in zip(weights[::-1], slopes[::-1], strict=True):
        dy = (dy * slope) @ W.T
        sizes.append(np.linalg.norm(dy))
    return np.array(sizes[::-1]) / sizes[0]


@wrong(
    "06.7", "The slopes are missing on the way back: you send the error through a linear network."
)
def gradient_sizes(x, weights, dy, activation):
    sizes = [np.linalg.norm(dy)]
    for W in weights[::-1]:
        dy = dy @ W.T
        sizes.append(np.linalg.norm(dy))
    return np.array(sizes[::-1]) / sizes[0]


@wrong("06.7", "On the way back the weights are transposed; your shapes fit by luck or not at all.")
def gradient_sizes(x, weights, dy, activation):
    slopes = []
    for W in weights:
        z = x @ W
        s = 1 / (1 + np.exp(-z))
        x = {"sigmoid": s, "tanh": np.tanh(z), "relu": np.maximum(z, 0)}[activation]
        slopes.append({"sigmoid": s * (1 - s), "tanh": 1 - x**2, "relu": z > 0}[activation])
    sizes = [np.linalg.norm(dy)]
    for W, slope in zip(weights[::-1], slopes[::-1], strict=True):
        dy = (dy * slope) @ W
        sizes.append(np.linalg.norm(dy))
    return np.array(sizes[::-1]) / sizes[0]


@wrong("06.7", "The weights come before the slopes in yours; the error meets the activation first.")
def gradient_sizes(x, weights, dy, activation):
    slopes = []
    for W in weights:
        z = x @ W
        s = 1 / (1 + np.exp(-z))
        x = {"sigmoid": s, "tanh": np.tanh(z), "relu": np.maximum(z, 0)}[activation]
        slopes.append({"sigmoid": s * (1 - s), "tanh": 1 - x**2, "relu": z > 0}[activation])
    sizes = [np.linalg.norm(dy)]
    for W, slope in zip(weights[::-1], slopes[::-1], strict=True):
        dy = (dy @ W.T) * slope
        sizes.append(np.linalg.norm(dy))
    return np.array(sizes[::-1]) / sizes[0]


@wrong("06.7", "Your list runs from the last layer to the input; the input should come first.")
def gradient_sizes(x, weights, dy, activation):
    slopes = []
    for W in weights:
        z = x @ W
        s = 1 / (1 + np.exp(-z))
        x = {"sigmoid": s, "tanh": np.tanh(z), "relu": np.maximum(z, 0)}[activation]
        slopes.append({"sigmoid": s * (1 - s), "tanh": 1 - x**2, "relu": z > 0}[activation])
    sizes = [np.linalg.norm(dy)]
    for W, slope in zip(weights[::-1], slopes[::-1], strict=True):
        dy = (dy * slope) @ W.T
        sizes.append(np.linalg.norm(dy))
    return np.array(sizes) / sizes[0]


@wrong("06.7", "You divide by the size at the input; the last layer is the one to compare with.")
def gradient_sizes(x, weights, dy, activation):
    slopes = []
    for W in weights:
        z = x @ W
        s = 1 / (1 + np.exp(-z))
        x = {"sigmoid": s, "tanh": np.tanh(z), "relu": np.maximum(z, 0)}[activation]
        slopes.append({"sigmoid": s * (1 - s), "tanh": 1 - x**2, "relu": z > 0}[activation])
    sizes = [np.linalg.norm(dy)]
    for W, slope in zip(weights[::-1], slopes[::-1], strict=True):
        dy = (dy * slope) @ W.T
        sizes.append(np.linalg.norm(dy))
    return np.array(sizes[::-1]) / sizes[-1]


@wrong("06.7", "The sizes are not divided by that of the last error.")
def gradient_sizes(x, weights, dy, activation):
    slopes = []
    for W in weights:
        z = x @ W
        s = 1 / (1 + np.exp(-z))
        x = {"sigmoid": s, "tanh": np.tanh(z), "relu": np.maximum(z, 0)}[activation]
        slopes.append({"sigmoid": s * (1 - s), "tanh": 1 - x**2, "relu": z > 0}[activation])
    sizes = [np.linalg.norm(dy)]
    for W, slope in zip(weights[::-1], slopes[::-1], strict=True):
        dy = (dy * slope) @ W.T
        sizes.append(np.linalg.norm(dy))
    return np.array(sizes[::-1])


@wrong("06.7", "A size is the root of the sum of squares; the root is missing.")
def gradient_sizes(x, weights, dy, activation):
    slopes = []
    for W in weights:
        z = x @ W
        s = 1 / (1 + np.exp(-z))
        x = {"sigmoid": s, "tanh": np.tanh(z), "relu": np.maximum(z, 0)}[activation]
        slopes.append({"sigmoid": s * (1 - s), "tanh": 1 - x**2, "relu": z > 0}[activation])
    sizes = [np.sum(dy**2)]
    for W, slope in zip(weights[::-1], slopes[::-1], strict=True):
        dy = (dy * slope) @ W.T
        sizes.append(np.sum(dy**2))
    return np.array(sizes[::-1]) / sizes[0]


@wrong("06.7", "The input is missing: L layers have L + 1 places where an error can be measured.")
def gradient_sizes(x, weights, dy, activation):
    slopes = []
    for W in weights:
        z = x @ W
        s = 1 / (1 + np.exp(-z))
        x = {"sigmoid": s, "tanh": np.tanh(z), "relu": np.maximum(z, 0)}[activation]
        slopes.append({"sigmoid": s * (1 - s), "tanh": 1 - x**2, "relu": z > 0}[activation])
    sizes = []
    for W, slope in zip(weights[::-1], slopes[::-1], strict=True):
        sizes.append(np.linalg.norm(dy))
        dy = (dy * slope) @ W.T
    return np.array(sizes[::-1]) / sizes[0]


@wrong("06.7", "These are the sizes of the signal on its way forwards.")
def gradient_sizes(x, weights, dy, activation):
    sizes = [np.linalg.norm(x)]
    for W in weights:
        z = x @ W
        s = 1 / (1 + np.exp(-z))
        x = {"sigmoid": s, "tanh": np.tanh(z), "relu": np.maximum(z, 0)}[activation]
        sizes.append(np.linalg.norm(x))
    return np.array(sizes) / sizes[-1]


@wrong("06.7", "In 1 − h² for tanh you forgot the square.")
def gradient_sizes(x, weights, dy, activation):
    slopes = []
    for W in weights:
        z = x @ W
        s = 1 / (1 + np.exp(-z))
        x = {"sigmoid": s, "tanh": np.tanh(z), "relu": np.maximum(z, 0)}[activation]
        slopes.append({"sigmoid": s * (1 - s), "tanh": 1 - x, "relu": z > 0}[activation])
    sizes = [np.linalg.norm(dy)]
    for W, slope in zip(weights[::-1], slopes[::-1], strict=True):
        dy = (dy * slope) @ W.T
        sizes.append(np.linalg.norm(dy))
    return np.array(sizes[::-1]) / sizes[0]


@right("06.7", "with indices and functions of the score")
def gradient_sizes(x, weights, dy, activation):
    L = len(weights)
    h, z = [x], []
    for W in weights:
        z.append(np.dot(h[-1], W))
        if activation == "tanh":
            h.append(np.tanh(z[-1]))
        elif activation == "relu":
            h.append(z[-1] * (z[-1] > 0))
        else:
            h.append(0.5 + 0.5 * np.tanh(z[-1] / 2))
    sizes = np.ones(L + 1)
    error = dy
    for i in range(L - 1, -1, -1):
        if activation == "tanh":
            slope = 1 / np.cosh(z[i]) ** 2
        elif activation == "relu":
            slope = np.sign(h[i + 1])
        else:
            slope = np.exp(-z[i]) / (1 + np.exp(-z[i])) ** 2
        error = np.dot(error * slope, weights[i].T)
        sizes[i] = np.sqrt(np.sum(error**2) / np.sum(dy**2))
    return sizes


@right("06.7", "by recursion, in single precision")
def gradient_sizes(x, weights, dy, activation):
    start = np.linalg.norm(dy)

    def back(x, weights):
        if not weights:
            return dy.astype(np.float32), [1.0]
        W = weights[0].astype(np.float32)
        z = x @ W
        if activation == "sigmoid":
            y = 1 / (1 + np.exp(-z))
            slope = y - y * y
        elif activation == "tanh":
            y = np.tanh(z)
            slope = (1 - y) * (1 + y)
        else:
            y = np.maximum(z, 0)
            slope = (z > 0).astype(np.float32)
        error, sizes = back(y, weights[1:])
        error = (error * slope) @ W.T
        return error, [np.linalg.norm(error) / start, *sizes]

    return back(x.astype(np.float32), list(weights))[1]
