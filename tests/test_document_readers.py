"""Documents, books, mail and feeds: what is the article in them is kept, what is not is listed."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import Protocol

import pytest
from documents import docx, epub, odt, p, page, pdf, picture, r, relations

from packager.errors import SourceError
from packager.model import Article
from packager.readers.documents.feed import entries
from packager.readers.documents.pdf_words import joined
from packager.readers.read import read_article
from packager.readers.source import SourceFile

TEXT = "The boats lay still, and nobody came down to the quay to look at them that day."
W_HEADING = (
    '<w:style w:styleId="Kapitel"><w:name w:val="My own"/><w:pPr><w:outlineLvl w:val="0"/></w:pPr></w:style>'
    '<w:style w:styleId="Sub"><w:name w:val="Another"/><w:basedOn w:val="Kapitel"/>'
    '<w:pPr><w:outlineLvl w:val="1"/></w:pPr></w:style>'
    '<w:style w:styleId="T1"><w:name w:val="Title"/></w:style><w:style w:styleId="C1"><w:name w:val="caption"/></w:style>'
)
MONO = '<w:rFonts w:ascii="Courier New"/>'


class Read(Protocol):
    """Reads bytes or text as a file of this name."""

    def __call__(self, data: bytes | str, name: str, overrides: Mapping[str, object] | None = None) -> Article: ...


@pytest.fixture
def read(tmp_path: Path) -> Read:
    def read_as(data: bytes | str, name: str, overrides: Mapping[str, object] | None = None) -> Article:
        path = tmp_path / name
        path.write_bytes(data if isinstance(data, bytes) else data.encode())
        return read_article(str(path), overrides)

    return read_as


def markup(article: Article) -> str:
    """The body without what every body has."""
    plain = re.sub(r' (?:xmlns|xml:lang|xmlns:\w+)="[^"]*"', "", article.body)
    return plain.removeprefix("<body>").removesuffix("</body>")


def left_out(article: Article) -> list[str]:
    return [omission.what for omission in article.omissions]


def test_word_styles_of_any_name_become_headings_quotations_code_and_lists_of_notes(read: Read) -> None:
    quoted = p("A quotation, by its indent alone.", properties='<w:ind w:left="720" w:right="720"/>')
    note = '<w:r><w:footnoteReference w:id="2"/></w:r>'
    body = (
        p("The Ferry", "T1")
        + p("First part", "Kapitel")
        + f"<w:p>{r(TEXT)}{note}</w:p>"
        + p("Smaller part", "Sub")
        + quoted
        + p("x = 1", run=MONO)
        + p("y = 2", run=MONO)
        + p(TEXT)
    )
    footnotes = (
        f'<w:footnotes {docx_namespace()}><w:footnote w:id="2">{p("Said in a note.")}</w:footnote></w:footnotes>'
    )
    article = read(docx(body, W_HEADING, word__footnotes_xml=footnotes), "ferry.docx")
    assert article.metadata.title == "The Ferry"
    found = markup(article)
    assert "The Ferry" not in found
    assert re.findall(r"<h\d>[^<]*", found) == ["<h2>First part", "<h3>Smaller part"]
    assert "<blockquote><p>A quotation, by its indent alone.</p></blockquote>" in found
    assert "<pre><code>x = 1\ny = 2</code></pre>" in found
    assert re.search(r'day\.<sup><a[^>]*role="doc-noteref"[^>]*>1</a></sup>', found)
    assert re.search(r'<section role="doc-endnotes"><ol><li id="[^"]*"><p>\s*Said in a note\.', found)


def docx_namespace() -> str:
    return 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def test_what_word_shows_as_struck_out_or_remarked_is_not_printed_and_is_listed(read: Read) -> None:
    body = (
        "<w:p>" + r("The ferry ") + f"<w:del>{r('never ').replace('w:t', 'w:delText')}</w:del>"
        f"<w:ins>{r('always ')}</w:ins>" + r("sails.") + '<w:r><w:commentReference w:id="1"/></w:r></w:p>' + p(TEXT)
    )  # fmt: skip
    header = f"<w:hdr {docx_namespace()}>{p('Draft of the harbour office')}</w:hdr>"
    article = read(docx(body, word__header1_xml=header), "ferry.docx")
    assert "The ferry always sails." in markup(article)
    assert left_out(article) == [
        "Tracked deletions: 1",
        "Comments: 1",
        "Line at the edge of the page: “Draft of the harbour office”",
    ]


def test_pictures_of_a_document_come_from_it_alone_with_their_words(read: Read, tmp_path: Path) -> None:
    (tmp_path / "gone.png").write_bytes(picture())
    inline = (
        '<w:p><w:r><w:drawing><wp:inline xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing">'
        '<wp:docPr id="1" name="x" descr="{0}"/><a:graphic xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main">'
        '<a:graphicData><pic:pic xmlns:pic="http://schemas.openxmlformats.org/drawingml/2006/picture"><pic:blipFill>'
        '<a:blip r:embed="{1}"/></pic:blipFill></pic:pic></a:graphicData></a:graphic></wp:inline></w:drawing></w:r></w:p>'
    )
    body = inline.format("A blue boat", "p1") + p("Figure 1: the boat", "C1") + inline.format("Lost", "x1") + p(TEXT)
    article = read(docx(body, W_HEADING, word__media__boat_png=picture("BMP", (2000, 10))), "ferry.docx")
    assert [(resource.media_type, resource.data[:4]) for resource in article.resources] == [("image/png", b"\x89PNG")]
    assert re.search(r'<figure><img[^>]*alt="A blue boat"[^>]*/><figcaption>Figure 1', markup(article))
    assert article.omissions[0].reason == "it is missing in the document"


def test_languages_of_words_are_kept_and_a_wrong_language_of_the_file_is_not_believed(read: Read) -> None:
    german = "Die Boote lagen still, und niemand kam an diesem Tag zum Kai hinunter, um nach ihnen zu sehen. " * 6
    styles = '<w:docDefaults><w:rPrDefault><w:rPr><w:lang w:val="en-US"/></w:rPr></w:rPrDefault></w:docDefaults>'
    french = r("bonjour tout le monde", '<w:lang w:val="fr-FR"/>')
    assert read(docx(p(german), styles), "a.docx").metadata.language == "de"
    article = read(docx(f"<w:p>{r(TEXT)}{french}</w:p>", styles), "b.docx")
    assert article.metadata.language == "en-US"
    assert '<span lang="fr-FR">bonjour tout le monde</span>' in markup(article)


def test_short_bold_lines_are_headings_only_where_a_document_has_no_others(read: Read) -> None:
    bold = p("In the harbour", run="<w:b/>")
    assert "<h2><strong>In the harbour</strong></h2>" in markup(read(docx(p(TEXT) + bold + p(TEXT) * 3), "a.docx"))
    styled = docx(p("Part", "Kapitel") + p(TEXT) + bold + p(TEXT) * 3, W_HEADING)
    assert "<p><strong>In the harbour</strong></p>" in markup(read(styled, "b.docx", {"title": "T"}))


def test_open_document_text_keeps_structure_and_what_its_author_said_of_it(read: Read) -> None:
    body = (
        "<text:tracked-changes><text:changed-region><text:deletion><text:p>Gone.</text:p></text:deletion>"
        "</text:changed-region></text:tracked-changes>"
        '<text:h text:outline-level="1">First part</text:h>'
        '<text:p>One <text:span text:style-name="I">slanted</text:span><text:s text:c="2"/>word.<office:annotation>'
        "<text:p>A remark.</text:p></office:annotation><text:note><text:note-citation>1</text:note-citation>"
        f"<text:note-body><text:p>Said in a note.</text:p></text:note-body></text:note></text:p><text:p>{TEXT}</text:p>"
        '<text:list text:style-name="L"><text:list-item><text:p>one</text:p></text:list-item></text:list>'
        '<text:p text:style-name="Q">Quoted.</text:p><text:p text:style-name="Q">And on.</text:p>'
        '<text:p><draw:frame><draw:image xlink:href="Pictures/boat.png"/><svg:desc>A boat</svg:desc></draw:frame></text:p>'
        "<table:table><table:table-header-rows><table:table-row><table:table-cell><text:p>Name</text:p></table:table-cell>"
        "</table:table-row></table:table-header-rows><table:table-row><table:table-cell><text:p>Ann</text:p>"
        "</table:table-cell></table:table-row></table:table>"
    )
    styles = (
        '<style:style style:name="I" style:family="text"><style:text-properties fo:font-style="italic"/></style:style>'
        '<style:style style:name="Q" style:family="paragraph" style:parent-style-name="Quotations"/>'
        '<text:list-style style:name="L"><text:list-level-style-number text:level="1" style:num-format="1"/></text:list-style>'
    )
    meta = "<dc:title>The Ferry</dc:title><meta:initial-creator>Ann Lee</meta:initial-creator><meta:keyword>sea</meta:keyword>"
    article = read(odt(body, styles, meta, Pictures__boat_png=picture()), "ferry.odt")
    found = markup(article)
    assert (article.metadata.title, article.metadata.authors) == ("The Ferry", ("Ann Lee",))
    assert article.metadata.subjects == ("sea",)
    assert "<h2>First part</h2><p>One <em>slanted</em>" in found
    assert "<ol><li><p>one</p></li></ol>" in found
    assert "<blockquote><p>Quoted.</p><p>And on.</p></blockquote>" in found
    assert re.search(r'<img src="pictures/boat-\w+\.png" alt="A boat"/>', found)
    assert '<thead><tr><th scope="col"><p>Name</p></th></tr></thead>' in found
    assert re.search(r'role="doc-endnotes"><ol><li[^>]*><p>Said in a note\.', found)
    assert "remark" not in found and "Gone" not in found
    assert left_out(article) == ["Tracked deletions: 1", "Comments: 1"]


METADATA = (
    '<dc:title id="t2">A short crossing</dc:title><meta refines="#t2" property="title-type">subtitle</meta>'
    '<dc:title id="t1">The Ferry</dc:title><meta refines="#t1" property="title-type">main</meta>'
    '<dc:creator id="c1">Ann Lee</dc:creator><dc:creator id="c2">Bo Chan</dc:creator>'
    '<meta refines="#c2" property="role">ill</meta><dc:language>en-GB</dc:language><dc:date>2021-11-08</dc:date>'
    '<meta name="cover" content="cv"/>'
)


def test_chapters_of_a_book_become_one_body_whose_links_and_notes_hold(read: Read) -> None:
    chapters = {
        "one": f'<h1 id="top">Chapter one</h1><p>{TEXT}<a epub:type="noteref" href="two.xhtml#n1">1</a> '
        '<a href="two.xhtml">on</a> <a href="gone.xhtml">gone</a></p><span epub:type="pagebreak" title="7">7</span>',
        "two": f'<p>{TEXT}</p><aside epub:type="footnote" id="n1"><p>Said in a note.</p></aside>',
    }
    links = '<li><a href="one.xhtml">x</a></li><li><a href="two.xhtml">Chapter two</a></li>'
    navigation = f'<nav epub:type="toc"><ol>{links}</ol></nav>'
    data = epub(
        chapters,
        METADATA,
        '<item id="cv" href="c.png" media-type="image/png"/>'
        '<item id="lost" href="lost.xhtml" media-type="application/xhtml+xml"/>'
        '<item id="nav" href="nav.xhtml" properties="nav" media-type="application/xhtml+xml"/>',
        '<itemref idref="nav"/><itemref idref="lost"/>',
        OPS__c_png=picture(),
        OPS__nav_xhtml=page(navigation),
    )
    article = read(data, "ferry.epub")
    found, about = markup(article), article.metadata
    assert (about.title, about.subtitle, about.authors, about.language) == (
        "The Ferry", "A short crossing", ("Ann Lee",), "en-GB",
    )  # fmt: skip
    assert article.cover is not None
    assert re.search(r'<a role="doc-noteref" href="#n-c2-n1">1</a>|<a href="#n-c2-n1" role="doc-noteref">1</a>', found)
    assert re.search(r'<aside[^>]*id="n-c2-n1"[^>]*><p>Said in a note', found)
    target = re.search(r'<a href="#([^"]*)">on</a>', found)
    assert target and re.search(rf'<section[^>]*id="{target[1]}"', found)
    assert "gone" in found and "gone.xhtml" not in found and ">7<" not in found
    assert re.findall(r"<h\d[^>]*>([^<]*)", found) == ["Chapter one", "Chapter two"]
    assert left_out(article) == ["Table of contents", "Chapters: 1 (OPS/lost.xhtml)"]


def test_a_chapter_without_a_heading_gets_that_of_the_table_of_contents(read: Read) -> None:
    ncx = (
        '<ncx xmlns="http://www.daisy.org/z3986/2005/ncx/"><navMap><navPoint><navLabel><text>Chapter two</text></navLabel>'
        '<content src="two.xhtml"/></navPoint></navMap></ncx>'
    )
    data = epub(
        {"one": f"<h3>Chapter one</h3><p>{TEXT}</p>", "two": f"<p>{TEXT}&nbsp;</p>"},
        METADATA,
        '<item id="ncx" href="toc.ncx" media-type="application/x-dtbncx+xml"/>',
        OPS__toc_ncx=ncx,
    )
    assert re.findall(r"<h\d>[^<]*", markup(read(data, "ferry.epub"))) == ["<h2>Chapter one", "<h2>Chapter two"]


MAIL = """From: "Ann Lee" <ann@example.org>
Subject: Re: [quay] The ferry
Date: Mon, 8 Nov 2021 23:30:00 -0100
Message-ID: <1@example.org>
MIME-Version: 1.0
Content-Type: multipart/related; boundary=b

