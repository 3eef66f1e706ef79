"""Known answers to exercise 05: the mistakes that people make, and other right ways."""

import numpy as np

from coursekit.grading import edit, right, wrong

# 05.1 The chain rule on a graph

edit("05.1", "h feeds p and q; you follow only the path through p.", {' + d["q"] * s': ""})
edit("05.1", "s goes into q directly, too, not only through h.", {' + d["q"] * h': ""})
edit("05.1", "The slope of tanh is missing on the way from h to s.", {" * (1 - h**2)": ""})
edit(
    "05.1",
    "The slope of tanh is one minus the square of its output, not of its input.",
    {"1 - h**2": "1 - s**2"},
)
edit(
    "05.1",
    "In s = a x + b, the derivative with respect to a has the factor x.",
    {'d["s"] * x': 'd["s"]'},
)
edit("05.1", "The derivative of a x with respect to a is x, not a.", {'d["s"] * x': 'd["s"] * a'})
edit(
    "05.1",
    "You start from the loss; its derivative with respect to y is y − t.",
    {"y - t}": "(y - t) ** 2 / 2}"},
)
edit("05.1", "You differentiate y, not the loss: the way back starts at L.", {"y - t}": "1.0}"})
edit(
    "05.1",
    "h feeds p and q; the second path overwrote the first where it should be added.",
    {'d["p"] * c + ': ""},
)
edit(
    "05.1",
    "s feeds h and q; the path through q overwrote the one through h.",
    {'d["h"] * (1 - h**2) + ': ""},
)
edit(
    "05.1",
    "The derivative of h s with respect to h is s, and that with respect to s is h: you have "
    "them the other way.",
    {'d["q"] * s': 'd["q"] * h', '(1 - h**2) + d["q"] * h': '(1 - h**2) + d["q"] * s'},
)
edit(
    "05.1",
    "h is tanh(s) already; you take the tanh of it once more for the slope.",
    {"1 - h**2": "1 - np.tanh(h) ** 2"},
)
edit(
    "05.1",
    "A sum hands its derivative on unchanged: p and q get the same as y.",
    {'d["p"] = d["q"] = d["y"]': 'd["p"], d["q"] = d["y"] * h * s, d["y"] * c * h'},
)


@wrong("05.1", "p and q are only added: c and s come in on the way to h, not before.")
def derivatives(a, b, c, x, t):
    s = a * x + b
    h = np.tanh(s)
    dy = c * h + h * s - t
    dp, dq = dy * c, dy * s
    ds = (dp + dq) * (1 - h**2) + dy * h
    return {"y": dy, "p": dp, "q": dq, "c": dy * h, "h": dp + dq, "s": ds, "a": ds * x, "b": ds}


edit(
    "05.1",
    "Paths that meet are added; you multiplied the two that meet in h.",
    {'* c + d["q"] * s': '* c * d["q"] * s'},
)
edit(
    "05.1",
    "The derivative with respect to c is that with respect to p times what c is multiplied with.",
    {'d["p"] * h': 'd["p"] * c'},
)
edit(
    "05.1",
    "y is the sum of p and q; your forward pass leaves q out.",
    {"y = c * h + h * s": "y = c * h"},
)


@right("05.1", "by adding to derivatives that start at zero")
def derivatives(a, b, c, x, t):
    s = a * x + b
    h = np.tanh(s)
    p, q = c * h, h * s
    d = dict.fromkeys("ypqchsab", 0.0)
    d["y"] += p + q - t
    d["p"] += d["y"]
    d["q"] += d["y"]
    d["c"] += d["p"] * h
    d["h"] += d["p"] * c
    d["h"] += d["q"] * s
    d["s"] += d["q"] * h
    d["s"] += d["h"] / np.cosh(s) ** 2
    d["a"] += d["s"] * x
    d["b"] += d["s"]
    return d


@right("05.1", "with one formula for each derivative, in single precision")
def derivatives(a, b, c, x, t):
    a, b, c, x, t = (np.float32(value) for value in (a, b, c, x, t))
    s = a * x + b
    h = np.tanh(s)
    dy = (c + s) * h - t
    ds = dy * ((c + s) * (1 - h) * (1 + h) + h)
    return {
        "y": dy,
        "p": dy,
        "q": dy,
        "c": dy * h,
        "h": dy * (c + s),
        "s": ds,
        "a": x * ds,
        "b": ds,
    }


# 05.2 A layer, forward

