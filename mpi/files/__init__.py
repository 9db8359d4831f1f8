"""The one place that writes files and folders: whole or not at all, never over an input, safe for spreadsheets.

An output is written beside its target under a hidden name, flushed to disk, and renamed once. Messages name the
target that was given, never the hidden name.
"""

from mpi.files.folders import Early, check_folder, second_name, write_folder
from mpi.files.writing import check_file, safe_cell, write_parquet, write_whole

__all__ = [
    "Early",
    "check_file",
    "check_folder",
    "safe_cell",
    "second_name",
    "write_folder",
    "write_parquet",
    "write_whole",
]
