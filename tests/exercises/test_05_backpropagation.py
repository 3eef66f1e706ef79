"""Tests of exercise 05.

The tolerance is that of single precision with a reserve, which is far below any of the differences
that the known mistakes make. Weights are drawn so that no activation is flat, no sum is zero and
no two units are alike. Each quantity is compared for nets whose widths all differ, with more
features than objects and the reverse, and for one whose matrices are all square, where shapes
give no advice.
"""

from itertools import pairwise

import numpy as np

from coursekit.grading import close, parametrize, task
from coursekit.grading.judge.comparison import as_numbers

FLOAT32 = 1e-4  # relative; a few products of matrices in single precision are good to 1e-5
TINY = 1e-6  # absolute; gradients are of the order of 0.01 to 1
NAN = float("nan")


def values_of(answer, names):
    """Take the values that a function should return apart."""
    assert isinstance(answer, tuple | list) and len(answer) == len(names.split(", ")), (
        f"Return {len(names.split(', '))} values, `{names}`."
    )
    return answer


def list_of(answer, length, name):
    """View a returned value as a list with an entry for each layer."""
    assert isinstance(answer, tuple | list), f"`{name}` should be a list with an entry per layer."
    assert len(answer) == length, (
        f"`{name}` should have {length} entries; it has {len(answer)} of them."
    )
    return answer


def dict_of(answer, keys, name):
    """View a returned value as a dictionary with these keys."""
    assert isinstance(answer, dict), f"Return `{name}` as a dictionary."
    missing = [key for key in keys if key not in answer]
    assert not missing, f"The dictionary has no key {missing[0]!r}."
    return answer


def same(got, want, what):
    """Compare with this file's tolerance."""
    close(got, want, what, rtol=FLOAT32, atol=TINY)


# 05.1 The chain rule on a graph

GRAPHS = [(0.5, 0.3, 2.0, 1.5, 0.7), (-0.8, 1.1, -1.3, 0.6, 2.2), (0.9, -0.2, 0.4, -1.7, -0.5)]


def compare_nodes(student, reference, keys):
    """Compare the derivatives by some of the nodes in all three graphs."""
    for numbers in GRAPHS:
        got = dict_of(student.derivatives(*numbers), keys, "the derivatives")
        want = reference.derivatives(*numbers)
        a, b, c, x, t = numbers
        for key in keys:
            same(got[key], want[key], f"the derivative by {key} for {a=}, {b=}, {c=}, {x=}, {t=}")


@task("05.1", points=1)
def test_nodes_near_the_loss(student, reference):
    """The derivatives by y, p, q and c, which are nearest to the loss."""
    compare_nodes(student, reference, ["y", "p", "q", "c"])


@task("05.1", points=1)
def test_nodes_used_twice(student, reference):
    """The derivatives by h and s, which are used twice."""
    compare_nodes(student, reference, ["h", "s"])


@task("05.1", points=1)
def test_first_parameters(student, reference):
    """The derivatives by a and b, where the way back ends."""
    compare_nodes(student, reference, ["a", "b"])


# 05.2 A layer, forward


def layers(rng):
    """Draw inputs and layers; their biases are as large as their sums."""
    for N, n_in, n_out, activation in [(2, 5, 3, "tanh"), (6, 2, 4, "sigmoid"), (3, 3, 3, "tanh")]:
        W = rng.normal(size=(n_in, n_out)) / np.sqrt(n_in)
        yield rng.normal(size=(N, n_in)), W, rng.uniform(0.4, 1.0, size=n_out), activation


@task("05.2", points=1)
def test_layer_outputs(student, reference, rng):
    """The outputs of layers with tanh and with sigmoid."""
    for x, W, b, activation in layers(rng):
        y, _ = values_of(student.layer_forward(x, W, b, activation), "y, z")
        want = reference.layer_forward(x, W, b, activation)[0]
        same(y, want, f"`y` for {activation} and `W` of shape {W.shape}")


@task("05.2", points=1)
def test_layer_slopes(student, reference, rng):
    """The slopes of these layers, and of one without activation."""
    drawn = list(layers(rng))
    for x, W, b, activation in [*drawn, (*drawn[1][:3], "linear")]:
        _, z = values_of(student.layer_forward(x, W, b, activation), "y, z")
        want = reference.layer_forward(x, W, b, activation)[1]
        same(z, want, f"`z` for {activation} and `W` of shape {W.shape}")


