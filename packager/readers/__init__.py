"""Source → `Article`. One file a format; all end in `xhtml.clean_body`."""
