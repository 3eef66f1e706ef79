"""Known answers to exercise 09: the mistakes that people make, and other right ways."""

import numpy as np

from coursekit.grading import edit, right, wrong

# 09.1 Three penalties

edit(
    "09.1",
    "The ½ is gone once you have taken the derivative; your L2 gradient still has it.",
    {", strength * W": ", strength / 2 * W"},
)
edit(
    "09.1",
    "Without the ½, value and gradient of your L2 fit together, but the task has the ½.",
    {"strength / 2 *": "strength * ", ", strength * W": ", 2.0 * strength * W"},
)
edit(
    "09.1",
    "At a weight of 0 your L1 gradient is 1; nothing should pull there.",
    {", strength * np.sign(W)": ", strength * np.where(W >= 0, 1.0, -1.0)"},
)
edit(
    "09.1",
    "w / |w| is 0 / 0 at a weight of 0, and one NaN spoils the network.",
    {", strength * np.sign(W)": ", strength * W / np.abs(W)"},
)
edit(
    "09.1",
    "L1 takes the absolute values; without them positive and negative weights cancel.",
    {"strength * np.sum(np.abs(W)),": "strength * np.sum(W),"},
)
edit(
    "09.1",
    "L1's gradient has one size for all weights; yours grows with the weight, as L2's does.",
    {", strength * np.sign(W)": ", strength * np.abs(W)"},
)
edit(
    "09.1",
    "np.linalg.norm(W, 1) of a matrix is its largest column sum, not the sum of all.",
    {"strength * np.sum(np.abs(W)),": "strength * np.linalg.norm(W.reshape(len(W), -1), 1),"},
)
edit(
    "09.1",
    "L2 adds up the squares; you took the root of their sum.",
    {"strength / 2 * np.sum(W**2)": "strength / 2 * np.linalg.norm(W)"},
)
edit(
    "09.1",
    "A penalty is the sum over all weights; with a mean, its strength depends on how many there "
    "are.",
    {"strength / 2 * np.sum(W**2), strength * W": "strength / 2 * np.mean(W**2), strength * W"},
)
edit(
    "09.1",
    "The two strengths have changed places: the first belongs to L1.",
    {
        "W, strength1, strength2": "W, strength2, strength1",
    },
)
edit(
    "09.1",
    "That is the slide's elastic net; here its square part has a ½ and its own strength.",
    {
        "+ strength2 / 2 *": "+ strength1 * strength2 *",
        "+ strength2 * W": "+ 2 * strength1 * strength2 * W",
    },
)
edit(
    "09.1",
    "The ½ is missing in the value of your elastic net; its gradient is right.",
    {"strength2 / 2": "strength2"},
)
edit(
    "09.1",
    "You mix the two parts by shares; here each has a strength of its own.",
    {
        "value = ": "strength1, strength2 = strength1 * strength2, strength1 * (1 - strength2)\n"
        "    value = "
    },
)


@right("09.1", "each made of the others")
class cell:
    def l2(W, strength):
        flat = np.ravel(W)
        return strength * np.dot(flat, flat) / 2, np.multiply(W, strength)

    def l1(W, strength):
        signs = (W > 0).astype(int) - (W < 0)
        return strength * np.sum(W * signs), strength * signs

    def elastic_net(W, strength1, strength2):
        one, two = l1(W, strength1), l2(W, strength2)
        return one[0] + two[0], one[1] + two[1]


@right("09.1", "with norms, in single precision")
class cell:
    def l2(W, strength):
        W = W.astype(np.float32)
        return strength / 2 * np.linalg.norm(W) ** 2, strength * W

    def l1(W, strength):
        W = W.astype(np.float32)
        return strength * np.linalg.norm(W.ravel(), 1), strength * np.sign(W)


# 09.2 A penalty for a network

