"""Known answers to exercise 08: the mistakes that people make, and other right ways."""

import numpy as np

from coursekit.grading import edit, right, wrong

# 08.1 Standardise without a leak

edit(
    "08.1",
    "Your statistics come from all rows: take the training rows alone.",
    {"statistics(x[train])": "statistics(x)"},
)
edit(
    "08.1",
    "Your statistics come from training and test rows together: leave the test rows out.",
    {"statistics(x[train])": "statistics(x[np.concatenate([train, test])])"},
)
edit(
    "08.1",
    "Your mean is that of all rows, the test rows too: take the training rows alone.",
    {"mean, std = statistics(x[train])": "mean, std = x.mean(axis=0), statistics(x[train])[1]"},
)

edit(
    "08.1",
    "The test rows get statistics of their own; use those of the training rows again.",
    {"(x[test] - mean) / std": ("(x[test] - statistics(x[test])[0]) / statistics(x[test])[1]")},
)
edit(
    "08.1",
    "By rounding, a constant feature's spread may be 1e-16 and not 0: compare the rows.",
    {"(x == x[0]).all(axis=0)": "x.std(axis=0) == 0"},
)

edit(
    "08.1",
    "No threshold tells a constant feature from one with tiny values: compare the rows.",
    {"(x == x[0]).all(axis=0)": "x.std(axis=0) < 1e-8"},
)
edit(
    "08.1",
    "Your spread is divided by N − 1 instead of N.",
    {"x.std(axis=0)": "x.std(axis=0, ddof=1)"},
)
edit(
    "08.1",
    "A constant feature keeps the spread 0 in yours, and then it is divided by 0.",
    {"np.where(constant, 1.0, x.std(axis=0))": "x.std(axis=0)"},
)
edit(
    "08.1",
    "You divide a constant feature by a tiny number; its spread should be 1.",
    {"np.where(constant, 1.0, x.std(axis=0))": "x.std(axis=0) + 1e-8"},
)
edit(
    "08.1",
    "You leave the test rows as they were: standardise them.",
    {"(x[test] - mean) / std": "x[test]"},
)
edit(
    "08.1",
    "You compare the first two rows only; all must be equal.",
    {"(x == x[0]).all(axis=0)": "x[0] == x[1]"},
)
edit(
    "08.1",
    "The first row equals itself, so `any` is always true.",
    {".all(axis=0)": ".any(axis=0)"},
)

edit(
    "08.1",
    "Other values than 0 are constant too: compare with the first row.",
    {"(x == x[0])": "(x == 0)"},
)
edit(
    "08.1",
    "What is constant in training may vary in the test: it is centred there, not set to 0.",
    {"(x[test] - mean) / std": "(np.ptp(x[train], axis=0) > 0) * (x[test] - mean) / std"},
)
edit(
    "08.1",
    "You divide by largest minus smallest, not by σ.",
    {"x.std(axis=0)": "np.ptp(x, axis=0)"},
)
edit("08.1", "You return the median; μ is the mean.", {"x.mean(axis=0)": "np.median(x, axis=0)"})
edit(
    "08.1",
    "Subtract the mean before you square.",
    {"x.std(axis=0)": "np.sqrt((x**2).mean(axis=0))"},
)
edit(
    "08.1",
    "You only centre the rows; divide by the spread as well.",
    {"(x[train] - mean) / std": "x[train] - mean", "(x[test] - mean) / std": "x[test] - mean"},
)
edit(
    "08.1",
    "The division comes before the subtraction: put x − μ into brackets.",
    {
        "(x[train] - mean) / std": "x[train] - mean / std",
        "(x[test] - mean) / std": "x[test] - mean / std",
    },
)


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


# 08.2 Batch norm, forward, where rows count differently

edit(
    "08.2",
    "Each row counts once in yours: `count` says how often it counts.",
    {"count[:, None] / count.sum()": "np.full((len(x), 1), 1 / len(x))"},
)
edit(
    "08.2",
    "Divide by the sum of the counts, not by the number of rows.",
    {"/ count.sum()": "/ len(count)"},
)

edit(
    "08.2",
    "Divide by the sum of the counts, not by how many count.",
    {"/ count.sum()": "/ (count > 0).sum()"},
)

edit(
    "08.2",
    "You multiply the rows by their counts and then average as if each counted once.",
    {"count[:, None] / count.sum()": "1 / len(x)\n    x = count[:, None] * x"},
)

