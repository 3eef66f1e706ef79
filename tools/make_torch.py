"""Make tests/golden/torch.npz: what PyTorch 2.13 computes for every part of coursekit.nn.

Run it with a Python that has PyTorch and NumPy, from anywhere. It imports nothing of this
repository, computes in float64 and overwrites that file:

    python tools/make_torch.py

Every function below is one subject. It calls PyTorch's own operation wherever there is one, takes
gradients by autograd, and keeps inputs and results under "subject/case/name". Arrays are stored in
the course's orientation: a weight matrix is (n_in, n_out), the transpose of PyTorch's. Where
PyTorch's convention or default differs from the course's, a comment beside the call explains it.
"""

import argparse
import math
from collections.abc import Callable
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F

STEPS = 200
SHOWN = [
    0,
    1,
    2,
    3,
    4,
    9,
    19,
    39,
    59,
    79,
    99,
    119,
    139,
    159,
    179,
    199,
]  # updates whose result is kept

kept: dict[str, np.ndarray] = {}


def keep(case: str, **values: torch.Tensor | float) -> None:
    for name, value in values.items():
        assert f"{case}/{name}" not in kept
        kept[f"{case}/{name}"] = torch.as_tensor(value).detach().numpy().copy()


def drawn(*shape: int, scale: float = 1.0) -> torch.Tensor:
    return (scale * torch.randn(*shape)).requires_grad_()


def gradients(y: torch.Tensor, dy: torch.Tensor, *wanted: torch.Tensor) -> tuple[torch.Tensor, ...]:
    return torch.autograd.grad(y, wanted, dy)


# --- layers ------------------------------------------------------------------------------------


def dense() -> None:
    for case, n in {"batch": 7, "one": 1}.items():
        x, W, b = drawn(n, 5), drawn(5, 3), drawn(3)
        dy = torch.randn(n, 3)
        y = F.linear(x, W.T, b)
        dx, dW, db = gradients(y, dy, x, W, b)
        keep(f"dense/{case}", x=x, W=W, b=b, y=y, dy=dy, dx=dx, dW=dW, db=db)


def masked_dense() -> None:
    # PyTorch has no masked layer: the mask multiplies the weights, and autograd does the rest.
    x, W, b = drawn(7, 5), drawn(5, 4), drawn(4)
    mask = (torch.rand(5, 4) < 0.5).double()
    mask[:, 2] = 0.0  # one unit has lost all of its inputs
    dy = torch.randn(7, 4)
    y = F.linear(x, (W * mask).T, b)
    dx, dW, db = gradients(y, dy, x, W, b)
    keep("masked_dense", x=x, W=W * mask, mask=mask, b=b, y=y, dy=dy, dx=dx, dW=dW, db=db)


def maxout() -> None:
    # PyTorch has no Maxout: one linear layer per piece, then the elementwise maximum.
    for pieces in (2, 4):
        x, W, b = drawn(6, 5), drawn(pieces, 5, 3), drawn(pieces, 3)
        dy = torch.randn(6, 3)
        y = torch.stack([F.linear(x, V.T, c) for V, c in zip(W, b, strict=True)]).amax(dim=0)
        dx, dW, db = gradients(y, dy, x, W, b)
        keep(f"maxout/{pieces}", x=x, W=W, b=b, y=y, dy=dy, dx=dx, dW=dW, db=db)


def batch_norm() -> None:
    # PyTorch's momentum is the weight of the new batch: the course's decay is 1 - momentum.
    for case, (decay, eps) in {"default": (0.9, 1e-5), "other": (0.6, 1e-2)}.items():
        layer = torch.nn.BatchNorm1d(4, eps=eps, momentum=1 - decay)
        with torch.no_grad():
            layer.weight.copy_(torch.randn(4))
            layer.bias.copy_(torch.randn(4))
        keep(f"batch_norm/{case}", decay=decay, eps=eps, gamma=layer.weight, beta=layer.bias)
        layer.train()
        for batch, n in enumerate((6, 2, 9, 6)):  # two samples are the fewest that have a variance
            x = (torch.tensor([0.1, 1.0, 5.0, 1.0]) * torch.randn(n, 4) + 3.0).requires_grad_()
            with torch.no_grad():
                x[:, 3] = 2.0  # a constant feature
            dy = torch.randn(n, 4)
            y = layer(x)
            dx, dgamma, dbeta = gradients(y, dy, x, layer.weight, layer.bias)
            keep(f"batch_norm/{case}/{batch}", x=x, y=y, dy=dy, dx=dx, dgamma=dgamma, dbeta=dbeta)
            keep(f"batch_norm/{case}/{batch}", mean=layer.running_mean, var=layer.running_var)
        layer.eval()
        x = torch.randn(3, 4)
        keep(f"batch_norm/{case}/inference", x=x, y=layer(x))


