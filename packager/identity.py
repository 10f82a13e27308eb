"""The identifier of an edition, by which reading systems, catalogues and feeds know it again."""

from __future__ import annotations

import uuid

from packager.model import Metadata

_NAMESPACE = uuid.UUID("5f1c9e0e-6d0b-5b52-9d52-4a0f4e6c3f6a")


def identifier(metadata: Metadata, narrated: bool) -> str:
    """The same for every build of an edition of the same article, as a reading system needs it to keep the place."""
    edition = "narrated" if narrated else "text"
    parts = [metadata.title, *metadata.authors, metadata.date or "", metadata.language, edition]
    return f"urn:uuid:{uuid.uuid5(_NAMESPACE, chr(31).join(parts))}"
