"""How a boundary file is told of in few words."""

from typing import Any

from mpi.specs.study import AreaCode, BoundaryFile, Upper


def boundary_file(path: str, code: str, *, width: int | None = None, pad: bool = False, **others: Any) -> BoundaryFile:
    """A file whose codes stand in one column."""
    return BoundaryFile(path=path, code=AreaCode((code,), width=width, pad=pad), **others)


def upper(code: str, *others: Any) -> Upper:
    """Upper areas whose codes stand in one column."""
    return Upper(AreaCode((code,)), *others)