edit(
    "09.2",
    "You have penalised the biases, γ and β as well; only weights should shrink.",
    {'name.startswith("W")': "True"},
)
edit(
    "09.2",
    "γ is no bias, but it is not penalised either.",
    {'name.startswith("W")': 'not name.startswith("b")'},
)
edit(
    "09.2",
    "A W somewhere in the name does not make a weight; it should be the first letter.",
    {'name.startswith("W")': '"W" in name'},
)
edit(
    "09.2",
    "You tell the weights by their shape; their names tell them, whatever shape they have.",
    {'name.startswith("W")': "values.ndim == 2"},
)
edit(
    "09.2",
    "The penalty's gradient has replaced that of the loss; it should be added to it.",
    {"grads[name] + strength": "strength"},
)
edit(
    "09.2",
    "The penalty's gradient is subtracted in yours; the minus comes later, with the step.",
    {"grads[name] + strength": "grads[name] - strength"},
)
edit(
    "09.2",
    "Your loss has the penalty of the last layer only: the sum begins anew in each.",
    {"total += ": "total = loss + "},
)
edit(
    "09.2",
    "The loss of the data is lost: the penalty is added to it.",
    {"total, total_grads = loss, {}": "total, total_grads = 0.0, {}"},
)
edit(
    "09.2",
    "The loss of the data and all penalties but the last are lost: add with +=.",
    {"total += ": "total = "},
)
edit(
    "09.2",
    "Your loss averages the penalty over the weights of each layer; it should be a sum.",
    {"np.sum(": "np.mean("},
)
edit(
    "09.2",
    "L2 adds up the squares; you took the root of each layer's sum.",
    {"np.sum(values**2)": "np.linalg.norm(values)"},
)
edit(
    "09.2",
    "The ½ is missing in your loss, while your gradient is the one with the ½.",
    {"strength / 2": "strength"},
)
edit(
    "09.2",
    "The ½ is gone once you have taken the derivative; your gradient still has it.",
    {"grads[name] + strength": "grads[name] + strength / 2"},
)
edit(
    "09.2",
    "Without the ½ your penalty is twice as strong as the one that is asked for.",
    {"strength / 2": "strength * 1", "grads[name] + strength": "grads[name] + 2 * strength"},
)
edit(
    "09.2",
    "The biases, γ and β are in the gradients that you penalise, but not in your loss.",
    {"total_grads[name] = grads[name]\n": "total_grads[name] = grads[name] + strength * values\n"},
)
edit(
    "09.2",
    "The biases, γ and β are in the penalty of your loss; only weights belong there.",
    {
        "total_grads[name] = grads[name]\n": "total_grads[name] = grads[name]\n"
        '        total += 0.0 if name.startswith("W") else strength / 2.0 * np.sum(values**2.0)\n'
    },
)
edit(
    "09.2",
    "Not penalised does not mean not trained: the biases keep their gradients.",
    {"total_grads[name] = grads[name]\n": "total_grads[name] = 0 * grads[name]\n"},
)


@right("09.2", "in place, with a selection of names")
def add_l2(loss, params, grads, strength):
    weights = [name for name in params if name[:1] == "W"]
    for name in weights:
        grads[name] += strength * params[name]
    return loss + sum(strength / 2 * float(np.vdot(params[n], params[n])) for n in weights), grads


@right("09.2", "with a mask of 0 and 1 for each array, in single precision")
def add_l2(loss, params, grads, strength):
    value = np.float32(0)
    total_grads = {}
    for name in grads:
        acting = np.float32(strength if name.startswith("W") else 0)
        w = params[name].astype(np.float32)
        value += acting / 2 * (w * w).sum()
        total_grads[name] = grads[name].astype(np.float32) + acting * w
    return loss + value, total_grads


# 09.3 Features that are thrown out

