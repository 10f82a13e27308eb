"""German. "1" before a noun is "ein" or "eine" by the ending of the noun, which errs with a few ("1 Firma").

Ordinals are said before a list of nouns only: "3." at the end of a sentence is no "dritte".
"""

from __future__ import annotations

import re

from packager.speech.forms import numerals
from packager.speech.forms.figures import context, rules_of
from packager.speech.forms.numerals import Figure
from packager.speech.forms.rule import Rule, rule
from packager.speech.forms.tongue import Tongue, last_word, words

_ORDERED = {
    "m": "Mann Weltkrieg Geburtstag Jahrestag Todestag Stock Platz Rang Bezirk Tag Band Teil Akt Satz Spieltag Kongress",
    "f": "Bundesliga Auflage Klasse Etage Runde Ausgabe Woche Stelle Liga Person Generation Legislaturperiode Welle Minute Folge",
    "n": "Jahrhundert Jahrtausend Jahrzehnt Mal Kapitel Quartal Semester Lebensjahr Obergeschoss Buch Halbjahr Spiel",
}
_GENDER = {noun: gender for gender, nouns in _ORDERED.items() for noun in nouns.split()}
_WEAK = "am im zum vom beim dem den des einem einen eines einer zur auf".split()
_WEAK += "seinem ihrem meinem unserem diesem jedem jenem seinen ihren meinen unseren diesen jeden".split()
_BARE = "ab aus bis in mit nach seit vor".split()
_NOMINATIVE = "das die diese dieses dieser eine seine ihre meine unsere".split()
_DAYS_OF_WEEK = "montag dienstag mittwoch donnerstag freitag samstag sonnabend sonntag".split()
_NUMBERED = (
    "Kapitel Artikel Absatz Nummer Seite Platz Band Teil Abbildung Tabelle Satz Punkt Stufe Klasse Gruppe".split()
)
_NUMBERED += "Zimmer Gleis Raum Phase Version Folge Akt Tag Station Linie Halle Tor Regel Frage Schritt".split()
_FEMININE = re.compile(
    r"[a-zäöüß]+(?:ung|heit|keit|schaft|ion|tät|ie|ik|e|ei|ur|enz|anz)|person|frau|nacht|stadt|art|zahl|hand|bank"
)
_NOT_FEMININE = (
    "Kollege Kunde Junge Name Ende Auge Gebäude Kilobyte Chinese Franzose Russe Experte Käse See Interesse".split()
)


