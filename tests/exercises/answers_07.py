"""Known answers to exercise 07: the mistakes that people make, and other right ways."""

import numpy as np

from coursekit.grading import edit, right, wrong

# 07.1 Momentum and Nesterov, one step

edit(
    "07.1",
    "The velocity is gone at each step: the old one is missing in Momentum.",
    {"v = rho * v + grad\n    return theta - lr * v, v": "return theta - lr * grad, grad"},
)
edit("07.1", "Momentum steps uphill: look at the sign of the step.", {"- lr * v": "+ lr * v"})
edit(
    "07.1",
    "In Momentum you put the rate into the velocity; in this convention it is outside.",
    {"+ grad\n    return theta - lr * v": "- lr * grad\n    return theta + v"},
)
edit(
    "07.1",
    "You put the rate into the velocity and take it into the step once more.",
    {"grad\n    return theta - lr * v": "lr * grad\n    return theta - lr * v"},
)
edit(
    "07.1",
    "Momentum's gradient is weighted by 1 − ρ in yours: this velocity is a sum, no average.",
    {"grad\n    return theta - lr * v": "(1 - rho) * grad\n    return theta - lr * v"},
)
edit(
    "07.1",
    "Momentum's step is made with the old velocity; compute the new one first.",
    {"v = rho * v + grad\n    return theta - lr * v, v": ("return theta - lr * v, rho * v + grad")},
)
edit(
    "07.1",
    "ρ belongs to the old velocity, not to the gradient.",
    {"rho * v + grad\n    return theta - lr * v": "v + rho * grad\n    return theta - lr * v"},
)
edit(
    "07.1",
    "Nothing slows your velocity down: where is ρ?",
    {"rho * v + grad\n    return theta - lr * v": "v + grad\n    return theta - lr * v"},
)
edit(
    "07.1",
    "You return the new parameters without the velocity; the next step will need it.",
    {"* v,": "*"},
)
edit(
    "07.1",
    "That is Momentum's step; with the old velocity in the bracket it would be the same.",
    {"(grad + rho * v)": "v"},
)
edit(
    "07.1",
    "In Nesterov's step ρ is missing before the velocity.",
    {"(grad + rho * v)": "(grad + v)"},
)
edit(
    "07.1",
    "In Nesterov's step ρ belongs to the velocity alone.",
    {"(grad + rho * v)": "rho * (grad + v)"},
)
edit(
    "07.1",
    "You keep the whole step of Nesterov's as its velocity; keep v alone.",
    {"(grad + rho * v),": "(grad + rho * v), grad + rho *"},
)
edit(
    "07.1",
    "The rate covers only a part of Nesterov's step: mind the bracket.",
    {"(grad + rho * v)": "grad + rho * v"},
)


@right("07.1", "in place, on copies")
class cell:
    def momentum(theta, v, grad, lr, rho):
        theta, v = theta.copy(), v.copy()
        v *= rho
        v += grad
        theta -= lr * v
        return theta, v

    def nesterov(theta, v, grad, lr, rho):
        theta, v = theta.copy(), v.copy()
        v *= rho
        v += grad
        theta -= lr * grad
        theta -= lr * rho * v
        return theta, v


@right("07.1", "unfolded, in single precision")
class cell:
    def momentum(theta, v, grad, lr, rho):
        theta, v, grad = (a.astype(np.float32) for a in (theta, v, grad))
        return theta - lr * rho * v - lr * grad, grad + v * rho

    def nesterov(theta, v, grad, lr, rho):
        theta, v, grad = (a.astype(np.float32) for a in (theta, v, grad))
        return [theta - lr * (1 + rho) * grad - lr * rho**2 * v, grad + v * rho]


# 07.2 AdaGrad and RMSProp, one step

