"""The edge of the library: wrong arguments are refused in words, notices are warnings of the caller's line."""

from __future__ import annotations

import ast
import inspect
import warnings
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any, Literal

import click
import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from pyarrow import csv

import mpi
from mpi import disclosure, distributed
from mpi.analysis import rank_robustness, score_distribution
from mpi.config.mappings import load_mapping
from mpi.config.templates import load_template
from mpi.disclosure.publishable import Publishable
from mpi.errors import Fault, MpiError, MpiWarning, Notice, UsageError, arguments
from mpi.errors.arguments import public
from mpi.estimates.covariance import Covariance
from mpi.following.protecting import protect_movements
from mpi.specs.disclosure import Disclosure
from tests.following import test_updating
from tests.following.test_protecting import MEASURE as TOWN
from tests.following.test_protecting import panel_of, tables_of
from tests.support import followed, village
from tests.support.loops import at_least_one

DATA = village.tables()
DULL = village.replaced(DATA, "households", "wall", ["w1"] * 60)  # a rule that deprives nobody
NAN = float("nan")
# What a hand slips in, or an empty variable leaves behind.
WRONG: dict[str, object] = {
    "None": None, "int": 7, "zero": 0, "negative": -1, "huge": 10**30, "float": 0.5, "nan": NAN, "inf": float("inf"),
    "text": "x", "empty text": "", "bytes": b"x", "True": True, "list": [], "list of texts": ["x"],
    "list of None": [None], "list of ints": [1], "list of lists": [["x"]], "tuple": (1, "x"), "dict": {},
    "dict of texts": {"x": "y"}, "dict of ints": {1: 2}, "set": {"x"}, "object": object(), "class": dict,
    "frame": pd.DataFrame({"x": [1, 2]}), "array": np.array([1.5, NAN]), "path": Path("no/such/file"),
    "function": len,
}  # fmt: skip
ERRORS = ("ConfigError", "DataError", "MpiError", "MpiWarning", "UsageError")  # raised, not called
CONSTANTS = ("CHANGES", "STATISTICS")
# Specs that loaders make, with checks of their own; a caller makes them with `replace` at most.
MAPPING = Path(__file__).parents[2] / "sample_data" / "published" / "ipm_municipal_2018.yaml"
SPECS = ("Measure", "Microdata", "Study", "Survey")
# What a function returns, whose methods take words that it gave.
RESULTS = ("CheapestPlan", "Comparison", "Progress", "TableMap")


@cache
def specs() -> tuple[mpi.Survey, mpi.Measure, mpi.Study]:
    return village.survey(), village.measure(), replace(mpi.load_study("colombia_demo"), data=None, maps=())


@cache
def profile() -> mpi.DeprivationProfile:
    return mpi.deprivation_profile(village.survey(), village.measure(), DATA)


@cache
def estimates() -> mpi.Estimates:
    return mpi.estimate(profile(), village.measure(), by="region", statistics=["H", "M0"])


@cache
def analysed() -> mpi.Derived:
    return mpi.analyse(profile(), village.measure(), "bands", by="region")


@cache
def changes() -> mpi.Changes:
    later = replace(profile(), period="2027")
    return mpi.change([profile(), later], village.measure(), rounds="independent", statistic="H")


@cache
def hides_nothing() -> Disclosure:
    return mpi.load_disclosure("none")


@cache
def figures(period: str = "") -> Publishable:
    own = replace(profile(), period=period) if period else profile()
    (found,) = disclosure.protect([mpi.estimate(own, village.measure(), by="region")], hides_nothing())
    return found


CODED = pa.table({"dpto": ["05", "08"], "H": [9.5, 12.0]})
PLACES = pa.table({"region": ["01", "02"], "seats": [40, 15]})
FLAGS = pa.table(
    {name: [0, 1, 1, 0] for name in ("schooling", "attendance", "crowding", "walls")}
    | {"w": [1.0, 2.0, 1.0, 1.0], "s": ["1", "1", "2", "2"], "p": ["1", "2", "1", "2"]}
)


@cache
def listed() -> mpi.TargetList:
    return mpi.target_list(village.survey(), village.measure(), DATA)


@cache
def supplied() -> mpi.SupplyDemand:
    return mpi.supply_demand(profile(), village.measure(), PLACES, by="region", indicator="walls")


@cache
def derived() -> mpi.Derived:
    return mpi.derive(profile(), village.measure(), {"one": "H - A"}, by="region")


