"""Times of day, ratios, verses and scores: what has a colon or a dash between two numbers."""

from __future__ import annotations

import re
from functools import partial

from packager.speech.forms.english.numerals import number, two_digits
from packager.speech.forms.english.variety import Variety
from packager.speech.forms.rule import Rule, rule

_HALF = r"(?:\s?(?P<half>[ap])(?:m\b|\.\s?m(?:\.(?!\W*\Z)|(?=\.)|\b)))"
"""am, pm, a.m., p.m.; the last dot stays where it ends the sentence too."""
_BOOKS = frozenset(
    """
    genesis exodus leviticus numbers deuteronomy joshua judges ruth samuel kings chronicles ezra nehemiah esther job
    psalm psalms proverbs ecclesiastes isaiah jeremiah lamentations ezekiel daniel hosea joel amos obadiah jonah
    micah nahum habakkuk zephaniah haggai zechariah malachi matthew mark luke john acts romans corinthians galatians
    ephesians philippians colossians thessalonians timothy titus philemon hebrews james peter jude revelation quran
    qur’an qur'an koran surah sura verse verses
    """.split()
)
_RATIO_BEFORE = re.compile(r"\b(?:ratio|scale|odds|mixture)(?: (?:of|is|was|at))?:? \Z", re.IGNORECASE)
_RATIO_AFTER = re.compile(r"[ -](?:aspect |screen |mixing |gear )?(?:ratio|odds|majority|scale|split|screen|mixture)\b")
_FAR_ENOUGH = 24
_DASH = r"\s?[–—-]\s?"


def _colon(variety: Variety, match: re.Match[str]) -> str:
    """Two numbers with a colon: a time, a verse or a ratio."""
    first, second = match["first"], match["second"]
    before = match.string[max(0, match.start() - _FAR_ENOUGH) : match.start()]
    last_word = re.search(r"([^\W\d_]+)(?: \d{1,3})? \Z", before)
    if last_word and last_word[1].lower() in _BOOKS:
        return f"{number(first, variety)} {number(second, variety)}"
    is_ratio = (
        len(second) != 2
        or int(second.replace(",", "")) > 59
        or _RATIO_BEFORE.search(before)
        or _RATIO_AFTER.match(match.string, match.end(), match.end() + _FAR_ENOUGH)
    )
    if is_ratio:
        return f"{number(first, variety)} to {number(second, variety)}"
    return _clock(first, second, variety)


def _clock(hour: str, minute: str, variety: Variety) -> str:
    said = number(str(int(hour)), variety)
    if int(minute):
        return f"{said} {two_digits(minute, variety)}"
    if int(hour) == 0 and len(hour) == 2:
        return "midnight"
    return f"{said} o'clock" if int(hour) <= 12 else f"{said} hundred"


def _with_seconds(variety: Variety, match: re.Match[str]) -> str:
    hour, minute, second = (number(str(int(part)), variety) for part in match[0].split(":"))
    if int(match["minute"]) == 0:
        minute = "zero"
    return f"{hour} {minute} and {second} second{'' if second == 'one' else 's'}"


def _half_day(variety: Variety, match: re.Match[str]) -> str:
    said = number(str(int(match["hour"])), variety)
    if match["minute"] and int(match["minute"]):
        said += f" {two_digits(match['minute'], variety)}"
    return f"{said} {'A-' if match['half'] in 'aA' else 'P'} M"


def _military(variety: Variety, match: re.Match[str]) -> str:
    hour, minute = match["hour"], match["minute"]
    said = f"oh {number(hour[1], variety)}" if hour[0] == "0" else number(hour, variety)
    return f"{said} {two_digits(minute, variety)}"


def _with_dot(variety: Variety, match: re.Match[str]) -> str:
    return _clock(match["hour"], match["minute"], variety)


