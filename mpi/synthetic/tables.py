"""From columns of codes to Arrow tables and Parquet files that are the same bytes at every run.

Comes in: NumPy columns in which `NOT_ASKED` marks a blank. Goes out: tables with nulls, in narrow integer
types, and their files.
"""

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

NOT_ASKED = -1

Column = NDArray[np.integer] | NDArray[np.floating] | NDArray[np.str_]


def arrow_table(columns: Mapping[str, Column], *, wide: Mapping[str, pa.DataType]) -> pa.Table:
    """Arrow table of survey columns.

    Parameters
    ----------
    columns : mapping of str to array, each of shape (n,)
        Codes, in which `NOT_ASKED` becomes null; floats and text go in as they are.
    wide : mapping of str to pyarrow type
        The integer columns that do not fit one byte. The types are named, never guessed from the values, so
        that the files of two years have one schema.

    Returns
    -------
    pyarrow.Table
        Columns in the order given.
    """
    arrays = {}
    for name, values in columns.items():
        if np.issubdtype(values.dtype, np.integer):
            arrays[name] = pa.array(values, type=wide.get(name, pa.int8()), mask=values == NOT_ASKED)
        else:
            arrays[name] = pa.array(values)
    return pa.table(arrays)


def write_parquet(table: pa.Table, path: Path) -> None:
    """Write the table as one zstd-compressed Parquet file, the same bytes for the same table.

    Parameters
    ----------
    table : pyarrow.Table
        What to write.
    path : Path
        The file; its folder is made when missing.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    pq.write_table(table, path, compression="zstd", compression_level=15)