edit(
    "08.2", "Mean and variance are sums in yours: divide by the counts' sum.", {"/ count.sum()": ""}
)
edit(
    "08.2",
    "In your variance the squares ignore the counts.",
    {"(share * d**2).sum(axis=0)": "(d**2).mean(axis=0)"},
)
edit(
    "08.2",
    "Your variance is that of the rows, without counts.",
    {"(share * d**2).sum(axis=0)": "x.var(axis=0)"},
)

edit("08.2", "Your mean ignores the counts.", {"(share * x).sum(axis=0)": "x.mean(axis=0)"})
edit(
    "08.2",
    "The batch is normalised by the biased variance; yours is divided by one less.",
    {"(share * d**2).sum(axis=0)": "count @ d**2 / (count.sum() - 1)"},
)
edit(
    "08.2",
    "ε belongs under the root, to the variance.",
    {"np.sqrt((share * d**2).sum(axis=0) + eps)": "np.sqrt((share * d**2).sum(axis=0)) + eps"},
)
edit("08.2", "Where is ε? A constant unit is divided by 0.", {"axis=0) + eps)": "axis=0))"})
edit("08.2", "You divide by the variance; the root is missing.", {"np.sqrt((share": "((share"})
edit(
    "08.2",
    "γ multiplies x_hat and not β: mind the bracket.",
    {"gamma * x_hat + beta": "gamma * (x_hat + beta)"},
)
edit(
    "08.2",
    "γ is the factor, β the shift; not vice versa.",
    {"gamma * x_hat + beta": "beta * x_hat + gamma"},
)
edit(
    "08.2",
    "Rows that count once or more all count alike in yours; `count` is more than yes or no.",
    {"count[:, None] / count.sum()": "(count > 0)[:, None] / (count > 0).sum()"},
)
edit(
    "08.2",
    "The counts belong to the mean and the variance alone; your outputs are multiplied by them.",
    {"x_hat = d / s": "x_hat = count[:, None] * d / s"},
)
edit(
    "08.2",
    "A row that doesn't count is normalised like the others; yours becomes 0.",
    {"x_hat = d / s": "x_hat = (count > 0)[:, None] * d / s"},
)
edit(
    "08.2",
    "The output of a row that doesn't count is 0 in yours; it is scaled and shifted too.",
    {"return gamma * x_hat + beta": "return (count > 0)[:, None] * (gamma * x_hat + beta)"},
)

edit(
    "08.2",
    "You multiply the outputs by the counts; they belong to mean and variance alone.",
    {"gamma * x_hat + beta": "count[:, None] * (gamma * x_hat + beta)"},
)

edit(
    "08.2",
    "The counts are squared in yours: square d alone.",
    {"(share * d**2)": "((share * d) ** 2)"},
)
edit(
    "08.2",
    "Your variance is that of x times its counts; the counts weight the squared deviations.",
    {"(share * d**2)": "((count[:, None] * x - mu) ** 2 / count.sum())"},
)
edit("08.2", "That is the mean square of x: subtract the mean before you square.", {"d**2": "x**2"})
edit(
    "08.2", "x_hat isn't centred: subtract μ before you divide.", {"x_hat = d / s": "x_hat = x / s"}
)
edit(
    "08.2",
    "You scale and shift x itself, not the normalised values.",
    {"gamma * x_hat": "gamma * x"},
)
edit(
    "08.2",
    "Your variance is about the plain mean; the weighted one belongs in it as well.",
    {"share * d**2": "share * (x - x.mean(axis=0)) ** 2"},
)


@right("08.2", "with repeated rows")
def batch_norm(x, count, gamma, beta, eps):
    rows = np.repeat(x, count, axis=0)
    s = np.sqrt(rows.var(axis=0) + eps)
    x_hat = (x - rows.mean(axis=0)) / s
    return x_hat * gamma + beta, x_hat, s


edit(
    "08.2",
    "The results have one row for each row of x; only the statistics need the repeated rows.",
    {"(x - rows": "(rows - rows"},
    of="with repeated rows",
)


@right("08.2", "in single precision")
def batch_norm(x, count, gamma, beta, eps):
    x, gamma, beta, share = (np.float32(a) for a in (x, gamma, beta, count / count.sum()))
    d = x - share @ x
    r = 1 / np.sqrt(share @ (d * d) + np.float32(eps))
    return d * r * gamma + beta, d * r, 1 / r


