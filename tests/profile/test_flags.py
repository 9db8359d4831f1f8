"""Ready-made flags with every kind of design."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from mpi.errors import DataError, UsageError
from mpi.profile import Declared, DeprivationProfile, collapsed, replication
from tests.support.strategies import equal_measure, measure_of

TWO = equal_measure(2)
PERSONS = measure_of({"only": {"a": 0.5, "b": 0.5}}, [], identification="person")
BRR = replication("BRR", 2)
FRAME: dict[str, list[Any]] = {
    "a": [1, 0, 1, 0], "b": [0, 0, 1, 1], "w": [1.5, 2.0, 0.5, 3.0], "n": [2, 3, 1, 2], "s": ["x", "x", "y", "z"],
    "p": [1, 2, 1, 1], "h": [5, 6, 5, 7], "N": [8, 8, 4, 5], "f": [0.25, 0.25, 0.25, 0.2], "M": [9, 10, 11, 12],
    "o": [3, 3, 1, 2], "r": ["r", "r", "r", "r"], "w1": [3, 0, 1, 0], "w2": [0, 4, 0, 6], "b1": [1, 2, 1, 2],
    "b2": [0.5, 0, 0.5, 0], "d": [1.0, 1.0, 1.0, 4.0],
}  # fmt: skip


def flags(measure: Any = TWO, frame: dict[str, list[Any]] | None = None, **arguments: Any) -> DeprivationProfile:
    chosen = {"weight": "w", "members": "n", **arguments}
    return DeprivationProfile.from_flags(pa.table({**FRAME, **(frame or {})}), measure, **chosen)


DESIGN: dict[str, Any] = {"stratum": "s", "psu": "p", "single_psu": "certainty"}


def test_two_stages_with_their_corrections() -> None:
    own = flags(**DESIGN, fpc=("count", "N"), ssu="h", ssu_fpc=("count", "M"), rounds="panel", time=2010.5)
    assert own.sample.declared == Declared(single_psu="certainty", fpc="count", ssu_fpc="count", rounds="panel")
    assert own.time == 2010.5
    assert own.sample.fpc.tolist() == [8, 4, 5]
    assert own.sample.ssu_labels == ("5", "6", "5", "7")
    assert own.sample.ssu_psu.tolist() == [0, 1, 2, 3]
    assert own.sample.ssu_fpc.tolist() == [9, 10, 11, 12]
    rows = flags(**DESIGN, fpc=("fraction", "f"), ssu_fpc=("count", "M"))
    assert rows.sample.ssu_labels == ("0", "1", "2", "3")
    assert rows.sample.fpc.tolist() == [0.25, 0.25, 0.2]


def test_what_the_whole_refuses_is_refused() -> None:
    with pytest.raises(DataError, match=r"MPI-D061 there are fewer PSUs in the population than were drawn in 1 "):
        flags(**DESIGN, fpc=("count", "N"), frame={"N": [1, 1, 1, 1]})


def test_strata_collapse_by_a_map_or_by_an_ordering() -> None:
    by_map = flags(**{**DESIGN, "single_psu": "collapse"}, collapse={"y": "z"})
    assert by_map.sample.declared.collapse == (("y", "z"),)
    assert collapsed(by_map).sample.strata == ("x", "y+z")
    by_order = flags(**{**DESIGN, "single_psu": "collapse"}, collapse_order="o", collapse_within="r")
    assert (by_order.sample.stratum_order, by_order.sample.stratum_within) == (("3", "1", "2"), ("r", "r", "r"))
    assert collapsed(by_order).sample.strata == ("x", "y+z")


def test_replicates_are_weights_or_factors_of_the_weight() -> None:
    own = flags(replicates=["w1", "w2"], replication=BRR, replicates_are="combined")
    assert own.cells.household_replicates is not None and own.cells.person_replicates is not None
    assert own.sample.strata == ("",) and not own.sample.clustered
    assert own.cells.household_replicates.tolist() == [[0, 4], [3, 0], [0, 6], [1, 0]]
    assert own.cells.person_replicates.tolist() == [[0, 12], [6, 0], [0, 12], [1, 0]]
    assert own.sample.replicate_df == 1
    factors = flags(replicates=["w1", "w2"], replication=BRR, replicates_are="factors")
    assert factors.cells.household_replicates is not None
    assert factors.cells.household_replicates.tolist() == [[0, 8], [4.5, 0], [0, 18], [0.5, 0]]


def test_calibration_variables_are_kept_by_their_distinct_rows() -> None:
    own = flags(**DESIGN, calibration=["b1", "b2"], design_weight="d")
    assert own.sample.calibration.tolist() == [[1, 0.5], [2, 0]]
    assert own.cells.calibration is not None and own.cells.design_person_weight is not None
    assert own.cells.calibration.tolist() == [0, 1, 0, 1]
    assert own.cells.design_household_weight is not None
    assert own.cells.design_household_weight.tolist() == [1, 1, 1, 4]
    assert own.cells.design_person_weight.tolist() == [2, 3, 1, 8]
    assert own.sample.declared.calibration == "household"


def test_calibration_without_psus_takes_each_row_as_a_psu() -> None:
    own = flags(stratum="s", single_psu="certainty", calibration="b1", design_weight="d")
    assert own.sample.psu_labels == ("0", "1", "2", "3")
    assert own.sample.calibration.tolist() == [[1], [2]]
    assert own.sample.psus.tolist() == [2, 1, 1]


def test_profiles_whose_units_are_row_numbers_do_not_add(tmp_path: Path) -> None:
    """Row 0 of two tables is not one PSU."""
    calibrated = flags(calibration=["b1"], design_weight="d")
    staged = flags(**DESIGN, fpc=("count", "N"), ssu_fpc=("count", "M"))
    for own in (calibrated, staged):
        own.write(tmp_path / "x", overwrite=True)
        for other in (own, DeprivationProfile.read(tmp_path / "x")):
            with pytest.raises(
                DataError, match="MPI-D050 profiles cannot be added if their PSUs or second-stage units are"
            ):
                other + own
    named = flags(**DESIGN, calibration=["b1"], design_weight="d")
    assert len((named + named).cells) == len(named.cells)


def test_the_level_of_calibration_is_that_of_a_row() -> None:
    known: dict[str, Any] = {"calibration": ["b1"], "design_weight": "d"}
    assert flags(**known, members=None).sample.declared.calibration == "household"
    assert flags(PERSONS, **known, members=None).sample.declared.calibration == "person"
    assert flags(PERSONS, **known).sample.declared.calibration == "household"


def test_a_census_has_no_design() -> None:
    own = flags(census=True)
    assert own.sample.census
    assert own.sample.psus.tolist() == [0]


def test_all_faults_of_the_columns_are_told_at_once() -> None:
    wrong = {
        "N": [8, None, 4, 5],
        "h": [None, 1, 1, 1],
        "M": ["9", "9", "9", "9"],
        "b1": [1, 2, None, float("nan")],
        "d": [1, -1, 1, 1],
        "o": [1.5, 1, 1, 1],
    }
    with pytest.raises(DataError) as caught:
        flags(
            frame=wrong,
            **{**DESIGN, "single_psu": "collapse"},
            fpc=("count", "N"),
            ssu="h",
            ssu_fpc=("count", "M"),
            collapse_order="o",
            collapse_within="q",
            calibration=["b1", "c"],
            design_weight="d",
        )
    assert [str(fault).splitlines()[0] for fault in caught.value.faults] == [
        "MPI-D020 column 'h', a part of the design, is null in 1 row",
        "MPI-D012 column 'o', a part of the design, holds numbers with decimals, which are no codes",
        "MPI-D010 the table has no column 'q', a part of the design",
        "MPI-D020 column 'N', a finite population correction, is null in 1 row",
        "MPI-D012 column 'M', a finite population correction, does not hold numbers",
        "MPI-D020 column 'b1', a calibration variable, is null in 2 rows",
        "MPI-D010 the table has no column 'c', a calibration variable",
        "MPI-D020 column 'd', the design weight, is negative in 1 row",
    ]
    with pytest.raises(DataError) as caught:
        flags(
            frame={"w1": [-9, 1, 1, 1], "w2": [0, 0, 0, 0]},
            replicates=["w1", "w2"],
            replication=BRR,
            replicates_are="combined",
        )
    assert [str(fault).splitlines()[0] for fault in caught.value.faults] == [
        "MPI-D020 column 'w1', a replicate weight, is negative in 1 row",
        "MPI-D021 column 'w2', a replicate weight, is 0 in every row",
    ]


@pytest.mark.parametrize(
    ("arguments", "text"),
    [
        ({"census": True, "stratum": "s"}, "a census has no sampling design"),
        ({"census": True, "replicates": ["w1", "w2"], "replication": BRR}, "a census has no sampling design"),
        (
            {"replicates": ["w1", "w2"], "replication": BRR, "replicates_are": "factors", "psu": "p"},
            "replicate weights carry the design",
        ),
        ({"replicates": ["w1", "w2"], "replicates_are": "factors"}, "`replicates` and `replication` go together"),
        ({"replication": BRR}, "`replicates` and `replication` go together"),
        ({"replicates": ["w1"], "replication": BRR}, "there are 1 columns for 2 replicates"),
        ({"replicates": ["w1", "w2"], "replication": BRR}, "say with `replicates_are`"),
        ({"replicates": ["w1", "w2"], "replication": BRR, "replicates_are": "x"}, "say with `replicates_are`"),
        ({"fpc": ("number", "N")}, "a count or a fraction"),
        ({**DESIGN, "ssu_fpc": ("count", "M")}, "`ssu_fpc` needs `psu` and `fpc`"),
        ({"fpc": ("count", "N"), "ssu_fpc": ("count", "M")}, "`ssu_fpc` needs `psu` and `fpc`"),
        ({**DESIGN, "ssu": "h"}, "`ssu` is of use with `ssu_fpc` only"),
        ({**DESIGN, "collapse": {"y": "z"}}, "collapsing needs"),
        ({**DESIGN, "collapse_order": "o"}, "collapsing needs"),
        ({**DESIGN, "single_psu": "collapse"}, "needs `collapse` or `collapse_order`"),
        ({**DESIGN, "single_psu": "collapse", "collapse": {"y": "z"}, "collapse_order": "o"}, "and not both"),
        ({**DESIGN, "collapse_within": "r"}, "`collapse_within` needs `collapse_order`"),
        ({**DESIGN, "calibration": ["b1"]}, "`calibration` and `design_weight` go together"),
        ({**DESIGN, "design_weight": "d"}, "`calibration` and `design_weight` go together"),
        ({"calibration": ["b1"], "design_weight": "d", "weight": None}, "`calibration` needs `weight`"),
    ],
)
def test_arguments_that_contradict_one_another_are_refused(arguments: dict[str, Any], text: str) -> None:
    with pytest.raises(UsageError, match=f"MPI-U111 .*{text}"):
        flags(**arguments)


@pytest.mark.parametrize(("type_", "exact"), [(pa.float16(), 2**11), (pa.float32(), 2**24), (pa.float64(), 2**53)])
@pytest.mark.parametrize("part", [{"by": "c"}, {"psu": "c"}, {"stratum": "c", "psu": "p"}, {"psu": "p", "ssu": "c"}])
def test_codes_of_decimal_numbers_are_told_apart_or_refused(
    type_: pa.DataType, exact: int, part: dict[str, str]
) -> None:
    """From here on a decimal number stands for its neighbours too: two PSUs of the office would be one."""
    design: dict[str, Any] = {"stratum": "s", "single_psu": "certainty", **part}
    if "ssu" in part:
        design |= {"fpc": ("count", "N"), "ssu_fpc": ("count", "M")}

    def made(largest: int) -> DeprivationProfile:
        codes = pa.array(np.array([1, 2, exact // 2, largest], type_.to_pandas_dtype()))
        table = pa.table({**FRAME, "N": [8, 8, 8, 8], "c": codes})
        return DeprivationProfile.from_flags(table, TWO, weight="w", members="n", **design)

    with pytest.raises(DataError, match=f"MPI-D012 column 'c', .*decimal numbers of {exact:,} or more"):
        made(exact)
    told = made(exact - 1)
    labels = {
        "by": lambda: told.domains[told.domain("c")].labels,
        "psu": lambda: told.sample.psu_labels,
        "stratum": lambda: told.sample.strata,
        "ssu": lambda: told.sample.ssu_labels,
    }
    name = next(name for name, column in part.items() if column == "c")
    assert sorted(labels[name](), key=int) == ["1", "2", str(exact // 2), str(exact - 1)]
