"""A recording is listened to, and what is wrong with it becomes findings."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Container, Iterator, Sequence, Set
from concurrent.futures import Executor
from dataclasses import replace
from statistics import fmean, median

from packager.checks.listening.passages import Passage, Recording, clock, place_of, quoted, silent
from packager.checks.listening.recogniser import Recogniser, decoded
from packager.checks.listening.takes import UNDERSTOOD, Ear, Take
from packager.checks.listening.verdicts import Drift, Fault, Verdict, judge
from packager.checks.listening.words import folded, names_of
from packager.checks.overlays import TOOL
from packager.checks.pace import TOO_FAST, TOO_SLOW, paces
from packager.model import Finding, Severity

HIGHEST_ERROR_RATE = 0.3
"""The poorest voice that we ship, eSpeak NG, is written down with 8 to 12 % of its words wrong."""

Progress = Callable[[float], None]

_FIRST_PASS = 0.9
"""Share of the time that listening to everything once takes; the rest is for what is listened to again."""

_NEAR = 2
"""Doubtful sentences with at most one good one between them are heard together."""

_FEW = 4
_CLEAR = 0.97
"""Share of the letters that is heard of sentences that are whole: 0.99 of hibari's, 0.98 of Piper's, 0.94 of eSpeak's."""

_POORLY_UNDERSTOOD = " All of this voice is poorly understood: it may be the reason, and not the sound."

_SAME_DRIFT = 1.5
"""Seconds."""

_ABSENT = (Fault.MISSING, Fault.DROWNED)
_PARTIAL = (Fault.CUT, Fault.SHORT, Fault.UNCLEAR)
_A_FEW_WORDS = 3
_FAULTS: dict[Fault, tuple[str, Severity, str]] = {
    Fault.MISSING: ("PKG-342", "error", "{text} is missing: the sound has no room for it."),
    Fault.CUT: ("PKG-343", "error", "{text} is cut: {heard} is not heard."),
    Fault.SHORT: ("PKG-343", "error", "{text} is cut: the sound is too short for it."),
    Fault.DOUBLED: ("PKG-344", "error", "{text} is spoken twice, or a part of it: {heard} is heard too many, at {at}."),
    Fault.MOVED: ("PKG-345", "error", "{text} is out of order: {heard} is heard at {at}."),
    Fault.DROWNED: ("PKG-346", "error", "{text} is not heard: there is sound in its place, and {heard} is understood."),
    Fault.UNCLEAR: ("PKG-347", "error", "{text} is hardly understood; {heard} is heard."),
    Fault.STRANGE: ("PKG-348", "warning", "After {text} something is heard that is not in the text: {heard}, at {at}."),
}


