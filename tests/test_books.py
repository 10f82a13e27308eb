"""Every book of content/, as validators, players and parsers that are not ours see it."""

from __future__ import annotations

import hashlib
import json
import re
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from conftest import ROOT, Packager, Tool
from mutagen.id3 import ID3
from mutagen.mp3 import MP3
from PIL import Image

from packager.checks.book import Book, open_book, seconds_of
from packager.errors import ExitCode

ARTICLES = sorted(path.stem for path in (ROOT / "content").glob("*.md"))
PRODUCTS = ("epub", "narrated.epub", "mp3", "vtt", "json")
WITH_PICTURES = "how-a-page-is-heard"
ALWAYS = {"tableOfContents", "readingOrder", "structuralNavigation", "displayTransformability", "unlocked"}
TIMING = re.compile(r"(\d\d):([0-5]\d):([0-5]\d)\.(\d{3}) --> (\d\d):([0-5]\d):([0-5]\d)\.(\d{3})")


@dataclass(frozen=True)
class CaptionCue:
    """A cue of a WebVTT file; times in milliseconds."""

    id: str
    begin: int
    end: int
    text: str


def product(books: Path, article: str, kind: str) -> Path:
    return books / article / f"{article}.{kind}"


def report_of(books: Path, article: str) -> dict[str, Any]:
    report: dict[str, Any] = json.loads(product(books, article, "json").read_text("utf-8"))
    return report


def opened(path: Path) -> Book:
    book = open_book(path)
    book.archive.close()
    book.archive = zipfile.ZipFile(path)
    return book


def claims_of(path: Path) -> dict[str, list[str]]:
    book = opened(path)
    names = ("accessMode", "accessModeSufficient", "accessibilityFeature", "accessibilityHazard")
    return {name: book.metas(f"schema:{name}") for name in names}


def captions(path: Path) -> list[CaptionCue]:
    """The cues, read as strictly as WebVTT asks for."""
    header, *blocks = path.read_text("utf-8").rstrip("\n").split("\n\n")
    assert header == "WEBVTT"
    cues = []
    for block in blocks:
        first, *rest = block.split("\n")
        if first == "NOTE":
            assert "-->" not in block
            continue
        timing = TIMING.fullmatch(rest[0])
        assert timing, rest[0]
        hours, minutes, seconds, thousandths, *end = map(int, timing.groups())
        begin = ((hours * 60 + minutes) * 60 + seconds) * 1000 + thousandths
        hours, minutes, seconds, thousandths = end
        text = "\n".join(rest[1:])
        assert "<" not in text
        assert not re.search(r"&(?!amp;|lt;|gt;)", text)
        plain = text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
        cues.append(CaptionCue(first, begin, ((hours * 60 + minutes) * 60 + seconds) * 1000 + thousandths, plain))
    return cues


