"""EPUB 3.3 with media overlays, by EbookLib."""
