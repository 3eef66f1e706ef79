"""Known answers to exercise 02: the mistakes that people make, and other right ways."""

import numpy as np

from coursekit.grading import edit, right, wrong

# 02.1 The parts of a neuron

edit(
    "02.1",
    "You added w0; in this formula it is a threshold, and subtracted.",
    {"x @ w - w0": "x @ w + w0"},
)
edit(
    "02.1",
    "Your sigmoid falls: the exponent needs a minus sign, 1 / (1 + exp(−s)).",
    {"np.exp(-s)": "np.exp(s)"},
)
edit("02.1", "For s = 0 the step is 0: it asks for s > 0, not for s ≥ 0.", {"s > 0": "s >= 0"})
edit(
    "02.1",
    "You subtract w0 after the activation; the threshold belongs to the sum inside it.",
    {
        "x @ w - w0": "x @ w",
        ".astype(int)": ".astype(int) - w0",
        "np.exp(-s))": "np.exp(-s)) - w0",
        "np.tanh(s)": "np.tanh(s) - w0",
    },
)
edit(
    "02.1",
    "The threshold is missing: subtract w0 from the sum before the activation.",
    {"x @ w - w0": "x @ w"},
)
edit(
    "02.1",
    "You activate each product by itself; sum them all first, then activate once.",
    {
        "x @ w - w0": "x * w - w0",
        "(s > 0).astype(int)": "np.sum(s > 0, axis=1)",
        "1 / (1 + np.exp(-s))": "np.sum(1 / (1 + np.exp(-s)), axis=1)",
        "np.tanh(s)": "np.sum(np.tanh(s), axis=1)",
    },
)
edit(
    "02.1",
    "You activate each product and then sum; sum first, subtract w0, and activate once.",
    {
        "x @ w - w0": "x * w",
        "(s > 0).astype(int)": "np.sum(s > 0, axis=1) - w0",
        "1 / (1 + np.exp(-s))": "np.sum(1 / (1 + np.exp(-s)), axis=1) - w0",
        "np.tanh(s)": "np.sum(np.tanh(s), axis=1) - w0",
    },
)
edit(
    "02.1",
    "Your sigmoid is too steep: it is (1 + tanh(s/2)) / 2, with a half inside as well.",
    {"1 / (1 + np.exp(-s))": "(1 + np.tanh(s)) / 2"},
)
edit(
    "02.1",
    "Your sigmoid is 1 / 1 + exp(−s); the whole sum 1 + exp(−s) belongs under the 1.",
    {"1 / (1 + np.exp(-s))": "1 / 1 + np.exp(-s)"},
)
edit(
    "02.1",
    "You took the mean of the products; the neuron takes their sum.",
    {"x @ w": "np.mean(x * w, axis=1)"},
)


@right("02.1", "with a loop and a table of functions")
def neuron(x, w, w0, activation):
    import math

    functions = {
        "step": lambda s: 1.0 if s > 0 else 0.0,
        "sigmoid": lambda s: math.exp(s) / (1 + math.exp(s)),
        "tanh": math.tanh,
    }
    return [functions[activation](sum(w * row) - w0) for row in x]


@right("02.1", "with the sigmoid made of tanh")
def neuron(x, w, w0, activation):
    s = np.einsum("ij,j->i", x, w) - w0
    if activation == "sigmoid":
        return 0.5 + 0.5 * np.tanh(0.5 * s)
    return np.tanh(s) if activation == "tanh" else np.heaviside(s, 0)


@right("02.1", "with a constant input, in single precision")
def neuron(x, w, w0, activation):
    x = np.column_stack([x, np.full(len(x), -1)]).astype(np.float32)
    s = x @ np.append(w, w0).astype(np.float32)
    if activation == "step":
        return np.where(s > 0, 1, 0)
    return np.tanh(s) if activation == "tanh" else 1 / (1 + np.exp(-s))


# 02.2 Threshold, bias, constant input

