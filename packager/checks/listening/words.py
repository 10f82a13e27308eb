"""Words as they can be compared: what was to be said against what a recogniser wrote down.

Neither side spells as the other does. So both go through Whisper's normaliser (numbers, British spelling, "don't"), and
where words still differ, the letters of the whole differing stretch are compared: "I S K" was heard in "ISK", and most of
"Haqqani" in "Hakani".
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from packager.languages import primary

NAME_LIKENESS = 0.6
"""Share of its sounds in which a name must agree with what was heard to count as heard."""

_KNOWN = 0.5
"""Share of its letters from which a word counts as heard."""

_RELATED = 0.5
"""Likeness of two differing stretches from which their words are compared at all: unrelated words reach some 0.4."""

_WITHOUT_SPACES = frozenset("zh ja th lo km my".split())
_BRACKETS = str.maketrans(dict.fromkeys("()[]{}<>", " , "))
_NOT_SPEECH = re.compile(r"\[[^\]]*\]|\*[^*]*\*|[♪♫]")
_NAME = re.compile(r"(?<![.!?…:] )(?<!^)(?<!^[“\"'‘])\b[A-Z][\w’'-]*")
_SOUNDS = tuple(
    (re.compile(pattern), sound)
    for pattern, sound in (
        ("ph", "f"),
        ("ti(?=on)", "s"),
        ("[cs]h", "s"),
        ("[ckqg]h?", "k"),
        ("x", "ks"),
        ("z", "s"),
        ("[aeiouyw]+", "a"),
        ("h", ""),
        (r"(\D)\1+", r"\1"),
    )
)


@dataclass(frozen=True)
class Stretch:
    """A run of words on both sides that stand for each other: `[first, last)` of the expected, of the heard."""

    expected: tuple[int, int]
    heard: tuple[int, int]
    equal: bool


@dataclass(frozen=True)
class Comparison:
    """For each expected word the share of it that was heard (0 to 1) and the heard word it stands beside; for each heard
    word whether it has a counterpart."""

    shares: tuple[float, ...]
    beside: tuple[int, ...]
    known: tuple[bool, ...]


def expected_words(text: str, language: str) -> list[str]:
    """The words of a spoken text, normalised; brackets are spoken too."""
    return _normalised(text.translate(_BRACKETS), language)


def heard_words(text: str, language: str) -> list[str]:
    """The words that a recogniser wrote, without its remarks on noise and music."""
    return _normalised(_NOT_SPEECH.sub(" ", text).translate(_BRACKETS), language)


def names_of(text: str, language: str) -> frozenset[str]:
    """The normalised words that are written like names: with a capital that no beginning of a sentence asks for."""
    words = (word for match in _NAME.finditer(text) for word in _normalised(match[0], language))
    return frozenset(word for word in words if not word.isdigit())


def sounds(words: Sequence[str]) -> str:
    """The letters of the words, roughly as they sound: one letter for all vowels, one for k, c, q and g."""
    letters = "".join(words)
    for pattern, sound in _SOUNDS:
        letters = pattern.sub(sound, letters)
    return letters or "".join(words)


def compare(expected: Sequence[str], heard: Sequence[str]) -> Comparison:
    """Which of the expected words were heard, in their order."""
    shares, beside, known = [0.0] * len(expected), [0] * len(expected), [False] * len(heard)
    for stretch in _stretches(expected, heard):
        (first, last), (begin, end) = stretch.expected, stretch.heard
        if stretch.equal:
            for word, other in zip(range(first, last), range(begin, end), strict=True):
                shares[word], beside[word], known[other] = 1.0, other, True
            continue
        ours, theirs = _shares(expected[first:last], heard[begin:end])
        for offset, share in enumerate(ours):
            shares[first + offset] = share if share >= _KNOWN else 0.0
            beside[first + offset] = begin + (end - begin) * offset // max(last - first, 1)
        for offset, share in enumerate(theirs):
            known[begin + offset] = share >= _KNOWN
    return Comparison(tuple(shares), tuple(beside), tuple(known))


def folded(expected: Sequence[str], heard: Sequence[str], names: frozenset[str]) -> list[str]:
    """The heard words, those spelt as expected that differ only in where words end, and names that sound alike."""
    result: list[str] = []
    for stretch in _stretches(expected, heard):
        ours = expected[slice(*stretch.expected)]
        theirs = heard[slice(*stretch.heard)]
        result += ours if stretch.equal or _same(ours, theirs, names) else theirs
    return result


def share_in(words: Sequence[str], others: Sequence[str]) -> float:
    """The share of the letters of `words` that is found, in order, in `others`."""
    return weighed(words, compare(words, others).shares)


def sound_likeness(words: Sequence[str], others: Sequence[str]) -> float:
    """How alike (0 to 1) the sounds of the shorter are to the stretch of the longer that fits best, word ends apart."""
    from rapidfuzz.fuzz import partial_ratio

    return float(partial_ratio(sounds(words), sounds(others))) / 100 if words and others else 0.0


def weighed(words: Sequence[str], shares: Sequence[float]) -> float:
    """The share of the letters of `words`, given that of each word."""
    letters = sum(map(len, words))
    return sum(share * len(word) for word, share in zip(words, shares, strict=True)) / letters if letters else 1.0


def _same(ours: Sequence[str], theirs: Sequence[str], names: frozenset[str]) -> bool:
    from rapidfuzz.distance import Levenshtein

    if "".join(ours) == "".join(theirs):
        return True
    if not ours or not theirs or not any(word in names for word in ours):
        return False
    return Levenshtein.normalized_similarity(sounds(ours), sounds(theirs)) >= NAME_LIKENESS


def _stretches(expected: Sequence[str], heard: Sequence[str]) -> Iterator[Stretch]:
    """Runs of equal words, and between them all that differs in one piece."""
    from rapidfuzz.distance import Indel

    first = begin = 0
    # Not Levenshtein's distance: to it, two long sentences that changed places are as well replaced word by word.
    for code in Indel.opcodes(list(expected), list(heard)):
        if code.tag != "equal":
            continue
        if code.src_start > first or code.dest_start > begin:
            yield Stretch((first, code.src_start), (begin, code.dest_start), False)
        yield Stretch((code.src_start, code.src_end), (code.dest_start, code.dest_end), True)
        first, begin = code.src_end, code.dest_end
    if first < len(expected) or begin < len(heard):
        yield Stretch((first, len(expected)), (begin, len(heard)), False)


def _shares(expected: Sequence[str], heard: Sequence[str]) -> tuple[list[float], list[float]]:
    """How much of the sound of each word has its counterpart on the other side, in order."""
    from rapidfuzz.distance import Levenshtein

    ours, theirs = [sounds([word]) for word in expected], [sounds([word]) for word in heard]
    if Levenshtein.normalized_similarity("".join(ours), "".join(theirs)) < _RELATED:
        return [0.0] * len(expected), [0.0] * len(heard)
    in_ours, in_theirs = [False] * sum(map(len, ours)), [False] * sum(map(len, theirs))
    for code in Levenshtein.opcodes("".join(ours), "".join(theirs)):
        if code.tag == "equal":
            in_ours[code.src_start : code.src_end] = [True] * (code.src_end - code.src_start)
            in_theirs[code.dest_start : code.dest_end] = [True] * (code.dest_end - code.dest_start)
    return _by_word(ours, in_ours), _by_word(theirs, in_theirs)


def _by_word(words: Sequence[str], found: Sequence[bool]) -> list[float]:
    shares, position = [], 0
    for word in words:
        shares.append(sum(found[position : position + len(word)]) / max(len(word), 1))
        position += len(word)
    return shares


def _normalised(text: str, language: str) -> list[str]:
    words: list[str] = _normaliser(primary(language))(text.replace("’", "'")).split()
    return words


@cache
def _normaliser(language: str) -> Callable[[str], str]:
    from whisper_normalizer.basic import BasicTextNormalizer
    from whisper_normalizer.english import EnglishTextNormalizer

    if language == "en":
        normaliser: Callable[[str], str] = EnglishTextNormalizer()
    else:
        normaliser = BasicTextNormalizer(remove_diacritics=True, split_letters=language in _WITHOUT_SPACES)
    return normaliser
