"""Known answers to exercise 05: the mistakes that people make, and other right ways."""

import numpy as np

from coursekit.grading import right, wrong

# 05.1 The chain rule on a graph


@wrong("05.1", "h feeds p and q; you follow only the path through p.")
def derivatives(a, b, c, x, t):
    s = a * x + b
    h = np.tanh(s)
    dy = c * h + h * s - t
    dh = dy * c
    ds = dh * (1 - h**2) + dy * h
    return {"y": dy, "p": dy, "q": dy, "c": dy * h, "h": dh, "s": ds, "a": ds * x, "b": ds}


@wrong("05.1", "h feeds p and q; the second path overwrote the first where it should be added.")
def derivatives(a, b, c, x, t):
    s = a * x + b
    h = np.tanh(s)
    dy = c * h + h * s - t
    dh = dy * s
    ds = dh * (1 - h**2) + dy * h
    return {"y": dy, "p": dy, "q": dy, "c": dy * h, "h": dh, "s": ds, "a": ds * x, "b": ds}


@wrong("05.1", "s goes into q directly, too, not only through h.")
def derivatives(a, b, c, x, t):
    s = a * x + b
    h = np.tanh(s)
    dy = c * h + h * s - t
    dh = dy * c + dy * s
    ds = dh * (1 - h**2)
    return {"y": dy, "p": dy, "q": dy, "c": dy * h, "h": dh, "s": ds, "a": ds * x, "b": ds}


@wrong("05.1", "s feeds h and q; the path through q overwrote the one through h.")
def derivatives(a, b, c, x, t):
    s = a * x + b
    h = np.tanh(s)
    dy = c * h + h * s - t
    dh = dy * c + dy * s
    ds = dy * h
    return {"y": dy, "p": dy, "q": dy, "c": dy * h, "h": dh, "s": ds, "a": ds * x, "b": ds}


@wrong("05.1", "The derivative of h s by h is s, and that by s is h: you have them the other way.")
def derivatives(a, b, c, x, t):
    s = a * x + b
    h = np.tanh(s)
    dy = c * h + h * s - t
    dh = dy * c + dy * h
    ds = dh * (1 - h**2) + dy * s
    return {"y": dy, "p": dy, "q": dy, "c": dy * h, "h": dh, "s": ds, "a": ds * x, "b": ds}


@wrong("05.1", "The slope of tanh is one minus the square of its output, not of its input.")
def derivatives(a, b, c, x, t):
    s = a * x + b
    h = np.tanh(s)
    dy = c * h + h * s - t
    dh = dy * c + dy * s
    ds = dh * (1 - s**2) + dy * h
    return {"y": dy, "p": dy, "q": dy, "c": dy * h, "h": dh, "s": ds, "a": ds * x, "b": ds}


@wrong("05.1", "h is tanh(s) already; you take the tanh of it once more for the slope.")
def derivatives(a, b, c, x, t):
    s = a * x + b
    h = np.tanh(s)
    dy = c * h + h * s - t
    dh = dy * c + dy * s
    ds = dh * (1 - np.tanh(h) ** 2) + dy * h
    return {"y": dy, "p": dy, "q": dy, "c": dy * h, "h": dh, "s": ds, "a": ds * x, "b": ds}


@wrong("05.1", "The slope of tanh is missing on the way from h to s.")
def derivatives(a, b, c, x, t):
    s = a * x + b
    h = np.tanh(s)
    dy = c * h + h * s - t
    dh = dy * c + dy * s
    ds = dh + dy * h
    return {"y": dy, "p": dy, "q": dy, "c": dy * h, "h": dh, "s": ds, "a": ds * x, "b": ds}


@wrong("05.1", "All signs are turned: the derivative of (y − t)²/2 by y is not t − y.")
def derivatives(a, b, c, x, t):
    s = a * x + b
    h = np.tanh(s)
    dy = t - c * h - h * s
    dh = dy * c + dy * s
    ds = dh * (1 - h**2) + dy * h
    return {"y": dy, "p": dy, "q": dy, "c": dy * h, "h": dh, "s": ds, "a": ds * x, "b": ds}


@wrong("05.1", "The loss has a factor ½, which cancels the 2 of the square.")
def derivatives(a, b, c, x, t):
    s = a * x + b
    h = np.tanh(s)
    dy = 2 * (c * h + h * s - t)
    dh = dy * c + dy * s
    ds = dh * (1 - h**2) + dy * h
    return {"y": dy, "p": dy, "q": dy, "c": dy * h, "h": dh, "s": ds, "a": ds * x, "b": ds}


@wrong("05.1", "You differentiate y, not the loss: the way back starts at L.")
def derivatives(a, b, c, x, t):
    s = a * x + b
    h = np.tanh(s)
    dh = c + s
    ds = dh * (1 - h**2) + h
    return {"y": 1.0, "p": 1.0, "q": 1.0, "c": h, "h": dh, "s": ds, "a": ds * x, "b": ds}


@wrong("05.1", "A sum hands its derivative on unchanged: p and q get the same as y.")
def derivatives(a, b, c, x, t):
    s = a * x + b
    h = np.tanh(s)
    p, q = c * h, h * s
    dy = p + q - t
    dp, dq = dy * q, dy * p
    dh = dp * c + dq * s
    ds = dh * (1 - h**2) + dq * h
    return {"y": dy, "p": dp, "q": dq, "c": dp * h, "h": dh, "s": ds, "a": ds * x, "b": ds}


@wrong("05.1", "Paths that meet are added; you multiplied the two that meet in h.")
def derivatives(a, b, c, x, t):
    s = a * x + b
    h = np.tanh(s)
    dy = c * h + h * s - t
    dh = (dy * c) * (dy * s)
    ds = dh * (1 - h**2) + dy * h
    return {"y": dy, "p": dy, "q": dy, "c": dy * h, "h": dh, "s": ds, "a": ds * x, "b": ds}


@wrong("05.1", "In s = a x + b, the derivative by a has the factor x.")
def derivatives(a, b, c, x, t):
    s = a * x + b
    h = np.tanh(s)
    dy = c * h + h * s - t
    dh = dy * c + dy * s
    ds = dh * (1 - h**2) + dy * h
    return {"y": dy, "p": dy, "q": dy, "c": dy * h, "h": dh, "s": ds, "a": ds, "b": ds}


@wrong("05.1", "The derivative of a x by a is x, not a.")
def derivatives(a, b, c, x, t):
    s = a * x + b
    h = np.tanh(s)
    dy = c * h + h * s - t
    dh = dy * c + dy * s
    ds = dh * (1 - h**2) + dy * h
    return {"y": dy, "p": dy, "q": dy, "c": dy * h, "h": dh, "s": ds, "a": ds * a, "b": ds}


@wrong("05.1", "b is added to the sum as it is; its derivative has no factor.")
def derivatives(a, b, c, x, t):
    s = a * x + b
    h = np.tanh(s)
    dy = c * h + h * s - t
    dh = dy * c + dy * s
    ds = dh * (1 - h**2) + dy * h
    return {"y": dy, "p": dy, "q": dy, "c": dy * h, "h": dh, "s": ds, "a": ds * x, "b": ds * b}


@wrong("05.1", "The derivative by c is that by p times what c is multiplied with.")
def derivatives(a, b, c, x, t):
    s = a * x + b
    h = np.tanh(s)
    dy = c * h + h * s - t
    dh = dy * c + dy * s
    ds = dh * (1 - h**2) + dy * h
    return {"y": dy, "p": dy, "q": dy, "c": dy * c, "h": dh, "s": ds, "a": ds * x, "b": ds}


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


@wrong("05.2", "The slope is to be taken at the sum; you take it at the output.")
def layer_forward(x, W, b, activation):
    activate, slope = ACTIVATIONS[activation]
    y = activate(x @ W + b)
    return y, slope(y)


@wrong("05.2", "The bias is missing.")
def layer_forward(x, W, b, activation):
    activate, slope = ACTIVATIONS[activation]
    return activate(x @ W), slope(x @ W)


@wrong("05.2", "You add the bias after the activation; it belongs to the sum.")
def layer_forward(x, W, b, activation):
    activate, slope = ACTIVATIONS[activation]
    return activate(x @ W) + b, slope(x @ W)


@wrong("05.2", "The output has its bias, but the slope is taken at a sum without it.")
def layer_forward(x, W, b, activation):
    activate, slope = ACTIVATIONS[activation]
    return activate(x @ W + b), slope(x @ W)


@wrong("05.2", "Your z is the sum; the slope of the activation at the sum is asked for.")
def layer_forward(x, W, b, activation):
    S = x @ W + b
    return ACTIVATIONS[activation][0](S), S


@wrong("05.2", "Your y is the sum: the activation has not been applied to it.")
def layer_forward(x, W, b, activation):
    S = x @ W + b
    return S, ACTIVATIONS[activation][1](S)


@wrong("05.2", "The order is (y, z): you return the slopes first.")
def layer_forward(x, W, b, activation):
    activate, slope = ACTIVATIONS[activation]
    S = x @ W + b
    return slope(S), activate(S)


@wrong("05.2", "Don't transpose: the neurons are the columns of W already.")
def layer_forward(x, W, b, activation):
    activate, slope = ACTIVATIONS[activation]
    S = x @ W.T + b
    return activate(S), slope(S)


