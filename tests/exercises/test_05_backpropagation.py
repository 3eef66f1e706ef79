"""Tests of exercise 05.

The tolerance is that of single precision with a reserve, which is far below any of the differences
that the known mistakes make. Each quantity is compared for nets whose widths all differ, with more
features than objects and the reverse, and for one whose matrices are all square, where shapes
give no advice. Weights are drawn so that no activation is flat and no two units are alike.
"""

from itertools import pairwise

import numpy as np

from coursekit.grading import Function, WrongAnswer, parts, task
from coursekit.grading.judge.comparison import as_numbers
from coursekit.grading.judge.values import describe

SINGLE = {"rtol": 1e-4, "atol": 1e-6}  # gradients are of the order of 0.01 to 1
NAMES = ("tanh", "sigmoid", "linear")


def signed(rng, shape, low=0.3, high=1.5):
    """Draw numbers of both signs with two digits, none near 0."""
    return rng.uniform(low, high, size=shape).round(2) * rng.choice([-1, 1], size=shape)


def number(rng, low, high, digits=2):
    """Draw a number that is short to write."""
    return round(float(rng.uniform(low, high)), digits)


def several(value, names):
    """Take the values apart that a function should return."""
    listed = names.split(", ")
    if not isinstance(value, (tuple, list)) or len(value) != len(listed):
        text = f"Return {len(listed)} values, `{names}`; yours is {describe(value)}."
        raise WrongAnswer(text, "Is a `return` missing?" if value is None else "")
    return value


def list_of(value, length, name):
    """View a returned value as a list with an entry for each layer."""
    if not isinstance(value, (tuple, list)) or len(value) != length:
        raise WrongAnswer(
            f"`{name}` should be a list of {length} entries; it is {describe(value)}."
        )
    return value


def dict_of(value, keys, name):
    """Take from a dictionary what stands under these keys."""
    if not isinstance(value, dict):
        raise WrongAnswer(f"{name} should be a dictionary; yours is {describe(value)}.")
    missing = [key for key in keys if key not in value]
    assert not missing, f"{name}: the dictionary has no key {missing[0]!r}."
    return {key: value[key] for key in keys}


# 05.1 The chain rule on a graph


def nodes(answer, keys, **numbers):
    """Ask for the derivatives with respect to some of the nodes."""
    d = answer.derivatives(*numbers.values())
    yield "`derivatives(…)`", dict_of(d, keys.split(), "`derivatives(…)`")


def graphs(case, rng, keys):
    """Draw the numbers of two graphs, and for each of them others that differ in one alone."""
    for _ in range(2):
        drawn = dict(zip("abcxt", signed(rng, 5).tolist(), strict=True))
        case(nodes, keys=keys, **drawn)
        for name, value in drawn.items():
            case(nodes, keys=keys, **drawn | {name: round(value * 0.6, 2)})


@task("05.1", points=1, **SINGLE)
def test_nodes_near_the_loss(case, rng):
    """The derivatives with respect to y, p, q and c, which are nearest to the loss."""
    graphs(case, rng, "y p q c")


@task("05.1", points=1, **SINGLE)
def test_nodes_used_twice(case, rng):
    """The derivatives with respect to h and s, which are used twice."""
    graphs(case, rng, "h s")


@task("05.1", points=1, **SINGLE)
def test_first_parameters(case, rng):
    """The derivatives with respect to a and b, where the way back ends."""
    graphs(case, rng, "a b")


# 05.2 A layer, forward


def outputs(answer, x, W, b, activation):
    yield "`y`", several(answer.layer_forward(x, W, b, activation), "y, z")[0]


def slopes(answer, x, W, b, activation):
    yield "`z`", several(answer.layer_forward(x, W, b, activation), "y, z")[1]


def layers(rng):
    """Draw inputs and layers; their biases are as large as their sums."""
    small, middle, large = [*rng.permutation([2, 3]).tolist(), int(rng.integers(4, 6))]
    for N, n_in, n_out in [(1, small, middle), (middle, large, small), (large, 2, 3), (3, 3, 3)]:
        W = signed(rng, (n_in, n_out), 0.3, 1.2)
        yield {"x": signed(rng, (N, n_in), 0.2, 1.0), "W": W, "b": signed(rng, n_out, 0.4, 1.0)}


