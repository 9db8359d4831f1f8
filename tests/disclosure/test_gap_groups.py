"""Disclosure control of poverty gaps, whose patterns are apart by gap: the groups that other analyses hide."""

from __future__ import annotations

import pytest

import mpi
from mpi.disclosure import protect, protect_analyses
from mpi.specs.disclosure import Disclosure
from tests.disclosure.test_analyses import groups
from tests.disclosure.test_protecting import INDICATORS, RULES
from tests.support.wells import surveyed, tables, wells


@pytest.mark.parametrize("rules", [RULES, INDICATORS])
def test_gaps_hide_the_groups_that_other_analyses_hide(rules: Disclosure) -> None:
    zones = ["small" if i < 1 else "other" if i < 2 else "urban" if i % 2 else "rural" for i in range(200)]
    held, measure = surveyed(wells(), tables(5, zone=zones)), wells()
    tables_of = [mpi.estimate(held, measure, by=["zone"])]
    names = ("gaps", "inequality", "gaps")
    made = [mpi.analyse(held, measure, name, by="zone") for name in names]
    together = protect_analyses(tables_of, made, rules)
    hidden = [groups(one, hidden=True) for one in together]
    assert hidden[0] == hidden[1] == hidden[2]
    assert ("small",) in hidden[0]
    assert ("urban",) not in hidden[0]
    assert protect(tables_of, rules)
    (alone,) = protect_analyses([], made[:1], rules)
    assert ("small",) in groups(alone, hidden=True)
    small = [row for row in together[0].table.to_pylist() if row["zone"] == "small"]
    assert all(row["estimate"] is None and row["se"] is None for row in small)
    assert small
