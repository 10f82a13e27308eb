"""Measures: "5 km", "10 m/s", "-40°F", "5'11\"", "5–10%"."""

from __future__ import annotations

import re
from functools import partial

from packager.speech.forms.english.money import is_adjective
from packager.speech.forms.english.numerals import ALONE, NUMBER, number
from packager.speech.forms.english.variety import Variety
from packager.speech.forms.rule import Rule, rule

_NAMES = {
    "km": "kilometre",
    "cm": "centimetre",
    "mm": "millimetre",
    "nm": "nanometre",
    "µm": "micrometre",
    "μm": "micrometre",
    "m": "metre",
    "mi": "mile",
    "yd": "yard",
    "yds": "yard",
    "ft": "foot",
    "in.": "inch",
    "ha": "hectare",
    "kg": "kilogram",
    "kgs": "kilogram",
    "mg": "milligram",
    "µg": "microgram",
    "μg": "microgram",
    "mcg": "microgram",
    "g": "gram",
    "t": "tonne",
    "lb": "pound",
    "lbs": "pound",
    "oz": "ounce",
    "l": "litre",
    "L": "litre",
    "ml": "millilitre",
    "mL": "millilitre",
    "cl": "centilitre",
    "dl": "decilitre",
    "fl oz": "fluid ounce",
    "gal": "gallon",
    "tsp": "teaspoon",
    "tbsp": "tablespoon",
    "s": "second",
    "sec": "second",
    "secs": "second",
    "ms": "millisecond",
    "µs": "microsecond",
    "ns": "nanosecond",
    "min": "minute",
    "mins": "minute",
    "h": "hour",
    "hr": "hour",
    "hrs": "hour",
    "yr": "year",
    "yrs": "year",
    "wk": "week",
    "wks": "week",
    "mo": "month",
    "mos": "month",
    "kB": "kilobyte",
    "KB": "kilobyte",
    "MB": "megabyte",
    "GB": "gigabyte",
    "TB": "terabyte",
    "PB": "petabyte",
    "Kb": "kilobit",
    "Mb": "megabit",
    "Gb": "gigabit",
    "MiB": "mebibyte",
    "GiB": "gibibyte",
    "W": "watt",
    "kW": "kilowatt",
    "MW": "megawatt",
    "GW": "gigawatt",
    "TW": "terawatt",
    "Wh": "watt-hour",
    "kWh": "kilowatt-hour",
    "MWh": "megawatt-hour",
    "GWh": "gigawatt-hour",
    "TWh": "terawatt-hour",
    "V": "volt",
    "kV": "kilovolt",
    "mV": "millivolt",
    "mA": "milliamp",
    "mAh": "milliamp-hour",
    "Ω": "ohm",
    "J": "joule",
    "kJ": "kilojoule",
    "MJ": "megajoule",
    "N": "newton",
    "cal": "calorie",
    "kcal": "kilocalorie",
    "Pa": "pascal",
    "kPa": "kilopascal",
    "hPa": "hectopascal",
    "MPa": "megapascal",
    "mol": "mole",
    "px": "pixel",
    "MP": "megapixel",
    "bbl": "barrel",
    "pt": "point",
    "pp": "percentage point",
    "ppt": "percentage point",
    "bp": "basis point",
    "bps": "basis point",
    "rpm": "revolution per minute",
    "fps": "frame per second",
    "dpi": "dot per inch",
    "mph": "mile per hour",
    "kph": "kilometre per hour",
    "kmh": "kilometre per hour",
    "mpg": "mile per gallon",
    "kbps": "kilobit per second",
    "Mbps": "megabit per second",
    "Gbps": "gigabit per second",
    "ppm": "part per million",
    "ppb": "part per billion",
    "psi": "pound per square inch",
    "cc": "cubic centimetre",
    "hp": "horsepower",
    "bhp": "brake horsepower",
    "Hz": "hertz",
    "kHz": "kilohertz",
    "MHz": "megahertz",
    "GHz": "gigahertz",
    "THz": "terahertz",
    "dB": "decibel",
    "ly": "light year",
    "sq": "square",
}
_SAME_IN_PLURAL = frozenset("hertz kilohertz megahertz gigahertz terahertz horsepower".split())
_IRREGULAR = {"foot": "feet", "inch": "inches"}
_POWERS = {"²": "square", "³": "cubic", "^2": "square", "^3": "cubic"}
_BEFORE = {"sq": "square", "cu": "cubic"}
_UNIT_NAMES = "|".join(map(re.escape, sorted(sorted(_NAMES.keys() - {"sq"}), key=len, reverse=True)))
_ONE_UNIT = (
    rf"(?:(?P<power>sq|cu|square|cubic)\.?\s)?(?P<unit>{_UNIT_NAMES})(?P<sign>[²³]|\^[23]|"
    rf"(?<=[kc]m)[23]|(?<=m)[23](?=[\s,.;:)]|$))?"
)
_UNIT = rf"{_ONE_UNIT}(?:\s?/\s?(?P<per>{_UNIT_NAMES})(?P<per_sign>[²³])?)?(?![\w²³'’/&])(?:\.(?=\s[a-z\d(]|[,;:)]))?"
_ALONE = "lbs?|oz|km/h|m/s|kWh|MWh|GWh|TWh|km|kg|cm|mm|mph|kph|km²|m²|m³|GHz|MHz|kHz|sq km|sq ft|sq m|mg/l|µm|rpm"
_AFTER_FRACTION = (
    "(?:" + "|".join(f"(?<={part} )" for part in "half third thirds quarter quarters eighth eighths".split()) + ")"
)
_LONG = r"(?:tsp|tbsp|km|kg|lb|oz|ml|cm|mm|mi|ft|hrs?|min|pt|in\.)(?!\w)"
_CELSIUS = {"C": "Celsius", "F": "Fahrenheit", "K": "Kelvin"}
_HEAT = (
    "(?:"
    + "|".join(
        rf"(?<=\b{word} )"
        for word in (
            "hit reached reach above below exceeded exceed topped minus around nearly to of at temperatures temperature"
        ).split()
    )
    + r"|(?<=[–−-]))"
)


