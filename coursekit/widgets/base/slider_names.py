"""Names that a screen reader can say for the sliders of ipywidgets, which have none."""

from collections.abc import Sequence

import anywidget
import traitlets


class SliderNames(anywidget.AnyWidget):
    """Nothing to be seen: in a box, it names the box's sliders in their order."""

    _esm = """
    function render({ model, el }) {
      const names = model.get("names");
      el.style.display = "none";
      let frame = requestAnimationFrame(function name() {
        const sliders = el.parentElement?.querySelectorAll('[role="slider"]') ?? [];
        sliders.forEach((slider, k) => slider.setAttribute("aria-label", names[k]));
        if (sliders.length < names.length) frame = requestAnimationFrame(name);  // not yet there
      });
      return () => cancelAnimationFrame(frame);
    }
    export default { render };
    """
    names = traitlets.List(traitlets.Unicode()).tag(sync=True)

    def __init__(self, names: Sequence[str]) -> None:
        super().__init__(names=list(names))