# 05.3 The lecture's algorithm, with loops

NETS = {
    "2-3-4-2": [None, "tanh", "sigmoid", "linear"],
    "3-3-3": [None, "sigmoid", "tanh"],
    "4-2": [None, "sigmoid"],
}


def network(rng, name):
    """Draw weights in the lecture's storage, an object and a target."""
    H = [int(width) for width in name.split("-")]
    w = [None]
    for below, width in pairwise(H):
        w_l = rng.normal(size=(below + 1, width + 1))
        w_l[0] = rng.uniform(0.3, 1.0, size=width + 1) * rng.choice([-1, 1], size=width + 1)
        w_l[:, 0] = NAN
        w.append(w_l)
    x_i = rng.uniform(0.5, 1.5, size=H[0]) * rng.choice([-1, 1], size=H[0])
    return w, x_i, rng.normal(size=H[-1])


def units(entry, width, name):
    """View an array of a layer's units; where index 0 holds nothing, it may hold anything."""
    numbers = as_numbers(entry)
    assert numbers is not None and numbers.shape == (width + 1,), (
        f"`{name}` should be an array of shape ({width + 1},), with index 0 for the constant."
    )
    return numbers


@task("05.3", points=1)
def test_forward_outputs(student, reference, rng):
    """The outputs x of all units of networks 2-3-4-2, 3-3-3 and 4-2."""
    for name, sigma in NETS.items():
        w, x_i, _ = network(rng, name)
        x, _ = values_of(student.forward(w, x_i, sigma), "x, z")
        want = reference.forward(w, x_i, sigma)[0]
        list_of(x, len(w), "x")
        for layer in range(len(w)):
            mine = units(x[layer], len(want[layer]) - 1, f"x[{layer}]")
            first = 1 if layer == len(w) - 1 else 0  # nobody reads the last layer's constant
            what = f"`x[{layer}]{'[1:]' * first}` of the network {name}"
            same(mine[first:], want[layer][first:], what)


@task("05.3", points=1)
def test_forward_slopes(student, reference, rng):
    """The slopes z of all units of these networks."""
    for name, sigma in NETS.items():
        w, x_i, _ = network(rng, name)
        _, z = values_of(student.forward(w, x_i, sigma), "x, z")
        want = reference.forward(w, x_i, sigma)[1]
        list_of(z, len(w), "z")
        for layer, z_l in enumerate(want[1:], start=1):
            mine = units(z[layer], len(z_l) - 1, f"z[{layer}]")
            same(mine[1:], z_l[1:], f"`z[{layer}][1:]` of the network {name}")


@task("05.3", points=2)
def test_errors(student, reference, rng):
    """The errors of all units of these networks, for given slopes and errors of the last layer."""
    for name in NETS:
        w, _, _ = network(rng, name)
        slopes = [rng.uniform(0.2, 0.9, size=w_l.shape[1] - 1) for w_l in w[1:]]
        z = [None, *(np.append(NAN, z_l) for z_l in slopes)]
        eps_L = np.append(NAN, rng.uniform(0.5, 1.5, size=w[-1].shape[1] - 1))
        got = list_of(student.errors(w, z, eps_L), len(w), "eps")
        want = reference.errors(w, z, eps_L)
        for layer in reversed(range(1, len(w))):
            mine = units(got[layer], len(want[layer]) - 1, f"eps[{layer}]")
            same(mine[1:], want[layer][1:], f"`eps[{layer}][1:]` of the network {name}")


@task("05.3", points=0.5)
def test_step_loss(student, reference, rng):
    """The loss of one object before a step."""
    for name, sigma in NETS.items():
        w, x_i, y_i = network(rng, name)
        _, loss = values_of(student.train_step(w, x_i, y_i, sigma, 0.6), "w, loss")
        want = reference.train_step(w, x_i, y_i, sigma, 0.6)[1]
        same(loss, want, f"the loss of the network {name}")


