"""What the book may claim about its accessibility, derived from what is in it (EPUB Accessibility 1.1; schema.org terms)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO

from lxml import etree

from packager.model import Article, Claims, Omission, Resource
from packager.pages.ledger import ledger_sentence
from packager.words import capitalised, colophon_language, told, word
from packager.xhtml import elements, local_name, parse, text_of


@dataclass(frozen=True)
class Pictures:
    """The pictures of the text, counted: described, not described though they say something, decorative."""

    described: int
    undescribed: int
    decorative: int

    @property
    def informative(self) -> int:
        """Pictures that say something."""
        return self.described + self.undescribed


def count_pictures(bodies: Sequence[etree._Element]) -> Pictures:
    """A picture without alternative text is decorative unless it has a caption, which says that it matters."""
    described = undescribed = decorative = 0
    for image in (image for body in bodies for image in elements(body, "img")):
        if image.get("alt"):
            described += 1
        elif _has_caption(image):
            undescribed += 1
        else:
            decorative += 1
    return Pictures(described, undescribed, decorative)


def derive_claims(
    article: Article,
    narrated: bool,
    unspoken: Sequence[Omission] = (),
    certified_by: str | None = None,
    pronounced: bool = False,
) -> Claims:
    """Claims for an edition with or without narration. `unspoken` is what is not read aloud, and `pronounced` tells
    whether the book holds a lexicon for reading systems that speak themselves."""
    language = colophon_language(article.metadata.language)
    missed = ledger_sentence(unspoken, language)
    bodies = [parse(text.body) for text in article.texts]
    pictures = count_pictures(bodies)
    headings = sum(1 for body in bodies for _ in elements(body, "h2", "h3", "h4", "h5", "h6"))
    sufficient = ["textual"] if not pictures.undescribed else []
    if pictures.informative:
        sufficient.append("textual,visual")
    wholly_spoken = narrated and not missed and not pictures.undescribed
    if wholly_spoken:
        sufficient.append("auditory")
    features = [
        "tableOfContents",
        "readingOrder",
        "structuralNavigation",
        "displayTransformability",
        "unlocked",
    ]
    if pictures.described and not pictures.undescribed:
        features.append("alternativeText")
    if narrated:
        features.append("synchronizedAudioText")
    if pronounced:
        features.append("ttsMarkup")
    moving = any(map(_moves, article.resources))
    return Claims(
        access_modes=("textual", "visual") if pictures.informative else ("textual",),
        sufficient=tuple(sufficient),
        features=tuple(features),
        hazards=("unknown",) if moving else ("noFlashingHazard", "noMotionSimulationHazard", "noSoundHazard"),
        summary=_summary(language, bodies, pictures, headings, narrated, moving, certified_by),
        not_read=missed,
    )


def _summary(
    language: str,
    bodies: Sequence[etree._Element],
    pictures: Pictures,
    headings: int,
    narrated: bool,
    moving: bool,
    certified_by: str | None,
) -> str:
    sentences = [word("reflows", language)]
    if headings:
        sentences.append(capitalised(told("headings", headings, language)))
    if pictures.undescribed and pictures.informative == 1:
        sentences.append(word("only_picture_lacks", language))
    elif pictures.undescribed:
        lacking = told("pictures_lack", pictures.undescribed, language, total=str(pictures.informative))
        sentences.append(capitalised(lacking))
    elif pictures.described:
        sentences.append(capitalised(told("pictures_described", pictures.described, language)))
    if tables := [table for body in bodies for table in elements(body, "table")]:
        marked = all(any(local_name(cell) == "th" for cell in table.iter()) for table in tables)
        key = "tables_with_heads" if marked else "tables_lack_heads"
        sentences.append(capitalised(told(key, len(tables), language)))
    if narrated:
        sentences.append(word("narrated", language))
    if moving:
        sentences.append(word("moving", language))
    sentences.append(word("examined", language, name=certified_by) if certified_by else word("not_examined", language))
    return " ".join(sentences)


def _has_caption(image: etree._Element) -> bool:
    figure = next((outer for outer in image.iterancestors() if local_name(outer) == "figure"), None)
    return figure is not None and any(text_of(caption) for caption in elements(figure, "figcaption"))


def _moves(resource: Resource) -> bool:
    if resource.media_type not in ("image/gif", "image/png"):
        return False
    from PIL import Image

    with Image.open(BytesIO(resource.data)) as picture:
        return bool(getattr(picture, "is_animated", False))
