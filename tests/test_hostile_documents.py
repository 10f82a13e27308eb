"""Documents made to do harm, and bytes that mean nothing: a sentence and a way out, and nothing gets through."""

from __future__ import annotations

import re
import time
import zipfile
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest
from documents import container, docx, docx_part, epub, odt, p, pdf, picture, zipped
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from packager.checks.book import open_book
from packager.errors import PackagerError, SourceError
from packager.model import Article
from packager.readers.read import read_article
from packager.xhtml import parse

TEXT = "The boats lay still, and nobody came down to the quay to look at them that day."
TITLE = "<dc:title>The Ferry</dc:title>"
XXE = '<!DOCTYPE package [<!ENTITY secret SYSTEM "file:///etc/passwd">]>'
LAUGHS = '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;"><!ENTITY c "&b;&b;&b;">]>'
BOMB = bytes(30_000_000)


def locked() -> bytes:
    data = bytearray(docx(p(TEXT)))
    for signature, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        for found in re.finditer(re.escape(signature), bytes(data)):
            data[found.start() + place] |= 1
    return bytes(data)


def sealed_epub() -> bytes:
    """A book whose publisher has locked its chapter; fonts are often scrambled in the same way, and harm nobody."""
    space = 'xmlns:e="http://www.w3.org/2001/04/xmlenc#"'
    reference = f'<e:CipherData {space}><e:CipherReference URI="OPS/one.xhtml"/></e:CipherData>'
    return epub({"one": f"<p>{TEXT}</p>"}, TITLE, **{"META-INF__encryption_xml": f"<x>{reference}</x>"})


