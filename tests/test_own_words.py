"""What the book says of itself, it says in its own language, whole sentences with the right number."""

from __future__ import annotations

import json
import re
import string
import tomllib
import zipfile
from pathlib import Path
from typing import Any

import pytest
from conftest import ROOT, Packager
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from packager import __version__
from packager.errors import ExitCode
from packager.model import Article, Metadata, Omission, OmissionKind
from packager.pages.claims import derive_claims
from packager.pages.colophon import Voices, colophon_languages, colophon_page, disclosure
from packager.pages.ledger import ledger_sentence
from packager.words import joined_names
from packager.xhtml import XML_LANG, elements, parse, text_of

WORDS = tomllib.loads((ROOT / "packager" / "words.toml").read_text("utf-8"))
EXPECTED = tomllib.loads((ROOT / "tests" / "fixtures" / "own_words.toml").read_text("utf-8"))
LANGUAGES = sorted(WORDS)
KINDS: tuple[OmissionKind, ...] = (
    *("code", "large-table", "table", "note", "picture", "undescribed-picture"),
    *("citation", "address", "passage"),
)
OF_ONE_LANGUAGE = re.compile(r"and_before_i|quoted|why_.+")
NUMBER = st.integers(0, 30)

HEADING = "<h2>A</h2>"
DESCRIBED = '<img src="a" alt="A boat"/>'
UNDESCRIBED = '<figure><img src="a" alt=""/><figcaption>A boat</figcaption></figure>'
HEADED = "<table><tr><th>A</th></tr></table>"
HEADLESS = "<table><tr><td>A</td></tr></table>"


def article(language: str, body: str = "", **more: Any) -> Article:
    metadata = Metadata(EXPECTED["title"], language, **more)
    return Article(metadata, f'<body xmlns="http://www.w3.org/1999/xhtml">{body}</body>')


def missing(counts: dict[OmissionKind, int]) -> list[Omission]:
    return [Omission("“x”", "reason", kind) for kind, number in counts.items() for _ in range(number)]


def summary(language: str, case: dict[str, Any], certified_by: str | None = None) -> str:
    body = (
        HEADING * case.get("headings", 0)
        + DESCRIBED * case.get("described", 0)
        + UNDESCRIBED * case.get("undescribed", 0)
        + HEADED * case.get("headed", 0)
        + HEADLESS * case.get("headless", 0)
    )
    return derive_claims(article(language, body), bool(case.get("narrated")), certified_by=certified_by).summary


def assert_whole(text: str) -> None:
    assert not set("{}") & set(text)
    assert text.endswith(".")
    for sentence in re.split(r"(?<=[.]) ", text):
        assert sentence[0].isupper() or sentence[0].isdigit(), text


def places(value: str | list[str]) -> list[set[str]]:
    forms = value if isinstance(value, list) else [value]
    return [{name for _, name, _, _ in string.Formatter().parse(form) if name} for form in forms]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_all_words_with_the_same_values(language: str) -> None:
    own, english = WORDS[language], WORDS["en"]
    assert {key for key in own if not OF_ONE_LANGUAGE.fullmatch(key)} == set(english)
    for key in set(english) - {"numbers"}:
        ours, theirs = places(own[key]), places(english[key])
        assert set.union(*ours) == set.union(*theirs), key
        assert "count" not in ours[0] or not isinstance(own[key], list), key
    assert len(own["numbers"]) == len(english["numbers"])
    reasons = {f"why_{kind}" for kind in (*KINDS, "ornament")}
    assert {key for key in own if key.startswith("why_")} == (set() if language == "en" else reasons)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("case", EXPECTED["missed"], ids=lambda case: case["name"])
def test_what_was_not_read_is_told_in_one_sentence(language: str, case: dict[str, Any]) -> None:
    counts = case.get("counts") or dict.fromkeys(KINDS, case["each"])
    assert ledger_sentence(missing(counts), language) == case[language]


@given(st.sampled_from(LANGUAGES), st.dictionaries(st.sampled_from(KINDS), NUMBER))
def test_any_counts_give_a_sentence(language: str, counts: dict[OmissionKind, int]) -> None:
    told = ledger_sentence(missing(counts), language)
    kinds = sum(number > 0 for number in counts.values())
    if not kinds:
        assert told == ""
        return
    assert_whole(told)
    joint = f" {WORDS[language]['and']} "
    assert told.count(", ") == max(kinds - 2, 0)
    assert told.count(joint) == (kinds > 1)
    digits = sorted(number for number in counts.values() if number > 12)
    assert sorted(map(int, re.findall(r"\d+", told))) == digits


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("case", EXPECTED["summary"], ids=lambda case: case["name"])
def test_accessibility_is_told_in_the_books_language(language: str, case: dict[str, Any]) -> None:
    assert summary(language, case, case.get("certified_by")) == case[language]


@given(
    st.sampled_from(LANGUAGES),
    st.fixed_dictionaries(
        dict.fromkeys(("headings", "described", "undescribed", "headed", "headless"), NUMBER)
        | {"narrated": st.booleans()}
    ),
)
def test_any_contents_give_a_summary(language: str, case: dict[str, Any]) -> None:
    assert_whole(summary(language, case))


