"""Known answers to exercise 10: the mistakes that people make, and other right ways."""

import numpy as np

from coursekit.grading import right, wrong

# 10.1 How many units are there?


@wrong("10.1", "You compare the incoming weights only; bias and outgoing weights count too.")
def different_units(W1, b1, W2):
    return len(np.unique(W1.T.round(6), axis=0))


@wrong("10.1", "You compare bit by bit; numbers that rounding has parted count as equal.")
def different_units(W1, b1, W2):
    return len(np.unique(np.vstack([W1, b1, W2.T]).T, axis=0))


@wrong("10.1", "You count the units that have no copy; a group of copies counts as one as well.")
def different_units(W1, b1, W2):
    units = np.vstack([W1, b1, W2.T]).T.round(6)
    counts = np.unique(units, axis=0, return_counts=True)[1]
    return int((counts == 1).sum())


@wrong("10.1", "You compare the rows of W1, which are inputs; a hidden unit is a column of it.")
def different_units(W1, b1, W2):
    return len(np.unique(W1.round(6), axis=0))


@wrong("10.1", "You left out the bias: two units with different biases are different.")
def different_units(W1, b1, W2):
    return len(np.unique(np.vstack([W1, W2.T]).T.round(6), axis=0))


@wrong("10.1", "You left out the outgoing weights, the rows of W2.")
def different_units(W1, b1, W2):
    return len(np.unique(np.vstack([W1, b1]).T.round(6), axis=0))


@wrong("10.1", "You compare each unit with the one before it only; a copy may stand further away.")
def different_units(W1, b1, W2):
    units = np.vstack([W1, b1, W2.T]).T
    return 1 + int((np.abs(np.diff(units, axis=0)).max(axis=1) > 1e-6).sum())


@wrong("10.1", "Your comparison is too generous: 0.0001 is a difference, and only 10⁻⁶ is none.")
def different_units(W1, b1, W2):
    return len(np.unique(np.vstack([W1, b1, W2.T]).T.round(3), axis=0))


@wrong("10.1", "Two units are the same if all their numbers are; for you one equal is enough.")
def different_units(W1, b1, W2):
    found = []
    for unit in np.vstack([W1, b1, W2.T]).T:
        if all(np.abs(unit - other).min() > 1e-6 for other in found):
            found.append(unit)
    return len(found)


@wrong("10.1", "A difference may be negative: take its absolute value before you compare it.")
def different_units(W1, b1, W2):
    found = []
    for unit in np.vstack([W1, b1, W2.T]).T:
        if all((unit - other).max() > 1e-6 for other in found):
            found.append(unit)
    return len(found)


@wrong("10.1", "You count how many copies there are; asked is how many different units.")
def different_units(W1, b1, W2):
    return len(b1) - len(np.unique(np.vstack([W1, b1, W2.T]).T.round(6), axis=0))


@right("10.1", "with rounding and np.unique")
def different_units(W1, b1, W2):
    return len(np.unique(np.vstack([W1, b1, W2.T]).round(6), axis=1).T)


@right("10.1", "with all pairs at once")
def different_units(W1, b1, W2):
    units = np.concatenate([W1.T, b1[:, None], W2], axis=1)
    same = np.isclose(units[:, None], units[None], rtol=0, atol=1e-6).all(axis=2)
    first = same.argmax(axis=1)  # the first unit that equals this one
    return int((first == np.arange(len(b1))).sum())


@right("10.1", "with plain loops")
def different_units(W1, b1, W2):
    count = 0
    for k in range(len(b1)):
        new = True
        for j in range(k):
            gaps = [abs(b1[k] - b1[j]), *abs(W1[:, k] - W1[:, j]), *abs(W2[k] - W2[j])]
            new = new and max(gaps) > 1e-6
        count += new
    return count


# 10.2 LeCun, Glorot, He


@wrong("10.2", "You return the variance; the standard deviation is its root.")
def weight_std(scheme, n_in, n_out, leak):
    if scheme == "lecun":
        return 1 / n_in
    if scheme == "glorot":
        return 2 / (n_in + n_out)
    return 2 / ((1 + leak**2) * n_in)