# 08.3 Running statistics, and inference

edit(
    "08.3",
    "Your running variance takes the biased one: m/(m − 1) is missing.",
    {" * m / (m - 1)": ""},
)
edit(
    "08.3",
    "decay weights the old value; yours weights the new one, as PyTorch's momentum does.",
    {
        "decay * running_mean + (1 - decay)": "(1 - decay) * running_mean + decay",
        "decay * running_var + (1 - decay)": "(1 - decay) * running_var + decay",
    },
)
edit(
    "08.3",
    "In infer ε belongs under the root.",
    {"np.sqrt(running_var + eps)": "(np.sqrt(running_var) + eps)"},
)
edit("08.3", "The root is missing in infer.", {"np.sqrt(running_var + eps)": "(running_var + eps)"})
edit(
    "08.3",
    "You infer with the batch's own statistics: then one example always gives β.",
    {"(x - running_mean) / np.sqrt(running_var": "(x - x.mean(axis=0)) / np.sqrt(x.var(axis=0)"},
)
edit(
    "08.3",
    "infer should take the running variance, not the batch's.",
    {"np.sqrt(running_var": "np.sqrt(x.var(axis=0)"},
)

edit(
    "08.3",
    "infer should subtract the running mean, not the batch's.",
    {"(x - running_mean)": "(x - x.mean(axis=0))"},
)

edit(
    "08.3",
    "The batch comes in at full weight: where is 1 − λ?",
    {
        "+ (1 - decay) * x.mean(axis=0)": "+ x.mean(axis=0)",
        "+ (1 - decay) * x.var(axis=0)": "+ x.var(axis=0)",
    },
)
edit(
    "08.3",
    "The brackets are missing: 1 − λ as a whole multiplies what is new.",
    {
        "(1 - decay) * x.mean(axis=0)": "1 - decay * x.mean(axis=0)",
        "(1 - decay) * x.var(axis=0)": "1 - decay * x.var(axis=0)",
    },
)
edit(
    "08.3",
    "The order is running_mean, running_var; yours is the reverse.",
    {"return mean, var": "return var, mean"},
)
edit(
    "08.3",
    "You average standard deviations: average variances.",
    {"x.var(axis=0) * m / (m - 1)": "x.std(axis=0, ddof=1)"},
)
edit(
    "08.3",
    "The batch's variance is taken around the batch's own mean, not the new running one.",
    {"x.var(axis=0) * m": "((x - mean) ** 2).mean(axis=0) * m"},
)
edit(
    "08.3",
    "The batch's variance is taken around the batch's own mean, not the old running one.",
    {"x.var(axis=0) * m": "((x - running_mean) ** 2).mean(axis=0) * m"},
)
edit(
    "08.3",
    "Your factor is upside down: the unbiased variance is larger.",
    {"* m / (m - 1)": "* (m - 1) / m"},
)
edit(
    "08.3",
    "With ddof=1 it is unbiased; the factor comes twice.",
    {"x.var(axis=0)": "x.var(axis=0, ddof=1)"},
)
edit(
    "08.3", "In the factor m is the number of rows, not of units.", {"m = len(x)": "m = x.shape[1]"}
)
edit(
    "08.3", "Only the variance is divided by m − 1.", {"x.mean(axis=0)": "x.sum(axis=0) / (m - 1)"}
)
edit(
    "08.3",
    "Each unit has its own mean and variance; you take those of all numbers of the batch.",
    {"x.mean(axis=0)": "x.mean()", "x.var(axis=0)": "x.var()"},
)
edit("08.3", "infer forgets γ and β.", {"gamma * (x": "(x", "+ eps) + beta": "+ eps)"})
edit(
    "08.3",
    "In infer γ multiplies β, too: mind the bracket.",
    {"+ eps) + beta": "+ eps) + gamma * beta"},
)
edit(
    "08.3",
    "In infer γ is the factor and β the shift.",
    {"gamma * (x": "beta * (x", "+ eps) + beta": "+ eps) + gamma"},
)
edit("08.3", "infer has to subtract the running mean.", {"(x - running_mean)": "x"})

edit("08.3", "γ is missing in infer.", {"gamma * (x": "(x"})