@task("05.3", points=1.5)
def test_step_weights(student, reference, rng):
    """The weights after one step with a large rate, 0.6, where the order of updates shows."""
    for name, sigma in NETS.items():
        w, x_i, y_i = network(rng, name)
        new, _ = values_of(student.train_step(w, x_i, y_i, sigma, 0.6), "w, loss")
        want, _ = reference.train_step(w, x_i, y_i, sigma, 0.6)
        list_of(new, len(w), "w")
        for layer in reversed(range(1, len(w))):
            mine = as_numbers(new[layer])
            assert mine is not None and mine.shape == w[layer].shape, (
                f"The new `w[{layer}]` should be an array of the old one's shape, {w[layer].shape}."
            )
            same(
                mine[:, 1:],
                want[layer][:, 1:],
                f"the new `w[{layer}][:, 1:]` of the network {name}",
            )


# 05.4 The same with matrices

BATCHES = {
    "5-4-3-2": (3, ["tanh", "sigmoid", "linear"]),
    "2-6-1": (9, ["sigmoid", "tanh"]),
    "3-3-3-3": (3, ["tanh", "tanh", "sigmoid"]),
}


def batches(student, reference, rng):
    """Run a batch through each network; yield what came, what should, and a name."""
    for name, (N, sigma) in BATCHES.items():
        H = [int(width) for width in name.split("-")]
        W = [rng.normal(size=size) / np.sqrt(size[0]) for size in pairwise(H)]
        b = [rng.uniform(0.3, 0.8, size=width) for width in H[1:]]
        X, Y = rng.normal(size=(N, H[0])), rng.normal(size=(N, H[-1]))
        loss, dW, db = values_of(student.backprop(W, b, X, Y, sigma), "loss, dW, db")
        want = reference.backprop(W, b, X, Y, sigma)
        list_of(dW, len(W), "dW")
        list_of(db, len(W), "db")
        yield (loss, dW, db), want, f"of the network {name} for {N} objects"


@task("05.4", points=1)
def test_batch_loss(student, reference, rng):
    """The mean loss of three networks, two of them with three objects and one with nine."""
    for got, want, name in batches(student, reference, rng):
        same(got[0], want[0], f"the loss {name}")


@task("05.4", points=1)
def test_batch_last_layer(student, reference, rng):
    """The derivatives by the weights of the last layer."""
    for got, want, name in batches(student, reference, rng):
        same(got[1][-1], want[1][-1], f"`dW[{len(want[1]) - 1}]` {name}")


@task("05.4", points=2)
def test_batch_hidden_layers(student, reference, rng):
    """The derivatives by the weights of all hidden layers."""
    for got, want, name in batches(student, reference, rng):
        for layer in reversed(range(len(want[1]) - 1)):
            same(got[1][layer], want[1][layer], f"`dW[{layer}]` {name}")


@task("05.4", points=1)
def test_batch_biases(student, reference, rng):
    """The derivatives by the biases of all layers."""
    for got, want, name in batches(student, reference, rng):
        for layer in reversed(range(len(want[2]))):
            same(got[2][layer], want[2][layer], f"`db[{layer}]` {name}")


# 05.5 A gradient by measurement

# With the step 0.1 the central, the one-sided and the exact slope differ by some per cent. With
# 1e-5 a central difference is good to 1e-9 of values of about 10; the tolerances leave a reserve.
POINTS = {
    "a vector": np.array([0.7, -1.2, 0.4, 1.9]),
    "a matrix": np.array([[1.3, 0.2, -0.6], [0.9, -1.5, 0.5]]),
    "an array with three axes": np.array([[[0.3], [1.1]], [[-0.8], [0.6]]]),
}


@task("05.5", points=1)
@parametrize("h", [0.1, 1e-5])
def test_numerical_gradient(h, student, reference):
    """The gradient of `tangle` at arrays with one, two and three axes, with the step {h}."""
    for name, theta in POINTS.items():
        got = student.numerical_gradient(student.tangle, theta, h)
        want = reference.numerical_gradient(reference.tangle, theta, h)
        close(got, want, f"the gradient at {name}", rtol=1e-6, atol=1e-7)


@task("05.5", points=0.5)
def test_numerical_gradient_whole_numbers(student, reference):
    """The gradient of `tangle` at whole numbers."""
    theta = np.array([[1, -1, 2], [3, 1, -2]])
    got = student.numerical_gradient(student.tangle, theta, 0.1)
    want = reference.numerical_gradient(reference.tangle, theta, 0.1)
    close(got, want, "the gradient at whole numbers", rtol=1e-6, atol=1e-7)


