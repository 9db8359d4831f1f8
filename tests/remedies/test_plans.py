"""Every remedy of a message about the plans of a study, followed as it says."""

# ruff: noqa: E501  a row a line

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

import mpi
from mpi.publication.costs import costs_of_plans
from tests.remedies.test_outputs import studied
from tests.support.remedies import Doing, Row, follow

PRICED = "costs: {crowding: 9, schooling_low: 4}, currency: pesos"
DID = "actions: [close crowding]"


def plan(text: str, by: str = "valley") -> Doing:
    """The hamlet's study with plans, and their costs."""

    def done(folder: Path) -> object:
        (folder / "costs.csv").write_text("indicator,cost\ncrowding,9\n", encoding="utf-8")
        study = studied(
            "by: [valley]", f"by: [{by}]\nplans:\n" + "\n".join(f"  - {{{one}}}" for one in text.split("; "))
        )(folder)
        assert isinstance(study, mpi.Study)
        return costs_of_plans(study, folder)

    return done


ROWS: Sequence[Row] = [
    Row("MPI-C173", "write one of `actions:`, `target:` and `budget:`", plan("plan: p"), [plan(f"plan: p, {DID}"), plan(f"plan: p, target: 8%, {PRICED}"), plan(f"plan: p, budget: 8, {PRICED}")]),
    Row("MPI-C173", "rename one of them", plan(f"plan: p, {DID}; plan: p, {DID}"), [plan(f"plan: p, {DID}; plan: q, {DID}")]),
    Row("MPI-C173", "remove it", plan(f"plan: p, {DID}, steps: 3"), [plan(f"plan: p, {DID}")]),
    Row("MPI-C173", "remove it", plan(f"plan: p, budget: 8, state: before, {PRICED}"), [plan(f"plan: p, budget: 8, {PRICED}")]),
    Row("MPI-C173", "add `costs:`, the cost of lifting one household", plan("plan: p, target: 8%"), [plan(f"plan: p, target: 8%, {PRICED}")]),
    Row("MPI-C173", "add `currency:`, such as", plan(f"plan: p, {DID}, costs: {{crowding: 9}}"), [plan(f"plan: p, {DID}, costs: {{crowding: 9}}, currency: {{en: pesos}}")]),
    Row("MPI-C173", "write for example `close water in zone=1`; put an action with a comma in double quotes", plan("plan: p, actions: [mend crowding]"), [plan("plan: p, actions: [\"close crowding in valley=east,west\"]")]),
    Row("MPI-C173", "write a proportion, such as 8% or 0.08", plan(f"plan: p, target: 8, {PRICED}"), [plan(f"plan: p, target: 8%, {PRICED}"), plan(f"plan: p, target: 0.08, {PRICED}")]),
    Row("MPI-C173", "write `crowding: 1/2`, or `crowding: [1/4, 1/2]`", plan(f"plan: p, target: 8%, bounds: {{crowding: 2}}, {PRICED}"), [plan(f"plan: p, target: 8%, bounds: {{crowding: 1/2}}, {PRICED}"), plan(f"plan: p, target: 8%, bounds: {{crowding: [1/4, 1/2]}}, {PRICED}")]),
    Row("MPI-C173", "write `north: 1/2`, or `north: [1/4, 1/2]`", plan(f"plan: p, target: 8%, levels_by: valley, bounds: {{crowding: {{north: 2}}}}, {PRICED}"), [plan(f"plan: p, target: 8%, levels_by: valley, bounds: {{crowding: {{north: 1/2}}}}, {PRICED}"), plan(f"plan: p, target: 8%, levels_by: valley, bounds: {{crowding: {{north: [1/4, 1/2]}}}}, {PRICED}")]),
    Row("MPI-C173", "add `levels_by:`, or give one bound", plan(f"plan: p, target: 8%, bounds: {{crowding: {{north: 1/2}}}}, {PRICED}"), [plan(f"plan: p, target: 8%, levels_by: valley, bounds: {{crowding: {{north: 1/2}}}}, {PRICED}"), plan(f"plan: p, target: 8%, bounds: {{crowding: 1/2}}, {PRICED}")]),
    Row("MPI-C173", "did you mean", plan("plan: p, actions: [close crowdin]"), [plan(f"plan: p, {DID}")]),
    Row("MPI-C173", "there are", plan("plan: p, actions: [close zzzzzz]"), [plan(f"plan: p, {DID}")]),
    Row("MPI-C173", "did you mean", plan("plan: p, actions: [close crowding in valey=east]"), [plan("plan: p, actions: [close crowding in valley=east]")]),
    Row("MPI-C173", "add `sex` to `by` of the study", plan("plan: p, actions: [close crowding in sex=1]"), [plan("plan: p, actions: [close crowding in sex=1]", by="valley, sex")]),
    Row("MPI-C173", "add it to `by` of the study, or name one of valley", plan(f"plan: p, {DID}, by: [sex]"), [plan(f"plan: p, {DID}, by: [valley]"), plan(f"plan: p, {DID}, by: [sex]", by="valley, sex")]),
    Row("MPI-E253", "add it, with the cost of lifting one household", plan("plan: p, actions: [close schooling_low], costs: costs.csv, currency: pesos"), [plan(f"plan: p, actions: [close schooling_low], {PRICED}")]),
    Row("MPI-E251", "did you mean", plan("plan: p, actions: [close crowding if crowdin]"), [plan("plan: p, actions: [close crowding if crowding]")]),
]  # fmt: skip


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_what_the_remedy_says_is_accepted(row: Row, tmp_path: Path) -> None:
    follow(row, tmp_path)
