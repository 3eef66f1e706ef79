"""Known answers to exercise 09: the mistakes that people make, and other right ways."""

import numpy as np

from coursekit.grading import right, wrong

# 09.1 Three penalties


@wrong("09.1", "The ½ of L2 belongs to the value as well; your value is twice too large.")
def l2(W, strength):
    return strength * np.sum(W**2), strength * W


@wrong("09.1", "With the ½ in the value, L2's gradient has no 2: the two cancel.")
def l2(W, strength):
    return 0.5 * strength * np.sum(W**2), 2 * strength * W


@wrong("09.1", "The ½ is gone once you have taken the derivative; your L2 gradient still has it.")
def l2(W, strength):
    return 0.5 * strength * np.sum(W**2), 0.5 * strength * W


@wrong("09.1", "Without the ½ value and gradient of L2 fit together, but the task has the ½.")
def l2(W, strength):
    return strength * np.sum(W**2), 2 * strength * W


@wrong("09.1", "L2 adds up the squares; you have taken the root of their sum.")
def l2(W, strength):
    return 0.5 * strength * np.linalg.norm(W), strength * W


@wrong(
    "09.1", "A penalty is the sum over all weights; with a mean its strength hangs on their number."
)
def l2(W, strength):
    return 0.5 * strength * np.mean(W**2), strength * W / np.size(W)


@wrong("09.1", "The gradient has a number for each weight; you have summed them.")
def l2(W, strength):
    return 0.5 * strength * np.sum(W**2), strength * np.sum(W)


@wrong("09.1", "The strength is missing in L2's gradient.")
def l2(W, strength):
    return 0.5 * strength * np.sum(W**2), W


@wrong("09.1", "At a weight of 0 your L1 gradient is 1; nothing should pull there.")
def l1(W, strength):
    return strength * np.sum(np.abs(W)), strength * np.where(W >= 0, 1.0, -1.0)


@wrong("09.1", "w / |w| is 0 / 0 at a weight of 0, and one NaN spoils the network.")
def l1(W, strength):
    return strength * np.sum(np.abs(W)), strength * W / np.abs(W)


@wrong("09.1", "L1 takes the absolute values; without them positive and negative weights cancel.")
def l1(W, strength):
    return strength * np.sum(W), strength * np.sign(W)


@wrong("09.1", "L1's gradient has one size for all weights; yours grows with the weight, as L2's.")
def l1(W, strength):
    return strength * np.sum(np.abs(W)), strength * np.abs(W)


@wrong("09.1", "np.linalg.norm(W, 1) of a matrix is its largest column sum, not the sum of all.")
def l1(W, strength):
    return strength * np.linalg.norm(W, 1), strength * np.sign(W)


@wrong("09.1", "The two strengths have changed places: the first belongs to L1.")
def elastic_net(W, strength1, strength2):
    value = strength2 * np.abs(W).sum() + strength1 / 2 * np.square(W).sum()
    return value, strength2 * np.sign(W) + strength1 * W


@wrong(
    "09.1", "That is the slide's elastic net; here its square part has a ½ and its own strength."
)
def elastic_net(W, strength1, strength2):
    value = strength1 * (np.abs(W).sum() + strength2 * np.square(W).sum())
    return value, strength1 * (np.sign(W) + 2 * strength2 * W)


@wrong("09.1", "The L1 part is missing in the gradient of your elastic net.")
def elastic_net(W, strength1, strength2):
    return strength1 * np.abs(W).sum() + strength2 / 2 * np.square(W).sum(), strength2 * W


@wrong("09.1", "The L2 part is missing in the gradient of your elastic net.")
def elastic_net(W, strength1, strength2):
    value = strength1 * np.abs(W).sum() + strength2 / 2 * np.square(W).sum()
    return value, strength1 * np.sign(W)


@wrong("09.1", "You mix the two parts by shares; here each has a strength of its own.")
def elastic_net(W, strength1, strength2):
    value = strength1 * (strength2 * np.abs(W).sum() + (1 - strength2) / 2 * np.square(W).sum())
    return value, strength1 * (strength2 * np.sign(W) + (1 - strength2) * W)


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


@right("09.1", "with loops over the weights")
class cell:
    def elastic_net(W, strength1, strength2):
        value, gradient = 0.0, np.zeros(W.shape)
        for place, w in np.ndenumerate(W):
            value += strength1 * abs(w) + 0.5 * strength2 * w * w
            if w > 0:
                gradient[place] = strength1 + strength2 * w
            elif w < 0:
                gradient[place] = -strength1 + strength2 * w
        return value, gradient

    def l2(W, strength):
        return elastic_net(W, 0, strength)

    def l1(W, strength):
        return elastic_net(W, strength, 0)


@right("09.1", "with norms, in single precision")
class cell:
    def l2(W, strength):
        W = W.astype(np.float32)
        return strength / 2 * np.linalg.norm(W) ** 2, strength * W

    def l1(W, strength):
        W = W.astype(np.float32)
        return strength * np.linalg.norm(W.ravel(), 1), strength * np.sign(W)


# 09.2 A penalty for a network