@cache
def headcounts() -> mpi.Estimates:
    return estimates().only("H")


@cache
def covariance() -> Covariance:
    return headcounts().covariance()


@cache
def flags() -> mpi.Microdata:
    return mpi.survey(FLAGS, weight="w", stratum="s", psu="p")


@cache
def described() -> mpi.Description:
    return mpi.describe(MAPPING.with_suffix(".csv"))


@cache
def standard() -> Disclosure:
    return mpi.load_disclosure("standard")


@cache
def short() -> mpi.Measure:
    return mpi.measure(["schooling", "walls"], k=1)


@cache
def coded() -> mpi.Estimates:
    by_area = mpi.survey(FLAGS.append_column("dpto", pa.array(["05", "08"] * 2)), weight="w", domains="dpto")
    return mpi.estimate(by_area, short(), by="dpto")


@cache
def mapped() -> mpi.TableMap:
    return mpi.map(coded(), "colombia_departamentos")


@cache
def pairs() -> pa.Table:
    return score_distribution.co_deprivation(profile(), village.measure(), "1/3")


@cache
def updating() -> dict[str, Any]:
    earlier, later = followed.editions(8)
    parts = test_updating.parts_of(earlier, later)
    return {
        "profile": test_updating.made(earlier, "2020"),
        "survey": test_updating.survey("2021"),
        "measure": followed.MEASURE,
        "new": {"persons": test_updating.table(later, parts["new"])},
    }


