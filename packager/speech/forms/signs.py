"""Small signs and short sizes that many languages share: "£3.5m", "500 k€", "≥", "×", "5 €/mois", "v2.1", "2/3".

What is put here into the language's own writing ("3.5 Millionen") is said by the rules that come after.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from packager.languages import primary
from packager.speech.forms.rule import Rule, rule
from packager.speech.forms.tongue import CODES, words

_CURRENCY = "|".join(sorted(map(re.escape, CODES), key=len, reverse=True))
_MANY = {"m": 0, "M": 0, "mn": 0, "bn": 1, "B": 1, "Md": 1, "Mds": 1, "Mrd": 1}
_SUFFIX = "|".join(sorted(_MANY, key=len, reverse=True))
_FRACTIONS = {"1/2": "½", "1/3": "⅓", "2/3": "⅔", "1/4": "¼", "3/4": "¾"}


class _Words(NamedTuple):
    """What the signs are called; `many` are a million and a thousand millions as the language's rules know them."""

    many: tuple[str, str]
    per: str
    version: str
    signs: dict[str, str]


def _named(many: tuple[str, str], per: str, version: str, names: str) -> _Words:
    return _Words(many, per, version, words(names))


_WORDS = {
    "de": _named(
        ("Millionen", "Milliarden"),
        "pro",
        "Version",
        "≥: mindestens\n≤: höchstens\n≈: ungefähr\n±: plus minus\n×: mal\n=: gleich\n&: und\n©: Copyright",
    ),
    "es": _named(
        ("millones", "mil millones"),
        "por",
        "versión",
        "≥: mayor o igual que\n≤: menor o igual que\n≈: aproximadamente\n±: más menos\n×: por\n=: igual a\n&: y\n©: copyright\n"
        "§: sección",
    ),
    "fr": _named(
        ("millions", "milliards"),
        "par",
        "version",
        "≥: supérieur ou égal à\n≤: inférieur ou égal à\n≈: environ\n±: plus ou moins\n×: fois\n=: égale\n&: et\n"
        "©: copyright\n§: paragraphe",
    ),
    "it": _named(
        ("milioni", "miliardi"),
        "al",
        "versione",
        "≥: maggiore o uguale a\n≤: minore o uguale a\n≈: circa\n±: più o meno\n×: per\n=: uguale a\n&: e\n©: copyright\n"
        "§: paragrafo",
    ),
    "nl": _named(
        ("miljoen", "miljard"),
        "per",
        "versie",
        "≥: groter dan of gelijk aan\n≤: kleiner dan of gelijk aan\n≈: ongeveer\n±: plusminus\n×: keer\n=: is\n&: en\n"
        "©: copyright\n§: paragraaf",
    ),
    "pt": _named(
        ("milhões", "bilhões"),
        "por",
        "versão",
        "≥: maior ou igual a\n≤: menor ou igual a\n≈: aproximadamente\n±: mais ou menos\n×: vezes\n=: igual a\n&: e\n"
        "©: copyright\n§: parágrafo",
    ),
}


def short_sizes(locale: str) -> Iterator[Rule]:
    """What comes before the rules for amounts."""
    if not (own := _WORDS.get(primary(locale.replace("_", "-")))):
        return

    def many(match: re.Match[str]) -> str:
        return f"{match['amount']} {own.many[_MANY[match['many']]]} "

    sized = rf"\d[\d.,]*)\s?(?P<many>{_SUFFIX})"
    yield rule("millions behind a sign", rf"(?<!\w)(?P<amount>(?:{_CURRENCY})\s?{sized}(?!\w)", many)
    yield rule("millions before a sign", rf"(?<![\w.,])(?P<amount>{sized}\s?(?=[€$£](?!\w))", many)
    thousands = r"(?P<whole>\d{1,3})(?:[.,](?P<rest>\d{1,2}))?\s?[kK]"
    yield rule("thousands behind a sign", rf"(?:(?<=[€$£])|(?<=[€$£]\s)){thousands}(?!\w)", _thousands)
    # "4K" and "8K" are screens.
    yield rule("thousands", rf"(?<![\w.,])(?![48]K){thousands}(?=\s?[€$£](?!\w)|\s[^\W\d_]{{3}})", _thousands)
    yield rule("number of a book", r"(?<=\bISBN[\s:])\s?\d[\d-]{8,15}[\dX]\b", _digit_by_digit)
    yield rule("version", r"(?<![\w.])[vV](?=\d{1,4}\.\d)", f"{own.version} ")
    yield rule(
        "fraction in figures",
        rf"(?<![\w.,/])(?<!\d\s)(?:{'|'.join(_FRACTIONS)})(?![\w/]|[.,]\d)",
        lambda match: _FRACTIONS[match[0]],
    )


def small_signs(locale: str) -> Iterator[Rule]:
    """What comes after all numbers are words."""
    if not (own := _WORDS.get(primary(locale.replace("_", "-")))):
        return
    signs = "".join(sign for sign in own.signs if sign not in "=&")
    yield rule("small sign", rf"\s?(?P<sign>[{signs}])\s?", lambda match: f" {own.signs[match['sign']]} ")
    yield rule("equals", r"(?<=[\w)])\s?=\s?(?=[\w(])", f" {own.signs['=']} ")
    yield rule("and sign", r"(?<=[\w.)])\s&\s(?=\w)", f" {own.signs['&']} ")
    yield rule(
        "per", r"(?<=[^\W\d_]{3})/(?=(?:Monat|Jahr|Tag|Woche|Stunde|Person|mois|an|jour|mes|año|día)\b)", f" {own.per} "
    )
    yield rule("slash between words", r"(?<=[^\W\d_])/(?=[^\W\d_])", ", ")


def _digit_by_digit(match: re.Match[str]) -> str:
    return " " + ", ".join(" ".join(group) for group in match[0].strip().split("-"))


def _thousands(match: re.Match[str]) -> str:
    rest = match["rest"] or ""
    return f"{match['whole']}{rest:0<3}".lstrip("0") or "0"
