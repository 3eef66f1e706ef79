"""What sixty runs of a cell with a widget leave behind: in the kernel, and in the saved notebook.

    python benchmarks/again.py

Each widget has a kernel of its own, in which its cell runs again and again. Then, where there is a
Chromium, a notebook with one cell for each widget is run as often in JupyterLab and saved. After 60
runs the kernel's memory should be within 10 MB of that after one, and the notebook within 100 kB.
"""

import argparse
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from jupyter_client.manager import start_new_kernel
from playwright.sync_api import sync_playwright

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests" / "browser"))

from explorers import EXPLORERS, SETUP
from lab_page import NotebookPage, Server, find_browser, launch, write_notebook

MEMORY, FILE = 10.0, 100.0  # MB, kB
CELLS = EXPLORERS | {
    "OptimizerRace": "widgets.OptimizerRace()",
    "Playground": "widgets.Playground()",
    "predict": "guess = predict('How many corners of XOR can a line get right?', [2, 3, 4])",
}
RESIDENT = (
    "import gc, pathlib, resource; _ = gc.collect()\n"
    "print(int(pathlib.Path('/proc/self/statm').read_text().split()[1]) * resource.getpagesize())"
)


def memory(source: str, runs: int) -> float:
    """By how many MB so many runs of a cell in a kernel exceed the first one."""
    manager, client = start_new_kernel()

    def run(cell: str, code: str) -> str:
        content = {"code": code, "silent": False, "store_history": True, "user_expressions": {}}
        request = client.session.msg("execute_request", content, metadata={"cellId": cell})
        client.shell_channel.send(request)
        printed = ""
        while True:
            message = client.get_iopub_msg(timeout=120)
            if message["parent_header"].get("msg_id") != request["header"]["msg_id"]:
                continue
            if message["msg_type"] == "error":
                raise RuntimeError(message["content"]["evalue"])
            printed += message["content"].get("text", "")
            if message["content"].get("execution_state") == "idle":
                return printed

    try:
        run("setup", SETUP)
        run("widget", source)
        once = int(run("memory", RESIDENT))
        for _ in range(runs - 1):
            run("widget", source)
        return (int(run("memory", RESIDENT)) - once) / 1e6
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)


def saved(sources: list[str], runs: int, said: Callable[[str], None]) -> float:
    """By how many kB the notebook that is saved after so many runs exceeds that after one."""
    with tempfile.TemporaryDirectory() as home, sync_playwright() as playwright:
        server, browser = Server(Path(home)), launch(playwright)
        try:
            path = server.root / "notebooks" / "again.ipynb"
            write_notebook(path, sources)
            page = browser.new_page(viewport={"width": 1366, "height": 900})
            notebook = NotebookPage(page, server).open("notebooks/again.ipynb")
            sizes = []
            for k in range(runs):
                notebook.run_all()
                if k in (0, runs - 1):
                    notebook.save()
                    sizes.append(path.stat().st_size)
            said(f"saved notebook: {sizes[0] / 1e3:.0f} kB after one run of all cells")
            return (sizes[1] - sizes[0]) / 1e3
        finally:
            browser.close()
            server.close()


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=60)
    parser.add_argument("--only", nargs="*", default=list(CELLS), metavar="WIDGET")
    options = parser.parse_args(arguments)
    cells = {name: CELLS[name] for name in options.only}
    print(f"after {options.runs} runs")
    for name, source in cells.items():
        grown = memory(source, options.runs)
        print(f"{name:16} {grown:+7.1f} MB{'' if grown <= MEMORY else '  missed'}", flush=True)
    if find_browser() is None:
        print("no Chromium found: install one (Debian: apt-get install chromium)")
        return 1
    grown = saved([SETUP, *cells.values()], options.runs, print)
    print(f"after {options.runs}: {grown:+.1f} kB{'' if abs(grown) <= FILE else '  missed'}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
