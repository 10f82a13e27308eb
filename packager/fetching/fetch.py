"""A web address → the document behind it, or a sentence that says why there is none."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, field

from packager.errors import SourceError
from packager.fetching import keeping
from packager.fetching.addresses import WebAddress, redirected, shown, web_address
from packager.fetching.client import Answer, Client
from packager.fetching.connecting import Deadline
from packager.fetching.failures import CHECK, LATER, SAVE, FetchError
from packager.fetching.keeping import Kept
from packager.fetching.policy import Policy
from packager.fetching.wanted import Wanted, article, charset, media_type

_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_REFUSALS: Mapping[int, tuple[str, str]] = {
    401: ("wants a login", SAVE),
    402: ("wants to be paid for", SAVE),
    403: ("is not given to programs, or not to everybody", SAVE),
    404: ("is not there", CHECK),
    407: ("wants a login", SAVE),
    410: ("is gone for good", CHECK),
    429: ("has been asked for too often", LATER),
    451: ("is withheld for legal reasons", CHECK),
    503: ("is not to be had at the moment", LATER),
}


@dataclass(frozen=True)
class Fetched:
    """A document: the `address` where it was in the end, and what its sender says of it.

    `media_type` is in lower case, "" when the sender names none; `charset` is one that Python knows, or None. Neither is
    to be believed without a look at `data`. `from_cache` tells that it has not changed since it was fetched before.
    """

    address: str
    media_type: str
    charset: str | None
    data: bytes = field(repr=False)
    from_cache: bool = False


def fetch(address: str, *, policy: Policy) -> Fetched:
    """Fetch the page, document or feed at `address`, following redirects.

    Raises `SourceError`: what is wrong, where, and what to do. Neither it nor anything else tells the query of an address.
    """
    try:
        start = web_address(address)
    except FetchError as failure:
        raise SourceError(f"“{shown(address)}” {failure.what}.", failure.remedy) from None
    with Client(policy, Deadline(policy.seconds)) as client:
        trail = [start]
        try:
            return follow(client, trail, article(policy.page_bytes), policy)
        except FetchError as failure:
            place = f"“{start.shown}”"
            if trail[-1].shown != start.shown:
                place += f" leads to “{trail[-1].shown}”, which"
            raise SourceError(f"{place} {failure.what}.", failure.remedy) from None


def follow(client: Client, trail: list[WebAddress], wanted: Wanted, policy: Policy) -> Fetched:
    """Fetch what the last of `trail` leads to; each address on the way is added to `trail`. Raises `FetchError`."""
    client.begin()
    while True:
        address = trail[-1]
        kept = keeping.find(address, policy)
        if kept.is_fresh:
            return _fetched(address, kept, from_cache=True)
        if time.time() < kept.not_before:
            raise _wants_rest(kept.not_before)
        answer = client.ask(address, wanted, kept.conditions)
        if answer.has_document or (answer.status == 304 and kept.conditions):
            return _fetched(address, keeping.keep(address, policy, answer, kept), answer.status == 304)
        if answer.status not in _REDIRECTS:
            raise _refusal(address, answer, kept, policy)
        _go_on(trail, answer, policy)


def _fetched(address: WebAddress, kept: Kept, from_cache: bool) -> Fetched:
    return Fetched(str(address), media_type(kept.content_type), charset(kept.content_type), kept.data, from_cache)


def _go_on(trail: list[WebAddress], answer: Answer, policy: Policy) -> None:
    if not (location := answer.headers.get("location")):
        raise FetchError("sends us on without saying where")
    following = redirected(trail[-1], location)
    if trail[-1].scheme == "https" and following.scheme == "http":
        raise FetchError(
            f"sends us on to “{following.shown}”, which is not encrypted",
            "If you trust it all the same, give that address.",
        )
    if following in trail:
        raise FetchError("sends us round in a circle, as pages do that want cookies")
    if len(trail) > policy.redirects:
        raise FetchError(f"sends us on for the {policy.redirects + 1}th time")
    trail.append(following)


def _refusal(address: WebAddress, answer: Answer, kept: Kept, policy: Policy) -> FetchError:
    if answer.status in (429, 503) and (not_before := keeping.keep_away(address, policy, answer, kept)):
        return _wants_rest(not_before)
    what, remedy = _REFUSALS.get(answer.status, (None, LATER))
    if what is None:
        what = "cannot be given by its server" if answer.status >= 500 else "is not given"
    return FetchError(f"{what} (status {answer.status})", remedy)


def _wants_rest(not_before: float) -> FetchError:
    when = time.strftime("%Y-%m-%d %H:%M", time.localtime(not_before))
    return FetchError(f"is on a server that does not want to be asked again before {when}", LATER)
