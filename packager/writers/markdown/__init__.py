"""A clean XHTML body → Markdown that people can edit and that our reader takes for the same body."""
