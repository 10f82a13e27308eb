"""Russian. Nouns of units and money take the form of CLDR's plural rules; years, days and ordinals take their case.

A number before another noun is nominative, or genitive after a preposition that asks for nothing else ("около 5 лет").
Its gender shows in "один" and "два" only and is read off the ending of the next word. Other cases ("в 5 городах") are not
known without grammar and stay nominative.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import ClassVar

from packager.speech.forms import numerals
from packager.speech.forms.figures import context, rules_of
from packager.speech.forms.numerals import Figure
from packager.speech.forms.rule import Rule, rule
from packager.speech.forms.tongue import Tongue, last_word, words

_GENITIVE = "около до от из без для более менее свыше больше меньше после против среди кроме порядка".split()
_OF_YEAR = {"год": "n", "года": "g", "году": "p", "годом": "i"}
_OF_YEARS = {"годы": "n", "годов": "g", "годам": "d", "годах": "p", "годами": "i"}
_OF_CENTURY = {"век": "n", "века": "g", "веку": "d", "веком": "i", "веке": "p", "веков": "g", "веках": "p"}
_ENDINGS = words("""
    й: n m
    ый: n m
    ий: n m
    я: n f
    ая: n f
    ое: n n
    го: g m
    ого: g m
    му: d m
    ому: d m
    м: p m
    ом: p m
    ю: a f
    ую: a f
    ой: g f
