"""The pictures of a page, fetched from several hosts at a time and from each of them one after the other."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from threading import Lock

from packager.fetching.addresses import WebAddress, web_address
from packager.fetching.client import Client
from packager.fetching.connecting import Deadline, DeadlineError
from packager.fetching.failures import FetchError
from packager.fetching.fetch import follow
from packager.fetching.policy import Policy
from packager.fetching.wanted import picture

_HOSTS_AT_A_TIME = 4


@dataclass(frozen=True)
class FetchedPictures:
    """`found` has the bytes by the address that was given, `missing` the reason as the end of a sentence ("it is …").

    The bytes are as they came: whether they are a picture, and how large, must be looked at before they are used.
    """

    found: Mapping[str, bytes] = field(repr=False)
    missing: Mapping[str, str]


def fetch_pictures(addresses: Sequence[str], *, policy: Policy) -> FetchedPictures:
    """Fetch each of the `addresses` once. Never raises for a picture: one that cannot be had is missing."""
    found: dict[str, bytes] = {}
    missing: dict[str, str] = {}
    by_host: dict[str, list[tuple[str, WebAddress]]] = defaultdict(list)
    for number, name in enumerate(dict.fromkeys(addresses)):
        try:
            if number >= policy.pictures:
                raise FetchError(f"is one of more than {policy.pictures} pictures")
            address = web_address(name)
            by_host[address.host].append((name, address))
        except FetchError as failure:
            missing[name] = f"it {failure.what}"
    budget, deadline = _Budget(policy), Deadline(policy.pictures_seconds)
    with ThreadPoolExecutor(_HOSTS_AT_A_TIME) as executor:
        try:
            for some, others in executor.map(partial(_from_one_host, policy, budget, deadline), by_host.values()):
                found |= some
                missing |= others
        except BaseException:
            # Who interrupts does not want to wait for the rest.
            deadline.stop()
            raise
    return FetchedPictures(found, missing)


class _Budget:
    """How many bytes all pictures together may still have."""

    def __init__(self, policy: Policy) -> None:
        self._left = policy.pictures_bytes
        self._whole = policy.pictures_bytes
        self._one = policy.picture_bytes
        self._lock = Lock()

    def most(self) -> int:
        """The bytes that the next picture may have."""
        if self._left <= 0:
            raise FetchError(f"comes after {self._whole / 1_000_000:g} MB of pictures, which is enough")
        return min(self._one, self._left)

    def spend(self, size: int) -> None:
        with self._lock:
            self._left -= size


def _from_one_host(
    policy: Policy, budget: _Budget, deadline: Deadline, pictures: Sequence[tuple[str, WebAddress]]
) -> tuple[dict[str, bytes], dict[str, str]]:
    found: dict[str, bytes] = {}
    missing: dict[str, str] = {}
    dead: FetchError | None = None
    with Client(policy, deadline) as client:
        for name, address in pictures:
            trail = [address]
            try:
                if dead:
                    raise dead
                found[name] = follow(client, trail, picture(budget.most()), policy).data
                budget.spend(len(found[name]))
            except DeadlineError:
                missing[name] = f"all pictures together took longer than {policy.pictures_seconds:g} seconds"
            except FetchError as failure:
                missing[name] = f"it {failure.what}"
                if failure.whole_host and trail[-1].host == address.host:
                    dead = failure
    return found, missing