edit(
    "09.3",
    "You decide about each weight on its own; a row is thrown out as a whole, by its length.",
    {
        "return A * left / np.where(length > 0, length, 1.0)": "return np.sign(A) * np.maximum("
        "np.abs(A) - strength, 0)"
    },
)
edit(
    "09.3",
    "The weights of a feature are a row; you take the lengths of the columns.",
    {"axis=1, keepdims": "axis=0, keepdims"},
)
edit(
    "09.3",
    "A row of zeros is divided by its length, 0 / 0: one NaN spoils all weights.",
    {"np.where(length > 0, length, 1.0)": "length"},
)
edit(
    "09.3",
    "You cut at the threshold but leave the rest as it is; the rest must get shorter, too.",
    {"length - strength, 0.0)": "length * (length > strength), 0.0)"},
)
edit(
    "09.3",
    "Rows that are shorter than the threshold are turned round; they should stop at 0.",
    {"np.maximum(length - strength, 0.0)": "length - strength"},
)
edit(
    "09.3",
    "The length is the root of the sum of squares; you took the sum of absolute values.",
    {"np.linalg.norm(A, axis=1, keepdims=True)": "np.abs(A).sum(axis=1, keepdims=True)"},
)
edit(
    "09.3",
    "The length is the root of the sum of squares; the root is missing.",
    {"np.linalg.norm(A, axis=1, keepdims=True)": "np.sum(A**2, axis=1, keepdims=True)"},
)
edit(
    "09.3",
    "You shorten the whole matrix by its length; each row has a length of its own.",
    {", axis=1, keepdims=True": ""},
)
edit(
    "09.3",
    "The threshold must be multiplied by the learning rate, as the gradient is.",
    {"shrink_rows(moved, lr * strength)": "shrink_rows(moved, strength)"},
)
edit(
    "09.3",
    "The square part must be multiplied by the learning rate as well.",
    {"2 * lr * strength": "2 * strength"},
)
edit(
    "09.3",
    "In the slide's convention the square part has no ½, so the divisor has a 2.",
    {"2 * lr * strength": "lr * strength"},
)
edit(
    "09.3",
    "In the slide's convention λ multiplies the square part as well: 1 + 2ηλβ.",
    {"2 * lr * strength * mixture": "2 * lr * mixture"},
)
edit(
    "09.3",
    "The lecture's λ₂ is 2λβ here; you took β itself for it.",
    {"2 * lr * strength * mixture": "lr * mixture"},
)
edit(
    "09.3",
    "1 − 2ηλβ is nearly 1 / (1 + 2ηλβ), but the minimum is at the quotient.",
    {"/ (1 + 2 *": "* (1 - 2 *"},
)
edit(
    "09.3",
    "You threshold the old weights and then step; first comes the step, then the threshold.",
    {"moved = W - lr * grad": "moved = W", "* mixture)": "* mixture) - lr * grad"},
)
edit(
    "09.3",
    "You added the penalty's gradient: so rows come near 0 and never rest there.",
    {"W - lr * grad": "W",
     "return shrink_rows(moved, lr * strength) / (1 + 2 * lr * strength * mixture)":
     "length = np.linalg.norm(W, axis=1, keepdims=True)\n    return W - lr * (grad + strength * "
     "(W / length + 2 * mixture * W))"},
)  # fmt: skip
edit(
    "09.3",
    "You divide first and threshold then; the threshold acts before the division.",
    {
        "W - lr * grad": "(W - lr * grad) / (1 + 2 * lr * strength * mixture)",
        ", lr * strength) / (1 + 2 * lr * strength * mixture)": ", lr * strength)",
    },
)
edit(
    "09.3",
    "The biases have been shrunk too; they are not penalised.",
    {"b = b - lr * error.mean(axis=0)": "b = shrink_rows((b - lr * error.mean(axis=0))[:, None], "
     "lr * strength)[:, 0]"},
)  # fmt: skip
edit(
    "09.3",
    "The loss is half the MEAN over the examples; your gradients are those of the sum.",
    {"/ len(t)": "/ 1", "error.mean(axis=0)": "error.sum(axis=0)"},
)
edit(
    "09.3",
    "The loss is half the MEAN over the examples; your gradient for W is that of the sum.",
    {"/ len(t)": ""},
)
edit(
    "09.3",
    "The mean is over the N examples; you divide by the number of all targets.",
    {"/ len(t)": "/ t.size", "error.mean(axis=0)": "error.sum(axis=0) / t.size"},
)
edit(
    "09.3",
    "Each target has a bias of its own; your mean is over all errors.",
    {"error.mean(axis=0)": "error.mean()"},
)
edit(
    "09.3",
    "Half the mean of squares has no 2 in its gradient.",
    {"x @ W + b - t": "2 * (x @ W + b - t)"},
)
edit(
    "09.3",
    "Your errors have the wrong sign, so each step goes uphill.",
    {"x @ W + b - t": "t - (x @ W + b)"},
)
edit(
    "09.3",
    "One threshold at the end is not enough: each step has its own.",
    {
        "proximal_step(W, x.T @ error / len(t), lr, strength, 0.0)": "W - lr * (x.T @ error) / "
        "len(t)",
        "return W, b": "return shrink_rows(W, lr * strength), b",
    },
)
edit(
    "09.3",
    "The biases stay at 0 in yours: they make steps of their own, without a threshold.",
    {"b = b - lr * error.mean(axis=0)": "b = 0 * b"},
)
edit(
    "09.3",
    "Your biases step with the errors of the new weights; compute the errors once for both.",
    {"b - lr * error.mean(axis=0)": "b - lr * (x @ W + b - t).mean(axis=0)"},
)


edit(
    "09.3",
    "Rows that are shorter than the threshold stay as they are in yours; they become zero.",
    {"np.maximum(length - strength, 0.0)": "np.where(length > strength, length - strength, length)"
     },
)  # fmt: skip
edit(
    "09.3",
    "`strength` and `mixture` have changed places: λ multiplies the lengths.",
    {"W, grad, lr, strength, mixture": "W, grad, lr, mixture, strength"},
)
edit(
    "09.3",
    "The loss is half the MEAN over the examples; your gradient for b is that of the sum.",
    {"error.mean(axis=0)": "error.sum(axis=0)"},
)
edit(
    "09.3",
    "The mean is over the N examples; you divide by the number of features.",
    {"/ len(t)": "/ x.shape[1]"},
)
edit(
    "09.3",
    "The step of the biases is multiplied by the rate, too.",
    {"b - lr * error": "b - error"},
)
edit(
    "09.3",
    "Your regression decides about each weight on its own; use the threshold for rows.",
    {"W = proximal_step(W, x.T @ error / len(t), lr, strength, 0.0)":
     "W = W - lr * x.T @ error / len(t)\n        W = np.sign(W) * np.maximum(np.abs(W) - lr * "
     "strength, 0)"},
)  # fmt: skip


