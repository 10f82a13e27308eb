"""What a format's reader hands on, before it is cleaned and completed into an `Article`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from packager.model import Omission


@dataclass(frozen=True)
class Draft:
    """HTML of any quality, the metadata fields that the source gives, what was left out, what was found out.

    `pictures` came with the source: the bytes of each by the `src` that the markup names it by. A picture without
    bytes is known to be missing; text instead of bytes says why. `alone` says that no others belong to it, so that none
    is looked for on the disk.
    """

    markup: str
    fields: Mapping[str, object] = field(default_factory=dict)
    omissions: tuple[Omission, ...] = ()
    notes: tuple[str, ...] = ()
    pictures: Mapping[str, bytes | str] = field(default_factory=dict)
    alone: bool = False