@wrong("05.2", "You take tanh, whatever activation is asked for.")
def layer_forward(x, W, b, activation):
    S = x @ W + b
    return np.tanh(S), 1 - np.tanh(S) ** 2


@wrong("05.2", "You subtract b: that would be a threshold. Here it is a bias.")
def layer_forward(x, W, b, activation):
    activate, slope = ACTIVATIONS[activation]
    S = x @ W - b
    return activate(S), slope(S)


@wrong("05.2", "z is the slope at the sum, not the slope times the weights or the inputs.")
def layer_forward(x, W, b, activation):
    activate, slope = ACTIVATIONS[activation]
    S = x @ W + b
    return activate(S), slope(S) @ W.T


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


# 05.3 The lecture's algorithm, with loops


@wrong("05.3", "The constant of each layer is −1: w_0h is a threshold, not a bias.")
def forward(w, x_i, sigma):
    x, z = [np.concatenate([[1.0], x_i])], [None]
    for layer in range(1, len(w)):
        function, slope = ACTIVATIONS[sigma[layer]]
        S = x[-1] @ w[layer]
        x.append(function(S))
        x[-1][0] = 1.0
        z.append(slope(S))
    return x, z


@wrong("05.3", "Your sums Σ start at k = 1: they leave the thresholds out.")
def forward(w, x_i, sigma):
    x, z = [np.concatenate([[-1.0], x_i])], [None]
    for layer in range(1, len(w)):
        function, slope = ACTIVATIONS[sigma[layer]]
        S = x[-1][1:] @ w[layer][1:]
        x.append(function(S))
        x[-1][0] = -1.0
        z.append(slope(S))
    return x, z


@wrong("05.3", "z is the slope at the sum Σ; you take it at the output.")
def forward(w, x_i, sigma):
    x, z = [np.concatenate([[-1.0], x_i])], [None]
    for layer in range(1, len(w)):
        function, slope = ACTIVATIONS[sigma[layer]]
        x.append(function(x[-1] @ w[layer]))
        z.append(slope(x[-1]))
        x[-1][0] = -1.0
    return x, z


@wrong("05.3", "Every layer has its own activation, sigma[l]; you use the first one's everywhere.")
def forward(w, x_i, sigma):
    x, z = [np.concatenate([[-1.0], x_i])], [None]
    for layer in range(1, len(w)):
        function, slope = ACTIVATIONS[sigma[1]]
        S = x[-1] @ w[layer]
        x.append(function(S))
        x[-1][0] = -1.0
        z.append(slope(S))
    return x, z


@wrong("05.3", "The first index of w is where a connection comes from: w[l][k, h].")
def forward(w, x_i, sigma):
    x, z = [np.concatenate([[-1.0], x_i])], [None]
    for layer in range(1, len(w)):
        function, slope = ACTIVATIONS[sigma[layer]]
        width = w[layer].shape[1]
        x.append(np.full(width, -1.0))
        z.append(np.full(width, NAN))
        for h in range(1, width):
            S = sum(w[layer][h, k] * x[layer - 1][k] for k in range(len(x[layer - 1])))
            x[layer][h], z[layer][h] = function(S), slope(S)
    return x, z


@wrong("05.3", "Your loop over k ends one unit too early: the last inputs are not in the sums.")
def forward(w, x_i, sigma):
    x, z = [np.concatenate([[-1.0], x_i])], [None]
    for layer in range(1, len(w)):
        function, slope = ACTIVATIONS[sigma[layer]]
        S = x[-1][:-1] @ w[layer][:-1]
        x.append(function(S))
        x[-1][0] = -1.0
        z.append(slope(S))
    return x, z


@wrong("05.3", "The activation is missing: your x are the sums.")
def forward(w, x_i, sigma):
    x, z = [np.concatenate([[-1.0], x_i])], [None]
    for layer in range(1, len(w)):
        S = x[-1] @ w[layer]
        z.append(ACTIVATIONS[sigma[layer]][1](S))
        x.append(S)
        x[-1][0] = -1.0
    return x, z


@wrong("05.3", "Your sum over h starts at 0; nothing flows into a constant, so there is no error.")
def errors(w, z, eps_L):
    L = len(w) - 1
    eps = [None for _ in range(L)] + [eps_L]
    for layer in range(L, 1, -1):
        eps[layer - 1] = np.full(w[layer].shape[0], NAN)
        for k in range(1, w[layer].shape[0]):
            eps[layer - 1][k] = sum(
                eps[layer][h] * z[layer][h] * w[layer][k, h] for h in range(w[layer].shape[1])
            )
    return eps


@wrong("05.3", "The slopes z are missing from the errors of the lower layers.")
def errors(w, z, eps_L):
    L = len(w) - 1
    eps = [None for _ in range(L)] + [eps_L]
    for layer in range(L, 1, -1):
        eps[layer - 1] = np.append(NAN, w[layer][1:, 1:] @ eps[layer][1:])
    return eps


@wrong("05.3", "The slopes in the sum belong to layer l, where the errors come from, not to l − 1.")
def errors(w, z, eps_L):
    L = len(w) - 1
    eps = [None for _ in range(L)] + [eps_L]
    for layer in range(L, 1, -1):
        eps[layer - 1] = np.append(NAN, z[layer - 1][1:] * (w[layer][1:, 1:] @ eps[layer][1:]))
    return eps


@wrong("05.3", "These are the products ε z: the error ε is the derivative by x, before the slope.")
def errors(w, z, eps_L):
    L = len(w) - 1
    d = [None] * L + [eps_L * z[L]]
    for layer in range(L, 1, -1):
        d[layer - 1] = np.append(NAN, z[layer - 1][1:] * (w[layer][1:, 1:] @ d[layer][1:]))
    return d


@wrong("05.3", "Your loop over the layers ends too early: the first layer gets no errors.")
def errors(w, z, eps_L):
    L = len(w) - 1
    eps = [None for _ in range(L)] + [eps_L]
    for layer in range(L, 2, -1):
        eps[layer - 1] = np.append(NAN, w[layer][1:, 1:] @ (eps[layer] * z[layer])[1:])
    return eps


@wrong(
    "05.3", "Each error goes back through its own weights, w_kh; you add the errors without them."
)
def errors(w, z, eps_L):
    L = len(w) - 1
    eps = [None for _ in range(L)] + [eps_L]
    for layer in range(L, 1, -1):
        total = np.sum((eps[layer] * z[layer])[1:])
        eps[layer - 1] = np.append(NAN, np.full(len(w[layer]) - 1, total))
    return eps


@wrong("05.3", "In the errors, w[l][h, k] is turned round: k is the first index.")
def errors(w, z, eps_L):
    L = len(w) - 1
    eps = [None for _ in range(L)] + [eps_L]
    for layer in range(L, 1, -1):
        eps[layer - 1] = np.full(w[layer].shape[0], NAN)
        for k in range(1, w[layer].shape[0]):
            eps[layer - 1][k] = sum(
                eps[layer][h] * z[layer][h] * w[layer][h, k] for h in range(1, w[layer].shape[1])
            )
    return eps


@wrong("05.3", "Only the strongest path counts with you; all paths that meet in a unit are added.")
def errors(w, z, eps_L):
    L = len(w) - 1
    eps = [None for _ in range(L)] + [eps_L]
    for layer in range(L, 1, -1):
        paths = (eps[layer] * z[layer] * w[layer])[1:, 1:]
        eps[layer - 1] = np.append(NAN, paths.max(axis=1))
    return eps


@wrong(
    "05.3", "You change a layer's weights before its errors have gone back through the old ones."
)
def train_step(w, x_i, y_i, sigma, eta):
    x, z = forward(w, x_i, sigma)
    eps = np.append(NAN, x[-1][1:] - y_i)
    loss = np.sum(eps[1:] ** 2) / 2
    new = [None, *(w_l.copy() for w_l in w[1:])]
    for layer in range(len(w) - 1, 0, -1):
        d = (eps * z[layer])[1:]
        new[layer][:, 1:] -= eta * np.outer(x[layer - 1], d)
        eps = np.append(NAN, new[layer][1:, 1:] @ d)
    return new, loss


@wrong("05.3", "Your step climbs: the gradient points uphill, so it is subtracted.")
def train_step(w, x_i, y_i, sigma, eta):
    x, z = forward(w, x_i, sigma)
    eps = errors(w, z, np.append(NAN, x[-1][1:] - y_i))
    new = [None, *(w_l.copy() for w_l in w[1:])]
    for layer in range(1, len(w)):
        new[layer] += eta * np.outer(x[layer - 1], eps[layer] * z[layer])
    return new, np.sum((x[-1][1:] - y_i) ** 2) / 2


@wrong("05.3", "The slope z is missing from the step: the derivative by a weight is ε z x.")
def train_step(w, x_i, y_i, sigma, eta):
    x, z = forward(w, x_i, sigma)
    eps = errors(w, z, np.append(NAN, x[-1][1:] - y_i))
    new = [None, *(w_l.copy() for w_l in w[1:])]
    for layer in range(1, len(w)):
        new[layer] -= eta * np.outer(x[layer - 1], eps[layer])
    return new, np.sum((x[-1][1:] - y_i) ** 2) / 2