edit(
    "05.2",
    "The slope is to be taken at the sum; you take it at the output.",
    {"slope(S)": "slope(activate(S))"},
)
edit("05.2", "The bias is missing.", {" + b": ""})
edit(
    "05.2",
    "Your z is the sum; the slope of the activation at the sum is asked for.",
    {"slope(S)": "S"},
)
edit("05.2", "You subtract b: that would be a threshold. Here it is a bias.", {" + b": " - b"})
edit(
    "05.2",
    "The order is (y, z): you return the slopes first.",
    {"activate(S), slope(S)": "slope(S), activate(S)"},
)
edit(
    "05.2",
    "You add the bias after the activation; it belongs to the sum.",
    {" + b": "", "activate(S)": "activate(S) + b"},
)
edit(
    "05.2",
    "The output has its bias, but the slope is taken at a sum without it.",
    {"slope(S)": "slope(x @ W)"},
)
edit("05.2", "Your y is the sum: the activation has not been applied to it.", {"activate(S)": "S"})
edit(
    "05.2",
    "y (1 − y) is the sigmoid's slope only; each activation has a slope of its own.",
    {"slope(S)": "activate(S) * (1 - activate(S))"},
)
edit(
    "05.2",
    "1 − y² is the slope of tanh only; each activation has a slope of its own.",
    {"slope(S)": "1 - activate(S) ** 2"},
)
edit(
    "05.2",
    ("You measure the slope by a difference, which is not exact; `ACTIVATIONS` has the formula."),
    {"slope(S)": "(activate(S + 1e-3) - activate(S)) / 1e-3"},
)


@right("05.2", "object by object and neuron by neuron")
def layer_forward(x, W, b, activation):
    activate, slope = ACTIVATIONS[activation]
    out, slopes = np.zeros((len(x), len(b))), np.zeros((len(x), len(b)))
    for i in range(len(x)):
        for h in range(len(b)):
            S = b[h]
            for k in range(x.shape[1]):
                S += W[k, h] * x[i, k]
            out[i, h], slopes[i, h] = activate(S), slope(S)
    return out, slopes


@right("05.2", "with the slopes from the outputs, by the formulas of tanh and sigmoid")
def layer_forward(x, W, b, activation):
    y = ACTIVATIONS[activation][0](np.einsum("ik,kh->ih", x, W) + b)
    return y, {"tanh": 1 - y * y, "sigmoid": y - y * y, "linear": 0 * y + 1}[activation]


@right("05.2", "in single precision, with the bias as a weight on a constant")
def layer_forward(x, W, b, activation):
    x = np.hstack([x, np.ones((len(x), 1))]).astype(np.float32)
    S = x @ np.vstack([W, b]).astype(np.float32)
    return [np.array(f(S)) for f in ACTIVATIONS[activation]]


# 05.3 The algorithm as other books write it, with loops

edit(
    "05.3",
    "That is the lecture's rule for ε in other letters: yours takes the slope z[l − 1][k].",
    {"d[l][h]  # through": "d[l][h] * z[l][h]  # through", "d[l - 1][k] *= z[l - 1][k]": "pass"},
)
edit(
    "05.3",
    ("The d of the last layer lacks a slope: x − y is the derivative with respect to the output."),
    {"difference * z[-1]": "difference"},
)
edit(
    "05.3",
    "The slope z[l − 1][k] is missing: d is the derivative with respect to the sum.",
    {"            d[l - 1][k] *= z[l - 1][k]": "            pass"},
)
edit(
    "05.3",
    "d[l] holds the slope of layer l already; you multiply by z[l] once more.",
    {"d[l][h]  # through": "d[l][h] * z[l][h]  # through"},
)
edit(
    "05.3",
    "The lecture's ε z x has become d x: d holds the slope already.",
    {
        "d[l][h] * x[l - 1][k]": "d[l][h] * z[l][h] * x[l - 1][k]",
        "eta * d[l][h]\n": "eta * d[l][h] * z[l][h]\n",
    },
)
edit(
    "05.3",
    "b is a bias, which is added to the sum; you subtract it like the lecture's threshold.",
    {"= b_l[h]": "= -b_l[h]"},
)
edit(
    "05.3",
    "Your b is the lecture's threshold in both passes; here it is a bias, which is added.",
    {"= b_l[h]": "= -b_l[h]", "biases[h] -= eta": "biases[h] += eta"},
)
edit("05.3", "The bias is missing from your sums.", {"= b_l[h]": "= 0.0"})
edit(
    "05.3",
    "A bias is added to the sum, so its derivative is d; −d would be a threshold's.",
    {"biases[h] -= eta": "biases[h] += eta"},
)
edit(
    "05.3",
    "Your biases never change; they are parameters, too.",
    {"biases[h] -= eta * d[l][h]": "pass"},
)
edit(
    "05.3",
    "Your step climbs: the difference is outputs minus targets.",
    {"x[-1] - y_i": "y_i - x[-1]"},
)
edit(
    "05.3",
    "The slope is to be taken at the sum; you take it at the output.",
    {"slope(weighted_sum)": "slope(outputs[h])"},
)
edit(
    "05.3",
    "The activation is missing: your x are the sums.",
    {"function(weighted_sum)": "weighted_sum"},
)
edit(
    "05.3",
    "The first index of W is where a connection goes to: W[l][h, k], unlike the lecture's.",
    {"W_l[h, k]": "W_l[k, h]"},
)
edit(
    "05.3",
    "Each layer has an activation of its own, sigma[l]; you use the first one's everywhere.",
    {"sigma[1:]": "[sigma[1]] * len(W[1:])"},
)
edit(
    "05.3",
    "Your loop over k ends one unit too early: the last inputs are not in the sums.",
    {"range(len(x[-1]))": "range(len(x[-1]) - 1)"},
)
edit("05.3", "The order is (x, z): you return the slopes first.", {"return x, z": "return z, x"})
edit(
    "05.3",
    "Paths that meet are added; your `=` keeps only the path through the last unit.",
    {"+= W[l][h, k]": "= W[l][h, k]"},
)
edit(
    "05.3",
    "The slope is one factor for the whole sum; you multiply by it once for each term.",
    {"            d[l - 1][k] *=": "                d[l - 1][k] *="},
)
edit(
    "05.3",
    "From unit h of layer l the way back to unit k leads along W[l][h, k].",
    {"W[l][h, k] * d": "W[l][k, h] * d"},
)
edit(
    "05.3",
    "The loss is from before the step; you compute it with the new weights.",
    {"np.sum(difference**2)": ("np.sum((forward(new_W, new_b, x_i, sigma)[0][-1] - y_i) ** 2)")},
)


