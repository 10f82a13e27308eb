"""Answers that can be asked for again: with an ETag, and in parts where they are files."""

from __future__ import annotations

import hashlib
import os
import stat
from pathlib import Path

from starlette.requests import Request
from starlette.responses import FileResponse, Response

_ASK_AGAIN = "private, no-cache"
FOR_EVER = "private, max-age=31536000, immutable"


class _File(FileResponse):
    """In larger pieces, and in one range at most: who asks for many gets the whole file, as HTTP allows."""

    chunk_size = 256 * 1024
    max_ranges = 1


def file_answer(
    request: Request, path: Path, media_type: str, name: str | None = None, headers: dict[str, str] | None = None
) -> Response | None:
    """A file, saved under `name` where one is given; None when it is not there (any more)."""
    try:
        status = path.stat()
    except OSError:
        return None
    # What cannot be opened must be known before the answer has begun.
    if not stat.S_ISREG(status.st_mode) or not os.access(path, os.R_OK):
        return None
    with_cache = {"cache-control": _ASK_AGAIN} | (headers or {})
    answer = _File(path, headers=with_cache, media_type=media_type, stat_result=status, filename=name)
    return _unchanged(request, answer) or answer


def answer(request: Request, content: bytes, media_type: str, headers: dict[str, str] | None = None) -> Response:
    """Something that was made for this request; nothing but its ETag when the client has it already."""
    etag = f'"{hashlib.sha256(content).hexdigest()[:32]}"'
    made = Response(content, 200, {"cache-control": _ASK_AGAIN, "etag": etag} | (headers or {}), media_type)
    return _unchanged(request, made) or made


def _unchanged(request: Request, made: Response) -> Response | None:
    known = {tag.strip().removeprefix("W/") for tag in request.headers.get("if-none-match", "").split(",")}
    if made.headers["etag"] not in known and "*" not in known:
        return None
    kept = ("cache-control", "content-security-policy", "etag", "last-modified", "vary")
    return Response(status_code=304, headers={name: made.headers[name] for name in kept if name in made.headers})
