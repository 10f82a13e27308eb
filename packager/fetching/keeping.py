"""What was fetched is kept, so that the server need not send again what has not changed."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import UTC
from email.utils import parsedate_to_datetime
from pathlib import Path

from packager import cache
from packager.fetching.addresses import WebAddress
from packager.fetching.client import Answer
from packager.fetching.policy import Policy

_LONGEST = 86_400
"""Seconds for which a server's word is taken that something stays as it is, or that it wants to be left alone."""

_MAX_AGE = re.compile(r"\bmax-age\s*=\s*\"?(\d{1,10})")


@dataclass(frozen=True)
class Kept:
    """An answer of an earlier time. Times are seconds since 1970; `not_before` is when the server may be asked again."""

    content_type: str = ""
    etag: str = ""
    last_modified: str = ""
    fresh_until: float = 0
    not_before: float = 0
    data: bytes = field(default=b"", repr=False)

    @property
    def is_fresh(self) -> bool:
        """Whether the server said that it need not be asked yet."""
        return time.time() < self.fresh_until

    @property
    def conditions(self) -> Mapping[str, str]:
        """The headers that ask for a document only if it has changed."""
        return {
            name: value
            for name, value in (("If-None-Match", self.etag), ("If-Modified-Since", self.last_modified))
            if value
        }


def find(address: WebAddress, policy: Policy) -> Kept:
    """What is kept of this address; an empty record when nothing is, or when it cannot be read."""
    if not (path := _place(address, policy)):
        return Kept()
    try:
        head, _, data = path.read_bytes().partition(b"\n")
        kept = Kept(**json.loads(head), data=data)
    except (OSError, ValueError, TypeError):
        return Kept()
    cache.mark_used(path)
    return kept


def keep(address: WebAddress, policy: Policy, answer: Answer, before: Kept) -> Kept:
    """Keep a document, or with status 304 the one from `before` for a further time; what must not be kept is not."""
    headers = answer.headers
    control = headers.get("cache-control", "").lower()
    if answer.has_document:
        before = Kept(data=answer.data)
    found = _MAX_AGE.search(control)
    seconds = 0 if "no-cache" in control or found is None else min(int(found[1]), _LONGEST)
    kept = Kept(
        content_type=headers.get("content-type", before.content_type),
        etag=headers.get("etag", before.etag),
        last_modified=headers.get("last-modified", before.last_modified),
        fresh_until=time.time() + seconds if seconds else 0,
        data=before.data,
    )
    path = _place(address, policy)
    if path and "no-store" not in control and (seconds or kept.conditions):
        _write(path, kept)
    return kept


def keep_away(address: WebAddress, policy: Policy, answer: Answer, before: Kept) -> float:
    """Remember until when the server wants to be left alone; gives that time, 0 when it did not say."""
    not_before = _retry_after(answer.headers.get("retry-after", "").strip())
    path = _place(address, policy)
    if path and not_before:
        _write(path, Kept(before.content_type, before.etag, before.last_modified, 0, not_before, before.data))
    return not_before


def _place(address: WebAddress, policy: Policy) -> Path | None:
    if policy.cache is None:
        return None
    # What was let through once must not come out of the cache for one who does not want it.
    key = cache.key_of("fetched", str(address), policy.allow_private)
    return cache.place(policy.cache, "fetched", key)


def _write(path: Path, kept: Kept) -> None:
    fields = asdict(kept)
    data = fields.pop("data")
    cache.keep(path, json.dumps(fields).encode() + b"\n" + data)


def _retry_after(value: str) -> float:
    """`Retry-After`, seconds or a date (RFC 9110, 10.2.3), as a time; 0 when there is none."""
    if value.isdecimal():
        return time.time() + min(int(value[:9]), _LONGEST)
    try:
        when = parsedate_to_datetime(value)
    except ValueError:
        return 0
    return min((when if when.tzinfo else when.replace(tzinfo=UTC)).timestamp(), time.time() + _LONGEST)
