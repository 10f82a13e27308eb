"""Words in capital letters: said as a word, or letter by letter."""

from __future__ import annotations

import re
from functools import lru_cache

from packager.speech.forms.english.word_lists import (
    ALWAYS_LETTERS,
    MIXED,
    SAID_AS_WORDS,
    SHORT_WORDS,
)
from packager.speech.forms.rule import Rule, rule

_CAPITALS = "A-ZÀ-ÖØ-Þ"
_NEIGHBOURHOOD = 40
"""So many characters on either side tell whether a text shouts."""
_WORD = re.compile(rf"[{_CAPITALS}]{{2,}}|[^\W\d_]*[a-zß-öø-ÿ][^\W\d_]*")
_SYLLABLE = (
    r"(?:bl|br|ch|chr|cl|cr|dr|dw|fl|fr|gh|gl|gn|gr|kn|kr|ph|pl|pr|qu|rh|sc|sch|scr|sh|shr|sk|sl|sm|sn|sp"
    r"|spl|spr|squ|st|str|"
    r"sw|th|thr|tr|tw|wh|wr|[b-df-hj-np-tv-z])?"
    r"[aeiouy]{1,3}+"
    r"(?:ck|ct|ft|ght|lb|lc|ld|lf|lk|ll|lm|ln|lp|ls|lt|lth|mb|mp|mps|mpt|nc|nch|nd|nds|ng|ngs|ngth|nk|nks"
    r"|ns|nt|nts|nth|pt|"
    r"rb|rc|rch|rd|rds|rf|rg|rk|rks|rl|rld|rm|rms|rn|rns|rp|rs|rst|rt|rts|rth|sh|sk|sm|sp|ss|st|sts|tch|th|ths|ts|"
    r"xt|gs|ds|ks|ps|[b-df-hj-np-tv-xz])?"
)
_PRONOUNCEABLE = re.compile(rf"(?:{_SYLLABLE})+", re.IGNORECASE)


def spelt(letters: str, plural: bool = False, joined: bool = False) -> str:
    """ "IMF" → "I M F".

    A lone A would be taken for the article; the hyphen makes the engines say the letter. It is left out where a
    hyphen or an apostrophe follows anyway (`joined`). The apostrophe keeps "M P's" from becoming "M P S".
    """
    names = ["A-" if letter == "A" else letter for letter in letters]
    if plural or joined:
        names[-1] = letters[-1]
    return " ".join(names) + ("'s" if plural else "")


def is_shouted(text: str, begin: int, end: int) -> bool:
    """Whether the words around are in capitals too, so that capitals mean nothing here ("THE END OF IT")."""
    around = text[max(0, begin - _NEIGHBOURHOOD) : begin] + " " + text[end : end + _NEIGHBOURHOOD]
    words = _WORD.findall(around)
    shouted = [word for word in words if word.isupper() and word not in ALWAYS_LETTERS and word not in SAID_AS_WORDS]
    return len(shouted) >= 2 and 3 * len(shouted) > 2 * len(words)


def is_word(capitals: str) -> bool:
    """Whether a word in capitals is said as a word where nobody shouts."""
    if capitals in ALWAYS_LETTERS:
        return False
    if capitals in SAID_AS_WORDS or capitals in SHORT_WORDS:
        return True
    return len(capitals) > 3 and _is_pronounceable(capitals)


@lru_cache(maxsize=4096)
def _is_pronounceable(capitals: str) -> bool:
    return len(capitals) < 25 and bool(_PRONOUNCEABLE.fullmatch(capitals))


def _capitals(match: re.Match[str]) -> str:
    capitals, ending = match["capitals"], match["s"] or ""
    shouted = capitals not in ALWAYS_LETTERS and is_shouted(match.string, match.start(), match.end())
    if capitals in SAID_AS_WORDS:
        # Some engines spell what is in capitals and not in their dictionary.
        return f"{SAID_AS_WORDS[capitals]}{ending}"
    if is_word(capitals) or (shouted and _may_be_shouted(match)) or _is_verb(match):
        return match[0] if capitals in SHORT_WORDS else f"{capitals.lower()}{ending}"
    following = match.string[match.end() : match.end() + 1]
    return spelt(capitals, bool(ending), following in ("-", "'", "’"))


