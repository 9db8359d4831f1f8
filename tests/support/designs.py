"""Units of every sampling design, from a seed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mpi.columns.values import Text
from mpi.profile import Declared, Units, replication

KINDS = ("plain", "counts", "fractions of households", "two stages", "ordered", "calibrated", "calibrated persons",
         "replicates", "replicates with df", "everything", "census")  # fmt: skip
REPLICATES = 5


def declared_of(kind: str) -> Declared:
    match kind:
        case "counts":
            return Declared(single_psu="certainty", fpc="count")
        case "fractions of households":
            return Declared(single_psu="certainty", fpc="fraction")
        case "two stages":
            return Declared(single_psu="certainty", fpc="fraction", ssu_fpc="count")
        case "ordered":
            return Declared(single_psu="collapse")
        case "calibrated":
            return Declared(single_psu="certainty", calibration="household")
        case "calibrated persons":
            return Declared(single_psu="certainty", calibration="person")
        case "replicates":
            return Declared(replication=replication("bootstrap", REPLICATES))
        case "replicates with df":
            return Declared(replication=replication("BRR", REPLICATES, df=3))
        case "everything":
            return Declared(
                single_psu="collapse", fpc="count", ssu_fpc="fraction", calibration="household", rounds="rotating"
            )
        case "census":
            return Declared(census=True)
    return Declared(single_psu="certainty")


def text(codes: NDArray[np.int64]) -> Text:
    labels = [str(code) for code in codes.tolist()]
    distinct = tuple(dict.fromkeys(labels))
    return Text(np.array([distinct.index(label) for label in labels], np.int64), distinct)


def units_of(kind: str, seed: int, n: int) -> Units:
    """Some households of at most 3 strata of at most 4 PSUs of at most 3 SSUs."""
    rng = np.random.default_rng(seed)
    declared = declared_of(kind)
    stratum, psu, ssu = rng.integers(0, 3, n), rng.integers(0, 4, n), rng.integers(9, 12, n)
    size, weight = rng.integers(1, 5, n), rng.choice([0.0, 0.1, 1.0, 12.345, 1048.75], n)
    pattern = rng.integers(0, 4, n).astype(np.uint64)
    clustered = kind != "fractions of households"
    domains = (("region", "household", text(rng.integers(0, 2, n))), ("zone", "household", text(rng.integers(0, 2, n))))
    made = Units(
        domains=domains,
        stratum=text(stratum),
        psu=text(psu) if clustered else None,
        pattern=pattern,
        unknown=(pattern * 3) % 4 & ~pattern,
        persons=size,
        households=np.ones(n, np.int64),
        person_weight=weight * size,
        household_weight=weight,
    )
    if declared.fpc is not None:
        fpc = 100.0 + stratum if declared.fpc == "count" else 1 / (3.0 + stratum)
        made = replace(made, fpc=fpc)
    if declared.ssu_fpc is not None:
        own = 40.0 + psu + 7 * stratum
        made = replace(made, ssu=text(ssu), ssu_fpc=own if declared.ssu_fpc == "count" else 1 / own)
    if declared.single_psu == "collapse":
        made = replace(made, order=text(10 - stratum), within=text(stratum // 2))
    if declared.calibration is not None:
        design = weight * rng.choice([0.5, 2.0, 1.7], n)
        variables = np.column_stack([rng.choice([0.0, -0.0, 1.0], n), rng.choice([0.1, 0.1 + 1e-16, 0.3], n)])
        made = replace(made, calibration=variables, design_person_weight=design * size, design_household_weight=design)
    if declared.replication is not None:
        weights = weight[:, None] * rng.integers(0, 3, (n, REPLICATES))
        made = replace(made, person_replicates=weights * size[:, None], household_replicates=weights)
    return made


def rows_of(units: Units, rows: Sequence[int]) -> Units:
    """Some rows of the units, with only the labels that they hold."""
    place = np.array(rows, np.int64)

    def cut(own: Any) -> Any:
        if isinstance(own, Text):
            return text(np.array([int(own.labels[code]) for code in own.codes[place]]))
        return None if own is None else own[place]

    domains = tuple((name, level, cut(own)) for name, level, own in units.domains)
    return Units(domains=domains, **{part.name: cut(getattr(units, part.name)) for part in fields(Units)[1:]})
