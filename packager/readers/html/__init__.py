"""The article in a web page: what belongs to it, what stands around it, and what the page says of it."""

from packager.readers.html.read import HtmlPage, read_html_page

__all__ = ["HtmlPage", "read_html_page"]
