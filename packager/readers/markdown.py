"""Markdown → `Article`: CommonMark with tables, footnotes, definition lists, attributes and front matter."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from html import escape
from itertools import pairwise
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from mdit_py_plugins.attrs import attrs_block_plugin, attrs_plugin
from mdit_py_plugins.attrs.parse import ParseError
from mdit_py_plugins.attrs.parse import parse as parse_attributes
from mdit_py_plugins.deflist import deflist_plugin
from mdit_py_plugins.footnote import footnote_plugin

from packager.errors import SourceError
from packager.model import Omission
from packager.readers.draft import Draft
from packager.readers.head import split_names
from packager.readers.source import SourceText

_YAML = re.compile(r"\A---[ \t]*\n(?P<data>.*?)^(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.S | re.M)
_TOML = re.compile(r"\A\+\+\+[ \t]*\n(?P<data>.*?)^\+\+\+[ \t]*(?:\n|\Z)", re.S | re.M)
_TRAILING_ATTRIBUTES = re.compile(r"\s*(?P<attributes>\{[^{}]*[#.=][^{}]*\})\s*$")
_PANDOC = re.compile(
    r"\A%(?P<title>[^\n]*(?:\n[ \t]+[^\n]*)*)\n(?:%(?P<authors>[^\n]*(?:\n[ \t]+[^\n]*)*)\n)?(?:%(?P<date>[^\n]*)\n)?"
)
_DATED_PATH = re.compile(r"/?(\d{4})/(\d\d)/(\d\d)/")
_EMPTY = [("tag:yaml.org,2002:null", re.compile(r"(?:~|null|Null|NULL|)$"))]
_ATTRIBUTES = ("lang", "dir", "id", "title", "role")


def read_markdown_article(source: SourceText) -> Draft:
    """Front matter as fields, the rest as HTML. A first heading of level 1 is the title unless front matter has one."""
    fields, text = split_front_matter(source)
    # Makers of sites leave the date to the address: path = "2024/08/26/survey".
    if "date" not in fields and (found_date := _DATED_PATH.match(str(fields.get("path", "")))):
        fields["date"] = "-".join(found_date.groups())
    renderer = _parser()
    found: dict[str, Any] = {}
    tokens = renderer.parse(text, found)
    _read_attributes_of_headings(tokens)
    if "title" not in fields:
        tokens = _take_title(tokens, fields)
    omissions = tuple(
        Omission(f"Note “{label.removeprefix(':')}”", "the text does not refer to it")
        for label, number in found.get("footnotes", {}).get("refs", {}).items()
        if number < 0
    )
    return Draft(renderer.renderer.render(tokens, renderer.options, {}), fields, omissions)


def split_front_matter(source: SourceText) -> tuple[dict[str, object], str]:
    """YAML between "---", TOML between "+++", or pandoc's three "%" lines; then the text behind them."""
    if match := _YAML.match(source.text):
        return _yaml(source.name, match["data"]), source.text[match.end() :]
    if match := _TOML.match(source.text):
        try:
            return _fields(source.name, tomllib.loads(match["data"])), source.text[match.end() :]
        except (tomllib.TOMLDecodeError, RecursionError) as error:
            raise SourceError(
                f"The front matter of {source.name} is not valid TOML: {error}.",
                "Correct it between the +++ lines.",
            ) from None
    if match := _PANDOC.match(source.text):
        found = {key: " ".join(value.split()) for key, value in match.groupdict().items() if value and value.strip()}
        fields: dict[str, object] = dict(found)
        if "authors" in found:
            fields["authors"] = [name for part in found["authors"].split(";") for name in split_names(part)]
        return fields, source.text[match.end() :]
    return {}, source.text


def _yaml(name: str, data: str) -> dict[str, object]:
    import yaml

    class Plain(yaml.SafeLoader):
        """Every value as it is written: YAML 1.1 makes False of “no” (Norwegian) and 750 of “12:30”."""

    Plain.yaml_implicit_resolvers = dict.fromkeys(("", "~", "n", "N"), _EMPTY)
    try:
        loaded = Plain(data).get_single_data()
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        line = f" in line {mark.line + 2}" if mark else ""
        problem = getattr(error, "problem", None) or "it cannot be understood"
        raise SourceError(
            f"The front matter of {name} is not valid YAML{line}: {problem}.",
            "Correct it between the --- lines; put quotation marks around a value that holds a colon.",
        ) from None
    return _fields(name, loaded)


def _fields(name: str, loaded: Any) -> dict[str, object]:
    if loaded is None:
        return {}
    if not isinstance(loaded, dict):
        raise SourceError(
            f"The front matter of {name} is not a list of “key: value” lines.", "Write “title: …” and so on."
        )
    return {str(key).strip().lower().replace("-", "_"): value for key, value in loaded.items()}


