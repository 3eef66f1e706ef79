"""Known answers to exercise 11: the mistakes that people make, and other right ways."""

from itertools import pairwise

import numpy as np

from coursekit.grading import right, wrong

# 11.1 A network that reads digits


@wrong("11.1", "That is Glorot's variance, 2 / (n_in + n_out); He's is 2 / n_in.")
def start(widths, seed):
    rng = np.random.default_rng(seed)
    layers = []
    for n_in, n_out in pairwise(widths):
        W = rng.normal(0.0, np.sqrt(2 / (n_in + n_out)), size=(n_in, n_out))
        layers.append((W, np.zeros(n_out)))
    return layers


@wrong("11.1", "2 / n_in is the variance; rng.normal wants its root, the standard deviation.")
def start(widths, seed):
    rng = np.random.default_rng(seed)
    layers = []
    for n_in, n_out in pairwise(widths):
        layers.append((rng.normal(0.0, 2 / n_in, size=(n_in, n_out)), np.zeros(n_out)))
    return layers


@wrong("11.1", "Your variance is 1 / n_in: the 2 that makes up for ReLU is missing.")
def start(widths, seed):
    rng = np.random.default_rng(seed)
    layers = []
    for n_in, n_out in pairwise(widths):
        W = rng.normal(0.0, np.sqrt(1 / n_in), size=(n_in, n_out))
        layers.append((W, np.zeros(n_out)))
    return layers


@wrong(
    "11.1", "All weights are zero: the hidden neurons stay equal, and ReLU lets nothing through."
)
def start(widths, seed):
    layers = []
    for n_in, n_out in pairwise(widths):
        layers.append((np.zeros((n_in, n_out)), np.zeros(n_out)))
    return layers


@wrong("11.1", "You make a new generator for each layer, so layers of one shape start equal.")
def start(widths, seed):
    layers = []
    for n_in, n_out in pairwise(widths):
        rng = np.random.default_rng(seed)
        W = rng.normal(0.0, np.sqrt(2 / n_in), size=(n_in, n_out))
        layers.append((W, np.zeros(n_out)))
    return layers


@wrong("11.1", "The seed is not used: make the generator from it.")
def start(widths, seed):
    layers = []
    for n_in, n_out in pairwise(widths):
        W = np.random.default_rng().normal(0.0, np.sqrt(2 / n_in), size=(n_in, n_out))
        layers.append((W, np.zeros(n_out)))
    return layers


@wrong("11.1", "Your loss is the sum over the points; the mean is asked for.")
def loss_and_gradients(layers, x, t):
    inputs, sums = [x], []
    for W, b in layers:
        sums.append(dense(inputs[-1], W, b))
        inputs.append(relu(sums[-1]))
    y, rows = sums[-1], np.arange(len(t))
    shifted = y - y.max(axis=1, keepdims=True)
    loss = np.sum(np.log(np.exp(shifted).sum(axis=1)) - shifted[rows, t])
    dy = softmax(y)
    dy[rows, t] -= 1
    dy /= len(t)
    grads = []
    for k in range(len(layers) - 1, -1, -1):
        dx, dW, db = dense_backward(dy, inputs[k], layers[k][0])
        grads.insert(0, (dW, db))
        if k > 0:
            dy = relu_backward(dx, sums[k - 1])
    return loss, grads


@wrong(
    "11.1",
    "The loss is a mean, so its error is divided by N; your gradients are N times too large.",
)
def loss_and_gradients(layers, x, t):
    inputs, sums = [x], []
    for W, b in layers:
        sums.append(dense(inputs[-1], W, b))
        inputs.append(relu(sums[-1]))
    y, rows = sums[-1], np.arange(len(t))
    shifted = y - y.max(axis=1, keepdims=True)
    loss = np.mean(np.log(np.exp(shifted).sum(axis=1)) - shifted[rows, t])
    dy = softmax(y)
    dy[rows, t] -= 1
    grads = []
    for k in range(len(layers) - 1, -1, -1):
        dx, dW, db = dense_backward(dy, inputs[k], layers[k][0])
        grads.insert(0, (dW, db))
        if k > 0:
            dy = relu_backward(dx, sums[k - 1])
    return loss, grads


