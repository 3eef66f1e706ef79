"""Known answers to exercise 07: the mistakes that people make, and other right ways."""

import numpy as np

from coursekit.grading import edit, right

# 07.1 Momentum and Nesterov, one step

edit(
    "07.1", "The velocity is gone at each step: Momentum lacks the old one.", {"v, v": "grad, grad"}
)
edit("07.1", "Momentum steps uphill: look at the sign of the step.", {"- lr * v": "+ lr * v"})
edit(
    "07.1",
    "In Momentum you put the rate into the velocity; in this convention it is outside.",
    {"+ grad\n    return theta - lr * v": "- lr * grad\n    return theta + v"},
)
edit(
    "07.1",
    "You put the rate into the velocity, and into the step once more.",
    {"grad\n    return theta - lr * v": "lr * grad\n    return theta - lr * v"},
)
edit(
    "07.1",
    "The rate is in your velocity, and so it outlives its step; it belongs to the step alone.",
    {"grad\n    return theta - lr * v": "lr * grad\n    return theta - v"},
)
edit(
    "07.1",
    "Momentum's velocity is a sum: its gradient has no weight 1 − ρ.",
    {"grad\n    return theta - lr * v": "(1 - rho) * grad\n    return theta - lr * v"},
)
edit(
    "07.1",
    "Momentum's step takes the new velocity; yours takes the old one.",
    {"v = rho * v + grad\n    return theta - lr * v, v": ("return theta - lr * v, rho * v + grad")},
)
edit(
    "07.1",
    "In Momentum ρ belongs to the old velocity, not to the gradient.",
    {"rho * v + grad\n    return theta - lr * v": "v + rho * grad\n    return theta - lr * v"},
)
edit(
    "07.1",
    "You return the new parameters without the velocity; the next step needs it.",
    {"v, v": "v"},
)
edit(
    "07.1",
    "That is Momentum's step; the old velocity in the bracket comes to the same.",
    {"(grad + rho * v)": "v"},
)
edit("07.1", "In Nesterov's step ρ is missing before the velocity.", {"+ rho * ": "+ "})
edit(
    "07.1",
    "In Nesterov's step ρ belongs to the velocity alone.",
    {"(grad + rho * v)": "rho * (grad + v)"},
)
edit(
    "07.1",
    "In Nesterov's step ρ belongs to the velocity, not to ∇f.",
    {"grad + rho *": "rho * grad +"},
)
edit(
    "07.1",
    "Nesterov's step is not its velocity: keep v alone.",
    {"(grad + rho * v), ": "(grad + rho * v), grad + rho * "},
)
edit(
    "07.1",
    "The rate covers only a part of Nesterov's step: mind the bracket.",
    {"(grad + rho * v)": "grad + rho * v"},
)
edit(
    "07.1",
    "Nesterov's velocity is a sum: its gradient has no weight 1 − ρ.",
    {
        "grad\n    return theta - lr * (grad + rho * v)": (
            "(1 - rho) * grad\n    return theta - lr * (grad + rho * v)"
        )
    },
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
    "AdaGrad's root is missing.",
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
    "In your AdaGrad ε stands under the root; add it after the root.",
    {
        "+ grad**2\n    return theta - lr * grad / (np.sqrt(cache) + eps)": (
            "+ grad**2\n    return theta - lr * grad / np.sqrt(cache + eps)"
        )
    },
)
edit(
    "07.2",
    "In your RMSProp ε stands under the root; add it after the root.",
    {
        ") * grad**2\n    return theta - lr * grad / (np.sqrt(cache)": (
            ") * grad**2\n    return theta - lr * grad / np.sqrt(cache"
        )
    },
)
edit("07.2", "AdaGrad forgets everything in yours: add to the old cache.", {"= cache + ": "= "})
edit(
    "07.2",
    "AdaGrad's cache sums the squares; yours sums the gradients.",
    {
        "+ grad**2\n    return theta - lr * grad / (np.sqrt(cache) + eps)": (
            "+ grad\n    return theta - lr * grad / (np.sqrt(np.abs(cache)) + eps)"
        )
    },
)
edit("07.2", "AdaGrad's cache sums squares, not absolute values.", {"+ grad**2": "+ np.abs(grad)"})
edit(
    "07.2",
    "AdaGrad's step takes the new cache; yours takes the old one.",
    {
        "+ grad**2\n    return theta - lr * grad / (np.sqrt(cache) + eps)": (
            "+ grad**2\n    return theta - lr * grad / (np.sqrt(cache - grad**2) + eps)"
        )
    },
)
edit(
    "07.2",
    "Each parameter has a cache of its own in AdaGrad, not one for all.",
    {"+ grad**2": "+ np.sum(grad**2)"},
)
edit(
    "07.2",
    "AdaGrad's gradient is not squared on top of the fraction.",
    {"+ grad**2\n    return theta - lr * grad": "+ grad**2\n    return theta - lr * grad**2"},
)
edit(
    "07.2",
    "AdaGrad goes uphill: look at the sign of the step.",
    {"+ grad**2\n    return theta -": "+ grad**2\n    return theta +"},
)
edit(
    "07.2",
    "RMSProp goes uphill: look at the sign of the step.",
    {"* grad**2\n    return theta -": "* grad**2\n    return theta +"},
)
edit(
    "07.2",
    "ε goes into AdaGrad's cache for good; it belongs to the step.",
    {
        "+ grad**2\n    return theta - lr * grad / (np.sqrt(cache) + eps)": (
            "+ grad**2 + eps\n    return theta - lr * grad / (np.sqrt(cache))"
        )
    },
)
edit(
    "07.2",
    "AdaGrad multiplies by the root in yours; divide by it.",
    {"+ grad**2\n    return theta - lr * grad /": "+ grad**2\n    return theta - lr * grad *"},
)
edit(
    "07.2",
    "In RMSProp β and 1 − β have changed places.",
    {"beta * cache + (1 - beta)": "(1 - beta) * cache + beta"},
)
edit("07.2", "RMSProp's new part lacks its weight 1 − β.", {"(1 - beta) * ": ""})
edit("07.2", "RMSProp's old part lacks its weight β.", {"beta * ": ""})
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
    "RMSProp's step takes the new cache; yours takes the old one.",
    {
        ") * grad**2\n    return theta - lr * grad / (np.sqrt(cache)": (
            ") * grad**2\n    return theta - lr * grad / (np.sqrt((cache - (1 - beta) *"
            " grad**2) / beta)"
        )
    },
)
edit(
    "07.2",
    "Each parameter has a cache of its own in RMSProp, not one for all.",
    {"* grad**2": "* np.mean(grad**2)"},
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
    "The old averages are corrected already: undo that before you go on.",
    {"(1 - beta1 ** (t - 1)) * ": "", "(1 - beta2 ** (t - 1)) * ": ""},
)
edit(
    "07.3",
    "You return Adam's own averages; the corrected ones are asked for.",
    {"v_hat, cache_hat\n": "v, cache\n"},
)
edit(
    "07.3",
    "Your averages are not corrected: divide by 1 − βᵗ.",
    {" / (1 - beta1**t)": "", " / (1 - beta2**t)": ""},
)
edit(
    "07.3",
    "Nothing is corrected: undo the old correction, and divide by 1 − βᵗ at the end.",
    {
        "(1 - beta1 ** (t - 1)) * ": "",
        "(1 - beta2 ** (t - 1)) * ": "",
        " / (1 - beta1**t)": "",
        " / (1 - beta2**t)": "",
    },
)
edit(
    "07.3",
    "You undo the old correction with t; it was made in step t − 1.",
    {"** (t - 1)) * v_hat": "**t) * v_hat", "** (t - 1)) * cache_hat": "**t) * cache_hat"},
)
edit(
    "07.3",
    "You divide by 1 − β at every step; the correction fades with βᵗ.",
    {"beta1**t": "beta1", "beta2**t": "beta2"},
)
edit("07.3", "The correction of the old v̂ is not undone.", {"(1 - beta1 ** (t - 1)) * ": ""})
edit("07.3", "The correction of the old ĉ is not undone.", {"(1 - beta2 ** (t - 1)) * ": ""})
edit("07.3", "The new v is not corrected.", {" / (1 - beta1**t)": ""})
edit("07.3", "The new c is not corrected.", {" / (1 - beta2**t)": ""})
edit(
    "07.3",
    "The step takes the corrected averages; yours takes v and c.",
    {"lr * v_hat / (np.sqrt(cache_hat)": "lr * v / (np.sqrt(cache)"},
)
edit("07.3", "The root is missing below the fraction.", {"np.sqrt(cache_hat)": "cache_hat"})
edit(
    "07.3",
    "ε stands under your root; add it after the root.",
    {"(np.sqrt(cache_hat) + eps)": "np.sqrt(cache_hat + eps)"},
)
edit("07.3", "β₁ and β₂ have changed places.", {"v =": "beta1, beta2 = beta2, beta1\n    v ="})
edit("07.3", "c averages squared gradients; yours averages the squared v.", {"grad*": "v*"})
edit(
    "07.3",
    "On top of the fraction stands the average, not the gradient.",
    {"lr * v_hat": "lr * grad"},
)
edit("07.3", "The gradient's weight 1 − β₁ is missing.", {"(1 - beta1) * ": ""})
edit("07.3", "The squared gradient's weight 1 − β₂ is missing.", {"(1 - beta2) * ": ""})
edit("07.3", "The gradient is not squared before it goes into c.", {"grad**2": "grad"})
edit("07.3", "Adam goes uphill: look at the sign of the step.", {"- lr": "+ lr"})
edit(
    "07.3",
    "You count the steps from 0; the first step has the number 1.",
    {
        "** (t - 1)) * v_hat": "**t) * v_hat",
        "** (t - 1)) * cache_hat": "**t) * cache_hat",
        "beta1**t)": "beta1 ** (t + 1))",
        "beta2**t)": "beta2 ** (t + 1))",
    },
)
edit(
    "07.3",
    "The upper index t is a power; you multiply by t.",
    {
        "beta1 ** (t": "beta1 * (t",
        "beta2 ** (t": "beta2 * (t",
        "beta1**t": "beta1 * t",
        "beta2**t": "beta2 * t",
    },
)
edit(
    "07.3",
    "In the first step 1 − β⁰ has to be 0, so that the old averages have no influence.",
    {"beta1 ** (t - 1)": "beta1 ** max(t - 1, 1)", "beta2 ** (t - 1)": "beta2 ** max(t - 1, 1)"},
)
edit(
    "07.3",
    "You undo the correction of the old ĉ with β₁.",
    {"1 - beta2 ** (t": "1 - beta1 ** (t"},
)


