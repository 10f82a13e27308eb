"""Dates: in figures and in words, days and months, years and decades."""

from __future__ import annotations

import re
from functools import partial

from packager.speech.forms.english.numerals import number, ordinal, plural, two_digits, year
from packager.speech.forms.english.short_names import MONTHS
from packager.speech.forms.english.variety import Variety
from packager.speech.forms.english.years import is_year
from packager.speech.forms.rule import Rule, rule

_NAMES = "|".join(MONTHS)
_AFTER_MONTH = "(?:" + "|".join(rf"(?<=\b{name} )" for name in MONTHS) + ")"
_RIGHT_AFTER_MONTH = "(?:" + "|".join(rf"(?<=\b{name})" for name in MONTHS) + ")"
_DAY = r"(?P<day>0?[1-9]|[12]\d|3[01])(?:st|nd|rd|th)?"
_NO_MORE = r"(?![\w%°:/-]|[.,]\d|\s?(?:%|°|percent|per cent|million|billion|thousand|years?|people|minutes|points)\b)"
_SPECIAL = {
    "9/11": "nine eleven",
    "7/7": "seven seven",
    "24/7": "twenty-four seven",
    "24/7/365": "twenty-four seven three sixty-five",
}


def _spoken_date(day: int, month: int, written_year: str, day_first: bool, variety: Variety) -> str | None:
    if not (1 <= month <= 12 and 1 <= day <= 31):
        return None
    if len(written_year) == 2:
        written_year = ("20" if int(written_year) < 50 else "19") + written_year
    said_year, said_day = year(written_year, variety), ordinal(str(day), variety)
    if day_first and not variety.american:
        return f"the {said_day} of {MONTHS[month - 1]} {said_year}"
    return f"{MONTHS[month - 1]} {said_day}, {said_year}"


def _year_first(variety: Variety, match: re.Match[str]) -> str:
    said = _spoken_date(int(match["day"]), int(match["month"]), match["year"], not variety.month_first, variety)
    return said or match[0]


def _in_figures(variety: Variety, match: re.Match[str]) -> str:
    """Dots put the day first; else the language decides, unless only one order gives a date."""
    first, second = int(match["first"]), int(match["second"])
    orders = [(first, second, True), (second, first, False)]
    if variety.month_first and match["sign"] != ".":
        orders.reverse()
    for day, month, day_first in orders:
        if said := _spoken_date(day, month, match["year"], day_first, variety):
            return said
    return match[0]


def _day_and_month(variety: Variety, match: re.Match[str]) -> str:
    first, second = int(match["first"]), int(match["second"])
    day, month = (second, first) if variety.month_first else (first, second)
    if not (1 <= month <= 12 and 1 <= day <= 31):
        return match[0]
    said = ordinal(str(day), variety)
    return f"{MONTHS[month - 1]} {said}" if variety.month_first else f"the {said} of {MONTHS[month - 1]}"


def _before_month(variety: Variety, match: re.Match[str]) -> str:
    said = " to ".join(
        ("" if index == 0 and _follows_the(match) else "the ") + ordinal(day, variety)
        for index, day in enumerate(re.findall(r"\d+", match[0]))
    )
    return f"{said} of"


def _follows_the(match: re.Match[str]) -> bool:
    return match.string[max(0, match.start() - 4) : match.start()].lower() == "the "


def _after_month(variety: Variety, match: re.Match[str]) -> str:
    the = "" if variety.month_first else "the "
    return " to ".join(f"{the}{ordinal(day, variety)}" for day in re.findall(r"\d+", match[0]))


def _year(variety: Variety, match: re.Match[str]) -> str:
    return year(match[0], variety) if is_year(match) else match[0]


def _years(variety: Variety, match: re.Match[str]) -> str:
    first, last = match["first"], match["last"]
    if len(last) == 2:
        if int(last) <= int(first[2:]):
            return match[0]
        return f"{year(first, variety)} to {two_digits(last, variety)}"
    return f"{year(first, variety)} to {year(last, variety)}"


def _decade(variety: Variety, match: re.Match[str]) -> str:
    digits = match["digits"]
    if digits == "00":
        return "two thousands" if variety.american else "noughties"
    return plural(year(digits, variety))


def _short_year(variety: Variety, match: re.Match[str]) -> str:
    return two_digits(match["digits"], variety)


def _era(variety: Variety, match: re.Match[str]) -> str:
    return year(match["digits"].replace(",", ""), variety)


