"""What a file was when it was read, and SHA-256 of files and of plain data: two readers agree if these do."""

from __future__ import annotations

import hashlib
import json
import os
from dataclasses import dataclass
from pathlib import Path

BLOCK = 1 << 20  # bytes at once: inputs may be larger than memory


@dataclass(frozen=True, slots=True)
class ConfigFile:
    """A config as it was when it was read, whatever becomes of the file: its text and the hash of its bytes."""

    path: Path
    text: str
    sha256: str


def sha256(path: Path) -> str:
    """The SHA-256 of a file, read in blocks; a link is not followed.

    Raises
    ------
    OSError
        If the file cannot be read, or is a link.
    """
    digest = hashlib.sha256()
    with os.fdopen(os.open(path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0)), "rb") as stream:
        while block := stream.read(BLOCK):
            digest.update(block)
    return digest.hexdigest()


def digest_of(plain: object) -> str:
    """The SHA-256 of what JSON can hold, however its keys are ordered.

    Examples
    --------
    >>> digest_of({"a": 1, "b": [2]}) == digest_of({"b": [2], "a": 1})
    True
    """
    text = json.dumps(plain, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
