"""coursekit.nn against the values that PyTorch computed (torch.npz, made by tools/make_torch.py).

One tolerance throughout: 1e-10, relative to the value or absolute where the value is near zero.
Both sides work in float64, whose rounding is 1e-16, and differ only in the order of sums and in
the last bit of exp and log; nothing here amplifies that more than a thousandfold. The smallest
wrong convention that the cases are built to show (an eps on the other side of a root) moves a
value by more than 1e-6.
"""

import copy
from pathlib import Path

import numpy as np
import pytest

from coursekit import nn

with np.load(Path(__file__).with_name("torch.npz"), allow_pickle=False) as stored:
    GOLDEN = dict(stored)

RNG = np.random.default_rng(0)  # for constructors whose parameters are then replaced


def golden(case):
    """The arrays stored directly under a case: {name: array}."""
    found = {}
    for key, value in GOLDEN.items():
        parent, _, name = key.rpartition("/")
        if parent == case:
            found[name] = value
    assert found, f"nothing is stored for {case}"
    return found


def below(case):
    """The names of the cases stored one level below a case."""
    prefix = f"{case}/"
    return sorted({key[len(prefix) :].split("/")[0] for key in GOLDEN if key.startswith(prefix)})


def same(actual, expected):
    np.testing.assert_allclose(actual, expected, rtol=1e-10, atol=1e-10)
    assert np.shape(actual) == np.shape(expected)


def test_the_file_says_which_pytorch_made_it():
    assert str(GOLDEN["torch_version"]).startswith("2.13.")


# --- layers ------------------------------------------------------------------------------------


def compare_layer(layer, case, parameters):
    """Forward and backward of one training pass; the stored names are x, y, dy, dx, dW, …"""
    y, cache = layer.forward(case["x"])
    same(y, case["y"])
    same(layer.backward(case["dy"], cache), case["dx"])
    for name in parameters:
        same(layer.grads[name], case[f"d{name}"])


def assign(layer, case, names):
    for name in names:
        layer.params[name] = case[name]


@pytest.mark.parametrize("batch", ["batch", "one"])
def test_dense(batch):
    case = golden(f"dense/{batch}")
    layer = nn.Dense.from_weights(case["W"], case["b"])
    compare_layer(layer, case, ["W", "b"])
    same(layer(case["x"]), case["y"])


def test_masked_dense():
    case = golden("masked_dense")
    layer = nn.Dense.from_weights(case["W"], case["b"], mask=case["mask"])
    compare_layer(layer, case, ["W", "b"])
    same(layer(case["x"]), case["y"])


@pytest.mark.parametrize("pieces", [2, 4])
def test_maxout(pieces):
    case = golden(f"maxout/{pieces}")
    layer = nn.Maxout(5, 3, rng=RNG, pieces=pieces)
    assign(layer, case, ["W", "b"])
    compare_layer(layer, case, ["W", "b"])
    same(layer(case["x"]), case["y"])


@pytest.mark.parametrize("name", ["default", "other"])
def test_batch_norm(name):
    case = golden(f"batch_norm/{name}")
    layer = nn.BatchNorm(4, decay=float(case["decay"]), eps=float(case["eps"]))
    assign(layer, case, ["gamma", "beta"])
    for batch in range(4):
        step = golden(f"batch_norm/{name}/{batch}")
        compare_layer(layer, step, ["gamma", "beta"])
        same(layer.running_mean, step["mean"])
        same(layer.running_var, step["var"])
    inference = golden(f"batch_norm/{name}/inference")
    same(layer(inference["x"]), inference["y"])


def test_batch_norm_has_the_defaults_of_pytorch():
    case, layer = golden("batch_norm/default"), nn.BatchNorm(4)
    assert (layer.decay, layer.eps) == (case["decay"], case["eps"])


@pytest.mark.parametrize("p_drop", [0.2, 0.5, 0.75])
def test_dropout(p_drop):
    """The two libraries draw different masks, so draw until it is PyTorch's: one of 64 at most."""
    case = golden(f"dropout/{p_drop}")
    layer = nn.Dropout(p_drop, rng=np.random.default_rng(0))
    for _ in range(5000):
        y, cache = layer.forward(case["x"])
        if np.array_equal(y == 0, case["y"] == 0):
            break
    else:
        pytest.fail("5000 draws did not meet PyTorch's mask")
    same(y, case["y"])
    same(layer.backward(case["dy"], cache), case["dx"])
    same(layer(case["x"]), case["inference"])


# --- activations -------------------------------------------------------------------------------