@wrong("05.3", "The slope of the last layer is missing from the step, as if it were linear.")
def train_step(w, x_i, y_i, sigma, eta):
    x, z = forward(w, x_i, sigma)
    z[-1] = np.ones(len(z[-1]))
    eps = errors(w, z, np.append(NAN, x[-1][1:] - y_i))
    new = [None, *(w_l.copy() for w_l in w[1:])]
    for layer in range(1, len(w)):
        new[layer] -= eta * np.outer(x[layer - 1], eps[layer] * z[layer])
    return new, np.sum((x[-1][1:] - y_i) ** 2) / 2


@wrong("05.3", "Your thresholds never change: k starts at 0 in the step.")
def train_step(w, x_i, y_i, sigma, eta):
    x, z = forward(w, x_i, sigma)
    eps = errors(w, z, np.append(NAN, x[-1][1:] - y_i))
    new = [None, *(w_l.copy() for w_l in w[1:])]
    for layer in range(1, len(w)):
        new[layer][1:] -= eta * np.outer(x[layer - 1][1:], eps[layer] * z[layer])
    return new, np.sum((x[-1][1:] - y_i) ** 2) / 2


@wrong("05.3", "Only the last layer makes a step.")
def train_step(w, x_i, y_i, sigma, eta):
    x, z = forward(w, x_i, sigma)
    eps = np.append(NAN, x[-1][1:] - y_i)
    new = [None, *(w_l.copy() for w_l in w[1:])]
    new[-1] -= eta * np.outer(x[-2], eps * z[-1])
    return new, np.sum((x[-1][1:] - y_i) ** 2) / 2


@wrong("05.3", "Your step has no learning rate η.")
def train_step(w, x_i, y_i, sigma, eta):
    x, z = forward(w, x_i, sigma)
    eps = errors(w, z, np.append(NAN, x[-1][1:] - y_i))
    new = [None, *(w_l.copy() for w_l in w[1:])]
    for layer in range(1, len(w)):
        new[layer] -= np.outer(x[layer - 1], eps[layer] * z[layer])
    return new, np.sum((x[-1][1:] - y_i) ** 2) / 2


@wrong("05.3", "The loss has a factor ½, so its derivative has no factor 2.")
def train_step(w, x_i, y_i, sigma, eta):
    x, z = forward(w, x_i, sigma)
    eps = errors(w, z, 2 * np.append(NAN, x[-1][1:] - y_i))
    new = [None, *(w_l.copy() for w_l in w[1:])]
    for layer in range(1, len(w)):
        new[layer] -= eta * np.outer(x[layer - 1], eps[layer] * z[layer])
    return new, np.sum((x[-1][1:] - y_i) ** 2) / 2


@wrong("05.3", "The factor ½ of the loss is missing.")
def train_step(w, x_i, y_i, sigma, eta):
    x, z = forward(w, x_i, sigma)
    eps = errors(w, z, np.append(NAN, x[-1][1:] - y_i))
    new = [None, *(w_l.copy() for w_l in w[1:])]
    for layer in range(1, len(w)):
        new[layer] -= eta * np.outer(x[layer - 1], eps[layer] * z[layer])
    return new, np.sum((x[-1][1:] - y_i) ** 2)


@wrong("05.3", "You return the loss after the step; the one before it is asked for.")
def train_step(w, x_i, y_i, sigma, eta):
    x, z = forward(w, x_i, sigma)
    eps = errors(w, z, np.append(NAN, x[-1][1:] - y_i))
    new = [None, *(w_l.copy() for w_l in w[1:])]
    for layer in range(1, len(w)):
        new[layer] -= eta * np.outer(x[layer - 1], eps[layer] * z[layer])
    return new, np.sum((forward(new, x_i, sigma)[0][-1][1:] - y_i) ** 2) / 2


@right("05.3", "with a product of arrays for each layer")
class cell:
    def forward(w, x_i, sigma):
        x, z = [np.insert(x_i, 0, -1.0)], [None]
        for name, w_l in zip(sigma[1:], w[1:], strict=True):
            S = x[-1] @ w_l[:, 1:]
            x.append(np.insert(ACTIVATIONS[name][0](S), 0, -1.0))
            z.append(np.insert(ACTIVATIONS[name][1](S), 0, NAN))
        return x, z

    def errors(w, z, eps_L):
        eps = [eps_L]
        for layer in range(len(w) - 1, 1, -1):
            d = eps[0][1:] * z[layer][1:]
            eps.insert(0, np.insert(w[layer][1:, 1:] @ d, 0, NAN))
        return [None, *eps]

    def train_step(w, x_i, y_i, sigma, eta):
        x, z = forward(w, x_i, sigma)
        eps = errors(w, z, np.insert(x[-1][1:] - y_i, 0, NAN))
        parts = zip(w[1:], x, eps[1:], z[1:], strict=False)
        new = [w_l - eta * np.outer(x_l, eps_l * z_l) for w_l, x_l, eps_l, z_l in parts]
        return [None, *new], 0.5 * np.dot(eps[-1][1:], eps[-1][1:])


@right("05.3", "with the step from the last layer down, keeping the old weights for the errors")
class cell:
    def forward(w, x_i, sigma):
        x, z = [[-1.0, *x_i]], [None]
        for layer in range(1, len(w)):
            x.append([-1.0])
            z.append([0.0])  # the slope of a constant
            for h in range(1, w[layer].shape[1]):
                S = sum(w[layer][k, h] * x[layer - 1][k] for k in range(len(x[layer - 1])))
                x[layer].append(float(ACTIVATIONS[sigma[layer]][0](S)))
                z[layer].append(float(ACTIVATIONS[sigma[layer]][1](S)))
        return [np.array(row, dtype=np.float32) for row in x], [None, *map(np.array, z[1:])]

    def errors(w, z, eps_L):
        eps = [None for _ in w]
        eps[-1] = list(eps_L)
        for layer in range(len(w) - 1, 1, -1):
            eps[layer - 1] = [0.0]
            for k in range(1, len(w[layer])):
                paths = [
                    eps[layer][h] * z[layer][h] * w[layer][k, h] for h in range(1, len(z[layer]))
                ]
                eps[layer - 1].append(sum(paths))
        return eps

    def train_step(w, x_i, y_i, sigma, eta):
        x, z = forward(w, x_i, sigma)
        eps, new = x[-1].copy(), [None] * len(w)
        eps[1:] -= y_i
        loss = sum(e**2 for e in eps[1:]) / 2
        for layer in range(len(w) - 1, 0, -1):
            new[layer] = w[layer].copy()
            below = np.zeros(len(w[layer]))
            for h in range(1, w[layer].shape[1]):
                for k in range(len(w[layer])):
                    new[layer][k, h] = w[layer][k, h] - eta * eps[h] * z[layer][h] * x[layer - 1][k]
                    below[k] += eps[h] * z[layer][h] * w[layer][k, h]
            eps = below
        return new, loss


# 05.4 The same with matrices


@wrong("05.4", "Your gradient is that of the sum over the objects; the loss is their mean.")
def backprop(W, b, X, Y, sigma):
    xs, zs = [X], []
    for W_l, b_l, name in zip(W, b, sigma, strict=True):
        S = xs[-1] @ W_l + b_l
        xs.append(ACTIVATIONS[name][0](S))
        zs.append(ACTIVATIONS[name][1](S))
    E = xs[-1] - Y
    loss = np.sum(E**2) / (2 * len(X))
    dW, db = list(W), list(b)
    for layer in reversed(range(len(W))):
        D = E * zs[layer]
        dW[layer], db[layer] = xs[layer].T @ D, D.sum(axis=0)
        E = D @ W[layer].T
    return loss, dW, db


@wrong("05.4", "1/N is in the first error already; you divide by N once more in each layer.")
def backprop(W, b, X, Y, sigma):
    xs, zs = [X], []
    for W_l, b_l, name in zip(W, b, sigma, strict=True):
        S = xs[-1] @ W_l + b_l
        xs.append(ACTIVATIONS[name][0](S))
        zs.append(ACTIVATIONS[name][1](S))
    E = (xs[-1] - Y) / len(X)
    loss = np.sum((xs[-1] - Y) ** 2) / (2 * len(X))
    dW, db = list(W), list(b)
    for layer in reversed(range(len(W))):
        D = E * zs[layer]
        dW[layer], db[layer] = xs[layer].T @ D / len(X), D.sum(axis=0) / len(X)
        E = D @ W[layer].T
    return loss, dW, db


@wrong("05.4", "You average over the outputs as well; the loss of an object is their sum.")
def backprop(W, b, X, Y, sigma):
    xs, zs = [X], []
    for W_l, b_l, name in zip(W, b, sigma, strict=True):
        S = xs[-1] @ W_l + b_l
        xs.append(ACTIVATIONS[name][0](S))
        zs.append(ACTIVATIONS[name][1](S))
    E = (xs[-1] - Y) / Y.size
    loss = np.mean((xs[-1] - Y) ** 2) / 2
    dW, db = list(W), list(b)
    for layer in reversed(range(len(W))):
        D = E * zs[layer]
        dW[layer], db[layer] = xs[layer].T @ D, D.sum(axis=0)
        E = D @ W[layer].T
    return loss, dW, db