@pytest.mark.parametrize("language", LANGUAGES)
def test_colophon_is_in_the_books_language(language: str) -> None:
    full = article(language, authors=("Ana", "Ignacio"), publisher="Press", date="2021-11-08", source="S", rights="R")
    unspoken = [Omission(one["what"], one["reason"], one["kind"]) for one in EXPECTED["unspoken"]]
    of_source = (Omission("Note “m”", "the text does not refer to it"), Omission("Comments: 2", "no part of the text"))
    left_out = Article(full.metadata, full.body, omissions=of_source)
    claims = derive_claims(left_out, True, unspoken, "Ada")
    page = colophon_page(left_out, claims, ("espeak 1 (x)", "hibari 2 (y)"), unspoken, "Ada")
    body = parse(page.body)
    lines = [text_of(element) for element in elements(body, "h1", "h2", "p", "li")]
    of_claims = " ".join(claims.summary.split())
    shown = [line.replace(of_claims, "SUMMARY").replace(__version__, "VERSION") for line in lines]
    assert shown == EXPECTED["colophon"][language]
    assert page.language == body.get("lang") == body.get(XML_LANG) == language
    tagged = [text_of(item) for item in elements(body, "li") if item.get("lang") == "en"]
    assert tagged == ([] if language == "en" else shown[6:8])
    assert colophon_languages(left_out, unspoken) == tuple(dict.fromkeys([language, "en"]))


@pytest.mark.parametrize("language", LANGUAGES)
@given(st.sets(st.sampled_from(["authors", "publisher", "date"])), st.sampled_from(["2021", "2021-11", "2021-11-08"]))
def test_origin_is_one_sentence_whatever_is_known(language: str, known: set[str], date: str) -> None:
    everything: dict[str, Any] = {"authors": ("Ana", "{title}"), "publisher": "Press", "date": date}
    one = article(language, **{name: everything[name] for name in known})
    body = parse(colophon_page(one, derive_claims(one, False), (), (), None).body)
    origin = text_of(next(elements(body, "p")))
    assert text_of(next(elements(body, "cite"))) == EXPECTED["title"]
    assert origin.endswith(".")
    assert ("Press" in origin, "Ana" in origin, "2021" in origin) == (
        "publisher" in known,
        "authors" in known,
        "date" in known,
    )
    assert not re.search(r"\{(?!title\})", origin)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_single_voice_is_disclosed(language: str) -> None:
    assert disclosure(Voices(("espeak 1 (x)",), language)) == EXPECTED["one_voice"][language]


@pytest.mark.parametrize("case", EXPECTED["names"], ids=lambda case: case["joined"])
def test_names_are_joined_by_the_right_word(case: dict[str, Any]) -> None:
    assert joined_names(case["names"], case["language"]) == case["joined"]


@pytest.mark.parametrize(("article_in", "told_in"), [("de-AT", "de-AT"), ("en-US", "en"), ("tr", "en"), ("zh", "en")])
def test_english_is_tagged_as_english(article_in: str, told_in: str) -> None:
    one = article(article_in)
    page = colophon_page(one, derive_claims(one, False), (), (), None)
    assert page.language == parse(page.body).get("lang") == told_in


def test_book_without_words_of_its_own_tags_its_english_summary(packager: Packager, tmp_path: Path) -> None:
    for language in ("tr", "fr"):
        source = tmp_path / f"{language}.md"
        source.write_text(f"---\ntitle: Tema\nlanguage: {language}\n---\n\nTema.\n", "utf-8")
        built = packager("build", source, "-o", tmp_path, "--only", "epub")
        assert built.returncode == ExitCode.GOOD, built.stderr
        with zipfile.ZipFile(tmp_path / language / f"{language}.epub") as archive:
            package = etree.fromstring(archive.read("EPUB/content.opf"))
        (meta,) = [one for one in package.iter("{*}meta") if one.get("property") == "schema:accessibilitySummary"]
        assert (meta.get(XML_LANG) or package.get(XML_LANG)) == ("en" if language == "tr" else "fr")
        assert ("Nobody" in meta.text) == (language == "tr")


def test_german_book_is_german_to_its_end(packager: Packager, tmp_path: Path) -> None:
    source = tmp_path / "boot.md"
    source.write_text(
        "---\ntitle: Das Boot\nlanguage: de\n---\n\nEs fährt ab.\n\n```\nx\n```\n\n![Karte](fehlt.png)\n", "utf-8"
    )
    shown = packager("script", source, "--json")
    assert shown.returncode == ExitCode.GOOD, shown.stderr
    told = json.loads(shown.stdout)
    colophon = [row for row in told["sentences"] if row["page"] == "colophon"]
    assert [row["text"] for row in colophon if row["lang"] != "de"] == ["Picture “fehlt.png”: there is no such file."]
    assert told["not_read"] == colophon[-1]["text"] == "Ein Programmtext wurde nicht vorgelesen."
    # The voice that reads the English line is named with the others.
    (disclosed,) = [row["text"] for row in colophon if "erzeugt von" in row["text"]]
    for voice in {voice for row in told["sentences"] for voice in row["voices"]}:
        assert voice.split("/")[0] in disclosed
