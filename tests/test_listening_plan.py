"""What is read, announced, summarised and left out, and that every place where a book says so says the same."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import pytest
from conftest import Packager
from lxml import etree
from mutagen.id3 import ID3
from PIL import Image

from packager.errors import ExitCode, UsageError
from packager.model import Article, Listening, Metadata, Script
from packager.pages.article import article_page
from packager.pages.ledger import ledger_sentence
from packager.pipeline.listening import listening_plan
from packager.readers.sanitise import clean_body
from packager.speech.script import write_script
from packager.xhtml import serialise

CODE = "<pre><code>boat = 1\n\nsail(boat)</code></pre>"
TABLE = (
    "<table><caption>Boats</caption><thead><tr><th>Port<th>Count</thead><tr><td>North<td>3<tr><td>South<td>4</table>"
)
NOTES = "<section role=doc-endnotes><ol><li>Small.</li><li>Large.</li></ol></section>"
PICTURE = "<figure><img src=a alt='Two boats'><figcaption>In port.</figcaption></figure>"
UNDESCRIBED = "<figure><img src=a alt=''><figcaption>At sea.</figcaption></figure>"
ADDRESS = "<p>See https://example.org/a-b/c now.</p>"
CITED = "<p>It sank [3], they say [4, 7–9].</p>"

FULL = """---
title: All kinds of things
author: The Packager project
language: {language}
---

Something is said first [1], with a note.[^n]

```
one = 1
```

Between them stands a line.

```
two = 2
three = 3
```

| A | B | C | D |
|---|---|---|---|
{rows}

<figure><img src="plain.png" alt=""><figcaption>A caption without a description.</figcaption></figure>

