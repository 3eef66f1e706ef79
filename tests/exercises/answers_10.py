"""Known answers to exercise 10: the mistakes that people make, and other right ways."""

import numpy as np

from coursekit.grading import edit, right, wrong

# 10.1 Merge units that do the same

edit(
    "10.1",
    "You drop the copies with what goes out of them: add their weights to the first's.",
    {"out[equal[0]] = out[equal[0]] + weights": "pass"},
)
edit(
    "10.1",
    "You add the weights that go out up and divide: their sum does the work of all copies.",
    {
        "return V1, c1, np.array(out)": (
            "rows = np.vstack([W1, b1]).T\n"
            "    size = [sum(np.abs(row - k).max() <= 1e-6 for row in rows) for k in kept]\n"
            "    return V1, c1, np.array(out) / np.array(size)[:, None]"
        )
    },
)
edit(
    "10.1",
    "Only what goes out of the last copy is left: add the weights of all copies.",
    {"out[equal[0]] + weights": "weights"},
)
edit(
    "10.1",
    "The bias comes in as well: units with different biases don't do the same.",
    {"np.abs(unit - other).max()": "np.abs(unit - other)[:-1].max()"},
)
edit(
    "10.1",
    "What goes out need not be equal: units do the same if what comes in is.",
    {"<= 1e-6]": "<= 1e-6 and np.allclose(out[k], weights)]"},
)
edit("10.1", "You compare bit by bit; rounding may part copies.", {"<= 1e-6": "== 0"})
edit(
    "10.1",
    "Your tolerance is too large: 0.0001 is a difference. `np.allclose` adds 1e-5 of the size to "
    "it, unless you say `rtol=0`.",
    {"<= 1e-6": "<= 1e-3"},
)
edit(
    "10.1",
    "Take the absolute value of a difference before you compare it.",
    {"np.abs(unit - other)": "(unit - other)"},
)
edit("10.1", "All numbers have to be equal; for you one is enough.", {").max()": ").min()"})
edit(
    "10.1",
    "You compare sums; other numbers may have the same sum.",
    {"np.abs(unit - other).max()": "abs(unit.sum() - other.sum())"},
)
edit(
    "10.1",
    "You compare norms; other numbers may have the same norm.",
    {"np.abs(unit - other).max()": "abs(np.linalg.norm(unit) - np.linalg.norm(other))"},
)
edit(
    "10.1",
    "You compare each unit with the last one that is kept; look at all of them.",
    {"enumerate(kept) if": "enumerate(kept) if k == len(kept) - 1 and"},
)
edit(
    "10.1",
    "The units are in another order than in the large network: `np.unique` sorts them.",
    {
        "return V1, c1, np.array(out)": (
            "order = np.lexsort(np.array(kept).T[::-1])\n"
            "    return V1[:, order], c1[order], np.array(out)[order]"
        )
    },
)


@right("10.1", "with rounding and np.unique")
def merge_units(W1, b1, W2):
    _, first, group = np.unique(
        np.vstack([W1, b1]).round(5), axis=1, return_index=True, return_inverse=True
    )
    order = np.argsort(first)
    member = group.reshape(-1)[None] == order[:, None]
    kept = first[order]
    return W1[:, kept], b1[kept], member @ W2


@right("10.1", "with all pairs at once")
def merge_units(W1, b1, W2):
    units = np.column_stack([W1.T, b1])
    same = np.isclose(units[:, None], units[None], rtol=0, atol=1e-6).all(axis=2)
    kept = same.argmax(axis=1) == np.arange(len(b1))  # no unit before it does the same
    return W1[:, kept], b1[kept], same[kept] @ W2


# 10.2 LeCun, Glorot, He

