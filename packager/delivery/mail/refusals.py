"""What a mail server says no with, in plain words: what and where, and what to do about it."""

from __future__ import annotations

import base64
import smtplib
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Literal

from packager.delivery.mail.addresses import MB
from packager.delivery.mail.passwords import Password
from packager.delivery.mail.settings import MailSettings
from packager.errors import DeliveryError

Stage = Literal["greeting", "login", "sender", "recipient", "contents"]

TRY_LATER = "Try again later; servers are often only busy, or let a stranger wait for a quarter of an hour."
_CHECK_SERVER = "Check --server, its port and --tls against what your provider tells."
_MOST_WORDS = 200
_WANTS_LOGIN, _WANTS_TLS = 530, 538
_TOO_LARGE, _NO_ROOM = 552, 452


def refusal(
    stage: Stage, code: int, reply: bytes | str, settings: MailSettings, password: Password | None, about: str = ""
) -> DeliveryError:
    """The error for an answer of the server. `about` is the address that it is about.

    The codes are those of RFC 5321, section 4.2.3, RFC 4954, section 6, and RFC 1870, section 6.
    """
    words = _words(reply, settings.user, password)
    said = f" It says: “{code} {words}”." if words else f" Its answer is {code}."
    server = settings.server
    if code < 400:
        return DeliveryError(f"{server} answers with something that no mail server says.", _CHECK_SERVER)
    if 400 <= code < 500 and stage != "login":
        what = f"takes nothing for {about} now" if stage == "recipient" else "cannot take the message now"
        return DeliveryError(f"{server} {what}.{said}", TRY_LATER)
    if code in (_WANTS_LOGIN, _WANTS_TLS) and stage != "login":
        return DeliveryError(f"{server} wants a login first.{said}", "Give --user NAME, and its password when asked.")
    if stage == "login":
        return _refused_login(code, said, settings, password)
    if stage == "greeting":
        return DeliveryError(f"{server} does not talk to this machine.{said}", _CHECK_SERVER)
    if stage == "sender":
        remedy = "Give --from with the address that belongs to the account."
        return DeliveryError(f"{server} does not let {about} send.{said}", remedy)
    if stage == "recipient":
        if code == _TOO_LARGE:
            return DeliveryError(f"The mailbox {about} is full.{said}", "Ask its owner to make room, then send again.")
        return DeliveryError(f"{server} refuses the address {about}.{said}", "Check how the address is spelled.")
    if code == _TOO_LARGE:
        remedy = "Send fewer or smaller files, the text alone for instance (--product epub)."
        return DeliveryError(f"The message is too large for {server}.{said}", remedy)
    remedy = "Ask your provider what it holds against the message; some refuse what looks like advertising."
    return DeliveryError(f"{server} refuses the message.{said}", remedy)


def too_large(size: int, limit: int, server: str) -> DeliveryError:
    """The error for a message that is larger than the server says it takes; both in bytes."""
    return DeliveryError(
        f"The message would have {_mb(size)}, and {server} takes {_mb(limit)}; it was not sent.",
        "Send the text alone (--product epub), or bring the book there another way (packager load, packager serve).",
    )


def _mb(count: int) -> str:
    return f"{count / MB:.1f} MB" if count >= MB else f"{count / 1000:.0f} kB"