def dropout() -> None:
    # Two generators cannot be made to draw the same mask, so the samples are few enough for the
    # test to draw until it meets this one.
    for p_drop in (0.2, 0.5, 0.75):
        x = drawn(2, 3)
        dy = torch.randn(2, 3)
        while True:
            y = F.dropout(x, p_drop, training=True)
            if 0 < (y == 0).sum() < y.numel():  # neither all kept nor all dropped
                break
        (dx,) = gradients(y, dy, x)
        keep(f"dropout/{p_drop}", p_drop=p_drop, x=x, y=y, dy=dy, dx=dx)
        keep(f"dropout/{p_drop}", inference=F.dropout(x, p_drop, training=False))


# --- activations -------------------------------------------------------------------------------


def activations() -> None:
    functions = {
        "Identity": torch.nn.Identity(),
        # A step that autograd passes: sign's derivative is 0 everywhere, as the course's is.
        "Step": lambda x: torch.sign(torch.relu(x)),
        "Sigmoid": torch.sigmoid,
        "Tanh": torch.tanh,
        "ReLU": torch.relu,
        "LeakyReLU": F.leaky_relu,
        "LeakyReLU-0.2": lambda x: F.leaky_relu(x, negative_slope=0.2),
        "ELU": F.elu,
        "ELU-0.5": lambda x: F.elu(x, alpha=0.5),
        # PyTorch replaces softplus by x above its threshold, 20, where that is off by 2e-9.
        "Softplus": lambda x: F.softplus(x, threshold=40),
    }
    far = [1e-9, 1e-3, 19.0, 25.0, 30.0, 40.0, 745.0, 1e4]
    values = torch.cat([torch.linspace(-8, 8, 81), torch.tensor(far), -torch.tensor(far)])
    dy = torch.randn(values.shape)
    keep("activations", x=values, dy=dy)
    for name, function in functions.items():
        x = values.clone().requires_grad_()
        y = function(x)
        (slope,) = gradients(y, torch.ones_like(y), x)
        (dx,) = gradients(function(x), dy, x)
        keep(f"activations/{name}", y=y, slope=slope, dx=dx)


# --- losses ------------------------------------------------------------------------------------


