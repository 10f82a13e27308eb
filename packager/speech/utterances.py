"""The parts of a sentence → its utterances, one a language, and the ties between what is printed and what is said."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from packager.languages import primary
from packager.model import Lexicon, Listening, Omission, Span, Utterance
from packager.speech.asides import asides
from packager.speech.forms import tied_form
from packager.speech.forms.tied import TiedText, joined
from packager.speech.lexicon import pieces_of
from packager.speech.parts import Part

_STOPS = frozenset(".!?…,;:")


@dataclass
class Said:
    """What is said of a sentence. Spans count from the sentence's beginning, white space as it stands in the source.

    What is there to press and not to hear, such as the number of a note, is not to be said.
    """

    utterances: list[Utterance] = field(default_factory=list)
    spans: list[Span] = field(default_factory=list)
    omissions: list[Omission] = field(default_factory=list)
    is_to_be_said: bool = True

    @property
    def _length(self) -> int:
        return len(" ".join(utterance.spoken for utterance in self.utterances))

    def add_lead(self, lead: Utterance) -> None:
        """Say something first that is not printed here, such as the head of a column, if it can be said."""
        if not lead.spoken:
            return
        first = self.utterances[0]
        if primary(first.language) != primary(lead.language):
            self.utterances.insert(0, lead)
        else:
            moved = len(lead.spoken) + 1
            phonemes = tuple(one._replace(begin=one.begin + moved, end=one.end + moved) for one in first.phonemes)
            self.utterances[0] = replace(first, spoken=f"{lead.spoken} {first.spoken}", phonemes=phonemes)
        shift = len(lead.spoken) + 1
        self.spans = [Span(span.text, (span.spoken[0] + shift, span.spoken[1] + shift)) for span in self.spans]
        self.spans.insert(0, Span((0, 0), (0, len(lead.spoken))))

    def add(self, tied: TiedText, language: str, places: list[tuple[int, int]]) -> None:
        """Say the next piece; `places` are begin and end in the sentence of each of its printed characters."""
        if tied.spoken:
            begin = self._length + 1 if self.utterances else 0
            self.utterances.append(Utterance(tied.spoken, language, tuple(tied.phonemes())))
            self.spans += _placed(tied, places, begin)
        elif self.utterances and (stop := tied.printed.strip()) in _STOPS:
            # A stop that its language leaves alone closes what was said before it.
            begin = self._length
            self.utterances[-1] = replace(self.utterances[-1], spoken=self.utterances[-1].spoken + stop)
            at = tied.printed.index(stop)
            self.spans.append(Span((places[at][0], places[at][1]), (begin, begin + 1)))


def said_of(parts: Iterable[Part], begin: int, listening: Listening, lexicon: Lexicon) -> Said:
    """What is said of the parts of the sentence that begins at offset `begin` of its block."""
    runs = list(_runs(parts))
    said = Said(is_to_be_said=any(part.text.strip() for _, run in runs for part in run))
    for language, run in runs:
        text = "".join(part.text for part in run)
        prose = "".join("\0" * len(part.text) if part.verbatim else part.text for part in run)
        places = [place for part in run for place in _places(part, begin)]
        position = 0
        for piece, piece_language in pieces_of(text, language, lexicon):
            left_out, instead = asides(prose[position : position + len(piece)], piece_language, listening)
            said.omissions += left_out
            tied = tied_form(piece, piece_language, instead, lexicon)
            said.add(tied, piece_language, places[position : position + len(piece)])
            position += len(piece)
    return said


def tied_spans(said: Said, printed: str, spoken: str) -> tuple[Span, ...]:
    """Spans that cover the printed sentence with its white space folded: `printed` is the sentence as in the source."""
    folded = " ".join(printed.split())
    places = _places_when_folded(printed)
    spans: list[Span] = []
    reached = heard = 0
    for span in said.spans:
        begin, end = places[span.text[0]], places[span.text[1]]
        begin, end = max(begin, reached), max(end, reached)
        if begin > reached:
            spans.append(Span((reached, begin), (heard, heard)))
        if end > begin or span.spoken[1] > span.spoken[0]:
            spans.append(Span((begin, end), span.spoken))
        reached, heard = end, span.spoken[1]
    if reached < len(folded):
        spans.append(Span((reached, len(folded)), (heard, heard)))
    return tuple(joined(spans, folded, spoken))


def _runs(parts: Iterable[Part]) -> Iterator[tuple[str, list[Part]]]:
    """What is said, cut where the language changes."""
    run: list[Part] = []
    for part in parts:
        if not part.said:
            continue
        if run and primary(run[0].language) != primary(part.language):
            yield run[0].language, run
            run = []
        run.append(part)
    if run:
        yield run[0].language, run


def _places(part: Part, begin: int) -> Iterator[tuple[int, int]]:
    start = part.begin - begin
    for index in range(len(part.text)):
        yield (start + index, start + index + 1) if part.printed else (start, start)


def _placed(tied: TiedText, places: list[tuple[int, int]], spoken_begin: int) -> Iterator[Span]:
    """The ties of a piece as spans of the sentence, cut where unsaid text stands between."""
    for text, spoken in tied.spans():
        begin, end = spoken[0] + spoken_begin, spoken[1] + spoken_begin
        if text[0] == text[1]:
            at = places[text[0]][0] if text[0] < len(places) else places[-1][1]
            yield Span((at, at), (begin, end))
        elif text[1] - text[0] != end - begin:
            yield Span((places[text[0]][0], places[text[1] - 1][1]), (begin, end))
        else:
            yield from _even_stretches(places[text[0] : text[1]], begin)


def _even_stretches(places: list[tuple[int, int]], spoken: int) -> Iterator[Span]:
    """One span as long as each character printed follows the one before."""
    first = 0
    for index in range(1, len(places) + 1):
        if index == len(places) or places[index][0] != places[index - 1][1] or _has_room(places, index):
            yield Span((places[first][0], places[index - 1][1]), (spoken + first, spoken + index))
            first = index


def _has_room(places: list[tuple[int, int]], index: int) -> bool:
    """Whether printed text begins or ends here: alternative text takes no room on the page."""
    before, here = places[index - 1], places[index]
    return (before[0] == before[1]) != (here[0] == here[1])


def _places_when_folded(text: str) -> list[int]:
    """For each offset in `text` the offset when white space at the ends is cut and between words is one space."""
    places: list[int] = []
    position = 0
    last_was_space = True
    length = len(" ".join(text.split()))
    for char in text:
        places.append(min(position, length))
        if not char.isspace() or not last_was_space:
            position += 1
        last_was_space = char.isspace()
    return [*places, length]
