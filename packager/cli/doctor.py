"""packager doctor: what is installed, what is missing, and how to get it."""

from __future__ import annotations

import platform
import re
import sys
from dataclasses import asdict, dataclass
from importlib.metadata import requires, version
from importlib.util import find_spec
from pathlib import Path
from shutil import which

import click

from packager import __version__
from packager.cli.options import json_option
from packager.cli.telling import print_json
from packager.errors import ExitCode, PackagerError

_PIP = f"{sys.executable} -m pip install"


@dataclass(frozen=True)
class Part:
    """Something the program uses: whether it is there, and what to do when not. `needed` parts make the doctor fail."""

    name: str
    found: bool
    detail: str
    needed: bool = False


@click.command("doctor")
@json_option
def command(as_json: bool) -> int:
    """Tell what is installed, what is missing, and how to get it."""
    parts = [_python(), *_libraries(), *_engines(), *_checkers(), _keyring(), *_ejector(), _cache()]
    if as_json:
        print_json({"packager": __version__, "parts": [asdict(part) for part in parts]})
    else:
        click.echo(f"Packager {__version__}")
        for part in parts:
            state = "good" if part.found else "MISSING" if part.needed else "not installed"
            click.echo(f"{part.name}: {state}. {part.detail}".rstrip())
    return ExitCode.UNEXPECTED if any(part.needed and not part.found for part in parts) else ExitCode.GOOD


def _python() -> Part:
    return Part(
        "Python",
        sys.version_info >= (3, 11),
        f"{platform.python_version()} on {platform.system()}",
        needed=True,
    )


def _libraries() -> list[Part]:
    parts = []
    for name in sorted(_required(), key=str.lower):
        try:
            parts.append(Part(name, True, version(name), needed=True))
        except ModuleNotFoundError:
            parts.append(Part(name, False, f"Install it: {_PIP} {name}", needed=True))
    return parts


def _required() -> list[str]:
    """The libraries that Packager's own package names, those of extras apart."""
    lines = requires("packager") or []
    return [match[0] for line in lines if "extra ==" not in line and (match := re.match(r"[\w.-]+", line))]


def _engines() -> list[Part]:
    from packager.narrators.registry import narrator, narrator_names

    parts = []
    for name in narrator_names():
        engine = narrator(name)
        remedy = engine.missing()
        kind = "online, sends text away" if engine.online else "offline"
        parts.append(Part(f"voice engine {name}", remedy is None, remedy or f"{kind}, {len(engine.voices())} voices"))
    return parts


def _checkers() -> list[Part]:
    from packager.checks import ace, epubcheck
    from packager.checks.listening import recogniser

    pandoc = (
        None
        if find_spec("pypandoc") or which("pandoc")
        else "Install it in Packager's folder: pip install -e '.[pandoc]'"
    )
    checkers = {"EPUBCheck": epubcheck.missing(), "Ace": ace.missing(), "Pandoc": pandoc}
    parts = [Part(name, remedy is None, remedy or "") for name, remedy in checkers.items()]
    models = "offline: " + ", ".join(model.name for model in recogniser.models())
    remedy = recogniser.missing()
    return [*parts, Part("recogniser for check --listen", remedy is None, remedy or models)]


def _keyring() -> Part:
    """Where the password of a mail account can be kept; `priority` 1 and more is what keyring itself recommends."""
    name, remedy = "keyring for send", "Without one, give the password in PACKAGER_MAIL_PASSWORD or type it each time"
    try:
        import keyring

        chosen = keyring.get_keyring()
        safe = [one for one in getattr(chosen, "backends", None) or [chosen] if one.priority >= 1]
    # A keyring is somebody else's plug-in: it may raise anything.
    except Exception:
        safe = []
    return Part(name, bool(safe), str(safe[0].name) if safe else remedy)


def _ejector() -> list[Part]:
    """What lets go of a device; where there is none, --eject cannot be had at all."""
    program = {"linux": "udisksctl", "darwin": "diskutil"}.get(sys.platform)
    if program is None:
        return []
    found = which(program)
    remedy = "Install udisks2 with your system's packages" if program == "udisksctl" else ""
    return [Part(f"{program} for load --eject", found is not None, found or remedy)]


def _cache() -> Part:
    from packager.cache import default_folder
    from packager.files import make_folder
    from packager.pipeline.settings import load_settings

    settings = load_settings(Path("content"), {})
    folder = Path(settings.cache) if settings.cache else default_folder()
    try:
        make_folder(folder)
    except PackagerError as error:
        return Part("cache", False, str(error), needed=True)
    return Part("cache", True, str(folder), needed=True)