def losses() -> None:
    def compared(case: str, function: Callable, y: torch.Tensor, t: torch.Tensor) -> None:
        value = function(y, t)
        (error,) = torch.autograd.grad(value, y)
        keep(f"losses/{case}", y=y, t=t, value=value, error=error)

    huge = torch.tensor([1e4, -1e4, 1e4, -1e4, 30.0, -40.0])[:, None].requires_grad_()
    signs = torch.tensor([1.0, -1.0, -1.0, 1.0, -1.0, 1.0])[:, None]

    compared("MSE/batch", F.mse_loss, drawn(6, 3), torch.randn(6, 3))
    compared("MSE/one", F.mse_loss, drawn(1, 1), torch.randn(1, 1))

    cross_entropy = F.binary_cross_entropy_with_logits
    compared("BinaryCrossEntropy/hard", cross_entropy, drawn(6, 1), (signs + 1) / 2)
    compared("BinaryCrossEntropy/soft", cross_entropy, drawn(6, 1), torch.rand(6, 1))
    compared("BinaryCrossEntropy/huge", cross_entropy, huge, (signs + 1) / 2)

    compared("CrossEntropy/batch", F.cross_entropy, drawn(6, 4), torch.tensor([0, 3, 1, 1, 2, 0]))
    compared("CrossEntropy/one", F.cross_entropy, drawn(1, 2), torch.tensor([1]))
    far = torch.tensor([[1e4, -1e4, 0.0], [1e4, 1e4, -1e4], [0.0, 30.0, -40.0]])
    compared("CrossEntropy/huge", F.cross_entropy, far.requires_grad_(), torch.tensor([1, 0, 2]))

    # Hinge and the perceptron's loss: PyTorch has both as max(0, -t (y - 0) + margin).
    def hinge(y: torch.Tensor, t: torch.Tensor) -> torch.Tensor:
        return F.margin_ranking_loss(y, torch.zeros_like(y), t, margin=1.0)

    def perceptron(y: torch.Tensor, t: torch.Tensor) -> torch.Tensor:
        return F.margin_ranking_loss(y, torch.zeros_like(y), t, margin=0.0)

    for case, function in {"Hinge": hinge, "PerceptronLoss": perceptron}.items():
        compared(f"{case}/batch", function, drawn(6, 1), signs)
        compared(f"{case}/huge", function, huge, signs)

    x = torch.cat([5.0 * torch.randn(6, 4), torch.tensor([[1e4, -1e4, 0.0, 1e4]])])
    keep("functions", x=x, softmax=torch.softmax(x, dim=1), sigmoid=torch.sigmoid(x))


# --- initialisers and penalties ----------------------------------------------------------------


def initializers() -> None:
    # PyTorch's bound or standard deviation, exactly: drawn from the same seed, the initialiser's
    # weights are those of the unit distribution times that factor.
    # kaiming_* takes the gain of a leaky ReLU unless nonlinearity says otherwise.
    init = torch.nn.init
    factors = {
        "zeros": (init.zeros_, "normal_"),
        "normal": (lambda w: init.normal_(w, std=0.3), "normal_"),
        "uniform": (lambda w: init.uniform_(w, -0.3, 0.3), "uniform_"),
        "glorot_normal": (init.xavier_normal_, "normal_"),
        "glorot_uniform": (init.xavier_uniform_, "uniform_"),
        "he_normal": (lambda w: init.kaiming_normal_(w, nonlinearity="relu"), "normal_"),
        "he_uniform": (lambda w: init.kaiming_uniform_(w, nonlinearity="relu"), "uniform_"),
    }
    unit = {"normal_": (0, 1), "uniform_": (-1, 1)}
    for n_in, n_out in ((1, 1), (2, 5), (64, 10), (10, 64)):
        for name, (initialise, distribution) in factors.items():
            torch.manual_seed(1)
            w = initialise(torch.empty(n_out, n_in))
            torch.manual_seed(1)
            ratios = w / getattr(torch.empty(n_out, n_in), distribution)(*unit[distribution])
            assert torch.allclose(ratios, ratios[0, 0], rtol=1e-9)
            keep(f"initializers/{name}/{n_in}-{n_out}", factor=ratios.median())


def penalties() -> None:
    w = drawn(9)
    with torch.no_grad():
        w[4] = 0.0  # autograd takes 0 as the slope of |w| there, as the course does
    keep("penalties", w=w)
    for name, value in {
        "L1": 0.3 * w.abs().sum(),
        "L2": 0.7 / 2 * (w**2).sum(),
        "ElasticNet": 0.3 * w.abs().sum() + 0.7 / 2 * (w**2).sum(),
    }.items():
        keep(f"penalties/{name}", value=value, gradient=torch.autograd.grad(value, w)[0])


# --- optimizers and schedules ------------------------------------------------------------------


def schedules(optimizer: torch.optim.Optimizer | None) -> dict[str, Callable]:
    """The schedulers, each made when it is called, since making one changes the rate."""
    lr = torch.optim.lr_scheduler
    return {
        "constant": lambda: lr.ConstantLR(optimizer, factor=1.0),
        "step_decay": lambda: lr.StepLR(optimizer, step_size=30, gamma=0.5),
        # PyTorch multiplies by gamma at every update; the course's rate is -log(gamma).
        "exponential_decay": lambda: lr.ExponentialLR(optimizer, gamma=math.exp(-0.02)),
        "inverse_time": lambda: lr.LambdaLR(optimizer, lambda update: 1 / (1 + 0.05 * update)),
        "cosine": lambda: lr.CosineAnnealingLR(optimizer, T_max=STEPS, eta_min=1e-3),
        "warmup": lambda: lr.LinearLR(optimizer, start_factor=1 / 20, total_iters=19),
    }


