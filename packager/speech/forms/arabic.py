"""Arabic, with western and eastern digits. Three to ten take the other gender than the noun, as far as that is known.

Known are the nouns of the tables here, those in -ة, and a list of common plurals. Years and days stand in the genitive,
as they do after "عام" and "في". num2words parts "و" from its word and clips duals ("مئتا"), which is mended here.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import ClassVar

from packager.speech.forms import numerals
from packager.speech.forms.figures import rules_of
from packager.speech.forms.numerals import Figure
from packager.speech.forms.rule import Rule, rule
from packager.speech.forms.tongue import Tongue, words

_DAYS = (
    "الأول الثاني الثالث الرابع الخامس السادس السابع الثامن التاسع العاشر "
    "الحادي_عشر الثاني_عشر الثالث_عشر الرابع_عشر الخامس_عشر السادس_عشر السابع_عشر الثامن_عشر التاسع_عشر العشرين "
    "الحادي_والعشرين الثاني_والعشرين الثالث_والعشرين الرابع_والعشرين الخامس_والعشرين السادس_والعشرين السابع_والعشرين "
    "الثامن_والعشرين التاسع_والعشرين الثلاثين الحادي_والثلاثين"
).split()
_HOURS = (
    "الثانية_عشرة الواحدة الثانية الثالثة الرابعة الخامسة السادسة السابعة الثامنة التاسعة العاشرة الحادية_عشرة "
    "الثانية_عشرة الثالثة_عشرة الرابعة_عشرة الخامسة_عشرة السادسة_عشرة السابعة_عشرة الثامنة_عشرة التاسعة_عشرة العشرين "
    "الحادية_والعشرين الثانية_والعشرين الثالثة_والعشرين الرابعة_والعشرين"
).split()
_FEMININE_PLURALS = set(
    "سنوات ساعات دقائق ثوان ثواني مرات نساء فتيات دول مدن ليال صفحات جهات شركات لغات طائرات سيارات نقاط مناطق مباريات "
    "كلمات محافظات ولايات ليرات درجات قرى مدارس غرف".split()
)
_MASCULINE = ("ثلاث", "أربع", "خمس", "ست", "سبع", "تسع", "عشر")


class _Arabic(Tongue):
    categories: ClassVar[Mapping[str, int]] = {"one": 0, "two": 1, "few": 2, "many": 0, "other": 0, "zero": 0}
    comma, point, minus, plus, to = "فاصلة", "فاصلة", "سالب", "زائد", "إلى"
    other_months = tuple(
        "كانون الثاني,شباط,آذار,نيسان,أيار,حزيران,تموز,آب,أيلول,تشرين الأول,تشرين الثاني,كانون الأول,إبريل,يوليوز,غشت,شتنبر,"
        "جانفي,فيفري,أفريل,ماي,جوان,جويلية,أوت,محرم,صفر,رجب,شعبان,رمضان,شوال".split(",")
    )
    fractions = words("""
        ½: نصف
        ¼: ربع
        ¾: ثلاثة أرباع
        ⅓: ثلث
        ⅔: ثلثان
    """)
    and_fraction = " و"
    money = words("""
        $: دولار|دولاران|دولارات
        €: يورو
        £: جنيه|جنيهان|جنيهات
        ¥: ين
        CNY: يوان
    """)
    scales = words("""
        ألف: ألف|ألفا|آلاف
        مليون: مليون|مليونا|ملايين
        مليار: مليار|مليارا|مليارات
    """)
    units = words("""
        %: بالمئة
        ٪: بالمئة
        ‰: بالألف
        °C: درجة مئوية|درجتان مئويتان|درجات مئوية
        °م: درجة مئوية|درجتان مئويتان|درجات مئوية
        °: درجة|درجتان|درجات
        كم/س: كيلومتر في الساعة|كيلومتران في الساعة|كيلومترات في الساعة
        كم/ساعة: كيلومتر في الساعة|كيلومتران في الساعة|كيلومترات في الساعة
        كلم/س: كيلومتر في الساعة|كيلومتران في الساعة|كيلومترات في الساعة
        km/h: كيلومتر في الساعة|كيلومتران في الساعة|كيلومترات في الساعة
        كم²: كيلومتر مربع|كيلومتران مربعان|كيلومترات مربعة
        كم2: كيلومتر مربع|كيلومتران مربعان|كيلومترات مربعة
        م²: متر مربع|متران مربعان|أمتار مربعة
        م2: متر مربع|متران مربعان|أمتار مربعة
        كم: كيلومتر|كيلومتران|كيلومترات
        كلم: كيلومتر|كيلومتران|كيلومترات
        km: كيلومتر|كيلومتران|كيلومترات
        سم: سنتيمتر|سنتيمتران|سنتيمترات
        ملم: مليمتر|مليمتران|مليمترات
        كغ: كيلوغرام|كيلوغرامان|كيلوغرامات
        كجم: كيلوغرام|كيلوغرامان|كيلوغرامات
        كلغ: كيلوغرام|كيلوغرامان|كيلوغرامات
        kg: كيلوغرام|كيلوغرامان|كيلوغرامات
    """)
    abbreviations = words("""
        د.: الدكتور
        أ. د.: الأستاذ الدكتور
        ق. م.: قبل الميلاد
        ق.م: قبل الميلاد
        إلخ: إلى آخره
        ص #: صفحة
        ص. #: صفحة
    """)

    def rules(self) -> tuple[Rule, ...]:
        months = "|".join((*numerals.months(self.locale), *self.other_months))
        return (
            rule("eastern decimal sign", r"(?<=\d)٫(?=\d)", "."),
            rule("eastern group sign", r"(?<=\d)٬(?=\d)", ","),
            # A particle is written onto the number. The word joiner parts them for the rules; it goes in the end.
            rule("particle before a number", r"(?<=\b[وفبلك])(?=[\d$€£])|(?<=ـ)(?=\d)", "\u2060"),
            rule("Hijri year", r"(?<![\w.,])(\d{3,4})\s?هـ", self._year_of("هجرية")),
            rule("year of our era", r"(?<![\w.,])(\d{3,4})\s?م(?!\w)", self._year_of("ميلادية")),
            rule(
                "day of a month",
                rf"(?<![\w.,])(?P<day>\d{{1,2}})(?=\sمن\s(?:{months})\b)",
                lambda match: self.day(int(match["day"]), "").removesuffix(" من"),
            ),
        )

    def _year_of(self, era: str) -> Callable[[re.Match[str]], str]:
        return lambda match: f"{self.year(int(match[1]))} {era}"

    def gender(self, noun: str) -> str:
        if not re.match(r"[\u0621-\u064a]", noun):
            return ""
        return "f" if noun.endswith("ة") or noun in _FEMININE_PLURALS else "m"

    def cardinal(self, number: int, gender: str = "") -> str:
        said = super().cardinal(number).replace(" و ", " و")
        if not gender:
            said = re.sub(r"(مئتا|ألفا|مليونا|مليارا)$", r"\1ن", said)
        return _feminine(said, number % 100) if gender == "f" else said

    def four_digits(self, number: int, noun: str, before: str) -> str:
        is_year = before.endswith(("عام", "سنة", "العام")) or before in (
            *numerals.months(self.locale),
            *self.other_months,
        )
        return self.year(number) if is_year else super().four_digits(number, noun, before)

    def year(self, number: int) -> str:
        said = re.sub(r"(?<=[رثعسمن])ون\b", "ين", self.cardinal(number))
        return re.sub(r"(ألف|مئت|اثن)ان\b", r"\1ين", said)

    def day(self, number: int, before: str) -> str:
        return f"{_DAYS[number - 1]} من".replace("_", " ")

    def date(self, day: int, month: int, year: int, before: str) -> str:
        return f"{self.day(day, before)} {numerals.months(self.locale)[month - 1]} عام {self.year(year)}"

    def time(self, hour: int, minute: int) -> str:
        said = _HOURS[hour].replace("_", " ")
        if minute in (0, 15, 30):
            return said + {0: "", 15: " والربع", 30: " والنصف"}[minute]
        return f"{said} و{self.quantity(Figure(str(minute)), 'دقيقة|دقيقتان|دقائق')}"

    def quantity(self, figure: Figure, noun: str, before: str = "") -> str:
        forms = noun.split("|")
        if len(forms) == 1 or figure.sign or figure.whole not in ("1", "2"):
            return super().quantity(figure, noun, before)
        if figure.whole == "2":
            return forms[1]
        if noun in self.scales.values():
            return forms[0]
        return f"{forms[0]} {'واحدة' if self.gender(forms[0].split()[0]) == 'f' else 'واحد'}"

    def price(self, figure: Figure, scale: str, sign: str, before: str = "") -> str:
        noun = self.money.get(sign, "")
        if scale or figure.sign or "|" not in noun:
            return super().price(figure, scale, sign)
        return self.quantity(figure, noun)


def _feminine(said: str, rest: int) -> str:
    if rest in (1, 2):
        return re.sub("واحد$", "واحدة", re.sub("اثنان$", "اثنتان", said))
    if rest in (11, 12):
        return said.replace("أحد عشر", "إحدى عشرة").replace("اثنا عشر", "اثنتا عشرة")
    if rest > 12:
        said = re.sub(r"ة عشر$", " عشرة", said.replace("ثمانية عشر", "ثماني عشرة"))
        units = "|".join(_MASCULINE)
        said = re.sub(rf"\b(و?(?:{units}))ة(?= و\w+ون$)", r"\1", said)
        return re.sub(
            r"ثمانية(?= و\w+ون$)",
            "ثمان",
            re.sub(r"واحد(?= و\w+ون$)", "إحدى", re.sub(r"اثنان(?= و\w+ون$)", "اثنتان", said)),
        )
    return re.sub("ثمانية$", "ثماني", re.sub(rf"({'|'.join(_MASCULINE)})ة$", r"\1", said))


def rules(language: str) -> tuple[Rule, ...]:
    """The rules for Arabic, the same in all countries but for the names of months, which are all known."""
    return rules_of(_Arabic("ar"))
