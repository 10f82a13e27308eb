"""Our own checks on a small narrated book with one fault at a time, of the kinds that EPUBCheck and Ace do not see."""

from __future__ import annotations

import json
import re
import shutil
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
import soundfile
from conftest import Packager
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree
from mutagen.id3 import ID3
from numpy.typing import NDArray

from packager.audio.mp3 import TAIL, encode_segment, joined
from packager.checks.book import OPF, SMIL, open_book, seconds_of
from packager.checks.claims import check_claims, contrast
from packager.checks.overlays import check_overlays
from packager.checks.recording import check_recording
from packager.errors import ExitCode, SourceError

TEXT = """# The bridge

The river rose for the third time that spring. Nobody in the village was surprised.

## The night

They had moved the cattle and filled the sacks with sand. Would the old bridge hold once more?

It held. In the morning the water was brown and quiet.
"""
PACKAGE, ARTICLE, STYLE = "EPUB/content.opf", "EPUB/article.xhtml", "EPUB/style.css"
OVERLAY, SOUND = "EPUB/overlays/article.smil", "EPUB/audio/article.mp3"
ACTIVE = "-epub-media-overlay-active"

Members = dict[str, bytes]
Mutation = Callable[[Members], None]


@dataclass(frozen=True)
class Small:
    """A small book and its recording."""

    book: Path
    mp3: Path


@pytest.fixture(scope="module")
def small(packager: Packager, tmp_path_factory: pytest.TempPathFactory) -> Small:
    folder = tmp_path_factory.mktemp("small")
    source = folder / "bridge.md"
    source.write_text(TEXT, "utf-8")
    built = packager("build", source, "-o", folder, "--only", "narrated,mp3")
    assert built.returncode == ExitCode.GOOD, built.stderr
    return Small(folder / "bridge" / "bridge.narrated.epub", folder / "bridge" / "bridge.mp3")


def codes_of_book(path: Path) -> list[str]:
    book = open_book(path)
    with book.archive:
        return [finding.code for finding in (*check_overlays(book), *check_claims(book))]


def codes_of_mp3(path: Path) -> list[str]:
    return [finding.code for finding in check_recording(path)]


def mutated(book: Path, folder: Path, mutate: Mutation) -> Path:
    with zipfile.ZipFile(book) as archive:
        kinds = {member.filename: member.compress_type for member in archive.infolist()}
        members = {name: archive.read(name) for name in kinds}
    mutate(members)
    target = folder / "mutated.epub"
    with zipfile.ZipFile(target, "w") as archive:
        for name, data in members.items():
            archive.writestr(name, data, kinds[name])
    return target


def in_xml(name: str, change: Callable[[etree._Element], None]) -> Mutation:
    def mutate(members: Members) -> None:
        root = etree.fromstring(members[name])
        change(root)
        members[name] = etree.tostring(root, encoding="utf-8", xml_declaration=True)

    return mutate


def in_text(name: str, pattern: str, replacement: str) -> Mutation:
    def mutate(members: Members) -> None:
        changed, count = re.subn(pattern, replacement, members[name].decode(), flags=re.S)
        assert count, f"{pattern} is not in {name}"
        members[name] = changed.encode()

    return mutate


def pars(root: etree._Element) -> list[etree._Element]:
    return list(root.iter(f"{SMIL}par"))


def shift(root: etree._Element, index: int, attribute: str, seconds: float) -> None:
    audio = pars(root)[index].find(f"{SMIL}audio")
    assert audio is not None
    audio.set(attribute, f"{seconds_of(audio.get(attribute, '')) + seconds:.3f}s")


def remove(element: etree._Element) -> None:
    parent = element.getparent()
    assert parent is not None
    parent.remove(element)


def replace_target(root: etree._Element, index: int, target: str) -> None:
    text = pars(root)[index].find(f"{SMIL}text")
    assert text is not None
    text.set("src", f"{text.get('src', '').partition('#')[0]}#{target}")


def swap_targets(root: etree._Element) -> None:
    first, second = (par.find(f"{SMIL}text") for par in pars(root)[3:5])
    assert first is not None
    assert second is not None
    source, other = first.get("src", ""), second.get("src", "")
    first.set("src", other)
    second.set("src", source)


def speak_twice(root: etree._Element) -> None:
    text = pars(root)[3].find(f"{SMIL}text")
    assert text is not None
    replace_target(root, 4, text.get("src", "").partition("#")[2])


