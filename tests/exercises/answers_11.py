"""Known answers to exercise 11: the mistakes that people make, and other right ways."""

from itertools import pairwise

import numpy as np

from coursekit.grading import edit, right

# 11.1 A network that reads digits

edit(
    "11.1",
    "That is Glorot's variance, 2 / (n_in + n_out); He's is 2 / n_in.",
    {"2 / n_in": "2 / (n_in + n_out)"},
)
edit(
    "11.1",
    "2 / n_in is the variance; rng.normal wants its root, the standard deviation.",
    {"np.sqrt(2 / n_in)": "2 / n_in"},
)
edit(
    "11.1",
    "Your variance is 1 / n_in: the 2 that makes up for ReLU is missing.",
    {"2 / n_in": "1 / n_in"},
)
edit(
    "11.1",
    "Your variance is 2 / n_out; He's is 2 / n_in, by the neurons that send.",
    {"2 / n_in": "2 / n_out"},
)
edit(
    "11.1",
    "All weights are zero: the hidden neurons stay equal, and ReLU lets nothing through.",
    {"rng.normal(0.0, np.sqrt(2 / n_in), size=(n_in, n_out))": "np.zeros((n_in, n_out))"},
)
edit(
    "11.1",
    "You make a new generator for each layer, so layers of one shape start equal.",
    {"W = rng.normal": "W = np.random.default_rng(seed).normal"},
)
edit(
    "11.1",
    "The biases are drawn as well; they start at zero.",
    {"np.zeros(n_out)": "rng.normal(0.0, 0.1, size=n_out)"},
)
edit(
    "11.1",
    "No ReLU stands between your layers, so that together they are a single linear one.",
    {"inputs.append(relu(sums[-1]))": "inputs.append(sums[-1])"},
)
edit(
    "11.1",
    "After the last layer stands no ReLU: its sums are the logits.",
    {"y, rows = sums[-1]": "y, rows = inputs[-1]"},
)
edit(
    "11.1",
    "The way back leaves out ReLU: use relu_backward between two layers.",
    {"relu_backward(dx, sums[k - 1])": "dx"},
)
edit(
    "11.1",
    "The gradients come in the order of the way back; return them in that of the layers.",
    {"grads.insert(0, (dW, db))": "grads.append((dW, db))"},
)
edit(
    "11.1",
    "The error of the logits is p minus 1 at the right class; you forgot to take the 1 away.",
    {"    dy[rows, t] -= 1\n": ""},
)
edit(
    "11.1",
    (
        "dy[:, t] changes the columns of all classes in t, in every row; one entry of "
        "each row is asked for: dy[np.arange(N), t]."
    ),
    {"dy[rows, t]": "dy[:, t]"},
)
edit(
    "11.1",
    "The logarithm of a probability that has become 0 is infinite: use the logits.",
    {"np.log(np.exp(shifted).sum(axis=1)) - shifted[rows, t]": "-np.log(softmax(y)[rows, t])"},
)
edit(
    "11.1",
    "exp of a large logit is infinite: take the largest logit of each row away first.",
    {"y - y.max(axis=1, keepdims=True)": "y"},
)
edit(
    "11.1",
    (
        "You take the largest logit of all rows away; in another row every exp may "
        "become 0. Take each row's own."
    ),
    {"y.max(axis=1, keepdims=True)": "y.max()"},
)
edit(
    "11.1",
    "That is the squared error of the probabilities; the loss is the cross-entropy.",
    {
        ("np.mean(np.log(np.exp(shifted).sum(axis=1)) - shifted[rows, t])"): (
            "np.mean((softmax(y) - np.eye(y.shape[1])[t]) ** 2)"
        )
    },
)
edit(
    "11.1",
    "predict leaves out the ReLU between the layers.",
    {"x = relu(dense(x, W, b))": "x = dense(x, W, b)"},
)
edit(
    "11.1",
    "predict applies ReLU to the logits too, so all negative ones become equal.",
    {"return dense(x, W, b).argmax(axis=1)": "return relu(dense(x, W, b)).argmax(axis=1)"},
)
edit(
    "11.1",
    "Return the class of each point, its largest logit's index, and not probabilities.",
    {"return dense(x, W, b).argmax(axis=1)": "return softmax(dense(x, W, b))"},
)
edit(
    "11.1",
    "argmax goes over the classes, axis=1; yours goes over the points.",
    {"argmax(axis=1)": "argmax(axis=0)"},
)


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