@wrong("05.3", "You change a layer before the d below it are computed; they need the old weights.")
def train_step(W, b, x_i, y_i, sigma, eta):
    x, z = forward(W, b, x_i, sigma)
    new_W, new_b = list(W), list(b)
    d = (x[-1] - y_i) * z[-1]
    for n in reversed(range(1, len(W))):
        new_W[n], new_b[n] = W[n] - eta * np.outer(d, x[n - 1]), b[n] - eta * d
        d = new_W[n].T @ d * (z[n - 1] if n > 1 else 1)
    return new_W, new_b, np.sum((x[-1] - y_i) ** 2) / 2


@right("05.3", "with a product of arrays for each layer")
class cell:
    def forward(W, b, x_i, sigma):
        x, z = (x_i,), (None,)
        for n in range(1, len(W)):
            sums = W[n] @ x[-1] + b[n]
            x, z = (
                (*x, ACTIVATIONS[sigma[n]][0](sums)),
                (*z, ACTIVATIONS[sigma[n]][1](sums)),
            )
        return x, z

    def deltas(W, z, d_L):
        d = [d_L]
        for n in range(len(W) - 1, 1, -1):
            d.insert(0, z[n - 1] * (d[0] @ W[n]))
        return [None, *d]

    def train_step(W, b, x_i, y_i, sigma, eta):
        x, z = forward(W, b, x_i, sigma)
        d = deltas(W, z, z[-1] * (x[-1] - y_i))
        steps = [None] + [eta * np.outer(d[n], x[n - 1]) for n in range(1, len(W))]
        new_W = [None] + [W[n] - steps[n] for n in range(1, len(W))]
        return (
            new_W,
            [None] + [b[n] - eta * d[n] for n in range(1, len(b))],
            ((x[-1] - y_i) @ (x[-1] - y_i) / 2),
        )


@right("05.3", "by the lecture's errors, in single precision, and a step that stands by itself")
class cell:
    def forward(W, b, x_i, sigma):
        x, z = [x_i.astype(np.float32)], [None]
        for W_l, b_l, name in list(zip(W, b, sigma))[1:]:
            S = [float(b_h) + float(w_h @ x[-1]) for w_h, b_h in zip(W_l, b_l)]
            x.append(np.array([ACTIVATIONS[name][0](s) for s in S], dtype=np.float32))
            z.append([float(ACTIVATIONS[name][1](s)) for s in S])
        return x, z

    def deltas(W, z, d_L):
        d = {len(W) - 1: d_L}
        for n in range(len(W) - 2, 0, -1):
            error = [
                sum(d[n + 1][h] * row[k] for h, row in enumerate(W[n + 1]))
                for k in range(len(z[n]))
            ]
            d[n] = [e * slope for e, slope in zip(error, z[n])]
        return [d.get(n) for n in range(len(W))]

    def train_step(W, b, x_i, y_i, sigma, eta):
        new_W, new_b = [None, *(w.copy() for w in W[1:])], [None, *(v.copy() for v in b[1:])]
        x = [x_i]
        for n in range(1, len(W)):
            x.append(ACTIVATIONS[sigma[n]][0](W[n] @ x[-1] + b[n]))
        error = x[-1] - y_i
        loss = float(np.dot(error, error)) / 2
        for n in range(len(W) - 1, 0, -1):
            d = error * ACTIVATIONS[sigma[n]][1](W[n] @ x[n - 1] + b[n])
            error = W[n].T @ d
            new_W[n] -= eta * d[:, None] * x[n - 1]
            new_b[n] -= eta * d
        return new_W, new_b, loss