@wrong("11.1", "The way back leaves out ReLU: use relu_backward between two layers.")
def loss_and_gradients(layers, x, t):
    inputs, sums = [x], []
    for W, b in layers:
        sums.append(dense(inputs[-1], W, b))
        inputs.append(relu(sums[-1]))
    y, rows = sums[-1], np.arange(len(t))
    shifted = y - y.max(axis=1, keepdims=True)
    loss = np.mean(np.log(np.exp(shifted).sum(axis=1)) - shifted[rows, t])
    dy = softmax(y)
    dy[rows, t] -= 1
    dy /= len(t)
    grads = []
    for k in range(len(layers) - 1, -1, -1):
        dy, dW, db = dense_backward(dy, inputs[k], layers[k][0])
        grads.insert(0, (dW, db))
    return loss, grads


@wrong("11.1", "After the last layer stands no ReLU: its sums are the logits.")
def loss_and_gradients(layers, x, t):
    inputs, sums = [x], []
    for W, b in layers:
        sums.append(dense(inputs[-1], W, b))
        inputs.append(relu(sums[-1]))
    y, rows = inputs[-1], np.arange(len(t))
    shifted = y - y.max(axis=1, keepdims=True)
    loss = np.mean(np.log(np.exp(shifted).sum(axis=1)) - shifted[rows, t])
    dy = softmax(y)
    dy[rows, t] -= 1
    dy /= len(t)
    grads = []
    for k in range(len(layers) - 1, -1, -1):
        dy = relu_backward(dy, sums[k])
        dy, dW, db = dense_backward(dy, inputs[k], layers[k][0])
        grads.insert(0, (dW, db))
    return loss, grads


@wrong(
    "11.1", "The gradients come in the order of the way back; return them in that of the layers."
)
def loss_and_gradients(layers, x, t):
    inputs, sums = [x], []
    for W, b in layers:
        sums.append(dense(inputs[-1], W, b))
        inputs.append(relu(sums[-1]))
    y, rows = sums[-1], np.arange(len(t))
    shifted = y - y.max(axis=1, keepdims=True)
    loss = np.mean(np.log(np.exp(shifted).sum(axis=1)) - shifted[rows, t])
    dy = softmax(y)
    dy[rows, t] -= 1
    dy /= len(t)
    grads = []
    for k in range(len(layers) - 1, -1, -1):
        dx, dW, db = dense_backward(dy, inputs[k], layers[k][0])
        grads.append((dW, db))
        if k > 0:
            dy = relu_backward(dx, sums[k - 1])
    return loss, grads


@wrong("11.1", "The logarithm of a probability that has become 0 is infinite: use the logits.")
def loss_and_gradients(layers, x, t):
    inputs, sums = [x], []
    for W, b in layers:
        sums.append(dense(inputs[-1], W, b))
        inputs.append(relu(sums[-1]))
    p, rows = softmax(sums[-1]), np.arange(len(t))
    loss = -np.mean(np.log(p[rows, t]))
    dy = p.copy()
    dy[rows, t] -= 1
    dy /= len(t)
    grads = []
    for k in range(len(layers) - 1, -1, -1):
        dx, dW, db = dense_backward(dy, inputs[k], layers[k][0])
        grads.insert(0, (dW, db))
        if k > 0:
            dy = relu_backward(dx, sums[k - 1])
    return loss, grads


@wrong(
    "11.1",
    "The error of the logits is p minus 1 at the right class; you forgot to take the 1 away.",
)
def loss_and_gradients(layers, x, t):
    inputs, sums = [x], []
    for W, b in layers:
        sums.append(dense(inputs[-1], W, b))
        inputs.append(relu(sums[-1]))
    y, rows = sums[-1], np.arange(len(t))
    shifted = y - y.max(axis=1, keepdims=True)
    loss = np.mean(np.log(np.exp(shifted).sum(axis=1)) - shifted[rows, t])
    dy = softmax(y) / len(t)
    grads = []
    for k in range(len(layers) - 1, -1, -1):
        dx, dW, db = dense_backward(dy, inputs[k], layers[k][0])
        grads.insert(0, (dW, db))
        if k > 0:
            dy = relu_backward(dx, sums[k - 1])
    return loss, grads