@right("07.3", "as a weighted mean, moved by a share of the difference")
def adam(theta, v_hat, cache_hat, t, grad, lr, beta1, beta2, eps):
    new = v_hat + (1 - beta1) / (1 - beta1**t) * (grad - v_hat)
    size = cache_hat + (1 - beta2) / (1 - beta2**t) * (grad * grad - cache_hat)
    return theta - lr * new / (np.sqrt(size) + eps), new, size


@right("07.3", "in single precision, with sums of powers")
def adam(theta, v_hat, cache_hat, t, grad, lr, beta1, beta2, eps):
    made = []
    for mean, new, beta in ((v_hat, grad, beta1), (cache_hat, grad**2, beta2)):
        before = sum(beta**age for age in range(1, t))
        mean, new = mean.astype(np.float32), new.astype(np.float32)
        made.append((before * mean + new) / (before + 1))
    return [theta - lr * made[0] / (made[1] ** 0.5 + eps), *made]


# 07.4 Objects with a memory

edit(
    "07.4",
    "Momentum forgets: its velocity begins at 0 in every step.",
    {"self.v\n": "(self.rho * 0 + grad)\n"},
)
edit(
    "07.4",
    "Momentum's velocity has the rate in it, so steps of the old rate outlive a new one.",
    {
        "+ grad\n        return theta - self.lr * self.v": (
            "- self.lr * grad\n        return theta + self.v"
        )
    },
)
edit(
    "07.4",
    "Momentum keeps its first rate: read self.lr in each step.",
    {"self.lr * self.v": "vars(self).setdefault('first', self.lr) * self.v"},
)
edit(
    "07.4",
    "Nesterov's class takes Momentum's step; an old velocity in the bracket comes to the same.",
    {"(grad + self.rho * self.v)": "self.v"},
)
edit(
    "07.4",
    "Nesterov's velocity has the rate in it, so steps of the old rate outlive a new one.",
    {
        "+ grad\n        return theta - self.lr * (grad + self.rho * self.v)": (
            "- self.lr * grad\n        return theta + self.rho * self.v - self.lr * grad"
        )
    },
)
edit("07.4", "AdaGrad's cache is overwritten at each step; it is a sum.", {"= self.cache + ": "= "})
edit(
    "07.4",
    "AdaGrad's root is missing.",
    {
        "+ grad**2\n        return theta - self.lr * grad / (np.sqrt(self.cache) + self.eps)": (
            "+ grad**2\n        return theta - self.lr * grad / (self.cache + self.eps)"
        )
    },
)
edit(
    "07.4",
    "In AdaGrad ε stands under your root; add it after the root.",
    {
        "+ grad**2\n        return theta - self.lr * grad / (np.sqrt(self.cache) + self.eps)": (
            "+ grad**2\n        return theta - self.lr * grad / np.sqrt(self.cache + self.eps)"
        )
    },
)
edit(
    "07.4",
    "AdaGrad's step takes the new cache; yours takes the old one.",
    {
        "+ grad**2\n        return theta - self.lr * grad / (np.sqrt(self.cache) + self.eps)": (
            "+ grad**2\n        return theta - self.lr * grad / (np.sqrt(self.cache -"
            " grad**2) + self.eps)"
        )
    },
)
edit(
    "07.4",
    "RMSProp's root is missing.",
    {
        ") * grad**2\n        return theta - self.lr * grad / (np.sqrt(self.cache)": (
            ") * grad**2\n        return theta - self.lr * grad / (self.cache"
        )
    },
)
edit(
    "07.4",
    "In RMSProp ε stands under your root; add it after the root.",
    {
        ") * grad**2\n        return theta - self.lr * grad / (np.sqrt(self.cache)": (
            ") * grad**2\n        return theta - self.lr * grad / np.sqrt(self.cache"
        )
    },
)
edit(
    "07.4",
    "In RMSProp β and 1 − β have changed places.",
    {"self.beta * self.cache + (1 - self.beta)": "(1 - self.beta) * self.cache + self.beta"},
)
edit(
    "07.4",
    "RMSProp has no bias correction; only Adam has one.",
    {
        ") * grad**2\n        return theta - self.lr * grad / (np.sqrt(self.cache)": (
            ") * grad**2\n        self.t = getattr(self, 't', 0) + 1\n        return theta"
            " - self.lr * grad / (np.sqrt(self.cache / (1 - self.beta**self.t))"
        )
    },
)
edit(
    "07.4",
    "Each step of Adam is corrected like the first: the power t is missing, or t stays.",
    {"+=": "="},
)
edit(
    "07.4",
    "Adam's t is raised too late: in the first step it is 0, and 1 − β⁰ is 0.",
    {
        "self.beta1**self.t": "self.beta1 ** (self.t - 1)",
        "self.beta2**self.t": "self.beta2 ** (self.t - 1)",
    },
)
edit("07.4", "Adam's t is 2 in the first step: begin at 0.", {" 0\n": " 1\n"})
edit(
    "07.4",
    "Adam's corrected averages are stored, and so corrected once more in the next step.",
    {"self.v /": "self.v = self.v /", "self.cache /": "self.cache = self.cache /"},
)
edit(
    "07.4",
    "Adam has no bias correction in yours.",
    {" / (1 - self.beta1**self.t)": "", " / (1 - self.beta2**self.t)": ""},
)
edit("07.4", "Adam's v is not corrected in yours; its c is.", {" / (1 - self.beta1**self.t)": ""})
edit("07.4", "Adam's c is not corrected in yours; its v is.", {" / (1 - self.beta2**self.t)": ""})
edit(
    "07.4",
    "In Adam ε is added to the root without its correction; that is another form.",
    {
        "self.lr * v_hat / (np.sqrt(cache_hat)": (
            "self.lr * (1 - self.beta2**self.t) ** 0.5 * v_hat / (np.sqrt(self.cache)"
        )
    },
)
edit(
    "07.4",
    "In Adam ε stands under your root; add it after the root.",
    {"(np.sqrt(cache_hat) + self.eps)": "np.sqrt(cache_hat + self.eps)"},
)
edit("07.4", "Adam's root is missing.", {"np.sqrt(cache_hat)": "cache_hat"})
edit("07.4", "In Adam β₁ and β₂ have changed places.", {"= lr, beta1, beta2": "= lr, beta2, beta1"})


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

