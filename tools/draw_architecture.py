"""Draw the pictures of docs/architecture.md from the imports of the package.

python tools/draw_architecture.py    writes docs/architecture/*.svg

A box is a file or a folder, with the first sentence of its docstring; an arrow points from what
imports to what is imported, and is left out where a longer way says the same. Nothing is drawn by
hand: the pictures change with the code, and a test compares the stored ones.
"""

import argparse
import ast
import itertools
import textwrap
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from html import escape
from pathlib import Path

from coursekit.grading.batch.sandbox.own_modules import own_modules

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "coursekit"
TARGET = ROOT / "docs" / "architecture"

WIDTH, LINE, GAP, RISE, MARGIN = 206, 15, 20, 46, 24  # of a box, a line, and the space between
LETTERS = 29  # in a line of a box
BOXES = 4  # in a row
INK, PAPER, EDGE = "#1f2933", "#ffffff", "#7b8794"
# Of the boxes, by what their folder is; the name in the legend is the second cue.
BOLD = ' font-weight="bold"'
COLOURS = [
    "#e3eefb",
    "#fdf0d5",
    "#e4f3e5",
    "#f7e3ee",
    "#eceafb",
    "#e9edf0",
    "#d5f0f0",
    "#fbdfd2",
    "#f0f4c8",
    "#dcd6cc",
]

Graph = dict[str, set[str]]


@dataclass
class Picture:
    """What one picture shows.

    Attributes
    ----------
    title : str
        Read by screen readers.
    shown : callable
        Takes all files' imports, returns the names to show: files, or folders that end in "/".
    colour_of : callable
        The legend's entry for a name.
    """

    title: str
    shown: Callable[[Graph], Iterable[str]]
    colour_of: Callable[[str], str] = field(
        default=lambda name: name.rpartition("/")[0] or "coursekit"
    )


# ---- the code's structure


def all_imports() -> Graph:
    """For each file of the package, such as "nn/layers.py", the files that it imports."""
    files = {path.relative_to(PACKAGE).as_posix(): path for path in PACKAGE.rglob("*.py")}
    return {name: set(_imports(path)) - {name} for name, path in sorted(files.items())}


