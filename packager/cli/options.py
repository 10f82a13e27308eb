"""Options that several commands share."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from packager.errors import UsageError
from packager.pipeline.settings import Settings, load_settings

if TYPE_CHECKING:
    from packager.pipeline.sources import Reading

Command = TypeVar("Command", bound=Callable[..., Any])

METADATA = ("title", "author", "language", "cover", "date")
SETTINGS = ("output", "engine", "voice", "speed", "only", "devices", "jobs", "certified_by")

_METADATA_OPTIONS = (
    click.option("-t", "--title", help="Title, instead of the one in the source."),
    click.option("-a", "--author", multiple=True, help="Author; may be given several times."),
    click.option("--language", metavar="TAG", help="Language of the text, such as en, en-GB, de, ar."),
    click.option("--date", metavar="YYYY-MM-DD", help="Date of publication."),
    click.option("--cover", metavar="FILE", help="Picture for the cover, instead of one made from the title."),
)
_LISTENING_OPTION = click.option(
    "--listening",
    multiple=True,
    metavar="KIND=WHAT",
    help="What to do with code, tables, notes, …: read, announce, summarise, leave-out; may be given several times.",
)
_VOICE_OPTIONS = (
    click.option("-e", "--engine", metavar="NAME", help="Voice engine: auto, hibari, espeak, piper, gtts (online)."),
    click.option("-v", "--voice", metavar="NAME", help="Voice of the engine; see “packager voices”."),
    click.option("-s", "--speed", type=float, metavar="FACTOR", help="Speed of the voice: 1.0 is its own pace."),
    click.option(
        "-j",
        "--jobs",
        type=int,
        metavar="N",
        help="Sentences spoken at once; 0 is as many as there are cores.",
    ),
)
_READING_OPTIONS = (
    click.option("--keep", multiple=True, metavar="SELECTOR", help="Part of a web page that belongs to the article."),
    click.option("--drop", multiple=True, metavar="SELECTOR", help="Part of a web page that does not."),
    click.option("--url", metavar="ADDRESS", help="Where a saved page came from; its pictures are fetched."),
    click.option("--allow-private", is_flag=True, help="Fetch also from this machine and its network."),
)
_OUTPUT_OPTION = click.option("-o", "--output", metavar="FOLDER", help="Where results go; “build” when not given.")
_CERTIFIED = click.option("--certified-by", metavar="NAME", help="Who evaluated the book's accessibility.")

json_option = click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
as_book_option = click.option("--as-book", metavar="TITLE", help="Make one book of all sources, a chapter each.")
quiet_option = click.option("-q", "--quiet", is_flag=True, help="Say nothing but errors.")


def metadata_options(command: Command) -> Command:
    """-t, -a, --language, --date, --cover."""
    return _applied(command, _METADATA_OPTIONS)


def reading_options(command: Command) -> Command:
    """--keep, --drop, --url, --allow-private."""
    return _applied(command, _READING_OPTIONS)


def voice_options(command: Command) -> Command:
    """-e, -v, -s, -j, --listening."""
    return _applied(command, (*_VOICE_OPTIONS, _LISTENING_OPTION))


def output_options(command: Command) -> Command:
    """-o, --certified-by."""
    return _applied(command, (_OUTPUT_OPTION, _CERTIFIED))


def metadata_of(options: dict[str, Any]) -> dict[str, object]:
    """The metadata and the listening plan that the options set, as the readers take them."""
    found: dict[str, object] = {name: options[name] for name in METADATA if options.get(name)}
    if wishes := options.get("listening"):
        found["listening"] = dict(_wish(wish) for wish in wishes)
    return found


def reading_of(options: dict[str, Any]) -> Reading:
    """How the options want sources to be read."""
    from packager.pipeline.sources import Reading

    return Reading(metadata_of(options), options["keep"], options["drop"], options.get("url"), options["allow_private"])


def _wish(text: str) -> tuple[str, str]:
    kind, sign, what = text.partition("=")
    if not sign:
        raise UsageError(f"--listening “{text}” does not say what to do.", "Write it like --listening code=read.")
    return kind, what


def settings_of(options: dict[str, Any], folder: Path) -> Settings:
    """The settings for content in `folder`, the options on top."""
    return load_settings(folder, {name: options.get(name) for name in SETTINGS})


def _applied(command: Command, options: tuple[Callable[[Command], Command], ...]) -> Command:
    for option in reversed(options):
        command = option(command)
    return command