@wrong("09.2", "You have penalised the biases, γ and β as well; only weights should shrink.")
def add_l2(loss, params, grads, strength):
    total = loss + strength / 2 * sum(np.sum(p**2) for p in params.values())
    return total, {name: grads[name] + strength * params[name] for name in params}


@wrong("09.2", "γ is no bias, but it is not penalised either.")
def add_l2(loss, params, grads, strength):
    new = dict(grads)
    for name, p in params.items():
        if not name.startswith("b"):
            loss += strength / 2 * np.sum(p**2)
            new[name] = grads[name] + strength * p
    return loss, new


@wrong("09.2", "A W somewhere in the name does not make a weight; it should be the first letter.")
def add_l2(loss, params, grads, strength):
    new = dict(grads)
    for name, p in params.items():
        if "W" in name:
            loss += strength / 2 * np.sum(p**2)
            new[name] = grads[name] + strength * p
    return loss, new


@wrong("09.2", "The penalty is in the loss, but not in the gradients: nothing will shrink.")
def add_l2(loss, params, grads, strength):
    for name in params:
        if name[0] == "W":
            loss += strength / 2 * np.sum(params[name] ** 2)
    return loss, grads


@wrong("09.2", "The penalty is in the gradients, but not in the loss.")
def add_l2(loss, params, grads, strength):
    new = {n: grads[n] + strength * params[n] * (n[0] == "W") for n in params}
    return loss, new


@wrong("09.2", "The penalty's gradient has replaced that of the loss; it should be added to it.")
def add_l2(loss, params, grads, strength):
    new = dict(grads)
    for name in params:
        if name[0] == "W":
            loss += strength / 2 * np.sum(params[name] ** 2)
            new[name] = strength * params[name]
    return loss, new


@wrong(
    "09.2", "The penalty's gradient is subtracted in yours; the minus comes later, with the step."
)
def add_l2(loss, params, grads, strength):
    new = dict(grads)
    for name in params:
        if name[0] == "W":
            loss += strength / 2 * np.sum(params[name] ** 2)
            new[name] = grads[name] - strength * params[name]
    return loss, new


@wrong("09.2", "Your loss has the penalty of the last layer only: the sum begins anew in each.")
def add_l2(loss, params, grads, strength):
    new = dict(grads)
    for name in params:
        if name[0] == "W":
            total = loss + strength / 2 * np.sum(params[name] ** 2)
            new[name] = grads[name] + strength * params[name]
    return total, new


@wrong("09.2", "Your loss averages the penalty over the weights of each layer; it should be a sum.")
def add_l2(loss, params, grads, strength):
    new = dict(grads)
    for name in params:
        if name[0] == "W":
            loss += strength / 2 * np.mean(params[name] ** 2)
            new[name] = grads[name] + strength * params[name]
    return loss, new


@wrong("09.2", "The ½ is missing in your loss, while your gradient is that with the ½.")
def add_l2(loss, params, grads, strength):
    new = dict(grads)
    for name in params:
        if name[0] == "W":
            loss += strength * np.sum(params[name] ** 2)
            new[name] = grads[name] + strength * params[name]
    return loss, new


@wrong("09.2", "Without the ½ your penalty is twice as strong as the one that is asked for.")
def add_l2(loss, params, grads, strength):
    new = dict(grads)
    for name in params:
        if name[0] == "W":
            loss += strength * np.sum(params[name] ** 2)
            new[name] = grads[name] + 2 * strength * params[name]
    return loss, new


@wrong("09.2", "The gradients of the others are missing: the optimizer needs all of them.")
def add_l2(loss, params, grads, strength):
    new = {}
    for name in params:
        if name[0] == "W":
            loss += strength / 2 * np.sum(params[name] ** 2)
            new[name] = grads[name] + strength * params[name]
    return loss, new


@wrong("09.2", "Not penalised does not mean not trained: the biases keep their gradients.")
def add_l2(loss, params, grads, strength):
    new = {}
    for name, p in params.items():
        weight = name[0] == "W"
        loss += weight * strength / 2 * np.sum(p**2)
        new[name] = weight * (grads[name] + strength * p)
    return loss, new


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


# 09.3 Weights that are exactly zero


@wrong("09.3", "You cut at the threshold but leave the rest as it is; the rest must shrink too.")
def soft_threshold(a, strength):
    return np.where(np.abs(a) > strength, a, 0)


@wrong("09.3", "Entries nearer to 0 than the threshold are pushed past it; they should stop at 0.")
def soft_threshold(a, strength):
    return a - strength * np.sign(a)


@wrong("09.3", "Negative entries must move up towards 0; yours become 0, or move away.")
def soft_threshold(a, strength):
    return np.maximum(a - strength, 0)


@wrong("09.3", "The sign is lost: negative entries come out positive.")
def soft_threshold(a, strength):
    return np.maximum(np.abs(a) - strength, 0)


@wrong("09.3", "You keep what the threshold takes away, and take away the rest.")
def soft_threshold(a, strength):
    return np.clip(a, -strength, strength)


@wrong("09.3", "That is L2: a share of each entry. L1 takes the same amount off all of them.")
def soft_threshold(a, strength):
    return a / (1 + strength)


