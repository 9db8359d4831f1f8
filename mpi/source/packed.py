"""Files in other files: compressed ones, and members of zip archives. Nothing is unpacked to the disk.

What grows without bound is refused while it is unpacked; names that lead out of a folder, and passwords, before.
"""

from __future__ import annotations

import bz2
import gzip
import lzma
import stat
import unicodedata
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import replace
from fnmatch import fnmatchcase
from pathlib import Path, PurePosixPath
from typing import IO, Any

import pyarrow as pa

from mpi.errors import DataError, Fault, Place, listed, nearest
from mpi.errors.resources import raise_scarce
from mpi.language import phrase
from mpi.source.formats import COMPRESSED, ZIP, Format, head_of, recognised
from mpi.source.items import RIGHTS, Item
from mpi.source.tables import AGAIN

BLOCK = 2**22  # bytes unpacked at once
# Text of a census shrinks to a fifth or a fiftieth; files made to fill a machine, to a thousandth and less.
MOST, RATIO, FREE = 2**36, 250, 2**27
BROKEN = (OSError, EOFError, zlib.error, lzma.LZMAError, zipfile.BadZipFile, pa.ArrowException, NotImplementedError,
          RuntimeError, ValueError)  # fmt: skip
ENCRYPTED = 1  # bit of a member's flags


def inner_name(name: str) -> str:
    """A file's name without the ending of its compression."""
    return next((name[: -len(end)] for form in COMPRESSED for end in form.suffixes if name.lower().endswith(end)), name)


def is_archive(name: str) -> bool:
    """Whether a name says that a file is a zip archive."""
    return name.lower().endswith(ZIP.suffixes)


def unpacked(item: Item, reads: Callable[[str], bool]) -> Iterator[Item]:
    """What is to be read of a file: itself, what it holds compressed, or members of it.

    Parameters
    ----------
    item : Item
    reads : callable
        Whether a file of some name can be read.

    Raises
    ------
    DataError
        If an archive is damaged, has a password or names out of its folder, or no member is chosen.
    """
    if is_archive(item.name):
        yield from _members(item, reads)
    elif (inner := inner_name(item.name)) != item.name:
        form = next(form for form in COMPRESSED if item.name.lower().endswith(form.suffixes))
        yield replace(item, name=inner, packed=lambda most: _decompressed(item, form, most))
    else:
        yield item


def _stream(raw: IO[bytes], form: Format) -> Any:
    match form.suffixes[0]:
        case ".gz":
            return gzip.open(raw, "rb")
        case ".bz2":
            return bz2.open(raw, "rb")
        case ".xz":
            return lzma.open(raw, "rb")
    return pa.CompressedInputStream(pa.PythonFile(raw, "r"), "zstd")


def _decompressed(item: Item, form: Format, most: int | None) -> bytes:
    try:
        with item.file.open("rb") as raw, _stream(raw, form) as stream:
            return _limited(item, stream, item.file.stat().st_size, most)
    except PermissionError:
        raise DataError(Fault("MPI-D001", item.place, phrase("the file cannot be read"), RIGHTS)) from None
    except (*BROKEN, MemoryError) as error:
        raise_scarce(error, item.label)
        raise DataError(
            _damaged(item.place) if recognised(head_of(item.file), "") is form else _plain(item, form)
        ) from None


def _plain(item: Item, form: Format) -> Fault:
    """The fault of a file that is not compressed, though its name says so."""
    text = phrase("its name says that it is {says}, and it is not", says=form.says)
    remedy = phrase("give its name the ending of what it is, such as .csv, also in `path:`")
    return Fault("MPI-D004", item.place, text, remedy)


def _limited(item: Item, stream: IO[bytes], size: int, most: int | None) -> bytes:
    """All that a stream gives, as long as it is no bomb; or its first bytes."""
    if most is not None:
        return stream.read(most)
    found = bytearray()
    while block := stream.read(BLOCK):
        found += block
        if len(found) > MOST or (len(found) > FREE and len(found) > RATIO * max(1, size)):
            text = phrase(
                "unpacked, this would be more than {number:,} times as large: it is refused as a zip bomb",
                number=len(found) // max(1, size),
            )
            remedy = phrase("if it is really data, unpack it yourself and name the resulting file in `path:`")
            raise DataError(Fault("MPI-D202", item.place, text, remedy))
    return bytes(found)


def _damaged(place: Place) -> Fault:
    text = phrase("the compressed file is damaged, or not complete: it cannot be unpacked")
    return Fault("MPI-D003", place, text, AGAIN)


def data_members(file: Path, label: str, reads: Callable[[str], bool]) -> list[str]:
    """The names of the members of an archive that can be read, sorted.

    Raises
    ------
    DataError
        If it is damaged, or has names out of its folder.
    """
    members = _safe_members(file, label)
    return sorted(one.filename for one in members if _is_data(one.filename) and reads(one.filename))


