"""Known answers to exercise 06: the mistakes that people make, and other right ways."""

import numpy as np

from coursekit.grading import edit, right

# 06.1 Sigmoid and tanh

edit(
    "06.1",
    "For a very negative score, e to the minus z overflows: take another form there.",
    {
        "    small = np.exp(-np.abs(z))\n": "",
        "np.where(z >= 0, 1.0, small) / (1.0 + small)": "1 / (1 + np.exp(-z))",
    },
)
edit(
    "06.1",
    "For a very large score this is infinity by infinity: take another form there.",
    {
        "    small = np.exp(-np.abs(z))\n": "",
        "np.where(z >= 0, 1.0, small) / (1.0 + small)": "np.exp(z) / (1 + np.exp(z))",
    },
)
edit(
    "06.1",
    ("np.where picks, but before that it computes both forms for all scores, the unsafe ones too."),
    {
        "    small = np.exp(-np.abs(z))\n": "",
        "1.0, small) / (1.0 + small": "1 / (1 + np.exp(-z)), np.exp(z) / (1 + np.exp(z))",
    },
)
edit(
    "06.1",
    "With |z| in the exponent you have the right half only; the left one needs its own.",
    {"np.where(z >= 0, 1.0, small)": "1.0"},
)
edit(
    "06.1",
    "The sigmoid is a tanh of half the score; yours is too steep.",
    {"np.abs(z)": "2 * np.abs(z)"},
)
edit(
    "06.1",
    "You took the score itself for the sigmoid's output; the slope is made of σ(z).",
    {"y = sigmoid(z)": "y = z"},
)
edit(
    "06.1",
    "You apply the sigmoid twice: the slope is made of σ(z) itself.",
    {"= sigmoid(z)": "= sigmoid(sigmoid(z))"},
)
edit(
    "06.1",
    "That is 1 − y², the slope of tanh in terms of its output; the sigmoid has another.",
    {"y * (1.0 - y)": "1.0 - y**2"},
)
edit(
    "06.1",
    "One of the two factors of the sigmoid's slope is missing.",
    {"y * (1.0 - y)": "1.0 - y"},
)
edit(
    "06.1",
    "Your slope has an exponential of its own, and that one overflows: make it of σ(z).",
    {"y * (1.0 - y)": "np.exp(-z) / (1 + np.exp(-z)) ** 2"},
)
edit("06.1", "The square is missing in the slope of tanh.", {"np.tanh(z) ** 2": "np.tanh(z)"})
edit(
    "06.1", "You took the score itself for tanh's output in its slope.", {"np.tanh(z) ** 2": "z**2"}
)
edit(
    "06.1",
    "That is the sigmoid's pattern, y (1 − y), with tanh in it; tanh has another.",
    {"1.0 - np.tanh(z) ** 2": "np.tanh(z) * (1.0 - np.tanh(z))"},
)
edit(
    "06.1",
    "1/cosh² is right in exact arithmetic, but cosh overflows: make it of tanh(z).",
    {"1.0 - np.tanh": "1 / np.cosh"},
)
edit(
    "06.1",
    "You wrote tanh as a quotient of exponentials, which overflow: np.tanh does not.",
    {"1.0 - np.tanh(z)": "1 - ((np.exp(z) - np.exp(-z)) / (np.exp(z) + np.exp(-z)))"},
)


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

edit(
    "06.2",
    "You return ReLU itself where its slope is asked for.",
    {"(z > 0).astype(float)": "np.maximum(z, 0.0)"},
)
edit(
    "06.2",
    "With abs your ReLU is a V; the left side should be flat.",
    {"np.maximum(z, 0.0)": "np.abs(z)"},
)
edit(
    "06.2",
    "ReLU has the larger of the two numbers; you took the smaller one.",
    {"np.maximum": "np.minimum"},
)
edit("06.2", "The leak is a slope: on the left, multiply the score by it.", {"a * z": "a"})
edit("06.2", "On the left you divide by the leak; multiply the score by it.", {"a * z": "z / a"})
edit("06.2", "You multiply the wrong side by the leak.", {"z, a *": "a * z,"})
edit(
    "06.2",
    "max(a, z) compares the score with the leak; compare it with the leak times the score.",
    {"np.where(z > 0, z, a * z)": "np.maximum(a, z)"},
)
edit(
    "06.2",
    "On the left you return the value a·z; its slope is a number, the same everywhere.",
    {"1.0, a": "1.0, a * z"},
)
edit(
    "06.2",
    "Your slope of the leaky ReLU is reversed: it is 1 on the right and `a` on the left.",
    {"1.0, a": "a, 1.0"},
)
edit(
    "06.2",
    "The leaky ReLU rises on the left too: its slope there is `a`, not −a.",
    {"1.0, a": "1.0, -a"},
)


