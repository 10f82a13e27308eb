"""What can be wrong with a zip file."""

from __future__ import annotations

import lzma
import struct
import zipfile
import zlib

ZIP_FAULTS = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    struct.error,
    EOFError,
    OSError,
    NotImplementedError,
    RuntimeError,
    ValueError,
)
"""All that `zipfile` raises for a file that is damaged, locked, or packed in a way it does not know (NotImplementedError)."""
