"""The one reader of figures, against a search row by row of the tables that it reads."""

import gc
from collections.abc import Mapping
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from mpi.disclosure.figures import _READ, NO_FIGURE, Figure, read
from mpi.disclosure.publishable import Publishable, stacked
from mpi.estimates import Tidy
from tests.support.drawings import changes, figures
from tests.support.loops import at_least_one

MEANS = {"value": "estimate", "low": "ci_low", "high": "ci_high", "standing": "standing", "cv": "cv", "n": "n",
         "psus": "psus", "df": "df", "deff": "deff", "se": "se", "population": "population", "hidden_by": "hidden_by",
         "note": "note", "reliability": "reliability", "p": "p", "p_adjusted": "p_adjusted", "before": "before",
         "after": "after"}  # fmt: skip


def asked(row: Mapping[str, Any], domains: tuple[str, ...]) -> dict[str, Any]:
    """What the row of a table is asked by."""
    made = {name: row[name] for name in ("unit", "k", "dimension", "indicator")}
    made["codes"] = {name: row[name] for name in domains if row[name] is not None}
    if "change" in row:
        return made | {"period": (row["from"], row["to"]), "change": row["change"]}
    return made | {"period": row["period"]}


def every_third() -> Publishable:
    """Two rounds, two domains, several cutoffs; rows of all kinds, in an order that no reader may rely on."""
    mixed = np.random.default_rng(5).permutation(len(figures()))
    return figures().take(mixed[::3])


@pytest.mark.parametrize("made", [every_third, changes], ids=["estimates", "changes"])
def test_every_row_is_found_by_what_it_is_about(made: Any) -> None:
    table = made()
    found = read(table)
    for row in at_least_one(table.rows()[:: max(1, len(table) // 4_000)]):
        figure = found.one(row["statistic"], **asked(row, table.domains))
        expected = {name: row[column] for name, column in MEANS.items() if column in row}
        assert {name: getattr(figure, name) for name in expected} == expected
    assert sum(len(rows) for rows in found.subjects.values()) == len(table)


def test_groups_are_those_of_the_domains_asked_for_and_of_no_other() -> None:
    table = figures()
    for domains in ((), ("zona",), ("departamento",)):
        groups = read(table).groups("H", domains, period="2025", unit="persons", k="1/3")
        rows = [
            row
            for row in table.only("H", period="2025", unit="persons", k="1/3").rows()
            if all((row[name] is not None) == (name in domains) for name in table.domains)
        ]
        assert list(groups) == [tuple(row[name] for name in domains) for row in rows] and rows
        assert [one.value for one in groups.values()] == [row["estimate"] for row in rows]


def crossed() -> Publishable:
    texts = {
        "statistic": ["H"] * 3,
        "period": ["a"] * 3,
        "unit": ["persons"] * 3,
        "k": ["1/2"] * 3,
        "dimension": [None] * 3,
        "indicator": [None] * 3,
        "x": ["1", "1", "2"],
        "y": ["8", "9", None],
        "standing": ["shown"] * 3,
        "note": [None] * 3,
    }
    columns = {name: pa.array(cells, pa.string()).dictionary_encode() for name, cells in texts.items()}
    return Publishable(pa.table(columns | {"estimate": [0.1, 0.2, 0.3]}), ("x", "y"), (), "none")


def test_codes_of_crossed_domains_come_in_the_order_asked_for() -> None:
    about = {"period": "a", "unit": "persons", "k": "1/2"}
    found = read(crossed())
    assert {codes: one.value for codes, one in found.groups("H", ("y", "x"), **about).items()} == {
        ("8", "1"): 0.1,
        ("9", "1"): 0.2,
    }
    assert {codes: one.value for codes, one in found.groups("H", ("x", "y"), **about).items()} == {
        ("1", "8"): 0.1,
        ("1", "9"): 0.2,
    }
    assert list(found.groups("H", ("x",), **about)) == [("2",)]
    assert found.one("H", {"y": "9", "x": "1"}, **about).value == 0.2
    assert (found.codes("x"), found.codes("y")) == (["1", "2"], ["8", "9"])


@pytest.mark.parametrize(
    "about", [{"period": "1999"}, {"unit": "households"}, {"k": "9/10"}, {"indicator": "nothing"}, {"dimension": "x"}]
)
def test_what_is_not_in_the_table_is_no_figure(about: dict[str, str]) -> None:
    whole = {"period": "2025", "unit": "persons", "k": "1/3"}
    assert read(figures()).one("H", **whole).known
    assert read(figures()).one("H", **(whole | about)) is NO_FIGURE  # type: ignore[arg-type]
    assert read(figures()).one("H", {"zona": "luna"}, **whole) is NO_FIGURE
    assert not read(figures()).groups("H", ("vereda",), **whole)


def test_a_statistic_without_a_cutoff_is_the_same_at_all_of_them() -> None:
    indicator = next(own.indicator for own in read(figures()).subjects if own.statistic == "uncensored_headcount")
    found = {
        read(figures()).one("uncensored_headcount", period="2025", unit="persons", k=k, indicator=indicator)
        for k in ("1/3", "1/2", None)
    }
    assert len(found) == 1 and found.pop().known


def test_a_table_is_grouped_once_and_forgotten_with_it(monkeypatch: pytest.MonkeyPatch) -> None:
    table = stacked([figures().only("H")])
    first = read(table)
    monkeypatch.setattr("mpi.disclosure.figures._grouped", lambda *_: pytest.fail("grouped twice"))
    assert read(table) is first
    assert any(one is first for one in _READ.values())
    del table
    gc.collect()  # of tables that other tests left, too: how many there are says nothing
    assert not any(one is first for one in _READ.values())


def test_an_empty_table_has_no_figures() -> None:
    empty: Tidy = figures().take([])
    assert read(empty).met == {"period": [], "unit": [], "k": []}
    assert read(empty).one("H", period="2025", unit="persons") is NO_FIGURE


@pytest.mark.parametrize(
    ("figure", "expected"),
    [
        (Figure(), None),
        (Figure(value=0.1, low=0.05, high=0.2), True),
        (Figure(value=0.1, low=-0.05, high=0.2), False),
        (Figure(value=0.1), None),
        (Figure(value=-0.1, low=-0.2, high=-0.05, p_adjusted=0.2), False),
        (Figure(value=0.1, p_adjusted=0.01), True),
    ],
)
def test_a_change_is_significant_by_its_corrected_test_and_else_by_its_interval(
    figure: Figure, expected: bool | None
) -> None:
    assert figure.significant(0.95) is expected
