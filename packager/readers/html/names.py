"""The names in a line that says who wrote something."""

from __future__ import annotations

import re
from collections.abc import Iterable

from packager.readers.dates import find_date
from packager.readers.html.evidence import letters

_FILLERS = (
    r"written|reported|posted|published|submitted|created|words|story|article|text|texte?|report|author|on|"
    r"ein|eine|bericht|beitrag|artikel|blog|interview|kommentar|analyse|essay|rede|geschrieben|verfasst|eingestellt|"
    r"veröffentlicht|publiziert|gespeichert|erstellt|publié|écrit|propos|recueillis|publicado|escrito|pubblicato|scritto|geplaatst"
)
_BY = re.compile(
    rf"^\W*(?:(?:{_FILLERS})\W+)*(?:by|von|vom|par|por|di|de|da|door|от|av|przez|oleh|yazan)\b\s*:?\s*", re.I
)
_BY_ONCE_MORE = re.compile(rf"^\W*(?:(?:{_FILLERS})\W*)+(?:by|von|par|por)\b\s*:?\s*(?=\S)", re.I)
_LABEL = re.compile(
    r"^\W*(?:autor(?:en|in|es|a)?|auteure?s?|authors?|autore|auteur|verfasser(?:in)?|interview|text|texte|foto|redaktion|автор(?:ы)?|"
    r"작성자|作者|文|記者|记者|執筆者?|著者|بقلم|الكاتب|كتب(?:ت)?)\s*(?:[:：/|]\s*|\s+(?=[^\W\d_]))",
    re.I,
)
_WITHIN = re.compile(r"^.*?\s(?:作者|記者|记者)\s*[:：]\s*(?P<name>[^\s,，:：]{2,12}).*$")
_GLUED = re.compile(r"\b(Author|Autor|By|Von|Par|von|by|par)(?=[A-ZÄÖÜ][a-zäöü])")
_CLOCK = re.compile(r"\b\d{1,2}[:.h]\d\d(?::\d\d)?(?:\s?(?:uhr|[ap]\.?m\.?\b|[ecmp][sd]?t\b|gmt|utc))*", re.I)
_EDGE = (
    r"(?:posted|published|updated|last|modified|stand|aktualisiert|datum|date|on|at|am|um|uhr|le|el|il|op|mon|tue|wed|thu|fri|"
    r"sat|sun|monday|tuesday|wednesday|thursday|friday|saturday|sunday|montag|dienstag|mittwoch|donnerstag|freitag|samstag|"
    r"sonntag|shares?|edit|follow|min(?:ute)?s?|read|\d{1,4})"
)
_EDGES = re.compile(rf"^(?:[\s,;:|·•@/()\-–—]+|{_EDGE}\b)+|(?:[\s,;:|·•@/(\-–—→]+|(?<=\s){_EDGE}[.:]?)+$", re.I)
_REST = re.compile(
    r"\s(?:—\s|edited by|photos? by|photographs? by|illustrations? by|translated by|reviewed by|@|in [A-Z]|staff writer\b|"
    r"senior \w+|im gespräch|veröffentlicht|publiziert|quelle:|show all|"
    r"\w+ editor$|\w+ (?:reporter|correspondent|writer)$|special to|for the|fotos?:|bilder:|기자|記者|记者).*$",
    re.I,
)
_AND = re.compile(r"\s*[;|•·]\s*|\s+(?:and|And|AND|und|et|y|e|i|og|och|en|with|mit|и|та|و)\s+|\s*&\s*|[、，]")
_LISTED = re.compile(r"\S+ \S[^,]*, \S+ \S|[^,]+, [^,]+, ")
_ROLE = re.compile(
    r"(?:staff|senior|chief|contributing|guest|special|political|science|health)?\s*(?:writer|reporter|correspondent|editor|"
    r"contributor|columnist|journalist|freelancer|autor(?:in)?|redakteur(?:in)?|redaktion|staff|ph\.?\s?d\.?|m\.?d\.?|m\.?a\.?|"
    r"jr\.?|sr\.?|m\.?sc\.?|b\.?sc\.?|r\.?n\.?|rd|prof\.?|afp|dpa|reuters|ap|ndr|wdr|news\b.*|.*\bnews)",
    re.I,
)
_NOT_A_NAME = re.compile(
    r"https?:|www\.|@|\d{3}|^\W*$|^\d+\w$|"
    r"^(?:admin|wordpressadmin|administrator|webmaster|editor|editors|staff|author|authors|no author|unknown|none|null|"
    r"redaktion|follow author|posted|last updated.?|team|guest|gast|redakteur|autor|by|share|anzeige|published|written|"
    r"agencies|in uncategorized|uncategorized|comments?|superuser|root|user|username|sign in|log ?in|published by|"
    r"read more)$|"
    r"kommentar|comment|alle beiträge|view all|see all|minute|subscribe|newsletter|cookie|profil\b|profile",
    re.I,
)
_HOST = re.compile(r"\w\.(?:com|org|net|de|at|ch|fr|it|es|uk|tv)\b")
_LIKE_A_PERSON = re.compile(r"(?!The |Der |Die |Das |La |Le |El )[^\W\d_]\S*(?: \w\S*){1,2}")
_MOST_WORDS = 7


