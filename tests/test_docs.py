"""What the documentation shows is run: the README's example with its output, every file and rule of the manual."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from mpi.cli import cli
from mpi.cli import main as run
from mpi.config import load_measure, load_survey
from mpi.rules import Kind, Origin, check, parse
from tests.test_codes import MEANINGS

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
MANUAL = (ROOT / "configs" / "README.md").read_text(encoding="utf-8")
BLOCK = re.compile(r"^```(\w+)(?: (\S+))?\n(.*?)^```$", re.M | re.S)


def blocks(text: str, language: str) -> list[tuple[str, str]]:
    found = [(name, body) for own, name, body in BLOCK.findall(text) if own == language]
    assert found
    return found


def write_manual(folder: Path) -> None:
    for language in ("yaml", "csv"):
        for name, body in blocks(MANUAL, language):
            (folder / name).write_text(body, encoding="utf-8")


def test_the_example_of_the_readme_prints_what_it_says(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(ROOT)
    code, expected = blocks(README, "python")[0][1], blocks(README, "text")[0][1]
    exec(compile(code, "README.md", "exec"), {})  # noqa: S102  the example itself
    assert capsys.readouterr().out == expected


def test_every_command_of_the_manual_runs_on_its_files(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    write_manual(tmp_path)
    monkeypatch.chdir(tmp_path)
    commands = [line for _, body in blocks(MANUAL, "console") for line in body.splitlines() if line.startswith("$ mpi")]
    assert len(commands) == 4
    for command in commands:
        with pytest.raises(SystemExit) as stop:
            run(command.removeprefix("$ mpi ").split())
        assert stop.value.code == 0, capsys.readouterr().err
    assert (tmp_path / "units.csv").read_text(encoding="utf-8").count("\n") == 7


def test_the_manual_gives_the_figures_that_a_hand_gives(tmp_path: Path) -> None:
    import mpi

    write_manual(tmp_path)
    measure, survey = load_measure(tmp_path / "village.yaml"), load_survey(tmp_path / "village_2026.yaml")
    estimates = mpi.estimate(mpi.deprivation_profile(survey, measure, tmp_path), measure, by="valley")
    # Houses 101, 102 and 106 are poor (1, 1/2, 1/2); 104 is left out; weights of persons 37.5 + 12.5 + 30 of 140.
    assert estimates.value("H", k="1/3") == pytest.approx(80 / 140, rel=1e-15)
    assert estimates.value("M0", k="1/3") == pytest.approx((37.5 + 12.5 / 2 + 30 / 2) / 140, rel=1e-15)
    assert estimates.value("excluded") == pytest.approx(40 / 180, rel=1e-15)


def test_every_rule_of_the_manual_is_a_rule() -> None:
    person, household = ("age", "schooling", "weeks"), ("members", "rooms")
    scope = {name: Kind("number", "person") for name in person}
    scope |= {name: Kind("number", "household") for name in household}
    scope |= {"attends": Kind("truth", "person"), "zone": Kind("text", "household", frozenset({"urban", "rural"}))}
    rules = blocks(MANUAL, "rules")[0][1].splitlines()
    assert len(rules) == 5
    for rule in rules:
        kind, faults = check(parse(rule, Origin("manual")), scope, Origin("manual"), expected="truth")
        assert (kind.type, faults) == ("truth", []), rule


def test_the_readme_names_every_command_and_the_manual_every_family_of_codes() -> None:
    for command in cli.commands:
        assert f"`mpi {command}" in README
    sources = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "mpi").rglob("*.py"))
    families = {code[:5] for code in re.findall(r"MPI-[A-Z]\d{3}", sources)}
    assert families
    for family in families:
        assert f"`{family}...`" in MANUAL


def test_the_manual_lists_every_code_with_its_meaning() -> None:
    listed = dict(re.findall(r"`(MPI-[A-Z]\d{3})` ([^·\n]+?)(?= · |\n)", MANUAL))
    assert listed == MEANINGS
