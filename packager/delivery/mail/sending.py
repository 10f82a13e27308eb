"""Messages handed to a mail server: by SMTP (RFC 5321), encrypted, its limits asked first, every answer looked at."""

from __future__ import annotations

import re
import smtplib
import socket
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any, Literal

from packager.delivery.mail.message import message_of
from packager.delivery.mail.parcels import Enclosure, Parcel, parcels_of
from packager.delivery.mail.passwords import Password
from packager.delivery.mail.refusals import Stage, broken, connecting, refusal, too_large
from packager.delivery.mail.settings import MailSettings
from packager.errors import DeliveryError, PackagerError
from packager.trust import trusting

State = Literal["sent", "refused", "unsent", "unknown"]

_BLOCK = 65_536
_MOST_LINES = 200
"""Lines of an answer; none that makes sense has so many."""
_END_PATIENCE = 5
"""How many times longer a server may take to look through a whole message than to answer a command."""
_FAREWELL = 3.0
"""Seconds to wait for a good-bye."""
_TAKEN = (250, 251, 252)
_CLOSING = 421
_NAME = "[127.0.0.1]"
"""How we present ourselves: the name of this machine is nobody's business."""


@dataclass(frozen=True)
class Outcome:
    """What became of a message for one address.

    "unsent" are those that could not be tried any more; of "unknown" the server had all and did not say whether it took
    it. `error` says why it was not sent.
    """

    parcel: Parcel
    recipient: str
    state: State
    error: PackagerError | None = None


def deliver(
    settings: MailSettings,
    password: Password | None,
    enclosures: Sequence[Enclosure],
    recipients: Sequence[str],
    progress: Callable[[float], None],
) -> Iterator[Outcome]:
    """Send every file to every address; what becomes of each is told as it happens.

    Raises `DeliveryError` when the server cannot be used at all; from then on, nothing: what fails is an outcome. When it
    is interrupted, the outcomes of all that was not sent come first.
    """
    with _session(settings, password) as session:
        parcels = parcels_of(enclosures, recipients, session.limit)
        total = sum(one.size_in_mail for parcel in parcels for one in parcel.enclosures)
        done = 0
        stopped: BaseException | None = None
        for parcel in parcels:
            size = sum(one.size_in_mail for one in parcel.enclosures)
            if stopped is None:
                before = done

                def tell(share: float, before: int = before, size: int = size) -> None:
                    progress((before + share * size) / max(total, 1))

                try:
                    yield from session.send(parcel, tell)
                except (PackagerError, KeyboardInterrupt) as error:
                    stopped = error
                    yield from _not_sent(parcel, "unknown" if session.in_doubt else "unsent", error)
            else:
                yield from _not_sent(parcel, "unsent", stopped)
            done += size
        if isinstance(stopped, KeyboardInterrupt):
            raise stopped


def _not_sent(parcel: Parcel, state: State, cause: BaseException) -> Iterator[Outcome]:
    error = cause if isinstance(cause, PackagerError) else None
    for recipient in parcel.recipients:
        yield Outcome(parcel, recipient, state, error)


class _Session:
    """A server that has let us in. `limit` is the largest message it takes, in bytes; None where it has not said.

    `in_doubt` is true when a message was handed over and the answer did not come.
    """

    def __init__(self, client: _Client, settings: MailSettings, password: Password | None) -> None:
        self._client = client
        self._settings = settings
        self._password = password
        self.in_doubt = False
        told = client.esmtp_features.get("size", "").strip()
        self.limit = int(told) if re.fullmatch("[1-9][0-9]{0,18}", told, re.ASCII) else None

    def send(self, parcel: Parcel, progress: Callable[[float], None]) -> Iterator[Outcome]:
        """Send one message. Raises `DeliveryError` when nothing more can be sent after it."""
        self.in_doubt = False
        # A message takes six times the memory of its files: one that will not be taken is not even made.
        if self._is_too_large(parcel.least_size):
            yield from self._too_large(parcel, parcel.least_size)
            return
        data = message_of(parcel, self._settings.sender)
        if self._is_too_large(len(data)):
            yield from self._too_large(parcel, len(data))
            return
        try:
            outcomes = self._handed_over(parcel, data, progress)
        except (smtplib.SMTPException, OSError) as error:
            raise broken(error, self._settings) from None
        yield from outcomes

    def _is_too_large(self, size: int) -> bool:
        return self.limit is not None and size > self.limit

    def _too_large(self, parcel: Parcel, size: int) -> Iterator[Outcome]:
        error = too_large(size, self.limit or 0, self._settings.server)
        yield from (Outcome(parcel, recipient, "refused", error) for recipient in parcel.recipients)

    def _handed_over(self, parcel: Parcel, data: bytes, progress: Callable[[float], None]) -> list[Outcome]:
        client, sender = self._client, self._settings.sender
        size = [f"size={len(data)}"] if client.has_extn("size") else []
        code, reply = client.mail(sender, size)
        if code not in _TAKEN:
            no = self._refused("sender" if code not in (452, 552) else "contents", code, reply, sender)
            return [Outcome(parcel, recipient, "refused", no) for recipient in parcel.recipients]
        refused: dict[str, DeliveryError] = {}
        for recipient in parcel.recipients:
            code, reply = client.rcpt(recipient)
            if code not in _TAKEN:
                refused[recipient] = self._refused("recipient", code, reply, recipient, reset=False)
        if len(refused) < len(parcel.recipients) and (error := self._contents(data, progress)):
            refused = {recipient: refused.get(recipient, error) for recipient in parcel.recipients}
        elif len(refused) == len(parcel.recipients):
            self._reset()
        return [
            Outcome(parcel, recipient, "refused" if recipient in refused else "sent", refused.get(recipient))
            for recipient in parcel.recipients
        ]

    def _contents(self, data: bytes, progress: Callable[[float], None]) -> DeliveryError | None:
        client = self._client
        code, reply = client.docmd("DATA")
        if code != 354:
            return self._refused("contents", code, reply)
        # A line that begins with a dot gets a second one (RFC 5321, section 4.5.2).
        body = re.sub(rb"(?m)^\.", b"..", data)
        for begin in range(0, len(body), _BLOCK):
            client.send(body[begin : begin + _BLOCK])
            progress(begin / len(body))
        self.in_doubt = True
        client.send(b".\r\n" if body.endswith(b"\r\n") else b"\r\n.\r\n")
        client.patience = self._settings.timeout * _END_PATIENCE
        code, reply = client.getreply()
        client.patience = None
        self.in_doubt = False
        progress(1)
        return None if code in _TAKEN else self._refused("contents", code, reply)

    def _refused(self, stage: Stage, code: int, reply: bytes, about: str = "", reset: bool = True) -> DeliveryError:
        """The error for an answer; raised at once when the server closes with it, or is no mail server."""
        error = refusal(stage, code, reply, self._settings, self._password, about)
        if code == _CLOSING or code < 400:
            raise error
        if reset:
            self._reset()
        return error

    def _reset(self) -> None:
        # Where the connection is gone by now, the next command says so.
        with suppress(smtplib.SMTPException, OSError):
            self._client.rset()