@wrong("11.1", "x and t are shuffled each in its own order, so the digits lose their classes.")
def train(x, t, seed):
    rng = np.random.default_rng(seed)
    layers = start([64, 64, 10], seed)
    for _ in range(10):
        x, t = rng.permutation(x), rng.permutation(t)
        for first in range(0, len(x), 32):
            _, grads = loss_and_gradients(layers, x[first : first + 32], t[first : first + 32])
            for (W, b), (dW, db) in zip(layers, grads, strict=True):
                W -= 0.2 * dW
                b -= 0.2 * db
    return layers


@wrong("11.1", "You walk up the loss: the step is against the gradient.")
def train(x, t, seed):
    rng = np.random.default_rng(seed)
    layers = start([64, 64, 10], seed)
    for _ in range(10):
        order = rng.permutation(len(x))
        for first in range(0, len(x), 32):
            rows = order[first : first + 32]
            _, grads = loss_and_gradients(layers, x[rows], t[rows])
            for (W, b), (dW, db) in zip(layers, grads, strict=True):
                W += 0.2 * dW
                b += 0.2 * db
    return layers


@wrong("11.1", "You train on the first mini-batch only: the other rows are never used.")
def train(x, t, seed):
    layers = start([64, 64, 10], seed)
    for _ in range(500):
        _, grads = loss_and_gradients(layers, x[:32], t[:32])
        for (W, b), (dW, db) in zip(layers, grads, strict=True):
            W -= 0.2 * dW
            b -= 0.2 * db
    return layers


@wrong("11.1", "The steps are computed and thrown away: the layers that you return never change.")
def train(x, t, seed):
    rng = np.random.default_rng(seed)
    layers = start([64, 64, 10], seed)
    for _ in range(3):
        order = rng.permutation(len(x))
        for first in range(0, len(x), 32):
            rows = order[first : first + 32]
            _, grads = loss_and_gradients(layers, x[rows], t[rows])
            for (W, b), (dW, db) in zip(layers, grads, strict=True):
                W = W - 0.2 * dW
                b = b - 0.2 * db
    return layers


@wrong("11.1", "Return the class of each point, its largest logit's index, and not the logits.")
class cell:
    def train(x, t, seed):
        return start([64, 64, 10], seed)

    def predict(layers, x):
        for W, b in layers[:-1]:
            x = relu(dense(x, W, b))
        W, b = layers[-1]
        return softmax(dense(x, W, b))


@wrong("11.1", "argmax goes over the classes, axis=1; yours goes over the points.")
class cell:
    def train(x, t, seed):
        return start([64, 64, 10], seed)

    def predict(layers, x):
        for W, b in layers[:-1]:
            x = relu(dense(x, W, b))
        W, b = layers[-1]
        return dense(x, W, b).argmax(axis=0)


