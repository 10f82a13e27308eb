"""packager check: what EPUBCheck, Ace and our own checks say."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

import click

from packager.cli.options import json_option, quiet_option
from packager.cli.telling import print_json, progress_of, remark
from packager.delivery.web.record import SITE_RECORD
from packager.errors import ExitCode, SourceError, UsageError
from packager.files import is_file, is_folder
from packager.model import Finding
from packager.pipeline.settings import load_settings


@click.command("check")
@click.argument("files", nargs=-1, metavar="[FILE]...")
@click.option(
    "--listen", is_flag=True, help="Listen to narrations with an offline recogniser, and compare with the text."
)
@click.option(
    "--recogniser", metavar="NAME", help="Recogniser for --listen: base, tiny.en, or a folder with a Whisper model."
)
@json_option
@quiet_option
def command(files: tuple[str, ...], listen: bool, recogniser: str | None, as_json: bool, quiet: bool) -> int:
    """Examine EPUB and MP3 files, or all of those in a folder; without any, those in “build”.

    EPUBCheck and Ace are asked where they are installed. Our own checks look at what they cannot see: whether the sound is
    whole, whether text and voice are in step, whether the book earns its claims. With --listen, a recogniser on this machine
    writes down what it hears, and each sentence that is missing, cut, doubled, out of order or drowned is named with its time.
    """
    if recogniser and not listen:
        raise UsageError("A recogniser was named, and nothing is to be listened to.", "Add --listen.")
    found = _files(files or (load_settings(Path("content"), {}).output,), named=bool(files))
    remark(f"Checking {len(found)} {'file' if len(found) == 1 else 'files'}.", quiet)
    from packager.pipeline.checking import check_files, listen_to_files, make_sure_of_recogniser

    if listen:
        make_sure_of_recogniser(recogniser)
    with progress_of("Checking", quiet) as progress:
        findings = check_files(found, progress)
    if listen:
        with progress_of("Listening", quiet) as progress:
            for file, heard in listen_to_files(found, recogniser, progress).items():
                findings[file] = list(dict.fromkeys([*findings[file], *heard]))
    if as_json:
        report = [{"file": str(file), "findings": [asdict(one) for one in some]} for file, some in findings.items()]
        print_json({"files": report})
    else:
        for file, some in findings.items():
            _tell(file, [one for one in some if one.severity == "error" or not quiet], quiet)
    bad = any(one.severity == "error" for some in findings.values() for one in some)
    return ExitCode.CHECK if bad else ExitCode.GOOD


def _files(names: tuple[str, ...], named: bool) -> list[Path]:
    found: list[Path] = []
    for name in names:
        path = Path(name)
        if is_folder(name):
            found += sorted(
                file
                for file in path.rglob("*")
                if file.suffix.lower() in (".epub", ".mp3") and not _is_copy(file, path)
            )
        elif is_file(name):
            found.append(path)
        elif named:
            raise SourceError(f"There is no file “{path}”.", "Check the spelling and the folder you are in.")
    if not found:
        raise SourceError(f"There is no EPUB or MP3 in “{names[0]}”.", "Build something first: packager build")
    return list(dict.fromkeys(found))


def _is_copy(file: Path, within: Path) -> bool:
    """Whether a file below the folder `within` is on the page that reads along: copies of what stands beside it."""
    above = file.relative_to(within).parents
    return any((within / folder / SITE_RECORD).is_file() for folder in above if folder != Path())


def _tell(file: Path, findings: list[Finding], quiet: bool) -> None:
    if quiet and not findings:
        return
    errors = sum(finding.severity == "error" for finding in findings)
    warnings = sum(finding.severity == "warning" for finding in findings)
    verdict = "good" if not errors + warnings else f"{_counted(errors, 'error')}, {_counted(warnings, 'warning')}"
    click.echo(f"{file}: {verdict}")
    for finding in findings:
        place = f" ({finding.place})" if finding.place else ""
        click.echo(f"  {finding.severity}: {finding.tool} {finding.code}: {finding.message}{place}")


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"