edit(
    "02.2",
    "With the input +1 and the weight w0 you add the threshold; the input has to be −1.",
    {"-np.ones(len(x))": "np.ones(len(x))"},
)
edit(
    "02.2",
    "The input −1 makes the minus sign already: with weight −w0 you add the threshold.",
    {"[[w0], w]": "[[-w0], w]"},
)
edit(
    "02.2",
    "The scores are right, but the constant input has to be −1, and yours is +1.",
    {"-np.ones(len(x))": "np.ones(len(x))", "[[w0], w]": "[[-w0], w]"},
)
edit(
    "02.2",
    "The scores are right, but your constant input stands last, not in front.",
    {"[-np.ones(len(x)), x]": "[x, -np.ones(len(x))]", "[[w0], w]": "[w, [w0]]"},
)
edit(
    "02.2",
    "The constant input stands in front of x, but its weight at the end of w.",
    {"[[w0], w]": "[w, [w0]]"},
)
edit(
    "02.2",
    "You added a row of −1, one more point; a constant input is one more column.",
    {"np.column_stack([-np.ones(len(x)), x])": "np.vstack([-np.ones(x.shape[1]), x])"},
)
edit(
    "02.2",
    "You halved the weights; but half their sum, the same for every input, is lost.",
    {"w0 - np.sum(w) / 2": "w0"},
)
edit(
    "02.2",
    "Half the sum of the weights adds to the score, so the threshold shrinks by it.",
    {"w0 - np.sum(w) / 2": "w0 + np.sum(w) / 2"},
)
edit(
    "02.2",
    "The threshold shrinks by half the sum of the weights; you subtract the whole sum.",
    {"np.sum(w) / 2": "np.sum(w)"},
)
edit(
    "02.2",
    "You took the mean of the weights; half of their sum belongs to the threshold.",
    {"np.sum(w) / 2": "np.mean(w)"},
)
edit(
    "02.2",
    "You took half of the weights' mean; half of their sum belongs to the threshold.",
    {"np.sum(w) / 2": "np.mean(w) / 2"},
)
edit(
    "02.2",
    "You turn the weights as if they were bits: 2w − 1. Solve u = 2x − 1 for x instead.",
    {"return w / 2, w0 - np.sum(w) / 2": "return 2 * w - 1, w0"},
)
edit(
    "02.2",
    "Weights and threshold are turned as if they were bits. Solve u = 2x − 1 for x instead.",
    {"return w / 2, w0 - np.sum(w) / 2": "return 2 * w - 1, 2 * w0 - 1"},
)
edit(
    "02.2",
    "You took u and x the wrong way round: solve u = 2x − 1 for x first.",
    {"return w / 2, w0 - np.sum(w) / 2": "return 2 * w, w0 + np.sum(w)"},
)
edit(
    "02.2",
    "The sign is always right, but your scores are twice the old ones: halve both.",
    {"return w / 2, w0 - np.sum(w) / 2": "return w, 2 * w0 - np.sum(w)"},
)
edit(
    "02.2",
    "w /= 2 changes the caller's w, and its sum is then halved twice: write w / 2.",
    {"return w / 2, w0": "w /= 2\n    return w, w0"},
)


@right("02.2", "with empty arrays that are filled, and a loop")
class cell:
    def to_bias(w, w0):
        return w.copy(), 0 - w0

    def to_constant_input(x, w, w0):
        x_ext = np.empty((len(x), len(w) + 1))
        x_ext[:, 0] = -1
        x_ext[:, 1:] = x
        w_ext = np.empty(len(w) + 1)
        w_ext[0], w_ext[1:] = w0, w
        return x_ext, w_ext

    def to_plus_minus(w, w0):
        v0 = w0
        for w_j in w:
            v0 -= w_j / 2
        return [w_j / 2 for w_j in w], v0


@right("02.2", "with np.hstack and np.insert, and the score at u = 0")
class cell:
    def to_bias(w, w0):
        return list(w), -1.0 * w0

    def to_constant_input(x, w, w0):
        return np.insert(x, 0, -1.0, axis=1), np.hstack([w0, w])

    def to_plus_minus(w, w0):
        middle = np.full(len(w), 0.5)
        return 0.5 * w, -(w @ middle - w0)


# 02.3 One step of learning

edit(
    "02.3",
    "A score of exactly 0 counts as a mistake: ask for t·s ≤ 0, not for t·s < 0.",
    {"<= 0": "< 0"},
)
edit(
    "02.3",
    "You step at every point; a point that is right leaves the weights as they are.",
    {"t * (w @ x + b) <= 0": "True"},
)
edit(
    "02.3",
    "You step away from the target: t·x is added, not subtracted.",
    {"w + lr * t * x": "w - lr * t * x", "b + lr * t\n": "b - lr * t\n"},
)
edit(
    "02.3",
    "You step where the point is right; a step belongs to a mistake, t·s ≤ 0.",
    {"<= 0": "> 0"},
)
edit(
    "02.3",
    "The bias is changed once for every feature; its line belongs outside the loop.",
    {"b + lr * t\n": "b + len(x) * lr * t\n"},
)
edit(
    "02.3",
    "The bias is subtracted here as if it were a threshold; w·x + b asks for b + η·t.",
    {"b + lr * t\n": "b - lr * t\n"},
)
edit(
    "02.3",
    "You change the bias even where the point is right; only a mistake changes it.",
    {"return w, b\n": "return w, b + lr * t\n"},
)