def calls(folder: Path) -> dict[str, tuple[Callable[..., object], dict[str, Any]]]:
    """Each public function and method with arguments that it takes.

    Made for each test anew, so what takes time to make is made once above, as nothing of it can be written to.
    """
    survey, measure, study = specs()
    own, rates, microdata = profile(), headcounts(), flags()
    return {
        "load_measure": (mpi.load_measure, {"name": "colombia_ipm"}),
        "measure": (
            mpi.measure,
            {"definition": {"schooling": 1, "walls": 1}, "k": "1/2", "rules": {"walls": "schooling"}},
        ),
        "measures": (mpi.measures, {"country": "COL", "status": "official", "kind": "national", "language": "en"}),
        "survey": (mpi.survey, {"source": FLAGS, "weight": "w", "stratum": "s", "psu": "p", "domains": ["s"]}),
        "survey (dict)": (mpi.survey, {"source": {"like": "colombia_demo_2025"}}),
        "load_survey": (mpi.load_survey, {"name": "colombia_demo_2025"}),
        "load_study": (mpi.load_study, {"name": "colombia_demo"}),
        "load_reliability": (mpi.load_reliability, {"name": "cepal_2020"}),
        "load_disclosure": (mpi.load_disclosure, {"name": "standard"}),
        "deprivation_profile": (mpi.deprivation_profile, {"survey": survey, "measure": measure, "data": DATA}),
        "score": (mpi.score, {"survey": survey, "measure": measure, "data": DATA}),
        "score (frame)": (mpi.score, {"survey": microdata, "measure": short(), "k": "1/2"}),
        "target_list": (
            mpi.target_list,
            {
                "survey": survey,
                "measure": measure,
                "data": DATA,
                "area": "region",
                "quotas": 1,
                "tie_break": "rooms",
                "quasi": ["region"],
                "anonymity": 1,
            },
        ),
        "TargetList.to_pandas": (listed().to_pandas, {}),
        "write_list": (mpi.write_list, {"made": listed(), "folder": folder / "list", "overwrite": True}),
        "deprivation_profile (frame)": (mpi.deprivation_profile, {"survey": microdata, "measure": short()}),
        "estimate (frame)": (mpi.estimate, {"profile": microdata, "measure": short(), "by": "s"}),
        "distributed.deprivation_profile": (
            distributed.deprivation_profile,
            {"survey": survey, "measure": measure, "data": str(folder), "cluster": "tcp://nowhere:1"},
        ),
        "estimate": (mpi.estimate, {"profile": own, "measure": measure, "statistics": "H"}),
        "estimate (bootstrap)": (
            mpi.estimate,
            {"profile": own, "measure": measure, "statistics": "H", "replicates": 20, "variance": "bootstrap"},
        ),
        "decompose_change": (
            mpi.decompose_change,
            {"profiles": [own, replace(own, period="2027")], "measure": measure, "rounds": "independent"},
        ),
        "robustness": (
            mpi.robustness,
            {"profile": own, "measure": measure, "by": "region", "without": measure.names[:1]},
        ),
        "dominance": (mpi.dominance, {"profile": own, "measure": measure, "by": "region"}),
        "weight_draws": (mpi.weight_draws, {"profile": own, "measure": measure, "by": "region", "draws": 5}),
        "weight_orders": (mpi.weight_orders, {"profile": own, "measure": measure, "by": "region", "draws": 5}),
        "plan_parts": (mpi.plan_parts, {"profile": own, "measure": measure, "actions": "close walls"}),
        "plan_costs": (
            mpi.plan_costs,
            {"profile": own, "measure": measure, "actions": "close walls", "costs": {"walls": 1}},
        ),
        "cheapest_plan": (
            mpi.cheapest_plan,
            {"profile": own, "measure": measure, "costs": {"walls": 1}, "budget": 1.0},
        ),
        "what_if": (mpi.what_if, {"profile": own, "measure": measure, "actions": "close walls"}),
        "analyse": (mpi.analyse, {"profile": own, "measure": measure, "name": "bands"}),
        "supply_demand": (
            mpi.supply_demand,
            {
                "profile": own,
                "measure": measure,
                "supply": PLACES,
                "by": "region",
                "indicator": "walls",
                "code": "region",
                "places": "seats",
                "k": "1/3",
            },
        ),
        "SupplyDemand.only": (supplied().only, {"statistic": "poor_and_deprived", "region": "01"}),
        "SupplyDemand.take": (supplied().take, {"rows": np.array([0])}),
        "SupplyDemand.row": (supplied().row, {"statistic": "poor_and_deprived", "region": "01", "indicator": "walls"}),
        "SupplyDemand.value": (
            supplied().value,
            {"statistic": "poor_and_deprived", "region": "01", "indicator": "walls"},
        ),
        "SupplyDemand.wide": (supplied().wide, {"by": "region", "values": "gap"}),
        "SupplyDemand.to_excel": (supplied().to_excel, {"path": folder / "x.xlsx", "overwrite": True}),
        **{
            f"SupplyDemand.{name}": (getattr(supplied(), name), {})
            for name in (
                "rows",
                "to_arrow",
                "to_csv",
                "to_great_tables",
                "to_latex",
                "to_markdown",
                "to_pandas",
                "to_polars",
            )
        },
        "follow": (mpi.follow, {"surveys": followed.rounds(), "measure": followed.MEASURE, "key": ["cedula"]}),
        "movements": (mpi.movements, {"panel": followed.panel(), "measure": followed.MEASURE, "by": "area"}),
        "merge_panels": (mpi.merge_panels, {"panels": [followed.panel()] * 2}),
        "Panel.__add__": (followed.panel().__add__, {"other": followed.panel()}),
        "Panel.write": (followed.panel().write, {"path": folder / "panel.parquet", "overwrite": True}),
        "Panel.read": (mpi.Panel.read, {"path": folder / "saved_panel.parquet"}),
        "update": (mpi.update, updating()),
        "derive": (mpi.derive, {"profile": own, "measure": measure, "expressions": {"one": "H - A"}}),
        "Derived.only": (derived().only, {"statistic": "one", "region": "01"}),
        "Derived.take": (derived().take, {"rows": np.array([0])}),
        "Derived.row": (derived().row, {"statistic": "one", "region": "01"}),
        "Derived.value": (derived().value, {"statistic": "one", "region": "01"}),
        "Derived.wide": (derived().wide, {"by": "region"}),
        "Derived.to_excel": (derived().to_excel, {"path": folder / "x.xlsx", "overwrite": True}),
        **{
            f"Derived.{name}": (getattr(derived(), name), {})
            for name in (
                "rows",
                "to_arrow",
                "to_csv",
                "to_great_tables",
                "to_latex",
                "to_markdown",
                "to_pandas",
                "to_polars",
            )
        },
        "change": (
            mpi.change,
            {
                "profiles": [own, replace(own, period="2027")],
                "measure": measure,
                "rounds": "independent",
                "statistic": "H",
            },
        ),
        "progress": (
            mpi.progress,
            {
                "profiles": [own, replace(own, period="2027")],
                "measure": measure,
                "targets": [{"statistic": "H", "value": "8%", "year": 2030, "baseline": own.period}],
                "rounds": "independent",
            },
        ),
        # Without a folder of data: a whole run takes long.
        "run_study": (mpi.run_study, {"study": study, "out": folder / "out"}),
        "compare": (mpi.compare, {"results": folder / "figures.csv"}),
        "describe": (mpi.describe, {"path": MAPPING.with_suffix(".csv")}),
        "Description.to_dict": (described().to_dict, {}),
        "init": (mpi.init, {"kind": "study", "name": "own", "output": folder / "own_study.yaml"}),
        "export": (mpi.export, {"measure": measure, "path": folder / "measure.xlsx", "overwrite": True}),
        "convert": (mpi.convert, {"files": folder / "figures.csv", "output": folder / "converted", "overwrite": True}),
        "map_table": (
            mpi.map_table,
            {"table": CODED, "boundaries": "colombia_departamentos", "code": "dpto", "values": "H", "form": "percent"},
        ),
        "map_of": (mpi.map, {"figures": coded(), "boundaries": "colombia_departamentos", "statistics": "H"}),
        "TableMap.to_geopandas": (mapped().to_geopandas, {}),
        "TableMap.save": (mapped().save, {"path": folder / "map.html", "overwrite": True}),
        "plot.scores": (mpi.plot.scores, {"profile": own, "measure": measure}),
        "plot.bundles": (mpi.plot.bundles, {"profile": own, "measure": measure}),
        "plot.co_deprivation": (mpi.plot.co_deprivation, {"profile": own, "measure": measure}),
        "load_template": (load_template, {"name": "example"}),
        "load_mapping": (load_mapping, {"path": MAPPING}),
        "replication": (mpi.replication, {"method": "BRR", "replicates": 4}),
        "merge_profiles": (mpi.merge_profiles, {"profiles": [own, own]}),
        "Cutoff": (mpi.Cutoff, {"k": measure.cutoffs[0].k}),
        "Measure.cutoff": (measure.cutoff, {"k": "1/3"}),
        "Measure.with_cutoff": (measure.with_cutoff, {"k": "1/3"}),
        "Measure.with_weights": (measure.with_weights, {"weights": {measure.dimensions[0].name: "1/4"}}),
        "Measure.without": (measure.without, {"names": measure.names[0]}),
        "DeprivationProfile.__add__": (own.__add__, {"other": own}),
        "DeprivationProfile.domain": (own.domain, {"name": "region"}),
        "DeprivationProfile.filter": (own.filter, {"region": "01"}),
        "DeprivationProfile.keep_domains": (own.keep_domains, {"names": ["region"]}),
        "DeprivationProfile.write": (own.write, {"path": folder / "x.parquet", "overwrite": True}),
        "DeprivationProfile.read": (mpi.DeprivationProfile.read, {"path": folder / "saved.parquet"}),
        "DeprivationProfile.from_flags": (
            mpi.DeprivationProfile.from_flags,
            {"frame": FLAGS, "measure": measure, "weight": "w"},
        ),
        "Estimates.only": (estimates().only, {"statistic": "H", "region": "01"}),
        "Estimates.take": (estimates().take, {"rows": np.array([0, 1])}),
        "Estimates.row": (estimates().row, {"statistic": "H", "region": "01"}),
        "Estimates.value": (estimates().value, {"statistic": "H", "region": "01"}),
        "Estimates.rows": (estimates().rows, {}),
        "Estimates.to_pandas": (estimates().to_pandas, {}),
        "Estimates.to_arrow": (estimates().to_arrow, {}),
        "Estimates.to_polars": (estimates().to_polars, {}),
        "Estimates.wide": (rates.wide, {"by": "region"}),
        "Estimates.to_csv": (estimates().to_csv, {}),
        "Estimates.to_markdown": (estimates().to_markdown, {}),
        "Estimates.to_latex": (estimates().to_latex, {}),
        "Estimates.to_great_tables": (estimates().to_great_tables, {}),
        "Estimates.to_excel": (estimates().to_excel, {"path": folder / "x.xlsx", "overwrite": True}),
        "Estimates.covariance": (rates.covariance, {}),
        "Changes.only": (changes().only, {"statistic": "H", "change": "absolute"}),
        "Changes.take": (changes().take, {"rows": np.array([0])}),
        "Changes.row": (changes().row, {"statistic": "H", "change": "absolute"}),
        "Changes.value": (changes().value, {"statistic": "H", "change": "absolute"}),
        "Changes.rows": (changes().rows, {}),
        "Changes.to_pandas": (changes().to_pandas, {}),
        "Changes.to_arrow": (changes().to_arrow, {}),
        "Changes.to_polars": (changes().to_polars, {}),
        "Changes.wide": (changes().wide, {"by": "to"}),
        "Changes.to_csv": (changes().to_csv, {}),
        "Changes.to_markdown": (changes().to_markdown, {}),
        "Changes.to_latex": (changes().to_latex, {}),
        "Changes.to_great_tables": (changes().to_great_tables, {}),
        "Changes.to_excel": (changes().to_excel, {"path": folder / "x.xlsx", "overwrite": True}),
        "rank_robustness.kendall_tau": (rank_robustness.kendall_tau, {"x": np.arange(3.0), "y": np.arange(3.0)}),
        "rank_robustness.order_kept": (rank_robustness.order_kept, {"x": np.arange(3.0), "y": np.arange(3.0)}),
        "rank_robustness.dominates": (rank_robustness.dominates, {"values": np.ones((2, 3))}),
        "rank_robustness.rank_robustness": (
            rank_robustness.rank_robustness,
            {"figures": figures(), "domain": "region"},
        ),
        "score_distribution.score_distribution": (
            score_distribution.score_distribution,
            {"profile": own, "measure": measure},
        ),
        "score_distribution.bundles": (score_distribution.bundles, {"profile": own, "measure": measure, "k": "1/3"}),
        "score_distribution.co_deprivation": (
            score_distribution.co_deprivation,
            {"profile": own, "measure": measure, "k": "1/3"},
        ),
        "score_distribution.hide_small": (
            score_distribution.hide_small,
            {"table": pairs(), "persons": 2, "households": 2},
        ),
        "disclosure.protect": (disclosure.protect, {"estimates": [estimates()], "disclosure": hides_nothing()}),
        "disclosure.protect_analyses": (
            disclosure.protect_analyses,
            {"tables": [estimates()], "analyses": [analysed()], "disclosure": hides_nothing()},
        ),
        "following.protect_movements": (
            protect_movements,
            {"panel": panel_of(1), "measure": TOWN, "tables": tables_of(1), "disclosure": hides_nothing()},
        ),
        "disclosure.protect_changes": (
            disclosure.protect_changes,
            {"changes": changes(), "rounds": [figures(), figures("2027")]},
        ),
        "disclosure.carried": (
            disclosure.carried,
            {"profile": own, "measure": measure, "domain": "region", "disclosure": standard()},
        ),
        "Covariance.contrast": (covariance().contrast, {"coefficients": [1, -1, 0, 0]}),
        "Covariance.wald": (covariance().wald, {}),
        "Covariance.differences": (covariance().differences, {"against": {"region": "01"}}),
    }


