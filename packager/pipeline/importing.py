"""A source → Markdown with front matter and its pictures in a folder of articles, to be edited and kept."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath

from lxml import etree

from packager.errors import UsageError
from packager.files import make_folder, write_bytes_whole
from packager.model import Article, Omission, Resource
from packager.pipeline.packages import slug_of
from packager.pipeline.sources import Reading, articles_from, is_address
from packager.readers.markdown import read_markdown_article
from packager.readers.sanitise import clean_body
from packager.readers.source import SourceText
from packager.writers.markdown.faithful import markdown_of
from packager.writers.markdown.front_matter import front_matter
from packager.writers.markdown.raw import html_of
from packager.writers.markdown.sameness import form_of
from packager.xhtml import elements, parse

_MEANT_FOR_ONE = {"title", "author", "cover", "date"}
_NAME_OF_READER = re.compile(r"(?P<stem>.+)-[0-9a-f]{8}(?P<suffix>\.\w+)")
"""What `readers.pictures` makes of "boat.png": the hash is added again when it is read again."""

_CHANGED = "the text cannot be written as Markdown in quite the same markup"


@dataclass(frozen=True)
class Imported:
    """An article as Markdown, ready to be written. `pictures` are their bytes by their paths beside the article."""

    slug: str
    title: str
    language: str
    text: str = field(repr=False)
    pictures: Mapping[str, bytes] = field(repr=False)
    omitted: tuple[Omission, ...] = ()
    notes: tuple[str, ...] = ()

    def files(self, folder: Path) -> list[Path]:
        """Where the article and its pictures go, the article first."""
        return [folder / f"{self.slug}.md", *(folder / path for path in self.pictures)]

    def as_json(self, folder: Path) -> dict[str, object]:
        """The object that `--json` prints."""
        return {
            "slug": self.slug,
            "title": self.title,
            "language": self.language,
            "files": [str(file) for file in self.files(folder)],
            "omitted": [{"what": omission.what, "reason": omission.reason} for omission in self.omitted],
            "notes": list(self.notes),
        }


def import_source(source: str, reading: Reading, taken: Collection[str] = ()) -> list[Imported]:
    """The articles of a source as Markdown; nothing is written yet.

    `taken` are the slugs of the same run. Raises what `articles_from` raises, and `UsageError` when two articles would have
    one slug.
    """
    articles = articles_from(source, reading)
    if len(articles) > 1 and (meant_for_one := sorted(_MEANT_FOR_ONE & set(reading.overrides))):
        raise UsageError(
            f"The {meant_for_one[0]} is given for one article, and “{source}” holds {len(articles)}.",
            "Leave it away, and write it into the files.",
        )
    imported: list[Imported] = []
    named_by_file = len(articles) == 1 and not is_address(source)
    for article in articles:
        slug = slug_of(source if named_by_file else "-", article.metadata.title)
        if slug in {*taken, *(earlier.slug for earlier in imported)}:
            raise UsageError(f"Two articles would be written to “{slug}”.", "Give one another title or file name.")
        file_name = Path(source).name if source != "-" and not is_address(source) else None
        imported.append(as_markdown(_with_source(article, file_name), slug))
    return imported


def refuse_present(imported: Sequence[Imported], folder: Path) -> None:
    """Raises `UsageError` when an article or one of its pictures is in the folder already."""
    for file in (file for one in imported for file in one.files(folder)):
        if file.exists():
            raise UsageError(
                f"“{file}” is there already.", "Name another folder with --output, or overwrite it with --force."
            )


def write_imported(imported: Sequence[Imported], folder: Path) -> None:
    """Write articles and their pictures into a folder, over what is there."""
    for one in imported:
        article, *pictures = one.files(folder)
        # The article last: what it names is then there.
        for file, data in zip(pictures, one.pictures.values(), strict=True):
            make_folder(file.parent)
            write_bytes_whole(file, data)
        make_folder(folder)
        write_bytes_whole(article, one.text.encode("utf-8"))


def as_markdown(article: Article, slug: str) -> Imported:
    """An article as Markdown from which our reader makes the same article, and its pictures under `pictures/SLUG`."""
    resources = [*article.resources, *([article.cover] if article.cover else [])]
    paths = _paths_of(resources, slug)
    body = _as_before_pictures(article.body, paths)
    # Where a picture was missing, what held it may be left empty; reading drops that, and nothing could be written for it.
    again = clean_body("".join(map(html_of, body)))
    text = markdown_of(body if form_of(again) == form_of(body) else again, _read)
    cover = paths[article.cover.name] if article.cover else None
    head = front_matter(article.metadata, cover, article.listening, article.omissions)
    same = form_of(_read(text)) == form_of(body)
    return Imported(
        slug=slug,
        title=article.metadata.title,
        language=article.metadata.language,
        text=f"{head}\n{text}",
        pictures={paths[resource.name]: resource.data for resource in resources},
        omitted=article.omissions,
        notes=(*article.notes, *(() if same else (_CHANGED,))),
    )


def _with_source(article: Article, file_name: str | None) -> Article:
    """The article with where it comes from, unless it says so itself."""
    return replace(article, metadata=replace(article.metadata, source=article.metadata.source or file_name))


def _read(text: str) -> etree._Element:
    # With front matter, so that nothing of the text is taken for such or for a title.
    return clean_body(read_markdown_article(SourceText("", f"---\ntitle: x\n---\n\n{text}", Path(), "utf-8")).markup)


def _paths_of(resources: Sequence[Resource], slug: str) -> dict[str, str]:
    """The paths of pictures beside the article, by their names in the body; read again they get the same names."""
    paths: dict[str, str] = {}
    used: set[str] = set()
    for name in dict.fromkeys(resource.name for resource in resources):
        file = _NAME_OF_READER.sub(r"\g<stem>\g<suffix>", PurePosixPath(name).name)
        path, number = f"pictures/{slug}/{file}", 1
        while path.lower() in used:
            number += 1
            path = f"pictures/{slug}/{number}/{file}"
        used.add(path.lower())
        paths[name] = path
    return paths


def _as_before_pictures(markup: str, paths: Mapping[str, str]) -> etree._Element:
    """The body as a reader has it before pictures are taken, which names them and marks those without words again."""
    body = parse(markup)
    body.attrib.pop("dir", None)
    for image in elements(body, "img"):
        image.set("src", paths[image.get("src", "")])
        if not image.get("alt"):
            image.attrib.pop("role", None)
    return body
