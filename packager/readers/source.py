"""Getting at the bytes of a source, and the text in them."""

from __future__ import annotations

import sys
import unicodedata
from dataclasses import dataclass, field
from pathlib import Path, PurePath

from packager.errors import SourceError
from packager.patterns import late_pattern

MAX_BYTES = 20_000_000
"""Some three million words: more than any article, and less than would make the machine swap."""

MAX_DOCUMENT_BYTES = 200_000_000
"""A document comes with its pictures."""

_CONTROL = late_pattern(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\x80-\x9f\ufdd0-\ufdef\ufffe\uffff\ud800-\udfff]")
_BINARY_SIGNATURES = {
    b"PK\x03\x04": "a zip file",
    b"\x89PNG": "a PNG picture",
    b"\xff\xd8\xff": "a JPEG picture",
    b"GIF8": "a GIF picture",
    b"\x7fELF": "a program",
    b"ID3": "an MP3 file",
    b"RIFF": "a sound or picture file",
    b"\x1f\x8b": "a gzip archive",
}
_BOMS = {
    b"\xef\xbb\xbf": "utf-8-sig",
    b"\xff\xfe\x00\x00": "utf-32",
    b"\x00\x00\xfe\xff": "utf-32",
    b"\xff\xfe": "utf-16",
    b"\xfe\xff": "utf-16",
}


@dataclass(frozen=True)
class SourceFile:
    """The bytes of a source; `name` is what to call it in messages, `folder` where its pictures may lie.

    `suffix` is the ending of the file's name in small letters. `address` and `charset` are those it was fetched with.
    """

    name: str
    data: bytes = field(repr=False)
    folder: Path
    suffix: str = ""
    address: str | None = None
    charset: str | None = None


@dataclass(frozen=True)
class SourceText:
    """The text of a source; `name` is what to call it in messages, `folder` where its pictures are looked for."""

    name: str
    text: str
    folder: Path
    encoding: str
    removed_controls: int = 0


def read_file(source: str) -> SourceFile:
    """All of a file, or of standard input when `source` is "-". Raises `SourceError` when it cannot be had."""
    called = "Standard input" if source == "-" else f"“{source}”"
    data = sys.stdin.buffer.read(MAX_DOCUMENT_BYTES + 1) if source == "-" else _read_file(Path(source))
    if len(data) > MAX_DOCUMENT_BYTES:
        raise _too_large(called, MAX_DOCUMENT_BYTES)
    if not data.strip():
        raise SourceError(f"{called} is empty.", "Give a file with the text of the article.")
    if source == "-":
        return SourceFile(called, data, Path.cwd())
    return SourceFile(called, data, Path(source).parent, PurePath(source).suffix.lower())


def refuse_large(source: SourceFile) -> None:
    """Raises `SourceError` for more text than an article has."""
    if len(source.data) > MAX_BYTES:
        raise _too_large(source.name, MAX_BYTES)


def read_text(source: SourceFile) -> SourceText:
    """Decode the bytes: byte order mark, then UTF-8, then what charset-normalizer finds most likely.

    Line ends become "\n"; control characters, which no book may hold, are dropped and counted.
    """
    refuse_large(source)
    text, encoding = _decode(source.name, source.data)
    text = (
        text.removeprefix("\ufeff")
        .replace("\r\n", "\n")
        .replace("\r", "\n")
        .replace("\x0c", "\n\n")
        .replace("\x85", "\n")
    )
    text, removed = _CONTROL.subn("", text)
    if not any(unicodedata.category(char)[0] in "LN" for char in text):
        raise SourceError(f"{source.name} has no words in it.", "Give a file with the text of the article.")
    return SourceText(source.name, text, source.folder, encoding, removed)


def _too_large(called: str, limit: int) -> SourceError:
    return SourceError(
        f"{called} is larger than {limit // 1_000_000} MB, too large for one article.",
        "Split it into parts and build each.",
    )


def _read_file(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(MAX_DOCUMENT_BYTES + 1)
    except FileNotFoundError:
        raise SourceError(f"There is no file “{path}”.", "Check the spelling and the folder you are in.") from None
    except IsADirectoryError:
        raise SourceError(f"“{path}” is a folder.", "Name the article's file in it.") from None
    except OSError as error:
        reason = error.strerror or str(error)
        raise SourceError(f"“{path}” cannot be read: {reason}.", "Check that you may read it.") from None


def _decode(called: str, data: bytes) -> tuple[str, str]:
    for bom, encoding in _BOMS.items():
        if data.startswith(bom):
            return _decode_as(called, data, encoding), encoding
    for signature, kind in _BINARY_SIGNATURES.items():
        if data.startswith(signature):
            raise SourceError(f"{called} is {kind}, not text.", "Give the article as text or as a document.")
    try:
        return data.decode("utf-8"), "utf-8"
    except UnicodeDecodeError:
        pass
    if b"\x00" in data[:4096]:
        raise SourceError(f"{called} is a binary file, not text.", "Give the article as text or as a document.")
    from packager.readers.encoding import guess_encoding

    guessed = guess_encoding(data)
    if guessed is None:
        raise SourceError(
            f"{called} is in no known text encoding.",
            "Save it as UTF-8 in your editor and try again.",
        )
    return data.decode(guessed), guessed


def _decode_as(called: str, data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        raise SourceError(
            f"{called} says that it is {encoding} but is not, at byte {error.start}.",
            "Save it as UTF-8 in your editor and try again.",
        ) from None
