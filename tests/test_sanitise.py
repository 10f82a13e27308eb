"""Any HTML, however broken or hostile, becomes a tree that a book can hold, and keeps its words."""

from __future__ import annotations

import re
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from packager.model import XHTML
from packager.readers.sanitise import clean_body
from packager.xhtml import serialise, text_of

ELEMENTS = frozenset(
    "a abbr article aside b bdi bdo blockquote body br caption cite code dd del details dfn div dl dt em figcaption figure h2 h3 "
    "h4 h5 h6 hr i img ins kbd li mark ol p pre q rp rt ruby s samp section small span strong sub summary sup table tbody "
    "td tfoot th thead time tr u ul var".split()
)
ATTRIBUTES = frozenset(
    "alt aria-label colspan datetime dir headers href id lang reversed role rowspan scope src start title type value".split()
) | {"{http://www.w3.org/XML/1998/namespace}lang"}
INLINE = frozenset(
    "a abbr b bdi bdo br cite code del dfn em i img ins kbd mark q rp rt ruby s samp small span strong sub sup time u var".split()
)
PARENTS = {
    "li": {"ul", "ol"},
    "dt": {"dl"},
    "dd": {"dl"},
    "figcaption": {"figure"},
    "summary": {"details"},
    "caption": {"table"},
    "tr": {"thead", "tbody", "tfoot", "table"},
    "td": {"tr"},
    "th": {"tr"},
    "rt": {"ruby"},
}


def name(element: etree._Element) -> str:
    return str(element.tag).removeprefix(f"{{{XHTML}}}")


def assert_fit_for_a_book(body: etree._Element) -> None:
    """What holds of every result, read back by a strict parser as a reading system would."""
    body = etree.fromstring(serialise(body).encode(), etree.XMLParser(resolve_entities=False, huge_tree=True))
    ids = [element.get("id") for element in body.iter() if element.get("id")]
    assert len(ids) == len(set(ids))
    last_level = 1
    for element in body.iter():
        assert name(element) in ELEMENTS
        assert set(element.attrib) <= ATTRIBUTES
        href = element.get("href", "#")
        assert href[1:] in ["", *ids] if href[0] == "#" else re.match(r"(https?://[\w.-]|mailto:.|tel:.)[!-~]*$", href)
        assert re.fullmatch(r"n-[\w.-]*", element.get("id", "n-"), re.A)
        if (parent := element.getparent()) is not None:
            assert name(parent) in PARENTS.get(name(element), {name(parent)})
            assert name(element) in INLINE or name(parent) not in INLINE | {"p", "h2", "h3", "h4", "h5", "h6", "pre"}
        if name(element) in ("body", "blockquote", "section", "article", "ul", "ol", "dl", "table", "tr"):
            assert not any(text and text.strip() for text in (element.text, *(child.tail for child in element)))
        if re.fullmatch(r"h\d", name(element)):
            assert int(name(element)[1]) <= last_level + 1
            last_level = int(name(element)[1])


ANY_TEXT = st.text(st.characters(exclude_categories=()), max_size=60)
NAMES = st.sampled_from(
    "a abbr address article aside b bdo blockquote br caption col dd del details dfn div dl dt em fieldset figcaption figure "
    "form h1 h2 h3 h5 h6 header hr iframe img li main math nav ol p pre q rp rt ruby script section small span style summary svg "
    "table tbody td template textarea tfoot th thead time tr u ul wbr x-y".split()
)
VALUES = st.sampled_from(
    "a|#a|b|#n-a|fr|x-y_z|2|0|-1|99999|row|note|doc-noteref|2020-02-30|javascript:alert(1)| JaVa\tScript:x|data:text/html,x|"
    'https://e.org/ä b|https://[|http:///x|\x00|">'.split("|")
)
KEYS = st.sampled_from(
    "id href lang dir role title colspan rowspan scope headers start value datetime src alt style class onclick onload srcdoc "
    "xmlns xml:lang formaction aria-label reversed type".split()
)
TAGS = st.builds(
    lambda name, attributes, end: f"<{end}{name} " + " ".join(f'{key}="{value}"' for key, value in attributes) + ">",
    NAMES,
    st.lists(st.tuples(KEYS, VALUES), max_size=3),
    st.sampled_from(["", "", "/"]),
)
ODDITIES = st.sampled_from(
    ["<!--", "-->", "<![CDATA[", "]]>", "<?x", "?>", "&amp", "&#0;", "&#xD800;", "<", "</", "<!DOCTYPE x>"]
)
FRAGMENTS = st.lists(TAGS | TAGS | st.sampled_from(["one ", " two", "\n"]) | ODDITIES | ANY_TEXT, max_size=25).map(
    "".join
)


@pytest.mark.parametrize(
    "markup",
    [
        '<math xml:lang="fr">a</math>',
        '<math xlink:href="#x">a</math>',
        '<svg><math xml:lang="de" lang="de">a</math></svg>',
    ],
)
def test_attributes_with_a_prefix_break_nothing(markup: str) -> None:
    body = clean_body(f"<p>Before {markup} behind</p>")
    assert_fit_for_a_book(body)
    assert re.fullmatch("Before( a)? behind", " ".join(text_of(body).split()))


def test_the_language_of_xhtml_is_kept() -> None:
    body = clean_body('<p>A <span xml:lang="fr">mot</span> and <i lang="de" xml:lang="fr">eins</i></p>')
    assert [element.get("lang") for element in body.iter() if element.get("lang")] == ["fr", "de"]


@settings(max_examples=250, deadline=None)
@given(FRAGMENTS)
def test_any_markup_becomes_a_body_fit_for_a_book(markup: str) -> None:
    assert_fit_for_a_book(clean_body(markup))


