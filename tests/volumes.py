"""Real volumes for the tests of devices: exFAT on loop devices, by way of FUSE, which can be pulled out, and built books."""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil
import pytest

from packager.model import FILE_OF_PRODUCT

SBIN = f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin"
VOLUME_TOOLS = ("losetup", "mkfs.exfat", "mount.exfat-fuse", "umount", "blkid")


def require(*programs: str, root: bool = True) -> None:
    """Skip the test where a program or the right to mount is missing; on the gate, fail."""
    lacking = [program for program in programs if not shutil.which(program, path=SBIN)]
    if not lacking and (not root or os.geteuid() == 0):
        return
    reason = f"{', '.join(lacking)} is missing: install it" if lacking else "only root may mount volumes"
    if os.environ.get("CI") == "true":
        pytest.fail(reason)
    pytest.skip(reason)


def run(*command: str | Path) -> str:
    """Run a program of the system to its end."""
    program = shutil.which(str(command[0]), path=SBIN) or str(command[0])
    done = subprocess.run([program, *map(str, command[1:])], capture_output=True, encoding="utf-8", timeout=60)
    assert done.returncode == 0, f"{command}: {done.stderr or done.stdout}"
    return done.stdout


@dataclass
class Volume:
    """An exFAT volume on a loop device, mounted at `mount`."""

    mount: Path
    loop: str

    def attach(self, *options: str) -> None:
        """Mount it, with options such as "ro"."""
        self.mount.mkdir(exist_ok=True)
        run("mount.exfat-fuse", *(["-o", ",".join(options)] if options else []), self.loop, self.mount)

    def unmount(self) -> None:
        """As a user does who ejects it."""
        run("umount", self.mount)

    def detach(self) -> None:
        """Unmount it under those who use it: the path then leads to this computer's own disk."""
        run("umount", "-l", self.mount)

    def pull_out(self) -> None:
        """As a cable is: nothing answers any more, and it is still mounted."""
        for process in psutil.process_iter(["pid", "cmdline"]):
            if {self.loop, str(self.mount)} <= set(process.info["cmdline"] or ()):
                os.kill(process.info["pid"], signal.SIGKILL)
                process.wait(10)

    def again(self) -> None:
        """Plug it in again after it was pulled out or detached."""
        subprocess.run(["umount", "-l", self.mount], capture_output=True)
        for _ in range(50):
            if not any(self.loop in (one.info["cmdline"] or ()) for one in psutil.process_iter(["cmdline"])):
                break
            time.sleep(0.1)
        self.attach()

    def put(self, *paths: str) -> None:
        """Files with a line of text in them; a path that ends in a slash is a folder."""
        for path in paths:
            place = self.mount / path
            if path.endswith("/"):
                place.mkdir(parents=True, exist_ok=True)
            else:
                place.parent.mkdir(parents=True, exist_ok=True)
                place.write_text("text\n")

    def close(self) -> None:
        """Unmount it for good."""
        if subprocess.run(["umount", self.mount], capture_output=True).returncode:
            self.pull_out()
            subprocess.run(["umount", "-l", self.mount], capture_output=True)
        subprocess.run([shutil.which("losetup", path=SBIN) or "losetup", "-d", self.loop], capture_output=True)


MakeVolume = Callable[..., Volume]


@contextmanager
def volumes_below(folder: Path) -> Iterator[MakeVolume]:
    """Gives a function that makes volumes, one test at a time, since every test sees what is mounted."""
    made: list[Volume] = []

    def make(name: str = "disk", label: str = "", megabytes: int = 32) -> Volume:
        image = folder / f"{name}.img"
        image.touch()
        os.truncate(image, megabytes * 2**20)
        volume = Volume(folder / name, run("losetup", "-f", "--show", image).strip())
        made.append(volume)
        run("mkfs.exfat", *(["-L", label] if label else []), volume.loop)
        volume.attach()
        return volume

    with (Path(tempfile.gettempdir()) / "packager-test-volumes.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        try:
            yield make
        finally:
            for volume in made:
                volume.close()


def build_book(
    folder: Path,
    slug: str,
    title: str,
    authors: tuple[str, ...] = (),
    products: tuple[str, ...] = ("epub", "kepub", "narrated", "mp3"),
    size: int = 50_000,
) -> Path:
    """Something that stands on the shelf like a built article: its files hold noise."""
    place = folder / slug
    place.mkdir(parents=True, exist_ok=True)
    for product in products:
        (place / FILE_OF_PRODUCT[product].format(slug=slug)).write_bytes(os.urandom(size))
    report = {"metadata": {"title": title, "language": "en", "authors": list(authors)}, "sentences": []}
    (place / f"{slug}.json").write_text(json.dumps(report, indent=1), "utf-8")
    return folder
