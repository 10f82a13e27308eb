"""The catalogue: its rules, its lists, and reading apps that are not ours."""

from __future__ import annotations

import io
import json
import math
import os
import subprocess
import uuid
import zipfile
from collections import Counter
from contextlib import suppress
from dataclasses import fields, replace
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from conftest import TOOLS, Packager, Tool
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree
from PIL import Image
from serving import Server, make_book, need_clients, serving, small_epub

from packager.delivery.catalogue import opds1, opds2
from packager.delivery.catalogue.covers import picture_of
from packager.delivery.catalogue.index import ALL, PAGE, Index, Selection, selection_of
from packager.delivery.catalogue.links import Links
from packager.delivery.catalogue.lists import facets_of
from packager.delivery.chapters import chapters_of
from packager.delivery.podcast import podcast_feed
from packager.delivery.shelf import Book, Shelf, WatchedShelf, read_shelf
from packager.errors import SourceError, UsageError
from packager.model import Metadata

ATOM = "{http://www.w3.org/2005/Atom}"
OPDS = "{http://opds-spec.org/2010/catalog}"
COUNT = "{http://purl.org/syndication/thread/1.0}count"
LINKS = Links("http://127.0.0.1:1/")
NUMBER = uuid.UUID(int=5)
BOOKS = 120


