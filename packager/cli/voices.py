"""packager voices: which there are, and how one sounds."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import click

from packager.cli.options import json_option
from packager.cli.telling import print_json, remark
from packager.errors import ExitCode, NarrationError
from packager.languages import primary


@click.group("voices", invoke_without_command=True)
@click.pass_context
def command(context: click.Context) -> None:
    """List voices, or hear one. Without a word more, list."""
    if context.invoked_subcommand is None:
        context.invoke(list_voices)


@command.command("list")
@click.option("-e", "--engine", metavar="NAME", help="Voices of this engine alone.")
@click.option("--language", metavar="TAG", help="Voices of this language alone.")
@json_option
def list_voices(engine: str | None = None, language: str | None = None, as_json: bool = False) -> int:
    """List the voices: engine, name, languages, and whether one must be fetched or is online."""
    from packager.narrators.registry import narrator, narrator_names

    rows = []
    for name in [engine] if engine and engine != "auto" else narrator_names():
        found = narrator(name)
        if remedy := found.missing():
            remark(f"{name}: not installed. {remedy}")
            continue
        for voice in found.voices():
            if language and not any(primary(tag) == primary(language) for tag in voice.languages):
                continue
            state = "online" if found.online else "ready" if voice.ready else "to be fetched"
            about = {"languages": list(voice.languages), "description": voice.description, "state": state}
            rows.append({"engine": name, "voice": voice.name, **about})
    if as_json:
        print_json({"voices": rows})
        return ExitCode.GOOD
    for row in rows:
        languages = row["languages"]
        tags = ", ".join(languages) if isinstance(languages, list) else ""
        click.echo(f"{row['engine']} {row['voice']}: {tags}; {row['description']}; {row['state']}")
    if not rows:
        remark("There is no such voice.")
    return ExitCode.GOOD


@command.command("say")
@click.argument("text")
@click.option("-e", "--engine", default="auto", metavar="NAME", help="Voice engine; auto when not given.")
@click.option("-v", "--voice", metavar="NAME", help="Voice of the engine.")
@click.option(
    "-s",
    "--speed",
    type=click.FloatRange(0.5, 3.0),
    default=1.0,
    metavar="FACTOR",
    help="1.0 is its own pace.",
)
@click.option("--language", default="en", metavar="TAG", help="Language of the text; en when not given.")
@click.option(
    "-o",
    "--output",
    default="voice.wav",
    metavar="FILE",
    help="A .wav or .flac file; voice.wav when not given.",
)
def say(text: str, engine: str, voice: str | None, speed: float, language: str, output: str) -> int:
    """Speak TEXT into a sound file, to hear how a voice sounds."""
    import soundfile

    from packager.errors import UsageError
    from packager.files import write_bytes_whole
    from packager.model import Utterance
    from packager.narrators.registry import Casting, narrator
    from packager.speech.forms import spoken_form

    kind = Path(output).suffix.lower().removeprefix(".").upper()
    if kind not in ("WAV", "FLAC"):
        raise UsageError(f"“{output}” is no .wav or .flac file.", "Give such a name with --output.")
    said = spoken_form(text, language)
    choice = Casting(engine, voice, speed).choose(said, language) if said else None
    if choice is None:
        raise NarrationError(f"No voice at hand can say that in “{language}”.", "See “packager voices”.")
    if narrator(choice.engine).online:
        remark(f"Note: the engine {choice.engine} sends the text over the network to be spoken.")
    pcm = narrator(choice.engine).speak(Utterance(said, language), choice)
    sound = BytesIO()
    soundfile.write(sound, pcm.samples, pcm.rate, format=kind)
    write_bytes_whole(Path(output), sound.getvalue())
    click.echo(f"{output}: {choice.engine}, voice {choice.voice}, {len(pcm.samples) / pcm.rate:.1f} s")
    return ExitCode.GOOD
