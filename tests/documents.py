"""Documents for the tests of their readers, made here from the little that each format needs."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping, Sequence

from PIL import Image

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
_R = 'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
_RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_CORE = "http://schemas.openxmlformats.org/package/2006/metadata/core-properties"
_ODF = "urn:oasis:names:tc:opendocument:xmlns:"


def picture(kind: str = "PNG", size: tuple[int, int] = (40, 30)) -> bytes:
    target = io.BytesIO()
    Image.new("RGB", size, "navy").save(target, kind)
    return target.getvalue()


def zipped(members: Mapping[str, str | bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", method) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return target.getvalue()


def docx(body: str, styles: str = "", core: str = "", **parts: str | bytes) -> bytes:
    """A DOCX; `parts` are more members, "__" in their names a slash and "_xml" or "_png" at the end a suffix."""
    members: dict[str, str | bytes] = {
        "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="xml" ContentType="application/xml"/>'
        '<Default Extension="png" ContentType="image/png"/></Types>',
        "_rels/.rels": relations(("r1", "officeDocument", "word/document.xml")),
        "word/document.xml": docx_part(body),
        "word/styles.xml": f"<w:styles {W}>{styles}</w:styles>",
        "word/_rels/document.xml.rels": relations(
            ("n1", "footnotes", "footnotes.xml"), ("p1", "image", "media/boat.png"), ("x1", "image", "gone.png")
        ),
        "docProps/core.xml": f'<c:coreProperties xmlns:c="{_CORE}" xmlns:dc="http://purl.org/dc/elements/1.1/">{core}'
        "</c:coreProperties>",
    }
    renamed = {_member(name): data for name, data in parts.items()}
    return zipped({**members, **renamed})


def docx_part(body: str) -> str:
    """The main part of a DOCX."""
    return f"<w:document {W} {_R}><w:body>{body}</w:body></w:document>"


def relations(*found: tuple[str, str, str]) -> str:
    lines = "".join(f'<Relationship Id="{name}" Type="{_RELATION}/{kind}" Target="{to}"/>' for name, kind, to in found)
    return (
        f'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{lines}</Relationships>'
    )


def p(text: str, style: str = "", properties: str = "", run: str = "") -> str:
    """A paragraph of one run."""
    named = f'<w:pStyle w:val="{style}"/>' if style else ""
    return f"<w:p><w:pPr>{named}{properties}</w:pPr>{r(text, run)}</w:p>"


def r(text: str, properties: str = "") -> str:
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'


def odt(body: str, styles: str = "", meta: str = "", **parts: str | bytes) -> bytes:
    names = " ".join(
        f'xmlns:{prefix}="{_ODF}{name}:1.0"'
        for prefix, name in (
            ("office", "office"), ("text", "text"), ("style", "style"), ("table", "table"), ("draw", "drawing"),
            ("fo", "xsl-fo-compatible"), ("svg", "svg-compatible"), ("meta", "meta"),
        )
    )  # fmt: skip
    names += ' xmlns:xlink="http://www.w3.org/1999/xlink" xmlns:dc="http://purl.org/dc/elements/1.1/"'
    content = (
        f"<office:document-content {names}><office:automatic-styles>{styles}</office:automatic-styles>"
        f"<office:body><office:text>{body}</office:text></office:body></office:document-content>"
    )
    renamed = {_member(name): data for name, data in parts.items()}
    return zipped(
        {
            "mimetype": "application/vnd.oasis.opendocument.text",
            "content.xml": content,
            "meta.xml": f"<office:document-meta {names}><office:meta>{meta}</office:meta></office:document-meta>",
            **renamed,
        }
    )


def epub(
    chapters: Mapping[str, str], metadata: str, manifest: str = "", spine: str = "", **parts: str | bytes
) -> bytes:
    """An EPUB with the chapters in the spine by their names; `manifest` and `spine` are more entries of those lists."""
    items = "".join(f'<item id="{name}" href="{name}.xhtml" media-type="application/xhtml+xml"/>' for name in chapters)
    order = "".join(f'<itemref idref="{name}"/>' for name in chapters)
    package = (
        '<package xmlns="http://www.idpf.org/2007/opf" version="3.0" xmlns:dc="http://purl.org/dc/elements/1.1/" '
        f'xmlns:opf="http://www.idpf.org/2007/opf"><metadata>{metadata}</metadata>'
        f"<manifest>{items}{manifest}</manifest><spine>{order}{spine}</spine></package>"
    )
    members: dict[str, str | bytes] = {
        "mimetype": "application/epub+zip",
        "META-INF/container.xml": container("OPS/book.opf"),
        "OPS/book.opf": package,
    }
    for name, body in chapters.items():
        members[f"OPS/{name}.xhtml"] = page(body)
    return zipped({**members, **{_member(name): data for name, data in parts.items()}})


def page(body: str) -> str:
    """A page of a book."""
    return (
        '<?xml version="1.0"?><!DOCTYPE html><html xmlns="http://www.w3.org/1999/xhtml" '
        f'xmlns:epub="http://www.idpf.org/2007/ops"><head><title/></head><body>{body}</body></html>'
    )


def container(path: str) -> str:
    return (
        '<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>'
        f'<rootfile full-path="{path}" media-type="application/oebps-package+xml"/></rootfiles></container>'
    )


def pdf(pages: Sequence[Sequence[tuple[float, float, float, str]]], tags: str = "", info: str = "") -> bytes:
    """A PDF whose pages are lines of (left, bottom, size, text) in Helvetica.

    With `tags`, a name for each line of the first page ("H1", "P", …), the lines are marked and the tree is made.
    """
    names = tags.split()
    objects = [b""] * 4
    kids = []
    for lines in pages:
        drawn = []
        for number, (left, bottom, size, text) in enumerate(lines):
            line = f"BT /F1 {size} Tf {left} {bottom} Td ({text}) Tj ET"
            drawn.append(f"/{names[number]} <</MCID {number}>> BDC {line} EMC" if names else line)
        stream = "\n".join(drawn).encode("latin-1")
        objects.append(b"<</Length %d>>stream\n%s\nendstream" % (len(stream), stream))
        objects.append(
            b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/StructParents 0/Contents %d 0 R"
            b"/Resources<</Font<</F1 3 0 R>>>>>>" % len(objects)
        )
        kids.append(len(objects))
    tree = ""
    if names:
        root = len(objects) + 1
        first = root + 1
        elements = [f"{first + number} 0 R" for number in range(len(names))]
        objects.append(
            f"<</Type/StructTreeRoot/K[{' '.join(elements)}]/ParentTree<</Nums[0[{' '.join(elements)}]]>>>>".encode()
        )
        objects += [
            f"<</Type/StructElem/S/{name}/P {root} 0 R/Pg {kids[0]} 0 R/K {number}>>".encode()
            for number, name in enumerate(names)
        ]
        tree = f"/StructTreeRoot {root} 0 R/MarkInfo<</Marked true>>/Lang(en-GB)"
    objects[0] = f"<</Type/Catalog/Pages 2 0 R{tree}>>".encode()
    objects[1] = f"<</Type/Pages/Kids[{' '.join(f'{kid} 0 R' for kid in kids)}]/Count {len(kids)}>>".encode()
    objects[2] = b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>"
    objects[3] = f"<<{info}>>".encode()
    target, places = b"%PDF-1.7\n", []
    for number, content in enumerate(objects, start=1):
        places.append(len(target))
        target += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    start = len(target)
    rows = b"".join(b"%010d 00000 n \n" % place for place in places)
    target += b"xref\n0 %d\n0000000000 65535 f \n%s" % (len(objects) + 1, rows)
    return target + b"trailer<</Size %d/Root 1 0 R/Info 4 0 R>>\nstartxref\n%d\n%%%%EOF" % (len(objects) + 1, start)


def _member(name: str) -> str:
    path, _, suffix = name.replace("__", "/").rpartition("_")
    return f"{path}.{suffix}" if path else name
