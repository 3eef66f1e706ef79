"""Known answers to exercise 08: the mistakes that people make, and other right ways."""

import numpy as np

from coursekit.grading import right, wrong

# 08.1 Standardise without a leak


@wrong(
    "08.1",
    "All rows have a say in your statistics, the test rows too: take the training rows alone.",
)
def prepare(x, train, test):
    mean, std = statistics(x)
    return (x[train] - mean) / std, (x[test] - mean) / std


@wrong(
    "08.1",
    "Training and test rows together make your statistics: the test rows may have no part in it.",
)
def prepare(x, train, test):
    mean, std = statistics(np.concatenate([x[train], x[test]]))
    return (x[train] - mean) / std, (x[test] - mean) / std


@wrong("08.1", "The test rows get statistics of their own; use those of the training rows again.")
def prepare(x, train, test):
    (mean, std), (test_mean, test_std) = statistics(x[train]), statistics(x[test])
    return (x[train] - mean) / std, (x[test] - test_mean) / test_std


@wrong("08.1", "You leave the test rows as they were; the model knows standardised ones only.")
def prepare(x, train, test):
    mean, std = statistics(x[train])
    return (x[train] - mean) / std, x[test]


@wrong("08.1", "You average over all features together; each has a mean and a spread of its own.")
def statistics(x):
    return x.mean(), x.std()


@wrong(
    "08.1", "That is the mean of each example; go down the columns to get those of the features."
)
def statistics(x):
    return x.mean(axis=1), x.std(axis=1)


@wrong("08.1", "You return the variance; the spread is its root.")
def statistics(x):
    constant = (x == x[0]).all(axis=0)
    return x.mean(axis=0), np.where(constant, 1.0, x.var(axis=0))


@wrong("08.1", "Your spread is divided by N − 1; here it is divided by N.")
def statistics(x):
    constant = (x == x[0]).all(axis=0)
    return x.mean(axis=0), np.where(constant, 1.0, x.std(axis=0, ddof=1))


@wrong("08.1", "A constant feature has the spread 0, and somebody will divide by it.")
def statistics(x):
    return x.mean(axis=0), x.std(axis=0)


@wrong(
    "08.1", "Rounding makes a constant feature's spread 1e-16 and not 0, and then == 0 misses it."
)
def statistics(x):
    std = x.std(axis=0)
    return x.mean(axis=0), np.where(std == 0, 1.0, std)


@wrong("08.1", "With a tiny number added, a constant feature is divided by the tiny number.")
def statistics(x):
    return x.mean(axis=0), x.std(axis=0) + 1e-8


@wrong("08.1", "A feature that varies little is not constant: it keeps its own spread.")
def statistics(x):
    std = x.std(axis=0)
    return x.mean(axis=0), np.where(std < 0.01, 1.0, std)


@wrong("08.1", "Only the spread of a constant feature is replaced; it is centred like all others.")
def statistics(x):
    constant = (x == x[0]).all(axis=0)
    return np.where(constant, 0.0, x.mean(axis=0)), np.where(constant, 1.0, x.std(axis=0))


@wrong("08.1", "Largest minus smallest is another way of scaling; here it is the spread.")
def statistics(x):
    reach = np.ptp(x, axis=0)
    return x.mean(axis=0), np.where(reach == 0, 1.0, reach)


@right("08.1", "with loops over the features")
class cell:
    def statistics(x):
        mean, std = [], []
        for column in x.T:
            average = sum(column) / len(column)
            square = sum((value - average) ** 2 for value in column) / len(column)
            mean.append(average)
            std.append(1.0 if column.min() == column.max() else square**0.5)
        return mean, std

    def prepare(x, train, test):
        mean, std = statistics(x[train])
        return [(x[rows] - mean) / np.array(std) for rows in (train, test)]


@right("08.1", "with a spread that is close to 0")
def statistics(x):
    std = x.std(axis=0)
    std[np.isclose(std, 0)] = 1
    return x.mean(axis=0), std


@right("08.1", "in single precision, by the reach")
class cell:
    def statistics(x):
        x = x.astype(np.float32)
        std = x.std(axis=0)
        std[np.ptp(x, axis=0) == 0] = 1
        return x.mean(axis=0), std

    def prepare(x, train, test):
        x_train, x_test = x[train, :], x[test, :]
        mean, std = statistics(x_train)
        for part in (x_train, x_test):
            part -= mean
            part /= std
        return x_train, x_test


# 08.2 Batch norm, forward in training


@wrong("08.2", "You normalise each example over its units: that is layer normalisation.")
def batch_norm(x, gamma, beta, eps):
    d = x - x.mean(axis=1, keepdims=True)
    s = np.sqrt((d**2).mean(axis=1, keepdims=True) + eps)
    return gamma * d / s + beta, d / s, s[:, 0]


@wrong("08.2", "One mean and one variance for the whole batch won't do: each unit has its own.")
def batch_norm(x, gamma, beta, eps):
    d = x - x.mean()
    s = np.sqrt(np.full(x.shape[1], x.var()) + eps)
    return gamma * d / s + beta, d / s, s


