"""What is served where. No part of an address becomes a path on the disk: books and their files are looked up."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

from packager.delivery import chapters, podcast
from packager.delivery.catalogue import opds1, opds2
from packager.delivery.catalogue.covers import Shape, picture_of
from packager.delivery.catalogue.index import selection_of
from packager.delivery.catalogue.links import CATALOGUE, FEED, OWN, Links
from packager.delivery.catalogue.lists import NAMES
from packager.delivery.catalogue.products import file_of
from packager.delivery.server.files import FOR_EVER, answer, file_answer
from packager.delivery.server.library import Library
from packager.delivery.shelf import Book
from packager.errors import PackagerError, UsageError

Tell = Callable[[str], None]

_PLACES: dict[str, Shape] = {"covers": "cover", "thumbnails": "thumbnail", "squares": "square"}
_JPEG = "image/jpeg"
_FRESH = {"vary": "accept"}


def application(library: Library, tell: Tell) -> Starlette:
    """The application; `tell` hears of books that cannot be served because their files are damaged."""
    served = _Served(library, tell)
    routes = [
        Route(f"/{CATALOGUE}", served.negotiated),
        Route(f"/{FEED}", served.feed),
        Route(f"/{OWN}/feed.jpg", served.feed_picture),
        Route(f"/{OWN}/opds1/search.xml", served.search_description),
        Route(f"/{OWN}/opds{{version}}/root", served.root),
        Route(f"/{OWN}/opds{{version}}/books", served.books),
        Route(f"/{OWN}/opds{{version}}/book/{{slug}}", served.entry),
        Route(f"/{OWN}/opds{{version}}/{{names}}", served.names),
        Route(f"/{OWN}/files/{{slug}}/{{name}}", served.file),
        Route(f"/{OWN}/chapters/{{slug}}.json", served.chapters),
        Route(f"/{OWN}/{{place}}/{{slug}}.jpg", served.picture),
        Route("/{path:path}", served.page),
    ]
    return Starlette(routes=routes, exception_handlers={HTTPException: _plainly, PackagerError: served.failed})


class _Served:
    """The answers. Starlette runs each in a thread, so that none holds up the others."""

    def __init__(self, library: Library, tell: Tell) -> None:
        self._library = library
        self._tell = tell

    def negotiated(self, request: Request) -> Response:
        """The catalogue in the version that is asked for; older apps ask for nothing and know 1.2 only."""
        accepted = request.headers.get("accept", "")
        return self._root(request, "2" if opds2.FEED in accepted else "1")

    def root(self, request: Request) -> Response:
        return self._root(request, request.path_params["version"])

    def books(self, request: Request) -> Response:
        index, links = self._library.index(), _links(request)
        selection = selection_of(request.query_params)
        if _version(request) == "2":
            return answer(request, opds2.books_feed(index, links, selection), opds2.FEED)
        return answer(request, opds1.books_feed(index, links, selection), opds1.ACQUISITION)

    def names(self, request: Request) -> Response:
        index, links, names = self._library.index(), _links(request), request.path_params["names"]
        if names not in NAMES:
            raise HTTPException(404)
        if _version(request) == "2":
            return answer(request, opds2.names_feed(index, links, names), opds2.FEED)
        return answer(request, opds1.names_feed(index, links, names), opds1.NAVIGATION)

    def entry(self, request: Request) -> Response:
        index, links, book = self._library.index(), _links(request), self._book(request)
        if _version(request) == "2":
            return answer(request, opds2.book_entry(index, links, book), opds2.PUBLICATION)
        return answer(request, opds1.book_entry(index, links, book), opds1.ENTRY)

    def search_description(self, request: Request) -> Response:
        content = opds1.search_description(self._library.index(), _links(request))
        return answer(request, content, opds1.OPEN_SEARCH)

    def feed(self, request: Request) -> Response:
        return answer(request, podcast.podcast_feed(self._library.index(), _links(request)), podcast.MEDIA_TYPE)

    def feed_picture(self, request: Request) -> Response:
        return answer(request, podcast.podcast_picture(), _JPEG)

    def chapters(self, request: Request) -> Response:
        return answer(request, chapters.chapters_of(self._book(request)), chapters.MEDIA_TYPE)

    def picture(self, request: Request) -> Response:
        shape = _PLACES.get(request.path_params["place"])
        picture = picture_of(self._book(request), shape) if shape else None
        if picture is None:
            raise HTTPException(404)
        return answer(request, picture, _JPEG)

    def file(self, request: Request) -> Response:
        book, name = self._book(request), request.path_params["name"]
        if not (found := file_of(book, name)):
            raise HTTPException(404)
        product, media_type = found
        return _or_nothing(file_answer(request, book.files[product], media_type, name))

    def page(self, request: Request) -> Response:
        """The page that reads along, and everything it needs."""
        from packager.delivery.web.site import SITE_POLICY, site_file

        path, shelf = request.path_params["path"], self._library.index().shelf
        found = site_file(shelf, path)
        if found is None:
            if book := shelf.book(path):
                return RedirectResponse(_links(request).page(book))
            raise HTTPException(404)
        headers = {"content-security-policy": SITE_POLICY}
        if path.startswith("assets-"):
            headers["cache-control"] = FOR_EVER
        if isinstance(found.content, Path):
            return _or_nothing(file_answer(request, found.content, found.media_type, headers=headers))
        return answer(request, found.content, found.media_type, headers)

    def failed(self, request: Request, error: Exception) -> Response:
        """A wrong question is explained; what is wrong with our own files is told to their owner, not to the client."""
        if isinstance(error, UsageError):
            return PlainTextResponse(f"{error}\n", 400)
        self._tell(str(error))
        return PlainTextResponse("This book is damaged. Build it again.\n", 500)

    def _root(self, request: Request, version: str) -> Response:
        index, links = self._library.index(), _links(request)
        if version == "2":
            return answer(request, opds2.root_feed(index, links), opds2.FEED, _FRESH)
        if version == "1":
            return answer(request, opds1.root_feed(index, links), opds1.NAVIGATION, _FRESH)
        raise HTTPException(404)

    def _book(self, request: Request) -> Book:
        book = self._library.index().shelf.book(request.path_params["slug"])
        if book is None:
            raise HTTPException(404)
        return book


def _version(request: Request) -> str:
    version: str = request.path_params["version"]
    if version not in ("1", "2"):
        raise HTTPException(404)
    return version


def _links(request: Request) -> Links:
    """Addresses as this client reaches us; the guard has examined its Host header."""
    return Links(f"http://{request.headers['host']}{request.scope.get('root_path', '')}/")


def _or_nothing(found: Response | None) -> Response:
    if found is None:
        raise HTTPException(404)
    return found


def _plainly(request: Request, error: Exception) -> Response:
    status = error.status_code if isinstance(error, HTTPException) else 500
    text = "There is nothing here." if status == 404 else "That cannot be done here."
    return PlainTextResponse(f"{text}\n", status)
