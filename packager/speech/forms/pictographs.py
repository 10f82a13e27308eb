"""Pictures among the letters: emoji, stars that rate something, numbers in circles, arrows.

Emoji are said by the names that Unicode's CLDR gives them in the language, a row of one kind once. In a language without
names here they stay as they are printed, for eSpeak NG has names of its own in most of them. Signs that say nothing by
themselves (ornaments, boxes) are no emoji, and neither is "©".
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

from packager.languages import primary
from packager.speech.forms.rule import Rule, rule

_NAMED = frozenset("ar de en es fa fr id it ja ko pt ru tr zh".split())
"""Languages that the package `emoji` has names in."""

_SIGN = (
    r"(?:[0-9#*]\ufe0f?\u20e3|[\U0001f000-\U0001faff\u2600-\u27bf\u231a\u231b\u23e9-\u23f3\u2b50\u2b55]"
    r"|[^\w\s\ufe0f]\ufe0f)"
)
_EMOJI = rf"{_SIGN}(?:[\ufe0f\U0001f3fb-\U0001f3ff\U000e0020-\U000e007f]|\u200d{_SIGN})*"
_ROW = rf"{_EMOJI}(?:\s?{_EMOJI})*"
_LIKE_EMOJI = {"✓": "✔", "✗": "❌", "✘": "❌", "✕": "❌"}
"""Dingbats that stand for the same as an emoji."""

_FLAG = {"en": "flag: {}", "zh": "旗：{}"}
"""In these languages the package names the country alone."""

_STARS = {
    "de": ("{} Sterne", "{} von {} Sternen"),
    "en": ("{} stars", "{} out of {} stars"),
    "es": ("{} estrellas", "{} de {} estrellas"),
    "fr": ("{} étoiles", "{} étoiles sur {}"),
    "it": ("{} stelle", "{} stelle su {}"),
    "nl": ("{} sterren", "{} van de {} sterren"),
    "pt": ("{} estrelas", "{} de {} estrelas"),
}
"""Some stars, and some out of more."""

_ARROW = r"\s{0,3}(?:[\u2190-\u21ff\u27f0-\u27ff](?!\ufe0f)|-{1,2}>|=>)\s{0,3}"
_ARROWS = (
    rule("arrow between numbers", rf"(?<=\d){_ARROW}(?=[\d$€£])", "–"),
    # "File → Save": a pause, where nothing would make one word of two.
    rule("arrow between words", rf"(?<=[\w)”\"’.%]){_ARROW}(?=[\w(“\"])", ", "),
    rule("arrow before a word", rf"(?<!\S){_ARROW}(?=\w)", ""),
)

_COMMA = {"ja": "、", "zh": "，", "ar": "، ", "fa": "، "}


def has_names(language: str) -> bool:
    """Whether emoji are said by their names in this language."""
    return primary(language) in _NAMED


def pictograph_rules(language: str) -> tuple[Rule, ...]:
    """These come before the rules for numbers: there are numbers in what they say."""
    own = primary(language)
    circled = rule("number of one sign", r"[\u2460-\u2473\u2776-\u2793\u2160-\u216b\u2170-\u217b]", _of_one_sign)
    ratings = tuple(_ratings(*_STARS[own])) if own in _STARS else ()
    rules = (*_ARROWS, *ratings, circled)
    return (*rules, _named_emoji(own)) if has_names(own) else rules


def _ratings(some: str, out_of: str) -> Iterator[Rule]:
    def rated(match: re.Match[str]) -> str:
        full, empty = (len(match[part].replace("\ufe0f", "")) for part in ("full", "empty"))
        return f" {out_of.format(full, full + empty) if empty else some.format(full)} "

    yield rule("stars", r"(?<![★☆⭐])(?P<full>★{1,9})(?P<empty>☆{1,9})(?![★☆])", rated)
    yield rule("stars alone", r"(?<![★☆⭐])(?P<full>★{5}|(?:⭐\ufe0f?){2,10})(?P<empty>)(?![★☆⭐])", rated)


def _of_one_sign(match: re.Match[str]) -> str:
    return f" {unicodedata.digit(match[0], 0) or round(unicodedata.numeric(match[0]))} "


def _named_emoji(language: str) -> Rule:
    comma = _COMMA.get(language, ", ")

    def named(match: re.Match[str]) -> str:
        names = list(dict.fromkeys(_names(match["row"], language)))
        if not names:
            return match[0]
        said = comma.join(names)
        before = match.string[max(match.start() - 1, 0) : match.start()]
        after = match.string[match.end() : match.end() + 1]
        if before.isalnum() and not after:
            # Behind the last word: without a pause the name would seem to be a part of the sentence.
            return f"{comma}{said}"
        if after and not before:
            return f"{said}{comma}" if after.isalnum() else f"{said}{match['after']}"
        return f"{match['before'] or ' ' * before.isalnum()}{said}{match['after'] or ' ' * after.isalnum()}"

    return rule("emoji", rf"(?P<before>\s?)(?P<row>{_ROW})(?P<after>\s?)", named)


def kept_emoji(row: str) -> str:
    """The emoji of a row, each kind once, without the other signs in it."""
    return " ".join(dict.fromkeys(_emoji_in(row)))


def _names(row: str, language: str) -> Iterator[str]:
    for sign in _emoji_in(row):
        if name := _name(sign, language):
            yield name


@lru_cache(maxsize=1024)
def _name(sign: str, language: str) -> str:
    import emoji

    emoji.config.load_language(language)
    known = emoji.EMOJI_DATA[sign]
    name = str(known.get(language) or known["en"]).strip(":").replace("_", " ")
    return _FLAG.get(language, "{}").format(name) if "\U0001f1e6" <= sign[0] <= "\U0001f1ff" else name


def _emoji_in(row: str) -> list[str]:
    import emoji

    alike = "".join(_LIKE_EMOJI.get(char, char) for char in row)
    return [str(found["emoji"]) for found in emoji.emoji_list(alike)]
