"""EbookLib 0.20's faults, worked around in one place. Each class or method says which fault it is for; it goes with it.

Its own code writes the package document, the NCX and the container; our bytes pass through it unchanged.
"""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Iterator
from typing import IO, Any

from ebooklib import epub
from lxml import etree

_ZIP_EPOCH = (1980, 1, 1, 0, 0, 0)


class RawItem(epub.EpubItem):  # type: ignore[misc]
    """A file written byte for byte. EbookLib sends its own XHTML items through an HTML 4 parser (issues #76, #221, #317)."""

    def __init__(
        self,
        uid: str,
        file_name: str,
        media_type: str,
        content: bytes,
        properties: tuple[str, ...] = (),
        media_overlay: str | None = None,
    ) -> None:
        super().__init__(uid, file_name, media_type, content)
        self.properties = list(properties)
        self.media_overlay = media_overlay


class StreamedItem(epub.EpubItem):  # type: ignore[misc]
    """A file that is made while it is written, stored and not deflated. EbookLib holds all sound in memory (PR #277)."""

    def __init__(self, uid: str, file_name: str, media_type: str, chunks: Callable[[], Iterator[bytes]]) -> None:
        super().__init__(uid, file_name, media_type)
        self.chunks = chunks


class Book(epub.EpubBook):  # type: ignore[misc]
    """A book that refuses two items of one id or name; EbookLib writes both and says nothing."""

    def add_item(self, item: epub.EpubItem) -> epub.EpubItem:
        """Add an item once."""
        for other in self.items:
            if item.id == other.id or item.file_name == other.file_name:
                raise ValueError(f"{item.file_name} is in the book twice")
        return super().add_item(item)


class Writer(epub.EpubWriter):  # type: ignore[misc]
    """Writes a book to an open file: same bytes for the same book, sound streamed, the package document mended."""

    out: zipfile.ZipFile

    def __init__(self, book: Book, language: str, options: dict[str, Any]) -> None:
        super().__init__("", book, options)
        self.language = language

    def write_to(self, file: IO[bytes]) -> None:
        """The whole EPUB. EbookLib's own `write` swallows errors of the disk and dates the members now (PR #340)."""
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as self.out:
            self._member("mimetype", b"application/epub+zip", zipfile.ZIP_STORED)
            self._write_container()
            self._write_opf()
            self._write_items()

    def _write_container(self) -> None:
        container = epub.CONTAINER_XML % {"folder_name": self.book.FOLDER_NAME}
        self._member("META-INF/container.xml", container)

    def _write_opf_file(self, root: etree._Element) -> None:
        """Give the package its language (Ace: epub-lang), and take out the prefix that nothing uses."""
        root.set("{http://www.w3.org/XML/1998/namespace}lang", self.language)
        root.set("prefix", " ".join(self.book.prefixes))
        if not self.book.prefixes:
            del root.attrib["prefix"]
        data = etree.tostring(root, pretty_print=True, encoding="utf-8", xml_declaration=True)
        self._member(f"{self.book.FOLDER_NAME}/content.opf", data)

    def _write_items(self) -> None:
        for item in self.book.get_items():
            name = f"{self.book.FOLDER_NAME}/{item.file_name}"
            if isinstance(item, StreamedItem):
                with self.out.open(_info(name, zipfile.ZIP_STORED), "w", force_zip64=True) as member:
                    for chunk in item.chunks():
                        member.write(chunk)
            elif isinstance(item, epub.EpubNcx):
                self._member(name, self._get_ncx())
            else:
                packed = item.media_type in ("image/jpeg", "image/png", "image/gif")
                self._member(name, item.get_content(), zipfile.ZIP_STORED if packed else zipfile.ZIP_DEFLATED)

    def _member(self, name: str, data: bytes | str, method: int = zipfile.ZIP_DEFLATED) -> None:
        self.out.writestr(_info(name, method), data, compresslevel=9)


def _info(name: str, method: int) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name, _ZIP_EPOCH)
    info.compress_type = method
    info.create_system = 3
    info.external_attr = 0o644 << 16
    return info
