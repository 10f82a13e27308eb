"""packager pronounce: how a word is said, and how it shall be said."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from packager.cli.options import json_option
from packager.cli.telling import print_json, remark
from packager.errors import ExitCode, NarrationError, OutputError, UsageError
from packager.languages import normal_tag

if TYPE_CHECKING:
    from packager.model import Lexeme, Utterance, VoiceChoice

_LONGEST = 200
_STRESS_HELP = "such as ʃɪˈvɔːn"


@click.command("pronounce")
@click.argument("word", required=False)
@click.option("--as", "alias", metavar="SPELLING", help="Say it as if it were spelled so, such as “shivawn”.")
@click.option("--ipa", metavar="SOUNDS", help=f"Its sounds in the International Phonetic Alphabet, {_STRESS_HELP}.")
@click.option("--remove", is_flag=True, help="Take it out of the lexicon.")
@click.option("--list", "listing", is_flag=True, help="List all words of the lexicons that hold here.")
@click.option("--lexicon", metavar="FILE", help="Lexicon file, instead of the nearest lexicon.pls.")
@click.option("--user", is_flag=True, help="Your own lexicon, which holds for all articles.")
@click.option("--language", metavar="TAG", help="Language of the word; that of the lexicon when not given.")
@click.option("-e", "--engine", default="auto", metavar="NAME", help="Voice engine; auto when not given.")
@click.option("-v", "--voice", metavar="NAME", help="Voice of the engine.")
@click.option("-o", "--output", default="voice.wav", metavar="FILE", help="Sound file; voice.wav when not given.")
@json_option
def command(word: str | None, alias: str | None, ipa: str | None, as_json: bool, **options: Any) -> int:
    """Tell how WORD is said, and speak it into a sound file. With --as or --ipa, write it into the lexicon first.

    The lexicon is lexicon.pls in this folder, else in content/ (W3C PLS 1.0); what it says holds before all other rules.
    """
    language = _language(options["language"])
    if options["lexicon"] and options["user"]:
        raise UsageError("--lexicon names a file, and --user another.", "Use one of them.")
    if options["listing"]:
        return _list(options["lexicon"], as_json)
    if not word:
        raise UsageError("No word is given.", "Name one, or use --list.")
    word = _checked(word, "The word")
    if options["remove"]:
        if alias is not None or ipa is not None:
            raise UsageError("--remove takes a word out, and --as and --ipa put it in.", "Use one of them.")
        return _remove(word, language, options, as_json)
    kind = _sound_format(Path(options["output"]))
    written = None
    if alias is not None or ipa is not None:
        written, language = _write(word, alias, ipa, language, options)
    return _say(word, language, written, kind, options, as_json)


def _language(tag: str | None) -> str | None:
    if tag is None:
        return None
    if language := normal_tag(tag):
        return language
    raise UsageError(f"“{tag}” is no language tag.", "Give one such as en, en-GB or de.")


def _checked(text: str, what: str) -> str:
    folded = " ".join(text.split())
    if not folded or not folded.isprintable() or not any(map(str.isalnum, folded)):
        raise UsageError(f"{what} has no letter in it, or characters that cannot be seen.", "Write it with letters.")
    if len(folded) > _LONGEST:
        raise UsageError(f"{what} is longer than {_LONGEST} characters.", "Give a shorter one.")
    return folded


def _checked_sounds(ipa: str) -> str:
    from packager.ipa import VOWELS, normal, strange

    sounds = normal(_checked(ipa, "The transcription"))
    if unknown := strange(sounds):
        listed = ", ".join(f"“{char}”" for char in unknown)
        raise UsageError(f"{listed} is not in the International Phonetic Alphabet.", f"Write sounds {_STRESS_HELP}.")
    if not VOWELS & set(sounds) and "\u0329" not in sounds:
        raise UsageError(f"“{sounds}” has no vowel, and cannot be said.", f"Write sounds {_STRESS_HELP}.")
    return sounds


def _write(
    word: str, alias: str | None, ipa: str | None, language: str | None, options: dict[str, Any]
) -> tuple[Path, str]:
    from packager.model import Lexeme
    from packager.pipeline.lexicons import target_for
    from packager.pls_editing import put

    spelling = _checked(alias, "The spelling") if alias is not None else None
    sounds = _checked_sounds(ipa) if ipa is not None else None
    target = target_for(language, options["lexicon"], options["user"])
    try:
        had = put(target.file, Lexeme(target.language, (word,), spelling, sounds))
    except OutputError as error:
        raise OutputError(error.message, "Name a file that you may write to with --lexicon.") from None
    remark(f"{target.file}: {word} {'changed' if had else 'added'}")
    return target.file, target.language


def _remove(word: str, language: str | None, options: dict[str, Any], as_json: bool) -> int:
    from packager.pipeline.lexicons import target_for
    from packager.pls_editing import take_out

    file = target_for(language, options["lexicon"], options["user"]).file
    if not take_out(file, word):
        raise UsageError(f"“{word}” is not in “{file}”.", "See “packager pronounce --list” for where it is.")
    if as_json:
        print_json({"word": word, "removed": str(file)})
    else:
        click.echo(f"{file}: {word} removed")
    return ExitCode.GOOD


def _list(named: str | None, as_json: bool) -> int:
    from packager.pipeline.lexicons import lexicon_files
    from packager.pls import read_lexicon

    rows = []
    for file in [_existing(named)] if named else lexicon_files():
        lexicon = read_lexicon(file)
        for note in lexicon.notes:
            remark(f"Note: {note}")
        rows += [_row(lexeme, word, file) for lexeme in lexicon.lexemes for word in lexeme.graphemes]
    if as_json:
        print_json({"words": rows})
        return ExitCode.GOOD
    for row in rows:
        click.echo(f"{row['word']}: {_how(row['alias'], row['ipa'])} ({row['language']}, {row['lexicon']})")
    if not rows:
        remark("There are no words in a lexicon here. Add one: packager pronounce WORD --as SPELLING")
    return ExitCode.GOOD


def _existing(named: str) -> Path:
    if not Path(named).is_file():
        raise UsageError(f"There is no lexicon “{named}”.", "Check the spelling and the folder you are in.")
    return Path(named)


def _row(lexeme: Lexeme, word: str, file: Path) -> dict[str, str | None]:
    return {
        "word": word,
        "alias": lexeme.alias,
        "ipa": lexeme.ipa,
        "language": lexeme.language,
        "lexicon": str(file),
    }


def _how(alias: str | None, ipa: str | None) -> str:
    return ", ".join(filter(None, (f"“{alias}”" if alias else None, f"/{ipa}/" if ipa else None)))


def _say(
    word: str, language: str | None, written: Path | None, kind: str, options: dict[str, Any], as_json: bool
) -> int:
    from packager.model import Lexicon, Utterance
    from packager.narrators.registry import Casting, narrator
    from packager.speech.forms import tied_form

    named = written or (_existing(options["lexicon"]) if options["lexicon"] else None)
    lexeme, file = _found(word, language, named)
    language = language or (lexeme.language if lexeme else "en")
    tied = tied_form(word, language, (), Lexicon((lexeme,) if lexeme else ()))
    utterance = Utterance(tied.spoken, language, tuple(tied.phonemes()))
    choice = Casting(options["engine"], options["voice"]).choose(tied.spoken, language)
    if choice is None:
        raise NarrationError(f"No voice at hand can say that in “{language}”.", "See “packager voices”.")
    if narrator(choice.engine).online:
        remark(f"Note: the engine {choice.engine} sends the word over the network to be spoken.")
    if lexeme and lexeme.ipa:
        _tell_what_is_lacking(lexeme.ipa, word, language, choice)
    seconds = _speak(utterance, choice, Path(options["output"]), kind)
    sounds = _sounds(utterance, choice)
    if as_json:
        told = _row(lexeme, word, file) if lexeme and file else {"word": word, "language": language}
        voice = {"engine": choice.engine, "voice": choice.voice, "sounds": sounds}
        print_json({**told, **voice, "output": options["output"], "seconds": round(seconds, 2)})
        return ExitCode.GOOD
    click.echo(f"{word}: {_how(lexeme.alias, lexeme.ipa)}, from {file}" if lexeme else f"{word}: in no lexicon")
    if sounds:
        click.echo(f"{choice.engine} says: {sounds}")
    click.echo(f"{options['output']}: {choice.engine}, voice {choice.voice}, {seconds:.1f} s")
    return ExitCode.GOOD


def _found(word: str, language: str | None, named: Path | None) -> tuple[Lexeme | None, Path | None]:
    """The nearest lexeme of a word, and the file that has it."""
    from packager.pipeline.lexicons import lexicon_files
    from packager.pls import read_lexicon
    from packager.speech.lexicon import lexeme_at

    for file in [named] if named else lexicon_files():
        lexicon = read_lexicon(file)
        for tag in [language] if language else dict.fromkeys(lexeme.language for lexeme in lexicon.lexemes):
            if lexeme := lexeme_at(lexicon, word, tag):
                return lexeme, file
    return None, None


def _tell_what_is_lacking(ipa: str, word: str, language: str, choice: VoiceChoice) -> None:
    """The engines on this machine that have nothing near to a sound."""
    from packager.narrators.base import Pronouncing
    from packager.narrators.registry import narrator, narrator_names

    for name in narrator_names():
        engine = narrator(name)
        if not isinstance(engine, Pronouncing) or engine.missing():
            continue
        voice = choice.voice if name == choice.engine else getattr(engine.voice_for(language), "name", None)
        if voice and (lacking := engine.lacks(ipa, voice)):
            listed = ", ".join(f"“{sound}”" for sound in lacking)
            remark(f"Note: {name} has nothing near to {listed}; it says “{word}” by its spelling.")


def _sounds(utterance: Utterance, choice: VoiceChoice) -> str | None:
    from packager.narrators.base import Pronouncing
    from packager.narrators.registry import narrator

    engine = narrator(choice.engine)
    return engine.in_ipa(utterance, choice.voice) if isinstance(engine, Pronouncing) else None


def _sound_format(output: Path) -> str:
    kind = output.suffix.lower().removeprefix(".").upper()
    if kind not in ("WAV", "FLAC"):
        raise UsageError(f"“{output}” is no .wav or .flac file.", "Give such a name with --output.")
    return kind


def _speak(utterance: Utterance, choice: VoiceChoice, output: Path, kind: str) -> float:
    """Say it into a file; gives its length in seconds."""
    import soundfile

    from packager.files import write_bytes_whole
    from packager.narrators.registry import narrator

    pcm = narrator(choice.engine).speak(utterance, choice)
    sound = BytesIO()
    soundfile.write(sound, pcm.samples, pcm.rate, format=kind)
    write_bytes_whole(output, sound.getvalue())
    return len(pcm.samples) / pcm.rate