def drop_metas(*properties: str) -> Callable[[etree._Element], None]:
    def change(root: etree._Element) -> None:
        for meta in [one for one in root.iter(f"{OPF}meta") if one.get("property") in properties]:
            remove(meta)

    return change


def drop_value(value: str) -> Callable[[etree._Element], None]:
    def change(root: etree._Element) -> None:
        for meta in [one for one in root.iter(f"{OPF}meta") if one.text == value]:
            remove(meta)

    return change


def add_meta(root: etree._Element, name: str, value: str) -> None:
    metadata = root.find(f"{OPF}metadata")
    assert metadata is not None
    etree.SubElement(metadata, f"{OPF}meta", property=name).text = value


def take_overlays_away(root: etree._Element) -> None:
    for item in root.iter(f"{OPF}item"):
        item.attrib.pop("media-overlay", None)
    drop_value("auditory")(root)


def take_overlay_of_article_away(root: etree._Element) -> None:
    (item,) = [one for one in root.iter(f"{OPF}item") if one.get("id") == "article"]
    del item.attrib["media-overlay"]
    drop_value("auditory")(root)


def one_duration(root: etree._Element, refined: bool, seconds: float) -> None:
    meta = next(
        one
        for one in root.iter(f"{OPF}meta")
        if one.get("property") == "media:duration" and bool(one.get("refines")) == refined
    )
    meta.text = f"{seconds_of(meta.text or '') + seconds:.3f}s"


def add_silent_paragraph(root: etree._Element) -> None:
    (article,) = root.iter("{http://www.w3.org/1999/xhtml}article")
    etree.SubElement(article, "{http://www.w3.org/1999/xhtml}p").text = "Nobody reads this aloud."


def undescribe_picture(root: etree._Element) -> None:
    (section,) = root.iter("{http://www.w3.org/1999/xhtml}section")
    figure = etree.SubElement(section, "{http://www.w3.org/1999/xhtml}figure")
    etree.SubElement(figure, "{http://www.w3.org/1999/xhtml}img", src="pictures/cover.jpg", alt="")
    etree.SubElement(figure, "{http://www.w3.org/1999/xhtml}figcaption").text = "…"


def sound_is_text(members: Members) -> None:
    members[SOUND] = b"This is no sound. " * 500


