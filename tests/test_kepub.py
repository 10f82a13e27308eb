"""The EPUB for a Kobo: its spans are where its software looks for them, and its words are those of the plain EPUB."""

from __future__ import annotations

import json
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from conftest import ROOT, Packager, Tool
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from packager.checks.epubcheck import check_books
from packager.errors import ExitCode
from packager.model import XHTML, Article, Listening, Metadata, Page
from packager.pages.article import article_page
from packager.readers.sanitise import clean_body
from packager.speech.script import write_script
from packager.writers.epub.kepub import with_kobo_spans
from packager.xhtml import parse, serialise

ARTICLES = sorted(path.stem for path in (ROOT / "content").glob("*.md"))
SPAN = f"{{{XHTML}}}span"
LEFT_ALONE = {f"{{{XHTML}}}pre", f"{{{XHTML}}}rp"}
RULES = {
    "a paragraph": ("<p>One.</p><p>Two.</p>", "1.1 One.|2.1 Two."),
    "pieces of a paragraph": ("<p>a <em>b</em> c</p>", "1.1 a |1.2 b|1.3  c"),
    "white space in a paragraph": ("<p><em>a</em> <em>b</em></p>", "1.1 a|1.2  |1.3 b"),
    "white space elsewhere": ("<ul> <li>a</li> <li>b</li> </ul>", "1.1 a|1.2 b"),
    "headings": ("<h2>a</h2><p>b</p><h3>c</h3>", "1.1 a|2.1 b|3.1 c"),
    "a list is one paragraph": ("<ol><li>a</li><li>b</li></ol><p>c</p>", "1.1 a|1.2 b|2.1 c"),
    "a list of paragraphs": ("<ol><li><p>a</p></li><li><p>b</p></li></ol>", "1.1 a|2.1 b"),
    "a table": ("<table><tr><th>a</th><td>b</td></tr></table>", "1.1 a|1.2 b"),
    "an empty paragraph does not count": ("<p>a</p><p></p><p>b</p>", "1.1 a|2.1 b"),
    "a picture": ('<p>a</p><figure><img src="x"/><figcaption>b</figcaption></figure>', "1.1 a|2.1 <img>|2.2 b"),
    "a picture in a line": ('<p>a <img src="x"/> b</p>', "1.1 a |2.1 <img>|2.2  b"),
    "code": ("<pre>a\n <code>b</code></pre><p>c <code>d</code></p>", "1.1 c |1.2 d"),
    "a formula": ('<p>a <math xmlns="http://www.w3.org/1998/Math/MathML"><mi>x</mi></math> b</p>', "1.1 a |1.2  b"),
    "a reading": ("<p><ruby>a<rp>(</rp><rt>b</rt><rp>)</rp></ruby></p>", "1.1 a|1.2 b"),
    "text before any paragraph": ("<div>a</div><p>b</p>", "0.1 a|1.1 b"),
    "a comment": ("<p>a<!-- no text -->b</p>", "1.1 a|1.2 b"),
    "nothing": ("", ""),
}


def tagged(names: list[str], inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.tuples(st.sampled_from(names), inner).map(lambda pair: f"<{pair[0]}>{pair[1]}</{pair[0]}>")


words = st.text("ab.!? \n\u00a0é日", max_size=12)
inline = st.recursive(
    words,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3).map("".join),
        tagged(["em", "strong", "a", "code", "q", "sup", "span"], inner),
        st.just('<img src="x.png" alt="A cat."/>'),
        st.just("<br/>"),
        st.just("<ruby>日<rp>(</rp><rt>nichi</rt><rp>)</rp></ruby>"),
        st.just('<math xmlns="http://www.w3.org/1998/Math/MathML"><mi>x</mi></math>'),
    ),
    max_leaves=8,
)
block = st.recursive(
    inline,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3).map("\n".join),
        tagged(["p", "h2", "blockquote", "pre", "div", "section", "aside"], inner),
        st.lists(inner, max_size=3).map(lambda items: f"<ul>{''.join(f'<li>{item}</li>' for item in items)}</ul>"),
        st.lists(inner, max_size=3).map(
            lambda cells: f"<table><tr>{''.join(f'<td>{cell}</td>' for cell in cells)}</tr></table>"
        ),
    ),
    max_leaves=10,
)


def page_of(markup: str) -> Page:
    return Page("article", "A title", "en", f'<body xmlns="{XHTML}">{markup}</body>')


def kobo_spans(body: etree._Element) -> Iterator[etree._Element]:
    return (span for span in body.iter(SPAN) if span.get("class") == "koboSpan")


def documents(path: Path) -> dict[str, etree._Element]:
    with zipfile.ZipFile(path) as archive:
        return {
            name: etree.fromstring(archive.read(name)).find(f"{{{XHTML}}}body")
            for name in archive.namelist()
            if name.endswith(".xhtml") and not name.endswith("nav.xhtml")
        }


