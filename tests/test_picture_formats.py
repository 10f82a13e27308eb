"""Pictures of every kind: what an e-reader shows stays, other kinds are converted, what may harm is gone or refused."""

from __future__ import annotations

import struct
import zlib
from base64 import b64encode
from functools import cache
from io import BytesIO

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree
from PIL import Image

from packager.readers.picture_formats import fit_picture
from packager.readers.rasters import PictureError
from packager.readers.svg import clean_svg

OPEN = '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" viewBox="0 0 9 9">'


@cache
def picture(kind: str, mode: str = "RGB", width: int = 120, height: int = 80) -> bytes:
    """Some thousands of colours, as in a photograph; with an alpha channel, half of it shows through."""
    across, down = np.meshgrid(np.linspace(0, 255, width), np.linspace(0, 255, height))
    layers = [across, down, (across + down) / 2, across]
    photograph = Image.fromarray(np.stack(layers, axis=-1).astype(np.uint8), "RGBA")
    output = BytesIO()
    (photograph if mode == "RGBA" else photograph.convert(mode)).save(output, kind)
    return output.getvalue()


def opened(data: bytes) -> Image.Image:
    return Image.open(BytesIO(data))


@pytest.mark.parametrize(
    ("kind", "mode"), [("PNG", "RGB"), ("PNG", "RGBA"), ("JPEG", "RGB"), ("JPEG", "L"), ("GIF", "P")]
)
def test_what_every_e_reader_shows_is_kept_byte_for_byte(kind: str, mode: str) -> None:
    assert fit_picture(picture(kind, mode)).data == picture(kind, mode)


@pytest.mark.parametrize(
    ("kind", "mode", "expected"),
    [
        ("WEBP", "RGB", "image/jpeg"),
        ("WEBP", "RGBA", "image/png"),
        ("AVIF", "RGB", "image/jpeg"),
        ("AVIF", "RGBA", "image/png"),
        ("TIFF", "CMYK", "image/jpeg"),
        ("BMP", "RGB", "image/jpeg"),
        ("WEBP", "1", "image/png"),
    ],
)
def test_other_kinds_are_converted(kind: str, mode: str, expected: str) -> None:
    fit = fit_picture(picture(kind, mode))
    assert fit.media_type == expected
    result = opened(fit.data)
    assert (f"image/{(result.format or '').lower()}", result.size) == (expected, (120, 80))
    before, after = (np.asarray(one.convert("RGBA"), dtype=float) for one in (opened(picture(kind, mode)), result))
    seen = before[..., 3] > 0
    assert np.abs(before - after)[seen].mean() < 6


def test_transparency_that_shows_nothing_through_does_not_make_a_photograph_a_png() -> None:
    output = BytesIO()
    opened(picture("PNG")).convert("RGBA").save(output, "WEBP", lossless=True)
    assert fit_picture(output.getvalue()).media_type == "image/jpeg"


@pytest.mark.parametrize(("kind", "mode"), [("PNG", "RGBA"), ("JPEG", "RGB"), ("JPEG", "CMYK"), ("WEBP", "RGB")])
def test_large_pictures_are_made_smaller(kind: str, mode: str) -> None:
    fit = fit_picture(picture(kind, mode, 2400, 1000))
    assert opened(fit.data).size == (1600, 667)
    assert opened(fit.data).mode == ("RGBA" if mode == "RGBA" else "RGB")


def test_sixteen_bits_of_grey_stay_grey() -> None:
    output = BytesIO()
    Image.fromarray(np.full((10, 2000), 30_000, np.uint16)).save(output, "PNG")
    assert opened(fit_picture(output.getvalue()).data).convert("L").getextrema() == (117, 117)


def test_a_photograph_that_says_how_it_was_held_is_turned_when_it_is_made_anew() -> None:
    output = BytesIO()
    held = Image.Exif()
    held[0x0112] = 6
    opened(picture("PNG", "RGB", 2000, 1000)).save(output, "JPEG", exif=held)
    assert opened(fit_picture(output.getvalue()).data).size == (800, 1600)


