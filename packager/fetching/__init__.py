"""Getting pages, documents, feeds and pictures off the web: safely, politely, and only when a person asks for it."""