edit(
    "11.2",
    "Comparisons with NaN are false: ask np.isfinite before you compare.",
    {"not np.isfinite(loss).all() or ": ""},
)
edit(
    "11.2",
    "You ask only whether the last loss is finite; any epoch's must be.",
    {"np.isfinite(loss).all()": "np.isfinite(loss[-1])"},
)
edit(
    "11.2",
    "A single loss that is not finite is enough; you ask whether all are.",
    {"not np.isfinite(loss).all()": "(~np.isfinite(loss)).all()"},
)
edit(
    "11.2",
    "NaN is not the only number that is not finite: infinity diverges as well.",
    {
        ("not np.isfinite(loss).all() or loss[-1] > loss[0]"): (
            "np.isnan(loss).any() or loss[0] < loss[-1] < np.inf"
        )
    },
)
edit(
    "11.2",
    "Infinity is not the only number that is not finite: NaN diverges as well.",
    {"not np.isfinite(loss).all()": "np.isinf(loss).any()"},
)
edit(
    "11.2",
    "A loss that ends higher than it began diverges too, although it is finite.",
    {" or loss[-1] > loss[0]": ""},
)
edit(
    "11.2",
    "A jump is not divergence: compare the last loss with the first, not the largest.",
    {"loss[-1] > loss[0]:": "loss.max() > loss[0]:"},
)
edit(
    "11.2",
    "Whether a run diverges is read from the training loss; you look at the validation loss.",
    {"loss[-1] > loss[0]:": "validation[-1] > validation[0]:"},
)
edit(
    "11.2",
    "The small gradient is that of the layer at the input, the first column.",
    {"gradients[0, 0] < gradients[0, -1]": "gradients[0, -1] < gradients[0, 0]"},
)
edit(
    "11.2",
    "A network whose loss falls is not ill, however small the gradients: look at the loss, too.",
    {" and loss[-1] > 0.95 * loss[0]": ""},
)
edit(
    "11.2",
    "A loss that stands still is not enough: the gradient at the input must be small, too.",
    {"gradients[0, 0] < gradients[0, -1] / 1000 and ": ""},
)
edit(
    "11.2",
    "Both conditions of a vanishing gradient must hold: and, not or.",
    {"1000 and loss": "1000 or loss"},
)
edit(
    "11.2",
    "Small means small beside the last layer's gradient, not below a fixed number.",
    {"gradients[0, 0] < gradients[0, -1] / 1000": "gradients[0, 0] < 1e-3"},
)
edit("11.2", "A thousandth is asked for; your limit is a hundredth.", {"/ 1000": "/ 100"})
edit(
    "11.2",
    "The rows of gradients are the epochs: the first epoch is gradients[0].",
    {"gradients[0, 0] < gradients[0, -1]": "gradients[-1, 0] < gradients[-1, -1]"},
)
edit(
    "11.2",
    "Less than 5 % means that more than 95 % is left; you compare the wrong way round.",
    {"loss[-1] > 0.95": "loss[-1] < 0.95"},
)
edit(
    "11.2",
    "A rate that is too low lets the loss fall in every epoch; a jump has another cause.",
    {"(np.diff(loss) < 0).all() and ": ""},
)
edit(
    "11.2",
    "The loss must fall in every epoch, not in any.",
    {"< 0).all() and loss": "< 0).any() and loss"},
)
edit(
    "11.2",
    "Lower in each epoch: a loss that rests is not lower.",
    {"np.diff(loss) < 0": "np.diff(loss) <= 0"},
)
edit(
    "11.2",
    "A loss that falls in every epoch and has fallen far is a good run, not a slow one.",
    {" and loss[-1] > loss[0] / 2": ""},
)
edit(
    "11.2",
    "More than half of the first loss must be left; you ask for less.",
    {"loss[-1] > loss[0] / 2": "loss[-1] < loss[0] / 2"},
)
edit(
    "11.2",
    "A validation loss above the training loss is normal; what counts is that it turns up.",
    {
        (
            "validation[-1] > 1.2 * validation[best] and loss[-1] < loss[best]"
        ): "validation[-1] > 1.2 * loss[-1]"
    },
)
edit(
    "11.2",
    "You compare the last validation loss with the training loss; its own lowest value counts.",
    {"1.2 * validation[best]": "1.2 * loss[-1]"},
)
edit(
    "11.2",
    "A validation loss above the training loss is normal, and no sign of overfitting.",
    {
        (
            "validation[-1] > 1.2 * validation[best] and loss[-1] < loss[best]"
        ): "validation[-1] > loss[-1]"
    },
)
edit(
    "11.2",
    "Compare the last validation loss with the lowest one, not with the first.",
    {"1.2 * validation[best]": "1.2 * validation[0]"},
)
edit(
    "11.2",
    "The lowest is that of the validation loss; you take the epoch of the lowest training loss.",
    {"np.argmin(validation)": "np.argmin(loss)"},
)
edit(
    "11.2",
    "You compare with the validation loss in the epoch of the lowest training loss.",
    {"1.2 * validation[best]": "1.2 * validation[np.argmin(loss)]"},
)
edit(
    "11.2",
    "A rise of a few per cent is noise: more than 20 % above the lowest is asked for.",
    {"1.2 * ": ""},
)
edit(
    "11.2",
    "Where the training loss turns up as well, the network does not overfit.",
    {" and loss[-1] < loss[best]": ""},
)
edit(
    "11.2",
    (
        "Compare the last training loss with that in the epoch of the lowest validation "
        "loss, not with the first."
    ),
    {"loss[-1] < loss[best]": "loss[-1] < loss[0]"},
)
edit(
    "11.2",
    (
        "Compare the last training loss with that in the epoch of the lowest validation "
        "loss, not with the one before."
    ),
    {"loss[-1] < loss[best]": "loss[-1] < loss[-2]"},
)
edit(
    "11.2",
    "The order of the rules matters: a vanishing gradient also lets the loss creep.",
    {
        (
            "    if gradients[0, 0] < gradients[0, -1] / 1000 and loss[-1] > 0.95 * loss[0]:\n"
            '        return "vanishing gradient"\n'
            "    if (np.diff(loss) < 0).all() and loss[-1] > loss[0] / 2:\n"
            '        return "rate too low"\n'
        ): (
            "    if (np.diff(loss) < 0).all() and loss[-1] > loss[0] / 2:\n"
            '        return "rate too low"\n'
            "    if gradients[0, 0] < gradients[0, -1] / 1000 and loss[-1] > 0.95 * loss[0]:\n"
            '        return "vanishing gradient"\n'
        )
    },
)
edit(
    "11.2",
    "The order of the rules matters: a run that diverges or stands still does not overfit.",
    {
        (
            "    if not np.isfinite(loss).all() or loss[-1] > loss[0]:\n"
            '        return "diverges"\n'
            "    if gradients[0, 0] < gradients[0, -1] / 1000 and loss[-1] > 0.95 * loss[0]:\n"
            '        return "vanishing gradient"\n'
            "    if (np.diff(loss) < 0).all() and loss[-1] > loss[0] / 2:\n"
            '        return "rate too low"\n'
            "    best = np.argmin(validation)\n"
            "    if validation[-1] > 1.2 * validation[best] and loss[-1] < loss[best]:\n"
            '        return "overfits"\n'
        ): (
            "    best = np.argmin(validation)\n"
            "    if validation[-1] > 1.2 * validation[best] and loss[-1] < loss[best]:\n"
            '        return "overfits"\n'
            "    if not np.isfinite(loss).all() or loss[-1] > loss[0]:\n"
            '        return "diverges"\n'
            "    if gradients[0, 0] < gradients[0, -1] / 1000 and loss[-1] > 0.95 * loss[0]:\n"
            '        return "vanishing gradient"\n'
            "    if (np.diff(loss) < 0).all() and loss[-1] > loss[0] / 2:\n"
            '        return "rate too low"\n'
        )
    },
)
edit(
    "11.2",
    "The order of the rules matters: a loss that creeps counts before the validation loss.",
    {
        (
            "    if (np.diff(loss) < 0).all() and loss[-1] > loss[0] / 2:\n"
            '        return "rate too low"\n'
            "    best = np.argmin(validation)\n"
            "    if validation[-1] > 1.2 * validation[best] and loss[-1] < loss[best]:\n"
            '        return "overfits"\n'
        ): (
            "    best = np.argmin(validation)\n"
            "    if validation[-1] > 1.2 * validation[best] and loss[-1] < loss[best]:\n"
            '        return "overfits"\n'
            "    if (np.diff(loss) < 0).all() and loss[-1] > loss[0] / 2:\n"
            '        return "rate too low"\n'
        )
    },
)


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

