"""The universe: rows outside are as if they were not there, but for the sampling units of their households."""

from __future__ import annotations

from contextlib import nullcontext
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest

import mpi
from mpi import distributed
from mpi.checking.explaining import explain
from mpi.distributed import errand
from mpi.errors import ConfigError, DataError, UsageError
from mpi.pipeline.estimating import estimate
from mpi.pipeline.passing import deprivation_profile
from mpi.pipeline.scoring import score
from mpi.profile import DeprivationProfile
from mpi.source import open_survey
from mpi.source.views import view
from mpi.specs.survey import Survey
from tests.support import village
from tests.support.loops import at_least_one

KEYED = ("key: [house, person]}", "key: [house]}")
RTOL = 1e-12


def tables(seed: int = 3) -> village.Tables:
    """The village with servants among the persons and visits without an interview among the households."""
    found, rng = village.tables(seed=seed), np.random.default_rng(seed)
    n, h = found["persons"].num_rows, found["households"].num_rows
    rel = rng.integers(1, 4, n)
    rel[rng.random(n) < 0.15] = 14
    rel[found["persons"]["house"].to_numpy() == 121] = 14  # a household of servants alone
    result = rng.integers(1, 3, h)
    result[rng.random(h) < 0.6] = 1
    result[found["households"]["house"].to_numpy() == 121] = 1
    # A whole PSU without an interview: it stays in the design all the same.
    result[
        pc.and_(pc.equal(found["households"]["stratum"], 1), pc.equal(found["households"]["segment"], 3)).to_numpy(
            zero_copy_only=False
        )
    ] = 2
    weight = found["households"]["weight"].to_numpy() + 1
    made = {
        **found,
        "persons": found["persons"].append_column("rel", pa.array(rel)),
        "households": found["households"].append_column("result", pa.array(result)),
    }
    return village.replaced(made, "households", "weight", weight)


def survey(*more: tuple[str, str], persons: str = "rel <> 14", households: str = "result = 1") -> Survey:
    people, own = KEYED[0].replace("}", f', where: "{persons}"}}'), KEYED[1].replace("}", f', where: "{households}"}}')
    changes = [(KEYED[0], people)] if persons else []
    changes += [(f"households.parquet, {KEYED[1]}", f"households.parquet, {own}")] if households else []
    return village.survey(*changes, *more)


def kept(data: village.Tables) -> village.Tables:
    """What is inside, the long way: row by row, without any of the package."""
    persons, households = data["persons"].to_pylist(), data["households"].to_pylist()
    interviewed = {row["house"] for row in households if row["result"] == 1}
    people = [row for row in persons if row["rel"] != 14 and row["house"] in interviewed]
    left = {row["house"] for row in people}
    own = [row for row in households if row["house"] in left]
    return {
        "persons": pa.Table.from_pylist(people, data["persons"].schema),
        "households": pa.Table.from_pylist(own, data["households"].schema),
    }


def weightless(data: village.Tables) -> village.Tables:
    """The same with the households outside in the file, at weight 0, as a domain of the sample has them."""
    inside = kept(data)
    left = set(inside["households"]["house"].to_pylist())
    rows = [row | {"weight": row["weight"] if row["house"] in left else 0.0} for row in data["households"].to_pylist()]
    people = [row for row in data["persons"].to_pylist() if row["rel"] != 14 or row["house"] not in left]
    return {
        "persons": pa.Table.from_pylist(people, data["persons"].schema),
        "households": pa.Table.from_pylist(rows, data["households"].schema),
    }


def assert_cells(one: DeprivationProfile, other: DeprivationProfile) -> None:
    """The same cells, whatever design they lie in."""
    for made in (one, other):
        assert len(made.cells) > 0
    assert one.domains == other.domains
    assert sorted(zip(*_rows(one), strict=True)) == sorted(zip(*_rows(other), strict=True))


def _rows(made: DeprivationProfile) -> list[list[Any]]:
    labels = made.sample.psu_labels
    strata = made.sample.strata
    cells = made.cells
    return [
        cells.domains.tolist(),
        [strata[h] for h in cells.stratum],
        [labels[p] for p in cells.psu],
        cells.pattern.tolist(),
        cells.unknown.tolist(),
        cells.persons.tolist(),
        cells.households.tolist(),
        cells.person_weight.tolist(),
    ]


