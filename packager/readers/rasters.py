"""Pictures made of pixels: checked by their content, and made fit for every e-reader."""

from __future__ import annotations

import warnings
from dataclasses import dataclass, field
from io import BytesIO
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL.Image import Image

MAX_PIXELS = 60_000_000
MAX_SIDE = 1600
"""Pixels on the longer side; larger pictures only slow e-readers down."""

_CORE_MEDIA_TYPES = {"PNG": ("image/png", "png"), "JPEG": ("image/jpeg", "jpg"), "GIF": ("image/gif", "gif")}
_FORMATS = (*_CORE_MEDIA_TYPES, "AVIF", "BMP", "JPEG2000", "TIFF", "WEBP")
_FLAT_COLOURS = 4096
"""Drawings and screenshots have fewer colours and want PNG; photographs have more and want JPEG."""


class PictureError(Exception):
    """Why a picture cannot be used, as the end of a sentence."""


@dataclass(frozen=True)
class FitPicture:
    """A picture of a kind that every e-reader shows; `extension` is that of its media type."""

    media_type: str
    extension: str
    data: bytes = field(repr=False)


def fit_raster(data: bytes) -> FitPicture:
    """A PNG, JPEG or GIF as it is if it is not too large; any other kind that Pillow knows, or larger, made anew.

    The whole picture is decoded, so that a broken one is found now and not by the reader of the book; one of too many
    pixels is refused before that, by what its header says. Raises `PictureError`.
    """
    from PIL import Image, UnidentifiedImageError

    Image.MAX_IMAGE_PIXELS = None  # we look ourselves, before anything is unpacked; Pillow would print a warning
    try:
        with warnings.catch_warnings(action="ignore"), Image.open(BytesIO(data), formats=_FORMATS) as picture:
            width, height = picture.size
            if width * height > MAX_PIXELS:
                raise PictureError(f"it has {width} × {height} pixels, more than {MAX_PIXELS // 1_000_000} million")
            kind = picture.format or ""
            fits = max(width, height) <= MAX_SIDE
            if not fits:
                picture.draft(None, (2 * MAX_SIDE, 2 * MAX_SIDE))
            picture.load()
            if kind in _CORE_MEDIA_TYPES and (fits or getattr(picture, "is_animated", False)):
                return FitPicture(*_CORE_MEDIA_TYPES[kind], data)
            return _made_anew(picture, kind)
    except UnidentifiedImageError:
        raise PictureError("it is of no kind of picture that Packager knows") from None
    except PictureError:
        raise
    except Exception:
        # Of damaged pictures Pillow's readers raise whatever Python has: SyntaxError, TypeError, RuntimeError, …
        raise PictureError("it is broken") from None


def _made_anew(picture: Image, kind: str) -> FitPicture:
    from PIL import Image, ImageOps

    picture = _in_plain_colours(ImageOps.exif_transpose(picture))
    picture.thumbnail((MAX_SIDE, MAX_SIDE), Image.Resampling.LANCZOS)
    target = _target(picture, kind)
    output = BytesIO()
    # Not `optimize`: for a drawing it takes eight times as long and saves one byte in a hundred.
    picture.save(output, target, compress_level=7, quality=88, icc_profile=picture.info.get("icc_profile"))
    return FitPicture(*_CORE_MEDIA_TYPES[target], output.getvalue())


def _in_plain_colours(picture: Image) -> Image:
    """Grey or red, green and blue, with an alpha channel only if something shows through."""
    if picture.mode in ("L", "RGB"):
        return picture
    if picture.mode == "CMYK":
        picture.info.pop("icc_profile", None)
    if picture.mode.startswith("I;16"):
        # Pillow would cut 16 bits off at white instead of scaling them.
        return picture.convert("I").point(lambda value: value * (1 / 256)).convert("L")
    if not picture.has_transparency_data:
        return picture.convert("L" if picture.mode in ("1", "LA") else "RGB")
    picture = picture.convert("RGBA")
    lowest, _ = picture.getchannel("A").getextrema()
    return picture if lowest != 255 else picture.convert("RGB")


def _target(picture: Image, kind: str) -> str:
    if kind in ("JPEG", "MPO"):
        return "JPEG"
    if kind in ("PNG", "GIF") or picture.mode == "RGBA":
        return "PNG"
    return "PNG" if picture.getcolors(_FLAT_COLOURS) else "JPEG"