@wrong("10.2", "He's rule looks at the inputs, not at the units; you took n_out for n_in.")
def weight_std(scheme, n_in, n_out, leak):
    if scheme == "lecun":
        return np.sqrt(1 / n_in)
    if scheme == "glorot":
        return np.sqrt(2 / (n_in + n_out))
    return np.sqrt(2 / ((1 + leak**2) * n_out))


@wrong("10.2", "You have inputs and units exchanged: `W` has the shape (n_in, n_out) here.")
def weight_std(scheme, n_in, n_out, leak):
    if scheme == "lecun":
        return np.sqrt(1 / n_out)
    if scheme == "glorot":
        return np.sqrt(2 / (n_in + n_out))
    return np.sqrt(2 / ((1 + leak**2) * n_out))


@wrong("10.2", "Your Glorot lacks the 2: the mean of n_in and n_out is half of their sum.")
def weight_std(scheme, n_in, n_out, leak):
    if scheme == "lecun":
        return np.sqrt(1 / n_in)
    if scheme == "glorot":
        return np.sqrt(1 / (n_in + n_out))
    return np.sqrt(2 / ((1 + leak**2) * n_in))


@wrong("10.2", "Glorot's 6 is for the end of the uniform distribution; it is not in the variance.")
def weight_std(scheme, n_in, n_out, leak):
    if scheme == "lecun":
        return np.sqrt(1 / n_in)
    if scheme == "glorot":
        return np.sqrt(6 / (n_in + n_out))
    return np.sqrt(2 / ((1 + leak**2) * n_in))


@wrong("10.2", "Glorot takes the mean of n_in and n_out; with 1 / n_in alone it is LeCun's rule.")
def weight_std(scheme, n_in, n_out, leak):
    if scheme == "he":
        return np.sqrt(2 / ((1 + leak**2) * n_in))
    return np.sqrt(1 / n_in)


@wrong("10.2", "Glorot is one over the mean of n_in and n_out, not the mean of 1/n_in and 1/n_out.")
def weight_std(scheme, n_in, n_out, leak):
    if scheme == "lecun":
        return np.sqrt(1 / n_in)
    if scheme == "glorot":
        return np.sqrt((1 / n_in + 1 / n_out) / 2)
    return np.sqrt(2 / ((1 + leak**2) * n_in))


@wrong("10.2", "He's rule has a 2: ReLU throws half of the mean square away.")
def weight_std(scheme, n_in, n_out, leak):
    if scheme == "glorot":
        return np.sqrt(2 / (n_in + n_out))
    return np.sqrt(1 / ((1 + leak**2) * n_in))


@wrong("10.2", "The leak is missing in He's rule: a leaky ReLU lets more through than a plain one.")
def weight_std(scheme, n_in, n_out, leak):
    variances = {"lecun": 1 / n_in, "glorot": 2 / (n_in + n_out), "he": 2 / n_in}
    return np.sqrt(variances[scheme])


@wrong("10.2", "The leak enters squared, because mean squares are compared: 1 + a².")
def weight_std(scheme, n_in, n_out, leak):
    if scheme == "lecun":
        return np.sqrt(1 / n_in)
    if scheme == "glorot":
        return np.sqrt(2 / (n_in + n_out))
    return np.sqrt(2 / ((1 + leak) * n_in))


@wrong("10.2", "With a larger leak more gets through, so the weights shrink: divide by 1 + a².")
def weight_std(scheme, n_in, n_out, leak):
    if scheme == "lecun":
        return np.sqrt(1 / n_in)
    if scheme == "glorot":
        return np.sqrt(2 / (n_in + n_out))
    return np.sqrt(2 * (1 + leak**2) / n_in)


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


@wrong("10.3", "You took the standard deviation for the end a; a is √3 times as large.")
def initial_weights(n_in, n_out, std, distribution, seed):
    rng = np.random.default_rng(seed)
    if distribution == "normal":
        return rng.normal(0, std, (n_in, n_out))
    return rng.uniform(-std, std, (n_in, n_out))


@wrong("10.3", "You passed the variance to `normal`; it takes the standard deviation.")
def initial_weights(n_in, n_out, std, distribution, seed):
    rng = np.random.default_rng(seed)
    if distribution == "normal":
        return rng.normal(0, std**2, (n_in, n_out))
    return rng.uniform(-np.sqrt(3) * std, np.sqrt(3) * std, (n_in, n_out))


