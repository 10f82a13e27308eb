"""The speech script: sentences are marked without touching the page, and what is said fits what is printed."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from packager.model import XHTML, Article, Listening, Metadata, Page, Script, Sentence
from packager.pages.article import article_page
from packager.readers.sanitise import clean_body
from packager.speech.script import write_script
from packager.speech.scripts import by_script
from packager.writers.epub.documents import document
from packager.xhtml import local_name, parse, serialise, spaced_text_of, text_of

UNDIVIDED = frozenset({"a", "abbr", "ruby", "code", "sub", "sup", "q", "time"})


def page_of(markup: str, language: str = "en", title: str = "A title") -> Page:
    return article_page(Article(Metadata(title, language), serialise(clean_body(markup))))


def script_of(markup: str, language: str = "en") -> Script:
    return write_script([page_of(markup, language)], Listening())


def sentences(markup: str, language: str = "en") -> list[Sentence]:
    """The sentences of the text, without the title."""
    return [sentence for sentence in script_of(markup, language).said if sentence.kind != "title"]


def said(markup: str, language: str = "en") -> list[str]:
    return [sentence.spoken for sentence in sentences(markup, language)]


def assert_in_step(page: Page, script: Script) -> None:
    """What holds of every script and the page it was written for."""
    before, after = parse(page.body), parse(script.pages[0].body)
    assert "".join(before.itertext()) == "".join(after.itertext())
    ids = [element.get("id") for element in after.iter() if element.get("id")]
    assert len(ids) == len(set(ids))
    assert {element.get("id") for element in before.iter()} <= {*ids, None}
    for link in after.iter(f"{{{XHTML}}}a"):
        href = link.get("href")
        assert href[0] != "#" or href[1:] in ids
    by_id = {element.get("id"): element for element in after.iter()}
    order = {element: number for number, element in enumerate(after.iter())}
    elements = [by_id[sentence.id] for sentence in script.said]
    assert [order[element] for element in elements] == sorted(order[element] for element in elements)
    for sentence, element in zip(script.said, elements, strict=True):
        as_printed = text_of if sentence.treatment == "read" else spaced_text_of
        assert sentence.text == (element.get("alt") if local_name(element) == "img" else as_printed(element))
        assert sentence.utterances
        assert all(any(map(str.isalnum, utterance.spoken)) for utterance in sentence.utterances)
        assert not any(other in elements for other in element.iterancestors())
        assert set(sentence.regions) <= set(ids)
    for sentence in script.sentences:
        assert_tied(sentence)
    printed = "".join(one.text + one.after for one in script.sentences if one.kind != "picture")
    assert "".join(printed.split()) == "".join("".join(before.itertext()).split())
    for name in UNDIVIDED:
        tag = f"{{{XHTML}}}{name}"
        assert [text_of(one) for one in before.iter(tag)] == [text_of(one) for one in after.iter(tag)]
    etree.fromstring(document(script.pages[0]), etree.XMLParser(resolve_entities=False))


def assert_tied(sentence: Sentence) -> None:
    """The spans cover what is printed and what is said, in order, without overlap."""
    reached = heard = 0
    for span in sentence.spans:
        assert span.text[0] == reached <= span.text[1]
        assert heard <= span.spoken[0] <= span.spoken[1]
        assert not sentence.spoken[heard : span.spoken[0]].strip()
        reached, heard = span.text[1], span.spoken[1]
    assert reached == len(sentence.text)
    assert not sentence.spoken[heard:].strip()


LETTERS = st.text(st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="<>&"), max_size=12)
WORDS = st.sampled_from(
    "One thing. |Dr. No said “Stop. Go.” Then| it ended! |… |e.g. 5 km| |***|Это русское слово. |α |\n|日本語です。次も。|¿Qué? |"
    "مرحبا. |A. B. C. |3.14 Next. |x|\u00a0|\u200b|👍 |é|https://e.org/a.b ".split("|")
)
INLINE = st.recursive(
    WORDS | WORDS | LETTERS,
    lambda inner: (
        st.builds(
            lambda tag, parts: f"<{tag}>{''.join(parts)}</{tag.split()[0]}>",
            st.sampled_from(
                [
                    "em",
                    "strong",
                    "span lang=fr",
                    "a href=#x",
                    "a href=https://e.org",
                    "abbr title=t",
                    "code",
                    "sup",
                    "q",
                    "cite id=c",
                ]
            ),
            st.lists(inner, max_size=4),
        )
        | st.sampled_from(
            [
                "<br>",
                "<img src=a alt='A boat.'>",
                "<img src=a alt=''>",
                "<ruby>漢<rt>kan</rt></ruby>",
                "<ruby>漢<rt>かん</rt>字<rp>(</rp><rt>じ</rt></ruby>",
            ]
        )
    ),
    max_leaves=12,
)
TEXTS = st.lists(INLINE, max_size=5).map("".join)
BLOCKS = st.recursive(
    st.builds(
        lambda tag, text: f"<{tag}>{text}</{tag.split()[0]}>",
        st.sampled_from(["p", "p", "p id=x", "p lang=ru", "h2", "h3 id=y", "pre", "figcaption"]),
        TEXTS,
    ),
    lambda inner: (
        st.builds(
            lambda before, parts, after: before + "".join(parts) + after,
            st.sampled_from(
                ["<ul><li>", "<ol><li>a</li><li>", "<blockquote>", "<figure id=f><img id=i src=a alt='Two boats'>"]
            ),
            st.lists(inner, max_size=3),
            st.just(""),
        )
        | st.builds(
            lambda head, cells: (
                f"<table><caption>C.</caption><thead><tr><th>{head}<th>B</thead><tr><td>{'<td>'.join(cells)}</table>"
            ),
            TEXTS,
            st.lists(inner | TEXTS, max_size=3),
        )
        | st.builds(
            lambda notes: f"<section role=doc-endnotes><ol><li>{'<li>'.join(notes)}</ol></section>",
            st.lists(inner, min_size=1, max_size=2),
        )
        | st.builds(lambda note: f"<aside role=note>{note}</aside>", TEXTS)
    ),
    max_leaves=6,
)


@settings(max_examples=300, deadline=None)
@given(st.lists(BLOCKS | TEXTS, max_size=4).map("".join), st.sampled_from(["en", "de", "ru", "ja", "ar"]))
def test_marking_sentences_leaves_the_page_as_it_was(markup: str, language: str) -> None:
    page = page_of(markup, language)
    assert_in_step(page, write_script([page], Listening()))


@settings(max_examples=200, deadline=None)
@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=300), st.sampled_from(["en", "fr", "zh"]))
def test_any_text_is_marked_and_kept(text: str, language: str) -> None:
    page = page_of(f"<p>{text.replace('&', '&amp;').replace('<', '&lt;')}</p>", language)
    script = write_script([page], Listening())
    assert_in_step(page, script)
    joined = "".join(one.text + one.after for one in script.sentences if one.kind != "title")
    paragraph = next(parse(page.body).iter(f"{{{XHTML}}}p"), None)
    assert joined.removesuffix("\n") == (text_of(paragraph) if paragraph is not None else "")


@pytest.mark.parametrize(
    "markup",
    [
        "<p>See <a href='https://e.org'>the first. The second</a> now. And more.</p>",
        "<p><em>One. <strong>Two. Three</strong> four.</em> Five.</p>",
        "<figure id='f'><img id='i' src='a' alt='Two boats'></figure><p><a href='#f'>f</a> <a href='#i'>i</a></p>",
        "<table><tr><td><table><caption>In. Out.</caption><tr><td>x</table></table>",
        "<p id='x'>A. <span id='y'>B. C.</span> <a href='#y'>D.</a></p>",
    ],
)
def test_links_and_anchors_survive_the_marking(markup: str) -> None:
    page = page_of(markup)
    assert_in_step(page, write_script([page], Listening()))


def test_the_marks_stand_around_the_words_alone() -> None:
    page = script_of("<p>One <em>fine. And</em> two.  Three. </p>").pages[0]
    assert re.search(
        r'<p><span id="s0002">One <em>fine. </em></span><span id="s0003"><em>And</em> two.</span>'
        r' +<span id="s0004">Three.</span> ?</p>',
        page.body,
    )


def test_sentences_are_numbered_on_from_what_came_before() -> None:
    page = page_of("<p>One. Two.</p>")
    names = [sentence.id for sentence in write_script([page, page], Listening(), first_number=7).said]
    assert names == ["s0007", "s0008", "s0009", "s0010", "s0011", "s0012"]


def test_cells_are_said_with_the_heads_of_their_columns() -> None:
    table = (
        "<table><thead><tr><th>Port<th>Boats<th>Crew</thead><tr><th>North<td>3<td>9<tr><td>South<td colspan=2>5</table>"
    )
    assert said(table) == ["Port", "Boats", "Crew", "North", "Boats: three", "Crew: nine", "Port: South", "Boats: five"]


def test_a_cell_below_a_tall_one_keeps_its_own_head() -> None:
    table = "<table><thead><tr><th>A<th>B<th>C</thead><tr><td rowspan=2>1<td>2<td>3<tr><td>4<td>5</table>"
    assert said(table)[3:] == ["A: one", "B: two", "C: three", "B: four", "C: five"]


def test_notes_are_announced_and_their_marks_are_not_read() -> None:
    markup = (
        "<p>A boat.<sup><a role=doc-noteref id=r href=#n>1</a></sup> A ship.</p><section role=doc-endnotes><ol>"
        "<li id=n><p>***</p><p>Small. Blue. <a role=doc-backlink href=#r>↩</a></p><p>More.</p></li><li>Large.</li></ol></section>"
    )
    assert said(markup) == ["A boat.", "A ship.", "Notes", "Note one. Small.", "Blue.", "More.", "Note two. Large."]


@pytest.mark.parametrize(
    ("language", "reading", "spoken"),
    [("ja", "かんじ", "かんじを読む。"), ("ja", "kanji", "漢字を読む。"), ("zh", "かんじ", "漢字を読む。")],
)
def test_of_a_word_and_its_reading_one_is_said(language: str, reading: str, spoken: str) -> None:
    assert said(f"<p><ruby>漢字<rp>(</rp><rt>{reading}</rt><rp>)</rp></ruby>を読む。</p>", language) == [spoken]


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("see Путин, 73, said", [("see ", "en"), ("Путин, ", "ru"), ("73, said", "en")]),
        ("肖春芳, 10 March", [("肖春芳, ", "zh"), ("10 March", "en")]),
        ("Мир 2 and Мир 3", [("Мир ", "ru"), ("2 and ", "en"), ("Мир ", "ru"), ("3", "en")]),
        ("Дом 5 Мир", [("Дом 5 Мир", "ru")]),
        ("12 Глава 5", [("12 Глава 5", "ru")]),
        ("12", [("12", "en")]),
    ],
)
def test_a_number_is_said_in_the_language_around_it(text: str, pieces: list[tuple[str, str]]) -> None:
    assert by_script(text, "en") == pieces


def test_what_follows_the_last_reading_is_said_and_the_word_not_twice() -> None:
    assert said("<p><ruby>食<rt>た</rt>べる</ruby>もの。</p>", "ja") == ["たべるもの。"]


def test_a_summary_is_said_sentence_by_sentence() -> None:
    table = "<table><thead><tr><th>A<th>B</thead><tr><td>1<td>2</table>"
    script = write_script([page_of(table)], Listening(tables="summarise"))
    assert script.said[1].spoken == "Table. One row, two columns: A, B. It is not read row by row."


def test_pictures_are_said_in_their_place() -> None:
    markup = "<figure><img src=a alt='Two boats'><figcaption>In port</figcaption></figure><p>Look: <img src=a alt='a gull'></p>"
    assert said(markup) == ["Picture: Two boats", "In port", "Look: a gull"]
    assert said("<p>One. <img src=a alt='A gull.'> Two.</p>") == ["One. A gull.", "Two."]


def test_a_picture_at_the_beginning_is_marked_with_its_sentence() -> None:
    body = script_of("<p><br><img src=a alt='A gull'> cries. And flies.</p>").pages[0].body
    assert re.search(r'<span id="s0002"><img [^>]*alt="A gull"[^>]*/> cries.</span>', body)


def test_the_longer_the_way_to_the_next_words_the_longer_the_pause() -> None:
    inside, paragraph, section, heading, last = (
        sentence.pause for sentence in sentences("<p>One. Two.</p><p>Three.</p><h2>Four</h2><p>Five.</p>")
    )
    assert inside < paragraph < section
    assert inside < heading < section
    assert last == paragraph
    ends = [sentence.ends_block for sentence in sentences("<p>One. Two.</p><p>Three.</p>")]
    assert ends == [False, True, True]


def test_every_language_is_said_by_its_own_voice() -> None:
    (sentence,) = sentences("<p>He said <span lang=fr>bonjour</span> to the <em>Москва</em> hotel at 5 µm.</p>")
    assert [(one.spoken, one.language) for one in sentence.utterances] == [
        ("He said", "en"),
        ("bonjour", "fr"),
        ("to the", "en"),
        ("Москва", "ru"),
        ("hotel at five micrometres.", "en"),
    ]
    (sentence,) = sentences("<p>Слово Packager здесь.</p>", "ru")
    assert [one.language for one in sentence.utterances] == ["ru", "en", "ru"]
    (sentence,) = sentences("<p>A [colour] of <span lang=en-GB>grey</span> here.</p>", "en-US")
    assert [(one.spoken, one.language) for one in sentence.utterances] == [("A [colour] of grey here.", "en-US")]


def test_what_cannot_be_said_is_listed_and_stays_on_the_page() -> None:
    script = script_of("<p>Before.</p><p>* * *</p><p>After.</p>")
    assert [omission.what for omission in script.omissions] == ["“* * *”"]
    assert "* * *" in "".join(parse(script.pages[0].body).itertext())
    assert [sentence.text for sentence in script.said] == ["A title", "Before.", "After."]


def test_what_can_be_skipped_is_named() -> None:
    script = script_of("<ul><li>One.</li></ul><table><tr><td>Two.</table><aside role=note>Three.</aside><p>Four.</p>")
    semantics = {region.id: region.semantics for region in script.regions}
    around = {sentence.text: [semantics[name] for name in sentence.regions] for sentence in script.said}
    assert around == {"A title": [], "One.": ["list"], "Two.": ["table"], "Three.": ["aside"], "Four.": []}


@pytest.mark.parametrize(
    "markup",
    [
        "<p>" + "Some words are here in line. " * 70_000 + "</p>",
        "<p>" + "<em>One</em> <a href='https://e.org'>sentence</a> is here. " * 10_000 + "</p>",
        "<p>" + "1234567890" * 50_000 + "</p>",
        "<pre>a" + " " * 300_000 + "b</pre>",
        "<table>" + ("<tr>" + "<td colspan=999 rowspan=999>a" * 30) * 30 + "</table>",
    ],
    ids=["sentences", "markup", "digits", "spaces", "spans"],
)
def test_a_block_without_end_is_marked_in_seconds(markup: str) -> None:
    page = page_of(markup)
    script = write_script([page], Listening())
    assert len({sentence.id for sentence in script.said}) == len(script.said)
    assert re.sub(r"\s", "", "".join(parse(script.pages[0].body).itertext())) == re.sub(
        r"\s", "", "".join(parse(page.body).itertext())
    )
