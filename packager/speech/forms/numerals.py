"""Numbers as the words of a language: num2words and CLDR behind one small face, each loaded when first needed.

Names of locales are CLDR's ("pt_BR"). Where num2words errs, the module of the language mends it and says so.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from babel import Locale

_LONGEST = 15
_ROMAN = {"I": 1, "V": 5, "X": 10, "L": 50, "C": 100, "D": 500, "M": 1000}


class Figure(NamedTuple):
    """A number as printed: the digits before and after the decimal sign, ASCII, no separators; and that sign."""

    whole: str
    sign: str = ""
    decimals: str = ""

    @property
    def is_code(self) -> bool:
        """Whether its digits are said one by one: "007", or a row too long to be counted."""
        return len(self.whole) > _LONGEST or (len(self.whole) > 1 and self.whole.startswith("0"))


def figure(printed: str, decimal: str) -> Figure:
    """The number that `printed` stands for, where `decimal` is the decimal sign ("," or ".") of the locale.

    The other sign groups thousands; but a single one that parts off other than three digits is a decimal sign
    too ("1.5" in German); before three noughts no sign is ("3,000"); and of two signs the last one is ("1,234.56" in Spanish).
    """
    marks = [mark for mark in printed if mark in ".,"]
    sign = decimal if decimal in marks else ""
    behind = printed.rpartition(marks[-1])[2] if marks else ""
    if len(set(marks)) == 2:
        sign = marks[-1]
    elif marks.count(decimal) > 1 or (sign and behind == "000" and not printed.startswith("0")):
        sign = ""
    elif len(marks) == 1 and (len(behind) != 3 or printed.startswith("0")):
        sign = marks[0]
    whole, _, decimals = printed.rpartition(sign) if sign else (printed, "", "")
    return Figure(_digits(whole), sign, _digits(decimals))


@lru_cache(maxsize=8192)
def cardinal(number: int, locale: str, gender: str = "", case: str = "") -> str:
    """The number in words. `gender` (m, f, n) and `case` (n, g, d, a, i, p) are for Russian only."""
    from num2words import num2words

    grammar = {name: value for name, value in (("gender", gender), ("case", case)) if value}
    return str(num2words(number, lang=locale, **grammar))


@lru_cache(maxsize=2048)
def ordinal(number: int, locale: str, gender: str = "", case: str = "", plural: bool = False) -> str:
    """The place of the number in words. What is not empty after `locale` is for Russian only."""
    from num2words import num2words

    grammar: dict[str, str | bool] = {name: value for name, value in (("gender", gender), ("case", case)) if value}
    if plural:
        grammar["plural"] = True
    return str(num2words(number, lang=locale, to="ordinal", **grammar))


@lru_cache(maxsize=2048)
def plural(whole: str, decimals: str, locale: str) -> str:
    """CLDR's plural category of a number: zero, one, two, few, many or other."""
    from decimal import Decimal

    return str(_locale(locale).plural_form(Decimal(f"{whole}.{decimals}" if decimals else whole)))


@lru_cache(maxsize=512)
def currency(code: str, category: str, locale: str) -> str:
    """CLDR's name of the currency with this ISO code, in the form for this plural category."""
    return _currency_names(code, locale).get(category) or _currency_names(code, locale).get("other", code)


@lru_cache(maxsize=16)
def months(locale: str, width: str = "wide") -> tuple[str, ...]:
    """The twelve months as they stand in a date; `width` is wide or abbreviated."""
    names = _locale(locale).months["format"][width]
    return tuple(str(names[number]) for number in range(1, 13))


@lru_cache(maxsize=16)
def decimal_sign(locale: str) -> str:
    """Whether the locale writes decimals after a comma or a point."""
    from babel.numbers import get_decimal_symbol

    return get_decimal_symbol(_locale(locale))


def roman(numeral: str) -> int:
    """The value of a Roman numeral in capitals."""
    values = [_ROMAN[letter] for letter in numeral]
    return sum(-one if one < following else one for one, following in zip(values, [*values[1:], 0], strict=True))


def _digits(printed: str) -> str:
    return "".join(str(int(mark)) for mark in printed if mark.isdecimal())


@lru_cache(maxsize=256)
def _currency_names(code: str, locale: str) -> dict[str, str]:
    from babel.numbers import get_currency_name

    counts = {"zero": 0, "one": 1, "two": 2, "few": 3, "many": 11, "other": 100.5}
    return {name: get_currency_name(code, count=count, locale=_locale(locale)) for name, count in counts.items()}


@lru_cache(maxsize=32)
def _locale(name: str) -> Locale:
    from babel import Locale

    return Locale.parse(name)
