"""Short names of months and of weekdays: "Jan. 6", "Mon–Fri"."""

from __future__ import annotations

import re

from packager.speech.forms.rule import Rule, rule

MONTHS = "January February March April May June July August September October November December".split()

_MONTHS = {name[:3]: name for name in MONTHS if name != "May"} | {"Sept": "September"}
_DAYS = {
    "Mon": "Monday",
    "Tues": "Tuesday",
    "Tue": "Tuesday",
    "Wed": "Wednesday",
    "Thurs": "Thursday",
    "Thur": "Thursday",
    "Thu": "Thursday",
    "Fri": "Friday",
    "Sat": "Saturday",
    "Sun": "Sunday",
}
_STOP = r"\b(?:\.(?!\W*\Z))?"
"""The full stop of a short name; where the text ends with it, it stays."""
_MONTH = rf"(?P<short>{'|'.join(sorted(_MONTHS, key=len, reverse=True))})"
_DAY = rf"(?P<short>{'|'.join(_DAYS)})"
_TO = r"\s?(?:[–/-]|to|and)\s?"
_IN = "".join(
    rf"|(?<=\b{word} )"
    for word in "In in since until till late early last next this of by from and to before after".split()
)[1:]


def _month(match: re.Match[str]) -> str:
    return _MONTHS[match["short"]]


def _day(match: re.Match[str]) -> str:
    return _DAYS[match["short"]]


SHORT_NAMES: tuple[Rule, ...] = (
    rule("short month to another", rf"\b{_MONTH}{_STOP}(?={_TO}(?:{'|'.join(_MONTHS)}|May)\b)", _month),
    rule("short month from another", rf"(?:(?<=[yhletr][–/-])|(?<=[yhletr] [–/-] )){_MONTH}{_STOP}(?![\w-])", _month),
    rule("short month before a number", rf"\b{_MONTH}{_STOP}(?= ?['’]?\d)", _month),
    rule(
        "short month after a number",
        rf"(?:(?<=\d )|(?<=\d(?:st|nd|rd|th) )|(?<=\d(?:st|nd|rd|th) of )){_MONTH}{_STOP}(?!\w)",
        _month,
    ),
    rule("short month in a sentence", rf"(?=[A-Z])(?:{_IN}|(?<=\bmid-)){_MONTH}\b(?:\.(?!\W*\Z)|(?=\.))", _month),
    rule("short month with a stop", rf"\b(?!Jan){_MONTH}\.(?=,? ?[a-z\d,–-])", _month),
    rule("short day to another", rf"\b{_DAY}{_STOP}(?={_TO}(?:{'|'.join(_DAYS)})\b)", _day),
    rule(
        "short day from another", rf"(?:(?<=day[–/-])|(?<=day to )|(?<=day and )|(?<=day – )){_DAY}{_STOP}(?!\w)", _day
    ),
    rule("short day before a date", rf"\b{_DAY}{_STOP}(?=,? (?:\d|{'|'.join(MONTHS)}))", _day),
    rule("short day with a stop", rf"\b(?!Sat|Sun){_DAY}\b(?:\.(?!\W*\Z)|(?=\.))(?!\w)", _day),
    rule("from day to day", r"(?<=day)\s?[–-]\s?(?=(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day\b)", " to "),
)