@right("11.1", "with one-hot targets, log-sum-exp, and momentum")
class cell:
    def start(widths, seed):
        rng = np.random.default_rng(seed)
        return [
            (rng.standard_normal((m, n)) * (2 / m) ** 0.5, np.zeros(n)) for m, n in pairwise(widths)
        ]

    def loss_and_gradients(layers, x, t):
        inputs, sums, h = [], [], x
        for W, b in layers:
            inputs.append(h)
            s = h @ W + b
            sums.append(s)
            h = np.where(s > 0, s, 0)
        y = sums[-1]
        top = y.max(axis=1)
        logs = y - (top + np.log(np.exp(y - top[:, None]).sum(axis=1)))[:, None]
        truth = np.eye(y.shape[1])[t]
        dy = (np.exp(logs) - truth) / len(x)
        grads = [None] * len(layers)
        for k in reversed(range(len(layers))):
            grads[k] = (np.einsum("ni,nj->ij", inputs[k], dy), np.einsum("nj->j", dy))
            dy = (dy @ layers[k][0].T) * (inputs[k] > 0)
        return -(logs * truth).sum() / len(x), grads

    def train(x, t, seed):
        rng = np.random.default_rng(seed)
        layers = start([64, 80, 10], seed)
        speeds = [(np.zeros_like(W), np.zeros_like(b)) for W, b in layers]
        for _ in range(25):
            order = rng.permutation(len(x))
            for rows in np.array_split(order, 40):
                grads = loss_and_gradients(layers, x[rows], t[rows])[1]
                for arrays, moving, steps in zip(layers, speeds, grads, strict=True):
                    for a, v, g in zip(arrays, moving, steps, strict=True):
                        v *= 0.9
                        v -= 0.05 * g
                        a += v
        return layers

    def predict(layers, x):
        *hidden, (W, b) = layers
        for W_h, b_h in hidden:
            x = np.maximum(x @ W_h + b_h, 0)
        return [int(np.argmax(row)) for row in x @ W + b]


@right("11.1", "with Adam and three layers")
class cell:
    def train(x, t, seed):
        rng = np.random.default_rng(seed)
        layers = start([64, 64, 32, 10], seed)
        flat = [a for layer in layers for a in layer]
        m, v, step = [0 * a for a in flat], [0 * a for a in flat], 0
        for _ in range(20):
            order = rng.permutation(len(x))
            for first in range(0, len(x), 32):
                rows = order[first : first + 32]
                grads = [
                    g for pair in loss_and_gradients(layers, x[rows], t[rows])[1] for g in pair
                ]
                step += 1
                for k, g in enumerate(grads):
                    m[k] = 0.9 * m[k] + 0.1 * g
                    v[k] = 0.999 * v[k] + 0.001 * g**2
                    up = m[k] / (1 - 0.9**step)
                    flat[k] -= 0.003 * up / (np.sqrt(v[k] / (1 - 0.999**step)) + 1e-8)
        return layers


# 11.2 What ails this run?


@wrong("11.2", "Comparisons with NaN are false: ask np.isfinite before you compare.")
def diagnose(loss, validation, gradients):
    if loss[-1] > loss[0]:
        return "diverges"
    if gradients[0, 0] < gradients[0, -1] / 1000 and loss[-1] > 0.95 * loss[0]:
        return "vanishing gradient"
    if (np.diff(loss) < 0).all() and loss[-1] > loss[0] / 2:
        return "rate too low"
    best = np.argmin(validation)
    if validation[-1] > 1.2 * validation[best] and loss[-1] < loss[best]:
        return "overfits"
    return "healthy"


@wrong("11.2", "You ask only whether the last loss is finite; any epoch's must be.")
def diagnose(loss, validation, gradients):
    if not np.isfinite(loss[-1]) or loss[-1] > loss[0]:
        return "diverges"
    if gradients[0, 0] < gradients[0, -1] / 1000 and loss[-1] > 0.95 * loss[0]:
        return "vanishing gradient"
    if (np.diff(loss) < 0).all() and loss[-1] > loss[0] / 2:
        return "rate too low"
    best = np.argmin(validation)
    if validation[-1] > 1.2 * validation[best] and loss[-1] < loss[best]:
        return "overfits"
    return "healthy"


@wrong("11.2", "NaN is not the only number that is not finite: infinity diverges as well.")
def diagnose(loss, validation, gradients):
    if np.isnan(loss).any() or loss[0] < loss[-1] < np.inf:
        return "diverges"
    if gradients[0, 0] < gradients[0, -1] / 1000 and loss[-1] > 0.95 * loss[0]:
        return "vanishing gradient"
    if (np.diff(loss) < 0).all() and loss[-1] > loss[0] / 2:
        return "rate too low"
    best = np.argmin(validation)
    if validation[-1] > 1.2 * validation[best] and loss[-1] < loss[best]:
        return "overfits"
    return "healthy"


