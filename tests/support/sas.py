"""Files of SAS as ReadStat writes them: the C library that pyreadstat is made of, called as it is.

pyreadstat reads this kind of file and offers no way to write it; the library inside can.
"""

from __future__ import annotations

import ctypes
import importlib.util
from ctypes import POINTER, c_char_p, c_double, c_int, c_long, c_size_t, c_ssize_t, c_void_p
from pathlib import Path
from typing import cast

import pandas as pd

TEXT, NUMBER = 0, 5  # readstat_type_t
WRITING = ctypes.CFUNCTYPE(c_ssize_t, POINTER(ctypes.c_char), c_size_t, c_void_p)


def write_sas(rows: pd.DataFrame, path: Path) -> None:
    """Write rows of numbers and texts as a `.sas7bdat` file; NaN becomes the missing value of SAS."""
    library = ctypes.CDLL(cast("str", importlib.util.find_spec("pyreadstat._readstat_writer").origin))  # type: ignore[union-attr]
    for name in ("writer_init", "add_variable", "get_variable"):
        getattr(library, f"readstat_{name}").restype = c_void_p
    content = bytearray()

    def keep(data: ctypes._Pointer[ctypes.c_char], size: int, _: object) -> int:
        content.extend(data[:size])
        return size

    def done(error: int) -> None:
        assert error == 0, error

    sink = WRITING(keep)
    writer = c_void_p(library.readstat_writer_init())
    library.readstat_set_data_writer(writer, sink)
    variables = []
    texts = [not pd.api.types.is_numeric_dtype(rows[name]) for name in rows]
    for name, text in zip(rows, texts, strict=True):
        width = max([1, *(len(str(cell).encode()) for cell in rows[name])]) if text else 8
        kind = TEXT if text else NUMBER
        variables.append(
            c_void_p(library.readstat_add_variable(writer, str(name).encode(), c_int(kind), c_size_t(width)))
        )
    done(library.readstat_begin_writing_sas7bdat(writer, None, c_long(len(rows))))
    for row in rows.itertuples(index=False):
        done(library.readstat_begin_row(writer))
        for cell, text, variable in zip(row, texts, variables, strict=True):
            if pd.isna(cell):
                done(library.readstat_insert_missing_value(writer, variable))
            elif text:
                done(library.readstat_insert_string_value(writer, variable, c_char_p(str(cell).encode())))
            else:
                done(library.readstat_insert_double_value(writer, variable, c_double(float(cell))))
        done(library.readstat_end_row(writer))
    done(library.readstat_end_writing(writer))
    library.readstat_writer_free(writer)
    path.write_bytes(content)
