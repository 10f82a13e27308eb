"""A web page becomes the draft of its article: all of it, and nothing else but a list of what was left out."""

from __future__ import annotations

import time
import tomllib
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from packager.errors import PackagerError, SourceError, UsageError
from packager.readers.html import HtmlPage, read_html_page
from packager.readers.language import detect_language
from packager.readers.markdown import read_markdown_article
from packager.readers.sanitise import clean_body
from packager.readers.source import SourceText
from packager.xhtml import elements, serialise, spaced_text_of, text_of

FIXTURES = Path(__file__).parent / "fixtures" / "html"
ADDRESS = "https://coast.example/a/b.html"
PROSE = "".join(
    f"<p>The {ordinal} tide came in before the sun was up, and took with it what the one before had left on the sand.</p>"
    for ordinal in "first second third fourth fifth sixth seventh eighth".split()
)


def cases(name: str, key: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = tomllib.loads((FIXTURES / name).read_text("utf-8"))[key]
    return found


def read(body: str, head: str = "", **wishes: Any) -> HtmlPage:
    page = f"<!DOCTYPE html><html><head>{head}</head><body>{body}</body></html>"
    return read_html_page(page.encode(), address=ADDRESS, **wishes)


def body_of(page: HtmlPage) -> etree._Element:
    return clean_body(page.markup)


@pytest.fixture(scope="module")
def harbour() -> HtmlPage:
    return read_html_page(
        (FIXTURES / "harbour.html").read_bytes(), address="https://coast.example/2021/harbour?from=here"
    )


def test_article_keeps_all_its_words_and_loses_the_clutter(harbour: HtmlPage) -> None:
    text = spaced_text_of(body_of(harbour))
    for words in (
        "When the river",
        "the harbour must go to the water",
        "Stone by stone",
        "the last boat",
        "under the stairs",
    ):
        assert words in text
    for words in (
        "cookies",
        "Boats for sale",
        "Share on",
        "partners",
        "Ten beaches",
        "Lovely story",
        "newsletter",
        "Imprint",
        "script",
    ):
        assert words not in text


def test_what_the_title_page_says_is_not_said_again(harbour: HtmlPage) -> None:
    text = text_of(body_of(harbour))
    for words in ("The Harbour That Moved", "Ann Lee", "8 November", "Half a mile"):
        assert words not in text
    assert harbour.fields["subtitle"] == "Half a mile to the west, stone by stone"


def test_structure_is_that_of_the_page(harbour: HtmlPage) -> None:
    body = body_of(harbour)
    assert [text_of(each) for each in elements(body, "h2", "h3")] == ["Stone by stone"]
    assert len(list(elements(body, "li"))) == 2 and len(list(elements(body, "blockquote"))) == 1
    assert [text_of(each) for each in elements(body, "th")] == ["Winter", "Stones"]
    assert [text_of(each) for each in elements(body, "td")] == ["First", "4,100", "Second", "5,200"]
    assert [each.get("lang") for each in elements(body, "span") if each.get("lang")] == ["cy"]
    assert [text_of(each) for each in elements(body, "pre")] == ["stones = 4100 + 5200 + 1700"]
    (figure,) = elements(body, "figure")
    assert [text_of(each) for each in elements(figure, "figcaption")] == ["The old quay in its last winter"]
    (picture,) = elements(body, "img")
    assert picture.get("src") == "https://coast.example/pictures/old-quay-1600.jpg"
    assert picture.get("alt") == "The old quay at low tide"
    (note,) = elements(body, "sup")
    assert note[0].get("href") in {f"#{each.get('id')}" for each in elements(body, "p")}


def test_metadata_of_the_page(harbour: HtmlPage) -> None:
    assert harbour.fields["title"] == "The Harbour That Moved"
    assert harbour.fields["authors"] == ["Ann Lee", "Bo Chan"]
    assert harbour.fields["date"] == "2021-11-08"
    assert "modified: 2021-11-10" in harbour.notes
    assert harbour.fields["publisher"] == "Coast Weekly"
    assert harbour.fields["language"] == "en-GB"
    assert harbour.fields["rights"] == "CC BY 4.0"
    assert harbour.fields["source"] == "https://coast.example/2021/harbour"
    assert harbour.lead_picture == "https://coast.example/lead.jpg"


def test_each_kind_of_clutter_is_listed_once(harbour: HtmlPage) -> None:
    kinds = [omission.what.split(",")[0] for omission in harbour.omissions]
    assert len(kinds) == len(set(kinds))
    assert {
        "Cookie notice",
        "Navigation",
        "Share bar",
        "Advertisement",
        "Related links",
        "Comments",
        "Newsletter sign-up",
        "Footer",
    } <= {*kinds, "Navigation"}
    assert any(
        omission.what.startswith("Related links") and omission.what.endswith("1 link") for omission in harbour.omissions
    )


@pytest.mark.parametrize("page", cases("metadata.toml", "page"), ids=lambda page: page["about"])
def test_metadata(page: dict[str, Any]) -> None:
    fields = read(page.get("body", "") + PROSE, page["head"]).fields
    assert {key: fields.get(key) for key in page["fields"]} == page["fields"]
    assert not set(page.get("absent", ())) & set(fields)


@pytest.mark.parametrize("picture", cases("pictures.toml", "picture"), ids=lambda picture: picture["markup"][:60])
def test_picture(picture: dict[str, Any]) -> None:
    found = [
        each.get("src")
        for each in elements(body_of(read(f"<article>{PROSE}<p>{picture['markup']}</p>{PROSE}</article>")), "img")
    ]
    assert found == [picture["src"]] * bool(picture["src"])


NOTED = """<p>First<sup id="r1"><a href="#f1">1</a></sup> and second.<a href="#f2" id="r2"><sup>[2]</sup></a>
Again<sup><a href="#f2">2</a></sup>.</p>"""
NOTES = """<div class="footnotes"><hr><ol><li id="f1">An almanac. <a href="#r1">↩</a></li>
<li id="f2"><p><a href="#r2">^</a> A <em>letter</em>.</p></li></ol></div>"""


def test_notes_of_a_page_are_kept_and_are_those_of_our_own_markdown() -> None:
    body = body_of(read(f'<div id="wrap"><article>{PROSE}{NOTED}</article></div>{NOTES}'))
    article = f"<article>\n\n{PROSE}\n\nFirst[^a] and second.[^b] Again[^b].\n\n</article>"
    text = f"{article}\n\n[^a]: An almanac.\n\n[^b]: A *letter*.\n"
    draft = read_markdown_article(SourceText("x", f"---\ntitle: x\n---\n{text}", Path(), "utf-8"))
    assert serialise(body) == serialise(clean_body(draft.markup))


def test_characters_by_number_are_those_that_browsers_show() -> None:
    page = read(f'{PROSE}<p>Tide&#150;table &#x1F;&#0;&#99999999;&#x20AC;5&#65;</p><img alt="&#x1F;" src="a.png">')
    assert "Tide–table €5A" in text_of(body_of(page))


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("I like tea. You like tea. We all like tea. Das Wetter ist heute sehr schön und wir gehen spazieren.", "en"),
        (
            "Das Wetter ist schön. Wir gehen heute spazieren. Niemand ist im Haus. She wrote it all in a long letter.",
            "de",
        ),
        ("Die Boote liegen still im Hafen, und niemand hat sie vor dem Mittag erwartet.", "de"),
    ],
)
def test_a_short_foreign_passage_does_not_decide_the_language(text: str, language: str) -> None:
    assert detect_language(text) == language