def figures(made: DeprivationProfile) -> list[dict[str, Any]]:
    return estimate(made, village.measure(), by=["region"]).table.drop_columns(["survey"]).to_pylist()


def test_cells_are_those_of_the_rows_inside() -> None:
    data = tables()
    made = village.profile(data, of=survey())
    assert_cells(made, village.profile(kept(data)))
    assert made.counts["households"] == kept(data)["households"].num_rows
    assert made.counts["persons"] == kept(data)["persons"].num_rows


def test_errors_are_those_of_a_domain_of_the_sample() -> None:
    data = tables()
    one, other = figures(village.profile(data, of=survey())), figures(village.profile(weightless(data)))
    assert len(one) == len(other) > 20
    for mine, theirs in zip(one, other, strict=True):
        for name, value in at_least_one(mine.items()):
            if name in ("estimate", "se", "ci_low", "ci_high", "population"):
                same = value == theirs[name] or value == pytest.approx(theirs[name], rel=1e-9)
                assert same, (name, mine)
            elif name in ("n", "n_poor", "df", "psus"):
                assert value == theirs[name], (name, mine)


def test_the_units_of_what_is_outside_stay_in_the_design() -> None:
    data = tables()
    inside, made = village.profile(kept(data)), village.profile(data, of=survey())
    whole = village.profile(data)
    assert (made.sample.strata, made.sample.psu_labels) == (whole.sample.strata, whole.sample.psu_labels)
    np.testing.assert_array_equal(made.sample.psus, whole.sample.psus)
    assert inside.sample.psus.sum() < made.sample.psus.sum()
    assert made.counts["outside_psus"] == int(made.sample.psus.sum() - inside.sample.psus.sum())


@pytest.mark.parametrize("design", [
    "{weight: weight, stratum: stratum, psu: null}", "{weight: weight, stratum: null, psu: null}",
    "{weight: weight, stratum: null, psu: segment}", "{weight: weight, stratum: stratum, psu: [segment, house]}",
])  # fmt: skip
def test_other_designs_keep_their_units_too(design: str) -> None:
    data, change = tables(), ("{weight: weight, stratum: stratum, psu: segment}", design)
    for more in ((), (("  sex: {column: sex, codes: {1: man, 2: woman}}\n", ""),)):
        if more:  # no domain of persons: households that are their own PSUs are then counted, not named
            change_, domains = (
                change,
                (
                    "domains:\n  region: region\n  area_code: {column: area, width: 2}\n"
                    "  sex: {column: sex, codes: {1: man, 2: woman}}\n",
                    "domains:\n  region: region\n",
                ),
            )
            made = village.profile(data, of=survey(change_, domains))
            other = village.profile(weightless(data), of=village.survey(change_, domains))
        else:
            made = village.profile(data, of=survey(change))
            other = village.profile(weightless(data), of=village.survey(change))
        np.testing.assert_array_equal(made.sample.psus, other.sample.psus)
        assert made.sample.psu_labels == other.sample.psu_labels
        one, two = figures(made), figures(other)
        assert [row["se"] for row in one] == pytest.approx([row["se"] for row in two], rel=1e-9, nan_ok=True)


def test_what_is_left_out_is_told_and_counted() -> None:
    data = tables()
    made = village.profile(data, of=survey())
    persons, households = data["persons"], data["households"]
    servants, refused = pc.sum(pc.equal(persons["rel"], 14)).as_py(), pc.sum(pc.equal(households["result"], 2)).as_py()
    assert (made.counts["outside_persons"], made.counts["outside_households"]) == (servants, refused)
    told = [notice.text for notice in made.notices if notice.code == "MPI-N142"]
    assert told[0] == f"`where` of persons excludes {servants} of {persons.num_rows} rows"
    assert told[1] == f"`where` of households excludes {refused} of 60 rows"
    emptied = 60 - refused - kept(data)["households"].num_rows
    assert made.counts["outside_emptied"] == emptied > 0
    assert told[2].startswith(f"{emptied} household")
    assert "without a household inside stay in the design" in told[3]