@task("05.2", points=1, **SINGLE)
def test_layer_outputs(case, rng):
    """The outputs of layers with tanh and with sigmoid."""
    for layer in layers(rng):
        for activation in NAMES[:2]:
            case(outputs, **layer, activation=activation)


@task("05.2", points=1, **SINGLE)
def test_layer_slopes(case, rng):
    """The slopes of layers with tanh, with sigmoid and without activation."""
    for layer in layers(rng):
        for activation in NAMES:
            case(slopes, **layer, activation=activation)


# 05.3 The algorithm as other books write it, with loops


def networks(rng):
    """Draw weights with a row for each unit, biases and the names of activations."""
    square = int(rng.integers(2, 4))
    widths = [[2, 1], [1, 2, 3], [4, 3, 2, 1], [square] * 4]
    for H in [*map(rng.permutation, widths[:3]), widths[3]]:
        H = [int(width) for width in H]
        order = rng.permutation(NAMES).tolist()
        yield {
            "W": [None, *(signed(rng, (above, below), 0.2, 0.9) for below, above in pairwise(H))],
            "b": [None, *(signed(rng, width, 0.3, 0.9) for width in H[1:])],
            "x_i": signed(rng, H[0], 0.4, 1.2),
            "y_i": signed(rng, H[-1]),
            "sigma": [None, *(order * 2)[: len(H) - 1]],
        }


def passed_forward(answer, **net):
    """Go forward; demand two lists in their order."""
    found = several(answer.forward(*net.values()), "x, z")
    lists = [list_of(found[i], len(net["W"]), name) for i, name in enumerate("xz")]
    assert lists[0][0] is not None or lists[1][0] is None, "The order asked for is `x, z`."
    return lists


def unit_outputs(answer, **net):
    for layer, outputs_of_layer in enumerate(passed_forward(answer, **net)[0]):
        yield f"`x[{layer}]`", outputs_of_layer


def unit_slopes(answer, **net):
    for layer, slopes_of_layer in enumerate(passed_forward(answer, **net)[1]):
        yield f"`z[{layer}]`", slopes_of_layer


@task("05.3", points=1, **SINGLE)
def test_forward_outputs(case, rng):
    """The outputs x of all units of four networks with one to three layers."""
    for net in networks(rng):
        del net["y_i"]
        case(unit_outputs, **net)


@task("05.3", points=1, **SINGLE)
def test_forward_slopes(case, rng):
    """The slopes z of all units of such networks."""
    for net in networks(rng):
        del net["y_i"]
        case(unit_slopes, **net)


def unit_deltas(answer, W, z, d_L):
    d = list_of(answer.deltas(W, z, d_L), len(W), "d")
    for layer in reversed(range(len(W))):
        yield f"`d[{layer}]`", d[layer]


@task("05.3", points=2, **SINGLE)
def test_deltas(case, rng):
    """The derivatives d of all units, for given slopes and a given d of the last layer."""
    for net in networks(rng):
        z = [None, *(rng.uniform(0.2, 0.9, size=len(b)).round(2) for b in net["b"][1:])]
        for _ in range(2):
            case(unit_deltas, W=net["W"], z=z, d_L=signed(rng, len(z[-1]), 0.5, 1.5))


STEP = "W, b, loss"


def one_step(answer, **step):
    """Make a step; demand the loss in its place."""
    found = several(answer.train_step(*step.values()), STEP)
    assert not isinstance(found[2], (tuple, list)), f"The order asked for is `{STEP}`."
    return found


def step_loss(answer, **step):
    yield "`loss`", one_step(answer, **step)[2]


def step_weights(answer, **step):
    new_W, new_b, _ = one_step(answer, **step)
    L = len(step["W"])
    new_W, new_b = list_of(new_W, L, "W"), list_of(new_b, L, "b")
    for layer in reversed(range(L)):
        yield f"the new `W[{layer}]`", new_W[layer]
        yield f"the new `b[{layer}]`", new_b[layer]


@task("05.3", points=0.5, **SINGLE)
def test_step_loss(case, rng):
    """The loss of one object before a step."""
    for net in networks(rng):
        case(step_loss, **net, eta=number(rng, 0.4, 0.8))