HOSTILE: dict[str, tuple[Callable[[], bytes], str]] = {
    "slip.docx": (lambda: docx(p(TEXT), **{"..__..__evil_xml": "<x/>"}), "leads out of it"),
    "absolute.epub": (lambda: epub({"one": TEXT}, TITLE, __etc__evil_xml="<x/>"), "leads out of it"),
    "bomb.epub": (lambda: epub({"one": TEXT}, TITLE, OPS__x_png=BOMB), "zip bomb"),
    "many.docx": (
        lambda: zipped({"word/document.xml": "", **{f"x{n}": "" for n in range(10_001)}}),
        "more than 10,000 files",
    ),
    "locked.docx": (locked, "locked by a password"),
    "sealed.epub": (sealed_epub, "DRM"),
    "xxe.epub": (lambda: epub({"one": TEXT}, TITLE, OPS__book_opf=f"{XXE}<package>&secret;</package>"), "XML entities"),
    "container.epub": (
        lambda: epub({"one": TEXT}, TITLE, **{"META-INF__container_xml": XXE + container("&secret;")}),
        "not good XML",
    ),
    "chapter.epub": (
        lambda: epub({"one": TEXT}, TITLE, OPS__one_xhtml=f"{XXE}<html><body>&secret;</body></html>"),
        "XML entities",
    ),
    "laughs.docx": (lambda: docx("", word__document_xml=LAUGHS + docx_part(p("&c;"))), "XML entities"),
    "laughs.odt": (lambda: odt("", content_xml=f"{LAUGHS}<x>&c;</x>"), "XML entities"),
    "feed.rss": (lambda: f"{XXE}<rss><channel><title>&secret;</title></channel></rss>".encode(), "XML entities"),
    "deep.docx": (lambda: docx("<w:p>" * 20_000 + "</w:p>" * 20_000), "nested too deeply"),
    "deep.fodt": (lambda: b"<x>" * 100_000, "nested too deeply"),
    "broken.docx": (lambda: docx("<w:p>"), "not good XML"),
    "no-text.docx": (lambda: zipped({"word/x.xml": "<x/>"}), "it has no text"),
    "cut.epub": (lambda: epub({"one": f"<p>{TEXT}</p>"}, TITLE)[:-30], "damaged"),
    "sheet.ods": (lambda: zipped({"mimetype": "x", "xl/workbook.xml": ""}), "zip file that is no"),
    "old.doc": (lambda: b"\xd0\xcf\x11\xe0" + bytes(600), "old Office file"),
    "no.pdf": (lambda: b"%PDF-1.7\n" + b"x" * 500, "no PDF that can be read"),
    "empty.rss": (lambda: b"<rss version='2.0'><channel><title>x</title></channel></rss>", "without entries"),
    "no.eml": (lambda: b"From: a@b.example\nMessage-ID: <1>\n\n", "without text"),
    "deep.json": (
        lambda: b'{"version": "https://jsonfeed.org/version/1", "items": ' + b"[" * 200_000,
        "not valid JSON",
    ),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_document_made_to_do_harm_is_refused_at_once_with_its_own_sentence(name: str, tmp_path: Path) -> None:
    make, said = HOSTILE[name]
    (tmp_path / name).write_bytes(make())
    begun = time.monotonic()
    with pytest.raises(SourceError, match=re.escape(said)) as caught:
        read_article(str(tmp_path / name))
    assert caught.value.remedy
    assert time.monotonic() - begun < 5


RUNNING = [
    "<script>alert(1)</script>",
    "<scr<script>ipt>alert(1)</script>",
    '<img src="x" onerror="alert(1)"/>',
    '<img src="javascript:alert(1)"/>',
    '<a href="javascript:alert(1)">x</a>',
    '<a href="java&#9;script:alert(1)">x</a>',
    '<a href=" &#1;javascript:alert(1)">x</a>',
    '<a href="data:text/html,&lt;script>alert(1)&lt;/script>">x</a>',
    '<a href="vbscript:alert(1)">x</a>',
    '<iframe src="javascript:alert(1)"></iframe>',
    '<object data="x.swf"></object><embed src="x.swf"/>',
    '<svg onload="alert(1)"><script>alert(1)</script><foreignObject><iframe/></foreignObject></svg>',
    '<svg><animate attributeName="href" values="javascript:alert(1)"/><a href="javascript:alert(1)"><text>x</text></a></svg>',
    '<math href="javascript:alert(1)"><mi xlink:href="javascript:alert(1)">x</mi><maction actiontype="x">y</maction></math>',
    '<math><mtext><table><mglyph><style><img src="x" onerror="alert(1)"/></style></mglyph></table></mtext></math>',
    '<form action="javascript:alert(1)"><input type="image" src="x"/><button formaction="javascript:alert(1)">x</button></form>',
    '<p style="background:url(javascript:alert(1))" onclick="alert(1)">x</p>',
    '<style>@import "javascript:alert(1)"; p{background:url(//e.example)}</style>',
    '<meta http-equiv="refresh" content="0;url=javascript:alert(1)"/><base href="javascript:alert(1)//"/>',
    '<link rel="stylesheet" href="javascript:alert(1)"/>',
    '<video src="x" onerror="alert(1)"><source onerror="alert(1)"/></video><audio autoplay="" src="x"/>',
    '<details open="" ontoggle="alert(1)"><summary>x</summary></details>',
    '<noscript><p title="</noscript><img src=x onerror=alert(1)>"></p></noscript>',
    "<template><script>alert(1)</script></template><xmp><script>alert(1)</script></xmp>",
    "<!--><script>alert(1)</script>-->",
    "<![CDATA[<script>alert(1)</script>]]>",
    '<bdo dir="javascript:alert(1)">x</bdo><x onclick="alert(1)" contenteditable="">x</x>',
]


@pytest.mark.parametrize("markup", RUNNING)
@pytest.mark.parametrize("kind", ["epub", "eml", "rss"])
def test_nothing_that_runs_or_fetches_gets_into_the_article(markup: str, kind: str, tmp_path: Path) -> None:
    made = {
        "epub": lambda: epub({"one": f"<p>{TEXT}</p>{markup}"}, TITLE),
        "eml": lambda: f"From: a@b.example\nMessage-ID: <1>\nContent-Type: text/html\n\n<p>{TEXT}</p>{markup}".encode(),
        "rss": lambda: (
            f"<rss version='2.0'><channel><item><title>x</title><description><![CDATA[<p>{TEXT}</p>"
            f"{markup.replace(']]>', ']]&gt;')}]]></description></item></channel></rss>".encode()
        ),
    }
    path = tmp_path / f"article.{kind}"
    path.write_bytes(made[kind]())
    assert_harmless(read_article(str(path)))


def test_a_drawing_in_a_book_loses_what_runs_and_keeps_what_is_drawn(tmp_path: Path) -> None:
    drawing = (
        '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" onload="alert(1)">'
        '<title>A boat</title><script>alert(1)</script><circle r="3" onclick="alert(1)"/>'
        '<image xlink:href="http://e.example/x.png"/><a xlink:href="javascript:alert(1)"><rect width="2" height="2"/></a></svg>'
    )
    book = epub(
        {"one": f'<p>{TEXT}</p>{drawing}<p><img src="d.svg" alt="Again"/></p>'},
        TITLE,
        '<item id="d" href="d.svg" media-type="image/svg+xml"/>',
        OPS__d_svg=drawing,
    )
    (tmp_path / "book.epub").write_bytes(book)
    article = read_article(str(tmp_path / "book.epub"))
    assert article.body.count('alt="A boat"') == 1
    assert {resource.media_type for resource in article.resources} == {"image/svg+xml"}
    for resource in article.resources:
        assert b"circle" in resource.data and b"rect" in resource.data
        assert not re.search(rb"script|onload|onclick|e\.example", resource.data)
    assert_harmless(article)


def assert_harmless(article: Article) -> None:
    for element in parse(article.body).iter():
        assert not re.search(
            r"\}(?:script|style|iframe|object|embed|form|input|button|link|meta|base|svg|video|audio)$", element.tag
        )
        for name, value in element.attrib.items():
            assert not name.lower().startswith("on") and name not in ("style", "srcset", "formaction")
            assert not re.match(r"\s*(?:javascript|vbscript|data|file):", value, re.I)
    assert all(not Path(resource.name).is_absolute() and ".." not in resource.name for resource in article.resources)


SUFFIXES = (".docx .odt .fodt .epub .eml .mhtml .rss .atom .json .xml .pdf .html .xhtml .md .txt .rtf .foo").split()


@cache
def good() -> dict[str, bytes]:
    """A sound document of every kind."""
    return {
        ".docx": docx(p(TEXT), word__media__boat_png=picture()),
        ".odt": odt(f"<text:p>{TEXT}</text:p>"),
        ".epub": epub({"one": f"<h1>One</h1><p>{TEXT}</p>"}, TITLE),
        ".pdf": pdf([[(72, 700, 11, TEXT)]], "P"),
        ".eml": f"From: a@b.example\nMessage-ID: <1>\nMIME-Version: 1.0\nContent-Type: text/html\n\n<p>{TEXT}</p>".encode(),
        ".rss": f"<rss version='2.0'><channel><item><title>{TEXT}</title></item></channel></rss>".encode(),
        ".json": f'{{"version": "https://jsonfeed.org/version/1", "items": [{{"content_text": "{TEXT}"}}]}}'.encode(),
    }


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=300) | st.text(max_size=300).map(str.encode), st.sampled_from(SUFFIXES))
def test_any_bytes_of_any_name_are_an_article_or_a_refusal(tmp_path: Path, data: bytes, suffix: str) -> None:
    outcome(tmp_path, data, suffix)


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_a_document_damaged_anywhere_is_an_article_or_a_refusal(tmp_path: Path, data: st.DataObject) -> None:
    suffix = data.draw(st.sampled_from(sorted(good())))
    whole = bytearray(good()[suffix])
    if suffix in (".docx", ".odt", ".epub") and data.draw(st.booleans()):
        whole = bytearray(_damaged_member(bytes(whole), data))
    else:
        _damage(whole, data)
    outcome(tmp_path, bytes(whole), suffix)


