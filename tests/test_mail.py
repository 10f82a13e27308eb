"""Books by mail, against real mail servers on this machine: what arrives, what is refused, how that is told, no secret shown."""

from __future__ import annotations

import base64
import json
import os
import pty
import select
import shutil
import signal
import subprocess
import sys
import termios
import time
import zipfile
from collections.abc import Callable
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import NoReturn

import pytest
from conftest import ROOT, Packager
from hostile_site import make_certificate
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from mail_servers import POLITE, Delivered, Script, mail_server, postfix, scripted_server

from packager.delivery.mail.addresses import mailbox_of, plain_address
from packager.delivery.mail.message import message_of
from packager.delivery.mail.parcels import Enclosure, parcels_of
from packager.delivery.mail.passwords import Password
from packager.delivery.mail.preflight import examine
from packager.delivery.mail.refusals import refusal
from packager.delivery.mail.sending import deliver
from packager.delivery.mail.settings import MailSettings
from packager.errors import ExitCode, UsageError

ME, KINDLE, FRIEND = "writer@example.org", "me@kindle.com", "friend@example.net"
PASSWORD = "s3cret-Of-The-Sea"
pytestmark = pytest.mark.filterwarnings("ignore:Requiring AUTH")
Send = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(scope="module")
def shelf(packager: Packager, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two small books, of which one has a recording of 3 MB."""
    folder = tmp_path_factory.mktemp("shelf")
    (folder / "ferry.txt").write_text("The ferry\n\nIt was late. We waited at the end of the pier.\n")
    (folder / "river.txt").write_text("Über den Fluss\n\nDas Schiff kam spät. Wir warteten lange am Ufer.\n")
    built = packager("build", folder, "-o", folder / "build", "--only", "epub,json")
    assert built.returncode == ExitCode.GOOD, built.stderr
    (folder / "build" / "ferry" / "ferry.mp3").write_bytes(os.urandom(3_000_000))
    return folder / "build"


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    if not shutil.which("openssl"):
        leave("openssl")
    return make_certificate(tmp_path_factory.mktemp("certificate"), "localhost")


@pytest.fixture
def send(shelf: Path, certificate: Path) -> Send:
    """`packager send` with the tests' settings; no output of it ever shows the password."""

    def run(*arguments: str | Path, typed: str = "", **variables: str) -> subprocess.CompletedProcess[str]:
        result = subprocess.run(
            command(shelf, *arguments),
            env=environment(certificate, **variables),
            input=typed,
            capture_output=True,
            encoding="utf-8",
            timeout=60,
        )
        for secret in (PASSWORD, base64.b64encode(PASSWORD.encode()).decode()):
            assert secret not in result.stdout + result.stderr
        assert "Traceback" not in result.stderr
        return result

    return run


def leave(program: str) -> NoReturn:
    """Skip the test; where the gate installs the program, fail."""
    reason = f"{program} is missing, or wants to be started by root"
    if os.environ.get("CI") == "true" and f"need {program} " in (ROOT / ".ci" / "run").read_text():
        pytest.fail(reason)
    pytest.skip(reason)


def command(shelf: Path, *arguments: str | Path) -> list[str]:
    return [sys.executable, "-m", "packager.cli.main", "send", "-o", str(shelf), *map(str, arguments)]


def environment(certificate: Path, **variables: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PACKAGER_")}
    own = {
        "PACKAGER_CONFIG": os.devnull,
        "PACKAGER_MAIL_CONFIG": os.devnull,
        "PACKAGER_MAIL_FROM": ME,
        "PACKAGER_MAIL_TIMEOUT": "1",
        "PYTHON_KEYRING_BACKEND": "keyring.backends.null.Keyring",
        "PYTHONIOENCODING": "utf-8",
        "SSL_CERT_FILE": str(certificate),
    }
    return kept | own | variables


def test_a_book_arrives_as_it_is(send: Send, shelf: Path, certificate: Path) -> None:
    book = (shelf / "ferry" / "ferry.epub").read_bytes()
    with mail_server(certificate, (ME, PASSWORD)) as server:
        sent = send("ferry", "--to", KINDLE, "--server", server.name, PACKAGER_MAIL_PASSWORD=PASSWORD)
    assert sent.returncode == ExitCode.GOOD, sent.stderr
    assert f"sent to {KINDLE}" in sent.stdout
    assert f"Sending to {KINDLE} from {ME}" in sent.stderr
    assert "approved list" in sent.stderr
    assert "48 hours" in sent.stderr
    (taken,) = server.taken
    message = taken.message
    assert taken.recipients == (KINDLE,)
    assert taken.files == {"ferry.epub": book}
    (part,) = message.iter_attachments()
    assert part.get_content_type() == "application/epub+zip"
    assert (message["From"], message["To"]) == (ME, KINDLE)
    assert message["Subject"].isascii()
    body = message.get_body()
    assert body is not None and body.get_content().strip().isascii()
    assert body.get_content().strip()
    assert abs(parsedate_to_datetime(message["Date"]).timestamp() - time.time()) < 600
    assert message["Message-ID"].endswith("@example.org>")
    assert server.presented == ["[127.0.0.1]"]


def test_what_a_server_encrypted_from_the_first_byte_takes(send: Send, certificate: Path) -> None:
    with mail_server(certificate, ("captain", PASSWORD), implicit=True) as server:
        arguments = ("ferry", "--to", FRIEND, "--server", server.name, "--tls", "implicit", "--user", "captain")
        sent = send(*arguments, PACKAGER_MAIL_PASSWORD=PASSWORD)
    assert sent.returncode == ExitCode.GOOD, sent.stderr
    assert len(server.taken) == 1
    assert "approved list" not in sent.stderr


def test_a_wrong_password(send: Send, certificate: Path) -> None:
    with mail_server(certificate, (ME, "another")) as server:
        sent = send("ferry", "--to", KINDLE, "--server", server.name, PACKAGER_MAIL_PASSWORD=PASSWORD)
    assert sent.returncode == ExitCode.DELIVERY
    assert f"localhost does not take the password of {ME} from the environment" in sent.stderr
    assert "535" in sent.stderr
    assert "application password" in sent.stderr
    assert not server.taken


@pytest.mark.parametrize("spelled", ["{}", "AUTH LOGIN {}", "AUTH PLAIN {}"])
def test_a_server_that_repeats_the_password_is_not_quoted(spelled: str) -> None:
    text = {"AUTH LOGIN {}": PASSWORD, "AUTH PLAIN {}": f"\0{ME}\0{PASSWORD}"}.get(spelled)
    said = spelled.format(base64.b64encode(text.encode()).decode() if text else PASSWORD)
    account = MailSettings(ME, "mail.example", 587, ME, "starttls")
    told = str(refusal("login", 535, f"What is {said}?", account, Password(PASSWORD, "the test")))
    assert f"What is {spelled.format('…')}?" in told


def test_no_password_and_nobody_to_ask(send: Send, certificate: Path) -> None:
    with mail_server(certificate, (ME, PASSWORD)) as server:
        sent = send("ferry", "--to", KINDLE, "--server", server.name)
        assert sent.returncode == ExitCode.USAGE
        assert "There is no password for" in sent.stderr
        sent = send("ferry", "--to", KINDLE, "--server", server.name, "--user", "")
        assert sent.returncode == ExitCode.DELIVERY
        assert "wants a login first" in sent.stderr


def test_a_password_is_typed_unseen(shelf: Path, certificate: Path) -> None:
    with mail_server(certificate, (ME, PASSWORD)) as server:
        words = command(shelf, "ferry", "--to", KINDLE, "--server", server.name)
        process, terminal = pty.fork()
        if process == 0:
            os.execve(words[0], words, environment(certificate, PACKAGER_MAIL_TIMEOUT="20"))
        shown, typed = b"", False
        while more := read_terminal(terminal):
            shown += more
            if not typed and b"Password of" in shown:
                # What is typed before the terminal is told not to show it, is thrown away.
                while termios.tcgetattr(terminal)[3] & termios.ECHO:
                    time.sleep(0.02)
                os.write(terminal, PASSWORD.encode() + b"\n")
                typed = True
        if not typed:
            os.kill(process, signal.SIGKILL)
        assert os.waitstatus_to_exitcode(os.waitpid(process, 0)[1]) == ExitCode.GOOD, shown
    assert PASSWORD.encode() not in shown
    assert len(server.taken) == 1


def read_terminal(terminal: int) -> bytes:
    """What is shown next; nothing when the other side is gone, which Linux calls an error, or has shown nothing for long."""
    try:
        return os.read(terminal, 4096) if select.select([terminal], [], [], 20)[0] else b""
    except OSError:
        return b""


def test_a_certificate_that_is_not_trusted(send: Send, certificate: Path, tmp_path: Path) -> None:
    stranger = make_certificate(tmp_path, "localhost")
    other_name = make_certificate(tmp_path, "elsewhere.example")
    for shown, trusted in ((stranger, certificate), (other_name, other_name)):
        for kind in ("starttls", "implicit"):
            with mail_server(shown, (ME, PASSWORD), implicit=kind == "implicit") as server:
                arguments = ("ferry", "--to", KINDLE, "--server", server.name, "--tls", kind)
                sent = send(*arguments, PACKAGER_MAIL_PASSWORD=PASSWORD, SSL_CERT_FILE=str(trusted))
            assert sent.returncode == ExitCode.DELIVERY
            assert "The certificate of localhost cannot be trusted" in sent.stderr
            assert not server.taken


def test_encryption_that_is_not_there(send: Send, certificate: Path) -> None:
    with mail_server(None) as server:
        for kind, told in (("starttls", "offers no encryption"), ("implicit", "does not speak TLS as expected")):
            arguments = ("ferry", "--to", KINDLE, "--server", server.name, "--tls", kind)
            sent = send(*arguments, PACKAGER_MAIL_PASSWORD=PASSWORD)
            assert sent.returncode == ExitCode.DELIVERY
            assert told in sent.stderr
    assert not server.taken
    refused = send("ferry", "--to", KINDLE, "--server", "mail.example.org", "--tls", "none")
    assert refused.returncode == ExitCode.USAGE
    assert "Without encryption" in refused.stderr


def test_one_address_of_several_is_refused(send: Send, certificate: Path) -> None:
    other = "other@kindle.com"
    with mail_server(certificate, refused={other: "550 5.1.1 User unknown"}) as server:
        common = ("--server", server.name, "--user", "")
        sent = send("ferry", "river", "--to", f"{KINDLE},{other}", "--to", FRIEND, "--json", *common)
    assert sent.returncode == ExitCode.DELIVERY
    report = json.loads(sent.stdout)
    states = {(item["slug"], item["to"]): item["state"] for item in report["items"]}
    assert states == {
        (slug, to): "refused" if to == other else "sent"
        for slug in ("ferry", "river")
        for to in (KINDLE, other, FRIEND)
    }
    assert all("User unknown" in item["reason"] for item in report["items"] if item["to"] == other)
    # What has been sent is not sent again by the command for the rest.
    (repeat,) = report["repeat"]
    assert f"send ferry river --to {other} " in repeat
    assert KINDLE not in repeat
    # Whose mailbox is no reader's learns of nobody else.
    assert [message.recipients for message in server.taken] == [(KINDLE,), (FRIEND,)]
    assert set(server.taken[0].files) == {"ferry.epub", "river.epub"}
    assert KINDLE.encode() not in server.taken[1].data


def test_what_is_too_large_is_not_tried(send: Send, certificate: Path) -> None:
    with mail_server(certificate, most=1_000_000) as server:
        arguments = ("ferry", "--to", FRIEND, "--product", "epub", "--product", "mp3", "--server", server.name)
        sent = send(*arguments, "--user", "")
    assert sent.returncode == ExitCode.DELIVERY
    assert "The message would have 4.1 MB, and localhost takes 1.0 MB" in sent.stderr
    assert f"ferry.mp3 (3.0 MB) NOT sent to {FRIEND}" in sent.stdout
    assert "--product mp3" in sent.stderr
    assert [set(message.files) for message in server.taken] == [{"ferry.epub"}]


def test_what_is_far_too_large_is_not_even_read(tmp_path: Path) -> None:
    vast = Enclosure("vast", "Vast", "mp3", tmp_path / "nothing is there", 10**12)
    with scripted_server({**POLITE, "EHLO": b"250-here\r\n250 SIZE 5000\r\n"}) as server:
        host, _, port = server.name.rpartition(":")
        account = MailSettings(ME, host, int(port), "", "none")
        (outcome,) = deliver(account, None, [vast], [FRIEND], lambda share: None)
    assert (outcome.state, "takes 5 kB; it was not sent" in str(outcome.error)) == ("refused", True)


def test_small_messages_where_the_server_wants_them(send: Send, certificate: Path) -> None:
    with mail_server(certificate, most=130_000) as server:
        sent = send("ferry", "river", "--to", KINDLE, "--server", server.name, "--user", "")
    assert sent.returncode == ExitCode.GOOD, sent.stderr
    assert [set(message.files) for message in server.taken] == [{"ferry.epub"}, {"river.epub"}]


def test_a_pocketbook_gets_a_name_it_understands(send: Send, certificate: Path) -> None:
    with mail_server(certificate) as server:
        sent = send("ferry", "river", "--to", "me@PBsync.com", "--server", server.name, "--user", "")
    assert sent.returncode == ExitCode.GOOD, sent.stderr
    assert [set(message.files) for message in server.taken] == [{"ferry.epub"}, {"river.epub"}]


NOT_SENT: dict[str, tuple[Script, str]] = {
    "silent": ({"": None}, "does not answer"),
    "silent later": ({"MAIL": None}, "does not answer"),
    "silent before the message": ({"DATA": None}, "does not answer"),
    "cut at once": ({"": b""}, "broke off the connection"),
    "cut at the address": ({"RCPT": b""}, "broke off the connection"),
    "cut before the message": ({"DATA": b""}, "broke off the connection"),
    "another service": ({"": b"HTTP/1.1 400 Bad Request\r\n"}, "something that no mail server says"),
    "garbage": ({"": b"\x00\xff\x1b[31m" * 5000 + b"\r\n"}, "does not talk to this machine"),
    "garbage later": ({"MAIL": b"\xff\xfe\r\n"}, "something that no mail server says"),
    "endless answer": ({"": b"220-more\r\n" * 5000}, "broke off the connection"),
    "busy": (
        {"": b"421 4.3.2 Too busy\r\n"},
        "cannot take the message now. It says: “421 4.3.2 Too busy”. Try again later",
    ),
    "closed": ({"": b"554 Go away\r\n"}, "does not talk to this machine"),
    "busy later": ({"MAIL": b"421 Shutting down\r\n"}, "Try again later"),
    "sender": ({"MAIL": b"553 5.7.1 Not yours\r\n"}, f"does not let {ME} send"),
    "sender too large": ({"MAIL": b"552 5.3.4 Too big\r\n"}, "too large for 127.0.0.1"),
    "login": ({"MAIL": b"530 5.7.0 Authenticate\r\n"}, "wants a login first"),
    "unknown": ({"RCPT": b"550 5.1.1 Unknown\r\n"}, f"refuses the address {KINDLE}"),
    "greylisted": ({"RCPT": b"450 4.2.0 Greylisted\r\n"}, f"takes nothing for {KINDLE} now"),
    "full": ({"RCPT": b"552 5.2.2 Full\r\n"}, f"The mailbox {KINDLE} is full"),
    "not now": ({"DATA": b"451 Later\r\n"}, "Try again later"),
    "too large": ({".": b"552 5.3.4 Too big\r\n"}, "too large for 127.0.0.1"),
    "spam": ({".": b"554 5.7.1 \x1b[31mSpam\x1b[0m\r\n"}, "refuses the message. It says: “554 5.7.1 [31mSpam [0m”"),
    "size": ({"EHLO": b"250-here\r\n250 SIZE 5000\r\n"}, "takes 5 kB; it was not sent"),
}


@pytest.mark.parametrize("case", NOT_SENT)
def test_a_server_that_does_not_take_it(send: Send, case: str) -> None:
    script, told = NOT_SENT[case]
    with scripted_server({**POLITE, **script}) as server:
        sent = send("ferry", "--to", KINDLE, "--server", server.name, "--tls", "none")
    assert sent.returncode == ExitCode.DELIVERY
    assert told in sent.stderr
    assert "sent to" not in sent.stdout.replace("NOT sent to", "")
    assert "\x1b" not in sent.stdout + sent.stderr


def test_an_answer_by_drops(send: Send) -> None:
    with scripted_server({**POLITE, "": b"220 " + b"x" * 1000 + b"\r\n"}, by_drops=True) as server:
        sent = send("ferry", "--to", KINDLE, "--server", server.name, "--tls", "none")
    assert sent.returncode == ExitCode.DELIVERY
    assert "does not answer" in sent.stderr


def test_a_server_that_is_not_there(send: Send) -> None:
    for server, told in (("localhost:9", "takes no connection"), ("no-such-host.invalid", "There is no server")):
        sent = send("ferry", "--to", KINDLE, "--server", server, "--user", "")
        assert sent.returncode == ExitCode.DELIVERY
        assert told in sent.stderr
        sent = send("ferry", "--to", KINDLE, "--server", server, "--user", "", "--json")
        assert sent.returncode == ExitCode.DELIVERY
        (item,) = json.loads(sent.stdout)["items"]
        assert item["state"] == "unsent"
        assert told in item["reason"]


@pytest.mark.parametrize("answer", [None, b""])
def test_a_message_of_which_nobody_knows(send: Send, answer: bytes | None) -> None:
    with scripted_server({**POLITE, ".": answer}) as server:
        sent = send("ferry", "--to", KINDLE, "--server", server.name, "--tls", "none", PACKAGER_MAIL_TIMEOUT="0.3")
    assert sent.returncode == ExitCode.DELIVERY
    assert f"perhaps sent to {KINDLE}" in sent.stdout
    assert "Look whether it arrived; only if it did not: packager send ferry --to" in sent.stderr


def test_after_half_a_success_only_the_rest_is_left(send: Send) -> None:
    script: Script = {
        **POLITE,
        "EHLO": b"250-here\r\n250 SIZE 130000\r\n",
        "MAIL": (b"250 OK\r\n", b"421 4.3.2 Going down\r\n"),
    }
    with scripted_server(script) as server:
        sent = send("ferry", "river", "--to", KINDLE, "--server", server.name, "--tls", "none")
    assert sent.returncode == ExitCode.DELIVERY
    assert len(server.taken) == 1
    assert "ferry.epub (" in sent.stdout.splitlines()[0]
    assert "river.epub (" in sent.stdout.splitlines()[1]
    assert "NOT sent" in sent.stdout.splitlines()[1]
    (repeat,) = [line for line in sent.stderr.splitlines() if "packager send" in line]
    assert f"packager send river --to {KINDLE} --server {server.name} --tls none --output" in repeat


def test_an_interruption_while_the_server_thinks(shelf: Path, certificate: Path) -> None:
    with scripted_server({**POLITE, ".": None}) as server:
        words = command(shelf, "ferry", "--to", KINDLE, "--to", FRIEND, "--server", server.name, "--tls", "none")
        process = subprocess.Popen(
            words,
            env=environment(certificate, PACKAGER_MAIL_TIMEOUT="60"),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            encoding="utf-8",
        )
        while not server.taken and process.poll() is None:
            time.sleep(0.02)
        process.send_signal(signal.SIGINT)
        shown, remarks = process.communicate(timeout=30)
    assert process.returncode == ExitCode.INTERRUPTED
    assert f"perhaps sent to {KINDLE}" in shown
    assert f"NOT sent to {FRIEND}" in shown
    assert f"send the rest with: packager send ferry --to {FRIEND}" in remarks
    assert f"only if it did not: packager send ferry --to {KINDLE}" in remarks


def test_a_real_postfix(send: Send, shelf: Path, certificate: Path) -> None:
    if not shutil.which("postfix") or os.geteuid() != 0:
        leave("postfix")
    refused = "refused@kindle.com"
    with postfix(certificate) as (name, box):
        common = ("--server", name, "--user", "")
        sent = send("ferry", "--to", KINDLE, "--to", refused, *common, PACKAGER_MAIL_TIMEOUT="20")
        assert sent.returncode == ExitCode.DELIVERY
        assert f"sent to {KINDLE}." in sent.stdout
        assert f"NOT sent to {refused}." in sent.stdout
        assert "554 5.7.1" in sent.stderr
        untrusted = send("ferry", "--to", KINDLE, *common, SSL_CERT_FILE=os.devnull, PACKAGER_MAIL_TIMEOUT="20")
        assert "cannot be trusted" in untrusted.stderr
        large = send("ferry", "--to", FRIEND, "--product", "mp3", *common, PACKAGER_MAIL_TIMEOUT="20")
        assert "localhost takes 1.0 MB" in large.stderr
        (arrived,) = wait_for_files(box)
        message = Delivered((KINDLE,), arrived.read_bytes())
    assert message.files == {"ferry.epub": (shelf / "ferry" / "ferry.epub").read_bytes()}


def wait_for_files(folder: Path) -> list[Path]:
    end = time.monotonic() + 20
    while not (found := list(folder.glob("*"))) and time.monotonic() < end:
        time.sleep(0.1)
    return found


KEYRING = """
import json, os, pathlib
from keyring.backend import KeyringBackend

class {name}(KeyringBackend):
    priority = 1
    file = pathlib.Path(os.environ["KEPT"])
    def get_password(self, service, username):
        return json.loads(self.file.read_text()).get(service + " " + username) if self.file.exists() else None
    def set_password(self, service, username, password):
        self.file.write_text(json.dumps({{service + " " + username: password}}))
"""


def test_the_password_from_the_keyring(send: Send, certificate: Path, tmp_path: Path) -> None:
    (tmp_path / "locker.py").write_text(KEYRING.format(name="Locker"))
    keyring = {
        "PYTHON_KEYRING_BACKEND": "locker.Locker",
        "PYTHONPATH": str(tmp_path),
        "KEPT": str(tmp_path / "kept"),
    }
    with mail_server(certificate, (ME, PASSWORD)) as server:
        saved = send("--save-password", "--server", server.name, typed=PASSWORD + "\n", **keyring)
        assert saved.returncode == ExitCode.GOOD, saved.stderr
        sent = send("ferry", "--to", KINDLE, "--server", server.name, **keyring)
    assert sent.returncode == ExitCode.GOOD, sent.stderr
    assert len(server.taken) == 1


@pytest.mark.parametrize("backend", ["keyrings.alt.file.PlaintextKeyring", "open_book.PlaintextKeyring"])
def test_a_keyring_that_anybody_can_read_is_not_used(
    send: Send, certificate: Path, tmp_path: Path, backend: str
) -> None:
    (tmp_path / "keyrings" / "alt").mkdir(parents=True)
    for file in (tmp_path / "keyrings" / "alt" / "file.py", tmp_path / "open_book.py"):
        file.write_text(KEYRING.format(name="PlaintextKeyring"))
    kept = tmp_path / "kept"
    keyring = {"PYTHON_KEYRING_BACKEND": backend, "PYTHONPATH": str(tmp_path), "KEPT": str(kept)}
    saved = send("--save-password", "--server", "localhost", typed=PASSWORD + "\n", **keyring)
    assert saved.returncode == ExitCode.DELIVERY
    assert "keeps passwords in a legible file" in saved.stderr
    assert not kept.exists()
    kept.write_text(json.dumps({f"packager mail localhost {ME}": PASSWORD}))
    sent = send("ferry", "--to", KINDLE, "--server", "localhost", **keyring)
    assert sent.returncode == ExitCode.USAGE
    assert "is not used" in sent.stderr


SETTINGS = {
    'from = "a@example.org"\npassword = "PASSWORD"': "holds a password",
    'from = "a@example.org"\napp-passwd = "PASSWORD"': "holds a password",
    'from = "a@example.org"\nsecret = "PASSWORD"': "holds a password",
    "from = ": "is not valid TOML",
    'from = "a@example.org"\ncolour = "blue"': "no setting for mail",
    'from = "nobody"': "is no mail address",
    'from = "a@example.org"\nserver = "https://example.org/"': "is no server",
    'from = "a@example.org"\nserver = "example.org:0"': "is no server",
    'from = "a@example.org"\nserver = "example.org"\ntls = "ssl"': "no kind of encryption",
    'from = "a@example.org"\nserver = "example.org"\ntimeout = -1': "The timeout for mail",
    'from = "a@example.org"': "not known which server",
}


@pytest.mark.parametrize("text", SETTINGS)
def test_settings_that_cannot_be(send: Send, tmp_path: Path, text: str) -> None:
    file = tmp_path / "mail.toml"
    file.write_text(text.replace("PASSWORD", PASSWORD))
    own = {"PACKAGER_MAIL_CONFIG": str(file), "PACKAGER_MAIL_FROM": "", "PACKAGER_MAIL_TIMEOUT": ""}
    sent = send("ferry", "--to", KINDLE, "--dry-run", **own)
    assert sent.returncode == ExitCode.USAGE
    assert SETTINGS[text] in sent.stderr


def test_the_nearer_setting_holds(send: Send, tmp_path: Path) -> None:
    file = tmp_path / "mail.toml"
    file.write_text('from = "a@example.org"\nserver = "one.example:465"\nuser = "captain"\n')
    own = {"PACKAGER_MAIL_CONFIG": str(file), "PACKAGER_MAIL_FROM": "me@gmail.com"}
    planned = json.loads(send("ferry", "--to", KINDLE, "--dry-run", "--json", **own).stdout)
    assert (planned["from"], planned["server"], planned["port"]) == ("me@gmail.com", "one.example", 465)
    planned = json.loads(send("ferry", "--to", KINDLE, "--dry-run", "--json", PACKAGER_MAIL_FROM="me@gmail.com").stdout)
    assert (planned["server"], planned["port"]) == ("smtp.gmail.com", 465)
    assert [(item["to"], item["state"]) for item in planned["items"]] == [(KINDLE, "unsent")]


def test_what_no_kindle_takes(send: Send) -> None:
    sent = send("ferry", "--to", KINDLE, "--product", "mp3", "--dry-run", "--server", "localhost")
    assert sent.returncode == ExitCode.DELIVERY
    assert "takes no “mp3” by mail" in sent.stderr
    sent = send("ferry", "--to", KINDLE, "--product", "narrated", "--dry-run", "--server", "localhost")
    assert sent.returncode == ExitCode.SOURCE
    assert "packager build --only narrated" in sent.stderr


SUSPECTS: dict[str, tuple[str, str, str, str]] = {
    "KDL-010": ("EPUB/article.xhtml", "", "", "EPUB/a page.txt"),
    "KDL-020": ("EPUB/content.opf", "<dc:language>en</dc:language>", "", ""),
    "KDL-021": ("EPUB/content.opf", "<dc:language>en<", "<dc:language>us<", ""),
    "KDL-022": ("EPUB/content.opf", "<dc:language>en<", "<dc:language>mn<", ""),
    "KDL-023": ("EPUB/content.opf", "<dc:language>", "<dc:language>en</dc:language><dc:language>", ""),
    "KDL-024": ("EPUB/content.opf", "</metadata>", "<dc:identifier>B01ABCDEFG</dc:identifier></metadata>", ""),
    "KDL-025": ("EPUB/content.opf", "<manifest>", '<manifest><item id="x" href="x.css" media-type="text/css"/>', ""),
    "KDL-027": ("EPUB/content.opf", "application/x-dtbncx+xml", "text/plain", ""),
    "KDL-028": ("EPUB/toc.ncx", "navPoint", "navTarget", ""),
    "KDL-030": ("EPUB/article.xhtml", "<?xml version='1.0' encoding='utf-8'?>", "", ""),
    "KDL-031": ("EPUB/article.xhtml", "<head>", "<?xml version='1.0'?><head>", ""),
    "KDL-032": ("EPUB/article.xhtml", "<head>", "<!-- wait -- what --><head>", ""),
    "KDL-033": ("EPUB/article.xhtml", "</head>", "", ""),
    "KDL-040": ("EPUB/article.xhtml", "</body>", '<audio src="a.mp3"/></body>', ""),
    "KDL-041": ("EPUB/article.xhtml", "</head>", "<script>1</script></head>", ""),
    "KDL-042": ("EPUB/style.css", "body {", "@font-face { src: url(a.otf) } body {", ""),
    "KDL-043": ("EPUB/style.css", "body {", ":root { --ink: black } body {", ""),
    "KDL-052": ("EPUB/content.opf", 'media-type="image/jpeg"', 'media-type="image/png"', ""),
    "KDL-053": ("EPUB/article.xhtml", "</body>", '<p><img alt=""/></p></body>', ""),
    "KDL-054": ("EPUB/article.xhtml", "</body>", '<p><img alt="" src="https://example.org/a.png"/></p></body>', ""),
    "KDL-055": ("EPUB/article.xhtml", "</body>", '<p><img alt="" src="a.png"/></p></body>', ""),
    "KDL-060": ("EPUB/toc.ncx", 'src="article.xhtml"', 'src="articles.xhtml"', ""),
    "KDL-061": ("EPUB/article.xhtml", "<body", '<body id="top" title="up"', ""),
    "KDL-062": ("EPUB/article.xhtml", "</body>", '<p><a href="colophon.xhtml#far">far</a></p></body>', ""),
}
WARNINGS = {"KDL-010", "KDL-022", "KDL-023", "KDL-024", "KDL-027", "KDL-030", "KDL-042", "KDL-043", "KDL-062"}


def changed(book: Path, target: Path, member: str, old: str, new: str, added: str = "") -> Path:
    """The same EPUB with something else in one of its files, or with a file more."""
    with zipfile.ZipFile(book) as source, zipfile.ZipFile(target, "w") as result:
        for info in source.infolist():
            data = source.read(info)
            if info.filename == member:
                assert old.encode() in data
                data = data.replace(old.encode(), new.encode())
            result.writestr(info.filename, data)
        if added:
            result.writestr(added, b"")
    return target


@pytest.mark.parametrize("code", SUSPECTS)
def test_what_amazon_refuses_is_named(shelf: Path, tmp_path: Path, code: str) -> None:
    member, old, new, added = SUSPECTS[code]
    book = changed(shelf / "ferry" / "ferry.epub", tmp_path / "book.epub", member, old, new, added)
    if code == "KDL-061":
        book = changed(
            book, tmp_path / "link.epub", "EPUB/nav.xhtml", 'href="article.xhtml"', 'href="article.xhtml#top"'
        )
    found = {finding.code: finding.severity for finding in examine(book)}
    assert found == {code: "warning" if code in WARNINGS else "error"}


def test_our_own_books_are_fit_for_a_kindle(shelf: Path) -> None:
    for book in shelf.glob("*/*.epub"):
        assert examine(book) == []


def test_a_book_that_amazon_refuses_is_sent_only_when_asked(send: Send, shelf: Path, tmp_path: Path) -> None:
    member, old, new, _ = SUSPECTS["KDL-021"]
    folder = tmp_path / "build" / "ferry"
    shutil.copytree(shelf / "ferry", folder)
    changed(shelf / "ferry" / "ferry.epub", folder / "ferry.epub", member, old, new)
    with scripted_server(POLITE) as server:
        arguments = ("ferry", "--to", KINDLE, "--server", server.name, "--tls", "none", "--output", folder.parent)
        sent = send(*arguments)
        assert sent.returncode == ExitCode.DELIVERY
        assert "ferry.epub: error: KDL-021: “us” is no language." in sent.stderr
        assert not server.taken
        assert send(*arguments, "--anyway").returncode == ExitCode.GOOD
        assert len(server.taken) == 1


def test_a_book_made_to_do_harm(tmp_path: Path, shelf: Path) -> None:
    bomb = tmp_path / "bomb.epub"
    with (
        zipfile.ZipFile(shelf / "ferry" / "ferry.epub") as source,
        zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as target,
    ):
        for info in source.infolist():
            data = source.read(info)
            target.writestr(info.filename, b"<a>" * 50_000_000 if info.filename.endswith("article.xhtml") else data)
    assert {finding.code for finding in examine(bomb)} == {"KDL-002"}
    entities = "<!DOCTYPE html [" + "".join(f'<!ENTITY l{n + 1} "{f"&l{n};" * 10}">' for n in range(12)) + "]><html"
    laughs = changed(
        shelf / "ferry" / "ferry.epub",
        tmp_path / "laughs.epub",
        "EPUB/article.xhtml",
        "<!DOCTYPE html>\n<html",
        entities,
    )
    examine(laughs)
    steering = changed(
        shelf / "ferry" / "ferry.epub",
        tmp_path / "steering.epub",
        "EPUB/article.xhtml",
        "</body>",
        '<a href="\x9b31m.xhtml">x</a></body>',
    )
    assert all(finding.message.isprintable() for finding in examine(steering))
    assert "KDL-060" in {finding.code for finding in examine(steering)}


def test_a_damaged_book_packed_in_another_way_is_a_finding(tmp_path: Path) -> None:
    file = tmp_path / "lzma.epub"
    with zipfile.ZipFile(file, "w", zipfile.ZIP_LZMA) as book:
        book.writestr("META-INF/container.xml", b"<container/>" * 20)
    data = file.read_bytes()
    begin = data.index(b"container.xml") + len(b"container.xml")
    file.write_bytes(data[: begin + 12] + b"\xff" * 8 + data[begin + 20 :])
    assert {finding.code for finding in examine(file)} >= {"KDL-002"}


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_a_damaged_book_is_never_more_than_a_finding(shelf: Path, tmp_path: Path, data: st.DataObject) -> None:
    book = bytearray((shelf / "ferry" / "ferry.epub").read_bytes())
    for _ in range(data.draw(st.integers(1, 20))):
        book[data.draw(st.integers(0, len(book) - 1) | st.integers(len(book) - 1200, len(book) - 1))] = data.draw(
            st.integers(0, 255)
        )
    file = tmp_path / "damaged.epub"
    file.write_bytes(book[: data.draw(st.just(len(book)) | st.integers(0, len(book)))])
    examine(file)


NAMES = st.text(
    st.characters(exclude_categories=("C", "Zl", "Zp"), exclude_characters="/\\"), min_size=1, max_size=60
).map(lambda name: f"{name.strip() or 'x'}.epub")


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(name=NAMES, title=st.text(), contents=st.binary(max_size=300))
def test_any_name_and_any_bytes_arrive(tmp_path: Path, name: str, title: str, contents: bytes) -> None:
    file = tmp_path / name
    file.write_bytes(contents)
    (parcel,) = parcels_of([Enclosure("x", title, "epub", file, len(contents))], [KINDLE], None)
    message = Delivered((), message_of(parcel, ME))
    assert message.files == {name: contents}
    assert message.data.isascii()
    assert set(message.message.keys()) >= {"From", "To", "Subject", "Date", "Message-ID"}
    file.unlink()


@given(
    sizes=st.lists(st.integers(0, 60_000_000), max_size=60),
    to=st.lists(st.sampled_from(["kindle.com", "free.kindle.com", "pbsync.com", "example.org"]), max_size=40),
    limit=st.none() | st.integers(1, 80_000_000),
)
def test_every_file_goes_to_every_address_once(sizes: list[int], to: list[str], limit: int | None) -> None:
    files = [Enclosure(str(n), str(n), "epub", Path(f"{n}.epub"), size) for n, size in enumerate(sizes)]
    addresses = [f"a{n}@{domain}" for n, domain in enumerate(to)]
    parcels = parcels_of(files, addresses, limit)
    pairs = [(one.slug, to) for parcel in parcels for one in parcel.enclosures for to in parcel.recipients]
    assert sorted(pairs) == sorted((file.slug, address) for file in files for address in addresses)
    for parcel in parcels:
        kinds = {mailbox_of(address) for address in parcel.recipients}
        assert kinds == {parcel.mailbox}
        assert len(parcel.recipients) <= parcel.mailbox.addresses
        assert len(parcel.enclosures) <= parcel.mailbox.files
        total = sum(one.size for one in parcel.enclosures)
        assert len(parcel.enclosures) == 1 or parcel.mailbox.size is None or total <= parcel.mailbox.size


@given(st.text() | st.from_regex(r"[^ ]{1,20}@[^ ]{1,20}", fullmatch=True))
def test_an_address_is_one_or_none(text: str) -> None:
    try:
        address = plain_address(text)
    except UsageError:
        return
    assert address.isascii()
    assert address.isprintable()
    assert " " not in address
    assert address.count("@") == 1
