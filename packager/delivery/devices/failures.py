"""What a device's refusals mean, in words."""

from __future__ import annotations

import errno

from packager.errors import DeliveryError

_AGAIN = "Plug it in again and repeat the command: what is there already is not written twice."

_MEANINGS = {
    errno.ENOSPC: (
        "is full",
        "Take something off it, with “packager unload” for instance, and repeat the command.",
    ),
    errno.EROFS: (
        "is read-only",
        "Slide the lock of the card, or repair the volume with the disk tool of this computer, and plug it in again.",
    ),
    errno.EACCES: ("may not be written to by you", "Mount it for your own user, or change the folder's permissions."),
    errno.EFBIG: ("takes no file of that size", "Name fewer products, or format it with exFAT."),
    errno.EINVAL: ("does not take that name", "Give the article another title."),
    errno.ENAMETOOLONG: (
        "does not take a name so long",
        "Give the article a shorter title, or name a folder higher up.",
    ),
    errno.ELOOP: ("has a link in the place of a folder", "Name the folder itself with --to."),
    errno.EEXIST: ("got a file of that name from somebody else meanwhile", "Repeat the command."),
    errno.EIO: ("reports that its memory fails", "Check it with the disk tool of this computer, or use another."),
}
_ALIKE = {
    errno.EDQUOT: errno.ENOSPC,
    errno.EPERM: errno.EACCES,
    errno.EILSEQ: errno.EINVAL,
    errno.ENOENT: errno.EINVAL,
    errno.ENOTDIR: errno.ELOOP,
}


def pulled_out(device: str) -> DeliveryError:
    """The device is gone, or another one is mounted in its place."""
    return DeliveryError(
        f"“{device}” was pulled out or unmounted; nothing was written anywhere else, and no half book counts as loaded.",
        _AGAIN,
    )


def refused(device: str, path: str, error: OSError) -> DeliveryError:
    """What the system said about `path` on a device that is still there."""
    number = error.errno or 0
    meaning, remedy = _MEANINGS.get(_ALIKE.get(number, number), (f"refuses it ({error.strerror})", _AGAIN))
    place = f" (“{path}”)" if path else ""
    return DeliveryError(f"“{device}” {meaning}{place}.", remedy)