@task("05.3", points=1.5, **SINGLE)
def test_step_weights(case, rng):
    """The weights and the biases after one step with a large rate."""
    for net in networks(rng):
        for eta in (number(rng, 0.2, 0.4), number(rng, 0.5, 0.9)):
            case(step_weights, **net, eta=eta)


# 05.4 The same with matrices


def batch_loss(answer, **batch):
    yield "`loss`", gradient(answer, **batch)[0]


def last_layer(answer, **batch):
    last = len(batch["W"]) - 1
    yield f"`dW[{last}]`", gradient(answer, **batch)[1][last]


def hidden_layers(answer, **batch):
    dW = gradient(answer, **batch)[1]
    for layer in reversed(range(len(batch["W"]) - 1)):
        yield f"`dW[{layer}]`", dW[layer]


def biases(answer, **batch):
    db = gradient(answer, **batch)[2]
    for layer in reversed(range(len(batch["W"]))):
        yield f"`db[{layer}]`", db[layer]


def gradient(answer, **batch):
    """Call the answer; demand lists of the right length."""
    loss, dW, db = several(answer.backprop(*batch.values()), "loss, dW, db")
    assert not isinstance(loss, (tuple, list)), "The order asked for is `loss, dW, db`."
    L = len(batch["W"])
    return loss, list_of(dW, L, "dW"), list_of(db, L, "db")


def batches(case, rng, story):
    """Draw networks, and a batch for each; each function is at the end of one of them."""
    names = rng.permutation(NAMES).tolist()
    square = int(rng.integers(2, 4))
    wide = [int(rng.integers(4, 6)), int(rng.integers(6, 8))]
    for N, H in [
        (2, rng.permutation([1, 2, 3])),
        (wide[1], rng.permutation([2, wide[0], 1])),
        (2, rng.permutation([1, 3, 4, wide[0]])),
        (square, [square] * 4),
    ]:
        sizes = [(int(n_in), int(n_out)) for n_in, n_out in pairwise(H)]
        case(
            story,
            W=[signed(rng, size, 0.2, 0.9) for size in sizes],
            b=[signed(rng, size[1], 0.3, 0.8) for size in sizes],
            X=signed(rng, (N, int(H[0])), 0.3, 1.2),
            Y=signed(rng, (N, int(H[-1]))),
            sigma=(names * 2)[: len(sizes)],
        )
        names.reverse()


@task("05.4", points=1, **SINGLE)
def test_batch_loss(case, rng):
    """The mean loss of four networks, for few objects and for more."""
    batches(case, rng, batch_loss)


@task("05.4", points=1, **SINGLE)
def test_batch_last_layer(case, rng):
    """The derivatives with respect to the weights of the last layer."""
    batches(case, rng, last_layer)


@task("05.4", points=2, **SINGLE)
def test_batch_hidden_layers(case, rng):
    """The derivatives with respect to the weights of all hidden layers."""
    batches(case, rng, hidden_layers)


@task("05.4", points=1, **SINGLE)
def test_batch_biases(case, rng):
    """The derivatives with respect to the biases of all layers."""
    batches(case, rng, biases)


# 05.5 A gradient by measurement

# With the step 0.1 the central, the one-sided and the exact slope differ by some per cent. With
# 1e-5 a central difference is good to 1e-9 of values of about 10; the tolerances leave a reserve.
MEASURED = {"rtol": 1e-6, "atol": 1e-7}


def functions(rng, whole=False):
    """Draw arrays with one, two and three axes, and for each a function of such arrays."""
    for shape in [(int(rng.integers(2, 4)),), (2, 3), (3, 2), (2, 1, 2), (1,)]:
        draws = rng.integers(-3, 4, size=shape) if whole else signed(rng, shape, 0.2, 1.9)
        cubes, product = signed(rng, shape, 0.5, 2.0).tolist(), number(rng, 0.5, 2.0)
        f = f"lambda v: float(np.sum({cubes} * v**3) + {product} * np.sum(v) ** 2)"
        yield {"f": Function(f), "theta": draws}


@task("05.5", points=1, **MEASURED)
def test_large_step(case, rng):
    """Gradients of drawn functions at arrays with one, two and three axes, with large steps."""
    for drawn in functions(rng):
        for h in (number(rng, 0.1, 0.2), number(rng, 0.3, 0.5)):
            case("numerical_gradient", "the gradient", **drawn, h=h)


