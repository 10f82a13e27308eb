"""Pages that are no article: error pages, walls, empty shells. Each is refused with its reason and a way out."""

from __future__ import annotations

import re
import tomllib
from importlib.resources import files

from lxml import etree

from packager.errors import SourceError
from packager.readers.html.evidence import printed_text

ENOUGH = 100
"""Words with which a page is taken for an article whatever it looks like."""

_FEW = 25
_SAVE = "Open it in your browser, save the page, and give the file with --url ADDRESS."
_TABLE = tomllib.loads((files("packager.readers.html") / "refusal.toml").read_text("utf-8"))
_ERROR, _WALL, _CONSENT, _NEEDS_SCRIPT = (
    re.compile("|".join(_TABLE[sign]), re.I | re.S) for sign in ("error", "wall", "consent", "script")
)
_HEADINGS = etree.XPath("//title[not(ancestor::svg)] | //h1")
_SENTENCE = re.compile(r"\w[^.!?。！？]{30,}[.!?。！？…]|[\u3040-\u9fff]{8,}[。！？]")
_CJK = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\u0e00-\u0e7f]")


def words_in(text: str) -> int:
    """How many words a text has; in scripts without spaces two letters count as one."""
    if text.isascii() or not (dense := len(_CJK.findall(text))):
        return len(text.split())
    return len(_CJK.sub(" ", text).split()) + dense // 2


def may_be_none(text: str, is_article: bool) -> bool:
    """Whether a text has so few words that the page, which may call itself an article, has perhaps none."""
    return words_in(text) < (ENOUGH if is_article else 3 * ENOUGH)


def refuse_no_article(root: etree._Element, name: str, title: str, text: str, is_article: bool, is_free: bool) -> None:
    """Raise `SourceError` when `text`, the little that was found of the article, shows that the page has none.

    `root` is the page before anything was taken out, `is_article` whether it calls itself one. A short text is let
    through when it has a sentence.
    """
    words = words_in(text)
    body = root.find("body")
    heading = " ".join("".join(each.itertext()) for each in _HEADINGS(root))
    if not is_article and _ERROR.search(f"{title} {heading}"[:400]):
        raise SourceError(
            f"{name} is an error page: “{(title or heading).strip()[:80]}”.",
            "Check the address; the article may have moved.",
        )
    if words >= ENOUGH:
        return
    page = "" if body is None else " ".join(printed_text(body).split())
    asks = _WALL.search(text) or (words < ENOUGH // 2 and not is_article and _WALL.search(page))
    if (asks or not is_free) or (words < _FEW and any(each.get("type") == "password" for each in root.iter("input"))):
        raise SourceError(
            f"{name} shows {words} words and asks the reader to log in or to pay.", f"Log in first. {_SAVE}"
        )
    scripts = sum(1 for _ in root.iter("script"))
    prints = " ".join("".join(each.itertext()) for each in root.iter("noscript"))
    if words < _FEW and scripts and (_NEEDS_SCRIPT.search(page + prints) or words_in(page) < ENOUGH):
        raise SourceError(f"{name} holds no text: it is written by scripts when a browser shows it.", _SAVE)
    if len(_CONSENT.findall(text)) * 12 > words:
        raise SourceError(
            f"{name} shows a question about cookies and consent, not the article.", f"Answer it first. {_SAVE}"
        )
    if words < (_FEW if _SENTENCE.search(text) else ENOUGH) and not (is_article and _SENTENCE.search(text)):
        raise SourceError(
            f"{name} has {words} words that look like an article, fewer than {ENOUGH}.",
            f"Name the part that you want with --keep SELECTOR, or else: {_SAVE}",
        )