edit("07.5", "Left as it is, u goes on with steps of the old length.", {" * new / old": ""})
edit("07.5", "Your change_rate has old and new the wrong way round.", {"new / old": "old / new"})
edit(
    "07.5",
    "Starting anew from 0 forgets what the velocity was for.",
    {"u * new / old": "np.zeros_like(u)"},
)
edit("07.5", "θ lies ahead of x by ρ u: subtract it.", {"- ": "+ "})
edit("07.5", "You shift by the library's velocity; shift by the slide's.", {" u,": " v,"})
edit("07.5", "You return the library's point; the slide's is another.", {" - rho * u": ""})
edit("07.5", "The point is right; the slide's velocity is inside.", {", u": ", v"})
edit("07.5", "The slide's u lacks the sign.", {"= -": "= "})
edit("07.5", "The slide's u lacks the rate.", {"= -lr * ": "= -"})


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

edit("07.6", "The rate of steps falls at each update: count whole stretches.", {"//": "/"})
edit("07.6", "steps is off by one: updates are counted from 0.", {"update /": "(update + 1) /"})
edit(
    "07.6",
    "steps falls at multiples of `every` only; the factor stays.",
    {"factor ** (update // every)": "(factor if update and update % every == 0 else 1)"},
)
edit(
    "07.6",
    "steps falls once; the factor acts anew after each stretch.",
    {"factor ** (update // every)": "(factor if update >= every else 1)"},
)
edit("07.6", "The number of stretches is a power of the factor.", {"**": "*"})
edit("07.6", "You divide by the factor, so the rate rises.", {"* factor": "/ factor"})
edit("07.6", "You take the rest of the division; count stretches with //.", {"//": "%"})
edit(
    "07.6",
    "After `updates` your cosine rises again; it should stay.",
    {"min(update, updates)": "update"},
)
edit(
    "07.6",
    "After `updates` your cosine is 0; it should stay at lr_min.",
    {
        "min(update, updates) / updates": (
            "update / updates\n    lr_min, lr = (0, 0) if part > 1 else (lr_min, lr)"
        )
    },
)
edit(
    "07.6",
    "Your cosine falls to 0, cut off at lr_min; it should end there.",
    {
        "lr_min + (lr - lr_min) * (1 + np.cos(np.pi * part)) / 2": (
            "max(lr_min, lr * (1 + np.cos(np.pi * part)) / 2)"
        )
    },
)
edit("07.6", "lr_min is added on top, so the cosine begins above lr.", {"(lr - lr_min)": "lr"})
edit("07.6", "Your cosine has no ½: at update 0 it should be lr.", {" / 2": ""})
edit(
    "07.6",
    "Your cosine arrives one update too early.",
    {"(update, updates) / updates": "(update / (updates - 1), 1)"},
)
edit("07.6", "np.cos takes radians; you gave it degrees.", {"np.pi": "180"})
edit("07.6", "Your warm-up begins at 0, and wastes the first update.", {"(update + 1)": "update"})
edit(
    "07.6",
    "The decay counts updates since the warm-up, not since the start.",
    {"(update - warm)": "update"},
)
edit("07.6", "Your decay is one update ahead: update `warm` is k = 0.", {"- warm": "- warm + 1"})
edit("07.6", "Your warm-up lasts one update too long.", {"<": "<="})
edit(
    "07.6",
    "Your rate rises for ever: after the warm-up comes the decay.",
    {"update < warm": "True"},
)
edit(
    "07.6",
    "After the warm-up the rate should fall in inverse time.",
    {" / (1 + rate * (update - warm))": ""},
)
edit(
    "07.6",
    "That is exponential decay after the warm-up.",
    {"/ (1 + rate * (update - warm))": "* np.exp(-rate * (update - warm))"},
)


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