def people_in(values: Iterable[str], site: str) -> list[str]:
    """The people named in some lines, each once; not the `site` nor its host."""
    found: dict[str, str] = {}
    for name in (name for value in values for name in names_in(value, site)):
        if not _NOT_A_NAME.search(name) and letters(name) != letters(site) and not _HOST.search(name):
            found.setdefault(letters(name), name)
    return list(found.values())


def site_like_person(values: Iterable[str], site: str) -> list[str]:
    """The name of the site, where it is given as the author's and could be a person's."""
    names = [name for value in values for name in names_in(value, "")]
    return [name for name in names if letters(name) == letters(site) and _LIKE_A_PERSON.fullmatch(name)][:1]


def begins_like_byline(line: str) -> bool:
    """Whether a line says "by" or "author:" before what looks like names."""
    rest = _LABEL.sub("", line, count=1) if re.match(r"^\W*\w+\s*[:：]", line) else line
    rest = rest if rest != line else _BY.sub("", line, count=1)
    if _WITHIN.match(line):
        return True
    words = _without_time(rest).split()
    if rest == line or not 1 <= len(words) <= 12 or (line.endswith((".", "!", "?")) and len(words) > 4):
        return False
    first = words[0][:1]
    return first.isupper() or not (first.islower() or first.isdigit())


def names_in(value: str, site: str) -> list[str]:
    """The names in one value, without what is said of their owners, of the place or of the time."""
    value = re.sub(r"\((?:https?:)?//[^)]*\)", " ", " ".join(value.split()))
    value = _WITHIN.sub(r"\g<name>", value)
    value = _without_time(value)
    value = _LABEL.sub("", _BY_ONCE_MORE.sub("", _BY.sub("", _GLUED.sub(r"\1 ", value))), count=1)
    value = _EDGES.sub("", _REST.sub("", value))
    if not value or len(value) > 160 or letters(value) == letters(site):
        return []
    parts = [value]
    if "(" not in value:
        parts = [part for part in _AND.split(value) if part]
        # "Ann Lee, Bo Chan" are two, "Jong, Michiel de" is one.
        listed = len(parts) > 1 or _LISTED.match(value) is not None
        parts = [name for part in parts for name in _apart(part, listed, site)]
    names = [_EDGES.sub("", part).strip(" ,") for part in parts]
    return [name for name in names if name and len(name.split()) <= _MOST_WORDS]


def _apart(part: str, listed: bool, site: str) -> list[str]:
    """The names between commas, without titles, offices and papers."""
    pieces = [piece.strip() for piece in part.split(",")]
    people = [piece for piece in pieces[1:] if not _ROLE.fullmatch(piece) and letters(piece) != letters(site)]
    if not people:
        return pieces[:1]
    return [pieces[0], *people] if listed else [", ".join([pieces[0], *people])]


def _without_time(text: str) -> str:
    for _ in range(3):
        if found := find_date(text):
            text = text.replace(found[1], " ", 1)
    return " ".join(_CLOCK.sub(" ", text).split())
