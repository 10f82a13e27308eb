"""What all pages share: the frame of an HTML document under a strict policy, the files it loads, icons and small parts."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from importlib.resources import files

from lxml import etree, html
from lxml.builder import ElementMaker

from packager.delivery.shelf import Book
from packager.languages import is_right_to_left
from packager.model import Metadata
from packager.words import colophon_language

E = ElementMaker()
"""Makes elements; what it is given is escaped, so that no title can become markup."""

SITE_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; media-src 'self'; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
"""Content-Security-Policy of every page: nothing from elsewhere, nothing inline."""

# A <meta> cannot say who may frame the page, and browsers complain when it does.
_POLICY_INSIDE = SITE_POLICY.rpartition(";")[0]

_ICONS = {
    "play": "M8 5v14l11-7z",
    "pause": "M7 5h4v14H7zM13 5h4v14h-4z",
    "previous": "M7 6v12H5V6zM18 6v12l-9-6z",
    "next": "M17 6v12h2V6zM6 6v12l9-6z",
    "previous-block": "M11 6v12l-8-6zM20 6v12l-8-6z",
    "next-block": "M13 6v12l8-6zM4 6v12l8-6z",
    "contents": "M4 6h2v2H4zm4 0h12v2H8zM4 11h2v2H4zm4 0h12v2H8zM4 16h2v2H4zm4 0h12v2H8z",
    "settings": "M9.2 5.5 3.5 19h2.3l1.3-3.3h6l1.3 3.3h2.3L11 5.5zm-1.4 8.3L10.1 8l2.3 5.8zM18 6v3h-3v2h3v3h2v-3h3V9h-3V6z",
    "keys": "M3 6h18v12H3zm2 2v8h14V8zm1.5 1.5h2v2h-2zm3 0h2v2h-2zm3 0h2v2h-2zm3 0h2v2h-2zM8 13h8v1.8H8z",
    "back": "M14.5 5 7.5 12l7 7 1.5-1.5-5.5-5.5L16 6.5z",
    "close": "M6.4 5 5 6.4 10.6 12 5 17.6 6.4 19l5.6-5.6 5.6 5.6 1.4-1.4-5.6-5.6L19 6.4 17.6 5 12 10.6z",
    "voice": "M4 9v6h4l5 4V5L8 9zm11.5-.5v7a4 4 0 0 0 0-7z",
}
_DIRECTIONAL = frozenset({"previous", "next", "previous-block", "next-block", "back"})
"""Icons that point along the line of text, and so are mirrored where it runs from right to left."""

_TYPES = {".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".svg": "image/svg+xml"}


@cache
def assets() -> Mapping[str, tuple[str, bytes]]:
    """The style sheets, scripts and the icon: name → media type and content."""
    static = files(__package__) / "static"
    return {
        file.name: (_TYPES[file.name[file.name.rindex(".") :]], file.read_bytes())
        for file in sorted(static.iterdir(), key=lambda file: file.name)
        if file.name.endswith(tuple(_TYPES))
    }


@cache
def assets_folder() -> str:
    """The folder they are in: named after their contents, so that a browser may keep them for ever."""
    digest = hashlib.sha256()
    for name, (_, content) in assets().items():
        digest.update(f"{name}\0{len(content)}\0".encode() + content)
    return f"assets-{digest.hexdigest()[:12]}"


def page(
    title: str,
    language: str,
    root: str,
    styles: Sequence[str],
    scripts: Sequence[str],
    body: etree._Element,
    description: str | None = None,
) -> bytes:
    """A whole HTML document. `root` is the way from it to the site's root: "" or "../"."""
    folder = f"{root}{assets_folder()}"
    head = E.head(
        E.meta({"charset": "utf-8"}),
        E.meta({"http-equiv": "Content-Security-Policy", "content": _POLICY_INSIDE}),
        # The address may hold the token that lets its owner in.
        E.meta({"name": "referrer", "content": "no-referrer"}),
        E.meta({"name": "viewport", "content": "width=device-width, initial-scale=1"}),
        E.meta({"name": "color-scheme", "content": "light dark"}),
        E.title(title),
        E.link({"rel": "icon", "href": f"{folder}/icon.svg", "type": "image/svg+xml"}),
    )
    if description:
        head.append(E.meta({"name": "description", "content": description}))
    for style in styles:
        head.append(E.link({"rel": "stylesheet", "href": f"{folder}/{style}"}))
    head.append(E.noscript(E.link({"rel": "stylesheet", "href": f"{folder}/no-script.css"})))
    # Not deferred: the reader's colours and sizes are there before the first line is drawn.
    head.append(E.script({"src": f"{folder}/appearance.js"}))
    for script in scripts:
        head.append(E.script({"src": f"{folder}/{script}", "defer": "defer"}))
    document = E.html({"lang": language, "dir": direction_of(language)}, head, body)
    etree.cleanup_namespaces(document)
    markup: bytes = html.tostring(document, encoding="utf-8", doctype="<!DOCTYPE html>")
    return markup


def icon(name: str) -> etree._Element:
    """A picture that says nothing to a screen reader; the control around it has the words."""
    classes = f"icon icon-{name} directional" if name in _DIRECTIONAL else f"icon icon-{name}"
    attributes = {"class": classes, "viewBox": "0 0 24 24", "aria-hidden": "true", "focusable": "false"}
    return E.svg(attributes, E.path({"d": _ICONS[name]}))


def icon_button(name: str, label: str, picture: str | None = None, **attributes: str) -> etree._Element:
    """A button with an icon and a name for those who do not see it; `id` is its name in the scripts."""
    given = {key.rstrip("_").replace("_", "-"): value for key, value in attributes.items()}
    return E.button({"type": "button", "id": name, "aria-label": label, "title": label, **given}, icon(picture or name))


def hidden_title(metadata: Metadata) -> etree._Element:
    """Which article a link or heading is of, said by a screen reader alone, and in the article's language."""
    return E.span({"class": "hidden-text"}, ": ", E.span({"lang": metadata.language}, metadata.title))


def accessibility_note(book: Book, with_voices: bool) -> etree._Element | None:
    """What the book says of its accessibility and, `with_voices`, of who speaks, in the language it says it in."""
    said = [str(book.accessibility.get("summary") or ""), book.disclosure if with_voices else ""]
    if not said[0]:
        return None
    language = colophon_language(book.metadata.language)
    return E.p({"lang": language, "dir": direction_of(language)}, " ".join(filter(None, said)))


def direction_of(language: str) -> str:
    """Where its lines begin, as HTML says it."""
    return "rtl" if is_right_to_left(language) else "ltr"


def joined(parts: Iterable[str]) -> str:
    """Parts of a line with a dot between them."""
    return " · ".join(part for part in parts if part)