@wrong("11.2", "The small gradient is that of the layer at the input, the first column.")
def diagnose(loss, validation, gradients):
    if not np.isfinite(loss).all() or loss[-1] > loss[0]:
        return "diverges"
    if gradients[0, -1] < gradients[0, 0] / 1000 and loss[-1] > 0.95 * loss[0]:
        return "vanishing gradient"
    if (np.diff(loss) < 0).all() and loss[-1] > loss[0] / 2:
        return "rate too low"
    best = np.argmin(validation)
    if validation[-1] > 1.2 * validation[best] and loss[-1] < loss[best]:
        return "overfits"
    return "healthy"


@wrong(
    "11.2",
    "A network whose loss falls is not ill, however small the gradients: look at the loss, too.",
)
def diagnose(loss, validation, gradients):
    if not np.isfinite(loss).all() or loss[-1] > loss[0]:
        return "diverges"
    if gradients[0, 0] < gradients[0, -1] / 1000:
        return "vanishing gradient"
    if (np.diff(loss) < 0).all() and loss[-1] > loss[0] / 2:
        return "rate too low"
    best = np.argmin(validation)
    if validation[-1] > 1.2 * validation[best] and loss[-1] < loss[best]:
        return "overfits"
    return "healthy"


@wrong("11.2", "The rows of gradients are the epochs: the first epoch is gradients[0].")
def diagnose(loss, validation, gradients):
    if not np.isfinite(loss).all() or loss[-1] > loss[0]:
        return "diverges"
    if gradients[-1, 0] < gradients[-1, -1] / 1000 and loss[-1] > 0.95 * loss[0]:
        return "vanishing gradient"
    if (np.diff(loss) < 0).all() and loss[-1] > loss[0] / 2:
        return "rate too low"
    best = np.argmin(validation)
    if validation[-1] > 1.2 * validation[best] and loss[-1] < loss[best]:
        return "overfits"
    return "healthy"


@wrong(
    "11.2", "A validation loss above the training loss is normal; what counts is that it turns up."
)
def diagnose(loss, validation, gradients):
    if not np.isfinite(loss).all() or loss[-1] > loss[0]:
        return "diverges"
    if gradients[0, 0] < gradients[0, -1] / 1000 and loss[-1] > 0.95 * loss[0]:
        return "vanishing gradient"
    if (np.diff(loss) < 0).all() and loss[-1] > loss[0] / 2:
        return "rate too low"
    if validation[-1] > 1.2 * loss[-1]:
        return "overfits"
    return "healthy"


@wrong("11.2", "Compare the last validation loss with the lowest one, not with the first.")
def diagnose(loss, validation, gradients):
    if not np.isfinite(loss).all() or loss[-1] > loss[0]:
        return "diverges"
    if gradients[0, 0] < gradients[0, -1] / 1000 and loss[-1] > 0.95 * loss[0]:
        return "vanishing gradient"
    if (np.diff(loss) < 0).all() and loss[-1] > loss[0] / 2:
        return "rate too low"
    if validation[-1] > 1.2 * validation[0] and loss[-1] < loss[0]:
        return "overfits"
    return "healthy"


@wrong("11.2", "A rise of a few per cent is noise: more than 20 % above the lowest is asked for.")
def diagnose(loss, validation, gradients):
    if not np.isfinite(loss).all() or loss[-1] > loss[0]:
        return "diverges"
    if gradients[0, 0] < gradients[0, -1] / 1000 and loss[-1] > 0.95 * loss[0]:
        return "vanishing gradient"
    if (np.diff(loss) < 0).all() and loss[-1] > loss[0] / 2:
        return "rate too low"
    best = np.argmin(validation)
    if validation[-1] > validation[best] and loss[-1] < loss[best]:
        return "overfits"
    return "healthy"


