"""GDAL, by pyogrio: imported here, so that the command line does not wait for packages that it never asks for."""

from __future__ import annotations

import sys

UNUSED = ("pandas", "geopandas")  # pyogrio imports them where they are installed: 0.3 s of each map


def import_gdal() -> None:
    """Import pyogrio; in the program `mpi` as if there were no pandas.

    In a program of others it finds them, for these may ask it for frames later.
    """
    if "pyogrio" in sys.modules:
        return
    hidden = [name for name in UNUSED if name not in sys.modules] if _is_command_line() else []
    for name in hidden:
        sys.modules[name] = None  # type: ignore[assignment]  # Python then says that it is not installed
    try:
        import pyogrio  # noqa: F401
    finally:
        for name in hidden:
            del sys.modules[name]


def _is_command_line() -> bool:
    """Whether this process is `mpi` or `python -m mpi`, see `mpi.__main__`."""
    return any(getattr(sys.modules.get(name), "is_mpi", False) for name in ("__main__", "mpi.__main__"))
