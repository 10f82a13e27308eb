"""`packager serve`: what it serves, whom it refuses, and that nobody brings it down."""

from __future__ import annotations

import asyncio
import base64
import json
import os
import signal
import socket
import stat
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from pathlib import Path

import pytest
from conftest import Packager
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from serving import Answer, Server, make_book, serving

from packager.delivery.server import connections
from packager.delivery.server.announce import SERVICE, announced
from packager.delivery.server.keeping import kept
from packager.delivery.shelf import read_shelf
from packager.errors import ExitCode

SECRET = "this stands in no answer"
MP3 = "-/files/one/one.mp3"
SLOW_CLIENTS, LET_IN = 200, 48


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two books, and beside them what is not to be served."""
    folder = tmp_path_factory.mktemp("home") / "build"
    make_book(folder, "one")
    make_book(folder, "two", narrated=False)
    (folder / "secret.txt").write_text(SECRET)
    (folder.parent / "secret.txt").write_text(SECRET)
    (folder / "one" / "secret.txt").write_text(SECRET)
    return folder


@pytest.fixture(scope="module")
def server(folder: Path) -> Iterator[Server]:
    with serving(folder) as server:
        yield server


@pytest.fixture(scope="module")
def shared(folder: Path) -> Iterator[Server]:
    """On the network, behind a token."""
    with serving(folder, "--lan", "--no-announce", "--log") as server:
        # Where there is no network the address is that of this machine.
        yield server


def token_of(server: Server) -> str:
    return server.base.rstrip("/").rpartition("/")[2]


def is_well(server: Server) -> bool:
    return server.get("feed.xml").status == 200 and server.process.poll() is None


def test_it_tells_where_it_is_and_ends_when_asked(folder: Path) -> None:
    with serving(folder, "--title", "Our books") as server:
        assert server.told["title"] == "Our books"
        assert server.told["books"] == 2
        assert server.base.startswith("http://127.0.0.1:")
        assert all(server.get(server.told[name]).status == 200 for name in ("opds", "podcast"))
        server.process.send_signal(signal.SIGINT)
        assert server.process.wait(20) == ExitCode.GOOD
        assert server.remarks.read_text() == "Ended.\n"


def test_a_port_that_is_taken_is_named(folder: Path, server: Server, packager: Packager) -> None:
    port = str(server.place[1])
    refused = packager("serve", folder, "--port", port, PACKAGER_STATE=str(folder.parent / "state"))
    assert refused.returncode == ExitCode.DELIVERY
    assert refused.stderr.startswith(f"Error: Port {port} cannot be used: another program has it.")


def test_a_folder_that_is_not_there_is_named(packager: Packager, tmp_path: Path) -> None:
    refused = packager("serve", tmp_path / "nothing", PACKAGER_STATE=str(tmp_path))
    assert refused.returncode == ExitCode.SOURCE
    assert "nothing" in refused.stderr


def _all_of(end: int) -> bytes:
    """All that was written into a pipe or a terminal whose other end is closed, which a terminal tells by an error."""
    pieces = []
    with suppress(OSError):
        while piece := os.read(end, 65_536):
            pieces.append(piece)
    os.close(end)
    return b"".join(pieces)


@pytest.mark.parametrize(
    ("on_terminal", "accessible", "options", "has_picture"),
    [(True, "", (), True), (True, "1", (), False), (True, "1", ("--qr",), True), (False, "", (), False)],
)
def test_no_picture_is_read_out_to_a_screen_reader(
    folder: Path, tmp_path: Path, on_terminal: bool, accessible: str, options: tuple[str, ...], has_picture: bool
) -> None:
    command = [sys.executable, "-m", "packager.cli.main", "serve", str(folder), "--port", "0", "--lan", "--no-announce"]
    own = {"PACKAGER_STATE": str(tmp_path), "ACCESSIBLE": accessible, "PYTHONIOENCODING": "utf-8", "TERM": "xterm"}
    ours, theirs = os.openpty() if on_terminal else os.pipe()
    with subprocess.Popen(
        [*command, *options], env=os.environ | own, stdout=theirs, stderr=subprocess.PIPE, encoding="utf-8"
    ) as process:
        os.close(theirs)
        assert process.stderr
        # The last remark comes when everything is said.
        while "Ctrl-C" not in process.stderr.readline():
            pass
        process.terminate()
    shown = _all_of(ours).decode()
    assert "In a reading app" in shown
    assert ("█" in shown) is has_picture


# Files


def test_files_come_whole_with_all_that_players_want(server: Server, folder: Path) -> None:
    data = (folder / "one" / "one.mp3").read_bytes()
    answer, head = server.get(MP3), server.get(MP3, "HEAD")
    assert answer.body == data
    assert head.body == b""
    for headers in (answer.headers, head.headers):
        assert headers["content-type"] == "audio/mpeg"
        assert headers["content-length"] == str(len(data))
        assert headers["accept-ranges"] == "bytes"
        assert headers["content-disposition"] == 'attachment; filename="one.mp3"'
    for known in ({"If-None-Match": answer.headers["etag"]}, {"If-None-Match": f'"x", W/{answer.headers["etag"]}'}):
        again = server.get(MP3, **known)
        assert (again.status, again.body) == (304, b"")
    assert server.get("-/files/one/one.epub").headers["content-type"] == "application/epub+zip"
    assert server.get("-/files/one/one.vtt").headers["content-type"].startswith("text/vtt")


@settings(max_examples=80, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(begin=st.integers(0, 12_000) | st.none(), end=st.integers(0, 2**70) | st.none())
def test_ranges_are_those_of_the_file(server: Server, folder: Path, begin: int | None, end: int | None) -> None:
    data = (folder / "one" / "one.mp3").read_bytes()
    asked = f"bytes={'' if begin is None else begin}-{'' if end is None else end}"
    answer = server.get(MP3, Range=asked)
    if begin is None and end is None:
        assert answer.status == 400
        return
    first = max(len(data) - (end or 0), 0) if begin is None else begin
    last = len(data) - 1 if begin is None or end is None else min(end, len(data) - 1)
    if first >= len(data):
        assert answer.status == 416
        assert answer.headers["content-range"] == f"bytes */{len(data)}"
    elif first > last:
        assert answer.status == 400
    else:
        assert answer.status == 206
        assert answer.body == data[first : last + 1]
        assert answer.headers["content-range"] == f"bytes {first}-{last}/{len(data)}"


@pytest.mark.parametrize(
    "asked",
    [
        "bytes=0-0,2-2",
        "bytes=" + ",".join(f"{begin}-" for begin in range(2000)),
        "bytes=" + "0-," * 3000,
        "bytes=" + "9" * 6000 + "-",
        "bytes=0-" + "9" * 6000,
        "bytes=-" + "9" * 6000,
        "bytes=--1",
        "bytes=a-b",
        "lines=0-1",
    ],
    ids=lambda asked: asked[:16],
)
def test_strange_ranges_cost_no_more_than_the_file(server: Server, asked: str) -> None:
    answer = server.get(MP3, Range=asked)
    assert answer.status in (200, 400, 416)
    assert len(answer.body) <= 10_240
    assert is_well(server)


def test_a_range_of_an_older_file_is_not_given(server: Server) -> None:
    assert server.get(MP3, Range="bytes=0-9", If_Range='"older"').status == 200


def until(answered: int, server: Server, path: str) -> Answer:
    """Ask until it is answered so; the shelf is looked at once a second."""
    for _ in range(60):
        if (answer := server.get(path)).status == answered:
            return answer
        time.sleep(0.1)
    raise AssertionError(f"{path}: {answer.status}, not {answered}")


def test_what_is_built_meanwhile_appears_and_what_goes_is_gone(tmp_path: Path) -> None:
    make_book(tmp_path, "first")
    with serving(tmp_path) as server:
        assert server.get("-/files/second/second.mp3").status == 404
        place = make_book(tmp_path, "second", title="Second")
        assert len(until(200, server, "-/files/second/second.mp3").body) == 10_240
        assert "Second" in server.get("feed.xml").text
        (place / "second.mp3").unlink()
        # At once, although the shelf has not been looked at again.
        assert server.get("-/files/second/second.mp3").status == 404
        (place / "second.json").unlink()
        until(404, server, "-/files/second/second.epub")
        assert "Second" not in server.get("feed.xml").text


# Attacks

CLIMBS = [
    "..",
    "%2e%2e",
    "%252e%252e",
    "..%c0%af..",
    "%c0%ae%c0%ae",
    "..%5c..",
    "....//",
    "..;",
    "%00",
    ".%00.",
    "．．",
    "~root",
    "C:",
]


@pytest.mark.parametrize("climb", CLIMBS)
def test_nothing_outside_the_shelf_is_reached(server: Server, shared: Server, folder: Path, climb: str) -> None:
    way = climb.encode("utf-8")
    home = str(folder.parent).encode()
    tries = [
        b"/-/files/one/" + way + b"/secret.txt",
        b"/-/files/one/" + way + b"%2fsecret.txt",
        b"/-/files/" + way + b"/secret.txt",
        b"/-/files/" + way + b"%2f" + way + b"/secret.txt",
        b"/-/files/one/secret.txt",
        b"/-/files/one/one.json",
        b"/-/covers/" + way + b"%2fone.jpg",
        b"/" + way + b"/secret.txt",
        b"/one/" + way + b"/secret.txt",
        b"/one/secret.txt",
        b"//" + home + b"/secret.txt",
        b"/" + way + home + b"/secret.txt",
        b"/one/" + (way + b"/") * 20 + b"etc/passwd",
        b"file://" + home + b"/secret.txt",
    ]
    for one in (server, shared):
        host, port = one.place
        for path in tries:
            prefix = b"" if one is server or path.startswith(b"file") else f"/t/{token_of(one)}".encode()
            head = b"GET " + prefix + path + f" HTTP/1.1\r\nHost: {host}:{port}\r\nConnection: close\r\n\r\n".encode()
            answer = one.send(head, then_end=False)
            assert answer.startswith((b"HTTP/1.1 404", b"HTTP/1.1 400")), (path, answer[:80])
            assert SECRET.encode() not in answer
            assert b"root:" not in answer
        assert is_well(one)


def test_folders_are_not_listed(server: Server) -> None:
    assert all(
        server.get(path).status == 404 for path in ("-/files/", "-/files/one/", "-/files/one", "-/", "-/covers/")
    )


@pytest.mark.parametrize(
    "host", ["evil.example", "127.0.0.1.evil.example", "192.0.2.77", "", "a b", "[::1]:x", "localhost@evil"]
)
def test_other_names_are_refused(server: Server, shared: Server, host: str) -> None:
    # A site whose name is made to point here (DNS rebinding) is still called by its own name.
    for one in (server, shared):
        refused = one.get(Host=host)
        assert refused.status in (400, 403)
        assert "Article" not in refused.text


def test_a_request_without_host_or_with_two_is_refused(server: Server) -> None:
    assert server.send(b"GET / HTTP/1.1\r\n\r\n").startswith(b"HTTP/1.1 400")
    own = f"Host: 127.0.0.1:{server.place[1]}\r\n"
    assert server.send(f"GET / HTTP/1.1\r\n{own}Host: evil\r\n\r\n".encode()).startswith(b"HTTP/1.1 400")
    assert server.send(b"GET http://evil/ HTTP/1.1\r\nHost: evil\r\n\r\n").startswith(b"HTTP/1.1 403")
    assert server.get("feed.xml", Host=f"localhost:{server.place[1]}").status == 200


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "no-cors", "Sec-Fetch-Dest": "audio"}, 403),
        ({"Sec-Fetch-Site": "same-site", "Sec-Fetch-Mode": "cors", "Sec-Fetch-Dest": "empty"}, 403),
        ({"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "iframe"}, 403),
        ({"Origin": "https://evil.example"}, 403),
        ({"Origin": "null"}, 403),
        ({"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document"}, 200),
        ({"Sec-Fetch-Site": "same-origin", "Sec-Fetch-Mode": "no-cors", "Sec-Fetch-Dest": "audio"}, 200),
    ],
)
def test_other_sites_may_link_here_and_no_more(server: Server, headers: dict[str, str], status: int) -> None:
    assert server.get("feed.xml", **headers).status == status


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "CONNECT", "PROPFIND"])
def test_nothing_can_be_changed(server: Server, method: str) -> None:
    assert server.get("feed.xml", method).status == 405


def test_a_question_with_a_body_is_refused_and_what_follows_is_no_question(server: Server) -> None:
    host = "{}:{}".format(*server.place)
    inner = f"GET /one/ HTTP/1.1\r\nHost: {host}\r\n\r\n"
    for said in (
        f"Content-Length: {len(inner)}\r\n\r\n{inner}",
        f"Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n{inner}",
    ):
        answer = server.send(f"GET /feed.xml HTTP/1.1\r\nHost: {host}\r\n{said}".encode(), then_end=False)
        assert answer.startswith(b"HTTP/1.1 400 ")
        assert answer.count(b"HTTP/1.1 ") == 1


def test_an_address_without_its_last_slash_leads_on(tmp_path: Path) -> None:
    make_book(tmp_path, "what? #1")
    with serving(tmp_path) as server:
        answer = server.get("what%3F%20%231")
        assert answer.headers["location"] == f"{server.base}what%3F%20%231/"


def test_every_answer_tells_browsers_to_be_careful(server: Server) -> None:
    for path in ("", "feed.xml", "opds", MP3, "nothing", "-/covers/one.jpg"):
        headers = server.get(path).headers
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "no-referrer"
        assert headers["cross-origin-resource-policy"] == "same-origin"
        assert "default-src 'none'" in headers["content-security-policy"]
        assert "frame-ancestors 'none'" in headers["content-security-policy"]
        assert "server" not in headers
        assert "access-control-allow-origin" not in headers


def test_without_the_token_there_is_nothing(shared: Server) -> None:
    token = token_of(shared)
    assert len(token) == 20
    wrong = token[:-1] + ("a" if token[-1] != "a" else "b")
    for prefix in (
        "",
        f"/t/{wrong}",
        f"/t/{token}x",
        f"/t/{token[:-1]}",
        f"/t/{token.upper()}",
        "/t/",
        "/t",
        f"/{token}",
        "/t/%C3%A9",
    ):
        for path in ("/", f"/{MP3}", "/-/opds1/root", "/one/"):
            refused = shared.get(prefix + path)
            assert refused.status == 404, prefix + path
            assert "Title" not in refused.text
    assert shared.get("").status == 200
    assert shared.get(f"/t/{token}").status == 200
    assert shared.get(MP3).status == 200


def basic(password: str) -> str:
    return f"Basic {base64.b64encode(f'anybody:{password}'.encode()).decode()}"


def test_the_announced_address_asks_for_the_token(shared: Server) -> None:
    asked = shared.get("/opds")
    assert asked.status == 401
    assert asked.headers["www-authenticate"].startswith("Basic ")
    form = json.loads(asked.body)
    assert form["authentication"][0]["type"] == "http://opds-spec.org/auth/basic"
    for wrong in (basic("x"), basic(""), basic("é"), "Basic !", "Basic", "Bearer " + token_of(shared)):
        assert shared.get("/opds", Authorization=wrong).status == 401
    answer = shared.get("/opds", Authorization=basic(token_of(shared)))
    assert answer.status == 200
    assert shared.get(f"{shared.base}-/opds1/books").status == 200
    assert f"{shared.base}-/opds1/books" in answer.text


def test_the_log_shows_requests_and_never_a_token(shared: Server) -> None:
    shared.get("-/opds1/books?query=x%0aforged%1b")
    shared.get(f"/t/{'z' * 20}/one/%0aforged")
    log = shared.remarks.read_text()
    assert "GET /-/opds1/books 200" in log
    assert token_of(shared) not in log
    assert "z" * 20 not in log
    assert "\nforged" not in log
    assert "\x1b" not in log


GARBAGE = {
    "nothing": b"",
    "no HTTP": b"hello\r\n\r\n",
    "TLS": bytes.fromhex("16030100c8010000c40303") + bytes(190),
    "HTTP/2": b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    "zeros": bytes(100_000),
    "long line": b"GET /" + b"a" * 200_000 + b" HTTP/1.1\r\nHost: x\r\n\r\n",
    "long header": b"GET / HTTP/1.1\r\nHost: x\r\nA: " + b"a" * 200_000 + b"\r\n\r\n",
    "many headers": b"GET / HTTP/1.1\r\nHost: x\r\n" + b"A: b\r\n" * 20_000 + b"\r\n",
    "two lengths": b"GET / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab",
    "both ways": b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "bad chunk": b"GET / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
    "huge body": b"GET / HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999999\r\n\r\n" + bytes(100_000),
    "folded": b"GET / HTTP/1.1\r\nHost: x\r\n y\r\n\r\n",
    "upgrade": b"GET / HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Key: a\r\n\r\n",
}


@pytest.mark.parametrize("kind", GARBAGE)
def test_garbage_is_refused(server: Server, kind: str) -> None:
    answer = server.send(GARBAGE[kind])
    assert not answer or answer.startswith((b"HTTP/1.1 400", b"HTTP/1.1 403", b"HTTP/1.1 405"))
    assert b"Traceback" not in answer
    assert is_well(server)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(data=st.binary(max_size=300), begin=st.sampled_from([b"", b"GET /", b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n"]))
def test_any_bytes_are_survived(server: Server, data: bytes, begin: bytes) -> None:
    server.send(begin + data)
    assert is_well(server)
    assert server.remarks.read_text() == ""


@pytest.mark.parametrize("kind", ["say nothing", "never end the request", "never take the answer"])
def test_slow_clients_keep_nobody_out(tmp_path: Path, kind: str) -> None:
    place = make_book(tmp_path, "one")
    (place / "one.mp3").write_bytes(bytes(30_000_000))
    with serving(tmp_path) as server, ExitStack() as lines:
        host, port = server.place
        begun = f"GET /{MP3} HTTP/1.1\r\nHost: {host}:{port}\r\n".encode()
        data = {"say nothing": b"", "never end the request": begun, "never take the answer": begun + b"\r\n"}[kind]
        slow = [lines.enter_context(socket.create_connection((host, port), timeout=30)) for _ in range(SLOW_CLIENTS)]
        for line in slow:
            with suppress(ConnectionError):
                line.sendall(data)
        # From the very address that the slow ones come from.
        for _ in range(5):
            assert is_well(server)
        assert len(server.get(MP3).body) == 30_000_000
        assert sum(is_open(line) for line in slow) <= LET_IN


def is_open(line: socket.socket) -> bool:
    line.setblocking(False)
    try:
        while line.recv(1 << 20):
            pass
    except BlockingIOError:
        return True
    except ConnectionError:
        pass
    return False


@pytest.mark.parametrize(
    ("steps", "is_let_go"),
    [
        ((), True),
        (("answer_begins",), False),
        (("answer_begins", "client_is_full"), True),
        (("answer_begins", "client_is_full", "client_takes"), False),
        (("answer_begins", "answer_ends"), True),
    ],
)
def test_who_keeps_the_server_waiting_is_let_go(
    monkeypatch: pytest.MonkeyPatch, steps: tuple[str, ...], is_let_go: bool
) -> None:
    monkeypatch.setattr(connections, "_REQUEST_SECONDS", 0.1)
    monkeypatch.setattr(connections, "_TAKING_SECONDS", 0.1)
    monkeypatch.setattr(connections, "_SWEEP_SECONDS", 0.02)
    watched = connections.Connections()

    class Line(asyncio.Protocol):
        def connection_made(self, transport: asyncio.BaseTransport) -> None:
            assert isinstance(transport, asyncio.Transport)
            peer = transport.get_extra_info("peername")
            watched.add(peer, transport)
            for step in steps:
                getattr(watched, step)(peer)

    async def ended() -> bool:
        server = await asyncio.get_running_loop().create_server(Line, "127.0.0.1", 0)
        async with server:
            reader, writer = await asyncio.open_connection(*server.sockets[0].getsockname())
            try:
                # Longer than it takes by far, for those who are let go; others are still there.
                await asyncio.wait_for(reader.read(), 20 if is_let_go else 0.5)
            except TimeoutError:
                return False
            except ConnectionError:
                return True
            finally:
                writer.close()
        return True

    assert asyncio.run(ended()) is is_let_go


def test_many_downloads_at_once_are_all_whole(server: Server, folder: Path) -> None:
    data = (folder / "one" / "one.mp3").read_bytes()
    answers: list[bytes] = []
    threads = [threading.Thread(target=lambda: answers.append(server.get(MP3).body)) for _ in range(40)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == [data] * 40


# What is kept


def test_the_token_survives_a_restart_and_is_for_nobody_else(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    state = tmp_path / "state"
    monkeypatch.setenv("PACKAGER_STATE", str(state))
    first = kept()
    (file,) = state.iterdir()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert kept() == first
    assert first.token not in repr(first)
    renewed = kept(new_token=True)
    assert renewed.token != first.token
    assert renewed.number == first.number
    file.write_text('{"token": "short"}')
    assert kept().token not in (first.token, renewed.token)
    with serving(folder, "--lan", "--no-announce", state=state) as server:
        assert token_of(server) == kept().token


def test_the_network_hears_of_the_catalogue_but_not_the_token() -> None:
    from zeroconf import ServiceBrowser, ServiceListener, Zeroconf

    heard: list[str] = []
    found = threading.Event()

    class Listener(ServiceListener):
        def add_service(self, zc: Zeroconf, type_: str, name: str) -> None:
            heard.append(name)
            found.set()

        def update_service(self, zc: Zeroconf, type_: str, name: str) -> None:
            pass

        def remove_service(self, zc: Zeroconf, type_: str, name: str) -> None:
            pass

    said: list[str] = []
    listening = Zeroconf(interfaces=["127.0.0.1"])
    try:
        with announced("A shelf. Ours", 8421, ["127.0.0.1"], said.append):
            ServiceBrowser(listening, SERVICE, Listener())
            assert found.wait(60), said
            service = listening.get_service_info(SERVICE, heard[0], timeout=30_000)
        assert service is not None
        assert service.port == 8421
        assert service.decoded_properties == {"path": "/opds"}
    finally:
        listening.close()


def test_a_shelf_of_damaged_books_is_served(tmp_path: Path) -> None:
    (make_book(tmp_path, "one") / "one.epub").write_bytes(b"PK")
    (tmp_path / "two").mkdir()
    (tmp_path / "two" / "two.json").write_text("[]")
    assert len(read_shelf(tmp_path).problems) == 1
    with serving(tmp_path) as server:
        assert server.told["problems"]
        assert server.get("-/covers/one.jpg").status == 404
        assert server.get("one/").status in (200, 500)
        assert is_well(server)
