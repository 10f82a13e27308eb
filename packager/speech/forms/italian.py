"""Italian. "1" agrees with the next word by its ending; Roman numerals of kings, popes and centuries are ordinals.

num2words lacks the accent of "centoventitré" and clips "centodiciotto".
"""

from __future__ import annotations

import re

from packager.speech.forms import numerals
from packager.speech.forms.figures import rules_of
from packager.speech.forms.rule import Rule, rule
from packager.speech.forms.tongue import Tongue, words

_NOT_NOUNS = set(
    "a ad al alla con da dal dalla dei del della di e ed fino in la le lo ma o oppure per più su tra è".split()
)
_MASCULINE = re.compile(r"(?:\w+[eao]ma|\w+ista|poeta|pianeta|papa|euro|yen)")
_FEMININE = re.compile(r"\w+(?:a|zione|sione|tà|tù|trice)|parte|notte|volta|classe|fine|legge|rete|voce|città")
_UNO = re.compile(r"(?:z|x|y|gn|ps|pn|s[^aeiouàèéìòù])", re.IGNORECASE)
_ROMAN = r"(?P<number>[IVX]{1,6})"


class _Italian(Tongue):
    comma, point, minus, plus, to, of = "virgola", "punto", "meno", "più", "a", " di "
    day_suffix = "[º°]?"
    clock = (
        r"(?:(?<=\b[oO]re\s)|(?<=\b[aA]lle\s)|(?<=\b[dD]alle\s))(?P<hour>\d{1,2})[.:](?P<minute>[0-5]\d)",
        *Tongue.clock,
    )
    fractions = words("""
        ½: mezzo
        ¼: un quarto
        ¾: tre quarti
        ⅓: un terzo
        ⅔: due terzi
    """)
    and_fraction = " e "
    money = words("""
        $: dollaro|dollari
        €: euro
        £: sterlina|sterline
        ¥: yen
        CNY: yuan
    """)
    cents = words("""
        EUR: centesimo|centesimi
        USD: centesimo|centesimi
        CHF: centesimo|centesimi
    """)
    price_with_cents = "{large} e {cents}"
    scales = words("""
        mln: milione|milioni
        mln.: milione|milioni
        mld: miliardo|miliardi
        mld.: miliardo|miliardi
    """)
    units = words("""
        %: per cento
        ‰: per mille
        °C: grado Celsius|gradi Celsius
        °F: grado Fahrenheit|gradi Fahrenheit
        °: grado|gradi
        km/h: chilometro all’ora|chilometri all’ora
        m/s: metro al secondo|metri al secondo
        km²: chilometro quadrato|chilometri quadrati
        km2: chilometro quadrato|chilometri quadrati
        m²: metro quadrato|metri quadrati
        m2: metro quadrato|metri quadrati
        mq: metro quadrato|metri quadrati
        m³: metro cubo|metri cubi
        km: chilometro|chilometri
        cm: centimetro|centimetri
        mm: millimetro|millimetri
        m: metro|metri
        ha: ettaro|ettari
        kg: chilogrammo|chilogrammi
        mg: milligrammo|milligrammi
        g: grammo|grammi
        t: tonnellata|tonnellate
        l: litro|litri
        ml: millilitro|millilitri
        h: ora|ore
        s: secondo|secondi
        min: minuto|minuti
        kW: chilowatt
        MW: megawatt
        GW: gigawatt
        kWh: chilowattora
        MB: megabyte
        GB: gigabyte
        TB: terabyte
        kHz: chilohertz
        MHz: megahertz
        GHz: gigahertz
        Hz: hertz
    """)
    abbreviations = words("""
        sig. @: signor
        Sig. @: Signor
        sig.ra @: signora
        Sig.ra @: Signora
        dott. @: dottor
        Dott. @: Dottor
        dott.ssa @: dottoressa
        Dott.ssa @: Dottoressa
        Dr. @: Dottor
        prof. @: professor
        Prof. @: Professor
        prof.ssa @: professoressa
        Prof.ssa @: Professoressa
        on. @: onorevole
        On. @: Onorevole
        p. es.: per esempio
        ad es.: ad esempio
        ecc.: eccetera
        a.C.: avanti Cristo
        d.C.: dopo Cristo
        ca. #: circa
        n. #: numero
        n° #: numero
        nº #: numero
        pag. #: pagina
        pagg. #: pagine
        p. #: pagina
        pp. #: pagine
        vol. #: volume
        cap. #: capitolo
        art. #: articolo
    """)

    def rules(self) -> tuple[Rule, ...]:
        return (
            rule("place in a row, feminine", r"(?<![\w.,])(?P<number>\d{1,3})(?P<ending>ª)", self._place),
            rule("place in a row", r"(?<![\w.,])(?P<number>\d{1,3})(?P<ending>º)(?!C)", self._place),
            rule(
                "place in a row, degree sign",
                r"(?<![\w.,])(?P<number>\d{1,2})(?P<ending>°)(?=\s(?!e |a |di |in )[a-z]{2})",
                self._place,
            ),
            rule("century", rf"\b{_ROMAN}(?P<ending>)(?=\ssecolo)", self._place),
            rule("century, after the word", rf"(?<=\b[sS]ecolo\s){_ROMAN}(?P<ending>)\b", self._place),
            rule("centuries", rf"\b{_ROMAN}(?P<ending>)(?=\s(?:e|al)\s(?:il\s)?\w+\ssecolo)", self._place),
            rule("king", r"(?<=[a-zàèéìòù]\s)(?P<number>[IVX]{2,6})(?P<ending>)\b(?![-/]\w)", self._place),
        )

    def gender(self, noun: str) -> str:
        if not noun or noun in _NOT_NOUNS or noun[0].isdigit():
            return ""
        if _FEMININE.fullmatch(noun) and not _MASCULINE.fullmatch(noun):
            return "f"
        return "" if _UNO.match(noun) else "m"

    def is_counted(self, noun: str) -> bool:
        return noun.isalpha() and noun not in _NOT_NOUNS

    def cardinal(self, number: int, gender: str = "") -> str:
        if number == 1 and gender:
            return "una" if gender == "f" else "un"
        said = super().cardinal(number).replace("dicotto", "diciotto")
        return re.sub(r"(?<=[a-z])tre$", "tré", said)

    def day(self, number: int, before: str) -> str:
        return "primo" if number == 1 else self.cardinal(number)

    def time(self, hour: int, minute: int) -> str:
        said = "una" if hour == 1 else self.cardinal(hour)
        return f"{said} e {self.cardinal(minute)}" if minute else said

    @staticmethod
    def _place(match: re.Match[str]) -> str:
        printed = match["number"]
        said = numerals.ordinal(int(printed) if printed.isdecimal() else numerals.roman(printed), "it")
        return re.sub("o$", "a", said) if match["ending"] == "ª" else said


def rules(language: str) -> tuple[Rule, ...]:
    """The rules for Italian; Switzerland groups with ’ and parts decimals by a point."""
    return rules_of(_Italian("it_CH" if language[3:] == "CH" else "it"))
