"""Spanish. Numbers agree with the next word by its ending; "día" and words in -ema, -oma, -ama are known as masculine.

Decimals and groups are those of the region: "1.234,5" in Spain, "1,234.5" in Mexico. Kings and centuries up to ten
are said as ordinals, above as numbers, as grammars advise. num2words errs in "veintiuno mil" and in 11th to 19th.
"""

from __future__ import annotations

import re

from packager.speech.forms import numerals
from packager.speech.forms.figures import rules_of
from packager.speech.forms.rule import Rule, rule
from packager.speech.forms.tongue import Tongue, words

_NOT_NOUNS = set(
    "a al con de del desde e en entre es fue ha hasta la las lo los más menos ni o para pero por que se si sin su u y".split()
)
_MASCULINE = re.compile(r"(?:días?|mapas?|planetas?|tranvías?|sofás?|poetas?|cometas?|\w+[eao]mas?|\w+istas?)")
_FEMININE = re.compile(
    r"\w*(?:as?|ción|ciones|sión|siones|dad|dades|tud|mujer|mujeres|vez|veces|noche|noches|calle|calles|clase|clases)"
)
_TEENS = "undécimo duodécimo decimotercero decimocuarto decimoquinto decimosexto decimoséptimo decimoctavo decimonoveno".split()
_REGIONS = "AR BO CL CO CR CU DO EC GT HN MX NI PA PE PR PY SV US UY VE".split()