ACTIVATIONS = {
    "Identity": nn.Identity(),
    "Step": nn.Step(),
    "Sigmoid": nn.Sigmoid(),
    "Tanh": nn.Tanh(),
    "ReLU": nn.ReLU(),
    "LeakyReLU": nn.LeakyReLU(),
    "LeakyReLU-0.2": nn.LeakyReLU(negative_slope=0.2),
    "ELU": nn.ELU(),
    "ELU-0.5": nn.ELU(alpha=0.5),
    "Softplus": nn.Softplus(),
}


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_activation(name):
    activation, inputs, case = (
        ACTIVATIONS[name],
        golden("activations"),
        golden(f"activations/{name}"),
    )
    y, cache = activation.forward(inputs["x"])
    same(y, case["y"])
    same(activation(inputs["x"]), case["y"])
    same(activation.backward(inputs["dy"], cache), case["dx"])
    same(activation.derivative(inputs["x"]), case["slope"])


def test_every_stored_activation_is_compared():
    assert below("activations") == sorted([*ACTIVATIONS, "dy", "x"])


def test_every_activation_has_values_of_pytorch_s():
    exported = {value for value in vars(nn).values() if isinstance(value, type)}
    classes = {kind for kind in exported if issubclass(kind, nn.Activation)} - {nn.Activation}
    assert {type(activation) for activation in ACTIVATIONS.values()} == classes


# --- losses ------------------------------------------------------------------------------------

LOSSES = {
    "MSE": nn.MSE(),
    "BinaryCrossEntropy": nn.BinaryCrossEntropy(),
    "CrossEntropy": nn.CrossEntropy(),
    "Hinge": nn.Hinge(),
    "PerceptronLoss": nn.PerceptronLoss(),
}


@pytest.mark.parametrize(
    ("name", "case"), [(name, case) for name in below("losses") for case in below(f"losses/{name}")]
)
def test_loss(name, case):
    values = golden(f"losses/{name}/{case}")
    LOSSES[name].check(values["y"], values["t"])
    value, error = LOSSES[name](values["y"], values["t"])
    same(value, values["value"])
    same(error, values["error"])


def test_every_loss_is_compared():
    assert below("losses") == sorted(LOSSES)


def test_softmax_and_sigmoid():
    case = golden("functions")
    same(nn.softmax(case["x"]), case["softmax"])
    same(nn.sigmoid(case["x"]), case["sigmoid"])


# --- initialisers and penalties ----------------------------------------------------------------

INITIALIZERS = {
    "zeros": nn.zeros,
    "normal": nn.normal(0.3),
    "uniform": nn.uniform(0.3),
    "glorot_normal": nn.glorot_normal,
    "glorot_uniform": nn.glorot_uniform,
    "he_normal": nn.he_normal,
    "he_uniform": nn.he_uniform,
}


@pytest.mark.parametrize("name", INITIALIZERS)
@pytest.mark.parametrize("shape", [(1, 1), (2, 5), (64, 10), (10, 64)])
def test_initializer(name, shape):
    """Drawn from the same seed, the weights are the unit distribution times PyTorch's factor."""
    factor = GOLDEN[f"initializers/{name}/{shape[0]}-{shape[1]}/factor"]
    weights = INITIALIZERS[name](*shape, np.random.default_rng(3))
    rng = np.random.default_rng(3)
    unit = rng.uniform(-1, 1, shape) if "uniform" in name else rng.normal(0, 1, shape)
    same(weights, factor * unit)


PENALTIES = {"L1": nn.L1(0.3), "L2": nn.L2(0.7), "ElasticNet": nn.ElasticNet(0.3, 0.7)}


@pytest.mark.parametrize("name", PENALTIES)
def test_penalty(name):
    case = golden(f"penalties/{name}")
    value, gradient = PENALTIES[name](GOLDEN["penalties/w"])
    same(value, case["value"])
    same(gradient, case["gradient"])


# --- optimizers and schedules ------------------------------------------------------------------


def schedules(lr):
    return {
        "constant": nn.constant(lr),
        "step_decay": nn.step_decay(lr, factor=0.5, every=30),
        "exponential_decay": nn.exponential_decay(lr, rate=0.02),
        "inverse_time": nn.inverse_time(lr, rate=0.05),
        "cosine": nn.cosine(lr, updates=200, lr_min=1e-3),
        "warmup": nn.warmup(nn.constant(lr), updates=20),
    }


@pytest.mark.parametrize("name", below("schedules"))
def test_schedule(name):
    schedule = schedules(0.1)[name]
    same([schedule(update) for update in range(200)], golden(f"schedules/{name}")["lr"])


FIRST_THREE = np.array([1.0, 1.0, 1.0, 0.0, 0.0, 0.0])

