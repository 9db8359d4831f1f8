"""Tables of a panel as text for a screen: what was joined, then the figures; transitions as a matrix of bands."""

from __future__ import annotations

from collections.abc import Mapping

from mpi.estimates.derived import Derived
from mpi.language import phrase
from mpi.language.speaking import spoken
from mpi.tables.figures_screen import MANY, UNPROTECTED, derived_as_text
from mpi.tables.screen import NOTHING, caption_of, number_text, render
from mpi.vocabulary.options import Adjust

TOLD = ("stayers", "gone", "new", "split", "merged", "without_key")


def movements_as_text(derived: Derived, counts: Mapping[str, int], table: str, level: float, adjust: Adjust) -> str:
    """What a screen shows of a table of a panel.

    Parameters
    ----------
    derived : Derived
    counts : mapping of str to int
        Of the panel.
    table : str
    level, adjust
        As for `derived_as_text`.
    """
    joined = ", ".join(f"{name} {counts[name]:,}" for name in TOLD if counts.get(name) is not None)
    told = [spoken(phrase("linked: {joined}; accounting of who moved, not of why", joined=joined)), spoken(UNPROTECTED)]
    if table == "transitions" and not derived.domains:
        told += [_matrix(derived, figure) for figure in ("number", "of_earlier")]
        return "\n\n".join([_caption(derived), *told])
    return "\n\n".join([*told, derived_as_text(derived, level, adjust)])


def _caption(derived: Derived) -> str:
    return caption_of(derived.rows()[0])


def _matrix(derived: Derived, figure: str) -> str:
    """A figure by earlier band (rows) and later band (columns)."""
    rows = [row for row in derived.rows() if row["figure"] == figure]
    columns = list(dict.fromkeys(row["later"] for row in rows))
    value = {(row["earlier"], row["later"]): row["estimate"] for row in rows}
    body = [
        [band, *(_text(value.get((band, other)), figure) for other in columns)]
        for band in dict.fromkeys(row["earlier"] for row in rows)
    ]
    return render([f"{figure}: earlier", *columns], body, text_columns=1)


def _text(value: float | None, figure: str) -> str:
    if value is None:
        return NOTHING
    whole = figure == "number" and (value >= MANY or value == int(value))
    return number_text(value, 0 if whole else 4)
