"""Web addresses and the numbers behind them: which are understood, which are public, and what of them is told."""

from __future__ import annotations

from ipaddress import ip_address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from packager.fetching.addresses import shown, web_address
from packager.fetching.failures import FetchError
from packager.fetching.networks import is_public


@pytest.mark.parametrize(
    "address",
    """0.0.0.0 10.9.8.7 100.64.0.1 100.100.100.200 127.0.0.1 127.9.9.9 168.63.129.16 169.254.169.254 172.16.0.1
    172.31.255.255 192.0.0.192 192.0.2.1 192.168.0.1 198.18.0.1 224.0.0.1 240.0.0.1 255.255.255.255 :: ::1 ::7f00:1
    ::ffff:127.0.0.1 ::ffff:8.8.8.8 64:ff9b::7f00:1 64:ff9b::a9fe:a9fe 64:ff9b:1::1 100::1 2001::1 2001:db8::1
    2002:7f00:1:: 2002:808:808:: 3fff::1 5f00::1 fc00::1 fd00:ec2::254 fe80::1 fe80::1%eth0 fec0::1 ff02::1""".split(),
)
def test_addresses_that_are_not_public(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize(
    "address", "1.1.1.1 100.63.255.255 172.32.0.1 192.0.1.1 2606:4700::1 2a00:1450::1 64:ff9b::808:808".split()
)
def test_addresses_that_are_public(address: str) -> None:
    assert is_public(address)


@given(st.ip_addresses())
def test_nothing_is_public_that_python_does_not_think_global(address: object) -> None:
    found = ip_address(str(address))
    assert not is_public(str(found)) or (found.is_global and not found.is_multicast)


@pytest.mark.parametrize(
    "address",
    """http://2130706433/ http://0177.0.0.1/ http://0x7f.0.0.1/ http://0x7f000001 http://127.1/ http://127.0.0.1.0x/
    http://1.2.3.4.5/ http://256.1.1.1/ http://127.0.0.01/ http://[::1%25eth0]/ http://[::1]evil.example/
    http://[fe80::1%eth0]/ http://%31%32%37.0.0.1/ http://a..b/ http://.a/ http:/// http:///path http://a_b,c/ http://a\\b/
    http://user@host/ http://user:pw@host/ http://good.example@evil.example/ http://host:0/ http://host:22/
    http://host:6667/ http://host:99999/ http://host:x/ //host/path host.example/path mailto:a@b.example gopher://a/
    file:///etc/passwd data:text/html,x javascript:alert(1) http://①②⑦.1/ http://a\u2024.b\u2025/ http://\u00ad/""".split(),
)
def test_addresses_that_are_no_web_addresses(address: str) -> None:
    with pytest.raises(FetchError):
        web_address(address)


@pytest.mark.parametrize(
    ("address", "meant"),
    [
        ("HTTP://Site.Example", "http://site.example/"),
        (" https://site.example.:443/a b\t#c ", "https://site.example/a%20b"),
        ("https://bücher.example/weiß?ö=ü", "https://xn--bcher-kva.example/wei%C3%9F?%C3%B6=%C3%BC"),
        ("http://①.1.1.②/", "http://1.1.1.2/"),
        ("http://127。0。0。1/", "http://127.0.0.1/"),
        ("http://[2001:DB8:0::1]:8080/%7Ea/../b", "http://[2001:db8::1]:8080/%7Ea/../b"),
    ],
)
def test_odd_spellings_of_addresses_are_made_plain_before_they_are_judged(address: str, meant: str) -> None:
    assert str(web_address(address)) == meant


PIECES = [
    "http://",
    "https:",
    "//",
    "@",
    ":",
    "[",
    "]",
    "::1",
    "127.1",
    "0x7f",
    "%31",
    "%",
    "\\",
    "?",
    "#",
    ".",
    "/",
    "a",
    "é",
]


@given(st.text() | st.lists(st.sampled_from(PIECES) | st.text(max_size=2)).map("".join))
def test_any_text_is_an_address_that_stays_what_it_is_or_is_refused(text: str) -> None:
    assert shown(text).isprintable()
    try:
        address = web_address(text)
    except FetchError:
        return
    assert web_address(str(address)) == address
    assert "@" not in address.authority
    assert str(address).isascii() and str(address).isprintable() and " " not in str(address)


@given(
    st.sampled_from(["http://", "https://", "ftp://", "", "http:"]),
    st.text("user:@[] ", max_size=8),
    st.sampled_from(["@host/", "@host:22/", "@[bad/", "?token=", "#token="]),
)
def test_no_password_and_no_token_gets_into_a_message(scheme: str, text: str, rest: str) -> None:
    secret = "opensesame"
    address = f"{scheme}{secret}{text}{rest}" if "@" in rest else f"{scheme}host/{rest}{secret}{text}"
    assert secret not in shown(address)
