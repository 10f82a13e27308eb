"""Whether a number of four digits is a year."""

from __future__ import annotations

import re

_YEAR_AFTER = frozenset(
    "in since until till during circa year years fiscal mid early late spring summer autumn fall winter".split()
) | (
    frozenset(
        (
            "january february march april may june july august september october november december ad class copyright"
        ).split()
    )
)
_MAYBE_AFTER = frozenset("of by from before after the and or to between around about late".split())
_NUMBER_AFTER = frozenset(
    """
    page pages nearly almost another some exactly approximately roughly over under least most only all these those
    total number numbers verse line lines item items lot ref order than worth
    """.split()
)
_COUNTED = frozenset(
    """
    people men women children soldiers troops fighters deaths cases votes dollars euros pounds metres meters miles
    words pages kilometres kilometers feet days hours weeks months years minutes seconds times points calories
    tonnes tons copies members students pupils workers employees jobs homes houses refugees migrants civilians
    prisoners victims attacks seats delegates species items volts watts degrees percent square cubic km m kg ft lb
    mg ml kcal rpm other persons adults patients infections casualties injuries arrests complaints applications
    responses respondents participants buildings vehicles cars ships aircraft tanks missiles rockets shares
    customers users visitors passengers objects stars steps units sheep birds animals books letters lines characters
    acres hectares bottles bags boxes cups grams kilograms litres schools villages towns cities companies families
    residents voters guests fans spectators subscribers
    """.split()
)
_NO_PLURALS = frozenset(
    """
    was is has this as his its us across towards always perhaps does goes unless besides nevertheless whereas minus
    plus versus less afterwards sees saw news overseas indoors outdoors upwards thus yes
    """.split()
)
_WORD_BEFORE = re.compile(r"([^\W\d_]+)[\s(“\"‘'-]*\Z")
_WORD_AFTER = re.compile(r"\s([a-z]+)\b")
_FAR_ENOUGH = 24
_USUAL = 1900
"""From here on what follows is more often a thing of that year ("2020 figures") than counted things."""


def is_year(match: re.Match[str]) -> bool:
    """Whether the four digits stand where a year may stand: 1100 to 2099 nearly everywhere, others after "in" and the like.

    What is counted follows its number ("1945 people"), except after words that want a year ("in 1945 people").
    """
    text, value = match.string, int(match[0])
    found = _WORD_BEFORE.search(text[max(0, match.start() - _FAR_ENOUGH) : match.start()])
    before = found[1].lower() if found else ""
    following = _WORD_AFTER.match(text[match.end() : match.end() + _FAR_ENOUGH])
    after = following[1] if following else ""
    if not 1100 <= value <= 2099:
        return before in _YEAR_AFTER or (before in _MAYBE_AFTER and not after and value % 1000 < 100 and value > 1009)
    if before in _YEAR_AFTER:
        return True
    if before in _NUMBER_AFTER and before != "than":
        return False
    return not (after in _COUNTED or (value < _USUAL and before not in _MAYBE_AFTER and _is_plural(after)))


def _is_plural(word: str) -> bool:
    return word.endswith("s") and not word.endswith("ss") and len(word) > 3 and word not in _NO_PLURALS
