"""Markdown: front matter, and the structure that an accessible book needs of notes, tables, pictures and headings."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest
from lxml import etree
from PIL import Image

from packager.errors import SourceError
from packager.model import Article
from packager.readers.read import read_article
from packager.xhtml import XML_LANG, parse, text_of

TEXT = "The boats lay still, and nobody came down to look at them.\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with pictures that can be used and pictures that cannot."""
    inside = tmp_path / "article"
    inside.mkdir()
    Image.new("RGB", (8, 6), "navy").save(inside / "boat.png")
    Image.new("RGB", (8, 6), "navy").save(tmp_path / "outside.png")
    (inside / "broken.png").write_bytes((inside / "boat.png").read_bytes()[:40])
    (inside / "link.png").symlink_to(tmp_path / "outside.png")
    (inside / "folder.png").mkdir()
    os.mkfifo(inside / "pipe.png")
    return inside


def read(markdown: str, folder: Path) -> Article:
    path = folder / "article.md"
    path.write_text(markdown, "utf-8")
    return read_article(str(path))


def body_of(markdown: str, folder: Path) -> etree._Element:
    return parse(read(markdown, folder).body)


def found(body: etree._Element, path: str) -> list[etree._Element]:
    return list(body.xpath(path.replace("//", "//h:"), namespaces={"h": "http://www.w3.org/1999/xhtml"}))


def outline(body: etree._Element) -> list[tuple[str, str]]:
    return [(one.tag[-2:], text_of(one)) for one in body.iter() if re.fullmatch(r"h\d", one.tag.split("}")[1])]


def test_front_matter_in_yaml_fills_every_field(folder: Path) -> None:
    article = read(
        "---\ntitle: A Harbour\nsubtitle: In winter\nauthor: [Ann Lee, {name: Bo Chan}]\ndate: 2021-11-08\nlang: en_gb\n"
        "description: >\n  Two\n  lines\npublisher: The Quay\nsource: https://example.org/a\nrights: CC BY 4.0\n"
        "tags: [sea, boats]\nseries: {name: Ports, index: 3}\nnarrator: Nobody\ncover: boat.png\nmood: calm\n---\n"
        + TEXT,
        folder,
    )
    found = article.metadata
    assert (found.title, found.subtitle, found.authors) == ("A Harbour", "In winter", ("Ann Lee", "Bo Chan"))
    assert (found.date, found.language, found.description) == ("2021-11-08", "en-GB", "Two lines")
    assert (found.publisher, found.source, found.rights) == ("The Quay", "https://example.org/a", "CC BY 4.0")
    assert (found.subjects, found.series, found.series_index) == (("sea", "boats"), "Ports", "3")
    assert found.narrator == "Nobody"
    assert article.cover is not None
    assert article.cover.data == (folder / "boat.png").read_bytes()
    assert article.notes == ("front matter “mood” is not used",)


@pytest.mark.parametrize(
    "front",
    [
        '+++\ntitle = "A Harbour"\nauthors = ["Ann Lee", {name = "Bo Chan"}]\ndate = 2021-11-08\n+++\n',
        "% A\n  Harbour\n% Ann Lee; Bo Chan\n% 8 November 2021\n\n",
        "---\ntitle: A Harbour\nauthors: Ann Lee and Bo Chan\ndate: 2021-11-08T10:00:00Z\n...\n",
    ],
    ids=["TOML", "pandoc", "YAML"],
)
def test_front_matter_of_all_kinds(front: str, folder: Path) -> None:
    article = read(front + TEXT, folder)
    assert article.metadata.title == "A Harbour"
    assert article.metadata.authors == ("Ann Lee", "Bo Chan")
    assert article.metadata.date == "2021-11-08"
    assert text_of(parse(article.body)) == TEXT.strip()