def listen(recording: Recording, recogniser: Recogniser, executor: Executor, progress: Progress) -> Iterator[Finding]:
    """Findings on what is said in one recording. `progress` is told the share of it that is done."""
    samples = decoded(recording.read())
    if samples is None:
        yield Finding(
            TOOL, "PKG-350", "info", "Its sound cannot be decoded, so nobody has listened to it.", recording.name
        )
        return
    ear = Ear(samples, recogniser, executor)
    known = [passage for passage in recording.passages if ear.knows(passage.language) and passage.spoken]
    total = max(sum(passage.end - passage.begin for passage in known), 1e-9)
    takes = ear.takes(known, lambda seconds: progress(_FIRST_PASS * seconds / total))
    yield from _not_listened_to(recording, recogniser)
    ratios = {pace.passage: pace.ratio for pace in paces(known, ear.levels)}
    odd = {passage: ratio for passage, ratio in ratios.items() if not TOO_SLOW <= ratio <= TOO_FAST}
    # The recogniser guesses the end of a short sentence that is cut.
    hurried = [take.passage for take in takes if take.is_good and odd.get(take.passage, 0.0) > TOO_FAST]
    verdicts: list[Verdict | Drift] = []
    for stretch in _doubtful(takes, odd):
        some, takes[stretch.start : stretch.stop] = _heard_again(stretch, takes, ear)
        verdicts += some
    yield from _error_rate(takes, recording, recogniser)
    poor = _not_understood(takes)
    for language in poor:
        message = (
            f"The recogniser {recogniser.name} does not understand this voice in “{language}” well enough to judge it. "
            "The voice may be the reason, or the recogniser; that the sound is wrong does not follow."
        )
        yield Finding(TOOL, "PKG-349", "warning", message, recording.name)
    silences = [one for one in recording.passages if ear.levels.is_silent(one.begin, one.end)]
    faults = [
        one
        for one in verdicts
        if isinstance(one, Verdict) and not _is_imagined(one, silences, ratios.keys() - odd.keys())
    ]
    drifts = _joined([one for one in verdicts if isinstance(one, Drift)])
    faults += [Verdict(one, Fault.SHORT) for one in hurried if not _is_explained(one, faults, drifts)]
    clear = _clear_languages(takes)
    yield from (
        _finding(one, recording, ear, one.passage.language in clear)
        for one in faults
        if one.passage.language not in poor
    )
    yield from (_drift(one, recording) for one in drifts if one.first.language not in poor)
    progress(1.0)


def _is_imagined(verdict: Verdict, silences: Sequence[Passage], even: Set[Passage]) -> bool:
    """Whether words too many were heard where there is no room for them: in a silence, into which a recogniser says the
    last words again, or within a few words that take as long as they should."""
    if verdict.fault not in (Fault.DOUBLED, Fault.STRANGE):
        return False
    is_short = len(verdict.passage.spoken.split()) <= _A_FEW_WORDS
    own = [verdict.passage] if is_short and verdict.passage in even and verdict.fault is Fault.DOUBLED else []
    return any(one.begin <= verdict.at < one.end for one in (*silences, *own))


def _not_listened_to(recording: Recording, recogniser: Recogniser) -> Iterator[Finding]:
    """Silence is not to be taken for praise."""
    if not recording.passages:
        message = "Nobody knows what it should say: the report (.json) that a build puts beside it is not there."
        yield Finding(TOOL, "PKG-350", "info", f"{message} Build it again, or name the narrated EPUB.", recording.name)
    unknown = Counter(one.language or "?" for one in recording.passages if not recogniser.knows(one.language))
    for language, count in unknown.items():
        message = f"The recogniser {recogniser.name} does not know “{language}”: sentences not listened to: {count}."
        yield Finding(TOOL, "PKG-350", "info", message, recording.name)


def _error_rate(takes: Sequence[Take], recording: Recording, recogniser: Recogniser) -> Iterator[Finding]:
    """Numbers are compared as numbers, words without regard to where they end, names by their sound."""
    import jiwer

    asked = [take for take in takes if take.expected]
    if not asked:
        return
    result = jiwer.process_words(
        [" ".join(take.expected) for take in asked],
        [
            " ".join(folded(take.expected, take.heard, names_of(take.passage.spoken, take.passage.language)))
            for take in asked
        ],
    )
    words = sum(len(take.expected) for take in asked)
    sentences = f"{len(asked)} sentence{'s' if len(asked) > 1 else ''}"
    message = f"{result.wer:.1%} of {words} words in {sentences} are heard otherwise ({recogniser.name})."
    yield Finding(TOOL, "PKG-340", "info", message, recording.name)
    if result.wer > HIGHEST_ERROR_RATE:
        message = f"More than {HIGHEST_ERROR_RATE:.0%} of the words are heard otherwise."
        yield Finding(TOOL, "PKG-341", "error", message, recording.name)


