"""Sums of money: "$1.2bn", "£5–10 million", "50p", "CHF 20"."""

from __future__ import annotations

import re
from functools import lru_cache, partial

from packager.speech.forms.english.numerals import ALONE, NUMBER, number
from packager.speech.forms.english.variety import Variety
from packager.speech.forms.rule import Rule, rule

_SIGNS = {
    "US$": ("US dollar", "US dollars"),
    "US $": ("US dollar", "US dollars"),
    "A$": ("Australian dollar", "Australian dollars"),
    "AU$": ("Australian dollar", "Australian dollars"),
    "C$": ("Canadian dollar", "Canadian dollars"),
    "CA$": ("Canadian dollar", "Canadian dollars"),
    "NZ$": ("New Zealand dollar", "New Zealand dollars"),
    "HK$": ("Hong Kong dollar", "Hong Kong dollars"),
    "S$": ("Singapore dollar", "Singapore dollars"),
    "R$": ("real", "reais"),
    "$": ("dollar", "dollars"),
    "€": ("euro", "euros"),
    "£": ("pound", "pounds"),
    "¥": ("yen", "yen"),
    "₹": ("rupee", "rupees"),
    "Rs": ("rupee", "rupees"),
    "Rs.": ("rupee", "rupees"),
    "₽": ("rouble", "roubles"),
    "₩": ("won", "won"),
    "₪": ("shekel", "shekels"),
    "₺": ("lira", "lira"),
    "₴": ("hryvnia", "hryvnias"),
    "₦": ("naira", "naira"),
    "₱": ("peso", "pesos"),
    "₫": ("dong", "dong"),
    "฿": ("baht", "baht"),
    "₿": ("bitcoin", "bitcoins"),
    "kr": ("krone", "kroner"),
    "Fr.": ("franc", "francs"),
}
_CODES = (
    "USD EUR GBP CHF JPY CNY INR AUD CAD NZD HKD SGD SEK NOK DKK PLN CZK HUF RON BGN RUB UAH TRY BRL MXN "
    "ARS CLP ZAR KRW ILS "
    "THB IDR MYR PHP VND PKR AFN IRR IQD SAR AED QAR KWD EGP NGN KES"
).split()
_SMALL = {
    "£": ("penny", "pence"),
    "$": ("cent", "cents"),
    "€": ("cent", "cents"),
    "₹": ("paisa", "paise"),
    "Rs": ("paisa", "paise"),
}
_SCALE = {
    "k": "thousand",
    "thousand": "thousand",
    "m": "million",
    "mn": "million",
    "mln": "million",
    "mio": "million",
    "million": "million",
    "lakh": "lakh",
    "crore": "crore",
    "b": "billion",
    "bn": "billion",
    "bln": "billion",
    "billion": "billion",
    "t": "trillion",
    "tn": "trillion",
    "trn": "trillion",
    "trillion": "trillion",
}
_SCALES = "|".join(sorted(_SCALE, key=len, reverse=True))
_SCALED = rf"(?:[\s-]?(?P<scale>(?i:{_SCALES}))(?![^\W_]))?"
_SIGN = rf"(?P<sign>{'|'.join(map(re.escape, sorted(_SIGNS, key=len, reverse=True)))}|(?:{'|'.join(_CODES)})(?=\s?\d))"
_SIGN_BEFORE = rf"(?<![\w$]){_SIGN}"
_AMOUNT = rf"(?P<amount>{NUMBER})"
_MINUS = r"(?P<minus>(?<![\w)\]])[−–-])?"
_AS_ADJECTIVE = re.compile(
    r"(?:-[a-z]| (?!a\b|an\b|and\b|or\b|per\b|of\b|in\b|to\b|on\b|for\b|from\b|at\b|by\b|each\b|more\b"
    r"|less\b|was\b|is\b|that\b|with\b|as\b|if\b|"
    r"when\b|but\b|worth\b|into\b|he\b|she\b|they\b|it\b|we\b|I\b|over\b|under\b|after\b|before\b|until\b"
    r"|than\b|every\b|will\b|would\b|"
    r"had\b|has\b|have\b|were\b|are\b|would\b|could\b)[a-z]{3})"
)
_MILLIONS_OF = (
    r"(?= (?:(?!across|towards|versus|sprints|hurdles|always|besides|does|goes|this|was|his|its|less|class"
    r"|race)[a-z]{3,}s|people|men|women|"
    r"children|[A-Z][a-z]+(?:ans|ese|ish|s))\b)"
)


@lru_cache(maxsize=256)
def _names(sign: str) -> tuple[str, str]:
    """The currency, one and many."""
    if sign in _SIGNS:
        return _SIGNS[sign]
    from babel.numbers import get_currency_name

    one, many = (get_currency_name(sign, count, locale="en") for count in (1, 2))
    return one, many


def is_adjective(match: re.Match[str]) -> bool:
    """Whether "a" stands before and a noun behind: "a £5 note", "a 10 km run"; what is measured by is then singular."""
    before = match.string[max(0, match.start() - 4) : match.start()].lower()
    return (
        bool(re.search(r"(?:\A|[^\w])an? \Z", before)) and bool(_AS_ADJECTIVE.match(match.string, match.end()))
    ) or bool(re.match(r"-(?!a-|per-)[a-z]{3}", match.string[match.end() : match.end() + 5]))