@wrong("09.3", "The threshold must be multiplied by the learning rate, as the gradient is.")
def proximal_step(w, grad, lr, strength1, strength2):
    return soft_threshold(w - lr * grad, strength1) / (1 + lr * strength2)


@wrong("09.3", "The L2 part must be multiplied by the learning rate as well.")
def proximal_step(w, grad, lr, strength1, strength2):
    return soft_threshold(w - lr * grad, lr * strength1) / (1 + strength2)


@wrong("09.3", "1 − ηλ is nearly 1 / (1 + ηλ), but the minimum is at the quotient.")
def proximal_step(w, grad, lr, strength1, strength2):
    return soft_threshold(w - lr * grad, lr * strength1) * (1 - lr * strength2)


@wrong("09.3", "You threshold the old weights and then step; first the step, then the threshold.")
def proximal_step(w, grad, lr, strength1, strength2):
    return soft_threshold(w, lr * strength1) / (1 + lr * strength2) - lr * grad


@wrong("09.3", "You threshold the gradient; it is the weights that should become zero.")
def proximal_step(w, grad, lr, strength1, strength2):
    return (w - lr * soft_threshold(grad, strength1)) / (1 + lr * strength2)


@wrong("09.3", "The L2 part of the step is missing.")
def proximal_step(w, grad, lr, strength1, strength2):
    return soft_threshold(w - lr * grad, lr * strength1)


@wrong("09.3", "You shrink first and threshold then; the threshold acts before the division.")
def proximal_step(w, grad, lr, strength1, strength2):
    return soft_threshold((w - lr * grad) / (1 + lr * strength2), lr * strength1)


@wrong(
    "09.3",
    "You have added the penalties' gradients: so weights jump across 0 and never rest there.",
)
def proximal_step(w, grad, lr, strength1, strength2):
    return w - lr * (grad + strength1 * np.sign(w) + strength2 * w)


@wrong("09.3", "The bias has been thresholded too; it is not penalised.")
def sparse_regression(x, t, strength, lr, steps):
    w, b = np.zeros(x.shape[1]), 0.0
    for _ in range(steps):
        off = x @ w + b - t
        w = soft_threshold(w - lr * x.T @ off / len(x), lr * strength)
        b = float(soft_threshold(b - lr * off.mean(), lr * strength))
    return w, b


@wrong("09.3", "The loss is half the MEAN of the squares; your gradient is that of their sum.")
def sparse_regression(x, t, strength, lr, steps):
    w, b = np.zeros(x.shape[1]), 0.0
    for _ in range(steps):
        off = x @ w + b - t
        w = soft_threshold(w - lr * x.T @ off, lr * strength)
        b = b - lr * off.sum()
    return w, b


@wrong("09.3", "Half the mean of squares has no 2 in its gradient.")
def sparse_regression(x, t, strength, lr, steps):
    w, b = np.zeros(x.shape[1]), 0.0
    for _ in range(steps):
        off = 2 * (x @ w + b - t)
        w = soft_threshold(w - lr * x.T @ off / len(x), lr * strength)
        b = b - lr * off.mean()
    return w, b


@wrong("09.3", "One threshold at the end is not enough: it belongs into each step.")
def sparse_regression(x, t, strength, lr, steps):
    w, b = np.zeros(x.shape[1]), 0.0
    for _ in range(steps):
        off = x @ w + b - t
        w, b = w - lr * x.T @ off / len(x), b - lr * off.mean()
    return soft_threshold(w, strength), b


@wrong("09.3", "With L1's gradient added, no weight becomes exactly 0: use the proximal step.")
def sparse_regression(x, t, strength, lr, steps):
    w, b = np.zeros(x.shape[1]), 0.0
    for _ in range(steps):
        off = x @ w + b - t
        w = w - lr * (x.T @ off / len(x) + strength * np.sign(w))
        b = b - lr * off.mean()
    return w, b


@wrong("09.3", "The bias stays at 0 in yours: it makes its own steps, without a threshold.")
def sparse_regression(x, t, strength, lr, steps):
    w, b = np.zeros(x.shape[1]), 0.0
    for _ in range(steps):
        w = soft_threshold(w - lr * x.T @ (x @ w - t) / len(x), lr * strength)
    return w, b


@wrong("09.3", "Your bias steps with errors of the new weights; compute the errors once for both.")
def sparse_regression(x, t, strength, lr, steps):
    w, b = np.zeros(x.shape[1]), 0.0
    for _ in range(steps):
        w = soft_threshold(w - lr * x.T @ (x @ w + b - t) / len(x), lr * strength)
        b = b - lr * (x @ w + b - t).mean()
    return w, b


@right("09.3", "by cases, with the bias as a column of ones")
class cell:
    def soft_threshold(a, strength):
        return np.where(a > strength, a - strength, np.where(a < -strength, a + strength, 0))

    def proximal_step(w, grad, lr, strength1, strength2):
        moved = w - lr * grad
        return soft_threshold(moved, strength1 * lr) / (1 + strength2 * lr)

    def sparse_regression(x, t, strength, lr, steps):
        X = np.hstack([x, np.ones((len(x), 1))])
        theta = np.zeros(X.shape[1])
        limits = np.full(X.shape[1], lr * strength)
        limits[-1] = 0
        for _ in range(steps):
            theta = soft_threshold(theta - lr * (X.T @ (X @ theta - t)) / len(X), limits)
        return theta[:-1], theta[-1]


