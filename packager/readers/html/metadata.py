"""What a page says of its article: in JSON-LD, in `<meta>` (OpenGraph, Dublin Core, the words of publishers' own systems),
in microdata, in the lines around the title.

The sources are asked in that order; of each the first good value holds.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import UTC, datetime
from urllib.parse import urljoin, urlsplit

from lxml import etree

from packager.languages import normal_tag, primary
from packager.readers.dates import find_date
from packager.readers.html.authors import authors_of
from packager.readers.html.evidence import letters
from packager.readers.html.linked_data import texts
from packager.readers.html.near_title import lines_near_title
from packager.readers.html.sources import Sources, first, in_comment
from packager.readers.html.titles import title_of
from packager.xhtml import text_of


@dataclass(frozen=True)
class PageData:
    """The fields of the article, those found by a guess apart; `modified` and the whole text as the page gives it in JSON."""

    fields: dict[str, object] = field(default_factory=dict)
    modified: str | None = None
    text: str = ""
    is_article: bool = False
    is_free: bool = True


def page_data(root: etree._Element, address: str | None) -> PageData:
    """The metadata of a page, its `address` being where it was fetched or saved from. Asks an untidied tree."""
    sources = Sources(root)
    found: dict[str, object] = {}
    for name in ("publisher", "description", "rights"):
        found[name] = first(sources.values(name))
    for name in ("date", "modified"):
        found[name] = next(filter(None, map(_date, sources.values(name))), None)
    site = str(found["publisher"] or "")
    found["title"] = title_of(sources, site)
    title = str(found["title"] or "")
    found["date"] = found["date"] or _date_in_address(address) or _visible_date(root, title)
    found["authors"] = authors_of(sources, site, title)
    found["description"] = _without_title(found["description"], found["title"])
    found["cover"] = _picture(sources, base_of(root, address))
    found["rights"] = found["rights"] or _licence(root)
    found["language"] = _language(sources)
    found["source"] = _source(sources, address)
    modified = found.pop("modified")
    return PageData(
        {name: value for name, value in found.items() if value},
        str(modified) if modified else None,
        str(sources.linked.get("articleBody") or ""),
        bool({"articleBody", "headline"} & set(sources.linked)) or "article" in sources.meta.get("og:type", []),
        str(sources.linked.get("isAccessibleForFree", "true")).lower() != "false",
    )


def base_of(root: etree._Element, address: str | None) -> str | None:
    """The address from which those in the page are seen: that of its `<base>`, or its own."""
    named = next((element.get("href") for element in root.iter("base") if element.get("href")), None)
    try:
        return urljoin(address or "", named.strip()) if named else address
    except ValueError:
        return address


def _date(text: str) -> str | None:
    if match := re.fullmatch(r"((?:19|20)\d\d)([01]\d)([0-3]\d)(?:T?\d{4,6})?", text):
        text = "-".join(match.groups())
    if re.fullmatch(r"1\d{9}(?:\d{3})?", text):
        return datetime.fromtimestamp(int(text[:10]), UTC).date().isoformat()
    if re.match(r"\d{4}-\d\d-\d\d", text):
        text = text[:10]
    found = find_date(text)
    return found[0] if found and "1400" < found[0] < "2200" else None


def _date_in_address(address: str | None) -> str | None:
    found = re.search(r"/((?:19|20)\d\d)[/-](\d\d)[/-](\d\d)(?:/|-|$)", address or "")
    return _date("-".join(found.groups())) if found else None


def _visible_date(root: etree._Element, title: str) -> str | None:
    """The date of the first `<time>`, of the lines around the title, or of the first line that calls itself a date."""
    for element in root.iter("time"):
        if not in_comment(element) and (
            date := _date(element.get("datetime") or text_of(element)) or _date(text_of(element))
        ):
            return date
    if dates := [date for line in lines_near_title(root, title) if (date := _date(line)) and len(date) == 10]:
        return dates[0]
    for element in root.iter("span", "p", "div", "li", "small", "em", "abbr", "a"):
        hints = f"{element.get('class', '')} {element.get('id', '')}"
        if (
            re.search(
                r"date|publish|posted|time|byline|meta\b|submitted|created|datum|fecha|data\b|info\b", hints, re.I
            )
            and len(element) < 12
            and not in_comment(element)
        ):
            text = text_of(element)
            if len(text) < 150 and (date := _date(text)) and len(date) == 10:
                return date
    return None


def _without_title(description: object, title: object) -> str | None:
    text = str(description or "")
    return None if letters(text) == letters(str(title or "")) else text or None


def _picture(sources: Sources, base: str | None) -> str | None:
    value = sources.linked.get("image")
    entries = value if isinstance(value, list) else [value]
    urls = [entry.get("url") if isinstance(entry, dict) else entry for entry in entries]
    named = first([*sources.in_meta("cover"), *(url for url in urls if isinstance(url, str))])
    if named is None:
        named = next((link.get("href") for link in sources.root.iter("link") if link.get("rel") == "image_src"), None)
    try:
        return urljoin(base or "", named) if named else None
    except ValueError:
        return None


def _licence(root: etree._Element) -> str | None:
    for link in root.iter("link", "a"):
        if "license" in (link.get("rel") or "").lower().split():
            return text_of(link) or link.get("href")
    return None


def _language(sources: Sources) -> str | None:
    root = sources.root
    candidates = [root.get("lang"), root.get("{http://www.w3.org/XML/1998/namespace}lang"), root.get("xml:lang")]
    body = root.find("body")
    if body is not None:
        candidates.append(body.get("lang"))
    candidates += [*texts(sources.linked.get("inLanguage")), *sources.in_meta("language")]
    return next((tag for text in candidates if text and (tag := normal_tag(text.split(",")[0]))), None)


def _source(sources: Sources, address: str | None) -> str | None:
    named = [link.get("href") for link in sources.root.iter("link") if (link.get("rel") or "").lower() == "canonical"]
    for candidate in [*named, *sources.in_meta("source"), address]:
        try:
            url = urljoin(address or "", (candidate or "").strip())
            parts = urlsplit(url)
        except ValueError:
            continue
        if (
            parts.scheme in ("http", "https")
            and parts.hostname
            and (parts.path.strip("/") or not address or url == address)
        ):
            return str(url)
    return address


def same_language(declared: str | None, detected: str | None, length: int) -> str | None:
    """The language to use: the declared one, unless a long text is plainly in another."""
    if declared is None or (detected and length > 1500 and primary(declared) != primary(detected)):
        return detected
    return declared
