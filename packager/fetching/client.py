"""One request and its answer, with what is wrong about it put into words."""

from __future__ import annotations

import os
import ssl
from collections.abc import Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from importlib.metadata import PackageNotFoundError, metadata
from typing import TYPE_CHECKING, Self
from urllib.request import getproxies

import httpcore

from packager import __version__
from packager.fetching.addresses import WebAddress
from packager.fetching.connecting import Deadline, DeadlineError, GuardedNetwork
from packager.fetching.failures import CHECK, LATER, FetchError
from packager.fetching.policy import Policy
from packager.fetching.unpacking import too_large, unpacked
from packager.fetching.wanted import Wanted, media_type
from packager.trust import trusting

if TYPE_CHECKING:
    from collections.abc import Iterator

_TOO_LARGE_HEADER = 431
_HAS_DOCUMENT = frozenset({200, 201, 202, 203})


@dataclass(frozen=True)
class Answer:
    """What a server said: the names of `headers` are in lower case; `data` is empty unless `status` comes with a document."""

    status: int
    headers: Mapping[str, str]
    data: bytes = field(default=b"", repr=False)

    @property
    def has_document(self) -> bool:
        """Whether this is the document that was asked for."""
        return self.status in _HAS_DOCUMENT


class Client:
    """Asks one host at a time. No cookies, no referrer, no language: nothing about the user goes out.

    `deadline` is the end of all that this client does.
    """

    def __init__(self, policy: Policy, deadline: Deadline) -> None:
        self._policy = policy
        self._deadline = deadline
        self._network = GuardedNetwork(policy)
        self._pool = httpcore.ConnectionPool(
            ssl_context=_trusting(os.environ.get("SSL_CERT_FILE")),
            max_connections=1,
            keepalive_expiry=10,
            network_backend=self._network,
        )

    def begin(self) -> None:
        """From now on counts the time that one page, or one picture, may take.

        Raises `DeadlineError` when there is none left for all of them.
        """
        self._deadline.left()
        self._network.deadline = Deadline(self._policy.seconds, self._deadline)

    def ask(self, address: WebAddress, wanted: Wanted, extra: Mapping[str, str]) -> Answer:
        """GET `address`, with `extra` headers. Raises `FetchError`; what is not `wanted` is not even downloaded."""
        headers: Mapping[str, str] = {
            "Host": address.authority,
            "User-Agent": user_agent(),
            "Accept": wanted.accept,
            "Accept-Encoding": "gzip",
            **extra,
        }
        url = httpcore.URL(
            scheme=address.scheme.encode(),
            host=address.host.encode(),
            port=address.port,
            target=address.target.encode(),
        )
        timeouts = {"read": self._policy.silence, "write": self._policy.silence, "connect": self._policy.connecting}
        with (
            _in_words(address, self._policy),
            self._pool.stream("GET", url, headers=_encoded(headers), extensions={"timeout": timeouts}) as response,
        ):
            return _read(response, wanted)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        self._pool.close()


@cache
def user_agent() -> str:
    """Who asks: the program, its version and, if it has one, the address of the project."""
    try:
        links = metadata("packager").get_all("Project-URL") or []
    except PackageNotFoundError:
        links = []
    homes = [address for label, _, address in (link.partition(", ") for link in links) if label == "Homepage"]
    return f"Packager/{__version__} ({'+' + homes[0] if homes else 'makes an e-book of a page that a person names'})"


@cache
def _trusting(named: str | None) -> ssl.SSLContext:
    """Made once for each file that `SSL_CERT_FILE` names: reading the certificates takes a while."""
    context = trusting()
    context.set_alpn_protocols(["http/1.1"])
    return context


def _encoded(headers: Mapping[str, str]) -> list[tuple[bytes | str, bytes | str]]:
    return [(name.encode("ascii"), value.encode("latin-1")) for name, value in headers.items()]


def _read(response: httpcore.Response, wanted: Wanted) -> Answer:
    headers: dict[str, str] = {}
    for raw_name, raw_value in response.headers:
        name, value = raw_name.decode("latin-1").lower(), raw_value.decode("latin-1")
        headers[name] = f"{headers[name]}, {value}" if name in headers else value
    answer = Answer(response.status, headers)
    if not answer.has_document:
        return answer
    if complaint := wanted.complaint(media_type(headers.get("content-type", ""))):
        raise FetchError(complaint)
    length = headers.get("content-length", "")
    if length.isdecimal() and len(length) < 20 and int(length) > wanted.most:
        raise too_large(wanted.most)
    data = unpacked(response.iter_stream(), headers.get("content-encoding", ""), wanted.most)
    return Answer(response.status, headers, data)


@contextmanager
def _in_words(address: WebAddress, policy: Policy) -> Iterator[None]:
    """Turn what the library raises into what a user can understand."""
    try:
        yield
    except DeadlineError:
        raise FetchError(f"took longer than {policy.seconds:g} seconds", LATER) from None
    except httpcore.ConnectTimeout:
        raise FetchError(f"is on the host “{address.host}”, which does not answer", _offline_remedy(), True) from None
    except httpcore.TimeoutException:
        raise FetchError(f"sent nothing for {policy.silence:g} seconds", LATER) from None
    except httpcore.ConnectError as error:
        raise _no_connection(error, address.host) from None
    except (httpcore.NetworkError, httpcore.ProtocolError) as error:
        raise FetchError(_broken(error), LATER) from None


def _no_connection(error: Exception, host: str) -> FetchError:
    cause = _cause(error)
    if isinstance(cause, ssl.SSLCertVerificationError):
        reason = f"whose certificate cannot be trusted ({cause.verify_message})"
        return FetchError(f"is on the host “{host}”, {reason}", f"{CHECK} If it is right, ask whose page it is.", True)
    if isinstance(cause, ssl.SSLError):
        return FetchError(f"is on the host “{host}”, which offers no secure connection that works", CHECK, True)
    reason = getattr(cause, "strerror", None) or "no connection"
    return FetchError(f"is on the host “{host}”, which cannot be reached: {reason}", _offline_remedy(), True)


def _cause(error: Exception) -> object:
    """The error of the system or of the protocol, which httpcore hands on as an argument."""
    return error.args[0] if error.args else None


def _offline_remedy() -> str:
    if getproxies():
        return (
            "Proxies are not used, for behind one nobody can see which address is reached. "
            "Save the page in your browser and give that file, with its address as --url."
        )
    return f"{CHECK} Are you online?"


def _broken(error: Exception) -> str:
    if getattr(_cause(error), "error_status_hint", None) == _TOO_LARGE_HEADER:
        return "begins with a header that is far too large"
    if isinstance(error, httpcore.NetworkError) or "without sending" in str(error):
        return "breaks off in the middle"
    return "is not answered as the web's rules want it"
