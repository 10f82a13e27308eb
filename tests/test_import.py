"""What is imported is read as what it was: the same body, metadata and pictures; and it is Markdown that people can edit."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from conftest import Packager
from documents import W, docx, p, picture, r
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree
from test_script import BLOCKS, TEXTS

from packager.errors import ExitCode
from packager.model import Article, Listening, Metadata
from packager.pages.article import article_page
from packager.pipeline.importing import as_markdown, write_imported
from packager.readers.markdown import read_markdown_article, split_front_matter
from packager.readers.read import read_article
from packager.readers.sanitise import clean_body
from packager.readers.source import SourceText
from packager.speech.script import write_script
from packager.writers.markdown.faithful import markdown_of
from packager.writers.markdown.sameness import form_of
from packager.xhtml import serialise

EVERYTHING = """---
title: "Tides: a primer"
subtitle: null and void
authors: [Ada Fjord, "Lee, Bo"]
date: 2024-05
language: nb
description: 'Half of it is "quoted" # and more'
rights: 12:30
subjects: [Sea, "a, b"]
series: Letters
series_index: 07
cover: front.png
narrator: "no"
listening: {code: read}
---

Water *rises*[^1] and **falls**; see [the *tables*](https://e.org/a_(b)?x=1&y=2 "Old"). Twice[^2] more[^1].
Verse ends\\
here. 2 \\* 3 \\[x\\] \\<b\\> &copy; `a  b` ``c`d`` [og så]{lang=nn} H<sub>2</sub>O ~~gone~~

## Lists {#lists lang=en}

3. three
4. four
   - under
     - deeper
5. five

* one

  ```
  code

      more
  ```
* two

> Quoted, with a [link](#lists).
>
> - in it

| Day | Height |
|-----|--------|
| **Mon** | 3 \\| 4 |
| **Tue** | `a\\|b` |

Ebb
: water goes
: slowly

![A pier](pier.png "The old pier")

![](pier.png)

<table><caption>Wide</caption><tr><th>a<td colspan=2>b</table>

<div dir="rtl" lang="ar">

مرحبا *بكم*

</div>

---

[^1]: The *first*.

    With code:

        x = 1

[^2]: The second.
"""

PAGE = """<!DOCTYPE html><html lang="en"><head><title>Two boats</title><meta name="author" content="Cy Dunn"></head><body>
<article><h1>Two boats</h1><p>The <b>harbour </b>woke at <i>six</i>, as it had
   every day, and <a href="https://e.org/">e.org</a> wrote about it at once, for want of anything better
to say.<br>So it went on.</p>
<h2 id="a b">Boats</h2><figure><img src="left/boat.png" alt="A *red* boat"><figcaption>Left, <em>red</em></figcaption></figure>
<p><img src="right/boat.png" alt="A blue boat"> stands in the line, # not at its start, and that is how it has to stay.</p>
<ol type="a"><li><p>One thing</p><p>and more of it</p></li><li>Another</li></ol>
<pre>
  plain   text

  <b>bold</b></pre>
<dl><dt>T<dt>U<dd><p>d</p></dl><details><summary>Sum</summary><p>Inside it</p></details>
<p>1986. That was a year. <math><msup><mi>x</mi><mn>2</mn></msup></math></p></article></body></html>"""

PLAIN = """The pier

By Ada Fjord, 3 March 2024

It is old, and
* so it creaks

- One
- Two

> # Quoted

The end_ of *it*, and <b>more</b>.
"""

READABLE = [
    ("<p>a <em>b</em> <strong>c</strong> <code>d`</code></p>", "a *b* **c** `` d` ``"),
    ("<p>a<b>b </b>c</p>", "a<b>b </b>c"),
    ("<p>in<em>side</em>, <em>“so”</em>ho</p>", "in*side*, <em>“so”</em>ho"),
    ("<p>snake_case _x_ 5 * 3 [1] &lt;b> R&amp;D &amp;amp;</p>", r"snake_case \_x\_ 5 \* 3 \[1\] \<b> R&D \&amp;"),
    ("<p># x</p><p>- y</p><p>1. z</p><p>: w</p>", "\\# x\n\n\\- y\n\n1\\. z\n\n\\: w"),
    ("<p>a<br>b</p><p>a<br>\n b<br></p>", "a\\\nb\n\na\\\nb<br>"),
    ("<h1>A</h1><h2 id=x lang=fr>B</h2>", "## A\n\n### B {#x lang=fr}"),
    ("<p lang=de>x <span lang=fr>oui</span></p>", "{lang=de}\nx [oui]{lang=fr}"),
    ("<ul><li>a<ol><li>b</ol><li>c</ul>", "- a\n  1. b\n- c"),
    ("<ul><li>a</ul><ul><li>b</ul>", "- a\n\n* b"),
    ("<ul><li><p>a<p>b<li><p>c</ul>", "- a\n\n  b\n\n- c"),
    ("<blockquote><p>a<p>b</blockquote>", "> a\n>\n> b"),
    ("<pre><code>a\n\n b</code></pre>", "```\na\n\n b\n```"),
    ("<table><thead><tr><th>a<th>b<tbody><tr><td>c<td>d|e</table>", "| a | b |\n| --- | --- |\n| c | d\\|e |"),
    ("<table><tr><td>a<td>b</table>", "<table>\n<tbody>\n<tr><td>a</td><td>b</td></tr>\n</tbody>\n</table>"),
    ("<dl><dt>a<dd>b<dd>c</dl>", "a\n: b\n: c"),
    ("<section id=s><p>a</section>", '<section id="s">\n\na\n\n</section>'),
    ("<p>a</p><p id=x role=y title=z>b <em>c</em></p>", 'a\n\n<p id="x" title="z">b <em>c</em></p>'),
]
"""Parts of a page, and what people will find in the file."""


@pytest.mark.parametrize(("markup", "expected"), READABLE)
def test_what_markdown_can_say_is_said_in_markdown(markup: str, expected: str) -> None:
    assert markdown_of(clean_body(markup), body_of) == f"{expected}\n"


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])
@given(st.lists(BLOCKS | TEXTS, min_size=1, max_size=4).map("".join))
def test_any_body_is_read_back_as_it_was(markup: str) -> None:
    body = clean_body(markup)
    again = body_of(markdown_of(body, body_of))
    assert form_of(again) == form_of(body)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])
@given(st.lists(BLOCKS | TEXTS, min_size=1, max_size=4).map("".join))
def test_what_is_said_of_it_is_the_same(markup: str) -> None:
    # Two line ends in a paragraph are one white space for us, and the end of a sentence for the splitter.
    body = clean_body(" ".join(markup.split()))
    assert said(body_of(markdown_of(body, body_of))) == said(body)


LINES = st.text(st.characters(exclude_categories=["Cs", "Cc", "Cn", "Z"]), min_size=1, max_size=12) | st.sampled_from(
    [
        "null",
        "~",
        "no",
        "12:30",
        "007",
        "2024-01-02",
        "- x",
        "a: b",
        "#x",
        "'",
        '"',
        "{x}",
        "[x",
        "*a",
        "&a",
        "!b",
        "…",
        "a, b",
    ]
)
TEXT_FIELDS = "subtitle description publisher source rights series series_index narrator".split()


@settings(max_examples=60, deadline=None)
@given(
    LINES,
    st.dictionaries(st.sampled_from(TEXT_FIELDS), LINES),
    st.lists(LINES, max_size=3, unique=True),
    st.lists(LINES),
)
def test_any_metadata_are_read_back_as_they_were(
    title: str, fields: dict[str, str], authors: list[str], subjects: list[str]
) -> None:
    metadata = Metadata(title, "en-GB", authors=tuple(authors), subjects=tuple(subjects), date="2024-05", **fields)
    text = as_markdown(Article(metadata, serialise(clean_body("<p>x</p>"))), "x").text
    found, _ = split_front_matter(SourceText("x", text, Path(), "utf-8"))
    given = {name: value for name, value in vars(metadata).items() if value}
    assert {name: tuple(value) if isinstance(value, list) else value for name, value in found.items()} == given


def sources(folder: Path) -> dict[str, Path]:
    """A source of every kind, with pictures of one name in two folders."""
    for name, size in (
        ("front.png", (60, 90)),
        ("pier.png", (30, 30)),
        ("left/boat.png", (31, 30)),
        ("right/boat.png", (32, 30)),
    ):
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_bytes(picture(size=size))
    note = f'<w:footnotes {W}><w:footnote w:id="2">{p("A note.")}</w:footnote></w:footnotes>'
    call = '<w:r><w:footnoteReference w:id="2"/></w:r>'
    body = (
        p("The pier", "Title")
        + p("Wood", "Heading1")
        + f"<w:p>{r('It is ')}{r('old', '<w:b/>')}{r(' wood.')}{call}</w:p>"
    )
    files: dict[str, str | bytes] = {
        "everything.md": EVERYTHING,
        "page.html": PAGE,
        "plain.txt": PLAIN,
        "word.docx": docx(body, word__footnotes_xml=note),
    }
    for name, data in files.items():
        (folder / name).write_bytes(data.encode() if isinstance(data, str) else data)
    return {name: folder / name for name in files}


@pytest.mark.parametrize("name", ["everything.md", "page.html", "plain.txt", "word.docx"])
def test_import_then_build_reads_what_build_reads(name: str, tmp_path: Path) -> None:
    article = read_article(str(sources(tmp_path)[name]))
    assert not article.omissions
    content = tmp_path / "content"
    write_imported([as_markdown(article, "it")], content)
    again = read_article(str(content / "it.md"))
    assert replace(again, notes=()) == replace(article, notes=())
    assert not again.notes


def test_what_was_left_out_of_the_source_is_told_of_what_was_imported_too(tmp_path: Path) -> None:
    page = f"<nav><a href='/'>Home: the first page</a></nav>{PAGE}"
    (tmp_path / "page.html").write_text(page, encoding="utf-8")
    article = read_article(str(tmp_path / "page.html"))
    assert len(article.omissions) == 3  # the navigation, and two pictures that are not there
    imported = as_markdown(article, "it")
    write_imported([imported], tmp_path / "content")
    assert read_article(str(tmp_path / "content" / "it.md")).omissions == article.omissions


def test_the_command_writes_articles_and_their_pictures(packager: Packager, tmp_path: Path) -> None:
    sources(tmp_path)
    ran = packager("import", "everything.md", "page.html", folder=tmp_path)
    assert ran.returncode == ExitCode.GOOD, ran.stderr
    content = tmp_path / "content"
    found = sorted(str(file.relative_to(content)) for file in content.rglob("*") if file.is_file())
    pictures = [f"pictures/page/{name}" for name in ("2/boat.png", "boat.png")]
    assert found == [
        "everything.md", "page.md", "pictures/everything/front.png", "pictures/everything/pier.png", *pictures
    ]  # fmt: skip
    assert all(file in ran.stdout for file in found)
    text = (content / "everything.md").read_text(encoding="utf-8")
    assert "cover: pictures/everything/front.png\n" in text
    assert "source: everything.md\n" in text
    assert "\n[^1]: The *first*.\n" in text
    assert '\n![A pier](pictures/everything/pier.png "The old pier")\n' in text


def test_nothing_is_overwritten_unless_asked(packager: Packager, tmp_path: Path) -> None:
    sources(tmp_path)
    kept = tmp_path / "content" / "plain.md"
    kept.parent.mkdir()
    kept.write_text("My own words.\n", encoding="utf-8")
    refused = packager("import", "plain.txt", folder=tmp_path)
    assert refused.returncode == ExitCode.USAGE
    assert "plain.md” is there already" in refused.stderr and "--force" in refused.stderr
    assert kept.read_text(encoding="utf-8") == "My own words.\n"
    assert packager("import", "plain.txt", "--force", "--dry-run", folder=tmp_path).returncode == ExitCode.GOOD
    assert kept.read_text(encoding="utf-8") == "My own words.\n"
    assert packager("import", "plain.txt", "--force", "-t", "The quay", folder=tmp_path).returncode == ExitCode.GOOD
    assert kept.read_text(encoding="utf-8").startswith("---\ntitle: The quay\n")


def test_each_entry_of_a_feed_is_an_article(packager: Packager, tmp_path: Path) -> None:
    text = "The water rose at noon and fell again at night, as it has done on every day since anybody began to count."
    items = "".join(
        f"<item><title>{title}</title><description>{text}</description></item>" for title in ("Ebb", "Flow")
    )
    feed = f'<rss version="2.0"><channel><title>Tides</title><language>en</language>{items}</channel></rss>'
    (tmp_path / "tides.rss").write_text(feed, encoding="utf-8")
    ran = packager("import", "tides.rss", "nothing.html", "--json", folder=tmp_path)
    assert ran.returncode == ExitCode.SOURCE
    told = json.loads(ran.stdout)
    files = [file for one in told["imported"] for file in one["files"]]
    assert files == [str(Path("content") / name) for name in ("ebb.md", "flow.md")]
    assert [one["source"] for one in told["failed"]] == ["nothing.html"]
    assert all(text in (tmp_path / file).read_text(encoding="utf-8") for file in files)


def body_of(text: str) -> etree._Element:
    return clean_body(read_markdown_article(SourceText("x", f"---\ntitle: x\n---\n{text}", Path(), "utf-8")).markup)


def said(body: etree._Element) -> list[tuple[str, str, str, int]]:
    page = article_page(Article(Metadata("A title", "en"), serialise(body)))
    return [(one.text, one.spoken, one.language, one.pause) for one in write_script([page], Listening()).said]