def _imports(path: Path) -> Iterable[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    used = {(ast.unparse(n.value), n.attr) for n in ast.walk(tree) if isinstance(n, ast.Attribute)}
    for node in _statements(tree):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("coursekit"):
            for alias in node.names:
                file = _file(node.module or "", alias.name)
                if file.endswith(f"{alias.name}/__init__.py"):  # `nn`: then what is used of it
                    whole = f"{node.module}.{alias.name}"
                    yield from (_file(whole, attr) for name, attr in used if name == alias.name)
                else:
                    yield file


def _statements(tree: ast.AST) -> Iterable[ast.AST]:
    """All nodes, but for what only a type checker reads."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
            continue
        yield node
        yield from _statements(node)


def _file(module: str, name: str) -> str:
    """The file that `from module import name` reads: the one that defines the name."""
    base = PACKAGE.joinpath(*module.split(".")[1:])
    for path in (base / f"{name}.py", base / name / "__init__.py", base.with_suffix(".py")):
        if path.exists():
            return path.relative_to(PACKAGE).as_posix()
    package = base / "__init__.py"
    for node in ast.walk(ast.parse(package.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith(module + "."):
            for alias in node.names:
                if alias.asname in (None, alias.name) and alias.name == name:
                    return _file(node.module or "", name)
    return package.relative_to(PACKAGE).as_posix()


def graph(shown: Iterable[str], imports: Graph) -> Graph:
    """The arrows between the names that are shown, without those that a longer way implies."""
    names = sorted(set(shown))

    def box_of(file: str) -> str | None:
        around = [n for n in names if file == n or (n.endswith("/") and file.startswith(n))]
        return max(around, key=len, default=None)

    arrows: Graph = {name: set() for name in names}
    for file, targets in imports.items():
        start = box_of(file)
        if start:
            arrows[start] |= {end for end in map(box_of, targets) if end and end != start}
    below = {name: reachable(name, arrows) for name in names}
    return {
        name: {end for end in ends if not any(end in below[other] for other in ends - {end})}
        for name, ends in arrows.items()
    }


def reachable(start: str, arrows: Graph) -> set[str]:
    """All names that can be reached by arrows."""
    found, todo = set(), [start]
    while todo:
        new = arrows[todo.pop()] - found
        found |= new
        todo += new
    return found


def sentence(name: str) -> str:
    """The first sentence of a file's docstring."""
    path = PACKAGE / name / "__init__.py" if name.endswith("/") else PACKAGE / name
    text = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""
    return " ".join(text.split("\n\n")[0].split()).replace("`", "")


# ---- the layout


def rows_of(arrows: Graph) -> list[list[str]]:
    """The boxes row by row, each above all that it imports; long arrows get a place in each row.

    A name such as "a>b 2" is the place of an arrow from a to b in row 2.
    """
    height: dict[str, int] = {}
    taken: Counter[int] = Counter()

    def place(name: str) -> None:
        for end in sorted(arrows[name] - height.keys()):
            place(end)
        level = 1 + max((height[end] for end in arrows[name]), default=-1)
        height[name] = next(h for h in itertools.count(level) if taken[h] < BOXES)
        taken[height[name]] += 1

    for name in sorted(arrows, key=lambda name: (len(reachable(name, arrows)), name)):
        if name not in height:
            place(name)
    rows: list[list[str]] = [[] for _ in taken]
    for name in arrows:
        rows[height[name]].append(name)
        for end in arrows[name]:
            for level in range(height[end] + 1, height[name]):
                rows[level].append(f"{name}>{end} {level}")
    return [sorted(row) for row in reversed(rows)]


def segments(arrows: Graph, rows: list[list[str]]) -> list[tuple[str, str]]:
    """Each arrow cut at the rows that it crosses."""
    row = {name: number for number, names in enumerate(reversed(rows)) for name in names}
    cut = []
    for name, ends in arrows.items():
        for end in sorted(ends):
            levels = range(row[name] - 1, row[end], -1)
            way = [name, *(f"{name}>{end} {level}" for level in levels), end]
            cut += list(itertools.pairwise(way))
    return cut


def ordered(rows: list[list[str]], cut: list[tuple[str, str]]) -> list[list[str]]:
    """Each row in the order in which few arrows cross: by the mean place of the neighbours."""
    best, fewest = rows, crossings(rows, cut)
    for sweep in range(24):
        place = {name: (k + 0.5) / len(row) for row in rows for k, name in enumerate(row)}
        downwards = sweep % 2 == 0
        for row in rows if downwards else reversed(rows):
            for name in row:
                near = [place[a] for a, b in cut if b == name] if downwards else []
                near = near or [place[b] for a, b in cut if a == name]
                near = near or [place[a] for a, b in cut if b == name]
                place[name] = sum(near) / len(near) if near else place[name]
            row.sort(key=lambda name: (place[name], name))
            place |= {name: (k + 0.5) / len(row) for k, name in enumerate(row)}
        now = crossings(rows, cut)
        if now < fewest:
            best, fewest = [list(row) for row in rows], now
    return best


def crossings(rows: list[list[str]], cut: list[tuple[str, str]]) -> int:
    """How many pairs of arrows cross between neighbouring rows."""
    place = {name: (number, k) for number, row in enumerate(rows) for k, name in enumerate(row)}
    between: dict[int, list[tuple[int, int]]] = {}
    for a, b in cut:
        between.setdefault(place[a][0], []).append((place[a][1], place[b][1]))
    pairs = (pair for lines in between.values() for pair in itertools.combinations(lines, 2))
    return sum((a - c) * (b - d) < 0 for (a, b), (c, d) in pairs)


# ---- the drawing


def svg(picture: Picture, imports: Graph) -> str:
    """The picture as a text."""
    arrows = graph(picture.shown(imports), imports)
    rows = rows_of(arrows)
    cut = segments(arrows, rows)
    rows = ordered(rows, cut)
    words = {name: textwrap.wrap(sentence(name), LETTERS) for name in arrows}
    wide = max(sum(_width(name, arrows) + GAP for name in row) - GAP for row in rows)
    boxes: dict[str, tuple[float, float, float, float]] = {}  # left, top, width, height
    top = float(MARGIN)
    for row in rows:
        tall = max(_height(words.get(name, [])) for name in row)
        left = MARGIN + (wide - sum(_width(name, arrows) + GAP for name in row) + GAP) / 2
        for name in row:
            height = _height(words[name]) if name in words else tall
            boxes[name] = (left, top + (tall - height) / 2, _width(name, arrows), height)
            left += _width(name, arrows) + GAP
        top += tall + RISE
    kinds = sorted({picture.colour_of(name) for name in arrows})
    colours = {kind: COLOURS[number] for number, kind in enumerate(kinds)}
    parts = [_arrow(boxes, a, b, b in arrows) for a, b in cut]
    for name in arrows:
        parts += _box(name, boxes[name], words[name], colours[picture.colour_of(name)])
    legend, bottom = _legend(colours, top - RISE + 34, MARGIN + wide)
    parts += legend
    size = (wide + 2 * MARGIN, bottom + 18 + MARGIN)
    return "\n".join([*_head(picture.title, *size), *parts, "</svg>", ""])


def _width(name: str, arrows: Graph) -> int:
    return WIDTH if name in arrows else 0


def _height(words: list[str]) -> int:
    return 18 + LINE * (1 + len(words))


def _head(title: str, width: float, height: float) -> list[str]:
    return [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:.0f} {height:.0f}"'
        f' width="{width:.0f}" height="{height:.0f}" role="img"'
        ' font-family="Helvetica, Arial, sans-serif" font-size="12">',
        f"<title>{escape(title)}</title>",
        '<defs><marker id="tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8"'
        f' markerHeight="8" orient="auto"><path d="M0 0L8 4L0 8z" fill="{EDGE}"/></marker></defs>',
        f'<rect width="100%" height="100%" rx="8" fill="{PAPER}"/>',
    ]