@wrong("05.4", "You average db over the batch; the mean is in the first error already.")
def backprop(W, b, X, Y, sigma):
    xs, zs = [X], []
    for W_l, b_l, name in zip(W, b, sigma, strict=True):
        S = xs[-1] @ W_l + b_l
        xs.append(ACTIVATIONS[name][0](S))
        zs.append(ACTIVATIONS[name][1](S))
    E = (xs[-1] - Y) / len(X)
    loss = np.sum((xs[-1] - Y) ** 2) / (2 * len(X))
    dW, db = list(W), list(b)
    for layer in reversed(range(len(W))):
        D = E * zs[layer]
        dW[layer], db[layer] = xs[layer].T @ D, D.mean(axis=0)
        E = D @ W[layer].T
    return loss, dW, db


@wrong("05.4", "D.sum() adds all neurons up; each bias has a derivative of its own.")
def backprop(W, b, X, Y, sigma):
    xs, zs = [X], []
    for W_l, b_l, name in zip(W, b, sigma, strict=True):
        S = xs[-1] @ W_l + b_l
        xs.append(ACTIVATIONS[name][0](S))
        zs.append(ACTIVATIONS[name][1](S))
    E = (xs[-1] - Y) / len(X)
    loss = np.sum((xs[-1] - Y) ** 2) / (2 * len(X))
    dW, db = list(W), list(b)
    for layer in reversed(range(len(W))):
        D = E * zs[layer]
        dW[layer], db[layer] = xs[layer].T @ D, np.full(b[layer].shape, D.sum())
        E = D @ W[layer].T
    return loss, dW, db


@wrong("05.4", "db has the shape (1, n_out); the biases have the shape (n_out,).")
def backprop(W, b, X, Y, sigma):
    xs, zs = [X], []
    for W_l, b_l, name in zip(W, b, sigma, strict=True):
        S = xs[-1] @ W_l + b_l
        xs.append(ACTIVATIONS[name][0](S))
        zs.append(ACTIVATIONS[name][1](S))
    E = (xs[-1] - Y) / len(X)
    loss = np.sum((xs[-1] - Y) ** 2) / (2 * len(X))
    dW, db = list(W), list(b)
    for layer in reversed(range(len(W))):
        D = E * zs[layer]
        dW[layer], db[layer] = xs[layer].T @ D, D.sum(axis=0, keepdims=True)
        E = D @ W[layer].T
    return loss, dW, db


@wrong("05.4", "db sums D over the neurons; it is the objects that have to be added up.")
def backprop(W, b, X, Y, sigma):
    xs, zs = [X], []
    for W_l, b_l, name in zip(W, b, sigma, strict=True):
        S = xs[-1] @ W_l + b_l
        xs.append(ACTIVATIONS[name][0](S))
        zs.append(ACTIVATIONS[name][1](S))
    E = (xs[-1] - Y) / len(X)
    loss = np.sum((xs[-1] - Y) ** 2) / (2 * len(X))
    dW, db = list(W), list(b)
    for layer in reversed(range(len(W))):
        D = E * zs[layer]
        dW[layer], db[layer] = xs[layer].T @ D, D.sum(axis=1)
        E = D @ W[layer].T
    return loss, dW, db


@wrong("05.4", "The last layer has a slope, too: D is E times Z there as well.")
def backprop(W, b, X, Y, sigma):
    xs, zs = [X], []
    for W_l, b_l, name in zip(W, b, sigma, strict=True):
        S = xs[-1] @ W_l + b_l
        xs.append(ACTIVATIONS[name][0](S))
        zs.append(ACTIVATIONS[name][1](S))
    E = (xs[-1] - Y) / len(X)
    loss = np.sum((xs[-1] - Y) ** 2) / (2 * len(X))
    dW, db = list(W), list(b)
    for layer in reversed(range(len(W))):
        D = E if layer == len(W) - 1 else E * zs[layer]
        dW[layer], db[layer] = xs[layer].T @ D, D.sum(axis=0)
        E = D @ W[layer].T
    return loss, dW, db


@wrong("05.4", "The slopes of the hidden layers are missing: their errors pass unchanged.")
def backprop(W, b, X, Y, sigma):
    xs, zs = [X], []
    for W_l, b_l, name in zip(W, b, sigma, strict=True):
        S = xs[-1] @ W_l + b_l
        xs.append(ACTIVATIONS[name][0](S))
        zs.append(ACTIVATIONS[name][1](S))
    E = (xs[-1] - Y) / len(X)
    loss = np.sum((xs[-1] - Y) ** 2) / (2 * len(X))
    dW, db = list(W), list(b)
    for layer in reversed(range(len(W))):
        D = E * zs[layer] if layer == len(W) - 1 else E
        dW[layer], db[layer] = xs[layer].T @ D, D.sum(axis=0)
        E = D @ W[layer].T
    return loss, dW, db


@wrong("05.4", "You take the slopes at the outputs; both functions of ACTIVATIONS want the sums.")
def backprop(W, b, X, Y, sigma):
    xs, zs = [X], []
    for W_l, b_l, name in zip(W, b, sigma, strict=True):
        xs.append(ACTIVATIONS[name][0](xs[-1] @ W_l + b_l))
        zs.append(ACTIVATIONS[name][1](xs[-1]))
    E = (xs[-1] - Y) / len(X)
    loss = np.sum((xs[-1] - Y) ** 2) / (2 * len(X))
    dW, db = list(W), list(b)
    for layer in reversed(range(len(W))):
        D = E * zs[layer]
        dW[layer], db[layer] = xs[layer].T @ D, D.sum(axis=0)
        E = D @ W[layer].T
    return loss, dW, db


@wrong("05.4", "E, not D, goes back through your weights: the slope has to be in it.")
def backprop(W, b, X, Y, sigma):
    xs, zs = [X], []
    for W_l, b_l, name in zip(W, b, sigma, strict=True):
        S = xs[-1] @ W_l + b_l
        xs.append(ACTIVATIONS[name][0](S))
        zs.append(ACTIVATIONS[name][1](S))
    E = (xs[-1] - Y) / len(X)
    loss = np.sum((xs[-1] - Y) ** 2) / (2 * len(X))
    dW, db = list(W), list(b)
    for layer in reversed(range(len(W))):
        D = E * zs[layer]
        dW[layer], db[layer] = xs[layer].T @ D, D.sum(axis=0)
        E = E @ W[layer].T
    return loss, dW, db


@wrong("05.4", "On the way back the weights are transposed; with square ones nothing complains.")
def backprop(W, b, X, Y, sigma):
    xs, zs = [X], []
    for W_l, b_l, name in zip(W, b, sigma, strict=True):
        S = xs[-1] @ W_l + b_l
        xs.append(ACTIVATIONS[name][0](S))
        zs.append(ACTIVATIONS[name][1](S))
    E = (xs[-1] - Y) / len(X)
    loss = np.sum((xs[-1] - Y) ** 2) / (2 * len(X))
    dW, db = list(W), list(b)
    for layer in reversed(range(len(W))):
        D = E * zs[layer]
        dW[layer], db[layer] = xs[layer].T @ D, D.sum(axis=0)
        W_l = W[layer]
        E = D @ (W_l if W_l.shape[0] == W_l.shape[1] else W_l.T)
    return loss, dW, db


@wrong("05.4", "Your dW are transposed: they should have the shapes of W.")
def backprop(W, b, X, Y, sigma):
    xs, zs = [X], []
    for W_l, b_l, name in zip(W, b, sigma, strict=True):
        S = xs[-1] @ W_l + b_l
        xs.append(ACTIVATIONS[name][0](S))
        zs.append(ACTIVATIONS[name][1](S))
    E = (xs[-1] - Y) / len(X)
    loss = np.sum((xs[-1] - Y) ** 2) / (2 * len(X))
    dW, db = list(W), list(b)
    for layer in reversed(range(len(W))):
        D = E * zs[layer]
        dW[layer], db[layer] = D.T @ xs[layer], D.sum(axis=0)
        E = D @ W[layer].T
    return loss, dW, db


@wrong("05.4", "Your gradient has the wrong sign: it is outputs minus targets.")
def backprop(W, b, X, Y, sigma):
    xs, zs = [X], []
    for W_l, b_l, name in zip(W, b, sigma, strict=True):
        S = xs[-1] @ W_l + b_l
        xs.append(ACTIVATIONS[name][0](S))
        zs.append(ACTIVATIONS[name][1](S))
    E = (Y - xs[-1]) / len(X)
    loss = np.sum((xs[-1] - Y) ** 2) / (2 * len(X))
    dW, db = list(W), list(b)
    for layer in reversed(range(len(W))):
        D = E * zs[layer]
        dW[layer], db[layer] = xs[layer].T @ D, D.sum(axis=0)
        E = D @ W[layer].T
    return loss, dW, db


@wrong("05.4", "The loss has a factor ½, but your gradient has the factor 2 of the square.")
def backprop(W, b, X, Y, sigma):
    xs, zs = [X], []
    for W_l, b_l, name in zip(W, b, sigma, strict=True):
        S = xs[-1] @ W_l + b_l
        xs.append(ACTIVATIONS[name][0](S))
        zs.append(ACTIVATIONS[name][1](S))
    E = 2 * (xs[-1] - Y) / len(X)
    loss = np.sum((xs[-1] - Y) ** 2) / (2 * len(X))
    dW, db = list(W), list(b)
    for layer in reversed(range(len(W))):
        D = E * zs[layer]
        dW[layer], db[layer] = xs[layer].T @ D, D.sum(axis=0)
        E = D @ W[layer].T
    return loss, dW, db


