"""Fetching, against a real site on this machine that does its worst: nothing gets in, nothing hangs, each refusal is clear."""

from __future__ import annotations

import gzip
import shutil
import socket
import time
import tracemalloc
import zlib
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from threading import Event, Lock, Thread

import pytest
from hostile_site import Answer, HostileSite, Request, answer, endless, make_certificate, redirect, silent
from hypothesis import given
from hypothesis import strategies as st

from packager import cache
from packager.errors import ExitCode, SourceError
from packager.fetching.failures import FetchError
from packager.fetching.fetch import fetch
from packager.fetching.pictures import fetch_pictures
from packager.fetching.policy import Policy
from packager.fetching.unpacking import unpacked

PAGE = "<p>The river rose – again.</p>".encode()
HTML = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"
CHUNKED = HTML + b"Transfer-Encoding: chunked\r\n\r\n"
LIMIT = 500_000
MOMENT = 2.0


def packed(data: bytes, wbits: int) -> bytes:
    packer = zlib.compressobj(9, wbits=wbits)
    return packer.compress(data) + packer.flush()


ZEROS = bytes(5_000_000)
HOSTILE: dict[str, tuple[Answer, str]] = {
    "endless page": (endless(b"x" * 65_536, head=HTML + b"\r\n"), "is larger than 0.5 MB"),
    "endless chunks": (endless(b"8000\r\n" + b"x" * 0x8000 + b"\r\n", head=CHUNKED), "is larger than 0.5 MB"),
    "endless headers": (endless(b"X-More: " + b"x" * 900 + b"\r\n", head=HTML), "header that is far too large"),
    "endless header": (endless(b"x" * 900, head=HTML + b"X-More: "), "header that is far too large"),
    "endless continuing": (endless(b"HTTP/1.1 100 Continue\r\n\r\n", 0.001), "took longer than 2 seconds"),
    "page by drops": (endless(b"x", 0.05, HTML + b"\r\n"), "took longer than 2 seconds"),
    "chunks by drops": (endless(b"1\r\nx\r\n", 0.05, CHUNKED), "took longer than 2 seconds"),
    "header by drops": (endless(b"x", 0.05, HTML + b"X-More: "), "took longer than 2 seconds"),
    "nothing ever": (silent(), "sent nothing for 1 seconds"),
    "half a header": (silent(HTML), "sent nothing for 1 seconds"),
    "half a page": (silent(HTML + b"Content-Length: 99\r\n\r\nThe river"), "sent nothing for 1 seconds"),
    "nothing at all": (b"", "breaks off in the middle"),
    "cut page": (lambda request: [HTML, b"Content-Length: 99\r\n\r\nThe river"], "breaks off in the middle"),
    "cut chunk": (CHUNKED + b"63\r\nThe river", "breaks off in the middle"),
    "another service": (b"220 mail.example ESMTP\r\n\r\n", "is not answered as the web's rules want it"),
    "two lengths": (HTML + b"Content-Length: 5\r\nContent-Length: 6\r\n\r\nriver", "as the web's rules want it"),
    "promise of much": (HTML + b"Content-Length: 500001\r\n\r\n", "is larger than 0.5 MB"),
    "gzip bomb": (answer(gzip.compress(ZEROS), content_encoding="gzip"), "is larger than 0.5 MB"),
    "deflate bomb": (answer(packed(ZEROS, 15), content_encoding="deflate"), "is larger than 0.5 MB"),
    "raw deflate bomb": (answer(packed(ZEROS, -15), content_encoding="deflate"), "is larger than 0.5 MB"),
    "many bombs in a row": (
        answer(gzip.compress(bytes(100_000)) * 90, content_encoding="gzip"),
        "is larger than 0.5 MB",
    ),
    "empty archives": (answer(gzip.compress(b"") * 20_000, content_encoding="gzip"), "is packed wrongly"),
    "packed nothing without end": (
        endless(b"\0\0\0\xff\xff" * 1000, head=HTML + b"Content-Encoding: gzip\r\n\r\n" + packed(b"", 31)[:10]),
        "is larger than 0.5 MB",
    ),
    "bomb in a bomb": (answer(gzip.compress(gzip.compress(ZEROS)), content_encoding="gzip, gzip"), "not asked for"),
    "brotli": (answer(b"\x0b\x02\x80river\x03", content_encoding="br"), "packed in a way that was not asked for"),
    "no gzip": (answer(b"The river rose.", content_encoding="gzip"), "is packed wrongly"),
    "cut gzip": (answer(gzip.compress(PAGE)[:-9], content_encoding="gzip"), "breaks off in the middle"),
    "film": (endless(b"x", 0.05, b"HTTP/1.1 200 OK\r\nContent-Type: video/mp4\r\n\r\n"), "a film (video/mp4), not"),
    "picture": (answer(b"\x89PNG", "image/png"), "is a picture (image/png), not an article"),
    "script": (answer(b"alert(1)", "Text/JavaScript; charset=utf-8"), "is a text (text/javascript), not an article"),
    "login": (answer(status="401 Unauthorized"), "wants a login (status 401)"),
    "forbidden": (answer(status="403 Forbidden"), "is not given to programs, or not to everybody (status 403)"),
    "missing": (answer(status="404 Not Found"), "is not there (status 404)"),
    "broken": (answer(status="500 Oops"), "cannot be given by its server (status 500)"),
    "busy": (answer(status="503 Busy"), "is not to be had at the moment (status 503)"),
    "unchanged, unasked": (answer(status="304 Not Modified"), "is not given (status 304)"),
    "part": (answer(b"er ro", status="206 Partial Content"), "is not given (status 206)"),
    "upgrade": (b"HTTP/1.1 101 Go\r\nUpgrade: h2c\r\nConnection: Upgrade\r\n\r\n", "as the web's rules want it"),
    "circle": (redirect("/"), "sends us round in a circle"),
    "nowhere": (answer(status="302 Found"), "sends us on without saying where"),
    "to a file": (redirect("file:///etc/passwd"), "sends us on to “file:///etc/passwd”, which is no web address"),
    "to a script": (redirect("javascript:alert(1)"), "which is no web address"),
    "to a password": (redirect("http://me:secret@site.example/"), "“http://…”, which holds a user name"),
    "to a mail server": (redirect("http://site.example:25/"), "which names port 25, which is not one of the web"),
    "to nonsense": (redirect("http://[::1"), "sends us on to an address that cannot be understood"),
    "to this machine": (redirect("http://127.0.0.1:80/"), "“http://127.0.0.1/”, which lies at 127.0.0.1, which is no"),
    "to this machine, IPv6": (redirect("//[::1]/"), "which lies at ::1, which is no address on the public internet"),
    "to this machine, mapped": (redirect("//[::ffff:127.0.0.1]/"), "which is no address on the public internet"),
    "to this machine, short": (redirect("http://127.1/"), "names its host by a number in an unusual spelling"),
    "to this machine, wide": (redirect("http://\xef\xbc\x91.1.1.1/"), "names no host|cannot be found|understood"),
    "to the next machine": (redirect("http://192.168.1.1/"), "lies at 192.168.1.1, which is no address on the public"),
    "to the cloud's secrets": (redirect("http://169.254.169.254/latest/"), "lies at 169.254.169.254, which is no"),
    "to an inner name": (redirect("http://inner.example/"), "lies at 10.1.2.3, which is no address on the public"),
}