def test_rows_outside_may_hold_anything(tmp_path: Path) -> None:
    data = tables()
    out = [i for i, row in enumerate(data["households"].to_pylist()) if row["result"] == 2]
    servants = [i for i, row in enumerate(data["persons"].to_pylist()) if row["rel"] == 14]
    assert len(out) > 3 < len(servants)
    wrong = village.poked(data, "households", "weight", *((i, None) for i in out[:2]), (out[2], -5.0))
    wrong = village.poked(wrong, "households", "area", (out[0], 7))
    wrong = village.poked(wrong, "persons", "person", (servants[0], None), *((i, 1) for i in servants[1:]))
    wrong = village.poked(wrong, "persons", "sex", (servants[1], 9))
    wrong = village.poked(wrong, "households", "house", (out[3], None))
    lone = {"house": [99_999], "person": [1], "rel": [14]}
    wrong["persons"] = pa.concat_tables([wrong["persons"], pa.table(lone)], promote_options="default")
    gone = {data["households"]["house"][i].as_py() for i in out[3:5]}
    empty = [row for row in wrong["persons"].to_pylist() if row["house"] not in gone]
    wrong["persons"] = pa.Table.from_pylist(empty, wrong["persons"].schema)
    assert_cells(village.profile(wrong, of=survey()), village.profile(kept(data)))
    assert_cells(village.profile(village.write(tmp_path, wrong, rows=13), of=survey()), village.profile(kept(data)))


@pytest.fixture
def _small(monkeypatch: pytest.MonkeyPatch) -> None:
    village.small_spans(monkeypatch)


@pytest.mark.usefixtures("_small")
def test_it_is_the_same_in_every_order_and_by_any_number_of_threads(tmp_path: Path) -> None:
    data = tables()
    expected = village.profile(data, of=survey())
    folder = village.write(tmp_path, data, rows=17)
    mixed = {name: table.take(np.random.default_rng(7).permutation(table.num_rows)) for name, table in data.items()}
    for source in (folder, mixed):
        for threads in (1, 3):
            village.assert_same(deprivation_profile(survey(), village.measure(), source, threads=threads), expected)
    (tmp_path / "mixed").mkdir()
    apart = village.write(tmp_path / "mixed", mixed, rows=17)
    village.assert_same(deprivation_profile(survey(), village.measure(), apart, threads=1), expected)


@pytest.mark.usefixtures("_small")
def test_it_is_the_same_where_rows_are_split_to_fit_memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from mpi.source import reading

    data = tables()
    mixed = {name: table.take(np.random.default_rng(7).permutation(table.num_rows)) for name, table in data.items()}
    folder = village.write(tmp_path, mixed, rows=17)
    monkeypatch.setattr(reading, "parts_within", lambda *_: 4)
    found = deprivation_profile(survey(), village.measure(), folder, threads=1, memory="4GB")
    village.assert_same(found, village.profile(data, of=survey()))


def test_scores_and_explanations_are_of_those_inside() -> None:
    data = tables()
    rows = score(survey(), village.measure(), data)
    other = score(village.survey(), village.measure(), kept(data))
    assert rows.sort_by("house").equals(other.sort_by("house")) and rows.num_rows > 20
    house = kept(data)["households"]["house"][0].as_py()
    assert explain(survey(), village.measure(), data, str(house)) == explain(
        village.survey(), village.measure(), kept(data), str(house)
    )


def test_one_year_is_taken_out_of_a_file_of_several() -> None:
    years = [tables(seed) for seed in (3, 4)]

    def dated(i: int, name: str) -> pa.Table:
        return years[i][name].append_column("year", pa.array([2017 + i] * years[i][name].num_rows))

    stacked = {name: pa.concat_tables([dated(0, name), dated(1, name)]) for name in ("persons", "households")}
    of = survey(("stratum: stratum", "stratum: [year, stratum]"), persons="year = 2018", households="year = 2018")
    made, alone_ = village.profile(stacked, of=of), village.profile(years[1])
    assert made.cells.persons.sum() == alone_.cells.persons.sum()
    one, other = figures(made), figures(alone_)
    for name in ("estimate", "se", "df", "n", "psus"):
        assert [row[name] for row in one] == pytest.approx([row[name] for row in other], rel=1e-9), name