@pytest.mark.parametrize(
    ("line", "field", "value"),
    [
        ("title: No", "title", "No"),
        ("title: 007", "title", "007"),
        ("title: 12:30", "title", "12:30"),
        ("title: 1_000", "title", "1_000"),
        ("title: 2001-02-03", "title", "2001-02-03"),
        ("title: [1, 2]", "title", "1, 2"),
        ("title: {a: b}", "title", "Article"),
        ("title: ~", "title", "Article"),
        ("language: no", "language", "no"),
        ("language: 12", "language", "en"),
        ("authors: {a: b}", "authors", ()),
        ("date: 2021-02-30", "date", None),
        ("date: 2021-11", "date", "2021-11"),
        ("date: 31/12/2020", "date", "2020-12-31"),
        ("date: 01/02/2020", "date", None),
    ],
)
def test_values_of_front_matter_mean_what_is_written(line: str, field: str, value: object, folder: Path) -> None:
    assert getattr(read(f"---\n{line}\n---\n{TEXT}", folder).metadata, field) == value


@pytest.mark.parametrize(
    ("front", "said"),
    [
        ("---\ntitle: A\nsubtitle: b: c\n---\n", "line 3"),
        ("---\ntitle: 'A\n---\n", "YAML"),
        ("---\ntitle: !!python/object/apply:os.system [true]\n---\n", "line 2"),
        ("---\n- a\n- b\n---\n", "key: value"),
        ("---\ntitle: " + "[" * 3000 + "\n---\n", "YAML"),
        ("+++\ntitle =\n+++\n", "line 1"),
        ("+++\ntitle = " + "[" * 5000 + "]" * 5000 + "\n+++\n", "TOML"),
        ("---\ncover: ../outside.png\n---\n", "outside"),
    ],
    ids=["colon", "quote", "tag", "list", "deep YAML", "TOML", "deep TOML", "cover"],
)
def test_broken_front_matter_is_refused_with_its_place(front: str, said: str, folder: Path) -> None:
    with pytest.raises(SourceError, match=said) as caught:
        read(front + TEXT, folder)
    assert caught.value.remedy


@pytest.mark.parametrize("key", ["title", "authors", "subjects", "cover", "series"])
def test_front_matter_that_multiplies_itself_does_no_harm(key: str, folder: Path) -> None:
    doubled = "".join(f"b{n}: &b{n} [{', '.join([f'*b{n - 1}'] * 9)}]\n" for n in range(1, 10))
    text = f"---\nb0: &b0 [{', '.join(['boat'] * 9)}]\n{doubled}{key}: *b9\n---\n{TEXT}"
    assert text_of(parse(read(text, folder).body)) == TEXT.strip()


def test_the_title_is_the_first_heading_unless_front_matter_has_one(folder: Path) -> None:
    article = read(f"A *fine*\n`Harbour`\n===\n\n{TEXT}", folder)
    assert article.metadata.title == "A fine Harbour"
    assert outline(parse(article.body)) == []
    article = read(f"---\ntitle: Other\n---\n# Harbour\n\n{TEXT}", folder)
    assert (article.metadata.title, outline(parse(article.body))) == ("Other", [("h2", "Harbour")])


def test_notes_lead_there_and_back(folder: Path) -> None:
    body = body_of("One[^a] and two[^b] and one again[^a].^[Inline.]\n\n[^a]: First *note*.\n[^b]: Second.\n", folder)
    calls = found(body, "//a[@role='doc-noteref']")
    assert [text_of(call) for call in calls] == ["1", "2", "1", "3"]
    targets = [body.xpath(f"//*[@id='{call.get('href')[1:]}']") for call in calls]
    assert [text_of(target[0]).split(" ↩")[0] for target in targets] == [
        "First note.",
        "Second.",
        "First note.",
        "Inline.",
    ]
    notes = found(body, "//section[@role='doc-endnotes']")
    assert len(notes) == 1
    back = found(body, "//a[@role='doc-backlink']")
    anchors = {call.get("id") for call in calls}
    assert {link.get("href")[1:] for link in back} == anchors
    assert len(anchors) == 4


