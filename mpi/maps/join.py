"""How the codes of figures and the codes of polygons fitted: the report that every map comes with."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from mpi.errors import counted, listed
from mpi.language import number_phrase, phrase


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Rows of a boundary file that became no area, or one area together.

    Attributes
    ----------
    without_code : int
        Rows whose code is empty.
    without_shape, other_shapes, other_width : tuple of str
        Codes of rows without a shape, with lines or points, or of another width than was declared.
    merged : tuple of str
        Codes of areas that were put together from several rows.
    """

    without_code: int = 0
    without_shape: tuple[str, ...] = ()
    other_shapes: tuple[str, ...] = ()
    other_width: tuple[str, ...] = ()
    merged: tuple[str, ...] = ()

    def lines(self) -> tuple[str, ...]:
        """What was left out or put together, one text a finding."""
        found = []
        if self.without_shape:
            found.append(
                phrase(
                    "{areas} without a shape: {names}",
                    areas=counted(len(self.without_shape), "area"),
                    names=listed(self.without_shape),
                )
            )
        if self.without_code:
            found.append(phrase("{shapes} without a code", shapes=counted(self.without_code, "shape")))
        if self.other_shapes:
            found.append(
                phrase(
                    "{shapes} other than polygons: {names}",
                    shapes=counted(len(self.other_shapes), "shape"),
                    names=listed(self.other_shapes),
                )
            )
        if self.other_width:
            found.append(
                phrase(
                    "{codes} of another width: {names}",
                    codes=counted(len(self.other_width), "code"),
                    names=listed(self.other_width),
                )
            )
        if self.merged:
            text = number_phrase(
                len(self.merged),
                "{number} area was put together from several rows: {names}",
                "{number:,} areas were put together from several rows: {names}",
                names=listed(self.merged),
            )
            found.append(text)
        return tuple(found)


@dataclass(frozen=True, slots=True, kw_only=True)
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
    left_out : LeftOut
        Rows of the boundary file that became no area of their own.
    """

    domain: str
    boundaries: str
    matched: int
    only_figures: tuple[str, ...]
    only_boundaries: tuple[str, ...]
    padded: int
    names_differ: tuple[tuple[str, str, str], ...]
    left_out: LeftOut = LeftOut()


def joined(
    domain: str,
    boundaries: str,
    figures: Sequence[str],
    areas: Mapping[str, str | None],
    *,
    padded: int = 0,
    labels: Mapping[str, str] | None = None,
    left_out: LeftOut | None = None,
) -> Join:
    """How the codes of figures fit those of areas. Names are compared, never joined on.

    Parameters
    ----------
    figures : sequence of str
        Codes, in any order, each once or more.
    areas : mapping of str to str or None
        Code and name of each area.
    padded : int
        Codes of areas that got leading zeros.
    labels : mapping of str to str
        Names of the codes of the figures, where they have one.
    left_out : LeftOut
        Rows of the boundary file that became no area of their own.
    """
    own = set(figures)
    labels = labels or {}
    differ = [
        (code, labels[code], name)
        for code in sorted(own & areas.keys())
        if code in labels and (name := areas[code]) and normalised(labels[code]) != normalised(name)
    ]
    return Join(
        domain=domain,
        boundaries=boundaries,
        matched=len(own & areas.keys()),
        only_figures=tuple(sorted(own - areas.keys())),
        only_boundaries=tuple(sorted(areas.keys() - own)),
        padded=padded,
        names_differ=tuple(differ),
        left_out=left_out or LeftOut(),
    )


def normalised(name: str) -> str:
    """A name without case, accents, punctuation and spare blanks, for comparing.

    Examples
    --------
    >>> normalised("BOGOTÁ,  D.C."), normalised("Bogotá D. C.")
    ('bogotadc', 'bogotadc')
    """
    letters = unicodedata.normalize("NFKD", name.casefold())
    return "".join(letter for letter in letters if letter.isalnum())


def join_as_dict(join: Join) -> dict[str, Any]:
    """The report of a join for JSON: every code and every name that disagrees."""
    return {
        "domain": join.domain,
        "boundaries": join.boundaries,
        "matched": join.matched,
        "only_figures": list(join.only_figures),
        "only_boundaries": list(join.only_boundaries),
        "padded": join.padded,
        "without_code": join.left_out.without_code,
        "without_shape": list(join.left_out.without_shape),
        "other_shapes": list(join.left_out.other_shapes),
        "other_width": list(join.left_out.other_width),
        "merged": list(join.left_out.merged),
        "names_differ": [
            {"code": code, "figures": ours, "boundaries": theirs} for code, ours, theirs in join.names_differ
        ],
    }
