"""Plain text: what is read off the page, and that nothing is lost on the way. Cases are in fixtures/text."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from packager.errors import SourceError
from packager.model import Article
from packager.readers.read import read_article
from packager.xhtml import parse, serialise, text_of

FOLDER = Path(__file__).parent / "fixtures" / "text"
CASES: list[dict[str, Any]] = tomllib.loads((FOLDER / "heads.toml").read_text("utf-8"))["case"]
PARAGRAPHS = "\n\nThe boats lay still, and nobody came down to look at them.\n\nIn the evening there was a light.\n"


def read_bytes_as(data: bytes, folder: Path, name: str = "article.txt") -> Article:
    path = folder / name
    path.write_bytes(data)
    return read_article(str(path))


def lines_of(body: str) -> list[str]:
    return [serialise(child).replace(' xmlns="http://www.w3.org/1999/xhtml"', "") for child in parse(body)]


@pytest.mark.parametrize("case", CASES, ids=[case["head"].replace("\n", " ") for case in CASES])
def test_the_head_gives_title_authors_and_date_and_keeps_the_rest(case: dict[str, Any], tmp_path: Path) -> None:
    article = read_bytes_as((case["head"] + PARAGRAPHS).encode(), tmp_path)
    found = article.metadata
    assert found.title == case["title"]
    assert found.authors == tuple(case.get("authors", ()))
    assert found.date == case.get("date")
    assert found.publisher == case.get("publisher")
    text = "\n".join("".join(child.itertext("{*}*")) for child in parse(article.body))
    left = [line for line in text.split("\n") if line]
    assert left[: len(case.get("left", ()))] == case.get("left", [])
    assert len(left) == len(case.get("left", ())) + 2


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.txt")), ids=lambda path: path.stem)
def test_paragraphs_quotations_lists_and_verse_are_told_apart(path: Path) -> None:
    body = read_article(str(path)).body.replace("<br/>\n", "<br/>")
    assert lines_of(body) == path.with_suffix(".html").read_text("utf-8").splitlines()


def test_what_a_web_site_left_behind_is_reported_not_swallowed() -> None:
    article = read_article(str(FOLDER / "note.txt"))
    assert [omission.what for omission in article.omissions] == ["“Please share this article”"]
    assert article.metadata.publisher == "Quay and Crane"


@pytest.mark.parametrize(
    ("encoding", "language", "text"),
    [
        ("utf-8-sig", "en", "A naïve café — “quoted” words in an ordinary English sentence about nothing at all."),
        ("utf-16", "en", "A naïve café — “quoted” words in an ordinary English sentence about nothing at all."),
        ("utf-32", "en", "A naïve café — “quoted” words in an ordinary English sentence about nothing at all."),
        ("cp1252", "de", "Die Möwen über dem Hafen schrien „laut“, und die Bäume rauschten – es war schön dort."),
        ("cp1252", "fr", "Le garçon a vu la forêt près de la rivière, où l’été dernier il pêchait déjà des carpes."),
        ("iso8859_2", "pl", "Łódź stała w porcie, a żółte światło gaśnie; mężczyzna wziął wędkę i poszedł już spać."),
        ("cp1251", "ru", "Лодки стояли у причала, и никто не пришёл посмотреть на них в этот тихий вечер."),
        ("koi8_r", "ru", "Лодки стояли у причала, и никто не пришёл посмотреть на них в этот тихий вечер."),
    ],
)
def test_texts_in_old_encodings_are_read_right(encoding: str, language: str, text: str, tmp_path: Path) -> None:
    article = read_bytes_as(f"{text}\n\n{text}\n\n{text}".replace("\n", "\r\n").encode(encoding), tmp_path)
    assert article.metadata.language == language
    assert {text_of(child) for child in parse(article.body)} == {text}
    assert encoding == "utf-8-sig" or any(encoding.split("_")[0] in note for note in article.notes)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "is empty"),
        (b" \n\t\r\n ", "is empty"),
        (b"*** !!! \xf0\x9f\x98\x80", "no words"),
        (b"%PDF-1.7 \xff\xfe", "no PDF that can be read"),
        (bytes(range(256)) * 20, "not text"),
        ("half a sign".encode("utf-16") + b"x", "utf-16"),
        (b"---", "no words"),
    ],
)
def test_what_is_no_article_is_refused_in_one_sentence_with_a_way_out(data: bytes, said: str, tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=re.escape(said)) as caught:
        read_bytes_as(data, tmp_path)
    assert caught.value.remedy


def test_control_characters_are_dropped_and_counted(tmp_path: Path) -> None:
    article = read_bytes_as(b"A title\n\nWor\x00ds with\x1b no\x07ise in them.\n", tmp_path)
    assert text_of(parse(article.body)) == "Words with noise in them."
    assert "3 control characters removed" in article.notes


WORDS = st.text(st.characters(categories=["Lu", "Ll", "Lo"]), min_size=1, max_size=8)
MARKS = st.sampled_from(["", "", "", ".", ",", ":", "?", "”", ")", " –", "…"])
STARTS = st.sampled_from(
    ["", "", "", "- ", "* ", "1. ", "2) ", "(3) ", "> ", "“", "    ", "# ", "By ", "Title: ", "Date: "]
)
LINES = st.builds(
    lambda start, words: start + " ".join(words),
    STARTS,
    st.lists(st.builds(str.__add__, WORDS, MARKS), min_size=1, max_size=9),
)
EXTRA_LINES = st.sampled_from(
    ["", "", "", "***", "-----", "8 November 2021", "03/04/2021", "Advertisement", "By Ann Lee"]
)
TEXTS = st.lists(LINES | EXTRA_LINES, min_size=2, max_size=14).map("\n".join)


@settings(max_examples=300, deadline=None)
@given(text=TEXTS)
def test_every_word_of_a_text_is_somewhere_in_the_result(text: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    try:
        article = read_bytes_as(text.encode(), tmp_path_factory.getbasetemp(), "words.txt")
    except SourceError:
        return
    metadata = article.metadata
    fields = [metadata.title, *metadata.authors, metadata.publisher or ""]
    reported = [*article.notes, *(omission.what for omission in article.omissions)]
    found = " ".join([*parse(article.body).itertext("{*}*"), *fields, *reported])
    words = re.findall(r"[^\W\d_]+", text)
    # Marks of the head say what a line is; they are not words of the article.
    marks = {"By", "Title", "Date"}
    there = set(re.findall(r"[^\W\d_]+", found))
    assert [word for word in words if word not in there | marks] == []