def rates() -> None:
    for name in schedules(None):
        optimizer = torch.optim.SGD([torch.zeros(1)], lr=0.1)
        scheduler = schedules(optimizer)[name]()
        lrs = []
        for _ in range(STEPS):
            lrs.append(optimizer.param_groups[0]["lr"])
            optimizer.step()
            scheduler.step()
        keep(f"schedules/{name}", lr=torch.tensor(lrs))


def optimizers() -> None:
    """200 steps on f(θ) = Σ log cosh(A θ - b), convex and smooth, so that rounding stays small.

    The columns of A differ by seven orders of magnitude: eps inside or outside of a root, or a
    root that is missing, changes the path. One column is zero, so one gradient is always zero.
    """
    A = torch.randn(12, 6) * torch.tensor([1.0, 0.5, 0.3, 1e-2, 1e-7, 0.0])
    b = 2.0 * torch.randn(12)
    start = torch.randn(6)
    keep("optimizers", A=A, b=b, start=start, shown=torch.tensor(SHOWN))

    def decayed_and_not(p: list[torch.Tensor]) -> list[dict]:
        return [{"params": p[:1], "weight_decay": 0.1}, {"params": p[1:], "weight_decay": 0.0}]

    optim = torch.optim
    # dampening stays 0: then PyTorch's buffer is v := rho v + g and the step lr v, the rate
    # outside of v. Its Nesterov step is lr (g + rho v).
    # AdamW with weight_decay=0 is Adam. Adam's own weight_decay is an L2 penalty, not decay.
    cases = {
        "SGD": lambda p: optim.SGD(p, lr=0.01),
        "Momentum": lambda p: optim.SGD(p, lr=0.003, momentum=0.9),
        "Momentum-0.5": lambda p: optim.SGD(p, lr=0.003, momentum=0.5),
        "Nesterov": lambda p: optim.SGD(p, lr=0.003, momentum=0.9, nesterov=True),
        "Nesterov-0.5": lambda p: optim.SGD(p, lr=0.003, momentum=0.5, nesterov=True),
        "AdaGrad": lambda p: optim.Adagrad(p, lr=0.3),
        "AdaGrad-eps": lambda p: optim.Adagrad(p, lr=0.3, eps=0.2),
        # PyTorch's alpha is the course's beta.
        "RMSProp": lambda p: optim.RMSprop(p, lr=0.02),
        "RMSProp-eps": lambda p: optim.RMSprop(p, lr=0.02, alpha=0.8, eps=0.2),
        "Adam": lambda p: optim.Adam(p, lr=0.05),
        "Adam-eps": lambda p: optim.Adam(p, lr=0.05, betas=(0.7, 0.95), eps=0.2),
        "AdamW": lambda p: optim.AdamW(p, lr=0.05, weight_decay=0.1),
        "AdamW-vector": lambda p: optim.AdamW(decayed_and_not(p), lr=0.05),
    }
    for name, make in cases.items():
        for schedule in ("constant", "step_decay", "cosine"):
            # two parameters, so that decay can act on the first and spare the second
            parts = [start[:3].clone().requires_grad_(), start[3:].clone().requires_grad_()]
            optimizer = make(parts)
            scheduler = schedules(optimizer)[schedule]()
            path = []
            for _ in range(STEPS):
                optimizer.zero_grad()
                (A @ torch.cat(parts) - b).cosh().log().sum().backward()
                optimizer.step()
                scheduler.step()
                path.append(torch.cat(parts).detach())
            keep(f"optimizers/{name}/{schedule}", path=torch.stack(path)[SHOWN])


# --- whole networks ----------------------------------------------------------------------------


