"""Signs of mathematics and chemistry, and the small signs between words."""

from __future__ import annotations

import re

from packager.speech.forms.english.letters import spelt
from packager.speech.forms.rule import Rule, rule

_ELEMENTS = (
    "H He Li Be B C N O F Ne Na Mg Al Si P S Cl Ar K Ca Sc Ti V Cr Mn Fe Co Ni Cu Zn Ga Ge As Se Br Kr Rb "
    "Sr Y Zr Nb Mo Tc Ru Rh Pd "
    "Ag Cd In Sn Sb Te I Xe Cs Ba La Ce W Pt Au Hg Pb Bi Po Rn Ra Th U Np Pu Am"
).split()
_ELEMENT = "|".join(sorted(_ELEMENTS, key=len, reverse=True))
_FORMULA = re.compile(rf"(?:(?:{_ELEMENT})\d*|[()])+")
_SALTS = "NaCl|NaOH|KCl|KOH|HCl|HBr|CaO|MgO|NaF|AgCl|CuO|ZnO|SiC|GaAs|HgS|NaI|KBr|MgCl"
_LOWERED = str.maketrans("₀₁₂₃₄₅₆₇₈₉", "0123456789")
_RAISED = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁺ⁿ", "0123456789-+n")
_GREEK = dict(
    zip(
        "αβγδεζηθικλμνξπρστυφχψω",
        (
            "alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi pi rho sigma tau "
            "upsilon phi chi psi omega"
        ).split(),
        strict=True,
    )
) | {
    "Γ": "gamma",
    "Δ": "delta",
    "Θ": "theta",
    "Λ": "lambda",
    "Π": "pi",
    "Σ": "sigma",
    "Φ": "phi",
    "Ψ": "psi",
    "Ω": "omega",
    "µ": "mu",
}
_SIGNS = {
    "≤": "is less than or equal to",
    "≥": "is greater than or equal to",
    "≠": "is not equal to",
    "≈": "is approximately equal to",
    "≅": "is approximately equal to",
    "≡": "is identical to",
    "÷": "divided by",
    "×": "times",
    "⋅": "times",
    "∞": "infinity",
    "∑": "the sum of",
    "∫": "the integral of",
    "∂": "partial",
    "∈": "in",
    "∪": "union",
    "∩": "intersection",
    "∴": "therefore",
    "∝": "is proportional to",
    "∅": "the empty set",
    "∀": "for all",
    "∃": "there exists",
}
_ALONE_BEFORE_NUMBERS = {
    "≤": "at most",
    "≥": "at least",
    "≈": "about",
    "<": "less than",
    ">": "more than",
    "~": "about",
}
_RAISED_SIGNS = "⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁺ⁿ"


def _formula(match: re.Match[str]) -> str:
    written = match[0].translate(_LOWERED)
    if not _FORMULA.fullmatch(written):
        return match[0]
    found = re.findall(r"[A-Za-z]+|\d+", written)
    pieces = [spelt(piece.upper()) if piece.isalpha() else piece for piece in found]
    return " ".join(pieces)


def _power(match: re.Match[str]) -> str:
    power = match["power"].translate(_RAISED)
    named = {"2": " squared", "3": " cubed"}
    return named.get(power) or f" to the power of {power.replace('-', 'minus ')}"


def _sign(match: re.Match[str]) -> str:
    return f" {_SIGNS[match['sign']]} "


def _comparison(match: re.Match[str]) -> str:
    sign = match["sign"] or match["plain"].strip()
    return f" {_SIGNS.get(sign) or {'<': 'is less than', '>': 'is greater than'}[sign]} "


def _limit(match: re.Match[str]) -> str:
    return f"{_ALONE_BEFORE_NUMBERS[match['sign']]} "


def _of_root(match: re.Match[str]) -> str:
    return "the cube root of " if match[0].startswith("∛") else "the square root of "


def _ion(match: re.Match[str]) -> str:
    return spelt(match["metal"].upper()) + (_charge(match) if match["sign"] else " plus")


def _charge(match: re.Match[str]) -> str:
    digits = match["digits"].translate(_RAISED)
    sign = "plus" if match["sign"] == "⁺" else "minus"
    return f" {digits} {sign}" if digits else f" {sign}"


def _greek(match: re.Match[str]) -> str:
    return _GREEK[match["letter"]]


def _either(match: re.Match[str]) -> str:
    first, second = match[1], match[2]
    return f"{'she' if first == 's' else first} or {second}"


FORMULAE: tuple[Rule, ...] = (
    rule("ion", r"\b(?P<metal>Na|Li|Ca|Mg|Cl|Fe|Cu|Zn|Ag|Al|K)(?:\+(?!\w)|(?P<digits>[¹²³⁴]?)(?P<sign>[⁺⁻]))", _ion),
    rule("charge", r"(?<=[A-Za-z₀-₉-])(?P<digits>[¹²³⁴]?)(?P<sign>[⁺⁻])", _charge),
    rule("formula with low digits", r"(?<![\w])[A-Z][A-Za-z0-9₀-₉()]*[₀-₉][A-Za-z₀-₉()]*", _formula),
    rule(
        "formula",
        rf"(?<![\w-])(?:{_SALTS})(?![\w])|(?<![\w-])(?=[A-Za-z]*\d)(?=[A-Z]+[a-z])(?:"
        rf"(?:{_ELEMENT})\d{{0,2}}){{2,8}}(?!\w)",
        _formula,
    ),
    rule("low digits", r"(?<=\w)[₀-₉]+", lambda match: f" {match[0].translate(_LOWERED)}"),
)