@wrong("11.2", "Where the training loss turns up as well, the network does not overfit.")
def diagnose(loss, validation, gradients):
    if not np.isfinite(loss).all() or loss[-1] > loss[0]:
        return "diverges"
    if gradients[0, 0] < gradients[0, -1] / 1000 and loss[-1] > 0.95 * loss[0]:
        return "vanishing gradient"
    if (np.diff(loss) < 0).all() and loss[-1] > loss[0] / 2:
        return "rate too low"
    if validation[-1] > 1.2 * validation.min():
        return "overfits"
    return "healthy"


@wrong(
    "11.2", "A rate that is too low lets the loss fall in every epoch; a jump has another cause."
)
def diagnose(loss, validation, gradients):
    if not np.isfinite(loss).all() or loss[-1] > loss[0]:
        return "diverges"
    if gradients[0, 0] < gradients[0, -1] / 1000 and loss[-1] > 0.95 * loss[0]:
        return "vanishing gradient"
    if loss[-1] > loss[0] / 2:
        return "rate too low"
    best = np.argmin(validation)
    if validation[-1] > 1.2 * validation[best] and loss[-1] < loss[best]:
        return "overfits"
    return "healthy"


@wrong("11.2", "A loss that falls in every epoch and has fallen far is a good run, not a slow one.")
def diagnose(loss, validation, gradients):
    if not np.isfinite(loss).all() or loss[-1] > loss[0]:
        return "diverges"
    if gradients[0, 0] < gradients[0, -1] / 1000 and loss[-1] > 0.95 * loss[0]:
        return "vanishing gradient"
    best = np.argmin(validation)
    if validation[-1] > 1.2 * validation[best] and loss[-1] < loss[best]:
        return "overfits"
    if (np.diff(loss) < 0).all():
        return "rate too low"
    return "healthy"


@wrong("11.2", "The order of the rules matters: a vanishing gradient also lets the loss creep.")
def diagnose(loss, validation, gradients):
    if not np.isfinite(loss).all() or loss[-1] > loss[0]:
        return "diverges"
    if (np.diff(loss) < 0).all() and loss[-1] > loss[0] / 2:
        return "rate too low"
    if gradients[0, 0] < gradients[0, -1] / 1000 and loss[-1] > 0.95 * loss[0]:
        return "vanishing gradient"
    best = np.argmin(validation)
    if validation[-1] > 1.2 * validation[best] and loss[-1] < loss[best]:
        return "overfits"
    return "healthy"


@right("11.2", "with loops over the epochs")
def diagnose(loss, validation, gradients):
    for value in loss:
        if np.isnan(value) or abs(value) == np.inf:
            return "diverges"
    if loss[0] < loss[-1]:
        return "diverges"
    if 1000 * gradients[0][0] < gradients[0][-1] and (loss[0] - loss[-1]) / loss[0] < 0.05:
        return "vanishing gradient"
    falls = True
    for k in range(1, len(loss)):
        if loss[k] >= loss[k - 1]:
            falls = False
    if falls and loss[-1] / loss[0] > 0.5:
        return "rate too low"
    lowest = 0
    for k in range(len(validation)):
        if validation[k] < validation[lowest]:
            lowest = k
    rise = (validation[-1] - validation[lowest]) / validation[lowest]
    return "overfits" if rise > 0.2 and loss[-1] < loss[lowest] else "healthy"


@right("11.2", "with a table of the rules")
def diagnose(loss, validation, gradients):
    with np.errstate(invalid="ignore"):
        total, slopes = loss[-1] / loss[0], loss[1:] - loss[:-1]
    best = validation.argmin()
    first = gradients[0]
    rules = [
        ("diverges", not all(np.isfinite(loss)) or total > 1),
        ("vanishing gradient", first[0] / first[-1] < 1e-3 and total > 0.95),
        ("rate too low", max(slopes) < 0 and total > 0.5),
        ("overfits", validation[-1] / validation[best] > 1.2 and loss[-1] < loss[best]),
        ("healthy", True),
    ]
    return next(name for name, fits in rules if fits)


# 11.3 Read an ablation


