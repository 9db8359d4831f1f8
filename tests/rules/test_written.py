"""The text of a rule's tree is read as the same tree."""

from __future__ import annotations

import pytest

from mpi.config import load_measure, shipped
from mpi.rules import Origin, parse, written
from tests.support.loops import at_least_one

OWN = Origin("rule")


@pytest.mark.parametrize(
    "text",
    [
        "a + b * (c - 2) / -d > 0.25", "NOT a OR b AND (c OR TRUE)", "x NOT IN (1, 'it''s')", "x IS NOT NULL",
        "x NOT BETWEEN 1 AND 2 + y", "CASE WHEN a THEN 1 WHEN b THEN 2 ELSE 3 END = 2", "ANY(age < 5) AND COUNT() > 2",
    ],
)  # fmt: skip
def test_what_is_written_is_read_as_the_same_tree(text: str) -> None:
    tree = parse(text, OWN)
    assert parse(written(tree), OWN) == tree


def test_rules_of_shipped_measures_are_written_as_they_are_read() -> None:
    rules = [
        rule
        for name in shipped("measures")
        for measure in [load_measure(name)]
        for rule in [*measure.derived.values(), *(one.deprived for one in measure.indicators)]
    ]
    for rule in at_least_one(rules):
        assert parse(written(rule.expression), OWN) == rule.expression