def test_households_inside_the_persons_file_are_left_with_their_persons() -> None:
    data = tables()
    flat = village.joined(data).append_column("nobody", pa.nulls(data["persons"].num_rows, pa.int64()))
    inside = village.joined(kept(data))
    tables_ = "{from: persons, key: [house], columns: [region, area, rooms, wall, weight, stratum, segment, result]}"
    change = (f"{{path: households.parquet, {KEYED[1]}", tables_)
    people = (KEYED[0], KEYED[0].replace("}", ', where: "rel <> 14 AND result = 1"}'))
    made = village.profile({"persons": flat}, of=village.survey(change, people))
    assert_cells(made, village.profile({"persons": inside}, of=village.survey(change)))
    whole = village.profile({"persons": flat}, of=village.survey(change))
    np.testing.assert_array_equal(made.sample.psus, whole.sample.psus)
    assert made.counts["outside_emptied"] == 60 - len(set(inside["house"].to_pylist()))
    with pytest.raises(
        ConfigError, match=r"MPI-S002 .*which has the condition\n  write this `where:` under `persons:`"
    ):
        village.survey((change[0], tables_.replace("}", ', where: "result = 1"}')))


def test_a_survey_of_households_alone_has_a_universe() -> None:
    data = tables()
    households = data["households"].append_column("size", pa.array([3] * 60))
    whole = village.SURVEY.replace("design:", "members: size\ndesign:")
    for line in (
        "  persons: {path: persons.parquet, key: [house, person]}\n",
        "missing_codes: {age: [99]}\n",
        "  age: age\n",
        "  years: years\n",
        "  attends: school = 1\n",
        "  sex: {column: sex, codes: {1: man, 2: woman}}\n",
    ):
        assert line in whole
        whole = whole.replace(line, "")
    norm = village.measure(
        (village.MEASURE.split("dimensions:")[1].split("  housing:")[0], "\n"),
        ("deprived: COUNT() / rooms > 2", "deprived: rooms < 2"),
    )
    from mpi.config.composing import compose
    from mpi.config.surveys import read_survey

    plain = read_survey([compose(whole, "s.yaml")])
    with_where = read_survey([compose(whole.replace("key: [house]}", 'key: [house], where: "result = 1"}'), "s.yaml")])
    made = deprivation_profile(with_where, norm, {"households": households})
    rows = households.filter(pc.equal(households["result"], 1))
    assert_cells(made, deprivation_profile(plain, norm, {"households": rows}))
    whole_ = deprivation_profile(plain, norm, {"households": households})
    np.testing.assert_array_equal(made.sample.psus, whole_.sample.psus)


