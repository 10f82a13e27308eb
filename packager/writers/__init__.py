"""Article and narration → files, one file a format. Writers never fetch, speak or ask."""