def png(width: int, height: int) -> bytes:
    """A picture that says how large it is, and has next to nothing in it."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"")) + chunk(b"IEND", b"")


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (png(10_000, 10_000), "it has 10000 × 10000 pixels, more than 60 million"),
        (png(2**31 - 1, 2**31 - 1), "pixels, more than 60 million"),
        (png(100, 100), "it is broken"),
        (picture("JPEG")[:700], "it is broken"),
        (b"", "it is empty"),
        (b"<!doctype html><title>Sorry</title><p>Not here.", "it is a broken SVG picture"),
        (b"<html><body/></html>", "it is of no kind of picture that Packager knows"),
        (b"Not here.", "it is of no kind of picture that Packager knows"),
        (b"%PDF-1.7\n", "it is a PDF file"),
        (b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic", "it is a HEIC photograph"),
        (b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n", "it is a PostScript file"),
        (f"{OPEN}<g>".encode(), "it is a broken SVG picture"),
        (b" " * 10 + OPEN.encode() + b" " * 5_000_000 + b"</svg>", "it is an SVG picture of more than 5 MB"),
    ],
)
def test_what_is_no_usable_picture_is_refused_with_the_reason(data: bytes, reason: str) -> None:
    with pytest.raises(PictureError) as refused:
        fit_picture(data)
    assert reason in str(refused.value)


@given(
    st.sampled_from(["PNG", "JPEG", "GIF", "WEBP", "AVIF", "TIFF", "BMP"]),
    st.lists(st.tuples(st.integers(0, 1_000_000), st.binary(min_size=1, max_size=8)), max_size=5),
    st.integers(0, 100_000),
)
def test_a_damaged_picture_is_a_picture_or_is_refused(kind: str, damages: list[tuple[int, bytes]], length: int) -> None:
    data = bytearray(picture(kind, "P" if kind == "GIF" else "RGB", 12, 8))
    for place, damage in damages:
        place %= len(data)
        data[place : place + len(damage)] = damage
    try:
        fit = fit_picture(bytes(data[: max(length % (2 * len(data)), 4)]))
    except PictureError:
        return
    assert fit.media_type in ("image/png", "image/jpeg", "image/gif")
    opened(fit.data).load()


HARMFUL = [
    "<script>alert(1)</script>",
    '<script xlink:href="https://evil.example/a.js"/>',
    '<rect onclick="alert(1)" onload="alert(1)"/>',
    '<a href="javascript:alert(1)"><rect/></a>',
    '<use href="https://evil.example/a.svg#a"/><use xlink:href="data:image/svg+xml,x#evil.example"/>',
    '<image href="https://evil.example/a.png"/><image xlink:href="file:///etc/passwd"/>',
    '<image href="data:image/svg+xml;base64,PHN2Zz5ldmlsLmV4YW1wbGU8L3N2Zz4="/>',
    '<image href="data:image/png;base64,ZXZpbA=="/>',
    '<foreignObject><iframe xmlns="http://www.w3.org/1999/xhtml" src="https://evil.example/"/></foreignObject>',
    '<set attributeName="href" to="javascript:alert(1)"/><animate attributeName="href" values="javascript:alert(1)"/>',
    '<rect style="fill:url(https://evil.example/a.svg#a)" fill="url(//evil.example/#a)"/>',
    "<rect style=\"background:image-set('evil.example/a.png' 1x)\"/>",
    "<style>@import 'evil.example/a.css';</style><style>a{b:u\\72l(https:evil.example)}</style>",
    "<style><![CDATA[rect{fill:url(https://evil.example/a)}]]></style>",
    "<handler xmlns='http://www.w3.org/2001/xml-events'>alert(1)</handler>",
    "<?xml-stylesheet href='https://evil.example/a.css'?><!-- alert(1) -->",
    '<rect xmlns:evil="https://evil.example/" evil:href="javascript:alert(1)" xml:base="https://evil.example/"/>',
    '<embed src="https://evil.example/"/><object data="https://evil.example/"/><link href="https://evil.example/"/>',
]


@pytest.mark.parametrize("markup", HARMFUL)
def test_nothing_that_runs_moves_or_fetches_stays_in_a_drawing(markup: str) -> None:
    cleaned = clean_svg(f'{OPEN}<g id="kept">{markup}</g><path d="M0 0h9"/></svg>'.encode()).decode()
    for word in ("alert", "evil", "ZXZpb", "javascript", "script", "passwd", "<set", "<animate", "<!--", "iframe"):
        assert word not in cleaned, cleaned
    assert '<path d="M0 0h9"/>' in cleaned
    assert 'id="kept"' in cleaned


def test_what_draws_stays() -> None:
    inner = b64encode(picture("GIF", "P")).decode()
    drawing = (
        '<title>River</title><defs><linearGradient id="g"><stop offset="0" stop-color="#fff"/></linearGradient>'
        '<symbol id="s"><circle r="1"/></symbol></defs><style>.a{fill:url(#g)}</style><use xlink:href="#s" x="3"/>'
        '<text class="a" font-size="3" xml:lang="de">Der <tspan dy="1">Fluss</tspan> steigt</text>'
        f'<rect fill="url(#g)" transform="scale(2)"/><image href="data:image/gif;base64,{inner}"/>'
    )
    cleaned = clean_svg(f"{OPEN}{drawing}</svg>".encode())
    same = [etree.canonicalize(xml) for xml in (f"{OPEN}{drawing}</svg>", cleaned.decode().partition("?>")[2])]
    assert same[0] == same[1]


def test_entities_read_no_files_and_do_not_blow_up() -> None:
    reading = f'<!DOCTYPE svg [<!ENTITY f SYSTEM "file:///etc/hostname">]>{OPEN}<text>a&f;b</text></svg>'
    assert b"<text>ab</text>" in clean_svg(reading.encode())
    steps = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 50}">' for n in range(1, 9))
    laughing = f'<!DOCTYPE svg [<!ENTITY e0 "ha">{steps}]>{OPEN}<rect class="&e8;"/><text>&e8;</text></svg>'
    with pytest.raises(PictureError):
        clean_svg(laughing.encode())


@pytest.mark.parametrize("inner", ['<use href="#0"/>', ""])
def test_parts_that_repeat_each_other_are_counted(inner: str) -> None:
    groups = "".join(f'<g id="_{n}">{f"""<use href="#_{n - 1}"/>""" * 10}</g>' for n in range(1, 12))
    with pytest.raises(PictureError, match="repeats its parts too often"):
        clean_svg(f'{OPEN}<g id="_0"><rect/>{inner}<use href="#_0"/></g>{groups}</svg>'.encode())
    clean_svg(f'{OPEN}<g id="a"><rect/></g>{"""<use href="#a"/>""" * 1000}</svg>'.encode())


TAGS = [
    "<g>",
    "</g>",
    "<script>",
    "</script>",
    "<style>",
    "</style>",
    "<a href='x'>",
    "</a>",
    "<!--",
    "-->",
    "&lt;",
    "]]>",
]


@given(st.lists(st.sampled_from(TAGS) | st.text(max_size=5)).map("".join))
def test_any_soup_is_a_clean_drawing_or_is_refused(soup: str) -> None:
    try:
        cleaned = clean_svg(f"{OPEN}{soup}</svg>".encode("utf-8", "surrogatepass"))
    except PictureError:
        return
    names = {etree.QName(element).localname for element in etree.fromstring(cleaned).iter()}
    assert names <= {"svg", "g", "style"}
