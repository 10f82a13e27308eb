"""The rules that many languages share: numbers and what stands with them, said with the words of a `Tongue`.

The order matters: what is more than a number (an address, a date, a price) is said before the number in it is. A number
is left to the engine where it is part of a word or an address ("A320", "24.example").
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from packager.speech.forms import numerals
from packager.speech.forms.every_language import BEFORE_WORDS
from packager.speech.forms.numerals import Figure
from packager.speech.forms.rule import Rule, rule
from packager.speech.forms.signs import short_sizes, small_signs
from packager.speech.forms.tongue import CODES, Tongue, last_word

_CONTEXT = 40
_TELEPHONE = 7
"""A telephone number has at least so many digits."""
_WORD_ENDS = r"(?!\w)"
_FROM = r"(?<![\w@])(?<![A-Za-z_][./_=&?@])(?<!\d[.,:/])(?<!\d\s)"
_UPTO = r"(?![\w@])(?![.,:/]\d)(?!\.[A-Za-z]\w|_\w)(?!\s\d)"
_SIGNS = "|".join(sorted(map(re.escape, CODES), key=len, reverse=True))


def rules_of(tongue: Tongue) -> tuple[Rule, ...]:
    """All rules of a language, in order."""
    return (
        *BEFORE_WORDS,
        *_abbreviations(tongue),
        *short_sizes(tongue.locale),
        *tongue.rules(),
        *_dates(tongue),
        *_ranges(tongue),
        *_times(tongue),
        *_amounts(tongue),
        *_numbers(tongue),
        *tongue.last_rules(),
        *small_signs(tongue.locale),
    )


def number_pattern(decimal: str) -> str:
    """A number as printed where `decimal` is the decimal sign, with thousands grouped by point, comma, space or ’."""
    other = "." if decimal == "," else ","
    groups = "|".join(rf"(?!0)\d{{1,3}}(?:{mark}\d{{3}})+" for mark in (re.escape(other), r"[^\S\n\t]", "['’]"))
    decimal, other = re.escape(decimal), re.escape(other)
    foreign = rf"(?!0)\d{{1,3}}(?:{decimal}\d{{3}})+{other}\d+|(?!0)\d{{1,3}}(?:{decimal}\d{{3}}){{2,}}"
    return rf"(?:{foreign}|(?:{groups})(?:{decimal}\d+)?|\d+(?:[.,]\d+)?)"


def context(match: re.Match[str]) -> str:
    """What is printed just before the match."""
    return match.string[max(0, match.start() - _CONTEXT) : match.start()]


def before(match: re.Match[str]) -> str:
    """The word just before the match."""
    return last_word(context(match))


def _abbreviations(tongue: Tongue) -> Iterator[Rule]:
    conditions = {"#": r"\s?(?=\d)", "@": r"\s(?=[A-ZÀ-ÖØ-ÞА-ЯЁ])"}
    for printed, said in tongue.abbreviations.items():
        condition = conditions.get(printed[-1], "")
        short = re.escape(printed[:-2] if condition else printed).replace(r"\ ", r"\s?")
        yield rule(printed, rf"(?<!\w){short}{condition or _WORD_ENDS}", f"{said} " if condition else said)


def _dates(tongue: Tongue) -> Iterator[Rule]:
    def in_figures(match: re.Match[str]) -> str:
        day, month, year = int(match["day"]), int(match["month"]), int(match["year"])
        if month > 12 >= day:
            day, month = month, day
        if not (1 <= day <= 31 and 1 <= month <= 12):
            return match[0]
        return tongue.date(day, month, year, context(match))

    def day(match: re.Match[str]) -> str:
        number = int(match["day"])
        return tongue.day(number, context(match)) if 1 <= number <= 31 else match[0]

    full = numerals.months(tongue.locale)
    short = {
        name.removesuffix("."): whole
        for name, whole in zip(numerals.months(tongue.locale, "abbreviated"), full, strict=True)
        if name != whole
    }
    names, short_names = "|".join(map(re.escape, (*full, *tongue.other_months))), "|".join(map(re.escape, short))
    yield rule("ISO date", r"(?<![\d.,:/-])(?P<year>\d{4})-(?P<month>\d\d)-(?P<day>\d\d)(?![\w-])", in_figures)
    yield rule(
        "date in figures",
        r"(?<![\d.,:/-])(?P<day>\d{1,2})([./-])(?P<month>\d{1,2})\2(?P<year>\d{4})(?![\w/-]|[.,]\d)",
        in_figures,
    )
    if short:
        yield rule(
            "month cut short",
            rf"(?:(?<=[\d.]\s)|(?<=\d\sde\s))(?P<month>{short_names})(?:\.(?=\s|$|[,;)])|(?=\s(?:de\s)?\d{{4}}\b))",
            lambda match: short[match["month"]],
        )
    yield rule(
        "day before a month",
        rf"(?<![\w.,])(?P<day>\d{{1,2}})(?:{tongue.day_suffix})(?=\s{tongue.day_joint}(?:{names})\b)",
        day,
        re.IGNORECASE,
    )


def _ranges(tongue: Tongue) -> Iterator[Rule]:
    def between_numbers(match: re.Match[str]) -> str:
        before = re.search(r"(?<![\d-])(\d+(?:[.,:]\d+)*)$", context(match))
        if not before or match["next"]:
            return match[0]
        first, second = ([int(part) for part in re.split(r"\D", number)] for number in (before[1], match["number"]))
        return f" {tongue.to} " if first < second else match[0]

    if shorts := [short for short in tongue.scales if short.endswith(".")]:
        behind = "|".join(rf"(?<={re.escape(short)})" for short in shorts)
        yield rule("range behind a short word", rf"(?:{behind})\s?[–—-]\s?(?=\d)", f" {tongue.to} ")
    yield rule("range with a dash", r"(?<=[\d%€$£])[–—](?=[\d€$£])", f" {tongue.to} ")
    yield rule(
        "range with a hyphen or spaces",
        r"(?<=\d)(?:\s[–—]\s|-)(?=(?P<number>\d{1,4}(?:[.,:]\d{1,3})*)(?!\d)(?P<next>-?))",
        between_numbers,
    )
    yield rule("years with a slash", r"(?<=\b[12]\d\d\d)/(?=\d\d\b(?!/))", " ")
    if tongue.minus:
        yield rule("minus", r"(?<![^\s(\[])(?<!\d\s)[-−–‑](?=\d)", f"{tongue.minus} ")
    if tongue.plus:
        yield rule("plus", r"(?<![^\s(\[])\+(?=\d{1,3}(?!\d|[\s(/-]+\d))", f"{tongue.plus} ")


def _times(tongue: Tongue) -> Iterator[Rule]:
    def time(match: re.Match[str]) -> str:
        hour, minute = int(match["hour"]), int(match["minute"] or 0)
        return tongue.time(hour, minute) if hour <= 24 else match[0]

    def length(match: re.Match[str]) -> str:
        return ", ".join(tongue.cardinal(int(part)) for part in match[0].split(":"))

    yield rule("hours, minutes, seconds", r"(?<![\w.,:/])\d{1,3}:[0-5]\d:[0-5]\d(?![\w:/])", length)
    for clock in tongue.clock:
        yield rule("time of day", rf"(?<![\w.,:/])(?:{clock})(?![\w:/]|[.,]\d)", time)


def _amounts(tongue: Tongue) -> Iterator[Rule]:
    decimal = numerals.decimal_sign(tongue.locale)
    amount = rf"(?P<amount>{number_pattern(decimal)})"
    scales = {form: noun for noun in tongue.scales.values() for form in noun.split("|")}
    scales.update(tongue.scales)
    longest_first = sorted(map(re.escape, scales), key=len, reverse=True)
    scale = rf"(?:\s?(?P<scale>{'|'.join(longest_first)})(?!\w))" if scales else "(?P<scale>(?!))"
    units = "|".join(sorted(map(re.escape, tongue.units), key=len, reverse=True))

    def price(match: re.Match[str]) -> str:
        return tongue.price(
            numerals.figure(match["amount"], decimal),
            scales.get(match["scale"] or "", ""),
            match["sign"],
            before(match),
        )

    def scaled(match: re.Match[str]) -> str:
        return tongue.quantity(numerals.figure(match["amount"], decimal), scales[match["scale"]], before(match))

    def unit(match: re.Match[str]) -> str:
        return tongue.quantity(numerals.figure(match["amount"], decimal), tongue.units[match["unit"]], before(match))

    yield rule("degrees with a space", r"(?<=\d)\s?[°º]\s?C\b", " °C")
    yield rule("money, sign behind", rf"{_FROM}{amount}{scale}?\s?(?P<sign>{_SIGNS})(?![\w$]|\s?\d)", price)
    yield rule(
        "money, sign in front",
        rf"(?<!\w)(?P<sign>{_SIGNS})(?:(?<![A-Z])|(?=\s))\s?{amount}(?![\d]|[.,]\d){scale}?",
        price,
    )
    yield rule("amount with a unit", rf"{_FROM}{amount}\s?(?P<unit>{units})(?![\w/²³°’'])", unit)
    if scales:
        yield rule("millions cut short", rf"{_FROM}{amount}{scale}", scaled)


def _numbers(tongue: Tongue) -> Iterator[Rule]:
    decimal = numerals.decimal_sign(tongue.locale)

    def number(match: re.Match[str]) -> str:
        if re.fullmatch(r"\d{4}", match[0]) and int(match[0]) >= 1000:
            return tongue.four_digits(int(match[0]), _noun_after(match), before(match))
        return tongue.number(numerals.figure(match[0], decimal), _noun_after(match), before(match))

    def dotted(match: re.Match[str]) -> str:
        return f" {tongue.point} ".join(tongue.number(Figure(part)) for part in match[0].split("."))

    def telephone(match: re.Match[str]) -> str:
        if len(re.sub(r"\D", "", match[0])) < _TELEPHONE:
            return match[0]
        return ", ".join(map(tongue.one_by_one, re.findall(r"\d+", match[0])))

    def fraction(match: re.Match[str]) -> str:
        said = tongue.fractions[match["fraction"]]
        whole = match["whole"]
        return f"{tongue.cardinal(int(whole))}{tongue.and_fraction}{said}" if whole else said

    yield rule(
        "telephone",
        r"(?<![\w.,])(?<!\d\s)(?:\+\d{1,3}(?:\s?\(0\)\s?\d+)?|\(?0\d{1,5}\)?)(?:[\s/-]\(?\d+\)?)+(?![\w.,]\d)",
        telephone,
    )
    if tongue.fractions:
        yield rule(
            "fraction", rf"(?:(?<![\d.,])(?P<whole>\d{{1,6}})\s?)?(?P<fraction>[{''.join(tongue.fractions)}])", fraction
        )
    yield rule("number", rf"{_FROM}{number_pattern(decimal)}{_UPTO}", number)
    yield rule("numbers between points", r"(?<![\w.,@])\d{1,4}(?:\.\d{1,4}){2,}(?![\w@]|\.\w)", dotted)
    yield rule("number between other signs", r"(?<![\w@])(?<![A-Za-z_][./_=&?@])\d+(?![\w@]|\.[A-Za-z]\w|_\w)", number)


def _noun_after(match: re.Match[str]) -> str:
    found = re.match(r"\s(\w+)", match.string[match.end() : match.end() + _CONTEXT])
    return found[1] if found else ""