@right("09.3", "what is beyond the threshold on either side")
class cell:
    def soft_threshold(a, strength):
        return np.maximum(a - strength, 0) - np.maximum(-a - strength, 0)

    def sparse_regression(x, t, strength, lr, steps):
        w, b, step = np.zeros(x.shape[1]), 0.0, 0
        while step < steps:
            off = [x_k @ w + b - t_k for x_k, t_k in zip(x, t, strict=True)]
            grad = sum(e * x_k for e, x_k in zip(off, x, strict=True)) / len(off)
            w = proximal_step(w, grad, lr, strength, 0)
            b -= lr * sum(off) / len(off)
            step += 1
        return w, b


@right("09.3", "what the clipping leaves, in single precision")
class cell:
    def soft_threshold(a, strength):
        return a - np.clip(a, -strength, strength)

    def sparse_regression(x, t, strength, lr, steps):
        x, t = x.astype(np.float32), t.astype(np.float32)
        w, b = np.zeros(x.shape[1], np.float32), np.float32(0)
        for _ in range(steps):
            off = x @ w + b - t
            w = soft_threshold(w - np.float32(lr) * (off @ x) / len(t), np.float32(lr * strength))
            b = b - np.float32(lr) * off.mean()
        return w, b


# 09.4 Adam with L2, and Adam with decay


@wrong("09.4", "You decay biases too: multiply by the mask, in both functions.")
class cell:
    def step_with_l2(theta, v, cache, t, grad, lr, strength, mask):
        d, v, cache = adam_direction(v, cache, t, grad + strength * theta)
        return theta - lr * d, v, cache

    def step_with_decay(theta, v, cache, t, grad, lr, strength, mask):
        d, v, cache = adam_direction(v, cache, t, grad)
        return theta - lr * strength * theta - lr * d, v, cache


@wrong("09.4", "In your first function the penalty is outside Adam: that is decoupled decay.")
def step_with_l2(theta, v, cache, t, grad, lr, strength, mask):
    d, v, cache = adam_direction(v, cache, t, grad)
    return theta - lr * (d + strength * theta * mask), v, cache


@wrong("09.4", "In your second function the penalty is in the gradient: that is L2.")
def step_with_decay(theta, v, cache, t, grad, lr, strength, mask):
    d, v, cache = adam_direction(v, cache, t, grad + strength * theta * mask)
    return theta - lr * d, v, cache


@wrong("09.4", "The two functions have changed places.")
class cell:
    def step_with_l2(theta, v, cache, t, grad, lr, strength, mask):
        d, v, cache = adam_direction(v, cache, t, grad)
        return theta - lr * (d + strength * theta * mask), v, cache

    def step_with_decay(theta, v, cache, t, grad, lr, strength, mask):
        d, v, cache = adam_direction(v, cache, t, grad + strength * theta * mask)
        return theta - lr * d, v, cache


@wrong("09.4", "You do both at once: with decay, the gradient stays free of the penalty.")
def step_with_decay(theta, v, cache, t, grad, lr, strength, mask):
    d, v, cache = adam_direction(v, cache, t, grad + strength * theta * mask)
    return theta - lr * (d + strength * theta * mask), v, cache


@wrong("09.4", "The decay must be multiplied by the learning rate, too.")
def step_with_decay(theta, v, cache, t, grad, lr, strength, mask):
    d, v, cache = adam_direction(v, cache, t, grad)
    return theta - strength * theta * mask - lr * d, v, cache


@wrong("09.4", "You decay the parameters after the step; the formula decays those from before it.")
def step_with_decay(theta, v, cache, t, grad, lr, strength, mask):
    d, v, cache = adam_direction(v, cache, t, grad)
    return (theta - lr * d) * (1 - lr * strength * mask), v, cache


@wrong("09.4", "Your decay makes the weights grow: look at its sign.")
def step_with_decay(theta, v, cache, t, grad, lr, strength, mask):
    d, v, cache = adam_direction(v, cache, t, grad)
    return theta + lr * strength * theta * mask - lr * d, v, cache


@wrong("09.4", "Your decay is multiplied by the rate twice.")
def step_with_decay(theta, v, cache, t, grad, lr, strength, mask):
    d, v, cache = adam_direction(v, cache, t, grad)
    return theta - lr * (d + lr * strength * theta * mask), v, cache


@wrong("09.4", "Your decay is L1's: it takes the same off every weight, and not a share of it.")
def step_with_decay(theta, v, cache, t, grad, lr, strength, mask):
    d, v, cache = adam_direction(v, cache, t, grad)
    return theta - lr * (d + strength * np.sign(theta) * mask), v, cache


@wrong("09.4", "The gradient of (λ/2)·θ² has no 2.")
def step_with_l2(theta, v, cache, t, grad, lr, strength, mask):
    d, v, cache = adam_direction(v, cache, t, grad + 2 * strength * theta * mask)
    return theta - lr * d, v, cache