@wrong("10.3", "You took the root of `std`, which is the root of the variance already.")
def initial_weights(n_in, n_out, std, distribution, seed):
    rng = np.random.default_rng(seed)
    if distribution == "normal":
        return rng.normal(0, np.sqrt(std), (n_in, n_out))
    return rng.uniform(-np.sqrt(3 * std), np.sqrt(3 * std), (n_in, n_out))


@wrong("10.3", "Your interval begins at 0, so no weight is negative; it reaches from −a to a.")
def initial_weights(n_in, n_out, std, distribution, seed):
    rng = np.random.default_rng(seed)
    if distribution == "normal":
        return rng.normal(0, std, (n_in, n_out))
    return rng.uniform(0, np.sqrt(3) * std, (n_in, n_out))


@wrong("10.3", "`rng.random` gives uniform numbers from 0 to 1: all yours are positive.")
def initial_weights(n_in, n_out, std, distribution, seed):
    return std * np.random.default_rng(seed).random((n_in, n_out))


@wrong("10.3", "The a² / 3 holds for an interval from −a to a; yours is √12 · s wide on each side.")
def initial_weights(n_in, n_out, std, distribution, seed):
    rng = np.random.default_rng(seed)
    if distribution == "normal":
        return rng.normal(0, std, (n_in, n_out))
    return rng.uniform(-np.sqrt(12) * std, np.sqrt(12) * std, (n_in, n_out))


@wrong("10.3", "Three times the standard deviation is too far: a is the root of 3 times it.")
def initial_weights(n_in, n_out, std, distribution, seed):
    rng = np.random.default_rng(seed)
    if distribution == "normal":
        return rng.normal(0, std, (n_in, n_out))
    return rng.uniform(-3 * std, 3 * std, (n_in, n_out))


@wrong("10.3", "Both of your matrices are normal; a uniform one is flat between its ends.")
def initial_weights(n_in, n_out, std, distribution, seed):
    return np.random.default_rng(seed).normal(0, std, (n_in, n_out))


@wrong("10.3", "Both of your matrices are uniform; look at `distribution`.")
def initial_weights(n_in, n_out, std, distribution, seed):
    a = np.sqrt(3) * std
    return np.random.default_rng(seed).uniform(-a, a, (n_in, n_out))


@wrong("10.3", "Your matrix is turned: its shape is (n_in, n_out), inputs first.")
def initial_weights(n_in, n_out, std, distribution, seed):
    rng = np.random.default_rng(seed)
    if distribution == "normal":
        return rng.normal(0, std, (n_out, n_in))
    return rng.uniform(-np.sqrt(3) * std, np.sqrt(3) * std, (n_out, n_in))


@wrong("10.3", "You leave the seed unused, so each call draws other weights.")
def initial_weights(n_in, n_out, std, distribution, seed):
    rng = np.random.default_rng()
    if distribution == "normal":
        return rng.normal(0, std, (n_in, n_out))
    return rng.uniform(-np.sqrt(3) * std, np.sqrt(3) * std, (n_in, n_out))


@wrong("10.3", "You write the same seed into the function; use the one that is passed.")
def initial_weights(n_in, n_out, std, distribution, seed):
    rng = np.random.default_rng(0)
    if distribution == "normal":
        return rng.normal(0, std, (n_in, n_out))
    return rng.uniform(-np.sqrt(3) * std, np.sqrt(3) * std, (n_in, n_out))


@wrong("10.3", "All your units are copies of one: draw every weight, from one generator.")
def initial_weights(n_in, n_out, std, distribution, seed):
    rng = np.random.default_rng(seed)
    if distribution == "normal":
        column = rng.normal(0, std, (n_in, 1))
    else:
        column = rng.uniform(-np.sqrt(3) * std, np.sqrt(3) * std, (n_in, 1))
    return np.repeat(column, n_out, axis=1)


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


# 10.4 The growth, derived


@wrong("10.4", "Exchanged: forwards the sums run over the inputs, backwards over the units.")
def growth(widths, stds, leak):
    each = np.array(stds) ** 2 * (1 + leak**2) / 2
    return np.prod(np.array(widths[1:]) * each), np.prod(np.array(widths[:-1]) * each)


