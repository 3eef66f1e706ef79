"""Known answers to exercise 01: the mistakes that people make, and other right ways."""

import numpy as np

from coursekit.grading import edit, right, wrong

# 01.1 One neuron, many points

edit(
    "01.1",
    "On the line itself the output is 0: the bracket asks for > 0, and you wrote ≥.",
    {"> 0": ">= 0"},
)
edit(
    "01.1",
    "You added w0. A threshold is subtracted: the sum has to exceed it.",
    {"- w0": "+ w0"},
)
edit(
    "01.1",
    "Your neuron fires below its threshold: the comparison is the wrong way round.",
    {"> 0": "< 0"},
)
edit(
    "01.1",
    "This is the weighted sum; the step that turns it into 0 or 1 is missing.",
    {"(x @ w - w0 > 0).astype(int)": "x @ w - w0"},
)
edit(
    "01.1",
    "You took the mean of the products; the neuron takes their sum.",
    {"x @ w": "np.mean(x * w, axis=1)"},
)
edit(
    "01.1",
    "Your neuron looks at the first two features only; n can be any number.",
    {"x @ w": "x[:, :2] @ w[:2]"},
)


@right("01.1", "with a loop over the points")
def neuron(x, w, w0):
    y = np.zeros(len(x), dtype=int)
    for i, row in enumerate(x):
        total = sum(w_j * x_j for w_j, x_j in zip(w, row, strict=True))
        if total > w0:
            y[i] = 1
    return y


@right("01.1", "with a sum along the rows")
def neuron(x, w, w0):
    return np.where(np.sum(w * x, axis=1) > w0, 1, 0)


@right("01.1", "with floats from np.heaviside")
def neuron(x, w, w0):
    return np.heaviside(np.einsum("ij,j->i", x, w) - w0, 0.0)


# 01.2 Gates by hand


@wrong("01.2", "You gave biases: the threshold is subtracted, so yours need the opposite sign.")
def gate_weights(name):
    return {
        "nand": (np.array([-1.0, -1.0]), 1.5),
        "nor": (np.array([-1.0, -1.0]), 0.5),
        "implies": (np.array([-1.0, 1.0]), 0.5),
        "majority": (np.array([1.0, 1.0, 1.0]), -1.5),
    }[name]


@wrong("01.2", "Your thresholds lie on sums that should fire, but > is strict: move them below.")
def gate_weights(name):
    return {
        "nand": (np.array([-1.0, -1.0]), -1.0),
        "nor": (np.array([-1.0, -1.0]), 0.0),
        "implies": (np.array([-1.0, 1.0]), 0.0),
        "majority": (np.array([1.0, 1.0, 1.0]), 2.0),
    }[name]


@wrong("01.2", "The implication is the wrong way round: it must fail for x1 = 1, x2 = 0 only.")
def gate_weights(name):
    return {
        "nand": (np.array([-1.0, -1.0]), -1.5),
        "nor": (np.array([-1.0, -1.0]), -0.5),
        "implies": (np.array([1.0, -1.0]), -0.5),
        "majority": (np.array([1.0, 1.0, 1.0]), 1.5),
    }[name]


@wrong("01.2", "When x1 = 0 an implication is true, whatever x2 is; yours is AND.")
def gate_weights(name):
    return {
        "nand": (np.array([-1.0, -1.0]), -1.5),
        "nor": (np.array([-1.0, -1.0]), -0.5),
        "implies": (np.array([1.0, 1.0]), 1.5),
        "majority": (np.array([1.0, 1.0, 1.0]), 1.5),
    }[name]


@wrong("01.2", "NAND and NOR have changed places: NAND is 0 in one row of its table, NOR in three.")
def gate_weights(name):
    return {
        "nand": (np.array([-1.0, -1.0]), -0.5),
        "nor": (np.array([-1.0, -1.0]), -1.5),
        "implies": (np.array([-1.0, 1.0]), -0.5),
        "majority": (np.array([1.0, 1.0, 1.0]), 1.5),
    }[name]


@wrong("01.2", "Your majority fires for a single 1: that is OR; a majority of three is two.")
def gate_weights(name):
    return {
        "nand": (np.array([-1.0, -1.0]), -1.5),
        "nor": (np.array([-1.0, -1.0]), -0.5),
        "implies": (np.array([-1.0, 1.0]), -0.5),
        "majority": (np.array([1.0, 1.0, 1.0]), 0.5),
    }[name]