# 05.4 The same with matrices

edit(
    "05.4",
    "E, not D, goes back through your weights: the slope has to be in it.",
    {"E = D @ W_l.T": "E = E @ W_l.T"},
)
edit(
    "05.4",
    "The last layer has a slope, too: D is E times Z there as well.",
    {"D = E * z": "D = E * (z if dW else 1.0)"},
)
edit(
    "05.4",
    "The slopes of the hidden layers are missing: their errors pass unchanged.",
    {"D = E * z": "D = E * (1.0 if dW else z)"},
)
edit("05.4", "The slopes are missing: your D are the errors E.", {"D = E * z": "D = E"})
edit(
    "05.4",
    "You take the slopes at the outputs; both functions of ACTIVATIONS want the sums.",
    {"slope(S)": "slope(activate(S))"},
)
edit(
    "05.4",
    "On the way back the weights are transposed; with square ones nothing complains.",
    {"W_l.T": "W_l"},
)
edit("05.4", "The biases are missing from your sums.", {" + b_l": ""})
edit(
    "05.4",
    "Your lists begin with the last layer; they should begin with the first.",
    {"dW[::-1], db[::-1]": "dW, db"},
)


@right("05.4", "object by object, with outer products, divided at the end")
def backprop(W, b, X, Y, sigma):
    N, L = len(X), len(W)
    loss, dW, db = 0.0, [np.zeros(W_l.shape) for W_l in W], [np.zeros(b_l.shape) for b_l in b]
    for i in range(N):
        x, z = [X[i]], []
        for layer in range(L):
            S = x[layer] @ W[layer] + b[layer]
            x.append(ACTIVATIONS[sigma[layer]][0](S))
            z.append(ACTIVATIONS[sigma[layer]][1](S))
        error = x[L] - Y[i]
        loss += error @ error / 2 / N
        for layer in range(L - 1, -1, -1):
            dW[layer] += np.outer(x[layer], error * z[layer]) / N
            db[layer] += error * z[layer] / N
            error = W[layer] @ (error * z[layer])
    return loss, dW, db


@right("05.4", "by recursion over the layers, in single precision")
def backprop(W, b, X, Y, sigma):
    X = X.astype(np.float32)
    if not W:
        return float(np.mean(np.sum((X - Y) ** 2, axis=1)) / 2), [], []

    def go(layer, x):
        if layer == len(W):
            return (x - Y) / len(x), x, [], []
        S = np.einsum("ik,kh->ih", x, W[layer].astype(np.float32)) + b[layer].astype(np.float32)
        E, answer, dW, db = go(layer + 1, ACTIVATIONS[sigma[layer]][0](S))
        D = E * ACTIVATIONS[sigma[layer]][1](S)
        dW, db = [np.einsum("ik,ih->kh", x, D), *dW], [np.ones(len(x)) @ D, *db]
        return np.einsum("ih,kh->ik", D, W[layer]), answer, dW, db

    _, answer, dW, db = go(0, X)
    return float(np.sum((answer - Y) ** 2) / len(X) / 2), dW, db


@right("05.4", "with the biases as a row of weights on a constant")
def backprop(W, b, X, Y, sigma):
    def with_ones(x):
        return np.hstack([x, np.ones((len(x), 1))])

    both = [np.vstack(pair) for pair in zip(W, b, strict=True)]
    xs, zs = [with_ones(X)], []
    for layer, weights in enumerate(both):
        S = xs[-1] @ weights
        zs.insert(0, ACTIVATIONS[sigma[layer]][1](S))
        xs.append(with_ones(ACTIVATIONS[sigma[layer]][0](S)))
    E = (xs.pop()[:, :-1] - Y) / len(X)
    loss = len(X) * (E**2).sum() / 2
    gradients = []
    for z, weights in zip(zs, reversed(both), strict=True):
        D = E * z
        gradients.insert(0, xs.pop().T @ D)
        E = (D @ weights.T)[:, :-1]
    return loss, [g[:-1] for g in gradients], [g[-1] for g in gradients]


# 05.5 A gradient by measurement

