"""What the shared rules ask of a language: tables of its words, and how it says numbers, dates and amounts."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import ClassVar

from packager.speech.forms import numerals
from packager.speech.forms.numerals import Figure
from packager.speech.forms.rule import Rule

CODES = {
    "€": "EUR",
    "$": "USD",
    "US$": "USD",
    "US-$": "USD",
    "£": "GBP",
    "¥": "JPY",
    "₹": "INR",
    "₽": "RUB",
    "₩": "KRW",
    "₺": "TRY",
}
CODES |= {"₴": "UAH", "₪": "ILS", "R$": "BRL", "zł": "PLN", "Kč": "CZK", "￥": "JPY"}
CODES |= {code: code for code in "EUR USD GBP JPY CNY CHF BRL RUB INR MXN PLN SEK NOK DKK CZK TRY CAD AUD".split()}
CODES |= {code: code for code in "ARS CLP ZAR UAH KRW SAR AED EGP MAD IQD QAR KWD JOD".split()}
"""ISO 4217 codes of currencies by what is printed for them."""


def words(table: str) -> dict[str, str]:
    """A dictionary from lines "key: value"."""
    pairs = (line.split(": ", 1) for line in table.strip().splitlines())
    return {key.strip(): value.strip() for key, value in pairs}


class Tongue:
    """The grammar of a language, as far as numbers need it. A language overrides what it does otherwise.

    Nouns are written with their forms between bars, in the order of `categories`: "heure|heures".
    """

    categories: ClassVar[Mapping[str, int]] = {"one": 0}
    """Which form of a noun goes with which plural category of CLDR; the last form with all others."""
    comma = point = minus = plus = to = ""
    of = " "
    """What stands between millions and a currency."""
    units: ClassVar[Mapping[str, str]] = {}
    scales: ClassVar[Mapping[str, str]] = {}
    money: ClassVar[Mapping[str, str]] = {}
    """Names of currencies by sign or ISO code, where CLDR's are not what people say."""
    cents: ClassVar[Mapping[str, str]] = {}
    """Names of the hundredth parts of currencies, by ISO code."""
    price_with_cents = "{large} {cents}"
    abbreviations: ClassVar[Mapping[str, str]] = {}
    """What is printed and what is said; with " #" at the end of the first only before a number, with " @" before a name."""
    fractions: ClassVar[Mapping[str, str]] = {}
    and_fraction = " "
    clock: tuple[str, ...] = (r"(?P<hour>\d{1,2}):(?P<minute>[0-5]\d)",)
    """Patterns of a time of day, with groups hour and minute."""
    day_suffix = ""
    other_months: tuple[str, ...] = ()
    """Names of months that CLDR does not have for the locale."""
    day_joint = ""
    """What may stand between the day and the month in a date, as a pattern."""

    def __init__(self, locale: str) -> None:
        self.locale = locale
        """CLDR's name of the locale ("pt_BR")."""

    def rules(self) -> tuple[Rule, ...]:
        """The rules that only this language has; they come before the shared ones."""
        return ()

    def last_rules(self) -> tuple[Rule, ...]:
        """Rules of this language that come after all others."""
        return ()

    def gender(self, noun: str) -> str:
        """The gender (m, f, n) that a number takes before this word, "" when it is said as if it stood alone."""
        return ""

    def is_counted(self, noun: str) -> bool:
        """Whether this word, as it stands behind a number, is what the number counts."""
        return bool(self.gender(noun))

    def cardinal(self, number: int, gender: str = "") -> str:
        """The number in words."""
        return numerals.cardinal(number, self.locale)

    def year(self, number: int) -> str:
        """The number of a year in words."""
        return self.cardinal(number)

    def four_digits(self, number: int, noun: str, before: str) -> str:
        """A number of four digits without separator, which may be a year."""
        return self.number(Figure(str(number)), noun, before)

    def day(self, number: int, before: str) -> str:
        """The day of a month in words; `before` is what is printed before it."""
        return self.cardinal(number)

    def date(self, day: int, month: int, year: int, before: str) -> str:
        """A date in words that was printed in figures."""
        return f"{self.day(day, before)} {numerals.months(self.locale)[month - 1]} {self.year(year)}"

    def time(self, hour: int, minute: int) -> str:
        """The time of day in words."""
        return f"{self.cardinal(hour)} {self.cardinal(minute)}" if minute else self.cardinal(hour)

    def decimals(self, digits: str) -> str:
        """Digits after the decimal sign: up to two as a number, else, and after a nought, one by one."""
        return self.one_by_one(digits) if len(digits) > 2 or digits.startswith("0") else self.cardinal(int(digits))

    def one_by_one(self, digits: str) -> str:
        """Each digit as a word."""
        return " ".join(self.cardinal(int(digit)) for digit in digits)

    def number(self, figure: Figure, noun: str = "", before: str = "") -> str:
        """The number in words, as it is said before `noun` and after the word `before`."""
        noun = noun.partition(" ")[0]
        if figure.is_code:
            whole = self.one_by_one(figure.whole)
        else:
            whole = self.cardinal(int(figure.whole), "" if figure.sign else self.gender(noun))
        if figure.sign:
            return f"{whole} {self.sign(figure.sign)} {self.decimals(figure.decimals)}"
        return whole + self.of.rstrip() if figure.whole.endswith("000000") and self.is_counted(noun) else whole

    def sign(self, sign: str) -> str:
        """The word for a decimal sign."""
        return self.comma if sign == "," else self.point

    def form(self, noun: str, figure: Figure) -> str:
        """The form of the noun (its forms parted by bars) that goes with the number."""
        forms = noun.split("|")
        category = numerals.plural(figure.whole, figure.decimals, self.locale)
        return forms[min(self.categories.get(category, len(forms) - 1), len(forms) - 1)]

    def quantity(self, figure: Figure, noun: str, before: str = "") -> str:
        """So many of what the noun names."""
        form = self.form(noun, figure)
        return f"{self.number(figure, form, before)} {form}"

    def currency(self, sign: str, figure: Figure) -> str:
        """The name of the currency in the form that goes with the number."""
        code = CODES[sign]
        if noun := self.money.get(sign, self.money.get(code, "")):
            return self.form(noun, figure)
        return numerals.currency(code, numerals.plural(figure.whole, figure.decimals, self.locale), self.locale)

    def price(self, figure: Figure, scale: str, sign: str, before: str = "") -> str:
        """An amount of money after the word `before`; `scale` is the noun for millions and the like, or ""."""
        if scale:
            form = self.form(scale, figure)
            return f"{self.number(figure, form)} {form}{self.after_scale(self.currency(sign, Figure('1000000')))}"
        small = self.cents.get(CODES[sign], "")
        if len(figure.decimals) != 2 or not (small or figure.decimals == "00"):
            name = self.currency(sign, figure)
            return f"{self.number(figure, name)} {name}"
        whole, hundredths = Figure(figure.whole), Figure(str(int(figure.decimals)))
        if hundredths.whole == "0":
            name = self.currency(sign, whole)
            return f"{self.number(whole, name)} {name}"
        if whole.whole == "0":
            return self.quantity(hundredths, small)
        name = self.currency(sign, whole)
        cents = self.number(hundredths, self.form(small, hundredths))
        return self.price_with_cents.format(
            large=f"{self.number(whole, name)} {name}", cents=cents, small=self.form(small, hundredths)
        )

    def after_scale(self, name: str) -> str:
        """The currency as it follows "millions"."""
        return f"{self.of}{name}"


def last_word(text: str) -> str:
    """The last word of the text, "" when a stop comes after it."""
    found = re.search(r"(\w+)\s*$", text)
    return found[1] if found else ""
