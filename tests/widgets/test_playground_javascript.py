"""The widgets' ES modules are joined in order, and take their colours from the palette."""

import base64
import io
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from fontTools.ttLib import TTFont
from matplotlib.colors import CSS4_COLORS

from coursekit import widgets
from coursekit.plots import palette
from coursekit.widgets.base.handles import HandleLayer
from coursekit.widgets.base.join_modules import join
from coursekit.widgets.base.output import colors
from coursekit.widgets.playground.view.options import all_options

WIDGETS = Path(widgets.__file__).parent
STARTS = [WIDGETS / name / "js" / "main.js" for name in ("playground", "race")]
SHARED = WIDGETS / "base" / "js"

needs_node = pytest.mark.skipif(shutil.which("node") is None, reason="Node is not installed")


def write(folder, **texts):
    for name, text in texts.items():
        (folder / f"{name}.js").write_text(text, encoding="utf-8")


def test_modules_stand_after_what_they_import(tmp_path):
    write(
        tmp_path,
        main='import { one, Two } from "./b.js";\nimport {\n  three,\n} from "./c.js";\n\n'
        "export default { render: () => one() + three + Two };\n",
        b='import { three } from "./c.js";\nexport function one() { return three; }\n'
        "export class Two {}\nexport async function* later() {}\n",
        c="export const three = 3;\n",
    )
    joined = join(tmp_path / "main.js")
    assert joined.index("// c.js") < joined.index("// b.js") < joined.index("// main.js")
    assert "import" not in joined
    assert joined.count("export") == 1 and "export default { render" in joined
    assert "\nclass Two {}" in joined and "\nconst three = 3;" in joined


def complaints(start, tmp_path):
    """What Node says of the modules, linked to each other, and of the joined one."""
    joined = tmp_path / "joined.mjs"
    joined.write_text(join(start), encoding="utf-8")
    commands = (["node", start], ["node", "--check", joined])
    done = [subprocess.run(c, capture_output=True, text=True, check=False) for c in commands]
    return "".join(each.stderr for each in done if each.returncode)


@pytest.mark.parametrize("start", STARTS, ids=lambda start: start.parts[-3])
def test_every_module_of_a_widget_is_used_and_only_the_default_export_is_left(start):
    joined = join(start)
    for path in start.parent.glob("*.js"):
        assert f"// {path.name}\n" in joined
    assert re.findall(r"^(?:import|export)\b.*", joined, re.MULTILINE) == [
        "export default { render };"
    ]


def test_every_shared_module_is_used_by_both():
    for start in STARTS:
        joined = join(start)
        assert all(f"// {path.name}\n" in joined for path in SHARED.glob("*.js"))


@needs_node
@pytest.mark.parametrize("start", STARTS, ids=lambda start: start.parts[-3])
def test_node_links_the_modules_and_reads_the_joined_one(start, tmp_path):
    assert complaints(start, tmp_path) == ""


@needs_node
@pytest.mark.parametrize(
    ("main", "b", "sentence"),
    [
        ('import { a } from "./b.js";\n', "const a = 1;\n", "does not provide an export named 'a'"),
        (
            'import { a } from "./b.js";\nlet b;\n',
            "export const a = 1, c = 2;\nlet b;\n",
            "Identifier 'b' has already been declared",
        ),
        (
            'import { a } from "./b.js";\nfunction f() {}\n',
            "export let a;\nfunction f() {}\n",
            "Identifier 'f' has already been declared",
        ),
        (
            'import { a } from "./b.js";\nexport default a;\n',
            "export let a;\nexport default a;\n",
            "'.default' has already been declared",
        ),
    ],
)
def test_node_finds_what_can_not_be_joined(tmp_path, main, b, sentence):
    folder = tmp_path / "planted"
    folder.mkdir()
    write(folder, main=main, b=b)
    (folder / "package.json").write_text('{"type": "module"}', encoding="utf-8")
    assert sentence in complaints(folder / "main.js", tmp_path)


NAMES = "|".join(CSS4_COLORS)
COLOUR = re.compile(
    rf"#[0-9a-f]{{3,8}}\b|\b(?:rgb|hsl)a?\(\s*\d|[\"'](?:{NAMES})[\"']", re.IGNORECASE
)
NEUTRAL = {'"white"', '"black"', '"transparent"', '"currentColor"'}


def test_no_colour_is_written_in_javascript():
    """They come from plots.palette, in the widget's options."""
    for path in WIDGETS.glob("*/js/*.js"):
        found = set(COLOUR.findall(path.read_text(encoding="utf-8")))
        assert found <= NEUTRAL, f"{path.name}: {sorted(found - NEUTRAL)}"


@pytest.mark.parametrize("name", ["playground", "race"])
def test_the_style_sheet_names_its_colours_and_takes_the_palette_s(name):
    css = (WIDGETS / name / f"{name}.css").read_text(encoding="utf-8").lower()
    defined = re.findall(r"(--ck-[a-z-]+): (#[0-9a-f]+);", css)
    assert [color for _, color in defined] == re.findall(r"#[0-9a-f]{3,8}\b", css)
    palette_s = {color.lower() for color in (*palette.COLORS, *colors().values())}
    assert not palette_s & {color for _, color in defined}
    used = set(re.findall(r"var\((--ck-[a-z-]+)", css))
    given = {f"--ck-{name}" for name in colors()} | {name for name, _ in defined}
    assert used <= given | {"--ck-least"}  # the least width of the network, not a colour


@pytest.mark.parametrize("widget", [HandleLayer, widgets.OptimizerRace, widgets.Playground])
def test_a_number_field_shows_its_hyphen_as_a_minus_sign(widget):
    font = re.search(
        r'font-family: "(.+)";\s+unicode-range: U\+2D;.+base64,([^"]+)"', widget._css, re.S
    )
    assert f'[inputmode="decimal"]) {{ font-family: "{font[1]}", ' in widget._css
    glyphs = TTFont(io.BytesIO(base64.b64decode(font[2])))
    (minus,) = (glyphs["glyf"][name] for name in glyphs.getBestCmap().values())
    assert glyphs.getBestCmap().keys() == {ord("-")}
    # as wide as a digit and in the middle of its height, in thousandths of the font's size
    assert minus.xMax - minus.xMin > 450 and 300 < minus.yMin < minus.yMax < 400


def test_another_palette_changes_the_playground(monkeypatch):
    monkeypatch.setattr(palette, "COLORS", ("#111111", "#222222", *palette.COLORS[2:]))
    monkeypatch.setattr(palette, "NEGATIVE", "#111111")
    monkeypatch.setattr(palette, "POSITIVE", "#222222")
    chosen = all_options.__wrapped__()
    assert [each["color"] for each in chosen["classes"]][:2] == ["#111111", "#222222"]
    assert {chosen["colors"][name] for name in ("negative", "test")} == {"#111111"}
    assert {chosen["colors"][name] for name in ("positive", "training", "accent")} == {"#222222"}