def _name(unit: str, power: str | None, plural: bool, variety: Variety) -> str:
    name = _NAMES[unit]
    if variety.american:
        name = re.sub(r"(met|lit)re\b", r"\1er", name).replace("tonne", "metric ton")
    first, *rest = name.split(" per ")
    if plural and first not in _SAME_IN_PLURAL:
        first = _IRREGULAR.get(first, f"{first}s")
    return " per ".join([f"{power} {first}" if power else first, *rest])


def _power(word: str | None, sign: str | None) -> str | None:
    if sign:
        return _POWERS.get(sign) or _POWERS[f"^{sign}"]
    return _BEFORE.get(word, word) if word else None


def _per(unit: str, sign: str | None, variety: Variety) -> str:
    """ "m/s²" is "metres per second squared", "W/m²" is "watts per square metre"."""
    if sign and unit in ("s", "sec", "min", "h"):
        return f"{_name(unit, None, False, variety)} {'squared' if sign == '²' else 'cubed'}"
    return _name(unit, _power(None, sign), False, variety)


def _unit_name(match: re.Match[str], plural: bool, variety: Variety) -> str:
    said = _name(match["unit"], _power(match["power"], match["sign"]), plural, variety)
    if match["per"]:
        said += " per " + _per(match["per"], match["per_sign"], variety)
    return said


def _measure(variety: Variety, match: re.Match[str]) -> str:
    amount = match["amount"]
    plural = amount != "1" and not is_adjective(match) and match["joint"] != "-"
    joint = "-" if match["joint"] == "-" else " "
    return f"{number(amount, variety)}{joint}{_unit_name(match, plural, variety)}"


def _unit_after_words(variety: Variety, match: re.Match[str]) -> str:
    return _unit_name(match, True, variety)


def _unit_after_fraction(variety: Variety, match: re.Match[str]) -> str:
    """ "One and a half kilometres", but "three quarters of" is left out in "three quarters kilometre"."""
    return _unit_name(match, " and " in match.string[max(0, match.start() - 20) : match.start()], variety)


def _unit_alone(variety: Variety, match: re.Match[str]) -> str:
    return _unit_name(match, not match.string[: match.start()].endswith(("per ", "a ", "one ")), variety)


def _degrees(variety: Variety, match: re.Match[str]) -> str:
    amount, scale = match["amount"], match["scale"]
    is_shape = match.string.startswith((" angle", " turn", " view", " rotation"), match.end())
    said = f"{number(amount, variety)} degree{'' if amount == '1' or is_shape else 's'}"
    return f"{said} {_CELSIUS[scale]}" if scale else said