edit(
    "07.2",
    "AdaGrad's root is missing: the step depends on the gradient's units, as on the slide.",
    {
        "+ grad**2\n    return theta - lr * grad / (np.sqrt(cache) + eps)": (
            "+ grad**2\n    return theta - lr * grad / (cache + eps)"
        )
    },
)
edit(
    "07.2",
    "RMSProp's root is missing, and RMS means root mean square.",
    {
        ") * grad**2\n    return theta - lr * grad / (np.sqrt(cache)": (
            ") * grad**2\n    return theta - lr * grad / (cache"
        )
    },
)
edit(
    "07.2",
    "In AdaGrad ε stands under the root; here it is added after the root.",
    {
        "+ grad**2\n    return theta - lr * grad / (np.sqrt(cache) + eps)": (
            "+ grad**2\n    return theta - lr * grad / np.sqrt(cache + eps)"
        )
    },
)
edit(
    "07.2",
    "In RMSProp ε stands under the root; here it is added after the root.",
    {
        ") * grad**2\n    return theta - lr * grad / (np.sqrt(cache)": (
            ") * grad**2\n    return theta - lr * grad / np.sqrt(cache"
        )
    },
)
edit(
    "07.2",
    "Without brackets the quotient ends before ε: divide by the whole sum.",
    {
        "+ grad**2\n    return theta - lr * grad / (np.sqrt(cache) + eps)": (
            "+ grad**2\n    return theta - lr * grad / np.sqrt(cache) + eps"
        )
    },
)
edit(
    "07.2",
    "AdaGrad's cache sums the squares; yours sums the gradients themselves.",
    {
        "+ grad**2\n    return theta - lr * grad / (np.sqrt(cache) + eps)": (
            "+ grad\n    return theta - lr * grad / (np.sqrt(np.abs(cache)) + eps)"
        )
    },
)
edit(
    "07.2",
    "AdaGrad steps with the old cache; the gradient of this step belongs to it already.",
    {
        "cache = cache + grad**2\n    return theta - lr * grad / (np.sqrt(cache) + eps), cache": (
            "return theta - lr * grad / (np.sqrt(cache) + eps), cache + grad**2"
        )
    },
)
edit("07.2", "AdaGrad forgets everything in yours: add to the old cache.", {"= cache +": "="})
edit(
    "07.2",
    "One number for all parameters is no AdaGrad: each has a cache of its own.",
    {"+ grad**2": "+ np.sum(grad**2)"},
)
edit(
    "07.2",
    "AdaGrad's step has the squared gradient on top, and so it never goes up: no square.",
    {"+ grad**2\n    return theta - lr * grad": "+ grad**2\n    return theta - lr * grad**2"},
)
edit(
    "07.2",
    "In RMSProp β and 1 − β have changed places.",
    {"beta * cache + (1 - beta)": "(1 - beta) * cache + beta"},
)
edit(
    "07.2",
    "RMSProp's new part misses its weight 1 − β: then it is no average.",
    {"+ (1 - beta) *": "+"},
)
edit("07.2", "RMSProp's old part misses its weight β: then it forgets nothing.", {"= beta *": "="})
edit(
    "07.2",
    "RMSProp's gradient is not squared before it goes into the cache.",
    {
        ") * grad**2\n    return theta - lr * grad / (np.sqrt(cache)": (
            ") * grad\n    return theta - lr * grad / (np.sqrt(np.abs(cache))"
        )
    },
)
edit(
    "07.2",
    "You square the weight 1 − β together with the gradient.",
    {"(1 - beta) * grad**": "((1 - beta) * grad) ** "},
)
edit(
    "07.2",
    "RMSProp steps with the old cache; compute the new one first.",
    {
        (
            "cache = beta * cache + (1 - beta) * grad**2\n"
            "    return theta - lr * grad / (np.sqrt(cache) + eps), cache"
        ): (
            "return theta - lr * grad / (np.sqrt(cache) + eps), beta * cache + (1 - beta) * grad**2"
        )
    },
)


@right("07.2", "in place, on copies")
class cell:
    def adagrad(theta, cache, grad, lr, eps):
        cache = cache.copy()
        cache += grad * grad
        return theta - (lr / (cache**0.5 + eps)) * grad, cache

    def rmsprop(theta, cache, grad, lr, beta, eps):
        cache = cache.copy()
        cache += (1 - beta) * (grad * grad - cache)
        return theta - (lr / (cache**0.5 + eps)) * grad, cache


@right("07.2", "entry by entry")
class cell:
    def adagrad(theta, cache, grad, lr, eps):
        theta, cache = theta.copy(), cache.copy()
        for place, g in np.ndenumerate(grad):
            cache[place] += g * g
            theta[place] -= lr * g / (cache[place] ** 0.5 + eps)
        return theta, cache

    def rmsprop(theta, cache, grad, lr, beta, eps):
        cache = np.average([cache, grad**2], axis=0, weights=[beta, 1 - beta])
        return (theta - lr * np.divide(grad, eps + np.sqrt(cache))).tolist(), cache.tolist()


# 07.3 Adam, one step

edit(
    "07.3",
    "The bias correction is missing: both averages began at 0 and are too small at first.",
    {"v / (1 - beta1**t)": "v", "cache / (1 - beta2**t)": "cache"},
)
edit(
    "07.3",
    "You divide by 1 − β at every step; the correction fades away with the number of steps.",
    {"beta1**t": "beta1", "beta2**t": "beta2"},
)
edit(
    "07.3",
    "The corrected averages go back into your memory, and are corrected again and again.",
    {"+ eps), v, cache": "+ eps), v_hat, cache_hat"},
)
edit(
    "07.3",
    "t is the number of this step, so it need not be raised before it is used.",
    {"beta1**t": "beta1 ** (t + 1)", "beta2**t": "beta2 ** (t + 1)"},
)
edit(
    "07.3",
    "With t − 1 the first step divides by 0; t begins at 1 already.",
    {"beta1**t": "np.float64(beta1) ** (t - 1)", "beta2**t": "np.float64(beta2) ** (t - 1)"},
)
edit(
    "07.3",
    "Only v is corrected; the cache began at 0 as well.",
    {"cache / (1 - beta2**t)": "cache"},
)
edit("07.3", "Only the cache is corrected; v began at 0 as well.", {"v / (1 - beta1**t)": "v"})
edit("07.3", "The root is missing below the fraction.", {"np.sqrt(cache_hat)": "cache_hat"})
edit(
    "07.3",
    "ε stands under your root; it is added to the root.",
    {"(np.sqrt(cache_hat) + eps)": "np.sqrt(cache_hat + eps)"},
)
edit("07.3", "β₁ and β₂ have changed places.", {"v =": "beta1, beta2 = beta2, beta1\n    v ="})
edit(
    "07.3",
    "The cache averages squared gradients; yours averages the squared v.",
    {"grad**2": "v**2"},
)
edit(
    "07.3",
    "On top of the fraction stands the gradient of this step; it should be the average.",
    {"lr * v_hat": "lr * grad"},
)
edit(
    "07.3",
    "The weight 1 − β₁ of the gradient is missing: your v is Momentum's sum, no average.",
    {"(1 - beta1) * grad": "grad"},
)
edit(
    "07.3",
    "The upper index t is a power; you multiplied by t.",
    {"beta1**": "beta1 * ", "cache / (1 - beta2**t)": "np.abs(cache / (1 - beta2 * t))"},
)
edit(
    "07.3",
    "The correction of the cache stands outside the root and has not been rooted itself.",
    {"(cache_hat)": "(cache) / (1 - beta2**t)"},
)
edit(
    "07.3",
    "The weight 1 − β₂ of the squared gradient is missing: your cache is no average.",
    {"(1 - beta2) * grad**2": "grad**2"},
)
edit(
    "07.3",
    "The gradient is not squared before it goes into the cache.",
    {"grad**2": "np.abs(grad)"},
)