class Names:
    """Host names and their addresses; those of "turning.example" change each time they are asked for."""

    def __init__(self) -> None:
        self.table: dict[str, Sequence[str]] = {
            "site.example": ["127.0.0.1"],
            "other.example": ["127.0.0.1"],
            "inner.example": ["10.1.2.3"],
            "mixed.example": ["127.0.0.1", "10.1.2.3"],
        }
        self.turns = [["127.0.0.1"], ["10.1.2.3"]]
        self.asked: list[str] = []

    def __call__(self, host: str, port: int) -> Sequence[str]:
        self.asked.append(host)
        if host == "turning.example":
            return self.turns.pop(0)
        if host not in self.table:
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        return self.table[host]


@pytest.fixture
def site() -> Iterator[HostileSite]:
    with HostileSite() as site:
        yield site
        assert not site.faults


@pytest.fixture
def names() -> Names:
    return Names()


@pytest.fixture
def policy(site: HostileSite, names: Names, tmp_path: Path) -> Policy:
    return Policy(
        exceptions=frozenset({("127.0.0.1", site.port)}),
        resolve=names,
        cache=tmp_path / "cache",
        seconds=MOMENT,
        connecting=0.5,
        silence=1,
        page_bytes=LIMIT,
        picture_bytes=LIMIT,
    )