def test_base_decides_addresses() -> None:
    page = read(
        f'{PROSE}<p>See <a href="x">this</a> and <a href="#n">that</a>.</p><p id="n">Here.</p>', '<base href="/other/">'
    )
    assert [link.get("href") for link in elements(body_of(page), "a")] == ["https://coast.example/other/x", "#n-n"]


def test_drawing_becomes_a_picture_and_an_icon_goes() -> None:
    drawing = '<svg width="300" height="200"><title>A wave</title><path d="M0 0L9 9"/></svg>'
    icon = '<a href="/x"><svg width="300" height="300"><path d="M0 0"/></svg></a>'
    (picture,) = elements(
        body_of(read(f"<article>{PROSE}<p>{drawing}</p><p>{icon} Text by the icon.</p>{PROSE}</article>")), "img"
    )
    assert picture.get("alt") == "A wave"
    assert picture.get("src", "").startswith("data:image/svg+xml;base64,")


@pytest.mark.parametrize("page", cases("refusals.toml", "page"), ids=lambda page: page["says"])
def test_what_is_no_article_is_refused(page: dict[str, Any]) -> None:
    with pytest.raises(SourceError, match=page["says"]) as refusal:
        read(page["body"], page["head"])
    assert refusal.value.remedy


@pytest.mark.parametrize("head", ["", '<meta property="og:type" content="article">'])
def test_a_short_article_is_one(head: str) -> None:
    text = "The lighthouse was switched off on Sunday. Nobody noticed for three days, as the moon was full, the sea was calm and "
    text += "the fishermen were at home."
    assert text_of(body_of(read(f"<h1>Dark</h1><p>{text}</p>", head))) == text


