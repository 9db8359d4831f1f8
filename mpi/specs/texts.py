"""Texts of configuration files by language, which know where they were read."""

from __future__ import annotations

from collections.abc import Mapping

from mpi.errors import Place


class Texts(dict[str, str]):
    """A text by language; under an empty language one that is the same in all.

    Attributes
    ----------
    place : Place or None
        Where the file has it.
    """

    __slots__ = ("place",)
    place: Place | None

    def __init__(self, texts: Mapping[str, str], place: Place | None = None) -> None:
        super().__init__(texts)
        self.place = place

    def __reduce__(self) -> tuple[type[Texts], tuple[dict[str, str], Place | None]]:
        return Texts, (dict(self), self.place)


def place_of(titles: Mapping[str, str]) -> Place | None:
    """Where a text was read, as far as that is known."""
    return titles.place if isinstance(titles, Texts) else None