@wrong("02.3", "t − sign(s) is ±2 on a mistake, so your step is twice too long.")
def update(w, b, x, t, lr):
    error = t - np.sign(w @ x + b)
    return w + lr * error * x, b + lr * error


@wrong("02.3", "Your step is twice too long: (t − y) is ±2 on a mistake; use t itself.")
def update(w, b, x, t, lr):
    error = t - (1 if w @ x + b > 0 else -1)
    return w + lr * error * x, b + lr * error


@wrong("02.3", "Your prediction is 1 or 0, the target +1 or −1: their difference says nothing.")
def update(w, b, x, t, lr):
    error = t - int(w @ x + b > 0)
    return w + lr * error * x, b + lr * error


edit(
    "02.3",
    "Your prediction is 1 or 0, and so it never equals the target −1: compare signs.",
    {"t * (w @ x + b) <= 0": "(w @ x + b > 0) != t"},
)
edit(
    "02.3",
    "The learning rate is missing from the step.",
    {"w + lr * t * x": "w + t * x", "b + lr * t\n": "b + t\n"},
)
edit("02.3", "The learning rate is missing from the step of the bias.", {"b + lr * t\n": "b + t\n"})
edit(
    "02.3",
    "A negative score is a mistake only if the target is +1: look at t times the score.",
    {"t * (w @ x + b) <= 0": "w @ x + b <= 0"},
)
edit(
    "02.3",
    "To see whether the point is a mistake you left the bias out of the score.",
    {"(w @ x + b)": "(w @ x)"},
)
edit(
    "02.3",
    "Your step grows with the error t − s; Rosenblatt's does not, however far off s is.",
    {
        "w + lr * t * x": "w + lr * (t - (w @ x + b)) * x",
        "b + lr * t\n": "b + lr * (t - (w @ x + b))\n",
    },
)
edit(
    "02.3",
    "That is Adaline: it steps at every point, by t − s. Here only mistakes count, by t.",
    {
        "t * (w @ x + b) <= 0": "True",
        "w + lr * t * x": "w + lr * (t - (w @ x + b)) * x",
        "b + lr * t\n": "b + lr * (t - (w @ x + b))\n",
    },
)
edit(
    "02.3",
    "A point is right as soon as t·s > 0; you ask for a score of 1 or more.",
    {"<= 0": "< 1"},
)
edit(
    "02.3",
    "The target is missing from the step: for t = −1 the input is subtracted.",
    {"w + lr * t * x": "w + lr * x", "b + lr * t\n": "b + lr\n"},
)


@wrong("02.3", "You step again and again until the point is right; one step is asked for.")
def update(w, b, x, t, lr):
    while t * (w @ x + b) <= 0:
        w, b = w + lr * t * x, b + lr * t
    return w, b


@right("02.3", "with predictions of +1, −1 and 0, and loops")
def update(w, b, x, t, lr):
    score = b
    for w_j, x_j in zip(w, x, strict=True):
        score += w_j * x_j
    predicted = 1 if score > 0 else -1 if score < 0 else 0
    if predicted != t:
        w = [w_j + lr * t * x_j for w_j, x_j in zip(w, x, strict=True)]
        b = b + lr * t
    return w, b


@right("02.3", "with the bias as one more weight, and in place")
def update(w, b, x, t, lr):
    v, z = np.append(w, b), np.append(x, 1.0)
    mistake = np.dot(v, z) * t <= 0
    v += lr * mistake * t * z
    return v[:-1], v[-1]


# 02.4 The training loop, without weights

