"""A saved profile serves only the rules that made it: what gives other patterns is refused, the rest is free."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from mpi.analysis.score_distribution import bundles, co_deprivation, score_distribution
from mpi.cli import main
from mpi.config import load_disclosure
from mpi.disclosure import carried
from mpi.errors import DataError, UsageError
from mpi.estimates import Estimates
from mpi.pipeline.estimating import change, estimate
from mpi.profile import DeprivationProfile, fitted
from mpi.profile.norm import measure_rules, rules_of
from mpi.specs.measure import Measure, variables_of
from tests.support import village

RTOL = 1e-12  # the same sums, in another order of the cells
DATA = village.tables()
Change = tuple[str, str]
WALLS = """walls: {deprived: "area = 'rural' AND wall = 'w2'"}"""
# Changes of a measure that give other patterns, and how they are named.
OTHER: list[tuple[Sequence[Change], str]] = [
    ([("COUNT() / rooms > 2", "FALSE")], "`deprived:` of crowding"),
    ([("COUNT() / rooms > 2", "COUNT() / rooms >= 2")], "`deprived:` of crowding"),
    ([("COUNT() / rooms > 2", "COUNT_IF(minor) / rooms > 2")], "`deprived:` of crowding"),
    ([("age >= 15", "age >= 16")], "`eligible:` of schooling"),
    ([("eligible: minor", "eligible: age < 17")], "`eligible:` of attendance"),
    ([("nobody: deprived", "nobody: unknown")], "`nobody:` of schooling"),
    ([("eligible: age >= 15, ", ""), (", nobody: deprived", "")], "`eligible:` of schooling, `nobody:` of schooling"),
    ([("{deprived: COUNT() / rooms > 2}", "{eligible: minor, deprived: COUNT() > 2, nobody: deprived}")],
     "`deprived:` of crowding, `eligible:` of crowding, `nobody:` of crowding"),
    ([("minor: age < 18", "minor: age < 17")], "the derived variable minor"),
    ([("derive:\n  minor: age < 18\n", ""), ("age: number,", "age: number, minor: truth,")],
     "the variable minor of the survey"),
    ([("minor: age < 18", "minor: young OR age < 5\n  young: age < 18")],
     "the derived variable young, the derived variable minor"),
    ([("6.5", "6"), ("minor: age < 18", "minor: age < 17"), ("> 2", "> 3")],
     "`deprived:` of schooling, `deprived:` of crowding, the derived variable minor"),
]  # fmt: skip
# Changes that only use the patterns.
FREE: list[Sequence[Change]] = [
    [("k: 1/3", "k: 1/2")],
    [("k: 1/3", "k: 1")],
    [("title: Village", "title: Pueblo")],
    [("missing: exclude", "missing: reweight")],
    [("missing: exclude", "missing: deprived")],
    [("nobody: deprived}", "nobody: deprived, missing: deprived}")],
    [("COUNT() / rooms > 2}", "COUNT() / rooms > 2, missing: not_deprived}")],
    [("education:\n", "education:\n    weight: 1/3\n"), ("housing:\n", "housing:\n    weight: 2/3\n")],
    [("education:\n", "education:\n    combine: any\n")],
    [("rooms > 2}", "rooms > 2, weight: monitor}")],
    [(f"      {WALLS}\n", "")],
    [("      attendance: {eligible: minor, deprived: ANY(NOT attends), nobody: not_deprived}\n", "")],
    # Blanks, comments, parentheses, the writing of keywords.
    [(WALLS, '''walls: {deprived: "((area) = 'rural')   and  (wall = 'w2')"}  # mud''')],
    [("MEAN(years) < 6.5", "mean( years ) < (6.5)")],
    # Another grouping, and with it another order.
    [(f"      {WALLS}\n", ""), ("dimensions:\n", f"dimensions:\n  walls:\n    indicators:\n      {WALLS}\n")],
    [("      crowding: {deprived: COUNT() / rooms > 2}\n", ""),
     (f"      {WALLS}\n", f"      {WALLS}\n      crowding: {{deprived: COUNT() / rooms > 2}}\n")],
    # What no indicator reads.
    [("minor: age < 18", "minor: age < 18\n  elder: age > 64")],
]  # fmt: skip


@cache
def own() -> DeprivationProfile:
    return village.profile(DATA)


@cache
def saved(folder: Path) -> DeprivationProfile:
    path = folder / "saved.parquet"
    own().write(path)
    return DeprivationProfile.read(path)


def same_figures(one: Estimates, other: Estimates) -> None:
    rows = list(zip(one.rows(), other.rows(), strict=True))
    assert rows
    for mine, yours in rows:
        assert mine.keys() == yours.keys()
        for name, value in mine.items():
            expected = pytest.approx(yours[name], rel=RTOL, abs=1e-15) if isinstance(value, float) else yours[name]
            assert value == expected, (name, mine, yours)


def rounds(measure: Measure) -> object:
    later = replace(own(), period="2027")
    return change([own(), later], measure, rounds="independent")


USES: dict[str, Callable[[Measure], object]] = {
    "estimate": lambda measure: estimate(own(), measure),
    "change": rounds,
    "scores": lambda measure: score_distribution(own(), measure),
    "bundles": lambda measure: bundles(own(), measure, "1/3"),
    "co-deprivation": lambda measure: co_deprivation(own(), measure, "1/3"),
    "live page": lambda measure: carried(own(), measure, "region", load_disclosure("none")),
}


@pytest.mark.parametrize(("changes", "named"), OTHER)
def test_a_measure_that_would_give_other_patterns_is_refused_and_all_that_differs_named(
    changes: Sequence[Change], named: str, tmp_path: Path
) -> None:
    other = village.measure(*changes)
    for profile in (own(), saved(tmp_path)):
        with pytest.raises(UsageError) as caught:
            estimate(profile, other)
        assert str(caught.value) == (
            f"MPI-E110 village.yaml: village has other rules than the profile was made by: {named}\n"
            "  make the profile again with this measure (`mpi profile`), or take the measure that it was made with"
        )


@pytest.mark.parametrize("use", USES)
def test_every_use_of_a_profile_refuses_other_rules(use: str) -> None:
    USES[use](village.measure())
    with pytest.raises(UsageError, match=r"MPI-E110 .*: `deprived:` of crowding"):
        USES[use](village.measure(("COUNT() / rooms > 2", "FALSE")))


@pytest.mark.parametrize("changes", FREE)
def test_what_only_uses_the_patterns_is_free_and_gives_the_figures_of_a_profile_made_for_it(
    changes: Sequence[Change], tmp_path: Path
) -> None:
    other = village.measure(*changes)
    fresh = estimate(village.profile(DATA, by=other), other, by=["region", "sex"])
    for profile in (own(), saved(tmp_path)):
        same_figures(estimate(profile, other, by=["region", "sex"]), fresh)


@pytest.mark.parametrize("changes", FREE)
def test_distributions_tell_indicators_by_name(changes: Sequence[Change]) -> None:
    other = village.measure(*changes)
    fresh = village.profile(DATA, by=other)
    for made in (
        lambda p: bundles(p, other, other.cutoffs[0]),
        lambda p: co_deprivation(p, other, other.cutoffs[0]),
        lambda p: score_distribution(p, other),
    ):
        one, two = made(own()).to_pydict(), made(fresh).to_pydict()
        assert one.keys() == two.keys()
        assert all(
            column == pytest.approx(two[name]) if isinstance(column[0], float) else column == two[name]
            for name, column in one.items()
        )


def test_an_indicator_that_the_profile_does_not_hold_is_refused_also_when_it_is_monitored() -> None:
    without = village.profile(DATA, by=village.measure((f"      {WALLS}\n", "")))
    for other in (village.measure(), village.measure((WALLS, WALLS.replace("}", ", weight: monitor}")))):
        with pytest.raises(
            UsageError, match=r"MPI-E005 .*: village has indicators that the profile does not contain: walls"
        ):
            estimate(without, other)


def test_bits_of_other_places_keep_their_unknowns() -> None:
    turned = village.measure(
        (f"      {WALLS}\n", ""), ("dimensions:\n", f"dimensions:\n  x:\n    indicators:\n      {WALLS}\n")
    )
    assert turned.names != own().indicators
    found, fresh = fitted(own(), turned), village.profile(DATA, by=turned)
    assert found.indicators == turned.names
    assert fresh.cells.unknown.any()
    village.assert_same(found, fresh)
    assert fitted(own(), village.measure()) is own()


def test_ready_made_deprivations_have_no_rules_that_could_differ() -> None:
    frame = pa.table({name: [0, 1, 1] for name in village.measure().names})
    made = DeprivationProfile.from_flags(frame, village.measure(), weight=None)
    assert not made.rules
    other = village.measure(("COUNT() / rooms > 2", "FALSE"))
    assert estimate(made, other).value("H", k="1/3") == pytest.approx(2 / 3)
    with pytest.raises(UsageError, match=r"MPI-E005 .* does not contain: more"):
        estimate(made, village.measure(("      crowding", "      more: {deprived: wall = 'w1'}\n      crowding")))


# Rounds


def test_a_round_by_other_rules_is_named_with_what_differs() -> None:
    first = village.profile(DATA)
    later = village.profile(
        DATA,
        of=village.survey(("period: 2026", "period: 2027"), ("school = 1", "school = 2")),
        by=village.measure(("6.5", "6"), ("> 2", "> 3")),
    )
    with pytest.raises(UsageError) as caught:
        change([first, later], village.measure(), rounds="independent")
    text = (
        "village.yaml: rounds were not measured by the rules of village: village_2026 2027 (`deprived:` of "
        "schooling, `deprived:` of crowding)"
    )
    assert str(caught.value).splitlines()[0] == f"MPI-E014 {text}"
    found = change([first, later], village.measure(), rounds="independent", harmonised=True)
    assert [notice.code for notice in found.notices].count("MPI-N011") == 1
    # Its own mapping of the variables is not a difference of rules: rounds have other questionnaires.
    alike = village.profile(DATA, of=village.survey(("period: 2026", "period: 2027"), ("school = 1", "school = 2")))
    assert "MPI-N011" not in [n.code for n in change([first, alike], village.measure(), rounds="independent").notices]


def test_a_measure_by_which_no_round_was_judged_is_refused_even_if_they_are_declared_harmonised() -> None:
    later = replace(own(), period="2027")
    with pytest.raises(UsageError, match=r"MPI-E110 .*: `deprived:` of crowding"):
        change([own(), later], village.measure(("> 2", "> 3")), rounds="independent", harmonised=True)


def test_ready_made_deprivations_beside_a_round_with_rules_must_be_declared_harmonised() -> None:
    frame = pa.table({name: [0, 1, 1, 0] for name in village.measure().names} | {"p": ["a", "b", "c", "d"]})
    flags = DeprivationProfile.from_flags(frame, village.measure(), weight=None, psu="p", period="2020", survey="old")
    for ruled in (own(),):
        with pytest.raises(UsageError, match=r"MPI-E014 .*old 2020 \(ready-made deprivations, without rules\)"):
            change([flags, ruled], village.measure(), rounds="independent")
        change([flags, ruled], village.measure(), rounds="independent", harmonised=True)


# Adding


@pytest.mark.parametrize(
    ("survey", "named"),
    [
        ([("school = 1", "school = 2")], "the variable attends of the survey"),
        ([("{1: urban, 2: rural}", "{1: rural, 2: urban}")], "the variable area of the survey"),
        ([("[99]", "[98]")], "the variable age of the survey"),
        ([("missing_codes: {age: [99]}", "")], "the variable age of the survey"),
        ([("missing_codes:", "aliases: {rooms: [cuartos]}\nmissing_codes:")], "the variable rooms of the survey"),
        ([("years: years\n", "years: schooling / 2\n  schooling: {rule: years * 2}\n")],
         "the variable years of the survey"),
        ([("weight: weight", "weight: weight * 2")], "`weight:` of the survey's design"),
        ([("stratum: stratum", "stratum: region")], "`stratum:` of the survey's design"),
        ([("region: region", "region: wall")], "the domain region of the survey"),
        ([("  age: age\n", "  age: years\n"), ("rooms: rooms", "rooms: {column: rooms, table: households}")],
         "the variable age of the survey, the variable rooms of the survey"),
    ],
)  # fmt: skip
def test_profiles_by_another_mapping_of_a_survey_do_not_add_and_what_differs_is_named(
    survey: Sequence[Change], named: str, tmp_path: Path
) -> None:
    other = replace(own(), rules=rules_of(village.measure(), village.survey(*survey)))
    other.write(tmp_path / "other.parquet")
    for one in (other, DeprivationProfile.read(tmp_path / "other.parquet")):
        with pytest.raises(DataError) as caught:
            own() + one
        assert str(caught.value).splitlines()[0] == f"MPI-D050 profiles cannot be added: they differ in {named}"


@pytest.mark.parametrize(("changes", "named"), OTHER[:6])
def test_profiles_by_other_rules_do_not_add(changes: Sequence[Change], named: str) -> None:
    with pytest.raises(DataError) as caught:
        own() + village.profile(DATA, by=village.measure(*changes))
    assert str(caught.value).splitlines()[0] == f"MPI-D050 profiles cannot be added: they differ in {named}"


def test_profiles_add_that_differ_in_what_they_do_not_use() -> None:
    changes = [
        ("area_code: {column: area, width: 2}", "area_code: {column: area, width: 3}"),
        ("wall: wall\n", "wall: wall\n  unused: rooms > 1\n"),
        ("survey: village_2026", "survey: village_2026\nnote: x"),
        ("{column: sex, codes: {1: man, 2: woman}}\n", "{column: sex, title: Sex, codes: {2: woman, 1: man}}\n"),
    ]
    other = replace(own(), rules=rules_of(village.measure(("k: 1/3", "k: 1/2")), village.survey(*changes)))
    kept = ["region", "sex"]
    both = own().keep_domains(kept) + other.keep_domains(kept)
    np.testing.assert_allclose(both.cells.person_weight.sum(), 2 * own().cells.person_weight.sum())
    with pytest.raises(DataError, match="differ in the domain area_code of the survey"):
        own() + other


def test_rules_in_a_file_are_hashes_of_few_letters(tmp_path: Path) -> None:
    assert dict(saved(tmp_path).rules) == dict(own().rules) == rules_of(village.measure(), village.survey())
    assert {len(rule) for rule in own().rules.values()} == {12}
    assert variables_of(village.measure()) == ["age", "years", "attends", "rooms", "area", "wall"]
    assert measure_rules(village.measure()).items() <= own().rules.items()


# The command line


@pytest.mark.parametrize(
    "arguments",
    [("estimate", "copy.yaml", "saved.parquet", "--statistic", "uncensored_headcount"),
     ("differences", "copy.yaml", "saved.parquet", "--by", "region"),
     ("change", "copy.yaml", "saved.parquet", "later.parquet", "--rounds", "independent")],
)  # fmt: skip
def test_the_command_line_refuses_a_measure_changed_after_the_profile(
    arguments: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    own().write("saved.parquet")
    replace(own(), period="2027").write("later.parquet")
    for text, code in ((village.MEASURE, 0), (village.MEASURE.replace("COUNT() / rooms > 2", "FALSE"), 2)):
        Path("copy.yaml").write_text(text, encoding="utf-8")
        with pytest.raises(SystemExit) as caught:
            main(arguments)
        assert caught.value.code == code
        out, err = capsys.readouterr()
        assert ("MPI-E110" in err) == (code == 2) == (not out)
    assert err.startswith(
        "error MPI-E110 copy.yaml: village has other rules than the profile was made by: `deprived:` of crowding\n"
    )
