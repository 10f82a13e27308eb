"""English: what the engines read wrongly or not at all. Numbers as such are left to them; they say these well."""

from __future__ import annotations

import re

from packager.speech.forms.rule import Rule, rule

_MONTHS = "January February March April May June July August September October November December".split()
_MONTH_NAMES = "|".join(_MONTHS)
_CURRENCY = {"$": "dollars", "€": "euros", "£": "pounds", "¥": "yen", "₹": "rupees"}
_SCALE = {"k": "thousand", "m": "million", "mn": "million", "bn": "billion", "b": "billion", "tn": "trillion"}
_UNITS = {
    "km/h": "kilometres per hour",
    "mph": "miles per hour",
    "km": "kilometres",
    "cm": "centimetres",
    "mm": "millimetres",
    "kg": "kilograms",
    "mg": "milligrams",
    "GB": "gigabytes",
    "MB": "megabytes",
    "kB": "kilobytes",
    "kHz": "kilohertz",
    "Hz": "hertz",
    "min": "minutes",
    "ms": "milliseconds",
}
_FRACTIONS = {
    "½": "a half",
    "⅓": "a third",
    "⅔": "two thirds",
    "¼": "a quarter",
    "¾": "three quarters",
    "⅕": "a fifth",
    "⅛": "an eighth",
    "⅜": "three eighths",
    "⅝": "five eighths",
    "⅞": "seven eighths",
}
_ORDINAL_ENDINGS = {1: "st", 2: "nd", 3: "rd"}
_UNIT_NAMES = "|".join(map(re.escape, _UNITS))
_SIGNS = "".join(_FRACTIONS)


def _ordinal(number: int) -> str:
    ending = "th" if number % 100 in (11, 12, 13) else _ORDINAL_ENDINGS.get(number % 10, "th")
    return f"{number}{ending}"


def _date(day: int, month: int, year: str, otherwise: str) -> str:
    if not (1 <= day <= 31 and 1 <= month <= 12):
        return otherwise
    return f"{_MONTHS[month - 1]} {_ordinal(day)}, {year}"


def _numeric_date(match: re.Match[str]) -> str:
    return _date(int(match["day"]), int(match["month"]), match["year"], match[0])


def _money(match: re.Match[str]) -> str:
    sign, amount, scale = match["sign"], match["amount"], match["scale"]
    scale_word = f" {_SCALE.get(scale.lower(), scale)}" if scale else ""
    unit = _CURRENCY[sign]
    whole, _, cents = amount.partition(".")
    if not scale and len(cents) == 2:
        # Hibari and the others read "€1,234.56" as a bare decimal; pence and cents are named only where there are any.
        small = {"£": "pence", "¥": "sen", "₹": "paise"}.get(sign, "cents")
        if small == "cents" and int(cents) == 1:
            small = "cent"
        large = f"{whole} {_one_or_many(whole, unit)}"
        if not int(cents):
            return large
        return f"{int(cents)} {small}" if whole == "0" else f"{large} and {int(cents)} {small}"
    return f"{amount}{scale_word} {unit if scale else _one_or_many(amount, unit)}"


def _one_or_many(amount: str, unit: str) -> str:
    return unit.removesuffix("s") if amount == "1" else unit


def _unit(match: re.Match[str]) -> str:
    name = _UNITS[match["unit"]]
    if match["amount"] == "1":
        first, *rest = name.split(" ")
        name = " ".join([first.removesuffix("s"), *rest])
    return f"{match['amount']} {name}"


def _fraction(match: re.Match[str]) -> str:
    said = _FRACTIONS[match["fraction"]]
    return f"{match['whole']} and {said}" if match["whole"] else said


def _letter_by_letter(match: re.Match[str]) -> str:
    return " ".join(match[0].replace("-", ""))


_RULES = (
    rule("date with dots", r"\b(?P<day>\d{1,2})\.(?P<month>\d{1,2})\.(?P<year>\d{4})\b", _numeric_date),
    rule("ISO date", r"\b(?P<year>\d{4})-(?P<month>\d\d)-(?P<day>\d\d)\b", _numeric_date),
    rule("days before month", rf"\b(\d{{1,2}})\s?[–-]\s?(\d{{1,2}} (?:{_MONTH_NAMES})\b)", r"\1 to \2"),
    rule("from date to date", rf"(?<=\d )({_MONTH_NAMES})\s?[–-]\s?(?=\d{{1,2}} (?:{_MONTH_NAMES})\b)", r"\1 to "),
    rule(
        "day before month",
        rf"\b(?:the )?(?P<day>\d{{1,2}})(?:st|nd|rd|th)? (?P<month>{_MONTH_NAMES})\b",
        lambda match: f"the {_ordinal(int(match['day']))} of {match['month']}",
    ),
    rule("page numbers", r"\bpp\.\s?(\d+)\s?[–-]\s?(\d+)", r"pages \1 to \2"),
    rule("page number", r"\bpp?\.\s?(?=\d)", "page "),
    rule("number sign", r"\bNo\.\s?(?=\d)", "number "),
    rule("number signs", r"\bNos\.\s?(?=\d)", "numbers "),
    rule("for example", r"\be\.\s?g\.,?", "for example,"),
    rule("that is", r"\bi\.\s?e\.,?", "that is,"),
    rule("and so on", r"\betc\.(?=\s+[^\sA-Z]|[,;:)])", "et cetera"),
    rule("compared with", r"\bvs?\.(?=\s)", "versus"),
    rule("about", r"\bc(?:a|irca)?\.\s?(?=\d)", "about "),
    rule(
        "money",
        r"(?:\b(?:US|A|C|NZ|HK))?(?P<sign>[$€£¥₹])\s?(?P<amount>\d+(?:,\d+)*(?:\.\d+)?)(?:\s?(?P<scale>(?:bn|mn|tn|[kmb])\b|thousand\b|million\b|billion\b|trillion\b))?",
        _money,
    ),
    rule("minus", r"(?<![\w)])[–−-](?=\d)", "minus "),
    rule("degrees Celsius", r"(?<=\d)\s?°\s?C\b", " degrees Celsius"),
    rule("degrees Fahrenheit", r"(?<=\d)\s?°\s?F\b", " degrees Fahrenheit"),
    rule("per cent", r"(?<=\d)\s?%", " percent"),
    rule("range", r"(?<=\d)\s?[–‑]\s?(?=\d)", " to "),
    rule("unit", rf"(?<![\w.,])(?P<amount>\d+(?:,\d+)*(?:\.\d+)?)\s?(?P<unit>{_UNIT_NAMES})\b", _unit),
    rule("seconds", r"(?<=\d) s\b(?![’'])", " seconds"),
    rule("fraction", rf"(?:(?<!\d)(?P<whole>\d+)\s?)?(?P<fraction>[{_SIGNS}])", _fraction),
    rule("letters before a hyphen", r"\bIS-K\b", _letter_by_letter),
    rule("Security Council", r"\bUNSC\b", _letter_by_letter),
    rule("arm of a group", r"\b(ISIL|ISIS)-K\b", r"\1 K"),
    rule("either or", r"\b([A-Za-z]{2,})/([A-Za-z]{2,})\b", r"\1, \2"),
    rule("and sign", r"\s&\s", " and "),
)


def rules(language: str) -> tuple[Rule, ...]:
    """The rules for English; American and other English differ in nothing yet."""
    return _RULES
