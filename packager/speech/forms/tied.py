"""Text in the making: what is said, character by character tied to what is printed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from packager.model import Phonemes, Span
from packager.speech.forms.marks import marks_in
from packager.speech.forms.rule import Rule


class _Tie(NamedTuple):
    """Where in the printed text a spoken character comes from. No rule changes what is `fixed`."""

    begin: int
    end: int
    fixed: bool = False
    ipa: str | None = None


class TiedText:
    """A printed text and what is said of it: at first the same, then changed by one rule after the other."""

    def __init__(self, printed: str) -> None:
        self.printed = printed
        self.spoken = printed
        self._marks = marks_in(printed)
        self._changed: list[_Tie] | None = None

    @property
    def _ties(self) -> list[_Tie]:
        # Most sentences are said as they are printed, and need no ties.
        if self._changed is None:
            self._changed = [_Tie(index, index + 1) for index in range(len(self.printed))]
        return self._changed

    def apply(self, rule: Rule) -> None:
        """Say what the rule wants wherever its pattern matches, except where it would touch what is fixed."""
        if rule.marks is not None and rule.marks.isdisjoint(self._marks):
            return
        said = rule.said
        changes = (
            (match.start(), match.end(), match.expand(said) if isinstance(said, str) else said(match))
            for match in rule.pattern.finditer(self.spoken)
        )
        self._replace([change for change in changes if self.spoken[change[0] : change[1]] != change[2]])

    def fix(self, begin: int, end: int, said: str, ipa: str | None = None) -> None:
        """Say `said`, pronounced as `ipa`, from `begin` to `end` of what is said so far, whatever rules come later."""
        self._replace([(begin, end, said)], fixed=True, ipa=ipa)

    def silence(self) -> None:
        """Say nothing."""
        self.spoken, self._changed = "", []

    def spans(self) -> list[Span]:
        """The whole printed text in order, without gap or overlap, and what is said for each part of it.

        What is said as it is printed is one span as far as it goes; a changed stretch is a span of its own.
        """
        if self._changed is None:
            whole = (0, len(self.printed))
            return [Span(whole, whole)] if self.printed else []
        spans: list[Span] = []
        for tied in self._tied_stretches():
            silent = Span((spans[-1].text[1] if spans else 0, tied.text[0]), (tied.spoken[0], tied.spoken[0]))
            spans += [silent, tied] if silent.text[0] < silent.text[1] else [tied]
        reached = spans[-1].text[1] if spans else 0
        if reached < len(self.printed):
            spans.append(Span((reached, len(self.printed)), (len(self.spoken), len(self.spoken))))
        return joined(spans, self.printed, self.spoken)

    def phonemes(self) -> Iterator[Phonemes]:
        """The pronunciations that were fixed."""
        ties = self._changed or []
        index = 0
        while index < len(ties):
            tie, begin = ties[index], index
            while index < len(ties) and ties[index] is tie:
                index += 1
            if tie.ipa is not None:
                yield Phonemes(begin, index, tie.ipa)

    def _replace(self, changes: Iterable[tuple[int, int, str]], fixed: bool = False, ipa: str | None = None) -> None:
        texts: list[str] = []
        ties: list[_Tie] = []
        position = 0
        changes = list(changes)
        if not changes:
            return
        for begin, end, said in changes:
            touched = self._ties[begin:end]
            if any(tie.fixed for tie in touched):
                continue
            whole = self._whole(touched, begin)._replace(fixed=fixed, ipa=ipa)
            texts += [self.spoken[position:begin], said]
            ties += [*self._ties[position:begin], *([whole] * len(said))]
            position = end
        if position or texts:
            self.spoken = "".join([*texts, self.spoken[position:]])
            self._changed = [*ties, *self._ties[position:]]
            self._marks = marks_in(self.spoken)

    def _whole(self, touched: list[_Tie], position: int) -> _Tie:
        if touched:
            return _Tie(min(tie.begin for tie in touched), max(tie.end for tie in touched))
        here = self._ties[position].begin if position < len(self._ties) else len(self.printed)
        return _Tie(here, here)

    def _tied_stretches(self) -> Iterator[Span]:
        """Runs of spoken characters that come from one printed stretch."""
        ties = self._ties
        begin = end = first = 0
        for index, tie in enumerate(ties):
            if index > first and tie.begin >= end and tie is not ties[index - 1]:
                yield Span((begin, end), (first, index))
                begin, end, first = tie.begin, tie.end, index
            elif index == first:
                begin, end = tie.begin, tie.end
            end = max(end, tie.end)
        if ties:
            yield Span((begin, end), (first, len(ties)))


def joined(spans: Iterable[Span], printed: str, spoken: str) -> list[Span]:
    """The spans with those made one that follow each other and say just what is printed."""
    done: list[Span] = []
    for span in spans:
        if done and _is_plain(done[-1], printed, spoken) and _is_plain(span, printed, spoken):
            last = done.pop()
            span = Span((last.text[0], span.text[1]), (last.spoken[0], span.spoken[1]))
        done.append(span)
    return done


def _is_plain(span: Span, printed: str, spoken: str) -> bool:
    return printed[slice(*span.text)] == spoken[slice(*span.spoken)]
