"""The texts that the code has, read once for the tests of all catalogues."""

from __future__ import annotations

from functools import cache

from mpi.language.extraction import Text, texts, wanted


@cache
def found() -> dict[tuple[str, str], Text]:
    """What each catalogue must have, by context and English: the whole package is parsed for it."""
    return wanted(texts())
