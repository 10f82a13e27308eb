"""Numbers in words: counted, in order, as years, as codes and digit by digit."""

from __future__ import annotations

import re
from functools import lru_cache

from num2words import num2words

from packager.speech.forms.english.variety import Variety

WHOLE = r"(?:\d{1,3}(?:,\d{2,3})+(?!\d)|\d+)"
"""A whole number, with or without commas between the thousands."""
NUMBER = rf"(?:{WHOLE}(?:\.\d+)?|\.\d+)"
ALONE = r"(?<![\w.])(?<!\d,)"
"""Before a number: it is not the rest of a word or of a longer number."""

_MOST_DIGITS = 18
"""Longer numbers are not counted by anybody; they are read digit by digit."""
_DIGITS = "zero one two three four five six seven eight nine".split()
_NAMED_PARTS = {2: ("half", "halves"), 4: ("quarter", "quarters")}


@lru_cache(maxsize=4096)
def number(written: str, variety: Variety) -> str:
    """A number as it is counted: "1,234.50" → "one thousand two hundred and thirty-four point five zero"."""
    whole, point, rest = written.replace(",", "").partition(".")
    words = _counted(whole, variety) if whole else ""
    return f"{words} point {one_by_one(rest)}".strip() if point else words


def _counted(digits: str, variety: Variety) -> str:
    if len(digits) > _MOST_DIGITS or (len(digits) > 1 and int(digits[0]) == 0):
        return one_by_one(digits)
    return _plain(num2words(int(digits)), variety)


def _plain(words: str, variety: Variety) -> str:
    words = words.replace(",", "")
    return words.replace(" and ", " ") if variety.american else words


@lru_cache(maxsize=1024)
def ordinal(digits: str, variety: Variety) -> str:
    """ "21" → "twenty-first"; what is too long to be counted is read digit by digit, with a "th" at the end."""
    digits = digits.replace(",", "")
    if len(digits) > _MOST_DIGITS:
        return f"{one_by_one(digits)}th"
    return _plain(num2words(int(digits), to="ordinal"), variety)


@lru_cache(maxsize=1024)
def year(digits: str, variety: Variety) -> str:
    """ "1905" → "nineteen oh five", "2021" → "twenty twenty-one", "44" → "forty-four"."""
    value = int(digits)
    if not 1010 <= value <= 9999 or (value // 100 % 10 == 0 and value % 100 < 10):
        return number(str(value), variety)
    return f"{number(str(value // 100), variety)} {_last_two(value % 100, variety)}"


def _last_two(value: int, variety: Variety) -> str:
    if value == 0:
        return "hundred"
    return f"oh {_DIGITS[value]}" if value < 10 else number(str(value), variety)


def two_digits(digits: str, variety: Variety) -> str:
    """The second year of "2005–06" and the minutes of "10:05": "oh six", "oh five"."""
    return _last_two(int(digits), variety) if int(digits) else "hundred"


@lru_cache(maxsize=1024)
def code(digits: str, variety: Variety) -> str:
    """The number of a flight, a room, an aeroplane: "737" → "seven thirty-seven", "101" → "one oh one"."""
    if digits[0] == "0" or len(digits) > 4:
        return one_by_one(digits)
    if len(digits) < 3 or int(digits) % 1000 == 0:
        return number(digits, variety)
    return f"{number(digits[:-2], variety)} {_last_two(int(digits[-2:]), variety)}"


def one_by_one(digits: str) -> str:
    """ "0199" → "zero one nine nine"; what is no digit is passed over."""
    return " ".join(_DIGITS[int(digit)] for digit in digits if digit.isdecimal())


def plural(words: str) -> str:
    """ "ninety" → "nineties", "six" → "sixes"."""
    if words.endswith("y"):
        return f"{words[:-1]}ies"
    return f"{words}es" if words.endswith("x") else f"{words}s"


def parts(above: str, below: str, variety: Variety) -> str:
    """ "3", "4" → "three quarters"; "1", "2" → "one half"."""
    one, many = _NAMED_PARTS.get(int(below)) or _ordinal_parts(below, variety)
    return f"{number(above, variety)} {one if int(above) == 1 else many}"


def _ordinal_parts(below: str, variety: Variety) -> tuple[str, str]:
    part = ordinal(below, variety)
    return part, f"{part}s"


_ROMAN = re.compile(
    r"m{0,3}(cm|cd|d?c{0,3})(xc|xl|l?x{0,3})(ix|iv|v?i{0,3})",
    re.IGNORECASE,
)
_ROMAN_DIGITS = {"i": 1, "v": 5, "x": 10, "l": 50, "c": 100, "d": 500, "m": 1000}


def roman(letters: str) -> int | None:
    """The value of a Roman numeral; None for what is none ("IIX")."""
    if not letters or not _ROMAN.fullmatch(letters):
        return None
    values = [_ROMAN_DIGITS[letter] for letter in letters.lower()]
    return sum(
        -value if value < following else value for value, following in zip(values, [*values[1:], 0], strict=True)
    )