NAMES = tuple(calls(Path()))


def write_files(folder: Path) -> None:
    """The files that some of the calls read."""
    profile().write(folder / "saved.parquet")
    followed.panel().write(folder / "saved_panel.parquet")
    csv.write_csv(estimates().table, folder / "figures.csv")


def test_every_public_function_and_method_is_tried() -> None:
    tried = {name.split(" ")[0] for name in NAMES}
    for name in at_least_one(set(mpi.__all__) - {*ERRORS, *CONSTANTS}):
        found = getattr(mpi, name)
        if not inspect.isclass(found):
            assert name in tried
            continue
        methods = (
            set()
            if name in RESULTS
            else {f"{name}.{own}" for own, _ in inspect.getmembers(found, callable) if not own.startswith("_")}
        )
        assert methods <= tried
        assert methods or name in {*tried, *SPECS, *RESULTS}  # what has no method is made, or comes from a loader


@pytest.mark.parametrize("module", [distributed, score_distribution, disclosure, rank_robustness])
def test_every_function_of_a_module_for_callers_is_tried(module: ModuleType) -> None:
    name = module.__name__.rpartition(".")[2]
    own = {
        one
        for one, found in inspect.getmembers(module, inspect.isfunction)
        if found.__module__.startswith(module.__name__) and not one.startswith("_")
    }
    assert own
    inner = {"read_by_dask", "read_by_spark", "seconds_of"}  # of the errand, which the function for callers runs
    assert {f"{name}.{one}" for one in own if one in getattr(module, "__all__", own - inner)} <= set(NAMES)