@wrong("01.2", "Your majority asks for all three ones: that is AND; two are enough.")
def gate_weights(name):
    return {
        "nand": (np.array([-1.0, -1.0]), -1.5),
        "nor": (np.array([-1.0, -1.0]), -0.5),
        "implies": (np.array([-1.0, 1.0]), -0.5),
        "majority": (np.array([1.0, 1.0, 1.0]), 2.5),
    }[name]


@wrong("01.2", "To negate AND and OR change the sign of the weights and of the threshold.")
def gate_weights(name):
    return {
        "nand": (np.array([1.0, 1.0]), -1.5),
        "nor": (np.array([1.0, 1.0]), -0.5),
        "implies": (np.array([-1.0, 1.0]), -0.5),
        "majority": (np.array([1.0, 1.0, 1.0]), 1.5),
    }[name]


@right("01.2", "with whole numbers, on the line where the output is 0")
def gate_weights(name):
    return {
        "nand": ([-1, -1], -2),
        "nor": ([-1, -1], -1),
        "implies": ([-1, 1], -1),
        "majority": ([1, 1, 1], 1),
    }[name]


@right("01.2", "with unequal weights")
def gate_weights(name):
    if name == "nand":
        return np.array([-2.0, -3.0]), -4.0
    if name == "nor":
        return np.array([-10.0, -20.0]), -5.0
    if name == "implies":
        return np.array([-3.0, 2.0]), -2.0
    return np.array([0.5, 0.6, 0.7]), 0.9


# 01.3 A search for the best line

edit(
    "01.3",
    "Errors of +1 and −1 cancel in your sum: count the points where y differs from t.",
    {"int(np.sum((total - w0 > 0) != t))": "int(abs(np.sum((total > w0) - t)))"},
)
edit(
    "01.3",
    "You add y − t up with its sign: the most negative sum is not the fewest errors.",
    {"int(np.sum((total - w0 > 0) != t))": "int(np.sum((total > w0) - t))"},
)
edit(
    "01.3",
    "You measure the squared distance of the sum from the target; an error is a wrong output.",
    {
        "int(np.sum((total - w0 > 0) != t))": "float(np.sum((total - w0 - t) ** 2))",
        "len(t) + 1": "np.inf",
    },
)
edit(
    "01.3",
    "You count the points that are right, and so your search keeps the worst line.",
    {"!= t": "== t"},
)
edit(
    "01.3",
    "Your search keeps the line with the most errors: the comparison is the wrong way round.",
    {"errors < fewest": "errors > fewest", "len(t) + 1": "-1"},
)
edit(
    "01.3",
    "A point on the line gets 0: your line fires for ≥, the neuron for >.",
    {"- w0 > 0": "- w0 >= 0"},
)
edit("01.3", "You added w0 to the sum; the threshold is subtracted.", {"total - w0": "total + w0"})
edit(
    "01.3",
    "Both weights are always the same number in your search; let them differ.",
    {"[w1, w2]": "[w1, w1]"},
)
edit(
    "01.3",
    "Your combinations come in one order only: product(values, repeat=3) takes all.",
    {
        "for w1 in values": "for i, w1 in enumerate(values)",
        "for w2 in values": "for j, w2 in enumerate(values[i:], i)",
        "for w0 in values": "for w0 in values[j:]",
    },
)


@wrong("01.3", "itertools.combinations never takes a value twice: use product(values, repeat=3).")
def search_line(x, t, values):
    import itertools

    best = len(t) + 1, np.zeros(2), 0.0
    for w1, w2, w0 in itertools.combinations(values, 3):
        w = np.array([w1, w2])
        errors = int(np.sum((x @ w > w0) != t))
        if errors < best[0]:
            best = errors, w, w0
    return best


edit(
    "01.3",
    "The number is right, but w and w0 belong to the last line tried, not to the best.",
    {"return fewest, best_w, best_w0": "return fewest, w, w0"},
)
edit(
    "01.3",
    "Your record starts at 0 errors, and no line can beat that: start above len(t).",
    {"len(t) + 1, None, None": "0, np.zeros(2), 0.0"},
)
edit(
    "01.3",
    "Even the best line may be wrong everywhere, and then nothing beats your record.",
    {"len(t) + 1": "len(t)"},
)
edit(
    "01.3",
    "Your search never tries the last of the values: range(k) stops before k by itself.",
    {
        "for w1 in values": "for w1 in values[: max(len(values) - 1, 1)]",
        "for w2 in values": "for w2 in values[: max(len(values) - 1, 1)]",
        "for w0 in values": "for w0 in values[: max(len(values) - 1, 1)]",
    },
)


