"""Packager turns an article into an accessible EPUB and a narration that runs in step with it."""

__version__ = "0.1.0"