@wrong("08.2", "The batch is normalised by the biased variance; yours is divided by m − 1.")
def batch_norm(x, gamma, beta, eps):
    s = np.sqrt(x.var(axis=0, ddof=1) + eps)
    x_hat = (x - x.mean(axis=0)) / s
    return gamma * x_hat + beta, x_hat, s


@wrong("08.2", "ε belongs under the root, to the variance.")
def batch_norm(x, gamma, beta, eps):
    s = x.std(axis=0) + eps
    x_hat = (x - x.mean(axis=0)) / s
    return gamma * x_hat + beta, x_hat, s


@wrong("08.2", "Where is ε? A constant unit is divided by 0.")
def batch_norm(x, gamma, beta, eps):
    s = x.std(axis=0)
    x_hat = (x - x.mean(axis=0)) / s
    return gamma * x_hat + beta, x_hat, s


@wrong("08.2", "You divide by the variance; the root is missing.")
def batch_norm(x, gamma, beta, eps):
    s = x.var(axis=0) + eps
    x_hat = (x - x.mean(axis=0)) / s
    return gamma * x_hat + beta, x_hat, s


@wrong("08.2", "All is right but s: it is the root, and you return the variance with ε.")
def batch_norm(x, gamma, beta, eps):
    v = x.var(axis=0) + eps
    x_hat = (x - x.mean(axis=0)) / np.sqrt(v)
    return gamma * x_hat + beta, x_hat, v


@wrong("08.2", "All is right but s: it has ε in it.")
def batch_norm(x, gamma, beta, eps):
    x_hat = (x - x.mean(axis=0)) / np.sqrt(x.var(axis=0) + eps)
    return gamma * x_hat + beta, x_hat, x.std(axis=0)


@wrong("08.2", "That is the mean square of x: take the mean away before you square.")
def batch_norm(x, gamma, beta, eps):
    s = np.sqrt((x**2).mean(axis=0) + eps)
    x_hat = (x - x.mean(axis=0)) / s
    return gamma * x_hat + beta, x_hat, s


@wrong("08.2", "The bracket is too wide: γ multiplies the normalised value and not β.")
def batch_norm(x, gamma, beta, eps):
    s = np.sqrt(x.var(axis=0) + eps)
    x_hat = (x - x.mean(axis=0)) / s
    return gamma * (x_hat + beta), x_hat, s


@wrong("08.2", "γ and β have changed places: γ stretches, β shifts.")
def batch_norm(x, gamma, beta, eps):
    s = np.sqrt(x.var(axis=0) + eps)
    x_hat = (x - x.mean(axis=0)) / s
    return beta * x_hat + gamma, x_hat, s


@wrong("08.2", "You scale and shift x itself, and the normalised values are never used.")
def batch_norm(x, gamma, beta, eps):
    s = np.sqrt(x.var(axis=0) + eps)
    x_hat = (x - x.mean(axis=0)) / s
    return gamma * x + beta, x_hat, s


@wrong("08.2", "Your x_hat is already scaled and shifted; what is asked for is from before that.")
def batch_norm(x, gamma, beta, eps):
    s = np.sqrt(x.var(axis=0) + eps)
    y = gamma * (x - x.mean(axis=0)) / s + beta
    return y, y, s


@right("08.2", "with a loop over the units")
def batch_norm(x, gamma, beta, eps):
    m, n = x.shape
    y, x_hat, s = np.zeros((m, n)), np.zeros((m, n)), np.zeros(n)
    for k in range(n):
        mu = sum(x[:, k]) / m
        v = sum((x[:, k] - mu) ** 2) / m
        s[k] = (v + eps) ** 0.5
        x_hat[:, k] = (x[:, k] - mu) / s[k]
        y[:, k] = gamma[k] * x_hat[:, k] + beta[k]
    return y, x_hat, s


@right("08.2", "with the mean of the squares less the square of the mean")
def batch_norm(x, gamma, beta, eps):
    mu = np.average(x, axis=0)
    s = np.sqrt(np.average(x**2, axis=0) - mu**2 + eps)
    scale = gamma / s
    return scale * x + (beta - scale * mu), (x - mu) / s, s


@right("08.2", "in single precision")
def batch_norm(x, gamma, beta, eps):
    x, gamma, beta = (a.astype(np.float32) for a in (x, gamma, beta))
    r = 1 / np.sqrt(x.var(axis=0) + np.float32(eps))
    x_hat = (x - x.mean(axis=0)) * r
    return x_hat * gamma + beta, x_hat, 1 / r


# 08.3 Running statistics, and inference


@wrong("08.3", "Your running variance takes the biased one; where is m/(m − 1)?")
def update(running_mean, running_var, x, decay):
    mean = decay * running_mean + (1 - decay) * x.mean(axis=0)
    return mean, decay * running_var + (1 - decay) * x.var(axis=0)


@wrong("08.3", "decay weighs the old value; yours weighs the new one, as PyTorch's momentum does.")
def update(running_mean, running_var, x, decay):
    mean = (1 - decay) * running_mean + decay * x.mean(axis=0)
    return mean, (1 - decay) * running_var + decay * x.var(axis=0, ddof=1)