@wrong("10.4", "The weights enter by their variance, the square of the standard deviation.")
def growth(widths, stds, leak):
    each = np.array(stds) * (1 + leak**2) / 2
    return np.prod(np.array(widths[:-1]) * each), np.prod(np.array(widths[1:]) * each)


@wrong("10.4", "The leaky ReLU is missing: it lets only a part of the mean square through.")
def growth(widths, stds, leak):
    each = np.array(stds) ** 2
    return np.prod(np.array(widths[:-1]) * each), np.prod(np.array(widths[1:]) * each)


@wrong("10.4", "The leaky ReLU takes its part in every layer, not once for the whole chain.")
def growth(widths, stds, leak):
    each, part = np.array(stds) ** 2, (1 + leak**2) / 2
    forward, backward = np.prod(widths[:-1] * each), np.prod(widths[1:] * each)
    return part * forward, part * backward


@wrong("10.4", "On the way back the slopes of the leaky ReLU count as well.")
def growth(widths, stds, leak):
    each, part = np.array(stds) ** 2, (1 + leak**2) / 2
    return np.prod(widths[:-1] * each * part), np.prod(widths[1:] * each)


@wrong("10.4", "The leak enters squared, because mean squares are compared: ½ (1 + a²).")
def growth(widths, stds, leak):
    each = np.array(stds) ** 2 * (1 + leak) / 2
    return np.prod(widths[:-1] * each), np.prod(widths[1:] * each)


@wrong("10.4", "You take the plain ReLU's half; with a leak more gets through.")
def growth(widths, stds, leak):
    each = np.array(stds) ** 2 / 2
    return np.prod(widths[:-1] * each), np.prod(widths[1:] * each)


@wrong("10.4", "The layers' factors are multiplied, not added.")
def growth(widths, stds, leak):
    each = np.array(stds) ** 2 * (1 + leak**2) / 2
    return np.sum(widths[:-1] * each), np.sum(widths[1:] * each)


@wrong("10.4", "You return the change of the size, its root; asked is that of the mean square.")
def growth(widths, stds, leak):
    each = np.array(stds) ** 2 * (1 + leak**2) / 2
    return np.sqrt(np.prod(widths[:-1] * each)), np.sqrt(np.prod(widths[1:] * each))


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


@wrong("10.5", "The standard deviation subtracts the mean, and outputs of ReLU have one.")
def sizes(x, weights, error):
    forward, scores = [np.std(x)], []
    for W in weights:
        scores.append(x @ W)
        x = np.maximum(scores[-1], 0)
        forward.append(np.std(x))
    backward = [np.std(error)]
    for W, z in zip(weights[::-1], scores[::-1], strict=True):
        error = (error * (z > 0)) @ W.T
        backward.insert(0, np.std(error))
    return forward, backward


@wrong("10.5", "The errors' sizes are in the wrong order: the first belongs to the inputs.")
def sizes(x, weights, error):
    def size(v):
        return np.sqrt(np.mean(v**2))

    forward, scores = [size(x)], []
    for W in weights:
        scores.append(x @ W)
        x = np.maximum(scores[-1], 0)
        forward.append(size(x))
    backward = [size(error)]
    for W, z in zip(weights[::-1], scores[::-1], strict=True):
        error = (error * (z > 0)) @ W.T
        backward.append(size(error))
    return forward, backward


@wrong("10.5", "On the way back ReLU's slope is missing: where z ≤ 0, no error gets through.")
def sizes(x, weights, error):
    def size(v):
        return np.sqrt(np.mean(v**2))

    forward = [size(x)]
    for W in weights:
        x = np.maximum(x @ W, 0)
        forward.append(size(x))
    backward = [size(error)]
    for W in weights[::-1]:
        error = error @ W.T
        backward.insert(0, size(error))
    return forward, backward


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


@wrong("10.5", "On the way back the weights are transposed: errors go from units to inputs.")
def sizes(x, weights, error):
    def size(v):
        return np.sqrt(np.mean(v**2))

    forward, scores = [size(x)], []
    for W in weights:
        scores.append(x @ W)
        x = np.maximum(scores[-1], 0)
        forward.append(size(x))
    backward = [size(error)]
    for W, z in zip(weights[::-1], scores[::-1], strict=True):
        error = (error * (z > 0)) @ W
        backward.insert(0, size(error))
    return forward, backward