@right("09.3", "row by row, with the biases as a row of weights for a column of ones")
class cell:
    def shrink_rows(A, strength):
        W = np.zeros_like(A)
        for j, row in enumerate(A):
            length = np.sqrt((row**2).sum())
            if length > strength:
                W[j] = (1 - strength / length) * row
        return W

    def proximal_step(W, grad, lr, strength, mixture):
        return shrink_rows(W - lr * grad, strength * lr) / (2 * mixture * strength * lr + 1)

    def sparse_regression(x, t, strength, lr, steps):
        X = np.hstack([x, np.ones((len(x), 1))])
        theta = np.zeros((X.shape[1], t.shape[1]))
        for _ in range(steps):
            theta = theta - lr * (X.T @ (X @ theta - t)) / len(X)
            theta[:-1] = shrink_rows(theta[:-1], lr * strength)
        return theta[:-1], theta[-1]


@right("09.3", "what a projection leaves, and sums over the examples")
class cell:
    def shrink_rows(A, strength):
        length = np.sqrt(np.einsum("jk,jk->j", A, A))[:, None]
        return A - A * strength / np.maximum(length, strength)

    def sparse_regression(x, t, strength, lr, steps):
        W, b, step = np.zeros((len(x[0]), len(t[0]))), 0.0, 0
        while step < steps:
            off = [x_i @ W + b - t_i for x_i, t_i in zip(x, t, strict=True)]
            grad = sum(np.outer(x_i, e) for e, x_i in zip(off, x, strict=True)) / len(off)
            W = proximal_step(W, grad, lr, strength, 0)
            b = b - lr * sum(off) / len(off)
            step += 1
        return W, b


@right("09.3", "with the share that is left, in single precision")
class cell:
    def shrink_rows(A, strength):
        A = A.astype(np.float32)
        length = np.linalg.norm(A, axis=1, keepdims=True) + np.float32(1e-30)
        return A * np.clip(1 - np.float32(strength) / length, 0, None)

    def sparse_regression(x, t, strength, lr, steps):
        x, t = x.astype(np.float32), t.astype(np.float32)
        W = np.zeros((x.shape[1], t.shape[1]), np.float32)
        b = np.zeros(t.shape[1], np.float32)
        for _ in range(steps):
            off = x @ W + b - t
            W = shrink_rows(W - np.float32(lr) * (x.T @ off / len(t)), np.float32(lr * strength))
            b = b - np.float32(lr) * off.mean(axis=0)
        return W, b


# 09.4 Adam with L2, and Adam with decay

edit(
    "09.4",
    "In your first function the penalty is outside Adam: that is decoupled decay.",
    {"grad + strength * mask * theta": "grad",
     "theta - lr * direction,": "theta - lr * (direction + strength * mask * theta),"},
)  # fmt: skip
edit(
    "09.4",
    "In your second function the penalty is in the gradient: that is L2.",
    {"t, grad)\n": "t, grad + strength * theta * mask)\n",
     "(direction + strength * mask * theta)": "direction"},
)  # fmt: skip
edit(
    "09.4",
    "You do both at once: with decay, the gradient stays free of the penalty.",
    {"t, grad)\n": "t, grad + strength * mask * theta)\n"},
)
edit(
    "09.4",
    "You do both at once: with L2, the penalty is in the gradient alone.",
    {"theta - lr * direction,": "theta - lr * (direction + strength * theta * mask),"},
)
edit(
    "09.4",
    "The decay must be multiplied by the learning rate, too.",
    {"lr * (direction + strength * mask * theta)": "lr * direction - strength * mask * theta"},
)
edit(
    "09.4",
    "You decay the parameters after the step; the formula decays those from before it.",
    {"theta - lr * (direction + strength * mask * theta)": "(theta - lr * direction) * "
     "(1 - lr * strength * mask)"},
)  # fmt: skip
edit(
    "09.4",
    "Your decay makes the weights grow: look at its sign.",
    {"direction + strength * mask": "direction - strength * mask"},
)
edit(
    "09.4",
    "Your decay is multiplied by the rate twice.",
    {"direction + strength * mask": "direction + lr * strength * mask"},
)
edit(
    "09.4",
    "Your decay is L1's: it takes the same off every weight, and not a share of it.",
    {"direction + strength * mask * theta": "direction + strength * mask * np.sign(theta)"},
)
edit(
    "09.4",
    "Your decay is half as strong as it should be; the ½ is gone in the derivative.",
    {"direction + strength * mask": "direction + 0.5 * strength * mask"},
)
edit(
    "09.4",
    "The gradient of (λ/2)·θ² has no 2.",
    {"grad + strength * mask": "grad + 2 * strength * mask"},
)
edit(
    "09.4",
    "The gradient of (λ/2)·θ² is λθ; you have added λ alone, which pushes all one way.",
    {"grad + strength * mask * theta": "grad + strength * mask"},
)
edit(
    "09.4",
    "The penalty is subtracted from your gradient; it should be added.",
    {"grad + strength * mask": "grad - strength * mask"},
)
edit(
    "09.4",
    "In your L2 the mask is turned round: it is 1 where the penalty acts.",
    {"grad + strength * mask": "grad + strength * (1 - mask)"},
)
edit(
    "09.4",
    "In your decay the mask is turned round: it is 1 where the penalty acts.",
    {"direction + strength * mask": "direction + strength * (1 - mask)"},
)
edit(
    "09.4",
    "The mask hides the gradient of the biases as well; it is for the penalty only.",
    {"grad + strength * mask * theta": "mask * (grad + strength * theta)"},
)
edit(
    "09.4",
    "In your decay `adam_direction` gets another step number than `t`.",
    {"t, grad)\n": "t + 1, grad)\n"},
)
edit(
    "09.4",
    "You return the memory from before the step; the next step needs the new one.",
    {"direction, v, cache = adam_direction(v, cache, t, grad + ": "direction, _, _ = "
     "adam_direction(v, cache, t, grad + ",
     "direction, v, cache = adam_direction(v, cache, t, grad)\n": "direction, _, _ = "
     "adam_direction(v, cache, t, grad)\n"},
)  # fmt: skip