""")
_OF_DECADE = {"е": "n", "х": "g", "м": "d", "ми": "i"}
_FEW = {"2": "двух", "3": "трёх", "4": "четырёх"}
_FEMININE = "ночь дочь часть степень область вещь жизнь площадь роль сеть очередь лошадь дверь смерть мышь".split()
_AFTER_SCALE = r"(?:(?<=млн\s)|(?<=лрд\s)|(?<=рлн\s)|(?<=млн\.\s)|(?<=лрд\.\s)|(?<=тыс\.\s))"
_PARTS = {1: ("десятая", "десятых"), 2: ("сотая", "сотых"), 3: ("тысячная", "тысячных")}


class _Russian(Tongue):
    categories: ClassVar[Mapping[str, int]] = {"one": 0, "few": 1, "many": 2, "other": 1}
    comma, point, minus, plus, to = "запятая", "точка", "минус", "плюс", "—"
    fractions = words("""
        ½: одна вторая
        ¼: одна четверть
        ¾: три четверти
        ⅓: одна треть
        ⅔: две трети
    """)
    and_fraction = " и "
    money = words("""
        $: доллар|доллара|долларов
        €: евро
        £: фунт|фунта|фунтов
        ¥: иена|иены|иен
        RUB: рубль|рубля|рублей
        CNY: юань|юаня|юаней
    """)
    cents = words("""
        RUB: копейка|копейки|копеек
        USD: цент|цента|центов
        EUR: цент|цента|центов
    """)
    price_with_cents = "{large} {cents} {small}"
    scales = words("""
        тыс.: тысяча|тысячи|тысяч
        млн: миллион|миллиона|миллионов
        млн.: миллион|миллиона|миллионов
        млрд: миллиард|миллиарда|миллиардов
        млрд.: миллиард|миллиарда|миллиардов
        трлн: триллион|триллиона|триллионов
    """)
    units = words("""
        %: процент|процента|процентов
        ‰: промилле
        °C: градус Цельсия|градуса Цельсия|градусов Цельсия
        °С: градус Цельсия|градуса Цельсия|градусов Цельсия
        °: градус|градуса|градусов
        км/ч: километр в час|километра в час|километров в час
        м/с: метр в секунду|метра в секунду|метров в секунду
        км²: квадратный километр|квадратных километра|квадратных километров
        кв. км: квадратный километр|квадратных километра|квадратных километров
        м²: квадратный метр|квадратных метра|квадратных метров
        кв. м: квадратный метр|квадратных метра|квадратных метров
        м³: кубический метр|кубических метра|кубических метров
        км: километр|километра|километров
        см: сантиметр|сантиметра|сантиметров
        мм: миллиметр|миллиметра|миллиметров
        м: метр|метра|метров
        га: гектар|гектара|гектаров
        кг: килограмм|килограмма|килограммов
        мг: миллиграмм|миллиграмма|миллиграммов
        г: грамм|грамма|граммов
        т: тонна|тонны|тонн
        л: литр|литра|литров
        мл: миллилитр|миллилитра|миллилитров
        ч: час|часа|часов
        мин: минута|минуты|минут
        кВт: киловатт|киловатта|киловатт
        МВт: мегаватт|мегаватта|мегаватт
        ГВт: гигаватт|гигаватта|гигаватт
        кВт·ч: киловатт-час|киловатт-часа|киловатт-часов
        МБ: мегабайт|мегабайта|мегабайт
        ГБ: гигабайт|гигабайта|гигабайт
        руб.: рубль|рубля|рублей
        руб: рубль|рубля|рублей
        коп.: копейка|копейки|копеек
        долл.: доллар|доллара|долларов
        чел.: человек|человека|человек
    """)
    abbreviations = words("""
        т. е.: то есть
        т. д.: так далее
        т. п.: тому подобное
        т. к.: так как
        др.: другие
        до н. э.: до нашей эры
        н. э.: нашей эры
        им. @: имени
        ул. @: улица
        проф. @: профессор
        д-р @: доктор
        г-н @: господин
        г-жа @: госпожа
        см. #: смотри
        стр. #: страница
        с. #: страница
        № #: номер
        гл. #: глава
        ст. #: статья
        ок. #: около
    """)

    def rules(self) -> tuple[Rule, ...]:
        number = r"(?<![\w.,-])(?P<number>\d{1,4})"
        year = r"(?<![\w.,-])(?P<number>\d{3,4})"
        roman = r"\b(?P<number>[IVXХ]{1,6})"
        months = "|".join(numerals.months(self.locale))
        of_year, of_years, of_century = "|".join(_OF_YEAR), "|".join(_OF_YEARS), "|".join(_OF_CENTURY)
        return (
            rule("roubles cut short", rf"{_AFTER_SCALE}руб(?:\.|\b)", "рублей"),
            rule("dollars cut short", rf"{_AFTER_SCALE}долл(?:\.|\b)", "долларов"),
            rule("people cut short", rf"{_AFTER_SCALE}чел(?:\.|\b)", "человек"),
            rule("year cut short", r"(?<=\d\d\d)\s?г\.", self._word_of_year),
            rule("years cut short", r"(?<=\d\d\d)\s?гг\.", self._word_of_years),
            rule("century cut short", r"(?<=[IVXХ])\s?в\.", self._word_of_century),
            rule("first of two years", rf"{year}\s?[–—-]\s?(?=\d{{3,4}}\s(?P<noun>{of_years})\b)", self._first_year),
            rule("second of two years", rf"{year}(?=\s(?P<noun>{of_years})\b)", self._one_of_years),
            rule(
                "from a year",
                r"(?<=\b[сС]\s)(?P<number>\d{4})(?=\sпо\s\d{4}\sгод)",
                lambda match: numerals.ordinal(int(match["number"]), self.locale, "m", "g"),
            ),
            rule("year", rf"{year}(?=\s(?P<noun>{of_year})\b)", self._year),
            rule("year after a month", r"(?<=[аяейьт]\s)(?P<number>[12]\d{3})(?![\w-]|[.,]\d)", self._year_of_date),
            rule("two to four", r"(?<![\w.,])[234]-х\b", lambda match: _FEW[match[0][0]]),
            rule("decade", r"(?<![\w.,])(?P<number>\d{1,3}0)-(?P<ending>е|х|м|ми)\b", self._decade),
            rule("place in a row", rf"{number}-(?P<ending>е|{'|'.join(_ENDINGS)})\b", self._place),
            rule("century", rf"{roman}(?=(?:\s?(?:[–-]|и)\s?[IVXХ]+)?\s(?P<noun>{of_century})\b)", self._century),
            rule(
                "day and day",
                rf"{number}(?=\sи\s\d{{1,2}}\s(?:{months})\b)",
                lambda match: self.day(int(match["number"]), ""),
            ),
            rule("from day to day", rf"{number}\s?[–-]\s?(?=\d{{1,2}}\s(?:{months})\b)", self._first_day),
        )

    def gender(self, noun: str) -> str:
        if len(noun) < 3:
            return ""
        if noun in _FEMININE or noun.endswith("ость"):
            return "f"
        if noun[-1] in "аяыиую" or noun.endswith(("ые", "ие")):
            return "f"
        return "n" if noun[-1] in "ое" else "m"

    def cardinal(self, number: int, gender: str = "") -> str:
        return self._inflected(number, gender)

    def number(self, figure: Figure, noun: str = "", before: str = "") -> str:
        if figure.is_code or (figure.sign == "," and len(figure.decimals) > 3) or figure.sign == ".":
            return super().number(figure, noun, before)
        whole = int(figure.whole)
        if figure.sign:
            part = int(figure.decimals)
            one, many = _PARTS[len(figure.decimals)]
            of_whole = f"{self._inflected(whole, 'f')} {'целая' if _ends_in_one(whole) else 'целых'}"
            return f"{of_whole} {self._inflected(part, 'f')} {one if _ends_in_one(part) else many}"
        if before.lower() in _GENITIVE:
            return self._inflected(whole, "f" if self.gender(noun) == "f" else "m", "g")
        gender = self.gender(noun)
        if whole % 10 == 2 and gender == "f" and noun[-1] in "аяую":
            gender = "m"
        if _ends_in_one(whole) and noun[-1:] in ("у", "ю"):
            return self._inflected(whole, "f", "a")
        return self._inflected(whole, gender)

    def quantity(self, figure: Figure, noun: str, before: str = "") -> str:
        if before.lower() not in _GENITIVE or figure.sign or figure.is_code:
            return super().quantity(figure, noun, before)
        return self._of(figure, noun.split("|"))

    def _of(self, figure: Figure, forms: list[str]) -> str:
        """The quantity in the genitive."""
        gender = "f" if self.gender(forms[0]) == "f" else "m"
        form = forms[min(len(forms) - 1, 1 if _ends_in_one(int(figure.whole)) else 2)]
        return f"{self._inflected(int(figure.whole), gender, 'g')} {form}"

    def _forms(self, sign: str) -> list[str]:
        return [self.currency(sign, Figure(count)) for count in ("1", "2", "5")]

    def price(self, figure: Figure, scale: str, sign: str, before: str = "") -> str:
        if before.lower() not in _GENITIVE or figure.sign or figure.is_code:
            return super().price(figure, scale, sign, before)
        five = self.currency(sign, Figure("5"))
        return f"{self.quantity(figure, scale, before)} {five}" if scale else self._of(figure, self._forms(sign))

    def day(self, number: int, before: str) -> str:
        return numerals.ordinal(number, self.locale, "m", "g")

    def date(self, day: int, month: int, year: int, before: str) -> str:
        name = numerals.months(self.locale)[month - 1]
        return f"{self.day(day, before)} {name} {numerals.ordinal(year, self.locale, 'm', 'g')} года"

    def _inflected(self, number: int, gender: str = "", case: str = "") -> str:
        said = numerals.cardinal(number, self.locale, gender, case)
        return re.sub(r"^(?:одна|одной) (?=тысяч)", "", said)

    def _year(self, match: re.Match[str]) -> str:
        case = _OF_YEAR[match["noun"]]
        if match["noun"] == "году" and last_word(context(match)).lower() in ("к", "по"):
            case = "d"
        return numerals.ordinal(int(match["number"]), self.locale, "m", case)

    def _first_year(self, match: re.Match[str]) -> str:
        return f"{self._one_of_years(match)} — "

    def _one_of_years(self, match: re.Match[str]) -> str:
        case = _OF_YEARS[match["noun"]]
        return numerals.ordinal(int(match["number"]), self.locale, "m", "i" if case == "i" else case)

    def _year_of_date(self, match: re.Match[str]) -> str:
        stems = "|".join(name[:-1] for name in numerals.months(self.locale))
        if not re.fullmatch(rf"(?:{stems})[аяейьи]?", last_word(context(match)).lower()):
            return match[0]
        return f"{numerals.ordinal(int(match['number']), self.locale, 'm', 'g')} года"

    def _decade(self, match: re.Match[str]) -> str:
        return numerals.ordinal(int(match["number"]), self.locale, "", _OF_DECADE[match["ending"]], plural=True)

    def _place(self, match: re.Match[str]) -> str:
        case, gender = _ENDINGS.get(match["ending"], "n n").split()
        return numerals.ordinal(int(match["number"]), self.locale, gender, case)

    def _century(self, match: re.Match[str]) -> str:
        number = numerals.roman(match["number"].replace("Х", "X"))
        return numerals.ordinal(number, self.locale, "m", _OF_CENTURY[match["noun"]])

    def _first_day(self, match: re.Match[str]) -> str:
        return f"{self.day(int(match['number']), '')} — "

    @staticmethod
    def _word_of_year(match: re.Match[str]) -> str:
        return " году" if re.search(r"\b[вВ]\s\d+$", context(match)) else " года"

    @staticmethod
    def _word_of_years(match: re.Match[str]) -> str:
        return " годах" if re.search(r"\b[вВ]\s\d+\s?[–—-]\s?\d+$", context(match)) else " годов"

    @staticmethod
    def _word_of_century(match: re.Match[str]) -> str:
        return " веке" if re.search(r"\b[вВ]\s[IVXХ]+$", context(match)) else " века"


def _ends_in_one(number: int) -> bool:
    return number % 10 == 1 and number % 100 != 11


def rules(language: str) -> tuple[Rule, ...]:
    """The rules for Russian, the same in all countries."""
    return rules_of(_Russian("ru"))
