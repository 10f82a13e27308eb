"""What stands in a report, which somebody else may have written: each value is what it should be, or a `ReportError`."""

from __future__ import annotations

import json
import re
from typing import Any

# Controls would steer a terminal and break a header, and lone surrogates cannot be encoded at all.
_NEVER = re.compile("[\0-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]+")
_LONGEST_TIME = 1e9
"""Seconds: some thirty years."""


class ReportError(ValueError):
    """A value that no report of ours has."""


def parsed(data: bytes | bytearray) -> dict[str, Any]:
    """The report as it stands. Raises `ReportError` when it is no JSON object."""
    try:
        value = json.loads(data)
    except (ValueError, RecursionError):
        raise ReportError("no JSON") from None
    return mapping(value)


def plain(text: str) -> str:
    """The text on one line, without what nobody can see, hear or send."""
    return _NEVER.sub(" ", text)


def text(value: object) -> str:
    """A text as `plain` gives it."""
    if not isinstance(value, str):
        raise ReportError("no text")
    return plain(value)


def texts(value: object) -> tuple[str, ...]:
    """A list of texts; none where there is no list."""
    if value is None:
        return ()
    if not isinstance(value, list):
        raise ReportError("no list")
    return tuple(text(one) for one in value)


def mapping(value: object) -> dict[str, Any]:
    """Values by name; none where there is nothing."""
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise ReportError("no names and values")
    return value


def seconds(value: object) -> float | None:
    """A time, None where there is none."""
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ReportError("no number")
    # Infinity and NaN are numbers for Python, and for nobody who is sent them.
    if not 0 <= value <= _LONGEST_TIME:
        raise ReportError("no time")
    return value
