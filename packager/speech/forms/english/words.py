"""The rules for abbreviations and titles."""

from __future__ import annotations

import re

from packager.speech.forms.english.abbreviations import AFTER_NAMES, ANYWHERE, BOOKS, NUMBERED, ROADS, STATES, TITLES
from packager.speech.forms.rule import Rule, rule

_STOP = r"(?:\.(?!\W*\Z))?"
"""The full stop of an abbreviation; where the text ends with it, it stays."""
_BEFORE_NAMES_ONLY = "Rt St Mt Ft Pt Fr Sec Det Pres Rep Reps Insp Adm Hon".split()
_RANKS = "|".join(title for title in TITLES if title not in _BEFORE_NAMES_ONLY)
_WITHOUT_STOP = "Dr|Mr|Mrs|Ms|Rt|Prof|Lt|Col|Maj|Capt|Sgt|Cpl|Brig|Mme|Mt|St|Cllr|Messrs"
_COUNTIES = (
    "Durham Cork Kerry Clare Donegal Down Antrim Armagh Tyrone Fermanagh Derry Mayo Galway Meath Wicklow "
    "Wexford Kildare Kilkenny "
    "Tipperary Waterford Limerick Louth Sligo Leitrim Roscommon Monaghan Cavan Dublin"
)
_ROAD_BEFORE = re.compile(
    r"(?P<house>\b\d+[A-Za-z]? )?(?!The |A |Dear |My |Our )"
    r"(?:(?:[NSEW]\.? )?(?:[A-Z][\w’'-]*|\d+(?:st|nd|rd|th)))(?: [A-Z][\w’'-]*)? \Z"
)
_LIVES = {"b": "born", "d": "died", "r": "reigned"}
_NAMES = {**TITLES, **AFTER_NAMES, **STATES}
_FAR_ENOUGH = 40
_NUMBERED = "|".join(
    sorted(
        sorted({*NUMBERED, *(short.capitalize() for short in NUMBERED if len(short) > 1), "P"}), key=len, reverse=True
    )
)
_ANYWHERE = "|".join(
    re.escape(form)
    for short in sorted(ANYWHERE, key=len, reverse=True)
    for form in dict.fromkeys([short, short[0].upper() + short[1:]])
)


def _book(match: re.Match[str]) -> str:
    return BOOKS[match["short"]]


def _long(match: re.Match[str]) -> str:
    return _NAMES[match["short"]]


def _road(match: re.Match[str]) -> str:
    """ "12 Oak Dr. Boston" and "Main St. is" are roads; "at St. Mary's" and "Meet Dr. Oak" are not."""
    before = _ROAD_BEFORE.search(match.string[max(0, match.start() - _FAR_ENOUGH) : match.start()])
    name_follows = re.match(r"\s[A-Z]", match.string[match.end() : match.end() + 2])
    if not before or (name_follows and not before["house"]):
        return match[0]
    return ROADS[match["short"]]


def _numbered(match: re.Match[str]) -> str:
    short = match["short"]
    return f"{NUMBERED.get(short) or NUMBERED[short.lower()]} "


def _anywhere(match: re.Match[str]) -> str:
    short = match["short"]
    said = ANYWHERE.get(short) or ANYWHERE[short[0].lower() + short[1:]]
    if short.endswith(".") and not re.search(r"\w", match.string[match.end() : match.end() + 4]) and not match["comma"]:
        return f"{said}."
    return f"{said}," if said in ("for example", "that is", "namely") else f"{said}{match['comma']}"


def _long_after(match: re.Match[str]) -> str:
    return AFTER_NAMES[match["short"] or match["company"]]