edit(
    "08.3",
    "infer should subtract the mean from x; yours does the reverse.",
    {"(x - running_mean)": "(running_mean - x)"},
)

edit(
    "08.3",
    "The running variance is unbiased already: infer uses it as it is.",
    {"np.sqrt(running_var": "np.sqrt(running_var * len(x) / max(len(x) - 1, 1)"},
)

edit("08.3", "In infer x − μ needs brackets.", {"(x - running_mean)": "x - running_mean"})


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


# 08.4 Backward, step by step, where rows count differently

edit(
    "08.4",
    "Each row of y enters the loss once: dbeta has no counts.",
    {"dy.sum(axis=0)": "count @ dy"},
)

edit(
    "08.4",
    "A row of y enters the loss once: no counts in dgamma.",
    {"(dy * d / s).sum(axis=0)": "count @ (dy * d / s)"},
)

edit("08.4", "The counts are missing in dd: q acts on v with c/M.", {"dv * share": "dv / len(dy)"})
edit(
    "08.4",
    "A square acts on v with c/M; c is missing in your dd.",
    {"dv * share": "dv / count.sum()"},
)

edit(
    "08.4", "The counts are missing in dx: x acts on μ with c/M.", {"dmu * share": "dmu / len(dy)"}
)
edit("08.4", "x acts on μ with c/M; c is missing in your dx.", {"dmu * share": "dmu / count.sum()"})

edit(
    "08.4",
    "x acts on μ with the factor c/M; yours acts with c.",
    {"dmu * share": "dmu * count[:, None]"},
)

edit(
    "08.4",
    "Rows that count once or more all count alike in yours: `count` is no mask.",
    {"count[:, None] / count.sum()": "(count > 0)[:, None] / (count > 0).sum()"},
)

edit(
    "08.4",
    "Each row counts once in yours: c/M replaces 1/m.",
    {"count[:, None] / count.sum()": "1 / len(dy)"},
)
edit(
    "08.4",
    "The counts are divided by their sum, not by the number of rows.",
    {"/ count.sum()": "/ len(count)"},
)
edit("08.4", "A square acts on v with c/M; yours with c.", {"dv * share": "dv * count[:, None]"})
edit(
    "08.4",
    "Two arrows lead out of d: the path over the variance is missing.",
    {" + dv * share * 2 * d": ""},
)
edit("08.4", "The direct path from x_hat to d is missing in dd.", {"dx_hat / s + dv": "dv"})
edit("08.4", "On the way to x you left out γ: dx_hat is γ times dy.", {"gamma * dy": "1.0 * dy"})
edit("08.4", "The derivative of 1/s has s² in its denominator; yours has s.", {"/ s**2": "/ s"})
edit("08.4", "A square's derivative has a 2; your dd lacks it.", {"share * 2 * d": "share * d"})
edit(
    "08.4",
    "Where one number serves all rows, its derivative is a plain sum: no counts there.",
    {
        "dy.sum(axis=0)": "count @ dy + 0",
        "(dy * d / s).sum(axis=0)": "count @ (dy * d / s) + 0",
        "(dx_hat * d).sum(axis=0)": "(count @ (dx_hat * d))",
        "-dd.sum(axis=0)": "-(count @ dd)",
    },
)

edit(
    "08.4",
    "Each row enters the sum for ds once.",
    {"(dx_hat * d).sum(axis=0)": "(count @ (dx_hat * d))"},
)
edit("08.4", "Each d has one μ in it: dmu has no counts.", {"-dd.sum(axis=0)": "-(count @ dd)"})
edit(
    "08.4",
    "You weight the error by the counts; dy is the whole derivative for each row already.",
    {"share = ": "dy = count[:, None] * dy\n    share = "},
)
edit("08.4", "x acts on the mean as well: add the path over μ to dx.", {"dd + dmu * share": "dd"})
edit(
    "08.4",
    "The minus of μ's path to x is in dmu already.",
    {"dd + dmu * share": "dd - dmu * share"},
)
edit(
    "08.4",
    "The share of a row comes twice, once in dmu and once behind it: dmu is a plain sum.",
    {"-dd.sum(axis=0)": "-(share * dd).sum(axis=0)"},
)
edit("08.4", "x acts on μ with the factor c/M, not with 1.", {"dmu * share": "dmu"})
edit("08.4", "dv is ds divided by 2s; you multiply by s.", {"ds / (2 * s)": "ds * s / 2"})
edit(
    "08.4",
    "The derivative of 1/s is in ds already; v needs the root's.",
    {"ds / (2 * s)": "-ds / (2 * s**3)"},
)
edit(
    "08.4",
    "d is missing in ds: the derivative of d/s is −d/s².",
    {"-(dx_hat * d).sum": "-dx_hat.sum"},
)
edit("08.4", "γ is missing in ds: it is made of dx_hat, or γ·dy.", {"-(dx_hat * d)": "-(dy * d)"})


