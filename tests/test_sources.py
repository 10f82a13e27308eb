"""Addresses, feeds and saved pages, from the command line to the book; the network is this machine."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from conftest import Packager
from hostile_site import HostileSite, answer, redirect
from lxml import etree
from PIL import Image

from packager.errors import ExitCode

PARAGRAPHS = "".join(
    f"<p>Paragraph {number}: the harbour lies still, the boats are tied up, and along the quay somebody sings of the sea.</p>"
    for number in range(12)
)
PAGE = f"""<!doctype html><html lang="en"><head><title>The quiet harbour - The Gull</title>
<meta name="author" content="Ada Example"><meta property="article:published_time" content="2026-03-04T10:00:00Z"></head>
<body><nav><a href="/">Home</a> <a href="/news">News</a></nav>
<article><h1>The quiet harbour</h1><p>By Ada Example</p>{PARAGRAPHS}
<figure><img src="/boat.png" alt="A boat at the quay"><figcaption>In the evening.</figcaption></figure>
<div class="box"><p>A box about the price of herring, which stands in the middle of the text.</p></div></article>
<div class="share"><a href="https://example.org/share">Share this</a></div></body></html>"""
FEED = """<?xml version="1.0"?><rss version="2.0"><channel><title>The Gull</title><link>https://example.org/</link>
{entries}</channel></rss>"""
ENTRY = """<item><title>{title}</title><pubDate>Wed, 04 Mar 2026 10:00:00 GMT</pubDate>
<description>&lt;p&gt;{text}&lt;/p&gt;</description></item>"""


@pytest.fixture
def site() -> Iterator[HostileSite]:
    picture = io.BytesIO()
    Image.new("RGB", (200, 120), "navy").save(picture, "PNG")
    with HostileSite() as running:
        running.answers["/harbour?token=secret"] = answer(PAGE.encode(), "text/html; charset=utf-8")
        running.answers["/boat.png"] = answer(picture.getvalue(), "image/png")
        running.answers["/moved"] = redirect("/harbour?token=secret")
        titles = ("First light", "Second wind", "Third watch")
        entries = "".join(ENTRY.format(title=one, text=f"{one} came over the water. " * 30) for one in titles)
        running.answers["/feed"] = answer(FEED.format(entries=entries).encode(), "application/rss+xml")
        yield running


def text_of(path: Path, page: str = "article") -> str:
    with zipfile.ZipFile(path) as archive:
        (body,) = etree.fromstring(archive.read(f"EPUB/{page}.xhtml")).iter("{*}body")
        return " ".join("".join(body.itertext()).split())


def test_a_page_by_its_address_becomes_a_book_with_its_picture(
    packager: Packager, site: HostileSite, tmp_path: Path
) -> None:
    address = site.address("/harbour?token=secret", "127.0.0.1")
    built = packager("epub", address, "--allow-private", "-o", tmp_path, "--json")
    assert built.returncode == ExitCode.GOOD, built.stderr
    (package,) = json.loads(built.stdout)["packages"]
    assert (package["slug"], package["title"], package["language"]) == (
        "the-quiet-harbour",
        "The quiet harbour",
        "en",
    )
    book = Path(package["files"]["epub"])
    text = text_of(book)
    assert "Paragraph 11" in text
    assert "Share this" not in text
    assert text.count("The quiet harbour") == 1
    with zipfile.ZipFile(book) as archive:
        pictures = [name for name in archive.namelist() if name.startswith("EPUB/pictures/picture-")]
        assert len(pictures) == 1
    assert "secret" not in built.stderr
    assert site.paths() == ["/harbour?token=secret", "/boat.png"]


def test_nothing_on_this_machine_is_fetched_unasked(packager: Packager, site: HostileSite, tmp_path: Path) -> None:
    refused = packager("epub", site.address("/moved", "127.0.0.1"), "-o", tmp_path)
    assert refused.returncode == ExitCode.SOURCE
    assert "--allow-private" in refused.stderr
    assert site.requests == []
    assert list(tmp_path.iterdir()) == []


def test_a_saved_page_asks_the_network_only_with_its_address(
    packager: Packager, site: HostileSite, tmp_path: Path
) -> None:
    saved = tmp_path / "saved.html"
    saved.write_text(PAGE.replace('"/boat.png"', f'"{site.address("/boat.png", "127.0.0.1")}"'), "utf-8")
    alone = packager("epub", saved, "-o", tmp_path, "--json")
    assert alone.returncode == ExitCode.GOOD, alone.stderr
    (package,) = json.loads(alone.stdout)["packages"]
    assert any("on the network" in one["reason"] for one in package["omitted"])
    assert site.requests == []
    address = site.address("/harbour", "127.0.0.1")
    whole = packager("epub", saved, "--url", address, "--allow-private", "-o", tmp_path, "--json")
    assert whole.returncode == ExitCode.GOOD, whole.stderr
    assert site.paths() == ["/boat.png"]


def test_selectors_correct_what_belongs_to_the_article(packager: Packager, tmp_path: Path) -> None:
    saved = tmp_path / "saved.html"
    saved.write_text(PAGE, "utf-8")
    built = packager("epub", saved, "--drop", ".box", "--keep", ".share", "-o", tmp_path)
    assert built.returncode == ExitCode.GOOD, built.stderr
    text = text_of(tmp_path / "saved" / "saved.epub")
    assert "price of herring" not in text
    assert "Share this" in text
    wrong = packager("epub", saved, "--drop", "][", "-o", tmp_path)
    assert wrong.returncode == ExitCode.USAGE


def test_each_entry_of_a_feed_is_an_article_or_all_are_chapters(
    packager: Packager, site: HostileSite, tmp_path: Path
) -> None:
    address = site.address("/feed", "127.0.0.1")
    built = packager("epub", address, "--allow-private", "-o", tmp_path, "--json")
    assert built.returncode == ExitCode.GOOD, built.stderr
    slugs = [package["slug"] for package in json.loads(built.stdout)["packages"]]
    assert slugs == ["first-light", "second-wind", "third-watch"]
    bound = packager("build", address, "--allow-private", "--as-book", "The Gull, March", "-o", tmp_path, "--json")
    assert bound.returncode == ExitCode.GOOD, bound.stderr
    (package,) = json.loads(bound.stdout)["packages"]
    assert package["slug"] == "the-gull-march"
    assert "Second wind" in text_of(Path(package["files"]["narrated"]), "chapter-002")
    assert packager("check", tmp_path / "the-gull-march").returncode == ExitCode.GOOD


def test_entries_of_one_title_do_not_overwrite_each_other(packager: Packager, tmp_path: Path) -> None:
    feed = tmp_path / "twelve.rss"
    entries = "".join(ENTRY.format(title="Log", text=f"Watch {number} was calm. " * 30) for number in range(12))
    feed.write_text(FEED.format(entries=entries), "utf-8")
    built = packager("epub", feed, "-o", tmp_path / "out", "--json")
    assert built.returncode == ExitCode.GOOD, built.stderr
    slugs = [package["slug"] for package in json.loads(built.stdout)["packages"]]
    assert slugs == ["log", *(f"log-{number}" for number in range(2, 13))]