@wrong("10.5", "You took the mean of the absolute values; the size is the root of the mean square.")
def sizes(x, weights, error):
    def size(v):
        return np.mean(np.abs(v))

    forward, scores = [size(x)], []
    for W in weights:
        scores.append(x @ W)
        x = np.maximum(scores[-1], 0)
        forward.append(size(x))
    backward = [size(error)]
    for W, z in zip(weights[::-1], scores[::-1], strict=True):
        error = (error * (z > 0)) @ W.T
        backward.insert(0, size(error))
    return forward, backward


@wrong("10.5", "You return mean squares; the size is the root of that.")
def sizes(x, weights, error):
    def size(v):
        return np.mean(v**2)

    forward, scores = [size(x)], []
    for W in weights:
        scores.append(x @ W)
        x = np.maximum(scores[-1], 0)
        forward.append(size(x))
    backward = [size(error)]
    for W, z in zip(weights[::-1], scores[::-1], strict=True):
        error = (error * (z > 0)) @ W.T
        backward.insert(0, size(error))
    return forward, backward


@wrong("10.5", "The norm is a sum; the size is a mean, to compare wide layers with narrow ones.")
def sizes(x, weights, error):
    size = np.linalg.norm
    forward, scores = [size(x)], []
    for W in weights:
        scores.append(x @ W)
        x = np.maximum(scores[-1], 0)
        forward.append(size(x))
    backward = [size(error)]
    for W, z in zip(weights[::-1], scores[::-1], strict=True):
        error = (error * (z > 0)) @ W.T
        backward.insert(0, size(error))
    return forward, backward


@wrong("10.5", "You measure the scores; the signal's size is that of the outputs, behind ReLU.")
def sizes(x, weights, error):
    def size(v):
        return np.sqrt(np.mean(v**2))

    forward, scores = [size(x)], []
    for W in weights:
        scores.append(x @ W)
        x = np.maximum(scores[-1], 0)
        forward.append(size(scores[-1]))
    backward = [size(error)]
    for W, z in zip(weights[::-1], scores[::-1], strict=True):
        error = (error * (z > 0)) @ W.T
        backward.insert(0, size(error))
    return forward, backward


@wrong("10.5", "ReLU is missing on the way forwards: the next layer gets max(0, z), not z.")
def sizes(x, weights, error):
    def size(v):
        return np.sqrt(np.mean(v**2))

    forward, scores = [size(x)], []
    for W in weights:
        x = x @ W
        scores.append(x)
        forward.append(size(x))
    backward = [size(error)]
    for W, z in zip(weights[::-1], scores[::-1], strict=True):
        error = (error * (z > 0)) @ W.T
        backward.insert(0, size(error))
    return forward, backward


@wrong("10.5", "The ends are missing: L layers have L + 1 sizes, input and last error included.")
def sizes(x, weights, error):
    def size(v):
        return np.sqrt(np.mean(v**2))

    forward, scores = [], []
    for W in weights:
        scores.append(x @ W)
        x = np.maximum(scores[-1], 0)
        forward.append(size(x))
    backward = []
    for W, z in zip(weights[::-1], scores[::-1], strict=True):
        error = (error * (z > 0)) @ W.T
        backward.insert(0, size(error))
    return forward, backward


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


@wrong("10.6", "The plain mean of outputs of both signs is near 0 in any network: square first.")
def diagnose(outputs):
    if any(np.abs(y - y[:, :1]).max() <= 1e-9 for y in outputs):
        return "identical"
    if np.mean(outputs[-1]) < np.mean(outputs[0]) / 100:
        return "dying"
    if any(np.mean(np.abs(y) > 0.95) > 0.5 for y in outputs):
        return "saturated"
    return "healthy"


@wrong("10.6", "Outputs are saturated below −0.95 as well; you look at the upper end only.")
def diagnose(outputs):
    if any(np.abs(y - y[:, :1]).max() <= 1e-9 for y in outputs):
        return "identical"
    if np.mean(outputs[-1] ** 2) < np.mean(outputs[0] ** 2) / 10_000:
        return "dying"
    if any(np.mean(y > 0.95) > 0.5 for y in outputs):
        return "saturated"
    return "healthy"