edit(
    "11.3",
    "That is the error of two independent groups; the runs come in pairs, so use d.",
    {
        "d.std(ddof=1) / np.sqrt(len(d))": (
            "np.sqrt((full.var(ddof=1) + without.var(ddof=1)) / len(d))"
        )
    },
)
edit(
    "11.3",
    "The error comes from the spread of the differences; you take that of one recipe.",
    {"d.std(ddof=1)": "full.std(ddof=1)"},
)
edit(
    "11.3",
    "That is the spread of single runs; the error of their mean is smaller by sqrt(S).",
    {" / np.sqrt(len(d))": ""},
)
edit(
    "11.3",
    "The spread is divided by S - 1 where few runs stand for many: ddof=1.",
    {"ddof=1": "ddof=0"},
)
edit(
    "11.3",
    "The spread and its root are divided by S - 1; the root of S is asked for.",
    {"np.sqrt(len(d))": "np.sqrt(len(d) - 1)"},
)
edit(
    "11.3",
    "You divide by S; the error of a mean is the spread divided by the root of S.",
    {"np.sqrt(len(d))": "len(d)"},
)
edit(
    "11.3",
    "That is the variance; the error needs its root, the standard deviation.",
    {"d.std(": "d.var("},
)
edit(
    "11.3",
    "The mean of the differences is asked for; yours is their median.",
    {"d.mean()": "np.median(d)"},
)
edit(
    "11.3",
    "A mean above zero is not enough for a verdict: compare it with two errors.",
    {"mean > 2 * error": "mean > 0", "mean < -2 * error": "mean < 0"},
)
edit(
    "11.3",
    "A mean below zero does not prove that it hurts: compare it with minus two errors.",
    {"mean < -2 * error": "mean < 0"},
)
edit(
    "11.3",
    "The verdict asks for two errors; you compare the mean with one.",
    {"> 2 * error": "> error", "< -2 * error": "< -error"},
)
edit(
    "11.3",
    "The verdict asks for two errors; you compare the mean with three.",
    {"> 2 * error": "> 3 * error", "< -2 * error": "< -3 * error"},
)
edit(
    "11.3",
    "The verdict asks for two errors, not for 1.96.",
    {"> 2 * error": "> 1.96 * error", "< -2 * error": "< -1.96 * error"},
)
edit(
    "11.3",
    "Greater than two errors: two equal recipes, with a mean and an error of 0, do not help.",
    {"> 2 * error": ">= 2 * error"},
)
edit(
    "11.3",
    "An ingredient can hurt, too: a mean below minus two errors is a verdict.",
    {'    if mean < -2 * error:\n        return mean, error, "hurts"\n': ""},
)
edit(
    "11.3",
    "A large difference below zero hurts; you look at its size only.",
    {"mean > 2 * error": "abs(mean) > 2 * error"},
)
edit(
    "11.3",
    "The minus is missing: it hurts below minus two errors.",
    {"mean < -2 * error": "mean < 2 * error"},
)
edit(
    "11.3",
    "You compare the best run of each recipe; the best of several runs is luck.",
    {"d.mean()": "full.max() - without.max()"},
)
edit(
    "11.3",
    "The gain of both counts from plain, as the single gains do: plain comes back once.",
    {" + plain": ""},
)
edit(
    "11.3",
    "Plain is taken away once and comes back twice: one plain is left, with a plus.",
    {"+ plain": "- plain"},
)
edit(
    "11.3",
    "You have the gain of both together; take the two single gains away from it.",
    {"both - a - b + plain": "both - plain"},
)
edit(
    "11.3",
    "The sign counts: a negative number says that the two can replace each other.",
    {"np.mean(both - a - b + plain)": "abs(np.mean(both - a - b + plain))"},
)
edit(
    "11.3",
    "Both gains start from plain: two are taken away and one is in both, so one comes back.",
    {"+ plain": "+ 2 * plain"},
)


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

