"""A figure and its description, as notebooks and their readers take them."""

import base64
import io
import re
import subprocess
import sys
from html.parser import HTMLParser

import matplotlib as mpl
import numpy as np
import pytest
from matplotlib.figure import Figure
from PIL import Image

import coursekit
from coursekit import data, plots
from coursekit.plots.show import Picture, small

ALT = 'Two moons, class 0 above & class 1 <below>,\n   each with an "end" in the other.'
SAID = 'Two moons, class 0 above & class 1 <below>, each with an "end" in the other.'


def moons(width=5.0):
    fig, ax = plots.subplots(width=width)
    plots.points(ax, *data.moons(100, rng=0), legend=True)
    return fig


@pytest.fixture
def shown(monkeypatch):
    """What `show` hands to the notebook."""
    seen = []
    monkeypatch.setattr("IPython.display.display", seen.append)
    return seen


def image_tag(html):
    found = []
    parser = HTMLParser()
    parser.handle_starttag = lambda tag, attributes: found.append((tag, dict(attributes)))
    parser.feed(html)
    (tag, attributes), *others = found
    assert tag == "img" and [name for name, _ in others] == ["style"]
    return attributes


def test_every_form_has_the_description(shown):
    assert coursekit.show(moons(), alt=ALT) is None
    (picture,) = shown
    bundle, metadata = picture._repr_mimebundle_()
    assert set(bundle) == {"text/html", "image/png", "text/plain"}
    assert bundle["text/plain"] == repr(picture) == f"Figure: {SAID}"
    tag = image_tag(bundle["text/html"])
    assert tag["alt"] == SAID and tag["width"] == "500"
    assert tag["src"] == "data:image/png;base64," + bundle["image/png"]
    wanted = {"alt": SAID, "width": 500, "needs_background": "light"}
    assert metadata["image/png"] == wanted  # of readers that have no style sheet
    assert tag["style"] == "background-color: #fff"


def test_the_picture_is_a_small_png_sharp_at_twice_the_size_on_clear_paper():
    picture = Picture(moons(width=6.0), "Moons")
    image = Image.open(io.BytesIO(picture.png))
    assert image.size == (1200, 680) and picture.width == 600
    assert image.mode == "P"
    clear = np.asarray(image.convert("RGBA"))
    full = np.asarray(Image.open(io.BytesIO(plots.png(moons(width=6.0)))).convert("RGB"), int)
    assert np.abs(clear[..., :3].astype(int) - full).mean() < 1
    assert np.array_equal(clear[..., 3] == 0, (full == 255).all(axis=-1))
    assert len(picture.png) < 40_000


def test_what_is_drawn_in_one_colour_keeps_it_among_many_others():
    fig, ax = plots.subplots()
    ax.imshow(np.random.default_rng(0).uniform(size=(40, 40)), cmap="Blues")
    ax.axhspan(10, 14, color="0.8")
    ax.axhspan(20, 24, color="0.55")
    full = plots.png(fig)
    drawn, stored = (
        np.asarray(Image.open(io.BytesIO(png)).convert("RGB")) for png in (full, small(full))
    )
    for grey in (204, 140):
        there = (drawn == grey).all(axis=-1)
        assert there.mean() > 0.02 and (stored[there] == grey).all(), "a grey bar is tinted"


def test_the_same_figure_gives_the_same_bytes():
    assert Picture(moons(), ALT).png == Picture(moons(), ALT).png
    assert plots.png(moons()) == plots.png(moons())
    assert b"matplotlib" not in plots.png(moons()).lower()


def test_size_and_speed_of_a_png_can_be_chosen():
    assert Image.open(io.BytesIO(plots.png(moons(), dpi=100))).size == (500, 340)
    assert len(plots.png(moons(), compress_level=9)) < len(plots.png(moons(), compress_level=1))


@pytest.mark.parametrize("alt", ["", "  \n", None, 3])
def test_a_description_is_needed(shown, alt):
    with pytest.raises(ValueError, match="alt must be a description of the figure in words"):
        coursekit.show(moons(), alt=alt)
    assert shown == []


def test_a_figure_of_pyplot_is_closed(shown, monkeypatch):
    from matplotlib import pyplot

    monkeypatch.setattr(mpl, "get_backend", lambda: "agg")
    pyplot.switch_backend("agg")
    fig, _ = pyplot.subplots()
    other, _ = pyplot.subplots()
    coursekit.show(fig, alt="Empty axes")
    assert not pyplot.fignum_exists(fig.number) and pyplot.fignum_exists(other.number)
    pyplot.close(other)
    coursekit.show(moons(), alt="Not pyplot's")
    assert len(shown) == 2


def test_nbval_compares_all_but_the_bytes_of_the_picture(pytestconfig):
    rules = (pytestconfig.rootpath / "tests" / "nbval.cfg").read_text()
    regex = re.search(r"^regex: (.+)$", rules, re.MULTILINE)[1]
    replace = re.search(r"^replace: (.+)$", rules, re.MULTILINE)[1]

    def compared(fig, alt):
        return re.sub(regex, replace, Picture(fig, alt)._repr_mimebundle_()[0]["text/html"])

    one, other = moons(), moons()
    other.axes[0].plot([0, 1], [0, 1])
    assert compared(one, ALT) == compared(other, ALT)
    assert compared(one, ALT) != compared(one, "Other words")
    assert compared(one, ALT) != compared(moons(width=6.0), ALT)
    # and the project's own set-up uses them
    used = getattr(pytestconfig.option, "nbval_sanitize_with", None)
    assert used == str(pytestconfig.rootpath / "tests" / "nbval.cfg")


CODE = """
import sys
import coursekit
from coursekit import data, plots
fig, ax = plots.subplots()
plots.points(ax, *data.gate("or"))
coursekit.show(fig, alt="The OR gate")
assert "matplotlib.pyplot" not in sys.modules
"""


def test_no_pyplot_and_outside_of_a_notebook_the_words():
    command = [sys.executable, "-c", CODE]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout == "Figure: The OR gate\n"


def test_grids_of_axes():
    fig, ax = plots.subplots()
    assert isinstance(fig, Figure) and ax in fig.axes
    assert fig.get_size_inches().tolist() == [5.0, 3.4]
    fig, axes = plots.subplots(2, 3, sharey=True)
    assert axes.shape == (2, 3)
    assert np.allclose(fig.get_size_inches(), [10.8, 6.8])
    assert plots.subplots(1, 2)[1].shape == (2,)
    assert plots.subplots(width=3, height=2)[0].get_size_inches().tolist() == [3, 2]
    _, ax = plots.subplots(subplot_kw={"projection": "3d"})
    assert ax.name == "3d"


def test_the_course_has_its_own_look():
    mpl.rcParams["axes.grid"] = False
    plots.style()
    assert mpl.rcParams["axes.grid"] and not mpl.rcParams["axes.spines.top"]
    assert base64.b64encode(plots.png(plots.subplots()[0]))


@pytest.mark.parametrize(("labels", "columns"), [(2, 2), (5, 5), (6, 3), (8, 4), (11, 4)])
def test_a_legend_of_many_has_rows_of_about_equal_length(labels, columns):
    fig, ax = plots.subplots()
    for k in range(labels):
        ax.plot([k], [k], label=str(k))
    plots.legend(fig)
    assert fig.legends[0]._ncols == columns
