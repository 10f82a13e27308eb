"""Device profiles: each file says something that can be, and a build for a device makes what the device wants."""

from __future__ import annotations

import json
import zipfile
from importlib.resources import files
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from conftest import Packager, Tool
from lxml import etree
from PIL import Image

from packager.checks.epubcheck import check_books
from packager.delivery import profiles as package
from packager.delivery.profiles import Profile, profile, profiles, read_profile
from packager.errors import ExitCode, UsageError
from packager.model import XHTML, Resource
from packager.writers.epub.pictures import Fit, fitted_picture

GOOD = 'name = "A reader"\nproducts = ["epub"]\nfolders = { epub = ["Books"] }\n'
WRONG = {
    "colour = 1": "sets “colour”, which no profile has",
    'products = ["epub", "pdf"]': "no product “pdf”",
    "products = []": "wants no product",
    'products = ["mp3"]': "folders does not name a place for each product",
    'folders = { epub = "Books" }': "folders is not a table",
    'folders = { epub = ["/Books"] }': "“/Books” leads out of the volume",
    'folders = { epub = ["../Books"] }': "“../Books” leads out of the volume",
    'own_folder = ["mp3"]': "own_folder names a product",
    "markers = [[]]": "markers is not a list",
    'markers = [".kobo"]': "markers is not a list",
    'markers = [["a"]]\nmarker_endings = { b = ["1"] }': "marker_endings names a file that is no marker",
    'usb = ["1949"]': "“1949” is no pair",
    "path_limit = 0": "path_limit is not a number",
    "path_limit = true": "path_limit is not a number",
    "numbered = 1": "numbered is neither",
    "picture = [600]": "picture is not a width and a height",
    "picture = [600, 0]": "picture is not a width and a height",
    'picture_types = ["image/webp"]': "“image/webp” is no kind of picture",
    'attachment = "cable"': "attachment is “cable”",
    'attachment = "mtp"': "steps does not say",
    "remark = 1": "remark is not a text",
}
WANTED = {
    "kobo": {"kepub"},
    "tolino": {"epub"},
    "tolino-old": {"epub"},
    "pocketbook": {"epub", "mp3"},
    "nook": {"epub"},
    "sony": {"epub"},
    "kindle": {"epub"},
    "koreader": {"epub"},
    "boox": {"epub", "mp3"},
    "remarkable": {"epub"},
    "victor-reader": {"mp3"},
    "nls": {"mp3"},
    "mp3-player": {"mp3"},
    "generic": {"epub", "mp3"},
}
DRAWING = b'<svg xmlns="http://www.w3.org/2000/svg" width="40" height="20"><rect width="40" height="20"/></svg>'
SMALL_SCREEN = (758, 1024)


def file_of(folder: Path, article: str, kind: str) -> Path:
    return folder / article / f"{article}.{kind}"


def report_of(folder: Path, article: str) -> dict[str, Any]:
    report: dict[str, Any] = json.loads(file_of(folder, article, "json").read_text("utf-8"))
    return report


def picture(mode: str, size: tuple[int, int], kind: str) -> bytes:
    output = BytesIO()
    Image.new(mode, size).save(output, kind)
    return output.getvalue()


def pictures_in(book: Path) -> dict[str, Image.Image]:
    with zipfile.ZipFile(book) as archive:
        return {
            name: Image.open(BytesIO(archive.read(name)))
            for name in archive.namelist()
            if name.startswith("EPUB/pictures/") and not name.endswith(".svg")
        }


@pytest.fixture
def illustrated(tmp_path: Path) -> Path:
    (tmp_path / "wide.png").write_bytes(picture("P", (1500, 400), "PNG"))
    (tmp_path / "high.jpg").write_bytes(picture("RGB", (700, 1500), "JPEG"))
    (tmp_path / "moving.gif").write_bytes(picture("P", (30, 30), "GIF"))
    (tmp_path / "drawing.svg").write_bytes(DRAWING)
    names = ("wide.png", "high.jpg", "moving.gif", "drawing.svg")
    source = tmp_path / "pictures.md"
    source.write_text("# Pictures\n\n" + "\n\n".join(f"![The {name}.]({name})" for name in names), "utf-8")
    return source


def test_every_file_is_a_profile_that_can_be() -> None:
    names = {file.name.removesuffix(".toml") for file in files(package).iterdir() if file.name.endswith(".toml")}
    assert {one.id: set(one.products) for one in profiles()} == WANTED
    assert names == set(WANTED)