@right("01.3", "all lines at once, by broadcasting")
def search_line(x, t, values):
    w1, w2, w0 = (a.ravel() for a in np.meshgrid(values, values, values, indexing="ij"))
    y = np.outer(x[:, 0], w1) + np.outer(x[:, 1], w2) - w0 > 0
    errors = np.sum(y != (t == 1)[:, np.newaxis], axis=0)
    best = np.argmin(errors)
    return errors[best], np.array([w1[best], w2[best]]), w0[best]


@right("01.3", "the last of the best lines instead of the first, with loops only")
def search_line(x, t, values):
    best = None
    for w1 in values:
        for w2 in values:
            for w0 in values:
                errors = 0
                for (x1, x2), target in zip(x, t, strict=True):
                    y = 1 if w1 * x1 + w2 * x2 > w0 else 0
                    errors += y != target
                if best is None or errors <= best[0]:
                    best = int(errors), [w1, w2], w0
    return best


# 01.4 Lift the plane


@wrong("01.4", "You return the new feature alone: keep x1 and x2 as the first two columns.")
def lift(x):
    return x[:, 0] * x[:, 1]


@wrong("01.4", "The third column is a sum; it has to be the product of x1 and x2.")
def lift(x):
    return np.column_stack([x, x[:, 0] + x[:, 1]])


@wrong("01.4", "np.prod without axis=1 multiplies all numbers of x; each row has its own product.")
def lift(x):
    return np.column_stack([x, np.full(len(x), np.prod(x))])


@wrong("01.4", "The product stands first; the order asked for is x1, x2, x1·x2.")
def lift(x):
    return np.column_stack([x[:, 0] * x[:, 1], x])


@wrong("01.4", "x[0] and x[1] are the first two points; the features are x[:, 0] and x[:, 1].")
def lift(x):
    return np.array([x[0], x[1], x[0] * x[1]]).T


@wrong("01.4", "You turned the weights round but not the threshold; its sign changes too.")
def equal_plane():
    return np.array([-1.0, -1.0, 2.0]), 0.5


@wrong("01.4", "The product needs a larger weight: at (1, 1) it makes up for both other weights.")
def equal_plane():
    return np.array([-1.0, -1.0, 1.0]), -0.5


@wrong("01.4", "The product alone tells bits (1, 1) from the rest; (0, 0) has to give 1 as well.")
def equal_plane():
    return np.array([0.0, 0.0, 1.0]), 0.5


@wrong("01.4", "That plane is for bits; for the sign of numbers the product alone decides.")
def same_sign_plane():
    return np.array([-1.0, -1.0, 2.0]), -0.5


@wrong("01.4", "A threshold of ½ misses points near the axes, where the product is small; use 0.")
def same_sign_plane():
    return np.array([0.0, 0.0, 1.0]), 0.5


@wrong("01.4", "x1 + x2 > 0 is a line in the old plane; only the product knows if the signs agree.")
def same_sign_plane():
    return np.array([1.0, 1.0, 0.0]), 0.0


@right("01.4", "with a loop and with other planes")
class cell:
    def lift(x):
        rows = []
        for x1, x2 in x:
            rows.append([x1, x2, x1 * x2])
        return np.array(rows)

    def equal_plane():
        return [-2, -2, 5], -1

    def same_sign_plane():
        return [0, 0, 5], 0.005


@right("01.4", "with np.prod along the rows")
class cell:
    def lift(x):
        return np.hstack([x, np.prod(x, axis=1, keepdims=True)])

    def equal_plane():
        w = np.array([1.0, 1.0, -2.0])
        return -w, -0.5

    def same_sign_plane():
        return np.array([0.0, 0.0, 0.1]), 0


# 01.5 Neurons that feed a neuron


@wrong("01.5", "The hidden layer has lost its step: without it, two layers are one line again.")
def two_layers(x, V, v0, w, w0):
    h = x @ V - v0
    return (h @ w - w0 > 0).astype(int)


@wrong("01.5", "The hidden neurons have thresholds of their own: subtract v0 before their step.")
def two_layers(x, V, v0, w, w0):
    h = (x @ V > 0).astype(int)
    return (h @ w - w0 > 0).astype(int)


@wrong("01.5", "The output neuron has a threshold too: subtract w0 before its step.")
def two_layers(x, V, v0, w, w0):
    h = (x @ V - v0 > 0).astype(int)
    return (h @ w > 0).astype(int)


@wrong(
    "01.5",
    "You used V's rows as neurons; its columns are the neurons: x @ V, no transpose.",
)
def two_layers(x, V, v0, w, w0):
    h = (x @ V.T - v0 > 0).astype(int)
    return (h @ w - w0 > 0).astype(int)