@right("07.3", "with the corrections in the rate, as the paper does")
def adam(theta, v, cache, t, grad, lr, beta1, beta2, eps):
    v = v + (1 - beta1) * (grad - v)
    cache = cache + (1 - beta2) * (grad * grad - cache)
    root = (1 - beta2**t) ** 0.5
    return theta - lr * root / (1 - beta1**t) * v / (np.sqrt(cache) + eps * root), v, cache


@right("07.3", "in single precision")
def adam(theta, v, cache, t, grad, lr, beta1, beta2, eps):
    theta, v, cache, grad = (a.astype(np.float32) for a in (theta, v, cache, grad))
    v = beta1 * v + (1 - beta1) * grad
    cache = beta2 * cache + (1 - beta2) * grad**2
    corrected = [average / (1 - beta**t) for average, beta in ((v, beta1), (cache, beta2))]
    return [theta - lr * corrected[0] / (corrected[1] ** 0.5 + eps), v, cache]


@right("07.3", "with a loop over the entries")
def adam(theta, v, cache, t, grad, lr, beta1, beta2, eps):
    theta, v, cache = theta.copy(), v.copy(), cache.copy()
    for i, g in np.ndenumerate(grad):
        v[i] = beta1 * v[i] + (1 - beta1) * g
        cache[i] = beta2 * cache[i] + (1 - beta2) * g * g
        size = np.sqrt(cache[i] / (1 - pow(beta2, t)))
        theta[i] -= lr * v[i] / (1 - pow(beta1, t)) / (size + eps)
    return theta, v, cache


# 07.4 Objects with a memory


@wrong("07.4", "Momentum forgets: a name without self is gone when step returns.")
class Momentum:
    def __init__(self, lr, rho):
        self.lr, self.rho = lr, rho

    def step(self, theta, grad):
        v = 0
        v = self.rho * v + grad
        return theta - self.lr * v


@wrong(
    "07.4", "All your Momentum objects share one velocity: it belongs to self, not to the class."
)
class Momentum:
    memory = {}  # noqa: RUF012  (this is the mistake)

    def __init__(self, lr, rho):
        self.lr, self.rho = lr, rho

    def step(self, theta, grad):
        old = self.memory.get("v", 0)
        if np.shape(old) != grad.shape:
            old = 0
        self.memory["v"] = self.rho * old + grad
        return theta - self.lr * self.memory["v"]


@wrong(
    "07.4", "Momentum's velocity has the rate in it, so steps of the old rate outlive a new one."
)
class Momentum:
    def __init__(self, lr, rho):
        self.lr, self.rho, self.v = lr, rho, 0

    def step(self, theta, grad):
        self.v = self.rho * self.v - self.lr * grad
        return theta + self.v


@wrong("07.4", "Momentum keeps the rate of its first day: read self.lr in each step.")
class Momentum:
    def __init__(self, lr, rho):
        self.rate, self.rho, self.v = lr, rho, 0

    def step(self, theta, grad):
        self.v = self.rho * self.v + grad
        return theta - self.rate * self.v


@wrong("07.4", "Momentum starts anew whenever the rate changes; only the rate should change.")
class Momentum:
    def __init__(self, lr, rho):
        self.lr, self.rho, self.v, self.before = lr, rho, 0, lr

    def step(self, theta, grad):
        if self.lr != self.before:
            self.v, self.before = 0, self.lr
        self.v = self.rho * self.v + grad
        return theta - self.lr * self.v


@wrong(
    "07.4",
    "Nesterov's class takes Momentum's step; the old velocity in the bracket comes to the same.",
)
class Nesterov:
    def __init__(self, lr, rho):
        self.lr, self.rho, self.v = lr, rho, 0

    def step(self, theta, grad):
        self.v = self.rho * self.v + grad
        return theta - self.lr * self.v


@wrong("07.4", "AdaGrad's cache is overwritten at each step; it is a sum over all of them.")
class AdaGrad:
    def __init__(self, lr, eps):
        self.lr, self.eps = lr, eps

    def step(self, theta, grad):
        self.cache = grad**2
        return theta - self.lr * grad / (np.sqrt(self.cache) + self.eps)


@wrong("07.4", "AdaGrad's cache does not begin at 0.")
class AdaGrad:
    def __init__(self, lr, eps):
        self.lr, self.eps, self.cache = lr, eps, 1.0

    def step(self, theta, grad):
        self.cache = self.cache + grad**2
        return theta - self.lr * grad / (np.sqrt(self.cache) + self.eps)


@wrong("07.4", "AdaGrad's root is missing.")
class AdaGrad:
    def __init__(self, lr, eps):
        self.lr, self.eps, self.cache = lr, eps, 0.0

    def step(self, theta, grad):
        self.cache = self.cache + grad**2
        return theta - self.lr * grad / (self.cache + self.eps)


