"""Voice engines, one file each, behind the small protocol in `base`; found by the entry points "packager.narrators"."""