def _box(
    name: str, place: tuple[float, float, float, float], words: list[str], colour: str
) -> list[str]:
    left, top, width, height = place
    title = name if name.endswith("/") else name.rpartition("/")[2]
    texts = [
        f'<text x="{left + width / 2:.0f}" y="{top + 20 + LINE * k:.0f}" text-anchor="middle"'
        f' fill="{INK}"{"" if k else BOLD}>{escape(line)}</text>'
        for k, line in enumerate([title, *words])
    ]
    return [
        f'<rect x="{left:.0f}" y="{top:.0f}" width="{width:.0f}" height="{height:.0f}" rx="6"'
        f' fill="{colour}" stroke="{EDGE}"/>',
        *texts,
    ]


def _arrow(boxes: dict[str, tuple[float, float, float, float]], a: str, b: str, tip: bool) -> str:
    """A curve from under one box to the top of another, and straight through the rows between."""
    left, top, width, height = boxes[a]
    x, y = left + width / 2, top + height
    left, end, width, _ = boxes[b]
    u = left + width / 2
    bend = (end - y) / 2
    pass_on = "" if tip else f"V{end + boxes[b][3]:.0f}"
    curve = f"M{x:.0f} {y:.0f}C{x:.0f} {y + bend:.0f} {u:.0f} {end - bend:.0f} {u:.0f} {end:.0f}"
    marker = ' marker-end="url(#tip)"' if tip else ""
    return f'<path d="{curve}{pass_on}" fill="none" stroke="{EDGE}"{marker}/>'