edit(
    "08.4",
    "That is the derivative with respect to 1/s; ds has a factor −1/s² more.",
    {
        "-(dx_hat * d).sum(axis=0) / s**2": "(dx_hat * d).sum(axis=0)",
        "ds / (2 * s)": "-ds / (2 * s**3)",
    },
)
edit(
    "08.4",
    "That is the derivative with respect to 1/s; ds has a factor −1/s² more.",
    {"-(dx_hat * d).sum(axis=0) / s**2": "(dx_hat * d).sum(axis=0)"},
)
edit(
    "08.4",
    "`s` is the root already; you take it for the variance in dv.",
    {"dv = ds / (2 * s)": "dv = ds / (2 * np.sqrt(s))"},
)


@right("08.4", "with a node 1/s as in the lecture")
def backward_steps(dy, gamma, d, s, count):
    r, share = 1 / s, count / count.sum()
    dbeta, dgamma, dx_hat = dy.sum(axis=0), (dy * d * r).sum(axis=0), gamma * dy
    dr = (dx_hat * d).sum(axis=0)
    ds = dr * (-(r**2))
    dv = ds * 0.5 * r
    dq = np.outer(share, dv)
    dd = dx_hat * r + 2 * d * dq
    dmu = np.sum(-1 * dd, axis=0)
    return dgamma, dbeta, ds, dv, dd, dmu, dd + np.outer(share, dmu)


@right("08.4", "without the part of dmu that is 0, in single precision")
def backward_steps(dy, gamma, d, s, count):
    dy, gamma, d, s = (a.astype(np.float32) for a in (dy, gamma, d, s))
    share = np.float32(count / count.sum())[:, None]
    dbeta, dgamma = dy.sum(axis=0), np.einsum("mn,mn->n", dy, d / s)
    ds = -gamma * dgamma / s
    dv = ds / s / 2
    dd = gamma / s * dy + 2 * dv * d * share
    dmu = -gamma / s * dbeta
    return dgamma, dbeta, ds, dv, dd, dmu, dd + share * dmu


# 08.5 Backward through layer norm, in one formula


@wrong("08.5", "That is batch norm's formula: here the means run along the row, over the units.")
def backward(dy, gamma, x_hat, s):
    m = len(dy)
    dgamma, dbeta = (dy * x_hat).sum(axis=0), dy.sum(axis=0)
    return gamma / s[:, None] * (dy - dbeta / m - x_hat * dgamma / m), dgamma, dbeta


edit(
    "08.5",
    "γ differs from unit to unit, so it can't be put before the bracket: it is in both means.",
    {"gamma * dy": "dy", "(dx_hat - mean": "gamma * (dx_hat - mean"},
)
edit(
    "08.5", "Mean and variance aren't constants: they depend on x.", {" - mean - x_hat * along": ""}
)
edit("08.5", "Subtract the mean of γ·dy as well: that is the path over μ.", {" - mean": ""})
edit(
    "08.5", "The term along x_hat is missing, the path over the variance.", {" - x_hat * along": ""}
)
edit(
    "08.5",
    "The two terms in the bracket are means over the units, not sums.",
    {"dx_hat.mean(": "dx_hat.sum(", "(dx_hat * x_hat).mean(": "(dx_hat * x_hat).sum("},
)
edit("08.5", "The first term in the bracket is a mean, not a sum.", {"dx_hat.mean(": "dx_hat.sum("})

edit(
    "08.5",
    "The last term has a mean in it, not a sum.",
    {"(dx_hat * x_hat).mean(": "(dx_hat * x_hat).sum("},
)

