"""The password of a mail account: from the keyring, from the environment, or asked for. Never from a file or an option."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from packager.delivery.mail.settings import MailSettings
from packager.errors import DeliveryError, UsageError

if TYPE_CHECKING:
    from keyring.backend import KeyringBackend

VARIABLE = "PACKAGER_MAIL_PASSWORD"

_LEGIBLE = ("keyrings.alt.",)
"""Modules of keyrings that write passwords into files, some in plain text: https://pypi.org/project/keyrings.alt/"""
_NO_KEYRING = ("keyring.backends.fail", "keyring.backends.null", "keyring.backends.chainer")


@dataclass(frozen=True)
class Password:
    """A password that prints as nothing, and where it was found."""

    value: str
    place: str

    def __repr__(self) -> str:
        return f"Password(from {self.place})"


def find_password(
    settings: MailSettings, ask: Callable[[str], str] | None, tell: Callable[[str], None]
) -> Password | None:
    """The password for these settings; None when the server wants no login.

    `ask` shows a question and gives what was typed, None where nobody can be asked; `tell` is given what the user should
    know of the keyring. Raises `UsageError` when there is no password.
    """
    if not settings.user:
        return None
    if value := _kept(settings, tell):
        return Password(value, "the keyring")
    if value := os.environ.get(VARIABLE):
        return Password(value, "the environment")
    if ask is not None and (value := ask(_question(settings))):
        return Password(value, "the terminal")
    raise UsageError(
        f"There is no password for {settings.user} at {settings.server}.",
        f"Store it once with “packager send --save-password”, or set {VARIABLE}; "
        "a server that wants no login is told by --user ''.",
    )


def save_password(settings: MailSettings, ask: Callable[[str], str]) -> str:
    """Ask for a password and store it in the keyring, whose name is given back. Raises `DeliveryError` when it cannot be."""
    if not settings.user:
        raise UsageError("A server without login needs no password.", "Give --user NAME.")
    safe = [backend for backend in _backends() if not _is_legible(backend)]
    if not safe:
        raise DeliveryError(f"There is no safe keyring on this machine{_refused_ones()}.", f"Set {VARIABLE} instead.")
    value = ask(_question(settings))
    if not value:
        raise UsageError("Nothing was typed.", "Call again and type the password.")
    backend = safe[0]
    try:
        backend.set_password(_service(settings), settings.user, value)
    # A keyring is somebody else's plug-in: it may raise anything.
    except Exception as error:
        raise DeliveryError(
            f"The keyring does not take the password ({type(error).__name__}).",
            f"Unlock your keyring and try again, or set {VARIABLE} instead.",
        ) from None
    return str(backend.name)


def _kept(settings: MailSettings, tell: Callable[[str], None]) -> str | None:
    for backend in _backends():
        if _is_legible(backend):
            tell(f"Note: the keyring “{backend.name}” keeps passwords in a legible file and is not used.")
            continue
        try:
            value = backend.get_password(_service(settings), settings.user)
        # A keyring is somebody else's plug-in: it may raise anything.
        except Exception as error:
            tell(f"Note: the keyring cannot be asked for the password ({type(error).__name__}).")
            continue
        if value:
            return value
    return None


def _backends() -> list[KeyringBackend]:
    """The keyrings that the machine has, the preferred one first."""
    import keyring

    try:
        chosen = keyring.get_keyring()
        # A keyring may be made of several, of which not every one need be safe.
        backends = list(getattr(chosen, "backends", None) or [chosen])
    # A keyring is somebody else's plug-in: it may raise anything.
    except Exception:
        return []
    return [backend for backend in backends if not type(backend).__module__.startswith(_NO_KEYRING)]


def _is_legible(backend: KeyringBackend) -> bool:
    kind = type(backend)
    return kind.__module__.startswith(_LEGIBLE) or "plaintext" in kind.__name__.lower()


def _refused_ones() -> str:
    names = ", ".join(str(backend.name) for backend in _backends())
    return f": “{names}” keeps passwords in a legible file" if names else ""


def _service(settings: MailSettings) -> str:
    return f"packager mail {settings.server}"


def _question(settings: MailSettings) -> str:
    return f"Password of {settings.user} at {settings.server}"