@contextmanager
def connecting(settings: MailSettings, password: Password | None) -> Iterator[None]:
    """Turn what goes wrong before the first message into errors that a user can act on."""
    server, place = settings.server, f"{settings.server}, port {settings.port},"
    try:
        yield
    except smtplib.SMTPNotSupportedError as error:
        raise _not_offered(str(error), server) from None
    except smtplib.SMTPAuthenticationError as error:
        raise refusal("login", error.smtp_code, error.smtp_error, settings, password) from None
    except smtplib.SMTPResponseException as error:
        raise refusal("greeting", error.smtp_code, error.smtp_error, settings, password) from None
    except UnicodeEncodeError:
        raise DeliveryError(
            f"The name or the password for {server} has a letter that is not ASCII, which cannot be sent to it.",
            "Give the account a password of plain letters, or an application password.",
        ) from None
    except (socket.gaierror, UnicodeError):
        raise DeliveryError(f"There is no server “{server}” to be found.", "Check --server. Are you online?") from None
    except ssl.SSLCertVerificationError as error:
        raise DeliveryError(
            f"The certificate of {server} cannot be trusted: {error.verify_message}. Nothing was sent to it.",
            "Check --server. If it is right, ask your provider; SSL_CERT_FILE may name a file with its authority.",
        ) from None
    except ssl.SSLError:
        other = "--tls starttls" if settings.tls == "implicit" else "--tls implicit"
        raise DeliveryError(f"{place} does not speak TLS as expected.", f"Try {other}, or another port.") from None
    except (smtplib.SMTPException, OSError) as error:
        raise broken(error, settings) from None


def broken(error: Exception, settings: MailSettings) -> DeliveryError:
    """The error for a connection that cannot be made, hangs or breaks off."""
    place = f"{settings.server}, port {settings.port},"
    # smtplib says of all of these only that it is disconnected.
    cause = error.__context__ if isinstance(error, smtplib.SMTPServerDisconnected) else error
    if isinstance(cause, TimeoutError):
        return DeliveryError(f"{place} does not answer.", f"{_CHECK_SERVER} {TRY_LATER}")
    if isinstance(cause, ConnectionRefusedError):
        return DeliveryError(f"{place} takes no connection.", _CHECK_SERVER)
    if isinstance(error, smtplib.SMTPServerDisconnected) or isinstance(cause, ConnectionError):
        return DeliveryError(f"{place} broke off the connection.", TRY_LATER)
    if isinstance(cause, OSError):
        reason = cause.strerror or "no connection"
        return DeliveryError(f"{place} cannot be reached: {reason}.", f"{_CHECK_SERVER} Are you online?")
    return DeliveryError(f"{place} answers with something that no mail server says.", _CHECK_SERVER)


def _not_offered(reason: str, server: str) -> DeliveryError:
    if "STARTTLS" in reason:
        return DeliveryError(
            f"{server} offers no encryption (STARTTLS) on this port, and so was given neither password nor book.",
            "Try port 465 with --tls implicit. If it offered encryption before, somebody may be listening in between.",
        )
    return DeliveryError(f"{server} offers no login.", "Give --user '' for a server that wants none, or another port.")


def _refused_login(code: int, said: str, settings: MailSettings, password: Password | None) -> DeliveryError:
    server, user = settings.server, settings.user
    if 400 <= code < 500:
        return DeliveryError(f"{server} cannot check the password of {user} now.{said}", TRY_LATER)
    place = f" from {password.place}" if password else ""
    advice = settings.advice or "Many providers want an application password, made on their web page, from programs."
    if code in (534, 535):
        return DeliveryError(f"{server} does not take the password of {user}{place}.{said}", f"Check both. {advice}")
    return DeliveryError(f"{server} does not let {user} log in.{said}", advice)


def _words(reply: bytes | str, user: str, password: Password | None) -> str:
    """What the server said, on one line, without the password, which some servers repeat."""
    text = reply.decode("utf-8", "replace") if isinstance(reply, bytes) else reply
    for secret in _spellings(user, password.value) if password else ():
        text = text.replace(secret, "…")
    text = " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())
    return text if len(text) <= _MOST_WORDS else text[: _MOST_WORDS - 1] + "…"


def _spellings(user: str, secret: str) -> tuple[str, ...]:
    """The password as it is, and as the ways to log in write it: PLAIN behind the name, LOGIN alone."""
    written = (f"\0{user}\0{secret}", secret)
    encoded = [base64.b64encode(one.encode("utf-8", "surrogateescape")).decode("ascii") for one in written]
    return *encoded, secret
