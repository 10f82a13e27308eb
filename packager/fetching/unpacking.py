"""What comes over the line → the bytes of the document, never more than a limit."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterable

from packager.fetching.failures import FetchError

_PACKED = frozenset({"gzip", "x-gzip", "deflate"})
_GZIP_OR_ZLIB = zlib.MAX_WBITS | 32
_RAW = -zlib.MAX_WBITS
_MAX_MEMBERS = 100
"""Archives in a row; servers send one."""


def unpacked(pieces: Iterable[bytes], encoding: str, limit: int) -> bytes:
    """Join and unpack the pieces of an answer; `encoding` is its `Content-Encoding`.

    Stops as soon as there are more than `limit` bytes, before or after unpacking, so that a bomb does not go off. Raises
    `FetchError`; only what was asked for is unpacked: gzip, and deflate in both of its readings.
    """
    encoding = encoding.strip().lower()
    if encoding not in _PACKED | {"", "identity"}:
        how = encoding if re.fullmatch(r"[\w ,-]{1,30}", encoding, re.A) else "unknown"
        raise FetchError(f"is packed in a way that was not asked for ({how}) and that Packager cannot unpack")
    document, received = bytearray(), 0
    unpacker = _Unpacker(encoding == "deflate") if encoding in _PACKED else None
    for piece in pieces:
        received += len(piece)
        document += unpacker.unpack(piece, limit + 1 - len(document)) if unpacker else piece
        if max(received, len(document)) > limit:
            raise too_large(limit)
    if unpacker and received and not unpacker.is_done:
        raise FetchError("breaks off in the middle")
    return bytes(document)


def too_large(limit: int) -> FetchError:
    """The failure of what is larger than `limit` bytes."""
    return FetchError(f"is larger than {limit / 1_000_000:g} MB", "Give a smaller part of it.")


class _Unpacker:
    """Some servers leave out the two bytes (RFC 1950, 2.2) that should stand before what they call deflate."""

    def __init__(self, may_be_raw: bool) -> None:
        self._stream = zlib.decompressobj(_GZIP_OR_ZLIB)
        self._may_be_raw = may_be_raw
        self._held = b""
        self._members = 1

    @property
    def is_done(self) -> bool:
        return self._stream.eof

    def unpack(self, piece: bytes, most: int) -> bytes:
        """At most `most` bytes; there may be more. What follows the end and is not packed is left, as browsers do."""
        result = b""
        try:
            while piece and len(result) < most:
                if self._stream.eof and not self._begins_member(piece):
                    break
                result += self._unpacked(piece, most - len(result))
                piece = self._stream.unused_data
        except zlib.error:
            raise FetchError("is packed wrongly and cannot be read") from None
        return result

    def _begins_member(self, piece: bytes) -> bool:
        if not piece.startswith(b"\x1f\x8b"):
            return False
        self._members += 1
        if self._members > _MAX_MEMBERS:
            raise FetchError("is packed wrongly and cannot be read")
        self._stream = zlib.decompressobj(_GZIP_OR_ZLIB)
        return True

    def _unpacked(self, piece: bytes, most: int) -> bytes:
        if self._may_be_raw:
            self._held += piece
            if len(self._held) < 2:
                return b""
            if int.from_bytes(self._held[:2], "big") % 31 or self._held[0] & 15 != zlib.DEFLATED:
                self._stream = zlib.decompressobj(_RAW)
            self._may_be_raw, piece = False, self._held
        return self._stream.decompress(piece, most)
