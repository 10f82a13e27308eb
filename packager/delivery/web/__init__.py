"""The page that reads along: the list of articles and, for each, text and sound in step, for a server or as a folder."""