@wrong("08.3", "You keep a running standard deviation; it is the variance that is averaged.")
def update(running_mean, running_var, x, decay):
    mean = decay * running_mean + (1 - decay) * x.mean(axis=0)
    return mean, decay * running_var + (1 - decay) * x.std(axis=0, ddof=1)


@wrong("08.3", "Nothing of the old statistics is left: that is the last batch alone.")
def update(running_mean, running_var, x, decay):
    return x.mean(axis=0), x.var(axis=0, ddof=1)


@wrong("08.3", "The batch comes in at full weight: where is 1 − λ?")
def update(running_mean, running_var, x, decay):
    mean = decay * running_mean + x.mean(axis=0)
    return mean, decay * running_var + x.var(axis=0, ddof=1)


@wrong("08.3", "The batch's variance is taken around the batch's own mean, not the running one.")
def update(running_mean, running_var, x, decay):
    m = len(x)
    mean = decay * running_mean + (1 - decay) * x.mean(axis=0)
    return mean, decay * running_var + (1 - decay) * ((x - mean) ** 2).sum(axis=0) / (m - 1)


@wrong("08.3", "Your factor is upside down: of the two variances the unbiased one is larger.")
def update(running_mean, running_var, x, decay):
    m = len(x)
    mean = decay * running_mean + (1 - decay) * x.mean(axis=0)
    return mean, decay * running_var + (1 - decay) * x.var(axis=0) * (m - 1) / m


@wrong("08.3", "var with ddof=1 is unbiased already; your factor corrects it once more.")
def update(running_mean, running_var, x, decay):
    m = len(x)
    mean = decay * running_mean + (1 - decay) * x.mean(axis=0)
    return mean, decay * running_var + (1 - decay) * x.var(axis=0, ddof=1) * m / (m - 1)


@wrong("08.3", "In the factor, m counts the examples; you counted the units.")
def update(running_mean, running_var, x, decay):
    m = x.shape[1]
    mean = decay * running_mean + (1 - decay) * x.mean(axis=0)
    return mean, decay * running_var + (1 - decay) * x.var(axis=0) * m / (m - 1)


@wrong("08.3", "The factor covers the old variance, too; it belongs to the batch's alone.")
def update(running_mean, running_var, x, decay):
    m = len(x)
    mean = decay * running_mean + (1 - decay) * x.mean(axis=0)
    return mean, (decay * running_var + (1 - decay) * x.var(axis=0)) * m / (m - 1)


@wrong("08.3", "You infer with the batch's own statistics: then one example always gives β.")
def infer(x, gamma, beta, running_mean, running_var, eps):
    return gamma * (x - x.mean(axis=0)) / np.sqrt(x.var(axis=0) + eps) + beta


@wrong("08.3", "In infer ε belongs under the root.")
def infer(x, gamma, beta, running_mean, running_var, eps):
    return gamma * (x - running_mean) / (np.sqrt(running_var) + eps) + beta


@wrong("08.3", "The root is missing in infer.")
def infer(x, gamma, beta, running_mean, running_var, eps):
    return gamma * (x - running_mean) / (running_var + eps) + beta


@wrong("08.3", "γ and β are parameters of the layer: they serve in inference, too.")
def infer(x, gamma, beta, running_mean, running_var, eps):
    return (x - running_mean) / np.sqrt(running_var + eps)


@wrong("08.3", "In infer γ stretches β as well: mind the bracket.")
def infer(x, gamma, beta, running_mean, running_var, eps):
    return gamma * ((x - running_mean) / np.sqrt(running_var + eps) + beta)


@right("08.3", "as a step towards the batch; inference as one linear map")
class cell:
    def update(running_mean, running_var, x, decay):
        mu = x.mean(axis=0)
        v = np.sum((x - mu) ** 2, axis=0) / (len(x) - 1)
        step = 1 - decay
        return running_mean + step * (mu - running_mean), running_var + step * (v - running_var)

    def infer(x, gamma, beta, running_mean, running_var, eps):
        scale = gamma / np.sqrt(running_var + eps)
        return x * scale + (beta - running_mean * scale)


@right("08.3", "with loops")
class cell:
    def update(running_mean, running_var, x, decay):
        mean, var = running_mean.copy(), running_var.copy()
        m, n = x.shape
        for k in range(n):
            mu = sum(x[:, k]) / m
            mean[k] = decay * mean[k] + (1 - decay) * mu
            square = sum((value - mu) ** 2 for value in x[:, k])
            var[k] = decay * var[k] + (1 - decay) * square / (m - 1)
        return mean, var

    def infer(x, gamma, beta, running_mean, running_var, eps):
        return np.stack(
            [gamma * (row - running_mean) / (running_var + eps) ** 0.5 + beta for row in x]
        )


@right("08.3", "in place on copies, in single precision")
class cell:
    def update(running_mean, running_var, x, decay):
        mean, var, x = (a.astype(np.float32) for a in (running_mean, running_var, x))
        mean *= decay
        mean += (1 - decay) * x.mean(axis=0)
        var *= decay
        var += (1 - decay) * x.var(axis=0, ddof=1)
        return mean, var

    def infer(x, gamma, beta, running_mean, running_var, eps):
        x_hat = (x - running_mean).astype(np.float32)
        x_hat /= np.sqrt(running_var + eps)
        return x_hat * gamma + beta