def _nil(variety: Variety, match: re.Match[str]) -> str:
    first = "nil" if int(match["first"]) == 0 and not variety.american else number(match["first"], variety)
    return f"{first} to zero" if variety.american else f"{first} nil"


def _spaced_range(match: re.Match[str]) -> str:
    """A dash between spaces joins numbers that grow; else it is a pause."""
    first, second = match["first"], match["second"]
    return f"{first} to {second}" if int(first) < int(second) else match[0]


def times(variety: Variety) -> tuple[Rule, ...]:
    """Clock times and whatever else has a colon."""
    return (
        rule("from time to time", rf"(?:(?<=\d[ap]m)|(?<=\d [ap]m)|(?<=[ap]\.m\.)){_DASH}(?=\d)", " to "),
        rule("from hour to time", rf"(?<=\d){_DASH}(?=\d{{1,2}}(?:[:.]\d\d)?\s?[ap]\.?\s?m\b)", " to ", re.IGNORECASE),
        rule("from verse to verse", r"(?:(?<=\d:\d)|(?<=\d:\d\d))[–-](?=\d{1,3}(?![\d:]))", " to "),
        rule("from clock to clock", rf"(?<=:\d\d){_DASH}(?=\d{{1,2}}:\d\d)", " to "),
        rule(
            "clock with seconds",
            r"(?<![\w:.,])\d{1,2}:(?P<minute>[0-5]\d):[0-5]\d(?![\w:]|\.\d)",
            partial(_with_seconds, variety),
        ),
        rule(
            "hour of a half day",
            rf"(?<![\w:.,])(?P<hour>0?\d|1[0-2])(?:[:.](?P<minute>[0-5]\d))?{_HALF}",
            partial(_half_day, variety),
            re.IGNORECASE,
        ),
        rule(
            "proportion", r"(?<![\w:.,])\d{1,4}(?::\d{1,4}){2,}(?![\w:])", lambda match: match[0].replace(":", " to ")
        ),
        rule(
            "colon",
            r"(?<![\w:.,])(?P<first>\d{1,3}):(?P<second>\d{1,3}(?:,\d{3})+|\d{1,6})(?![\w:]|[.,]\d)(?:\s?h(?:rs)?\b)?",
            partial(_colon, variety),
        ),
        rule(
            "military time",
            r"(?<![\w.,])(?P<hour>[01]\d|2[0-3])(?P<minute>[0-5]\d)(?= (?:hours|hrs|GMT|UTC)\b)",
            partial(_military, variety),
        ),
        rule(
            "time with a dot",
            r"(?:(?<= at )|(?<=^At ))(?P<hour>\d{1,2})\.(?P<minute>[0-5]\d)(?= (?:on|this|tomorrow|in the"
            r"|tonight|every|each|sharp)\b)",
            partial(_with_dot, variety),
        ),
    )


def ranges(variety: Variety) -> tuple[Rule, ...]:
    """Dashes between numbers, after all those that mean something else."""
    return (
        rule(
            "fifty-fifty", r"(?<![\w.,/-])(50|20|80)[/-](50|20)(?![\w/-]|[.,]\d)", lambda match: _halves(match, variety)
        ),
        rule("score with nil", r"(?<![\w.,$£€–-])(?P<first>\d{1,2})[–-]0(?![\w%°–-]|[.,]\d)", partial(_nil, variety)),
        rule("range with spaces", r"(?<![\w.,–-])(?P<first>\d{1,6}+) – (?P<second>\d{1,6})(?![\w–-])", _spaced_range),
        rule(
            "range",
            r"(?<=\d)[–-](?=\d)|(?<=\d[%°kmbKMB])[–-](?=\d)|(?<=\d(?:bn|km|kg|cm|mm|th|st|nd|rd|°C|°F))[–-](?=\d)",
            " to ",
        ),
    )


def _halves(match: re.Match[str], variety: Variety) -> str:
    return f"{number(match[1], variety)} {number(match[2], variety)}"
