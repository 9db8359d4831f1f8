"""The packages that pictures need, and the files of DejaVu Sans, which matplotlib ships."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

from mpi.errors import Fault, UsageError, installing
from mpi.language import phrase


def need(package: str) -> Path:
    """The folder of a package, which is looked for and not imported.

    Raises
    ------
    UsageError
        If it is not installed.
    """
    found = find_spec(package)
    if found is None or not found.origin:
        text = phrase("pictures need {package}, which is not installed", package=package)
        raise UsageError(Fault("MPI-P002", None, text, installing("publish")))
    return Path(found.origin).parent


def font_file(*, bold: bool) -> str:
    """The path of the font.

    Raises
    ------
    UsageError
        If matplotlib is not installed.
    """
    folder = need("matplotlib") / "mpl-data" / "fonts" / "ttf"
    return str(folder / f"DejaVuSans{'-Bold' if bold else ''}.ttf")