edit(
    "10.2",
    "He's rule looks at the inputs, not at the units; you took n_out for n_in.",
    {"(1 + leak**2) * n_in": "(1 + leak**2) * n_out"},
)
edit(
    "10.2",
    "You have inputs and units exchanged: `W` has the shape (n_in, n_out) here.",
    {"1 / n_in": "1.0 / n_out", "(1 + leak**2) * n_in": "(leak**2 + 1) * n_out"},
)
edit(
    "10.2",
    "Glorot's 6 is for the end of the uniform distribution; it is not in the variance.",
    {"2 / (n_in + n_out)": "6 / (n_in + n_out)"},
)
edit(
    "10.2",
    "Glorot is one over the mean of n_in and n_out, not the mean of 1/n_in and 1/n_out.",
    {"2 / (n_in + n_out)": "(1.0 / n_in + 1.0 / n_out) / 2"},
)
edit(
    "10.2",
    "Your Glorot takes the geometric mean of n_in and n_out; half of their sum is asked for.",
    {"2 / (n_in + n_out)": "1.0 / np.sqrt(n_in * n_out)"},
)
edit(
    "10.2",
    "The leak enters squared, because mean squares are compared: 1 + a².",
    {"leak**2": "leak"},
)
edit(
    "10.2",
    "With a larger leak more gets through, so the weights shrink: divide by 1 + a².",
    {"2 / ((1 + leak**2) * n_in)": "2 * (1 + leak**2) / n_in"},
)
edit(
    "10.2",
    "A larger leak lets more through: the factor is 1 + a², not 1 − a².",
    {"1 + leak**2": "abs(1 - leak**2)"},
)


@right("10.2", "with a gain, as PyTorch does it")
def weight_std(scheme, n_in, n_out, leak):
    import math

    gain = math.sqrt(2 / (1 + leak * leak)) if scheme == "he" else 1.0
    fan = (n_in + n_out) / 2 if scheme == "glorot" else n_in
    return gain / math.sqrt(fan)


@right("10.2", "with a table, in single precision")
def weight_std(scheme, n_in, n_out, leak):
    table = {
        "lecun": n_in**-0.5,
        "glorot": ((n_in + n_out) / 2) ** -0.5,
        "he": (n_in * (1 + leak**2) / 2) ** -0.5,
    }
    return np.float32(table[scheme])


# 10.3 Draw the weights

edit(
    "10.3",
    "`std` has no effect on your normal weights.",
    {"(0, std,": "(0, 1,"},
)


@wrong("10.3", "`rng.random` gives uniform numbers from 0 to 1: all yours are positive.")
def initial_weights(n_in, n_out, std, distribution, seed):
    return std * np.random.default_rng(seed).random((n_in, n_out))


edit(
    "10.3",
    "Both of your matrices are normal; a uniform one is flat between its ends.",
    {"rng.uniform(-limit, limit,": "rng.normal(0.0, std,"},
)
edit(
    "10.3",
    "Both of your matrices are uniform; look at `distribution`.",
    {"rng.normal(0, std,": "rng.uniform(-np.sqrt(3.0) * std, np.sqrt(3.0) * std,"},
)
edit(
    "10.3",
    "You draw three values only; a uniform distribution has all between its ends.",
    {"rng.uniform(-limit, limit, (n_in, n_out))": "limit * rng.integers(-1, 2, (n_in, n_out))"},
)
edit(
    "10.3",
    "You write the same seed into the function; use the one that is passed.",
    {"default_rng(seed)": "default_rng(0)"},
)


@wrong("10.3", "Nothing is drawn: every weight of yours is `std`.")
def initial_weights(n_in, n_out, std, distribution, seed):
    return np.full((n_in, n_out), std)


@right("10.3", "with standard numbers, stretched")
def initial_weights(n_in, n_out, std, distribution, seed):
    rng = np.random.default_rng(seed)
    if distribution == "normal":
        return std * rng.standard_normal((n_in, n_out))
    return std * np.sqrt(12) * (rng.random((n_in, n_out)) - 0.5)


@right("10.3", "weight by weight")
def initial_weights(n_in, n_out, std, distribution, seed):
    rng = np.random.default_rng(seed)
    a = 3**0.5 * std
    return [
        [
            rng.normal(0, std) if distribution == "normal" else rng.uniform(-a, a)
            for _ in range(n_out)
        ]
        for _ in range(n_in)
    ]


