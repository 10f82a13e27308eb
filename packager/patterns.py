"""Regular expressions that are compiled when they are first used.

To compile the patterns of all rooms takes longer than to read an article, and one article needs few of them.
"""

from __future__ import annotations

import re
from typing import Any, cast


class _Pattern:
    def __init__(self, source: str, flags: int) -> None:
        self._source = source, flags

    def __getattr__(self, name: str) -> Any:
        # Asked only for what is not there yet: from the second use on, the compiled pattern's own method stands here.
        found = getattr(re.compile(*self._source), name)
        setattr(self, name, found)
        return found


def late_pattern(source: str, flags: int = 0) -> re.Pattern[str]:
    """What `re.compile` gives, but compiled when one of its methods is first called."""
    return cast("re.Pattern[str]", _Pattern(source, int(flags)))