@settings(max_examples=100, deadline=None)
@given(ANY_TEXT)
def test_any_string_is_survived(text: str) -> None:
    assert_fit_for_a_book(clean_body(text))


KEPT = st.sampled_from(
    "a abbr address article aside b blockquote div dl dt dd em fieldset figure figcaption form h1 h2 h4 header li main nav ol p "
    "pre ruby rt section span summary details time ul".split()
)
TREES = st.recursive(
    st.just("@"),
    lambda inner: st.builds(
        lambda name, parts: f"<{name}>{' '.join(parts)}</{name}>", KEPT, st.lists(inner, min_size=1, max_size=4)
    ),
    max_leaves=15,
)


@settings(max_examples=250, deadline=None)
@given(TREES)
def test_words_stay_apart_and_in_order_wherever_their_elements_may_not_be(tree: str) -> None:
    count = iter(range(1000))
    markup = re.sub("@", lambda _: f"w{next(count)}", tree)
    body = clean_body(markup)
    assert_fit_for_a_book(body)
    text = " ".join(part for part in body.itertext() if part.strip())
    assert re.findall(r"w\d+", text) == re.findall(r"w\d+", markup)


@pytest.mark.parametrize(
    ("markup", "expected"),
    [
        ("<a href='https://e.org'><h2>A</h2><p>b</p></a>", "<h2><a>A</a></h2><p><a>b</a></p>"),
        ("<b>x<div>y</div>z</b>", "<p><b>x</b></p><div><p><b>y</b></p></div><p><b>z</b></p>"),
        ("loose<p>a</p>text", "<p>loose</p><p>a</p><p>text</p>"),
        ("<ul>a<li>b</li><p>c</p></ul>", "<ul><li>a</li><li>b</li><li><p>c</p></li></ul>"),
        ("<dd>a</dd><li>b</li><summary>c</summary>", "<div><p>a</p></div><div><p>b</p></div><p>c</p>"),
        ("<header>a</header><main>b</main>", "<div><p>a</p></div><div><p>b</p></div>"),
        ("<h1>a<div>b</div></h1>", "<h2>a<span>b </span></h2>"),
        ("<p>long<wbr>word</p>", "<p>longword</p>"),
        ("<p></p><div><span> </span></div><p>a<b> </b>b</p>", "<p>a<b> </b>b</p>"),
        ("<ruby>a<rt>b</rt>c</ruby><rt>d</rt>", "<p><ruby>a<rt>b</rt></ruby>c<span>d</span></p>"),
        ("<p>a<br>b</p><p><br></p>", "<p>a<br/>\nb</p>"),
        ("<p><a id='x'></a></p>", '<p><span id="n-x"/></p>'),
        ("<ruby>a<rt>b</rt></ruby>", "<p><ruby>a<rt>b</rt></ruby></p>"),
        ("<details>a<summary>b</summary></details>", "<div><p>a</p><p>b</p></div>"),
        ("<p id='x'></p><a href='#x'>gone</a>", "<p><span>gone</span></p>"),
    ],
)
def test_elements_are_put_where_they_may_be(markup: str, expected: str) -> None:
    body = clean_body(markup)
    for link in body.iter(f"{{{XHTML}}}a"):
        del link.attrib["href"]
    assert serialise(body) == f'<body xmlns="{XHTML}">{expected}</body>'


@pytest.mark.parametrize(
    ("markup", "expected"),
    [
        ("<p>\n  One\n\ttwo  <em> three</em> </p>\n", "<p>One two <em> three</em></p>"),
        ("<ul>\n <li> a\n<ul> <li>b </li> </ul> </li></ul>", "<ul><li><p>a</p><ul><li>b</li></ul></li></ul>"),
        ("<p>verse <br>  ends</p>", "<p>verse<br/>\nends</p>"),
        ("<pre> kept\n  all\n\n</pre>", "<pre> kept\n  all</pre>"),
        ("<p>港は静\n  かで、\nAB\nC</p>", "<p>港は静かで、 AB C</p>"),
        ("<p>no\u00a0 break&#x85;</p>", "<p>no\u00a0 break…</p>"),
    ],
)
def test_white_space_that_nobody_sees_is_in_one_form(markup: str, expected: str) -> None:
    body = clean_body(markup)
    assert serialise(body) == f'<body xmlns="{XHTML}">{expected}</body>'
    again = clean_body(serialise(body).replace(f' xmlns="{XHTML}"', ""))
    assert serialise(again) == serialise(body)


@pytest.mark.parametrize(
    "markup",
    [
        "<div>" * 20_000 + "core" + "</div>" * 20_000,
        "<b>" * 20_000 + "core" + "</b>" * 20_000,
        "<table>" * 3_000 + "core",
        "<blockquote><p>a" * 3_000 + "core",
        "<p " + " ".join(f'a{number}="x"' for number in range(100_000)) + ">core</p>",
        "<p>" + "word " * 1_000_000 + "core</p>",
        "<a href='https://e.org'>" * 2_000 + "<p>core",
        "<p>a</p>" * 50_000 + "core",
    ],
    ids="divs bolds tables quotations attributes paragraph links paragraphs".split(),
)
def test_what_is_made_to_be_too_much_is_read_in_seconds_and_keeps_its_words(markup: str) -> None:
    begun = time.monotonic()
    body = clean_body(markup)
    assert time.monotonic() - begun < 15
    assert text_of(body).endswith("core")
    assert max(sum(1 for _ in element.iterancestors()) for element in body.iter()) < 200