def refusal(address: str, policy: Policy) -> str:
    with pytest.raises(SourceError) as refused:
        fetch(address, policy=policy)
    assert refused.value.exit_code == ExitCode.SOURCE
    assert refused.value.remedy
    return refused.value.message


@pytest.mark.parametrize("case", HOSTILE)
def test_a_hostile_answer_is_refused_in_its_own_words(case: str, site: HostileSite, policy: Policy) -> None:
    site.answers["/"], sentence = HOSTILE[case]
    begin = time.monotonic()
    message = refusal(site.address("/"), policy)
    assert time.monotonic() - begin < 8
    assert any(words in message for words in sentence.split("|")), message
    assert message.startswith(f"“{site.address('/')}”")
    assert "secret" not in message
    assert len(site.requests) == 1
    assert policy.cache
    assert not list(policy.cache.rglob("*.http"))


def test_a_page_comes_with_what_its_sender_says_of_it(site: HostileSite, policy: Policy) -> None:
    site.answers["/start?a=1"] = redirect(site.address("/other", "other.example"), "301 Moved")
    site.answers["/other"] = redirect(f"//site.example:{site.port}/moved/page%20one?b=2#end", "307 Elsewhere")
    site.answers["/moved/page%20one?b=2"] = answer(
        gzip.compress(PAGE), "Text/HTML; Charset=ISO-8859-2", content_encoding="gzip", set_cookie="who=you"
    )
    got = fetch(site.address("/start?a=1#begin"), policy=policy)
    assert (got.address, got.data) == (site.address("/moved/page%20one?b=2"), PAGE)
    assert (got.media_type, got.charset, got.from_cache) == ("text/html", "iso-8859-2", False)


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        (None, ("", None)),
        ("nonsense", ("", None)),
        ("text/html; charset=x-unheard-of", ("text/html", None)),
        ("text/html; charset=base64", ("text/html", None)),
        ("text/html; charset=", ("text/html", None)),
        ('text/html; charset="Windows-1251"', ("text/html", "windows-1251")),
        ("application/octet-stream", ("application/octet-stream", None)),
    ],
)
def test_types_and_charsets_that_are_none_do_no_harm(
    kind: str | None, expected: tuple[str, str | None], site: HostileSite, policy: Policy
) -> None:
    site.answers["/"] = answer(PAGE, kind)
    got = fetch(site.address("/"), policy=policy)
    assert (got.media_type, got.charset, got.data) == (*expected, PAGE)


