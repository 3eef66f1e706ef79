"""The models of the course, in NumPy alone: objects own parameters, passes return caches.

Read `layers` first, then `network` and `training`; the other modules are lists of parts.
"""

from coursekit.nn.activations import (
    ELU as ELU,
    Activation as Activation,
    Identity as Identity,
    LeakyReLU as LeakyReLU,
    ReLU as ReLU,
    Sigmoid as Sigmoid,
    Softplus as Softplus,
    Step as Step,
    Tanh as Tanh,
    sigmoid as sigmoid,
)
from coursekit.nn.batch_norm import BatchNorm as BatchNorm
from coursekit.nn.dropout import Dropout as Dropout
from coursekit.nn.fitting import (
    EarlyStopping as EarlyStopping,
    fit as fit,
    lr_range_test as lr_range_test,
)
from coursekit.nn.gradients import (
    numerical_gradient as numerical_gradient,
    relative_error as relative_error,
)
from coursekit.nn.initializers import (
    glorot_normal as glorot_normal,
    glorot_uniform as glorot_uniform,
    he_normal as he_normal,
    he_uniform as he_uniform,
    normal as normal,
    uniform as uniform,
    zeros as zeros,
)
from coursekit.nn.layers import Dense as Dense, Layer as Layer
from coursekit.nn.losses import (
    MSE as MSE,
    BinaryCrossEntropy as BinaryCrossEntropy,
    CrossEntropy as CrossEntropy,
    Hinge as Hinge,
    Loss as Loss,
    PerceptronLoss as PerceptronLoss,
    accuracy as accuracy,
    softmax as softmax,
)
from coursekit.nn.maxout import Maxout as Maxout
from coursekit.nn.network import Sequential as Sequential
from coursekit.nn.optimizers import (
    SGD as SGD,
    AdaGrad as AdaGrad,
    Adam as Adam,
    Momentum as Momentum,
    Nesterov as Nesterov,
    Optimizer as Optimizer,
    RMSProp as RMSProp,
)
from coursekit.nn.penalties import L1 as L1, L2 as L2, ElasticNet as ElasticNet, Penalty as Penalty
from coursekit.nn.schedules import (
    constant as constant,
    cosine as cosine,
    exponential_decay as exponential_decay,
    inverse_time as inverse_time,
    step_decay as step_decay,
    warmup as warmup,
)
from coursekit.nn.training import (
    Diverged as Diverged,
    History as History,
    TrainingStep as TrainingStep,
    evaluate as evaluate,
    train as train,
)
