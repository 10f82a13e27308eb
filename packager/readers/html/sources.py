"""Where a page says something of its article: linked data, `<meta>`, microdata."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cached_property

from lxml import etree

from packager.readers.html.linked_data import linked_article, texts
from packager.xhtml import text_of

_META = {
    "title": "og:title dc.title dcterms.title citation_title parsely-title sailthru.title twitter:title title",
    "authors": "citation_author dc.creator dcterms.creator author article:author parsely-author sailthru.author byl "
    "dc.creator.personalname og:article:author book:author",
    "date": "article:published_time og:article:published_time citation_publication_date citation_date dc.date.issued "
    "dcterms.issued dcterms.created dc.date.created dc.date dcterms.date parsely-pub-date sailthru.date pubdate publishdate "
    "publish-date publish_date date article.published datepublished publication_date",
    "modified": "article:modified_time og:updated_time dcterms.modified dc.date.modified last-modified datemodified",
    "publisher": "og:site_name citation_journal_title dc.publisher dcterms.publisher application-name",
    "description": "og:description description dc.description dcterms.description dcterms.abstract twitter:description",
    "cover": "og:image og:image:url og:image:secure_url twitter:image twitter:image:src",
    "rights": "dc.rights dcterms.rights dcterms.license copyright rights",
    "source": "og:url",
    "language": "content-language dc.language dcterms.language og:locale language",
}
_PROPERTIES = {
    "title": ("headline", "name"),
    "authors": ("author", "creator"),
    "date": ("datePublished", "dateCreated"),
    "modified": ("dateModified",),
    "publisher": ("publisher",),
    "description": ("description",),
    "cover": ("image",),
    "rights": ("license",),
}


_WRITTEN_BY = re.compile(
    r"written by|by\b|authors?\b|verfasst von|geschrieben von|von\b|autor|écrit par|par\b|escrito por|por\b|scritto da|"
    r"geschreven door|автор|написано|執筆者|作者|كتب",
    re.I,
)
_NOTHING = frozenset({"null", "none", "undefined"})
_MARKED = etree.XPath("descendant-or-self::*[@itemprop and not(self::meta)]")


class Sources:
    """What a page says by the names of our fields. Asks a tree from which nothing was taken out."""

    def __init__(self, root: etree._Element) -> None:
        self.root = root
        self.linked = linked_article(root)

    def values(self, name: str) -> list[str]:
        """All that is said of a field, the most trusted first."""
        return [*self.in_linked_data(name), *self.in_meta(name), *self.in_microdata(name)]

    def in_linked_data(self, name: str) -> list[str]:
        """What JSON-LD says."""
        return [text for key in _PROPERTIES.get(name, ()) for text in texts(self.linked.get(key))]

    def in_meta(self, name: str) -> list[str]:
        """What OpenGraph, Dublin Core and the words of publishers' own systems say."""
        return [value for key in _META[name].split() for value in self.meta.get(key, ())]

    def labelled_author(self) -> list[str]:
        """The author as cards for messages show it: a label such as "Written by", and behind it the names."""
        labels = [self.meta.get(f"twitter:label{number}", [""])[0] for number in (1, 2)]
        return [
            value
            for number, label in enumerate(labels, start=1)
            if _WRITTEN_BY.match(label)
            for value in self.meta.get(f"twitter:data{number}", [])
        ]

    def in_microdata(self, name: str) -> list[str]:
        """What elements with `itemprop` say, those of comments left out."""
        wanted = {key.lower() for key in _PROPERTIES.get(name, ())} - {"name"}
        found = []
        for marked_as, element in self._marked:
            if marked_as in wanted and not in_comment(element):
                inner = [part for part in element.iter("*") if (part.get("itemprop") or "").lower() == "name"]
                found += [part.get("content") or part.get("datetime") or text_of(part) for part in inner or [element]]
        return [text for text in found if text]

    @cached_property
    def meta(self) -> dict[str, list[str]]:
        """The contents of `<meta>` by their names, in small, "dc.title" and "DC:title" being one."""
        found: dict[str, list[str]] = {}
        for element in self.root.iter("meta"):
            named = (element.get(key) for key in ("property", "name", "itemprop", "http-equiv"))
            content = " ".join((element.get("content") or "").split())
            for name in next(filter(None, named), "").lower().split():
                if content:
                    found.setdefault(name.replace("dc:", "dc.").replace("dcterms:", "dcterms."), []).append(content)
        return found

    @cached_property
    def _marked(self) -> list[tuple[str, etree._Element]]:
        return [(element.get("itemprop").lower(), element) for element in _MARKED(self.root)]


def in_comment(element: etree._Element) -> bool:
    """Whether an element stands among the comments of readers."""
    return any(
        "comment" in f"{outer.get('itemprop')} {outer.get('class')} {outer.get('id')}".lower()
        for outer in element.iterancestors()
    )


def first(values: Iterable[str]) -> str | None:
    """The first value that says something."""
    return next((value for value in values if value.strip() and value.lower() not in _NOTHING), None)
