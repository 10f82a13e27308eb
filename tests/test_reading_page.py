"""The page that reads along, as people use it: in a real browser, over a real server, and as a folder of files."""

from __future__ import annotations

import dataclasses
import json
import re
import shutil
import socket
import subprocess
import threading
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import lxml.html
import pytest
import uvicorn
from conftest import ROOT, TOOLS, Packager, Tool
from hypothesis import given
from hypothesis import strategies as st
from PIL import ExifTags, Image
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import Route

from packager.delivery.shelf import Book, Shelf, read_shelf, sentences_of
from packager.delivery.web.interface import number, words
from packager.delivery.web.site import SITE_POLICY, site_file, site_paths, write_site
from packager.errors import ExitCode, SourceError

ARTICLE = "how-a-page-is-heard"
ARABIC = "al-qiraa"
CHAPTERS = "two-pieces"
TOLERANCE_SECONDS = 0.25
LEAST_RIGHT = 0.98


@pytest.fixture(scope="module")
def built(packager: Packager, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An article with tables, notes and pictures, one from right to left, and a book of two chapters."""
    folder = tmp_path_factory.mktemp("shelf")
    article, arabic = ROOT / "content" / f"{ARTICLE}.md", ROOT / "tests" / "fixtures" / "reading_page" / f"{ARABIC}.md"
    other = ROOT / "content" / "the-walk-home.md"
    for arguments in ((article, arabic), ("--as-book", "Two pieces", other, article)):
        done = packager("build", "-e", "espeak", "-q", "-o", folder, *arguments)
        assert done.returncode == ExitCode.GOOD, done.stderr
    return folder


@pytest.fixture(scope="module")
def shelf(built: Path) -> Shelf:
    return read_shelf(built)


@pytest.fixture(scope="module")
def site(shelf: Shelf) -> Iterator[str]:
    """The address of a server with a token before every path: that shelf, and more of the same for a longer list."""
    shelves = {
        "token": Shelf((*shelf.books, *_copies(book_of(shelf, ARTICLE), 8))),
        "arabic": Shelf(_copies(book_of(shelf, ARABIC), 8)),
    }
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]

    def answer(request: Request) -> Response:
        found = site_file(shelves[request.path_params["shelf"]], request.path_params["path"])
        headers = {"Content-Security-Policy": SITE_POLICY}
        if found is None:
            return Response("Nothing is here.", 404)
        if isinstance(found.content, Path):
            return FileResponse(found.content, media_type=found.media_type, headers=headers)
        return Response(found.content, media_type=found.media_type, headers=headers)

    app = Starlette(routes=[Route("/t/{shelf}/{path:path}", answer)])
    server = uvicorn.Server(uvicorn.Config(app, port=port, log_level="error"))
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        time.sleep(0.05)
    yield f"http://127.0.0.1:{port}/t/token/"
    server.should_exit = True
    thread.join()


def _copies(book: Book, count: int) -> tuple[Book, ...]:
    return tuple(dataclasses.replace(book, slug=f"copy-{number}") for number in range(count))


@pytest.fixture(scope="module")
def known(shelf: Shelf) -> frozenset[str]:
    """Every path at which there is something."""
    return frozenset({*site_paths(shelf), "", *(f"{book.slug}/" for book in shelf.books)})


def run(tool: Tool, name: str, *arguments: str) -> dict[str, Any]:
    command = [tool("browser tools"), str(TOOLS / f"{name}.mjs"), *arguments]
    done = subprocess.run(command, capture_output=True, encoding="utf-8", timeout=300)
    assert done.returncode == 0, done.stderr
    report: dict[str, Any] = json.loads(done.stdout)
    return report


def book_of(shelf: Shelf, slug: str) -> Book:
    book = shelf.book(slug)
    assert book is not None
    return book


def html(shelf: Shelf, path: str) -> str:
    found = site_file(shelf, path)
    assert found is not None
    assert isinstance(found.content, bytes)
    assert found.media_type.startswith("text/html")
    return found.content.decode()


def is_right(sample: dict[str, Any], rows: list[dict[str, Any]]) -> bool:
    """Whether the sentence that the report has for this time is marked, or was about to be."""
    place = max(number for number, row in enumerate(rows) if row["mp3"] <= sample["time"])
    now, before = (f"{row['page']}-{row['id']}" for row in (rows[place], rows[place - 1]))
    late = (sample["time"] - rows[place]["mp3"]) / sample["rate"]
    return bool(sample["seen"] == now or (sample["seen"] == before and late < TOLERANCE_SECONDS))


@pytest.mark.parametrize(("slug", "seconds"), [(ARTICLE, 40), (ARABIC, 15), (CHAPTERS, 15)])
def test_highlight_is_in_step_with_the_voice(site: str, shelf: Shelf, tool: Tool, slug: str, seconds: int) -> None:
    report = run(tool, "reading_page_follow", f"{site}{slug}/", f"--seconds={seconds}")
    rows = [row for row in sentences_of(book_of(shelf, slug)) if row["mp3"] is not None]
    samples = report["samples"]
    assert len(samples) > 8 * seconds
    assert {sample["rate"] for sample in samples} == {1, 1.5}
    assert len({sample["seen"] for sample in samples}) >= 5
    wrong = [sample for sample in samples if not is_right(sample, rows)]
    assert len(wrong) <= (1 - LEAST_RIGHT) * len(samples), wrong
    assert report["heard"] == report["clicked"]
    assert report["inView"]
    assert report["faults"] == []


def test_everything_by_the_keyboard(site: str, tool: Tool, shelf: Shelf) -> None:
    report = run(tool, "reading_page_keys", f"{site}{ARTICLE}/")
    spoken = [row for row in sentences_of(book_of(shelf, ARTICLE)) if row["mp3"] is not None]
    ids = [f"{row['page']}-{row['id']}" for row in spoken]
    assert report["faults"] == []
    # A text of a hundred sentences is one stop; the links in it, the controls and the downloads are the others.
    assert len(report["stops"]) < 40
    assert len([stop for stop in report["stops"] if stop in ids]) == 1
    assert report["unseen"] == []
    assert report["skipped"]["focused"] == "text"
    assert report["afterK"]["playing"]
    assert not report["afterSpace"]["playing"]
    assert report["afterL"]["spoken"] == ids[ids.index(report["afterSpace"]["spoken"]) + 2]
    assert report["headingIsHeard"]
    assert report["inText"]["focused"] == report["afterH"]["spoken"]
    assert report["afterArrows"]["focused"] == ids[ids.index(report["inText"]["focused"]) + 2]
    assert report["afterArrows"]["spoken"] == report["afterH"]["spoken"]
    assert report["afterEnter"]["spoken"] == report["afterArrows"]["focused"]
    assert report["afterEnter"]["playing"]
    assert report["afterUp"]["focused"] != report["afterEnter"]["focused"]
    assert report["contents"] == {"open": "contents", "focusInside": True}
    assert report["place"] == "#article-h001"
    assert report["closed"]["open"] is None
    assert report["faster"]["rate"] == 1.1
    assert "1.1" in report["said"]
    assert not report["lettersOff"]["playing"]
    assert report["before"]["spoken"] == report["after"]["spoken"] != ids[0]
    assert report["after"]["rate"] == 1.1


def test_habits_of_readers(site: str, tool: Tool) -> None:
    report = run(tool, "reading_page_habits", f"{site}{ARTICLE}/")
    losing = report.pop("losing")
    assert [part["faults"] for part in report.values()] == [[]] * len(report)
    assert losing["told"] == words("en")["no_sound"]
    assert not losing["lost"]["playing"]
    assert losing["found"]["playing"]
    assert losing["found"]["spoken"] == losing["lost"]["spoken"]
    assert not losing["isToldStill"]
    assert report["exploring"] == report["note"] == {"isInView": True, "isOffered": True, "faults": []}
    scrolling, passing = report["scrolling"], report["passing"]
    assert (scrolling["before"], scrolling["offered"], scrolling["after"]) == (False, True, False)
    assert scrolling["isInView"]
    assert "in a table" not in passing["seen"]
    assert passing["after"] in passing["seen"]
    assert passing["back"] == passing["before"]
    assert len(report["hidden"]["late"]) >= 2
    assert max(report["hidden"]["late"]) < TOLERANCE_SECONDS
    assert report["storage"]["playing"]
    assert report["finding"]["shown"] == [f"{ARABIC}/index.html"]
    assert report["finding"]["said"] == "1 found"
    shown = {name for name, is_shown in report["scripts"].items() if is_shown is True}
    assert shown == {"player", "contents"}


def test_looks_right_to_axe_when_large_and_to_a_screen_reader(site: str, tool: Tool) -> None:
    arabic_list = site.replace("token", "arabic")
    pages = [site, arabic_list, *(f"{site}{slug}/" for slug in (ARTICLE, ARABIC, CHAPTERS))]
    reports = run(tool, "reading_page_looks", *pages)
    for url, report in reports.items():
        assert report["violations"] == [], url
        assert report["smallTargets"] == [], url
        assert set(report["widths"].values()) == {320}, url
        assert report["hidden"] == [], url
        assert report["faults"] == [], url
    tree = reports[f"{site}{ARTICLE}/"]["tree"]
    assert '- heading "How a Page Is Heard" [level=1]' in tree
    assert '- heading "What a screen reader does" [level=2]' in tree
    for name in ("Play", "Previous sentence", "Next paragraph", "Contents"):
        assert f'- button "{name}"' in tree
    assert re.findall(r"- button$", tree, re.MULTILINE) == []
    assert '- button "تشغيل"' in reports[f"{site}{ARABIC}/"]["tree"]


def test_numbers_have_the_decimal_sign_of_the_language() -> None:
    assert [number(value, tag) for value, tag in (("0.75", "de"), (2.3, "fr"), (1.0, "en"), ("1.25", "ar"))] == [
        "0,75",
        "2,3",
        "1",
        "1.25",
    ]


def test_pages_say_their_language_and_direction(shelf: Shelf) -> None:
    assert re.match(r'<!DOCTYPE html>\s*<html lang="ar" dir="rtl">', html(shelf, f"{ARABIC}/"))
    assert re.match(r'<!DOCTYPE html>\s*<html lang="en-GB" dir="ltr">', html(shelf, f"{ARTICLE}/index.html"))


def test_parts_in_another_language_say_so(packager: Packager, tmp_path: Path) -> None:
    (tmp_path / "fr.md").write_text("---\nlanguage: fr\ntitle: Le bac\n---\n\nLe bac partit à sept heures.\n")
    (tmp_path / "tr.md").write_text("---\nlanguage: tr\ntitle: Vapur\n---\n\nVapur yedide kalktı.\n")
    for name in ("fr", "tr"):
        done = packager(
            "build", tmp_path / f"{name}.md", "--only", "epub,json", "-o", tmp_path / "out", folder=tmp_path
        )
        assert done.returncode == ExitCode.GOOD, done.stderr
    shelf = read_shelf(tmp_path / "out")
    listed = lxml.html.fromstring(html(shelf, "index.html"))
    for slug, summary, title in (("fr", "fr", "Le bac"), ("tr", "en", "Vapur")):
        (note,) = listed.xpath(f"//li[.//a[@href='{slug}/index.html']]//details/p")
        assert note.get("lang") == summary
        assert {one.text for one in listed.xpath(f"//li//a//span[@lang='{slug}']")} == {title}
        foot = lxml.html.fromstring(html(shelf, f"{slug}/")).find(".//footer")
        assert foot.xpath("string(p[@lang]/@lang)") == summary


def test_pictures_say_how_large_they_are_shown(packager: Packager, tmp_path: Path) -> None:
    turned = Image.Exif()
    turned[ExifTags.Base.Orientation] = 6
    Image.new("RGB", (60, 40), "red").save(tmp_path / "turned.jpg", exif=turned)
    Image.new("RGB", (30, 20), "red").save(tmp_path / "plain.png")
    (tmp_path / "a.md").write_text("# A\n\n![One](turned.jpg)\n\n![Two](plain.png)\n\nSeen together.\n")
    done = packager("build", "a.md", "--only", "epub,json", "-o", "out", folder=tmp_path)
    assert done.returncode == ExitCode.GOOD, done.stderr
    page = lxml.html.fromstring(html(read_shelf(tmp_path / "out"), "a/"))
    sizes = [(image.get("width"), image.get("height")) for image in page.findall(".//main//img")]
    assert sizes == [("40", "60"), ("30", "20")]


def test_chapters_share_one_page_without_meeting(shelf: Shelf) -> None:
    page = html(shelf, f"{CHAPTERS}/")
    ids = re.findall(r'\bid="([^"]+)"', page)
    assert len(ids) == len(set(ids))
    assert {"chapter-001", "chapter-002", "colophon"} <= set(ids)
    assert {target for target in re.findall(r'href="#([^"]+)"', page) if target not in ids} == set()
    assert len(re.findall(r"<h1\b", page)) == 1


def test_nothing_inline_and_nothing_from_elsewhere(shelf: Shelf) -> None:
    for path in site_paths(shelf):
        if path.endswith(".html"):
            page = html(shelf, path)
            assert not re.search(r"<style|\sstyle=|\son[a-z]+=|javascript:|<script>", page)
            assert not re.search(r'\b(?:src|data)="(?:https?:)?/', page)
            assert not re.search(r'<(?:link|a)[^>]+href="/', page)


def test_every_path_is_there_and_no_other(shelf: Shelf, built: Path) -> None:
    paths = list(site_paths(shelf))
    assert len(paths) == len(set(paths))
    assert paths[-1] == "index.html"
    assert all(site_file(shelf, path) for path in paths)
    for path in (
        f"{ARTICLE}/{ARTICLE}.json",
        f"{ARTICLE}/../{ARABIC}/{ARABIC}.mp3",
        f"{ARTICLE}/pictures/../content.opf",
        f"{ARTICLE}/pictures/",
        f"{ARTICLE}//etc/passwd",
        f"{ARTICLE}",
        "../index.html",
        "list-2.html",
        str(built / ARTICLE / f"{ARTICLE}.mp3"),
    ):
        assert site_file(shelf, path) is None, path


@given(st.text(), st.sampled_from(["", f"{ARTICLE}/", f"{ARTICLE}/pictures/", "assets-", "list-"]))
def test_no_path_leads_to_anything_else(shelf: Shelf, known: frozenset[str], rest: str, before: str) -> None:
    assert (site_file(shelf, before + rest) is not None) == (before + rest in known)


def test_folder_holds_the_site_and_loses_only_what_it_wrote(shelf: Shelf, tmp_path: Path) -> None:
    folder = tmp_path / "site"
    written = write_site(shelf, folder)
    assert written[-1] == folder / "index.html"
    assert (folder / ARTICLE / f"{ARTICLE}.mp3").read_bytes() == book_of(shelf, ARTICLE).files["mp3"].read_bytes()
    own = folder / ARABIC / "mine.txt"
    own.write_text("mine")
    write_site([book_of(shelf, ARTICLE)], folder)
    assert [path for path in (folder / ARABIC).rglob("*") if path.is_file()] == [own]
    assert not (folder / CHAPTERS).exists()
    assert ARABIC not in (folder / "index.html").read_text("utf-8")


def test_folder_never_removes_what_lies_outside(shelf: Shelf, tmp_path: Path) -> None:
    outside = tmp_path / "outside.txt"
    outside.write_text("mine")
    folder = tmp_path / "site"
    folder.mkdir()
    (folder / ".packager-site.json").write_text(json.dumps(["../outside.txt", str(outside), 7]))
    write_site([book_of(shelf, ARABIC)], folder)
    assert outside.exists()


def test_long_list_has_pages(shelf: Shelf) -> None:
    book = book_of(shelf, ARABIC)
    many = Shelf(_copies(book, 250))
    assert site_file(many, "list-4.html") is None
    shown = [
        slug
        for path in ("", "list-2.html", "list-3.html")
        for slug in re.findall(r'"(copy-\d+)/index', html(many, path))
    ]
    assert shown == [book.slug for book in many.books]


def copied(book: Book, folder: Path) -> Path:
    shutil.copytree(book.folder, folder / book.slug)
    return folder


def test_text_alone_is_a_page_without_player(shelf: Shelf, tmp_path: Path) -> None:
    folder = copied(book_of(shelf, ARABIC), tmp_path)
    for name in (f"{ARABIC}.narrated.epub", f"{ARABIC}.mp3"):
        (folder / ARABIC / name).unlink()
    page = html(read_shelf(folder), f"{ARABIC}/")
    assert "الصوت والنص معا" in page
    assert "<audio" not in page


@pytest.mark.parametrize("harm", ["cut", "not a zip", "no text", "not XML", "huge"])
def test_damaged_book_is_named_and_the_others_stay(shelf: Shelf, tmp_path: Path, harm: str) -> None:
    folder = copied(book_of(shelf, ARABIC), tmp_path)
    copied(book_of(shelf, ARTICLE), tmp_path)
    epub = folder / ARABIC / f"{ARABIC}.narrated.epub"
    damage(epub, harm)
    damaged = read_shelf(folder)
    shown = html(damaged, f"{ARABIC}/")
    assert words("ar")["damaged"] in shown
    assert str(tmp_path) not in shown
    assert "What a screen reader does" in html(damaged, f"{ARTICLE}/")
    with pytest.raises(SourceError, match=re.escape(epub.name)):
        write_site(damaged, tmp_path / "site")
    assert not (tmp_path / "site").exists()


def damage(epub: Path, harm: str) -> None:
    whole = epub.read_bytes()
    if harm in ("cut", "not a zip"):
        epub.write_bytes(whole[: len(whole) // 2] if harm == "cut" else b"no zip at all")
        return
    with zipfile.ZipFile(epub) as archive:
        content = {name: archive.read(name) for name in archive.namelist()}
    name = "EPUB/article.xhtml"
    if harm == "no text":
        del content[name]
    else:
        content[name] = b"<html" if harm == "not XML" else b" " * 70_000_000
    with zipfile.ZipFile(epub, "w", zipfile.ZIP_DEFLATED) as archive:
        for inside, data in content.items():
            archive.writestr(inside, data)


def test_foreign_markup_in_a_book_does_not_reach_the_page(shelf: Shelf, tmp_path: Path) -> None:
    folder = copied(book_of(shelf, ARABIC), tmp_path)
    epub = folder / ARABIC / f"{ARABIC}.narrated.epub"
    with zipfile.ZipFile(epub) as archive:
        content = {name: archive.read(name) for name in archive.namelist()}
    hostile = (
        b'<p onclick="x()" style="position:fixed"><script>x()</script><a href="javascript:x()">a</a>'
        b'<img src="http://elsewhere.example/x.png" alt=""/><iframe src="x"/><base href="http://elsewhere.example/"/></p></article>'
    )
    content["EPUB/article.xhtml"] = content["EPUB/article.xhtml"].replace(b"</article>", hostile)
    with zipfile.ZipFile(epub, "w") as archive:
        for name, data in content.items():
            archive.writestr(name, data)
    page = html(read_shelf(folder), f"{ARABIC}/")
    main = page[page.index("<main") : page.index("</main>")]
    assert not re.search(r"onclick|style=|<script|javascript|elsewhere|<iframe|<base", main)


def test_page_shows_the_book_of_now(shelf: Shelf, tmp_path: Path) -> None:
    folder = copied(book_of(shelf, ARABIC), tmp_path)
    assert "<audio" in html(read_shelf(folder), f"{ARABIC}/")
    (folder / ARABIC / f"{ARABIC}.mp3").unlink()
    assert "<audio" not in html(read_shelf(folder), f"{ARABIC}/")