MATHS: tuple[Rule, ...] = (
    rule("energy", r"\bmc(?=²|\^2)", "m c"),
    rule("force", r"(?<=\bF = )ma\b", "m A-"),
    rule("lone a", r"\b[aA](?=[²³]|\^)", "A-"),
    rule("plus or minus", r"\s?±\s?", " plus or minus "),
    rule("root", r"[√∛]\s?", _of_root),
    rule("power", rf"(?<=[\w)-])(?P<power>[{_RAISED_SIGNS}]+)", _power),
    rule("power after a hat", r"(?<=[\w)-])\^\(?(?P<power>-?\w+)\)?", _power),
    rule("function", r"\b([fgh])\(([xyzt])\)", r"\1 of \2"),
    rule(
        "comparison",
        r"(?:(?<=\b\w)|(?<=\d)|(?<=\)))(?: ?(?P<sign>[≤≥≈]) ?|(?P<plain> [<>] |(?<=\d)[<>](?=\d)))(?=[\w(√-])",
        _comparison,
    ),
    rule("limit", r"(?<![\w<>=])(?P<sign>[≤≥≈<>~])\s?(?=[\d$€£.])", _limit),
    rule("sign of mathematics", rf"\s?(?P<sign>[{''.join(_SIGNS)}])\s?", _sign),
    rule("at most", r"(?<=[\w)])\s?<=\s?(?=[\w(])", " is less than or equal to "),
    rule("at least", r"(?<=[\w)])\s?>=\s?(?=[\w(])", " is greater than or equal to "),
    rule("not equal", r"(?<=[\w)])\s?!=\s?(?=[\w(])", " is not equal to "),
    rule("equals", r"(?<=[\w)\"])\s?={1,3}\s?(?=[\w(√+-])", " equals "),
    rule("plus", r"(?<=[\w)])\s?\+\s?(?=[\d(])|(?<=[\w)]) \+ (?=\w)", " plus "),
    rule("plus between letters", r"(?<=\b[a-z])\+(?=[a-z]\b)", " plus "),
    rule("plus after a letter", r"(?<=\w)\+(?!\w)", " plus"),
    rule("plus before", r"(?<!\w)\+(?=\d)", "plus "),
    rule("minus in a sum", r"(?<=[\w)]) - (?=[\w(]+ equals )|(?<= equals \w) [-–] (?=\w)", " minus "),
    rule("times in a sum", r"(?<=\d)\s?\*\s?(?=\d)|(?<=\d) x (?=\d)", " times "),
    rule("divided", r"(?<=\d) / (?=\d)", " divided by "),
    rule("by", r"(?<=\d)[x×](?=\d)", " by "),
    rule("difference", r"\bΔ(?=[A-Za-z]\b)", "delta "),
    rule("Greek letter", rf"(?<![^\W\dα-ω])(?P<letter>[{''.join(_GREEK)}])(?![^\W\d_])", _greek),
)

SIGNS: tuple[Rule, ...] = (
    rule("rock and roll", r"(?<=\w )['’‘]n['’‘]?(?= \w)|(?<=\w )n['’](?= \w)", "and"),
    rule("letters and letters", r"(?<=\b[A-Z])['’]n['’](?=[A-Z]\b)", " and "),
    rule("with or without", r"\b([Ww])/(?:(o)\b|(?=[ .,;]|[a-z]))", lambda match: "without" if match[2] else "with"),
    rule("because", r"\bb/c\b", "because"),
    rule("care of", r"\bc/o\b", "care of"),
    rule("not available", r"\b[nN]/[aA]\b", "N A-"),
    rule("he or she", r"\b(he|she|him|her|his|s)/(he|she|him|her|his|hers)\b", _either),
    rule("and or", r"\b([Aa]nd|[Ee]ither)/(?=or\b)", r"\1 "),
    rule(
        "letters with a slash",
        r"(?<=\b[A-Z])/(?=[A-Z]\b)|(?<=\b[A-Z]{2})/(?=[A-Z]{2}\b)(?<!US/)(?<!UK/)(?<!EU/)|(?<=\bTCP)/(?=IP\b)|(?<=[A-Z]{2})/(?=\d)",
        " ",
    ),
    rule("slash between words", r"(?<=[^\W\d_])\s?/\s?(?=[^\W\d_])", ", "),
    rule("slash", r"(?<=\w)\s?/\s?(?=\w)", " slash "),
    rule("and sign", r"(?<=\w)\s?&\s?(?=\w)", " and "),
    rule("and sign alone", r"&(?=\s)", "and"),
    rule("section sign", r"§§\s?(?=\d)", "sections "),
    rule("one section sign", r"§\s?(?=\d)", "section "),
    rule("paragraph sign", r"¶\s?(?=\d)", "paragraph "),
    rule("copyright", r"©\s?", "copyright "),
    rule("trade mark", r"[™®℠]", ""),
    rule("numero", r"№\s?", "number "),
)
