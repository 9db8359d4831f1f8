"""Files in object stores (S3, Google, Azure, Hadoop) as paths, so that whatever takes a path of the disk takes these.

An address holds no secret: see `connecting`.
"""

from __future__ import annotations

import errno
import io
import os
import re
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from fnmatch import fnmatchcase
from hashlib import sha256
from pathlib import Path, PosixPath, PurePath, PurePosixPath
from typing import TYPE_CHECKING, Any

from mpi.errors import Fault, UsageError
from mpi.files import connecting
from mpi.files.connecting import VARIABLES
from mpi.language import Phrase, phrase

if TYPE_CHECKING:
    import pyarrow as pa
    from pyarrow import fs

SAME = {"gcs": "gs", "abfss": "abfs", "s3a": "s3"}  # other words for the same store
ADDRESS = re.compile(rf"({'|'.join([*VARIABLES, *SAME])}):/+", re.IGNORECASE)
QUERY = re.compile(r"[?&][\w.-]+=")  # a `?` alone is of a pattern
# What stands before the first `/`, which can be no user, password or key: those have other signs, or a `/` in them.
BUCKETS = {
    "s3": re.compile(r"[\w.-]+"),
    "gs": re.compile(r"[\w.-]+"),
    "abfs": re.compile(r"[\w-]+(@[\w.-]+)?"),  # a container and its account
    "hdfs": re.compile(r"([\w.-]+(:\d+)?)?"),
}
BUFFER = 2**23  # bytes asked for at once
GLOB = re.compile(r"[*?[]")


def is_address(text: str) -> bool:
    """Whether a text is the address of a file, folder or pattern in a store."""
    return ADDRESS.match(text) is not None


def fault_in(address: str) -> Phrase | None:
    """What is wrong with an address, without repeating it: it may hold a secret; None if nothing is.

    Examples
    --------
    >>> fault_in("s3://town/persons.parquet")
    >>> str(fault_in("s3://key:secret@town/persons.parquet"))
    'the address has a pattern, a user or a password where the name of the bucket alone belongs'
    """
    kind, rest = _kind_of(address)
    bucket, _, key = rest.partition("/")
    if not bucket and kind != "hdfs":
        return phrase("the address names no bucket")
    if not BUCKETS[kind].fullmatch(bucket):
        return phrase("the address has a pattern, a user or a password where the name of the bucket alone belongs")
    if QUERY.search(rest):
        return phrase("the address has a query in it, after `?`")
    if ".." in PurePosixPath(key).parts or "\0" in rest:
        return phrase("the address leads out of its bucket")
    return None


def location(path: str | Path) -> Path:
    """A path of the disk, or one in a store; the address of a store stays whole, also as a `Path`.

    Raises
    ------
    UsageError
        If an address holds a secret, or is none.
    """
    if isinstance(path, StorePath) or not is_address(str(path)):
        return Path(path) if isinstance(path, str) else path
    return StorePath.of(str(path))


def _kind_of(address: str) -> tuple[str, str]:
    word, _, rest = address.partition(":/")
    kind = word.lower()
    return SAME.get(kind, kind), rest.removeprefix("/")


REMEDY = phrase(
    "write it as s3://BUCKET/PATH, with nothing before the bucket or after the path; credentials are read from the "
    "environment and the usual files of the service"
)


