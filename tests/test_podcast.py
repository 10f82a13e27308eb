"""The podcast: two parsers and a player that are not ours, and the rules of the two namespaces."""

from __future__ import annotations

import io
import json
import os
import re
import subprocess
import uuid
import zipfile
from dataclasses import replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any

import feedparser
import podcastparser
import pytest
from conftest import Packager
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree
from PIL import Image
from serving import Server, make_book, need_gpo, serving

from packager.delivery.catalogue.index import Index
from packager.delivery.catalogue.links import Links
from packager.delivery.podcast import podcast_feed, published
from packager.delivery.shelf import Book, Shelf, read_shelf

ITUNES = "{http://www.itunes.com/dtds/podcast-1.0.dtd}"
PODCAST = "{https://podcastindex.org/namespace/1.0}"
LINKS = Links("http://127.0.0.1:1/")
ARTICLES = ("content/is-k-briefing.md", "content/the-walk-home.md")


def feed_of(*books: Book) -> bytes:
    return podcast_feed(Index(Shelf(books), "Heard", uuid.UUID(int=7)), LINKS)


@pytest.fixture(scope="module")
def built(packager: Packager, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("built")
    made = packager("build", *ARTICLES, "-o", folder, "-e", "espeak")
    assert made.returncode == 0, made.stderr
    return folder


@pytest.fixture(scope="module")
def server(built: Path) -> Server:
    with serving(built, "--title", "Heard & read") as server:
        yield server


def test_parsers_read_everything(server: Server, built: Path) -> None:
    feed = server.get("feed.xml")
    assert feed.headers["content-type"] == "application/rss+xml"
    ours = {book.metadata.title: book for book in read_shelf(built).books}
    one: dict[str, Any] = podcastparser.parse(f"{server.base}feed.xml", io.BytesIO(feed.body))
    assert one["title"] == "Heard & read"
    assert one["explicit"] is False
    assert one["itunes_author"] == "Packager"
    assert {episode["title"] for episode in one["episodes"]} == set(ours)
    for episode in one["episodes"]:
        book = ours[episode["title"]]
        (enclosure,) = episode["enclosures"]
        assert enclosure["mime_type"] == "audio/mpeg"
        assert server.get(enclosure["url"]).body == book.files["mp3"].read_bytes()
        assert enclosure["file_size"] == book.files["mp3"].stat().st_size
        assert episode["total_time"] == round(book.duration or 0)
        assert episode["published"] == published(book).timestamp()
        assert book.disclosure in episode["description"]
        check_transcript_and_chapters(server, episode, book)
    other = feedparser.parse(feed.body)
    assert not other.bozo
    assert [entry.title for entry in other.entries] == [episode["title"] for episode in one["episodes"]]
    assert all(re.fullmatch(r"urn:uuid:[0-9a-f-]{36}", entry.id) and not entry.guidislink for entry in other.entries)


def check_transcript_and_chapters(server: Server, episode: dict[str, Any], book: Book) -> None:
    assert server.get(episode["transcript_url"]).text.startswith("WEBVTT")
    answer = server.get(episode["chapters_json_url"])
    assert answer.headers["content-type"] == "application/json+chapters"
    chapters = json.loads(answer.body)
    assert chapters["version"] == "1.2.0"
    begins = [chapter["startTime"] for chapter in chapters["chapters"]]
    assert begins == sorted(set(begins))
    assert begins[0] == 0
    assert begins[-1] < (book.duration or 0)
    assert chapters["chapters"][0]["title"] == book.metadata.title


def test_a_player_subscribes_and_downloads(server: Server, built: Path, tmp_path: Path) -> None:
    gpo = need_gpo()
    for command in (["subscribe", f"{server.base}feed.xml"], ["update"], ["download"]):
        environment = os.environ | {"GPODDER_HOME": str(tmp_path)}
        done = subprocess.run([gpo, *command], env=environment, capture_output=True, encoding="utf-8", timeout=120)
        assert done.returncode == 0, done.stdout + done.stderr
    downloaded = {path.read_bytes() for path in tmp_path.rglob("*.mp3")}
    assert downloaded == {book.files["mp3"].read_bytes() for book in read_shelf(built).books}


def test_pictures_are_square_and_large_enough(server: Server) -> None:
    root = etree.fromstring(server.get("feed.xml").body)
    pictures = [picture.get("href") for picture in root.iter(f"{ITUNES}image")]
    assert len(pictures) == len(ARTICLES) + 1
    for address in pictures:
        answer = server.get(address)
        assert answer.headers["content-type"] == "image/jpeg"
        picture = Image.open(io.BytesIO(answer.body))
        assert picture.width == picture.height
        assert 1400 <= picture.width <= 3000
        assert picture.mode == "RGB"


def test_the_books_come_as_alternative_enclosures(server: Server) -> None:
    root = etree.fromstring(server.get("feed.xml").body)
    alternatives = list(root.iter(f"{PODCAST}alternateEnclosure"))
    assert len(alternatives) == 2 * len(ARTICLES)
    for alternative in alternatives:
        assert alternative.get("type") == "application/epub+zip"
        assert len(alternative.get("title")) <= 32
        address = alternative.find(f"{PODCAST}source").get("uri")
        assert len(server.get(address).body) == int(alternative.get("length"))


def test_the_feed_and_its_episodes_are_known_again(built: Path) -> None:
    books = read_shelf(built).books
    root = etree.fromstring(feed_of(*books))
    assert root.findtext(f"channel/{PODCAST}guid") == str(uuid.uuid5(uuid.UUID(int=7), "podcast"))
    for book in books:
        with zipfile.ZipFile(book.files["narrated"]) as epub:
            package = epub.read("EPUB/content.opf").decode()
        assert any(guid.text in package for guid in root.iter("guid"))
    twins = etree.fromstring(feed_of(books[0], replace(books[0], slug="twin")))
    assert len({guid.text for guid in twins.iter("guid")}) == 2


@pytest.mark.parametrize(
    ("date", "expected"),
    [
        ("2021-11-08", datetime(2021, 11, 8, tzinfo=UTC)),
        ("2021-11", None),
        ("1854-08-09", None),
        ("2190-01-01", None),
        (None, None),
        ("yesterday", None),
    ],
)
def test_episodes_have_a_date_that_players_believe(tmp_path: Path, date: str | None, expected: datetime | None) -> None:
    make_book(tmp_path, "book", date=date)
    (book,) = read_shelf(tmp_path).books
    assert published(book) == (expected or datetime.fromtimestamp(int(book.made), UTC))


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(texts=st.lists(st.text(st.characters(codec=None), max_size=30), min_size=4, max_size=4))
def test_whatever_a_book_says_the_feed_stays_whole(tmp_path_factory: pytest.TempPathFactory, texts: list[str]) -> None:
    title, author, date, description = texts
    folder = tmp_path_factory.mktemp("shelf")
    make_book(folder, "book")
    (book,) = read_shelf(folder).books
    known = replace(book.metadata, title=title, authors=(author,), date=date, description=description)
    root = etree.fromstring(feed_of(replace(book, metadata=known)))
    parsedate_to_datetime(root.findtext("channel/item/pubDate"))


def test_what_cannot_be_heard_is_no_episode(tmp_path: Path) -> None:
    make_book(tmp_path, "heard")
    make_book(tmp_path, "read", narrated=False)
    root = etree.fromstring(feed_of(*read_shelf(tmp_path).books))
    assert [title.text for title in root.iterfind("channel/item/title")] == ["Title of heard"]