class _Spanish(Tongue):
    comma, point, minus, plus, to, of = "coma", "punto", "menos", "más", "a", " de "
    day_suffix = r"(?:\.?[º°])?"
    day_joint = "(?:de )?"
    clock = (
        r"(?P<hour>\d{1,2})[:.](?P<minute>[0-5]\d)\s?(?:hs|hrs|h)\b\.?",
        r"(?P<hour>\d{1,2})\s?h\s?(?P<minute>[0-5]\d)\b",
        *Tongue.clock,
    )
    fractions = words("""
        ½: medio
        ¼: un cuarto
        ¾: tres cuartos
        ⅓: un tercio
        ⅔: dos tercios
    """)
    and_fraction = " y "
    money = words("""
        $: dólar|dólares
        €: euro|euros
        £: libra|libras
        ¥: yen|yenes
        CNY: yuan|yuanes
    """)
    cents = words("""
        EUR: céntimo|céntimos
        USD: centavo|centavos
        MXN: centavo|centavos
        GBP: penique|peniques
    """)
    price_with_cents = "{large} con {cents} {small}"
    scales = words("""
        mill.: millón|millones
        mills.: millón|millones
        MM: millón|millones
        mil mill.: mil millones
        mil millones: mil millones
    """)
    units = words("""
        %: por ciento
        ‰: por mil
        °C: grado Celsius|grados Celsius
        ºC: grado Celsius|grados Celsius
        °F: grado Fahrenheit|grados Fahrenheit
        °: grado|grados
        km/h: kilómetro por hora|kilómetros por hora
        m/s: metro por segundo|metros por segundo
        km²: kilómetro cuadrado|kilómetros cuadrados
        km2: kilómetro cuadrado|kilómetros cuadrados
        m²: metro cuadrado|metros cuadrados
        m2: metro cuadrado|metros cuadrados
        m³: metro cúbico|metros cúbicos
        km: kilómetro|kilómetros
        cm: centímetro|centímetros
        mm: milímetro|milímetros
        m: metro|metros
        ha: hectárea|hectáreas
        kg: kilogramo|kilogramos
        mg: miligramo|miligramos
        g: gramo|gramos
        t: tonelada|toneladas
        l: litro|litros
        L: litro|litros
        ml: mililitro|mililitros
        h: hora|horas
        s: segundo|segundos
        min: minuto|minutos
        kW: kilovatio|kilovatios
        MW: megavatio|megavatios
        GW: gigavatio|gigavatios
        kWh: kilovatio hora|kilovatios hora
        MB: megabyte|megabytes
        GB: gigabyte|gigabytes
        TB: terabyte|terabytes
        kHz: kilohercio|kilohercios
        MHz: megahercio|megahercios
        GHz: gigahercio|gigahercios
        Hz: hercio|hercios
    """)
    abbreviations = words("""
        Sr. @: señor
        Sra. @: señora
        Srta. @: señorita
        Sres. @: señores
        Dr. @: doctor
        Dra. @: doctora
        Prof. @: profesor
        D. @: don
        Dña. @: doña
        Ud.: usted
        Uds.: ustedes
        p. ej.: por ejemplo
        etc.: etcétera
        vs.: versus
        EE. UU.: Estados Unidos
        EEUU: Estados Unidos
        a. C.: antes de Cristo
        d. C.: después de Cristo
        aprox.: aproximadamente
        núm. #: número
        n.º #: número
        nº #: número
        N.º #: número
        pág. #: página
        págs. #: páginas
        p. #: página
        pp. #: páginas
        vol. #: volumen
        cap. #: capítulo
        art. #: artículo
    """)

    def rules(self) -> tuple[Rule, ...]:
        roman = r"(?P<number>[IVX]{1,6})\b"
        return (
            rule("M€", r"(?<=\d)\s?M€", " millones €"),
            rule(
                "place in a row",
                r"(?<![\w.,])(?P<number>\d{1,3})\.?(?P<ending>[ºª]|(?:er|ro|ra|do|da|to|ta)\b)"
                rf"(?!C|\s?de\s(?:{'|'.join(numerals.months('es'))}))",
                self._place,
            ),
            rule("centuries", rf"(?<=\b[sS]iglos\s){roman}(?=\s(?:y|a|al|e)\s[IVX]|[–-][IVX])", self._counted),
            rule(
                "century",
                rf"(?:(?<=\b[sS]iglo\s)|(?<=\b[sS]iglos\s)|(?<=[oae]\s[yae]\s)|(?<=\b[cC]apítulo\s)|(?<=\b[tT]omo\s)|(?<=\bs\.\s)){roman}",
                self._counted,
            ),
            rule("king", r"(?<=[a-zéáíóúñ]\s)(?P<number>[IVX]{2,6})\b(?![-/]\w)", self._counted),
        )

    def gender(self, noun: str) -> str:
        if not noun or noun in _NOT_NOUNS or noun[0].isdigit():
            return ""
        return "f" if _FEMININE.fullmatch(noun) and not _MASCULINE.fullmatch(noun) else "m"

    def cardinal(self, number: int, gender: str = "") -> str:
        said = super().cardinal(number)
        said = re.sub(r"veintiuno(?= m)", "veintiún", said)
        said = re.sub(r"\buno(?= m)", "un", said)
        if gender == "m":
            said = re.sub(r"\buno$", "un", re.sub(r"veintiuno$", "veintiún", said))
        if gender == "f":
            millions, found, rest = said.rpartition("mill")
            said = millions + found + re.sub(r"ientos\b", "ientas", re.sub(r"uno$", "una", rest))
        return said

    def day(self, number: int, before: str) -> str:
        return "primero" if number == 1 else self.cardinal(number)

    def date(self, day: int, month: int, year: int, before: str) -> str:
        return f"{self.day(day, before)} de {numerals.months(self.locale)[month - 1]} de {self.year(year)}"

    def four_digits(self, number: int, noun: str, before: str) -> str:
        # A year has no gender: "en 2021 llovió".
        of_year = number % 10 == 1 and before.lower() in ("en", "de", "del", "año", "desde", "hasta")
        return self.cardinal(number, "" if of_year else self.gender(noun))

    def time(self, hour: int, minute: int) -> str:
        said = self.cardinal(hour, "f")
        return f"{said} {self.cardinal(minute)}" if minute else said

    def _counted(self, match: re.Match[str]) -> str:
        number = numerals.roman(match["number"])
        return _ordinal(number) if number <= 10 else self.cardinal(number)

    @staticmethod
    def _place(match: re.Match[str]) -> str:
        said, ending = _ordinal(int(match["number"])), match["ending"]
        if ending in ("ª", "ra", "da", "ta"):
            return re.sub(r"o\b", "a", said)
        return re.sub(r"(prim|terc)ero$", r"\1er", said) if ending == "er" else said


def _ordinal(number: int) -> str:
    return _TEENS[number - 11] if 11 <= number <= 19 else numerals.ordinal(number, "es")


def rules(language: str) -> tuple[Rule, ...]:
    """The rules for Spanish; regions differ in the decimal sign."""
    return rules_of(_Spanish(f"es_{language[3:]}" if language[3:] in _REGIONS else "es"))