@right("06.2", "with products by the condition")
class cell:
    def relu(z):
        return z * (z > 0)

    def relu_slope(z):
        return 1 * (z > 0)

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


# 06.3 ELU

edit(
    "06.3",
    "The bracket is missing: α multiplies the difference, not the exponential alone.",
    {"np.expm1(np.minimum(z, 0.0))": "np.exp(np.minimum(z, 0)) - 1"},
)
edit(
    "06.3",
    "The exponential of a large score overflows, though you don't use it in elu.",
    {"np.expm1(np.minimum(z, 0.0))": "(np.exp(z) - 1)"},
)
edit(
    "06.3",
    "The slope has the same overflow to fear as ELU itself.",
    {"np.exp(np.minimum(z, 0.0))": "np.exp(z)"},
)
edit(
    "06.3",
    (
        "A product with a condition computes both sides: where the exponential is infinite, 0 "
        "times it is NaN."
    ),
    {
        "np.where(z > 0, z, alpha * np.expm1(np.minimum(z, 0.0)))": (
            "(z > 0) * z + (z <= 0) * alpha * (np.exp(z) - 1)"
        ),
        "np.where(z > 0, 1.0, alpha * np.exp(np.minimum(z, 0.0)))": (
            "(z > 0) + (z <= 0) * alpha * np.exp(z)"
        ),
    },
)
edit(
    "06.3",
    "α is a factor of the left side only.",
    {
        "np.where(z > 0, z, alpha * np.expm1(np.minimum(z, 0.0)))": (
            "alpha * np.where(z > 0, z, np.expm1(np.minimum(z, 0.0)))"
        )
    },
)
edit("06.3", "Without the − 1, ELU jumps at 0.", {"np.expm1": "np.exp"})
edit(
    "06.3",
    "The larger of the two lines is ELU only for α up to 1: decide by the sign of the score.",
    {
        "np.where(z > 0, z, alpha * np.expm1(np.minimum(z, 0.0)))": (
            "np.maximum(z, alpha * np.expm1(np.minimum(z, 0.0)))"
        )
    },
)
edit(
    "06.3",
    "You exchanged minimum and maximum: the exponential is needed on the left.",
    {"np.expm1(np.minimum(z, 0.0))": "(np.exp(np.maximum(z, 0.0)) - 1)"},
)
edit(
    "06.3",
    "Your slope is ELU's own value on the left; the − 1 is a constant and has no slope.",
    {"np.exp(np.minimum(z, 0.0))": "np.expm1(np.minimum(z, 0.0))"},
)
edit(
    "06.3",
    "Your slope is all of ELU, on the right too: there the slope is 1.",
    {"np.where(z > 0, 1.0, alpha * np.exp(np.minimum(z, 0.0)))": "elu(z, alpha)"},
)
edit(
    "06.3",
    "The slope on the left is positive: ELU rises everywhere.",
    {"alpha * np.exp(np.minimum(z, 0.0))": "-alpha * np.exp(np.minimum(z, 0.0))"},
)
edit(
    "06.3",
    "y + 1 is the slope for α = 1 only: which number belongs to other α?",
    {"alpha * np.exp(np.minimum(z, 0.0))": "elu(z, alpha) + 1"},
)
edit(
    "06.3",
    "The output plus α would do; you took the score for the output.",
    {"alpha * np.exp(np.minimum(z, 0.0))": "z + alpha"},
)
edit(
    "06.3",
    "On the left you multiply α by the score, as if it were a leaky ReLU.",
    {"np.expm1(np.minimum(z, 0.0))": "z"},
)
edit(
    "06.3",
    "You cut the scores off where ELU still falls.",
    {"np.expm1(np.minimum(z, 0.0))": "np.expm1(np.clip(z, -1.0, 0.0))"},
)


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