@right("09.4", "shrunk first, then Adam")
class cell:
    def step_with_l2(theta, v, cache, t, grad, lr, strength, mask):
        penalised = grad + np.where(mask == 1, strength * theta, 0)
        d, *memory = adam_direction(v, cache, t, penalised)
        return [theta - lr * d, *memory]

    def step_with_decay(theta, v, cache, t, grad, lr, strength, mask):
        d, v, cache = adam_direction(v, cache, t, grad)
        return theta * (1 - lr * strength * mask) - lr * d, v, cache


@right("09.4", "with Adam's formulas, one parameter at a time, in single precision")
class cell:
    def step_with_l2(theta, v, cache, t, grad, lr, strength, mask):
        return step(theta, v, cache, t, grad + strength * mask * theta.copy(), lr, 0 * mask)

    def step_with_decay(theta, v, cache, t, grad, lr, strength, mask):
        return step(theta, v, cache, t, grad, lr, strength * mask)

    def step(theta, v, cache, t, grad, lr, decay):
        theta, v, cache = (a.astype(np.float32) for a in (theta, v, cache))
        for i, g in enumerate(grad.astype(np.float32)):
            v[i] += 0.1 * (g - v[i])
            cache[i] += 0.001 * (g * g - cache[i])
            size = (cache[i] / (1 - 0.999**t)) ** 0.5 + 1e-8
            theta[i] -= lr * decay[i] * theta[i] + lr * v[i] / (1 - 0.9**t) / size
        return theta, v, cache


# 09.5 Dropout of whole groups, both ways

edit(
    "09.5",
    "p is the probability of being dropped; you keep with probability p.",
    {">= p_drop": "< p_drop"},
)
edit(
    "09.5",
    "Your generator always has the same seed, so each step drops the same groups.",
    {"default_rng(seed)": "default_rng(0)"},
)
edit(
    "09.5",
    "The mask contains 0 and 1 only; the factor does not belong in it.",
    {"kept.astype(float)": "kept / (1 - p_drop)"},
)
edit(
    "09.5",
    "You drop half of the groups, whatever p is.",
    {"random(x.shape[:2]) >= p_drop": "integers(0, 2, size=x.shape[:2]) == 1"},
)
edit(
    "09.5",
    "Your mask tells what is dropped; it should be 1 where the group is kept.",
    {"kept.astype(float)": "1.0 - kept"},
)


edit(
    "09.5",
    "The coefficients at validation belong to the groups, the second axis of `x`; yours are "
    "multiplied along the last.",
    {"(1 - p_drop)[:, np.newaxis]": "np.resize(1 - p_drop, x.shape[2])"},
)
edit(
    "09.5",
    "You drop groups at validation; all features are used there.",
    {"(1 - p_drop)[:, np.newaxis]": "(np.random.default_rng(0).random(x.shape[:2]) >= p_drop)"
     "[:, :, np.newaxis]"},
)  # fmt: skip


@right("09.5", "with binomial numbers, and copies")
class cell:
    def slide_train(x, p_drop, seed):
        mask = np.random.default_rng(seed).binomial(1, 1 - p_drop, size=x.shape[:2])
        y = x.copy()
        y[mask == 0] = 0
        return y, mask

    def slide_backward(dy, mask):
        return np.where(mask[..., None] == 1, dy, 0)

    def slide_validate(x, p_drop):
        return x - p_drop[:, None] * x

    def inverted_train(x, mask, p_drop):
        kept = 1 / (1 - p_drop)
        return np.where(mask[..., None] == 1, kept[:, None] * x, 0)

    def inverted_backward(dy, mask, p_drop):
        return inverted_train(dy, mask, p_drop)

    def inverted_validate(x, p_drop):
        return x.copy()


@right("09.5", "group by group")
class cell:
    def slide_train(x, p_drop, seed):
        draw = np.random.default_rng(seed).random
        mask = [[0 if draw() < p else 1 for p in p_drop] for _ in x]
        y = [[m * v for m, v in zip(*rows, strict=True)] for rows in zip(mask, x, strict=True)]
        return y, mask

    def inverted_train(x, mask, p_drop):
        y = x.copy()
        for group, p in enumerate(p_drop):
            y[:, group] *= mask[:, group, None] / (1 - p)
        return y