@pytest.mark.parametrize("line", WRONG)
def test_what_cannot_be_is_told(line: str) -> None:
    key = line.partition(" ")[0]
    kept = [one for one in GOOD.splitlines() if not one.startswith(f"{key} ")]
    with pytest.raises(ValueError, match=r"^sample\.toml") as found:
        read_profile("sample", "\n".join([*kept, line]))
    assert WRONG[line] in str(found.value)


def test_what_is_missing_is_told() -> None:
    with pytest.raises(ValueError, match="does not say its folders"):
        read_profile("sample", 'name = "A reader"\nproducts = ["epub"]\n')
    assert read_profile("sample", GOOD) == Profile("sample", "A reader", ("epub",), {"epub": ("Books",)})


def test_words_that_users_call_a_device_by_mean_one_device() -> None:
    words = [word.casefold() for one in profiles() for word in {one.id, one.name, *one.also}]
    meant = {word: profile(f" {word.upper()} ").id for word in words}
    assert all(one.id == meant[word.casefold()] for one in profiles() for word in (one.id, one.name, *one.also))
    with pytest.raises(UsageError, match="no device profile “abacus”"):
        profile("abacus")


def test_what_is_no_disk_says_what_to_do() -> None:
    by_hand = {one.id for one in profiles() if one.attachment != "disk"}
    assert by_hand == {"kindle", "boox", "remarkable"}
    assert "packager send" in profile("kindle").steps


@pytest.mark.parametrize(
    ("asked", "made"),
    [
        (["--for", "kobo"], {"kepub.epub", "json"}),
        (["--for", "Kindle, kobo"], {"epub", "kepub.epub", "json"}),
        (["--for", "tolino", "--for", "sony"], {"epub", "json"}),
        (["--for", "victor-reader"], {"mp3", "json"}),
        (["--for", "pocketbook"], {"epub", "mp3", "json"}),
    ],
)
def test_a_build_for_a_device_makes_what_it_wants(
    packager: Packager, tmp_path: Path, asked: list[str], made: set[str]
) -> None:
    source = tmp_path / "tea.md"
    source.write_text("# Tea\n\nWater first.\n", "utf-8")
    built = packager("build", source, "-o", tmp_path / "out", "-e", "espeak", *asked)
    assert built.returncode == ExitCode.GOOD, built.stderr
    assert {path.name for path in (tmp_path / "out" / "tea").iterdir()} == {f"tea.{kind}" for kind in made}


def test_devices_and_products_are_two_ways_to_say_it(packager: Packager, tmp_path: Path) -> None:
    (tmp_path / "tea.md").write_text("# Tea\n\nWater first.\n", "utf-8")
    (tmp_path / "packager.toml").write_text('devices = ["sony", "kobo"]\noutput = "out"\n', "utf-8")
    both = packager("build", "tea.md", "--for", "kobo", "--only", "epub", folder=tmp_path)
    assert both.returncode == ExitCode.USAGE
    assert "what to make and for which devices" in both.stderr
    unknown = packager("build", "tea.md", "--for", "abacus", folder=tmp_path)
    assert unknown.returncode == ExitCode.USAGE
    assert "victor-reader" in unknown.stderr
    packager("build", "tea.md", folder=tmp_path)
    made = report_of(tmp_path / "out", "tea")["files"]
    assert {product: entry.get("for") for product, entry in made.items()} == {"epub": ["sony"], "kepub": ["kobo"]}
    packager("epub", "tea.md", folder=tmp_path)
    assert "for" not in report_of(tmp_path / "out", "tea")["files"]["epub"]
    planned = packager("build", "tea.md", "--dry-run", folder=tmp_path, PACKAGER_DEVICES="nook")
    assert planned.stdout.split()[-2:] == [str(Path("out/tea/tea.epub")), str(Path("out/tea/tea.json"))]


def test_pictures_are_no_larger_than_the_screen(packager: Packager, illustrated: Path, tmp_path: Path) -> None:
    built = packager("build", illustrated, "-o", tmp_path, "--for", "sony")
    assert built.returncode == ExitCode.GOOD, built.stderr
    book = file_of(tmp_path, "pictures", "epub")
    shown = pictures_in(book)
    assert sorted(one.size for one in shown.values()) == [(30, 30), (478, 1024), (683, 1024), (1024, 273)]
    with zipfile.ZipFile(book) as archive:
        assert [archive.read(name) for name in archive.namelist() if name.endswith(".svg")]
    assert report_of(tmp_path, "pictures")["files"]["epub"]["for"] == ["sony"]
    both = packager("build", illustrated, "-o", tmp_path, "--for", "sony,kindle")
    assert both.returncode == ExitCode.GOOD, both.stderr
    shown = pictures_in(book)
    assert {one.format for one in shown.values()} == {"PNG", "JPEG"}
    assert max(one.size for one in shown.values()) == (2480, 1240)