def index_of(shelf: Shelf, paged: bool = True) -> Index:
    return Index(shelf, "Books", NUMBER, paged)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Many books: in three languages, by five authors, every fourth without sound."""
    folder = tmp_path_factory.mktemp("shelf")
    for number in range(BOOKS):
        make_book(
            folder,
            f"book-{number:03}",
            narrated=number % 4 != 0,
            title=f"Über die Straße, Teil {number}" if number % 3 else f"Article {number} & more",
            language=("en", "de", "pt-BR")[number % 3],
            authors=[f"Author {number % 5}", "Ana Núñez"][: 1 + number % 2],
            date="2024-05-06" if number % 2 else "2024",
            subjects=["roads"],
        )
    return folder


@pytest.fixture(scope="module")
def index(folder: Path) -> Index:
    return index_of(read_shelf(folder))


@pytest.fixture(scope="module")
def server(folder: Path) -> Server:
    with serving(folder) as server:
        yield server


@pytest.fixture(scope="module")
def built(packager: Packager, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("built")
    made = packager("build", "content/is-k-briefing.md", "-o", folder, "-e", "espeak")
    assert made.returncode == 0, made.stderr
    return folder


def test_identifiers_are_those_of_the_books_and_never_shared(built: Path) -> None:
    (book,) = read_shelf(built).books
    with zipfile.ZipFile(book.files["epub"]) as epub:
        assert index_of(Shelf((book,))).identifier(book).encode() in epub.read("EPUB/content.opf")
    again = replace(book, slug="once-more")
    both = index_of(Shelf((book, again)))
    assert both.identifier(book) != both.identifier(again)


def test_every_feed_that_links_lead_to_keeps_the_rules_of_opds_1(server: Server) -> None:
    waiting, seen, books = [server.get("opds")], set[str](), set[str]()
    while waiting:
        answer = waiting.pop()
        assert answer.status == 200
        root = etree.fromstring(answer.body)
        links = {link.get("rel"): link for link in root.findall(f"{ATOM}link")}
        assert {"self", "start", "search"} <= set(links)
        assert links["self"].get("type") == answer.headers["content-type"]
        seen.add(links["self"].get("href"))
        assert all(root.findtext(f"{ATOM}{name}") for name in ("id", "title", "updated"))
        if "kind=acquisition" not in answer.headers["content-type"]:
            assert "http://opds-spec.org/facet" not in links
        active = Counter(
            link.get(f"{OPDS}facetGroup")
            for link in root.iterfind(f"{ATOM}link")
            if link.get(f"{OPDS}activeFacet") == "true"
        )
        assert set(active.values()) <= {1}
        for entry in root.findall(f"{ATOM}entry"):
            assert all(entry.findtext(f"{ATOM}{name}") for name in ("id", "title", "updated"))
            offers = [link for link in entry.findall(f"{ATOM}link") if "acquisition" in link.get("rel")]
            if offers:
                books.add(entry.findtext(f"{ATOM}id"))
            assert all(link.get("type") and link.get("href") for link in entry.findall(f"{ATOM}link"))
        for link in root.iterfind(f".//{ATOM}link"):
            address = link.get("href")
            if "profile=opds-catalog;kind" in link.get("type") and address not in seen:
                seen.add(address)
                waiting.append(server.get(address))
    assert len(books) == BOOKS


def test_search_description_leads_to_books(server: Server) -> None:
    description = etree.fromstring(server.get("-/opds1/search.xml").body)
    url = description.find("{*}Url")
    assert url.get("type") == opds1.ACQUISITION
    found = etree.fromstring(server.get(url.get("template").replace("{searchTerms}", "NUNEZ+strasse")).body)
    titles = {entry.findtext(f"{ATOM}title") for entry in found.findall(f"{ATOM}entry")}
    assert titles == {f"Über die Straße, Teil {number}" for number in range(BOOKS) if number % 3 and number % 2}


def test_pages_have_every_book_once_and_one_list_has_all_at_once(index: Index, folder: Path) -> None:
    first = index.find(ALL)
    pages = [index.find(ALL.turned_to(page)).books for page in range(1, first.last + 1)]
    assert [len(page) for page in pages] == [PAGE, PAGE, BOOKS - 2 * PAGE]
    assert [book.slug for page in pages for book in page] == [book.slug for book in index.shelf.books]
    assert index.find(ALL.turned_to(99)).books == ()
    whole = index_of(read_shelf(folder), paged=False)
    assert len(whole.find(ALL).books) == BOOKS
    feed = etree.fromstring(opds1.books_feed(whole, LINKS, ALL))
    assert not {"next", "previous", "first", "last"} & {link.get("rel") for link in feed.findall(f"{ATOM}link")}


@pytest.mark.parametrize(
    "selection", [ALL, Selection(language="de"), Selection(order="title", query="strasse", narrated="yes")]
)
def test_facets_lead_to_as_many_books_as_they_say(index: Index, selection: Selection) -> None:
    feed = etree.fromstring(opds1.books_feed(index, LINKS, selection))
    told = [link for link in feed.findall(f"{ATOM}link") if link.get(COUNT)]
    assert told
    for link in told:
        asked = selection_of(dict(parse_qsl(urlsplit(link.get("href")).query)))
        assert index.find(asked).total == int(link.get(COUNT)), link.get("href")
    assert {group for group, _ in facets_of(index, selection)} >= {"Language", "Narration"}


@pytest.mark.parametrize(
    "parameters",
    [
        {"page": "0"},
        {"page": "-1"},
        {"page": "٣"},
        {"page": "9" * 99},
        {"order": "x"},
        {"narrated": "x"},
        {"query": "a" * 201},
    ],
)
def test_lists_that_cannot_be_are_refused(parameters: dict[str, str]) -> None:
    with pytest.raises(UsageError):
        selection_of(parameters)


def test_the_root_is_given_in_the_version_that_is_asked_for(server: Server) -> None:
    koreader = "application/opds+json, application/atom+xml;profile=opds-catalog, */*"
    assert server.get("opds", Accept=koreader).headers["content-type"] == opds2.FEED
    for accept in ("*/*", "application/atom+xml"):
        answer = server.get("opds", Accept=accept)
        assert answer.headers["content-type"] == opds1.NAVIGATION
        assert answer.headers["vary"] == "accept"


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(texts=st.lists(st.text(st.characters(codec=None), max_size=30), min_size=6, max_size=6))
def test_whatever_a_book_is_called_the_feeds_stay_whole(folder: Path, texts: list[str]) -> None:
    title, language, author, description, query, date = texts
    book = read_shelf(folder).books[0]
    known = replace(
        book.metadata, title=title, language=language, authors=(author,), description=description, date=date
    )
    index = index_of(Shelf((replace(book, metadata=known),)))
    selection = Selection(query=query)
    etree.fromstring(opds1.books_feed(index, LINKS, ALL))
    etree.fromstring(opds1.books_feed(index, LINKS, selection))
    etree.fromstring(opds1.names_feed(index, LINKS, "authors"))
    found = json.loads(opds2.books_feed(index, LINKS, ALL))["publications"][0]["metadata"]
    assert found.get("title", "") == title.encode("utf-8", "replace").decode()


HOSTILE: tuple[object, ...] = (
    5,
    True,
    math.nan,
    math.inf,
    10**400,
    -5,
    "",
    "\ud800",
    "a\x00\x1b[31m\n\ufffeb",
    "1e999",
    "2024-W01-1",
    [1],
    ["\ud800"],
    [None],
    {"a": 1},
    None,
)
PLACES = (
    *(f"metadata.{one.name}" for one in fields(Metadata)),
    *(f"narration.{name}" for name in ("voices", "disclosure", "duration")),
    *(f"accessibility.epub.{name}" for name in ("features", "sufficient", "summary")),
    *("metadata", "narration", "accessibility", "accessibility.epub", "sentences"),
    *(f"sentences.0.{name}" for name in ("mp3", "text", "kind")),
)


def strictly(data: bytes) -> Any:
    """JSON as everybody else reads it: without the numbers that only Python knows."""

    def refuse(name: str) -> None:
        raise ValueError(name)

    return json.loads(data, parse_constant=refuse)


@pytest.mark.parametrize("place", PLACES)
def test_whatever_stands_in_a_report_the_feeds_stay_whole(tmp_path: Path, place: str) -> None:
    make_book(tmp_path, "good")
    for number, value in enumerate(HOSTILE):
        report = make_book(tmp_path, f"bad-{number}", series="Series") / f"bad-{number}.json"
        known = json.loads(report.read_text())
        part: Any = known
        *above, name = place.split(".")
        for one in above:
            part = part[int(one) if one.isdigit() else one]
        part[name] = value
        report.write_text(json.dumps(known, indent=1))
    shelf = read_shelf(tmp_path)
    assert len(shelf.books) + len(shelf.problems) == 1 + len(HOSTILE)
    index = index_of(shelf)
    for selection in (ALL, Selection(order="title", query="good")):
        etree.fromstring(opds1.books_feed(index, LINKS, selection))
        strictly(opds2.books_feed(index, LINKS, selection))
    etree.fromstring(podcast_feed(index, LINKS))
    strictly(opds2.root_feed(index, LINKS))
    for book in shelf.books:
        assert "\x1b" not in book.metadata.title
        with suppress(SourceError):
            strictly(chapters_of(book))
    assert chapters_of(shelf.book("good") or shelf.books[0])


@pytest.mark.parametrize("report", [b"[" * 100_000, b"\0\xff", b"9" * 10_000, b'{"a": 1}', b""])
def test_what_is_no_report_is_a_problem(tmp_path: Path, report: bytes) -> None:
    make_book(tmp_path, "good")
    (make_book(tmp_path, "bad") / "bad.json").write_bytes(report)
    shelf = read_shelf(tmp_path)
    assert ([book.slug for book in shelf.books], len(shelf.problems)) == (["good"], 1)


def test_nothing_but_files_of_its_own_is_taken_from_a_folder(tmp_path: Path) -> None:
    """A link that somebody put there would give out a file of somewhere else, and a pipe would be waited for."""
    secret = tmp_path / "secret"
    secret.write_text("secret")
    build = tmp_path / "build"
    linked = make_book(build, "linked", narrated=False)
    (linked / "linked.mp3").symlink_to(secret)
    pipe = make_book(build, "pipe") / "pipe.json"
    pipe.unlink()
    os.mkfifo(pipe)
    make_book(build, "a\x1b[31mb")
    shelf = read_shelf(build)
    assert [(book.slug, sorted(book.files)) for book in shelf.books] == [("linked", ["epub", "json"])]
    assert "\x1b" not in "".join(shelf.problems)


def test_covers_are_small_and_whole(folder: Path) -> None:
    book = read_shelf(folder).books[0]
    sizes = {}
    for shape in ("cover", "thumbnail", "square"):
        picture = picture_of(book, shape)
        assert picture is not None
        sizes[shape] = Image.open(io.BytesIO(picture)).size
    assert sizes == {"cover": (60, 80), "thumbnail": (60, 80), "square": (1400, 1400)}


def blank_picture(width: int, height: int, kind: str = "PNG") -> bytes:
    data = io.BytesIO()
    Image.new("L" if kind == "EPS" else "1", (width, height)).save(data, kind)
    return data.getvalue()


@pytest.mark.parametrize(
    "epub",
    [
        b"",
        b"PK\x03\x04 no archive",
        small_epub(b"no picture"),
        small_epub(blank_picture(8000, 8000)),
        small_epub()[:-300],
        small_epub(blank_picture(8, 8, "EPS")),
        small_epub(blank_picture(8, 8, "TIFF")),
    ],
    ids=["empty", "no archive", "no picture", "a bomb Pillow does not mind", "cut off", "a program", "no web picture"],
)
def test_a_cover_that_cannot_be_read_is_none(tmp_path: Path, epub: bytes) -> None:
    (make_book(tmp_path, "book") / "book.epub").write_bytes(epub)
    assert picture_of(read_shelf(tmp_path).books[0], "thumbnail") is None


def test_a_cover_packed_in_another_way_and_damaged_is_none(tmp_path: Path) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_LZMA) as book:
        book.writestr("META-INF/container.xml", b"<container/>" * 20)
    data = packed.getvalue()
    begin = data.index(b"container.xml") + len(b"container.xml")
    (make_book(tmp_path, "book") / "book.epub").write_bytes(data[: begin + 12] + b"\xff" * 8 + data[begin + 20 :])
    assert picture_of(read_shelf(tmp_path).books[0], "thumbnail") is None


@pytest.mark.parametrize("size", [(1, 9000), (9000, 1)])
def test_a_cover_too_slim_for_a_square_brings_nothing_down(tmp_path: Path, size: tuple[int, int]) -> None:
    (make_book(tmp_path, "book") / "book.epub").write_bytes(small_epub(blank_picture(*size)))
    picture_of(read_shelf(tmp_path).books[0], "square")


def titles(shelf: Shelf) -> list[str]:
    return sorted(book.metadata.title for book in shelf.books)


def test_the_watched_shelf_sees_every_change(tmp_path: Path) -> None:
    make_book(tmp_path, "one")
    watched = WatchedShelf(tmp_path)
    before = watched.look()
    assert watched.look() is before
    place = make_book(tmp_path, "two", title="Two")
    assert titles(watched.look()) == ["Title of one", "Two"]
    (place / "two.mp3").unlink()
    changed = watched.look().book("two")
    assert changed is not None and "mp3" not in changed.files
    (place / "two.json").write_text("{")
    assert titles(watched.look()) == ["Title of one"]
    assert len(watched.look().problems) == 1
    (place / "two.json").unlink()
    assert watched.look().problems == ()
    with pytest.raises(SourceError):
        WatchedShelf(tmp_path / "gone").look()


def test_a_long_report_is_read_as_far_as_it_must_be(tmp_path: Path) -> None:
    # Where the head ends in the first block read, at its very end, and in the second.
    for number in range(7200, 7800, 5):
        make_book(tmp_path, f"book-{number}", description="x" * number)
    shelf = read_shelf(tmp_path)
    assert not shelf.problems
    assert all(f"book-{len(book.metadata.description or '')}" == book.slug for book in shelf.books)


def test_reading_apps_open_the_catalogue_and_a_book_from_it(built: Path, tool: Tool) -> None:
    node = tool("browser tools")
    need_clients()
    (book,) = read_shelf(built).books
    with serving(built) as server:
        command = [node, str(TOOLS / "catalogue.mjs"), server.base]
        done = subprocess.run(command, capture_output=True, encoding="utf-8", timeout=120)
    assert done.returncode == 0, done.stderr
    report = json.loads(done.stdout)
    for found in (report["nypl"]["books"], report["thorium"]["old"], report["thorium"]["living"]):
        check_found(found, book)
    assert report["thorium"]["living"][0]["accessibility"]["AccessMode"] == book.accessibility["access_modes"]
    assert "auditory" in report["thorium"]["living"][0]["accessibility"]["AccessModeSufficient"]
    assert report["foliate"]["found"] == [book.metadata.title]
    assert report["foliate"]["opened"]["title"] == book.metadata.title
    assert report["foliate"]["opened"]["sections"] >= 3


def check_found(found: list[dict[str, object]], book: Book) -> None:
    (one,) = found
    assert one["title"] == book.metadata.title
    assert one["authors"] == list(book.metadata.authors)
    links = one["links"]
    assert isinstance(links, list)
    offered = [media_type for relation, media_type in links if "acquisition" in relation]
    assert offered == ["application/epub+zip", "application/epub+zip", "audio/mpeg"]


def test_every_json_feed_keeps_the_schema(server: Server, tool: Tool) -> None:
    node = tool("browser tools")
    need_clients()
    command = [node, str(TOOLS / "catalogue_schema.mjs"), server.base]
    done = subprocess.run(command, capture_output=True, encoding="utf-8", timeout=120)
    assert done.returncode == 0, done.stderr
    faults = json.loads(done.stdout)
    assert len(faults) > BOOKS // PAGE
    assert not {address: found for address, found in faults.items() if found}
