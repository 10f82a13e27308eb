"""The pictures an article names: found, checked, and made fit for every e-reader."""

from __future__ import annotations

import hashlib
import re
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from packager.errors import SourceError
from packager.model import Omission, Resource
from packager.xhtml import elements, local_name, remove, text_of

if TYPE_CHECKING:
    from lxml import etree

MAX_PICTURE_BYTES = 30_000_000
MAX_PIXELS = 60_000_000
MAX_SIDE = 2400
"""Pixels on the longer side; larger pictures only slow e-readers down."""

_CORE_MEDIA_TYPES = {"PNG": ("image/png", "png"), "JPEG": ("image/jpeg", "jpg"), "GIF": ("image/gif", "gif")}


class PictureError(Exception):
    """Why a picture cannot be used, as the end of a sentence."""


def take_pictures(body: etree._Element, folder: Path) -> tuple[tuple[Resource, ...], tuple[Omission, ...]]:
    """Load each picture that `body` names from below `folder`, and point `body` at the result.

    A picture that cannot be used is replaced by its alternative text and listed. Pictures are never fetched.
    """
    taken: dict[str, Resource] = {}
    omissions: list[Omission] = []
    for image in list(elements(body, "img")):
        source = image.get("src", "")
        try:
            if source not in taken:
                taken[source] = load_picture(source, folder)
        except PictureError as error:
            omissions.append(Omission(f"Picture “{source}”", str(error)))
            _replace_by_text(image)
            continue
        image.set("src", taken[source].name)
        image.set("alt", " ".join(image.get("alt", "").split()))
        if not image.get("alt"):
            image.set("role", "presentation")
    unique = {resource.name: resource for resource in taken.values()}
    return tuple(unique.values()), tuple(omissions)


def load_cover(source: str, folder: Path | None) -> Resource:
    """The picture that the author chose as cover: a name in an article's `folder`, or any path that the user gave (None).

    Raises `SourceError` when it cannot be used.
    """
    try:
        return _loaded(Path(source)) if folder is None else load_picture(source, folder)
    except PictureError as error:
        raise SourceError(
            f"The cover “{source}” cannot be used: {error}.", "Name a PNG, JPEG, GIF or WebP picture."
        ) from None


def load_picture(source: str, folder: Path) -> Resource:
    """One picture file below `folder`, read, verified and, where an e-reader needs it, converted or scaled."""
    try:
        path = _local_path(source, folder)
    except (OSError, ValueError, RuntimeError):
        raise PictureError("it has a name that no file can have") from None
    return _loaded(path)


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
    media_type, extension, data = _checked(data)
    stem = re.sub(r"[^A-Za-z0-9_-]+", "-", path.stem).strip("-")[:40] or "picture"
    digest = hashlib.sha256(data).hexdigest()[:8]
    return Resource(f"pictures/{stem}-{digest}.{extension}", media_type, data)


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


def _checked(data: bytes) -> tuple[str, str, bytes]:
    """Decode the whole picture, so that a broken one is found now and not by the reader of the book."""
    from PIL import Image, UnidentifiedImageError

    Image.MAX_IMAGE_PIXELS = None  # we look ourselves, before anything is unpacked; Pillow would print a warning
    try:
        with Image.open(BytesIO(data)) as picture:
            if picture.width * picture.height > MAX_PIXELS:
                raise PictureError(f"it has more than {MAX_PIXELS // 1_000_000} million pixels")
            picture.load()
            kind = picture.format or ""
            fits = max(picture.size) <= MAX_SIDE
            if kind in _CORE_MEDIA_TYPES and (fits or getattr(picture, "is_animated", False)):
                return *_CORE_MEDIA_TYPES[kind], data
            return _converted(picture, kind)
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError):
        raise PictureError("it is broken or of an unknown kind") from None


def _converted(picture: object, kind: str) -> tuple[str, str, bytes]:
    from PIL import Image, ImageOps

    assert isinstance(picture, Image.Image)
    picture = ImageOps.exif_transpose(picture)
    target = "JPEG" if kind in ("JPEG", "MPO") else "PNG"
    if picture.mode not in ("L", "LA", "RGB", "RGBA") or (target == "JPEG" and picture.mode in ("LA", "RGBA")):
        picture = picture.convert("RGB" if target == "JPEG" else "RGBA")
    picture.thumbnail((MAX_SIDE, MAX_SIDE), Image.Resampling.LANCZOS)
    output = BytesIO()
    picture.save(output, target, optimize=target == "PNG", quality=88)
    return *_CORE_MEDIA_TYPES[target], output.getvalue()


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