def test_nothing_about_the_user_goes_out(
    site: HostileSite, policy: Policy, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    (tmp_path / ".netrc").write_text("machine site.example login me password secret\n")
    site.answers["/"] = answer(status="302 Found", location="/page", set_cookie="who=you")
    site.answers["/page"] = answer(PAGE, set_cookie="who=you")
    for _ in range(2):
        fetch(site.address("/"), policy=policy)
    for request in site.requests:
        assert set(request.headers) == {"host", "user-agent", "accept", "accept-encoding"}
        assert request.headers["host"] == f"site.example:{site.port}"
        assert request.headers["user-agent"].startswith("Packager/")


def test_a_proxy_is_not_used(site: HostileSite, policy: Policy, monkeypatch: pytest.MonkeyPatch) -> None:
    with HostileSite() as proxy:
        for name in ("http_proxy", "HTTP_PROXY", "https_proxy", "ALL_PROXY"):
            monkeypatch.setenv(name, f"http://127.0.0.1:{proxy.port}")
        site.answers["/"] = answer(PAGE)
        assert fetch(site.address("/"), policy=policy).data == PAGE
        with pytest.raises(SourceError, match="Proxies are not used"):
            fetch("http://site.example:1024/", policy=replace(policy, exceptions=frozenset({("127.0.0.1", 1024)})))
        assert not proxy.requests


def test_redirects_come_to_an_end(site: HostileSite, policy: Policy) -> None:
    site.answers |= {f"/{number}": redirect(f"/{number + 1}") for number in range(99)}
    assert "sends us on for the 11th time" in refusal(site.address("/0"), policy)
    assert site.paths() == [f"/{number}" for number in range(11)]


def test_slow_redirects_share_one_deadline(site: HostileSite, policy: Policy) -> None:
    def later(request: Request) -> bytes:
        time.sleep(0.5)
        return redirect(f"/{int(request.path[1:]) + 1}")

    site.answers |= {f"/{number}": later for number in range(9)}
    assert "took longer than 2 seconds" in refusal(site.address("/0"), policy)


def test_the_address_that_is_checked_is_the_one_that_is_reached(
    site: HostileSite, policy: Policy, names: Names
) -> None:
    site.answers["/"] = answer(PAGE)
    assert fetch(site.address("/", "turning.example"), policy=policy).data == PAGE
    assert names.asked == ["turning.example"]
    assert site.requests[0].headers["host"] == f"turning.example:{site.port}"


def test_a_name_that_turns_inward_while_it_is_used_is_refused(site: HostileSite, policy: Policy) -> None:
    site.answers["/"] = b"HTTP/1.1 302 Found\r\nLocation: /inner\r\nConnection: close\r\n\r\n"
    assert "lies at 10.1.2.3" in refusal(site.address("/", "turning.example"), policy)
    assert site.paths() == ["/"]


@pytest.mark.parametrize("host", ["inner.example", "mixed.example", "localhost", "127.0.0.2"])
def test_a_private_address_is_not_even_connected_to(host: str, site: HostileSite, policy: Policy, names: Names) -> None:
    names.table["localhost"] = ["::1", "127.0.0.1"]
    assert "which is no address on the public internet" in refusal(site.address("/", host), policy)
    assert site.connections == 0


def test_this_machine_only_on_demand(site: HostileSite) -> None:
    site.answers["/"] = answer(PAGE)
    address = site.address("/", "127.0.0.1")
    with pytest.raises(SourceError, match="no address on the public internet") as refused:
        fetch(address, policy=Policy())
    assert "--allow-private" in refused.value.remedy
    assert fetch(address, policy=Policy(allow_private=True)).data == PAGE


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("http://nowhere.example/", "is on the host “nowhere.example”, which cannot be found"),
        ("http://site.example:1024/", "is on the host “site.example”, which cannot be reached"),
    ],
)
def test_a_host_that_is_not_there(address: str, words: str, policy: Policy) -> None:
    assert words in refusal(address, replace(policy, exceptions=frozenset({("127.0.0.1", 1024)})))


def test_a_resolver_that_never_answers(policy: Policy) -> None:
    end = Event()

    def never(host: str, port: int) -> Sequence[str]:
        end.wait(20)
        return []

    assert "took longer than 2 seconds" in refusal("http://site.example/", replace(policy, resolve=never))
    end.set()


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    if shutil.which("openssl") is None:
        pytest.skip("openssl, which makes the certificate, is not installed")
    return make_certificate(tmp_path_factory.mktemp("certificate"), "site.example")


