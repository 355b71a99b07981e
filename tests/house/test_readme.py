"""What the README shows, works.

Commands of `footloose` in bash blocks run one after another in an empty folder with a copy of the scenarios,
so that a later command sees what an earlier one left; other commands (make, pip) are not run. Python blocks
run in the same folder, as one program, unless their opening line says `not-run`.
"""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

FENCE = re.compile(r"^```(?P<info>[^\n`]*)\n(?P<body>.*?)^```\s*$", re.MULTILINE | re.DOTALL)
COMMAND = re.compile(r"^(?:\$ )?(?:\.venv/bin/)?(footloose .*)$")
TIME_LIMIT = 300


def blocks(text: str, language: str) -> list[str]:
    """Return the code blocks of one language that are meant to run."""
    found = [(match["info"].split(), match["body"]) for match in FENCE.finditer(text)]
    return [body for info, body in found if info[:1] == [language] and "not-run" not in info]


def commands(text: str) -> list[str]:
    """Return the commands of footloose in the bash blocks, continued lines joined."""
    joined = [line.strip() for body in blocks(text, "bash") for line in body.replace("\\\n", " ").splitlines()]
    return [match[1] for line in joined if (match := COMMAND.match(line))]


@pytest.fixture(scope="module")
def readme(checkout: Path) -> str:
    return (checkout / "README.md").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def folder(checkout: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a working folder with the scenarios and a `footloose` command that is this checkout's."""
    folder = tmp_path_factory.mktemp("reader")
    shutil.copytree(checkout / "scenarios", folder / "scenarios")
    command = folder / "bin" / "footloose"
    command.parent.mkdir()
    command.write_text(f'#!/bin/sh\nexec {shlex.quote(sys.executable)} -m footloose.cli "$@"\n', encoding="utf-8")
    command.chmod(0o755)
    return folder


def run(arguments: list[str], folder: Path, checkout: Path) -> subprocess.CompletedProcess[str]:
    """Run a program as a reader would, in `folder`, with the packages of the checkout."""
    roots = os.pathsep.join(str(checkout / name) for name in ("model", "calibration"))
    environment = {
        **os.environ,
        "PYTHONPATH": roots,
        "PATH": f"{folder / 'bin'}{os.pathsep}{os.environ['PATH']}",
    }
    return subprocess.run(
        arguments,
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
        timeout=TIME_LIMIT,
        check=False,
    )


@pytest.mark.slow
def test_readme_runs(readme: str, folder: Path, checkout: Path) -> None:
    shown = commands(readme)
    assert shown, "the README shows no command of footloose"
    for command in shown:
        done = run(["bash", "-euo", "pipefail", "-c", command], folder, checkout)
        assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
    program = "\n\n".join(blocks(readme, "python"))
    done = run([sys.executable, "-c", program], folder, checkout)
    assert done.returncode == 0, f"{program}\n{done.stdout}\n{done.stderr}"


def test_blocks_are_read() -> None:
    text = (
        "```bash\nmake run\n.venv/bin/footloose run a.yaml \\\n  --out b\n```\n"
        "```python run\nx = 1\n```\n```python not-run\ny = 1\n```\n```yaml\nz: 1\n```\n"
    )
    assert commands(text) == ["footloose run a.yaml    --out b"]
    assert blocks(text, "python") == ["x = 1\n"]
