"""Web and mail addresses, file names, hash tags and the names that begin with an at sign."""

from __future__ import annotations

import re

from packager.speech.forms.english.letters import spelt
from packager.speech.forms.rule import Rule, rule

_ENDINGS = (
    "com org net edu gov mil int info biz io ai app dev uk eu de fr ie ca au nz ch es nl se dk pl pt jp cn ru br za tv"
)
_HOST = r"(?:[A-Za-z0-9-]++\.)+"
_BEFORE = r"(?<![\w@./-])"
_PATH = r"(?::\d+)?(?:[/?#](?:\S*[\w/])?)?"
_FILES = (
    "txt pdf html htm xml json csv tsv jpg jpeg png gif svg mp3 mp4 wav zip exe docx doc xlsx pptx "
    "odt epub py js rs md log yaml toml css php"
)
_FILE_ENDINGS_SAID = {"docx": "doc x", "doc": "doc", "zip": "zip", "exe": "E X E", "log": "log", "epub": "epub"} | {
    "jpeg": "J peg",
    "json": "jason",
    "gif": "gif",
    "yaml": "yaml",
    "toml": "toml",
    "mp3": "M P three",
    "mp4": "M P four",
    "wav": "wave",
}
_SIGNS_IN_NAMES = {"-": " dash ", "_": " underscore ", "+": " plus ", ".": " dot "}
_WORDS_IN_HOSTS = frozenset("co go me my we by in do so no on it be at un us".split()) - frozenset(["un", "us"])


def _host(written: str) -> str:
    """ "www.bbc.co.uk" → "B B C dot co dot U K"."""
    return " dot ".join(map(_label, written.removeprefix("www.").strip(".").split(".")))


def _label(label: str) -> str:
    if any(map(str.isdigit, label)):
        return " ".join(_label(piece) if piece.isalpha() else piece for piece in re.findall(r"\d+|\D+", label))
    spoken = "".join(_SIGNS_IN_NAMES.get(sign, sign) for sign in label)
    is_spelt = label.isalpha() and (
        (len(label) < 3 and label.lower() not in _WORDS_IN_HOSTS)
        or (len(label) < 5 and not re.search("[aeiouy]", label, re.IGNORECASE))
    )
    return spelt(label.upper()) if is_spelt else spoken


def _mail(match: re.Match[str]) -> str:
    user = "".join(_SIGNS_IN_NAMES.get(sign, sign) for sign in match["user"])
    return f"{user} at {_host(match['host'])}"


def _web(match: re.Match[str]) -> str:
    return _host(match["host"])


def _file_ending(match: re.Match[str]) -> str:
    ending = match["ending"]
    return f" dot {_FILE_ENDINGS_SAID.get(ending, spelt(ending.upper()))}"


def _hash_tag(match: re.Match[str]) -> str:
    words = re.findall(r"[A-Z]{2,}(?![a-z])|[A-Z]?[^\WA-Z\d_]+|\d+|[A-Z]", match["tag"])
    return " ".join(["hashtag", *words])


ADDRESSES: tuple[Rule, ...] = (
    rule(
        "mail address",
        rf"(?<![\w.+@-])(?:mailto:)?(?P<user>[\w.+-]++)@(?P<host>{_HOST}[A-Za-z]{{2,}})\b",
        _mail,
    ),
    rule("web address with scheme", rf"\b(?:https?|ftp)://(?P<host>[\w.-]*\w){_PATH}", _web),
    rule(
        "web address",
        rf"{_BEFORE}(?P<host>www\.{_HOST}[a-z]{{2,}}|{_HOST}(?:{'|'.join(_ENDINGS.split())}))\b(?!\.\w){_PATH}",
        _web,
    ),
    rule("file name", rf"(?<=[\w)*])\.(?P<ending>{'|'.join(_FILES.split())})\b(?!\.\w)", _file_ending),
    rule("kind of file", rf"(?<![\w.])\.(?P<ending>{'|'.join(_FILES.split())}|net)\b", _file_ending),
    rule("sharp", r"\b(?<![#@])([A-G])#(?!\w)", r"\1 sharp"),
    rule("plus plus", r"\b(?<=[A-Z])\+\+(?!\w)", " plus plus"),
    rule("number sign", r"#\s?(?=\d)", "number "),
    rule("hash tag", r"(?<![\w&])#(?P<tag>[^\W\d]\w*+)", _hash_tag),
    rule("name with at sign", r"(?<![\w@.])@(?=\w)", "at "),
    rule("at", r"(?<= )@(?= )", "at"),
)
