"""Pictures with a caption, in the many ways that pages write them, as `<figure>`."""

from __future__ import annotations

import re

from lxml import etree

from packager.xhtml import text_of

_CAPTION = re.compile(
    r"caption|legend|bildunterschrift|\bcutline\b|credit|img-?desc|image-?(?:desc\w*|text|credit)", re.I
)
_LONGEST_CAPTION = 600
_HIGHEST = 4


def mend_figures(body: etree._Element) -> None:
    """Make figures of the boxes that hold one picture and, besides it, only what their names call a caption."""
    for image in list(body.iter("img")):
        box = image.getparent()
        for _ in range(_HIGHEST):
            if box is None or (box.tag in ("body", "figure", "td", "li", "a") and box.tag != "a"):
                break
            if box.tag in ("div", "dl", "aside", "section", "figure") and (caption := _caption(box, image)) is not None:
                box.tag = "figure"
                caption.tag = "figcaption"
                break
            box = box.getparent()


def _caption(box: etree._Element, image: etree._Element) -> etree._Element | None:
    """The caption in a box, if all the text of the box is that."""
    if sum(1 for _ in box.iter("img")) != 1 or any(
        True for _ in box.iter("h1", "h2", "h3", "table", "ul", "ol", "figure")
    ):
        return None
    text = text_of(box)
    if not text or len(text) > _LONGEST_CAPTION:
        return None
    named = _CAPTION.search(f"{box.get('class', '')} {box.get('id', '')}") is not None
    for child in box:
        if image is child or image in child.iterdescendants():
            continue
        own = _CAPTION.search(f"{child.get('class', '')} {child.get('itemprop', '')}")
        if text_of(child) == text and child.tag in ("p", "div", "dd", "span", "small", "em") and (own or named):
            return child
    return None