def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": True, "xhtmlOut": True, "typographer": False})
    parser.enable(["table", "strikethrough"])
    parser.use(footnote_plugin).use(deflist_plugin).use(attrs_block_plugin, allowed=_ATTRIBUTES)
    parser.use(attrs_plugin, spans=True, allowed=_ATTRIBUTES)
    for name in _RULES:
        parser.add_render_rule(name, getattr(_Rules, name))
    return parser


def _read_attributes_of_headings(tokens: list[Token]) -> None:
    """ "## Heading {#anchor lang=fr}", as Pandoc and others write it; the plugin knows the line before a block alone."""
    for opening, inline in pairwise(tokens):
        last = inline.children[-1] if inline.children else None
        if opening.type != "heading_open" or last is None or last.type != "text":
            continue
        if match := _TRAILING_ATTRIBUTES.search(last.content):
            try:
                _, attributes = parse_attributes(match["attributes"])
            except ParseError:
                continue
            last.content = last.content[: match.start()]
            opening.attrs |= {name: value for name, value in attributes.items() if name in _ATTRIBUTES}


def _take_title(tokens: list[Token], fields: dict[str, object]) -> list[Token]:
    if len(tokens) >= 3 and tokens[0].type == "heading_open" and tokens[0].tag == "h1":
        children = tokens[1].children or []
        kinds = {"text": None, "code_inline": None, "softbreak": " ", "hardbreak": " "}
        title = "".join(kinds[child.type] or child.content for child in children if child.type in kinds).strip()
        levels = [token.tag for token in tokens if token.type == "heading_open"]
        if title and levels.count("h1") == 1 and not any(child.type == "image" for child in children):
            fields["title"] = title
            return tokens[3:]
    return tokens


class _Rules(RendererHTML):
    """Rules of rendering, bound to the parser's own renderer.

    Figures for pictures that stand alone, and the roles of DPUB-ARIA 1.0 on notes.
    """

    def paragraph_open(self, tokens: Sequence[Token], idx: int, options: Any, env: Any) -> str:
        if _lone_picture(tokens, idx):
            return "<figure>"
        return self.renderToken(tokens, idx, options, env)

    def paragraph_close(self, tokens: Sequence[Token], idx: int, options: Any, env: Any) -> str:
        picture = _lone_picture(tokens, idx - 2) if idx >= 2 else None
        if picture is None:
            return self.renderToken(tokens, idx, options, env)
        caption = str(picture.attrs.get("title", "")).strip()
        return (f"<figcaption>{escape(caption)}</figcaption>" if caption else "") + "</figure>\n"

    def image(self, tokens: Sequence[Token], idx: int, options: Any, env: Any) -> str:
        token = tokens[idx]
        alt = self.renderInlineAsText(token.children, options, env) if token.children else ""
        language = f' lang="{escape(str(token.attrs["lang"]))}"' if "lang" in token.attrs else ""
        return f'<img src="{escape(str(token.attrs.get("src", "")))}" alt="{escape(alt)}"{language} />'

    def footnote_ref(self, tokens: Sequence[Token], idx: int, options: Any, env: Any) -> str:
        number, anchor = _note_number(tokens[idx].meta)
        return f'<sup><a role="doc-noteref" href="#note-{number}" id="noteref-{anchor}">{number}</a></sup>'

    def footnote_block_open(self, tokens: Sequence[Token], idx: int, options: Any, env: Any) -> str:
        return '<section role="doc-endnotes"><ol>\n'

    def footnote_block_close(self, tokens: Sequence[Token], idx: int, options: Any, env: Any) -> str:
        return "</ol></section>\n"

    def footnote_open(self, tokens: Sequence[Token], idx: int, options: Any, env: Any) -> str:
        return f'<li id="note-{_note_number(tokens[idx].meta)[0]}">'

    def footnote_close(self, tokens: Sequence[Token], idx: int, options: Any, env: Any) -> str:
        return "</li>\n"

    def footnote_anchor(self, tokens: Sequence[Token], idx: int, options: Any, env: Any) -> str:
        anchor = _note_number(tokens[idx].meta)[1]
        return f' <a role="doc-backlink" href="#noteref-{anchor}">↩</a>'


_RULES = [name for name in vars(_Rules) if not name.startswith("_")]


def _lone_picture(tokens: Sequence[Token], idx: int) -> Token | None:
    """The picture of a paragraph that holds nothing else."""
    if tokens[idx].type != "paragraph_open" or tokens[idx].hidden:
        return None
    children = tokens[idx + 1].children or []
    solid = [child for child in children if not (child.type == "text" and not child.content.strip())]
    return solid[0] if len(solid) == 1 and solid[0].type == "image" else None


def _note_number(meta: Mapping[str, Any]) -> tuple[str, str]:
    """The number of a note, and the anchor of one of the places that call it."""
    number = str(meta["id"] + 1)
    again = meta.get("subId", 0)
    return number, f"{number}-{again}" if again else number
