"""Short ways to describe a boundary file."""

from typing import Any

from mpi.specs.study import AreaCode, BoundaryFile, Upper


def boundary_file(path: str, code: str, *, width: int | None = None, pad: bool = False, **others: Any) -> BoundaryFile:
    """A file with its codes in one column."""
    return BoundaryFile(path=path, code=AreaCode((code,), width=width, pad=pad), **others)


def upper(code: str, *others: Any) -> Upper:
    """Upper areas with their codes in one column."""
    return Upper(AreaCode((code,)), *others)