def network() -> None:
    """A classifier with batch norm and a masked layer: 40 minibatches by AdamW, then inference."""
    x, t = torch.randn(30, 6), torch.randint(0, 3, (30,))
    mask = (torch.rand(6, 8) < 0.6).double()
    W1, b1 = (drawn(6, 8, scale=0.5).detach() * mask).requires_grad_(), drawn(8, scale=0.1)
    W2, b2 = drawn(8, 5, scale=0.5), drawn(5, scale=0.1)
    W3, b3 = drawn(5, 3, scale=0.5), drawn(3, scale=0.1)
    norm = torch.nn.BatchNorm1d(8)
    parameters = {"W1": W1, "b1": b1, "gamma": norm.weight, "beta": norm.bias}
    parameters |= {"W2": W2, "b2": b2, "W3": W3, "b3": b3}
    keep("network", x=x, t=t, mask=mask)
    keep("network/before", **parameters)

    def forward(x: torch.Tensor) -> torch.Tensor:
        h = torch.tanh(norm(F.linear(x, (W1 * mask).T, b1)))
        return F.linear(F.elu(F.linear(h, W2.T, b2)), W3.T, b3)

    weights = [W1, W2, W3]
    others = [b1, norm.weight, norm.bias, b2, b3]
    # the bias before a batch norm has a gradient of rounding errors alone, about 1e-17, which
    # Adam would divide by eps: a larger eps than the default keeps that noise out of the path
    optimizer = torch.optim.AdamW(
        [{"params": weights, "weight_decay": 0.05}, {"params": others, "weight_decay": 0.0}],
        lr=0.02,
        eps=1e-6,
    )
    norm.train()
    batch_losses, first = [], {}
    for step in range(40):
        batch = torch.arange(10) + 10 * (step % 3)
        optimizer.zero_grad()
        loss = F.cross_entropy(forward(x[batch]), t[batch])
        loss.backward()
        if step == 0:
            first = {name: parameter.grad.clone() for name, parameter in parameters.items()}
        optimizer.step()
        batch_losses.append(loss.detach())
    keep("network/gradient", **first)
    keep("network/after", **parameters, mean=norm.running_mean, var=norm.running_var)
    norm.eval()
    keep("network", losses=torch.stack(batch_losses), inference=forward(x))


def penalised_network() -> None:
    """A regressor on full batches with an elastic net, Nesterov and a decaying rate."""
    x, t = torch.randn(12, 3), torch.randn(12, 2)
    W1, b1, W2, b2 = drawn(3, 6), drawn(6), drawn(6, 2), drawn(2)
    parameters = {"W1": W1, "b1": b1, "W2": W2, "b2": b2}
    keep("penalised", x=x, t=t)
    keep("penalised/before", **parameters)
    optimizer = torch.optim.SGD(parameters.values(), lr=0.05, momentum=0.8, nesterov=True)
    scheduler = torch.optim.lr_scheduler.StepLR(optimizer, step_size=10, gamma=0.5)
    for _ in range(40):
        optimizer.zero_grad()
        y = F.linear(torch.sigmoid(F.linear(x, W1.T, b1)), W2.T, b2)
        penalty = sum(0.01 * w.abs().sum() + 0.03 / 2 * (w**2).sum() for w in (W1, W2))
        (F.mse_loss(y, t) + penalty).backward()
        optimizer.step()
        scheduler.step()
    keep("penalised/after", **parameters)


SUBJECTS = [
    *[dense, masked_dense, maxout, batch_norm, dropout],
    *[activations, losses, initializers, penalties],
    *[rates, optimizers, network, penalised_network],
]


if __name__ == "__main__":
    argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    ).parse_args()
    torch.set_default_dtype(torch.float64)
    torch.use_deterministic_algorithms(True)
    torch.set_num_threads(1)
    for subject in SUBJECTS:
        torch.manual_seed(0)  # each subject from the same seed: changing one leaves the others
        subject()
    kept["torch_version"] = np.array(torch.__version__)
    path = Path(__file__).parents[1] / "tests" / "golden" / "torch.npz"
    np.savez_compressed(path, allow_pickle=False, **kept)
    print(f"{path.name}: {len(kept)} arrays, {path.stat().st_size / 1000:.0f} kB")