def _safe_members(file: Path, label: str) -> list[zipfile.ZipInfo]:
    """The files of an archive; refused if a name leads out of its folder."""
    place = Place(label)
    try:
        with file.open("rb") as raw, zipfile.ZipFile(raw) as archive:
            members = [one for one in archive.infolist() if not one.is_dir() and not _is_link(one)]
    except PermissionError:
        raise DataError(Fault("MPI-D001", place, phrase("the file cannot be read"), RIGHTS)) from None
    except (*BROKEN, MemoryError) as error:
        raise_scarce(error, label)
        raise DataError(_damaged(place)) from None
    if any(_leads_out(one.filename) for one in members):
        text = phrase("the archive has members with names that lead out of its folder")
        remedy = phrase("do not unpack it; get the archive from its source, or make it anew")
        raise DataError(Fault("MPI-D202", place, text, remedy))
    return members


def _members(item: Item, reads: Callable[[str], bool]) -> Iterator[Item]:
    members = _safe_members(item.file, item.label)
    data = [one for one in members if _is_data(one.filename) and reads(one.filename)]
    chosen = _chosen(item, data, [one for one in members if _is_data(one.filename)])
    if any(one.flag_bits & ENCRYPTED for one in chosen):
        text = phrase("the archive is protected by a password")
        remedy = phrase("unpack it with the password, and name the resulting file in `path:`")
        raise DataError(Fault("MPI-D004", item.place, text, remedy))
    for one in chosen:
        yield replace(item, name=one.filename, label=f"{item.label}/{one.filename}", packed=_reading(item, one))


def _leads_out(name: str) -> bool:
    parts = PurePosixPath(name.replace("\\", "/"))
    return parts.is_absolute() or ".." in parts.parts or ":" in parts.parts[0]


def _is_link(member: zipfile.ZipInfo) -> bool:
    """Whether a member is a link to some other file, which nobody follows."""
    return stat.S_ISLNK(member.external_attr >> 16)


def _is_data(name: str) -> bool:
    """Whether a member is none that a system adds on its own."""
    return not any(part.startswith((".", "__MACOSX")) for part in PurePosixPath(name).parts)


def _chosen(item: Item, data: list[zipfile.ZipInfo], others: list[zipfile.ZipInfo]) -> list[zipfile.ZipInfo]:
    """The members to read: those of the name or pattern that the survey states, or the only one."""
    stated = item.layout.member
    names = [one.filename for one in data]
    if stated is not None:
        pattern = unicodedata.normalize("NFC", stated)
        chosen = [one for one in data if _fits(one.filename, pattern)]
        if chosen:
            return sorted(chosen, key=lambda one: one.filename)
        text = phrase("the archive has no member {name!r} that can be read", name=stated)
        remedy = nearest(stated, names) or phrase("it has {names}", names=listed(names or ["-"]))
        raise DataError(Fault("MPI-D200", item.place, text, remedy))
    if len(data) == 1:
        return data
    if not others:
        text = phrase("the archive has no file")
        raise DataError(Fault("MPI-D002", item.place, text, phrase("name an archive with data in `path:`")))
    if not data:
        text = phrase("no member of the archive can be read: {names}", names=listed([one.filename for one in others]))
        raise DataError(Fault("MPI-D004", item.place, text, phrase("name an archive with data in `path:`")))
    text = phrase("the archive has several members: {names}", names=listed(names))
    remedy = phrase(
        "name one, or a pattern: write `member: {name}` in the table {table}", name=names[0], table=item.table
    )
    raise DataError(Fault("MPI-D200", item.place, text, remedy))


def _fits(name: str, pattern: str) -> bool:
    composed = unicodedata.normalize("NFC", name)
    return fnmatchcase(composed, pattern) or fnmatchcase(PurePosixPath(composed).name, pattern)


def _reading(item: Item, member: zipfile.ZipInfo) -> Callable[[int | None], bytes]:
    place = replace(item, label=f"{item.label}/{member.filename}")

    def read(most: int | None) -> bytes:
        try:
            with item.file.open("rb") as raw, zipfile.ZipFile(raw) as archive, archive.open(member) as stream:
                return _limited(place, stream, member.compress_size, most)
        except NotImplementedError:
            text = phrase(
                "the archive is compressed in a way that is not read (method {number})", number=member.compress_type
            )
            remedy = phrase("unpack it, and name the resulting file in `path:`")
            raise DataError(Fault("MPI-D004", place.place, text, remedy)) from None
        except (*BROKEN, MemoryError) as error:
            raise_scarce(error, place.label)
            raise DataError(_damaged(place.place)) from None

    return read
