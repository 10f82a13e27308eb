"""The pictures an article names: found in the source or beside it, and made fit for every e-reader."""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote, unquote_to_bytes, urlsplit

from packager.errors import SourceError
from packager.model import Omission, Resource
from packager.patterns import late_pattern
from packager.readers.picture_formats import fit_picture
from packager.readers.rasters import PictureError
from packager.xhtml import elements, local_name, remove, text_of

if TYPE_CHECKING:
    from lxml import etree

MAX_PICTURE_BYTES = 30_000_000
_DATA = late_pattern(r"data:[^,;]*(?:;(?!base64,)[^,;]*)*(?P<base64>;base64)?,(?P<data>.*)", re.S | re.I)
_LONGEST_NAME = 80


def take_pictures(
    body: etree._Element, pictures: Mapping[str, bytes | str], folder: Path | None
) -> tuple[tuple[Resource, ...], tuple[Omission, ...]]:
    """Load each picture that `body` names, and point `body` at the result.

    It is looked for in `pictures`, which came with the source, then below `folder`; never on the network. A picture that
    cannot be used is replaced by its alternative text and listed.
    """
    taken: dict[str, Resource] = {}
    failed: dict[str, Omission] = {}
    for image in list(elements(body, "img")):
        source = image.get("src", "")
        if source not in taken and source not in failed:
            try:
                taken[source] = find_picture(source, pictures, folder)
            except PictureError as error:
                failed[source] = Omission(f"Picture “{_called(source, image.get('alt', ''))}”", str(error))
        if source in failed:
            _replace_by_text(image)
            continue
        image.set("src", taken[source].name)
        image.set("alt", " ".join(image.get("alt", "").split()))
        if not image.get("alt"):
            image.set("role", "presentation")
    unique = {resource.name: resource for resource in taken.values()}
    return tuple(unique.values()), tuple(failed.values())


def find_picture(source: str, pictures: Mapping[str, bytes | str], folder: Path | None) -> Resource:
    """One picture, checked and, where an e-reader needs it, converted or scaled. Raises `PictureError`."""
    if source in pictures:
        found = pictures[source]
        if isinstance(found, str):
            raise PictureError(found)
        if not found:
            raise PictureError("it is missing in the document")
        # What the network calls a file is no name for one of ours.
        return _resource("picture" if urlsplit(source).scheme else source, found)
    if source[:5].lower() == "data:":
        return _resource("picture", _data_of(source))
    if folder is None and source and not urlsplit(source).scheme and not source.startswith("//"):
        raise PictureError("it did not come with the document")
    try:
        path = _local_path(source, folder or Path())
    except (OSError, ValueError, RuntimeError):
        raise PictureError("it has a name that no file can have") from None
    return _loaded(path)


def load_cover(source: str, pictures: Mapping[str, bytes | str], folder: Path | None) -> Resource:
    """The picture that the author chose as cover: of the source, in its `folder`, or any path that the user gave (None).

    Raises `SourceError` when it cannot be used.
    """
    try:
        if folder is None and source not in pictures:
            return _loaded(Path(source))
        return find_picture(source, pictures, folder)
    except PictureError as error:
        raise SourceError(
            f"The cover “{source}” cannot be used: {error}.", "Name a PNG, JPEG, GIF or WebP picture."
        ) from None


def _loaded(path: Path) -> Resource:
    try:
        if not path.is_file() and path.exists():
            raise PictureError("it is not a file")
        if path.stat().st_size > MAX_PICTURE_BYTES:
            raise PictureError(f"it is larger than {MAX_PICTURE_BYTES // 1_000_000} MB")
        data = path.read_bytes()
    except FileNotFoundError:
        raise PictureError("there is no such file") from None
    except (OSError, ValueError) as error:
        raise PictureError(f"it cannot be read ({getattr(error, 'strerror', None) or error})") from None
    return _resource(path.name, data)


def _resource(name: str, data: bytes) -> Resource:
    if len(data) > MAX_PICTURE_BYTES:
        raise PictureError(f"it is larger than {MAX_PICTURE_BYTES // 1_000_000} MB")
    picture = fit_picture(data)
    stem = re.sub(r"\.\w{2,5}$", "", name.rpartition("/")[2])
    stem = re.sub(r"[^A-Za-z0-9_-]+", "-", stem).strip("-")[:40] or "picture"
    digest = hashlib.sha256(picture.data).hexdigest()[:8]
    return Resource(f"pictures/{stem}-{digest}.{picture.extension}", picture.media_type, picture.data)


def _data_of(address: str) -> bytes:
    """The picture that an address holds in itself (RFC 2397)."""
    found = _DATA.fullmatch(address)
    if found is None:
        raise PictureError("its address holds no picture")
    data = unquote_to_bytes(found["data"])
    if not found["base64"]:
        return data
    try:
        return base64.b64decode(b"".join(data.split()) + b"==")
    except binascii.Error:
        raise PictureError("its address holds no picture") from None


def _local_path(source: str, folder: Path) -> Path:
    if not source:
        raise PictureError("it names no file")
    if urlsplit(source).scheme or source.startswith("//"):
        raise PictureError("it is on the network, and nothing is fetched")
    path = Path(unquote(source))
    full = (folder / path).resolve()
    if path.is_absolute() or not full.is_relative_to(folder.resolve()):
        raise PictureError("it lies outside the article's folder")
    return full


def _called(source: str, alternative: str) -> str:
    """How a picture is listed: its name, or what it shows where the name says nothing."""
    name = " ".join(alternative.split()) or source.partition(",")[0] if source[:5].lower() == "data:" else source
    return name if len(name) <= _LONGEST_NAME else name[: _LONGEST_NAME - 1] + "…"


def _replace_by_text(image: etree._Element) -> None:
    image.tail = (image.get("alt") or "") + (image.tail or "")
    parent = image.getparent()
    remove(image)
    while parent is not None and local_name(parent) in ("p", "figure", "a", "span"):
        outer = parent.getparent()
        if outer is None or len(parent) or text_of(parent):
            break
        remove(parent)
        parent = outer
