"""Formats that Pandoc reads (reStructuredText, LaTeX, Org, RTF, …) → `Draft`, by a pandoc that may touch nothing."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from importlib.resources import as_file, files

from lxml import etree

from packager.errors import SourceError
from packager.readers.documents.markup import (
    as_markup,
    confirmed_language,
    drop_embedded,
    fields_of,
    parse_html,
    said,
    without_head,
)
from packager.readers.draft import Draft
from packager.readers.kinds import pandoc_format
from packager.readers.source import SourceFile
from packager.xhtml import remove, text_of

TIME_LIMIT = 60
"""Seconds; a LaTeX article takes one or two."""

_INSTALL = "Install Packager's extra “pandoc” (pip install 'packager[pandoc]'), or Pandoc 2.15 or later."


def read_with_pandoc(source: SourceFile) -> Draft:
    """What pandoc makes of a file in its sandbox: no other file is read, nothing is fetched, no filter is run.

    Pictures that the text names are found beside it by the caller. Raises `SourceError` where there is no pandoc, where
    it is too old for a sandbox, and when it takes longer than `TIME_LIMIT`.
    """
    program = _program()
    if program is None:
        raise SourceError(f"{source.name} needs Pandoc to be read, and it is not installed.", _INSTALL)
    page = parse_html(_converted(program, source))
    body = page.find("body")
    fields: dict[str, object] = {
        name: " ".join(said(text_of(block) for block in page.iter("div") if block.get("class") == f"packager-{name}"))
        for name in ("title", "subtitle", "date", "description", "language", "rights", "publisher")
    }
    for name in ("author", "subject"):
        values = said(text_of(block) for block in page.iter("div") if block.get("class") == f"packager-{name}")
        fields[f"{name}s"] = [part for value in values for part in re.split(r"\s*;\s*|\s+and\s+", value) if part]
    for block in [block for block in page.iter("div") if (block.get("class") or "").startswith("packager-")]:
        remove(block)
    without_head(body, fields)
    _mend_notes(body)
    fields["language"], notes = confirmed_language(str(fields["language"]), text_of(body))
    return Draft(as_markup(body), fields_of(**fields), tuple(drop_embedded(body)), notes)


def _program() -> str | None:
    try:
        import pypandoc
    except ImportError:
        return shutil.which("pandoc")
    try:
        return str(pypandoc.get_pandoc_path())
    except OSError:
        return shutil.which("pandoc")


def _converted(program: str, source: SourceFile) -> str:
    name = pandoc_format(source)
    with as_file(files("packager.readers.documents") / "pandoc.template") as template:
        command = [program, "--sandbox", "--from", name, "--to", "html5", "--mathml", "--wrap=none", "--standalone"]
        command += ["--no-highlight", f"--template={template}", "+RTS", "-M1g", "-RTS"]
        try:
            done = subprocess.run(
                command, input=source.data, capture_output=True, timeout=TIME_LIMIT, cwd=os.path.sep, check=False
            )
        except subprocess.TimeoutExpired:
            raise SourceError(
                f"Pandoc has not read {source.name} within {TIME_LIMIT} seconds.", "Split it into parts and build each."
            ) from None
        except OSError as error:
            raise SourceError(f"Pandoc cannot be run: {error.strerror or error}.", _INSTALL) from None
    if done.returncode != 0:
        said_by_it = done.stderr.decode("utf-8", "replace").strip()
        if "--sandbox" in said_by_it or ("nknown" in said_by_it and "format" in said_by_it):
            raise SourceError(f"The Pandoc that is installed is too old to read {source.name} safely.", _INSTALL)
        problem = " ".join(said_by_it.split())[:200] or f"it ended with {done.returncode}"
        raise SourceError(f"Pandoc cannot read {source.name} as {name}: {problem}", "Correct it and try again.")
    return done.stdout.decode("utf-8", "replace")


def _mend_notes(body: etree._Element) -> None:
    """Pandoc's notes have the right roles; a rule above them is only for the eye, and the signs may be pictures."""
    for section in body.iter("section", "aside", "div"):
        if section.get("role") == "doc-endnotes":
            section.tag = "section"
            for rule in section.findall("hr"):
                section.remove(rule)