def test_keep_and_drop_correct_the_choice() -> None:
    odd = '<p class="odd">Not wanted.</p>'
    page = f'<div class="newsletter"><p>Kept against all odds.</p></div><article>{PROSE}{odd}{PROSE}</article>'
    plain = text_of(body_of(read(page)))
    assert "Kept against" not in plain and "Not wanted." in plain
    corrected = read(page, keep=[".newsletter"], drop=["p.odd"])
    text = text_of(body_of(corrected))
    assert "Kept against all odds." in text and "Not wanted." not in text and "The first tide" in text
    assert any(omission.what.startswith("Dropped by --drop p.odd") for omission in corrected.omissions)


def test_what_is_dropped_does_not_count_against_a_short_page() -> None:
    text = "The lighthouse was switched off on Sunday. Nobody noticed for three days, as the moon was full, the sea was calm and "
    text += "the fishermen were at home."
    page = f'<div class="wall"><form>Subscribe to read all of it.</form></div><h1>Dark</h1><p>{text}</p>'
    with pytest.raises(SourceError, match="asks the reader to log in or to pay"):
        read(page)
    assert text_of(body_of(read(page, drop=[".wall"]))) == text


def test_keep_lets_a_page_through_that_would_be_refused() -> None:
    assert text_of(body_of(read("<nav>No</nav><p id=x>Only this</p>", keep=["#x"]))) == "Only this"


def test_wrong_selector_is_said_and_so_is_one_that_finds_nothing() -> None:
    with pytest.raises(UsageError, match="--drop “p\\[” is not a CSS selector"):
        read(PROSE, drop=["p["])
    notes = read(PROSE, keep=[".none"], drop=["#none"]).notes
    assert (
        "--keep “.none” matches nothing in the page" in notes and "--drop “#none” matches nothing in the page" in notes
    )


def test_text_in_linked_data_alone() -> None:
    sentences = "\\n".join(
        f"Sentence number {number} of a text that a script would have put into the page." for number in range(20)
    )
    head = f'<script type="application/ld+json">{{"@type": "Article", "headline": "Far", "articleBody": "{sentences}"}}</script>'
    assert len(list(elements(body_of(read('<div id="root"></div>', head)), "p"))) == 20


def test_old_page_of_line_breaks_has_paragraphs() -> None:
    text = "<br><br>".join(
        f"Paragraph {number} of an old page, which is a sentence of some length, and another." for number in range(9)
    )
    assert len(list(elements(body_of(read(f"<table><tr><td>{text}</td></tr></table>")), "p"))) >= 9


def test_teaser_that_repeats_the_first_paragraph_is_left_out() -> None:
    first = PROSE.partition("</p>")[0].removeprefix("<p>")
    teasers = f'<ul><li><a href="/x">Tides</a> {first}</li><li><a href="/y">Other</a> {first}</li></ul>'
    page = f'<div class="list">{teasers}</div><article>{PROSE}</article>'
    assert text_of(body_of(read(page))).count("The first tide") == 1


def test_caption_in_boxes_becomes_a_figure() -> None:
    box = (
        '<div class="wp-caption"><img src="x.jpg" alt="A gull"><p class="wp-caption-text">A gull on the quay</p></div>'
    )
    (figure,) = elements(body_of(read(f"<article>{PROSE}{box}{PROSE}</article>")), "figure")
    assert [text_of(each) for each in elements(figure, "figcaption")] == ["A gull on the quay"]


def test_right_to_left_page() -> None:
    page = f'<!DOCTYPE html><html dir="rtl"><body>{PROSE}</body></html>'
    assert 'dir="rtl"' in serialise(body_of(read_html_page(page.encode())))