edit(
    "06.4",
    "The biases are missing: they compete together with the products.",
    {" + b[:, None, :]": ""},
)
edit(
    "06.4",
    "The bias of the first piece is added to all; each piece has its own.",
    {"b[:, None, :]": "b[0]"},
)
edit(
    "06.4",
    "You add the biases after the competition; they belong to the scores that compete.",
    {" + b[:, None, :]": "", "(axis=0),": "(axis=0) + b.max(axis=0),"},
)
edit(
    "06.4",
    "This is a ReLU of the best piece: in Maxout nothing compares with 0.",
    {"scores.max(axis=0)": "np.maximum(scores.max(axis=0), 0)"},
)
edit(
    "06.4",
    "You compare the scores with 0: where all are negative, the largest of them wins too.",
    {"x @ W + b[:, None, :]": "np.maximum(x @ W + b[:, None, :], 0)"},
)
edit(
    "06.4",
    "The largest wins, not the one that is farthest from 0.",
    {
        "return scores.max(axis=0), scores.argmax(axis=0)": (
            "winner = np.abs(scores).argmax(axis=0)\n"
            "    return np.take_along_axis(scores, winner[None], axis=0)[0], winner"
        )
    },
)
edit(
    "06.4",
    "You chose one piece for the whole batch; each example and output has its own winner.",
    {
        "return scores.max(axis=0), scores.argmax(axis=0)": (
            "best = scores.sum(axis=(1, 2)).argmax()\n"
            "    return scores[best], np.full(scores[best].shape, best)"
        )
    },
)
edit(
    "06.4",
    (
        "You chose one piece for each example, by the sum of its outputs; each output has its "
        "own winner."
    ),
    {
        "return scores.max(axis=0), scores.argmax(axis=0)": (
            "best = scores.sum(axis=2).argmax(axis=0)\n"
            "    y = scores[best, np.arange(len(x))]\n"
            "    return y, np.repeat(best[:, None], y.shape[1], axis=1)"
        )
    },
)
edit(
    "06.4",
    "One winner per example won't do: each output has its own.",
    {
        "return scores.max(axis=0), scores.argmax(axis=0)": (
            "best = scores.max(axis=2).argmax(axis=0)\n"
            "    y = scores[best, np.arange(len(x))]\n"
            "    return y, np.repeat(best[:, None], y.shape[1], axis=1)"
        )
    },
)
edit(
    "06.4",
    "You took the smallest piece.",
    {"scores.max(axis=0), scores.argmax": "scores.min(axis=0), scores.argmin"},
)
edit("06.4", "You added the pieces up; they compete.", {"scores.max": "scores.sum"})
edit(
    "06.4",
    "Only two pieces compete in your layer; there may be more.",
    {"x @ W + b[:, None, :]": "(x @ W + b[:, None, :])[:2]"},
)
edit(
    "06.4",
    "In a tie you name the last of the equals; the first is asked for.",
    {"scores.argmax": "len(W) - 1 - scores[::-1].argmax"},
)
edit(
    "06.4",
    "You compare along the wrong axis: the pieces compete, not the examples.",
    {"0), scores.argmax(axis=0": "1), scores.argmax(axis=1"},
)
edit(
    "06.4",
    "You compare along the wrong axis: the pieces compete, not the outputs.",
    {"0), scores.argmax(axis=0": "2), scores.argmax(axis=2"},
)
edit(
    "06.4",
    "The biases are missing where the winner is sought.",
    {"scores.argmax(axis=0)": "(x @ W).argmax(axis=0)"},
)


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

