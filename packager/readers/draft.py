"""What a format's reader hands on, before it is cleaned and completed into an `Article`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from packager.model import Omission


@dataclass(frozen=True)
class Draft:
    """HTML of any quality, the metadata fields that the source gives, what was left out, what was found out."""

    markup: str
    fields: Mapping[str, object] = field(default_factory=dict)
    omissions: tuple[Omission, ...] = ()
    notes: tuple[str, ...] = ()
