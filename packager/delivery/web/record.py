"""What tells a folder that the site was written to."""

SITE_RECORD = ".packager-site.json"
"""The file in it that lists what was written, by path: so it is known what may be removed, and that nothing else is."""
