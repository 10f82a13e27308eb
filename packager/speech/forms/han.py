"""The rules that Chinese and Japanese share: numbers between signs that no spaces part."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import ClassVar

from packager.speech.forms import numerals
from packager.speech.forms.every_language import BEFORE_WORDS
from packager.speech.forms.rule import Rule, rule
from packager.speech.forms.tongue import CODES

_NUMBER = r"(?:\d{1,3}(?:,\d{3})+(?!\d)(?:[.．]\d+)?|\d+(?:[.．]\d+)?)"
_FROM = r"(?<![A-Za-z\d_@#])(?<![A-Za-z][./_=&?])(?<!\d[.．,:/])"
_UPTO = r"(?![A-Za-z\d_@]|[.．:/]\d|,\d{3}(?!\d)|\.[A-Za-z])"
_MOBILE = re.compile(r"1[3-9]\d{9}")
_SIGNS = "|".join(sorted(map(re.escape, CODES), key=len, reverse=True))


class HanTongue(ABC):
    """What the rules ask of a language that is written in Chinese characters."""

    point = minus = to = versus = percent = ""
    """`percent` holds the number at {}; it is a form like those of `units`."""
    units: ClassVar[Mapping[str, str]] = {}
    money: ClassVar[Mapping[str, str]] = {}
    fractions: ClassVar[Mapping[str, str]] = {}
    scales = ""
    """Characters that multiply a number: 万 and the like."""

    def __init__(self, locale: str) -> None:
        self.locale = locale
        """CLDR's name of the locale ("zh_Hant")."""

    def own_rules(self) -> tuple[Rule, ...]:
        """The rules that only this language has; they come first."""
        return ()

    @abstractmethod
    def cardinal(self, number: int, after: str = "") -> str:
        """The number in words, as it is said before `after`."""

    @abstractmethod
    def year(self, number: int) -> str:
        """The number of a year in words."""

    def date(self, year: int, month: int, day: int) -> str:
        """A date in words."""
        return f"{self.year(year)}年{self.cardinal(month, '月')}月{self.cardinal(day, '日')}日"

    @abstractmethod
    def time(self, hour: int, minute: int) -> str:
        """The time of day in words."""

    def one_by_one(self, digits: str) -> str:
        """Each digit as a word."""
        return "".join(self.cardinal(int(digit)) for digit in digits)

    def number(self, printed: str, after: str = "") -> str:
        """The number in words, as it is said before `after`."""
        whole, _, decimals = printed.replace(",", "").replace("．", ".").partition(".")
        if len(whole) > 16 or (len(whole) > 1 and int(whole[0]) == 0) or _MOBILE.fullmatch(printed):
            return self.one_by_one(whole + decimals)
        if decimals:
            return f"{self.cardinal(int(whole))}{self.point}{self.one_by_one(decimals)}"
        return self.cardinal(int(whole), after)

    def currency(self, sign: str) -> str:
        """The name of a currency."""
        code = CODES[sign]
        return self.money.get(sign) or self.money.get(code) or numerals.currency(code, "other", self.locale)


