"""How mail is sent: from `mail.toml` in the user's folder, then `PACKAGER_MAIL_*`, then options. Never a password."""

from __future__ import annotations

import ipaddress
import math
import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Literal, get_args

from packager.delivery.mail.addresses import plain_address
from packager.errors import UsageError

Tls = Literal["starttls", "implicit", "none"]

KEYS = ("from", "server", "user", "tls", "timeout")
FILE_NAME = "mail.toml"

_IMPLICIT_PORT, _STARTTLS_PORT = 465, 587
_SECRETS = ("pass", "pwd", "secret", "token")
_LONGEST_TIMEOUT = 3600.0


@dataclass(frozen=True)
class Provider:
    """Where the mail of an address is handed in, and what is special about the password ("" when nothing is)."""

    domains: tuple[str, ...]
    server: str
    port: int
    password: str = ""


@dataclass(frozen=True)
class MailSettings:
    """From whom and by which server mail is sent.

    `user` is the name to log in with, "" for a server that wants none. `tls` is "starttls", "implicit" (encrypted from the
    first byte), or "none", which only a server on this machine may have. `timeout` in seconds: how long the server may be
    silent. `advice` is what is to be known of its passwords.
    """

    sender: str
    server: str
    port: int
    user: str
    tls: Tls
    timeout: float = 60.0
    advice: str = ""


def load_mail_settings(options: Mapping[str, object]) -> MailSettings:
    """The settings that hold; `options` by the names in `KEYS`. Raises `UsageError` with the place of what cannot be."""
    values: dict[str, str] = {}
    file = _file()
    if file.is_file():
        values |= _checked(_read(file), f"“{file}”")
    environment = {key: os.environ[name] for key in KEYS if os.environ.get(name := f"PACKAGER_MAIL_{key.upper()}")}
    values |= _checked(environment, "The environment (PACKAGER_MAIL_…)")
    values |= _checked({key: value for key, value in options.items() if value is not None}, "The command line")
    if not values.get("from"):
        raise UsageError("It is not said from which address to send.", f"Give --from, or write from = … into {file}.")
    sender = plain_address(values["from"])
    provider = provider_of(sender)
    host, port = _server(values, provider, file)
    tls = _tls(values.get("tls"), host, port)
    return MailSettings(
        sender=sender,
        server=host,
        port=port or (_IMPLICIT_PORT if tls == "implicit" else _STARTTLS_PORT),
        user=values.get("user", "" if tls == "none" else sender),
        tls=tls,
        timeout=_timeout(values.get("timeout", "60")),
        advice=provider.password if provider and provider.server == host else "",
    )


def provider_of(address: str) -> Provider | None:
    """The well-known provider of an address, if it is one."""
    domain = address.rpartition("@")[2].lower()
    return next((provider for provider in _providers() if domain in provider.domains), None)


@cache
def _providers() -> tuple[Provider, ...]:
    table = tomllib.loads((files("packager.delivery.mail") / "providers.toml").read_text("utf-8"))
    return tuple(Provider(**{**one, "domains": tuple(one["domains"])}) for one in table["provider"])


def _file() -> Path:
    if named := os.environ.get("PACKAGER_MAIL_CONFIG"):
        if not Path(named).exists():
            raise UsageError(
                f"There is no file “{named}”, which PACKAGER_MAIL_CONFIG names.", "Correct it or unset it."
            )
        return Path(named)
    from platformdirs import user_config_path

    return user_config_path("packager") / FILE_NAME


def _read(file: Path) -> dict[str, object]:
    try:
        return tomllib.loads(file.read_text("utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise UsageError(f"“{file}” is not valid TOML: {error}.", "Correct it or take it away.") from None
    except (OSError, UnicodeDecodeError):
        raise UsageError(f"“{file}” cannot be read.", "Check that it is text and that you may read it.") from None


def _checked(values: Mapping[str, object], place: str) -> dict[str, str]:
    checked: dict[str, str] = {}
    for key, value in values.items():
        if any(secret in key.lower() for secret in _SECRETS):
            raise UsageError(
                f"{place} holds a password (“{key}”), which anybody who reads that file then has.",
                "Take it out, and store it in the keyring with: packager send --save-password",
            )
        if key not in KEYS:
            raise UsageError(f"{place} sets “{key}”, which is no setting for mail.", f"There are {', '.join(KEYS)}.")
        text = str(value).strip()
        if isinstance(value, bool | list | dict) or not text.isprintable():
            raise UsageError(f"{place} sets {key} to something that it cannot be.", "Write it as plain text.")
        checked[key] = text
    return checked


def _server(values: Mapping[str, str], provider: Provider | None, file: Path) -> tuple[str, int | None]:
    named = values.get("server", "")
    if not named:
        if provider is None:
            raise UsageError(
                f"It is not known which server takes mail from {values['from']}.",
                f"Give --server HOST:PORT as your provider tells it, or write server = … into {file}.",
            )
        return provider.server, provider.port
    host, port = _split(named)
    if not host or any(sign in host for sign in "/@ ") or (port and not _is_port(port)):
        raise UsageError(f"“{named}” is no server.", "Write it like smtp.example.org or smtp.example.org:465.")
    return host, int(port) if port else None


def _split(named: str) -> tuple[str, str]:
    if named.startswith("["):
        host, _, rest = named[1:].partition("]")
        return host, rest.removeprefix(":")
    if named.count(":") > 1:
        return named, ""
    host, _, port = named.partition(":")
    return host, port


def _is_port(text: str) -> bool:
    return text.isascii() and text.isdigit() and 0 < int(text[:9]) < 65_536


def _tls(named: str | None, host: str, port: int | None) -> Tls:
    if not named:
        return "implicit" if port == _IMPLICIT_PORT else "starttls"
    for one in get_args(Tls):
        if named == one:
            break
    else:
        raise UsageError(f"“{named}” is no kind of encryption.", "There are starttls and implicit.")
    if one == "none" and not _is_this_machine(host):
        raise UsageError(
            f"Without encryption everybody on the way to {host} could read your password.",
            "Leave --tls none away; only a server on this machine may have it.",
        )
    kind: Tls = one
    return kind


def _is_this_machine(host: str) -> bool:
    if host.lower() == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _timeout(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = math.nan
    if not 0 < seconds <= _LONGEST_TIMEOUT:
        raise UsageError(f"The timeout for mail is “{text}”.", "Give a number of seconds, 60 for instance.")
    return seconds
