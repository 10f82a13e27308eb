"""packager script: what will be said, before anybody says it."""

from __future__ import annotations

from typing import Any

import click

from packager.cli.making import find_articles
from packager.cli.options import json_option, metadata_of, metadata_options, settings_of
from packager.cli.telling import print_json
from packager.errors import ExitCode, UsageError


@click.command("script")
@click.argument("source", metavar="SOURCE")
@metadata_options
@click.option("-e", "--engine", metavar="NAME", help="Voice engine: auto, hibari, espeak, piper, gtts (online).")
@click.option("-v", "--voice", metavar="NAME", help="Voice of the engine; see “packager voices”.")
@json_option
def command(source: str, as_json: bool, **options: Any) -> int:
    """Show what will be said of an article: each sentence as printed and as spoken, its language, the pause behind it, and
    what is left out and why. Nothing is spoken and nothing is written.
    """
    from pathlib import Path

    from packager.languages import primary
    from packager.narrators.registry import Casting
    from packager.pipeline.editions import front_of
    from packager.pipeline.narrated import plan_narration
    from packager.readers.read import read_article

    articles = find_articles((source,), given=True)
    if len(articles) != 1:
        raise UsageError(f"“{source}” holds {len(articles)} articles.", "Name one of them.")
    settings = settings_of(options, Path(source).parent if source != "-" else Path())
    article = read_article(articles[0], metadata_of(options))
    plan = plan_narration(
        front_of(article), Casting(settings.engine, settings.voice, settings.speed), settings.certified_by
    )
    omitted = [{"what": one.what, "reason": one.reason} for one in (*article.omissions, *plan.unspoken)]
    if as_json:
        sentences = [
            {
                "id": sentence.id,
                "text": sentence.text,
                "spoken": sentence.spoken,
                "lang": sentence.language,
                "pause": sentence.pause,
                "kind": sentence.kind,
                "page": sentence.page,
                "voices": [f"{clip.choice.engine}/{clip.choice.voice} ({clip.utterance.language})" for clip in clips],
            }
            for sentence, clips in plan.cast.sentences
        ]
        print_json({"sentences": sentences, "omitted": omitted, "notes": list(article.notes)})
        return ExitCode.GOOD
    for sentence, clips in plan.cast.sentences:
        click.echo(f"{sentence.id} {sentence.kind}: {sentence.text}")
        if sentence.spoken != sentence.text:
            click.echo(f"  said: {sentence.spoken}")
        others = [clip for clip in clips if primary(clip.utterance.language) != primary(sentence.language)]
        for clip in others:
            click.echo(f"  in {clip.utterance.language} by {clip.choice.engine}: {clip.utterance.spoken}")
        click.echo(f"  pause: {sentence.pause} ms")
    for note in article.notes:
        click.echo(f"Note: {note}")
    for one in omitted:
        click.echo(f"Left out: {one['what']}: {one['reason']}")
    return ExitCode.GOOD
