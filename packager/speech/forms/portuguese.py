"""Portuguese of Brazil, and of Portugal where the tag says so (pt-PT, pt-AO, pt-MZ): "dezesseis" or "dezasseis".

Numbers agree with the next word by its ending. num2words puts commas into numbers, which are no pauses in speech.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from packager.speech.forms import numerals
from packager.speech.forms.figures import rules_of
from packager.speech.forms.rule import Rule, rule
from packager.speech.forms.tongue import Tongue, words

_NOT_NOUNS = set(
    "a à ao as às até com da das de do dos e em entre já mais mas menos na no nos o ou os para por que se são é".split()
)
_MASCULINE = re.compile(r"dias?|mapas?|planetas?|\w+[eao]mas?|\w+istas?|sofás?")
_FEMININE = re.compile(
    r"\w+as?|\w*(?:ção|ções|são|sões|dade|dades|gem|gens)|mulher|mulheres|vez|vezes|noites?|tardes?|partes?|mãos?|leis?"
)
_ROMAN = r"(?P<number>[IVX]{1,6})\b"


class _Portuguese(Tongue):
    comma, point, minus, plus, to, of = "vírgula", "ponto", "menos", "mais", "a", " de "
    day_suffix = r"(?:\.?[º°])?"
    day_joint = "(?:de )?"
    clock = (
        r"(?P<hour>\d{1,2})\s?h\s?(?P<minute>[0-5]\d)(?:\s?min)?",
        r"(?P<hour>\d{1,2})\s?h(?P<minute>)",
        *Tongue.clock,
    )
    fractions = words("""
        ½: meio
        ¼: um quarto
        ¾: três quartos
        ⅓: um terço
        ⅔: dois terços
    """)
    and_fraction = " e "
    money = words("""
        $: dólar|dólares
        €: euro|euros
        £: libra|libras
        ¥: iene|ienes
        BRL: real|reais
        CNY: yuan|yuans
    """)
    cents = words("""
        EUR: centavo|centavos
        USD: centavo|centavos
        BRL: centavo|centavos
        GBP: penny|pence
    """)
    price_with_cents = "{large} e {cents} {small}"
    scales = words("""
        mi: milhão|milhões
        bi: bilhão|bilhões
        mil milhões: mil milhões
    """)
    units = words("""
        %: por cento
        ‰: por mil
        °C: grau Celsius|graus Celsius
        ºC: grau Celsius|graus Celsius
        °F: grau Fahrenheit|graus Fahrenheit
        °: grau|graus
        km/h: quilômetro por hora|quilômetros por hora
        m/s: metro por segundo|metros por segundo
        km²: quilômetro quadrado|quilômetros quadrados
        km2: quilômetro quadrado|quilômetros quadrados
        m²: metro quadrado|metros quadrados
        m2: metro quadrado|metros quadrados
        m³: metro cúbico|metros cúbicos
        km: quilômetro|quilômetros
        cm: centímetro|centímetros
        mm: milímetro|milímetros
        m: metro|metros
        ha: hectare|hectares
        kg: quilograma|quilogramas
        mg: miligrama|miligramas
        g: grama|gramas
        t: tonelada|toneladas
        l: litro|litros
        L: litro|litros
        ml: mililitro|mililitros
        s: segundo|segundos
        min: minuto|minutos
        kW: quilowatt|quilowatts
        MW: megawatt|megawatts
        GW: gigawatt|gigawatts
        kWh: quilowatt-hora|quilowatts-hora
        MB: megabyte|megabytes
        GB: gigabyte|gigabytes
        TB: terabyte|terabytes
        kHz: quilohertz
        MHz: megahertz
        GHz: gigahertz
        Hz: hertz
    """)
    abbreviations = words("""
        Sr. @: senhor
        Sra. @: senhora
        Dr. @: doutor
        Dra. @: doutora
        Prof. @: professor
        Profa. @: professora
        D. @: dom
        p. ex.: por exemplo
        etc.: et cetera
        a.C.: antes de Cristo
        d.C.: depois de Cristo
        a. C.: antes de Cristo
        d. C.: depois de Cristo
        n.º #: número
        nº #: número
        pág. #: página
        págs. #: páginas
        p. #: página
        pp. #: páginas
        vol. #: volume
        cap. #: capítulo
        art. #: artigo
    """)

    def rules(self) -> tuple[Rule, ...]:
        names = "|".join(numerals.months(self.locale))
        return (
            rule("M€", r"(?<=\d)\s?M€", " milhões €"),
            rule(
                "place in a row",
                rf"(?<![\w.,])(?P<number>\d{{1,3}})\.?(?P<ending>[ºª])(?!C|\s?de\s(?:{names}))",
                self._place,
            ),
            rule(
                "place in a row, degree sign",
                r"(?<![\w.,])(?P<number>\d{1,2})(?P<ending>°)(?=\s(?!e |a |de |em )[a-z]{2})",
                self._place,
            ),
            rule("centuries", rf"(?<=\b[sS]éculos\s){_ROMAN}(?=\s(?:e|a|ao)\s[IVX]|[–-][IVX])", self._counted),
            rule(
                "century",
                rf"(?:(?<=\b[sS]éculo\s)|(?<=\b[sS]éculos\s)|(?<=[oaez]\s[ea]\s)|(?<=\b[cC]apítulo\s)){_ROMAN}",
                self._counted,
            ),
            rule("king", r"(?<=[a-záãâéêíóõôúç]\s)(?P<number>[IVX]{2,6})\b(?![-/]\w)", self._counted),
        )

    def gender(self, noun: str) -> str:
        if not noun or noun in _NOT_NOUNS or noun[0].isdigit():
            return ""
        return "f" if _FEMININE.fullmatch(noun) and not _MASCULINE.fullmatch(noun) else "m"

    def cardinal(self, number: int, gender: str = "") -> str:
        said = super().cardinal(number).replace(",", "")
        if gender != "f":
            return said
        millions, lh, rest = said.rpartition("lh")
        rest = re.sub(r"entos\b", "entas", re.sub(r"\bum$", "uma", re.sub(r"\bdois\b", "duas", rest)))
        return f"{millions}{lh}{rest}"

    def day(self, number: int, before: str) -> str:
        return "primeiro" if number == 1 else self.cardinal(number)

    def date(self, day: int, month: int, year: int, before: str) -> str:
        return f"{self.day(day, before)} de {numerals.months(self.locale)[month - 1]} de {self.year(year)}"

    def four_digits(self, number: int, noun: str, before: str) -> str:
        # A year has no gender: "em 2022 ela veio".
        of_year = number % 10 in (1, 2) and before.lower() in ("em", "de", "ano", "desde", "até")
        return self.cardinal(number, "" if of_year else self.gender(noun))

    def time(self, hour: int, minute: int) -> str:
        said = self.cardinal(hour, "f")
        return f"{said} e {self.cardinal(minute)}" if minute else f"{said} hora{'s' if hour > 1 else ''}"

    def _counted(self, match: re.Match[str]) -> str:
        number = numerals.roman(match["number"])
        return numerals.ordinal(number, self.locale) if number <= 10 else self.cardinal(number)

    def _place(self, match: re.Match[str]) -> str:
        said = numerals.ordinal(int(match["number"]), self.locale)
        return re.sub(r"o\b", "a", said) if match["ending"] == "ª" else said


def _respelt(table: Mapping[str, str], brazilian: str, european: str) -> dict[str, str]:
    return {key: said.replace(brazilian, european) for key, said in table.items()}


class _European(_Portuguese):
    cents = _respelt(_Portuguese.cents, "centavo", "cêntimo")
    units = _respelt(_Portuguese.units, "quilô", "quiló")


def rules(language: str) -> tuple[Rule, ...]:
    """The rules for Portuguese."""
    return rules_of(_European("pt_PT") if language[3:] in ("PT", "AO", "MZ", "CV") else _Portuguese("pt_BR"))