@pytest.fixture
def secure(certificate: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[HostileSite]:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    with HostileSite(certificate) as secure:
        yield secure


def test_an_encrypted_page(secure: HostileSite, policy: Policy, site: HostileSite) -> None:
    secure.answers["/"] = answer(PAGE)
    secure.answers["/down"] = redirect(site.address("/"))
    policy = replace(policy, exceptions=policy.exceptions | {("127.0.0.1", secure.port)})
    assert fetch(secure.address("/"), policy=policy).data == PAGE
    message = refusal(secure.address("/down"), policy)
    assert f"sends us on to “{site.address('/')}”, which is not encrypted" in message
    assert "certificate cannot be trusted (Hostname mismatch" in refusal(secure.address("/", "other.example"), policy)
    assert not site.requests


def test_a_certificate_that_nobody_vouches_for(
    secure: HostileSite, policy: Policy, monkeypatch: pytest.MonkeyPatch
) -> None:
    policy = replace(policy, exceptions=frozenset({("127.0.0.1", secure.port)}))
    monkeypatch.delenv("SSL_CERT_FILE")
    assert "certificate cannot be trusted (self-signed certificate" in refusal(secure.address("/"), policy)
    assert not secure.requests


@pytest.mark.parametrize(
    ("said", "words"),
    [(b"HTTP/1.1 400 Bad Request\r\n\r\n", "offers no secure connection that works"), (b"", "which does not answer")],
)
def test_encryption_that_is_none(said: bytes, words: str, policy: Policy) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]

        def talk() -> None:
            connection, _ = listener.accept()
            with connection, suppress(OSError):
                connection.recv(1000)
                connection.sendall(said)
                connection.recv(1000)

        Thread(target=talk, daemon=True).start()
        policy = replace(policy, exceptions=frozenset({("127.0.0.1", port)}))
        assert words in refusal(f"https://site.example:{port}/", policy)


def test_what_has_not_changed_is_not_sent_again(site: HostileSite, policy: Policy) -> None:
    def unless_known(request: Request) -> bytes:
        known = request.headers.get("if-none-match") == '"one"' and "if-modified-since" in request.headers
        return answer(status="304 Not Modified") if known else whole

    whole = answer(PAGE, etag='"one"', last_modified="Mon, 02 Feb 2026 10:00:00 GMT")
    site.answers["/"] = unless_known
    first, second = (fetch(site.address("/"), policy=policy) for _ in range(2))
    assert (first.from_cache, second.from_cache) == (False, True)
    assert replace(second, from_cache=False) == first
    whole = answer(b"New.", etag='"two"')
    site.answers["/"] = lambda request: whole
    assert fetch(site.address("/"), policy=policy).data == b"New."
    fetch(site.address("/"), policy=policy)
    assert site.requests[-1].headers["if-none-match"] == '"two"'
    assert "if-modified-since" not in site.requests[-1].headers


def test_what_is_said_to_stay_is_not_asked_for_again(site: HostileSite, policy: Policy) -> None:
    site.answers["/"] = answer(PAGE, cache_control="public, max-age=600")
    assert [fetch(site.address("/"), policy=policy).from_cache for _ in range(2)] == [False, True]
    assert len(site.requests) == 1
    fetch(site.address("/"), policy=replace(policy, allow_private=True))
    assert len(site.requests) == 2
    assert policy.cache
    kept = list((policy.cache / "fetched").rglob("*.http"))
    assert len(kept) == cache.usage(policy.cache)["fetched"].files == 2
    for path in kept:
        path.write_bytes(b"{")
    assert not fetch(site.address("/"), policy=policy).from_cache
    assert cache.prune(policy.cache).files == 2
    assert not fetch(site.address("/"), policy=policy).from_cache


def test_what_must_not_be_kept_is_not(site: HostileSite, policy: Policy) -> None:
    site.answers["/"] = answer(PAGE, etag='"one"', cache_control="no-store, max-age=600")
    fetch(site.address("/"), policy=policy)
    assert policy.cache
    assert cache.usage(policy.cache)["fetched"].files == 0


def test_a_server_that_wants_rest_gets_it(site: HostileSite, policy: Policy) -> None:
    site.answers["/"] = answer(status="429 Too Many", retry_after="600")
    assert "does not want to be asked again before" in refusal(site.address("/"), policy)
    assert "does not want to be asked again before" in refusal(site.address("/"), policy)
    assert len(site.requests) == 1
    site.answers["/past"] = answer(status="503 Busy", retry_after="Mon, 02 Feb 2015 10:00:00 GMT")
    for _ in range(2):
        refusal(site.address("/past"), policy)
    assert len(site.requests) == 3