edit(
    "06.5",
    "All of your pieces learn; only the one that won an output may, where it won.",
    {"* won": "* np.ones_like(won)"},
)
edit(
    "06.5",
    "Your mask is inverted: the pieces that lost learn, and the winner does not.",
    {"== winner": "!= winner"},
)
edit(
    "06.5",
    "dx comes from all pieces as if all had won: the losers' errors are 0.",
    {"(dz @ W.": "(dy @ W."},
)
edit(
    "06.5",
    "The last piece overwrites dx: all pieces send back to the same x, so add.",
    {".sum(axis=0)": "[-1]"},
)
edit(
    "06.5",
    "Your loop ends after the first piece: the `return` belongs after the loop.",
    {"dz =": "won[1:] = False\n    dz ="},
)
edit(
    "06.5",
    "Only the numbers 0 and 1 are in your loop; there may be more pieces.",
    {"dz =": "won[2:] = False\n    dz ="},
)
edit(
    "06.5",
    "winner is the number of a piece and no mask: compare it with the piece's number.",
    {"* won": "* np.stack([winner] * len(W))"},
)
edit(
    "06.5",
    "The bias's gradient misses the mask: a piece that lost has no error.",
    {"dz.sum(axis=1)": "np.stack([dy.sum(axis=0)] * len(W))"},
)
edit(
    "06.5",
    "Each example has one winner in yours, that of its first output; each output has its own.",
    {"== winner": "== winner[:, :1]"},
)
edit(
    "06.5",
    "You multiplied by the scores that won; a maximum only passes the error on.",
    {"* won": "* won * (x @ W)"},
)
edit(
    "06.5",
    "On the way back the weights are transposed; without that, only square ones fit.",
    {"W.transpose(0, 2, 1)": "W"},
)
edit(
    "06.5",
    "The error of a ReLU is cut at 0; here it depends on who won, not on a sign.",
    {"dz = dy * won": "dz = dy * (x @ W > 0)"},
)
edit(
    "06.5",
    "The order asked for is `dx, dW, db`; yours begins with dW and ends with dx.",
    {"dx, x.T @ dz, dz.sum(axis=1)": "x.T @ dz, dz.sum(axis=1), dx"},
)
edit("06.5", "dx and dW have changed places in what you return.", {"dx, x.T @ dz": "x.T @ dz, dx"})


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

edit(
    "06.6",
    "You look along the rows, at examples; a unit is a column.",
    {"return (z <= 0).all(axis=0)": "return (z <= 0).all(axis=1)", "0).sum(": "1).sum("},
)
edit(
    "06.6",
    "Off for one example is not dead: a unit must be off for all of them.",
    {"return (z <= 0).all": "return (z <= 0).any", ".all(axis=0).sum": ".any(axis=0).sum"},
)
edit(
    "06.6",
    "A largest score of exactly 0 is dead as well: output and slope are 0 there.",
    {"return (z <= 0)": "return (z < 0)"},
)
edit(
    "06.6",
    "The scores' sum or mean may be negative for a unit that is on now and then.",
    {"return (z <= 0).all(axis=0)": "return z.mean(axis=0) <= 0"},
)
edit(
    "06.6",
    "Seldom on, or hardly on, is not dead: don't ask for a small output, ask for none.",
    {"return (z <= 0).all(axis=0)": "return np.maximum(z, 0).mean(axis=0) < 0.01"},
)
edit(
    "06.6",
    "More than half of the time off is not dead.",
    {"return (z <= 0).all(axis=0)": "return (z <= 0).mean(axis=0) > 0.5"},
)
edit(
    "06.6",
    "Off for nearly all examples is not dead: a specialist is on for one in a thousand.",
    {"return (z <= 0).all(axis=0)": "return (z <= 0).mean(axis=0) >= 0.9"},
)
edit(
    "06.6",
    "You return the numbers of the dead units; a truth value for each unit is asked for.",
    {"return (z <= 0).all(axis=0)": "return np.flatnonzero((z <= 0).all(axis=0))"},
)
edit(
    "06.6",
    "You look for scores that are exactly 0; before ReLU a dead unit's are 0 or less.",
    {"return (z <= 0)": "return (z == 0)"},
)
edit(
    "06.6",
    "The scores themselves go on to your next layer; what goes on are the outputs of ReLU.",
    {"x = np.maximum(z, 0.0)": "x = z"},
)
edit(
    "06.6",
    "The biases are missing, and a bias is what most often kills a unit.",
    {"z = x @ W + b": "z = x @ W"},
)
edit("06.6", "You count zeros, over all examples; count units.", {".all(axis=0).sum": ".sum"})
edit(
    "06.6",
    "You count the units that are alive.",
    {"<= 0).all(axis=0).sum(": "> 0).any(axis=0).sum("},
)
edit(
    "06.6",
    "Your numbers are shares of each layer; the number of dead units is asked for.",
    {"int((z <= 0).all(axis=0).sum())": "float((z <= 0).all(axis=0).mean())"},
)
edit(
    "06.6",
    "The last layer is followed by ReLU as well, so it is counted too.",
    {"return counts": "return counts[:-1]"},
)


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