def _legend(colours: dict[str, str], top: float, right: float) -> tuple[list[str], float]:
    """Draw the legend, in as many lines as it needs; return it and the place of the last line."""
    parts, left = [], float(MARGIN)
    for kind, colour in colours.items():
        if left + 22 + 7 * len(kind) > right:
            left, top = float(MARGIN), top + 24
        parts += [
            f'<rect x="{left:.0f}" y="{top - 12:.0f}" width="16" height="16" rx="3"'
            f' fill="{colour}" stroke="{EDGE}"/>',
            f'<text x="{left + 22:.0f}" y="{top + 1:.0f}" fill="{INK}">{escape(kind)}</text>',
        ]
        left += 22 + 7 * len(kind) + 24
    return parts, top


# ---- the pictures


def folders(imports: Graph) -> set[str]:
    """The package's parts, and what is in the two large ones."""
    names = {f"{Path(name).parent.as_posix()}/" for name in imports if "/" in name}
    return {name for name in names if name not in ("grading/", "widgets/")} | {"cli.py"}


def inside(folder: str, imports: Graph) -> set[str]:
    """The files of a folder, without those of its folders."""
    names = {name for name in imports if name.startswith(folder)}
    return {n for n in names if "/" not in n[len(folder) :] and not n.endswith("__init__.py")}


def verdict(imports: Graph) -> set[str]:
    """All that judges one answer, and the two who ask for it."""
    callers = {"student/check.py", "batch/grader/grade_one.py"}
    return inside(JUDGE, imports) | {"grading/course/"} | {f"grading/{name}" for name in callers}


def mark(imports: Graph) -> set[str]:
    """The files of batch grading that are in no folder of its own; all else as folders."""
    rooms = {
        f"{BATCH}{name}/" for name in ("base", "hand_ins", "grader", "sandbox", "marks", "exports")
    }
    return inside(BATCH, imports) | rooms | {JUDGE, "grading/course/", "cli.py"}


def worker_modules() -> set[str]:
    """The files of grading that the sandbox contains."""
    names = (file.relative_to(PACKAGE).as_posix() for file in own_modules())
    return {name for name in names if name.startswith("grading/")}


def sandbox(imports: Graph) -> set[str]:
    """What builds a sandbox and talks to it, and what is in it."""
    own = inside(BATCH + "sandbox/", imports)
    return own | worker_modules() | {BATCH + "grader/sandboxed_answers.py"}


def slider(imports: Graph) -> set[str]:
    """All that one explorer imports."""
    start = "widgets/explorers/line_and_gates.py"
    return {start} | {name for name in reachable(start, imports) if "__init__" not in name}


def values(imports: Graph) -> set[str]:
    """The plain values and their codec, and who writes or reads them."""
    codec = {name for name in imports if name in CODEC}
    users = {name for name, targets in imports.items() if targets & codec}
    return {name for name in codec | users if name.startswith("grading/")}


JUDGE, BATCH = "grading/judge/", "grading/batch/"
CODEC = {JUDGE + "values.py", JUDGE + "encoding.py", BATCH + "sandbox/protocol.py"}
PICTURES = {
    "map": Picture(
        "The folders of the package, and which imports which",
        folders,
        lambda name: name.split("/")[0],
    ),
    "verdict": Picture("From an answer to a verdict: the files that judge", verdict),
    "mark": Picture("From a submission to a mark: the parts of batch grading", mark),
    "sandbox": Picture(
        "What builds a sandbox, and what it contains",
        sandbox,
        lambda name: "in the sandbox" if name in worker_modules() else "outside",
    ),
    "slider": Picture("From a slider to a picture: the files that one explorer uses", slider),
    "values": Picture("How a value crosses: plain values, their codec, and who uses them", values),
}


def draw_all() -> dict[str, str]:
    """All pictures: file name to text."""
    imports = all_imports()
    return {f"{name}.svg": svg(picture, imports) for name, picture in PICTURES.items()}


if __name__ == "__main__":
    argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    ).parse_args()
    TARGET.mkdir(exist_ok=True)
    for name, text in draw_all().items():
        (TARGET / name).write_text(text, encoding="utf-8")
