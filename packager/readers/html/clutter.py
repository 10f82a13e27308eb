"""The names that pages give to what is not the article, and what to call it in the report."""

from __future__ import annotations

import re
from functools import lru_cache

from lxml import etree

_KINDS = (
    ("Cookie notice", r"cookie|consent|gdpr|cmp-?banner|onetrust"),
    (
        "Comments",
        r"comment(?:s|-?list|-?form|-?area|ary-?box)?\b|disqus|respond\b|commentlist|kommentare?\b|discussion\b",
    ),
    (
        "Share bar",
        r"shar(?:e|ing)(?!d)|social(?!ist|ism|ize|-?science)|addtoany|addthis|follow-?us|sociable|jp-?relatedposts-?share",
    ),
    (
        "Related links",
        r"related|recommend|recirc|read-?(?:more|next|also)|more-?(?:from|stories|news|articles|posts)|also-?like|outbrain|taboola|trending|popular|most-?read|\bteasers?\b|teaser-?(?:list|box|item)|newsteaser|similar|see-?also-?box|latest-?(?:news|posts)|yarpp|recent-?(?:posts|articles)",
    ),
    ("Newsletter sign-up", r"newsletter|subscri(?:be|ption)|sign-?up|mailchimp|mc_embed"),
    (
        "Advertisement",
        r"\b(?:ads?|adv|advert\w*|adsense|adslot|adunit|banner|sponsor\w*|promo\w*|dfp|gpt-?ad|anzeige|werbung)\b|google-?ad|\bad-(?:container|wrapper|box|slot|unit)",
    ),
    (
        "Navigation",
        r"\bnav\b|navbar|navigation|menu|breadcrumb|pagination|pager|\bpaging\b|tabs?-?nav|toolbar|skip-?(?:link|to)|sitemap|toc-?toggle|post-?nav|prev-?next|\bnext-?prev",
    ),
    (
        "Tags and filing",
        r"\btags?\b|tag-?(?:list|cloud|links)|tagcloud|categor(?:y|ies)-?(?:list|links)?\b|post-?meta|entry-?meta|article-?meta|byline|post-?info|entry-?(?:utility|footer)|meta-?(?:data|info)|\bmeta\b|dateline|posted-?(?:on|by|in)|kicker\b|rating|votes?\b",
    ),
    ("Author box", r"author-?(?:box|bio|info|card|desc\w*|profile)|about-?(?:the-?)?author"),
    (
        "Page tools",
        r"print(?:-?(?:button|link|friendly))?\b|\btools?\b|edit-?section|editsection|copy-?(?:button|link)|button|widget|login|log-?in|sign-?in|paywall|regwall|search-?(?:form|box)|modal|popup|pop-?up|overlay|tooltip|(?:video|audio|media)-?player|player-?(?:wrap\w*|container|controls)|video-?js|vjs-|noprint|screen-?reader|visually-?hidden|\bhidden\b|sr-only|invisible|print-?only|footer|sidebar|side-?bar|masthead|site-?header|\bsidr\b|complementary|copyright|disclaimer|catlinks|navbox|hatnote-?none",
    ),
)
_PHRASES = re.compile(
    r"(?:advertise?ment|sponsored(?: links| content)?|anzeige|werbung|publicit[ée]|publicidad|pubblicit[àa]|реклама|reklama|広告|advertentie|"
    r"(?:related|recommended|more|latest|recent|popular|similar|trending|top|other)(?: \w+)? "
    r"(?:articles?|stories|posts?|news|reading|content|links?|topics?|videos?)|"
    r"related|recommended(?: for you)?|most (?:read|popular|viewed)|read (?:more|next|also|this next)|also read|up next|more (?:from|on|like) .*|"
    r"you (?:may|might) (?:also )?(?:like|be interested in|enjoy).*|you may also be interested.*|share (?:this|on|via).*|follow us.*|"
    r"(?:mehr|weitere \w+) zum thema|das k(?:ö|oe)nnte (?:dich|sie|euch|ihnen) (?:auch )?.*|(?:auch|mehr) interessant|lesen sie (?:auch|mehr).*|mehr (?:von|aus|zu) .*|"
    r"(?:weitere|ähnliche|verwandte|passende|neueste|aktuelle|meistgelesene) (?:artikel|beitr(?:ä|ae)ge|themen|meldungen|nachrichten|links)|zum weiterlesen|"
    r"(?:à )?lire (?:aussi|également).*|vous aimerez aussi.*|sur le même (?:sujet|thème).*|articles? (?:similaires|liés|connexes|relacionados)|"
    r"(?:lea|lee|leer|ver|le puede interesar|te puede interesar|tambi[ée]n te puede interesar).{0,3}(?:tambi[ée]n|m[áa]s)?|noticias relacionadas|"
    r"(?:leia|veja|saiba) (?:tamb[ée]m|mais).*|leggi anche.*|potrebbe(?:ro)? interessarti.*|articoli correlati|articolo correlato|"
    r"czytaj (?:też|także|również).*|zobacz (?:też|także|również).*|lees ook.*|читайте также.*|по теме|関連記事|相关阅读|"
    r"subscribe.*newsletter.*|sign up for .*newsletter.*|click here to subscribe.*|"
    r"(?:leave|post|write|add) a (?:comment|reply).*|(?:\d+ )?comments?|kommentare?|einen kommentar schreiben|commentaires|comentarios|commenti)\W*",
    re.I,
)
"""Headings and short lines that announce what is not the article, in the languages of most pages."""

_HINTS = [(kind, re.compile(pattern)) for kind, pattern in _KINDS]
_BY_ELEMENT = {
    "nav": "Navigation",
    "footer": "Footer",
    "form": "Form",
    "button": "Form",
    "select": "Form",
    "textarea": "Form",
    "iframe": "Embedded page",
    "audio": "Player",
    "video": "Player",
    "dialog": "Dialogue box",
}
_BY_ROLE = {
    "navigation": "Navigation",
    "menu": "Navigation",
    "menubar": "Navigation",
    "search": "Form",
    "banner": "Page header",
    "contentinfo": "Footer",
    "dialog": "Dialogue box",
    "alertdialog": "Dialogue box",
    "complementary": "Side column",
}
_FILING = re.compile(r"(?:^|(?<=\s))(?:tag|category|cat|post|status|format|type|author)-\S+")
"""Classes that tell how an article is filed, not what it is."""

_HUMPS = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")


def kind_of_clutter(element: etree._Element) -> str | None:
    """What an element says that it is, if it is no part of an article: by its name, its role, its class and its id."""
    if kind := _BY_ELEMENT.get(element.tag) or _BY_ROLE.get(element.get("role", "")):
        return kind
    classes = _FILING.sub(" ", element.get("class", ""))
    hints = f"{classes} {element.get('id', '')} {element.get('data-component', '')} {element.get('aria-label', '')}"
    return _kind_by_name(hints[:400]) if hints.strip() else None


@lru_cache(maxsize=4096)
def _kind_by_name(hints: str) -> str | None:
    hints = _HUMPS.sub("-", hints).replace("_", "-").lower()
    return next((kind for kind, pattern in _HINTS if pattern.search(hints)), None)


def announces_clutter(text: str) -> bool:
    """Whether a short line says that what follows is something else."""
    return len(text) < 80 and _PHRASES.fullmatch(text.strip(" \t\n:…»›>|-–—•·")) is not None


def is_hidden(element: etree._Element) -> bool:
    """Whether a page shows this element to nobody."""
    style = element.get("style", "").replace(" ", "").lower()
    return "hidden" in element.attrib or "display:none" in style or "visibility:hidden" in style
