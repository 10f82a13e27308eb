"""Mail servers on this machine: aiosmtpd and a private postfix that take mail, and one that answers as none should."""

from __future__ import annotations

import shutil
import socket
import ssl
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from socketserver import StreamRequestHandler, ThreadingTCPServer
from threading import Thread
from types import SimpleNamespace
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, LoginPassword

_PATIENCE = 20
"""Seconds that a silence lasts at most, should the client never leave."""


@dataclass(frozen=True)
class Delivered:
    """What a server took: the addresses it is for, and the message byte for byte."""

    recipients: tuple[str, ...]
    data: bytes

    @property
    def message(self) -> EmailMessage:
        message = message_from_bytes(self.data, policy=default)
        assert isinstance(message, EmailMessage)
        return message

    @property
    def files(self) -> dict[str | None, bytes]:
        """The attachments by name."""
        return {part.get_filename(): part.get_content() for part in self.message.iter_attachments()}


@dataclass
class Server:
    """A server: `name` is HOST:PORT, `taken` what it took, `presented` by what names its clients presented themselves."""

    name: str
    taken: list[Delivered] = field(default_factory=list)
    presented: list[str | None] = field(default_factory=list)


class _Taker:
    """Takes everything, save for the addresses in `refused`, each with its answer."""

    def __init__(self, server: Server, refused: Mapping[str, str]) -> None:
        self._server = server
        self._answers = refused

    async def _sender(self, smtp: SMTP, session: Any, envelope: Any, address: str, options: list[str]) -> str:
        if address in self._answers:
            return self._answers[address]
        envelope.mail_from = address
        return "250 OK"

    async def _recipient(self, smtp: SMTP, session: Any, envelope: Any, address: str, options: list[str]) -> str:
        if address in self._answers:
            return self._answers[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def _contents(self, smtp: SMTP, session: Any, envelope: Any) -> str:
        self._server.presented.append(session.host_name)
        self._server.taken.append(Delivered(tuple(envelope.rcpt_tos), envelope.content))
        return "250 OK"

    def hooks(self) -> SimpleNamespace:
        """By the names that aiosmtpd asks for."""
        return SimpleNamespace(handle_MAIL=self._sender, handle_RCPT=self._recipient, handle_DATA=self._contents)


@contextmanager
def mail_server(
    certificate: Path | None,
    login: tuple[str, str] | None = None,
    refused: Mapping[str, str] | None = None,
    implicit: bool = False,
    most: int = 10_000_000,
) -> Iterator[Server]:
    """An aiosmtpd with this certificate, name and password; without a certificate it offers no encryption."""
    context = None
    if certificate is not None:
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(certificate)

    def check(smtp: SMTP, session: Any, envelope: Any, mechanism: str, data: Any) -> AuthResult:
        assert isinstance(data, LoginPassword)
        given = (data.login.decode(), data.password.decode())
        # Without handled=False aiosmtpd says nothing to a login that is wrong, and the client hangs.
        message = None if given == login else f"535 5.7.8 Username and Password not accepted: {given[1]}"
        return AuthResult(success=given == login, handled=False, message=message)

    server = Server(f"localhost:{_free_port()}")
    controller = Controller(
        _Taker(server, refused or {}).hooks(),
        hostname="127.0.0.1",
        port=int(server.name.partition(":")[2]),
        ssl_context=context if implicit else None,
        tls_context=None if implicit else context,
        require_starttls=context is not None and not implicit,
        auth_require_tls=not implicit,
        auth_required=login is not None,
        authenticator=check,
        data_size_limit=most,
    )
    controller.start()
    try:
        yield server
    finally:
        controller.stop()


Answer = bytes | tuple[bytes, ...] | None
Script = Mapping[str, Answer]
"""What is answered to a command; "" is the greeting, "." the end of a message.

Several answers are given one after the other, the last for good. After an empty one the connection is cut; None is silence.
"""

POLITE: Script = {
    "": b"220 here\r\n",
    "EHLO": b"250-here\r\n250 SIZE 1000000\r\n",
    "MAIL": b"250 OK\r\n",
    "RCPT": b"250 OK\r\n",
    "DATA": b"354 Go on\r\n",
    ".": b"250 OK\r\n",
    "RSET": b"250 OK\r\n",
    "QUIT": b"221 Bye\r\n",
}


@contextmanager
def scripted_server(script: Script, by_drops: bool = False) -> Iterator[Server]:
    """A server without encryption that answers by a script, `by_drops` a byte at a time."""
    left = {verb: list(answer) if isinstance(answer, tuple) else [answer] for verb, answer in script.items()}

    class Talk(StreamRequestHandler):
        def handle(self) -> None:
            if not self._answer(""):
                return
            while line := self.rfile.readline():
                verb = line.split()[0].decode().upper()
                if not self._answer(verb):
                    return
                if verb == "DATA" and self._last.startswith(b"354"):
                    body = b"".join(iter(self.rfile.readline, b".\r\n"))
                    server.taken.append(Delivered((), body))
                    if not self._answer("."):
                        return

        def _answer(self, verb: str) -> bool:
            answers = left.get(verb, [b"500 What?\r\n"])
            answer = answers.pop(0) if len(answers) > 1 else answers[0]
            if answer is None:
                self.connection.settimeout(_PATIENCE)
                self.rfile.read(1)
                return False
            self._last = answer
            for piece in [answer[at : at + 1] for at in range(len(answer))] if by_drops else [answer]:
                try:
                    self.wfile.write(piece)
                except ConnectionError:
                    return False
                time.sleep(0.05 if by_drops else 0)
            return bool(answer)

    class Listener(ThreadingTCPServer):
        daemon_threads = True
        block_on_close = False

        def handle_error(self, request: Any, client_address: Any) -> None:
            """A client that left is what a test wants, and nothing to print."""

    with Listener(("127.0.0.1", 0), Talk) as listener:
        server = Server(f"127.0.0.1:{listener.server_address[1]}")
        Thread(target=listener.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        try:
            yield server
        finally:
            listener.shutdown()


_POSTFIX = """
compatibility_level = 3.6
queue_directory = {folder}/queue
data_directory = {folder}/data
maillog_file = {folder}/log/postfix
maillog_file_prefixes = {folder}
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
myhostname = mail.example.org
mydestination =
mynetworks = 127.0.0.0/8
alias_maps =
local_recipient_maps =
smtpd_tls_cert_file = {certificate}
smtpd_tls_key_file = {certificate}
smtpd_tls_security_level = encrypt
message_size_limit = 1000000
mailbox_size_limit = 0
virtual_mailbox_limit = 0
virtual_mailbox_domains = kindle.com
virtual_mailbox_base = {folder}/mail
virtual_mailbox_maps = static:box/
virtual_uid_maps = static:{user}
virtual_gid_maps = static:{group}
smtpd_recipient_restrictions = check_recipient_access inline:{{ refused@kindle.com=REJECT }}, reject_unauth_destination
"""
_SERVICES = """
{port} inet n - n - - smtpd
pickup unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
tlsmgr unix - - n 1000? 1 tlsmgr
error unix - - n - - error
virtual unix - n n - - virtual
anvil unix - - n - 1 anvil
proxymap unix - - n - - proxymap
postlog unix-dgram n - n - 1 postlogd
"""


@contextmanager
def postfix(certificate: Path) -> Iterator[tuple[str, Path]]:
    """A postfix of our own that takes mail for kindle.com; gives HOST:PORT and the folder in which it puts it. Needs root."""
    import pwd

    user = pwd.getpwnam("postfix")
    # Not in the tests' own folder, into which only root may look.
    folder = Path(tempfile.mkdtemp(prefix="packager-postfix-"))
    folder.chmod(0o755)
    try:
        for name in ("queue", "data", "mail", "etc", "log"):
            (folder / name).mkdir()
        for name in ("data", "mail"):
            shutil.chown(folder / name, user.pw_uid, user.pw_gid)
        own = folder / "etc" / "certificate.pem"
        own.write_bytes(certificate.read_bytes())
        port = _free_port()
        settings = {"folder": folder, "certificate": own, "user": user.pw_uid, "group": user.pw_gid, "port": port}
        (folder / "etc" / "main.cf").write_text(_POSTFIX.format(**settings))
        (folder / "etc" / "master.cf").write_text(_SERVICES.format(**settings))
        command = ["postfix", "-c", str(folder / "etc")]
        subprocess.run([*command, "start"], check=True, capture_output=True, timeout=60)
        try:
            _wait_for(port)
            yield f"localhost:{port}", folder / "mail" / "box" / "new"
        finally:
            subprocess.run([*command, "stop"], capture_output=True, timeout=60)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _wait_for(port: int) -> None:
    end = time.monotonic() + _PATIENCE
    while time.monotonic() < end:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise TimeoutError(f"nothing listens at port {port}")


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as one:
        port: int = one.getsockname()[1]
        return port
