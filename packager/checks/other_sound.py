"""Sound that is no MP3: other publishers' books may hold Opus and AAC, which libsndfile decodes in part or not at all."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path


def can_decode() -> bool:
    """Whether PyAV is there, which comes with the recogniser."""
    return find_spec("av") is not None


def decoded_seconds(path: Path) -> float | None:
    """How long any sound that FFmpeg knows really is, decoded from end to end; None when it is none."""
    import av
    from av.error import FFmpegError

    try:
        with av.open(str(path)) as container:
            if not container.streams.audio:
                return None
            return sum(frame.samples / frame.sample_rate for frame in container.decode(audio=0))
    except (FFmpegError, ValueError):
        return None