def in_figures(variety: Variety) -> tuple[Rule, ...]:
    """Dates such as "2024-03-12", "8.11.2021" and "5/20/20"; they come before all other numbers."""
    return (
        rule("from date to date", r"(?<=\d)\s?[–—]\s?(?=\d{1,2}[./]\d{1,2}[./]\d{2,4}\b)", " to "),
        rule(
            "year first",
            r"(?<![\w.-])(?P<year>\d{4})(?P<sign>[-./])(?P<month>0?[1-9]|1[0-2])(?P=sign)(?P<day>0[1-9]"
            r"|[12]\d|3[01]|[1-9])"
            r"(?=T\d\d:|(?![\w/-]|\.\d))",
            partial(_year_first, variety),
        ),
        rule("time of a date", r"(?<=[a-z])T(?=\d\d:\d\d)", ", "),
        rule(
            "date in figures",
            r"(?<![\w./-])(?P<first>\d{1,2})(?P<sign>[./-])(?P<second>\d{1,2})(?P=sign)(?P<year>[12]\d{3}"
            r"|\d\d)(?![\w/-]|\.\d)",
            partial(_in_figures, variety),
        ),
        rule(
            "famous numbers with a slash",
            r"(?<![\w./])(?:24/7/365|24/7|9/11|7/7)(?![\w/]|\.\d)",
            lambda match: _SPECIAL[match[0]],
        ),
        rule(
            "day and month in figures",
            r"(?:(?<= on )|(?<=^On )|(?<=[Ss]ince )|(?<=[Uu]ntil )|(?<=day )|(?<=day, ))(?P<first>\d{1,2})/"
            r"(?P<second>\d{1,2})(?![\w/]|\.\d)",
            partial(_day_and_month, variety),
        ),
    )


def dates(variety: Variety) -> tuple[Rule, ...]:
    """Dates with the names of months, weekdays, years and decades."""
    return (
        rule(
            "from month to month",
            rf"(?=\s?[–-]){_RIGHT_AFTER_MONTH}\s?[–-]\s?(?=(?:\d{{1,2}} )?(?:{_NAMES})\b)",
            " to ",
        ),
        rule("from day of month to month", rf"(?<=\d)\s?[–-]\s?(?=(?:{_NAMES}) \d{{1,2}}\b)", " to "),
        rule(
            "days before month",
            rf"(?<![\w.,:/$€£-]){_DAY}(?:\s?[–-]\s?\d{{1,2}}(?:st|nd|rd|th)?)?(?: of)?(?= (?:{_NAMES})\b)",
            partial(_before_month, variety),
        ),
        rule(
            "days after month",
            rf"{_AFTER_MONTH}{_DAY}(?:\s?[–-]\s?(?:0?[1-9]|[12]\d|3[01])(?:st|nd|rd|th)?)?{_NO_MORE}",
            partial(_after_month, variety),
        ),
        rule("era before", r"(?:(?<=\bAD )|(?<=\bCE )|(?<=\bA\.D\. ))(?P<digits>\d{1,4})\b", partial(_era, variety)),
        rule(
            "era after",
            r"(?<![\w.,/])(?P<digits>\d{1,2},\d{3}|\d{1,4})(?=\s?(?:BCE?|AD|CE|B\.C\.|A\.D\.)(?!\w)"
            r"|\s?[–-]\s?\d{1,4} (?:BCE?|AD|CE)\b)",
            partial(_era, variety),
        ),
        rule(
            "years",
            r"(?<![\w.,$€£¥/-])(?P<first>1[1-9]\d\d|20\d\d)\s?[–/-]\s?(?P<last>\d\d(?:\d\d)?)(?![\w%°/-]|[.,]\d)",
            partial(_years, variety),
        ),
        rule("decade", r"(?<![\w.,$€£])['’‘]?(?P<digits>(?:1\d|20|21)?\d0)['’]?s\b", partial(_decade, variety)),
        rule(
            "century of hundreds",
            r"(?<![\w.,$€£])(?P<digits>[1-9]00)s\b",
            lambda match: plural(number(match["digits"], variety)),
        ),
        rule("short year", r"(?<!\w)['’‘](?P<digits>\d\d)(?![\w'’:]|[.,]\d)", partial(_short_year, variety)),
        rule("fiscal year", r"(?<=\bFY)(?P<digits>\d\d)\b", lambda match: " " + two_digits(match["digits"], variety)),
        rule(
            "year",
            r"(?<![\d.,$€£¥₹#/:+])(?<!\d[–-])(?<![A-Za-z]{2}[\d])\b[12]\d{3}(?![\w%°/:]|[.,]\d)",
            partial(_year, variety),
        ),
    )