[^n]: This is the note.
"""
IN_ENGLISH = {
    "at the end": "Two code listings, one large table, one picture without a description and one citation were not read.",
    "the voice": "synthetic",
    "its name": "hibari 0.",
    "code": "Code listing",
}
IN_GERMAN = {
    "at the end": (
        "Zwei Programmtexte, eine große Tabelle, ein Bild ohne Beschreibung und ein Quellenverweis wurden nicht vorgelesen."
    ),
    "the voice": "synthetisch",
    "its name": "espeak 0.",
    "code": "Programmtext",
}


def script_of(markup: str, wishes: str = "", language: str = "en") -> Script:
    article = Article(Metadata("T", language), serialise(clean_body(markup)))
    return write_script([article_page(article)], listening_plan(Listening(), wishes, "A test"))


def said(markup: str, wishes: str = "", language: str = "en") -> list[str]:
    return [sentence.spoken for sentence in script_of(markup, wishes, language).said if sentence.kind != "title"]


@pytest.mark.parametrize(
    ("markup", "wishes", "spoken", "missed"),
    [
        (CODE, "", ["Code listing, two lines, not read."], "One code listing was not read."),
        (CODE, "code=read", ["boat equals one sail(boat)"], ""),
        (CODE, "code=leave-out", [], "One code listing was not read."),
        ("<pre>A verse\nof two lines</pre>", "", ["A verse of two lines"], ""),
        (TABLE, "", ["Boats", "Port", "Count", "Port: North", "Count: three", "Port: South", "Count: four"], ""),
        (
            TABLE,
            "table-cells=5",
            ["Table: Boats. Two rows, two columns: Port, Count. It is not read row by row."],
            "One large table was not read.",
        ),
        (TABLE, "tables=announce", ["Table: Boats. It is not read row by row."], "One table was not read."),
        (TABLE, "tables=leave-out", [], "One table was not read."),
        (NOTES, "", ["Notes", "Note one. Small.", "Note two. Large."], ""),
        (NOTES, "notes=announce", ["two notes, not read."], "Two notes were not read."),
        (NOTES, "notes=leave-out", [], "Two notes were not read."),
        (PICTURE, "", ["Picture: Two boats", "In port."], ""),
        (PICTURE, "pictures=announce", ["Picture.", "In port."], "One description of a picture was not read."),
        (PICTURE, "pictures=leave-out", ["In port."], "One description of a picture was not read."),
        (
            UNDESCRIBED,
            "",
            ["Picture without a description.", "At sea."],
            "One picture without a description was not read.",
        ),
        (ADDRESS, "", ["See example dot org now."], ""),
        (ADDRESS, "addresses=read", ["See example dot org slash a hyphen b slash c now."], ""),
        (ADDRESS, "addresses=announce", ["See web address now."], "One web address was not read."),
        (ADDRESS, "addresses=leave-out", ["See now."], "One web address was not read."),
        (CITED, "", ["It sank, they say."], "Two citations were not read."),
        ("<p>[1] A book about the sea.</p>", "", ["one A book about the sea."], ""),
        ("<p>* * *</p>", "", [], ""),
    ],
)
def test_each_kind_is_treated_as_the_plan_says(markup: str, wishes: str, spoken: list[str], missed: str) -> None:
    script = script_of(markup, wishes)
    heard = [sentence.spoken for sentence in script.said if sentence.kind != "title"]
    assert [text.lower().replace("[", "").replace("]", "") for text in heard] == [text.lower() for text in spoken]
    assert ledger_sentence(script.omissions, "en") == missed


def test_an_announcement_is_in_the_books_language() -> None:
    assert said(CODE, language="de") == ["Programmtext, zwei Zeilen, nicht vorgelesen."]
    (sentence,) = [one for one in script_of(CODE, language="sv").said if one.kind == "code"]
    assert sentence.utterances[0].language == "en"


@pytest.mark.parametrize("wishes", ["code=sing", "songs=read", "code", "table-cells=many", "citations=summarise"])
def test_a_wish_that_cannot_be_is_refused_with_the_choices(wishes: str) -> None:
    with pytest.raises(UsageError, match="listening plan"):
        listening_plan(Listening(), wishes, "packager.toml")


def test_options_win_over_front_matter_and_this_over_the_configuration(packager: Packager, tmp_path: Path) -> None:
    (tmp_path / "packager.toml").write_text(
        '[listening]\ncode = "leave-out"\nnotes = "leave-out"\ntables = "announce"\n'
    )
    source = tmp_path / "a.md"
    source.write_text(
        "---\ntitle: T\nlanguage: en\nlistening:\n  notes: read\n  tables: leave out\n---\n\nA word.[^1]\n\n"
        "```\nx\n```\n\n| a |\n|---|\n| b |\n\n[^1]: The note.\n"
    )
    shown = packager("script", source, "--listening", "tables=read", "--json")
    assert shown.returncode == ExitCode.GOOD, shown.stderr
    spoken = {row["text"]: row["spoken"] for row in json.loads(shown.stdout)["sentences"]}
    assert spoken["x"] == ""
    assert spoken["b"] == "a: b"
    assert any("The note." in text for text in spoken.values())
    refused = packager("script", source, "--listening", "tables=sing")
    assert refused.returncode == ExitCode.USAGE
    assert "leave-out" in refused.stderr


@pytest.mark.parametrize(("language", "said"), [("en", IN_ENGLISH), ("de", IN_GERMAN)])
def test_ledger_colophon_spoken_end_and_metadata_agree(
    packager: Packager, tmp_path: Path, language: str, said: dict[str, str]
) -> None:
    Image.new("RGB", (40, 30), "teal").save(tmp_path / "plain.png")
    source = tmp_path / "all.md"
    source.write_text(FULL.format(language=language, rows="\n".join(["| 1 | 2 | 3 | 4 |"] * 20)))
    built = packager("build", source, "-o", tmp_path)
    assert built.returncode == ExitCode.GOOD, built.stderr
    report = json.loads((tmp_path / "all" / "all.json").read_text("utf-8"))
    assert report["ledger"]["sentence"] == said["at the end"]
    assert report["ledger"]["not_read"] == {"code": 2, "large-table": 1, "undescribed-picture": 1, "citation": 1}
    spoken = [row for row in report["sentences"] if row["mp3"] is not None]
    assert spoken[-1]["spoken"] == said["at the end"]
    with zipfile.ZipFile(tmp_path / "all" / "all.narrated.epub") as archive:
        (opf,) = [name for name in archive.namelist() if name.endswith(".opf")]
        metadata = etree.fromstring(archive.read(opf))
        (page,) = [name for name in archive.namelist() if name.endswith("colophon.xhtml")]
        colophon = " ".join("".join(etree.fromstring(archive.read(page)).itertext()).split())
    values = [meta.text or "" for meta in metadata.iter("{*}meta")]
    assert any(value.endswith(said["at the end"]) for value in values)
    assert "auditory" not in values
    assert colophon.endswith(said["at the end"])
    disclosure = report["narration"]["disclosure"]
    assert said["the voice"] in disclosure
    assert said["its name"] in disclosure
    captions = (tmp_path / "all" / "all.vtt").read_text("utf-8")
    assert disclosure in captions.split("-->")[0]
    assert disclosure in ID3(tmp_path / "all" / "all.mp3").getall("COMM")[0].text
    assert said["code"] in captions
    assert "two = 2" not in captions
    assert disclosure in colophon
    assert disclosure in [entry.text for entry in metadata.iter("{*}description")]
    assert disclosure in [row["text"] for row in spoken]
    checked = packager("check", tmp_path / "all", "--json")
    assert checked.returncode == ExitCode.GOOD, checked.stdout
