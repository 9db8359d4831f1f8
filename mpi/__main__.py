"""`python -m mpi` and the console script `mpi`."""

from __future__ import annotations

from mpi.cli import main

__all__ = ["main"]

if __name__ == "__main__":
    main()