@right("09.5", "with einsum, in single precision")
class cell:
    def slide_train(x, p_drop, seed):
        rng = np.random.default_rng(seed)
        columns = [rng.choice([0, 1], size=len(x), p=[p, 1 - p]) for p in p_drop]
        mask = np.array(columns).T.astype(np.float32)
        return np.einsum("ij,ijf->ijf", mask, x.astype(np.float32)), mask

    def inverted_train(x, mask, p_drop):
        return np.einsum("ij,j,ijf->ijf", mask, 1 / (1 - p_drop), x).astype(np.float32)


# 09.6 Dropout inside a network

edit(
    "09.6",
    "The dropout is missing in the training pass.",
    {"(h * mask / (1 - p_drop))": "h"},
)
edit(
    "09.6",
    "The factor 1 / (1 − p) is missing in the training pass.",
    {"(h * mask / (1 - p_drop))": "(h * mask)"},
)
edit(
    "09.6",
    "You multiply by 1 − p in the training pass: what is kept gets smaller, not larger.",
    {"(h * mask / (1 - p_drop))": "(h * mask * (1 - p_drop))"},
)
edit(
    "09.6",
    "You divide by the probability of being dropped; divide by that of being kept.",
    {"(h * mask / (1 - p_drop))": "(h * mask / p_drop)"},
)
edit(
    "09.6",
    "Your dropout stands before tanh, which bends the scaled scores; it comes after.",
    {"h = np.tanh(x @ W + b)\n": "h = np.tanh((x @ W + b) * mask / (1 - p_drop))\n",
     "(h * mask / (1 - p_drop))": "h"},
)  # fmt: skip
edit(
    "09.6",
    "You return h from after the dropout; the way back needs that from before.",
    {"@ V + c, h\n": "@ V + c, h * mask / (1 - p_drop)\n"},
)
edit(
    "09.6",
    "The hidden units of your training pass have no tanh.",
    {"h = np.tanh(x @ W + b)\n": "h = x @ W + b\n"},
)
edit(
    "09.6",
    "The hidden units of your training pass are ReLUs; tanh is asked for.",
    {"h = np.tanh(x @ W + b)\n": "h = np.maximum(x @ W + b, 0)\n"},
)
edit(
    "09.6",
    "Dropout is forgotten on the whole way back: dropped units learn as if they had spoken.",
    {"factor = mask / (1 - p_drop)": "factor = np.ones_like(h)"},
)
edit(
    "09.6",
    "dV is made with what V has got: the outputs from after the dropout.",
    {"(h * factor).T": "h.T"},
)
edit(
    "09.6",
    "In dV the dropout is there, but the error of the hidden units misses mask and factor.",
    {"(dy @ V.T) * factor": "(dy @ V.T)"},
)
edit(
    "09.6",
    "You multiply by 1 − p on the way back; the error meets the factor of the training pass.",
    {"factor = mask / (1 - p_drop)": "factor = mask * (1 - p_drop)"},
)
edit(
    "09.6",
    "The error of the hidden units has the factor, but not the mask.",
    {"(dy @ V.T) * factor": "(dy @ V.T) / (1 - p_drop)"},
)
edit(
    "09.6",
    "The slope of tanh is 1 − h² with the h of tanh itself, not that from after dropout.",
    {"(1 - h**2)": "(1 - (h * factor) ** 2)"},
)
edit("09.6", "The slope of tanh is missing on the way back.", {" * (1 - h**2)": ""})
edit(
    "09.6",
    "`h` has been through tanh already: its slope is 1 − h², without another tanh.",
    {"(1 - h**2)": "(1 - np.tanh(h) ** 2)"},
)
edit(
    "09.6",
    "h(1 − h) is the slope of the sigmoid; that of tanh is 1 − h².",
    {"(1 - h**2)": "(h * (1 - h))"},
)
edit("09.6", "The slope of tanh is 1 − h², with a square.", {"(1 - h**2)": "(1 - h)"})
edit(
    "09.6",
    "`db` is made from an error without the dropout; it is the sum of the same error as in `dW`.",
    {"dz.sum(axis=0)": "((dy @ V.T) * (1 - h**2)).sum(axis=0)"},
)
edit(
    "09.6",
    "The error meets the dropout once; for `dW` you have multiplied it in again.",
    {"x.T @ dz": "x.T @ (dz * factor)"},
)
edit(
    "09.6",
    "You draw another mask on the way back; the error meets the one of the training pass.",
    {"factor = mask / (1 - p_drop)": "factor = (np.random.default_rng(0).random(h.shape) >= p_drop)"
     " / (1 - p_drop)"},
)  # fmt: skip
edit(
    "09.6",
    "The error goes back through V transposed; without that, only square ones fit.",
    {"dy @ V.T": "dy @ V"},
)
edit(
    "09.6",
    "At validation inverted dropout does nothing; you scale once more.",
    {"return np.tanh(x @ W + b) @ V + c": "return (1 - p_drop) * np.tanh(x @ W + b) @ V + c"},
)
edit(
    "09.6",
    "At validation inverted dropout does nothing; you divide by 1 − p.",
    {"return np.tanh(x @ W + b) @ V + c": "return np.tanh(x @ W + b) / (1 - p_drop) @ V + c"},
)
edit(
    "09.6",
    "Dropout is still on at validation.",
    {"return np.tanh(x @ W + b) @ V + c": "h = np.tanh(x @ W + b)\n"
     "    kept = np.random.default_rng(0).random(h.shape) >= p_drop\n"
     "    return h * kept / (1 - p_drop) @ V + c"},
)  # fmt: skip