def test_notes_that_miss_their_text_or_their_call_are_not_lost(folder: Path) -> None:
    article = read("One[^nowhere] and two[^a].\n\n[^a]: First.\n[^b]: Nobody calls this.\n", folder)
    assert "[^nowhere]" in text_of(parse(article.body))
    assert [omission.what for omission in article.omissions] == ["Note “b”"]


def test_a_call_in_the_title_leaves_no_dead_link_behind(folder: Path) -> None:
    article = read(f"# Harbour[^a]\n\n{TEXT}\n[^a]: A note.\n", folder)
    body = parse(article.body)
    assert article.metadata.title == "Harbour"
    assert text_of(body).endswith("A note.")
    assert found(body, "//a") == []


def test_tables_say_what_heads_what(folder: Path) -> None:
    table = "| Port | Boats |\n|---|---|\n| **North** | 3 |\n| **South** | 5 |\n"
    heads = [(text_of(cell), cell.get("scope")) for cell in found(body_of(table, folder), "//th")]
    assert heads == [("Port", "col"), ("Boats", "col"), ("North", "row"), ("South", "row")]
    half_bold = found(body_of(table.replace("**South**", "South"), folder), "//th")
    assert [cell.get("scope") for cell in half_bold] == ["col", "col"]


def test_lists_of_terms_languages_and_anchors(folder: Path) -> None:
    body = body_of(
        "Quay\n:   A place.\n:   A word.\n\n[le quai]{lang=fr} and [x]{lang=nonsense-}\n\n## Quay {#quay}\n\nGo [up](#quay).",
        folder,
    )
    assert [(one.tag.split("}")[1], text_of(one)) for one in found(body, "//dl")[0]] == [
        ("dt", "Quay"),
        ("dd", "A place."),
        ("dd", "A word."),
    ]
    tagged = [(one.get("lang"), one.get(XML_LANG), text_of(one)) for one in found(body, "//span[@lang]")]
    assert tagged == [("fr", "fr", "le quai")]
    assert found(body, "//a")[0].get("href") == "#" + found(body, "//h2")[0].get("id")


def test_a_picture_alone_is_a_figure_with_its_caption(folder: Path) -> None:
    article = read('![A boat](boat.png "In port")\n\nIn ![line](boat.png) here.\n\n![](boat.png)\n', folder)
    body = parse(article.body)
    figures = found(body, "//figure")
    assert [text_of(figure) for figure in figures] == ["In port", ""]
    assert [(image.get("alt"), image.get("role")) for image in found(body, "//img")] == [
        ("A boat", None),
        ("line", None),
        ("", "presentation"),
    ]
    assert [resource.media_type for resource in article.resources] == ["image/png"]
    assert {image.get("src") for image in found(body, "//img")} == {article.resources[0].name}


UNUSABLE = [
    *"missing.png broken.png link.png ../outside.png folder.png pipe.png file:///etc/passwd /etc/passwd a%00b.png".split(),
    *"https://example.org/a.png //example.org/a.png //[ data:image/png;base64,AAAA".split(),
    "n" * 5000 + ".png",
]


@pytest.mark.parametrize(
    "source",
    UNUSABLE,
)
def test_a_picture_that_cannot_be_used_is_listed_and_its_text_stays(source: str, folder: Path) -> None:
    article = read(f"See ![two boats](<{source}>) here.\n\n{TEXT}", folder)
    body = parse(article.body)
    assert text_of(body[0]) in ("See two boats here.", f"See ![two boats](<{source}>) here.")
    assert found(body, "//img") == []
    assert article.resources == ()
    assert len(article.omissions) == (1 if text_of(body[0]) == "See two boats here." else 0)


def test_large_pictures_are_scaled_upright_and_huge_ones_left_out(folder: Path) -> None:
    photo = Image.new("RGB", (3000, 1000), "navy")
    exif = Image.Exif()
    exif[0x0112] = 6  # the camera was held upright
    photo.save(folder / "photo.jpg", exif=exif)
    Image.new("1", (9000, 9000)).save(folder / "huge.png")
    article = read(f"![a](photo.jpg)\n\n![b](huge.png)\n\n{TEXT}", folder)
    assert [omission.what for omission in article.omissions] == ["Picture “huge.png”"]
    (folder / "result.jpg").write_bytes(article.resources[0].data)
    with Image.open(folder / "result.jpg") as result:
        assert result.size == (533, 1600)