def bytes_of(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def test_a_build_gives_all_products_of_all_articles(books: Path) -> None:
    assert len(ARTICLES) >= 3
    expected = {f"{article}/{article}.{kind}" for article in ARTICLES for kind in PRODUCTS}
    assert set(bytes_of(books)) == expected


def test_validators_and_own_checks_find_nothing(books: Path, packager: Packager, tool: Tool) -> None:
    tool("epubcheck")
    checked = packager("check", books, "--json", PACKAGER_ACE=tool("ace"))
    files = json.loads(checked.stdout)["files"]
    kinds = ("epub", "narrated.epub", "mp3")
    expected = {str(product(books, article, kind)) for article in ARTICLES for kind in kinds}
    assert {entry["file"] for entry in files} == expected
    # A tool that did not run would be a finding as well.
    assert [finding for entry in files for finding in entry["findings"]] == []
    assert checked.returncode == ExitCode.GOOD


@pytest.mark.parametrize("article", ARTICLES)
def test_readalign_finds_nothing(books: Path, article: str, tool: Tool) -> None:
    tool("readalign")
    tool("ffprobe")
    command = [sys.executable, "-m", "readalign", "check", str(product(books, article, "narrated.epub")), "--json"]
    done = subprocess.run(command, capture_output=True, encoding="utf-8", timeout=120)
    told = json.loads(done.stdout)
    assert told["errors"] == []
    assert told["warnings"] == []
    assert told["ok"] is True
    assert told["clips"] == len(report_of(books, article)["sentences"])
    assert told["declared_total"] == pytest.approx(told["clip_seconds"], abs=0.001)


@pytest.mark.parametrize("article", ARTICLES)
@pytest.mark.parametrize("kind", ["epub", "narrated.epub"])
def test_claims_follow_from_the_contents(books: Path, article: str, kind: str) -> None:
    claims = claims_of(product(books, article, kind))
    pictured, narrated = article == WITH_PICTURES, kind == "narrated.epub"
    assert claims["accessMode"] == (["textual", "visual"] if pictured else ["textual"])
    features = ALWAYS | ({"alternativeText"} if pictured else set())
    assert set(claims["accessibilityFeature"]) == features | ({"synchronizedAudioText"} if narrated else set())
    sufficient = {"textual"} | ({"textual,visual"} if pictured else set()) | ({"auditory"} if narrated else set())
    assert set(claims["accessModeSufficient"]) == sufficient
    assert claims["accessibilityHazard"] == ["noFlashingHazard", "noMotionSimulationHazard", "noSoundHazard"]


@pytest.mark.parametrize("article", ARTICLES)
def test_narrated_book_declares_what_it_plays(books: Path, article: str) -> None:
    book = opened(product(books, article, "narrated.epub"))
    assert [overlay.document.rpartition("/")[2] for overlay in book.overlays] == [
        "cover.xhtml",
        "article.xhtml",
        "colophon.xhtml",
    ]
    for overlay in book.overlays:
        assert overlay.declared == pytest.approx(sum(clip.end - clip.begin for clip in overlay.clips), abs=0.0005)
    total = sum(overlay.declared or 0 for overlay in book.overlays)
    assert [seconds_of(value) for value in book.metas("media:duration")] == [pytest.approx(total, abs=0.0005)]
    assert book.metas("media:narrator") == report_of(books, article)["narration"]["voices"]
    assert any("hibari" in narrator for narrator in book.metas("media:narrator"))
    assert book.metas("media:active-class") == ["-epub-media-overlay-active"]
    assert ".-epub-media-overlay-active" in book.styles()


@pytest.mark.parametrize("article", ARTICLES)
def test_text_edition_says_nothing_of_sound(books: Path, article: str) -> None:
    book = opened(product(books, article, "epub"))
    package = book.archive.read(book.package_name).decode()
    assert "media:" not in package
    assert "synthetic" not in package
    assert "overlay" not in book.styles()
    assert not [name for name in book.archive.namelist() if name.endswith((".mp3", ".smil"))]


def test_conformance_is_claimed_only_for_a_named_evaluator(
    books: Path, packager: Packager, tool: Tool, tmp_path: Path
) -> None:
    for path in books.rglob("*.epub"):
        assert opened(path).metas("dcterms:conformsTo") == []
    source = ROOT / "content" / "is-k-briefing.md"
    built = packager("build", source, "-o", tmp_path, "--only", "epub,narrated", "--certified-by", "Ada Example")
    assert built.returncode == ExitCode.GOOD, built.stderr
    for path in tmp_path.rglob("*.epub"):
        book = opened(path)
        assert book.metas("dcterms:conformsTo") == ["EPUB Accessibility 1.1 - WCAG 2.2 Level AA"]
        assert book.metas("a11y:certifiedBy", refines="conformance") == ["Ada Example"]
        assert "Ada Example" in book.archive.read("EPUB/colophon.xhtml").decode()
    tool("epubcheck")
    checked = packager("check", tmp_path, "--json", PATH="", PACKAGER_ACE="")
    told = [one for entry in json.loads(checked.stdout)["files"] for one in entry["findings"]]
    assert {(one["tool"], one["code"], one["severity"]) for one in told} == {("ace", "NOT-RUN", "info")}


def test_undescribed_picture_costs_the_claims(packager: Packager, tmp_path: Path) -> None:
    Image.new("RGB", (64, 64), "#336699").save(tmp_path / "map.png")
    source = tmp_path / "journey.md"
    source.write_text('# A journey\n\nWe set out early.\n\n![](map.png "Our way")\n\nWe came home late.\n', "utf-8")
    built = packager("build", source, "-o", tmp_path, "--only", "epub,narrated")
    assert built.returncode == ExitCode.GOOD, built.stderr
    for path in sorted(tmp_path.rglob("*.epub")):
        claims = claims_of(path)
        assert claims["accessMode"] == ["textual", "visual"]
        assert "alternativeText" not in claims["accessibilityFeature"]
        assert claims["accessModeSufficient"] == ["textual,visual"]


def test_text_that_no_voice_can_say_costs_the_claim_of_hearing(packager: Packager, tmp_path: Path) -> None:
    source = tmp_path / "leaves.md"
    source.write_text("# Leaves\n\nThe first part ends here.\n\n⚑ ⚐ ⚑\n\nThe second part ends there.\n", "utf-8")
    built = packager("build", source, "-o", tmp_path, "--json")
    assert built.returncode == ExitCode.GOOD, built.stderr
    (package,) = json.loads(built.stdout)["packages"]
    assert [omission["what"] for omission in package["omitted"]] == ["“⚑ ⚐ ⚑”"]
    claims = claims_of(tmp_path / "leaves" / "leaves.narrated.epub")
    assert "auditory" not in claims["accessModeSufficient"]
    assert "synchronizedAudioText" in claims["accessibilityFeature"]
    with zipfile.ZipFile(tmp_path / "leaves" / "leaves.narrated.epub") as archive:
        assert "⚑ ⚐ ⚑" in archive.read("EPUB/article.xhtml").decode()
        assert "⚑ ⚐ ⚑" in archive.read("EPUB/colophon.xhtml").decode()


def test_two_builds_give_the_same_bytes(books: Path, packager: Packager, tmp_path: Path) -> None:
    surroundings = {"PYTHONHASHSEED": "7", "TZ": "Pacific/Auckland", "LC_ALL": "C", "PACKAGER_CACHE": "kept"}
    source = ROOT / "content"
    again = packager("build", source, "-o", "made", "--jobs", "3", folder=tmp_path, **surroundings)
    assert again.returncode == ExitCode.GOOD, again.stderr
    assert list((tmp_path / "kept").rglob("*.flac"))
    assert bytes_of(tmp_path / "made") == bytes_of(books)


def test_build_from_what_was_kept_gives_the_same_bytes(books: Path, packager: Packager, tmp_path: Path) -> None:
    again = packager("build", "content", "-o", tmp_path)
    assert again.returncode == ExitCode.GOOD, again.stderr
    assert bytes_of(tmp_path) == bytes_of(books)


@pytest.mark.parametrize("order", ["mp3,json,epub", "epub,mp3,json"])
def test_the_order_of_products_changes_nothing(books: Path, packager: Packager, tmp_path: Path, order: str) -> None:
    source = ROOT / "content" / "the-walk-home.md"
    built = packager("build", source, "-o", tmp_path, "--only", order, "--json")
    assert built.returncode == ExitCode.GOOD, built.stderr
    (package,) = json.loads(built.stdout)["packages"]
    assert list(package["files"]) == ["epub", "mp3", "json"]
    folder = tmp_path / "the-walk-home"
    assert sorted(path.name for path in folder.iterdir()) == [
        f"the-walk-home.{kind}" for kind in ("epub", "json", "mp3")
    ]
    for kind in ("epub", "mp3"):
        assert (
            product(tmp_path, "the-walk-home", kind).read_bytes() == product(books, "the-walk-home", kind).read_bytes()
        )
    assert set(report_of(tmp_path, "the-walk-home")["files"]) == {"epub", "mp3"}


@pytest.mark.parametrize("article", ARTICLES)
def test_captions_hold_all_sentences_as_printed(books: Path, article: str) -> None:
    cues = captions(product(books, article, "vtt"))
    report = report_of(books, article)
    heard = [row for row in report["sentences"] if row["mp3"] is not None]
    assert [(cue.id, cue.text) for cue in cues] == [(row["id"], row["text"]) for row in heard]
    assert [cue.begin for cue in cues] == [round(row["mp3"] * 1000) for row in heard]
    assert [cue.begin for cue in cues] == [0, *(cue.end for cue in cues[:-1])]
    assert all(cue.begin < cue.end for cue in cues)
    assert cues[-1].end == round(report["narration"]["duration"] * 1000)


def test_captions_survive_any_text(packager: Packager, tmp_path: Path) -> None:
    Image.new("RGB", (64, 64), "#336699").save(tmp_path / "map.png")
    source = tmp_path / "signs.md"
    source.write_text(
        "# Signs --> & \\<wonders>\n\nHe wrote 1 < 2 & 3 > 2 --> true.\n\n"
        '<img src="map.png" alt="A map.&#10;&#10;00:00.000 --> 00:09.000&#10;A trap."/>\n\nThe end.\n',
        "utf-8",
    )
    built = packager("build", source, "-o", tmp_path, "--only", "vtt,json")
    assert built.returncode == ExitCode.GOOD, built.stderr
    cues = captions(tmp_path / "signs" / "signs.vtt")
    texts = [cue.text for cue in cues]
    assert "He wrote 1 < 2 & 3 > 2 --> true." in texts
    assert "Signs --> & <wonders>" in texts
    assert "The end." in texts
    assert any("A map." in text and "A trap." in text for text in texts)
    rows = [row for row in report_of(tmp_path, "signs")["sentences"] if row["mp3"] is not None]
    assert [cue.id for cue in cues] == [row["id"] for row in rows]


@pytest.mark.parametrize("article", ARTICLES)
def test_report_matches_the_files(books: Path, article: str) -> None:
    report = report_of(books, article)
    assert set(report["files"]) == {"epub", "narrated", "mp3", "vtt"}
    for described in report["files"].values():
        data = (books / article / described["name"]).read_bytes()
        assert described["bytes"] == len(data)
        assert described["sha256"] == hashlib.sha256(data).hexdigest()
    assert report["narration"]["duration"] == pytest.approx(MP3(product(books, article, "mp3")).info.length, abs=0.001)
    assert str(ROOT) not in json.dumps(report)


@pytest.mark.parametrize("article", ARTICLES)
def test_report_matches_the_overlays(books: Path, article: str) -> None:
    book = opened(product(books, article, "narrated.epub"))
    played = [
        (clip.document.rpartition("/")[2].removesuffix(".xhtml"), clip.target, clip.begin, clip.end)
        for overlay in book.overlays
        for clip in overlay.clips
    ]
    told = [(row["page"], row["id"], row["begin"], row["end"]) for row in report_of(books, article)["sentences"]]
    assert told == played
    pages = {name: book.tree(name) for name in book.spine}
    texts = {
        element.get("id"): element.get("alt") or " ".join("".join(element.itertext()).split())
        for page in pages.values()
        for element in page.iter("{*}*")
        if element.get("id")
    }
    for row in report_of(books, article)["sentences"]:
        assert row["text"] == texts[row["id"]]


def expected_chapters(report: dict[str, Any]) -> list[tuple[str, int]]:
    """Title and beginning in milliseconds of each heading, of which these articles have none of two sentences."""
    rows = [row for row in report["sentences"] if row["mp3"] is not None]
    return [(row["text"], round(row["mp3"] * 1000)) for row in rows if row["kind"] in ("title", "heading")]


@pytest.mark.parametrize("article", ARTICLES)
def test_mp3_tells_what_it_is(books: Path, article: str) -> None:
    tags, report = ID3(product(books, article, "mp3")), report_of(books, article)
    assert tags.version == (2, 4, 0)
    metadata = report["metadata"]
    assert str(tags["TIT2"]) == metadata["title"]
    assert list(tags["TPE1"].text) == metadata["authors"]
    assert str(tags["TLAN"]) == "eng"
    assert str(tags["TDRC"]) == metadata["date"]
    assert str(tags["TLEN"]) == str(round(report["narration"]["duration"] * 1000))
    assert "synthetic" in str(tags["COMM::eng"])
    (cover,) = tags.getall("APIC")
    with zipfile.ZipFile(product(books, article, "epub")) as archive:
        assert cover.data == archive.read("EPUB/pictures/cover.jpg")


@pytest.mark.parametrize("article", ARTICLES)
def test_chapters_are_the_headings(books: Path, article: str) -> None:
    tags, report = ID3(product(books, article, "mp3")), report_of(books, article)
    (contents,) = tags.getall("CTOC")
    chapters = [tags[f"CHAP:{name}"] for name in contents.child_element_ids]
    assert len(tags.getall("CHAP")) == len(chapters)
    assert [(str(one.sub_frames["TIT2"]), one.start_time) for one in chapters] == expected_chapters(report)
    ends = [*(one.start_time for one in chapters[1:]), round(report["narration"]["duration"] * 1000)]
    assert [one.end_time for one in chapters] == ends


@pytest.mark.parametrize("article", ARTICLES)
def test_ffprobe_lists_chapters_in_order(books: Path, article: str, tool: Tool) -> None:
    shown = ("-show_chapters", "-show_format", "-show_streams")
    command = [tool("ffprobe"), "-v", "error", "-of", "json", *shown, str(product(books, article, "mp3"))]
    told = json.loads(subprocess.run(command, capture_output=True, check=True, timeout=60).stdout)
    report = report_of(books, article)
    listed = [(one["tags"]["title"], round(float(one["start_time"]) * 1000)) for one in told["chapters"]]
    assert listed == expected_chapters(report)
    assert told["format"]["tags"]["title"] == report["metadata"]["title"]
    sound = next(stream for stream in told["streams"] if stream["codec_type"] == "audio")
    assert (sound["codec_name"], sound["sample_rate"], sound["channels"]) == ("mp3", "24000", 1)
    assert sound["bit_rate"] == "64000"


def _members(books: Path) -> Iterator[zipfile.ZipInfo]:
    for path in sorted(books.rglob("*.epub")):
        with zipfile.ZipFile(path) as archive:
            yield from archive.infolist()


def test_books_carry_no_date_of_their_making(books: Path) -> None:
    assert {member.date_time for member in _members(books)} == {(1980, 1, 1, 0, 0, 0)}


def test_mimetype_comes_first_and_sound_is_stored(books: Path) -> None:
    for path in books.rglob("*.epub"):
        assert path.read_bytes()[30:58] == b"mimetypeapplication/epub+zip"
    sounds = [member for member in _members(books) if member.filename.endswith(".mp3")]
    assert {member.compress_type for member in sounds} == {zipfile.ZIP_STORED}