edit(
    "06.7",
    "Your list runs from the last layer to the input; the input should come first.",
    {"sizes[::-1]": "sizes"},
)
edit(
    "06.7",
    "You divide by the size at the input; the last layer is the one to compare with.",
    {"/ sizes[0]": "/ sizes[-1]"},
)
edit(
    "06.7",
    "The slope belongs to the score z; you took it at the output of the activation.",
    {
        "slopes.append(x * (1 - x))": (
            "y = 1 / (1 + np.exp(-x))\n            slopes.append(y * (1 - y))"
        ),
        "1 - x**2": "1 - np.tanh(x) ** 2",
    },
)
edit(
    "06.7",
    "The slopes are missing on the way back: you send the error through a linear network.",
    {"(error * slope) @ W.T": "error @ W.T"},
)
edit(
    "06.7",
    "On the way back the weights are transposed; your shapes fit by luck or not at all.",
    {"@ W.T": "@ W"},
)
edit(
    "06.7",
    "The weights come before the slopes in yours; the error meets the activation first.",
    {"(error * slope) @ W.T": "(error @ W.T) * slope"},
)
edit(
    "06.7",
    ("Your slopes are in the order of the way forwards; on the way back, turn them round as well."),
    {"reversed(slopes)": "slopes"},
)
edit(
    "06.7",
    (
        "You go through weights and slopes from the first layer on; the error meets the last "
        "layer first."
    ),
    {"reversed(weights), reversed(slopes)": "weights, slopes"},
)
edit(
    "06.7",
    "You compare each layer with the next one; compare all with the last.",
    {
        "return np.array(sizes[::-1]) / sizes[0]": (
            "sizes = np.array(sizes[::-1])\n    return np.append(sizes[:-1] / sizes[1:], 1.0)"
        )
    },
)
edit("06.7", "The sizes are not divided by that of the last error.", {" / sizes[0]": ""})
edit(
    "06.7",
    (
        "A size is the root of the sum of squares; you take the root of their mean, and layers "
        "have different widths."
    ),
    {
        "np.linalg.norm(dy)": "np.sqrt(np.mean(dy**2))",
        "np.linalg.norm(error)": "np.sqrt(np.mean(error**2))",
    },
)
edit(
    "06.7",
    "A size is the root of the sum of squares; you take the mean of the absolute values.",
    {
        "np.linalg.norm(dy)": "np.mean(np.abs(dy))",
        "np.linalg.norm(error)": "np.mean(np.abs(error))",
    },
)
edit(
    "06.7",
    "A size is the root of the sum of squares; you take the largest entry.",
    {"np.linalg.norm(dy)": "np.max(np.abs(dy))", "np.linalg.norm(error)": "np.max(np.abs(error))"},
)
edit(
    "06.7",
    "The input is missing: L layers have L + 1 places where an error can be measured.",
    {"sizes[::-1]": "sizes[-2::-1]"},
)
edit("06.7", "In 1 − h² for tanh you forgot the square.", {"1 - x**2": "1 - x"})
edit(
    "06.7",
    "For tanh you took 1 − z² of the score: the formula is for the output.",
    {"1 - x**2": "1 - z**2"},
)
edit(
    "06.7",
    "For the sigmoid you took z (1 − z) of the score: the formula is for the output.",
    {"x * (1 - x)": "z * (1 - z)"},
)
edit(
    "06.7",
    (
        "For ReLU you multiply by its output; its slope is 1 where the score is positive, and "
        "0 elsewhere."
    ),
    {"z > 0": "x"},
)
edit("06.7", "At a score of 0 the slope of ReLU is 0.", {">": ">="})
edit(
    "06.7",
    "The tanh is missing on your way forwards: you take the score for the output.",
    {"x = np.tanh(z)": "x = z"},
)
edit(
    "06.7",
    "The error of the last layer meets no slope in yours; it does, as in all others.",
    {"* slope": "if slope is slopes[-1] else error * slope"},
)
edit(
    "06.7",
    "The error at a layer's outputs is measured before it meets the slope; you measure behind it.",
    {
        " @ W.T\n        sizes.append(np.linalg.norm(error))": (
            "\n        sizes.append(np.linalg.norm(error))\n        error = error @ W.T"
        )
    },
)


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
