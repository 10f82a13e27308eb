"""SVG through an allow-list: drawings, gradients, text and filters stay; whatever can run, move or fetch goes."""

from __future__ import annotations

import base64
import binascii
import re
from collections import Counter

from lxml import etree

from packager.readers.rasters import PictureError, fit_raster

SVG = "http://www.w3.org/2000/svg"
XLINK = "http://www.w3.org/1999/xlink"
XML = "http://www.w3.org/XML/1998/namespace"

MAX_BYTES = 5_000_000
MAX_DRAWN = 200_000
"""Elements that are drawn, those counted again that a `use` repeats."""

_ELEMENTS = frozenset(
    "svg g defs symbol use title desc path rect circle ellipse line polyline polygon text tspan textPath image marker "
    "clipPath mask pattern linearGradient radialGradient stop style switch filter feBlend feColorMatrix "
    "feComponentTransfer feComposite feConvolveMatrix feDiffuseLighting feDisplacementMap feDistantLight feDropShadow "
    "feFlood feFuncA feFuncB feFuncG feFuncR feGaussianBlur feMerge feMergeNode feMorphology feOffset fePointLight "
    "feSpecularLighting feSpotLight feTile feTurbulence".split()
)
_TRANSPARENT = frozenset({"a"})
"""Elements that go and leave what they hold."""

_ATTRIBUTES = frozenset(
    "id class style transform viewBox preserveAspectRatio width height x y x1 y1 x2 y2 cx cy r rx ry fx fy fr d points "
    "pathLength dx dy rotate textLength lengthAdjust startOffset method spacing side "
    "alignment-baseline baseline-shift clip clip-path clip-rule color color-interpolation color-interpolation-filters "
    "direction display dominant-baseline fill fill-opacity fill-rule filter flood-color flood-opacity font-family "
    "font-size font-size-adjust font-stretch font-style font-variant font-weight image-rendering letter-spacing "
    "lighting-color marker-end marker-mid marker-start mask mask-type mix-blend-mode opacity overflow paint-order "
    "shape-rendering stop-color stop-opacity stroke stroke-dasharray stroke-dashoffset stroke-linecap stroke-linejoin "
    "stroke-miterlimit stroke-opacity stroke-width text-anchor text-decoration text-rendering unicode-bidi "
    "vector-effect visibility word-spacing writing-mode isolation "
    "gradientTransform gradientUnits spreadMethod offset patternContentUnits patternTransform patternUnits "
    "clipPathUnits maskContentUnits maskUnits markerHeight markerUnits markerWidth orient refX refY "
    "filterUnits primitiveUnits in in2 result mode type values tableValues slope intercept amplitude exponent operator "
    "k1 k2 k3 k4 order kernelMatrix divisor bias targetX targetY edgeMode preserveAlpha surfaceScale diffuseConstant "
    "specularConstant specularExponent limitingConeAngle azimuth elevation z pointsAtX pointsAtY pointsAtZ "
    "stdDeviation radius scale xChannelSelector yChannelSelector baseFrequency numOctaves seed stitchTiles "
    "version lang systemLanguage requiredFeatures media".split()
)
_XML_ATTRIBUTES = frozenset({f"{{{XML}}}lang", f"{{{XML}}}space"})
_HREFS = ("href", f"{{{XLINK}}}href")
_NAME = re.compile(r"[A-Za-z_][\w.-]*", re.A)
_LOCAL = re.compile(r"#[^\s\"'()<>]+")
_EMBEDDED = re.compile(r"data:image/(?:png|jpe?g|gif|webp);base64,([A-Za-z0-9+/=\s]+)")
_FETCHING = re.compile(
    r"""\\ | // | @(?!media\b|keyframes\b|-webkit-keyframes\b) | url\((?!\s*["']?\#) | (?:image(?:-set)?|src|expression)\(
        | javascript: | behaviou?r""",
    re.I | re.X,
)
"""What makes a style fetch or run something; a backslash can hide any of it."""