# 08.4 Backward, step by step


@wrong("08.4", "You average over the batch; if the loss is a mean, dy has that in it: sum.")
def backward_steps(dy, gamma, d, s):
    m = len(dy)
    dbeta, dgamma, dx_hat = dy.mean(axis=0), (dy * d / s).mean(axis=0), gamma * dy
    ds = -(dx_hat * d).sum(axis=0) / s**2
    dv = ds / (2 * s)
    dd = dx_hat / s + 2 * d * dv / m
    dmu = -dd.sum(axis=0)
    return dgamma, dbeta, ds, dv, dd, dmu, dd + dmu / m


@wrong("08.4", "γ multiplies the normalised value, so dgamma has d/s in it and not d.")
def backward_steps(dy, gamma, d, s):
    m = len(dy)
    dbeta, dgamma, dx_hat = dy.sum(axis=0), (dy * d).sum(axis=0), gamma * dy
    ds = -(dx_hat * d).sum(axis=0) / s**2
    dv = ds / (2 * s)
    dd = dx_hat / s + 2 * d * dv / m
    dmu = -dd.sum(axis=0)
    return dgamma, dbeta, ds, dv, dd, dmu, dd + dmu / m


@wrong("08.4", "On the way to x you left out γ: begin with the derivative by the normalised value.")
def backward_steps(dy, gamma, d, s):
    m = len(dy)
    dbeta, dgamma = dy.sum(axis=0), (dy * d / s).sum(axis=0)
    ds = -(dy * d).sum(axis=0) / s**2
    dv = ds / (2 * s)
    dd = dy / s + 2 * d * dv / m
    dmu = -dd.sum(axis=0)
    return dgamma, dbeta, ds, dv, dd, dmu, dd + dmu / m


@wrong("08.4", "A larger s makes the quotient smaller: ds lacks its minus.")
def backward_steps(dy, gamma, d, s):
    m = len(dy)
    dbeta, dgamma, dx_hat = dy.sum(axis=0), (dy * d / s).sum(axis=0), gamma * dy
    ds = (dx_hat * d).sum(axis=0) / s**2
    dv = ds / (2 * s)
    dd = dx_hat / s + 2 * d * dv / m
    dmu = -dd.sum(axis=0)
    return dgamma, dbeta, ds, dv, dd, dmu, dd + dmu / m


@wrong("08.4", "The derivative of 1/s has the square of s below; yours has s.")
def backward_steps(dy, gamma, d, s):
    m = len(dy)
    dbeta, dgamma, dx_hat = dy.sum(axis=0), (dy * d / s).sum(axis=0), gamma * dy
    ds = -(dx_hat * d).sum(axis=0) / s
    dv = ds / (2 * s)
    dd = dx_hat / s + 2 * d * dv / m
    dmu = -dd.sum(axis=0)
    return dgamma, dbeta, ds, dv, dd, dmu, dd + dmu / m


@wrong("08.4", "The derivative of a root has a ½, which is missing in dv.")
def backward_steps(dy, gamma, d, s):
    m = len(dy)
    dbeta, dgamma, dx_hat = dy.sum(axis=0), (dy * d / s).sum(axis=0), gamma * dy
    ds = -(dx_hat * d).sum(axis=0) / s**2
    dv = ds / s
    dd = dx_hat / s + 2 * d * dv / m
    dmu = -dd.sum(axis=0)
    return dgamma, dbeta, ds, dv, dd, dmu, dd + dmu / m


@wrong(
    "08.4",
    "Two arrows lead out of d, and you came back by one: the way over the variance is missing.",
)
def backward_steps(dy, gamma, d, s):
    m = len(dy)
    dbeta, dgamma, dx_hat = dy.sum(axis=0), (dy * d / s).sum(axis=0), gamma * dy
    ds = -(dx_hat * d).sum(axis=0) / s**2
    dv = ds / (2 * s)
    dd = dx_hat / s
    dmu = -dd.sum(axis=0)
    return dgamma, dbeta, ds, dv, dd, dmu, dd + dmu / m


@wrong("08.4", "The variance is a mean, so each square has 1/m of it; that is missing in dd.")
def backward_steps(dy, gamma, d, s):
    m = len(dy)
    dbeta, dgamma, dx_hat = dy.sum(axis=0), (dy * d / s).sum(axis=0), gamma * dy
    ds = -(dx_hat * d).sum(axis=0) / s**2
    dv = ds / (2 * s)
    dd = dx_hat / s + 2 * d * dv
    dmu = -dd.sum(axis=0)
    return dgamma, dbeta, ds, dv, dd, dmu, dd + dmu / m


@wrong("08.4", "The derivative of a square has a 2, which is missing in dd.")
def backward_steps(dy, gamma, d, s):
    m = len(dy)
    dbeta, dgamma, dx_hat = dy.sum(axis=0), (dy * d / s).sum(axis=0), gamma * dy
    ds = -(dx_hat * d).sum(axis=0) / s**2
    dv = ds / (2 * s)
    dd = dx_hat / s + d * dv / m
    dmu = -dd.sum(axis=0)
    return dgamma, dbeta, ds, dv, dd, dmu, dd + dmu / m