edit("08.5", "γ is missing in dx.", {"gamma * dy": "1.0 * dy"})
edit("08.5", "s is the root already: divide dx by s, once.", {"/ s[:, None]": "/ s[:, None] ** 2"})
edit("08.5", "dx is divided by s; you multiply.", {"/ s[:, None]": "* s[:, None]"})
edit("08.5", "dx lacks the division by s.", {" / s[:, None]": ""})
edit(
    "08.5", "The term along x_hat is subtracted, not added.", {"- x_hat * along": "+ x_hat * along"}
)
edit("08.5", "In the last term x_hat is missing before the mean.", {"- x_hat * along": "- along"})
edit(
    "08.5",
    "1/s covers only γ·dy in yours: mind the bracket.",
    {"(dx_hat - mean - x_hat * along) / s[:, None]": "dx_hat / s[:, None] - mean - x_hat * along"},
)

edit(
    "08.5",
    "γ is in the means, and again before the bracket.",
    {"(dx_hat - mean": "gamma * (dx_hat - mean"},
)
edit(
    "08.5",
    "In the means γ is missing.",
    {"dx_hat.mean": "dy.mean", "(dx_hat * x_hat)": "(dy * x_hat + 0)"},
)
edit("08.5", "In the first mean γ is missing: it is that of γ·dy.", {"dx_hat.mean": "dy.mean"})

edit(
    "08.5",
    "In the second mean γ is missing before dy·x_hat.",
    {"(dx_hat * x_hat)": "(dy * x_hat + 0)"},
)

edit(
    "08.5",
    "The means are divided by the number of units n; you divide by that of the examples.",
    {
        "dx_hat.mean(axis=1, keepdims=True)": "dx_hat.sum(axis=1, keepdims=True) / len(dy)",
        "(dx_hat * x_hat).mean(axis=1, keepdims=True)": (
            "(dx_hat * x_hat).sum(axis=1, keepdims=True) / len(dy)"
        ),
    },
)
edit(
    "08.5",
    "s is the root already; you take its root once more.",
    {"/ s[:, None]": "/ np.sqrt(s)[:, None]"},
)


@right("08.5", "with the number of units before all, in single precision")
def backward(dy, gamma, x_hat, s):
    dy, gamma, x_hat, s = (a.astype(np.float32) for a in (dy, gamma, x_hat, s))
    n = dy.shape[1]
    g = dy * gamma
    total = n * g - g.sum(1, keepdims=True) - x_hat * (g * x_hat).sum(1, keepdims=True)
    return total / (n * s[:, None]), np.einsum("mn,mn->n", dy, x_hat), np.ones(len(dy)) @ dy


@right("08.5", "step by step over the variance and the mean")
def backward(dy, gamma, x_hat, s):
    n, s = dy.shape[1], s[:, None]
    d, dx_hat = x_hat * s, dy * gamma
    dv = (dx_hat * d).sum(axis=1, keepdims=True) * -0.5 * s**-3
    dmu = -(dx_hat / s).sum(axis=1, keepdims=True) - 2 * dv * d.mean(axis=1, keepdims=True)
    return dx_hat / s + dv * 2 * d / n + dmu / n, (dy * x_hat).sum(axis=0), dy.sum(axis=0)


# 08.6 A layer that knows both modes

edit(
    "08.6",
    "infer takes the batch's own statistics: that is the training pass once more.",
    {
        "(x - self.running_mean) / np.sqrt(self.running_var": (
            "(x - x.mean(axis=0)) / np.sqrt(x.var(axis=0)"
        )
    },
)

edit(
    "08.6",
    "infer should subtract the running mean, not the batch's.",
    {"(x - self.running_mean)": "(x - x.mean(axis=0))"},
)

edit(
    "08.6",
    "infer calls forward, which trains the layer.",
    {"return self.gamma * x_hat + self.beta": "return self.forward(x)"},
)
edit(
    "08.6",
    "You normalise by the running statistics in forward; take the batch's there.",
    {"(x - mean) / np.sqrt(var": "(x - self.running_mean) / np.sqrt(self.running_var"},
)