@right("10.3", "unit by unit, in single precision")
def initial_weights(n_in, n_out, std, distribution, seed):
    rng = np.random.default_rng(seed)
    a = np.sqrt(3) * std
    columns = [
        rng.normal(0, std, n_in) if distribution == "normal" else rng.uniform(-a, a, n_in)
        for _ in range(n_out)
    ]
    return np.stack(columns, axis=1).astype(np.float32)


# Without a seed its pairs would be others each time; an edit of another answer has none.
edit(
    "10.3",
    "You leave the seed unused, so each call draws other weights.",
    {"default_rng(seed)": "default_rng()"},
    of="with standard numbers, stretched",
)

# 10.4 The growth, derived

edit(
    "10.4",
    "The weights enter by their variance, the square of the standard deviation.",
    {"std**2": "std"},
)
edit(
    "10.4",
    "The leaky ReLU is missing: it lets only a part of the mean square through.",
    {" * (1 + leak**2) / 2": ""},
)
edit(
    "10.4",
    "The half is missing: a leaky ReLU lets ½ (1 + a²) of the mean square through.",
    {" / 2": ""},
)
edit(
    "10.4",
    "The leaky ReLU takes its part in every layer, not once for the whole chain.",
    {
        " * (1 + leak**2) / 2": "",
        "return forward, backward": (
            "part = (1 + leak**2) / 2\n    return part * forward, part * backward"
        ),
    },
)
edit(
    "10.4",
    "The leaky ReLU stands behind the last layer too; you left it out there.",
    {
        "return forward, backward": (
            "part = (1 + leak**2) / 2\n    return forward / part, backward / part"
        )
    },
)
edit(
    "10.4",
    "On the way back the slopes of the leaky ReLU count as well.",
    {"n_out * each": "n_out * std**2"},
)
edit(
    "10.4",
    "On the way forwards the leaky ReLU counts as well.",
    {"n_in * each": "n_in * std**2"},
)
edit(
    "10.4",
    "Glorot's mean of n_in and n_out is a compromise; each direction has its own width.",
    {"forward *= n_in": "forward *= (n_in + n_out) / 2", "*= n_out": "*= (n_in + n_out) / 2"},
)
edit(
    "10.4",
    "You divide by the widths; a sum over more inputs is larger, so multiply.",
    {"n_in * each": "each / n_in", "n_out * each": "each / n_out"},
)
edit(
    "10.4",
    "The leak enters squared, because mean squares are compared: ½ (1 + a²).",
    {"leak**2": "leak"},
)
edit(
    "10.4",
    "Square before you take the mean: ½ (1 + a²), not ((1 + a) / 2)².",
    {"(1 + leak**2) / 2": "((1 + leak) / 2) ** 2"},
)
edit(
    "10.4",
    "You take the plain ReLU's half; with a leak more gets through.",
    {"(1 + leak**2) / 2": "0.5"},
)
edit(
    "10.4",
    "A leak between 0 and 1 lets ½ (1 + a²) through; you know the cases ½ and 1 only.",
    {"(1 + leak**2) / 2": "(0.5 if leak == 0 else 1.0)"},
)
edit(
    "10.4",
    "The layers' factors are multiplied, not added.",
    {"= 1.0": "= 0.0", "forward *=": "forward +=", "backward *=": "backward +="},
)


@right("10.4", "with products of arrays")
def growth(widths, stds, leak):
    each = np.square(stds) * (1 + leak**2) / 2
    return np.prod(widths[:-1] * each), np.prod(widths[1:] * each)


@right("10.4", "with logarithms, as an array")
def growth(widths, stds, leak):
    logs = 2 * np.log(stds) + np.log((1 + leak**2) / 2)
    return np.exp([np.sum(logs + np.log(widths[:-1])), np.sum(logs + np.log(widths[1:]))])


