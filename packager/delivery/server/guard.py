"""The gate before everything: who may ask, what may be asked, and what a browser is told to do with the answer."""

from __future__ import annotations

import base64
import binascii
import json
import secrets
from collections.abc import Callable
from urllib.parse import quote

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from packager.delivery.catalogue.links import CATALOGUE, FEED
from packager.delivery.server.addresses import host_of, is_own_host
from packager.delivery.server.connections import Connections

GATE = "t"
"""The token stands behind it in every path."""

ASKED = (f"/{CATALOGUE}", f"/{FEED}")
"""Addresses that ask for the token as a password where it is not in the path: those that can be announced."""

_METHODS = ("GET", "HEAD")
_CLOSED = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
_HEADERS = {
    "content-security-policy": _CLOSED,
    "cross-origin-resource-policy": "same-origin",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "x-robots-tag": "noindex, nofollow",
}
_AUTHENTICATION = "application/opds-authentication+json"
Log = Callable[[str], None]


class Guard:
    """ASGI middleware. With a `token` everything lies below "/t/<token>"; without one only this machine is served.

    What gets through has the part before the path of the application as its `root_path`.
    """

    def __init__(
        self, app: ASGIApp, title: str, connections: Connections, token: str | None = None, log: Log | None = None
    ) -> None:
        self._app = app
        self._title = title
        self._connections = connections
        self._token = token
        self._log = log

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        peer = tuple(scope["client"]) if scope["client"] else None
        status = 0

        async def send_guarded(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                headers = MutableHeaders(scope=message)
                for name, value in _HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        self._connections.answer_begins(peer)
        try:
            app = self._refusal(scope) or self._app
            await app(scope, receive, send_guarded)
        except Exception:
            # Whatever it was, it is no business of the client's; half an answer is ended by the server.
            if not status:
                await _plain(500, "Something went wrong here.")(scope, receive, send_guarded)
        finally:
            self._connections.answer_ends(peer)
            if self._log:
                self._log(f"{scope['method']} {self._shown(scope)} {status or 'broken off'}")

    def _refusal(self, scope: Scope) -> Response | None:
        """The answer to a request that is not let through; else the scope is made ready for the application."""
        headers = Headers(scope=scope)
        if scope["method"] not in _METHODS:
            return _plain(405, "Nothing can be changed here.", {"allow": ", ".join(_METHODS)})
        # Two programs may not agree where a body ends, and what one takes for its rest the other takes for a question.
        if "transfer-encoding" in headers or headers.get("content-length", "0") != "0":
            return _plain(400, "Nothing can be sent here.", {"connection": "close"})
        host = host_of(headers.get("host", ""))
        reached_at = scope["server"][0] if scope["server"] else ""
        if host is None or not is_own_host(host, reached_at, on_network=self._token is not None):
            return _plain(403, "This server is not known by that name.")
        if _comes_from_elsewhere(headers):
            return _plain(403, "Other sites may not use this server.")
        if self._token is None:
            scope["root_path"] = ""
            return None
        return self._refusal_without_token(scope, headers, self._token)

    def _refusal_without_token(self, scope: Scope, headers: Headers, token: str) -> Response | None:
        prefix = f"/{GATE}/{token}"
        path: str = scope["path"]
        first, folder, word, *_ = [*path.split("/", 3), "", "", ""]
        if not first and folder == GATE and _is_same(word, token):
            scope["root_path"] = prefix
            # The bare address without its last slash is what people type.
            scope["path"] = path if len(path) > len(prefix) else f"{prefix}/"
            return None
        if path not in ASKED:
            return _plain(404, "There is nothing here. Open the whole address that “packager serve” shows.")
        if not _is_same(_password(headers.get("authorization", "")), token):
            return self._question()
        scope["root_path"] = prefix
        scope["path"] = f"{prefix}{path}"
        return None

    def _question(self) -> Response:
        """Asks for the token, as Authentication for OPDS 1.0 has it."""
        labels = {"login": "Name (anything)", "password": "The word in the address after /t/"}
        form = {
            "id": "urn:packager:serve",
            "title": self._title,
            "authentication": [{"type": "http://opds-spec.org/auth/basic", "labels": labels}],
        }
        headers = {"www-authenticate": 'Basic realm="Packager", charset="UTF-8"', "cache-control": "no-store"}
        return Response(json.dumps(form), 401, headers, _AUTHENTICATION)

    def _shown(self, scope: Scope) -> str:
        """The path for the log: without the token, right or wrong, and without anything that a terminal obeys."""
        path: str = scope["path"]
        if self._token is not None:
            if path.startswith(f"/{GATE}/"):
                path = "/" + "/".join(path.split("/")[3:])
            path = path.replace(self._token, "…")
        return quote(path, safe="/…")[:200]


def _comes_from_elsewhere(headers: Headers) -> bool:
    """Whether a page of another site made a browser ask. To follow a link to here is allowed."""
    site = headers.get("sec-fetch-site", "none")
    is_followed = headers.get("sec-fetch-mode") == "navigate" and headers.get("sec-fetch-dest") == "document"
    if site not in ("none", "same-origin") and not is_followed:
        return True
    origin = headers.get("origin")
    return origin is not None and origin != f"http://{headers.get('host')}"


def _password(header: str) -> str:
    """The password in an Authorization header, "" when there is none."""
    scheme, _, value = header.partition(" ")
    if scheme.lower() != "basic":
        return ""
    try:
        return base64.b64decode(value.strip(), validate=True).decode("utf-8").partition(":")[2]
    except (binascii.Error, ValueError):
        return ""


def _is_same(one: str, other: str) -> bool:
    return secrets.compare_digest(one.encode("utf-8", "surrogatepass"), other.encode("utf-8", "surrogatepass"))


def _plain(status: int, text: str, headers: dict[str, str] | None = None) -> Response:
    return PlainTextResponse(f"{text}\n", status, {"cache-control": "no-store"} | (headers or {}))
