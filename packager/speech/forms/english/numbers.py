"""Fractions, ordinals, numbers with letters, and at the end every number that is left."""

from __future__ import annotations

import re
import unicodedata
from functools import partial

from packager.speech.forms.english.letters import is_word, spelt
from packager.speech.forms.english.numerals import ALONE, NUMBER, WHOLE, code, number, ordinal, parts, plural
from packager.speech.forms.english.variety import Variety
from packager.speech.forms.english.word_lists import SAID_AS_WORDS
from packager.speech.forms.rule import Rule, rule

_SIGNS = "¼½¾⅐⅑⅒⅓⅔⅕⅖⅗⅘⅙⅚⅛⅜⅝⅞"
_LARGEST_PART = 100


def _fraction_sign(variety: Variety, match: re.Match[str]) -> str:
    above, below = unicodedata.normalize("NFKC", match["sign"]).split("⁄")
    return _with_whole(match["whole"], parts(above, below, variety), variety)


def _with_whole(whole: str | None, part: str, variety: Variety) -> str:
    if not whole:
        return part
    if part.startswith("one "):
        part = f"a {part.removeprefix('one ')}"
    return f"{number(whole, variety)} and {'an' + part[1:] if part == 'a eighth' else part}"


def _fraction(variety: Variety, match: re.Match[str]) -> str:
    above, below = match["above"], match["below"]
    value, whole = int(below), match["whole"]
    if above == below or above[0] == "0" or below[0] == "0":
        return f"{number(above, variety)} {number(below, variety)}"
    if not whole and re.match(r" (?:stars?|points|marks|rating)\b", match.string[match.end() : match.end() + 8]):
        return f"{number(above, variety)} out of {number(below, variety)}"
    if (
        not whole
        and value in (10, 100)
        and match[0][-1].isdecimal()
        and not match.string.startswith((" of", "-", "th"), match.end())
    ):
        return f"{number(above, variety)} out of {number(below, variety)}"
    if int(above) + value == 100:
        return f"{number(above, variety)} {number(below, variety)}"
    if value == 1 or int(above) >= value or (value > _LARGEST_PART and value % 100):
        return f"{number(above, variety)} over {number(below, variety)}"
    return _with_whole(whole, parts(above, below, variety), variety)


def _ordinal(variety: Variety, match: re.Match[str]) -> str:
    return ordinal(match["digits"], variety)


def _letters_and_digits(variety: Variety, match: re.Match[str]) -> str:
    letters, digits = match["letters"], match["digits"]
    if letters in SAID_AS_WORDS or (len(letters) > 3 and is_word(letters)):
        name = SAID_AS_WORDS.get(letters, letters.lower())
    else:
        name = spelt(letters)
    said = number(digits, variety) if "." in digits else code(digits, variety)
    return f"{name} {plural(said) if match['s'] else said}"


def _digits_and_letters(variety: Variety, match: re.Match[str]) -> str:
    letters = match["letters"]
    following = match.string[match.end() : match.end() + 1]
    said = spelt(letters.upper(), bool(match["s"]), following in ("-", "'", "’"))
    return f"{number(match['digits'], variety)} {said}"


def _number(variety: Variety, match: re.Match[str]) -> str:
    return number(match[0], variety)


def _number_s(variety: Variety, match: re.Match[str]) -> str:
    return plural(code(match["digits"].replace(",", ""), variety))


def fractions(variety: Variety) -> tuple[Rule, ...]:
    """Fractions and ordinals; they come before dates' ranges are thought of and before units."""
    return (
        rule("fraction slash", "⁄", "/"),
        rule("bracket after a number", r"(?<=[\d)])(?=\([a-z\d]{1,3}\))", " "),
        rule("letter after a point", r"(?<=\d)\.(?=[a-z]\b)", " "),
        rule(
            "fraction sign",
            rf"(?:(?<![\w.,])(?P<whole>\d+)[ -]?)?(?P<sign>[{_SIGNS}])",
            partial(_fraction_sign, variety),
        ),
        rule(
            "fraction",
            r"(?<![\w.,/$€£])(?:(?P<whole>\d{1,4})[ -](?=\d{1,2}/\d))?(?P<above>\d{1,4})/"
            r"(?P<below>\d{1,4})(?:th|ths|rd|rds)?(?![\w/]|[.,]\d)",
            partial(_fraction, variety),
        ),
        rule("ordinals from to", r"(?<=\d(?:st|nd|rd|th))\s?[–-]\s?(?=\d)", " to "),
        rule(
            "ordinal",
            rf"(?<![\w.])(?P<digits>{WHOLE})(?:st|nd|rd|th|ˢᵗ|ⁿᵈ|ʳᵈ|ᵗʰ)\b",
            partial(_ordinal, variety),
            re.IGNORECASE,
        ),
    )


