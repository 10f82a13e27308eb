"""The shelf as a podcast: RSS 2.0 with Apple's tags and those of Podcasting 2.0."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime
from email.utils import format_datetime
from functools import cache

from lxml import etree

from packager.delivery.catalogue.covers import as_jpeg
from packager.delivery.catalogue.elements import add, document, set_attribute
from packager.delivery.catalogue.index import Index
from packager.delivery.catalogue.links import Links
from packager.delivery.catalogue.products import Offer, offers_of
from packager.delivery.catalogue.telling import described
from packager.delivery.chapters import MEDIA_TYPE as CHAPTERS
from packager.delivery.shelf import Book
from packager.identity import identifier

MEDIA_TYPE = "application/rss+xml"
_NAMESPACES = {
    "atom": "http://www.w3.org/2005/Atom",
    "itunes": "http://www.itunes.com/dtds/podcast-1.0.dtd",
    "podcast": "https://podcastindex.org/namespace/1.0",
    "former": "https://github.com/Podcastindex-org/podcast-namespace/blob/main/docs/1.0.md",
}
_BOTH = ("podcast", "former")
"""Players such as gPodder know the namespace of Podcasting 2.0 only by its former name."""

_MOST = 1000
"""Episodes: no player shows more, and some give up on a feed of many megabytes."""

_LONGEST_OFFER_TITLE = 32


def podcast_feed(index: Index, links: Links) -> bytes:
    """The feed of everything that can be heard, the newest first. Where there is no MP3 there is no episode."""
    books = [book for book in index.shelf.books if "mp3" in book.files]
    books.sort(key=lambda book: (-published(book).timestamp(), book.slug))
    root = etree.Element("rss", nsmap=_NAMESPACES, version="2.0")
    channel = add(root, "channel")
    _fill_channel(channel, index, links, books)
    taken: set[str] = set()
    for book in books[:_MOST]:
        _add_episode(channel, links, book, taken)
    return document(root)


def published(book: Book) -> datetime:
    """The article's date where it is known to the day, else when the book was made: players sort by it.

    They also take a date before 1970 for a mistake, and one in the future for an episode to hide.
    """
    made = datetime.fromtimestamp(int(book.made), UTC)
    try:
        day = datetime.strptime(book.metadata.date or "", "%Y-%m-%d").replace(tzinfo=UTC)
    except ValueError:
        return made
    return day if day.year > 1970 and day <= made else made


@cache
def podcast_picture() -> bytes:
    """The picture of the podcast, a JPEG of 1400 by 1400 pixels: books on a shelf, the same for ever."""
    from PIL import Image, ImageDraw

    picture = Image.new("RGB", (1400, 1400), "#17324d")
    draw = ImageDraw.Draw(picture)
    spines = ((240, 420, "#e9c46a"), (440, 340, "#f4f1ea"), (640, 500, "#e76f51"), (840, 380, "#8ab6a9"))
    for left, top, colour in spines:
        draw.rounded_rectangle((left, top, left + 160, 1060), 12, fill=colour)
        draw.rectangle((left, top + 90, left + 160, top + 110), fill="#17324d")
    draw.polygon(((1040, 1050), (1110, 440), (1250, 456), (1180, 1066)), fill="#c9d6df")
    draw.rectangle((160, 1060, 1270, 1090), fill="#f4f1ea")
    return as_jpeg(picture)


def _fill_channel(channel: etree._Element, index: Index, links: Links, books: list[Book]) -> None:
    languages = Counter(book.metadata.language for book in books)
    about = "Articles read aloud by a synthetic voice, made with Packager."
    add(channel, "title", index.title)
    add(channel, "link", links.base)
    add(channel, "description", about)
    add(channel, "language", languages.most_common(1)[0][0] if books else "en")
    add(channel, "generator", "Packager")
    if books:
        add(channel, "lastBuildDate", format_datetime(datetime.fromtimestamp(int(index.updated), UTC)))
    add(channel, "atom:link", rel="self", href=links.feed(), type=MEDIA_TYPE)
    picture = add(channel, "image")
    add(picture, "url", links.feed_picture())
    add(picture, "title", index.title)
    add(picture, "link", links.base)
    add(channel, "itunes:author", "Packager")
    add(channel, "itunes:summary", about)
    add(channel, "itunes:type", "episodic")
    add(channel, "itunes:explicit", "false")
    add(channel, "itunes:image", href=links.feed_picture())
    category = add(channel, "itunes:category")
    set_attribute(category, "text", "Arts")
    set_attribute(add(category, "itunes:category"), "text", "Books")
    # It is its owner's alone: no directory is to list it, and nobody to move it elsewhere.
    add(channel, "itunes:block", "Yes")
    add(channel, "podcast:block", "yes")
    add(channel, "podcast:locked", "yes")
    add(channel, "podcast:guid", index.own_identifier("podcast").removeprefix("urn:uuid:"))
    add(channel, "podcast:medium", "podcast")


def _add_episode(channel: etree._Element, links: Links, book: Book, taken: set[str]) -> None:
    offers = {offer.product: offer for offer in offers_of(book)}
    if "mp3" not in offers:
        return
    known, text = book.metadata, described(book)
    item = add(channel, "item")
    add(item, "title", known.title)
    add(item, "link", links.page(book))
    add(item, "description", text)
    add(item, "guid", _guid(book, taken), isPermaLink="false")
    add(item, "pubDate", format_datetime(published(book)))
    add(item, "enclosure", **_address_of(links, book, offers["mp3"]))
    add(item, "itunes:title", known.title)
    add(item, "itunes:summary", text)
    add(item, "itunes:explicit", "false")
    add(item, "itunes:episodeType", "full")
    add(item, "itunes:image", href=links.square(book))
    if known.authors:
        add(item, "itunes:author", ", ".join(known.authors))
    if book.duration:
        add(item, "itunes:duration", str(round(book.duration)))
    for prefix in _BOTH:
        if captions := book.files.get("vtt"):
            address = links.file(book, captions.name)
            add(item, f"{prefix}:transcript", url=address, type="text/vtt", language=known.language, rel="captions")
        add(item, f"{prefix}:chapters", url=links.chapters(book), type=CHAPTERS)
    for product in ("narrated", "epub"):
        if offer := offers.get(product):
            _add_alternative(item, links, book, offer)


def _add_alternative(item: etree._Element, links: Links, book: Book, offer: Offer) -> None:
    alternative = add(
        item,
        "podcast:alternateEnclosure",
        type=offer.media_type,
        length=str(offer.size),
        title=offer.title[:_LONGEST_OFFER_TITLE],
        lang=book.metadata.language,
    )
    add(alternative, "podcast:source", uri=links.file(book, offer.name))


def _address_of(links: Links, book: Book, offer: Offer) -> dict[str, str]:
    return {"url": links.file(book, offer.name), "length": str(offer.size), "type": offer.media_type}


def _guid(book: Book, taken: set[str]) -> str:
    """The identifier of the narrated edition; of two builds of one article the second has its name in it too."""
    own = identifier(book.metadata, narrated=True)
    if own in taken:
        own = f"{own}:{book.slug}"
    taken.add(own)
    return own
