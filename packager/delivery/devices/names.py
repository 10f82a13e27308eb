"""Names that any volume and any device takes: from a title, the same every time, and never two alike."""

from __future__ import annotations

import unicodedata
from collections.abc import Container

from pathvalidate import sanitize_filename

from packager.errors import DeliveryError
from packager.model import Metadata

_LONGEST = 150
"""UTF-16 units of a name; FAT has room for 255, and nobody reads them."""
_MOST_BYTES = 250
"""Bytes of a name in UTF-8: the disks of Linux have room for 255."""
_SHORTEST = 12
"""UTF-16 units without which a name says nothing."""
_LIKE = {":": " - ", "/": "-", "\\": "-", "|": "-", '"': "", "'": "’"}
"""What stands for a character that is forbidden; the others go."""
_KEPT_FORMATS = "\u200c\u200d"
"""Joiners, without which Persian and the languages of India are misspelt. Other invisible characters mislead."""
_NEVER = '\\/:*?"<>|'


def spoken_of(metadata: Metadata) -> str:
    """What a book is called in a list of files: its title and its first author."""
    return " - ".join(filter(None, (metadata.title, *metadata.authors[:1])))


def legal(text: str, forbidden: str, otherwise: str) -> str:
    """`text` as a name without an ending: NFC, no character that FAT or the device forbids; `otherwise` if nothing is left.

    `otherwise` must be legal itself.
    """
    known = "".join(_replaced(char, forbidden) for char in unicodedata.normalize("NFC", text))
    folded = " ".join(known.split())
    # A name that begins with a dot or an underscore is hidden or left out by some devices.
    stripped = unicodedata.normalize("NFC", _stripped(folded))
    return stripped if stripped and _is_free(stripped) else _freed(stripped, otherwise)


def fitted(stem: str, ending: str, room: int, taken: Container[str]) -> str:
    """The name of `stem` and `ending` that fits into `room` UTF-16 units and whose `key` is not among `taken`.

    Raises `DeliveryError` when the room is too small for any name.
    """
    number = 1
    while True:
        mark = f" ({number})" if number > 1 else ""
        name = _shortened(stem, min(room, _LONGEST), mark + ending) + mark + ending
        if key(name) not in taken:
            return name
        number += 1


def key(name: str) -> str:
    """What is the same of names that a volume takes for one."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", name).casefold())


def units(text: str) -> int:
    """How long a text is for FAT: in UTF-16 units."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def _replaced(char: str, forbidden: str) -> str:
    category = unicodedata.category(char)
    if category.startswith("Z") or char in "\t\n\r":
        return " "
    if category.startswith("C") and char not in _KEPT_FORMATS:
        return ""
    if char not in _NEVER and char not in forbidden:
        return char
    instead = _LIKE.get(char, "")
    return "".join(one for one in instead if one not in forbidden)


def _stripped(text: str) -> str:
    text = text.lstrip("._ -~" + _KEPT_FORMATS).rstrip(". -" + _KEPT_FORMATS)
    while text and unicodedata.combining(text[0]):
        text = text[1:].lstrip("._ -~" + _KEPT_FORMATS)
    return text


def _is_free(stem: str) -> bool:
    """Whether it is none of the names that Windows keeps for itself, such as CON."""
    return sanitize_filename(stem, platform="universal") == stem or units(stem) > _LONGEST


def _freed(stem: str, otherwise: str) -> str:
    first, dot, rest = stem.partition(".")
    return f"{first.rstrip()} book{dot}{rest}" if stem else otherwise


def _shortened(stem: str, room: int, ending: str) -> str:
    room_for_stem, bytes_for_stem = room - units(ending), _MOST_BYTES - len(ending.encode())
    if room_for_stem < _SHORTEST:
        raise DeliveryError(
            f"In that folder a name may have no more than {max(room, 0)} characters, which is too short for a book.",
            "Name a folder higher up with --to.",
        )
    while units(stem) > room_for_stem or len(stem.encode()) > bytes_for_stem:
        stem = stem[:-1]
    while stem and (unicodedata.combining(stem[-1]) and units(stem) == room_for_stem):
        stem = stem[:-1]
    return stem.rstrip(". -" + _KEPT_FORMATS) or stem
