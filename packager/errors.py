"""Every error that a user can meet: one sentence that says what and where, and one that says what to do."""

from __future__ import annotations

from enum import IntEnum


class ExitCode(IntEnum):
    """Exit codes of every command."""

    GOOD = 0
    UNEXPECTED = 1
    USAGE = 2
    SOURCE = 3
    NARRATION = 4
    CHECK = 5
    DELIVERY = 6
    INTERRUPTED = 130


class PackagerError(Exception):
    """What went wrong and where (`message`), and what the user can do about it (`remedy`)."""

    exit_code = ExitCode.UNEXPECTED

    def __init__(self, message: str, remedy: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.remedy = remedy

    def __str__(self) -> str:
        return f"{self.message} {self.remedy}".strip()


class UsageError(PackagerError):
    """An option or a setting that cannot be: an unknown voice, language, engine or output."""

    exit_code = ExitCode.USAGE


class SourceError(PackagerError):
    """An article that cannot be read: missing, empty, binary, broken."""

    exit_code = ExitCode.SOURCE


class NarrationError(PackagerError):
    """A voice engine that is missing, fails, or cannot be reached."""

    exit_code = ExitCode.NARRATION


class OutputError(PackagerError):
    """A result that cannot be written: folder read-only, disk full, name taken."""

    exit_code = ExitCode.UNEXPECTED


class ToolError(PackagerError):
    """A checker that is asked for and does not run."""

    exit_code = ExitCode.UNEXPECTED


class DeliveryError(PackagerError):
    """A device, mailbox, server or port that does not take what it is given."""

    exit_code = ExitCode.DELIVERY
