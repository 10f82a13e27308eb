"""packager script: what will be said, before anybody says it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import click

from packager.cli.finding import find_articles, folder_of
from packager.cli.options import (
    json_option,
    metadata_options,
    reading_of,
    reading_options,
    settings_of,
    voice_options,
)
from packager.cli.telling import print_json
from packager.errors import ExitCode, UsageError
from packager.model import Sentence

if TYPE_CHECKING:
    from packager.pipeline.clips import ClipTask

_OF_VOICES = "numbers, dates and abbreviations are left to the voice in"


@click.command("script")
@click.argument("source", metavar="SOURCE")
@metadata_options
@reading_options
@voice_options
@json_option
def command(source: str, as_json: bool, **options: Any) -> int:
    """Show what will be said of an article: each sentence as printed and as spoken, its language, the pause behind it, and
    what is left out and why. Nothing is spoken and nothing is written.
    """
    from packager.languages import primary
    from packager.pipeline.editions import front_of
    from packager.pipeline.lexicons import lexicon_for
    from packager.pipeline.narrated import plan_narration
    from packager.pipeline.remarks import left_to_voices, suggestions
    from packager.pipeline.sources import articles_from

    found = find_articles((source,), given=True)
    articles = articles_from(found[0], reading_of(options)) if len(found) == 1 else []
    if len(articles) != 1:
        raise UsageError(
            f"“{source}” holds {len(articles) or len(found)} articles.",
            "Name one of them; “packager import” makes files of those of a feed.",
        )
    article, settings = articles[0], settings_of(options, folder_of(found[0]))
    lexicon = lexicon_for(found[0])
    plan = plan_narration(front_of(article, lexicon), settings)
    omitted = [asdict(one) for one in (*article.omissions, *plan.unspoken)]
    notes = [*article.notes, *lexicon.notes, *(f"{_OF_VOICES} “{language}”" for language in left_to_voices(plan))]
    suggested = list(suggestions(plan))
    spoken = {sentence.id: (sentence, clips) for sentence, clips in plan.cast.sentences}
    sentences = [spoken.get(sentence.id, (sentence, ())) for sentence in plan.script.sentences]
    if as_json:
        print_json(
            {
                "sentences": [_row(sentence, clips) for sentence, clips in sentences],
                "omitted": omitted,
                "not_read": plan.claims.not_read,
                "suggestions": [asdict(one) for one in suggested],
                "notes": notes,
            }
        )
        return ExitCode.GOOD
    for sentence, clips in sentences:
        click.echo(f"{sentence.id} {sentence.kind}: {sentence.text}")
        if not clips:
            click.echo("  not said")
            continue
        if sentence.spoken != sentence.text:
            click.echo(f"  said: {sentence.spoken}")
        others = [clip for clip in clips if primary(clip.utterance.language) != primary(sentence.language)]
        for clip in others:
            click.echo(f"  in {clip.utterance.language} by {clip.choice.engine}: {clip.utterance.spoken}")
        click.echo(f"  pause: {sentence.pause} ms")
    for one in suggested:
        click.echo(f"Suggestion: {one.id} looks like “{one.language}”; if it is, tag it so: {one.text}")
    for note in notes:
        click.echo(f"Note: {note}")
    for omission in omitted:
        click.echo(f"Left out: {omission['what']}: {omission['reason']}")
    if plan.claims.not_read:
        click.echo(f"At the end is said: {plan.claims.not_read}")
    return ExitCode.GOOD


def _row(sentence: Sentence, clips: Sequence[ClipTask]) -> dict[str, object]:
    said = bool(clips)
    return {
        "id": sentence.id,
        "text": sentence.text,
        "spoken": sentence.spoken if said else "",
        "lang": sentence.language,
        "pause": sentence.pause if said else 0,
        "kind": sentence.kind,
        "page": sentence.page,
        "treatment": sentence.treatment,
        "spans": sentence.spans if said else [],
        "after": sentence.after,
        "voices": [f"{clip.choice.engine}/{clip.choice.voice} ({clip.utterance.language})" for clip in clips],
    }
