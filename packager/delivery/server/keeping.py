"""What the server must know again after a restart, so that subscriptions survive it: its token and its number."""

from __future__ import annotations

import json
import os
import secrets
import uuid
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from packager.errors import DeliveryError, OutputError
from packager.files import make_folder, write_whole

_NAME = "serve.json"
_ALPHABET = "abcdefghijkmnpqrstuvwxyz23456789"
"""Without letters and digits that look alike: somebody will type it on an e-reader."""

_LENGTH = 20
"""32 characters to choose from, 20 times: 100 bits, which nobody guesses over a network."""


@dataclass(frozen=True)
class Kept:
    """`token` is the secret in the address, `number` what all identifiers of the catalogue are made from."""

    token: str = field(repr=False)
    number: uuid.UUID


def kept(new_token: bool = False) -> Kept:
    """What is kept for this user; made when there is nothing yet, or nothing that can be used.

    Raises `DeliveryError` when it cannot be written down.
    """
    path = _folder() / _NAME
    before = _read(path)
    if before and not new_token:
        return before
    now = Kept(new_word(), before.number if before else uuid.uuid4())
    try:
        make_folder(path.parent)
        write_whole(path, lambda temporary: _write_secretly(temporary, now))
    except OutputError as error:
        raise DeliveryError(error.message, "Name another folder for it with PACKAGER_STATE.") from None
    return now


def new_word() -> str:
    """A token."""
    return "".join(secrets.choice(_ALPHABET) for _ in range(_LENGTH))


def _folder() -> Path:
    """The user's state folder, or the one named by `PACKAGER_STATE`."""
    if named := os.environ.get("PACKAGER_STATE"):
        return Path(named)
    from platformdirs import user_state_path

    return user_state_path("packager")


def _read(path: Path) -> Kept | None:
    try:
        value = json.loads(path.read_text("utf-8"))
        token, number = value["token"], uuid.UUID(value["number"])
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None
    if not isinstance(token, str) or len(token) != _LENGTH or not set(token) <= set(_ALPHABET):
        return None
    with suppress(OSError):
        path.chmod(0o600)
    return Kept(token, number)


def _write_secretly(path: Path, kept: Kept) -> None:
    """Nobody else may read it, not even for the moment before its rights are set."""
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        json.dump({"token": kept.token, "number": str(kept.number)}, file)