@wrong("08.4", "This forward pass divides by m; your backward pass divides by m − 1.")
def backward_steps(dy, gamma, d, s):
    m = len(dy)
    dbeta, dgamma, dx_hat = dy.sum(axis=0), (dy * d / s).sum(axis=0), gamma * dy
    ds = -(dx_hat * d).sum(axis=0) / s**2
    dv = ds / (2 * s)
    dd = dx_hat / s + 2 * d * dv / (m - 1)
    dmu = -dd.sum(axis=0)
    return dgamma, dbeta, ds, dv, dd, dmu, dd + dmu / m


@wrong("08.4", "μ is subtracted, so dmu has a minus.")
def backward_steps(dy, gamma, d, s):
    m = len(dy)
    dbeta, dgamma, dx_hat = dy.sum(axis=0), (dy * d / s).sum(axis=0), gamma * dy
    ds = -(dx_hat * d).sum(axis=0) / s**2
    dv = ds / (2 * s)
    dd = dx_hat / s + 2 * d * dv / m
    dmu = dd.sum(axis=0)
    return dgamma, dbeta, ds, dv, dd, dmu, dd + dmu / m


@wrong("08.4", "You divide by m twice, once in dmu and once behind it: dmu is a sum.")
def backward_steps(dy, gamma, d, s):
    m = len(dy)
    dbeta, dgamma, dx_hat = dy.sum(axis=0), (dy * d / s).sum(axis=0), gamma * dy
    ds = -(dx_hat * d).sum(axis=0) / s**2
    dv = ds / (2 * s)
    dd = dx_hat / s + 2 * d * dv / m
    dmu = -dd.mean(axis=0)
    return dgamma, dbeta, ds, dv, dd, dmu, dd + dmu / m


@wrong("08.4", "In dx the share of μ is m times too large: μ is a mean.")
def backward_steps(dy, gamma, d, s):
    m = len(dy)
    dbeta, dgamma, dx_hat = dy.sum(axis=0), (dy * d / s).sum(axis=0), gamma * dy
    ds = -(dx_hat * d).sum(axis=0) / s**2
    dv = ds / (2 * s)
    dd = dx_hat / s + 2 * d * dv / m
    dmu = -dd.sum(axis=0)
    return dgamma, dbeta, ds, dv, dd, dmu, dd + dmu


@wrong("08.4", "x acts on the mean as well: add the way over μ to dx.")
def backward_steps(dy, gamma, d, s):
    m = len(dy)
    dbeta, dgamma, dx_hat = dy.sum(axis=0), (dy * d / s).sum(axis=0), gamma * dy
    ds = -(dx_hat * d).sum(axis=0) / s**2
    dv = ds / (2 * s)
    dd = dx_hat / s + 2 * d * dv / m
    return dgamma, dbeta, ds, dv, dd, -dd.sum(axis=0), dd


@right("08.4", "with the lecture's node 1/s, and ones")
def backward_steps(dy, gamma, d, s):
    r, m = 1 / s, len(dy)
    dbeta, dgamma, dx_hat = dy.sum(axis=0), (dy * d * r).sum(axis=0), gamma * dy
    dr = (dx_hat * d).sum(axis=0)
    ds = dr * (-(r**2))
    dv = ds * 0.5 * r
    dq = np.ones(d.shape) / m * dv
    dd = dx_hat * r + 2 * d * dq
    dmu = np.sum(-1 * dd, axis=0)
    return dgamma, dbeta, ds, dv, dd, dmu, dd + np.ones(d.shape) / m * dmu


@right("08.4", "with loops over units and examples")
def backward_steps(dy, gamma, d, s):
    m, n = dy.shape
    dgamma, dbeta, ds, dv, dmu = (np.zeros(n) for _ in range(5))
    dd, dx = np.zeros((m, n)), np.zeros((m, n))
    for k in range(n):
        for i in range(m):
            dbeta[k] += dy[i, k]
            dgamma[k] += dy[i, k] * d[i, k] / s[k]
            ds[k] -= gamma[k] * dy[i, k] * d[i, k] / s[k] ** 2
        dv[k] = ds[k] / 2 / s[k]
        for i in range(m):
            dd[i, k] = gamma[k] * dy[i, k] / s[k] + dv[k] / m * 2 * d[i, k]
            dmu[k] -= dd[i, k]
        for i in range(m):
            dx[i, k] = dd[i, k] + dmu[k] / m
    return dgamma, dbeta, ds, dv, dd, dmu, dx


@right("08.4", "without the part of dmu that is 0, in single precision")
def backward_steps(dy, gamma, d, s):
    dy, gamma, d, s = (a.astype(np.float32) for a in (dy, gamma, d, s))
    dbeta, dgamma = dy.sum(axis=0), np.einsum("mn,mn->n", dy, d / s)
    ds = -gamma * dgamma / s
    dv = ds / s / 2
    dd = gamma / s * dy + 2 * dv * d / len(d)
    dmu = -gamma / s * dbeta
    return dgamma, dbeta, ds, dv, dd, dmu, dd - dd.mean(axis=0)


