"""What the book may claim about its accessibility, derived from what is in it (EPUB Accessibility 1.1; schema.org terms)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO

from lxml import etree

from packager.model import Article, Claims, Omission, Resource
from packager.pages.ledger import counted, ledger_sentence
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
    missed = ledger_sentence(unspoken)
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
        summary=_summary(bodies, pictures, headings, narrated, moving, certified_by),
        not_read=missed,
    )


def _summary(
    bodies: Sequence[etree._Element],
    pictures: Pictures,
    headings: int,
    narrated: bool,
    moving: bool,
    certified_by: str | None,
) -> str:
    sentences = ["The text reflows and follows your own settings for size, spacing and colour."]
    if headings:
        sentences.append(f"{_counted(headings, 'heading')} below the title can be used to move about.")
    if pictures.undescribed:
        lacking = "has" if pictures.undescribed == 1 else "have"
        sentences.append(
            f"{_counted(pictures.undescribed, 'picture')} of {pictures.informative} that say something {lacking} no description."
        )
    elif pictures.described:
        each = "with" if pictures.described == 1 else "each with"
        sentences.append(f"{_counted(pictures.described, 'picture')}, {each} a description in words.")
    if tables := [table for body in bodies for table in elements(body, "table")]:
        marked = all(any(local_name(cell) == "th" for cell in table.iter()) for table in tables)
        state = "with marked header cells" if marked else "some without header cells"
        sentences.append(f"{_counted(len(tables), 'table')}, {state}.")
    if narrated:
        sentences.append("A synthetic voice reads the text aloud, sentence by sentence, in step with the page.")
    if moving:
        sentences.append("It holds moving pictures; whether they flash was not examined.")
    if certified_by:
        sentences.append(f"{certified_by} examined the book; this summary was derived from its contents.")
    else:
        sentences.append("Nobody has examined this book by hand; the summary was derived from its contents.")
    return " ".join(sentences)


def _counted(number: int, noun: str) -> str:
    text = counted(number, noun, f"{noun}s")
    return text[0].upper() + text[1:]


def _has_caption(image: etree._Element) -> bool:
    figure = next((outer for outer in image.iterancestors() if local_name(outer) == "figure"), None)
    return figure is not None and any(text_of(caption) for caption in elements(figure, "figcaption"))


def _moves(resource: Resource) -> bool:
    if resource.media_type not in ("image/gif", "image/png"):
        return False
    from PIL import Image

    with Image.open(BytesIO(resource.data)) as picture:
        return bool(getattr(picture, "is_animated", False))
