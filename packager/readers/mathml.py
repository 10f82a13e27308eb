"""Formulas in presentation MathML: kept where they are well made, else written as one line of text.

A formula is put aside while the tree around it is mended, because its elements follow rules of their own.
"""

from __future__ import annotations

from lxml import etree

from packager.model import XHTML
from packager.xhtml import local_name, remove, text_of

MATHML = "http://www.w3.org/1998/Math/MathML"

_TOKENS = frozenset("mi mn mo ms mtext".split())
_ROWS = frozenset("math menclose merror mpadded mphantom mrow msqrt mstyle mtd".split())
_CHILDREN = {"mfrac": 2, "mover": 2, "mroot": 2, "msub": 2, "msubsup": 3, "msup": 2, "munder": 2, "munderover": 3}
_TABLES = {"mtable": "mtr", "mtr": "mtd"}
ELEMENTS = frozenset(_TOKENS | _ROWS | set(_CHILDREN) | set(_TABLES) | {"mspace"})
"""Elements of MathML 3, section 3; without actions, links, and those for the markup of other programs."""

ATTRIBUTES = frozenset(
    "accent accentunder columnalign columnspan dir display displaystyle fence form largeop linethickness mathvariant "
    "movablelimits notation rowspan separator stretchy symmetric width alttext".split()
)
DROPPED = frozenset({"annotation", "annotation-xml"})
"""The same formula once more, for programs."""

_HELD = "math:"
_RAISED = str.maketrans("0123456789+-−()n", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁽⁾ⁿ")
_LOWERED = str.maketrans("0123456789+-−()", "₀₁₂₃₄₅₆₇₈₉₊₋₋₍₎")
_DEEPEST = 40


def put_aside(body: etree._Element) -> list[etree._Element]:
    """Replace each formula in an XHTML tree by a stand-in of one piece; gives the formulas for `put_back`."""
    formulas: list[etree._Element] = []
    for math in list(body.iter(f"{{{XHTML}}}math")):
        if any(local_name(outer) == "math" for outer in math.iterancestors()):
            continue
        line = " ".join((math.get("alttext") or _line(math)).split())
        stand_in = etree.Element(f"{{{XHTML}}}img", src=f"{_HELD}{len(formulas)}", alt=line)
        stand_in.tail, math.tail = math.tail, None
        parent = math.getparent()
        if parent is not None:
            parent.replace(math, stand_in)
            formulas.append(math)
            if not line:
                remove(stand_in)
    return formulas


def put_back(body: etree._Element, formulas: list[etree._Element]) -> None:
    """Put the formulas where their stand-ins are."""
    for stand_in in list(body.iter(f"{{{XHTML}}}img")):
        number = stand_in.get("src", "").removeprefix(_HELD)
        if not stand_in.get("src", "").startswith(_HELD) or not number.isdigit() or int(number) >= len(formulas):
            continue
        formula = _well_made(formulas[int(number)], stand_in.get("alt", ""))
        formula.tail = stand_in.tail
        parent = stand_in.getparent()
        if parent is not None:
            parent.replace(stand_in, formula)


def _well_made(math: etree._Element, line: str) -> etree._Element:
    if not all(map(_is_well_made, math.iter())) or _depth(math) > _DEEPEST:
        text = etree.Element(f"{{{XHTML}}}span")
        text.text = line
        return text
    made = etree.Element(f"{{{MATHML}}}math", nsmap={None: MATHML})
    pending = [(math, made)]
    while pending:
        source, target = pending.pop()
        for name, value in source.attrib.items():
            if name in ATTRIBUTES and (name not in ("alttext", "display") or source is math):
                target.set(name, value)
        if local_name(source) in _TOKENS:
            target.text = " ".join((source.text or "").split())
        pending.extend((child, etree.SubElement(target, f"{{{MATHML}}}{local_name(child)}")) for child in source)
    if made.get("display") not in ("block", "inline"):
        made.attrib.pop("display", None)
    made.set("alttext", line)
    return made


def _is_well_made(element: etree._Element) -> bool:
    name = local_name(element)
    loose = [element.text, *(child.tail for child in element)]
    if name in _TOKENS:
        return len(element) == 0
    if any(text and text.strip() for text in loose) or name not in ELEMENTS:
        return False
    inside = local_name(element.getparent()) if element.getparent() is not None else ""
    if (name == "mtr" and inside != "mtable") or (name == "mtd" and inside != "mtr"):
        return False
    if name in _TABLES:
        return all(local_name(child) == _TABLES[name] for child in element)
    return len(element) == _CHILDREN.get(name, len(element))


def _depth(element: etree._Element) -> int:
    return max((sum(1 for _ in inner.iterancestors()) for inner in element.iter()), default=0)


def _line(element: etree._Element, depth: int = 0) -> str:
    """A formula in one line of Unicode: “x² + y²”, “(a + b)/2”, “√2”."""
    name = local_name(element)
    if name in _TOKENS or depth > _DEEPEST:
        text = text_of(element)
        return f" {text} " if name == "mo" and text in "+-−=<>≤≥≠≈·×÷→∈∪∩" and text else text
    parts = [_line(child, depth + 1) for child in element]
    if name == "mfrac" and len(parts) == 2:
        return f"{_grouped(parts[0])}/{_grouped(parts[1])}"
    if name == "msup" and len(parts) == 2:
        return parts[0] + _raised(parts[1])
    if name == "msub" and len(parts) == 2:
        return parts[0] + _lowered(parts[1])
    if name in ("msubsup", "munderover") and len(parts) == 3:
        return parts[0] + _lowered(parts[1]) + _raised(parts[2])
    if name == "msqrt":
        return "√" + _grouped("".join(parts))
    if name == "mtr":
        return ", ".join(parts) + "; "
    return (element.text or "").strip() + "".join(
        part + (child.tail or "").strip() for part, child in zip(parts, element, strict=True)
    )


def _grouped(text: str) -> str:
    return text if len(text.strip()) <= 1 or text.strip().isalnum() else f"({text.strip()})"


def _raised(text: str) -> str:
    raised = text.strip().translate(_RAISED)
    return raised if all(char in "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁽⁾ⁿ" for char in raised) else f"^{_grouped(text)}"


def _lowered(text: str) -> str:
    lowered = text.strip().translate(_LOWERED)
    return lowered if all(char in "₀₁₂₃₄₅₆₇₈₉₊₋₍₎" for char in lowered) else f"_{_grouped(text)}"