def test_language_that_the_text_contradicts() -> None:
    german = (
        "<p>Die Flut kam, bevor die Sonne aufging, und nahm mit, was die vorige auf dem Sand gelassen hatte.</p>" * 30
    )
    page = read_html_page(f'<html lang="en"><body>{german}</body></html>'.encode())
    assert page.fields["language"] == "de"
    assert any("its text is in de" in note for note in page.notes)


@pytest.mark.parametrize(
    ("declared", "meta", "encoding"),
    [
        ("windows-1252", "", "cp1252"),
        (None, '<meta charset="iso-8859-1">', "cp1252"),
        (None, '<meta http-equiv="Content-Type" content="text/html; charset=windows-1251">', "cp1251"),
        ("utf-8", "", "cp1252"),
        (None, '<meta charset="latin-1">', "utf-8"),
        (None, "", "utf-16"),
    ],
)
def test_encodings(declared: str | None, meta: str, encoding: str) -> None:
    words = (
        "Прилив пришёл рано утром, и никто его не видел. "
        if encoding == "cp1251"
        else "Die Flut kam früh – „spät“ wäre falsch. "
    )
    page = f"<html><head>{meta}</head><body><p>{words * 20}</p></body></html>".encode(encoding)
    assert words.strip() in text_of(body_of(read_html_page(page, declared)))


def test_saved_page_knows_where_it_came_from() -> None:
    body = f'<body>{PROSE}<p><a href="/x">On</a> and on they came, all day.</p></body>'
    page = f"<!DOCTYPE html>\n<!-- saved from url=(0030)https://coast.example/a/tide --><html>{body}</html>"
    found = read_html_page(page.encode())
    assert found.address == found.fields["source"] == "https://coast.example/a/tide"
    assert [link.get("href") for link in elements(body_of(found), "a")] == ["https://coast.example/x"]


@pytest.mark.parametrize(
    "page",
    [
        "<div>" * 20_000 + PROSE,
        "<p><b>word " * 20_000,
        "<table><tr><td>cell " * 3_000,
        "<p " + " ".join(f'a{number}="1"' for number in range(100_000)) + ">x</p>" + PROSE,
        "<p x=" * 200_000,
        '<p a="' * 200_000,
        "<" * 1_000_000,
        f'<img srcset="{"a 1w," * 100_000}">' + PROSE,
        '<script type="application/ld+json">' + "[" * 100_000 + "</script>" + PROSE,
        "<svg width=500 height=500>" * 5_000 + PROSE,
        "text<br><br>" * 30_000,
    ],
    ids=[
        "deep",
        "unclosed",
        "tables",
        "attributes",
        "values",
        "quotes",
        "angles",
        "srcset",
        "json",
        "drawings",
        "breaks",
    ],
)
def test_hostile_page_takes_seconds_at_most(page: str) -> None:
    begin = time.process_time()
    with suppress(SourceError):
        clean_body(read_html_page(page.encode()).markup)
    assert time.process_time() - begin < 15


TAGS = (
    "div p a span ul li table tr td h1 h2 img svg math picture source noscript script style form nav article figure br body"
).split()
SOUP = st.lists(
    st.one_of(
        st.sampled_from([f"<{tag}>" for tag in TAGS] + [f"</{tag}>" for tag in TAGS]),
        st.sampled_from(
            [
                '<img src=x onerror="alert(1)">',
                "<a href='javascript:alert(1)'>go</a>",
                '<iframe srcdoc="<script>1</script>">',
                "<svg onload=alert(1) width=300 height=300><script>alert(1)</script><g/></svg>",
                "<!--",
                "-->",
                "<![CDATA[",
                "&#0;&amp;",
                '<noscript><img src="x"></noscript>',
                '<picture><source srcset="a 2x,,b"></picture>',
                "\x00",
                "\ud800",
                PROSE,
                '<script type="application/ld+json">{"@type": "Article", "author": [[{}]], "headline": {"a": 1}}</script>',
            ]
        ),
        st.text(max_size=30),
    ),
    max_size=40,
)


@settings(max_examples=150, deadline=None)
@given(SOUP)
def test_any_soup_of_tags_gives_a_clean_draft_or_a_refusal(parts: list[str]) -> None:
    try:
        page = read_html_page("".join(parts).encode("utf-8", "surrogatepass"), address=ADDRESS)
    except PackagerError as refusal:
        assert refusal.message and refusal.remedy
        return
    markup = serialise(body_of(page))
    assert "<script" not in markup and "onerror" not in markup and "javascript:" not in markup
