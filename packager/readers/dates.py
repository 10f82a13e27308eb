"""Dates as they stand at the head of an article, turned into ISO 8601."""

from __future__ import annotations

import re
from datetime import date

from packager.patterns import late_pattern

_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "january jan janvier januar jänner enero gennaio janeiro januari января січня stycznia ledna ianuarie ocak "
            "tammikuuta gener ιανουαρίου يناير",
            "february feb février februar febrero febbraio fevereiro februari февраля лютого lutego února februarie şubat "
            "helmikuuta febrer φεβρουαρίου فبراير",
            "march mar mars märz marzo março maart maret marts марта березня marca března martie mart maaliskuuta març "
            "μαρτίου مارس",
            "april apr avril abril aprile апреля квітня kwietnia dubna aprilie nisan huhtikuuta απριλίου أبريل",
            "may mai mayo maggio maio mei maj мая травня maja května mayıs toukokuuta maig μαΐου مايو",
            "june jun juin juni junio giugno junho июня червня czerwca června iunie haziran kesäkuuta juny ιουνίου يونيو",
            "july jul juillet juli julio luglio julho июля липня lipca července iulie temmuz heinäkuuta juliol ιουλίου يوليو",
            "august aug août agosto augustus agustus augusti августа серпня sierpnia srpna ağustos elokuuta agost αυγούστου "
            "أغسطس",
            "september sept sep septembre septiembre settembre setembro сентября вересня września září septembrie eylül "
            "syyskuuta setembre σεπτεμβρίου سبتمبر",
            "october oct octobre oktober octubre ottobre outubro октября жовтня października října octombrie ekim lokakuuta "
            "οκτωβρίου أكتوبر",
            "november nov novembre noviembre novembro ноября листопада listopada listopadu noiembrie kasım marraskuuta "
            "νοεμβρίου نوفمبر",
            "december dec décembre dezember diciembre dicembre dezembro desember декабря грудня grudnia prosince decembrie "
            "aralık joulukuuta desembre δεκεμβρίου ديسمبر",
        ),
        start=1,
    )
    for name in names.split()
}
_MONTH = "|".join(sorted(_MONTHS, key=len, reverse=True))
_FORMS = (
    late_pattern(r"\b(?P<y>\d{4})-(?P<m>\d{1,2})-(?P<d>\d{1,2})(?:T[\d:.,+Z-]+)?\b"),
    late_pattern(r"\b(?P<y>\d{4})/(?P<m>\d{1,2})/(?P<d>\d{1,2})\b"),
    late_pattern(r"(?P<y>\d{4})\s?[年년]\s?(?P<m>\d{1,2})\s?[月월]\s?(?P<d>\d{1,2})\s?[日일]"),
    late_pattern(r"(?<![\d.])(?P<y>[12]\d{3})\.\s?(?P<m>\d{1,2})\.\s?(?P<d>\d{1,2})(?![\d]|\.\d)"),
    late_pattern(r"\b(?P<d>\d{1,2})\.\s?(?P<m>\d{1,2})\.\s?(?P<y>\d{4})\b"),
)
_FORMS_WITH_NAMES = (
    late_pattern(
        rf"\b(?P<d>\d{{1,2}})(?:st|nd|rd|th|er|\.|º)?\s+(?:de\s+|of\s+|d[’'])?(?P<name>{_MONTH})\.?,?\s+(?:de\s+)?(?P<y>\d{{4}})\b",
        re.I,
    ),
    late_pattern(rf"\b(?P<name>{_MONTH})\.?\s+(?P<d>\d{{1,2}})(?:st|nd|rd|th)?,?\s+(?P<y>\d{{4}})\b", re.I),
    late_pattern(rf"\b(?P<name>{_MONTH})\.?\s+(?P<y>\d{{4}})\b", re.I),
)
_WORD = late_pattern(r"[^\W\d_]+")
_YEAR = late_pattern(r"\d{4}")
_SLASHES = late_pattern(r"\b(?P<first>\d{1,2})[/-](?P<second>\d{1,2})[/-](?P<y>\d{4})\b")


def find_date(text: str) -> tuple[str, str] | None:
    """The first date in `text` as (ISO 8601, the words that say it); None when there is none, or none that is sure.

    Dots mean day first. With slashes the order is known only when one number is above 12 or both are the same.
    """
    if not _YEAR.search(text):
        return None
    names_a_month = any(word.lower() in _MONTHS for word in _WORD.findall(text))
    forms = (*_FORMS, *_FORMS_WITH_NAMES) if names_a_month else _FORMS
    found = [(match.start(), match) for form in forms if (match := form.search(text))]
    for _, match in sorted(found, key=lambda pair: pair[0]):
        parts = match.groupdict()
        month = int(parts["m"]) if parts.get("m") else _MONTHS[parts["name"].lower()]
        day = parts.get("d")
        if iso := _iso(int(parts["y"]), month, int(day) if day else None):
            return iso, match[0]
    if match := _SLASHES.search(text):
        first, second = int(match["first"]), int(match["second"])
        if first > 12 or first == second:
            day_month = (first, second)
        elif second > 12:
            day_month = (second, first)
        else:
            return None
        if iso := _iso(int(match["y"]), day_month[1], day_month[0]):
            return iso, match[0]
    return None


def unsure_date(text: str) -> str | None:
    """Words that look like a date of which nobody can tell day from month ("03/04/2021")."""
    match = _SLASHES.search(text)
    return match[0] if match and find_date(text) is None else None


def is_iso_date(text: str) -> bool:
    """Whether `text` is YYYY, YYYY-MM or YYYY-MM-DD and a date that exists."""
    if match := re.fullmatch(r"(\d{4})(?:-(\d\d)(?:-(\d\d))?)?", text):
        year, month, day = match.groups()
        return _iso(int(year), int(month or 1), int(day) if day else None) is not None
    return False


def _iso(year: int, month: int, day: int | None) -> str | None:
    try:
        whole = date(year, month, day or 1)
    except ValueError:
        return None
    return whole.isoformat() if day else f"{year:04}-{month:02}"