@right("10.4", "backwards by way of the outermost widths")
def growth(widths, stds, leak):
    forward = 1.0
    for n, s in zip(widths[:-1], stds, strict=True):
        forward = forward * n * s * s * (1 + leak * leak) / 2
    return [forward, forward * widths[-1] / widths[0]]


# 10.5 The growth, measured

edit(
    "10.5",
    "The standard deviation subtracts the mean, and outputs of ReLU have one.",
    {"np.sqrt(np.mean(values**2))": "np.std(values)"},
)
edit("10.5", "At a score of 0 the slope of ReLU is 0; you wrote ≥.", {"z > 0": "z >= 0"})
edit(
    "10.5",
    "On the way back ReLU's slope is missing: where z ≤ 0, no error gets through.",
    {"(error * (z > 0))": "error"},
)
edit(
    "10.5",
    "On the way back the score decides what gets through, not the sign of the error.",
    {"(error * (z > 0)) @ W.T": "np.maximum(error @ W.T, 0)"},
)
edit(
    "10.5",
    "On the way back the layers come last first, and so do their scores.",
    {"scores[::-1]": "scores"},
)


@wrong("10.5", "You apply the slope after the weights; it belongs to this layer's own outputs.")
def sizes(x, weights, error):
    def size(v):
        return np.sqrt(np.mean(v**2))

    forward, outputs = [size(x)], [x]
    for W in weights:
        outputs.append(np.maximum(outputs[-1] @ W, 0))
        forward.append(size(outputs[-1]))
    backward = [size(error)]
    for W, y in zip(weights[::-1], outputs[-2::-1], strict=True):
        error = (error @ W.T) * (y > 0)
        backward.insert(0, size(error))
    return forward, backward


edit(
    "10.5",
    "On the way back the weights are transposed: errors go from units to inputs.",
    {"@ W.T": "@ W"},
)
edit(
    "10.5",
    "You took the mean of the absolute values; the size is the root of the mean square.",
    {"np.sqrt(np.mean(values**2))": "np.mean(np.abs(values))"},
)
edit(
    "10.5",
    "You took the largest absolute value; the size is the root of the mean square.",
    {"np.sqrt(np.mean(values**2))": "np.max(np.abs(values))"},
)
edit(
    "10.5",
    "You took the plain mean, where signs cancel; the size is the root of the mean square.",
    {"np.sqrt(np.mean(values**2))": "np.mean(values)"},
)
edit(
    "10.5",
    "You average the examples' sizes; take one mean of all squares, and its root at the end.",
    {"np.sqrt(np.mean(values**2))": "np.mean(np.sqrt(np.mean(values**2, axis=1)))"},
)
edit(
    "10.5",
    "The norm is a sum; the size is a mean, to compare wide layers with narrow ones.",
    {"np.sqrt(np.mean(values**2))": "np.linalg.norm(values)"},
)
edit(
    "10.5",
    "You divide by the sizes at the start; the sizes themselves are asked for.",
    {
        "return forward, backward[::-1]": (
            "return [f / forward[0] for f in forward], [b / backward[0] for b in backward][::-1]"
        )
    },
)
edit(
    "10.5",
    "You measure the scores; the signal's size is that of the outputs, behind ReLU.",
    {"forward.append(size(x))": "forward.append(size(scores[-1]))"},
)
edit(
    "10.5",
    "ReLU is missing on the way forwards: the next layer gets max(0, z), not z.",
    {"np.maximum(scores[-1], 0)": "scores[-1]"},
)


@right("10.5", "with one walk that calls itself")
def sizes(x, weights, error):
    def walk(x, weights):
        if not weights:
            return [size(x)], [size(error)], error
        y = np.maximum(x @ weights[0], 0)
        forward, backward, sent = walk(y, weights[1:])
        sent = (sent * (y > 0)) @ weights[0].T
        return [size(x), *forward], [size(sent), *backward], sent

    def size(values):
        return float(np.linalg.norm(values) / np.sqrt(values.size))

    return walk(x, weights)[:2]


