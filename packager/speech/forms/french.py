"""French, with septante and nonante for Belgium and Switzerland. A number takes "une" before nouns known to be feminine.

num2words' own Belgian and Swiss forms are wrong ("deux cents vingt-deux"), so they are made from those of France.
"""

from __future__ import annotations

import re

from packager.speech.forms import numerals
from packager.speech.forms.figures import rules_of
from packager.speech.forms.rule import Rule, rule
from packager.speech.forms.tongue import Tongue, words

_FEMININE = re.compile(
    r"(?:heure|minute|seconde|tonne|livre|année|page|personne|semaine|femme|fille|voiture|école|ville|roupie|couronne|journée|"
    r"famille|entreprise|équipe|victoire|place|partie|voix|fois|\w{3,}(?:tion|sion|té|ette|ance|ence|ture|esse))s?"
)
_NOT_NOUNS = "aux avec contre dans des est fut les mais ont par pour que qui sans soit sont sous sur vers".split()
_TEENS = {"onze": "un", "douze": "deux", "treize": "trois", "quatorze": "quatre", "quinze": "cinq", "seize": "six"}
_VOWELS = tuple("aeiouéèêAEIOUÉÈ")


class _French(Tongue):
    comma, point, minus, plus, to, of = "virgule", "point", "moins", "plus", "à", " de "
    day_suffix = "(?:er)?"
    clock = (
        r"(?P<hour>\d{1,2})\s?[hH](?:\s?(?P<minute>[0-5]\d)(?:\s?min\b)?)?",
        *Tongue.clock,
    )
    fractions = words("""
        ½: un demi
        ¼: un quart
        ¾: trois quarts
        ⅓: un tiers
        ⅔: deux tiers
    """)
    and_fraction = " et "
    money = words("""
        $: dollar|dollars
        €: euro|euros
        £: livre|livres
        ¥: yen|yens
        CNY: yuan|yuans
    """)
    cents = words("""
        EUR: centime|centimes
        CHF: centime|centimes
        USD: cent|cents
        GBP: penny|pence
    """)
    scales = words("""
        Mio: million|millions
        Mds: milliard|milliards
        Md: milliard|milliards
        Mrd: milliard|milliards
    """)
    units = words("""
        %: pour cent
        ‰: pour mille
        °C: degré Celsius|degrés Celsius
        °F: degré Fahrenheit|degrés Fahrenheit
        °: degré|degrés
        km/h: kilomètre à l’heure|kilomètres à l’heure
        m/s: mètre par seconde|mètres par seconde
        km²: kilomètre carré|kilomètres carrés
        km2: kilomètre carré|kilomètres carrés
        m²: mètre carré|mètres carrés
        m2: mètre carré|mètres carrés
        m³: mètre cube|mètres cubes
        km: kilomètre|kilomètres
        cm: centimètre|centimètres
        mm: millimètre|millimètres
        m: mètre|mètres
        ha: hectare|hectares
        kg: kilogramme|kilogrammes
        mg: milligramme|milligrammes
        g: gramme|grammes
        t: tonne|tonnes
        l: litre|litres
        L: litre|litres
        ml: millilitre|millilitres
        s: seconde|secondes
        min: minute|minutes
        kW: kilowatt|kilowatts
        MW: mégawatt|mégawatts
        GW: gigawatt|gigawatts
        kWh: kilowattheure|kilowattheures
        Mo: mégaoctet|mégaoctets
        Go: gigaoctet|gigaoctets
        To: téraoctet|téraoctets
        kHz: kilohertz
        MHz: mégahertz
        GHz: gigahertz
        Hz: hertz
    """)
    abbreviations = words("""
        M. @: monsieur
        MM. @: messieurs
        Mme @: madame
        Mmes @: mesdames
        Mlle @: mademoiselle
        Dr @: docteur
        Dr. @: docteur
        Pr @: professeur
        p. ex.: par exemple
        par ex.: par exemple
        c.-à-d.: c’est-à-dire
        c.-à-d: c’est-à-dire
        etc.: et cetera
        vs: versus
        tél. #: téléphone
        cf.: confer
        av. J.-C.: avant Jésus-Christ
        apr. J.-C.: après Jésus-Christ
        ap. J.-C.: après Jésus-Christ
        env. #: environ
        n° #: numéro
        nº #: numéro
        p. #: page
        pp. #: pages
        vol. #: volume
        chap. #: chapitre
        art. #: article
    """)

    def rules(self) -> tuple[Rule, ...]:
        return (
            rule("from hour to hour", r"(?:(?<=\dh)|(?<=h\d\d))\s?[-–]\s?(?=\d{1,2}\s?h)", " à "),
            rule("M€", r"(?<=\d)\s?M€", " millions €"),
            rule("Md€", r"(?<=\d)\s?Mds?\s?€", " milliards €"),
            rule("millions of", r"(?<=\d)\s?M(?=\sd(?:e\s|[’']))", " millions"),
            rule("first", r"(?<![\w.,])1(?P<ending>ers?|res?|[èe]res?)\b", self._first),
            rule("second", r"(?<![\w.,])2nd(es?|s?)\b", r"second\1"),
            rule("place in a row", r"(?<![\w.,])(?P<number>\d{1,3})(?:i?[èe]me|e)(?P<many>s?)\b", self._place),
            rule("first, Roman", r"\bI(?P<ending>er|re|ère)\b", self._first),
            rule("place in a row, Roman", r"\b(?P<number>[IVX]{1,6})(?:[èe]me|e)(?P<many>s?)\b", self._place),
            rule("place in a row, Roman, raised", r"\b(?P<number>[IVX]{1,6})(?P<many>)ᵉ", self._place),
            rule(
                "king",
                r"(?<=[a-zéï]\s)(?P<number>[IVX]{2,6})\b(?=[\s,.;:)!?]|$)",
                lambda match: self.cardinal(numerals.roman(match["number"])),
            ),
        )

    def last_rules(self) -> tuple[Rule, ...]:
        return (
            rule(
                "elision", r"\b(millions?|milliards?) de (?=[aeiouéèêAEIOUÉÈ]|h(?:abitant|omme|eure|ectare))", r"\1 d’"
            ),
        )

    def gender(self, noun: str) -> str:
        return "f" if _FEMININE.fullmatch(noun) else ""

    def is_counted(self, noun: str) -> bool:
        return noun.isalpha() and len(noun) > 2 and noun not in _NOT_NOUNS

    def cardinal(self, number: int, gender: str = "") -> str:
        said = numerals.cardinal(number, "fr")
        if self.locale in ("fr_BE", "fr_CH"):
            said = _with_septante(said)
        return f"{said}e" if gender == "f" and re.search(r"\bun$", said) else said

    def day(self, number: int, before: str) -> str:
        return "premier" if number == 1 else self.cardinal(number)

    def time(self, hour: int, minute: int) -> str:
        said = f"{self.cardinal(hour, 'f')} heure{'s' if hour > 1 else ''}"
        return f"{said} {self.cardinal(minute)}" if minute else said

    def after_scale(self, name: str) -> str:
        return f" d’{name}" if name.startswith(_VOWELS) else f" de {name}"

    @staticmethod
    def _first(match: re.Match[str]) -> str:
        masculine = match["ending"].startswith("er") and "ere" not in match["ending"]
        return ("premier" if masculine else "première") + ("s" if match["ending"].endswith("s") else "")

    @staticmethod
    def _place(match: re.Match[str]) -> str:
        printed = match["number"]
        number = int(printed) if printed.isdecimal() else numerals.roman(printed)
        return f"{numerals.ordinal(number, 'fr')}{match['many']}" if number else match[0]


def _with_septante(said: str) -> str:
    for twenties, tens in (("soixante", "septante"), ("quatre-vingt", "nonante")):
        said = re.sub(rf"{twenties}(?: et |-)(onze)\b", f"{tens} et un", said)
        for teen, unit in _TEENS.items():
            said = re.sub(rf"{twenties}-{teen}\b", f"{tens}-{unit}", said)
        said = re.sub(rf"{twenties}-dix\b", tens, said)
    return said


def rules(language: str) -> tuple[Rule, ...]:
    """The rules for French; regions differ in seventy and ninety."""
    return rules_of(_French(f"fr_{language[3:]}" if language[3:] in ("BE", "CH", "CA") else "fr"))