@pytest.mark.parametrize(
    ("levels", "mended"),
    [
        ([2, 3, 4, 2], [2, 3, 4, 2]),
        ([3, 3, 5, 4, 2], [2, 2, 3, 3, 2]),
        ([1, 1, 6], [2, 2, 3]),
        ([6, 1, 4, 2], [2, 2, 3, 3]),
        ([1, 2, 3, 4, 5, 6, 6], [2, 3, 4, 5, 6, 6, 6]),
    ],
)
def test_no_level_of_headings_is_skipped(levels: list[int], mended: list[int], folder: Path) -> None:
    markdown = "\n\n".join(f"{'#' * level} Part {n}\n\n{TEXT}" for n, level in enumerate(levels))
    body = body_of(f"---\ntitle: T\n---\n{markdown}", folder)
    assert outline(body) == [(f"h{level}", f"Part {n}") for n, level in enumerate(mended)]


def test_no_gap_is_left_where_a_heading_becomes_the_title_or_says_nothing(folder: Path) -> None:
    article = read(f"## Harbour {{#h}}\n\n[up](#h) {TEXT}\n### Boats\n\n## <br>\n\n#### Nets\n\n{TEXT}", folder)
    assert article.metadata.title == "Harbour"
    assert outline(parse(article.body)) == [("h2", "Boats"), ("h3", "Nets")]
    assert found(parse(article.body), "//a") == []


HOSTILE = """\
<script>alert(1)</script><style>p{}</style><p onclick="alert(1)" style="color:red" class="x">one</p>
<a href="javascript:alert(1)">two</a> <a href="data:text/html,x">three</a> <a href=" jAvAsCrIpT:alert(1)">four</a>
<iframe src="https://example.org"></iframe><svg onload="alert(1)"><script>alert(1)</script></svg>
<meta http-equiv="refresh" content="0"><link rel="stylesheet" href="x"><base href="https://example.org/">
<form action="https://example.org"><input value="v"></form><object data="x"></object><img src="x" onerror="alert(1)" alt="five">
<a href="vbscript:x">six</a> <a href="file:///etc/passwd">seven</a> <a href="//x.org">eight</a>
<p id="d">nine</p> <p id="d">ten</p>
"""


def test_nothing_that_acts_or_fetches_comes_through_and_the_words_stay(folder: Path) -> None:
    article = read(HOSTILE + "\n" + TEXT, folder)
    elements = list(parse(article.body).iter())
    assert {one.tag.split("}")[1] for one in elements} == {"body", "p", "span"}
    assert {name for one in elements for name in one.attrib} == {"id"}
    assert "alert" not in text_of(elements[0])
    words = "one two three four five six seven eight nine ten".split()
    text = text_of(parse(article.body))
    assert [word for word in words if word not in text] == []
    assert len(found(parse(article.body), "//p[@id]")) == 1


@pytest.mark.parametrize(
    ("markup", "expected"),
    [
        ("<https://example.org/ä b>", None),
        (
            '<a href="https://example.org/Käse [1]?q=a b#c#d">x</a>',
            "https://example.org/K%C3%A4se%20%5B1%5D?q=a%20b#c%23d",
        ),
        ("[x](https://example.org/100%)", "https://example.org/100%25"),
        ("[x](https://example.org/%C3%A4)", "https://example.org/%C3%A4"),
        ("[x](mailto:a@example.org)", "mailto:a@example.org"),
        ("[x](https://)", None),
        ("[x](notes.md)", None),
        ("[x](#nowhere)", None),
        ("[x](//example.org/a)", None),
    ],
)
def test_links_are_spelt_right_or_become_text(markup: str, expected: str | None, folder: Path) -> None:
    body = body_of(f"Go {markup} now.", folder)
    assert [link.get("href") for link in found(body, "//a")] == ([expected] if expected else [])