OPTIMIZERS = {
    "SGD": nn.SGD(0.01),
    "Momentum": nn.Momentum(0.003),
    "Momentum-0.5": nn.Momentum(0.003, rho=0.5),
    "Nesterov": nn.Nesterov(0.003),
    "Nesterov-0.5": nn.Nesterov(0.003, rho=0.5),
    "AdaGrad": nn.AdaGrad(0.3),
    "AdaGrad-eps": nn.AdaGrad(0.3, eps=0.2),
    "RMSProp": nn.RMSProp(0.02),
    "RMSProp-eps": nn.RMSProp(0.02, beta=0.8, eps=0.2),
    "Adam": nn.Adam(0.05),
    "Adam-eps": nn.Adam(0.05, beta1=0.7, beta2=0.95, eps=0.2),
    "AdamW": nn.Adam(0.05, weight_decay=0.1),
    "AdamW-vector": nn.Adam(0.05, weight_decay=0.1 * FIRST_THREE),
}


@pytest.mark.parametrize("schedule", ["constant", "step_decay", "cosine"])
@pytest.mark.parametrize("name", OPTIMIZERS)
def test_two_hundred_steps(name, schedule):
    """On f(θ) = Σ log cosh(A θ - b), whose gradient is A' tanh(A θ - b)."""
    problem = golden("optimizers")
    A, b, theta = problem["A"], problem["b"], problem["start"].copy()
    optimizer = copy.deepcopy(OPTIMIZERS[name])
    rate = schedules(optimizer.lr)[schedule]
    path = []
    for update in range(200):
        optimizer.lr = rate(update)
        optimizer.step(theta, A.T @ np.tanh(A @ theta - b))
        path.append(theta.copy())
    same(np.array(path)[problem["shown"]], golden(f"optimizers/{name}/{schedule}")["path"])


# --- whole networks ----------------------------------------------------------------------------


def compare_parameters(net, names, expected, of="params"):
    """`names` says which stored array is which layer's parameter: (layer, parameter, stored)."""
    for layer, parameter, name in names:
        same(getattr(net.layers[layer], of)[parameter], expected[name])


def test_a_network_with_batch_norm_and_a_mask_trained_by_adam():
    case, before, after = golden("network"), golden("network/before"), golden("network/after")
    dense = nn.Dense.from_weights
    norm = nn.BatchNorm(8)
    assign(norm, before, ["gamma", "beta"])
    net = nn.Sequential(
        *[dense(before["W1"], before["b1"], mask=case["mask"]), norm, nn.Tanh()],
        *[dense(before["W2"], before["b2"]), nn.ELU(), dense(before["W3"], before["b3"])],
    )
    names = [(0, "W", "W1"), (0, "b", "b1"), (1, "gamma", "gamma"), (1, "beta", "beta")]
    names += [(3, "W", "W2"), (3, "b", "b2"), (5, "W", "W3"), (5, "b", "b3")]

    loss = nn.CrossEntropy()
    optimizer = nn.Adam(0.02, eps=1e-6, weight_decay=0.05 * net.decay_mask)
    losses = []
    for step in range(40):
        batch = np.arange(10) + 10 * (step % 3)
        y, caches = net.forward(case["x"][batch])
        value, error = loss(y, case["t"][batch])
        net.backward(error, caches)
        if step == 0:
            compare_parameters(net, names, golden("network/gradient"), of="grads")
        optimizer.step(net.theta, net.grad)
        losses.append(value)

    same(losses, case["losses"])
    compare_parameters(net, names, after)
    same(norm.running_mean, after["mean"])
    same(norm.running_var, after["var"])
    same(net(case["x"]), case["inference"])


def test_train_with_a_penalty_and_a_schedule():
    """Full batches: the order in which `train` shuffles the samples changes rounding alone."""
    case, before = golden("penalised"), golden("penalised/before")
    first, second = (nn.Dense.from_weights(before[f"W{k}"], before[f"b{k}"]) for k in (1, 2))
    net = nn.Sequential(first, nn.Sigmoid(), second)
    names = [(0, "W", "W1"), (0, "b", "b1"), (2, "W", "W2"), (2, "b", "b2")]
    run = nn.train(
        *(net, nn.MSE(), nn.Nesterov(0.05, rho=0.8), case["x"], case["t"]),
        **{"epochs": 40, "batch_size": 12, "rng": np.random.default_rng(0)},
        penalty=nn.ElasticNet(0.01, 0.03),
        schedule=nn.step_decay(0.05, factor=0.5, every=10),
    )
    assert len(list(run)) == 40
    compare_parameters(net, names, golden("penalised/after"))