def sound_is_halved(members: Members) -> None:
    members[SOUND] = members[SOUND][: len(members[SOUND]) // 2]


def sound_is_gone(members: Members) -> None:
    del members[SOUND]


def sound_is_longer(members: Members) -> None:
    silence = encode_segment(np.zeros(24 * TAIL, np.int16), 64)
    # Without its Info frame a decoder plays all that is there.
    members[SOUND] = members[SOUND][192:] + silence


FAULTS: dict[str, tuple[Mutation, str]] = {
    "clip ends after the sound": (in_xml(OVERLAY, lambda root: shift(root, -1, "clipEnd", 0.7)), "PKG-112"),
    "clips overlap": (in_xml(OVERLAY, lambda root: shift(root, 3, "clipBegin", -0.4)), "PKG-102"),
    "gap between clips": (in_xml(OVERLAY, lambda root: shift(root, 3, "clipBegin", 0.4)), "PKG-103"),
    "clip without length": (in_xml(OVERLAY, lambda root: shift(root, 3, "clipEnd", -60)), "PKG-101"),
    "time that is none": (in_text(OVERLAY, r'clipEnd="[^"]+"', 'clipEnd="soon"'), "PKG-101"),
    "sentence without par": (in_xml(OVERLAY, lambda root: remove(pars(root)[3])), "PKG-107"),
    "last sentence without par": (in_xml(OVERLAY, lambda root: remove(pars(root)[-1])), "PKG-113"),
    "pars out of order": (in_xml(OVERLAY, swap_targets), "PKG-106"),
    "sentence spoken twice": (in_xml(OVERLAY, speak_twice), "PKG-105"),
    "par of nothing": (in_xml(OVERLAY, lambda root: replace_target(root, 3, "nowhere")), "PKG-104"),
    "sound is text": (sound_is_text, "PKG-110"),
    "sound cut in half": (sound_is_halved, "PKG-111"),
    "sound gone": (sound_is_gone, "PKG-110"),
    "sound goes on": (sound_is_longer, "PKG-113"),
    "article without overlay": (in_xml(PACKAGE, take_overlay_of_article_away), "PKG-108"),
    "duration of a page wrong": (in_xml(PACKAGE, lambda root: one_duration(root, True, 0.2)), "PKG-114"),
    "duration of a page missing": (in_text(PACKAGE, r"<meta refines=.#overlay-article.[^<]+</meta>", ""), "PKG-114"),
    "duration of a page no time": (in_text(PACKAGE, r"(#overlay-article[^>]+>)[^<]+", r"\1soon"), "PKG-114"),
    "whole duration no time": (in_text(PACKAGE, r"(<meta property=.media:duration.>)[^<]+", r"\1soon"), "PKG-115"),
    "whole duration wrong": (in_xml(PACKAGE, lambda root: one_duration(root, False, 5)), "PKG-115"),
    "no hazards": (in_xml(PACKAGE, drop_metas("schema:accessibilityHazard")), "PKG-201"),
    "no modes": (in_xml(PACKAGE, drop_metas("schema:accessMode")), "PKG-201"),
    "no features": (in_xml(PACKAGE, drop_metas("schema:accessibilityFeature")), "PKG-201"),
    "overlays claimed and absent": (in_xml(PACKAGE, take_overlays_away), "PKG-202"),
    "overlays present and not claimed": (in_xml(PACKAGE, drop_value("synchronizedAudioText")), "PKG-202"),
    "hearing claimed, a paragraph silent": (in_xml(ARTICLE, add_silent_paragraph), "PKG-203"),
    "picture without description": (in_xml("EPUB/cover.xhtml", undescribe_picture), "PKG-204"),
    "conformance without evaluator": (
        in_xml(
            PACKAGE, lambda root: add_meta(root, "dcterms:conformsTo", "EPUB Accessibility 1.1 - WCAG 2.2 Level AA")
        ),
        "PKG-205",
    ),
    "no active class": (in_xml(PACKAGE, drop_metas("media:active-class")), "PKG-210"),
    "active class without style": (in_text(STYLE, re.escape(ACTIVE), "another-class"), "PKG-211"),
    "highlight unreadable": (
        in_text(STYLE, r"background-color: #ffe08a;\s+color: #1a1a1a", "background-color: #fff; color: #eee"),
        "PKG-212",
    ),
}


def test_good_book_and_recording_have_no_findings(small: Small) -> None:
    assert codes_of_book(small.book) == []
    assert codes_of_mp3(small.mp3) == []


def test_rewriting_alone_is_no_fault(small: Small, tmp_path: Path) -> None:
    for name in (PACKAGE, ARTICLE, OVERLAY):
        assert codes_of_book(mutated(small.book, tmp_path, in_xml(name, lambda root: None))) == []


@pytest.mark.parametrize("fault", FAULTS)
def test_fault_in_a_book_is_found(small: Small, tmp_path: Path, fault: str) -> None:
    mutate, code = FAULTS[fault]
    assert code in codes_of_book(mutated(small.book, tmp_path, mutate))


def test_unspoken_text_is_quoted(small: Small, tmp_path: Path) -> None:
    book = open_book(mutated(small.book, tmp_path, in_xml(ARTICLE, add_silent_paragraph)))
    with book.archive:
        (finding,) = check_claims(book)
    assert "Nobody reads this aloud." in finding.message


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_damaged_book_is_told_and_never_crashes(small: Small, tmp_path: Path, data: st.DataObject) -> None:
    damaged = bytearray(small.book.read_bytes())
    for _ in range(data.draw(st.integers(1, 4))):
        # Sound fills most of a book; half of the damage goes to what is small.
        early = data.draw(st.booleans())
        damaged[data.draw(st.integers(0, 12_000 if early else len(damaged) - 1))] = data.draw(st.integers(0, 255))
    path = tmp_path / "damaged.epub"
    path.write_bytes(damaged)
    try:
        codes_of_book(path)
    except SourceError as error:
        assert str(path) in error.message
        assert error.remedy


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_damaged_recording_never_crashes_the_check(small: Small, tmp_path: Path, data: st.DataObject) -> None:
    damaged = bytearray(small.mp3.read_bytes())
    for _ in range(data.draw(st.integers(1, 4))):
        early = data.draw(st.booleans())
        damaged[data.draw(st.integers(0, 3000 if early else len(damaged) - 1))] = data.draw(st.integers(0, 255))
    path = tmp_path / "damaged.mp3"
    path.write_bytes(damaged)
    codes_of_mp3(path)


def reencoded(small: Small, path: Path, change: Callable[[NDArray[np.float32]], NDArray[np.float32]]) -> Path:
    """The recording with other sound under the same tags."""
    samples, _ = soundfile.read(small.mp3, dtype="float32")
    changed = np.clip(change(samples), -1, 1)
    changed[-TAIL:] = 0
    frames = path.with_suffix(".frames")
    frames.write_bytes(encode_segment(np.rint(changed * 32767).astype(np.int16), 64))
    path.write_bytes(tag_bytes(small.mp3) + b"".join(joined([frames], len(changed), 64)))
    return path


def tag_bytes(path: Path) -> bytes:
    return path.read_bytes()[: ID3(path).size]


def copied(small: Small, folder: Path) -> Path:
    return Path(shutil.copy(small.mp3, folder / "copy.mp3"))


def test_reencoding_alone_is_no_fault(small: Small, tmp_path: Path) -> None:
    assert codes_of_mp3(reencoded(small, tmp_path / "same.mp3", lambda samples: samples)) == []


@pytest.mark.parametrize("gain", [-3.0, -0.8])
def test_recording_that_is_too_quiet_is_found(small: Small, tmp_path: Path, gain: float) -> None:
    path = reencoded(small, tmp_path / "quiet.mp3", lambda samples: samples * np.float32(10 ** (gain / 20)))
    assert codes_of_mp3(path) == ["PKG-303"]


def test_loudness_is_held_against_the_target_in_the_tags(small: Small, tmp_path: Path) -> None:
    quiet = reencoded(small, tmp_path / "quiet.mp3", lambda samples: samples * np.float32(10 ** (-5 / 20)))
    tags = ID3(quiet)
    tags["TXXX:target loudness"].text = ["-23 LUFS"]
    tags.save(quiet)
    assert codes_of_mp3(quiet) == []


def test_recording_that_clips_is_found(small: Small, tmp_path: Path) -> None:
    path = reencoded(small, tmp_path / "loud.mp3", lambda samples: samples * np.float32(8))
    assert codes_of_mp3(path) == ["PKG-303", "PKG-304"]


def test_recording_that_was_cut_is_found(small: Small, tmp_path: Path) -> None:
    path = copied(small, tmp_path)
    path.write_bytes(path.read_bytes()[: path.stat().st_size * 2 // 3])
    codes = codes_of_mp3(path)
    assert codes[0] == "PKG-302"
    assert "PKG-322" in codes


def test_recording_without_tags_is_found(small: Small, tmp_path: Path) -> None:
    path = copied(small, tmp_path)
    ID3(path).delete(path)
    assert codes_of_mp3(path) == ["PKG-310"]


@pytest.mark.parametrize(
    ("frame", "code"),
    [("TIT2", "PKG-311"), ("TLAN", "PKG-311"), ("APIC", "PKG-311"), ("COMM", "PKG-312"), ("CHAP", "PKG-320")],
)
def test_recording_that_lacks_a_tag_is_found(small: Small, tmp_path: Path, frame: str, code: str) -> None:
    path = copied(small, tmp_path)
    tags = ID3(path)
    tags.delall(frame)
    tags.save(path)
    assert codes_of_mp3(path) == [code]


def test_chapters_that_leave_a_gap_are_found(small: Small, tmp_path: Path) -> None:
    path = copied(small, tmp_path)
    tags = ID3(path)
    tags["CHAP:ch2"].start_time += 500
    tags.save(path)
    assert codes_of_mp3(path) == ["PKG-321"]


def test_chapters_that_end_too_early_are_found(small: Small, tmp_path: Path) -> None:
    path = copied(small, tmp_path)
    tags = ID3(path)
    last = max(tags.getall("CHAP"), key=lambda chapter: int(chapter.end_time))
    last.end_time -= 700
    tags.save(path)
    assert codes_of_mp3(path) == ["PKG-322"]


@pytest.mark.parametrize("content", [b"", b"No sound at all, only words. " * 100, b"\xff\xfb" * 50])
def test_recording_that_is_none_is_found(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "words.mp3"
    path.write_bytes(content)
    assert codes_of_mp3(path) == ["PKG-301"]


def test_recording_of_another_kind_is_found(tmp_path: Path) -> None:
    stereo = BytesIO()
    soundfile.write(stereo, np.zeros((24_000, 2), np.float32), 24_000, format="WAV")
    path = tmp_path / "wave.mp3"
    path.write_bytes(stereo.getvalue())
    assert codes_of_mp3(path) == ["PKG-301"]


def test_contrast_is_that_of_wcag() -> None:
    assert contrast("#000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#fff") == pytest.approx(4.48, abs=0.01)
    assert contrast("#eee", "#fff") == contrast("#fff", "#eeeeee") < 1.2


@pytest.mark.parametrize(
    ("clock", "seconds"),
    [("1.5s", 1.5), ("250ms", 0.25), ("2min", 120), ("1h", 3600), ("00:01:02.5", 62.5), ("01:02", 62), ("7", 7)],
)
def test_clock_values_are_those_of_smil(clock: str, seconds: float) -> None:
    assert seconds_of(clock) == pytest.approx(seconds)


def one_sentence(told: str) -> str:
    """What the command said, without the count of files."""
    (line,) = [line for line in told.splitlines() if not line.startswith("Checking")]
    assert "Traceback" not in line
    return line


def test_check_of_a_missing_file(packager: Packager, tmp_path: Path) -> None:
    done = packager("check", tmp_path / "none.epub")
    assert done.returncode == ExitCode.SOURCE
    assert "none.epub" in one_sentence(done.stderr)


def test_check_of_a_folder_without_books(packager: Packager, tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("Nothing here.", "utf-8")
    done = packager("check", tmp_path)
    assert done.returncode == ExitCode.SOURCE
    assert str(tmp_path) in one_sentence(done.stderr)


def test_check_without_a_build(packager: Packager, tmp_path: Path) -> None:
    done = packager("check", folder=tmp_path)
    assert done.returncode == ExitCode.SOURCE
    assert "build" in one_sentence(done.stderr)


@pytest.mark.parametrize("name", ["words.txt", "words"])
def test_check_of_a_text(packager: Packager, tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text("Only words.", "utf-8")
    done = packager("check", tmp_path / name)
    assert done.returncode == ExitCode.USAGE
    assert name in one_sentence(done.stderr)


def test_check_of_a_truncated_book(small: Small, packager: Packager, tmp_path: Path) -> None:
    path = tmp_path / "half.epub"
    path.write_bytes(small.book.read_bytes()[: small.book.stat().st_size // 2])
    done = packager("check", path)
    assert done.returncode == ExitCode.SOURCE
    assert "half.epub" in one_sentence(done.stderr)


def test_check_of_a_text_called_book(packager: Packager, tmp_path: Path) -> None:
    path = tmp_path / "words.epub"
    path.write_text("Only words.", "utf-8")
    done = packager("check", path)
    assert done.returncode == ExitCode.SOURCE
    assert "words.epub" in one_sentence(done.stderr)


def test_faults_are_told_and_counted_in_the_exit_code(small: Small, packager: Packager, tmp_path: Path) -> None:
    path = copied(small, tmp_path)
    ID3(path).delete(path)
    done = packager("check", path)
    assert done.returncode == ExitCode.CHECK
    assert f"{path}: 1 error, 0 warnings" in done.stdout
    assert "PKG-310" in done.stdout
    told = json.loads(packager("check", path, "--json").stdout)
    (finding,) = told["files"][0]["findings"]
    assert (finding["code"], finding["severity"]) == ("PKG-310", "error")


def test_warnings_alone_are_no_failure(small: Small, packager: Packager, tmp_path: Path) -> None:
    path = copied(small, tmp_path)
    tags = ID3(path)
    tags.delall("COMM")
    tags.save(path)
    done = packager("check", path)
    assert done.returncode == ExitCode.GOOD
    assert f"{path}: 0 errors, 1 warning" in done.stdout


def test_checker_that_does_not_run_is_a_finding(small: Small, packager: Packager, tmp_path: Path) -> None:
    broken = tmp_path / "ace"
    broken.write_text("#!/bin/sh\necho It broke. >&2\nexit 3\n", "utf-8")
    broken.chmod(0o755)
    path = str(broken)
    done = packager("check", small.book, "--json", PACKAGER_ACE=path, PUPPETEER_EXECUTABLE_PATH=path)
    told = [one for entry in json.loads(done.stdout)["files"] for one in entry["findings"] if one["tool"] == "ace"]
    assert [(one["code"], one["severity"]) for one in told] == [("NOT-RUN", "error")]
    assert "It broke." in told[0]["message"]
    assert done.returncode == ExitCode.CHECK
