"""`mpi what-if` and `mpi plan` as a user meets them, beside the village's files."""

from __future__ import annotations

import csv
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from tests.support import commands
from tests.support.commands import Ran
from tests.support.hamlet import write_hamlet

VILLAGE = ("village.yaml", "village_2026.yaml", "--data", ".")
Run = Callable[..., Ran]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    monkeypatch.chdir(write_hamlet(tmp_path))
    return partial(commands.run, capsys)


def first_indicator(run: Run) -> str:
    told = run("what-if", *VILLAGE, "--action", "close nothing_of_this_name")
    assert told.code == 2 and "has no indicator 'nothing_of_this_name'" in told.err
    return told.err.split("there are ")[1].split(",")[0].strip()


def test_figures_parts_and_costs_of_a_plan(run: Run) -> None:
    name = first_indicator(run)
    Path("costs.csv").write_text(f"indicator,cost\n{name},100\n", encoding="utf-8")
    action = ("--action", f"close {name}")
    told = run("what-if", *VILLAGE, *action)
    assert told.code == 0 and "before" in told.out and "change" in told.out
    assert "accounting, not impact" in told.out and "MPI-N250" in told.err
    parts = run("what-if", *VILLAGE, *action, "--parts", "--orders", "all")
    assert parts.code == 0 and f"1. close {name}" in parts.out and "accounting, not impact" in parts.out
    paid = run("what-if", *VILLAGE, *action, "--costs", "costs.csv")
    assert paid.code == 0 and "lifted" in paid.out and "cost" in paid.out
    for wrong in (("--parts", "--costs", "costs.csv"), ("--orders", "all"), ("--parts", "--draw", "1")):
        refused = run("what-if", *VILLAGE, *action, *wrong)
        assert refused.code == 2 and "MPI-U111" in refused.err


def test_the_cheapest_plan_on_the_screen_and_in_a_file(run: Run) -> None:
    name = first_indicator(run)
    Path("costs.csv").write_text(f"indicator,cost\n{name},100\n", encoding="utf-8")
    told = run("plan", *VILLAGE, "--costs", "costs.csv", "--budget", "1000", "--bound", f"{name}=1/4..3/4")
    if told.code:  # the lowest level may cost more than that: it is said so
        assert "the lowest levels alone cost" in told.err
    told = run("plan", *VILLAGE, "--costs", "costs.csv", "--budget", "1e12", "--bound", f"{name}=3/4", "-o", "plan.csv")
    assert told.code == 0
    with Path("plan.csv").open(encoding="utf-8-sig", newline="") as file:
        (row,) = list(csv.DictReader(file))
    assert (row["indicator"], row["share"], row["reading"]) == (name, "3/4", "accounting, not impact")
    screen = run("plan", *VILLAGE, "--costs", "costs.csv", "--budget", "1e12")
    assert "no plan of these levels is better" in screen.out and "accounting, not impact" in screen.out
    for wrong, message in (
        ((), "either a budget or a target"),
        (("--budget", "1", "--bound", "x"), "names no indicator with its level"),
    ):
        refused = run("plan", *VILLAGE, "--costs", "costs.csv", *wrong)
        assert refused.code == 2 and message in refused.err


def test_bounds_of_single_codes_on_the_command_line(run: Run) -> None:
    name = first_indicator(run)
    Path("costs.csv").write_text(f"indicator,cost\n{name},100\n", encoding="utf-8")
    asked = ("plan", *VILLAGE, "--costs", "costs.csv", "--budget", "1e12", "--by", "valley")
    told = run(*asked, "--bound", f"{name}:north=1/4..1/2", "-o", "plan.csv")
    assert told.code == 0, told.err
    with Path("plan.csv").open(encoding="utf-8-sig", newline="") as file:
        share = {row["valley"]: row["share"] for row in csv.DictReader(file)}
    assert share["north"] == "1/2"
    for wrong, said in (
        ((f"{name}:nowhere=1/2",), "valley has no code 'nowhere'"),
        ((f"{name}:north=1/2", f"{name}:north=1/4"), "a second bound of"),
        ((f"{name}=1/2", f"{name}:north=1/4"), "a second bound of"),
        ((f"{name}:=1/2",), "names no indicator with its level"),
    ):
        refused = run(*asked, *(part for one in wrong for part in ("--bound", one)))
        assert refused.code == 2 and said in refused.err, refused.err