@wrong("05.4", "The factor ½ is missing from the loss.")
def backprop(W, b, X, Y, sigma):
    xs, zs = [X], []
    for W_l, b_l, name in zip(W, b, sigma, strict=True):
        S = xs[-1] @ W_l + b_l
        xs.append(ACTIVATIONS[name][0](S))
        zs.append(ACTIVATIONS[name][1](S))
    E = (xs[-1] - Y) / len(X)
    loss = np.sum((xs[-1] - Y) ** 2) / len(X)
    dW, db = list(W), list(b)
    for layer in reversed(range(len(W))):
        D = E * zs[layer]
        dW[layer], db[layer] = xs[layer].T @ D, D.sum(axis=0)
        E = D @ W[layer].T
    return loss, dW, db


@wrong("05.4", "The loss is not divided by the number of objects.")
def backprop(W, b, X, Y, sigma):
    xs, zs = [X], []
    for W_l, b_l, name in zip(W, b, sigma, strict=True):
        S = xs[-1] @ W_l + b_l
        xs.append(ACTIVATIONS[name][0](S))
        zs.append(ACTIVATIONS[name][1](S))
    E = (xs[-1] - Y) / len(X)
    loss = np.sum((xs[-1] - Y) ** 2) / 2
    dW, db = list(W), list(b)
    for layer in reversed(range(len(W))):
        D = E * zs[layer]
        dW[layer], db[layer] = xs[layer].T @ D, D.sum(axis=0)
        E = D @ W[layer].T
    return loss, dW, db


@wrong("05.4", "The mean is in the losses of your batch, but db is not summed: it has N rows.")
def backprop(W, b, X, Y, sigma):
    xs, zs = [X], []
    for W_l, b_l, name in zip(W, b, sigma, strict=True):
        S = xs[-1] @ W_l + b_l
        xs.append(ACTIVATIONS[name][0](S))
        zs.append(ACTIVATIONS[name][1](S))
    E = (xs[-1] - Y) / len(X)
    loss = np.sum((xs[-1] - Y) ** 2) / (2 * len(X))
    dW, db = list(W), list(b)
    for layer in reversed(range(len(W))):
        D = E * zs[layer]
        dW[layer], db[layer] = xs[layer].T @ D, D
        E = D @ W[layer].T
    return loss, dW, db


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


@wrong("05.5", "That is a one-sided difference; a central one looks to both sides of θ.")
def numerical_gradient(f, theta, h):
    gradient = np.zeros(theta.shape)
    for j in np.ndindex(theta.shape):
        up = theta.astype(float)
        up[j] += h
        gradient[j] = (f(up) - f(theta)) / h
    return gradient


@wrong("05.5", "The two points are 2h apart, not h.")
def numerical_gradient(f, theta, h):
    gradient = np.zeros(theta.shape)
    for j in np.ndindex(theta.shape):
        up, down = theta.astype(float), theta.astype(float)
        up[j] += h
        down[j] -= h
        gradient[j] = (f(up) - f(down)) / h
    return gradient


@wrong("05.5", "Mind the brackets: / 2 * h multiplies by h.")
def numerical_gradient(f, theta, h):
    gradient = np.zeros(theta.shape)
    for j in np.ndindex(theta.shape):
        up, down = theta.astype(float), theta.astype(float)
        up[j] += h
        down[j] -= h
        gradient[j] = (f(up) - f(down)) / 2 * h
    return gradient


@wrong("05.5", "You don't put an entry back before you move the next one.")
def numerical_gradient(f, theta, h):
    gradient, theta = np.zeros(theta.shape), theta.astype(float)
    for j in np.ndindex(theta.shape):
        theta[j] += h
        up = f(theta)
        theta[j] -= 2 * h
        gradient[j] = (up - f(theta)) / (2 * h)
    return gradient


@wrong("05.5", "You move all entries at once; each derivative moves one entry alone.")
def numerical_gradient(f, theta, h):
    return np.full(theta.shape, (f(theta + h) - f(theta - h)) / (2 * h))


@wrong("05.5", "In an array of whole numbers, the gradient loses its decimals.")
def numerical_gradient(f, theta, h):
    gradient = np.zeros_like(theta)
    for j in np.ndindex(theta.shape):
        up, down = theta.astype(float), theta.astype(float)
        up[j] += h
        down[j] -= h
        gradient[j] = (f(up) - f(down)) / (2 * h)
    return gradient


@wrong("05.5", "Adding h to a whole number in an array of whole numbers does not move it.")
def numerical_gradient(f, theta, h):
    gradient = np.zeros(theta.shape)
    for j in np.ndindex(theta.shape):
        up, down = theta.copy(), theta.copy()
        up[j] = up[j] + h
        down[j] = np.ceil(down[j] - h)
        gradient[j] = (f(up) - f(down)) / (2 * h)
    return gradient


@wrong("05.5", "For a matrix you move whole rows: len(theta) counts rows, not entries.")
def numerical_gradient(f, theta, h):
    gradient = np.zeros(theta.shape)
    for j in range(len(theta)):
        up, down = theta.astype(float), theta.astype(float)
        up[j] += h
        down[j] -= h
        gradient[j] = (f(up) - f(down)) / (2 * h)
    return gradient


@wrong("05.5", "The gradient should have the shape of theta; yours is one long row.")
def numerical_gradient(f, theta, h):
    flat, gradient = theta.astype(float).ravel(), []
    for j in range(flat.size):
        up, down = flat.copy(), flat.copy()
        up[j] += h
        down[j] -= h
        rise = f(up.reshape(theta.shape)) - f(down.reshape(theta.shape))
        gradient.append(rise / (2 * h))
    return np.array(gradient)


@wrong("05.5", "Your gradient has the wrong sign: which of the two points is the upper one?")
def numerical_gradient(f, theta, h):
    gradient = np.zeros(theta.shape)
    for j in np.ndindex(theta.shape):
        up, down = theta.astype(float), theta.astype(float)
        up[j] += h
        down[j] -= h
        gradient[j] = (f(down) - f(up)) / (2 * h)
    return gradient


@wrong("05.5", "You go half a step to either side; the formula goes a whole step.")
def numerical_gradient(f, theta, h):
    gradient = np.zeros(theta.shape)
    for j in np.ndindex(theta.shape):
        up, down = theta.astype(float), theta.astype(float)
        up[j] += h / 2
        down[j] -= h / 2
        gradient[j] = (f(up) - f(down)) / h
    return gradient


@wrong("05.5", "You use a step of your own; h is an argument.")
def numerical_gradient(f, theta, h):
    h = 1e-6
    gradient = np.zeros(theta.shape)
    for j in np.ndindex(theta.shape):
        up, down = theta.astype(float), theta.astype(float)
        up[j] += h
        down[j] -= h
        gradient[j] = (f(up) - f(down)) / (2 * h)
    return gradient


@wrong("05.5", "The difference of the lengths is 0 for opposite arrays; take that of the arrays.")
def relative_error(g, m):
    lengths = np.linalg.norm(g) + np.linalg.norm(m)
    return abs(np.linalg.norm(g) - np.linalg.norm(m)) / lengths if lengths else 0.0


@wrong("05.5", "The root is missing: you have the squares of the lengths.")
def relative_error(g, m):
    lengths = np.sum(g**2) + np.sum(m**2)
    return np.sum((g - m) ** 2) / lengths if lengths else 0.0


@wrong("05.5", "0/0 is not a number: two zero arrays agree.")
def relative_error(g, m):
    with np.errstate(invalid="ignore"):
        return np.linalg.norm(g - m) / (np.linalg.norm(g) + np.linalg.norm(m))


@wrong("05.5", "You return an error for each entry; one number for the whole arrays is asked for.")
def relative_error(g, m):
    lengths = np.abs(g) + np.abs(m)
    return np.abs(g - m) / np.where(lengths > 0, lengths, 1.0)


@wrong("05.5", "You divide by the length of the sum; the lengths have to be added.")
def relative_error(g, m):
    length = np.linalg.norm(g + m)
    return np.linalg.norm(g - m) / length if length else 0.0


@wrong("05.5", "You divide by the larger length, so your error can reach 2.")
def relative_error(g, m):
    length = max(np.linalg.norm(g), np.linalg.norm(m))
    return np.linalg.norm(g - m) / length if length else 0.0


@wrong("05.5", "That is the absolute error: 0.1 is much for one gradient and nothing for another.")
def relative_error(g, m):
    return np.linalg.norm(g - m)


@wrong("05.5", "The length is the root of the sum of squares; you added absolute values.")
def relative_error(g, m):
    lengths = np.abs(g).sum() + np.abs(m).sum()
    return np.abs(g - m).sum() / lengths if lengths else 0.0


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


