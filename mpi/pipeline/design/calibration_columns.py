"""Calibration variables of one block as a matrix: numbers as they are, codes as one dummy for each of their list."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from mpi.columns.values import Text, Truth, Values, unknown_count
from mpi.errors import Place
from mpi.errors.findings import Wrong
from mpi.language import phrase
from mpi.pipeline.binding import Auxiliary
from mpi.rules import Frame
from mpi.vocabulary.options import Level


def auxiliaries_of(
    auxiliaries: Sequence[Auxiliary], frame: Frame, level: Level, place: Place | None
) -> NDArray[np.float64] | None:
    """The calibration variables of each household, or person; None without any.

    Parameters
    ----------
    auxiliaries : sequence of Auxiliary
    frame : Frame
    level : {"person", "household"}
        Whose variables they are.
    place : Place or None
        Where the design is declared.

    Returns
    -------
    float64, shape (h, p) or (n, p), or None
        Columns in the order of the variables, then of their labels, so that blocks agree.

    Raises
    ------
    DataError
        If one is null; with all of them.
    """
    columns = []
    for number, auxiliary in enumerate(auxiliaries, 1):
        own = auxiliary.level
        values = (frame.persons if own == "person" else frame.households)[auxiliary.column]
        remedy = phrase(
            'calibrated weights need it for everybody: write "COALESCE(x, 0)" in quotes, with what the calibration took'
        )
        wrong = Wrong(
            code="MPI-D027",
            place=place,
            head=phrase("calibration variable {number} is null in", number=number),
            noun=own,
            remedy=remedy,
        )
        frame.note(wrong, unknown_count(values))
        columns.append(_columns(frame.lift((values, own), level), auxiliary.labels))
    return np.concatenate(columns, axis=1) if columns else None


def _columns(values: Values, labels: tuple[str, ...] | None) -> NDArray[np.float64]:
    match values:
        case Text():
            among = labels or ()
            place = np.array([among.index(label) if label in among else -1 for label in values.labels] or [-1])
            dummies: NDArray[np.float64] = (place[values.codes][:, None] == np.arange(len(among))).astype(np.float64)
            return dummies
        case Truth():
            return values.true.astype(np.float64)[:, None]
        case _:
            return values.values.astype(np.float64)[:, None]