@wrong("09.4", "The penalty is subtracted from your gradient; it should be added.")
def step_with_l2(theta, v, cache, t, grad, lr, strength, mask):
    d, v, cache = adam_direction(v, cache, t, grad - strength * theta * mask)
    return theta - lr * d, v, cache


@wrong("09.4", "The mask hides the gradient of the biases as well; it is for the penalty only.")
def step_with_l2(theta, v, cache, t, grad, lr, strength, mask):
    d, v, cache = adam_direction(v, cache, t, mask * (grad + strength * theta))
    return theta - lr * d, v, cache


@wrong("09.4", "You return the memory from before the step; the next step needs the new one.")
class cell:
    def step_with_l2(theta, v, cache, t, grad, lr, strength, mask):
        d = adam_direction(v, cache, t, grad + strength * theta * mask)[0]
        return theta - lr * d, v, cache

    def step_with_decay(theta, v, cache, t, grad, lr, strength, mask):
        d = adam_direction(v, cache, t, grad)[0]
        return theta - lr * (d + strength * theta * mask), v, cache


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


# 09.5 Dropout, both ways


@wrong("09.5", "p is the probability of being dropped; you keep with probability p.")
def slide_train(x, p_drop, seed):
    mask = np.random.default_rng(seed).random(x.shape) < p_drop
    return x * mask, mask


@wrong("09.5", "You draw one mask for all examples; each should lose other features.")
def slide_train(x, p_drop, seed):
    mask = np.random.default_rng(seed).random(x.shape[1]) >= p_drop
    return x * mask, np.tile(mask, (len(x), 1))


@wrong("09.5", "You drop whole examples; the mask needs an entry for each feature of each.")
def slide_train(x, p_drop, seed):
    mask = np.random.default_rng(seed).random((len(x), 1)) >= p_drop
    return x * mask, np.repeat(mask, x.shape[1], axis=1)


@wrong("09.5", "Your generator always has the same seed, so each step drops the same entries.")
def slide_train(x, p_drop, seed):
    mask = np.random.default_rng(0).random(x.shape) >= p_drop
    return x * mask, mask


@wrong("09.5", "Your mask does not depend on the seed, so nobody can repeat your training.")
def slide_train(x, p_drop, seed):
    mask = np.random.default_rng().random(x.shape) >= p_drop
    return x * mask, mask


@wrong("09.5", "You divide by 1 − p in training: that is the inverted way.")
def slide_train(x, p_drop, seed):
    mask = np.random.default_rng(seed).random(x.shape) >= p_drop
    return x * mask / (1 - p_drop), mask


@wrong("09.5", "The mask holds 0 and 1 only; the factor does not belong in it.")
def slide_train(x, p_drop, seed):
    mask = (np.random.default_rng(seed).random(x.shape) >= p_drop) / (1 - p_drop)
    return x * mask, mask


@wrong("09.5", "You drop the same number of features in each example; each is drawn on its own.")
def slide_train(x, p_drop, seed):
    mask = np.ones(x.shape)
    mask[:, : round(p_drop * x.shape[1])] = 0
    mask = np.random.default_rng(seed).permuted(mask, axis=1)
    return x * mask, mask


@wrong("09.5", "You drop half of the entries, whatever p is.")
def slide_train(x, p_drop, seed):
    mask = np.random.default_rng(seed).integers(0, 2, size=x.shape)
    return x * mask, mask


@wrong("09.5", "Your mask tells what is dropped; it should be 1 where the entry is kept.")
def slide_train(x, p_drop, seed):
    mask = np.random.default_rng(seed).random(x.shape) < p_drop
    return np.where(mask, 0, x), mask


@wrong("09.5", "The mask is forgotten on the way back of the slide: dropped entries get an error.")
def slide_backward(dy, mask):
    return 1.0 * dy


@wrong(
    "09.5", "At validation the coefficient is the probability of being kept, not of being dropped."
)
def slide_validate(x, p_drop):
    return p_drop * x


@wrong(
    "09.5", "The slide's outputs are too large at validation: the reducing coefficient is missing."
)
def slide_validate(x, p_drop):
    return x


@wrong("09.5", "At validation the slide's coefficient reduces; you divide, and enlarge.")
def slide_validate(x, p_drop):
    return x / (1 - p_drop)


@wrong("09.5", "You drop entries at validation; all features are used there.")
def slide_validate(x, p_drop):
    return x * (np.random.default_rng(0).random(x.shape) >= p_drop)


@wrong("09.5", "Inverted dropout divides by 1 − p in training; yours is the slide's way.")
def inverted_train(x, mask, p_drop):
    return x * mask


@wrong("09.5", "Divide by the probability of being kept, not of being dropped.")
def inverted_train(x, mask, p_drop):
    return x * mask / p_drop


@wrong("09.5", "You multiply by 1 − p: what is kept gets smaller, when it should get larger.")
def inverted_train(x, mask, p_drop):
    return x * mask * (1 - p_drop)


@wrong(
    "09.5", "The mask is forgotten on the way back of inverted dropout; only its factor is there."
)
def inverted_backward(dy, mask, p_drop):
    return dy / (1 - p_drop)