@wrong(
    "07.4", "RMSProp's first step is too short: its cache begins at 0, and only Adam corrects that."
)
class RMSProp:
    def __init__(self, lr, beta, eps):
        self.lr, self.beta, self.eps, self.cache, self.t = lr, beta, eps, 0, 0

    def step(self, theta, grad):
        self.t += 1
        self.cache = self.beta * self.cache + (1 - self.beta) * grad**2
        size = np.sqrt(self.cache / (1 - self.beta**self.t))
        return theta - self.lr * grad / (size + self.eps)


@wrong("07.4", "Adam's t stays at 1, so every step is corrected like the first.")
class Adam:
    def __init__(self, lr, beta1, beta2, eps):
        self.lr, self.beta1, self.beta2, self.eps = lr, beta1, beta2, eps
        self.v, self.cache, self.t = 0, 0, 1

    def step(self, theta, grad):
        self.v = self.beta1 * self.v + (1 - self.beta1) * grad
        self.cache = self.beta2 * self.cache + (1 - self.beta2) * grad**2
        v = self.v / (1 - self.beta1**self.t)
        cache = self.cache / (1 - self.beta2**self.t)
        return theta - self.lr * v / (np.sqrt(cache) + self.eps)


@wrong("07.4", "Adam's t is raised too late: in the first step it is 0, and 1 − β⁰ is 0.")
class Adam:
    def __init__(self, lr, beta1, beta2, eps):
        self.lr, self.beta1, self.beta2, self.eps = lr, beta1, beta2, eps
        self.v, self.cache, self.t = 0, 0, 0

    def step(self, theta, grad):
        self.v = self.beta1 * self.v + (1 - self.beta1) * grad
        self.cache = self.beta2 * self.cache + (1 - self.beta2) * grad**2
        v = self.v / np.float64(1 - self.beta1**self.t)
        cache = self.cache / np.float64(1 - self.beta2**self.t)
        self.t += 1
        return theta - self.lr * v / (np.sqrt(cache) + self.eps)


@wrong(
    "07.4", "Adam's t begins at 1 and is raised before use: the first step counts as the second."
)
class Adam:
    def __init__(self, lr, beta1, beta2, eps):
        self.lr, self.beta1, self.beta2, self.eps = lr, beta1, beta2, eps
        self.v, self.cache, self.t = 0, 0, 1

    def step(self, theta, grad):
        self.t += 1
        self.v = self.beta1 * self.v + (1 - self.beta1) * grad
        self.cache = self.beta2 * self.cache + (1 - self.beta2) * grad**2
        v = self.v / (1 - self.beta1**self.t)
        cache = self.cache / (1 - self.beta2**self.t)
        return theta - self.lr * v / (np.sqrt(cache) + self.eps)


@wrong("07.4", "Adam's corrected averages are stored, and so corrected once more in the next step.")
class Adam:
    def __init__(self, lr, beta1, beta2, eps):
        self.lr, self.beta1, self.beta2, self.eps = lr, beta1, beta2, eps
        self.v, self.cache, self.t = 0, 0, 0

    def step(self, theta, grad):
        self.t += 1
        self.v = self.beta1 * self.v + (1 - self.beta1) * grad
        self.cache = self.beta2 * self.cache + (1 - self.beta2) * grad**2
        self.v = self.v / (1 - self.beta1**self.t)
        self.cache = self.cache / (1 - self.beta2**self.t)
        return theta - self.lr * self.v / (np.sqrt(self.cache) + self.eps)


@wrong("07.4", "All your Adam objects count their steps together; each has a t of its own.")
class Adam:
    t = 0

    def __init__(self, lr, beta1, beta2, eps):
        self.lr, self.beta1, self.beta2, self.eps = lr, beta1, beta2, eps
        self.v, self.cache = 0, 0
        Adam.t = 0

    def step(self, theta, grad):
        Adam.t += 1
        self.v = self.beta1 * self.v + (1 - self.beta1) * grad
        self.cache = self.beta2 * self.cache + (1 - self.beta2) * grad**2
        v = self.v / (1 - self.beta1**Adam.t)
        cache = self.cache / (1 - self.beta2**Adam.t)
        return theta - self.lr * v / (np.sqrt(cache) + self.eps)


@wrong("07.4", "Adam has no bias correction in yours.")
class Adam:
    def __init__(self, lr, beta1, beta2, eps):
        self.lr, self.beta1, self.beta2, self.eps = lr, beta1, beta2, eps
        self.v, self.cache = 0, 0

    def step(self, theta, grad):
        self.v = self.beta1 * self.v + (1 - self.beta1) * grad
        self.cache = self.beta2 * self.cache + (1 - self.beta2) * grad**2
        return theta - self.lr * self.v / (np.sqrt(self.cache) + self.eps)


@right("07.4", "with a family of classes")
class cell:
    class Kept:
        def __init__(self, lr, **settings):
            self.lr, self.kept = lr, {}
            for name, value in settings.items():
                setattr(self, name, value)

        def average(self, name, old, new):
            self.kept[name] = old * self.kept.get(name, 0) + new
            return self.kept[name]

    class Moving(Kept):
        def __init__(self, lr, rho):
            super().__init__(lr, rho=rho)

        def way(self, grad):
            return self.average("v", self.rho, grad)

        def step(self, theta, grad):
            return theta - self.lr * self.way(grad)

    class Momentum(Moving):
        pass

    class Nesterov(Moving):
        def way(self, grad):
            return grad + self.rho * super().way(grad)

    class RMSProp(Kept):
        def __init__(self, lr, beta, eps):
            super().__init__(lr, beta=beta, eps=eps, share=1 - beta)

        def step(self, theta, grad):
            squares = self.average("cache", self.beta, self.share * grad**2)
            return theta - self.lr * grad / (np.sqrt(squares) + self.eps)

    class AdaGrad(RMSProp):
        def __init__(self, lr, eps):
            super().__init__(lr, 1.0, eps)
            self.share = 1.0

    class Adam(Kept):
        def __init__(self, lr, beta1, beta2, eps):
            super().__init__(lr, betas=(beta1, beta2), eps=eps)
            self.powers = [1.0, 1.0]

        def step(self, theta, grad):
            hats = []
            for i, beta in enumerate(self.betas):
                self.powers[i] *= beta
                mean = self.average(str(i), beta, (1 - beta) * grad ** (i + 1))
                hats.append(mean / (1 - self.powers[i]))
            return theta - self.lr * hats[0] / (hats[1] ** 0.5 + self.eps)


