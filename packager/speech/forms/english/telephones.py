"""Numbers that nobody counts: telephones, book numbers, codes, versions, flights and rooms."""

from __future__ import annotations

import re
from functools import partial

from packager.speech.forms.english.numerals import code, number, one_by_one
from packager.speech.forms.english.variety import Variety
from packager.speech.forms.rule import Rule, rule

_FEWEST_DIGITS = 7
_EMERGENCY = "911|999|112|111|101|000|988|311|411|118"
_CALLS = "".join(
    f"(?<=(?i:{verb}) )|"
    for verb in "call calls called calling dial dials dialled dialed dialling ring rang phone phoned".split()
).rstrip("|")
_NUMBERED = "".join(
    f"(?<={word} )|"
    for word in (
        "Boeing Airbus RFC Flight flight Room room Route route Highway highway Interstate "
        "Apartment Suite error HTTP Error Bus bus"
    ).split()
).rstrip("|")


def _in_groups(match: re.Match[str]) -> str:
    groups = re.findall(r"\d+", match[0])
    if sum(map(len, groups)) < _FEWEST_DIGITS:
        return match[0]
    said = ", ".join(map(one_by_one, groups))
    return f"plus {said}" if match[0].startswith("+") else said


def _short(match: re.Match[str]) -> str:
    """Seven digits without an area code; but "500-1000" is a range."""
    first, second = match[0].split("-")
    called = re.search(
        r"(?:call|phone|tel|dial|fax|number)\w*\.?:?(?: at)? $", match.string[: match.start()][-20:].lower()
    )
    if first == "555" or second[0] == "0" or called:
        return f"{one_by_one(first)}, {one_by_one(second)}"
    return match[0]


def _joined(match: re.Match[str]) -> str:
    return match[0].replace(" ", "")


def _digits(match: re.Match[str]) -> str:
    groups = re.findall(r"[\dX]+", match[0])
    return ", ".join(one_by_one(group) + (" X" if group.endswith("X") else "") for group in groups)


def _chain(variety: Variety, match: re.Match[str]) -> str:
    groups = match[0].split("-")
    if any(len(group) > 2 for group in groups):
        return ", ".join(map(one_by_one, groups))
    return " ".join(number(group, variety) for group in groups)


def _code(variety: Variety, match: re.Match[str]) -> str:
    return code(match[0], variety)


def _aeroplane(variety: Variety, match: re.Match[str]) -> str:
    return " ".join(code(part, variety) for part in match[0].split("-"))


def _points(variety: Variety, match: re.Match[str]) -> str:
    return " point ".join(number(part, variety) for part in match[0].split("."))


def _dots(variety: Variety, match: re.Match[str]) -> str:
    return " dot ".join(number(part, variety) for part in match[0].split("."))


def telephones(variety: Variety) -> tuple[Rule, ...]:
    """The rules for numbers that are names."""
    return (
        rule("book number", r"(?:(?<=ISBN )|(?<=ISBN: )|(?<=ISBN-13 )|(?<=ISSN ))\d[\d -]{6,16}[\dX]\b", _digits),
        rule("telephone abroad", r"(?<![\w+])\+\d{1,3}(?:[ .-]?\(?\d{1,12}\)?)(?:[ .-]?\d{2,10}){0,5}\b", _in_groups),
        rule("telephone with area", r"(?<!\w)(?:1[ -])?\(\d{2,5}\)\s?\d{3,4}(?:[ -]\d{3,4}){1,2}\b", _in_groups),
        rule(
            "American telephone", r"(?<![\w-])(?:1-)?(?:\d{3}-\d{3}-\d{4}|\d{3}[. ]\d{3}[. ]\d{4})(?![\w-])", _in_groups
        ),
        rule("British telephone", r"(?<![\w.,-])0\d{2,4}[ -]\d{3,8}(?:[ -]\d{3,4})?(?![\w-])", _in_groups),
        rule("seven digits", r"(?<![\w.-])\d{3}-\d{4}(?![\w-])", _short),
        rule(
            "thousands with spaces",
            r"(?<![\w.,])\d{1,3}(?: \d{3}){2,}(?![\w]|[.,]\d)|(?<![\w.,])\d{1,3} 000(?![\w]|[.,]\d)",
            _joined,
        ),
        rule("card", r"(?<![\w-])\d{4}(?:[ -]\d{4}){3}(?![\w-])", _digits),
        rule("emergency call", rf"(?:{_CALLS})(?:{_EMERGENCY})\b(?! [a-z]+s\b)", _digits),
        rule("emergency number", rf"\b(?:{_EMERGENCY})(?= (?:call|operator|dispatch|line|emergenc))", _digits),
        rule("secret number", r"(?:(?<=PIN )|(?<=code )|(?<=password ))\d{4,6}\b", _digits),
        rule("Bond", r"(?<![\w.,])007\b", "double oh seven"),
        rule("network address", r"(?<![\w.])\d{1,3}(?:\.\d{1,3}){3}(?![\w.]\d)", partial(_dots, variety)),
        rule("version sign", r"\bv\.?\s?(?=\d+\.\d)", "version "),
        rule("version with points", r"(?<![\w.])\d+(?:\.\d+){2,}(?!\w)", partial(_points, variety)),
        rule("chain", r"(?<![\w.,/-])\d+(?:-\d+){2,}(?![\w/-])", partial(_chain, variety)),
        rule(
            "aeroplane",
            r"\b7\d7(?:-\d{1,3}(?=s?\b)|(?=s\b))|(?:(?<=\b[Aa] )|(?<=[Bb]oeing )|(?<=\b[Tt]he ))7\d7\b"
            r"(?! [a-z]+s\b| people)",
            partial(_aeroplane, variety),
        ),
        rule("numbered thing", rf"(?:{_NUMBERED})\d{{3,4}}(?!\w|[.,]\d)", partial(_code, variety)),
    )
