"""Formulas: kept as MathML where they are well made, and always with a line of text that can be said."""

from __future__ import annotations

import re

import pytest
from lxml import etree

from packager.readers.mathml import MATHML
from packager.readers.sanitise import clean_body
from packager.xhtml import serialise, text_of

POWER = "<msup><mi>x</mi><mn>2</mn></msup>"


def formula(markup: str) -> etree._Element | None:
    body = clean_body(f"<p>Take <math>{markup}</math> boats.</p>")
    assert text_of(body[0]).startswith("Take") and text_of(body[0]).endswith("boats.")
    return body.find(f".//{{{MATHML}}}math")


@pytest.mark.parametrize(
    ("markup", "line"),
    [
        (POWER, "x²"),
        ("<msup><mi>x</mi><mi>k</mi></msup>", "x^k"),
        ("<msub><mi>a</mi><mn>10</mn></msub>", "a₁₀"),
        ("<mi>x</mi><mo>=</mo><mn>2</mn>", "x = 2"),
        ("<mfrac><mn>1</mn><mrow><mi>a</mi><mo>+</mo><mi>b</mi></mrow></mfrac>", "1/(a + b)"),
        ("<msqrt><mn>2</mn></msqrt>", "√2"),
        (f"<semantics><mrow>{POWER}</mrow><annotation encoding='tex'>x^2</annotation></semantics>", "x²"),
        ("<mtable><mtr><mtd><mn>1</mn></mtd><mtd><mn>0</mn></mtd></mtr></mtable>", "1, 0;"),
    ],
)
def test_a_formula_stays_and_says_what_it_shows(markup: str, line: str) -> None:
    math = formula(markup)
    assert math is not None and math.get("alttext") == line
    assert "annotation" not in serialise(math)


def test_what_the_author_says_of_a_formula_is_said() -> None:
    body = clean_body(
        f'<p><math alttext="x squared" display="block" onclick="x()" href="javascript:x()">{POWER}</math></p>'
    )
    (math,) = body.iter(f"{{{MATHML}}}math")
    assert dict(math.attrib) == {"alttext": "x squared", "display": "block"}


@pytest.mark.parametrize(
    "markup",
    [
        "<mfrac><mn>1</mn></mfrac>",
        "<mrow>1</mrow>",
        "<mtr><mtd><mn>1</mn></mtd></mtr>",
        "<mtext><b>1</b></mtext>",
        "<mrow>" * 60 + "<mn>1</mn>" + "</mrow>" * 60,
    ],
)
def test_a_formula_that_breaks_the_rules_of_its_language_becomes_its_text(markup: str) -> None:
    assert formula(markup) is None
    assert re.search("Take.*1.*boats", text_of(clean_body(f"<p>Take <math>{markup}</math> boats.</p>")))


def test_a_formula_in_a_heading_and_one_alone_keep_their_places() -> None:
    body = clean_body(f"<h2>On <math>{POWER}</math></h2><math>{POWER}</math><p>Text.</p>")
    assert [child.tag.rpartition("}")[2] for child in body] == ["h2", "p", "p"]
    assert [len(list(child.iter(f"{{{MATHML}}}math"))) for child in body] == [1, 1, 0]