@task("05.5", points=1, **MEASURED)
def test_small_step(case, rng):
    """Such gradients with small steps."""
    for drawn in functions(rng):
        case("numerical_gradient", "the gradient", **drawn, h=number(rng, 1e-5, 3e-5, 6))


@task("05.5", points=0.5, **MEASURED)
def test_whole_numbers(case, rng):
    """Such gradients at whole numbers."""
    for drawn in functions(rng, whole=True):
        case("numerical_gradient", "the gradient", **drawn, h=number(rng, 0.1, 0.2))


@task("05.5", points=0.5, **SINGLE)
def test_relative_error(case, rng):
    """Relative errors of arrays that nearly agree or not, of short ones, of one zero and of two."""
    for shape in [(int(rng.integers(2, 5)),), (3, 2)]:
        g, m, zero = signed(rng, shape), signed(rng, shape), np.zeros(shape)
        for one, other in [(g, m), (m, g), (g, g * 1.25), (g, -g), (zero, zero), (g, zero)]:
            case("relative_error", "the relative error", g=one, m=other)
        case("relative_error", "the relative error", g=g / 1e6, m=m / 2e6)
        case("relative_error", "the relative error", g=zero, m=m)


# 05.6 Find the bugs

# The relative error of an array times 1 + a is a / 2: 7e-6 is no bug, 2e-5 is one.
HARMLESS, SMALL = 1 + 1.4e-5, 1 + 4e-5
LARGE = {
    "{} * -1": "It has the opposite sign.",
    "{} * 2": "It is twice what it should be.",
    "{} * 0": "It is 0, and should not be.",
    "{} * {most}": "It is wrong in one entry only.",
}


def model(rng, bugs, share):
    """Draw a loss of five arrays, and its gradient with bugs in a share of them.

    The loss depends on one array weakly, on one strongly and on one not at all.
    """
    keys = rng.permutation(["bend", "idle", "shift", "slope", "tilt"]).tolist()
    first, second, weak, strong, none = (f"p['{key}']" for key in keys)
    loss = (
        f"np.sin({first}).sum() * (2 + {second}.sum()) + 0.01 * ({weak} ** 3).sum() "
        f"+ 30 * np.cos({strong}).sum()"
    )
    by_key = {
        keys[0]: f"np.cos({first}) * (2 + {second}.sum())",
        keys[1]: f"np.sin({first}).sum() * np.ones({second}.shape)",
        keys[2]: f"0.03 * {weak} ** 2",
        keys[3]: f"-30 * np.sin({strong})",
        keys[4]: f"np.zeros({none}.shape)",
    }
    shapes = [(2,), (2, 2), (3,), (1, 3), (2, 1, 2)]
    params = {
        key: rng.uniform(0.3, 1.2, size=shapes[i]).round(2)
        for key, i in zip(by_key, rng.permutation(5), strict=True)
    }
    wrong = {}
    for key in keys:
        most = np.ones(params[key].shape)
        most.flat[rng.integers(most.size)] = number(rng, 0.3, 0.8)
        bug, says = list(bugs.items())[rng.integers(len(bugs))]
        if rng.random() < share and key == keys[4]:
            by_key[key], says = f"1e-7 * np.ones({none}.shape)", "The loss does not depend on it."
        elif rng.random() < share and key != keys[4]:
            by_key[key] = bug.format(f"({by_key[key]})", most=most.tolist())
        else:
            if key in keys[:2] + keys[3:4]:
                by_key[key] += f" * {HARMLESS}"
            continue
        wrong[key] = says
    order = rng.permutation(keys)
    written = ", ".join(f"{key!r}: {by_key[key]}" for key in rng.permutation(keys).tolist())
    return {
        "loss": Function(f"lambda p: float({loss})"),
        "gradients": Function(f"lambda p: {{{written}}}"),
        "params": {str(key): params[key] for key in order},
        "wrong": wrong,
    }


