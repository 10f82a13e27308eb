"""What an author may want to know of a script: languages that a voice reads by itself, passages that want a language tag."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from packager.languages import primary
from packager.pipeline.narrated import Plan
from packager.readers.language import detect_language
from packager.speech.forms import has_rules

_SHORTEST_PASSAGE = 40
"""Characters that tell a language; a name or a title of a book may be in any."""


@dataclass(frozen=True)
class Suggestion:
    """A sentence that looks like another language than it is said to be in."""

    id: str
    language: str
    text: str


def left_to_voices(plan: Plan) -> tuple[str, ...]:
    """Languages of which numbers, dates and abbreviations go to the voice as they are printed."""
    spoken = {primary(utterance.language) for sentence in plan.script.said for utterance in sentence.utterances}
    return tuple(sorted(language for language in spoken if not has_rules(language)))


def suggestions(plan: Plan) -> Iterator[Suggestion]:
    """Passages whose language looks untagged. They only are named: who wrote them knows best."""
    for sentence in plan.script.said:
        is_tagged = any(primary(one.language) != primary(sentence.language) for one in sentence.utterances)
        if sentence.treatment != "read" or is_tagged or len(sentence.text) < _SHORTEST_PASSAGE:
            continue
        found = detect_language(sentence.text)
        if found and primary(found) != primary(sentence.language):
            yield Suggestion(sentence.id, found, sentence.text)
