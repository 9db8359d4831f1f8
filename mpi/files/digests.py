"""What a file was when it was read, and SHA-256 of files and of plain data: two readers agree if these do."""

from __future__ import annotations

import base64
import hashlib
import json
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from mpi.errors import DataError, Fault, Place, counted
from mpi.files.stores import StorePath
from mpi.language import phrase

BLOCK = 1 << 20  # bytes at once: inputs may be larger than memory
ETAG = "etag "  # before the tag of a store, where a hash could stand


@dataclass(frozen=True, slots=True)
class ConfigFile:
    """A config as it was when it was read, whatever becomes of the file: its text and the hash of its bytes."""

    path: Path
    text: str
    sha256: str


@dataclass(frozen=True, slots=True)
class State:
    """What distinguishes a file from any other, and from itself after a change, without reading it."""

    size: int
    modified: int  # nanoseconds
    inode: int
    device: int


@dataclass(frozen=True, slots=True)
class InputFile:
    """A file of data or boundaries: its state, and the hash of its bytes in that state.

    Of an object in a store, whose bytes are not all read, the hash is the tag that the store gives each version of it.
    """

    path: Path
    state: State
    sha256: str
    etag: str = ""

    @property
    def digest(self) -> str:
        """The hash, or the tag as such."""
        return self.sha256 or f"{ETAG}{self.etag}"


def state_of(path: Path) -> State:
    """The state of a file, or of what a link leads to; raises OSError if there is none."""
    found = path.stat()
    return State(found.st_size, found.st_mtime_ns, found.st_ino, found.st_dev)


def input_file(path: Path) -> InputFile:
    """A file with its hash; a link is followed.

    Raises
    ------
    DataError
        If the file changes meanwhile.
    OSError
        If it cannot be read.
    """
    before = state_of(path)
    etag = path.etag() if isinstance(path, StorePath) else ""
    digest = "" if etag else sha256(path.resolve())
    if state_of(path) != before:
        raise changed([path])
    return InputFile(path, before, digest, etag)


def changed(files: Sequence[Path]) -> DataError:
    """An input is not the same as when the reading began."""
    more = phrase(", and {files} more", files=counted(len(files) - 1, "file")) if len(files) > 1 else ""
    text = phrase(
        "the input changed while it was read{more}: figures are not computed from two versions of a file", more=more
    )
    return DataError(
        Fault(
            "MPI-D150", Place(str(files[0])), text, phrase("wait until the file is completely written, and run again")
        )
    )


def sha256(path: Path) -> str:
    """The SHA-256 of a file, read in blocks; a link is not followed.

    Raises
    ------
    OSError
        If the file cannot be read, or is a link.
    """
    digest = hashlib.sha256()
    with _opened(path) as stream:
        while block := stream.read(BLOCK):
            digest.update(block)
    return digest.hexdigest()


def _opened(path: Path) -> IO[bytes]:
    if isinstance(path, StorePath):
        stream: IO[bytes] = path.open("rb")
        return stream
    return os.fdopen(os.open(path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0)), "rb")


def digest_of(plain: object) -> str:
    """The SHA-256 of what JSON can hold, however its keys are ordered.

    Examples
    --------
    >>> digest_of({"a": 1, "b": [2]}) == digest_of({"b": [2], "a": 1})
    True
    """
    text = json.dumps(plain, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def content_hash(text: str) -> str:
    """A text as a content security policy allows it: `sha256-` and its hash.

    Examples
    --------
    >>> content_hash("p {}")
    'sha256-SNJDlN1Iy2mnt7DOjQIyDb2LQE6O5PQiSZomcdzawQ4='
    """
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}"