def accused(answer, loss, gradients, params, wrong):
    """Judge the list of keys."""
    found = answer.find_wrong(loss, gradients, params)
    words = isinstance(found, (tuple, list)) and all(isinstance(key, str) for key in found)
    yield None, [int(key in found) for key in params] if words else -1
    assert words, f"Return a list of keys, that is of strings; yours is {describe(found)}."
    spared = [says for key, says in wrong.items() if key not in found]
    if spared:
        raise WrongAnswer("Your check overlooks a wrong array.", spared[0])
    for key in found:
        if key in params and key not in wrong:
            idle = not np.any(gradients(params)[key])
            raise WrongAnswer(
                f"Your check accuses {key!r}, which is right.",
                "The loss does not depend on it." if idle else "",
            )
    yield None, list(found) == sorted(wrong)
    assert list(found) == sorted(wrong), "Return a sorted list, with each key once."


@task("05.6", points=1)
def test_find_large_bugs(case, rng):
    """The wrong arrays among five, of which some have the opposite sign, or one wrong entry."""
    for share in (0.0, 0.5, 0.5, 0.5, 0.5, 1.0):
        case.alone(accused, **model(rng, LARGE, share))


@task("05.6", points=1)
def test_find_small_bugs(case, rng):
    """The wrong arrays among five, of which some have a relative error just above 10⁻⁵."""
    small = {f"{{}} * {SMALL}": "Its relative error is 2e-5."}
    for share in (0.0, 0.5, 0.5, 0.5, 0.5, 1.0):
        case.alone(accused, **model(rng, small, share))


def mended(answer, p, keys):
    g = answer.mended_gradients(p)
    yield "`mended_gradients(p)`", dict_of(g, keys, "`mended_gradients(p)`")


def parameters(case, rng, *keys):
    """Draw parameters for the network 3-4-4-2 of the setup."""
    for _ in range(2):
        p = {}
        for layer, (n_in, n_out) in enumerate(pairwise([3, 4, 4, 2]), start=1):
            p[f"W{layer}"] = signed(rng, (n_in, n_out), 0.1, 0.9)
            p[f"b{layer}"] = signed(rng, n_out, 0.1, 0.5)
        case(mended, p=p, keys=list(keys))


@task("05.6", points=1, **SINGLE)
def test_mended_first_layer(case, rng):
    """The mended gradient with respect to W1 and b1, with W2 and W3 still right."""
    parameters(case, rng, "W3", "W2", "W1", "b1")


@task("05.6", points=1, **SINGLE)
def test_mended_bias(case, rng):
    """The mended gradient with respect to b2, with b3 still right."""
    parameters(case, rng, "b3", "b2")


# 05.7 A training loop that learns XOR

KEYS = ["W1", "b1", "W2", "b2"]


def start(rng, n, H):
    """Draw the parameters of a network n-H-1."""
    return {
        "W1": signed(rng, (n, H), 0.2, 0.9),
        "b1": signed(rng, H, 0.2, 0.6),
        "W2": signed(rng, (H, 1), 0.3, 1.2),
        "b2": signed(rng, 1, 0.3, 0.9),
    }


def trained(answer, **training):
    """Train; demand a dictionary and two numbers."""
    found = several(answer.train(*training.values()), "params, Q, steps")
    if not isinstance(found[0], dict) and any(isinstance(value, dict) for value in found):
        raise WrongAnswer("The order asked for is `params, Q, steps`.")
    return dict_of(found[0], KEYS, "`params`"), found[1], found[2]


def new_params(answer, **training):
    yield "`params`", trained(answer, **training)[0]


def running_loss(answer, **training):
    _, Q, steps = trained(answer, **training)
    yield "`Q`", Q
    yield "`steps`", steps


def last_weights(answer, **training):
    params, Q, steps = trained(answer, **training)
    yield "`steps`", steps
    yield "`Q`", Q
    yield "`params['W2']`", params["W2"]


def objects(rng, N, n):
    """Draw a network with its examples; the targets lie above its first answers."""
    return {
        "params": start(rng, n, int(rng.integers(2, 5))),
        "x": signed(rng, (N, n), 0.3, 1.2),
        "t": rng.uniform(1.5, 3.0, size=(N, 1)).round(2),
    }


def rates(rng, low, high):
    return {"eta": number(rng, low, high), "lam": number(rng, 0.1, 0.3), "goal": 0.0}