edit(
    "02.4",
    "With < 0 nothing is ever a mistake at zero weights: a score of 0 counts as one.",
    {"<= 0": "< 0"},
)
edit(
    "02.4",
    "The bias is missing from the score: it is the sum of all counts times targets.",
    {" + signed.sum()": ""},
)
edit(
    "02.4",
    "You compute all scores before the epoch; each point has to see the latest counts.",
    {
        "            signed = counts * t\n": "",
        "        mistakes = 0\n": "        mistakes, signed = 0, counts * t\n",
    },
)
edit(
    "02.4",
    "A mistake adds t·x, not x: the targets are missing from your sums.",
    {"signed = counts * t": "signed = counts"},
)
edit(
    "02.4",
    "A mistake is a score with the wrong sign, t·s ≤ 0; you look at s alone.",
    {"t[i] * (": "("},
)
edit(
    "02.4",
    "You mark each point that was a mistake; count how often it was one.",
    {"counts[i] += 1": "counts[i] = 1"},
)
edit(
    "02.4",
    "After a mistake you go back to the first point; an epoch goes on to the next one.",
    {"mistakes += 1\n": "mistakes += 1\n                break\n"},
)
edit(
    "02.4",
    "All points share the weights: your score of a point knows its own mistakes only.",
    {"signed @ G[:, i]": "signed[i] * G[i, i]"},
)
edit(
    "02.4",
    "The bias is subtracted; with w·x + b it is added to the score.",
    {"+ signed.sum()": "- signed.sum()"},
)
edit(
    "02.4",
    "The epoch without a mistake was made, too: it counts.",
    {"return counts, epochs": "return counts, epochs - (mistakes == 0)"},
)
edit(
    "02.4",
    "The second value is the number of epochs, not of mistakes.",
    {"return counts, epochs": "return counts, int(counts.sum())"},
)
edit(
    "02.4",
    "You go through the points once; go on until an epoch has no mistake.",
    {"mistakes == 0": "True"},
)
edit(
    "02.4",
    "You start anew in every epoch; set the counts to 0 once, before the loops.",
    {"        mistakes = 0\n": "        mistakes, counts = 0, 0 * counts\n"},
)
edit(
    "02.4",
    "You stop at the first point that is right; a whole epoch has to be right.",
    {
        "mistakes += 1\n": (
            "mistakes += 1\n            else:\n                return counts, epochs\n"
        )
    },
)


@right("02.4", "with scores that are kept up to date")
def train(G, t, max_epochs):
    scores, counts = np.zeros(len(t)), np.zeros(len(t))
    epochs, clean = 0, False
    while epochs < max_epochs and not clean:
        clean, epochs = True, epochs + 1
        for i, t_i in enumerate(t):
            if t_i * scores[i] <= 0:
                scores += t_i * (G[i] + 1)
                counts[i] += 1
                clean = False
    return counts, epochs


@right("02.4", "with plain lists, and the constant input in the scalar products")
def train(G, t, max_epochs):
    N = len(t)
    products = [[float(G[i, j]) + 1.0 for j in range(N)] for i in range(N)]
    counts = [0] * N
    for epochs in range(max_epochs):
        before = sum(counts)
        for i in range(N):
            score = sum(m * s * p for m, s, p in zip(counts, t, products[i], strict=True))
            if not ((score > 0 and t[i] > 0) or (score < 0 and t[i] < 0)):
                counts[i] += 1
        if sum(counts) == before:
            return counts, epochs + 1
    return counts, max_epochs


# 02.5 How many mistakes at most?

