"""Which pronunciation lexicons hold for an article: those beside it, those of the content folder, the user's own."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from packager.errors import UsageError
from packager.model import Lexeme, Lexicon
from packager.pls import language_of, read_lexicon, read_tree

FILE_NAME = "lexicon.pls"
CONTENT = Path("content")
_OTHER_LANGUAGES = "lexicon.*.pls"
_VARIABLE = "PACKAGER_LEXICON"


@dataclass(frozen=True)
class Target:
    """A lexicon file to write to, and the language of its words."""

    file: Path
    language: str


def lexicon_for(source: str) -> Lexicon:
    """The words that hold for an article, given by its file name ("-" and addresses: the working folder).

    Of two files of one language tag that have a word the nearer is right. Raises `SourceError` for a file that is no lexicon.
    """
    return merged(read_lexicon(file) for file in lexicon_files(source))


def lexicon_of_all(sources: Sequence[str]) -> Lexicon:
    """The words that hold for a book of several articles."""
    return lexicon_for(sources[0]) if len(sources) == 1 else merged(map(lexicon_for, sources))


def lexicon_files(source: str = "-") -> list[Path]:
    """The lexicon files that hold for an article, the nearest first."""
    folders = [Path() if source == "-" or "://" in source else Path(source).parent]
    folders += [folder for folder in folders[0].resolve().parents if folder.name == CONTENT.name][:1]
    folders.append(CONTENT)
    unique: dict[Path, Path] = {}
    for file in [*(file for folder in folders for file in _files_in(folder)), *_user_files()]:
        unique.setdefault(file.resolve(), file)
    return list(unique.values())


def merged(lexicons: Iterable[Lexicon]) -> Lexicon:
    """One lexicon of several, the nearest first: a word of a farther one counts where no nearer one of its tag has it."""
    lexemes: list[Lexeme] = []
    notes: list[str] = []
    taken: set[tuple[str, str]] = set()
    for lexicon in lexicons:
        kept = [_without(lexeme, taken) for lexeme in lexicon.lexemes]
        lexemes += [lexeme for lexeme in kept if lexeme.graphemes]
        taken |= {(lexeme.language, word) for lexeme in lexicon.lexemes for word in lexeme.graphemes}
        notes += lexicon.notes
    return Lexicon(tuple(lexemes), tuple(notes))


def target_for(language: str | None, named: str | None = None, user: bool = False) -> Target:
    """Where a word is to be written down: in the file named, the user's own, or the nearest, for this language.

    A lexicon has one language: words of another go to a file of their own beside it, such as "lexicon.de.pls".
    """
    if user:
        named = os.environ.get(_VARIABLE) or named
    if named:
        return _target_in_file(Path(named), language)
    files = _user_files() if user else next(filter(None, map(_files_in, (Path(), CONTENT))), [])
    folder = _user_folder() if user else CONTENT if CONTENT.is_dir() else Path()
    for file in files:
        known = _language_in(file)
        if known is None or language is None or known.lower() == language.lower():
            return Target(file, known or language or "en")
    if files:
        return Target(files[0].with_name(f"lexicon.{language}.pls"), language or "en")
    return Target(folder / FILE_NAME, language or "en")


def _target_in_file(file: Path, language: str | None) -> Target:
    known = _language_in(file) if file.exists() else None
    if known and language and known.lower() != language.lower():
        raise UsageError(f"“{file}” is a lexicon of “{known}”, not of “{language}”.", "Name another with --lexicon.")
    return Target(file, known or language or "en")


def _language_in(file: Path) -> str | None:
    root = read_tree(file)
    return None if root is None else language_of(root, file)


def _without(lexeme: Lexeme, taken: set[tuple[str, str]]) -> Lexeme:
    return lexeme._replace(graphemes=tuple(word for word in lexeme.graphemes if (lexeme.language, word) not in taken))


def _files_in(folder: Path) -> list[Path]:
    main = folder / FILE_NAME
    return [*([main] if main.is_file() else []), *sorted(folder.glob(_OTHER_LANGUAGES))]


def _user_folder() -> Path:
    from platformdirs import user_config_path

    return user_config_path("packager")


def _user_files() -> list[Path]:
    """The file that `PACKAGER_LEXICON` names, else those in the user's configuration folder."""
    if not (named := os.environ.get(_VARIABLE)):
        return _files_in(_user_folder())
    if not Path(named).exists():
        raise UsageError(f"There is no file “{named}”, which {_VARIABLE} names.", "Correct it or unset it.")
    return [Path(named)]
