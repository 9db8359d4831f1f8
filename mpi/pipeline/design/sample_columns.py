"""How the households of a block were drawn, and what the survey declares of its whole design."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mpi.columns.values import Text, codes_as_text, crossed, repeat, text_of
from mpi.language import phrase
from mpi.pipeline.binding import DesignColumns
from mpi.pipeline.design.columns import fpc_of, groups_of
from mpi.profile.sample import Declared, replication
from mpi.rules import Frame
from mpi.source import column_name
from mpi.specs.survey import Design, Survey


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Drawn:
    """The place of each household, or person, in the design; None for what it does not have.

    Attributes
    ----------
    stratum, psu, ssu : Text or None
        Second-stage units are named within their PSU, PSUs within their stratum or not.
    fpc, ssu_fpc : float64, shape (h,) or (n,), or None
        Finite population corrections of the stratum and of the PSU.
    order, within : Text or None
        Place of the stratum in the order of strata, and the region that it keeps to.
    """

    stratum: Text | None = None
    psu: Text | None = None
    ssu: Text | None = None
    fpc: NDArray[np.float64] | None = None
    ssu_fpc: NDArray[np.float64] | None = None
    order: Text | None = None
    within: Text | None = None

    def of_persons(self, sizes: NDArray[np.int64]) -> Drawn:
        """That of each person, from the households' sizes."""
        stratum, psu, ssu, order, within = (
            _repeated(text, sizes) for text in (self.stratum, self.psu, self.ssu, self.order, self.within)
        )
        fpc, ssu_fpc = (None if fpc is None else np.repeat(fpc, sizes) for fpc in (self.fpc, self.ssu_fpc))
        return Drawn(stratum=stratum, psu=psu, ssu=ssu, fpc=fpc, ssu_fpc=ssu_fpc, order=order, within=within)


def _repeated(text: Text | None, sizes: NDArray[np.int64]) -> Text | None:
    if text is None:
        return None
    return text_of(repeat(text, sizes))


def drawn_of(survey: Survey, columns: DesignColumns, frame: Frame, *, household_is_psu: bool) -> Drawn:
    """The place of each household of a block in the design.

    Parameters
    ----------
    household_is_psu : bool
        Whether PSUs are to be named by the households' keys, as there are no others.

    Raises
    ------
    DataError
        If a part of the design is null or differs inside a household, or a correction is no such number.
    """
    if columns.replicates is not None:
        return Drawn()
    design, place = survey.design, survey.design.place
    stratum = groups_of(columns.stratum, frame, phrase("the stratum"), place)
    psu = groups_of(columns.psu, frame, phrase("the PSU"), place)
    if household_is_psu:
        psu = _keys(survey, frame)
    ssu, fpc, ssu_fpc = None, None, None
    if design.fpc is not None:
        fpc = fpc_of(columns.fpc, design.fpc.kind, frame, phrase("the fpc"), place)
    if design.second_stage is not None:
        ssu = groups_of(columns.ssu, frame, phrase("the second-stage unit"), place) or _keys(survey, frame)
        ssu_fpc = fpc_of(
            columns.ssu_fpc, design.second_stage.fpc.kind, frame, phrase("the fpc of the second stage"), place
        )
    order = groups_of(columns.order, frame, phrase("the order of the strata"), place)
    return Drawn(
        stratum=stratum,
        psu=psu,
        ssu=ssu,
        fpc=fpc,
        ssu_fpc=ssu_fpc,
        order=order,
        within=groups_of(columns.within, frame, phrase("the region of the strata"), place),
    )


def _keys(survey: Survey, frame: Frame) -> Text:
    """The households' keys as codes."""
    keys = [frame.households[column_name("households", c)] for c in survey.tables["households"].key]
    return crossed([codes_as_text(key) for key in keys])


def declared_of(design: Design, replicates: int | None = None) -> Declared:
    """What the survey's design says of itself.

    Parameters
    ----------
    design : Design
    replicates : int, optional
        The number of replicate weights, where the variance comes from them; nothing else of the design is then used.
    """
    weighted, how = design.weight is not None, design.replicates
    if how is not None and replicates is not None:
        rscales = how.rscales * replicates if len(how.rscales) == 1 else how.rscales
        rho = how.rho if how.method == "Fay" else None
        made = replication(how.method, replicates, rho=rho, scale=how.scale, rscales=rscales, mse=how.mse, df=how.df)
        return Declared(weighted=weighted, replication=made, rounds=design.rounds)
    stage, calibration = design.second_stage, design.calibration
    return Declared(
        single_psu=design.single_psu,
        census=design.census,
        weighted=weighted,
        fpc=None if design.fpc is None else design.fpc.kind,
        ssu_fpc=None if stage is None else stage.fpc.kind,
        collapse=() if design.collapse is None else design.collapse.joins,
        replication=None,
        calibration=None if calibration is None else calibration.level,
        rounds=design.rounds,
    )
