"""How the codes of figures and the codes of polygons fitted: the report that every map comes with."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Join:
    """The result of joining figures to polygons by code.

    Attributes
    ----------
    domain, boundaries : str
        What was joined to which file (its name, without the folder).
    matched : int
    only_figures, only_boundaries : tuple of str
        Codes on one side alone.
    padded : int
        Codes of the boundary file that got leading zeros.
    names_differ : tuple of (str, str, str)
        Code, name in the labels of the figures, name in the boundaries; only where both have one and they disagree
        after normalising.
    """

    domain: str
    boundaries: str
    matched: int
    only_figures: tuple[str, ...]
    only_boundaries: tuple[str, ...]
    padded: int
    names_differ: tuple[tuple[str, str, str], ...]