def _not_understood(takes: Sequence[Take]) -> set[str]:
    """The languages in which most sentences are not understood: the recogniser's failure, or the voice's.

    The main language of a short recording is judged all the same.
    """
    scores: dict[str, list[float]] = {}
    for take in takes:
        scores.setdefault(take.passage.language, []).append(take.score)
    main = max(scores, key=lambda language: len(scores[language]), default="")
    return {
        language
        for language, some in scores.items()
        if median(some) < UNDERSTOOD and (language != main or len(some) > _FEW)
    }


def _doubtful(takes: Sequence[Take], odd: Container[Passage]) -> Iterator[range]:
    """Stretches of takes that are to be heard again, each with a good one before and behind it."""
    doubted = [index for index, take in enumerate(takes) if not take.is_good or take.passage in odd]
    begun = 0
    for position, index in enumerate(doubted):
        if position + 1 == len(doubted) or doubted[position + 1] > index + _NEAR:
            yield range(max(doubted[begun] - 1, 0), min(index + 2, len(takes)))
            begun = position + 1


def _clear_languages(takes: Sequence[Take]) -> set[str]:
    """Languages whose voice is so well understood that a part of a sentence that is not heard is not there."""
    scores: dict[str, list[float]] = {}
    for take in takes:
        if take.is_whole:
            scores.setdefault(take.passage.language, []).append(take.score)
    return {language for language, some in scores.items() if fmean(some) >= _CLEAR}


def _heard_again(stretch: range, takes: Sequence[Take], ear: Ear) -> tuple[list[Verdict | Drift], list[Take]]:
    some = takes[stretch.start : stretch.stop]
    begin = some[0].passage.begin if stretch.start else 0.0
    end = some[-1].passage.end if stretch.stop < len(takes) else ear.seconds
    language = next((take.passage.language for take in some if not take.is_good), some[-1].passage.language)
    return judge(some, ear.stretch(begin, end, language))


def _finding(verdict: Verdict, recording: Recording, ear: Ear, clear: bool) -> Finding:
    passage = verdict.passage
    if verdict.fault in _ABSENT and ear.levels.is_silent(passage.begin, passage.end):
        return silent(recording, passage)
    fault = Fault.UNCLEAR if not clear and _may_be_it(verdict) else verdict.fault
    code, severity, message = _FAULTS[fault]
    if fault in _PARTIAL and not clear:
        severity = "warning"
    heard = quoted(verdict.heard) if verdict.heard else "nothing"
    told = message.format(text=quoted(passage.spoken), heard=heard, at=clock(verdict.at))
    if severity == "warning" and not clear:
        told += _POORLY_UNDERSTOOD
    return Finding(TOOL, code, severity, told, place_of(recording, passage))


def _may_be_it(verdict: Verdict) -> bool:
    """Whether about as much is heard as there should be: names in a poor voice are written down as other words."""
    return verdict.fault is Fault.DROWNED and 0.5 < len(verdict.heard) / len(verdict.passage.spoken) < 2


def _is_explained(passage: Passage, faults: Sequence[Verdict], drifts: Sequence[Drift]) -> bool:
    """Whether a passage has a fault, or its sound is not its own for all is late or early."""
    return any(one.passage == passage for one in faults) or any(
        drift.first.begin <= passage.begin <= drift.last.begin for drift in drifts
    )


def _joined(drifts: Sequence[Drift]) -> list[Drift]:
    """Drifts that go on as one, though some sentence between them was near enough to its time to be understood."""
    joined: list[Drift] = []
    for drift in drifts:
        if joined and abs(joined[-1].seconds - drift.seconds) < _SAME_DRIFT:
            joined[-1] = replace(joined[-1], last=drift.last)
        else:
            joined.append(drift)
    return joined


def _drift(drift: Drift, recording: Recording) -> Finding:
    way = "late" if drift.seconds > 0 else "early"
    message = f"From {quoted(drift.first.spoken)} to {quoted(drift.last.spoken)} the sound is {abs(drift.seconds):.1f} s {way}."
    return Finding(TOOL, "PKG-339", "error", message, place_of(recording, drift.first))
