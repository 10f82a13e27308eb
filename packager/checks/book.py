"""An EPUB as our own checks see it: package document, content documents, overlays, read without EbookLib."""

from __future__ import annotations

import posixpath
import zipfile
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from urllib.parse import unquote

from lxml import etree

from packager.errors import SourceError
from packager.zip_faults import ZIP_FAULTS

OPF = "{http://www.idpf.org/2007/opf}"
SMIL = "{http://www.w3.org/ns/SMIL}"
_CONTAINER = "{urn:oasis:names:tc:opendocument:xmlns:container}"
_PARSER = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True, load_dtd=False)
_LARGEST = 200_000_000
"""Bytes of a text that is held in memory."""


@dataclass(frozen=True)
class Clip:
    """One `par`: the document and id that is shown, the file and the seconds that are heard."""

    document: str
    target: str
    audio: str
    begin: float
    end: float


@dataclass(frozen=True)
class Overlay:
    """One SMIL file: the document it belongs to, its clips in order, its declared duration in seconds."""

    name: str
    document: str
    clips: tuple[Clip, ...]
    declared: float | None


@dataclass
class Book:
    """An open EPUB. Names are paths in the zip."""

    path: Path
    archive: zipfile.ZipFile
    package_name: str
    package: etree._Element
    manifest: dict[str, etree._Element] = field(default_factory=dict)

    def name_of(self, href: str, base: str) -> str:
        """The zip's name of what `href` means in the file `base`."""
        return posixpath.normpath(posixpath.join(posixpath.dirname(base), unquote(href.partition("#")[0])))

    def tree(self, name: str) -> etree._Element:
        """An XML file of the book; raises `SourceError` when it is missing or not well-formed."""
        return _tree(self.archive, self.path, name)

    def metas(self, name: str, refines: str | None = None) -> list[str]:
        """The values of a `meta` property: of the book, or of what `refines` names."""
        wanted = f"#{refines}" if refines else None
        return [
            (meta.text or "").strip()
            for meta in self.package.iter(f"{OPF}meta")
            if meta.get("property") == name and meta.get("refines") == wanted
        ]

    @cached_property
    def spine(self) -> list[str]:
        """The content documents in reading order."""
        names = []
        for reference in self.package.iter(f"{OPF}itemref"):
            item = self.manifest.get(reference.get("idref", ""))
            if item is not None:
                names.append(self.name_of(item.get("href", ""), self.package_name))
        return names

    @cached_property
    def overlays(self) -> list[Overlay]:
        """The media overlays, in the order of the spine."""
        overlays = []
        for item in self.manifest.values():
            overlay = self.manifest.get(item.get("media-overlay", ""))
            if overlay is not None:
                overlays.append(self._overlay(item, overlay))
        order = {name: number for number, name in enumerate(self.spine)}
        return sorted(overlays, key=lambda overlay: order.get(overlay.document, len(order)))

    def styles(self) -> str:
        """All style sheets of the book, joined."""
        sheets = [item for item in self.manifest.values() if item.get("media-type") == "text/css"]
        names = [self.name_of(item.get("href", ""), self.package_name) for item in sheets]
        known = set(self.archive.namelist())
        return "\n".join(
            _read(self.archive, self.path, name).decode("utf-8", "replace") for name in names if name in known
        )

    def _overlay(self, item: etree._Element, overlay: etree._Element) -> Overlay:
        name = self.name_of(overlay.get("href", ""), self.package_name)
        clips = []
        for par in self.tree(name).iter(f"{SMIL}par"):
            text, audio = par.find(f"{SMIL}text"), par.find(f"{SMIL}audio")
            if text is None or audio is None:
                continue
            source = text.get("src", "")
            clips.append(
                Clip(
                    self.name_of(source, name),
                    source.partition("#")[2],
                    self.name_of(audio.get("src", ""), name),
                    seconds_of(audio.get("clipBegin", "0s")),
                    seconds_of(audio.get("clipEnd", "0s")),
                )
            )
        declared = self.metas("media:duration", refines=overlay.get("id"))
        document = self.name_of(item.get("href", ""), self.package_name)
        return Overlay(name, document, tuple(clips), seconds_of(declared[0]) if declared else None)


def open_book(path: Path) -> Book:
    """Open an EPUB; raises `SourceError` when it is none."""
    try:
        archive = zipfile.ZipFile(path)
    except FileNotFoundError:
        raise SourceError(f"There is no file “{path}”.", "Check the spelling and the folder you are in.") from None
    except ZIP_FAULTS as error:
        raise SourceError(
            f"“{path}” is not a whole EPUB ({error or type(error).__name__}).", "Make it again."
        ) from None
    try:
        rootfile = next(_tree(archive, path, "META-INF/container.xml").iter(f"{_CONTAINER}rootfile"), None)
        name = rootfile.get("full-path", "") if rootfile is not None else ""
        book = Book(path, archive, name, _tree(archive, path, name))
    except SourceError:
        archive.close()
        raise
    book.manifest.update({item.get("id", ""): item for item in book.package.iter(f"{OPF}item")})
    return book


def _tree(archive: zipfile.ZipFile, path: Path, name: str) -> etree._Element:
    try:
        return etree.fromstring(_read(archive, path, name), _PARSER)
    except etree.XMLSyntaxError as error:
        raise SourceError(f"“{name}” in “{path}” is no XML: {error}.", "Make the book again.") from None


def _read(archive: zipfile.ZipFile, path: Path, name: str) -> bytes:
    try:
        if archive.getinfo(name).file_size > _LARGEST:
            raise SourceError(f"“{name}” in “{path}” is too large.", "Make the book again.")
        return archive.read(name)
    except KeyError:
        raise SourceError(f"There is no “{name}” in “{path}”.", "Make the book again.") from None
    except ZIP_FAULTS as error:
        raise SourceError(f"“{name}” in “{path}” cannot be read: {error}.", "Make the book again.") from None


def seconds_of(clock: str) -> float:
    """A SMIL clock value ("1.5s", "00:01:02.5", "250ms", "2min") in seconds; not-a-number when it is none."""
    clock = clock.strip()
    try:
        for unit, factor in (("ms", 0.001), ("min", 60.0), ("h", 3600.0), ("s", 1.0)):
            if clock.endswith(unit):
                return float(clock.removesuffix(unit)) * factor
        total = 0.0
        for part in clock.split(":"):
            total = total * 60 + float(part)
        return total
    except ValueError:
        return float("nan")