edit(
    "05.5",
    "That is a one-sided difference; a central one looks to both sides of θ.",
    {"f(down)) / (2 * h)": "f(theta)) / h"},
)
edit(
    "05.5",
    "In an array of whole numbers, the gradient loses its decimals.",
    {"np.zeros(theta.shape)": "np.zeros_like(theta)"},
)
edit(
    "05.5",
    "Adding h to a whole number in an array of whole numbers does not move it.",
    {"theta.astype(float), theta.astype(float)": "theta.copy(), theta.copy()"},
)
edit("05.5", "Mind the brackets: / 2 * h multiplies by h.", {"/ (2 * h)": "/ 2 * h"})
edit(
    "05.5",
    "For a matrix you move whole rows: len(theta) counts rows, not entries.",
    {"np.ndindex(theta.shape)": "range(len(theta))"},
)
edit(
    "05.5",
    "You move all entries at once; each derivative moves one entry alone.",
    {"up[j] += h": "up += h", "down[j] -= h": "down -= h"},
)
edit(
    "05.5",
    "You don't put an entry back before you move the next one.",
    {
        (
            "    for j in np.ndindex(theta.shape):\n"
            "        up, down = theta.astype(float), "
            "theta.astype(float)\n"
        ): (
            "    up, down = theta.astype(float), theta.astype(float)\n"
            "    for j in np.ndindex(theta.shape):\n"
        )
    },
)
edit(
    "05.5",
    "You measure the setup's `tangle`; the function to be measured is the argument f.",
    {"(f(up) - f(down))": "(tangle(up) - tangle(down))"},
)
edit(
    "05.5",
    "You go half a step to either side; the formula goes a whole step.",
    {"up[j] += h": "up[j] += h / 2", "down[j] -= h": "down[j] -= h / 2", "(2 * h)": "h"},
)
edit(
    "05.5",
    "You divide by the larger length, so your error can reach 2.",
    {"np.linalg.norm(g) + np.linalg.norm(m)": "max(np.linalg.norm(g), np.linalg.norm(m))"},
)
edit(
    "05.5",
    "You divide by the length of the sum; the lengths have to be added.",
    {"np.linalg.norm(g) + np.linalg.norm(m)": "np.linalg.norm(g + m)"},
)
edit(
    "05.5",
    "You divide by the length of g alone; the sum of both lengths is asked for.",
    {"np.linalg.norm(g) + np.linalg.norm(m)": "np.linalg.norm(g)"},
)
edit(
    "05.5",
    "You divide by the length of m alone; the sum of both lengths is asked for.",
    {"np.linalg.norm(g) + np.linalg.norm(m)": "np.linalg.norm(m)"},
)
edit("05.5", "0/0 is not a number: two zero arrays agree.", {" if lengths > 0 else 0.0": ""})
edit(
    "05.5",
    "The difference of the lengths is 0 for opposite arrays; take that of the arrays.",
    {"np.linalg.norm(g - m)": "abs(np.linalg.norm(g) - np.linalg.norm(m))"},
)
edit(
    "05.5",
    "The root is missing: you have the squares of the lengths.",
    {
        "np.linalg.norm(g) + np.linalg.norm(m)": "np.sum(g**2) + np.sum(m**2)",
        "np.linalg.norm(g - m)": "np.sum((g - m) ** 2)",
    },
)
edit(
    "05.5",
    "That is the absolute error: 0.1 is much for one gradient and nothing for another.",
    {"np.linalg.norm(g - m) / lengths": "np.linalg.norm(g - m)"},
)
edit(
    "05.5",
    "The length is the root of the sum of squares; you added absolute values.",
    {
        "np.linalg.norm(g) + np.linalg.norm(m)": "np.abs(g).sum() + np.abs(m).sum()",
        "np.linalg.norm(g - m)": "np.abs(g - m).sum()",
    },
)
edit(
    "05.5",
    "A small number added to the denominator counts if both gradients are short.",
    {"+ np.linalg.norm(m)": "+ np.linalg.norm(m) + 1e-8"},
)


@right("05.5", "with unit vectors, and roots of sums")
class cell:
    def numerical_gradient(f, theta, h):
        gradient = []
        for e in h * np.eye(theta.size):
            e = e.reshape(theta.shape)
            gradient.append((f(theta + e) - f(theta - e)) / h / 2)
        return np.reshape(gradient, theta.shape)

    def relative_error(g, m):
        top = np.sqrt(np.sum((g - m) ** 2))
        return 0 if top == 0 else top / (np.sqrt(np.sum(g**2)) + np.sqrt(np.sum(m**2)))


@right("05.5", "in place, each entry put back, by an iterator over all indices")
class cell:
    def numerical_gradient(f, theta, h):
        theta = np.array(theta, dtype=float)
        gradient = np.zeros_like(theta)
        for j, old in np.ndenumerate(theta.copy()):
            theta[j] = old + h
            above = f(theta)
            theta[j] = old - h
            below = f(theta)
            theta[j] = old
            gradient[j] = (above - below) / (h + h)
        return gradient

    def relative_error(g, m):
        g, m = np.ravel(g).astype(np.float32), np.ravel(m).astype(np.float32)
        lengths = np.sqrt(g @ g) + np.sqrt(m @ m)
        return np.sqrt((g - m) @ (g - m)) / max(lengths, np.float32(1e-30))


