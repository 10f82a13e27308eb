"""The page of one book: its text, and where there is sound the player that runs in step with it."""

from __future__ import annotations

import json

from lxml import etree

from packager.delivery.shelf import Book, sentences_of
from packager.delivery.web.controls import contents_dialog, keys_dialog, player_bar, settings_dialog
from packager.delivery.web.downloads import download_list, files_of
from packager.delivery.web.interface import interface_language, language_name, length, words
from packager.delivery.web.markup import E, accessibility_note, hidden_title, icon, icon_button, joined, page
from packager.delivery.web.texts import Text, Times, read_text
from packager.languages import primary

_SCRIPTS = ("sentences.js", "voice.js", "view.js", "controls.js", "settings.js", "keys.js", "start.js")
_TOLD = "play pause paused follow_on follow_off slept loading no_sound of hours minutes seconds speed"
"""The words that the scripts say."""


def book_page(book: Book) -> bytes:
    """The page as HTML. Raises `SourceError` when a file of the book is damaged."""
    text = read_text(book, _times(book))
    metadata = book.metadata
    ui = interface_language(metadata.language)
    own = words(ui)
    sound = files_of(book).get("mp3")
    # Words of the page are tagged where they are not in the language of the text.
    tag = {} if ui == primary(metadata.language) else {"lang": ui}
    body = E.body(
        {
            "class": "reader",
            "data-book": text.identifier,
            "data-title": metadata.title,
            "data-authors": ", ".join(metadata.authors),
            "data-words": json.dumps({key: own[key] for key in _TOLD.split()}, ensure_ascii=False),
        },
        E.a({"class": "skip", "href": "#text", **tag}, own["skip"]),
        _top(own, tag, with_keys=sound is not None),
    )
    if sound:
        body.append(player_bar(sound, ui, tag))
    body.append(_main(book, text))
    body.append(_foot(book, ui, tag))
    body.append(contents_dialog(text.contents, own, tag, metadata.language))
    body.append(settings_dialog(own, tag, with_sound=sound is not None))
    if sound:
        body.append(keys_dialog(own, tag))
    body.append(E.p({"id": "status", "class": "hidden-text", "role": "status", **tag}))
    return page(
        metadata.title,
        metadata.language,
        "../",
        ("base.css", "text.css", "reader.css", "print.css"),
        _SCRIPTS,
        body,
        metadata.description,
    )


def damaged_page(book: Book) -> bytes:
    """A page that says so when a book cannot be shown; not why, for others on the network see it too."""
    ui = interface_language(book.metadata.language)
    own = words(ui)
    main = E.main(
        {"class": "shelf-page"},
        E.h1(book.metadata.title),
        E.p(own["damaged"], " ", own["missing"]),
        E.p(E.a({"href": "../index.html"}, own["all_articles"])),
    )
    return page(book.metadata.title, ui, "../", ("base.css", "shelf.css"), (), E.body(main))


def _times(book: Book) -> Times:
    """When each sentence is spoken in the MP3; none without one."""
    if "mp3" not in book.files:
        return {}
    times = {}
    for row in sentences_of(book):
        begin, first, last = row.get("mp3"), row.get("begin"), row.get("end")
        if isinstance(begin, int | float) and isinstance(first, int | float) and isinstance(last, int | float):
            times[str(row.get("page")), str(row.get("id"))] = (float(begin), float(begin + last - first))
    return times


def _top(own: dict[str, str], tag: dict[str, str], with_keys: bool) -> etree._Element:
    buttons = E.div({"class": "top-buttons needs-script"})
    if with_keys:
        buttons.append(icon_button("open-keys", own["keys"], "keys", data_opens="keys"))
    else:
        buttons.append(icon_button("open-contents", own["contents"], "contents", data_opens="contents"))
        buttons.append(icon_button("open-settings", own["settings"], "settings", data_opens="settings"))
    back = E.a({"class": "back", "href": "../index.html"}, icon("back"), E.span(own["all_articles"]))
    return E.header({"class": "top", **tag}, back, buttons)


def _main(book: Book, text: Text) -> etree._Element:
    main = E.main({"id": "text", "class": "text", "tabindex": "-1"})
    if text.chapters and text.chapters[0].name.startswith("chapter-"):
        main.append(E.h1({"class": "book-title"}, book.metadata.title))
    main.extend(chapter.section for chapter in text.chapters)
    return main


def _foot(book: Book, ui: str, tag: dict[str, str]) -> etree._Element:
    own = words(ui)
    facts = joined(
        (
            own["listen"].format(length=length(book.duration, ui)) if book.duration else "",
            own["language"].format(name=language_name(book.metadata.language, ui)),
        )
    )
    foot = E.footer({"class": "foot", **tag}, E.h2(own["downloads"], hidden_title(book.metadata)))
    foot.append(E.p({"class": "facts"}, facts))
    foot.append(download_list(book, ui, ""))
    # Who speaks is said in the text itself.
    if (note := accessibility_note(book, with_voices=False)) is not None:
        foot.append(E.h2(own["accessibility"]))
        foot.append(note)
    foot.append(E.p(own["made_by"]))
    return foot