edit(
    "09.6", "`b` is missing in the training pass.", {"h = np.tanh(x @ W + b)": "h = np.tanh(x @ W)"}
)
edit(
    "09.6",
    "You return the scores; the way back needs `h`, what tanh makes of them.",
    {"@ V + c, h\n": "@ V + c, x @ W + b\n"},
)
edit(
    "09.6",
    "In your training pass the mask is turned round: it is 1 where a unit is kept.",
    {"h * mask": "h * (1 - mask)"},
)
edit(
    "09.6",
    "You divide by p on the way back; the error meets the factor of the training pass.",
    {"factor = mask / (1 - p_drop)": "factor = mask / p_drop"},
)
edit(
    "09.6",
    "The factor is there on the way back, but the mask is missing.",
    {"factor = mask / (1 - p_drop)": "factor = 1 / (1 - p_drop)"},
)
edit(
    "09.6",
    "In dV the outputs have the factor, but not the mask.",
    {"(h * factor).T": "(h / (1 - p_drop)).T"},
)
edit(
    "09.6", "`b` is missing at validation.", {"return np.tanh(x @ W + b)": "return np.tanh(x @ W)"}
)
edit(
    "09.6",
    "The hidden units have no tanh at validation.",
    {"return np.tanh(x @ W + b)": "return (x @ W + b)"},
)


@right("09.6", "with the outputs after the dropout, step by step")
class cell:
    def forward(x, W, b, V, c, mask, p_drop):
        z = x.dot(W) + b
        h = np.tanh(z)
        d = np.where(mask > 0, h / (1 - p_drop), 0)
        return [d.dot(V) + c, h]

    def backward(dy, x, V, h, mask, p_drop):
        keep = 1 - p_drop
        d = np.where(mask > 0, h / keep, 0)
        dd = dy.dot(V.T)
        dh = np.where(mask > 0, dd / keep, 0)
        dz = dh * (1 - h) * (1 + h)
        ones = np.ones(len(x))
        return x.T.dot(dz), ones @ dz, d.T.dot(dy), ones @ dy

    def validate(x, W, b, V, c, p_drop):
        return forward(x, W, b, V, c, np.ones((len(x), len(b))), 0)[0]


@right("09.6", "with the factor moved into V, in single precision")
class cell:
    def backward(dy, x, V, h, mask, p_drop):
        dy, x, V, h, mask = (a.astype(np.float32) for a in (dy, x, V, h, mask))
        V = V / np.float32(1 - p_drop)
        dz = np.einsum("nk,hk,nh,nh->nh", dy, V, mask, 1 - h * h)
        dV = np.einsum("nh,nh,nk->hk", h, mask, dy) / np.float32(1 - p_drop)
        return np.einsum("ni,nh->ih", x, dz), dz.sum(axis=0), dV, dy.sum(axis=0)

    def validate(x, W, b, V, c, p_drop):
        return np.tanh(x.astype(np.float32) @ W.astype(np.float32) + b) @ V + c


# 09.7 Stop in time

