"""Bytes that are said to be a picture → a picture that every e-reader shows, whatever its name or its sender says."""

from __future__ import annotations

import re

from packager.readers.rasters import FitPicture, PictureError, fit_raster

_SVG = re.compile(rb"\A(?:\xef\xbb\xbf)?\s*<(?:[?!]|(?:\w+:)?svg[\s>])")
_UNUSABLE = {
    b"\x1f\x8b": "it is a gzip archive",
    b"%PDF": "it is a PDF file",
    b"%!PS": "it is a PostScript file",
    b"\xd7\xcd\xc6\x9a": "it is a Windows metafile, which no e-reader shows",
    b"\x01\x00\x00\x00": "it is a Windows metafile, which no e-reader shows",
}
_HEIF = re.compile(rb"\A....ftyp(?:hei|hev|mif1|msf1)", re.S)


def fit_picture(data: bytes) -> FitPicture:
    """JPEG, PNG and GIF as they are unless too large; WebP, AVIF, TIFF, BMP as PNG or JPEG; SVG sanitised.

    Raises `PictureError` with the reason when it cannot be used.
    """
    if not data:
        raise PictureError("it is empty")
    if _SVG.match(data):
        from packager.readers.svg import clean_svg

        return FitPicture("image/svg+xml", "svg", clean_svg(data))
    for signature, reason in _UNUSABLE.items():
        if data.startswith(signature):
            raise PictureError(reason)
    if _HEIF.match(data):
        raise PictureError("it is a HEIC photograph, which no e-reader shows")
    return fit_raster(data)