edit(
    "11.4",
    "You choose by the test data; then its number is no longer honest.",
    {"np.argmax(means)": "np.argmax(test.mean(axis=1))"},
)
edit(
    "11.4",
    "The test data have a say in your choice; validation data alone may have one.",
    {"np.argmax(means)": "np.argmax(means + test.mean(axis=1))"},
)
edit(
    "11.4",
    "You choose the recipe of the luckiest run; choose by the mean over the seeds.",
    {"np.argmax(means)": "np.argmax(validation.max(axis=1))"},
)
edit(
    "11.4",
    "You choose by the worst run; choose by the mean over the seeds.",
    {"np.argmax(means)": "np.argmax(validation.min(axis=1))"},
)
edit(
    "11.4",
    "You choose by the median; choose by the mean over the seeds.",
    {"np.argmax(means)": "np.argmax(np.median(validation, axis=1))"},
)
edit(
    "11.4",
    "You take the spread away from the mean before you choose; the mean alone decides.",
    {"np.argmax(means)": "np.argmax(means - validation.std(axis=1))"},
)
edit(
    "11.4",
    "The number for the report is the chosen recipe's, not the best one of the test data.",
    {"test[chosen].mean()": "test.mean(axis=1).max()"},
)
edit(
    "11.4",
    "You report the validation accuracy, by which you chose; it is flattering.",
    {"return chosen, mean,": "return chosen, means[chosen],"},
)
edit(
    "11.4",
    "The mean goes over the seeds, axis=1; yours goes over the recipes.",
    {"validation.mean(axis=1)": "np.resize(validation.mean(axis=0), len(validation))"},
)
edit(
    "11.4",
    "You report the best seed of the chosen recipe; report the mean over the seeds.",
    {"test[chosen].mean()": "test[chosen].max()"},
)
edit(
    "11.4",
    "You report the run whose validation accuracy is best; report the mean over the seeds.",
    {"test[chosen].mean()": "test[chosen, np.argmax(validation[chosen])]"},
)
edit(
    "11.4",
    "You report the mean over all recipes; only the chosen one counts.",
    {"test[chosen].mean()": "test.mean()"},
)
edit(
    "11.4",
    "Accuracies are better when they are higher: argmax, not argmin.",
    {"np.argmax(means)": "np.argmin(means)"},
)
edit(
    "11.4",
    "The optimism can be negative; you return its size.",
    {"means[chosen] - mean": "abs(means[chosen] - mean)"},
)
edit(
    "11.4",
    "An optimism below zero is no 0: validation data may be harder than test data.",
    {"means[chosen] - mean": "max(0.0, means[chosen] - mean)"},
)
edit(
    "11.4",
    "The optimism is the difference of two means; you take the best runs.",
    {"means[chosen] - mean": "validation[chosen].max() - test[chosen].max()"},
)
edit(
    "11.4",
    "Of equals the first is chosen; you take the last.",
    {"int(np.argmax(means))": "max(range(len(means)), key=lambda c: (means[c], c))"},
)


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
