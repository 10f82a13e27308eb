"""What is known about an article, as the YAML at the top of its Markdown."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict

from packager.model import Metadata, Omission

_ORDER = (
    "title subtitle authors date language description publisher source rights subjects series series_index cover "
    "narrator listening left_out"
).split()


def front_matter(
    metadata: Metadata, cover: str | None, listening: Sequence[tuple[str, object]], omissions: Sequence[Omission] = ()
) -> str:
    """The lines from "---" to "---" with every field that is set. `cover` is a path beside the article."""
    import yaml

    left_out = [{omission.what: omission.reason} for omission in omissions]
    known: dict[str, object] = {
        **asdict(metadata),
        "cover": cover,
        "listening": dict(listening),
        "left_out": left_out,
    }
    fields = {name: list(value) if isinstance(value := known[name], tuple) else value for name in _ORDER}
    said = {name: value for name, value in fields.items() if value}
    lines = yaml.safe_dump(said, allow_unicode=True, sort_keys=False, width=float("inf"))
    return f"---\n{lines}---\n"