@wrong("05.6", "Your limit is too generous: a factor wrong by some thousandths is a bug as well.")
def find_wrong(loss, gradients, params):
    wrong, computed = [], gradients(params)
    for key, value in params.items():
        measured = np.zeros(value.shape)
        for j in np.ndindex(value.shape):
            up, down = value.copy(), value.copy()
            up[j] += 1e-5
            down[j] -= 1e-5
            measured[j] = (loss({**params, key: up}) - loss({**params, key: down})) / 2e-5
        lengths = np.linalg.norm(computed[key]) + np.linalg.norm(measured)
        if np.linalg.norm(computed[key] - measured) > 1e-2 * lengths:
            wrong.append(key)
    return sorted(wrong)


@wrong("05.6", "Your error is absolute: it overlooks a wrong gradient if only it is small.")
def find_wrong(loss, gradients, params):
    wrong, computed = [], gradients(params)
    for key, value in params.items():
        measured = np.zeros(value.shape)
        for j in np.ndindex(value.shape):
            up, down = value.copy(), value.copy()
            up[j] += 1e-5
            down[j] -= 1e-5
            measured[j] = (loss({**params, key: up}) - loss({**params, key: down})) / 2e-5
        if np.linalg.norm(computed[key] - measured) > 1e-5:
            wrong.append(key)
    return sorted(wrong)


@wrong("05.6", "You compare lengths, so a gradient with the wrong sign passes.")
def find_wrong(loss, gradients, params):
    wrong, computed = [], gradients(params)
    for key, value in params.items():
        measured = np.zeros(value.shape)
        for j in np.ndindex(value.shape):
            up, down = value.copy(), value.copy()
            up[j] += 1e-5
            down[j] -= 1e-5
            measured[j] = (loss({**params, key: up}) - loss({**params, key: down})) / 2e-5
        one, other = np.linalg.norm(computed[key]), np.linalg.norm(measured)
        if abs(one - other) > 1e-5 * (one + other):
            wrong.append(key)
    return sorted(wrong)


@wrong("05.6", "You check only the first entry of each array; bugs may sit in any.")
def find_wrong(loss, gradients, params):
    wrong, computed = [], gradients(params)
    for key, value in params.items():
        up, down = value.copy(), value.copy()
        up.flat[0] += 1e-5
        down.flat[0] -= 1e-5
        measured = (loss({**params, key: up}) - loss({**params, key: down})) / 2e-5
        first = computed[key].flat[0]
        if abs(first - measured) > 1e-5 * (abs(first) + abs(measured)):
            wrong.append(key)
    return sorted(wrong)


@wrong("05.6", "A parameter without influence has the gradient 0, computed and measured: 0/0.")
def find_wrong(loss, gradients, params):
    wrong, computed = [], gradients(params)
    for key, value in params.items():
        measured = np.zeros(value.shape)
        for j in np.ndindex(value.shape):
            up, down = value.copy(), value.copy()
            up[j] += 1e-5
            down[j] -= 1e-5
            measured[j] = (loss({**params, key: up}) - loss({**params, key: down})) / 2e-5
        lengths = np.linalg.norm(computed[key]) + np.linalg.norm(measured)
        with np.errstate(invalid="ignore"):
            error = np.linalg.norm(computed[key] - measured) / lengths
        if not error <= 1e-5:
            wrong.append(key)
    return sorted(wrong)


@wrong("05.6", "You return the keys that are right.")
def find_wrong(loss, gradients, params):
    right, computed = [], gradients(params)
    for key, value in params.items():
        measured = np.zeros(value.shape)
        for j in np.ndindex(value.shape):
            up, down = value.copy(), value.copy()
            up[j] += 1e-5
            down[j] -= 1e-5
            measured[j] = (loss({**params, key: up}) - loss({**params, key: down})) / 2e-5
        lengths = np.linalg.norm(computed[key]) + np.linalg.norm(measured)
        if np.linalg.norm(computed[key] - measured) <= 1e-5 * lengths:
            right.append(key)
    return sorted(right)


@wrong("05.6", "Your step is so small that the measurement is noise: it accuses everybody.")
def find_wrong(loss, gradients, params):
    wrong, computed = [], gradients(params)
    for key, value in params.items():
        measured = np.zeros(value.shape)
        for j in np.ndindex(value.shape):
            up, down = value.copy(), value.copy()
            up[j] += 1e-17
            down[j] -= 1e-17
            measured[j] = (loss({**params, key: up}) - loss({**params, key: down})) / 2e-17
        lengths = np.linalg.norm(computed[key]) + np.linalg.norm(measured)
        if np.linalg.norm(computed[key] - measured) > 1e-5 * lengths:
            wrong.append(key)
    return sorted(wrong)


@wrong("05.6", "With one error for all arrays together you can't tell which of them is wrong.")
def find_wrong(loss, gradients, params):
    top = bottom = 0.0
    computed = gradients(params)
    for key, value in params.items():
        measured = np.zeros(value.shape)
        for j in np.ndindex(value.shape):
            up, down = value.copy(), value.copy()
            up[j] += 1e-5
            down[j] -= 1e-5
            measured[j] = (loss({**params, key: up}) - loss({**params, key: down})) / 2e-5
        top += np.linalg.norm(computed[key] - measured)
        bottom += np.linalg.norm(computed[key]) + np.linalg.norm(measured)
    return sorted(params) if top > 1e-5 * bottom else []


@wrong("05.6", "You look at the network's keys only; the parameters may have any names.")
def find_wrong(loss, gradients, params):
    wrong, computed = [], gradients(params)
    for key in ["W1", "W2", "W3", "b1", "b2", "b3"]:
        if key not in params:
            continue
        value = params[key]
        measured = np.zeros(value.shape)
        for j in np.ndindex(value.shape):
            up, down = value.copy(), value.copy()
            up[j] += 1e-5
            down[j] -= 1e-5
            measured[j] = (loss({**params, key: up}) - loss({**params, key: down})) / 2e-5
        lengths = np.linalg.norm(computed[key]) + np.linalg.norm(measured)
        if np.linalg.norm(computed[key] - measured) > 1e-5 * lengths:
            wrong.append(key)
    return wrong


@wrong("05.6", "One bug is left: W1 and b1 are mended, but b2 is not.")
def mended_gradients(p):
    g = suspect_gradients(p)
    u1 = np.tanh(X_SIX @ p["W1"] + p["b1"])
    u2 = np.tanh(u1 @ p["W2"] + p["b2"])
    e3 = (u2 @ p["W3"] + p["b3"] - Y_SIX) / len(X_SIX)
    e1 = e3 @ p["W3"].T * (1 - u2**2) @ p["W2"].T * (1 - u1**2)
    return {**g, "W1": X_SIX.T @ e1, "b1": e1.sum(axis=0)}


@wrong("05.6", "One bug is left: b2 is mended, but the errors of the first layer are not.")
def mended_gradients(p):
    g = suspect_gradients(p)
    return {**g, "b2": g["b2"] * len(X_SIX)}


@wrong("05.6", "You made all biases alike, but the wrong way: 1/N is in the first error already.")
def mended_gradients(p):
    u1 = np.tanh(X_SIX @ p["W1"] + p["b1"])
    u2 = np.tanh(u1 @ p["W2"] + p["b2"])
    e3 = (u2 @ p["W3"] + p["b3"] - Y_SIX) / len(X_SIX)
    e2 = e3 @ p["W3"].T * (1 - u2**2)
    e1 = e2 @ p["W2"].T * (1 - u1**2)
    g = {"W3": u2.T @ e3, "W2": u1.T @ e2, "W1": X_SIX.T @ e1}
    return {**g, "b3": e3.mean(axis=0), "b2": e2.mean(axis=0), "b1": e1.mean(axis=0)}


@wrong("05.6", "W2 and W3 were right before you touched them: their errors are not to be changed.")
def mended_gradients(p):
    u1 = np.tanh(X_SIX @ p["W1"] + p["b1"])
    u2 = np.tanh(u1 @ p["W2"] + p["b2"])
    e3 = u2 @ p["W3"] + p["b3"] - Y_SIX
    e2 = e3 @ p["W3"].T * (1 - u2**2)
    e1 = e2 @ p["W2"].T * (1 - u1**2)
    g = {"W3": u2.T @ e3, "W2": u1.T @ e2, "W1": X_SIX.T @ e1}
    return {**g, "b3": e3.sum(axis=0), "b2": e2.sum(axis=0), "b1": e1.sum(axis=0)}


@wrong("05.6", "The slope in the first layer was right: it is the weights that are turned round.")
def mended_gradients(p):
    u1 = np.tanh(X_SIX @ p["W1"] + p["b1"])
    u2 = np.tanh(u1 @ p["W2"] + p["b2"])
    e3 = (u2 @ p["W3"] + p["b3"] - Y_SIX) / len(X_SIX)
    e2 = e3 @ p["W3"].T * (1 - u2**2)
    e1 = e2 @ p["W2"] * (1 - u2**2)
    g = {"W3": u2.T @ e3, "W2": u1.T @ e2, "W1": X_SIX.T @ e1}
    return {**g, "b3": e3.sum(axis=0), "b2": e2.sum(axis=0), "b1": e1.sum(axis=0)}