@right("07.4", "with buffers made at the first step, in place")
class cell:
    class Momentum:
        def __init__(self, lr, rho):
            self.lr, self.rho, self.v = lr, rho, None

        def step(self, theta, grad):
            if self.v is None:
                self.v = np.zeros_like(theta)
            self.v *= self.rho
            self.v += grad
            return np.subtract(theta, self.lr * self.v, out=theta)

    class Adam:
        def __init__(self, lr, beta1, beta2, eps):
            self.lr, self.beta1, self.beta2, self.eps = lr, beta1, beta2, eps
            self.gradients = []

        def step(self, theta, grad):
            self.gradients.append(grad)
            t = len(self.gradients)
            v, cache = 0.0, 0.0
            for age, g in enumerate(reversed(self.gradients)):
                v = v + self.beta1**age * g
                cache = cache + self.beta2**age * g * g
            v = v * (1 - self.beta1) / (1 - self.beta1**t)
            cache = cache * (1 - self.beta2) / (1 - self.beta2**t)
            return theta - self.lr * v / (np.sqrt(cache) + self.eps)


@right("07.4", "in single precision")
class cell:
    class Nesterov:
        def __init__(self, lr, rho):
            self.lr, self.rho, self.v = lr, rho, np.float32(0)

        def step(self, theta, grad):
            theta, grad = theta.astype(np.float32), grad.astype(np.float32)
            self.v = self.rho * self.v + grad
            return theta - self.lr * grad - self.lr * self.rho * self.v

    class AdaGrad:
        def __init__(self, lr, eps):
            self.lr, self.eps, self.cache = lr, eps, np.float32(0)

        def step(self, theta, grad):
            theta, grad = theta.astype(np.float32), grad.astype(np.float32)
            self.cache = self.cache + np.square(grad)
            return theta - self.lr * grad / (np.sqrt(self.cache) + self.eps)


# 07.5 From one convention to the other


@wrong("07.5", "u points downhill and v uphill: a sign is missing on the way inside.")
def to_inside(v, lr):
    return lr * v


@wrong("07.5", "On the way inside the rate is missing: turning the sign round is not enough.")
def to_inside(v, lr):
    return -v


@wrong("07.5", "On the way inside you divide by the rate; the steps inside are the short ones.")
def to_inside(v, lr):
    return -v / lr


@wrong("07.5", "The velocity is subtracted from nothing: u is one product, with no sum in it.")
def to_inside(v, lr):
    return 1 - lr * v


@wrong("07.5", "A sign is missing on the way outside.")
def to_outside(u, lr):
    return u / lr


@wrong(
    "07.5", "On the way outside you multiply by the rate again; it has to come out of the velocity."
)
def to_outside(u, lr):
    return -lr * u


@wrong("07.5", "Outside, the velocity has no rate in it: take it out.")
def to_outside(u, lr):
    return -u


@wrong("07.5", "Both ways lack the sign: the one velocity points uphill, the other downhill.")
class cell:
    def to_inside(v, lr):
        return lr * v

    def to_outside(u, lr):
        return u / lr


@wrong(
    "07.5", "Left as it is, u goes on with steps of the old length: that is the very difference."
)
def change_rate(u, old, new):
    return u


@wrong("07.5", "After a change to a lower rate the steps should get shorter; yours get longer.")
def change_rate(u, old, new):
    return u * old / new


@wrong("07.5", "The old rate is still in u: before the new one comes in, it must go out.")
def change_rate(u, old, new):
    return u * new


@wrong("07.5", "The result is an inside velocity again, so its sign stays.")
def change_rate(u, old, new):
    return -u * new / old


@wrong("07.5", "Rates act as factors: their difference is not what changes the velocity.")
def change_rate(u, old, new):
    return u + (new - old)


@wrong("07.5", "Starting anew from 0 forgets what the velocity was for.")
def change_rate(u, old, new):
    return np.zeros_like(u)


@wrong("07.5", "The slide's point has a wrong sign: θ lies ahead of x, not behind it.")
def to_slide(theta, v, lr, rho):
    u = -lr * v
    return theta + rho * u, u


@wrong("07.5", "The distance between θ and x is ρ u, and you forgot ρ.")
def to_slide(theta, v, lr, rho):
    u = -lr * v
    return theta - u, u


@wrong("07.5", "You shift by the library's velocity, which knows no rate; shift by the slide's.")
def to_slide(theta, v, lr, rho):
    return theta - rho * v, -lr * v


@wrong("07.5", "You return the library's point; the slide's is another, by the shift.")
def to_slide(theta, v, lr, rho):
    return theta, -lr * v


@wrong(
    "07.5", "The point is right, but the slide's velocity is inside, and has the rate and a sign."
)
def to_slide(theta, v, lr, rho):
    return theta + lr * rho * v, v