edit(
    "07.7",
    "You note the loss after each step; note it just before.",
    {
        "value ": "theta = theta - lr * gradient(theta)\n        value ",
        "    theta = theta - lr * gradient(theta)\n    ": "",
    },
)
edit(
    "07.7",
    "Every rate of yours begins at the start, and its loss is taken after one step: it is one run.",
    {
        "loss(theta)": "loss(theta - lr * gradient(theta))",
        "    theta = theta - lr * gradient(theta)\n    ": "",
    },
)
edit(
    "07.7",
    "Your run never moves: keep the parameters after the step.",
    {"    theta = theta - lr * gradient(theta)\n    ": ""},
)
edit(
    "07.7",
    "The gradient is computed once in yours; it changes with every step.",
    {"for ": "slope = gradient(theta)\n    for ", "gradient(theta)": "slope"},
)
edit(
    "07.7",
    "The run goes on when it has diverged: stop, the rest is infinite.",
    {"break": "value = np.asarray(value)"},
)
edit(
    "07.7",
    "You stop when the run diverges, but the entries that are missing should be infinite.",
    {"break": "return losses[:i]"},
)
edit(
    "07.7",
    "After the divergence your entries are 0, which looks like a perfect loss.",
    {"np.full(len(lrs), np.inf)": "np.zeros(len(lrs))"},
)
edit(
    "07.7",
    "After the divergence your entries are NaN; infinity is asked for.",
    {"np.inf": "np.nan"},
)
edit(
    "07.7",
    "You sort the rates; they are tried in the order in which they come.",
    {"enumerate(lrs)": "enumerate(np.sort(lrs))"},
)
edit("07.7", "Your step goes uphill.", {"-": "+"})
edit(
    "07.7", "A NaN counts as the lowest loss in yours: leave the NaNs out.", {"nanargmin": "argmin"}
)
edit(
    "07.7",
    "You divide the lowest loss; divide the rate that belongs to it.",
    {"lrs[np.nanargmin(losses)]": "np.nanmin(losses)"},
)
edit(
    "07.7",
    "You divide the place in the list; divide the rate at that place.",
    {"lrs[np.nanargmin(losses)]": "np.nanargmin(losses)"},
)
edit("07.7", "You take the rate one place before the lowest loss.", {"(losses)": "(losses) - 1"})
edit(
    "07.7",
    "That is the highest rate with a finite loss; look for the lowest loss.",
    {"np.nanargmin(losses)": "np.flatnonzero(np.isfinite(losses))[-1]"},
)
edit(
    "07.7",
    "The rate at the lowest loss is where it turns; a good one is lower.",
    {" / 10, turning / 3": ", turning"},
)


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

