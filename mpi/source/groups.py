"""Row groups of Parquet files, batch by batch."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa

from mpi.files.stores import arrow_source, telling

if TYPE_CHECKING:
    import pyarrow.parquet as pq

NO_THREAD = "launch worker thread"  # in Arrow's message


def batches_of(
    file: Path, metadata: pq.FileMetaData, group: int, names: Sequence[str], most: int
) -> Iterator[pa.RecordBatch]:
    """The columns of a row group, so many rows at once; the file is open only meanwhile.

    Arrow reads ahead in a thread of its own. Where the machine gives none, it reads without.
    """
    import pyarrow.parquet as pq

    for ahead in (True, False):
        begun = False
        try:
            with (
                telling(file),
                pq.ParquetFile(
                    arrow_source(file), metadata=metadata, page_checksum_verification=True, pre_buffer=ahead
                ) as reader,
            ):
                for batch in reader.iter_batches(most, row_groups=[group], columns=list(names), use_threads=False):
                    begun = True
                    yield batch
            return
        except (pa.ArrowException, OSError) as error:
            if begun or not ahead or NO_THREAD not in str(error):
                raise
