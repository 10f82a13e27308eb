"""Roman numerals: after the names of kings and popes, in headings and with centuries."""

from __future__ import annotations

import re
from functools import partial

from packager.speech.forms.english.numerals import number, ordinal, roman
from packager.speech.forms.english.variety import Variety
from packager.speech.forms.rule import Rule, rule

_HEADINGS = (
    "Chapter chapter Chapters chapters Part part Parts parts Act act Scene scene Book book Volume volume "
    "Volumes volumes Article article "
    "Appendix appendix Section section Phase phase Type type Class Title Canto canto Figure figure Table "
    "table Plate plate Schedule "
    "Annex annex Unit Lesson Grade grade Stage stage Level Psalm Case Episode episode Season season Tier "
    "Group Division Category "
    "page pages Page Bowl War war Mark Rocky Godfather Saturn Titan Basel Fantasy Apollo Olympiad Vatican "
    "Soyuz Theme paragraph "
    "Paragraph verse Verse column lines Line"
).split()
_RULERS = frozenset(
    """
    adrian albert alexander alfonso alphonse amenhotep andrew antiochus artaxerxes baldwin benedict boniface carl
    catherine charles christian clement constantine darius edward elizabeth ferdinand francis franz frederick
    friedrich george gregory gustav gustavus haakon harald harold henri henry hussein innocent isabella ivan james
    jean john juan julius karl king leo leopold louis ludwig margaret mary mehmed mehmet michael mohammed murad
    napoleon nicholas olaf otto paul pedro peter philip philippe pius ptolemy queen rama ramesses ramses reza
    richard robert selim seti sigismund sixtus stephen sultan suleiman sylvester thutmose tutankhamun umberto urban
    victor vittorio wilhelm willem william xerxes felipe carlos joão abdullah farouk faisal norodom tupou emperor
    emmanuel emanuel benoît
    """.split()
)
_TITLES = re.compile(
    r"\b(?:King|Queen|Pope|Emperor|Empress|Tsar|Czar|Kaiser|Prince|Sultan|Pharaoh|Saint)(?: [A-Z]\w+)?(?: [A-Z]\w+)? \Z"
)
_LAST_NAMES = re.compile(r"(?:([A-Z][\w.’'-]*) )?([A-Z][\w’'-]*) \Z")
_FAR_ENOUGH = 40
_THING = frozenset(
    """
    world war super bowl star wars rocky saturn titan apollo mark basel windows final fantasy the grand theft auto
    north south big jurassic iron type class part phase chapter soyuz minuteman trident polaris pershing hawk in of
    on at a and for by with from see this that
    """.split()
)
_AFTER_A_RULER = re.compile(r"[’']s\b|[,;:)]|\.(?! [A-Z])|$| (?:of|and|became|died|reigned|succeeded|who|in)\b")


def _after_heading(variety: Variety, match: re.Match[str]) -> str:
    numeral = match["numeral"]
    value = roman(numeral)
    is_letter = len(numeral) == 1 and numeral not in "iIvVxX"
    if value is None or is_letter or (numeral == "I" and not _is_heading_i(match)):
        return match[0]
    last = roman(match["last"] or "")
    return number(str(value), variety) + (f" to {number(str(last), variety)}" if last else "")


def _is_heading_i(match: re.Match[str]) -> bool:
    """ "The part I played" has no number in it; "Part I" and "type I" have one."""
    word = match.string[max(0, match.start() - 12) : match.start()].split(" ")[-2]
    return word[0].isupper() or word in ("type", "phase", "stage")


def _after_name(variety: Variety, match: re.Match[str]) -> str:
    numeral = match["numeral"]
    value = roman(numeral)
    before = match.string[max(0, match.start() - _FAR_ENOUGH) : match.start()]
    names = _LAST_NAMES.search(before)
    if value is None or not names:
        return match[0]
    first, last = names[1] or "", names[2]
    is_ruler = last.lower() in _RULERS or bool(_TITLES.search(before))
    if len(numeral) == 1 and not (is_ruler and _may_be_single(numeral, before, match)):
        return match[0]
    if is_ruler or (first and first.lower() not in _THING and last.lower() not in _THING and len(first) > 1):
        return f"the {ordinal(str(value), variety)}"
    return number(str(value), variety)


def _may_be_single(numeral: str, before: str, match: re.Match[str]) -> bool:
    """ "Charles I" may go on with "was late"; after a title, or before what a pronoun cannot stand before, it is a number."""
    if numeral not in "IVX":
        return False
    if numeral != "I" or _TITLES.search(before):
        return True
    return bool(_AFTER_A_RULER.match(match.string, match.end(), match.end() + 12))


def _bare(variety: Variety, match: re.Match[str]) -> str:
    value = roman(match[0])
    return match[0] if value is None else number(str(value), variety)


def _century(variety: Variety, match: re.Match[str]) -> str:
    value = roman(match["numeral"])
    return match[0] if value is None else ordinal(str(value), variety)


def romans(variety: Variety) -> tuple[Rule, ...]:
    """The rules for Roman numerals; a letter alone is one only where the words around say so."""
    headings = "|".join(f"(?<=\\b{word} )" for word in _HEADINGS)
    return (
        rule(
            "century",
            r"\b(?P<numeral>[IVX]{1,6})(?:th|st|nd|rd)?(?= (?:century|centuries|c\.))",
            partial(_century, variety),
        ),
        rule(
            "from numeral to numeral",
            r"(?<=\b[IVX])[–-](?=[IVX]{1,6}\b)|(?<=[IVX]{2})[–-](?=[IVX]{1,6}\b)",
            " to ",
        ),
        rule(
            "numeral of a heading",
            rf"(?=[ivxlcIVXLC]{{1,8}}(?:\b|[–-]))(?:{headings})(?P<numeral>[ivxlcIVXLC]{{1,8}})(?:[–-](?P<last>[ivxlc]{{1,8}}))?\b(?![’']?[a-z]|\.[A-Za-z])",
            partial(_after_heading, variety),
        ),
        rule(
            "which of them",
            r"(?<=\b[Tt]he )(?P<numeral>(?!IV (?:drip|line|fluid))[IVX]{2,6})(?= [A-Za-z])",
            partial(_century, variety),
        ),
        rule(
            "numeral of a name",
            r"(?<=[a-z’'] )(?P<numeral>[IVX]{1,7})\b(?!\.[A-Z]|-[a-z])",
            partial(_after_name, variety),
        ),
        rule("drip", r"(?<=\b[Aa]n )IV\b|\bIV(?= (?:drip|fluid|line|drug|antibiotic|infusion))", "I V"),
        rule(
            "numeral alone",
            r"(?<![\w&.-])(?:II|III|IV|VI|VII|VIII|IX|XI|XII|XIII|XIV|XV|XVI|XVII|XVIII|XIX|XXI|XXII|XXIII)\b(?![&])",
            partial(_bare, variety),
        ),
    )