def _sum(variety: Variety, match: re.Match[str]) -> str:
    minus = "minus " if match["minus"] else ""
    if match["scale"] and match.string.startswith(("-dollar", "-pound", "-euro"), match.end()):
        return f"{minus}{number(match['amount'], variety)} {_SCALE[match['scale'].lower()]}"
    return minus + _amount(match["amount"], match["scale"], match["sign"], is_adjective(match), variety)


def _amount(amount: str, scale: str | None, sign: str, adjective: bool, variety: Variety) -> str:
    one, many = _names(sign)
    whole, _, cents = amount.partition(".")
    small = _SMALL.get(sign.rstrip("."), _SMALL["$"] if "$" in sign else None)
    if not scale and len(cents) == 2 and (small or not int(cents)):
        large = f"{number(whole or '0', variety)} {one if whole == '1' else many}"
        if not int(cents) or not small:
            return large
        little = f"{number(str(int(cents)), variety)} {small[0] if int(cents) == 1 else small[1]}"
        return little if whole in ("", "0") else f"{large} and {little}"
    said = number(amount, variety)
    if scale:
        said += f" {_SCALE[scale.lower()]}"
    return f"{said} {one if adjective or (amount == '1' and not scale) else many}"


def _from_to(variety: Variety, match: re.Match[str]) -> str:
    first_scale = f" {_SCALE[match['first_scale'].lower()]}" if match["first_scale"] else ""
    last = _amount(match["amount"], match["scale"], match["sign"], is_adjective(match), variety)
    return f"{number(match['first'], variety)}{first_scale} to {last}"


def _pence(variety: Variety, match: re.Match[str]) -> str:
    said = number(match["amount"], variety)
    if match["small"] == "p":
        return f"{said} {'penny' if match['amount'] == '1' else 'pence'}"
    return f"{said} {'cent' if match['amount'] == '1' else 'cents'}"


def _scaled(variety: Variety, match: re.Match[str]) -> str:
    return f"{number(match['amount'], variety)} {_SCALE[match['scale'].lower()]}"


def money(variety: Variety) -> tuple[Rule, ...]:
    """Currencies by sign and by code, with thousands, millions and so on; numbers with such a scale alone."""
    whole_sum = partial(_sum, variety)
    return (
        rule("from sum to sum", r"(?<=[\dkmbn%])\s?[–-]\s?(?=(?:US|A|C|NZ|HK)?[$£€¥]\s?\d)", " to "),
        rule(
            "sum from to",
            rf"{_SIGN_BEFORE}\s?(?P<first>{NUMBER})(?P<first_scale>(?i:{_SCALES}))?(?:\s?[–-]\s?|\sto\s"
            rf"(?={NUMBER}[ -]?(?:{_SCALES})\b)){_AMOUNT}{_SCALED}(?![\d%]|[.,]\d)",
            partial(_from_to, variety),
        ),
        rule("sum", rf"{_MINUS}{_SIGN_BEFORE}\s?{_AMOUNT}{_SCALED}", whole_sum),
        rule("sum with minus inside", rf"{_SIGN_BEFORE}(?P<minus>[−–-]){_AMOUNT}{_SCALED}", whole_sum),
        rule(
            "sum before its sign",
            rf"{ALONE}(?P<minus>\B)?{_AMOUNT}{_SCALED}\s?(?P<sign>[€£$¥₹₽]|(?:{'|'.join(_CODES)}|kr)\b)(?!\d)",
            whole_sum,
        ),
        rule("lines of a picture", r"\b(?:480|720|1080|1440|2160)(?=p\b)", lambda match: _lines(match, variety)),
        rule("pence", rf"{ALONE}{_AMOUNT}\s?(?P<small>¢|(?<=\d)p\b)", partial(_pence, variety)),
        rule(
            "scale from to",
            rf"{ALONE}(?P<first>{NUMBER})(?P<both>bn|mn|tn|m(?=\s?[–-]\s?{NUMBER}m{_MILLIONS_OF}))\s?[–-]\s?"
            rf"{_AMOUNT}(?P<scale>(?P=both))(?!\w)",
            lambda match: f"{number(match['first'], variety)} to {_scaled(variety, match)}",
        ),
        rule("scale", rf"{ALONE}{_AMOUNT}[\s-]?(?P<scale>bn|mn|mln|bln|tn|trn)\b", partial(_scaled, variety)),
        # "4K" and "8K" are screens.
        rule("millions", rf"{ALONE}(?![48]K){_AMOUNT}(?P<scale>[mMBkK]){_MILLIONS_OF}", partial(_scaled, variety)),
        rule(
            "sum a day", r"(?<=s)-a-(?=(?:day|week|month|year|night|head|minute|piece|share|ton|tonne|barrel)\b)", " a "
        ),
        rule("sign alone", r"(?<!\w)[$€£](?=[\s,.)]|$)", lambda match: _names(match[0])[0]),
    )


def _lines(match: re.Match[str], variety: Variety) -> str:
    return f"{number(match[0][:-2], variety)} {number(match[0][-2:], variety)} "