def test_every_function_that_is_marked_public_is_tried() -> None:
    """So that none is public without being asked here what it does with a wrong argument."""
    marked: Counter[str] = Counter()
    for path in Path(mpi.__file__).parent.rglob("*.py"):
        for one in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(one, ast.FunctionDef) and "public" in map(ast.unparse, one.decorator_list):
                marked[one.name] += 1
    assert len(marked) > 30
    renamed = {"merge": "merge_profiles"}
    assert {renamed.get(name, name) for name in marked} <= {name.split(" ")[0].split(".")[-1] for name in NAMES}


@pytest.mark.parametrize("name", NAMES)
def test_what_all_functions_are_given_here_is_right(name: str, tmp_path: Path) -> None:
    write_files(tmp_path)
    function, given = calls(tmp_path)[name]
    if name in ("run_study", "distributed.deprivation_profile"):
        with pytest.raises(MpiError, match=r"MPI-[UD]001"):
            function(**given)
    else:
        function(**given)


@pytest.mark.parametrize("name", NAMES)
def test_a_wrong_argument_is_refused_in_words_or_means_something(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    write_files(tmp_path)
    function, given = calls(tmp_path)[name]
    parameters = [one for one in inspect.signature(function).parameters.values()]
    names = [one.name for one in parameters if one.kind is not inspect.Parameter.VAR_KEYWORD]
    names += [one for one in given if one not in names]  # those that any name may have
    tried = 0
    for parameter in names:
        for what, value in WRONG.items():
            tried += 1
            if parameter in ("report", "say") and callable(value):
                continue  # what a function of the caller raises is his
            try:
                function(**{**given, parameter: value})
            except MpiError as error:
                assert str(error).startswith("MPI-"), (parameter, what)
            except Exception as error:  # noqa: BLE001  whatever it is, it is not ours
                pytest.fail(f"{name}({parameter}={what}): {type(error).__name__}: {error}")
    assert tried == len(names) * len(WRONG)


def test_all_wrong_arguments_are_told_at_once_with_what_to_give_instead() -> None:
    with pytest.raises(UsageError) as caught:
        mpi.estimate({"a": 1}, "colombia_ipm", by=["region", 3], level="95")  # type: ignore[arg-type,list-item]
    assert str(caught.value).splitlines() == [
        "MPI-U110 estimate: 'profile' is a mapping of texts to whole numbers, not a DeprivationProfile or a Microdata",
        "  give a DeprivationProfile or a Microdata, as mpi.deprivation_profile or mpi.survey makes it",
        "MPI-U110 estimate: 'measure' is a text, not a Measure",
        "  give a Measure, as mpi.load_measure makes it",
        "MPI-U110 estimate: 'by' is a list of int, str, not a text or a list of texts or lists of texts",
        "  give a text or a list of texts or lists of texts",
        "MPI-U110 estimate: 'level' is a text, not a number",
        "  give a number",
    ]


def test_signatures_and_docstrings_are_those_of_the_functions() -> None:
    assert list(inspect.signature(mpi.estimate).parameters)[:3] == ["profile", "measure", "by"]
    assert mpi.estimate.__doc__ is not None
    assert mpi.estimate.__doc__.startswith("Estimates with their sampling errors")
    assert mpi.estimate.__module__ == "mpi.pipeline.estimating"


def test_the_number_of_arguments_is_python_s_to_judge() -> None:
    with pytest.raises(TypeError, match="unexpected keyword argument 'weights'"):
        mpi.estimate(profile(), village.measure(), weights=1)  # type: ignore[call-arg]


@pytest.mark.parametrize(
    ("hint", "right", "wrong"),
    [
        (int, [1, np.int64(2)], [True, 1.0, np.True_, "1", None]),
        (float, [1, 0.5, np.float32(1), np.int8(1)], [True, "1", None, 1j]),
        (bool, [True, np.False_], [0, 1, None, "yes"]),
        (str | None, ["a", None, np.str_("a")], [1, b"a", ["a"]]),
        (Path, [Path("a")], ["a", None]),
        (Literal["a", "b"], ["a", "other words are the function's to refuse"], [1, None, ["a"]]),
        (Sequence[str], [[], ["a"], ("a",), {"a"}, np.array(["a"])],
         ["a", [1], None, {"a": 1}, pd.DataFrame({"a": []})]),
        (tuple[str, int], [("a", 1), ["a", 1]], [("a",), ("a", "b"), "ab", None]),
        (tuple[str, ...], [(), ("a", "b")], [(1,), "ab"]),
        (Mapping[str, int | None], [{}, {"a": 1, "b": None}], [{1: 1}, {"a": "b"}, [("a", 1)], None]),
        (Callable[[str], None], [len, print], [None, "print"]),
        (np.ndarray[Any, np.dtype[np.int64]], [np.array([1]), np.array([1], np.uint8)], [np.array([0.5]), [1], None]),
        (Any, [None, 1], []),
        (object, [None, 1], []),
    ],
)  # fmt: skip
def test_values_are_compared_with_types_as_they_are_written(
    hint: Any, right: list[object], wrong: list[object]
) -> None:
    assert [value for value in right if not arguments._fits(value, hint)] == []
    assert [value for value in wrong if arguments._fits(value, hint)] == []


# Notices are warnings


def here() -> int:
    frame = inspect.currentframe()
    assert frame is not None and frame.f_back is not None
    return frame.f_back.f_lineno


def test_each_notice_is_one_warning_at_the_line_of_the_caller() -> None:
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        made = mpi.deprivation_profile(village.survey(), village.measure(), DULL); line = here()  # fmt: skip  # noqa: E702
    assert [(str(one.message), one.category, one.filename, one.lineno) for one in told] == [
        (str(notice), mpi.MpiWarning, __file__, line) for notice in made.notices if not notice.remark
    ]
    assert {str(one.message).split()[0] for one in told} == {"MPI-N004"}


def test_what_a_profile_told_is_not_told_again_by_its_estimates() -> None:
    with pytest.warns(MpiWarning, match="MPI-N004"):
        made = mpi.deprivation_profile(village.survey(), village.measure(), DULL)
    with pytest.warns(MpiWarning) as told:
        found = mpi.estimate(made, village.measure(), by="region")
    assert [str(one.message).split()[0] for one in told] == ["MPI-N006"]
    assert len(found.notices) == len(told) + len(made.notices)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found.only("H").covariance().differences()
        mpi.merge_profiles([made, made]).keep_domains(["region"])


def test_a_profile_from_a_file_tells_what_was_noted_when_it_was_made(tmp_path: Path) -> None:
    mpi.deprivation_profile(village.survey(), village.measure(), DULL).write(tmp_path / "x.parquet")
    with pytest.warns(MpiWarning, match="MPI-N004"):
        mpi.DeprivationProfile.read(tmp_path / "x.parquet")


def test_changes_warn_once_of_what_both_rounds_say() -> None:
    with pytest.warns(MpiWarning) as told:
        mpi.change([profile(), replace(profile(), period="2027")], village.measure(), rounds="independent")
    assert [str(one.message).split()[0] for one in told] == ["MPI-N006"]


def test_warnings_can_be_left_out_by_their_code_or_be_errors() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        warnings.filterwarnings("ignore", "MPI-N006", mpi.MpiWarning)
        mpi.estimate(profile(), village.measure())
    with warnings.catch_warnings(), pytest.raises(mpi.MpiWarning, match="MPI-N006"):
        warnings.simplefilter("error", mpi.MpiWarning)
        mpi.estimate(profile(), village.measure())


def test_how_a_file_was_read_is_no_warning() -> None:
    class Told:
        notices = (Notice("MPI-N001", "read so"), Notice("MPI-N002", "not there"), Notice("MPI-N003", "weights of 0"))

    @public
    def told() -> Told:
        return Told()

    with pytest.warns(MpiWarning) as found:
        told()
    assert [str(one.message) for one in found] == ["MPI-N003 weights of 0"]


def test_what_is_called_within_warns_of_nothing_and_a_refusal_leaves_the_edge_whole() -> None:
    class Told:
        notices = (Notice("MPI-N003", "weights of 0"),)

    @public
    def inner(n: int) -> Told:
        if n < 0:
            raise UsageError(Fault("MPI-E001", None, "below 0"))
        return Told()

    @public
    def outer(n: int) -> int:
        inner("not looked at" if n == 1 else n)  # type: ignore[arg-type]
        return n

    with pytest.raises(MpiError, match="below 0"):
        outer(-1)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert outer(2) == 2
        with pytest.raises(TypeError):
            outer(1)  # a fault of the package stays one
    with pytest.warns(MpiWarning):
        inner(1)
    with pytest.raises(UsageError, match="MPI-U110 outer"):
        outer("1")  # type: ignore[arg-type]


def test_the_command_line_tells_each_notice_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from mpi.cli import main

    village.write(tmp_path, DATA)
    monkeypatch.chdir(tmp_path)
    Path("m.yaml").write_text(village.MEASURE, encoding="utf-8")
    Path("s.yaml").write_text(village.SURVEY, encoding="utf-8")
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        with pytest.raises(SystemExit):
            main(["estimate", "m.yaml", "s.yaml", "--data", "."])
    lines = capsys.readouterr().err.splitlines()
    assert lines
    assert len(lines) == len(set(lines))
    assert all(line.startswith("note MPI-N") for line in lines)


def options() -> list[tuple[str, ...]]:
    """Each option of each command that takes a value, given empty: apart, and joined where it is a long one."""
    from mpi.cli import cli

    found = [
        (name, one.opts[0])
        for name, command in cli.commands.items()
        for one in command.params
        if isinstance(one, click.Option) and not one.is_flag
    ]
    joined = [(name, f"{option}=") for name, option in found if option.startswith("--")]
    return [*((name, option, "") for name, option in found), *joined]


@pytest.mark.parametrize("words", options())
def test_an_option_that_is_empty_is_refused(
    words: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from mpi.cli import main

    monkeypatch.chdir(tmp_path)
    command, *option = words
    with pytest.raises(SystemExit) as caught:
        main([command, "m.yaml", *option])
    out, err = capsys.readouterr()
    assert (caught.value.code, out, list(tmp_path.iterdir())) == (2, "", [])
    name = option[0].removesuffix("=")
    code = "MPI-E001" if name == "--k" else "MPI-U112"
    remedy = "give it a text or leave it out; perhaps a variable of the shell is not set"
    assert err == f"error {code} {name} is empty\n  {remedy}\n"


def test_an_empty_argument_is_refused_and_all_that_are_empty_are_told(capsys: pytest.CaptureFixture[str]) -> None:
    from mpi.cli import main

    with pytest.raises(SystemExit) as caught:
        main(["estimate", "", "s.yaml", "--data", "", "--by="])
    assert caught.value.code == 2
    told = [line for line in capsys.readouterr().err.splitlines() if line.startswith("error")]
    assert [line.split(maxsplit=2)[2] for line in told] == ["an argument is empty", "--data is empty", "--by is empty"]


def test_no_text_is_no_cutoff_in_python_either() -> None:
    for k in ("", " ", [""], ["1/3", ""]):
        with pytest.raises(UsageError, match="MPI-E001"):
            mpi.estimate(profile(), village.measure(), k=k)
        with pytest.raises(UsageError, match="MPI-E001"):
            mpi.score(village.survey(), village.measure(), DATA, k=k)


def test_several_statistics_and_values_are_chosen_at_once() -> None:
    both = estimates().only(["H", "M0"], region=["01", None])
    assert {(row["statistic"], row["region"]) for row in both.rows()} == {
        (statistic, region) for statistic in ("H", "M0") for region in ("01", None)
    }
    assert len(estimates().only(["H"])) == len(estimates().only("H")) > 0
    assert estimates().take([1, 0]).rows() == [estimates().rows()[1], estimates().rows()[0]]
    for rows in ([-1], [len(estimates())], [10**30]):
        with pytest.raises(UsageError, match="MPI-E004 rows are a list of whole numbers from 0 to"):
            estimates().take(rows)


def test_what_a_newcomer_tries_is_answered_with_what_to_write() -> None:
    frame = pd.DataFrame({"schooling": [0, 1], "w": [1.0, 2.0]})
    with pytest.raises(UsageError, match=r"as mpi\.deprivation_profile or mpi\.survey makes it"):
        mpi.estimate(frame, village.measure())  # type: ignore[arg-type]
    with pytest.raises(UsageError, match=r"rows are taken by number, not by 'H'\n  for a figure write \.only\('H'\)"):
        estimates()["H"]  # type: ignore[call-overload]
    with pytest.raises(UsageError, match="only: 'region' is a whole number, not a text"):
        estimates().only("H", region=1)  # type: ignore[arg-type]
    with pytest.raises(UsageError, match="'weights' is a mapping of texts to numbers, not a mapping of texts to texts"):
        village.measure().with_weights({"walls": 0.5})  # type: ignore[dict-item]
    assert not [name for name in dir(mpi) if name.startswith("_") and name != "__version__"]