--b
Content-Type: text/html; charset=iso-8859-1
Content-Transfer-Encoding: 8bit

<table><tr><td><h1>The ferry</h1><p>%s</p><img src="cid:boat" alt="A boat"><img src="https://t.example/p" width=1></td>
<td><table><tr><th>Day</th></tr><tr><td>Monday</td></tr></table></td></tr></table>
<p>On Sunday Bo wrote:</p><blockquote type="cite">Where is it?</blockquote><p><a href="https://x.example/u">Unsubscribe</a></p>
--b
Content-Type: image/png
Content-ID: <boat>
Content-Transfer-Encoding: base64

%s
--b
Content-Type: application/pdf
Content-Disposition: attachment; filename="plan.pdf"

x
--b--
"""


def test_a_message_is_its_own_newest_text(read: Read) -> None:
    import base64

    article = read(MAIL % (TEXT, base64.b64encode(picture()).decode()), "message.eml")
    about, found = article.metadata, markup(article)
    assert (about.title, about.authors, about.date) == ("The ferry", ("Ann Lee",), "2021-11-08")
    assert re.sub(r"</?div>", "", found).startswith(f"<p>{TEXT}</p><p><img")
    assert len(article.resources) == 1
    assert "<th" in found and found.count("<table") == 1
    assert left_out(article) == ["Tracking picture", "Quoted message", "Footer", "Attachment “plan.pdf”"]
    plain = f"From: Bo <b@example.org>\nMessage-ID: <2>\n\n{TEXT}\n\nOn Monday Ann wrote:\n> {TEXT}\n\n-- \nBo, Harbour office\n"
    article = read(plain, "plain.eml")
    assert markup(article) == f"<p>{TEXT}</p>"
    assert left_out(article) == ["Quoted message", "Signature"]


RSS = f"""<rss version="2.0"><channel><title>The quay</title><language>en-gb</language>
<item><title>First</title><author>a@b.example (Bo Chan)</author><pubDate>Mon, 08 Nov 2021 10:00:00 GMT</pubDate>
<description>&lt;p&gt;{TEXT}&lt;/p&gt;&lt;script&gt;x()&lt;/script&gt;</description></item>
<item><title>Second</title><description>{TEXT}</description><enclosure url="https://h.example/a.mp3"/></item></channel></rss>"""
JSON_FEED = json.dumps(
    {
        "version": "https://jsonfeed.org/version/1.1",
        "title": "The quay",
        "items": [
            {"title": "First", "content_html": f"<p>{TEXT}</p>", "date_published": "2021-11-08T10:00:00Z",
             "authors": [{"name": "Bo Chan"}]},
            {"title": "Second", "content_text": TEXT},
        ],
    }
)  # fmt: skip
ATOM = f"""<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom"><title>The quay</title>
<entry><title>First</title><author><name>Bo Chan</name></author><published>2021-11-08T10:00:00Z</published>
<content type="html">&lt;p&gt;{TEXT}&lt;/p&gt;</content></entry>
<entry><title>Second</title><content type="text">{TEXT}</content></entry></feed>"""


@pytest.mark.parametrize("feed", [RSS, ATOM, JSON_FEED], ids=["RSS", "Atom", "JSON"])
def test_each_entry_of_a_feed_is_an_article_and_all_are_one(feed: str, read: Read) -> None:
    first, second = entries(SourceFile("feed", feed.encode(), Path()))
    assert {name: first.fields[name] for name in ("title", "date", "publisher")} == {
        "title": "First", "date": "2021-11-08", "publisher": "The quay",
    }  # fmt: skip
    assert first.fields["authors"] == ["Bo Chan"]
    assert TEXT in second.markup and second.fields["title"] == "Second"
    whole = read(feed, "feed.xml" if feed[0] == "<" else "feed.json")
    assert whole.metadata.title == "The quay"
    assert re.findall(r"<h2>[^<]*", markup(whole)) == ["<h2>First", "<h2>Second"]
    assert "x()" not in markup(whole)


def untagged_pages() -> list[list[tuple[float, float, float, str]]]:
    def sheet(number: int, lines: list[tuple[float, float, float, str]]) -> list[tuple[float, float, float, str]]:
        return [(72, 800, 9, "The Quay Review"), *lines, (290, 40, 9, str(number))]

    return [
        sheet(1, [
            (72, 740, 24, "The Ferry"),
            (72, 700, 15, "In the harbour"),
            (72, 680, 11, "The boats lay still, and nobody came down to the quay to look at the har-"),
            (72, 666, 11, "bour that day, though the well-known ferry was late and the wind had gone"),
        ]),
        sheet(2, [
            (72, 740, 11, "round to the west."),
            (72, 712, 11, "A second paragraph begins here, after a gap between the lines of the page."),
            (72, 690, 11, "\\225 one thing"),
            (72, 676, 11, "\\225 another thing"),
        ]),
    ]  # fmt: skip


def test_lines_of_a_pdf_become_paragraphs_headings_and_lists_without_the_edges_of_its_pages(read: Read) -> None:
    article = read(pdf(untagged_pages()), "ferry.pdf")
    assert article.metadata.title == "The Ferry"
    assert markup(article) == (
        "<h2>In the harbour</h2><p>The boats lay still, and nobody came down to the quay to look at the harbour that day, "
        "though the well-known ferry was late and the wind had gone round to the west.</p>"
        "<p>A second paragraph begins here, after a gap between the lines of the page.</p>"
        "<ul><li>one thing</li><li>another thing</li></ul>"
    )
    assert left_out(article) == ["Line at the edge of 2 pages: “The Quay Review”", "Page numbers"]


def test_the_tags_of_a_pdf_say_more_than_its_looks(read: Read) -> None:
    lines = [(72, 740, 11, "In the harbour"), (72, 700, 24, TEXT), (72, 660, 11, TEXT.upper())]
    article = read(pdf([lines], "H1 BlockQuote P", "/Title(The Ferry)/Author(Ann Lee)"), "ferry.pdf")
    assert (article.metadata.title, article.metadata.authors) == ("The Ferry", ("Ann Lee",))
    assert markup(article) == (
        f"<h2>In the harbour</h2><blockquote><p>{TEXT}</p></blockquote><p>{TEXT.upper()}</p>"
    )  # fmt: skip


@pytest.mark.parametrize(
    ("lines", "whole"),
    [
        ("the har-\nbour wall", "the harbour wall"),
        ("a well-\nknown ferry, well-known", "a well-known ferry, well-known"),
        ("from Anglo-\nSaxon times", "from Anglo-Saxon times"),
        ("COVID-\n19 came", "COVID-19 came"),
        ("an end -\nand more", "an end - and more"),
    ],
)
def test_words_cut_by_the_end_of_a_line_are_mended_and_others_keep_their_hyphen(lines: str, whole: str) -> None:
    assert joined(lines, lines) == whole


def test_a_scan_is_refused_with_what_to_do(read: Read) -> None:
    with pytest.raises(SourceError, match=r"as those of a scan are.*OCR"):
        read(pdf([[]]), "scan.pdf")


@pytest.mark.skipif(not find_spec("pypandoc"), reason="pypandoc_binary is missing")
def test_pandoc_reads_other_formats_and_no_other_file(read: Read, tmp_path: Path) -> None:
    (tmp_path / "secret.txt").write_text("the secret word")
    text = f"The Ferry\n=========\n\n:Author: Ann Lee\n\nPart\n----\n\n{TEXT}\n\n.. math:: x^2\n\n"
    text += f".. include:: {tmp_path}/secret.txt\n"
    article = read(text, "ferry.rst")
    assert (article.metadata.title, article.metadata.authors) == ("The Ferry", ("Ann Lee",))
    assert "<h2" in markup(article) and "secret word" not in article.body
    assert 'alttext="x²"' in article.body
    latex = f"\\documentclass{{article}}\\begin{{document}}{TEXT} \\input{{{tmp_path}/secret.txt}}\\end{{document}}"
    assert "secret word" not in read(latex, "ferry.tex").body


def test_a_relation_of_a_document_to_other_files_is_not_followed(read: Read, tmp_path: Path) -> None:
    (tmp_path / "secret.png").write_bytes(picture())
    outside = f'TargetMode="External" Target="file://{tmp_path}/secret.png"'
    linked = relations(("p1", "image", "x")).replace('Target="x"', outside)
    body = (
        '<w:p><w:r><w:pict><v:shape xmlns:v="urn:schemas-microsoft-com:vml"><v:imagedata r:id="p1"/></v:shape></w:pict>'
        f"</w:r></w:p>{p(TEXT)}"
    )
    assert read(docx(body, **{"word___rels__document.xml_rels": linked}), "ferry.docx").resources == ()


def test_a_book_whose_pages_are_pictures_keeps_them_and_the_language_it_declares(read: Read) -> None:
    data = epub(
        {"one": f"<p>{TEXT * 12}</p>"},
        "<dc:title>Bilder</dc:title><dc:language>de</dc:language>",
        '<item id="two" href="two.png" media-type="image/png"/>',
        '<itemref idref="two"/>',
        OPS__two_png=picture(),
    )
    article = read(data, "pictures.epub")
    assert article.metadata.language == "de"
    assert re.search(r'<section[^>]*><p><img src="pictures/two-', markup(article))
