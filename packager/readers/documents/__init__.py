"""Documents, books, mail and feeds → `Draft`: one file a format."""
