"""The files of DejaVu Sans, which matplotlib ships."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

from mpi.errors import Fault, UsageError, installing
from mpi.language import phrase


def font_file(*, bold: bool) -> str:
    """The path of the font; matplotlib is looked for and not imported.

    Raises
    ------
    UsageError
        If matplotlib is not installed.
    """
    found = find_spec("matplotlib")
    if found is None or not found.origin:
        raise UsageError(
            Fault("MPI-P002", None, phrase("pictures need matplotlib, which is not installed"), installing("publish"))
        )
    return str(Path(found.origin).parent / "mpl-data" / "fonts" / "ttf" / f"DejaVuSans{'-Bold' if bold else ''}.ttf")