# 08.5 Backward, in one formula


@wrong("08.5", "You take mean and variance for constants; both are made of the examples.")
def backward(dy, gamma, x_hat, s):
    return gamma / s * dy, (dy * x_hat).sum(axis=0), dy.sum(axis=0)


@wrong("08.5", "The mean of dy is to be taken away as well: that is the way over μ.")
def backward(dy, gamma, x_hat, s):
    dgamma, dbeta = (dy * x_hat).sum(axis=0), dy.sum(axis=0)
    return gamma / s * (dy - x_hat * dgamma / len(dy)), dgamma, dbeta


@wrong("08.5", "The term along x_hat is missing: that is the way over the variance.")
def backward(dy, gamma, x_hat, s):
    dgamma, dbeta = (dy * x_hat).sum(axis=0), dy.sum(axis=0)
    return gamma / s * (dy - dbeta / len(dy)), dgamma, dbeta


@wrong("08.5", "In the bracket the two sums are divided by m.")
def backward(dy, gamma, x_hat, s):
    dgamma, dbeta = (dy * x_hat).sum(axis=0), dy.sum(axis=0)
    return gamma / s * (dy - dbeta - x_hat * dgamma), dgamma, dbeta


@wrong("08.5", "The means have their 1/m; your dx is divided by m once more.")
def backward(dy, gamma, x_hat, s):
    m = len(dy)
    dgamma, dbeta = (dy * x_hat).sum(axis=0), dy.sum(axis=0)
    return gamma / s * (dy - dbeta / m - x_hat * dgamma / m) / m, dgamma, dbeta


@wrong("08.5", "Your means go over the units of each example; they go over the batch.")
def backward(dy, gamma, x_hat, s):
    along = dy.mean(axis=1, keepdims=True)
    across = (dy * x_hat).mean(axis=1, keepdims=True)
    dx = gamma / s * (dy - along - x_hat * across)
    return dx, (dy * x_hat).sum(axis=0), dy.sum(axis=0)


@wrong("08.5", "γ is missing in dx.")
def backward(dy, gamma, x_hat, s):
    m = len(dy)
    dgamma, dbeta = (dy * x_hat).sum(axis=0), dy.sum(axis=0)
    return (dy - dbeta / m - x_hat * dgamma / m) / s, dgamma, dbeta


@wrong("08.5", "s is the root already: dx is divided by s, once.")
def backward(dy, gamma, x_hat, s):
    m = len(dy)
    dgamma, dbeta = (dy * x_hat).sum(axis=0), dy.sum(axis=0)
    return gamma / s**2 * (dy - dbeta / m - x_hat * dgamma / m), dgamma, dbeta


@wrong("08.5", "Both terms in the bracket are taken away; you add the one along x_hat.")
def backward(dy, gamma, x_hat, s):
    m = len(dy)
    dgamma, dbeta = (dy * x_hat).sum(axis=0), dy.sum(axis=0)
    return gamma / s * (dy - dbeta / m + x_hat * dgamma / m), dgamma, dbeta


@wrong("08.5", "γ/s covers only dy in yours: mind the bracket.")
def backward(dy, gamma, x_hat, s):
    m = len(dy)
    dgamma, dbeta = (dy * x_hat).sum(axis=0), dy.sum(axis=0)
    return gamma / s * dy - dbeta / m - x_hat * dgamma / m, dgamma, dbeta


@wrong("08.5", "In the last term x_hat is missing in front of the mean.")
def backward(dy, gamma, x_hat, s):
    m = len(dy)
    dgamma, dbeta = (dy * x_hat).sum(axis=0), dy.sum(axis=0)
    return gamma / s * (dy - dbeta / m - dgamma / m), dgamma, dbeta


@wrong("08.5", "dgamma and dbeta are sums; the means are needed in the bracket only.")
def backward(dy, gamma, x_hat, s):
    dgamma, dbeta = (dy * x_hat).mean(axis=0), dy.mean(axis=0)
    return gamma / s * (dy - dbeta - x_hat * dgamma), dgamma, dbeta


@wrong("08.5", "γ itself is in your dgamma: its derivative is made of dy, not of γ·dy.")
def backward(dy, gamma, x_hat, s):
    m = len(dy)
    dgamma, dbeta = (dy * x_hat).sum(axis=0), dy.sum(axis=0)
    return gamma / s * (dy - dbeta / m - x_hat * dgamma / m), gamma * dgamma, dbeta


@wrong("08.5", "γ is in the sums, and then once more in front of the bracket.")
def backward(dy, gamma, x_hat, s):
    m = len(dy)
    dx_hat = gamma * dy
    along, across = dx_hat.sum(axis=0), (dx_hat * x_hat).sum(axis=0)
    dx = gamma / s * (dx_hat - along / m - x_hat * across / m)
    return dx, (dy * x_hat).sum(axis=0), dy.sum(axis=0)


@right("08.5", "with γ first")
def backward(dy, gamma, x_hat, s):
    m = dy.shape[0]
    dx_hat = dy * gamma
    total = m * dx_hat - dx_hat.sum(axis=0) - x_hat * (dx_hat * x_hat).sum(axis=0)
    return total / (m * s), np.einsum("mn,mn->n", dy, x_hat), np.ones(m) @ dy