@wrong("05.6", "The d of layer 2 is to be summed over the objects for b2, not over the units too.")
def mended_gradients(p):
    u1 = np.tanh(X_SIX @ p["W1"] + p["b1"])
    u2 = np.tanh(u1 @ p["W2"] + p["b2"])
    e3 = (u2 @ p["W3"] + p["b3"] - Y_SIX) / len(X_SIX)
    e2 = e3 @ p["W3"].T * (1 - u2**2)
    e1 = e2 @ p["W2"].T * (1 - u1**2)
    g = {"W3": u2.T @ e3, "W2": u1.T @ e2, "W1": X_SIX.T @ e1}
    return {**g, "b3": e3.sum(axis=0), "b2": e2.sum(), "b1": e1.sum(axis=0)}


@wrong("05.6", "That is still the suspect's gradient: nothing has been mended.")
def mended_gradients(p):
    return suspect_gradients(p)


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


@wrong("05.7", "The error of the hidden layer goes back through W2 as it was before the step.")
def train(params, x, t, order, eta, lam, goal):
    W1, b1, W2, b2 = (params[key].copy() for key in ("W1", "b1", "W2", "b2"))
    Q, steps = np.mean((np.tanh(x @ W1 + b1) @ W2 + b2 - t) ** 2) / 2, 0
    for i in order:
        h = np.tanh(x[i : i + 1] @ W1 + b1)
        d2 = h @ W2 + b2 - t[i : i + 1]
        W2 -= eta * h.T @ d2
        b2 -= eta * d2[0]
        d1 = d2 @ W2.T * (1 - h**2)
        W1 -= eta * x[i : i + 1].T @ d1
        b1 -= eta * d1[0]
        Q, steps = (1 - lam) * Q + lam * d2[0, 0] ** 2 / 2, steps + 1
        if goal > Q:
            break
    return {"W1": W1, "b1": b1, "W2": W2, "b2": b2}, Q, steps


@wrong("05.7", "Your steps climb: subtract the gradient.")
def train(params, x, t, order, eta, lam, goal):
    W1, b1, W2, b2 = (params[key].copy() for key in ("W1", "b1", "W2", "b2"))
    Q, steps = np.mean((np.tanh(x @ W1 + b1) @ W2 + b2 - t) ** 2) / 2, 0
    for i in order:
        h = np.tanh(x[i : i + 1] @ W1 + b1)
        d2 = h @ W2 + b2 - t[i : i + 1]
        d1 = d2 @ W2.T * (1 - h**2)
        W2 += eta * h.T @ d2
        b2 += eta * d2[0]
        W1 += eta * x[i : i + 1].T @ d1
        b1 += eta * d1[0]
        Q, steps = (1 - lam) * Q + lam * d2[0, 0] ** 2 / 2, steps + 1
        if goal > Q:
            break
    return {"W1": W1, "b1": b1, "W2": W2, "b2": b2}, Q, steps


@wrong("05.7", "The slope of tanh is missing on the way back.")
def train(params, x, t, order, eta, lam, goal):
    W1, b1, W2, b2 = (params[key].copy() for key in ("W1", "b1", "W2", "b2"))
    Q, steps = np.mean((np.tanh(x @ W1 + b1) @ W2 + b2 - t) ** 2) / 2, 0
    for i in order:
        h = np.tanh(x[i : i + 1] @ W1 + b1)
        d2 = h @ W2 + b2 - t[i : i + 1]
        d1 = d2 @ W2.T
        W2 -= eta * h.T @ d2
        b2 -= eta * d2[0]
        W1 -= eta * x[i : i + 1].T @ d1
        b1 -= eta * d1[0]
        Q, steps = (1 - lam) * Q + lam * d2[0, 0] ** 2 / 2, steps + 1
        if goal > Q:
            break
    return {"W1": W1, "b1": b1, "W2": W2, "b2": b2}, Q, steps


@wrong("05.7", "You take tanh of h for the slope, but h is tanh of the sum already.")
def train(params, x, t, order, eta, lam, goal):
    W1, b1, W2, b2 = (params[key].copy() for key in ("W1", "b1", "W2", "b2"))
    Q, steps = np.mean((np.tanh(x @ W1 + b1) @ W2 + b2 - t) ** 2) / 2, 0
    for i in order:
        h = np.tanh(x[i : i + 1] @ W1 + b1)
        d2 = h @ W2 + b2 - t[i : i + 1]
        d1 = d2 @ W2.T * (1 - np.tanh(h) ** 2)
        W2 -= eta * h.T @ d2
        b2 -= eta * d2[0]
        W1 -= eta * x[i : i + 1].T @ d1
        b1 -= eta * d1[0]
        Q, steps = (1 - lam) * Q + lam * d2[0, 0] ** 2 / 2, steps + 1
        if goal > Q:
            break
    return {"W1": W1, "b1": b1, "W2": W2, "b2": b2}, Q, steps


@wrong("05.7", "Your biases never change; they are parameters, too.")
def train(params, x, t, order, eta, lam, goal):
    W1, b1, W2, b2 = (params[key].copy() for key in ("W1", "b1", "W2", "b2"))
    Q, steps = np.mean((np.tanh(x @ W1 + b1) @ W2 + b2 - t) ** 2) / 2, 0
    for i in order:
        h = np.tanh(x[i : i + 1] @ W1 + b1)
        d2 = h @ W2 + b2 - t[i : i + 1]
        d1 = d2 @ W2.T * (1 - h**2)
        W2 -= eta * h.T @ d2
        W1 -= eta * x[i : i + 1].T @ d1
        Q, steps = (1 - lam) * Q + lam * d2[0, 0] ** 2 / 2, steps + 1
        if goal > Q:
            break
    return {"W1": W1, "b1": b1, "W2": W2, "b2": b2}, Q, steps


@wrong("05.7", "You step along the gradient of the whole batch; each step is for one object.")
def train(params, x, t, order, eta, lam, goal):
    W1, b1, W2, b2 = (params[key].copy() for key in ("W1", "b1", "W2", "b2"))
    Q, steps = np.mean((np.tanh(x @ W1 + b1) @ W2 + b2 - t) ** 2) / 2, 0
    for i in order:
        h = np.tanh(x @ W1 + b1)
        d2 = (h @ W2 + b2 - t) / len(x)
        d1 = d2 @ W2.T * (1 - h**2)
        loss = (d2[i, 0] * len(x)) ** 2 / 2
        W2 -= eta * h.T @ d2
        b2 -= eta * d2.sum(axis=0)
        W1 -= eta * x.T @ d1
        b1 -= eta * d1.sum(axis=0)
        Q, steps = (1 - lam) * Q + lam * loss, steps + 1
        if goal > Q:
            break
    return {"W1": W1, "b1": b1, "W2": W2, "b2": b2}, Q, steps


@wrong("05.7", "You count 0, 1, 2, … through the objects; their numbers are in `order`.")
def train(params, x, t, order, eta, lam, goal):
    W1, b1, W2, b2 = (params[key].copy() for key in ("W1", "b1", "W2", "b2"))
    Q, steps = np.mean((np.tanh(x @ W1 + b1) @ W2 + b2 - t) ** 2) / 2, 0
    for step in range(len(order)):
        i = step % len(x)
        h = np.tanh(x[i : i + 1] @ W1 + b1)
        d2 = h @ W2 + b2 - t[i : i + 1]
        d1 = d2 @ W2.T * (1 - h**2)
        W2 -= eta * h.T @ d2
        b2 -= eta * d2[0]
        W1 -= eta * x[i : i + 1].T @ d1
        b1 -= eta * d1[0]
        Q, steps = (1 - lam) * Q + lam * d2[0, 0] ** 2 / 2, steps + 1
        if goal > Q:
            break
    return {"W1": W1, "b1": b1, "W2": W2, "b2": b2}, Q, steps


@wrong("05.7", "The square's 2 and the loss's ½ cancel: your gradient is twice too long.")
def train(params, x, t, order, eta, lam, goal):
    W1, b1, W2, b2 = (params[key].copy() for key in ("W1", "b1", "W2", "b2"))
    Q, steps = np.mean((np.tanh(x @ W1 + b1) @ W2 + b2 - t) ** 2) / 2, 0
    for i in order:
        h = np.tanh(x[i : i + 1] @ W1 + b1)
        d2 = 2 * (h @ W2 + b2 - t[i : i + 1])
        d1 = d2 @ W2.T * (1 - h**2)
        W2 -= eta * h.T @ d2
        b2 -= eta * d2[0]
        W1 -= eta * x[i : i + 1].T @ d1
        b1 -= eta * d1[0]
        Q, steps = (1 - lam) * Q + lam * d2[0, 0] ** 2 / 8, steps + 1
        if goal > Q:
            break
    return {"W1": W1, "b1": b1, "W2": W2, "b2": b2}, Q, steps


@wrong("05.7", "Q starts at 0, as if all were learnt; it starts as the mean loss.")
def train(params, x, t, order, eta, lam, goal):
    W1, b1, W2, b2 = (params[key].copy() for key in ("W1", "b1", "W2", "b2"))
    Q, steps = 0.0, 0
    for i in order:
        h = np.tanh(x[i : i + 1] @ W1 + b1)
        d2 = h @ W2 + b2 - t[i : i + 1]
        d1 = d2 @ W2.T * (1 - h**2)
        W2 -= eta * h.T @ d2
        b2 -= eta * d2[0]
        W1 -= eta * x[i : i + 1].T @ d1
        b1 -= eta * d1[0]
        Q, steps = (1 - lam) * Q + lam * d2[0, 0] ** 2 / 2, steps + 1
        if goal > Q:
            break
    return {"W1": W1, "b1": b1, "W2": W2, "b2": b2}, Q, steps


