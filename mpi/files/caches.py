"""The user's folder of what can be made again; trusted in it are files that nobody but this user can write."""

from __future__ import annotations

import os
import stat
import sys
from pathlib import Path

NAME = "mpi-engine"


def cache_folder() -> Path | None:
    """Where this program keeps what it can make again; None for a user without a home."""
    try:
        home = Path.home()
    except RuntimeError:
        return None
    if sys.platform == "win32":
        base = Path(os.environ.get("LOCALAPPDATA") or home / "AppData" / "Local")
    elif sys.platform == "darwin":
        base = home / "Library" / "Caches"
    else:
        base = Path(os.environ.get("XDG_CACHE_HOME") or home / ".cache")
    return base / NAME


def private_folder(folder: Path) -> None:
    """Make a folder that only this user can look into, if it is not there.

    Raises
    ------
    OSError
        If it cannot be made.
    """
    folder.parent.mkdir(parents=True, exist_ok=True)
    folder.mkdir(mode=0o700, exist_ok=True)


def own_bytes(path: Path) -> bytes | None:
    """A file that belongs to this user and that no other may write; None for any other, a link, or none."""
    try:
        descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0))
    except OSError:
        return None
    with os.fdopen(descriptor, "rb") as stream:
        about = os.fstat(descriptor)
        # Windows has no owners and modes of this kind; there the folder is below the user's profile.
        others = (
            about.st_mode & (stat.S_IWGRP | stat.S_IWOTH) or about.st_uid != os.geteuid() if os.name == "posix" else 0
        )
        if others or not stat.S_ISREG(about.st_mode):
            return None
        try:
            return stream.read()
        except OSError:
            return None