edit(
    "02.5",
    "This is the smallest t·score; divide by the length of w to get a distance.",
    {" / np.linalg.norm(w)\n": "\n"},
)
edit(
    "02.5",
    "You took distances without their signs: a point on the wrong side counts negative.",
    {"np.min(t * (x @ w + b))": "np.min(np.abs(x @ w + b))"},
)
edit(
    "02.5",
    "The target is missing: the points of the class −1 have negative scores when right.",
    {"t * (x @ w + b)": "x @ w + b"},
)
edit(
    "02.5",
    "You averaged; the margin is that of the worst point, a minimum.",
    {"np.min(t * (x @ w + b))": "np.mean(t * (x @ w + b))"},
)
edit(
    "02.5",
    "You took the farthest point; the margin is that of the worst point, a minimum.",
    {"np.min(t * (x @ w + b))": "np.max(t * (x @ w + b))"},
)
edit(
    "02.5",
    "A point on the wrong side makes the margin negative; yours is never below 0.",
    {
        "np.min(t * (x @ w + b)) / np.linalg.norm(w)": (
            "max(0.0, np.min(t * (x @ w + b)) / np.linalg.norm(w))"
        )
    },
)
edit(
    "02.5",
    "The bias is no part of the length by which a distance between points is measured.",
    {"np.linalg.norm(w)\n": "np.linalg.norm(np.append(w, b))\n"},
)
edit("02.5", "The bias is missing from the score of the margin.", {"(x @ w + b)": "(x @ w)"})
edit(
    "02.5",
    "The bias is subtracted in the score of the margin; with a bias it is added.",
    {"(x @ w + b)": "(x @ w - b)"},
)
edit(
    "02.5",
    "You divided by the squared length of w; its length is the square root of that.",
    {"np.linalg.norm(w)\n": "np.sum(w**2)\n"},
)
edit(
    "02.5",
    "Without axis=1 the norm is one number for the whole matrix; R is the longest row.",
    {"np.max(np.linalg.norm(x_ext, axis=1))": "np.linalg.norm(x_ext)"},
)
edit(
    "02.5",
    "With axis=0 you measure the columns; R is the longest row, which is a point: axis=1.",
    {"axis=1": "axis=0"},
)
edit(
    "02.5",
    "R is the largest length of a point; you took the smallest or the mean.",
    {"np.max(np.linalg": "np.mean(np.linalg"},
)
edit(
    "02.5",
    "γ is the minimum over the points; you took the largest value.",
    {"np.min(t * (x_ext @ w_ext))": "np.max(t * (x_ext @ w_ext))"},
)
edit(
    "02.5",
    "R belongs to the extended points (x, 1): the constant input adds 1 to each ‖x‖².",
    {"norm(x_ext, axis=1)": "norm(x, axis=1)"},
)
edit(
    "02.5",
    "γ belongs to the extended weights (w, b): their length holds the bias as well.",
    {"np.linalg.norm(w_ext)": "np.linalg.norm(x_ext[0, :0].sum() + w)"},
)
edit(
    "02.5",
    "R and γ are those of the plain points; extend both, x by 1 and w by b.",
    {"np.linalg.norm(w_ext)": "np.linalg.norm(1.0 * w)", "norm(x_ext, axis=1)": "norm(x, axis=1)"},
)
edit(
    "02.5",
    "In γ you subtract b, as a constant input −1 does; with a bias the constant input is +1.",
    {"np.ones(len(x))": "-np.ones(len(x))"},
)
edit(
    "02.5",
    "γ is not divided by the length of the weights, and so depends on their scale.",
    {" / np.linalg.norm(w_ext)": ""},
)
edit(
    "02.5",
    "If γ is negative there is no bound; squaring hides its sign, so look before.",
    {"gamma <= 0": "gamma == 0"},
)
edit(
    "02.5",
    "A line that does not separate gives no bound: that is infinity, not 0.",
    {"return np.inf": "return 0.0"},
)


@right("02.5", "with loops over the points")
class cell:
    def margin(x, t, w, b):
        length = sum(w_j**2 for w_j in w) ** 0.5
        return min(t_i * (x_i @ w + b) / length for x_i, t_i in zip(x, t, strict=True))

    def mistake_bound(x, t, w, b):
        smallest = min(t_i * (x_i @ w + b) for x_i, t_i in zip(x, t, strict=True))
        if smallest <= 0:
            return float("inf")
        longest = max(x_i @ x_i + 1 for x_i in x)
        return longest * (w @ w + b * b) / smallest**2


@right("02.5", "with signed points")
class cell:
    def margin(x, t, w, b):
        unit = w / np.linalg.norm(w)
        return np.sort(t * (x @ unit) + t * b / np.sqrt(w @ w))[0]

    def mistake_bound(x, t, w, b):
        z = np.hstack([x, np.ones((len(x), 1))]) * t[:, np.newaxis]
        v = np.append(w, b)
        gamma = (z @ v).min() / np.linalg.norm(v)
        return (z**2).sum(axis=1).max() / gamma**2 if gamma > 0 else np.inf


# 02.6 Going round in circles

edit(
    "02.6",
    "You compare the weights alone; a state is the weights and the bias.",
    {
        "[(*w.tolist(), b)]": "[(*w.tolist(),)]",
        "state = (*w.tolist(), b)": "state = (*w.tolist(),)",
    },
)
edit(
    "02.6",
    "You compare with the last epoch only, and so find no cycle longer than one epoch.",
    {"if state in states": "if state == states[-1]"},
)
edit(
    "02.6",
    "Your epochs use the same weights for all points; update at once, point after point.",
    {
        "changes = 0\n": "changes, old_w, old_b = 0, w, b\n",
        "(w @ x_i + b)": "(old_w @ x_i + old_b)",
    },
)