@wrong("09.5", "On the way back the factor of inverted dropout is missing.")
def inverted_backward(dy, mask, p_drop):
    return dy * mask


@wrong("09.5", "On the way back you scale twice; the error meets the factor once.")
def inverted_backward(dy, mask, p_drop):
    return dy * mask / (1 - p_drop) ** 2


@wrong("09.5", "Inverted dropout has scaled in training already; at validation it does nothing.")
def inverted_validate(x, p_drop):
    return x * (1 - p_drop)


@right("09.5", "with binomial numbers, and copies")
class cell:
    def slide_train(x, p_drop, seed):
        mask = np.random.default_rng(seed).binomial(1, 1 - p_drop, size=x.shape)
        y = x.copy()
        y[mask == 0] = 0
        return y, mask

    def slide_backward(dy, mask):
        return np.where(mask == 1, dy, 0)

    def slide_validate(x, p_drop):
        return x - p_drop * x

    def inverted_train(x, mask, p_drop):
        kept = 1 / (1 - p_drop)
        return np.where(mask == 1, kept * x, 0)

    def inverted_backward(dy, mask, p_drop):
        return inverted_train(dy, mask, p_drop)

    def inverted_validate(x, p_drop):
        return x.copy()


@right("09.5", "number by number")
def slide_train(x, p_drop, seed):
    draw = np.random.default_rng(seed).random
    mask = [[0 if draw() < p_drop else 1 for _ in row] for row in x]
    return [[m * v for m, v in zip(*rows, strict=True)] for rows in zip(mask, x, strict=True)], mask


@right("09.5", "with choice, in single precision")
class cell:
    def slide_train(x, p_drop, seed):
        chances = [p_drop, 1 - p_drop]
        mask = np.random.default_rng(seed).choice([0, 1], size=x.shape, p=chances)
        mask = mask.astype(np.float32)
        return x.astype(np.float32) * mask, mask

    def inverted_train(x, mask, p_drop):
        return x.astype(np.float32) * (mask / np.float32(1 - p_drop))


# 09.6 Dropout inside a network


@wrong("09.6", "The dropout is missing in the training pass.")
def forward(x, W, b, V, c, mask, p_drop):
    h = np.tanh(x @ W + b)
    return h @ V + c, h


@wrong("09.6", "The factor 1 / (1 − p) is missing in the training pass.")
def forward(x, W, b, V, c, mask, p_drop):
    h = np.tanh(x @ W + b)
    return (mask * h) @ V + c, h


@wrong("09.6", "Your dropout stands before tanh, which bends the scaled scores; it comes after.")
def forward(x, W, b, V, c, mask, p_drop):
    h = np.tanh((x @ W + b) * mask / (1 - p_drop))
    return h @ V + c, h


@wrong("09.6", "You return h from after the dropout; the way back needs that from before.")
def forward(x, W, b, V, c, mask, p_drop):
    h = np.tanh(x @ W + b) * mask / (1 - p_drop)
    return h @ V + c, h


@wrong(
    "09.6", "Dropout is forgotten on the whole way back: dropped units learn as if they had spoken."
)
def backward(dy, x, V, h, mask, p_drop):
    dz = dy @ V.T * (1 - h**2)
    return x.T @ dz, dz.sum(axis=0), h.T @ dy, dy.sum(axis=0)


@wrong("09.6", "dV is made with what V has got: the outputs from after the dropout.")
def backward(dy, x, V, h, mask, p_drop):
    dz = dy @ V.T * (1 - h**2) * mask / (1 - p_drop)
    return x.T @ dz, dz.sum(axis=0), h.T @ dy, dy.sum(axis=0)


@wrong(
    "09.6", "In dV the dropout is there, but the error of the hidden units misses mask and factor."
)
def backward(dy, x, V, h, mask, p_drop):
    dz = dy @ V.T * (1 - h**2)
    d = h * mask / (1 - p_drop)
    return x.T @ dz, dz.sum(axis=0), d.T @ dy, dy.sum(axis=0)


@wrong("09.6", "The mask is there on the way back, but its factor 1 / (1 − p) is missing.")
def backward(dy, x, V, h, mask, p_drop):
    dz = dy @ V.T * (1 - h**2) * mask
    return x.T @ dz, dz.sum(axis=0), (h * mask).T @ dy, dy.sum(axis=0)


@wrong("09.6", "The error of the hidden units has the mask, but not the factor.")
def backward(dy, x, V, h, mask, p_drop):
    dz = dy @ V.T * (1 - h**2) * mask
    d = h * mask / (1 - p_drop)
    return x.T @ dz, dz.sum(axis=0), d.T @ dy, dy.sum(axis=0)


@wrong("09.6", "The error of the hidden units has the factor, but not the mask.")
def backward(dy, x, V, h, mask, p_drop):
    dz = dy @ V.T * (1 - h**2) / (1 - p_drop)
    d = h * mask / (1 - p_drop)
    return x.T @ dz, dz.sum(axis=0), d.T @ dy, dy.sum(axis=0)