def rules_of(tongue: HanTongue) -> tuple[Rule, ...]:
    """All rules of a language, in order."""
    units = "|".join(sorted(map(re.escape, tongue.units), key=len, reverse=True))
    scale = rf"(?P<scale>[{tongue.scales}]*)"

    def date(match: re.Match[str]) -> str:
        month, day = int(match["month"]), int(match["day"])
        return tongue.date(int(match["year"]), month, day) if 1 <= month <= 12 and 1 <= day <= 31 else match[0]

    def time(match: re.Match[str]) -> str:
        hour = int(match["hour"])
        return tongue.time(hour, int(match["minute"])) if hour <= 24 else match[0]

    def year(match: re.Match[str]) -> str:
        return tongue.year(int(match[0]))

    def first_year(match: re.Match[str]) -> str:
        return f"{tongue.year(int(match[1]))}{tongue.to}"

    def season(match: re.Match[str]) -> str:
        return f"{tongue.year(int(match[1]))}{tongue.to}{tongue.year(int(match[2]))}"

    def year_or_span(match: re.Match[str]) -> str:
        # "2000年前" is two thousand years ago, "2021年前" before that year.
        return match[0] if int(match[0]) % 500 == 0 else year(match)

    def telephone(match: re.Match[str]) -> str:
        return "，".join(map(tongue.one_by_one, match[0].split("-")))

    def price(match: re.Match[str]) -> str:
        name = tongue.currency(match["sign"])
        return f"{tongue.number(match['amount'], match['scale'] or name)}{match['scale']}{name}"

    def unit(match: re.Match[str]) -> str:
        form = tongue.units[match["unit"]]
        return form.format(f"{tongue.number(match['amount'], match['scale'] or form[-1])}{match['scale']}")

    def percent(match: re.Match[str]) -> str:
        return tongue.percent.format(tongue.number(match["amount"]))

    def number(match: re.Match[str]) -> str:
        return tongue.number(match[0], match.string[match.end() : match.end() + 2])

    return (
        *BEFORE_WORDS,
        rule("speed named twice", r"(?<=[时時]速)(\d+(?:\.\d+)?)\s?km/h", r"\1km"),
        *tongue.own_rules(),
        rule(
            "date",
            r"(?<![\d.,:/-])(?P<year>\d{4})([-/.])(?P<month>\d{1,2})\2(?P<day>\d{1,2})(?![\d/-]|[.,]\d)",
            date,
        ),
        rule("from year to year", r"(?<!\d)(\d{4})[–—~～〜-](?=\d{4}年)", first_year),
        rule("season", r"(?<!\d)(\d{4})/(\d\d)(?=赛季|賽季|シーズン|年度)", season),
        rule("range of dates", r"(?<=[年月日時时分])[〜～~–—](?=\d)", tongue.to),
        rule("range", r"(?<=[\d%％])(?<!\d{4}-\d\d)[–—~～〜](?=[\d$€£¥])", tongue.to),
        rule("range with a hyphen", r"(?<![-\d])(\d{1,4})-(?=\d{1,4}(?![-\d]))", rf"\1{tongue.to}"),
        rule("year", r"(?<!\d)\d{4}(?=年(?!度?[前来來后後间間]|以上|的[历歷]|の歴))", year),
        rule("year before or after", r"(?<!\d)\d{4}(?=年)", year_or_span),
        rule("telephone", r"(?<![\d-])0\d{1,4}(?:-\d{2,8}){1,2}(?![\d-])", telephone),
        rule("time of day", r"(?<![\d:.,/A-Za-z])(?P<hour>\d{1,2})[:：](?P<minute>[0-5]\d)(?![\d:：/])", time),
        rule("goals", r"(?<![\d:.,/A-Za-z])(\d{1,2})[:：](?=\d{1,2}(?![\d:：/]))", rf"\1{tongue.versus}"),
        rule("minus", r"(?<![A-Za-z\d)\]）])[-−–](?=\d)", tongue.minus),
        rule("money, sign in front", rf"(?<![A-Za-z])(?P<sign>{_SIGNS})\s?(?P<amount>{_NUMBER}){scale}", price),
        rule(
            "money, sign behind",
            rf"{_FROM}(?P<amount>{_NUMBER}){scale}\s?(?P<sign>{_SIGNS})(?![A-Za-z\d])",
            price,
        ),
        rule("per cent", rf"{_FROM}(?P<amount>{_NUMBER})\s?[%％]", percent),
        rule("amount with a unit", rf"{_FROM}(?P<amount>{_NUMBER}){scale}\s?(?P<unit>{units})(?![A-Za-z\d/])", unit),
        rule("fraction", f"[{''.join(tongue.fractions)}]", lambda match: tongue.fractions[match[0]]),
        rule("number", rf"{_FROM}{_NUMBER}{_UPTO}", number),
        rule(
            "number between other signs",
            r"(?<![A-Za-z\d_@])(?<![A-Za-z][./_=&?])\d+(?![A-Za-z\d_@]|\.[A-Za-z])",
            number,
        ),
    )