def clean_svg(data: bytes) -> bytes:
    """An SVG document with only allowed elements and attributes, that refers to nothing outside itself.

    Raises `PictureError` when it is no SVG, or draws more than an e-reader can bear.
    """
    if len(data) > MAX_BYTES:
        raise PictureError(f"it is an SVG picture of more than {MAX_BYTES // 1_000_000} MB")
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True, remove_pis=True
    )
    try:
        source = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError):
        raise PictureError("it is a broken SVG picture") from None
    if not isinstance(source.tag, str) or etree.QName(source).localname != "svg":
        raise PictureError("it is of no kind of picture that Packager knows")
    root = _copied(source)
    _refuse_repetition(root)
    etree.cleanup_namespaces(root)
    return bytes(etree.tostring(root, encoding="utf-8", xml_declaration=True))


def _copied(source: etree._Element) -> etree._Element:
    root = etree.Element(f"{{{SVG}}}svg", nsmap={None: SVG, "xlink": XLINK})
    ids: set[str] = set()
    _copy_attributes(source, root, ids)
    pending = [(source, root)]
    while pending:
        origin, target = pending.pop()
        _append(target, origin.text)
        for child in origin:
            name = _svg_name(child)
            if name in _TRANSPARENT:
                copy = etree.SubElement(target, f"{{{SVG}}}{'tspan' if _is_text(target) else 'g'}")
                pending.append((child, copy))
            elif name in _ELEMENTS and not (name == "style" and _FETCHING.search("".join(child.itertext()))):
                copy = etree.SubElement(target, f"{{{SVG}}}{name}")
                _copy_attributes(child, copy, ids)
                pending.append((child, copy))
            _append(target, child.tail)
    return root


def _svg_name(element: etree._Element) -> str:
    """The local name of an SVG element; "" for what belongs to another vocabulary or is no element."""
    if not isinstance(element.tag, str):
        return ""
    name = etree.QName(element)
    return name.localname if name.namespace in (None, SVG) else ""


def _is_text(element: etree._Element) -> bool:
    return etree.QName(element).localname in ("text", "tspan", "textPath")


def _append(target: etree._Element, text: str | None) -> None:
    if not text:
        return
    last = next(target.iterchildren(reversed=True), None)
    if last is None:
        target.text = (target.text or "") + text
    else:
        last.tail = (last.tail or "") + text


def _copy_attributes(origin: etree._Element, copy: etree._Element, ids: set[str]) -> None:
    for name, value in origin.attrib.items():
        if name == "id":
            if _NAME.fullmatch(value) and value not in ids:
                ids.add(value)
                copy.set(name, value)
        elif name in _HREFS:
            if address := _good_address(etree.QName(copy).localname, value.strip()):
                copy.set(name, address)
        elif (name in _ATTRIBUTES or name in _XML_ATTRIBUTES) and not _FETCHING.search(value):
            copy.set(name, value)


def _good_address(element: str, address: str) -> str | None:
    """An address inside the picture, or a picture that the address itself holds, checked like any other."""
    if element != "image":
        return address if _LOCAL.fullmatch(address) else None
    if not (embedded := _EMBEDDED.fullmatch(address)):
        return None
    try:
        picture = fit_raster(base64.b64decode("".join(embedded[1].split()), validate=True))
    except (PictureError, binascii.Error):
        return None
    return f"data:{picture.media_type};base64,{base64.b64encode(picture.data).decode('ascii')}"


def _refuse_repetition(root: etree._Element) -> None:
    """Count what is drawn: a few `use` elements that repeat each other make billions of shapes."""
    named = {element.get("id"): element for element in root.iter() if element.get("id")}
    repeated = {
        element: named[target]
        for element in root.iter(f"{{{SVG}}}use")
        if (target := next((element.get(name, "")[1:] for name in _HREFS if element.get(name)), "")) in named
    }
    weights: Counter[etree._Element] = Counter()
    level: Counter[etree._Element] = Counter({root: 1})
    drawn = 0
    while level:
        weights.clear()
        for element, times in level.items():
            for inner in element.iter():
                drawn += times
                if inner in repeated:
                    weights[repeated[inner]] += times
            if drawn > MAX_DRAWN:
                raise PictureError("it is an SVG picture that repeats its parts too often")
        level = weights.copy()