def _feet_and_inches(variety: Variety, match: re.Match[str]) -> str:
    said = f"{number(match['feet'], variety)} {'foot' if match['inches'] or match['feet'] == '1' else 'feet'}"
    return f"{said} {number(match['inches'], variety)}" if match["inches"] else said


def _inches(variety: Variety, match: re.Match[str]) -> str:
    return f"{number(match['amount'], variety)} {'inch' if match['amount'] == '1' or is_adjective(match) else 'inches'}"


def _place(match: re.Match[str]) -> str:
    names = {"N": "north", "S": "south", "E": "east", "W": "west"}
    return f" {names[match['side']]}"


def units(variety: Variety) -> tuple[Rule, ...]:
    """Numbers with a unit, per cent, degrees."""
    amount = rf"{ALONE}(?P<amount>{NUMBER})"
    return (
        rule("minus", r"(?<![\w)\]°%’”])[–−-](?=\.?\d)|(?<=\d[eE])[–−-](?=\d)", "minus "),
        rule("minus by its sign", r"\s?−\s?", " minus "),
        rule("from heat to heat", r"(?<=\d)(\s?°\s?[CFK]?)\s?[–-]\s?(?=[\d.]+\1)", r"\1 to "),
        rule("minutes of arc", r"(?<=\d)°\s?(\d{1,2})[′'](?:\s?(\d{1,2})[″\"])?", r" degrees \1 minutes \2"),
        rule("degrees", rf"{amount}\s?(?:°|º|deg)\s?(?P<scale>[CFK](?!\w))?(?!\w)", partial(_degrees, variety)),
        rule("side of the earth", r"(?<=degrees|minutes) ?(?P<side>[NSEW])\b", _place),
        rule(
            "degrees without their sign",
            rf"{_HEAT}(?P<amount>\d{{1,3}}(?:\.\d)?)(?P<scale>[CF])\b",
            partial(_degrees, variety),
        ),
        rule(
            "tenths of degrees without their sign",
            rf"{ALONE}(?P<amount>\d+\.\d)(?P<scale>[CF])\b",
            partial(_degrees, variety),
        ),
        rule("kelvin", r"(?<=\d) K\b", " kelvin"),
        rule("degree sign", r"°(?P<scale>[CF])\b", lambda match: f"degrees {_CELSIUS[match['scale']]}"),
        rule("per cent", r"(?<=\d)\s?%", " percent"),
        rule("per cent in a word", r"%", " percent"),
        rule("per mille", r"\s?‰", " per mille"),
        rule(
            "feet and inches",
            r"(?<![\w.,'])(?P<feet>\d{1,2})\s?['′’]\s?(?P<inches>\d{1,2})(?:\s?(?:[\"″”]|''|’’))?(?!\w)",
            partial(_feet_and_inches, variety),
        ),
        rule("feet", r"(?<![\w.,'])(?P<feet>\d{1,2})(?P<inches>(?!))?′", partial(_feet_and_inches, variety)),
        rule(
            "inches",
            rf"{amount}(?:″|\"(?= (?:screen|display|pipe|wide|tall|long|thick|[x×])))",
            partial(_inches, variety),
        ),
        rule(
            "by",
            r"(?<=\d)\s?(?:x|×)\s?(?=\d)(?=[\d.]+\s?(?:mm|cm|m|km|ft|in|inches|px|pixels|feet|metres|meters)\b)",
            " by ",
        ),
        rule("by between units", r"(?<=\d(?:mm|cm|km|ft| m|in))\s?[x×]\s?(?=\d)", " by "),
        rule(
            "inches after feet",
            r"(?:(?<=\dft )|(?<=\d ft )|(?<=ft\. ))(?P<amount>\d{1,2})\s?in\b\.?(?! the\b)",
            partial(_inches, variety),
        ),
        rule("unit", rf"{amount}(?P<joint>\s?-?\s?)(?<!\s-)(?<!-\s){_UNIT}", partial(_measure, variety)),
        rule("unit after words", rf"(?<=illion )(?P<word>){_UNIT}", partial(_unit_after_words, variety)),
        rule(
            "unit after a fraction",
            rf"{_AFTER_FRACTION}(?={_LONG})(?P<word>){_UNIT}",
            partial(_unit_after_fraction, variety),
        ),
        rule("unit alone", rf"(?<![\w/.-])(?=(?:{_ALONE})(?![\w/]))(?P<amount>){_UNIT}", partial(_unit_alone, variety)),
    )