@pytest.mark.parametrize("method", [zipfile.ZIP_LZMA, zipfile.ZIP_BZIP2, zipfile.ZIP_DEFLATED])
def test_a_damaged_stream_is_told_however_it_is_packed(tmp_path: Path, method: int) -> None:
    name = "word/document.xml"
    whole = bytearray(zipped({name: TEXT * 50}, method))
    place = whole.index(name.encode()) + len(name)
    whole[place : place + 24] = bytes(24)
    path = tmp_path / "any.docx"
    path.write_bytes(whole)
    with pytest.raises(SourceError, match="damaged"):
        read_article(str(path))
    path.rename(book := tmp_path / "any.epub")
    with pytest.raises(SourceError):
        open_book(book)


def _damage(whole: bytearray, data: st.DataObject) -> None:
    for place in data.draw(st.lists(st.integers(0, len(whole) - 1), min_size=1, max_size=8)):
        whole[place] = data.draw(st.integers(0, 255))
    if data.draw(st.booleans()):
        del whole[data.draw(st.integers(0, len(whole))) :]


def _damaged_member(whole: bytes, data: st.DataObject) -> bytes:
    """Damage what is in a zip file, which its checksums would hide from us otherwise."""
    import io

    with zipfile.ZipFile(io.BytesIO(whole)) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    name = data.draw(st.sampled_from(sorted(name for name in members if members[name])))
    part = bytearray(members[name])
    _damage(part, data)
    return zipped({**members, name: bytes(part)})


def outcome(folder: Path, data: bytes, suffix: str) -> None:
    path = folder / f"any{suffix}"
    path.write_bytes(data)
    try:
        article = read_article(str(path))
    except PackagerError as error:
        assert error.exit_code == 3 and error.message and error.remedy
    else:
        assert_harmless(article)