@wrong("11.3", "That is the error of two independent groups; the runs come in pairs, so use d.")
def read_ablation(full, without):
    mean = full.mean() - without.mean()
    n = len(full)
    error = np.sqrt(full.var(ddof=1) / n + without.var(ddof=1) / n)
    verdict = "helps" if mean > 2 * error else "hurts" if mean < -2 * error else "cannot tell"
    return mean, error, verdict


@wrong("11.3", "That is the spread of single runs; the error of their mean is smaller by sqrt(S).")
def read_ablation(full, without):
    d = full - without
    mean, error = d.mean(), d.std(ddof=1)
    verdict = "helps" if mean > 2 * error else "hurts" if mean < -2 * error else "cannot tell"
    return mean, error, verdict


@wrong("11.3", "The spread is divided by S - 1 where few runs stand for many: ddof=1.")
def read_ablation(full, without):
    d = full - without
    mean, error = d.mean(), d.std() / np.sqrt(len(d))
    verdict = "helps" if mean > 2 * error else "hurts" if mean < -2 * error else "cannot tell"
    return mean, error, verdict


@wrong("11.3", "You divide by S; the error of a mean is the spread divided by the root of S.")
def read_ablation(full, without):
    d = full - without
    mean, error = d.mean(), d.std(ddof=1) / len(d)
    verdict = "helps" if mean > 2 * error else "hurts" if mean < -2 * error else "cannot tell"
    return mean, error, verdict


@wrong("11.3", "The sign is turned round: an ingredient helps if the full recipe is better.")
def read_ablation(full, without):
    d = without - full
    mean, error = d.mean(), d.std(ddof=1) / np.sqrt(len(d))
    verdict = "helps" if mean > 2 * error else "hurts" if mean < -2 * error else "cannot tell"
    return mean, error, verdict


@wrong("11.3", "A mean above zero is not enough for a verdict: compare it with two errors.")
def read_ablation(full, without):
    d = full - without
    mean, error = d.mean(), d.std(ddof=1) / np.sqrt(len(d))
    return mean, error, "helps" if mean > 0 else "hurts" if mean < 0 else "cannot tell"


@wrong("11.3", "The verdict asks for two errors; you compare the mean with one.")
def read_ablation(full, without):
    d = full - without
    mean, error = d.mean(), d.std(ddof=1) / np.sqrt(len(d))
    verdict = "helps" if mean > error else "hurts" if mean < -error else "cannot tell"
    return mean, error, verdict


@wrong("11.3", "An ingredient can hurt, too: a mean below minus two errors is a verdict.")
def read_ablation(full, without):
    d = full - without
    mean, error = d.mean(), d.std(ddof=1) / np.sqrt(len(d))
    return mean, error, "helps" if mean > 2 * error else "cannot tell"


@wrong("11.3", "You compare the best run of each recipe; the best of several runs is luck.")
def read_ablation(full, without):
    d = full - without
    mean, error = full.max() - without.max(), d.std(ddof=1) / np.sqrt(len(d))
    verdict = "helps" if mean > 2 * error else "hurts" if mean < -2 * error else "cannot tell"
    return mean, error, verdict


@wrong("11.3", "The gain of both counts from plain, as the single gains do: plain comes back once.")
def interaction(plain, a, b, both):
    return np.mean(both - a - b)


@wrong("11.3", "Take away what each brings alone, not what each reaches: a - plain and b - plain.")
def interaction(plain, a, b, both):
    return np.mean((both - plain) - a - b)


@wrong("11.3", "You have the gain of both together; take the two single gains away from it.")
def interaction(plain, a, b, both):
    return np.mean(both - plain)


@wrong("11.3", "Return the mean over the seeds, one number.")
def interaction(plain, a, b, both):
    return both - a - b + plain


@right("11.3", "with the formulas written out")
class cell:
    def read_ablation(full, without):
        S = len(full)
        d = [f - w for f, w in zip(full, without, strict=True)]
        mean = sum(d) / S
        error = (sum((v - mean) ** 2 for v in d) / (S - 1)) ** 0.5 / S**0.5
        verdict = "cannot tell"
        if abs(mean) > 2 * error:
            verdict = "helps" if mean > 0 else "hurts"
        return [mean, error, verdict]

    def interaction(plain, a, b, both):
        return (both.mean() - plain.mean()) - (a.mean() - plain.mean()) - (b - plain).mean()