def _is_verb(match: re.Match[str]) -> bool:
    """ "It IS so", but "the IS"."""
    before = match.string[max(0, match.start() - 6) : match.start()].lower()
    return match[0] == "IS" and before.endswith(
        (" it ", "that ", "this ", " he ", " she ", "what ", "there ", "who ", "which ")
    )


def _may_be_shouted(match: re.Match[str]) -> bool:
    """ "THE US" is a country even where all is in capitals."""
    if match["capitals"] in ("US", "WHO"):
        return match.string[max(0, match.start() - 4) : match.start()] != "THE "
    return bool(re.search("[AEIOUY]", match["capitals"]))


def _mixed(match: re.Match[str]) -> str:
    said = MIXED[match["word"]]
    return f"{said}'s" if match["s"] else said


def _joined_by_and(match: re.Match[str]) -> str:
    return f"{spelt(match['first'])} and {spelt(match['second'], bool(match['s']))}"


def _dotted(match: re.Match[str]) -> str:
    letters, plural = match["letters"].replace(".", "").upper(), bool(match["s"])
    at_end = not re.search(r"\w", match.string[match.end() : match.end() + 5])
    following = match.string[match.end() : match.end() + 1]
    return spelt(letters, plural, joined=following in ("-", "'", "’")) + ("." if at_end and following != "." else "")


DOTTED: tuple[Rule, ...] = (
    rule("degree", r"\b(Ph|D|B|M)\.\s?(D|Sc|Phil)\b(?:\.(?!\W*\Z)|(?=\.))", r"\1\2"),
    rule("letters with dots", r"\b(?P<letters>(?:[A-Z]\.){2,12}+)(?P<s>s?)(?!\w)", _dotted),
    rule("two initials", r"\b([A-Z])\.(?=\s?[A-Z]\.)", lambda match: spelt(match[1])),
    rule(
        "initial",
        r"(?<![.!?] )(?<!lan )(?<!amin )(?<!itis )(?<!rade )(?<!roup )(?<!ype )\b([B-HJ-Z])\.(?=\s?[A-Z][a-z])",
        r"\1",
    ),
    rule("initial A", r"\bA\.(?=\s?[A-Z][a-z])", "A-"),
)
"""What is dotted: "U.S.", "J. K. Rowling"."""

SMALL_DOTTED: tuple[Rule, ...] = (
    rule("small letters with dots", r"(?<![\w.])(?P<letters>(?:[a-z]\.){2,6}+)(?P<s>)(?!\w)", _dotted),
)
"""What is left of small letters with dots: "p.m." without an hour."""

PAIRS: tuple[Rule, ...] = (
    rule("capitals and capitals", r"\b(?P<first>[A-Z]{1,3})\s?&\s?(?P<second>[A-Z]{1,2})(?P<s>s?)\b", _joined_by_and),
)
"""Letters around an and sign: "A&E"."""

MIXED_WORDS: tuple[Rule, ...] = (
    rule("letters in a mixed word", rf"\b(?P<word>{'|'.join(map(re.escape, MIXED))})(?P<s>s?)\b", _mixed),
)

CAPITALS: tuple[Rule, ...] = (
    rule("capitals", rf"(?<!\w)(?P<capitals>[{_CAPITALS}]{{2,}}+)(?:(?P<s>s)(?:['’](?!\w))?)?(?!\w)", _capitals),
    rule(
        "the letter A",
        r"(?<=[a-z] )A(?=[.,;:!?)]|$)"
        r"|(?=A)(?:(?<=[Pp]lan )|(?<=[Vv]itamin )|(?<=[Hh]epatitis )|(?<=[Gg]rade )|(?<=[Gg]roup )|"
        r"(?<=[Tt]ype )|(?<=[Tt]eam )"
        r"|(?<=[Aa]ppendix )|(?<=[Ee]xhibit )|(?<=[Ss]erie )|(?<=[Cc]ategory )|(?<=[Ll]eague )|"
        r"(?<=[Ii]nfluenza ))A(?![\w'’-])",
        "A-",
    ),
)