@wrong(
    "09.6", "The slope of tanh is 1 − h² with the h of tanh itself, not that from after dropout."
)
def backward(dy, x, V, h, mask, p_drop):
    d = h * mask / (1 - p_drop)
    dz = dy @ V.T * mask / (1 - p_drop) * (1 - d**2)
    return x.T @ dz, dz.sum(axis=0), d.T @ dy, dy.sum(axis=0)


@wrong("09.6", "The slope of tanh is missing on the way back.")
def backward(dy, x, V, h, mask, p_drop):
    d = h * mask / (1 - p_drop)
    dz = dy @ V.T * mask / (1 - p_drop)
    return x.T @ dz, dz.sum(axis=0), d.T @ dy, dy.sum(axis=0)


@wrong("09.6", "You scale twice on the way back.")
def backward(dy, x, V, h, mask, p_drop):
    d = h * mask / (1 - p_drop)
    dz = dy @ V.T * mask / (1 - p_drop) ** 2 * (1 - h**2)
    return x.T @ dz, dz.sum(axis=0), d.T @ dy, dy.sum(axis=0)


@wrong("09.6", "dc and db are sums over the examples; the mean is already in dy.")
def backward(dy, x, V, h, mask, p_drop):
    d = h * mask / (1 - p_drop)
    dz = dy @ V.T * mask / (1 - p_drop) * (1 - h**2)
    return x.T @ dz, dz.mean(axis=0), d.T @ dy, dy.mean(axis=0)


@wrong("09.6", "The error goes back through V transposed; without that, only square ones fit.")
def backward(dy, x, V, h, mask, p_drop):
    d = h * mask / (1 - p_drop)
    dz = dy @ V * mask / (1 - p_drop) * (1 - h**2)
    return x.T @ dz, dz.sum(axis=0), d.T @ dy, dy.sum(axis=0)


@wrong("09.6", "At validation inverted dropout does nothing; you scale once more.")
def validate(x, W, b, V, c, p_drop):
    return (1 - p_drop) * np.tanh(x @ W + b) @ V + c


@wrong("09.6", "Dropout is still on at validation.")
def validate(x, W, b, V, c, p_drop):
    h = np.tanh(x @ W + b)
    mask = np.random.default_rng(0).random(h.shape) >= p_drop
    return h * mask / (1 - p_drop) @ V + c


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


@right("09.6", "example by example")
def backward(dy, x, V, h, mask, p_drop):
    dW, db = np.zeros((x.shape[1], len(V))), np.zeros(len(V))
    dV, dc = np.zeros(V.shape), np.zeros(V.shape[1])
    for k in range(len(x)):
        factors = mask[k] / (1 - p_drop)
        dV += np.outer(factors * h[k], dy[k])
        dc += dy[k]
        error = factors * (V @ dy[k]) * (1 - h[k] ** 2)
        dW += np.outer(x[k], error)
        db += error
    return dW, db, dV, dc


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


@wrong("09.7", "You compare with the epoch before; a run of small rises and falls then never ends.")
class EarlyStopping:
    def __init__(self, patience, min_delta):
        self.patience, self.min_delta = patience, min_delta
        self.best_epoch, self.best_theta = None, None
        self.last, self.bad, self.count = np.inf, 0, 0

    def watch(self, loss, theta):
        if loss < self.last - self.min_delta:
            self.best_epoch, self.best_theta, self.bad = self.count, theta.copy(), 0
        else:
            self.bad += 1
        self.last = loss
        self.count += 1
        return self.bad >= self.patience


@wrong("09.7", "You stop one epoch too late: `patience` epochs without improvement are enough.")
class EarlyStopping:
    def __init__(self, patience, min_delta):
        self.patience, self.min_delta = patience, min_delta
        self.best_epoch, self.best_theta = None, None
        self.best, self.bad, self.count = np.inf, 0, 0

    def watch(self, loss, theta):
        if loss < self.best - self.min_delta:
            self.best, self.bad = loss, 0
            self.best_epoch, self.best_theta = self.count, theta.copy()
        else:
            self.bad += 1
        self.count += 1
        return self.bad > self.patience


@wrong("09.7", "You stop one epoch too early: count only the epochs after the best.")
class EarlyStopping:
    def __init__(self, patience, min_delta):
        self.patience, self.min_delta = patience, min_delta
        self.best_epoch, self.best_theta = None, None
        self.best, self.count = np.inf, 0

    def watch(self, loss, theta):
        if loss < self.best - self.min_delta:
            self.best = loss
            self.best_epoch, self.best_theta = self.count, theta.copy()
        self.count += 1
        return self.count - self.best_epoch >= self.patience


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


@wrong("09.7", "An equal loss is no improvement: it must be lower by MORE than min_delta.")
class EarlyStopping:
    def __init__(self, patience, min_delta):
        self.patience, self.min_delta = patience, min_delta
        self.best_epoch, self.best_theta = None, None
        self.best, self.bad, self.count = np.inf, 0, 0

    def watch(self, loss, theta):
        if loss <= self.best - self.min_delta:
            self.best, self.bad = loss, 0
            self.best_epoch, self.best_theta = self.count, theta.copy()
        else:
            self.bad += 1
        self.count += 1
        return self.bad >= self.patience