@task("05.7", points=1, **SINGLE)
def test_train_one_step(case, rng):
    """The parameters after one step, for the first object, an inner one and the last."""
    for N, n in [(2, 1), (4, 3), (3, 2)]:
        drawn = objects(rng, N, n)
        for i in {0, N // 2, N - 1}:
            case(new_params, **drawn, order=[i], **rates(rng, 0.2, 0.4))


@task("05.7", points=1, **SINGLE)
def test_train_several_steps(case, rng):
    """The parameters after two steps and after eight."""
    for N, steps in [(3, 2), (5, 8), (4, 8)]:
        order = rng.integers(N, size=steps)
        order[0] = N - 1
        case(new_params, **objects(rng, N, 2), order=order, **rates(rng, 0.05, 0.15))


@task("05.7", points=1, **SINGLE)
def test_train_running_loss(case, rng):
    """The running loss after one, two and seven steps."""
    for N, steps in [(2, 1), (3, 1), (4, 2), (5, 7)]:
        drawn, order = objects(rng, N, 2), rng.integers(N, size=steps).tolist()
        for lam in (number(rng, 0.1, 0.3), number(rng, 0.6, 0.8)):
            case(running_loss, **drawn, order=order, **rates(rng, 0.05, 0.15) | {"lam": lam})


@task("05.7", points=1, **SINGLE)
def test_train_stops(case, rng):
    """When training stops, with goals that single losses reach long before Q does."""
    for goal in (0.1, 0.2, 0.3):
        drawn = objects(rng, 4, 2)
        drawn["t"][rng.integers(4)] = 0.5  # soon learnt
        numbers = {"eta": number(rng, 0.06, 0.1), "lam": number(rng, 0.05, 0.1), "goal": goal}
        case(last_weights, **drawn, order=rng.integers(4, size=400), **numbers)


X_XOR = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
T_XOR = np.array([0.0, 1.0, 1.0, 0.0])


def xor(answer, seeds):
    """Judge what trained networks answer to the four inputs."""
    weights = []
    for seed in seeds:
        p = dict_of(answer.learn_xor(seed), KEYS, "`learn_xor(seed)`")
        numbers = [as_numbers(value) for value in p.values()]
        if not all(value is None or np.isfinite(value).all() for value in numbers):
            raise WrongAnswer(
                f"From seed {seed}, not all of your weights are finite numbers.",
                "Where training diverges, a smaller rate helps.",
            )
        shapes = {"W1": (2, "H"), "b1": ("H",), "W2": ("H", 1), "b2": (1,)}
        W1, b1, W2, b2 = parts([p[key] for key in KEYS], **shapes)
        y = (np.tanh(X_XOR @ W1 + b1) @ W2 + b2)[:, 0]
        yield None, np.round(y, 1) + 0.0
        worst = int(np.abs(y - T_XOR).argmax())
        if abs(y[worst] - T_XOR[worst]) >= 0.1:
            raise WrongAnswer(
                f"From seed {seed}, your network answers {y[worst]:.2f} to "
                f"{X_XOR[worst].astype(int).tolist()}.",
                known_answers(y, len(b1)),
            )
        weights.append(W1)
    alike = all(np.array_equal(weights[0], W1) for W1 in weights[1:])
    yield None, alike
    if alike:
        raise WrongAnswer("Each seed should lead to weights of its own.", "Yours never differ.")


def known_answers(y, H):
    """State what four wrong answers have in common."""
    if np.ptp(y) < 1e-6:
        return "All four answers are the same: do your weights start at 0?"
    if H == 1:
        return "With a single hidden neuron the answers rise or fall along one direction."
    if np.abs(y - (2 * T_XOR - 1)).max() < 0.2:
        return "Your answers are near -1 and 1; the targets are 0 and 1."
    if np.abs(y - (1 - T_XOR)).max() < 0.2:
        return "Your answers have changed places: they are near 1 where 0 is asked for."
    if ((y > 0.5) == T_XOR).all():
        return "All four answers are on the right side of 0.5, so that longer training may do."
    return "At least one answer is on the wrong side of 0.5."


@task("05.7", points=2)
def test_learn_xor(case, rng):
    """What your trained networks answer to the four inputs of XOR, from eight random starts."""
    case.alone(xor, seeds=[int(seed) for seed in rng.choice(1000, size=8, replace=False)])