def test_a_book_for_a_kindle_has_what_its_converter_takes(
    packager: Packager, illustrated: Path, tmp_path: Path, tool: Tool
) -> None:
    built = packager("build", illustrated, "-o", tmp_path, "--for", "kindle")
    assert built.returncode == ExitCode.GOOD, built.stderr
    book = file_of(tmp_path, "pictures", "epub")
    assert {one.format for one in pictures_in(book).values()} == {"PNG", "JPEG"}
    with zipfile.ZipFile(book) as archive:
        assert all(name.isascii() and " " not in name for name in archive.namelist())
        package = etree.fromstring(archive.read("EPUB/content.opf"))
        assert len(package.findall(".//{http://purl.org/dc/elements/1.1/}language")) == 1
        kinds = {item.get("media-type") for item in package.iter("{http://www.idpf.org/2007/opf}item")}
        assert kinds == {
            *("application/xhtml+xml", "application/x-dtbncx+xml", "text/css", "image/png", "image/jpeg"),
        }
        for name in archive.namelist():
            if name.endswith((".xhtml", ".ncx", ".opf")):
                assert archive.read(name)[:80].lower().startswith(b"<?xml version='1.0' encoding='utf-8'?>"), name
        page = etree.fromstring(archive.read("EPUB/article.xhtml"))
    shown = {image.get("alt"): image for image in page.iter(f"{{{XHTML}}}img")}
    assert shown["The moving.gif."].get("src").endswith(".png")
    # A small drawing is drawn large and shown small, as it was.
    assert shown["The drawing.svg."].get("width") == "40"
    assert shown["The wide.png."].get("width") is None
    tool("epubcheck")
    assert check_books([book]) == {book: []}


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "I;16"])
def test_a_picture_is_scaled_and_keeps_its_shape(mode: str) -> None:
    found = fitted_picture(
        Resource("pictures/a.png", "image/png", picture(mode, (1600, 900), "PNG")),
        Fit(("image/jpeg", "image/png"), SMALL_SCREEN),
    )
    assert (found.name, found.media_type) == ("pictures/a.png", "image/png")
    assert Image.open(BytesIO(found.data)).size == (1024, 576)


@pytest.mark.parametrize(
    ("size", "shown"),
    [((758, 1024), (758, 1024)), ((1024, 758), (1024, 758)), ((1500, 1500), (758, 758)), ((100, 4096), (25, 1024))],
)
def test_the_device_may_be_turned(size: tuple[int, int], shown: tuple[int, int]) -> None:
    before = Resource("pictures/a.jpg", "image/jpeg", picture("RGB", size, "JPEG"))
    after = fitted_picture(before, Fit(("image/jpeg",), SMALL_SCREEN))
    assert Image.open(BytesIO(after.data)).size == shown
    assert (after is before) == (size == shown)


@pytest.mark.parametrize(
    ("drawing", "size"),
    [
        (DRAWING, (1024, 512)),
        (b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 10,20"/>', (512, 1024)),
        (b'<svg xmlns="http://www.w3.org/2000/svg"/>', (758, 758)),
        (b'<svg xmlns="http://www.w3.org/2000/svg" width="1" height="1000000000"/>', (1, 1024)),
    ],
)
def test_a_drawing_is_drawn_where_it_is_not_shown(drawing: bytes, size: tuple[int, int]) -> None:
    before = Resource("pictures/a.svg", "image/svg+xml", drawing)
    assert fitted_picture(before, Fit(("image/svg+xml",), SMALL_SCREEN)) is before
    after = fitted_picture(before, Fit(("image/png",), SMALL_SCREEN))
    assert (after.name, after.media_type) == ("pictures/a.png", "image/png")
    assert Image.open(BytesIO(after.data)).size == size


def test_every_kind_of_device_is_told(packager: Packager) -> None:
    told = packager("devices", "--known").stdout
    for one in profiles():
        assert f"{one.id}: {one.name}" in told
    assert [one["id"] for one in json.loads(packager("devices", "--known", "--json").stdout)["profiles"]] == [
        one.id for one in profiles()
    ]
