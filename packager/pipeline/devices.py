"""Device profiles → how pictures are to be, and which file is for whom."""

from __future__ import annotations

from collections.abc import Sequence

from packager.writers.epub.pictures import Fit


def wanting(product: str, devices: Sequence[str]) -> tuple[str, ...]:
    """Those of the devices, by ids of profiles, that want this product."""
    if not devices:
        return ()
    from packager.delivery.profiles import profile

    return tuple(name for name in devices if product in profile(name).products)


def fit_of(product: str, devices: Sequence[str]) -> Fit | None:
    """What suits all devices that want this product: the largest of their screens, the kinds of picture that all show.

    None when no device is named that wants it: pictures then stay as the article has them.
    """
    from packager.delivery.profiles import PICTURE_TYPES, profile

    chosen = [profile(name) for name in wanting(product, devices)]
    if not chosen:
        return None
    screens = [one.picture for one in chosen]
    widths, heights = [one[0] for one in screens if one], [one[1] for one in screens if one]
    types = tuple(kind for kind in PICTURE_TYPES if all(kind in one.picture_types for one in chosen))
    return Fit(types, (max(widths), max(heights)) if None not in screens else None)