@wrong("05.7", "λ weighs the new loss and 1 − λ the old Q: you have them the other way.")
def train(params, x, t, order, eta, lam, goal):
    W1, b1, W2, b2 = (params[key].copy() for key in ("W1", "b1", "W2", "b2"))
    Q, steps = np.mean((np.tanh(x @ W1 + b1) @ W2 + b2 - t) ** 2) / 2, 0
    for i in order:
        h = np.tanh(x[i : i + 1] @ W1 + b1)
        d2 = h @ W2 + b2 - t[i : i + 1]
        d1 = d2 @ W2.T * (1 - h**2)
        W2 -= eta * h.T @ d2
        b2 -= eta * d2[0]
        W1 -= eta * x[i : i + 1].T @ d1
        b1 -= eta * d1[0]
        Q, steps = lam * Q + (1 - lam) * d2[0, 0] ** 2 / 2, steps + 1
        if goal > Q:
            break
    return {"W1": W1, "b1": b1, "W2": W2, "b2": b2}, Q, steps


@wrong("05.7", "One lucky object stops your training: it is Q that has to be below the goal.")
def train(params, x, t, order, eta, lam, goal):
    W1, b1, W2, b2 = (params[key].copy() for key in ("W1", "b1", "W2", "b2"))
    Q, steps = np.mean((np.tanh(x @ W1 + b1) @ W2 + b2 - t) ** 2) / 2, 0
    for i in order:
        h = np.tanh(x[i : i + 1] @ W1 + b1)
        d2 = h @ W2 + b2 - t[i : i + 1]
        d1 = d2 @ W2.T * (1 - h**2)
        W2 -= eta * h.T @ d2
        b2 -= eta * d2[0]
        W1 -= eta * x[i : i + 1].T @ d1
        b1 -= eta * d1[0]
        Q, steps = (1 - lam) * Q + lam * d2[0, 0] ** 2 / 2, steps + 1
        if d2[0, 0] ** 2 / 2 < goal:
            break
    return {"W1": W1, "b1": b1, "W2": W2, "b2": b2}, Q, steps


@wrong("05.7", "Your training never stops before the end of `order`.")
def train(params, x, t, order, eta, lam, goal):
    W1, b1, W2, b2 = (params[key].copy() for key in ("W1", "b1", "W2", "b2"))
    Q, steps = np.mean((np.tanh(x @ W1 + b1) @ W2 + b2 - t) ** 2) / 2, 0
    for i in order:
        h = np.tanh(x[i : i + 1] @ W1 + b1)
        d2 = h @ W2 + b2 - t[i : i + 1]
        d1 = d2 @ W2.T * (1 - h**2)
        W2 -= eta * h.T @ d2
        b2 -= eta * d2[0]
        W1 -= eta * x[i : i + 1].T @ d1
        b1 -= eta * d1[0]
        Q, steps = (1 - lam) * Q + lam * d2[0, 0] ** 2 / 2, steps + 1
    return {"W1": W1, "b1": b1, "W2": W2, "b2": b2}, Q, steps


@wrong("05.7", "The loss in Q is from before the step; you compute it once more after it.")
def train(params, x, t, order, eta, lam, goal):
    W1, b1, W2, b2 = (params[key].copy() for key in ("W1", "b1", "W2", "b2"))
    Q, steps = np.mean((np.tanh(x @ W1 + b1) @ W2 + b2 - t) ** 2) / 2, 0
    for i in order:
        h = np.tanh(x[i : i + 1] @ W1 + b1)
        d2 = h @ W2 + b2 - t[i : i + 1]
        d1 = d2 @ W2.T * (1 - h**2)
        W2 -= eta * h.T @ d2
        b2 -= eta * d2[0]
        W1 -= eta * x[i : i + 1].T @ d1
        b1 -= eta * d1[0]
        after = np.tanh(x[i] @ W1 + b1) @ W2 + b2 - t[i]
        Q, steps = (1 - lam) * Q + lam * after[0] ** 2 / 2, steps + 1
        if goal > Q:
            break
    return {"W1": W1, "b1": b1, "W2": W2, "b2": b2}, Q, steps


@wrong("05.7", "The ½ of the loss is missing from Q.")
def train(params, x, t, order, eta, lam, goal):
    W1, b1, W2, b2 = (params[key].copy() for key in ("W1", "b1", "W2", "b2"))
    Q, steps = np.mean((np.tanh(x @ W1 + b1) @ W2 + b2 - t) ** 2), 0
    for i in order:
        h = np.tanh(x[i : i + 1] @ W1 + b1)
        d2 = h @ W2 + b2 - t[i : i + 1]
        d1 = d2 @ W2.T * (1 - h**2)
        W2 -= eta * h.T @ d2
        b2 -= eta * d2[0]
        W1 -= eta * x[i : i + 1].T @ d1
        b1 -= eta * d1[0]
        Q, steps = (1 - lam) * Q + lam * d2[0, 0] ** 2, steps + 1
        if goal > Q:
            break
    return {"W1": W1, "b1": b1, "W2": W2, "b2": b2}, Q, steps


@wrong("05.7", "The step that brings Q below the goal was made: it counts.")
def train(params, x, t, order, eta, lam, goal):
    W1, b1, W2, b2 = (params[key].copy() for key in ("W1", "b1", "W2", "b2"))
    Q, steps = np.mean((np.tanh(x @ W1 + b1) @ W2 + b2 - t) ** 2) / 2, 0
    for i in order:
        h = np.tanh(x[i : i + 1] @ W1 + b1)
        d2 = h @ W2 + b2 - t[i : i + 1]
        d1 = d2 @ W2.T * (1 - h**2)
        W2 -= eta * h.T @ d2
        b2 -= eta * d2[0]
        W1 -= eta * x[i : i + 1].T @ d1
        b1 -= eta * d1[0]
        Q = (1 - lam) * Q + lam * d2[0, 0] ** 2 / 2
        if goal > Q:
            break
        steps += 1
    return {"W1": W1, "b1": b1, "W2": W2, "b2": b2}, Q, steps


@wrong("05.7", "You return the parameters that training started from.")
def train(params, x, t, order, eta, lam, goal):
    W1, b1, W2, b2 = (params[key].copy() for key in ("W1", "b1", "W2", "b2"))
    Q, steps = np.mean((np.tanh(x @ W1 + b1) @ W2 + b2 - t) ** 2) / 2, 0
    for i in order:
        h = np.tanh(x[i : i + 1] @ W1 + b1)
        d2 = h @ W2 + b2 - t[i : i + 1]
        d1 = d2 @ W2.T * (1 - h**2)
        W2 -= eta * h.T @ d2
        b2 -= eta * d2[0]
        W1 -= eta * x[i : i + 1].T @ d1
        b1 -= eta * d1[0]
        Q, steps = (1 - lam) * Q + lam * d2[0, 0] ** 2 / 2, steps + 1
        if goal > Q:
            break
    return params, Q, steps


@wrong("05.7", "From weights that are all zero no hidden unit ever learns anything.")
def learn_xor(seed):
    draw = np.random.default_rng(seed)
    start = {"W1": np.zeros((2, 8)), "b1": np.zeros(8), "W2": np.zeros((8, 1)), "b2": np.zeros(1)}
    return train(start, X_XOR, T_XOR, draw.integers(4, size=4000), 0.02, 0.02, 0.0)[0]


@wrong("05.7", "Your weights don't depend on the seed.")
def learn_xor(seed):
    draw = np.random.default_rng(0)
    start = {"W1": draw.normal(size=(2, 8)), "b1": draw.normal(size=8)}
    start |= {"W2": draw.normal(size=(8, 1)) / 3, "b2": np.zeros(1)}
    return train(start, X_XOR, T_XOR, draw.integers(4, size=3000), 0.2, 0.02, 0.0)[0]


@wrong("05.7", "These weights were found by hand; they are to be learnt.")
def learn_xor(seed):
    W1 = np.array([[1.0, 1.0], [1.0, 1.0]]) * 40
    b1 = np.array([-0.5, -1.5]) * 40
    return {"W1": W1, "b1": b1, "W2": np.array([[0.5], [-0.5]]), "b2": np.zeros(1)}


@wrong("05.7", "Your network is not trained: these are the weights that were drawn.")
def learn_xor(seed):
    draw = np.random.default_rng(seed)
    start = {"W1": draw.normal(size=(2, 8)), "b1": draw.normal(size=8)}
    return start | {"W2": draw.normal(size=(8, 1)) / 3, "b2": np.zeros(1)}


@wrong("05.7", "A single hidden neuron is no more than a line: XOR takes at least two.")
def learn_xor(seed):
    draw = np.random.default_rng(seed)
    start = {"W1": draw.normal(size=(2, 1)), "b1": draw.normal(size=1)}
    start |= {"W2": draw.normal(size=(1, 1)), "b2": np.zeros(1)}
    return train(start, X_XOR, T_XOR, np.tile([2, 0, 3, 1], 500), 0.05, 0.02, 0.0)[0]


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
