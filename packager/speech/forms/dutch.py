"""Dutch. Years from 1100 to 1999 are said in hundreds; num2words parts these words, which are one."""

from __future__ import annotations

from packager.speech.forms import numerals
from packager.speech.forms.figures import rules_of
from packager.speech.forms.rule import Rule, rule
from packager.speech.forms.tongue import Tongue, words


class _Dutch(Tongue):
    comma, point, minus, plus, to = "komma", "punt", "min", "plus", "tot"
    clock = (
        r"(?P<hour>\d{1,2})[.:](?P<minute>[0-5]\d)(?=\stot\s\d{1,2}(?:[.:][0-5]\d)?\s?uur\b)",
        r"(?P<hour>\d{1,2})(?:[.:](?P<minute>[0-5]\d))?\s?(?:uur|u)\b",
        *Tongue.clock,
    )
    fractions = words("""
        ½: een half
        ¼: een kwart
        ¾: driekwart
        ⅓: een derde
        ⅔: twee derde
    """)
    and_fraction = " en "
    money = words("""
        $: dollar
        €: euro
        £: pond
        ¥: yen
        CNY: yuan
        ₽: roebel
    """)
    cents = words("""
        EUR: cent
        USD: cent
        GBP: penny|pence
    """)
    scales = words("""
        mln: miljoen
        mln.: miljoen
        mld: miljard
        mld.: miljard
        mrd: miljard
        mrd.: miljard
        miljoen: miljoen
        miljard: miljard
    """)
    units = words("""
        %: procent
        ‰: promille
        °C: graad Celsius|graden Celsius
        °F: graad Fahrenheit|graden Fahrenheit
        °: graad|graden
        km/h: kilometer per uur
        km/u: kilometer per uur
        m/s: meter per seconde
        km²: vierkante kilometer
        km2: vierkante kilometer
        m²: vierkante meter
        m2: vierkante meter
        m³: kubieke meter
        km: kilometer
        cm: centimeter
        mm: millimeter
        m: meter
        ha: hectare
        kg: kilogram
        mg: milligram
        g: gram
        t: ton
        l: liter
        ml: milliliter
        min.: minuut|minuten
        s: seconde|seconden
        min: minuut|minuten
        kW: kilowatt
        MW: megawatt
        GW: gigawatt
        kWh: kilowattuur
        MB: megabyte
        GB: gigabyte
        TB: terabyte
        kHz: kilohertz
        MHz: megahertz
        GHz: gigahertz
        Hz: hertz
    """)
    abbreviations = words("""
        bijv.: bijvoorbeeld
        bv.: bijvoorbeeld
        d.w.z.: dat wil zeggen
        enz.: enzovoort
        o.a.: onder andere
        m.a.w.: met andere woorden
        t.o.v.: ten opzichte van
        i.p.v.: in plaats van
        m.b.t.: met betrekking tot
        a.u.b.: alstublieft
        v.Chr.: voor Christus
        v. Chr.: voor Christus
        n.Chr.: na Christus
        n. Chr.: na Christus
        t/m: tot en met
        dhr. @: de heer
        mevr. @: mevrouw
        mw. @: mevrouw
        dr. @: doctor
        Dr. @: Doctor
        prof. @: professor
        Prof. @: Professor
        nr. #: nummer
        Nr. #: Nummer
        blz. #: bladzijde
        p. #: pagina
        pag. #: pagina
        art. #: artikel
        ca. #: circa
    """)

    def rules(self) -> tuple[Rule, ...]:
        return (
            rule("no cents", r"(?<=\d),[-–—]+(?!\w)", ""),
            rule(
                "place in a row",
                r"(?<![\w.,])(?P<number>\d{1,3})(?:e|ste|de)\b",
                lambda match: numerals.ordinal(int(match["number"]), self.locale),
            ),
            rule(
                "king",
                r"(?<=[a-z]\s)(?P<number>[IVX]{2,6})\b(?![-/]\w)",
                lambda match: f"de {numerals.ordinal(numerals.roman(match['number']), self.locale).capitalize()}",
            ),
            rule(
                "century",
                r"\b(?P<number>[IVX]{1,6})e(?=\seeuw)",
                lambda match: numerals.ordinal(numerals.roman(match["number"]), self.locale),
            ),
        )

    def year(self, number: int) -> str:
        if 1100 <= number < 2000:
            hundreds, rest = divmod(number, 100)
            return f"{self.cardinal(hundreds)}honderd{self.cardinal(rest) if rest else ''}"
        return self.cardinal(number)

    def four_digits(self, number: int, noun: str, before: str) -> str:
        return self.year(number)

    def time(self, hour: int, minute: int) -> str:
        said = f"{self.cardinal(hour)} uur"
        return f"{said} {self.cardinal(minute)}" if minute else said


def rules(language: str) -> tuple[Rule, ...]:
    """The rules for Dutch; Flanders differs in nothing yet."""
    return rules_of(_Dutch("nl"))