WORDS: tuple[Rule, ...] = (
    rule("road", rf"(?<=[\w.] )(?P<short>{'|'.join(ROADS)})\b(?:\.(?!\W*\Z)|(?<=St)|(?<=Rd)|(?<=Ave)|(?=\.))", _road),
    rule("American state", rf"(?<=[a-z], )(?P<short>{'|'.join(STATES)})(?:\.(?!\w|\W*\Z)|(?=\.\W*\Z))", _long),
    rule("county", rf"\bCo\.(?= (?:{'|'.join(_COUNTIES.split())})\b)", "County"),
    rule("book of the Bible", rf"\b(?P<short>{'|'.join(BOOKS)})\b\.?(?= \d{{1,3}}:\d)", _book),
    rule("title before a name", rf"\b(?P<short>{'|'.join(TITLES)})\.(?=[ -]?[A-Z“\"])", _long),
    rule("title with a stop", rf"\b(?P<short>{_RANKS})\b(?:\.(?!\W*\Z)|(?=\.))(?<!\bGen)(?<!\bPt)", _long),
    rule("title without a stop", rf"\b(?P<short>{_WITHOUT_STOP})(?= [A-Z])", _long),
    rule("after a name", rf"(?<![\w.])(?P<short>{'|'.join(AFTER_NAMES)})\b(?:\.(?!\W*\Z)|(?=\.))", _long),
    rule(
        "after a name without a stop",
        r"(?:(?<=[a-z] )|(?<=[a-z], )|(?<=& ))(?P<short>Jr|Sr|Ltd|Inc|Corp|Bros)\b|(?<=& )(?P<company>Co)\b",
        _long_after,
    ),
    rule("established", r"\b[Ee]st\.(?=\s?(?:in )?[12]\d{3}\b)", "established"),
    rule("estimated", r"\b([Ee])st\.(?=\s?[\w$€£])", r"\1stimated"),
    rule("edition", r"(?<=\d(?:st|nd|rd|th) )ed\b" + _STOP, "edition"),
    rule("revised edition", r"\b[Rr]ev\. ed\b" + _STOP, "revised edition"),
    rule("edited", r"\b([Ee])d\.(?= by\b)", r"\1dited"),
    rule("edited by", r"\b([Ee])d\.(?= [A-Z])(?<!\(ed\.)", r"\1dited by"),
    rule("editors", r"\b([Ee])ds\b" + _STOP + r"(?=[.,)\s])(?<![a-z]eds)", r"\1ditors"),
    rule("editor", r"(?<=\()([Ee])d\.", r"\1ditor"),
    rule("and following", r"(?<=\d)\s?ff?\b(?:\.(?!\W*\Z)|(?=\.))|(?<=\d) ?ff\b", " and following"),
    rule("numbered", rf"(?<![\w.])(?P<short>{_NUMBERED})\.\s?(?=\d|(?!I(?:[’'\s]\w))[ivxIVX]{{1,6}}\b)", _numbered),
    rule(
        "numbered without a stop",
        r"(?<![\w.])(?P<short>pp|[Ff]ig|[Ff]igs|[Vv]ol|[Vv]ols|[Cc]h|[Pp]ara|[Pp]aras|ext|p)\.? (?=\d)",
        _numbered,
    ),
    rule(
        "number in British print",
        r"(?<=[a-z\d,;(] )Nos? (?=\d)|\bNo (?=\d+ Downing)",
        lambda match: "numbers " if "s" in match[0] else "number ",
    ),
    rule(
        "life",
        r"(?<![\w.])(?P<short>[bdr])\. ?(?=(?:c\. ?)?(?:1\d{3}|20\d\d))",
        lambda match: f"{_LIVES[match['short']]} ",
    ),
    rule("telephone", r"\b[Tt]el(?=: )", "telephone"),
    rule("member for a state", rf"(?<=\b[DRI]-)(?P<short>{'|'.join(STATES)})(?:\.(?!\W*\Z)|(?=\.))", _long),
    rule("about", r"(?<![\w.])c(?=1\d{3}\b)", "about "),
    rule("against", r"(?<=[a-z.)] )v\.?(?= (?:the )?[A-Z])", "versus"),
    rule("and others", r"\bet al\b" + _STOP, "et al"),
    rule("abbreviation", rf"(?<![\w./-])(?P<short>{_ANYWHERE})(?![\w-])(?P<comma>,?)", _anywhere),
)
