"""The playground's ES modules become one, in order, without a name twice."""

import re
import shutil
import subprocess

import pytest

from coursekit.widgets.playground.view.join_modules import FOLDER, START, join


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
    joined = join(tmp_path)
    assert joined.index("// c.js") < joined.index("// b.js") < joined.index("// main.js")
    assert "import" not in joined
    assert joined.count("export") == 1 and "export default { render" in joined
    assert "\nclass Two {}" in joined and "\nconst three = 3;" in joined


@pytest.mark.parametrize(
    ("texts", "sentence"),
    [
        ({"main": "const a = 1;\n", "b": ""}, None),
        ({"main": 'import { a } from "./b.js";\n', "b": "const a = 1;\n"}, "b.js exports no a"),
        (
            {
                "main": 'import { a } from "./b.js";\nlet b;\n',
                "b": "export const a = 1, c = 2;\nlet b;\n",
            },
            "b stands in b.js and in main.js",
        ),
        (
            {
                "main": 'import { a } from "./b.js";\n',
                "b": 'import { c } from "./main.js";\nexport let a;\n',
            },
            "circle: main.js → b.js → main.js",
        ),
        ({"main": 'import a from "./b.js";\n', "b": ""}, "can't join 'import a"),
        ({"main": 'import * as a from "./b.js";\n', "b": ""}, "can't join"),
        ({"main": 'import { a } from "d3";\n'}, "can't join"),
        (
            {"main": 'import { a as b } from "./b.js";\n', "b": "export let a;\n"},
            "exports no a as b",
        ),
        ({"main": "let a;\nexport { a };\n"}, "can't join 'export { a };'"),
        ({"main": "const { a } = f();\n"}, "can't join 'const { a }"),
        (
            {"main": 'import { a } from "./b.js";\n', "b": "export let a;\nexport default a;\n"},
            "only main.js has a default export",
        ),
    ],
)
def test_what_can_not_be_joined_is_refused(tmp_path, texts, sentence):
    write(tmp_path, **texts)
    if sentence is None:
        assert join(tmp_path) == "// main.js\nconst a = 1;\n"
        return
    with pytest.raises(ValueError, match=re.escape(sentence)):
        join(tmp_path)


def test_every_module_of_the_playground_is_used():
    joined = join()
    for path in FOLDER.glob("*.js"):
        assert f"// {path.name}\n" in joined
    assert joined.rstrip().splitlines()[-1].startswith(("export default", "}"))
    assert joined.index(f"// {START}\n") > max(
        joined.index(f"// {path.name}\n") for path in FOLDER.glob("*.js") if path.name != START
    )


@pytest.mark.skipif(shutil.which("node") is None, reason="Node, which reads JavaScript, is missing")
def test_node_reads_the_joined_module(tmp_path):
    path = tmp_path / "playground.mjs"
    path.write_text(join(), encoding="utf-8")
    done = subprocess.run(["node", "--check", path], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