@wrong("01.5", "You added the thresholds; both layers subtract them.")
def two_layers(x, V, v0, w, w0):
    h = (x @ V + v0 > 0).astype(int)
    return (h @ w + w0 > 0).astype(int)


@wrong("01.5", "A sum equal to its threshold gives 0: both brackets ask for >, not for ≥.")
def two_layers(x, V, v0, w, w0):
    h = (x @ V - v0 >= 0).astype(int)
    return (h @ w - w0 >= 0).astype(int)


@wrong("01.5", "The output neuron's step is missing: you return its weighted sum.")
def two_layers(x, V, v0, w, w0):
    h = (x @ V - v0 > 0).astype(int)
    return h @ w - w0


@wrong("01.5", "Your hidden neurons say 1 and −1; a neuron that does not fire gives 0.")
def two_layers(x, V, v0, w, w0):
    h = np.where(x @ V - v0 > 0, 1, -1)
    return (h @ w - w0 > 0).astype(int)


@wrong("01.5", "These are the hidden neurons' outputs; the output neuron still has to read them.")
def two_layers(x, V, v0, w, w0):
    return (x @ V - v0 > 0).astype(int)


edit("01.5", "You added v0: the hidden thresholds are subtracted.", {"- v0": "+ v0"})
edit(
    "01.5",
    "A hidden neuron whose sum equals its threshold says 0: you wrote ≥ there.",
    {"- v0 > 0": "- v0 >= 0"},
)
edit(
    "01.5",
    "An output neuron whose sum equals its threshold says 0: you wrote ≥ there.",
    {"- w0 > 0": "- w0 >= 0"},
)
edit(
    "01.5",
    "Your hidden neurons pass their sums on, as ReLU does; they should say 0 or 1.",
    {"(x @ V - v0 > 0).astype(int)": "np.maximum(0, x @ V - v0)"},
)


@right("01.5", "neuron by neuron, with booleans as hidden outputs")
def two_layers(x, V, v0, w, w0):
    total = np.zeros(len(x))
    for j in range(V.shape[1]):
        total += w[j] * (x @ V[:, j] > v0[j])
    return np.where(total > w0, 1, 0)


@right("01.5", "with the constant input −1")
def two_layers(x, V, v0, w, w0):
    ones = np.ones((len(x), 1))
    h = np.hstack([x, -ones]) @ np.vstack([V, v0]) > 0
    return (np.hstack([h, -ones]) @ np.append(w, w0) > 0) * 1.0


# 01.6 The parity of three bits


@wrong("01.6", "Also three ones are an odd number of ones: your network fires for exactly one.")
def parity_weights():
    return np.ones((3, 2)), np.array([0.5, 1.5]), np.array([1.0, -1.0]), 0.5


@wrong("01.6", "OR without AND means 'not all alike': it fires for two ones and not for three.")
def parity_weights():
    return np.ones((3, 2)), np.array([0.5, 2.5]), np.array([1.0, -1.0]), 0.5


@wrong("01.6", "It fires as soon as there is a 1: some hidden neuron has to speak against firing.")
def parity_weights():
    return np.ones((3, 3)), np.array([0.5, 1.5, 2.5]), np.array([1.0, 1.0, 1.0]), 0.5


@wrong(
    "01.6",
    "With > a sum of 1 does not pass the threshold 1: put thresholds between the sums.",
)
def parity_weights():
    return np.ones((3, 3)), np.array([1.0, 2.0, 3.0]), np.array([1.0, -1.0, 1.0]), 0.5


@wrong(
    "01.6",
    "Your hidden neurons fire always: a threshold is subtracted, and yours look like biases.",
)
def parity_weights():
    return np.ones((3, 3)), np.array([-0.5, -1.5, -2.5]), np.array([1.0, -1.0, 1.0]), 0.5


@wrong("01.6", "The truth table is right. For three hidden neurons, let each of them count ones.")
def parity_weights():
    V = np.array([[1.0, -1.0, -1.0, 1.0], [-1.0, 1.0, -1.0, 1.0], [-1.0, -1.0, 1.0, 1.0]])
    return V, np.array([0.5, 0.5, 0.5, 2.5]), np.ones(4), 0.5


@right("01.6", "from the other end: neurons that fire for few ones")
def parity_weights():
    return -np.ones((3, 3)), np.array([-0.5, -1.5, -2.5]), np.array([-2.0, 2.0, -2.0]), -1.0


@right("01.6", "with one input turned round, and lists for arrays")
def parity_weights():
    return [[1, 1, 1], [1, 1, 1], [-1, -1, -1]], [-0.5, 0.5, 1.5], [-1, 1, -1], -0.5