edit(
    "09.7",
    "You compare with the epoch before; a run of small rises and falls then never ends.",
    {"            self.lowest = loss\n": "", "        return": "        self.lowest = loss\n"
     "        return"},
)  # fmt: skip
edit(
    "09.7",
    "You stop one epoch too early: count only the epochs after the best.",
    {">= self.patience": "+ 1 >= self.patience"},
)
edit(
    "09.7",
    "An equal loss is no improvement: it must be lower by MORE than min_delta.",
    {"loss < self.lowest": "loss <= self.lowest"},
)
edit(
    "09.7",
    "With + min_delta even a worse epoch is an improvement: look at the sign.",
    {"self.lowest - self.min_delta": "self.lowest + self.min_delta"},
)
edit("09.7", "min_delta is not used.", {"self.lowest - self.min_delta": "self.lowest"})
edit(
    "09.7",
    "min_delta is a difference of losses, not a share of the best loss.",
    {"self.lowest - self.min_delta": "self.lowest * (1 - self.min_delta)"},
)
edit(
    "09.7",
    "The best loss moves with every small decrease, so a slow but steady fall never counts.",
    {"            self.lowest = loss\n": "",
     "        return": "        self.lowest = min(self.lowest, loss)\n        return"},
)  # fmt: skip
edit(
    "09.7",
    "You keep the parameters of the last epoch; only an improvement should replace them.",
    {"        return": "        self.best_theta = theta.copy()\n        return"},
)
edit(
    "09.7",
    "What you keep is no copy, so that the training overwrites it: take theta.copy().",
    {"theta.copy()": "theta"},
)
edit(
    "09.7",
    "A list of an array's rows is no copy if the rows are arrays: the training overwrites them.",
    {"theta.copy()": "list(theta)"},
)
edit("09.7", "Epochs count from 0; yours count from 1.", {"np.inf, -1": "np.inf, 0"})
edit(
    "09.7",
    "`watch` never returns True, so the training never stops.",
    {"return self": "self.stop = self"},
)
edit(
    "09.7",
    "You stop at once when there is no improvement, and give the loss no time to fall again.",
    {"self.epoch - self.best_epoch >= self.patience": "self.epoch > self.best_epoch"},
)
edit(
    "09.7",
    "A loss may be larger than the number that you begin with; then nothing is ever an "
    "improvement. Begin with `np.inf`.",
    {"np.inf, -1": "1.0, -1"},
)
edit(
    "09.7",
    "You look for the highest loss; the lowest is the best.",
    {"np.inf, -1": "-np.inf, -1",
     "loss < self.lowest - self.min_delta": "loss > self.lowest + self.min_delta"},
)  # fmt: skip
edit(
    "09.7",
    "The lowest loss is never remembered: an improvement must replace it, in an attribute.",
    {"self.lowest = loss\n": "lowest = loss\n"},
)
edit(
    "09.7",
    "min_delta counts for the best epoch too: one that is lower by less is not the best.",
    {"np.inf, -1": "np.inf, -1\n        self.least, self.since = np.inf, -1",
     "            self.lowest = loss\n": "            self.lowest, self.since = loss, self.epoch\n"
     "        if loss < self.least:\n            self.least = loss\n",
     "self.epoch - self.best_epoch": "self.epoch - self.since"},
)  # fmt: skip
edit(
    "09.7",
    "You stop as soon as the loss is above the best one, and give it no time to fall again.",
    {"self.epoch - self.best_epoch >= self.patience": "loss > self.lowest"},
)


@wrong("09.7", "The count of bad epochs is never set back: an improvement starts it anew.")
class EarlyStopping:
    def __init__(self, patience, min_delta):
        self.patience, self.min_delta = patience, min_delta
        self.best_epoch, self.best_theta = None, None
        self.best, self.bad, self.count = np.inf, 0, 0

    def watch(self, loss, theta):
        if loss < self.best - self.min_delta:
            self.best = loss
            self.best_epoch, self.best_theta = self.count, theta.copy()
        else:
            self.bad += 1
        self.count += 1
        return self.bad >= self.patience


@right("09.7", "with a count of bad epochs")
class EarlyStopping:
    def __init__(self, patience, min_delta):
        self.patience, self.min_delta = patience, min_delta
        self.best_epoch, self.best_theta = None, None
        self.best, self.bad, self.count = np.inf, 0, 0

    def watch(self, loss, theta):
        if self.best - loss > self.min_delta:
            self.best, self.bad = loss, 0
            self.best_epoch, self.best_theta = self.count, np.array(theta)
        else:
            self.bad += 1
        self.count += 1
        return self.bad >= self.patience


edit(
    "09.7",
    "You count only epochs that are worse by more than min_delta; all that are no improvement "
    "count.",
    {"else:": "elif loss > self.best + self.min_delta:"},
    of="with a count of bad epochs",
)
edit(
    "09.7",
    "Any lower loss is the best for you, and only what is higher by more than min_delta counts "
    "against it: min_delta is on the wrong side.",
    {"self.best - loss > self.min_delta": "loss < self.best",
     "else:": "elif loss > self.best + self.min_delta:"},
    of="with a count of bad epochs",
)  # fmt: skip


@right("09.7", "with all losses in a list")
class EarlyStopping:
    def __init__(self, patience, min_delta):
        self.patience, self.min_delta = patience, min_delta
        self.best_epoch, self.best_theta = None, None
        self.losses = []

    def watch(self, loss, theta):
        self.losses.append(loss)
        k = len(self.losses) - 1
        if k == 0 or self.losses[self.best_epoch] > loss + self.min_delta:
            self.best_epoch, self.best_theta = k, theta + 0
        if k >= self.best_epoch + self.patience:
            return 1
        return 0


@right("09.7", "with the epochs that are left")
class EarlyStopping:
    def __init__(self, patience, min_delta):
        self.patience, self.min_delta = patience, min_delta
        self.best_epoch, self.best_theta, self.goal = None, None, float("inf")
        self.epochs, self.left = 0, patience

    def watch(self, loss, theta):
        self.left -= 1
        if loss < self.goal:
            self.goal, self.left = loss - self.min_delta, self.patience
            self.best_epoch = self.epochs
            self.best_theta = theta.tolist()
        self.epochs += 1
        return self.left == 0