edit(
    "08.6",
    "The running statistics stay at their start: without self. a name is local to forward.",
    {
        "self.running_mean = self.decay": "running_mean = self.decay",
        "self.running_var = self.decay": "running_var = self.decay",
    },
)
edit(
    "08.6",
    "The running variance needs the batch's unbiased variance; yours is biased.",
    {"ddof=1": "ddof=0"},
)
edit(
    "08.6",
    "In training the batch is normalised by its biased variance; yours is unbiased.",
    {"var = x.mean(axis=0), x.var(axis=0)": "var = x.mean(axis=0), x.var(axis=0, ddof=1) + 0"},
)
edit(
    "08.6",
    "decay is the weight of the old statistics; you gave it to the new ones.",
    {
        "self.decay * self.running_mean + new": "new * self.running_mean + self.decay",
        "self.decay * self.running_var + new": "new * self.running_var + self.decay",
    },
)
edit(
    "08.6",
    "Your running variance starts at 0, not at 1.",
    {"np.zeros(n), np.ones(n)": "np.zeros(n), np.zeros(n)"},
)
edit(
    "08.6",
    "infer doesn't take γ and β as they are at that moment.",
    {"self.gamma * x_hat + self.beta": "x_hat"},
)
edit(
    "08.6",
    "γ and β are forgotten in forward: they may be set from outside.",
    {
        "self.gamma * (x - mean)": "(x - mean)",
        "np.sqrt(var + self.eps) + self.beta": "np.sqrt(var + self.eps)",
    },
)
edit(
    "08.6",
    "You keep γ and β as they were at the start: read self.gamma and self.beta at each call.",
    {
        "np.ones(n), np.zeros(n)\n": (
            "np.ones(n), np.zeros(n)\n        self.first = self.gamma, self.beta\n"
        ),
        "self.gamma * (x - mean)": "self.first[0] * (x - mean)",
        "np.sqrt(var + self.eps) + self.beta": "np.sqrt(var + self.eps) + self.first[1]",
        "self.gamma * x_hat + self.beta": "self.first[0] * x_hat + self.first[1]",
    },
)
edit(
    "08.6",
    "In forward γ stretches β as well: mind the bracket.",
    {"np.sqrt(var + self.eps) + self.beta": "np.sqrt(var + self.eps) + self.gamma * self.beta"},
)

edit(
    "08.6",
    "You average the standard deviations, not variances.",
    {"x.var(axis=0, ddof=1)": "x.std(axis=0, ddof=1)"},
)
edit(
    "08.6",
    "The batch's variance is taken around the batch's own mean, not the running one.",
    {"x.var(axis=0, ddof=1)": "((x - self.running_mean) ** 2).sum(axis=0) / (len(x) - 1)"},
)
edit(
    "08.6",
    "infer updates the running statistics; it should change nothing.",
    {"x_hat = (x": "if len(x) > 1:\n            self.forward(x)\n        x_hat = (x"},
)
edit(
    "08.6",
    "The running variance is unbiased already: infer uses it as it is.",
    {"self.running_var + self.eps": "self.running_var * len(x) / max(len(x) - 1, 1) + self.eps"},
)
edit(
    "08.6",
    "In the factor m/(m − 1), m counts the examples; you counted the units.",
    {"x.var(axis=0, ddof=1)": "x.var(axis=0) * x.shape[1] / (x.shape[1] - 1)"},
)
edit(
    "08.6",
    "Each unit has its own mean and variance; yours are those of the whole batch.",
    {"x.mean(axis=0), x.var(axis=0)\n": "x.mean(), x.var()\n"},
)

edit(
    "08.6",
    "Your layers share their running statistics: keep them in self, not in the class.",
    {
        "self.running_mean, self.running_var =": (
            "type(self).running_mean, type(self).running_var ="
        ),
        "self.running_mean = self.decay": "type(self).running_mean = self.decay",
        "self.running_var = self.decay": "type(self).running_var = self.decay",
    },
)

edit(
    "08.6",
    "You take m from the first batch; each batch has a size of its own.",
    {
        "x.var(axis=0, ddof=1)": "var * self.m / (self.m - 1)",
        "new = 1": "self.m = getattr(self, 'm', len(x))\n        new = 1",
    },
)
edit(
    "08.6",
    "In forward ε belongs under the root.",
    {"np.sqrt(var + self.eps)": "(np.sqrt(var) + self.eps)"},
)

edit(
    "08.6",
    "In infer ε belongs under the root.",
    {"np.sqrt(self.running_var + self.eps)": "(np.sqrt(self.running_var) + self.eps)"},
)

edit(
    "08.6",
    "The root is missing in infer.",
    {"np.sqrt(self.running_var + self.eps)": "(self.running_var + self.eps)"},
)


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
