"""The universe of a measure: figures against loops over those inside, the whole design, and what is said of it."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from math import isclose, sqrt
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

import mpi
from mpi.errors import ConfigError, DataError, UsageError
from mpi.pipeline.scoring import score
from mpi.profile import DeprivationProfile
from mpi.specs.measure import Measure
from mpi.vocabulary.options import Unit
from tests.support import naive, village
from tests.support.kernels import cache_of
from tests.support.loops import at_least_one

CHILDREN, WOMEN = "age < 18", "sex = 'woman' AND age BETWEEN 15 AND 49"
RURAL = "area = 'rural'"
DATA = village.tables(96, seed=11)
SHARES = ("population_share", "poor_share", "M0_share")  # of a group: the universe is a whole of its own
pytestmark = pytest.mark.filterwarnings("ignore::mpi.MpiWarning")


def about(universe: str, *more: tuple[str, str]) -> Measure:
    return village.measure(("missing: exclude", f"missing: exclude\nuniverse: {universe}"), *more)


def members_inside(universe: str) -> list[int]:
    """How many members of each household are inside, read from the tables anew."""
    persons, area = DATA["persons"].to_pylist(), DATA["households"]["area"].to_pylist()
    place = {house: i for i, house in enumerate(DATA["households"]["house"].to_pylist())}
    found = [0] * len(place)
    for one in persons:
        age, i = one["age"], place[one["house"]]
        found[i] += {CHILDREN: age < 18, WOMEN: one["sex"] == 2 and 15 <= age <= 49, RURAL: area[i] == 2}[universe]
    return found


def households(universe: str, unit: Unit) -> list[naive.Household]:
    """Every household of the village with its flags by the measure of everybody, its members those inside."""
    scored = score(village.survey(), village.measure(), DATA).to_pylist()
    design = DATA["households"].to_pylist()
    made = []
    for row, own, inside in zip(scored, design, members_inside(universe), strict=True):
        flags = tuple(row[name] for name in village.measure().names)
        groups = {"inside": "yes" if inside else "no", "region": own["region"]}
        weight, members = Fraction(own["weight"]), inside if unit == "persons" else 1
        made.append(naive.Household(flags, weight, members, str(own["stratum"]), str(own["segment"]), groups))
    return made


@pytest.mark.parametrize("unit", ["persons", "households"])
@pytest.mark.parametrize("universe", [CHILDREN, WOMEN, RURAL])
def test_figures_are_those_of_a_loop_over_those_inside(universe: str, unit: Unit) -> None:
    measure = about(universe)
    profile = village.profile(DATA, by=measure)
    estimates = mpi.estimate(profile, measure, by="region", unit=unit)
    for region in (None, *dict.fromkeys(DATA["households"]["region"].to_pylist())):
        where = {"inside": "yes"} | ({} if region is None else {"region": region})
        wanted = naive.figures(measure, measure.cutoffs, households(universe, unit), where, unit, clustered=True)
        met = 0
        for row in estimates:
            key = (row["k"], row["statistic"], row["dimension"], row["indicator"])
            if row["region"] != region or row["statistic"] in SHARES or key not in wanted:
                continue
            met += 1
            other = wanted[key]
            if other.estimate is None or other.variance is None:
                assert row["estimate"] is None
                continue
            assert isclose(row["estimate"], other.estimate, rel_tol=1e-12, abs_tol=1e-15), key
            assert isclose(row["se"], sqrt(other.variance), rel_tol=1e-9, abs_tol=1e-12), key
            assert (row["df"], row["n"]) == (other.df, other.n), key
        assert met > 20


def test_sampling_units_without_a_member_stay_in_the_design() -> None:
    """Of one household that is inside, the error is that of all PSUs; no PSU is lost."""
    everybody, few = village.profile(DATA), village.profile(DATA, by=about("age = 0"))
    assert few.sample.psu_labels == everybody.sample.psu_labels
    assert (few.sample.psus == everybody.sample.psus).all()
    assert len(set(few.cells.psu.tolist())) < len(everybody.sample.psu_labels)


def test_a_universe_and_its_complement_add_up() -> None:
    """Inside, outside and of unknown age: each counted once."""
    counted = ("missing: exclude", "missing: deprived")
    parts = [village.measure((counted[0], f"{counted[1]}\nuniverse: {rule}"))
             for rule in (CHILDREN, "age >= 18", "age IS NULL")]  # fmt: skip
    poor = [mpi.estimate(village.profile(DATA, by=one), one).only("poor")[0]["estimate"] for one in parts]
    everybody = village.measure(counted)
    whole = mpi.estimate(village.profile(DATA, by=everybody), everybody).only("poor")[0]["estimate"]
    assert isclose(sum(poor), whole, rel_tol=1e-12)


def test_a_universe_is_a_domain_of_the_whole_sample() -> None:
    """As `by` a domain of the survey, which every other tool has too."""
    survey = village.survey(
        ("  region: region", "  child: CASE WHEN age < 18 THEN 1 ELSE 0 END\n  region: region"),
        ("missing_codes: {age: [99]}\n", ""),
    )
    whole = mpi.estimate(village.profile(DATA, of=survey), village.measure(), by="child")
    own = about(CHILDREN)
    inside = mpi.estimate(village.profile(DATA, of=survey, by=own), own)
    of_domain = {(r["statistic"], r["dimension"], r["indicator"]): r for r in whole if r["child"] == "1"}
    for row in at_least_one(r for r in inside if r["statistic"] not in SHARES):
        other = of_domain[row["statistic"], row["dimension"], row["indicator"]]
        for name in ("estimate", "se", "ci_low", "ci_high", "df", "n", "n_poor"):
            one, two = row[name], other[name]
            assert one == two or isclose(one, two, rel_tol=1e-9, abs_tol=1e-12), (row["statistic"], name)


def test_nobody_outside_is_missing_or_left_out_and_those_of_unknown_age_are_told() -> None:
    profile = village.profile(DATA, by=about(CHILDREN))
    inside, unsure = sum(members_inside(CHILDREN)), DATA["persons"]["age"].to_pylist().count(99)
    assert profile.counts["outside_persons"] == DATA["persons"].num_rows - inside
    assert profile.counts["outside_unknown_persons"] == unsure > 0
    (notice,) = [one for one in profile.notices if one.code == "MPI-N147"]
    assert f"{inside} persons and" in notice.text
    assert f"{profile.counts['outside_persons']} persons outside" in notice.text
    excluded = mpi.estimate(profile, about(CHILDREN)).only("excluded")[0]
    weight = np.array(DATA["households"]["weight"].to_pylist())
    assert excluded["n"] == sum(n for n, w in zip(members_inside(CHILDREN), weight, strict=True) if w)


def test_scores_are_of_units_with_a_member_inside() -> None:
    table = score(village.survey(), about(CHILDREN), DATA)
    inside = members_inside(CHILDREN)
    assert table["persons"].to_pylist() == [n for n in inside if n]
    weight = DATA["households"]["weight"].to_pylist()
    assert table["person_weight"].to_pylist() == [n * w for n, w in zip(inside, weight, strict=True) if n]


def same(one: DeprivationProfile, other: DeprivationProfile) -> bool:
    return one.counts == other.counts and all(
        getattr(one.cells, name).tobytes() == getattr(other.cells, name).tobytes()
        for name in ("domains", "stratum", "psu", "pattern", "unknown", "persons", "person_weight", "household_squares")
    )


@pytest.mark.parametrize("universe", [CHILDREN, RURAL, "ANY(age < 6)"])
def test_kernels_numpy_and_spans_give_the_same_bits(
    universe: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    village.write(tmp_path, DATA, rows=50)
    made = []
    monkeypatch.setenv("XDG_CACHE_HOME", cache_of(tmp_path / "cache")["XDG_CACHE_HOME"])
    for kernels, threads in (("off", 1), ("on", 1), ("on", 3)):
        monkeypatch.setenv("MPI_KERNELS", kernels)
        made.append(mpi.deprivation_profile(village.survey(), about(universe), tmp_path, threads=threads))
    village.small_spans(monkeypatch)
    made.append(mpi.deprivation_profile(village.survey(), about(universe), tmp_path, threads=2))
    assert len(made) == 4 and all([same(made[0], one) for one in made[1:]])


def test_profiles_add_and_keep_their_universe(tmp_path: Path) -> None:
    own = about(CHILDREN)
    profile = village.profile(DATA, by=own)
    halves = [
        village.profile({n: t.filter(pa.compute.equal(pa.compute.bit_wise_and(t["house"], 1), part))
                         for n, t in DATA.items()}, by=own)
        for part in (0, 1)
    ]  # fmt: skip
    added = halves[0] + halves[1]
    for name in ("person_weight", "household_weight"):
        assert isclose(getattr(added.cells, name).sum(), getattr(profile.cells, name).sum(), rel_tol=1e-12)
    profile.write(tmp_path / "p.parquet")
    read = DeprivationProfile.read(tmp_path / "p.parquet")
    assert mpi.estimate(read, own).table.equals(mpi.estimate(profile, own).table)
    for other in (about(WOMEN), village.measure()):
        with pytest.raises(UsageError, match=r"MPI-E110.*universe"):
            mpi.estimate(read, other)
    with pytest.raises(UsageError, match=r"MPI-E110.*universe"):
        mpi.estimate(village.profile(DATA), own)


@pytest.mark.parametrize(
    "design",
    ["{weight: none}", "{weight: weight}", "{weight: none, census: yes}", "{weight: weight, stratum: stratum}"],
)
def test_every_design_counts_those_inside(design: str) -> None:
    survey = village.survey(("{weight: weight, stratum: stratum, psu: segment}", design))
    profile = village.profile(DATA, of=survey, by=about(CHILDREN))
    inside = members_inside(CHILDREN)
    weighted = "weight: weight" in design
    weight = [Fraction(w) if weighted else Fraction(1) for w in DATA["households"]["weight"].to_pylist()]
    assert profile.cells.person_weight.sum() == sum(n * w for n, w in zip(inside, weight, strict=True))
    assert profile.cells.household_weight.sum() == sum(w for n, w in zip(inside, weight, strict=True) if n)
    assert profile.cells.persons.sum() == sum(n for n, w in zip(inside, weight, strict=True) if w)


def test_a_universe_of_nobody_is_refused() -> None:
    with pytest.raises(DataError, match=r"MPI-D145.*village.yaml:6.*nobody"):
        village.profile(DATA, by=about("age > 200"))


def wrong(universe: str) -> Sequence[str]:
    with pytest.raises(ConfigError) as refused:
        about(universe)
    return [fault.code for fault in refused.value.faults]


def test_a_rule_that_is_no_condition_is_refused() -> None:
    assert wrong("age + 1") == ["MPI-R013"]
    assert wrong("ages < 18") == ["MPI-R006"]


def test_calibrated_weights_need_the_whole_sample() -> None:
    survey = village.survey(
        ("psu: segment}", "psu: segment, calibration: {level: household, design_weight: weight, variables: [1]}}")
    )
    with pytest.raises(ConfigError, match=r"MPI-S140.*universe"):
        village.profile(DATA, of=survey, by=about(CHILDREN))


def test_a_universe_of_persons_under_person_identification() -> None:
    own = village.measure(
        ("missing: exclude", f"missing: exclude\nuniverse: {CHILDREN}"),
        ("identification: household", "identification: person"),
    )
    profile = village.profile(DATA, by=own)
    assert profile.cells.persons.sum() <= sum(members_inside(CHILDREN))
    table = score(village.survey(), own, DATA)
    assert table.num_rows == sum(members_inside(CHILDREN))