@right("10.5", "with einsum and arrays, in single precision")
def sizes(x, weights, error):
    outputs = [x.astype(np.float32)]
    for W in weights:
        outputs.append(np.clip(np.einsum("ni,io->no", outputs[-1], W), 0, None))
    errors = [error.astype(np.float32)]
    for layer in range(len(weights) - 1, -1, -1):
        sent = np.where(outputs[layer + 1] > 0, errors[0], 0)
        errors.insert(0, np.einsum("no,io->ni", sent, weights[layer]))
    return [np.array([np.sqrt((a * a).mean()) for a in part]) for part in (outputs, errors)]


# 10.6 Three sick networks

edit(
    "10.6",
    "The plain mean of outputs of both signs is near 0 in any network: square first.",
    {"np.sqrt(np.mean(y**2))": "np.mean(y)"},
)
edit(
    "10.6",
    "The size is the root of the mean square; you take the mean of absolute values.",
    {"np.sqrt(np.mean(y**2))": "np.mean(np.abs(y))"},
)
edit(
    "10.6",
    "A norm grows with the width of a layer; the size is the root of the mean square.",
    {"np.sqrt(np.mean(y**2))": "np.linalg.norm(y)"},
)
edit(
    "10.6",
    "The standard deviation subtracts the mean; the size is the root of the mean square.",
    {"np.sqrt(np.mean(y**2))": "np.std(y)"},
)
edit(
    "10.6",
    "A signal dies out if its last layer is small; you ask whether any layer is.",
    {
        "if last < first / 100": (
            "if min(np.sqrt(np.mean(y**2)) for y in outputs[1:]) < first / 100"
        )
    },
)
edit(
    "10.6",
    "Compare the last layer with the first; you compare each with the one before it.",
    {
        "if last < first / 100": (
            "sizes = [np.sqrt(np.mean(y * y)) for y in outputs]\n"
            "    if any(b < a / 100 for a, b in zip(sizes, sizes[1:]))"
        )
    },
)
edit(
    "10.6",
    "Outputs are saturated below −0.95 as well; you look at the upper end only.",
    {"np.abs(y) > 0.95": "y > 0.95"},
)
edit(
    "10.6",
    "One saturated output does not make a layer saturated; more than half of them do.",
    {"> 0.5": "> 0"},
)
edit(
    "10.6",
    "More than half of a layer's outputs have to be saturated; exactly half are not enough.",
    {"> 0.5": ">= 0.5"},
)
edit("10.6", "An output of 0.95 is not beyond 0.95; you wrote ≥ there.", {"> 0.95": ">= 0.95"})
edit(
    "10.6",
    "You look for saturation in the last layer only; it blocks the way in any layer.",
    {"0.5 for y in outputs)": "0.5 for y in outputs[-1:])"},
)
edit(
    "10.6",
    "One saturated layer is enough; you ask for saturation in all layers.",
    {"any(np.mean(": "all(np.mean("},
)
edit(
    "10.6",
    "You take the share over all layers together; each layer has a share of its own.",
    {
        "any(np.mean(np.abs(y) > 0.95) > 0.5 for y in outputs)": (
            "np.mean(np.concatenate([np.abs(y).ravel() for y in outputs]) > 0.95) > 0.5"
        )
    },
)
edit(
    "10.6",
    "Compare the columns, which are units; you compare the rows, which are examples.",
    {"y[:, :1]": "y[:1]"},
)
edit(
    "10.6",
    "All units of a layer have to answer alike; you compare the first two only.",
    {"np.abs(y - y[:, :1])": "np.abs(y[:, 1] - y[:, 0])"},
)
edit(
    "10.6",
    "All units of a layer have to answer alike; you are content with some pair.",
    {"np.abs(y - y[:, :1]).max()": "np.abs(np.diff(y, axis=1)).max(axis=0).min()"},
)
edit(
    "10.6",
    "Units are identical if they agree in all rows; you look at the first row only.",
    {"np.abs(y - y[:, :1])": "np.abs(y - y[:, :1])[0]"},
)


