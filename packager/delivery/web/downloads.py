"""The files of a book as links: what each is, how large, and for which book."""

from __future__ import annotations

from lxml import etree

from packager.delivery.shelf import Book
from packager.delivery.web.interface import number, words
from packager.delivery.web.markup import E, hidden_title
from packager.model import FILE_OF_PRODUCT

MEDIA_TYPES = {
    "narrated": "application/epub+zip",
    "epub": "application/epub+zip",
    "kepub": "application/epub+zip",
    "mp3": "audio/mpeg",
    "vtt": "text/vtt; charset=utf-8",
}
"""What is offered, the best first. The report is for programs and stays on the shelf."""


def files_of(book: Book) -> dict[str, str]:
    """The files that a book offers: product → name in the book's folder of the site."""
    return {
        product: FILE_OF_PRODUCT[product].format(slug=book.slug) for product in MEDIA_TYPES if product in book.files
    }


def download_list(book: Book, language: str, folder: str) -> etree._Element:
    """A list of links; `folder` is the way to the book's folder: "" or "slug/"."""
    own = words(language)
    listing = E.ul({"class": "downloads"})
    for product, name in files_of(book).items():
        try:
            size = _size(book.files[product].stat().st_size, language)
        except OSError:
            # Built anew or taken away at this moment: there is nothing to offer.
            continue
        link = E.a(
            {"href": f"{folder}{name}", "download": name, "type": MEDIA_TYPES[product].partition(";")[0]},
            own[f"file_{product}"],
            hidden_title(book.metadata),
            E.small(f" {size}"),
        )
        listing.append(E.li(link))
    return listing


def _size(count: int, language: str) -> str:
    if count < 100_000:
        return f"{max(1, round(count / 1000))} kB"
    return f"{number(round(count / 1_000_000, 1), language)} MB"