@wrong("10.6", "One saturated output does not make a layer saturated; more than half of them do.")
def diagnose(outputs):
    if any(np.abs(y - y[:, :1]).max() <= 1e-9 for y in outputs):
        return "identical"
    if np.mean(outputs[-1] ** 2) < np.mean(outputs[0] ** 2) / 10_000:
        return "dying"
    if any(np.abs(y).max() > 0.95 for y in outputs):
        return "saturated"
    return "healthy"


@wrong("10.6", "You look for saturation in the last layer only; it blocks the way in any layer.")
def diagnose(outputs):
    if any(np.abs(y - y[:, :1]).max() <= 1e-9 for y in outputs):
        return "identical"
    if np.mean(outputs[-1] ** 2) < np.mean(outputs[0] ** 2) / 10_000:
        return "dying"
    return "saturated" if np.mean(np.abs(outputs[-1]) > 0.95) > 0.5 else "healthy"


@wrong("10.6", "Compare the columns, which are units; you compare the rows, which are examples.")
def diagnose(outputs):
    if any(np.abs(y - y[:1]).max() <= 1e-9 for y in outputs):
        return "identical"
    if np.mean(outputs[-1] ** 2) < np.mean(outputs[0] ** 2) / 10_000:
        return "dying"
    if any(np.mean(np.abs(y) > 0.95) > 0.5 for y in outputs):
        return "saturated"
    return "healthy"


@wrong("10.6", "Identical units come first: with large equal weights they are saturated as well.")
def diagnose(outputs):
    if any(np.mean(np.abs(y) > 0.95) > 0.5 for y in outputs):
        return "saturated"
    if np.mean(outputs[-1] ** 2) < np.mean(outputs[0] ** 2) / 10_000:
        return "dying"
    if any(np.abs(y - y[:, :1]).max() <= 1e-9 for y in outputs):
        return "identical"
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


@wrong("10.6", "A hundredth of the size is a ten-thousandth of the mean square; take the root.")
def diagnose(outputs):
    if any(np.abs(y - y[:, :1]).max() <= 1e-9 for y in outputs):
        return "identical"
    if np.mean(outputs[-1] ** 2) < np.mean(outputs[0] ** 2) / 100:
        return "dying"
    if any(np.mean(np.abs(y) > 0.95) > 0.5 for y in outputs):
        return "saturated"
    return "healthy"


@wrong("10.6", "Compare the last layer with the first; you compare it with a fixed number.")
def diagnose(outputs):
    if any(np.abs(y - y[:, :1]).max() <= 1e-9 for y in outputs):
        return "identical"
    if np.sqrt(np.mean(outputs[-1] ** 2)) < 0.01:
        return "dying"
    if any(np.mean(np.abs(y) > 0.95) > 0.5 for y in outputs):
        return "saturated"
    return "healthy"


@wrong("10.6", "Copies in some layer are enough; you ask for copies in every layer.")
def diagnose(outputs):
    if all(np.abs(y - y[:, :1]).max() <= 1e-9 for y in outputs):
        return "identical"
    if np.mean(outputs[-1] ** 2) < np.mean(outputs[0] ** 2) / 10_000:
        return "dying"
    if any(np.mean(np.abs(y) > 0.95) > 0.5 for y in outputs):
        return "saturated"
    return "healthy"


@wrong("10.6", "Units count as alike up to 10⁻⁹; you ask for equality to the last bit.")
def diagnose(outputs):
    if any((y == y[:, :1]).all() for y in outputs):
        return "identical"
    if np.mean(outputs[-1] ** 2) < np.mean(outputs[0] ** 2) / 10_000:
        return "dying"
    if any(np.mean(np.abs(y) > 0.95) > 0.5 for y in outputs):
        return "saturated"
    return "healthy"


@wrong("10.6", "A difference may be negative: take its absolute value before you compare it.")
def diagnose(outputs):
    if any((y - y[:, :1]).max() <= 1e-9 for y in outputs):
        return "identical"
    if np.mean(outputs[-1] ** 2) < np.mean(outputs[0] ** 2) / 10_000:
        return "dying"
    if any(np.mean(np.abs(y) > 0.95) > 0.5 for y in outputs):
        return "saturated"
    return "healthy"


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