@task("05.5", points=0.5)
def test_relative_error(student, reference, rng):
    """Relative errors of two vectors, two matrices, opposite and short vectors, and zeros."""
    g, m = rng.normal(size=5), rng.normal(size=5)
    G = rng.normal(size=(3, 2))
    cases = {
        "two vectors": (g, m),
        "two matrices that nearly agree": (G, G * 1.01 + 0.02),
        "a vector and its opposite": (g, -g),
        "two short vectors": (g / 100, m / 200),
        "two zero vectors": (np.zeros(3), np.zeros(3)),
    }
    for name, (one, other) in cases.items():
        same(
            student.relative_error(one, other),
            reference.relative_error(one, other),
            f"the relative error of {name}",
        )


# 05.6 Find the bugs


def names(answer):
    """View an answer as a list of names."""
    assert isinstance(answer, tuple | list) and all(isinstance(name, str) for name in answer), (
        "Return a list of keys, that is of strings."
    )
    return list(answer)


def network_parameters(rng):
    """Draw parameters for the network 3-4-4-2 of the setup."""
    widths = [3, 4, 4, 2]
    p = {}
    for layer, (n_in, n_out) in enumerate(pairwise(widths), start=1):
        p[f"W{layer}"] = rng.normal(size=(n_in, n_out)) / np.sqrt(n_in)
        p[f"b{layer}"] = rng.uniform(-0.5, 0.5, size=n_out)
    return p


@task("05.6", points=1)
def test_find_wrong_network(student, reference, rng):
    """The wrong arrays of `suspect_gradients`, for two sets of parameters."""
    for round in ("first", "second"):
        p = network_parameters(rng)
        got = names(student.find_wrong(student.network_loss, student.suspect_gradients, p))
        want = reference.find_wrong(reference.network_loss, reference.suspect_gradients, p)
        spared, accused = sorted(set(want) - set(got)), sorted(set(got) - set(want))
        assert not spared, (
            f"For the {round} parameters your check overlooks a wrong array of the network."
        )
        assert not accused, (
            f"For the {round} parameters your check accuses {accused[0]!r}, which is right."
        )
        assert got == sorted(got), "Sort the list of keys."


@task("05.6", points=1)
def test_find_wrong_curve(student, reference):
    """The wrong arrays of `curve_gradients`, one of which is wrong by less than one per cent."""
    for shift in (0.8, 0.002):  # at the second the slope's absolute error is below 1e-5
        p = {
            "slope": np.array([0.4, 1.2]),
            "shift": np.array([[shift]]),
            "idle": np.array([1.5, -0.5]),
            "bend": np.array([0.6, -1.3, 0.9]),
        }
        got = names(student.find_wrong(student.curve_loss, student.curve_gradients, p))
        want = reference.find_wrong(reference.curve_loss, reference.curve_gradients, p)
        spared, accused = sorted(set(want) - set(got)), sorted(set(got) - set(want))
        where = f"where `shift` is {shift}"
        assert not spared, f"Your check overlooks {len(spared)} wrong arrays of the curve, {where}."
        assert not accused, f"Your check accuses {accused[0]!r} of the curve, {where}; it is right."
        assert got == sorted(got), "Sort the list of keys."


def compare_mended(student, reference, rng, keys):
    """Compare the mended gradient with the true one, for two sets of parameters."""
    for _ in range(2):
        p = network_parameters(rng)
        got = dict_of(student.mended_gradients(p), keys, "the gradients")
        want = reference.mended_gradients(p)
        for key in keys:
            same(got[key], want[key], f"the mended gradient by {key}")


@task("05.6", points=1)
def test_mended_first_layer(student, reference, rng):
    """The mended gradient by W1 and b1, with W2 and W3 still right."""
    compare_mended(student, reference, rng, ["W3", "W2", "W1", "b1"])


@task("05.6", points=1)
def test_mended_bias(student, reference, rng):
    """The mended gradient by b2, with b3 still right."""
    compare_mended(student, reference, rng, ["b3", "b2"])


# 05.7 A training loop that learns XOR

KEYS = ["W1", "b1", "W2", "b2"]


def start(rng, n, H):
    """Draw the parameters of a network n-H-1."""
    return {
        "W1": rng.normal(size=(n, H)) / np.sqrt(n),
        "b1": rng.uniform(0.2, 0.6, size=H),
        "W2": rng.normal(size=(H, 1)),
        "b2": rng.uniform(0.3, 0.9, size=1),
    }