@right("07.5", "each by way of the step that both make")
class cell:
    def to_inside(v, lr):
        return np.negative(np.multiply(v, lr))

    def to_outside(u, lr):
        return (0 - u) * (1 / lr)

    def change_rate(u, old, new):
        return to_inside(to_outside(u, old), new)

    def to_slide(theta, v, lr, rho):
        return theta + lr * rho * v, to_inside(v, lr)


@right("07.5", "with lists, in single precision")
class cell:
    def to_inside(v, lr):
        return (-lr * v.astype(np.float32)).tolist()

    def change_rate(u, old, new):
        return u.astype(np.float32) * (new / old)

    def to_slide(theta, v, lr, rho):
        u = [-lr * number for number in v]
        return [[place - rho * step for place, step in zip(theta, u, strict=True)], u]


# 07.6 Schedules


@wrong("07.6", "The rate of steps falls a little at each update: count whole stretches only.")
def steps(update, lr, factor, every):
    return lr * factor ** (update / every)


@wrong("07.6", "steps is off by one: updates are counted from 0.")
def steps(update, lr, factor, every):
    return lr * factor ** ((update + 1) // every)


@wrong("07.6", "You multiply at each multiple of `every` only, and forget it at the next update.")
def steps(update, lr, factor, every):
    return lr * factor if update and update % every == 0 else lr


@wrong("07.6", "Yours falls once and never again; the factor acts anew after each stretch.")
def steps(update, lr, factor, every):
    return lr * factor if update >= every else lr


@wrong(
    "07.6", "You multiply the factor by the number of stretches; it should be raised to that power."
)
def steps(update, lr, factor, every):
    return lr * factor * (update // every)


@wrong("07.6", "You divide by the factor, so the rate rises.")
def steps(update, lr, factor, every):
    return lr / factor ** (update // every)


@wrong("07.6", "After `updates` your cosine rises again; it should stay where it has arrived.")
def cosine(update, lr, updates, lr_min):
    return lr_min + (lr - lr_min) * (1 + np.cos(np.pi * update / updates)) / 2


@wrong("07.6", "After `updates` your cosine is 0 and training stops; it should stay at lr_min.")
def cosine(update, lr, updates, lr_min):
    if update > updates:
        return 0.0
    return lr_min + (lr - lr_min) * (1 + np.cos(np.pi * update / updates)) / 2


@wrong("07.6", "Your cosine falls towards 0 and is cut off at lr_min; it should end there gently.")
def cosine(update, lr, updates, lr_min):
    return max(lr_min, lr * (1 + np.cos(np.pi * min(update, updates) / updates)) / 2)


@wrong("07.6", "lr_min is added on top, so the cosine begins above lr.")
def cosine(update, lr, updates, lr_min):
    return lr_min + lr * (1 + np.cos(np.pi * min(update, updates) / updates)) / 2


@wrong("07.6", "Your cosine has no ½: at update 0 it should be lr.")
def cosine(update, lr, updates, lr_min):
    return lr_min + (lr - lr_min) * (1 + np.cos(np.pi * min(update, updates) / updates))


@wrong("07.6", "Your cosine arrives one update too early.")
def cosine(update, lr, updates, lr_min):
    part = min(update / (updates - 1), 1)
    return lr_min + (lr - lr_min) * (1 + np.cos(np.pi * part)) / 2


@wrong("07.6", "np.cos takes radians; you gave it degrees.")
def cosine(update, lr, updates, lr_min):
    return lr_min + (lr - lr_min) * (1 + np.cos(180 * min(update, updates) / updates)) / 2


@wrong("07.6", "This is a quarter of a cosine, down from its top to its zero.")
def cosine(update, lr, updates, lr_min):
    return lr_min + (lr - lr_min) * np.cos(np.pi / 2 * min(update, updates) / updates)


@wrong("07.6", "Your warm-up begins at the rate 0, and wastes the first update.")
def warm_up(update, lr, warm, rate):
    return lr * update / warm if update < warm else lr / (1 + rate * (update - warm))


@wrong(
    "07.6", "While the rate warms up, your decay is at work already: count from the warm-up's end."
)
def warm_up(update, lr, warm, rate):
    return lr * min(1, (update + 1) / warm) / (1 + rate * update)


@wrong(
    "07.6",
    "After the warm-up the rate drops: the decay counts updates since then, not since the start.",
)
def warm_up(update, lr, warm, rate):
    return lr * (update + 1) / warm if update < warm else lr / (1 + rate * update)


@wrong("07.6", "Your decay is one update ahead: update number `warm` is k = 0.")
def warm_up(update, lr, warm, rate):
    return lr * (update + 1) / warm if update < warm else lr / (1 + rate * (update - warm + 1))


@wrong("07.6", "Your rate rises for ever: after the warm-up comes the decay.")
def warm_up(update, lr, warm, rate):
    return lr * (update + 1) / warm


@wrong("07.6", "After the warm-up your rate stays; it should fall in inverse time.")
def warm_up(update, lr, warm, rate):
    return lr * min(1, (update + 1) / warm)


@wrong("07.6", "That is exponential decay after the warm-up; inverse time falls more slowly.")
def warm_up(update, lr, warm, rate):
    return lr * (update + 1) / warm if update < warm else lr * np.exp(-rate * (update - warm))


@right("07.6", "with loops and other formulas")
class cell:
    def steps(update, lr, factor, every):
        for number in range(1, update + 1):
            if number % every == 0:
                lr = lr * factor
        return lr

    def cosine(update, lr, updates, lr_min):
        if update >= updates:
            return lr_min
        share = np.cos(np.pi / 2 * update / updates) ** 2
        return share * lr + (1 - share) * lr_min

    def warm_up(update, lr, warm, rate):
        fall = 1 / (1 + rate * max(0, update - warm))
        return lr * min(1, (update + 1) / warm) * fall


@right("07.6", "with whole divisions and ready-made steps")
class cell:
    def steps(update, lr, factor, every):
        return lr * np.power(factor, np.floor(update / every))

    def cosine(update, lr, updates, lr_min):
        angle = np.minimum(np.pi * update / updates, np.pi)
        return (lr + lr_min) / 2 + (lr - lr_min) / 2 * np.cos(angle)

    def warm_up(update, lr, warm, rate):
        rising = np.linspace(lr / warm, lr, warm)
        return rising[update] if update < warm else lr * (1 + rate * (update - warm)) ** -1


# 07.7 A range test


@wrong("07.7", "You note the loss after each step; the one just before it is asked for.")
def range_test(loss, gradient, theta, lrs):
    losses = np.full(len(lrs), np.inf)
    for i, lr in enumerate(lrs):
        theta = theta - lr * gradient(theta)
        if not np.isfinite(loss(theta)):
            break
        losses[i] = loss(theta)
    return losses


@wrong("07.7", "Every rate of yours begins at the start again; the range test is one run.")
def range_test(loss, gradient, theta, lrs):
    losses = np.full(len(lrs), np.inf)
    for i, lr in enumerate(lrs):
        value = loss(theta - lr * gradient(theta))
        if not np.isfinite(value):
            break
        losses[i] = value
    return losses


@wrong("07.7", "Your run never moves: the parameters after the step are not kept.")
def range_test(loss, gradient, theta, lrs):
    losses = np.full(len(lrs), np.inf)
    for i, lr in enumerate(lrs):
        losses[i] = loss(theta)
        _ = theta - lr * gradient(theta)
    return losses


@wrong("07.7", "The gradient is computed once in yours; it changes with every step.")
def range_test(loss, gradient, theta, lrs):
    losses = np.full(len(lrs), np.inf)
    slope = gradient(theta)
    for i, lr in enumerate(lrs):
        value = loss(theta)
        if not np.isfinite(value):
            break
        losses[i] = value
        theta = theta - lr * slope
    return losses


@wrong("07.7", "Your run goes on when it has diverged, and its last losses are NaN.")
def range_test(loss, gradient, theta, lrs):
    losses = []
    for lr in lrs:
        losses.append(loss(theta))
        theta = theta - lr * gradient(theta)
    return losses


@wrong(
    "07.7", "You stop when the run diverges, but the entries that are missing should be infinite."
)
def range_test(loss, gradient, theta, lrs):
    noted = []
    for lr in lrs:
        value = loss(theta)
        if not np.isfinite(value):
            break
        noted.append(value)
        theta = theta - lr * gradient(theta)
    return noted


@wrong("07.7", "After the divergence your entries are 0, which looks like a perfect loss.")
def range_test(loss, gradient, theta, lrs):
    losses = np.zeros(len(lrs))
    for i, lr in enumerate(lrs):
        value = loss(theta)
        if not np.isfinite(value):
            break
        losses[i] = value
        theta = theta - lr * gradient(theta)
    return losses


@wrong("07.7", "You sort the rates; they are tried in the order in which they come.")
def range_test(loss, gradient, theta, lrs):
    losses = np.full(len(lrs), np.inf)
    for i, lr in enumerate(np.sort(lrs)):
        value = loss(theta)
        if not np.isfinite(value):
            break
        losses[i] = value
        theta = theta - lr * gradient(theta)
    return losses


@wrong("07.7", "Your step goes uphill.")
def range_test(loss, gradient, theta, lrs):
    losses = np.full(len(lrs), np.inf)
    for i, lr in enumerate(lrs):
        value = loss(theta)
        if not np.isfinite(value):
            break
        losses[i] = value
        theta = theta + lr * gradient(theta)
    return losses


@wrong("07.7", "argmin takes a NaN for the smallest of all: leave the NaNs out.")
def suggest(lrs, losses):
    turning = lrs[np.argmin(losses)]
    return turning / 10, turning / 3


@wrong("07.7", "You divide the lowest loss; the rate that belongs to it is asked for.")
def suggest(lrs, losses):
    lowest = np.nanmin(losses)
    return lowest / 10, lowest / 3


@wrong("07.7", "You divide the place in the list; the rate at that place is asked for.")
def suggest(lrs, losses):
    place = np.nanargmin(losses)
    return place / 10, place / 3


@wrong("07.7", "You take the rate one place before the lowest loss.")
def suggest(lrs, losses):
    turning = lrs[max(np.nanargmin(losses) - 1, 0)]
    return turning / 10, turning / 3


@wrong("07.7", "That is the highest rate with a finite loss; look for the lowest loss.")
def suggest(lrs, losses):
    last = lrs[np.isfinite(losses)][-1]
    return last / 10, last / 3


@wrong("07.7", "You took the place of the steepest fall; this reading goes by the lowest loss.")
def suggest(lrs, losses):
    finite = np.where(np.isfinite(losses), losses, 1e9)
    place = np.argmin(np.diff(finite))
    return lrs[place] / 10, lrs[place] / 3


@wrong("07.7", "The third comes before the tenth in yours; the lower number is the first.")
def suggest(lrs, losses):
    turning = lrs[np.nanargmin(losses)]
    return turning / 3, turning / 10


@wrong("07.7", "The rate at the lowest loss is where it turns; a good one is well below.")
def suggest(lrs, losses):
    turning = lrs[np.nanargmin(losses)]
    return turning, turning


@right("07.7", "with lists and a flag")
class cell:
    def range_test(loss, gradient, theta, lrs):
        losses, alive = [], True
        for lr in lrs:
            value = float(loss(theta)) if alive else np.inf
            alive = alive and np.isfinite(value)
            losses += [value if alive else np.inf]
            if alive:
                theta = theta - lr * gradient(theta)
        return losses

    def suggest(lrs, losses):
        best = None
        for lr, value in zip(lrs, losses, strict=True):
            if np.isfinite(value) and (best is None or value < best[0]):
                best = value, lr
        return 0.1 * best[1], best[1] / 3


@right("07.7", "repaired afterwards, with NaNs made infinite")
class cell:
    def range_test(loss, gradient, theta, lrs):
        path = [np.array(theta, dtype=float)]
        for lr in lrs[:-1]:
            path.append(path[-1] - lr * gradient(path[-1]))
        losses = np.array([loss(place) for place in path])
        bad = np.flatnonzero(~np.isfinite(losses))
        if len(bad):
            losses[bad[0] :] = np.inf
        return losses

    def suggest(lrs, losses):
        losses = np.where(np.isnan(losses), np.inf, losses)
        return tuple(lrs[np.argsort(losses)[0]] * np.array([1 / 10, 1 / 3]))


# 07.8 In time


@wrong(
    "07.8",
    "Plain gradient descent can't do it in the turned valley: no rate suits both directions.",
)
def for_turned_valley():
    return Descent(0.0198)


@wrong("07.8", "With ρ = 0.9 the ball has too little friction: it swings for more than 60 steps.")
def for_turned_valley():
    class Ball:
        v = 0

        def step(self, theta, grad):
            self.v = 0.9 * self.v + grad
            return theta - 0.01 * self.v

    return Ball()


@wrong("07.8", "AdaGrad scales along the axes, and this valley lies across them.")
def for_turned_valley():
    class Scaled:
        cache = 0

        def step(self, theta, grad):
            self.cache = self.cache + grad**2
            return theta - 5 * grad / (np.sqrt(self.cache) + 1e-10)

    return Scaled()


@wrong("07.8", "The rate of your Momentum is too high for a curvature of 100: it diverges.")
def for_turned_valley():
    class Ball:
        v = 0

        def step(self, theta, grad):
            self.v = 0.7 * self.v + grad
            return theta - 0.1 * self.v

    return Ball()


@wrong("07.8", "Adam's usual rate of 0.001 would need thousands of steps for a way of this length.")
def for_straight_valley():
    class Usual:
        v, cache, t = 0, 0, 0

        def step(self, theta, grad):
            self.t += 1
            self.v = 0.9 * self.v + 0.1 * grad
            self.cache = 0.999 * self.cache + 0.001 * grad**2
            v, cache = self.v / (1 - 0.9**self.t), self.cache / (1 - 0.999**self.t)
            return theta - 0.001 * v / (np.sqrt(cache) + 1e-8)

    return Usual()


@wrong(
    "07.8", "Plain gradient descent bears hardly any rate here, and so never gets along the valley."
)
def for_straight_valley():
    return Descent(1.9e-4)


@wrong("07.8", "A velocity alone is too slow where the curvatures differ by a factor of 10,000.")
def for_straight_valley():
    class Ball:
        v = 0

        def step(self, theta, grad):
            self.v = 0.95 * self.v + grad
            return theta - 3e-4 * self.v

    return Ball()


@wrong(
    "07.8", "What helps in the turned valley diverges in this one: the rate is far too high here."
)
def for_straight_valley():
    return for_turned_valley()


@wrong("07.8", "RMSProp without an end: with a constant rate of 1 it jumps about the minimum.")
def for_straight_valley():
    class Scaled:
        cache = 0

        def step(self, theta, grad):
            self.cache = 0.9 * self.cache + 0.1 * grad**2
            return theta - 1.0 * grad / (np.sqrt(self.cache) + 1e-8)

    return Scaled()


@right("07.8", "with Nesterov, and with RMSProp")
class cell:
    def for_turned_valley():
        class Ahead:
            def __init__(self):
                self.v = np.zeros(2)

            def step(self, theta, grad):
                self.v = 0.85 * self.v + grad
                return theta - 0.01 * (grad + 0.85 * self.v)

        return Ahead()

    def for_straight_valley():
        class Own:
            def __init__(self):
                self.cache = np.zeros(2)

            def step(self, theta, grad):
                self.cache = 0.99 * self.cache + 0.01 * grad**2
                return theta - 0.25 * grad / (np.sqrt(self.cache) + 1e-8)

        return Own()


@right("07.8", "with a rate from the last two gradients, in both")
class cell:
    def for_turned_valley():
        class TwoPoints:
            last = None

            def step(self, theta, grad):
                rate = 1e-4
                if self.last is not None:
                    way, turn = theta - self.last[0], grad - self.last[1]
                    rate = abs(way @ turn) / (turn @ turn + 1e-300)
                self.last = theta, grad
                return theta - rate * grad

        return TwoPoints()

    def for_straight_valley():
        return for_turned_valley()


@right("07.8", "with Adam of a short memory in the straight valley")
def for_straight_valley():
    class Quick:
        v, cache, t = 0.0, 0.0, 0

        def step(self, theta, grad):
            self.t += 1
            self.v = 0.5 * self.v + 0.5 * grad
            self.cache = 0.999 * self.cache + 0.001 * grad**2
            v, cache = self.v / (1 - 0.5**self.t), self.cache / (1 - 0.999**self.t)
            return theta - v / (np.sqrt(cache) + 1e-8)

    return Quick()
