"""``python -m coursekit`` is the command ``coursekit``, whichever Python runs it."""

import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

from coursekit import bootstrap
from coursekit.language import folder_language, say, speaking


def main() -> int:
    """Run the command in the environment of the course, if this Python is another one."""
    if bootstrap.PYTHON.exists() and Path(sys.prefix).resolve() != bootstrap.ENVIRONMENT.resolve():
        command = [str(bootstrap.PYTHON), "-m", "coursekit", *sys.argv[1:]]
        return subprocess.run(command, check=False).returncode
    if find_spec("numpy") is None:
        with speaking(folder_language(bootstrap.ROOT)):
            missing = say(
                "The environment of the course is missing: run {script} first.",
                script=bootstrap.SCRIPT,
            )
            print(missing)
        return 2
    from coursekit.cli import main as command_line

    return command_line()


if __name__ == "__main__":
    sys.exit(main())