class _German(Tongue):
    comma, point, minus, plus, to = "Komma", "Punkt", "minus", "plus", "bis"
    day_suffix = r"\."
    clock = (
        r"(?P<hour>\d{1,2})[.:](?P<minute>[0-5]\d)(?=\sbis\s\d{1,2}(?:[.:][0-5]\d)?\s?Uhr\b)",
        r"(?P<hour>\d{1,2})(?:[.:](?P<minute>[0-5]\d))?\s?Uhr\b",
        Tongue.clock[0],
    )
    fractions = words("""
        ½: einhalb
        ¼: einviertel
        ¾: dreiviertel
        ⅓: eindrittel
        ⅔: zweidrittel
    """)
    and_fraction = ""
    money = words("""
        $: Dollar
        €: Euro
        £: Pfund
        ¥: Yen
        ₽: Rubel
        ₹: Rupie|Rupien
        CNY: Yuan
    """)
    cents = words("""
        EUR: Cent
        USD: Cent
        CHF: Rappen
        GBP: Penny|Pence
    """)
    scales = words("""
        Tsd.: Tausend
        Mio.: Million|Millionen
        Mio: Million|Millionen
        Mill.: Million|Millionen
        Mrd.: Milliarde|Milliarden
        Mrd: Milliarde|Milliarden
        Bio.: Billion|Billionen
    """)
    units = words("""
        %: Prozent
        ‰: Promille
        °C: Grad Celsius
        °F: Grad Fahrenheit
        °: Grad
        km/h: Kilometer pro Stunde
        m/s: Meter pro Sekunde
        km²: Quadratkilometer
        km2: Quadratkilometer
        m²: Quadratmeter
        m2: Quadratmeter
        m³: Kubikmeter
        km: Kilometer
        cm: Zentimeter
        mm: Millimeter
        m: Meter
        ha: Hektar
        kg: Kilogramm
        mg: Milligramm
        g: Gramm
        t: Tonne|Tonnen
        l: Liter
        ml: Milliliter
        h: Stunde|Stunden
        Std.: Stunde|Stunden
        s: Sekunde|Sekunden
        min: Minute|Minuten
        Min.: Minute|Minuten
        Sek.: Sekunde|Sekunden
        kW: Kilowatt
        MW: Megawatt
        GW: Gigawatt
        kWh: Kilowattstunde|Kilowattstunden
        MB: Megabyte
        GB: Gigabyte
        TB: Terabyte
        kHz: Kilohertz
        MHz: Megahertz
        GHz: Gigahertz
        Hz: Hertz
    """)
    abbreviations = words("""
        z. B.: zum Beispiel
        d. h.: das heißt
        u. a.: unter anderem
        u. U.: unter Umständen
        i. d. R.: in der Regel
        o. Ä.: oder Ähnliches
        z. T.: zum Teil
        v. a.: vor allem
        s. o.: siehe oben
        s. u.: siehe unten
        v. Chr.: vor Christus
        n. Chr.: nach Christus
        sog.: sogenannte
        bspw.: beispielsweise
        bzw.: beziehungsweise
        u. v. m.: und vieles mehr
        vs.: versus
        geb. #: geboren
        gest. #: gestorben
        Jh.: Jahrhundert
        Tel. #: Telefon
        Str. #: Straße
        St. @: Sankt
        ggf.: gegebenenfalls
        evtl.: eventuell
        vgl.: vergleiche
        Vgl.: Vergleiche
        inkl.: inklusive
        Dr.: Doktor
        Prof.: Professor
        Nr. #: Nummer
        S. #: Seite
        Bd. #: Band
        Kap. #: Kapitel
        Abb. #: Abbildung
        Art. #: Artikel
        Abs. #: Absatz
        § #: Paragraf
        ca. #: circa
        Hr.: Herr
    """)

    def rules(self) -> tuple[Rule, ...]:
        ordered = "|".join(_GENDER)
        months = "|".join(numerals.months(self.locale))
        return (
            rule("and so on", r"(?<!\w)usw\.(?=\s+[^\sA-ZÄÖÜ]|[,;:)])", "und so weiter"),
            rule("and so on, at the end", r"(?<!\w)usw\.", "und so weiter."),
            rule("first of its kind after “der”", r"(?<=\b[Dd]er\s)1\.(?=\sFC\b)", "Erste"),
            rule(
                "first of its kind in another case",
                r"(?:(?<=\bvom\s)|(?<=\bde[mns]\s)|(?<=\bbeim\s)|(?<=\bzum\s))1\.(?=\sFC\b)",
                "Ersten",
            ),
            rule("first of its kind", r"(?<!\w)1\.(?=\sFC\b)", "Erster"),
            rule(
                "part of a whole",
                r"(?<!\d)(?<!\d\s)[⅓⅔¼¾](?=\s(?:der|des|dieser|aller|davon|von)\b)",
                lambda match: {"⅓": "ein Drittel", "⅔": "zwei Drittel", "¼": "ein Viertel", "¾": "drei Viertel"}[
                    match[0]
                ],
            ),
            rule("francs", r"(?<!\w)Fr\.\s?(?=\d)", "CHF "),
            rule("decade", r"(?<![\w.,])(?P<number>\d{1,4})er(?!\w)", self._decade),
            rule("king", r"(?P<name>\b[A-ZÄÖÜ][a-zäöüß]+)\s(?P<number>[IVX]{1,6})\.(?=\s|$)", self._king),
            rule("no cents", r"(?<=\d)[.,][-–—]+(?!\w)", ""),
            rule(
                "from day to day",
                rf"(?<![\w.,])(\d{{1,2}})\.\s?[–-]\s?(?=\d{{1,2}}\.\s(?:{months})\b)",
                lambda match: f"{self.day(int(match[1]), context(match))} bis ",
            ),
            rule(
                "from day to day, after a word",
                rf"(?<![\w.,])(?P<day>\d{{1,2}})\.(?=\s(?:bis|und|oder|/)\s(?:zum\s)?\d{{1,2}}\.\s(?:{months})\b)",
                lambda match: self.day(int(match["day"]), context(match)),
            ),
            rule(
                "day and month after a preposition",
                r"(?:(?<=\b[av][mb]\s)|(?<=\b[vzd][oue][mn]\s)|(?<=\bbis\s))(?P<day>\d{1,2})\.(?P<month>\d{1,2})\.(?P<year>\d\d)?(?!\d)",
                self._short_date,
                re.IGNORECASE,
            ),
            rule(
                "place in a row",
                rf"(?<![\w.,])(?P<number>\d{{1,3}})\.(?=\s(?P<noun>{ordered})(?:e?s|e|en)?\b)",
                self._place,
            ),
            rule("goals", r"(?<![\w.,:/])(\d{1,2}):(?=\d{1,2}(?![\w:/]|[.,]\d))(?!\d\d(?!\d))", r"\1 zu "),
        )

    def gender(self, noun: str) -> str:
        if not noun[:1].isupper():
            return ""
        if noun in _NOT_FEMININE:
            return "m"
        return "f" if _FEMININE.fullmatch(noun.lower()) else "m"

    def number(self, figure: Figure, noun: str = "", before: str = "") -> str:
        return super().number(figure, "" if before in _NUMBERED else noun, before)

    def cardinal(self, number: int, gender: str = "") -> str:
        if number == 1 and gender:
            return "eine" if gender == "f" else "ein"
        # num2words says "einhunderteinstausend" and "einhunderteins Millionen".
        return re.sub(r"eins(?=tausend)", "ein", re.sub(r"eins(?= [MB]il)", "eine", super().cardinal(number)))

    def year(self, number: int) -> str:
        if 1100 <= number < 2000:
            hundreds, rest = divmod(number, 100)
            return f"{self.cardinal(hundreds)}hundert{self.cardinal(rest) if rest else ''}"
        return self.cardinal(number)

    def four_digits(self, number: int, noun: str, before: str) -> str:
        return self.year(number)

    def day(self, number: int, before: str) -> str:
        return self._ordinal(number, "m", before)

    def time(self, hour: int, minute: int) -> str:
        said = f"{'ein' if hour == 1 else self.cardinal(hour)} Uhr"
        return f"{said} {self.cardinal(minute)}" if minute else said

    def decimals(self, digits: str) -> str:
        return self.one_by_one(digits)

    def _decade(self, match: re.Match[str]) -> str:
        return f"{self.year(int(match['number']))}er"

    def _king(self, match: re.Match[str]) -> str:
        ordinal = numerals.ordinal(numerals.roman(match["number"]), "de").capitalize()
        before = last_word(context(match)).lower()
        if before in ("unter", "von", "mit", "bei", "zu", "nach", "seit"):
            return f"{match['name']} dem {ordinal}n"
        if before in ("gegen", "für", "durch", "über", "an"):
            return f"{match['name']} den {ordinal}n"
        return f"{match['name']} der {ordinal}"

    def _short_date(self, match: re.Match[str]) -> str:
        day, month = int(match["day"]), int(match["month"])
        if not (1 <= day <= 31 and 1 <= month <= 12):
            return match[0]
        said = f"{self.day(day, context(match))} {numerals.months(self.locale)[month - 1]}"
        return f"{said} {self.cardinal(int(match['year']))}" if match["year"] else said

    def _place(self, match: re.Match[str]) -> str:
        return self._ordinal(int(match["number"]), _GENDER[match["noun"]], context(match))

    def _ordinal(self, number: int, gender: str, before: str) -> str:
        stem = numerals.ordinal(number, self.locale).removesuffix("e")
        word = last_word(before).lower()
        if word in _WEAK or word in _DAYS_OF_WEEK or re.search(rf"(?:{'|'.join(_DAYS_OF_WEEK)}),\s$", before, re.I):
            return f"{stem}en"
        if word in ("und", "oder") and (found := re.search(r"t(en|e|er|es)\s\w+\s$", before)):
            return stem + found[1]
        if word in _BARE:
            return stem + ("er" if gender == "f" else "en")
        if word == "der":
            return stem + ("en" if gender == "f" else "e")
        if word in _NOMINATIVE:
            return f"{stem}e"
        return stem + {"m": "er", "f": "e", "n": "es"}[gender]


def rules(language: str) -> tuple[Rule, ...]:
    """The rules for German; Swiss and Liechtenstein group with ’ and part decimals by a point."""
    return rules_of(_German(f"de_{language[3:]}" if language[3:] in ("CH", "LI") else "de"))