@wrong("09.7", "With + min_delta even a worse epoch is an improvement: look at the sign.")
class EarlyStopping:
    def __init__(self, patience, min_delta):
        self.patience, self.min_delta = patience, min_delta
        self.best_epoch, self.best_theta = None, None
        self.best, self.bad, self.count = np.inf, 0, 0

    def watch(self, loss, theta):
        if loss < self.best + self.min_delta:
            self.best, self.bad = loss, 0
            self.best_epoch, self.best_theta = self.count, theta.copy()
        else:
            self.bad += 1
        self.count += 1
        return self.bad >= self.patience


@wrong("09.7", "min_delta is not used.")
class EarlyStopping:
    def __init__(self, patience, min_delta):
        self.patience, self.min_delta = patience, min_delta
        self.best_epoch, self.best_theta = None, None
        self.best, self.bad, self.count = np.inf, 0, 0

    def watch(self, loss, theta):
        if loss < self.best:
            self.best, self.bad = loss, 0
            self.best_epoch, self.best_theta = self.count, theta.copy()
        else:
            self.bad += 1
        self.count += 1
        return self.bad >= self.patience


@wrong("09.7", "min_delta is a difference of losses, not a share of the best loss.")
class EarlyStopping:
    def __init__(self, patience, min_delta):
        self.patience, self.min_delta = patience, min_delta
        self.best_epoch, self.best_theta = None, None
        self.best, self.bad, self.count = np.inf, 0, 0

    def watch(self, loss, theta):
        if loss < self.best * (1 - self.min_delta):
            self.best, self.bad = loss, 0
            self.best_epoch, self.best_theta = self.count, theta.copy()
        else:
            self.bad += 1
        self.count += 1
        return self.bad >= self.patience


@wrong(
    "09.7",
    "The best loss moves with every small decrease, so a slow but steady fall never counts.",
)
class EarlyStopping:
    def __init__(self, patience, min_delta):
        self.patience, self.min_delta = patience, min_delta
        self.best_epoch, self.best_theta = None, None
        self.best, self.bad, self.count = np.inf, 0, 0

    def watch(self, loss, theta):
        if loss < self.best - self.min_delta:
            self.bad = 0
            self.best_epoch, self.best_theta = self.count, theta.copy()
        else:
            self.bad += 1
        self.best = min(self.best, loss)
        self.count += 1
        return self.bad >= self.patience


@wrong(
    "09.7", "You keep the parameters of the last epoch; only an improvement should replace them."
)
class EarlyStopping:
    def __init__(self, patience, min_delta):
        self.patience, self.min_delta = patience, min_delta
        self.best_epoch, self.best_theta = None, None
        self.best, self.bad, self.count = np.inf, 0, 0

    def watch(self, loss, theta):
        self.best_theta = theta.copy()
        if loss < self.best - self.min_delta:
            self.best, self.bad, self.best_epoch = loss, 0, self.count
        else:
            self.bad += 1
        self.count += 1
        return self.bad >= self.patience


@wrong("09.7", "`self.best_theta = theta` is no copy: the training overwrites it. Copy it.")
class EarlyStopping:
    def __init__(self, patience, min_delta):
        self.patience, self.min_delta = patience, min_delta
        self.best_epoch, self.best_theta = None, None
        self.best, self.bad, self.count = np.inf, 0, 0

    def watch(self, loss, theta):
        if loss < self.best - self.min_delta:
            self.best, self.bad = loss, 0
            self.best_epoch, self.best_theta = self.count, theta
        else:
            self.bad += 1
        self.count += 1
        return self.bad >= self.patience


@wrong("09.7", "Epochs count from 0; yours count from 1.")
class EarlyStopping:
    def __init__(self, patience, min_delta):
        self.patience, self.min_delta = patience, min_delta
        self.best_epoch, self.best_theta = None, None
        self.best, self.bad, self.count = np.inf, 0, 0

    def watch(self, loss, theta):
        self.count += 1
        if loss < self.best - self.min_delta:
            self.best, self.bad = loss, 0
            self.best_epoch, self.best_theta = self.count, theta.copy()
        else:
            self.bad += 1
        return self.bad >= self.patience


@wrong("09.7", "`watch` never returns True, so the training never stops.")
class EarlyStopping:
    def __init__(self, patience, min_delta):
        self.patience, self.min_delta = patience, min_delta
        self.best_epoch, self.best_theta = None, None
        self.best, self.bad, self.count = np.inf, 0, 0

    def watch(self, loss, theta):
        if loss < self.best - self.min_delta:
            self.best, self.bad = loss, 0
            self.best_epoch, self.best_theta = self.count, theta.copy()
        else:
            self.bad += 1
        self.count += 1
        self.stop = self.bad >= self.patience


@wrong("09.7", "You stop at once when the loss rises, and give it no time to fall again.")
class EarlyStopping:
    def __init__(self, patience, min_delta):
        self.patience, self.min_delta = patience, min_delta
        self.best_epoch, self.best_theta = None, None
        self.best, self.count = np.inf, 0

    def watch(self, loss, theta):
        better = loss < self.best - self.min_delta
        if better:
            self.best = loss
            self.best_epoch, self.best_theta = self.count, theta.copy()
        self.count += 1
        return not better


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
