"""The files that those who carry on rely on: the hook, the forms, the changelog, the tools."""

import ast
import re
import tokenize
import tomllib
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[2]
FORMS = ROOT / ".github" / "ISSUE_TEMPLATE"


def read(*path):
    return ROOT.joinpath(*path).read_text(encoding="utf-8")


def test_the_hook_runs_the_linters_and_downloads_nothing():
    (repository,) = yaml.safe_load(read(".pre-commit-config.yaml"))["repos"]
    assert repository["repo"] == "local"
    (hook,) = repository["hooks"]
    assert hook["entry"] == "make lint"
    assert hook["language"] == "system"
    assert hook["pass_filenames"] is False
    assert re.search(r"(?m)^lint:", read("Makefile"))


@pytest.mark.parametrize("name", ["wrong_sentence", "refused_answer", "task_idea"])
def test_an_issue_form_is_one_that_github_accepts(name):
    form = yaml.safe_load((FORMS / f"{name}.yml").read_text(encoding="utf-8"))
    assert set(form) == {"name", "description", "title", "labels", "body"}
    fields = [field for field in form["body"] if field["type"] != "markdown"]
    assert {field["type"] for field in fields} <= {"input", "textarea", "dropdown", "checkboxes"}
    for field in fields:
        assert set(field) <= {"type", "id", "attributes", "validations"}
        assert field["attributes"]["label"]
    ids = [field["id"] for field in fields]
    assert len(set(ids)) == len(ids)
    assert any(field.get("validations") == {"required": True} for field in fields)


def test_there_are_no_other_forms():
    names = {"config", "wrong_sentence", "refused_answer", "task_idea"}
    assert {path.stem for path in FORMS.iterdir()} == names


def test_the_changelog_has_the_version_with_its_date_below_what_is_unreleased():
    version = tomllib.loads(read("pyproject.toml"))["project"]["version"]
    date = yaml.safe_load(read("CITATION.cff"))["date-released"]
    sections = re.findall(r"(?m)^## (.+)$", read("CHANGELOG.md"))
    assert sections[:2] == ["Unreleased", f"{version} ({date})"]


def test_every_tool_has_its_line():
    table = read("CONTRIBUTING.md").partition("\n## Tools\n")[2].partition("\n## ")[0]
    named = re.findall(r"(?m)^\| `python tools/(\w+)\.py", table)
    assert sorted(named) == sorted(path.stem for path in (ROOT / "tools").glob("*.py"))


@pytest.mark.parametrize(
    "script",
    [path for folder in ("tools", "benchmarks") for path in sorted((ROOT / folder).glob("*.py"))],
    ids=lambda path: path.name,
)
def test_a_script_asked_for_help_does_not_begin_its_work(script):
    assert "ArgumentParser(" in script.read_text(encoding="utf-8"), "argparse answers --help"


def test_the_map_names_every_folder():
    """Folders of the package down to the second level, and those of the repository."""
    text = read("CONTRIBUTING.md").partition("```\n")[2].partition("```")[0]
    parts = ROOT / "coursekit"
    below = [p for part in ("widgets", "grading") for p in (parts / part).iterdir()]
    wanted = [f"coursekit/{p.name}/" for p in parts.iterdir() if (p / "__init__.py").exists()]
    wanted += [f"    {p.name}/" for p in below if (p / "__init__.py").exists()]
    wanted += [f"{name}/" for name in ("notebooks", "solutions", "exercises", "tests", "docs")]
    lines = [re.match(r" *[\w/]+/", line) for line in text.splitlines()]
    named = {line[0] for line in lines if line}
    assert set(wanted) <= named
    for name in named:
        places = [ROOT, parts / "widgets", parts / "grading"]
        assert any((place / name.strip()).is_dir() for place in places), name


_NO_CODE = {"COMMENT", "NL", "NEWLINE", "INDENT", "DEDENT", "ENCODING", "ENDMARKER"}


def lines_of_code(path):
    """Count the lines of a module that hold code: no comment, no docstring, not blank."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    documented = (ast.Module, ast.ClassDef, ast.FunctionDef)
    nodes = [node for node in ast.walk(tree) if isinstance(node, documented)]
    docstrings = [node.body[0] for node in nodes if ast.get_docstring(node) is not None]
    with open(path, "rb") as file:
        tokens = [*tokenize.tokenize(file.readline)]
    code = [t for t in tokens if tokenize.tok_name[t.type] not in _NO_CODE]
    held = {n for token in code for n in range(token.start[0], token.end[0] + 1)}
    return len(held - {n for d in docstrings for n in range(d.lineno, d.end_lineno + 1)})


def test_the_code_that_translates_stays_small(tmp_path):
    sample = tmp_path / "sample.py"
    sample.write_text(
        '"""Two\nlines."""\n\n# A comment\nx = """one\ntwo"""  # three with f\n\n'
        'def f():\n    """None."""\n'
    )
    assert lines_of_code(sample) == 3
    files = [*(ROOT / "coursekit/translation").glob("*.py"), ROOT / "coursekit/language.py"]
    assert sum(map(lines_of_code, files)) <= 1300