def test_dwellings_outside_take_their_households_with_them() -> None:
    data = tables()
    households = data["households"].append_column("dwelling", pa.array([i // 2 for i in range(60)]))
    dwellings = pa.table({"dwelling": list(range(30)), "vacant": [int(i % 5 == 0) for i in range(30)]})
    of = village.survey(
        (
            f"households.parquet, {KEYED[1]}",
            f"households.parquet, {KEYED[1][:-1]}, dwelling: [dwelling]}}\n"
            '  dwellings: {path: dwellings.parquet, key: [dwelling], where: "vacant = 0"}',
        ),
        ("domains:\n", "domains:\n  vacant: vacant\n"),
    )
    made = village.profile({**data, "households": households, "dwellings": dwellings}, of=of)
    assert made.domains[0].labels == ("0",)
    assert (made.counts["outside_dwellings"], made.counts["households"]) == (6, 48)


def test_replicate_weights_of_households_outside_are_no_fault() -> None:
    data = tables()
    rng = np.random.default_rng(5)
    own = pa.table({"house": data["households"]["house"], **{f"w{i}": rng.random(60) + 1 for i in range(1, 5)}})
    out = [i for i, row in enumerate(data["households"].to_pylist()) if row["result"] == 2]
    own = village.poked({"r": own}, "r", "w1", (out[0], None))["r"]
    change = ("stratum: stratum, psu: segment}", "replicates: {method: bootstrap, columns: w*, weights: combined}}")
    table = ("tables:\n", "tables:\n  replicates: {path: r.parquet, key: [house]}\n")
    made = village.profile({**data, "replicates": own}, of=survey(change, table))
    left = kept(data)["households"]["house"]
    inside = own.filter(pc.is_in(own["house"], left))
    other = village.profile({**kept(data), "replicates": inside}, of=village.survey(change, table))
    np.testing.assert_allclose(made.cells.person_replicates, other.cells.person_replicates, rtol=RTOL)
    assert made.sample.replicate_df == other.sample.replicate_df


@pytest.mark.parametrize(("persons", "households", "said"), [
    ("rel <> 14 OR age > 1 / 0", "", "MPI-D141 village_2026.yaml:4:66: the `where` of persons is unknown for"),
    ("rel = 99", "", "MPI-D141 village_2026.yaml:4:66: the `where` of persons is true for no row"),
    ("rle <> 14", "", "the table persons has no column 'rle', which its `where` uses\n  did you mean 'rel'?"),
    ("rel", "", "MPI-R013"), ("rel = 'x'", "", "MPI-R007"), ("COUNT() > 1", "", "MPI-R010"),
    ("area = 1", "", "MPI-D010"),
    ("", "result = 3", "of households is true for no row"),
    ("house < 150", "house > 200", "MPI-D141 village_2026.yaml: the `where` conditions together leave no row of"),
])  # fmt: skip
def test_a_condition_that_cannot_be_is_refused(persons: str, households: str, said: str) -> None:
    with pytest.raises(DataError) as caught:
        village.profile(tables(), of=survey(persons=persons, households=households))
    assert said in str(caught.value)


def test_an_unknown_condition_is_counted_over_the_whole_file_and_its_remedy_is_taken(tmp_path: Path) -> None:
    data = tables()
    data = village.poked(data, "persons", "rel", *((i, None) for i in range(0, 100, 7)))
    folder = village.write(tmp_path, data, rows=9)
    with pytest.raises(DataError) as caught:
        village.profile(folder, of=survey())
    assert f"is unknown for 15 rows of {data['persons'].num_rows} in persons.parquet" in str(caught.value)
    assert "COALESCE(..., FALSE), IS NULL or IS NOT NULL" in str(caught.value)
    found = [
        village.profile(folder, of=survey(persons=text))
        for text in ("COALESCE(rel <> 14, FALSE)", "rel IS NOT NULL AND rel <> 14")
    ]
    village.assert_same(*found)
    assert village.profile(folder, of=survey(persons="rel IS NULL OR rel <> 14")).counts["outside_persons"] > 0


def test_missing_codes_and_other_names_hold_in_a_condition() -> None:
    data = tables()
    renamed = {**data, "persons": data["persons"].rename_columns({"rel": "p05"})}
    made = village.profile(renamed, of=survey(("missing_codes:", "aliases: {rel: [p05]}\nmissing_codes:")))
    village.assert_same(made, village.profile(data, of=survey()))
    with pytest.raises(DataError, match="is unknown for"):
        village.profile(data, of=survey(("missing_codes: {age: [99]}", "missing_codes: {age: [99], rel: [14]}")))


def test_calibrated_weights_want_their_whole_sample() -> None:
    change = ("psu: segment}", "psu: segment, calibration: {level: household, design_weight: weight, variables: [1]}}")
    with pytest.raises(ConfigError, match="MPI-S140"):
        survey(change)


def test_a_profile_with_another_universe_is_another() -> None:
    data = tables()
    one, other = village.profile(data, of=survey()), village.profile(data, of=survey(persons="rel < 14"))
    assert one.fingerprint != other.fingerprint
    with pytest.raises(DataError):
        one + other


@pytest.mark.usefixtures("_small")
def test_a_cluster_reads_the_same_universe(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(distributed, "SMALL", 0)
    monkeypatch.setattr(distributed, "SPAN", 25)
    data = tables()
    folder = village.write(tmp_path, data, rows=17)

    def results(cluster: object, job: Any, numbers: range, patience: float, progress: object) -> Any:
        """A cluster of this process: spans are read from a job of their own, as a worker reads them."""
        return nullcontext(("here", "read", errand.read_span(job, number)) for number in numbers)

    monkeypatch.setattr(distributed, "_results", results)
    found = distributed.deprivation_profile(survey(), village.measure(), folder, cluster=1)
    village.assert_same(found, mpi.deprivation_profile(survey(), village.measure(), data))


def in_persons(data: village.Tables) -> village.Tables:
    """The design's columns with the persons alone, as where every file repeats them and that of households does not."""
    households = {row["house"]: row for row in data["households"].to_pylist()}
    rows = [
        row | {name: households[row["house"]][name] for name in ("weight", "stratum", "segment")}
        for row in data["persons"].to_pylist()
    ]
    return {
        "persons": pa.Table.from_pylist(rows),
        "households": data["households"].drop_columns(["weight", "stratum", "segment"]),
    }


def test_a_design_that_stands_with_the_persons_keeps_its_units_too() -> None:
    data = tables()
    one, other = village.profile(in_persons(data), of=survey()), village.profile(data, of=survey())
    assert (one.sample.strata, one.sample.psu_labels) == (other.sample.strata, other.sample.psu_labels)
    assert_cells(one, other)
    lost = data["households"]["house"][
        next(i for i, r in enumerate(data["households"]["result"].to_pylist()) if r == 2)
    ]
    apart = in_persons(data)
    apart["persons"] = apart["persons"].filter(pc.not_equal(apart["persons"]["house"], lost))
    made = village.profile(apart, of=survey())
    assert made.counts["outside_unplaced"] == 1
    assert any("1 household outside have no known place in the design" in notice.text for notice in made.notices)
    inside = kept(data)
    met = set(inside["households"]["house"].to_pylist())
    houses = [row["house"] for row in data["households"].to_pylist() if row["result"] == 2 or row["house"] in met]
    own = in_persons({**inside, "households": data["households"]})
    bare = {
        "persons": own["persons"],
        "households": own["households"].filter(pc.is_in(own["households"]["house"], pa.array(houses))),
    }
    assert village.profile(bare, of=survey(persons="")).counts["outside_unplaced"] == len(houses) - len(met) > 5


def test_a_design_that_stands_in_a_module_or_with_the_dwellings_keeps_its_units_too() -> None:
    data = tables()
    own = data["households"].select(["house", "stratum", "segment"])
    rest = data["households"].drop_columns(["stratum", "segment"])
    module = ("tables:\n", "tables:\n  modules:\n    frame: {of: households, path: f.parquet, key: [house]}\n")
    made = village.profile({**data, "households": rest, "frame": own}, of=survey(module))
    village.assert_same(made, village.profile(data, of=survey()))
    dwellings = own.rename_columns({"house": "dwelling"})
    linked = rest.append_column("dwelling", rest["house"])
    of = village.survey(
        (KEYED[0], KEYED[0].replace("}", ', where: "rel <> 14"}')),
        (
            f"households.parquet, {KEYED[1]}",
            "households.parquet, key: [house], dwelling: [dwelling], where: result = 1}\n"
            "  dwellings: {path: dwellings.parquet, key: [dwelling]}",
        ),
    )
    village.assert_same(
        village.profile({**data, "households": linked, "dwellings": dwellings}, of=of),
        village.profile(data, of=survey()),
    )


def test_layers_of_a_survey_change_and_lift_the_condition() -> None:
    from mpi.config.composing import compose
    from mpi.config.surveys import read_survey

    first = village.SURVEY.replace(KEYED[0], KEYED[0].replace("}", ', where: "rel <> 14"}'))
    for text, wanted in (("where: null", None), ("where: rel < 14", "rel < 14"), ("csv: {decimal: '.'}", "rel <> 14")):
        later = f"survey: later\nlike: village_2026\ntables: {{persons: {{{text}}}}}\n"
        made = read_survey([compose(first, "a.yaml"), compose(later, "b.yaml")])
        where = made.tables["persons"].where
        assert (None if where is None else where.text) == wanted


def test_a_household_outside_is_not_explained_and_the_message_says_why() -> None:
    data = tables()
    house = next(row["house"] for row in data["households"].to_pylist() if row["result"] == 2)
    with pytest.raises(UsageError, match=r"no household has this key \(house\) inside the survey's `where:`"):
        explain(survey(), village.measure(), data, str(house))


def test_other_rows_of_one_file_are_other_data() -> None:
    """What a worker of a cluster reads is compared by digests, and the rows that it keeps are part of them."""
    table = open_survey(village.survey(), tables()).tables["persons"]
    masks = np.zeros((2, table.rows), np.bool_)
    masks[0, :3] = masks[1, 1:4] = True
    one, same, other = (
        view(table, [mask]).parts[0].digest(["house"]) for mask in (masks[0], masks[0].copy(), masks[1])
    )
    assert one == same != other