@contextmanager
def _session(settings: MailSettings, password: Password | None) -> Iterator[_Session]:
    """A connection with its login done. Raises `DeliveryError` when the server cannot be used."""
    with connecting(settings, password):
        client = _connected(settings)
    try:
        with connecting(settings, password):
            if settings.tls == "starttls":
                client.starttls(context=trusting())
            client.ehlo_or_helo_if_needed()
            if password is not None:
                _log_in(client, settings.user, password)
        yield _Session(client, settings, password)
        client.patience = min(settings.timeout, _FAREWELL)
        with suppress(smtplib.SMTPException, OSError):
            client.quit()
    finally:
        client.close()


def _connected(settings: MailSettings) -> _Client:
    place: dict[str, Any] = {
        "host": settings.server,
        "port": settings.port,
        "local_hostname": _NAME,
        "timeout": settings.timeout,
    }
    return _EncryptedClient(**place, context=trusting()) if settings.tls == "implicit" else _Client(**place)


def _log_in(client: smtplib.SMTP, user: str, password: Password) -> None:
    try:
        client.login(user, password.value)
    except (smtplib.SMTPResponseException, smtplib.SMTPNotSupportedError, smtplib.SMTPServerDisconnected):
        raise
    except smtplib.SMTPException:
        # smtplib raises its bare class when the server offers only kinds of login that it does not know.
        raise smtplib.SMTPNotSupportedError("AUTH") from None


class _Client(smtplib.SMTP):
    """smtplib's client, which waits `patience` seconds for a whole answer, and not for every byte of an endless one."""

    patience: float | None = None

    def getreply(self) -> tuple[int, bytes]:
        if self.sock is not None:
            if not isinstance(self.file, _Answers):
                self.file = _Answers(self.sock)
            self.file.begin(self.patience or self.timeout)
        try:
            return super().getreply()
        finally:
            if self.sock is not None:
                self.sock.settimeout(self.timeout)


class _EncryptedClient(_Client, smtplib.SMTP_SSL):
    """The same, encrypted from the first byte."""


class _Answers:
    """The lines that come over a connection; after too many of them in one answer it looks closed."""

    def __init__(self, connection: socket.socket) -> None:
        self._connection = connection
        self._read = b""
        self._lines = 0
        self._end = 0.0

    def begin(self, seconds: float) -> None:
        """The next answer has this long to come."""
        self._lines = 0
        self._end = time.monotonic() + seconds

    def readline(self, limit: int) -> bytes:
        """The next line, as smtplib wants it: cut at `limit`, empty at the end."""
        self._lines += 1
        if self._lines > _MOST_LINES:
            return b""
        while b"\n" not in self._read and len(self._read) < limit:
            left = self._end - time.monotonic()
            if left <= 0:
                raise TimeoutError
            self._connection.settimeout(left)
            if not (more := self._connection.recv(4096)):
                break
            self._read += more
        length = self._read.find(b"\n") + 1 or len(self._read)
        line, self._read = self._read[: min(length, limit)], self._read[min(length, limit) :]
        return line

    def close(self) -> None:
        """The connection is closed by the client."""