@wrong("02.6", "w += … changes the very array that your list holds, in all entries: keep copies.")
def find_cycle(x, t, max_epochs):
    w, b, updates = np.zeros(x.shape[1]), 0.0, []
    states = [(w, b)]
    for _ in range(max_epochs):
        changes = 0
        for x_i, t_i in zip(x, t, strict=True):
            if t_i * (w @ x_i + b) <= 0:
                w += t_i * x_i
                b += t_i
                changes += 1
        updates.append(changes)
        for j, (old_w, old_b) in enumerate(states):
            if np.array_equal(w, old_w) and b == old_b:
                return j, len(states) - j, sum(updates[j:])
        states.append((w, b))
    return None


edit(
    "02.6",
    "You return where the state came back, k; the second number is the length, k − j.",
    {"len(states) - j": "len(states)"},
)
edit(
    "02.6",
    "The start is a state too, state 0: it is missing from your list.",
    {"[(*w.tolist(), b)]": "[]", "updates[j:]": "updates[j + 1:]"},
)
edit(
    "02.6",
    "You add up the updates since the start; those before the cycle don't belong to it.",
    {"updates[j:]": "updates"},
)
edit(
    "02.6",
    "The first epoch of the cycle is missing from your sum: epoch 1 stands at index 0.",
    {"updates[j:]": "updates[j + 1:]"},
)
edit(
    "02.6",
    "Those are the updates of the last epoch; the cycle may have several epochs.",
    {"sum(updates[j:])": "changes"},
)


@wrong("02.6", "You look at the state after each point; only the ends of epochs count.")
def find_cycle(x, t, max_epochs):
    w, b, updates = np.zeros(x.shape[1]), 0.0, []
    states = [(*w.tolist(), b)]
    for _ in range(max_epochs):
        for x_i, t_i in zip(x, t, strict=True):
            mistake = t_i * (w @ x_i + b) <= 0
            if mistake:
                w, b = w + t_i * x_i, b + float(t_i)
            updates.append(int(mistake))
            state = (*w.tolist(), b)
            if state in states:
                j = states.index(state)
                return j, len(states) - j, sum(updates[j:])
            states.append(state)
    return None


@wrong("02.6", "You look at the state after each update; only the ends of epochs count.")
def find_cycle(x, t, max_epochs):
    w, b = np.zeros(x.shape[1]), 0.0
    states = [(*w.tolist(), b)]
    for _ in range(max_epochs):
        for x_i, t_i in zip(x, t, strict=True):
            if t_i * (w @ x_i + b) <= 0:
                w, b = w + t_i * x_i, b + float(t_i)
                state = (*w.tolist(), b)
                if state in states:
                    j = states.index(state)
                    return j, len(states) - j, len(states) - j
                states.append(state)
    return None


edit(
    "02.6",
    "You stop when an epoch is free of mistakes; that is a cycle too, without updates.",
    {"changes += 1\n": "changes += 1\n        if changes == 0:\n            return None\n"},
)
edit(
    "02.6",
    "With < 0 the perceptron never leaves the start: a score of 0 counts as a mistake.",
    {"<= 0": "< 0"},
)
edit(
    "02.6",
    "You give up one epoch too early: a state that comes back in the last epoch counts.",
    {"range(max_epochs)": "range(max_epochs - 1)"},
)


@right("02.6", "with a dict of states and a running count")
def find_cycle(x, t, max_epochs):
    v, total = np.zeros(x.shape[1] + 1), 0
    z = np.column_stack([x, np.ones(len(x))]) * t[:, np.newaxis]
    seen = {v.tobytes(): (0, 0)}
    for epoch in range(1, max_epochs + 1):
        for z_i in z:
            if v @ z_i <= 0:
                v = v + z_i
                total += 1
        key = (v + 0.0).tobytes()  # + 0.0 makes -0.0 and 0.0 the same
        if key in seen:
            start, before = seen[key]
            return start, epoch - start, total - before
        seen[key] = epoch, total
    return None


@right("02.6", "with an array of states that is searched")
def find_cycle(x, t, max_epochs):
    states = np.zeros((max_epochs + 1, x.shape[1] + 1))
    updates = np.zeros(max_epochs + 1, dtype=int)
    w, b = np.zeros(x.shape[1]), 0
    for k in range(1, max_epochs + 1):
        for i in range(len(x)):
            if t[i] * (x[i] @ w + b) <= 0:
                w += t[i] * x[i]
                b += t[i]
                updates[k] += 1
        states[k] = [*w, b]
        same = np.flatnonzero((states[:k] == states[k]).all(axis=1))
        if same.size:
            j = int(same[0])
            return j, k - j, int(updates[j + 1 : k + 1].sum())
    return None
