"""Which articles the user means: files, what lies in folders, addresses, standard input."""

from __future__ import annotations

from pathlib import Path

from packager.errors import SourceError, UsageError
from packager.files import is_folder
from packager.pipeline.sources import is_address
from packager.readers.kinds import MARKDOWN_SUFFIXES

CONTENT = "content"
_ARTICLE_SUFFIXES = MARKDOWN_SUFFIXES | set(".txt .html .htm .xhtml .docx .odt .epub .eml .pdf .rst .org .tex".split())


def find_articles(sources: tuple[str, ...], given: bool) -> list[str]:
    """Files and addresses as they are, and of folders all articles in them, in order of name."""
    found: list[str] = []
    for source in sources:
        folder = Path(source)
        if not source:
            raise UsageError("A source without a name was given.", "Name a file, a folder, or - for standard input.")
        if source == "-" or is_address(source):
            found.append(source)
        elif is_folder(source):
            found += _articles_in(folder)
        elif not given and not folder.exists():
            raise SourceError("There is no folder “content” here.", "Name an article: packager build ARTICLE.md")
        else:
            found.append(source)
    return list({_identity(source): source for source in found}.values())


def folder_of(source: str) -> Path:
    """The folder whose settings hold for a source."""
    return Path() if source == "-" or is_address(source) else Path(source).parent


def name_of(source: str) -> str:
    """What to call a source on the screen; what an address asks for may be a secret."""
    if is_address(source):
        return source.partition("?")[0]
    return "standard input" if source == "-" else Path(source).name


def _articles_in(folder: Path) -> list[str]:
    articles = sorted(
        str(path)
        for path in folder.iterdir()
        if path.is_file() and path.suffix.lower() in _ARTICLE_SUFFIXES and not path.name.startswith((".", "README"))
    )
    if not articles:
        raise SourceError(
            f"There are no articles (.md, .txt, .html, .docx …) in the folder “{folder}”.",
            "Put one there, or name a file.",
        )
    return articles


def _identity(source: str) -> str:
    return source if source == "-" or is_address(source) else str(Path(source).resolve())
