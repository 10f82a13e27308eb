"""Why something is not fetched, in a form that fits a page as well as a picture on it."""

from __future__ import annotations

SAVE = "Save the page in your browser and give that file, with its address as --url."
CHECK = "Check the address."
LATER = "Try again later, or save the page in your browser and give that file, with its address as --url."
PRIVATE = "If this address is your own and you trust it, say --allow-private."


class FetchError(Exception):
    """What is wrong, as the rest of a sentence that begins with an address, and what to do about it.

    `whole_host` says that nothing else on this host will go better.
    """

    def __init__(self, what: str, remedy: str = SAVE, whole_host: bool = False) -> None:
        super().__init__(what)
        self.what = what
        self.remedy = remedy
        self.whole_host = whole_host