class StorePath(PosixPath):
    """A path in a store. As a path of the disk it is `/s3:/bucket/key`; texts and messages have its address."""

    _is_file: bool | None = None  # as its folder was listed

    @classmethod
    def of(cls, address: str) -> StorePath:
        """An address as a path; see `location`."""
        if (wrong := fault_in(address)) is not None:
            raise UsageError(Fault("MPI-U241", None, wrong, REMEDY))
        kind, rest = _kind_of(address)
        return cls(f"/{kind}:/{rest}")

    def __str__(self) -> str:
        return f"{self.parts[1]}//{'/'.join(self.parts[2:])}"

    def __fspath__(self) -> str:
        return str(self)

    @property
    def kind(self) -> str:
        """Which kind of store: s3, gs, abfs or hdfs."""
        return self.parts[1].removesuffix(":")

    @property
    def bucket(self) -> str:
        """The bucket, or what a store has in its place."""
        return self.parts[2] if len(self.parts) > 2 else ""  # noqa: PLR2004  after / and the kind

    @property
    def root_folder(self) -> StorePath:
        """The bucket as a folder."""
        return StorePath(*self.parts[:3])

    @property
    def key(self) -> str:
        """Where the store has it."""
        if self.kind == "hdfs":
            return "/" + "/".join(self.parts[3:])
        return "/".join([self.bucket.partition("@")[0], *self.parts[3:]])

    @property
    def store(self) -> fs.FileSystem:
        """The connection to the store."""
        return connecting.connected(str(self), self.kind, self.bucket)

    # What paths do without looking at files.

    def is_relative_to(self, other: Any, *more: Any) -> bool:
        """Whether it lies below another path of a store."""
        del more
        return isinstance(other, StorePath) and self.parts[: len(other.parts)] == other.parts

    def relative_to(self, other: Any, *_: Any, **__: Any) -> Path:  # type: ignore[override]  # below a store, no store
        """The path below a folder of the store."""
        if not self.is_relative_to(other):
            raise ValueError(f"{self} is not below {other}")
        return Path(*self.parts[len(PurePath(other).parts) :])

    def absolute(self) -> StorePath:
        """Itself."""
        return self

    def resolve(self, strict: bool = False) -> StorePath:
        """Itself: stores have no links."""
        del strict
        return self

    # What paths do with files.

    def stat(self, *, follow_symlinks: bool = True) -> os.stat_result:
        """Size, time and, as an inode, the hash of the version that the store states.

        Raises
        ------
        FileNotFoundError
            If there is nothing.
        MpiError
            If the store refuses or does not answer.
        """
        del follow_symlinks
        found = self._info()
        version = int.from_bytes(sha256(f"{self}\0{self.etag()}".encode()).digest()[:7], "big")
        size, seconds = found.size or 0, (found.mtime_ns or 0) // 10**9
        values = (stat.S_IFREG | 0o400, version, 0, 1, 0, 0, size, seconds, seconds, seconds)
        return os.stat_result(values, {"st_mtime_ns": found.mtime_ns or 0})

    def _info(self) -> fs.FileInfo:
        from pyarrow import fs

        with telling(self, every=True):
            found = self.store.get_file_info(self.key)
        if found.type == fs.FileType.NotFound:
            raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), str(self))
        return found

    def etag(self) -> str:
        """The version of the object, as its store states it; empty where stores state none."""
        with telling(self, every=True), self.store.open_input_file(self.key) as opened:
            said = opened.metadata() or {}
        tags = [value for name, value in said.items() if str(name).lower() == "etag"]
        return (tags[0].decode() if isinstance(tags[0], bytes) else str(tags[0])).strip('"') if tags else ""

    def exists(self, **_: Any) -> bool:
        """Whether there is such an object, or one below it."""
        return self._is_file is not None or self.is_file() or self.is_dir()

    def is_file(self, **_: Any) -> bool:
        """Whether there is an object of this name."""
        return self._is("File") if self._is_file is None else self._is_file

    def is_dir(self, **_: Any) -> bool:
        """Whether there are objects below it."""
        return self._is("Directory") if self._is_file is None else not self._is_file

    def is_symlink(self) -> bool:
        """Stores have no links."""
        return False

    def _is(self, kind: str) -> bool:
        try:
            return str(self._info().type.name) == kind
        except FileNotFoundError:
            return False

    def iterdir(self) -> Iterator[StorePath]:  # type: ignore[override]  # as of 3.13, Generator
        """Objects and folders directly below it."""
        return iter(self._listed(recursive=False))

    def glob(self, pattern: str, **_: Any) -> Iterator[StorePath]:  # type: ignore[override]
        """What a pattern of names matches, as on the disk."""
        found = [self]
        for part in PurePosixPath(pattern).parts:
            if part == "**":
                found += [one for own in found for one in own._listed(recursive=True) if one.is_dir()]
            elif GLOB.search(part):
                found = [one for own in found for one in own._listed(recursive=False) if fnmatchcase(one.name, part)]
            else:
                found = [own / part for own in found]
        return iter([one for one in found if one.exists()])

    def rglob(self, pattern: str, **_: Any) -> Iterator[StorePath]:  # type: ignore[override]
        """Everything below it of such a name."""
        return iter([one for one in self._listed(recursive=True) if fnmatchcase(one.name, pattern)])

    def _listed(self, *, recursive: bool) -> list[StorePath]:
        from pyarrow import fs

        selector = fs.FileSelector(self.key, allow_not_found=True, recursive=recursive)
        try:
            with telling(self, every=True):
                infos = self.store.get_file_info(selector)
        except FileNotFoundError:  # of a bucket that is not there
            return []
        found = []
        for info in infos:
            one = self / info.path.partition(self.key)[2].strip("/")
            one._is_file = info.type == fs.FileType.File
            found.append(one)
        return found

    def open(self, mode: str = "r", buffering: int = -1, *_: Any, **__: Any) -> Any:
        """The object as a file of bytes.

        Raises
        ------
        FileNotFoundError, MpiError
            As `stat`; also while it is read.
        """
        if mode != "rb":
            raise OSError(errno.EROFS, os.strerror(errno.EROFS), str(self))
        return io.BufferedReader(_Reading(self), BUFFER) if buffering else _Reading(self)

    def read_bytes(self) -> bytes:
        """All of the object."""
        with self.arrow_file() as opened, telling(self, every=True):
            found: bytes = opened.read()
            return found

    def arrow_file(self) -> pa.NativeFile:
        """The object as Arrow reads it: only the bytes that are asked for, many ranges at once."""
        with telling(self, every=True):
            return self.store.open_input_file(self.key)


class _Reading(io.RawIOBase):
    """An object as Python reads it; what its store refuses meanwhile is a message of ours."""

    def __init__(self, path: StorePath) -> None:
        super().__init__()
        self.path, self.file = path, path.arrow_file()

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        with telling(self.path, every=True):
            found = self.file.read(len(buffer))
        buffer[: len(found)] = found
        return len(found)

    def readall(self) -> bytes:
        with telling(self.path, every=True):
            found: bytes = self.file.read()
            return found

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        return int(self.file.seek(offset, whence))

    def tell(self) -> int:
        return int(self.file.tell())

    def close(self) -> None:
        self.file.close()
        super().close()


@contextmanager
def telling(path: Path, *, every: bool = False) -> Iterator[None]:
    """Read a file: if it is in a store, what the store refuses is one message; all else is as it was.

    Parameters
    ----------
    path : Path
    every : bool
        Whether nothing but the store can fail here.

    Raises
    ------
    FileNotFoundError, UsageError, DataError
        As `connecting.telling`.
    """
    if not isinstance(path, StorePath):
        yield
        return
    with connecting.telling(str(path), path.kind, every=every):
        yield


def arrow_source(path: Path) -> Path | pa.NativeFile:
    """What Arrow opens to read a file: itself, or the object in its store."""
    return path.arrow_file() if isinstance(path, StorePath) else path
