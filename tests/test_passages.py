"""Passages in other languages: each spoken by a voice of its language, in words of its language, in step with the page."""

from __future__ import annotations

import json
from pathlib import Path

from conftest import Packager, Tool

from packager.errors import ExitCode

ARTICLE = """---
title: Five tongues at the harbour
language: en
---

The office speaks many languages. [Der Hafen ist ab 8 Uhr offen. Am 3. Oktober bleibt er zu.]{lang=de}

[Le port coûte 1,5 million d’euros. Il ferme à 17 h.]{lang=fr}

[Hay 1.250 barcos. El 25 % son de pesca.]{lang=es}

[الميناء مفتوح. لا تقترب من الرصيف.]{lang=ar}

She read [guten Morgen]{lang=de} aloud and went in. Der Anker liegt seit drei Tagen auf dem Grund des Hafens.
"""
SAID = {
    "Der Hafen ist ab 8 Uhr offen.": ("de", "Der Hafen ist ab acht Uhr offen."),
    "Am 3. Oktober bleibt er zu.": ("de", "Am dritten Oktober bleibt er zu."),
    "Le port coûte 1,5 million d’euros.": ("fr", "Le port coûte un virgule cinq million d’euros."),
    "Hay 1.250 barcos.": ("es", "Hay mil doscientos cincuenta barcos."),
    "El 25 % son de pesca.": ("es", "El veinticinco por ciento son de pesca."),
    "الميناء مفتوح.": ("ar", "الميناء مفتوح."),
}


def test_each_passage_has_its_voice_its_words_and_its_place(packager: Packager, tool: Tool, tmp_path: Path) -> None:
    tool("epubcheck")
    source = tmp_path / "tongues.md"
    source.write_text(ARTICLE, "utf-8")
    shown = packager("script", source, "--json")
    assert shown.returncode == ExitCode.GOOD, shown.stderr
    script = json.loads(shown.stdout)
    rows = {row["text"]: row for row in script["sentences"]}
    for text, (language, spoken) in SAID.items():
        assert (rows[text]["lang"], rows[text]["spoken"]) == (language, spoken)
        assert rows[text]["voices"] == [f"espeak/{language} ({language})"]
    mixed = rows["She read guten Morgen aloud and went in."]["voices"]
    assert [voice.partition("/")[0] for voice in mixed] == ["hibari", "espeak", "hibari"]
    assert [one["language"] for one in script["suggestions"]] == ["de"]
    built = packager("build", source, "-o", tmp_path)
    assert built.returncode == ExitCode.GOOD, built.stderr
    checked = packager("check", tmp_path / "tongues" / "tongues.narrated.epub", "--json")
    assert checked.returncode == ExitCode.GOOD, checked.stdout
    findings = json.loads(checked.stdout)["files"][0]["findings"]
    assert [one for one in findings if one["severity"] != "info"] == []