@pytest.fixture(scope="module")
def kepubs(packager: Packager, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("kepubs")
    built = packager("build", "content", "-o", folder, "--only", "epub,kepub")
    assert built.returncode == ExitCode.GOOD, built.stderr
    return folder


@pytest.mark.parametrize("case", RULES)
def test_spans_are_counted_as_kobo_counts_them(case: str) -> None:
    markup, expected = RULES[case]
    body = parse(with_kobo_spans(page_of(markup)).body)
    found = [
        f"{span.get('id').removeprefix('kobo.')} {'<img>' if len(span) else span.text}" for span in kobo_spans(body)
    ]
    assert "|".join(found) == expected


@given(markup=block)
@settings(deadline=None, max_examples=300)
def test_no_word_changes_and_none_is_left_out(markup: str) -> None:
    page = article_page(Article(Metadata("A title", "en"), serialise(clean_body(markup))))
    (marked,) = write_script([page], Listening()).pages
    body = parse(with_kobo_spans(marked).body)
    assert "".join(body.itertext()) == "".join(parse(page.body).itertext())
    spans = list(kobo_spans(body))
    numbers = [tuple(map(int, span.get("id").split(".")[1:])) for span in spans]
    assert numbers == sorted(set(numbers))
    for span in spans:
        assert [child.tag for child in span] in ([], [f"{{{XHTML}}}img"])
        assert bool(span.text) != bool(len(span))
        assert not any(outer.get("class") == "koboSpan" for outer in span.iterancestors())
    for element in body.iter(etree.Element):
        around = [element, *element.iterancestors()]
        if any(one.tag in LEFT_ALONE or etree.QName(one).namespace != XHTML for one in around):
            continue
        if element.tag == f"{{{XHTML}}}img":
            assert element.getparent() in spans
        assert element in spans or not (element.text or "").strip()
        assert not any((child.tail or "").strip() for child in element)


@pytest.mark.parametrize("article", ARTICLES)
def test_words_are_those_of_the_plain_epub(kepubs: Path, article: str) -> None:
    plain = documents(kepubs / article / f"{article}.epub")
    kobo = documents(kepubs / article / f"{article}.kepub.epub")
    assert list(kobo) == list(plain)
    for name, body in kobo.items():
        assert "".join(body.itertext()) == "".join(plain[name].itertext())
        (columns,) = body
        (inner,) = columns
        assert (columns.get("id"), inner.get("id")) == ("book-columns", "book-inner")
        assert list(kobo_spans(inner))


def test_epubcheck_finds_nothing(kepubs: Path, tool: Tool) -> None:
    tool("epubcheck")
    books = sorted(kepubs.glob("*/*.kepub.epub"))
    assert len(books) == len(ARTICLES)
    assert check_books(books) == {book: [] for book in books}


def test_spans_stand_inside_the_sentences_of_the_narration(packager: Packager, tool: Tool, tmp_path: Path) -> None:
    article = "the-walk-home"
    built = packager(
        *("build", f"content/{article}.md", "-o", tmp_path, "-e", "espeak", "--only", "kepub,narrated,json")
    )
    assert built.returncode == ExitCode.GOOD, built.stderr
    report = json.loads((tmp_path / article / f"{article}.json").read_text("utf-8"))
    bodies = documents(tmp_path / article / f"{article}.kepub.epub")
    sentences = [one for one in report["sentences"] if one["page"] == "article"]
    assert len(sentences) > 20
    by_id = {element.get("id"): element for element in bodies["EPUB/article.xhtml"].iter(SPAN)}
    for sentence in sentences:
        element = by_id[sentence["id"]]
        assert " ".join("".join(element.itertext()).split()) == sentence["text"]
        assert "".join(span.text for span in kobo_spans(element)) == "".join(element.itertext())


def test_no_voice_is_needed(packager: Packager, tmp_path: Path) -> None:
    source = tmp_path / "tlh.md"
    source.write_text("---\ntitle: tlhIngan Hol\nlanguage: tlh\n---\nnuqneH. Qapla'!\n", "utf-8")
    built = packager("build", source, "-o", tmp_path, "--only", "kepub")
    assert built.returncode == ExitCode.GOOD, built.stderr
    body = documents(tmp_path / "tlh" / "tlh.kepub.epub")["EPUB/article.xhtml"]
    assert [span.text for span in kobo_spans(body)][-3:] == ["nuqneH.", " ", "Qapla'!"]


def test_style_and_sound_are_as_a_kobo_wants_them(kepubs: Path) -> None:
    article = ARTICLES[0]
    with zipfile.ZipFile(kepubs / article / f"{article}.kepub.epub") as archive:
        names = archive.namelist()
        assert not [name for name in names if re.search(r"\.(mp3|smil)$", name)]
        assert b"div#book-inner" in archive.read("EPUB/style.css")
    with zipfile.ZipFile(kepubs / article / f"{article}.epub") as archive:
        assert b"book-inner" not in archive.read("EPUB/style.css")
