"""Where the words of a pronunciation lexicon stand in a text."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import NamedTuple

from packager.ipa import with_possessive
from packager.languages import primary
from packager.model import Lexeme, Lexicon
from packager.patterns import late_pattern
from packager.speech.scripts import by_script

_APOSTROPHES = "'’ʼ＇"
_POSSESSIVE = late_pattern(rf"[{_APOSTROPHES}]s(?!\w)")
_NO_SPACES = late_pattern(r"[぀-ヿ㐀-䶿一-鿿豈-﫿𠀀-𲎯ก-๿ກ-໿က-႟ក-៿]")
"""Scripts that write words without spaces between: a word of theirs may begin and end anywhere."""

_ENDINGS_ATTACHED = late_pattern(r"[가-힣]")
"""Korean writes particles behind a name without a space."""

_SAME = {**dict.fromkeys(_APOSTROPHES, f"[{_APOSTROPHES}]"), **dict.fromkeys("-‐‑", "[-‐‑]"), " ": r"\s+"}
"""What counts as one character with others that look like it."""

_KEY = str.maketrans({**dict.fromkeys(_APOSTROPHES, "'"), **dict.fromkeys("‐‑", "-"), **dict.fromkeys("\n\t\xa0", " ")})


class Match(NamedTuple):
    """A word from `begin` to `end` of a text: what is said for it, its sounds where they are known, and who says so."""

    begin: int
    end: int
    said: str
    ipa: str | None = None
    lexeme: Lexeme | None = None

    def overlaps(self, other: Match) -> bool:
        """Whether they have text in common."""
        return self.begin < other.end and other.begin < self.end


class _Entry(NamedTuple):
    pattern: re.Pattern[str]
    lexeme: Lexeme


def matches(lexicon: Lexicon, text: str, language: str) -> list[Match]:
    """The words of the lexicon in `text`, in order, without overlap; where several begin together the longest.

    Only whole words count, and what follows an apostrophe belongs to the word, but for a possessive "'s", which is said
    behind it. A spelling in small letters fits any case; one with a capital fits only as it is written. Lexemes of just
    `language` come before those of the language without region, and these before those of other regions. An alias is
    said as it stands, whatever other lexemes say of its words.
    """
    if not lexicon.lexemes:
        return []
    entries = _entries(lexicon, language)
    found: list[Match] = []
    position = 0
    while position < len(text):
        match = _match_at(entries, text, position, language)
        if match:
            found.append(match)
        position = match.end if match else position + 1
    return found


def pieces_of(text: str, language: str, lexicon: Lexicon) -> list[tuple[str, str]]:
    """The text cut where its letters leave the language's writing system, as `by_script` does it.

    A word that the lexicon says in letters of the language stays with it: 习近平 with the alias "Xi Jinping" in English.
    """
    seen = text
    for word in matches(lexicon, text, language):
        if letter := next((char for char in word.said if char.isalpha()), ""):
            seen = seen[: word.begin] + letter * (word.end - word.begin) + seen[word.end :]
    pieces: list[tuple[str, str]] = []
    position = 0
    for piece, piece_language in by_script(seen, language):
        pieces.append((text[position : position + len(piece)], piece_language))
        position += len(piece)
    return pieces


def lexeme_at(lexicon: Lexicon, word: str, language: str) -> Lexeme | None:
    """The lexeme that holds for just this word."""
    for entry in _entries(lexicon, language).get(_key(word[:2]), ()):
        if entry.pattern.fullmatch(word):
            return entry.lexeme
    return None


def _match_at(entries: dict[str, list[_Entry]], text: str, begin: int, language: str) -> Match | None:
    candidates = entries.get(_key(text[begin : begin + 2]), []) + entries.get(_key(text[begin]), [])
    if not candidates or not _may_begin(text, begin):
        return None
    for pattern, lexeme in candidates:
        place = pattern.match(text, begin)
        if place and _may_end(text, place.end()):
            return _said(lexeme, text, begin, place.end(), language)
    return None


def _said(lexeme: Lexeme, text: str, begin: int, end: int, language: str) -> Match:
    ipa, said = lexeme.ipa, lexeme.alias or " ".join(text[begin:end].split())
    possessive = _POSSESSIVE.match(text, end)
    # Sounds cannot be followed by letters; an alias can.
    if ipa and possessive and primary(language) == "en":
        return Match(begin, possessive.end(), said + possessive[0], with_possessive(ipa), lexeme)
    return Match(begin, end, said, ipa, lexeme)


def _may_begin(text: str, index: int) -> bool:
    return index == 0 or not _are_joined(text[index - 1], text[index])


def _may_end(text: str, index: int) -> bool:
    if index == len(text):
        return True
    if text[index] in _APOSTROPHES:
        return not text[index + 1 : index + 2].isalnum() or _POSSESSIVE.match(text, index) is not None
    return bool(_ENDINGS_ATTACHED.match(text[index - 1])) or not _are_joined(text[index - 1], text[index])


def _are_joined(before: str, after: str) -> bool:
    """Whether two characters that follow each other are of one word."""
    if unicodedata.category(after).startswith("M"):
        return True
    return _is_of_word(before) and _is_of_word(after) and not (_NO_SPACES.match(before) or _NO_SPACES.match(after))


def _is_of_word(char: str) -> bool:
    return char.isalnum() or char == "_" or unicodedata.category(char).startswith("M")


@lru_cache(maxsize=32)
def _entries(lexicon: Lexicon, language: str) -> dict[str, list[_Entry]]:
    """The spellings that can stand in a text of this language, by their first two characters, the best first."""
    ranked = [
        ((-len(form), _fits_any_case(form), _distance(lexeme.language, language), order), form, lexeme)
        for order, lexeme in enumerate(lexicon.lexemes)
        if primary(lexeme.language) == primary(language)
        for grapheme in lexeme.graphemes
        for form in dict.fromkeys(unicodedata.normalize(kind, grapheme) for kind in ("NFC", "NFD"))
    ]
    entries: dict[str, list[_Entry]] = {}
    for _, form, lexeme in sorted(ranked):
        entries.setdefault(_key(form[:2]), []).append(_Entry(_pattern(form), lexeme))
    return entries


def _distance(written_for: str, language: str) -> int:
    """How well a lexeme suits: 0 for the same tag, 1 for the language without region, 2 for another region's."""
    if written_for.lower() == language.lower():
        return 0
    return 1 if written_for.lower() == primary(language) else 2


def _fits_any_case(form: str) -> bool:
    return form == form.lower()


def _pattern(form: str) -> re.Pattern[str]:
    letters = "".join(_SAME.get(char) or re.escape(char) for char in form)
    return re.compile(letters, re.IGNORECASE if _fits_any_case(form) else 0)


def _key(text: str) -> str:
    return text.lower().translate(_KEY)