@right("08.5", "step by step over the variance and the mean")
def backward(dy, gamma, x_hat, s):
    m = len(dy)
    d, dx_hat = x_hat * s, dy * gamma
    dv = (dx_hat * d).sum(axis=0) * -0.5 * s**-3
    dmu = -(dx_hat / s).sum(axis=0) - 2 * dv * d.mean(axis=0)
    dx = dx_hat / s + dv * 2 * d / m + dmu / m
    return dx, (dy * x_hat).sum(axis=0), dy.sum(axis=0)


@right("08.5", "with the matrix of all derivatives of a unit, in single precision")
def backward(dy, gamma, x_hat, s):
    dy, gamma, x_hat, s = (a.astype(np.float32) for a in (dy, gamma, x_hat, s))
    m, n = dy.shape
    dx = np.zeros((m, n), dtype=np.float32)
    for k in range(n):
        act = np.eye(m) - 1 / m - np.outer(x_hat[:, k], x_hat[:, k]) / m
        dx[:, k] = gamma[k] / s[k] * act @ dy[:, k]
    return dx, np.sum(dy * x_hat, axis=0), np.sum(dy, axis=0)


# 08.6 A layer that knows both modes. Each mistake stands in one method or two; the rest of the
# class is the course's own.


@wrong("08.6", "infer takes the batch's own statistics: that is the training pass once more.")
class BatchNorm(BatchNorm):
    def infer(self, x):
        x_hat = (x - x.mean(axis=0)) / np.sqrt(x.var(axis=0) + self.eps)
        return self.gamma * x_hat + self.beta


@wrong("08.6", "infer calls forward, and so what is asked of the layer changes the layer.")
class BatchNorm(BatchNorm):
    def infer(self, x):
        return self.forward(x)


@wrong(
    "08.6", "forward updates the running statistics and then normalises by them: not in training."
)
class BatchNorm(BatchNorm):
    def forward(self, x):
        new = 1 - self.decay
        self.running_mean = self.decay * self.running_mean + new * x.mean(axis=0)
        self.running_var = self.decay * self.running_var + new * x.var(axis=0, ddof=1)
        return self.infer(x)


@wrong(
    "08.6", "The running statistics stay at their start: without self. a name is local to forward."
)
class BatchNorm(BatchNorm):
    def forward(self, x):
        mean, var = x.mean(axis=0), x.var(axis=0)
        running_mean = self.decay * self.running_mean + (1 - self.decay) * mean
        running_var = self.decay * self.running_var + (1 - self.decay) * var
        self.mean, self.var = running_mean, running_var
        return self.gamma * (x - mean) / np.sqrt(var + self.eps) + self.beta


@wrong("08.6", "Your running variance starts at 0; a new layer has ones there.")
class BatchNorm(BatchNorm):
    def __init__(self, n, decay, eps):
        self.decay, self.eps = decay, eps
        self.gamma, self.beta = np.ones(n), np.zeros(n)
        self.running_mean, self.running_var = np.zeros(n), np.zeros(n)


@wrong("08.6", "The running variance takes the unbiased variance of the batch; yours is biased.")
class BatchNorm(BatchNorm):
    def forward(self, x):
        mean, var = x.mean(axis=0), x.var(axis=0)
        self.running_mean = self.decay * self.running_mean + (1 - self.decay) * mean
        self.running_var = self.decay * self.running_var + (1 - self.decay) * var
        return self.gamma * (x - mean) / np.sqrt(var + self.eps) + self.beta


@wrong("08.6", "In training the batch is normalised by its biased variance; yours is unbiased.")
class BatchNorm(BatchNorm):
    def forward(self, x):
        mean, var = x.mean(axis=0), x.var(axis=0, ddof=1)
        self.running_mean = self.decay * self.running_mean + (1 - self.decay) * mean
        self.running_var = self.decay * self.running_var + (1 - self.decay) * var
        return self.gamma * (x - mean) / np.sqrt(var + self.eps) + self.beta


@wrong("08.6", "decay is the weight of the old statistics; you gave it to the new ones.")
class BatchNorm(BatchNorm):
    def forward(self, x):
        mean, var, old = x.mean(axis=0), x.var(axis=0), 1 - self.decay
        self.running_mean = old * self.running_mean + self.decay * mean
        self.running_var = old * self.running_var + self.decay * x.var(axis=0, ddof=1)
        return self.gamma * (x - mean) / np.sqrt(var + self.eps) + self.beta


@wrong("08.6", "You keep the statistics of the last batch alone; they should be running ones.")
class BatchNorm(BatchNorm):
    def forward(self, x):
        self.running_mean, self.running_var = x.mean(axis=0), x.var(axis=0, ddof=1)
        x_hat = (x - x.mean(axis=0)) / np.sqrt(x.var(axis=0) + self.eps)
        return self.gamma * x_hat + self.beta


