"""What files hold, as digests: two machines read the same if these agree, whatever sizes and dates say.

The footer of a Parquet file tells types, rows, offsets and statistics; the column chunks hold the values.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from mpi.source.formats import is_parquet

BLOCK = 1 << 20  # bytes at once
TAIL = 8  # bytes after a footer: its length and the format's name


def identity(file: Path) -> str:
    """The SHA-256 of a Parquet file's footer, or of the whole of another file.

    Raises
    ------
    OSError
        If the file cannot be read.
    """
    size = file.stat().st_size
    if not is_parquet(file):
        return _digest(file, [(0, size)])
    with file.open("rb") as stream:
        stream.seek(max(0, size - TAIL))
        length = int.from_bytes(stream.read(TAIL)[:4], "little") + TAIL
    return _digest(file, [(max(0, size - length), min(length, size))])


def digest_of_chunks(file: Path, group: Any, columns: Sequence[str]) -> str:
    """The SHA-256 of what a row group holds of some columns, as it is stored.

    Parameters
    ----------
    file : Path
    group : pyarrow.parquet.RowGroupMetaData
    columns : sequence of str
        In any order.

    Raises
    ------
    OSError
        If the file cannot be read.
    """
    chunks = [group.column(i) for i in range(group.num_columns)]
    wanted = [chunk for chunk in chunks if chunk.path_in_schema.split(".")[0] in columns]
    return _digest(file, [(_start(chunk), chunk.total_compressed_size) for chunk in wanted])


def _start(chunk: Any) -> int:
    """Where a column chunk begins: with its dictionary, if it has one."""
    first: int = chunk.data_page_offset
    return min(first, chunk.dictionary_page_offset) if chunk.dictionary_page_offset else first


def _digest(file: Path, ranges: Iterable[tuple[int, int]]) -> str:
    digest = hashlib.sha256()
    with file.open("rb") as stream:
        for start, length in ranges:
            stream.seek(start)
            left = length
            while left and (block := stream.read(min(BLOCK, left))):
                digest.update(block)
                left -= len(block)
    return digest.hexdigest()
