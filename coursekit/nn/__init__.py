"""The models of the course, in NumPy alone: objects own parameters, passes return caches.

Read `layers` first, then `network` and `training`; the other modules are lists of parts.
"""

from coursekit.nn.activations import (
    ELU,
    Activation,
    Identity,
    LeakyReLU,
    ReLU,
    Sigmoid,
    Softplus,
    Step,
    Tanh,
    sigmoid,
)
from coursekit.nn.batch_norm import BatchNorm
from coursekit.nn.dropout import Dropout
from coursekit.nn.fitting import EarlyStopping, fit, lr_range_test
from coursekit.nn.gradients import numerical_gradient, relative_error
from coursekit.nn.initializers import (
    glorot_normal,
    glorot_uniform,
    he_normal,
    he_uniform,
    normal,
    uniform,
    zeros,
)
from coursekit.nn.layers import Dense, Layer
from coursekit.nn.losses import (
    MSE,
    BinaryCrossEntropy,
    CrossEntropy,
    Hinge,
    Loss,
    PerceptronLoss,
    accuracy,
    softmax,
)
from coursekit.nn.maxout import Maxout
from coursekit.nn.network import Sequential
from coursekit.nn.optimizers import SGD, AdaGrad, Adam, Momentum, Nesterov, Optimizer, RMSProp
from coursekit.nn.penalties import L1, L2, ElasticNet, Penalty
from coursekit.nn.schedules import (
    constant,
    cosine,
    exponential_decay,
    inverse_time,
    step_decay,
    warmup,
)
from coursekit.nn.training import Diverged, History, TrainingStep, evaluate, train

__all__ = [
    "ELU",
    "L1",
    "L2",
    "MSE",
    "SGD",
    "Activation",
    "AdaGrad",
    "Adam",
    "BatchNorm",
    "BinaryCrossEntropy",
    "CrossEntropy",
    "Dense",
    "Diverged",
    "Dropout",
    "EarlyStopping",
    "ElasticNet",
    "Hinge",
    "History",
    "Identity",
    "Layer",
    "LeakyReLU",
    "Loss",
    "Maxout",
    "Momentum",
    "Nesterov",
    "Optimizer",
    "Penalty",
    "PerceptronLoss",
    "RMSProp",
    "ReLU",
    "Sequential",
    "Sigmoid",
    "Softplus",
    "Step",
    "Tanh",
    "TrainingStep",
    "accuracy",
    "constant",
    "cosine",
    "evaluate",
    "exponential_decay",
    "fit",
    "glorot_normal",
    "glorot_uniform",
    "he_normal",
    "he_uniform",
    "inverse_time",
    "lr_range_test",
    "normal",
    "numerical_gradient",
    "relative_error",
    "sigmoid",
    "softmax",
    "step_decay",
    "train",
    "uniform",
    "warmup",
    "zeros",
]