@wrong("08.6", "You average all batches alike; in a running average the old ones fade by λ.")
class BatchNorm(BatchNorm):
    def forward(self, x):
        self.calls = getattr(self, "calls", 0) + 1
        self.running_mean = self.running_mean + (x.mean(axis=0) - self.running_mean) / self.calls
        var = x.var(axis=0, ddof=1)
        self.running_var = self.running_var + (var - self.running_var) / self.calls
        x_hat = (x - x.mean(axis=0)) / np.sqrt(x.var(axis=0) + self.eps)
        return self.gamma * x_hat + self.beta


@wrong("08.6", "Your first batch replaces the start; here the start fades like anything old.")
class BatchNorm(BatchNorm):
    def forward(self, x):
        mean, var = x.mean(axis=0), x.var(axis=0)
        old = self.decay if hasattr(self, "trained") else 0.0
        self.trained = True
        self.running_mean = old * self.running_mean + (1 - old) * mean
        self.running_var = old * self.running_var + (1 - old) * x.var(axis=0, ddof=1)
        return self.gamma * (x - mean) / np.sqrt(var + self.eps) + self.beta


@wrong("08.6", "γ and β are forgotten in infer; a trained layer uses them in both modes.")
class BatchNorm(BatchNorm):
    def infer(self, x):
        return (x - self.running_mean) / np.sqrt(self.running_var + self.eps)


@wrong("08.6", "γ and β are forgotten in forward: they may be set from outside.")
class BatchNorm(BatchNorm):
    def forward(self, x):
        super().forward(x)
        return (x - x.mean(axis=0)) / np.sqrt(x.var(axis=0) + self.eps)


@wrong("08.6", "Your layers share one memory: it belongs to self, not to the class.")
class BatchNorm(BatchNorm):
    running = ()

    def __init__(self, n, decay, eps):
        self.decay, self.eps = decay, eps
        self.gamma, self.beta = np.ones(n), np.zeros(n)
        BatchNorm.running = BatchNorm.running or (np.zeros(n), np.ones(n))
        self.running_mean, self.running_var = BatchNorm.running

    def forward(self, x):
        mean, var, new = x.mean(axis=0), x.var(axis=0), 1 - self.decay
        self.running_mean += new * (mean - self.running_mean)
        self.running_var += new * (x.var(axis=0, ddof=1) - self.running_var)
        return self.gamma * (x - mean) / np.sqrt(var + self.eps) + self.beta


@right("08.6", "with the statistics changed in place")
class BatchNorm:
    def __init__(self, n, decay, eps):
        self.decay, self.eps = decay, eps
        self.gamma, self.beta = np.ones(n), np.zeros(n)
        self.running_mean, self.running_var = np.zeros(n), np.ones(n)

    def forward(self, x):
        m = len(x)
        mu = x.sum(axis=0) / m
        d = x - mu
        v = (d * d).sum(axis=0) / m
        self.running_mean += (1 - self.decay) * (mu - self.running_mean)
        self.running_var += (1 - self.decay) * (v * m / (m - 1) - self.running_var)
        return self._scaled(d, v)

    def infer(self, x):
        return self._scaled(x - self.running_mean, self.running_var)

    def _scaled(self, d, v):
        return self.gamma * d / np.sqrt(v + self.eps) + self.beta


@right("08.6", "with one list of statistics for both, shown as properties, in single precision")
class BatchNorm:
    def __init__(self, n, decay, eps):
        self.decay, self.eps = decay, eps
        self.gamma, self.beta = np.ones(n, np.float32), np.zeros(n, np.float32)
        self.memory = [np.zeros(n, np.float32), np.ones(n, np.float32)]

    @property
    def running_mean(self):
        return self.memory[0]

    @property
    def running_var(self):
        return self.memory[1]

    def normalised(self, x, mean, var):
        return (x - mean) / np.sqrt(var + self.eps) * self.gamma + self.beta

    def forward(self, x):
        x = x.astype(np.float32)
        seen = [x.mean(axis=0), x.var(axis=0, ddof=1)]
        pairs = zip(self.memory, seen)
        self.memory = [self.decay * old + (1 - self.decay) * new for old, new in pairs]
        return self.normalised(x, seen[0], x.var(axis=0))

    def infer(self, x):
        return self.normalised(x, *self.memory)


@right("08.6", "with unit after unit, in lists")
class BatchNorm:
    def __init__(self, n, decay, eps):
        self.decay, self.eps = decay, eps
        self.gamma, self.beta = [1.0] * n, [0.0] * n
        self.running_mean, self.running_var = [0.0] * n, [1.0] * n

    def forward(self, x):
        y = np.empty(x.shape)
        for k, column in enumerate(x.T):
            m, mu = len(column), sum(column) / len(column)
            v = sum((column - mu) ** 2) / m
            old, new = self.decay, 1 - self.decay
            self.running_mean[k] = old * self.running_mean[k] + new * mu
            self.running_var[k] = old * self.running_var[k] + new * v * m / (m - 1)
            y[:, k] = self.gamma[k] * (column - mu) / (v + self.eps) ** 0.5 + self.beta[k]
        return y

    def infer(self, x):
        d = x - np.array(self.running_mean)
        return np.array(self.gamma) * d / (np.array(self.running_var) + self.eps) ** 0.5 + self.beta