def test_pictures_come_from_one_host_one_after_the_other(site: HostileSite, policy: Policy, names: Names) -> None:
    lock, busy, most = Lock(), {"n": 0}, {"n": 0}

    def slowly(request: Request) -> bytes:
        with lock:
            busy["n"] += 1
            most["n"] = max(most["n"], busy["n"])
        time.sleep(0.05)
        with lock:
            busy["n"] -= 1
        return answer(request.path.encode(), "image/png")

    paths = [f"/{number}.png" for number in range(6)]
    site.answers |= dict.fromkeys(paths, slowly)
    addresses = [site.address(path) for path in paths]
    got = fetch_pictures([*addresses, addresses[0]], policy=policy)
    assert got.found == {address: path.encode() for address, path in zip(addresses, paths, strict=True)}
    assert (most["n"], len(site.requests), site.connections, got.missing) == (1, 6, 1, {})
    fetch_pictures(addresses + [site.address(path, "other.example") for path in paths], policy=policy)
    assert most["n"] == 2


def test_a_picture_that_cannot_be_had_does_not_stop_the_others(site: HostileSite, policy: Policy, names: Names) -> None:
    site.answers |= {
        "/good": answer(b"good", "application/octet-stream"),
        "/page": answer(PAGE),
        "/bomb": answer(gzip.compress(ZEROS), "image/png", content_encoding="gzip"),
        "/inward": redirect("http://10.0.0.1/a.png"),
    }
    reasons = {
        site.address("/page"): "it is a text (text/html), not a picture",
        site.address("/bomb"): "it is larger than 0.5 MB",
        site.address("/inward"): "it lies at 10.0.0.1, which is no address on the public internet",
        site.address("/none"): "it is not there (status 404)",
        "ftp://site.example/a.png": "it is no web address",
        "http://nowhere.example/1.png": "it is on the host “nowhere.example”, which cannot be found",
        "http://nowhere.example/2.png": "it is on the host “nowhere.example”, which cannot be found",
    }
    got = fetch_pictures([*reasons, site.address("/good")], policy=policy)
    assert got.found == {site.address("/good"): b"good"}
    assert got.missing == reasons
    assert names.asked.count("nowhere.example") == 1


def test_pictures_have_limits_together(site: HostileSite, policy: Policy) -> None:
    site.answers |= {f"/{number}": answer(b"x" * 400, "image/png") for number in range(5)}
    addresses = [site.address(f"/{number}") for number in range(5)]
    got = fetch_pictures(addresses, policy=replace(policy, pictures=4, pictures_bytes=1000))
    assert list(got.found) == addresses[:2]
    assert [got.missing[address] for address in addresses[2:]] == [
        "it is larger than 0.0002 MB",
        "it is larger than 0.0002 MB",
        "it is one of more than 4 pictures",
    ]
    site.answers["/slow"] = endless(b"x", 0.05, b"HTTP/1.1 200 OK\r\n\r\n")
    got = fetch_pictures([site.address("/slow"), *addresses], policy=replace(policy, pictures_seconds=0.5))
    assert set(got.missing.values()) == {
        "it took longer than 2 seconds",
        "all pictures together took longer than 0.5 seconds",
    }


@given(st.binary(max_size=3000), st.integers(1, 999), st.sampled_from(["", "gzip", "deflate", "raw"]))
def test_what_was_packed_is_unpacked_however_it_is_cut(data: bytes, size: int, encoding: str) -> None:
    wbits = {"gzip": 31, "deflate": 15, "raw": -15}
    line = packed(data, wbits[encoding]) if encoding else data
    pieces = [line[start : start + size] for start in range(0, len(line), size)]
    assert unpacked(pieces, encoding.replace("raw", "deflate"), 3000) == data


@given(st.lists(st.binary(max_size=300)), st.sampled_from(["gzip", "deflate", "br", "", "identity", "zstd"]))
def test_what_was_not_packed_is_refused_or_short(pieces: list[bytes], encoding: str) -> None:
    try:
        assert len(unpacked(pieces, encoding, 500)) <= 500
    except FetchError as failure:
        assert failure.what


def test_a_bomb_does_not_go_off_in_memory() -> None:
    bomb = gzip.compress(bytes(100_000_000))
    tracemalloc.start()
    with pytest.raises(FetchError, match="larger"):
        unpacked([bomb], "gzip", LIMIT)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 10 * LIMIT
