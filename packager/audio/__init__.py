"""Clips → `Narration`: sound as numbers. Levels, pauses, joining, MP3 frames."""