# 05.6 Find the bugs

edit(
    "05.6",
    "Your limit is too generous: a factor wrong by some thousandths is a bug as well.",
    {"distance > 1e-5": "distance > 1e-2"},
)
edit(
    "05.6",
    "Your error is absolute: it overlooks a wrong gradient if only it is small.",
    {("1e-5 * (np.linalg.norm(computed[key]) + np.linalg.norm(measured))"): "1e-5"},
)
edit(
    "05.6",
    "You divide by one length, or by the larger; the sum of both lengths is asked for.",
    {("(np.linalg.norm(computed[key]) + np.linalg.norm(measured))"): "np.linalg.norm(measured)"},
)
edit(
    "05.6",
    "You compare lengths, so a gradient with the wrong sign passes.",
    {
        "np.linalg.norm(computed[key] - measured)": (
            "abs(np.linalg.norm(computed[key]) - np.linalg.norm(measured))"
        )
    },
)
edit(
    "05.6",
    "You check only the first entry of each array; bugs may sit in any.",
    {
        "(computed[key] - measured)": "((computed[key] - measured).flat[0])",
        (
            "(np.linalg.norm(computed[key]) + np.linalg.norm(measured))"
        ): "(abs(computed[key].flat[0]) + abs(measured.flat[0]))",
    },
)
edit(
    "05.6",
    "A parameter without influence has the gradient 0, computed and measured: 0/0.",
    {
        ("if distance > 1e-5 * (np.linalg.norm(computed[key]) + np.linalg.norm(measured))"): (
            "if not distance / (np.linalg.norm(computed[key]) + np.linalg.norm(measured)) <= 1e-5"
        )
    },
)
edit("05.6", "You return the keys that are right.", {"distance > 1e-5": "distance <= 1e-5"})
edit(
    "05.6",
    "Your step is so small that the measurement is noise: it accuses everybody.",
    {"1e-5, []": "1e-14, []"},
)
edit(
    "05.6",
    "One bug is left: W1 and b1 are mended, but b2 is not.",
    {"d.sum(axis=0)": 'd.mean(axis=0) if layer == "2" else d.sum(axis=0)'},
)
edit(
    "05.6",
    "One bug is left: b2 is mended, but the errors of the first layer are not.",
    {'p["W2"].T': 'p["W2"]'},
)
edit(
    "05.6",
    "You made all biases alike, but the wrong way: 1/N is in the first error already.",
    {"d.sum(axis=0)": "d.mean(axis=0)"},
)
edit(
    "05.6",
    "The slope in the first layer was right: it is the weights that are turned round.",
    {"1 - first**2": "1 - second**2"},
)
edit(
    "05.6",
    "That is still the suspect's gradient: nothing has been mended.",
    {'p["W2"].T': 'p["W2"]', "d.sum(axis=0)": 'd.mean(axis=0) if "2" == layer else d.sum(axis=0)'},
)


@right("05.6", "with flat copies, and a measured gradient as the mended one")
class cell:
    def measure(loss, params, step=3e-6):
        gradient = {}
        for key in params:
            moved = {name: np.array(value, dtype=float) for name, value in params.items()}
            flat = moved[key].reshape(-1)
            slopes = []
            for j in range(flat.size):
                old = flat[j]
                flat[j] = old + step
                above = loss(moved)
                flat[j] = old - step
                slopes.append((above - loss(moved)) / (2 * step))
                flat[j] = old
            gradient[key] = np.array(slopes).reshape(moved[key].shape)
        return gradient

    def find_wrong(loss, gradients, params):
        computed, measured, wrong = gradients(params), measure(loss, params), []
        for key in sorted(params):
            g, m = computed[key].ravel(), measured[key].ravel()
            lengths = np.sqrt(g @ g) + np.sqrt(m @ m)
            if lengths > 0 and np.sqrt(np.sum((g - m) ** 2)) / lengths > 1e-5:
                wrong.append(key)
        return wrong

    def mended_gradients(p):
        return measure(network_loss, p)


@right("05.6", "by mending the wrong arrays of the suspect, and a set of keys")
class cell:
    def find_wrong(loss, gradients, params):
        wrong, computed = set(), gradients(params)
        for key in params:
            m = []
            for e in np.eye(params[key].size):
                e = 1e-5 * e.reshape(params[key].shape)
                rise = loss(params | {key: params[key] + e}) - loss(params | {key: params[key] - e})
                m.append(rise / 2e-5)
            distance = np.linalg.norm(computed[key].ravel() - m)
            if distance / (np.linalg.norm(computed[key]) + np.linalg.norm(m) + 1e-12) > 1e-5:
                wrong |= {key}
        return sorted(wrong)

    def mended_gradients(p):
        g = suspect_gradients(p)
        u1 = np.tanh(X_SIX @ p["W1"] + p["b1"])
        u2 = np.tanh(u1 @ p["W2"] + p["b2"])
        e3 = (u2 @ p["W3"] + p["b3"] - Y_SIX) / 6
        e2 = np.einsum("nk,jk->nj", e3, p["W3"]) * (1 - u2 * u2)
        e1 = np.einsum("nk,jk->nj", e2, p["W2"]) / np.cosh(X_SIX @ p["W1"] + p["b1"]) ** 2
        g["b2"] = 6 * g["b2"]
        g["W1"], g["b1"] = X_SIX.T @ e1, np.ones(6) @ e1
        return g