edit(
    "07.8",
    "No rate of gradient descent suits both directions of the turned valley.",
    {"return HeavyBall()": "return Descent(0.0198)"},
)
edit("07.8", "With ρ = 0.9 there is too little friction: it swings too long.", {"0.75": "0.9"})
edit("07.8", "The rate is too high for a curvature of 100.", {"0.022": "0.2"})
edit(
    "07.8",
    "AdaGrad scales along the axes, and this valley lies across them.",
    {
        "0.75 * self.v + slope": "self.v + slope**2",
        "0.022 * self.v": "5.0 * slope / (np.sqrt(self.v) + 1e-10)",
    },
)
edit(
    "07.8",
    "Plain gradient descent bears hardly any rate in the straight valley.",
    {"return OwnRates()": "return Descent(1.9e-4)"},
)
edit(
    "07.8",
    "What helps in the turned valley diverges in the straight one: the rate is far too high.",
    {"return OwnRates()": "return for_turned_valley()"},
)
edit("07.8", "AdaGrad's rate counts in lengths of steps; the way is about 8.", {"5.0": "0.1"})
edit(
    "07.8",
    "RMSProp has no end: with a constant rate of 1 it jumps about the minimum.",
    {"self.squares + slope**2": "0.9 * self.squares + 0.1 * slope**2", "5.0": "1.0"},
)


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