@right("11.3", "by the variances and the covariance")
def read_ablation(full, without):
    table = np.cov(full, without)
    error = np.sqrt((table[0, 0] + table[1, 1] - 2 * table[0, 1]) / len(full))
    mean = np.mean(full) - np.mean(without)
    words = {1: "helps", -1: "hurts", 0: "cannot tell"}
    return mean, error, words[int(np.sign(mean)) if abs(mean) / error > 2 else 0]


# 11.4 Choose, then report


@wrong("11.4", "You choose by the test data; then its number is no longer honest.")
def choose_and_report(validation, test):
    means = validation.mean(axis=1)
    chosen = int(np.argmax(test.mean(axis=1)))
    mean = test[chosen].mean()
    return chosen, mean, means[chosen] - mean


@wrong("11.4", "You choose the recipe of the luckiest run; choose by the mean over the seeds.")
def choose_and_report(validation, test):
    chosen = int(np.argmax(validation.max(axis=1)))
    mean = test[chosen].mean()
    return chosen, mean, validation[chosen].mean() - mean


@wrong(
    "11.4", "The number for the report is the chosen recipe's, not the best one of the test data."
)
def choose_and_report(validation, test):
    means = validation.mean(axis=1)
    chosen = int(np.argmax(means))
    mean = test.mean(axis=1).max()
    return chosen, mean, means[chosen] - mean


@wrong("11.4", "You report the validation accuracy, by which you chose; it is flattering.")
def choose_and_report(validation, test):
    means = validation.mean(axis=1)
    chosen = int(np.argmax(means))
    return chosen, means[chosen], means[chosen] - test[chosen].mean()


@wrong("11.4", "The mean goes over the seeds, axis=1; yours goes over the recipes.")
def choose_and_report(validation, test):
    means = validation.mean(axis=0)
    chosen = int(np.argmax(means)) % len(validation)
    mean = test[chosen].mean()
    return chosen, mean, means[chosen] - mean


@wrong("11.4", "You report the best seed of the chosen recipe; report the mean over the seeds.")
def choose_and_report(validation, test):
    means = validation.mean(axis=1)
    chosen = int(np.argmax(means))
    mean = test[chosen].max()
    return chosen, mean, means[chosen] - mean


@wrong("11.4", "Accuracies are better when they are higher: argmax, not argmin.")
def choose_and_report(validation, test):
    means = validation.mean(axis=1)
    chosen = int(np.argmin(means))
    mean = test[chosen].mean()
    return chosen, mean, means[chosen] - mean


@wrong("11.4", "The sign of the optimism is turned round: validation minus test.")
def choose_and_report(validation, test):
    means = validation.mean(axis=1)
    chosen = int(np.argmax(means))
    mean = test[chosen].mean()
    return chosen, mean, mean - means[chosen]


@wrong("11.4", "Of equals the first is chosen; you take the last.")
def choose_and_report(validation, test):
    means = validation.mean(axis=1)
    chosen = max(range(len(means)), key=lambda c: (means[c], c))
    mean = test[chosen].mean()
    return chosen, mean, means[chosen] - mean


@right("11.4", "with a loop")
def choose_and_report(validation, test):
    chosen, best = 0, -1.0
    for c, row in enumerate(validation):
        accuracy = sum(row) / len(row)
        if accuracy > best:
            chosen, best = c, accuracy
    honest = sum(test[chosen]) / len(test[chosen])
    return chosen, honest, best - honest


@right("11.4", "with sums and a sorted list")
def choose_and_report(validation, test):
    seeds = validation.shape[1]
    totals = validation.sum(axis=1)
    chosen = sorted(range(len(totals)), key=lambda c: -totals[c])[0]
    return chosen, test[chosen].sum() / seeds, (totals[chosen] - test[chosen].sum()) / seeds
