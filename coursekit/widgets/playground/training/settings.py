"""What is chosen in the playground, checked: one by one, and what goes with what."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, fields, replace
from typing import Any

from coursekit.language import list_of, say
from coursekit.nn.validation import check_choice, check_count, check_flag, check_range
from coursekit.widgets.playground.training import choices

_OF_ALL_LAYERS = ("activation", "batch_norm", "dropout")


@dataclass(frozen=True)
class HiddenLayer:
    """One hidden layer: Dense, batch norm if wanted, activation, dropout if wanted."""

    units: int
    activation: str = "tanh"
    batch_norm: bool = False
    dropout: float = 0.0


@dataclass(frozen=True)
class Settings:
    """What is chosen. Frozen: `changed` returns another one, checked.

    Attributes
    ----------
    data : str
        "circle", "xor", "gauss", "spiral", "plane", "bumps" (TensorFlow Playground's six), "moons",
        "clouds" or "own".
    noise, train_percent : int
        In per cent, as TensorFlow Playground's.
    classes : int
        Number of "clouds".
    data_seed, net_seed : int
        Seeds of the points, and of the weights and the order of the points.
    features : tuple of str
        Keys of ``choices.FEATURES``.
    hidden : tuple of HiddenLayer
    activation : str
        The activation of hidden layers without one of their own; ``parts.ACTIVATIONS``.
    init, init_scale : str and float
        Initialiser, and the scale of those that have one: std of "normal", limit of "uniform".
    loss, optimizer, penalty : str
        ``choices.LOSSES``, ``parts.OPTIMIZERS``, ``choices.PENALTIES``.
    lr, strength : float
        Learning rate, and the penalty's strength.
    batch_size : int
    pace : str
        What one frame of playing shows: an "update", an "epoch", or as much as it can ("fast").
    show_test, discretize, gradients, hidden_space : bool
        What is drawn besides: test points, the map in two colours, gradients and dead units, the
        plane as the last hidden layer bends it.
    """

    data: str = "circle"
    noise: int = 0
    train_percent: int = 50
    classes: int = 3
    data_seed: int = 0
    features: tuple[str, ...] = ("x1", "x2")
    hidden: tuple[HiddenLayer, ...] = (HiddenLayer(4), HiddenLayer(2))
    activation: str = "tanh"
    init: str = "glorot uniform"
    init_scale: float = 0.5
    net_seed: int = 0
    loss: str = "cross-entropy"
    optimizer: str = "SGD"
    lr: float = 0.03
    penalty: str = "none"
    strength: float = 0.0
    batch_size: int = 10
    pace: str = "epoch"
    show_test: bool = False
    discretize: bool = False
    gradients: bool = False
    hidden_space: bool = False

    def changed(self, /, **values: Any) -> "Settings":
        """Return a copy with some settings changed.

        ``hidden`` takes numbers of units, ``hidden=[4, 2]``, and layers as dicts or `HiddenLayer`.
        ``activation``, ``batch_norm`` and ``dropout`` apply to all hidden layers, except those of
        ``hidden`` that have values of their own.

        Raises
        ------
        ValueError
            If a setting or choice does not exist, a number is out of its range, or two settings
            exclude each other.
        """
        known = {field.name for field in fields(self)}
        if unknown := sorted(set(values) - known - set(_OF_ALL_LAYERS)):
            raise ValueError(
                say(
                    "no setting {name!r}; there are {known}",
                    name=unknown[0],
                    known=list_of(sorted(known)),
                )
            )
        values = {name: _checked(name, value) for name, value in values.items()}
        every = {name: values[name] for name in _OF_ALL_LAYERS if name in values}
        if "hidden" in values:
            plain = replace(HiddenLayer(1, self.activation), **every)
            layers = _layers(values["hidden"], plain)
        else:
            layers = tuple(replace(layer, **every) for layer in self.hidden)
        values = {name: value for name, value in values.items() if name in known - {"hidden"}}
        result = replace(self, hidden=layers, **values)
        _check_together(result)
        return result

    def as_json(self) -> dict[str, Any]:
        """As plain lists, dicts and numbers."""
        plain = asdict(self)
        return {**plain, "features": list(self.features), "hidden": list(plain["hidden"])}


def _checked(name: str, value: Any) -> Any:
    """Return the value in its own type.

    Raises
    ------
    ValueError
        If the setting can't have this value.
    """
    if name in choices.CHOICES:
        return check_choice(name, value, choices.CHOICES[name])
    if name in choices.WHOLE:
        return whole(name, value, *choices.WHOLE[name][:2])
    if name in choices.NUMBERS:
        return check_range(name, value, *choices.NUMBERS[name][:2])
    if name == "features":
        names = [value] if isinstance(value, str) or not isinstance(value, Iterable) else [*value]
        if not names:
            raise ValueError(
                say("features must be a list of at least one feature, got {value!r}", value=value)
            )
        for feature in names:
            check_choice("features", feature, choices.FEATURES)
        return tuple(feature for feature in choices.FEATURES if feature in names)
    if name == "hidden":
        return value  # read with the settings for all layers
    return check_flag(name, value)


def _layers(value: Any, plain: HiddenLayer) -> tuple[HiddenLayer, ...]:
    if isinstance(value, str | Mapping) or not isinstance(value, Sequence):
        raise ValueError(say("hidden must be a list such as [4, 2], got {value!r}", value=value))
    if len(value) > choices.MOST_LAYERS:
        raise ValueError(
            say(
                "there can be at most {most} hidden layers, got {n}",
                most=choices.MOST_LAYERS,
                n=len(value),
            )
        )
    return tuple(_layer(layer, plain) for layer in value)


def _layer(value: Any, plain: HiddenLayer) -> HiddenLayer:
    if isinstance(value, HiddenLayer):
        value = asdict(value)
    if not isinstance(value, Mapping):
        value = {"units": value}
    if "units" not in value or not set(value) <= set(asdict(plain)):
        raise ValueError(
            say(
                "a hidden layer needs units and may have activation, batch_norm and dropout, "
                "got {got}",
                got=dict(value),
            )
        )
    parts = asdict(plain) | dict(value)
    return HiddenLayer(**{name: _checked(name, part) for name, part in parts.items()})


def _check_together(settings: Settings) -> None:
    """Refuse settings that exclude each other, whatever the data."""
    normalised = any(layer.batch_norm for layer in settings.hidden)
    if normalised and settings.batch_size < 2:
        raise ValueError(
            say("batch norm needs batches of at least 2: the variance of one point is 0")
        )


def whole(name: str, value: Any, low: int, high: int) -> int:
    """Check that a value is a whole number from `low` to `high`; a browser sends 3 as 3.0, too."""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return check_count(name, value, low, high)
