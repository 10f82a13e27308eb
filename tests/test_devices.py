"""Loading devices: each kind gets what it opens, and whatever happens meanwhile, nothing is lost and nothing is half."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import signal
import subprocess
import sys
import unicodedata
from collections.abc import Callable, Iterator
from multiprocessing import get_context
from pathlib import Path

import pytest
from conftest import TOOLS, Packager
from hypothesis import given
from hypothesis import strategies as st
from pathvalidate import is_valid_filename
from volumes import VOLUME_TOOLS, MakeVolume, Volume, build_book, require, run, volumes_below

from packager.delivery.devices import names
from packager.delivery.devices.block import Block, block_of, usb_devices
from packager.delivery.devices.holding import Held
from packager.delivery.devices.loading import load
from packager.delivery.devices.planning import plan_load
from packager.delivery.devices.record import DAMAGED_RECORD, RECORD, RecordDamagedError, read_record
from packager.delivery.devices.targets import attached_unmounted, chosen_target
from packager.delivery.profiles import Profile, profile, profiles
from packager.delivery.shelf import read_shelf
from packager.errors import DeliveryError, ExitCode
from packager.model import FILE_OF_PRODUCT, Metadata

DISKS = [one for one in profiles() if one.attachment == "disk"]
TITLE, AUTHOR = "What? A “Ferry”: 50% of AC/DC…", "Łucja O'Nel"
MEGABYTE = 2**20
FAT_FORBIDS = set('\\/:*?"<>|') | {chr(code) for code in range(32)}


@pytest.fixture
def make_volume(tmp_path: Path) -> Iterator[MakeVolume]:
    require(*VOLUME_TOOLS)
    with volumes_below(tmp_path) as make:
        yield make


@pytest.fixture
def build(tmp_path: Path) -> Path:
    return build_book(tmp_path / "build", "ferry", TITLE, (AUTHOR,))


@pytest.fixture
def card(tmp_path: Path) -> Path:
    folder = tmp_path / "card"
    folder.mkdir()
    return folder


def tree(folder: Path) -> dict[str, bytes | None]:
    """Everything below a folder: what files hold, None for folders."""
    return {
        path.relative_to(folder).as_posix(): None if path.is_dir() else path.read_bytes()
        for path in sorted(folder.rglob("*"))
    }


def books_on(folder: Path) -> dict[str, bytes]:
    return {path: data for path, data in tree(folder).items() if path.endswith((".epub", ".mp3")) and data is not None}


def mark(volume: Volume, kind: Profile) -> None:
    """Put on a volume what a device of that kind has."""
    for path in kind.markers[0] if kind.markers else ():
        endings = kind.marker_endings.get(path, ())
        volume.put(path if endings or path == ".kobo/version" else f"{path}/")
        if path == ".kobo/version":
            number = endings[0] if endings else "384"
            (volume.mount / path).write_text(f"N1,4.1,4.41.1,4.1,4.1,00000000-0000-0000-0000-000000000{number}\n")


def load_onto(target: str | Path, build: Path, during: Callable[[float], None] = lambda share: None) -> None:
    """Load all of `build` in this process, `during` being called with the share that is done."""
    chosen = chosen_target(str(target), "generic")
    with Held(chosen.root, chosen.name) as held:
        load(held, plan_load(held, chosen, read_shelf(build).books), "generic", during)


def once(action: Callable[[], None], at: float) -> Callable[[float], None]:
    """An action that is done when so much of a load is done."""
    left = [action]

    def during(share: float) -> None:
        if share >= at and left:
            left.pop()()

    return during


@pytest.mark.parametrize("kind", DISKS, ids=lambda kind: kind.id)
def test_each_device_gets_its_files_and_gives_them_back(
    kind: Profile, make_volume: MakeVolume, build: Path, packager: Packager
) -> None:
    volume = make_volume(label=(kind.labels or ("CARD",))[0])
    mark(volume, kind)
    before = tree(volume.mount)
    named = () if kind.markers else ("--to", str(volume.mount), "--as", kind.id)

    loaded = packager("load", "-o", build, "--json", *named)

    assert loaded.returncode == ExitCode.GOOD, loaded.stderr
    told = json.loads(loaded.stdout)
    assert told["device"]["profile"] == kind.id
    on_device = books_on(volume.mount)
    assert {row["path"] for row in told["files"]} == set(on_device)
    assert {row["product"] for row in told["files"]} == set(kind.products)
    for row in told["files"]:
        source = build / "ferry" / FILE_OF_PRODUCT[row["product"]].format(slug="ferry")
        assert on_device[row["path"]] == source.read_bytes()
        assert row["sha256"] == hashlib.sha256(source.read_bytes()).hexdigest()
        assert "Ferry" in row["path"]
        assert not set(row["path"].replace("/", "")) & (FAT_FORBIDS | set(kind.forbidden))
        assert any(row["path"].startswith(f"{folder}/") if folder else True for folder in kind.folders[row["product"]])
    once_loaded = tree(volume.mount)
    assert packager("load", "-o", build, *named).returncode == ExitCode.GOOD
    assert tree(volume.mount) == once_loaded
    listed = json.loads(packager("devices", "--json").stdout)["devices"]
    (device,) = [one for one in listed if one["mount"] == str(volume.mount)]
    assert (device["profile"], {one["slug"] for one in device["loaded"]}) == (kind.id, {"ferry"})
    assert packager("unload", "ferry").returncode == ExitCode.GOOD
    assert tree(volume.mount) == before


@pytest.mark.parametrize("way", ["pulled out", "detached", "swapped"])
def test_a_device_that_goes_meanwhile_is_noticed_and_harms_nothing(
    way: str, make_volume: MakeVolume, build: Path
) -> None:
    build_book(build, "second", "Second", size=12 * MEGABYTE, products=("epub",))
    os.utime(build / "second" / "second.json", (1, 1))
    volume = make_volume()
    other = make_volume("other")
    other.unmount()

    def go() -> None:
        if way == "pulled out":
            volume.pull_out()
        else:
            volume.detach()
        if way == "swapped":
            Volume(volume.mount, other.loop).attach()

    with pytest.raises(DeliveryError, match="pulled out or unmounted"):
        load_onto(volume.mount, build, once(go, 0.4))

    if way == "swapped":
        assert tree(volume.mount) == {}
        Volume(volume.mount, other.loop).unmount()
    if way != "pulled out":
        assert tree(volume.mount) == {}, "something landed on this computer's own disk"
    volume.again()
    whole = {path.read_bytes() for path in build.glob("*/*.*") if path.suffix in (".epub", ".mp3")}
    assert set(books_on(volume.mount).values()) <= whole
    load_onto(volume.mount, build)
    assert {path.rpartition(".")[2] for path in tree(volume.mount)} == {"epub", "mp3", "json"}
    assert len(books_on(volume.mount)) == 3
    volume.detach()
    assert tree(volume.mount) == {}, "something landed on this computer's own disk"


def test_a_full_device_is_told_before_anything_is_written(
    make_volume: MakeVolume, build: Path, packager: Packager
) -> None:
    build_book(build, "large", "Large", size=40 * MEGABYTE, products=("epub",))
    volume = make_volume()
    refused = packager("load", "-o", build, "--to", volume.mount)
    assert refused.returncode == ExitCode.DELIVERY
    assert "too little room" in refused.stderr
    assert tree(volume.mount) == {}


def test_a_device_that_fills_up_meanwhile_keeps_whole_books_only(make_volume: MakeVolume, build: Path) -> None:
    build_book(build, "second", "Second", size=16 * MEGABYTE, products=("epub",))
    os.utime(build / "second" / "second.json", (1, 1))
    volume = make_volume()

    def fill() -> None:
        with (volume.mount / "film").open("wb", buffering=0) as film, pytest.raises(OSError, match="space"):
            while True:
                film.write(b"x" * 2**16)

    with pytest.raises(DeliveryError, match="is full"):
        load_onto(volume.mount, build, once(fill, 0.1))
    first = {(build / "ferry" / f"ferry.{kind}").read_bytes() for kind in ("epub", "mp3")}
    assert set(books_on(volume.mount).values()) == first
    assert not list(volume.mount.rglob("*.part"))


def test_a_read_only_device_is_told(make_volume: MakeVolume, build: Path, packager: Packager) -> None:
    volume = make_volume(label="LOCKED")
    mark(volume, profile("kobo"))
    volume.unmount()
    volume.attach("ro")
    for arguments in ((), ("--dry-run",)):
        refused = packager("load", "-o", build, *arguments)
        assert (refused.returncode, "“LOCKED” is read-only" in refused.stderr) == (ExitCode.DELIVERY, True)
    assert "read-only" in packager("devices").stdout


def test_two_devices_are_told_apart_by_label_and_alike_ones_by_place(
    make_volume: MakeVolume, build: Path, packager: Packager
) -> None:
    first, second = make_volume("one", label="Mine"), make_volume("two", label="Yours")
    for volume in (first, second):
        mark(volume, profile("kobo"))
    asked = packager("load", "-o", build)
    assert asked.returncode == ExitCode.USAGE
    assert "--to Mine or --to Yours" in asked.stderr
    assert packager("load", "-o", build, "--to", "yours").returncode == ExitCode.GOOD
    assert not books_on(first.mount)
    assert books_on(second.mount)
    ambiguous = packager("load", "-o", build, "--to", "kobo")
    assert ambiguous.returncode == ExitCode.USAGE
    assert str(first.mount) in ambiguous.stderr


def test_a_kobo_with_a_card_is_the_volume_with_its_marks(
    make_volume: MakeVolume, build: Path, packager: Packager
) -> None:
    card, kobo = make_volume("card", label="SD"), make_volume("main", label="KOBOeReader")
    card.put("old.epub")
    mark(kobo, profile("kobo"))
    assert packager("load", "-o", build).returncode == ExitCode.GOOD
    assert len(books_on(card.mount)) == 1
    listed = packager("devices").stdout
    assert "Kobo: “KOBOeReader”" in listed
    assert "Not recognised: “SD”" in listed


def test_the_name_of_a_folder_inside_a_device_is_where_books_go(
    make_volume: MakeVolume, build: Path, packager: Packager
) -> None:
    volume = make_volume()
    mark(volume, profile("kobo"))
    volume.put("Reading/Now/")
    assert packager("load", "-o", build, "--to", volume.mount / "Reading/Now").returncode == ExitCode.GOOD
    assert [path.rpartition("/")[0] for path in books_on(volume.mount)] == ["Reading/Now"]
    assert (volume.mount / RECORD).is_file()


def test_a_folder_that_only_looks_like_a_device_is_not_loaded_by_accident(
    card: Path, build: Path, packager: Packager
) -> None:
    (card / ".kobo").mkdir()
    (card / ".kobo/version").write_text("N1,4.1\n")
    before = tree(card)
    refused = packager("load", "-o", build, "--to", card)
    assert refused.returncode == ExitCode.DELIVERY
    assert "looks like a Kobo" in refused.stderr
    assert "folder of this computer" in refused.stderr
    assert tree(card) == before
    meant = packager("load", "-o", build, "--to", card, "--as", "kobo")
    assert meant.returncode == ExitCode.GOOD, meant.stderr
    assert len(books_on(card)) == 1


def test_a_folder_without_any_marks_is_loaded_when_it_is_named(card: Path, build: Path, packager: Packager) -> None:
    loaded = packager("load", "-o", build, "--to", card)
    assert loaded.returncode == ExitCode.GOOD
    assert "is a folder of this computer, not a device" in loaded.stderr
    assert len(books_on(card)) == 2


def test_what_was_never_there_is_told(build: Path, packager: Packager, tmp_path: Path) -> None:
    for arguments, words in (
        (("--to", tmp_path / "gone"), "There is no folder"),
        (("--to", "no-such-reader"), "“no-such-reader”"),
        (("--to", build, "--as", "gramophone"), "There is no device profile"),
        (("--to", build, "no-such-article"), "There is no built book"),
        (("--to", build, "--as", "remarkable"), "10.11.99.1"),
    ):
        refused = packager("load", "-o", build, *arguments)
        assert refused.returncode in (ExitCode.USAGE, ExitCode.SOURCE, ExitCode.DELIVERY)
        assert words in refused.stderr
    assert RECORD not in tree(build)


def test_a_book_that_is_not_built_for_the_device_names_the_command(
    card: Path, tmp_path: Path, packager: Packager
) -> None:
    build = build_book(tmp_path / "build", "ferry", TITLE, products=("epub",))
    refused = packager("load", "-o", build, "--to", card, "--as", "kobo")
    assert refused.returncode == ExitCode.DELIVERY
    assert "packager build --for kobo" in refused.stdout
    assert tree(card) == {}


def test_a_newer_build_replaces_the_older_under_the_same_name(card: Path, build: Path, packager: Packager) -> None:
    packager("load", "-o", build, "--to", card)
    (build / "ferry/ferry.epub").write_bytes(b"newer")
    before = set(tree(card))
    told = packager("load", "-o", build, "--to", card).stdout
    assert "in place of the older build" in told
    assert set(tree(card)) == before
    assert b"newer" in books_on(card).values()


def test_a_card_that_turns_out_to_be_another_device_gets_its_files_where_that_looks(
    card: Path, build: Path, packager: Packager
) -> None:
    packager("load", "-o", build, "--to", card, "--as", "generic")
    first = books_on(card)
    again = packager("load", "-o", build, "--to", card, "--as", "victor-reader")
    assert again.returncode == ExitCode.GOOD
    later = {path: data for path, data in books_on(card).items() if path not in first}
    assert later and all(path.startswith("$VROtherBooks/") for path in later)
    assert "already there" in packager("load", "-o", build, "--to", card).stdout

    assert packager("unload", "--from", card).returncode == ExitCode.GOOD
    assert books_on(card) == {}


def test_what_is_not_there_to_be_loaded_or_to_load_onto_is_told(
    tmp_path: Path, card: Path, build: Path, packager: Packager
) -> None:
    nothing = tmp_path / "nothing"
    nothing.mkdir()
    empty = packager("load", "-o", nothing, "--to", card)
    assert (empty.returncode, "packager build" in empty.stderr) == (ExitCode.SOURCE, True)
    twice = packager("load", "-o", build, "--to", card, "--to", nothing)
    assert twice.returncode == ExitCode.USAGE
    assert (books_on(card), books_on(nothing)) == ({}, {})
    completed = packager("load", f"{build}/ferry/", "-o", build, "--to", card)
    assert completed.returncode == ExitCode.GOOD
    assert books_on(card)


def test_files_of_the_user_are_never_touched(card: Path, build: Path, packager: Packager) -> None:
    packager("load", "-o", build, "--to", card)
    (book,) = [path for path in card.iterdir() if path.suffix == ".epub"]
    packager("unload", "--from", card)
    theirs = card / book.name.upper()
    theirs.write_bytes(b"theirs")

    assert "and not ours, and stays" in packager("load", "-o", build, "--to", card).stdout
    names_there = [path.name for path in card.iterdir()]
    assert len({name.casefold() for name in names_there}) == len(names_there) == 4
    assert packager("unload", "--from", card).returncode == ExitCode.GOOD
    assert tree(card) == {theirs.name: b"theirs"}


def test_what_was_changed_on_the_device_stays_unless_asked(card: Path, build: Path, packager: Packager) -> None:
    packager("load", "-o", build, "--to", card)
    (book,) = [path for path in card.iterdir() if path.suffix == ".epub"]
    book.write_bytes(b"with their notes")
    (build / "ferry/ferry.epub").write_bytes(b"newer")

    kept = packager("load", "-o", build, "--to", card)
    assert (kept.returncode, book.read_bytes()) == (ExitCode.DELIVERY, b"with their notes")
    assert "was changed on the device" in kept.stdout
    left = packager("unload", "--from", card)
    assert (left.returncode, book.read_bytes()) == (ExitCode.DELIVERY, b"with their notes")
    assert "left: it was changed" in left.stdout
    assert packager("load", "-o", build, "--to", card, "--overwrite").returncode == ExitCode.GOOD
    assert book.read_bytes() == b"newer"


def record_with(**values: object) -> bytes:
    """A record of one file with values that are not ours."""
    file = {"slug": "a", "product": "epub", "title": "A", "authors": [], "path": "a.epub", "bytes": 1, "sha256": "0"}
    return json.dumps({"packager": 1, "profile": "", "folders": [], "files": [{**file, "part": "", **values}]}).encode()


@pytest.mark.parametrize(
    "damage",
    [
        b"",
        b"\xff\xfe",
        b"[]",
        b'{"packager": 2}',
        b"[" * 100_000,
        b'{"packager": 1, "profile": "", "folders": ["../build"], "files": []}',
        b'{"packager": 1, "profile": "", "folders": [], "files": [{"path": "/etc/hosts"}]}',
        b'{"packager": 1, "profile": "", "folders": ["/etc"], "files": []}',
        record_with(path="a/b\x1b[2J.epub"),
        record_with(title="\ud800"),
        record_with(part="diary.txt"),
        record_with(part="../pkg-1.part"),
        record_with(bytes=1.5),
    ],
)
def test_a_record_that_cannot_be_ours_is_not_believed(damage: bytes, card: Path) -> None:
    (card / RECORD).write_bytes(damage)
    with Held(card, "card") as held, pytest.raises(RecordDamagedError):
        read_record(held)


@pytest.mark.parametrize("kind", ["folder", "link", "pipe"])
def test_a_record_that_is_no_file_is_put_aside(kind: str, card: Path, build: Path, packager: Packager) -> None:
    secret = build / "secret"
    secret.write_bytes(record_with())
    record = card / RECORD
    {"folder": record.mkdir, "link": lambda: record.symlink_to(secret), "pipe": lambda: os.mkfifo(record)}[kind]()
    assert packager("unload", "--from", card).returncode == ExitCode.DELIVERY
    loaded = packager("load", "-o", build, "--to", card)
    assert (loaded.returncode, "is damaged" in loaded.stderr) == (ExitCode.GOOD, True)
    assert record.is_file() and not record.is_symlink()
    assert secret.read_bytes() == record_with()
    assert packager("unload", "--from", card).returncode == ExitCode.GOOD


def test_a_folder_in_the_place_of_a_book_is_told_and_stays(card: Path, build: Path, packager: Packager) -> None:
    packager("load", "-o", build, "--to", card)
    (book,) = [card / name for name in books_on(card) if name.endswith(".mp3")]
    book.unlink()
    (book / "mine").mkdir(parents=True)
    for _ in range(2):
        again = packager("load", "-o", build, "--to", card, "--overwrite")
        assert (again.returncode, "take it away first" in again.stdout) == (ExitCode.DELIVERY, True)
    assert (book / "mine").is_dir()


def test_two_articles_of_one_slug_and_no_author_are_two_books(card: Path, tmp_path: Path, packager: Packager) -> None:
    for title in ("First", "Second"):
        build_book(tmp_path / title, "article", title, products=("epub",))
        assert packager("load", "-o", tmp_path / title, "--to", card).returncode == ExitCode.GOOD
    on_card = books_on(card)
    assert len(on_card) == 2
    for title in ("First", "Second"):
        assert packager("load", "-o", tmp_path / title, "--to", card).returncode == ExitCode.GOOD
    assert books_on(card) == on_card


def test_a_damaged_record_is_told_and_nothing_is_taken(card: Path, build: Path, packager: Packager) -> None:
    packager("load", "-o", build, "--to", card)
    (card / RECORD).write_bytes(b"{")
    before = tree(card)
    refused = packager("unload", "--from", card)
    assert (refused.returncode, "is damaged" in refused.stderr) == (ExitCode.DELIVERY, True)
    again = packager("load", "-o", build, "--to", card)
    assert (again.returncode, "record of what was loaded before is damaged" in again.stderr) == (ExitCode.GOOD, True)
    assert tree(card) == before
    (build / "ferry/ferry.epub").write_bytes(b"newer")
    assert packager("load", "-o", build, "--to", card).returncode == ExitCode.GOOD
    assert books_on(card).items() > {(name, data) for name, data in before.items() if name.endswith((".epub", ".mp3"))}
    assert (card / DAMAGED_RECORD).read_bytes() == b"{"


def test_what_a_killed_load_leaves_is_cleared_by_the_next(card: Path, build: Path) -> None:
    build_book(build, "second", "Second", size=12 * MEGABYTE, products=("epub",))

    def die() -> None:
        os.kill(os.getpid(), signal.SIGKILL)

    process = get_context("fork").Process(target=load_onto, args=(card, build, once(die, 0.4)))
    process.start()
    process.join(60)
    assert process.exitcode == -signal.SIGKILL
    assert list(card.glob("pkg-*.part"))
    (card / "pkg-77.part").write_bytes(b"theirs")

    load_onto(card, build)

    assert [path.name for path in card.glob("*.part")] == ["pkg-77.part"]
    assert len(books_on(card)) == 3
    assert not any(one["part"] for one in json.loads((card / RECORD).read_text())["files"])


def test_an_interrupted_load_keeps_what_is_whole(card: Path, build: Path) -> None:
    build_book(build, "second", "Second", size=4 * MEGABYTE, products=("epub",))
    os.utime(build / "second" / "second.json", (1, 1))

    def interrupt() -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        load_onto(card, build, once(interrupt, 0.4))
    assert len(books_on(card)) == 2
    assert set(tree(card)) == {RECORD, *books_on(card)}
    assert {one["path"] for one in json.loads((card / RECORD).read_text())["files"]} == set(books_on(card))


def test_two_loads_at_once_are_not_let_onto_one_device(card: Path, build: Path, packager: Packager) -> None:
    with Held(card, "card") as held:
        held.lock()
        refused = packager("load", "-o", build, "--to", card)
    assert (refused.returncode, "at work" in refused.stderr) == (ExitCode.DELIVERY, True)
    assert tree(card) == {}


def test_a_title_that_is_too_long_is_shortened_and_a_folder_too_deep_is_told(
    card: Path, tmp_path: Path, packager: Packager
) -> None:
    build = build_book(tmp_path / "build", "long", "日本語" * 200, products=("kepub", "epub"))
    assert packager("load", "-o", build, "--to", card, "--as", "kobo").returncode == ExitCode.GOOD
    (name,) = books_on(card)
    assert name.startswith("日本語日本語")
    assert len(name.encode()) < 256
    with Held(card, "card") as held:
        target = chosen_target(str(card), "kobo")
        deep = "/".join(["folder"] * 25)
        deeper = type(target)(target.root, target.name, target.profile, target.why, deep)
        with pytest.raises(DeliveryError, match="too short for a book"):
            plan_load(held, deeper, read_shelf(build_book(tmp_path / "other", "other", "Other")).books)


def test_players_that_sort_by_name_get_numbers_in_the_order_of_building(card: Path, tmp_path: Path) -> None:
    build = tmp_path / "build"
    for number, slug in enumerate(("zebra", "apple"), 1):
        build_book(build, slug, slug.title())
        os.utime(build / slug / f"{slug}.json", (number, number))
    target = chosen_target(str(card), "mp3-player")
    for _ in range(2):
        with Held(card, "card") as held:
            load(held, plan_load(held, target, read_shelf(build).books), "mp3-player")
    assert sorted(books_on(card)) == ["001 Zebra.mp3", "002 Apple.mp3"]


def test_ejecting_without_its_program_says_how(make_volume: MakeVolume, build: Path, packager: Packager) -> None:
    volume = make_volume()
    mark(volume, profile("kobo"))
    loaded = packager("load", "-o", build, "--to", volume.mount, "--eject", PATH="/nowhere")
    assert loaded.returncode == ExitCode.DELIVERY
    assert "udisksctl is not installed. Eject it in the file manager" in loaded.stderr
    assert len(books_on(volume.mount)) == 1


def test_linux_own_fat_driver_takes_what_we_load(tmp_path: Path) -> None:
    require("linux.uml", "mkfs.vfat", "fsck.vfat", root=False)
    image, results = tmp_path / "fat32.img", tmp_path / "results"
    results.mkdir()
    image.touch()
    os.truncate(image, 64 * MEGABYTE)
    run("mkfs.vfat", "-F", "32", "-n", "KOBOEREADER", image)
    build = build_book(tmp_path / "build", "ferry", TITLE, (AUTHOR,), products=("kepub",), size=9 * MEGABYTE // 2)
    variables = {
        "RESULTS": results,
        "PYTHON": sys.executable,
        "SCRIPT": TOOLS / "uml/fat32.py",
        "BUILD": build,
        "init": TOOLS / "uml/init.sh",
    }
    arguments = ["mem=256M", "root=/dev/root", "rootfstype=hostfs", "hostfs=/", "ro", f"ubd1={image}", "con=null"]
    linux = subprocess.run(
        ["linux.uml", *arguments, "con0=null,fd:1", "quiet", *(f"{name}={value}" for name, value in variables.items())],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=180,
    )
    assert (results / "code").is_file(), linux.stdout[-2000:]
    assert (results / "code").read_text().strip() == "0", (results / "errors").read_text()[-2000:]
    found = json.loads((results / "results.json").read_text())

    assert found["found"] == [["kobo", "vfat", "KOBOEREADER"]]
    assert found["loaded"] == "good"
    (digest,) = [value for path, value in found["on device"].items() if path.endswith(".kepub.epub")]
    assert digest == hashlib.sha256((build / "ferry/ferry.kepub.epub").read_bytes()).hexdigest()
    assert found["again"] == ["same"]
    assert found["user's name"] == "good"
    assert found["unloaded"] == found["nasty unloaded"] == "good[]"
    assert found["nasty names"] == "good"
    assert len(found["nasty paths"]) == 13
    assert found["nasty again"] == ["same"]
    assert "pulled out or unmounted" in found["detached"]
    assert found["on this computer"] == []
    assert "is full" in found["full"]
    assert found["after full"] == []
    assert "is read-only" in found["read-only"]
    run("fsck.vfat", "-n", image)


@pytest.mark.parametrize(
    ("kind", "folder"),
    [("nook", "My Files"), ("tolino-old", ".tolino"), ("pocketbook", "applications"), ("generic", "Books")],
)
def test_calibre_lists_what_we_loaded(kind: str, folder: str, card: Path, tmp_path: Path, packager: Packager) -> None:
    if not shutil.which("calibre-debug"):
        # Half a gigabyte: too much to ask of the gate.
        pytest.skip("calibre is missing: install it")
    article = tmp_path / "ferry.md"
    article.write_text(
        "---\ntitle: The Łódź Ferry\nauthor: Zoë O’Brien\nlanguage: en\n---\n\nIt leaves at noon.\n", "utf-8"
    )
    assert packager("build", article, "--only", "epub,json", "-o", tmp_path / "build").returncode == ExitCode.GOOD
    (card / folder).mkdir()
    loaded = packager("load", "-o", tmp_path / "build", "--to", card, "--as", kind)
    assert loaded.returncode == ExitCode.GOOD, loaded.stderr
    said = subprocess.run(
        ["calibre-debug", TOOLS / "calibre_books.py", kind, card],
        capture_output=True,
        encoding="utf-8",
        timeout=120,
        env=os.environ | {"CALIBRE_CONFIG_DIRECTORY": str(tmp_path / "calibre")},
    )
    (line,) = [line for line in said.stdout.splitlines() if line.startswith("BOOKS ")]
    assert json.loads(line.removeprefix("BOOKS ")) == [{"title": "The Łódź Ferry", "authors": ["Zoë O’Brien"]}]


def test_usb_ids_are_read_where_linux_keeps_them(tmp_path: Path) -> None:
    system = tmp_path / "sys"
    stick, reader = system / "devices/usb1/1-1", system / "devices/usb1/1-2"
    for place, vendor, product in ((stick, "2237", "4228"), (reader, "1949", "9981")):
        place.mkdir(parents=True)
        (place / "idVendor").write_text(f"{vendor}\n")
        (place / "idProduct").write_text(f"{product}\n")
    (reader / "product").write_text("Kindle\n")
    number = Path("/dev/null").stat().st_rdev
    disk = stick / "1-1:1.0/host0/target0:0:0/0:0:0:0/block/sda/sda1"
    disk.mkdir(parents=True)
    (system / "dev/block").mkdir(parents=True)
    (system / f"dev/block/{os.major(number)}:{os.minor(number)}").symlink_to(disk)
    (system / "bus/usb/devices").mkdir(parents=True)
    for place in (stick, reader):
        (system / "bus/usb/devices" / place.name).symlink_to(place)

    assert block_of("/dev/null", system) == Block(removable=True, usb="2237:4228")
    found = usb_devices(system)
    assert [(one.ids, one.name, one.has_disk) for one in found] == [
        ("1949:9981", "Kindle", False),
        ("2237:4228", "", True),
    ]
    kindle, kobo = attached_unmounted([], system)
    assert (kindle.profile.id, kobo.profile.id) == ("kindle", "kobo")
    assert "packager send" in kindle.steps
    assert "file manager" in kobo.steps


_TITLES = st.text(st.characters() | st.sampled_from(". _-~?:/\\\"'%\u202e\u0301\u200d\0Co𝄞ß"), max_size=300)


@given(
    title=_TITLES | st.sampled_from(["CON", "nul.txt", "COM1", "LPT¹", "CONIN$", "..", "", " ", "._", "a" * 400]),
    author=_TITLES,
    kind=st.sampled_from(DISKS),
    taken=st.lists(st.sampled_from(["a.epub", "A.EPUB", "book x.epub", "CON book.epub"])),
)
def test_any_title_gives_a_legal_name_that_is_its_own(title: str, author: str, kind: Profile, taken: list[str]) -> None:
    stem = names.legal(names.spoken_of(Metadata(title, "en", authors=(author,))), kind.forbidden, "book x")
    keys = {names.key(name) for name in taken}
    given_names = []
    for _ in range(3):
        name = names.fitted(stem, ".epub", kind.path_limit, keys)
        given_names.append(name)
        assert names.key(name) not in keys
        keys.add(names.key(name))
    for name in given_names:
        assert name.endswith(".epub")
        assert unicodedata.is_normalized("NFC", name)
        assert is_valid_filename(name, platform="universal", max_len=255)
        assert not set(name) & (FAT_FORBIDS | set(kind.forbidden))
        assert name[0] not in "._ "
        assert not name.removesuffix(".epub").endswith((" ", "."))
        assert names.units(name) <= kind.path_limit
        assert len(name.encode()) <= 255
    assert stem == names.legal(names.spoken_of(Metadata(title, "en", authors=(author,))), kind.forbidden, "book x")
