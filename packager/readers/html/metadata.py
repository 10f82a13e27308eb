"""What a page says of its article: in JSON-LD, in `<meta>` (OpenGraph, Dublin Core, the words of publishers' own systems),
in microdata, in the lines around the title.

The sources are asked in that order; of each the first good value holds.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import urljoin, urlsplit

from lxml import etree

from packager.languages import normal_tag, primary
from packager.readers.dates import find_date
from packager.readers.html.evidence import letters
from packager.readers.html.linked_data import linked_article, texts
from packager.xhtml import text_of

_META = {
    "title": "og:title dc.title dcterms.title citation_title parsely-title sailthru.title twitter:title title",
    "authors": "citation_author dc.creator dcterms.creator author article:author parsely-author sailthru.author byl dc.creator.personalname og:article:author book:author",
    "date": "article:published_time og:article:published_time citation_publication_date citation_date dc.date.issued dcterms.issued "
    "dcterms.created dc.date.created dc.date dcterms.date parsely-pub-date sailthru.date pubdate publishdate publish-date publish_date date "
    "article.published datepublished publication_date",
    "modified": "article:modified_time og:updated_time dcterms.modified dc.date.modified last-modified datemodified",
    "publisher": "og:site_name citation_journal_title dc.publisher dcterms.publisher application-name",
    "description": "og:description description dc.description dcterms.description dcterms.abstract twitter:description",
    "cover": "og:image og:image:url og:image:secure_url twitter:image twitter:image:src",
    "rights": "dc.rights dcterms.rights dcterms.license copyright rights",
    "source": "og:url",
    "language": "content-language dc.language dcterms.language og:locale language",
}
_PROPERTIES = {
    "title": ("headline",),
    "authors": ("author", "creator"),
    "date": ("datePublished", "dateCreated"),
    "modified": ("dateModified",),
    "publisher": ("publisher",),
    "description": ("description",),
    "cover": ("image",),
    "rights": ("license",),
}
_SEPARATOR = re.compile(r"\s+(?:[-–—|·•»«/:~]|::|\|\|)\s+|\s*[|»·•]\s*|\s*_\s?")
_BYLINE = re.compile(
    r"(?:^|[\s_-])(?:byline|authors?|posted-?by|writer|p-author|entry-author|article-author|contributor)(?:$|[\s_-]|__)",
    re.I,
)
_NOT_A_BYLINE = re.compile(r"comment|bio\b|box|related|avatar|image|photo|social|follow|desc", re.I)
_BY = re.compile(
    r"^\W*(?:(?:written|reported|posted|published|text|words|story|article)\s+by|by|von|par|por|di|door|autor(?:in|en)?|auteurs?|"
    r"authors?|text|texte|автор|от|作者|文|記者|记者)\b\s*[:：]?\s*",
    re.I,
)
_LISTED = re.compile(r"\S+ \S[^,]*, \S+ \S")
_NOT_A_NAME = re.compile(
    r"https?:|@|\d{3}|^(?:admin|administrator|editor|staff|author|unknown|none|null|redaktion|follow author)$", re.I
)


_MARKED = etree.XPath("//*[@itemprop and not(self::meta)]")


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
    linked = linked_article(root)
    meta = _meta(root)
    base = base_of(root, address)
    marked = _MARKED(root)
    found: dict[str, object] = {}
    for name in ("date", "modified", "publisher", "description", "rights"):
        found[name] = _first(_linked(linked, name) + _named(meta, name) + _microdata(marked, name))
    for name in ("date", "modified"):
        found[name] = _date(str(found[name])) if found[name] else None
    found["date"] = found["date"] or _visible_date(root)
    found["title"] = _title(root, linked, meta, str(found["publisher"] or ""))
    found["authors"] = _authors(root, linked, meta, found)
    found["description"] = _without_title(found["description"], found["title"])
    found["cover"] = _picture(root, linked, meta, base)
    found["rights"] = found["rights"] or _licence(root)
    found["language"] = _language(root, meta, linked)
    found["source"] = _source(root, meta, address)
    modified = found.pop("modified")
    return PageData(
        {name: value for name, value in found.items() if value},
        str(modified) if modified else None,
        str(linked.get("articleBody") or ""),
        "articleBody" in linked or "headline" in linked or "article" in " ".join(meta.get("og:type", [])),
        str(linked.get("isAccessibleForFree", "true")).lower() != "false",
    )


def _meta(root: etree._Element) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for element in root.iter("meta"):
        name = (
            element.get("property") or element.get("name") or element.get("itemprop") or element.get("http-equiv") or ""
        )
        content = " ".join((element.get("content") or "").split())
        for part in name.lower().split():
            if content:
                found.setdefault(part.replace("dc:", "dc.").replace("dcterms:", "dcterms."), []).append(content)
    return found


def _linked(linked: Mapping[str, object], name: str) -> list[str]:
    return [text for key in _PROPERTIES.get(name, ()) for text in texts(linked.get(key))]


def _named(meta: Mapping[str, list[str]], name: str) -> list[str]:
    return [value for key in _META[name].split() for value in meta.get(key, ())]


def _microdata(marked: Sequence[etree._Element], name: str) -> list[str]:
    wanted = {key.lower() for key in _PROPERTIES.get(name, ())}
    found = []
    for element in marked:
        if (element.get("itemprop") or "").lower() in wanted and not _in_comment(element):
            inner = [part for part in element.iter("*") if (part.get("itemprop") or "").lower() == "name"] or [element]
            found += [part.get("content") or part.get("datetime") or text_of(part) for part in inner]
    return [text for text in found if text]


def _in_comment(element: etree._Element) -> bool:
    return any(
        "comment" in f"{outer.get('itemprop')} {outer.get('class')} {outer.get('id')}".lower()
        for outer in element.iterancestors()
    )


def _first(values: Iterable[str]) -> str | None:
    return next(
        (value for value in values if value.strip() and value.lower() not in ("null", "none", "undefined")), None
    )


def base_of(root: etree._Element, address: str | None) -> str | None:
    """The address from which those in the page are seen: that of its `<base>`, or its own."""
    named = next((element.get("href") for element in root.iter("base") if element.get("href")), None)
    return urljoin(address or "", named.strip()) if named else address


def _date(text: str) -> str | None:
    if re.match(r"\d{4}-\d\d-\d\d", text):
        text = text[:10]
    found = find_date(text)
    return found[0] if found and "1400" < found[0] < "2200" else None


def _visible_date(root: etree._Element) -> str | None:
    """The date of the first `<time>`, or of the first line that calls itself a date."""
    for element in root.iter("time"):
        if not _in_comment(element) and (
            date := _date(element.get("datetime") or text_of(element)) or _date(text_of(element))
        ):
            return date
    for element in root.iter("span", "p", "div", "li", "small", "em", "abbr", "a"):
        hints = f"{element.get('class', '')} {element.get('id', '')}"
        if (
            re.search(r"date|publish|posted|time|byline|meta\b", hints, re.I)
            and len(element) < 12
            and not _in_comment(element)
        ):
            text = text_of(element)
            if len(text) < 150 and (date := _date(text)) and len(date) == 10:
                return date
    return None


def _title(root: etree._Element, linked: Mapping[str, object], meta: Mapping[str, list[str]], site: str) -> str | None:
    """The title of the article without the name of the site."""
    in_head = next((text_of(element) for element in root.iter("title") if text_of(element)), "")
    headings = [text for element in root.iter("h1", "h2") if (text := text_of(element))]
    offered = [
        *texts(linked.get("headline")),
        *texts(linked.get("name")),
        *_named(meta, "title"),
        *_microdata(_MARKED(root), "title"),
    ]
    printed = [letters(text) for text in (in_head, *headings)]
    given = _first(text for text in offered if any(_is_most_of(letters(text), place) for place in printed)) or _first(
        offered
    )
    whole = given or in_head
    if not whole:
        return next((text_of(element) for element in root.iter("h1") if text_of(element)), None)
    whole = re.sub(r"&(?:amp|#0?39|quot);", lambda entity: {"&amp;": "&", "&quot;": '"'}.get(entity[0], "'"), whole)
    for heading in headings:
        same = letters(heading)
        if same and same in letters(whole) and 2 * len(same) >= len(letters(whole)):
            return heading if letters(heading) != letters(whole) or not given else whole
    return _without_site(whole, site, bool(given)) or whole


def _is_most_of(part: str, whole: str) -> bool:
    return part in whole and 2 * len(part) >= len(whole)


def _without_site(title: str, site: str, given: bool) -> str | None:
    parts = _SEPARATOR.split(title)
    marks = _SEPARATOR.findall(title)
    if len(parts) < 2:
        return title
    known = letters(site)
    if known and letters(parts[-1]) and (letters(parts[-1]) in known or known in letters(parts[-1])):
        return title[: title.rindex(marks[-1])].strip() or None
    if known and letters(parts[0]) and letters(parts[0]) == known:
        return title[title.index(marks[0]) + len(marks[0]) :].strip() or None
    if given:
        return title
    longest = max(parts, key=lambda part: len(part.split()) * 100 + len(part))
    first_long = len(parts[0].split()) >= 3 or len(letters(parts[0])) > 15
    return parts[0] if first_long else longest if len(longest.split()) >= 3 else title


def _authors(
    root: etree._Element, linked: Mapping[str, object], meta: Mapping[str, list[str]], found: Mapping[str, object]
) -> list[str]:
    last: list[str] = []
    for values in (
        _linked(linked, "authors"),
        _named(meta, "authors"),
        _microdata(_MARKED(root), "authors"),
        _by_relation(root),
        _by_class(root),
    ):
        names = [name for value in values for name in _names(value)]
        site = letters(str(found.get("publisher") or ""))
        good = [name for name in dict.fromkeys(names) if not _NOT_A_NAME.search(name)]
        if people := [
            name
            for name in good
            if letters(name) != site and not re.search(r"\w\.(?:com|org|net|de|at|ch|fr|it|es|uk|tv)\b", name)
        ]:
            return people[:20]
        last = last or [
            name for name in good if re.fullmatch(r"(?!The |Der |Die |Das |La |Le |El )\w\S*(?: \w\S*){1,2}", name)
        ]
    return last


def _names(value: str) -> list[str]:
    value = _BY.sub("", " ".join(value.split())).strip(" ,;|·•-–")
    if found := find_date(value):
        value = value.replace(found[1], "").strip(" ,;|·•-–")
    if not value or len(value) > 120:
        return []
    parts = [value]
    if "(" not in value:
        parts = re.split(r"\s*[;|•·]\s*|\s+(?:and|und|et|y)\s+|\s*&\s*", value)
        # "Ann Lee, Bo Chan" are two, "Jong, Michiel de" is one.
        parts = [name for part in parts for name in (part.split(", ") if _LISTED.match(part) else [part])]
    return [part.strip(" ,.") for part in parts if part and len(part.split()) <= 8] or [value]


def _by_relation(root: etree._Element) -> list[str]:
    links = [
        link
        for link in root.iter("a", "link")
        if "author" in (link.get("rel") or "").lower().split() and not _in_comment(link)
    ]
    return list(dict.fromkeys(text for link in links if (text := text_of(link)) and len(text) < 80))[:5]


def _by_class(root: etree._Element) -> list[str]:
    for element in root.iter("span", "p", "div", "a", "address", "li", "strong", "em", "h3", "h4", "h5", "h6"):
        hints = f"{element.get('class', '')} {element.get('id', '')}"
        if _BYLINE.search(hints) and not _NOT_A_BYLINE.search(hints) and not _in_comment(element):
            text = text_of(element)
            if 3 < len(text) < 100 and not text.endswith((".", "!", "?")):
                return [text]
    for element in root.iter("p", "span", "div", "em", "strong"):
        text = text_of(element) if len(element) < 4 else ""
        if 5 < len(text) < 60 and re.match(r"(?:By|Von|Par|Por|Di)\s+(?:[^\W\d_][\w.’'-]+\s?){2,4}$", text):
            return [text]
    return []


def _without_title(description: object, title: object) -> str | None:
    text = str(description or "")
    return None if letters(text) == letters(str(title or "")) else text or None


def _picture(
    root: etree._Element, linked: Mapping[str, object], meta: Mapping[str, list[str]], base: str | None
) -> str | None:
    value = linked.get("image")
    entries = value if isinstance(value, list) else [value]
    urls = [entry.get("url") if isinstance(entry, dict) else entry for entry in entries]
    named = _first([*_named(meta, "cover"), *(url for url in urls if isinstance(url, str))])
    if named is None:
        named = next((link.get("href") for link in root.iter("link") if link.get("rel") == "image_src"), None)
    try:
        return urljoin(base or "", named) if named else None
    except ValueError:
        return None


def _licence(root: etree._Element) -> str | None:
    for link in root.iter("link", "a"):
        if "license" in (link.get("rel") or "").lower().split():
            return text_of(link) or link.get("href")
    return None


def _language(root: etree._Element, meta: Mapping[str, list[str]], linked: Mapping[str, object]) -> str | None:
    candidates = [root.get("lang"), root.get("{http://www.w3.org/XML/1998/namespace}lang"), root.get("xml:lang")]
    body = root.find("body")
    if body is not None:
        candidates.append(body.get("lang"))
    candidates += [*texts(linked.get("inLanguage")), *_named(meta, "language")]
    return next((tag for text in candidates if text and (tag := normal_tag(text.split(",")[0]))), None)


def _source(root: etree._Element, meta: Mapping[str, list[str]], address: str | None) -> str | None:
    named = [link.get("href") for link in root.iter("link") if (link.get("rel") or "").lower() == "canonical"]
    for candidate in [*named, *_named(meta, "source"), address]:
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
            return url
    return address


def same_language(declared: str | None, detected: str | None, length: int) -> str | None:
    """The language to use: the declared one, unless a long text is plainly in another."""
    if declared is None or (detected and length > 1500 and primary(declared) != primary(detected)):
        return detected
    return declared
