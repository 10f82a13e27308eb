"""Rules that hold whatever the language: what is no word is not said."""

from __future__ import annotations

import re

from packager.speech.forms.rule import rule

EVERY_LANGUAGE = (
    rule("web address", r"\b(?:https?://)(?:www\.)?([^\s/]+)(?:/\S*[^\s.,;:!?)\]”’])?/?", r"\1"),
    rule("invisible characters", r"[\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff\ufe0e\ufe0f]", ""),
    rule(
        "pictographs",
        r"[\U0001f000-\U0001faff\u2190-\u21ff\u2300-\u23ff\u2500-\u27bf\u2b00-\u2bff\U000e0000-\U000e007f]",
        " ",
    ),
    rule("reference marks", r"[†‡¶§*_#|~^`\\<>]+", " "),
    rule("spaces of all widths", r"[\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]", " "),
    rule("stops before the first word", r"^[\s,.;:!?…)\]”’»]+", ""),
    rule("space before a stop", r"(?<!\s)\s+([.,;:!?])(?=\s|$)", r"\1", re.ASCII),
    rule("runs of white space", r"\s{2,}|[^\S ]", " "),
    rule("white space at the ends", r"\A\s+|\s+\Z", ""),
)
