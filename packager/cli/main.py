"""The command `packager`: finds the subcommand's file, and turns every error into a sentence and an exit code."""

from __future__ import annotations

import gc
import os
import sys
from importlib import import_module
from typing import Any

import click

from packager import __version__
from packager.errors import ExitCode, PackagerError

_COMMANDS = {
    "build": "Make books, narration and captions of articles.",
    "epub": "Make the text EPUB alone.",
    "audio": "Make the MP3 and its captions alone.",
    "import": "Write articles as Markdown, to be edited and kept.",
    "script": "Show what will be said, and how.",
    "devices": "Tell which e-readers, players and cards are attached.",
    "load": "Put books onto an e-reader, a player or a card.",
    "unload": "Take back from a device what was put there.",
    "send": "Mail books to a Kindle, a PocketBook or anybody.",
    "check": "Examine books and recordings.",
    "voices": "List voices, or hear one.",
    "pronounce": "Hear a word, or say how it is to be pronounced.",
    "serve": "Serve books to reading apps, podcast players and browsers.",
    "cache": "See or empty what is kept of earlier builds.",
    "doctor": "Tell what is installed, what is missing, and how to get it.",
}
_FILES = {"import": "importing"}
"""The files of commands whose names are words of Python."""


class _Commands(click.Group):
    """Loads a command's module only when the command is called; its one-line help stands here."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in _COMMANDS:
            return None
        command: click.Command = import_module(f"packager.cli.{_FILES.get(cmd_name, cmd_name)}").command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(list(_COMMANDS.items()))

    def resolve_command(self, ctx: click.Context, args: list[str]) -> Any:
        if args and args[0] not in _COMMANDS and not args[0].startswith("-"):
            from difflib import get_close_matches

            near = get_close_matches(args[0], _COMMANDS, n=1)
            hint = f"Did you mean “{near[0]}”?" if near else f"There are {', '.join(_COMMANDS)}."
            raise click.UsageError(f"There is no command “{args[0]}”. {hint}")
        return super().resolve_command(ctx, args)


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="packager")
def packager() -> None:
    """Turn articles into accessible books: an EPUB to read, a narration to hear, the two in step.

    Everything happens on this machine, unless you name an online voice or an address.
    """


def main() -> None:
    """Entry point. No error that a user can cause ends in a traceback."""
    # Markup, sentences and patterns are a hundred thousand small objects: looking through them for garbage as often as Python
    # does by itself finds none and takes a good part of the time.
    gc.set_threshold(50_000, 20, 20)
    code = _run(sys.argv[1:])
    try:
        sys.stdout.flush()
        sys.stderr.flush()
    except OSError:
        pass
    if code or "numpy" in sys.modules:
        # A narration that failed or was interrupted has threads at work that an interpreter would wait for, and one that
        # is done has nothing that is worth taking apart piece by piece.
        os._exit(code)
    # Nor is anything to be gained from looking for garbage on the way out.
    gc.freeze()


def _run(arguments: list[str]) -> int:
    try:
        result = packager.main(arguments, prog_name="packager", standalone_mode=False)
    except click.UsageError as error:
        command = error.ctx.command_path if error.ctx else "packager"
        return _told(error.format_message(), f"See “{command} --help”.", ExitCode.USAGE)
    except click.ClickException as error:
        return _told(error.format_message(), "See “packager --help”.", ExitCode.USAGE)
    except (click.Abort, KeyboardInterrupt):
        return _told("Interrupted.", "What was finished is kept; call again to go on.", ExitCode.INTERRUPTED)
    except PackagerError as error:
        return _told(error.message, error.remedy, error.exit_code)
    except BrokenPipeError:
        # Whoever read our output has had enough.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return ExitCode.GOOD
    except MemoryError:
        return _told("The memory of this machine was not enough.", "Build a smaller article.", ExitCode.UNEXPECTED)
    except Exception as error:
        return _unexpected(error)
    return int(result) if isinstance(result, int) else ExitCode.GOOD


def _told(message: str, remedy: str, code: ExitCode) -> int:
    sentence = message if message.endswith((".", "!", "?", "…", "”")) else f"{message}."
    click.echo(f"Error: {sentence} {remedy}".rstrip(), err=True)
    if "--json" in sys.argv:
        from packager.cli.telling import print_json_error

        print_json_error(sentence, remedy, code)
    return code


def _unexpected(error: Exception) -> int:
    if os.environ.get("PACKAGER_DEBUG"):
        raise error
    kind = type(error).__name__
    return _told(
        f"Something unforeseen happened ({kind}: {str(error)[:200]}).",
        "Set PACKAGER_DEBUG=1 and call again to see where, and tell the makers.",
        ExitCode.UNEXPECTED,
    )


if __name__ == "__main__":
    main()