def trained(student, reference, *arguments):
    """Train; return what came, and what should have come."""
    got = values_of(student.train(*arguments), "params, Q, steps")
    dict_of(got[0], KEYS, "params")
    return got, reference.train(*arguments)


@task("05.7", points=1)
def test_train_one_step(student, reference, rng):
    """The parameters of a network 3-4-1 after one step, for object number 2 of four."""
    x, t = rng.normal(size=(4, 3)), rng.normal(size=(4, 1)) + 2
    got, want = trained(student, reference, start(rng, 3, 4), x, t, [2], 0.3, 0.1, 0.0)
    for key in reversed(KEYS):
        same(got[0][key], want[0][key], f"`{key}` after one step")


@task("05.7", points=1)
def test_train_several_steps(student, reference, rng):
    """The parameters of a network 2-3-1 after eight steps in a given order."""
    x, t = rng.normal(size=(5, 2)), rng.normal(size=(5, 1)) + 1
    order = [3, 0, 0, 4, 2, 1, 4, 3]
    got, want = trained(student, reference, start(rng, 2, 3), x, t, order, 0.15, 0.1, 0.0)
    for key in reversed(KEYS):
        same(got[0][key], want[0][key], f"`{key}` after eight steps")


@task("05.7", points=1)
def test_train_running_loss(student, reference, rng):
    """The running loss after one, two and seven steps."""
    x, t = rng.normal(size=(5, 2)), rng.normal(size=(5, 1)) + 1
    params = start(rng, 2, 3)
    for order in ([1], [3, 0], [3, 0, 4, 4, 1, 2, 0]):
        got, want = trained(student, reference, params, x, t, order, 0.1, 0.2, 0.0)
        what = f"after {len(order)} step{'s' * (len(order) > 1)}"
        same(got[1], want[1], f"`Q` {what}")
        close(got[2], want[2], f"the number of steps {what}")


@task("05.7", points=1)
def test_train_stops(student, reference, rng):
    """When training stops, with a goal that single losses reach long before Q does."""
    x = np.array([[1.0, 0.2], [-1.1, 0.5], [0.3, -0.9], [-0.4, 1.2]])
    t = np.array([[1.5], [-0.5], [0.7], [2.2]])
    params, order = start(rng, 2, 5), rng.integers(4, size=300)
    got, want = trained(student, reference, params, x, t, order, 0.1, 0.1, 0.2)
    close(got[2], want[2], "the number of steps until Q was below the goal")
    same(got[1], want[1], "`Q` at the end")
    same(got[0]["W2"], want[0]["W2"], "`W2` at the end")


@task("05.7", points=2)
def test_learn_xor(student):
    """What your trained networks answer to the four inputs of XOR, from three random starts."""
    x = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
    t = np.array([0.0, 1.0, 1.0, 0.0])
    answers, weights = [], []
    for seed in (3, 14, 159):
        p = dict_of(student.learn_xor(seed), KEYS, "the parameters")
        W1, b1, W2, b2 = (as_numbers(p[key]) for key in KEYS)
        assert all(value is not None and np.isfinite(value).all() for value in (W1, b1, W2, b2)), (
            "All parameters should be arrays of finite numbers."
        )
        H = W1.shape[-1]
        assert (W1.shape, b1.shape, W2.shape, b2.shape) == ((2, H), (H,), (H, 1), (1,)), (
            "The shapes should be (2, H), (H,), (H, 1) and (1,); they are "
            f"{W1.shape}, {b1.shape}, {W2.shape} and {b2.shape}."
        )
        answers.append((np.tanh(x @ W1 + b1) @ W2 + b2)[:, 0])
        weights.append(float(np.sum(W1**2)))
    student.note("answers", np.round(answers, 1) + 0.0)
    student.note("hidden neurons", H)
    student.note("different", bool(np.ptp(weights) > 1e-9))
    for seed, y in zip((3, 14, 159), answers, strict=True):
        worst = int(np.abs(y - t).argmax())
        assert abs(y[worst] - t[worst]) < 0.1, (
            f"From seed {seed}, your network answers {y[worst]:.2f} to {x[worst].astype(int)}."
        )
    assert np.ptp(weights) > 1e-9, "Different seeds should give different weights."