@wrong("10.6", "Identical units come first: with large equal weights they are saturated as well.")
def diagnose(outputs):
    if any(np.mean(np.abs(y) > 0.95) > 0.5 for y in outputs):
        return "saturated"
    if np.mean(outputs[-1] ** 2) < np.mean(outputs[0] ** 2) / 10_000:
        return "dying"
    if any(np.abs(y - y[:, :1]).max() <= 1e-9 for y in outputs):
        return "identical"
    return "healthy"


@wrong("10.6", "Saturation comes last in the table; you ask for it first.")
def diagnose(outputs):
    if any(np.mean(np.abs(y) > 0.95) > 0.5 for y in outputs):
        return "saturated"
    if any(np.abs(y - y[:, :1]).max() <= 1e-9 for y in outputs):
        return "identical"
    if np.mean(outputs[-1] ** 2) < np.mean(outputs[0] ** 2) / 10_000:
        return "dying"
    return "healthy"


@wrong("10.6", "Your answer is “healthy” for every network.")
def diagnose(outputs):
    return "healthy"


@wrong("10.6", "The word for a dying signal comes before saturation; keep the order of the table.")
def diagnose(outputs):
    if any(np.abs(y - y[:, :1]).max() <= 1e-9 for y in outputs):
        return "identical"
    if any(np.mean(np.abs(y) > 0.95) > 0.5 for y in outputs):
        return "saturated"
    if np.mean(outputs[-1] ** 2) < np.mean(outputs[0] ** 2) / 10_000:
        return "dying"
    return "healthy"


@wrong("10.6", "Ask each question of all layers before the next question; you go layer by layer.")
def diagnose(outputs):
    first, last = (np.sqrt(np.mean(y**2)) for y in (outputs[0], outputs[-1]))
    for y in outputs:
        if np.abs(y - y[:, :1]).max() <= 1e-9:
            return "identical"
        if last < first / 100:
            return "dying"
        if np.mean(np.abs(y) > 0.95) > 0.5:
            return "saturated"
    return "healthy"


edit(
    "10.6",
    "Your limit is a tenth of the size, a hundredth of the mean square: take the root first.",
    {"np.sqrt(np.mean(y**2))": "np.mean(y**2)"},
)
edit(
    "10.6",
    "Compare the last layer with the first; you compare it with a fixed number.",
    {"first / 100": "0.01"},
)
edit(
    "10.6",
    "Copies in some layer are enough; you ask for copies in every layer.",
    {"any(np.abs(y - y": "all(np.abs(y - y"},
)
edit(
    "10.6",
    "Units count as alike up to 10⁻⁹; you ask for equality to the last bit.",
    {"<= 1e-9": "== 0"},
)
edit(
    "10.6",
    "A difference may be negative: take its absolute value before you compare it.",
    {"np.abs(y - y[:, :1])": "(y - y[:, :1])"},
)


@right("10.6", "with spreads and shares")
def diagnose(outputs):
    if min(np.ptp(y, axis=1).max() for y in outputs) <= 1e-9:
        return "identical"
    sizes = [np.linalg.norm(y) / y.size**0.5 for y in outputs]
    if 100 * sizes[-1] < sizes[0]:
        return "dying"
    shares = [(np.abs(y) > 0.95).sum() / y.size for y in outputs]
    return "saturated" if max(shares) > 0.5 else "healthy"


@right("10.6", "with loops and a count")
def diagnose(outputs):
    saturated = False
    for y in outputs:
        if all(abs(row - row[0]).max() <= 1e-9 for row in y):
            return "identical"
        flat = sum(1 for value in y.ravel() if value > 0.95 or value < -0.95)
        saturated = saturated or 2 * flat > y.size
    if np.mean(outputs[-1] ** 2) * 10**4 < np.mean(outputs[0] ** 2):
        return "dying"
    return "saturated" if saturated else "healthy"