# 05.7 A training loop that learns XOR

edit(
    "05.7",
    "The error of the hidden layer goes back through W2 as it was before the step.",
    {
        ("        d1 = d2 @ W2.T * (1 - h**2)\n        W2 -= eta * h.T @ d2\n"): (
            "        W2 -= eta * h.T @ d2\n        d1 = d2 @ W2.T * (1 - h**2)\n"
        )
    },
)
edit("05.7", "The slope of tanh is missing on the way back.", {" * (1 - h**2)": ""})
edit(
    "05.7",
    "λ weighs the new loss and 1 − λ the old Q: you have them the other way.",
    {"(1 - lam) * Q + lam *": "lam * Q + (1 - lam) *"},
)
edit(
    "05.7",
    "The ½ of the loss is missing from Q.",
    {"t) ** 2) / 2": "t) ** 2)", "[0, 0] ** 2 / 2": "[0, 0] ** 2"},
)
edit(
    "05.7",
    "The square's 2 and the loss's ½ cancel: your gradient is twice too long.",
    {"    steps = 0\n": "    steps, eta = 0, 2 * eta\n"},
)
edit(
    "05.7",
    "Each step is for the loss of one object: nothing is divided by N.",
    {"    steps = 0\n": "    steps, eta = 0, eta / len(x)\n"},
)
edit(
    "05.7",
    "Q starts as the mean of the losses; yours starts as their sum.",
    {"np.mean((": "np.sum(("},
)
edit(
    "05.7",
    "Q starts at 0, as if all were learnt; it starts as the mean loss.",
    {("np.mean((np.tanh(x @ W1 + b1) @ W2 + b2 - t) ** 2) / 2"): "0.0"},
)
edit("05.7", "The ½ is missing from the Q that you start with.", {"t) ** 2) / 2": "t) ** 2 / 1)"})
edit(
    "05.7",
    "The ½ is missing from the losses that go into Q.",
    {"[0, 0] ** 2 / 2": "[0, 0] ** 2 / 1"},
)
edit(
    "05.7",
    "One lucky object stops your training: it is Q that has to be below the goal.",
    {"goal > Q": "goal > d2[0, 0] ** 2 / 2"},
)
edit("05.7", "Your training never stops before the end of `order`.", {"if goal > Q:": "if False:"})
edit("05.7", "You stop while Q is above the goal; it has to be below.", {"goal > Q": "Q > goal"})
edit(
    "05.7",
    "The step that brings Q below the goal was made: it counts.",
    {
        ("        steps += 1\n        if goal > Q:\n            break\n"): (
            "        if goal > Q:\n            break\n        steps += 1\n"
        )
    },
)
edit(
    "05.7",
    "You return the place of the last step, counted from 0; the number of steps is one more.",
    {", Q, steps": ", Q, steps - 1"},
)
edit(
    "05.7",
    "Your steps climb: subtract the gradient.",
    {
        "W2 -= eta": "W2 += eta",
        "b2 -= eta": "b2 += eta",
        "W1 -= eta": "W1 += eta",
        "b1 -= eta": "b1 += eta",
    },
)
edit(
    "05.7",
    "You take tanh of h for the slope, but h is tanh of the sum already.",
    {"1 - h**2": "1 - np.tanh(h) ** 2"},
)
edit(
    "05.7",
    "The output has no activation, and so no slope: your d2 has a factor too many.",
    {
        "d2 = h @ W2 + b2 - t[i : i + 1]": (
            "y = h @ W2 + b2\n        half, d2 = (y - t[i])[0, 0] ** 2 / 2, (y - t[i]) * (1 - y**2)"
        ),
        "d2[0, 0] ** 2 / 2": "half",
    },
)
edit(
    "05.7",
    "Your biases never change; they are parameters, too.",
    {"b2 -= eta * d2[0]": "pass", "b1 -= eta * d1[0]": "pass"},
)
edit(
    "05.7",
    "You step along the gradient of the whole batch; each step is for one object.",
    {
        "x[i : i + 1]": "x",
        "d2 = h @ W2 + b2 - t[i : i + 1]": "d2 = (h @ W2 + b2 - t) / len(x)",
        "d2[0]\n": "d2.sum(axis=0)\n",
        "d1[0]\n": "d1.sum(axis=0)\n",
        "d2[0, 0] ** 2 / 2": "(len(x) * d2[i, 0]) ** 2 / 2",
    },
)
edit(
    "05.7",
    "You count 0, 1, 2, … through the objects; their numbers are in `order`.",
    {"in order:": "in np.arange(len(order)) % len(x):"},
)
edit(
    "05.7",
    "The loss in Q is from before the step; you compute it once more after it.",
    {"d2[0, 0] ** 2 / 2": ("(np.tanh(x_i @ W1 + b1) @ W2 + b2 - t[i])[0, 0] ** 2 / 2")},
)
edit(
    "05.7",
    "Your Q is the last loss alone; it should keep 1 − λ of what it was.",
    {"(1 - lam) * Q + lam * d2": "d2"},
)
edit(
    "05.7",
    "You return the parameters that training started from.",
    {'{"W1": W1, "b1": b1, "W2": W2, "b2": b2}, Q': "params, Q"},
)
edit(
    "05.7",
    ("Your Q is updated with the mean loss of all objects; only the object of this step counts."),
    {"d2[0, 0] ** 2 / 2": ("np.mean((np.tanh(x @ W1 + b1) @ W2 + b2 - t) ** 2 / 2)")},
)