def _mixed(variety: Variety, match: re.Match[str]) -> str:
    pieces = re.findall(r"[A-Z]+|\d+", match[0])
    return " ".join(spelt(piece) if piece.isalpha() else code(piece, variety) for piece in pieces)


def codes(variety: Variety) -> tuple[Rule, ...]:
    """Letters with digits: "M25", "F-16s", "COVID-19", "5G"."""
    return (
        rule("from quarter to quarter", r"(?<=\b[QH]\d)[–-](?=[QH]\d\b)", " to "),
        rule("from letter to letter", r"(?<=\d[a-e])[–-](?=[b-h]\b)", " to "),
        rule(
            "ages",
            r"(?:(?<=[Uu]nder-)|(?<=[Oo]ver-)|(?<=[Uu]nder )|(?<=[Oo]ver ))(?P<digits>\d{1,2})['’]?s\b",
            partial(_number_s, variety),
        ),
        rule(
            "letters, digits, letters",
            r"(?<![\w-])[A-Z]{1,6}\d{1,4}(?:-?[A-Z]{1,6}\d{0,4}){1,5}(?!\w)",
            partial(_mixed, variety),
        ),
        rule(
            "letters and digits",
            r"(?<![\w-])(?P<letters>[A-Z]{1,6})-?(?P<digits>\d{1,4}(?:\.\d+)?)(?P<s>s?)(?![\d,]\d|\.\d)",
            partial(_letters_and_digits, variety),
        ),
    )


def codes_with_letters_last(variety: Variety) -> tuple[Rule, ...]:
    """Digits with letters behind: "5G", "2a", "747s"; they come after the units."""
    return (
        rule(
            "digits and letters",
            r"(?<![\w.,])(?P<digits>\d{1,3})-?(?P<letters>[A-Z]{1,4})(?P<s>s?)(?!\w)",
            partial(_digits_and_letters, variety),
        ),
        rule(
            "digits and a small letter",
            r"(?<![\w.,])(?P<digits>\d{1,3})(?P<letters>[a-fk])(?P<s>)(?![\w/])",
            partial(_digits_and_letters, variety),
        ),
        rule("numbers in the plural", r"(?<![\w.])(?P<digits>\d{1,4})['’]?s\b", partial(_number_s, variety)),
    )


def remaining(variety: Variety) -> tuple[Rule, ...]:
    """Whatever number is left."""
    return (
        rule(
            "power of ten",
            rf"{ALONE}(?P<amount>{NUMBER})[eE]\+?(?=(?:minus )?\d+\b)",
            lambda match: f"{number(match['amount'], variety)} times ten to the power of ",
        ),
        rule(
            "times",
            rf"{ALONE}(?P<amount>{NUMBER})\s?[x×](?!\w| (?:plus|minus|equals)\b)",
            lambda match: f"{number(match['amount'], variety)} times",
        ),
        rule("more than", r"(?<=\d)\+(?!\w)", " plus"),
        rule("small letter and number", r"(?<=[^\W\d_])-(?=\d)", " "),
        rule("comma in a list", r"(?<=\d),(?=\d(?:\d{3,})?(?!\d))", ", "),
        rule("letter before a digit", r"(?<=[^\W\d_])(?=\d)", " "),
        rule("letter after a digit", r"(?<=\d)(?=[^\W\d_])", " "),
        rule("number", rf"(?<!\w)(?<!\d[.,]){NUMBER}", partial(_number, variety)),
        rule("digits", r"\d+", partial(_number, variety)),
    )