@right("05.7", "with a function for the gradients, and the whole batch for XOR")
class cell:
    def gradients(p, x, t):
        h = np.tanh(x @ p["W1"] + p["b1"])
        y = h @ p["W2"] + p["b2"]
        D2 = y - t
        D1 = D2 @ p["W2"].T * (1 - h) * (1 + h)
        g = {"W1": x.T @ D1, "b1": D1.sum(axis=0), "W2": h.T @ D2, "b2": D2.sum(axis=0)}
        return np.sum(D2**2) / 2, g

    def train(params, x, t, order, eta, lam, goal):
        p = dict(params)
        Q = gradients(p, x, t)[0] / len(x)
        for steps, i in enumerate(order, start=1):
            loss, g = gradients(p, x[[i]], t[[i]])
            p = {key: p[key] - eta * g[key] for key in p}
            Q += lam * (loss - Q)
            if goal > Q:
                return p, Q, steps
        return p, Q, len(order)

    def learn_xor(seed):
        draw = np.random.default_rng(seed)
        p = {"W1": draw.uniform(-2, 2, (2, 10)), "b1": draw.uniform(-1, 1, 10)}
        p |= {"W2": draw.uniform(-0.5, 0.5, (10, 1)), "b2": np.zeros(1)}
        for _ in range(1500):
            g = gradients(p, X_XOR, T_XOR)[1]
            p = {key: p[key] - 0.1 * g[key] for key in p}
        return p


@right("05.7", "with loops over units, in single precision, and inputs of −1 and 1 for XOR")
class cell:
    def train(params, x, t, order, eta, lam, goal):
        p = {key: value.astype(np.float32) for key, value in params.items()}
        answers = [np.tanh(row @ p["W1"] + p["b1"]) @ p["W2"] + p["b2"] for row in x]
        Q, steps = np.sum((np.array(answers) - t) ** 2) / (2 * len(x)), 0
        while steps < len(order) and (steps == 0 or goal <= Q):
            i = order[steps]
            h = np.tanh(x[i] @ p["W1"] + p["b1"])
            error = float((h @ p["W2"] + p["b2"] - t[i])[0])
            old = p["W2"].copy()
            p["b2"] = p["b2"] - eta * error
            for unit in range(len(h)):
                p["W2"][unit, 0] -= eta * error * h[unit]
                d = error * old[unit, 0] * (1 - h[unit] ** 2)
                p["b1"][unit] -= eta * d
                for k in range(x.shape[1]):
                    p["W1"][k, unit] -= eta * d * x[i, k]
            Q, steps = (1 - lam) * Q + lam * error**2 / 2, steps + 1
        return p, Q, steps

    def learn_xor(seed):
        draw = np.random.default_rng(seed)
        W1, b1 = draw.normal(size=(2, 12)), draw.normal(size=12)
        W2, b2 = np.zeros((12, 1)), np.zeros(1)
        for _ in range(2000):
            h = np.tanh((2 * X_XOR - 1) @ W1 + b1)
            d2 = (h @ W2 + b2 - T_XOR) / 4
            d1 = d2 @ W2.T * (1 - h**2)
            W2, b2 = W2 - 0.3 * h.T @ d2, b2 - 0.3 * d2.sum(axis=0)
            W1, b1 = W1 - 0.3 * (2 * X_XOR - 1).T @ d1, b1 - 0.3 * d1.sum(axis=0)
        return {"W1": 2 * W1, "b1": b1 - W1.sum(axis=0), "W2": W2, "b2": b2}
