"""A measure bound to a survey: what is read, in which order it is computed, and every misfit told at once."""

# ruff: noqa: E501  messages stand here as they are printed

from __future__ import annotations

from collections.abc import Sequence

import pyarrow as pa
import pytest

from mpi.errors import ConfigError, DataError
from mpi.pipeline.binding import Plan, bind
from mpi.source import open_survey
from mpi.specs.measure import Measure
from mpi.specs.survey import Survey
from tests.support import village
from tests.support.village import replaced

DATA = village.tables()
SEX = "  sex: {column: sex, codes: {1: man, 2: woman}}\n"


def plan(
    *replacements: tuple[str, str],
    by: Measure | None = None,
    data: village.Tables = DATA,
    domains: Sequence[str] | None = None,
    everything: bool = False,
) -> Plan:
    opened = open_survey(village.survey(*replacements), data)
    return bind(by or village.measure(), opened, domains, everything=everything)


def said(*replacements: tuple[str, str], **options: object) -> str:
    with pytest.raises(ConfigError) as error:
        plan(*replacements, **options)  # type: ignore[arg-type]  # passed on as they are
    assert error.value.exit_code == 2
    return str(error.value)


def test_only_what_the_measure_leads_to_is_read() -> None:
    by = village.measure(
        ("      schooling: {eligible: age >= 15, deprived: MEAN(years) < 6.5, nobody: deprived}\n", "")
    )
    needs = plan(("  years: years", "  years: nowhere + 1"), by=by, domains=["region"]).needs
    assert {table: set(columns) for table, columns in needs.items()} == {
        "persons": {"age", "school"},
        "households": {"rooms", "area", "wall", "weight", "stratum", "segment", "region"},
    }


def test_everything_is_checked_on_request() -> None:
    more = ("  age: age\n", "  age: age\n  unused: nowhere\n")
    assert plan(more).needs
    assert said(more, everything=True).startswith("MPI-D010 village_2026.yaml:10:11: no table has the column 'nowhere'")


def test_steps_come_after_those_that_they_read() -> None:
    chain = ("  years: years\n", "  years: late + 0\n  late: later + 0\n  later: {column: years}\n")
    names = [step.name for step in plan(chain).steps]
    assert names.index("later") < names.index("late") < names.index("years")
    assert names.index("age") < names.index("minor")


def test_a_variable_may_be_the_column_of_its_name_or_computed_from_it() -> None:
    assert "age" in plan(("  age: age\n", "  age: age + 1\n")).needs["persons"]
    both = ("  age: age\n", "  age: {column: age}\n  older: age + 1\n"), ("  years: years", "  years: older + years")
    assert {"age", "years"} <= set(plan(*both).needs["persons"])


def test_domains_and_design_may_read_variables() -> None:
    found = plan(
        ("  region: region", "  region: CASE WHEN size >= 3 THEN 'large' ELSE 'small' END"),
        ("  age: age\n", "  age: age\n  size: COUNT()\n  ones: 1\n"),
        ("psu: segment", "psu: [segment, ones]"),
    )
    assert ("region", "household") in found.domains
    assert found.design.psu == ("design:psu0", "design:psu1")


@pytest.mark.parametrize("rule", ["heat_sourc", "{column: heat_sourc, codes: {1: gas}}", "heat_sourc + 1"])
def test_a_column_that_is_not_there_is_not_mended_by_what_is_derived_of_it(rule: str) -> None:
    found = said(("  rooms: rooms", f"  heat_source: {rule}\n  rooms: rooms"), everything=True)
    assert "no table has the column 'heat_sourc', which the variable heat_source reads" in found
    assert "did you mean" not in found and "use one of the columns" in found


def test_domains_are_those_asked_for_each_once() -> None:
    assert plan(domains=["sex", "region", "sex"]).domains == (("sex", "person"), ("region", "household"))
    assert plan(domains=[]).domains == ()
    assert [name for name, _ in plan().domains] == ["region", "area_code", "sex"]


def test_a_domain_that_the_survey_does_not_have_is_refused_with_the_nearest() -> None:
    assert said(domains=["regoin"]) == (
        "MPI-E002 the survey village_2026 has no domain 'regoin'\n  did you mean 'region'?"
    )
    assert said(domains=["xyz"]) == (
        "MPI-E002 the survey village_2026 has no domain 'xyz'\n  the survey has region, area_code, sex"
    )


def test_an_optional_domain_that_is_asked_for_must_be_there() -> None:
    optional = ("  region: region", "  region: {column: regoin, optional: yes}")
    assert plan(optional).notices[0].code == "MPI-N002"
    assert said(optional, domains=["region"]).startswith("MPI-D010 village_2026.yaml:17:11: no table has the column")


def both(column: str, kind: pa.DataType | None = None, *, alike: bool = True) -> dict[str, pa.Table]:
    """The tables, with a column of the households in that of the persons, too."""
    households, persons = DATA["households"], DATA["persons"]
    place = {house: row for row, house in enumerate(households["house"].to_pylist())}
    values = households[column].take(pa.array([place[house] for house in persons["house"].to_pylist()]))
    values = values.cast(kind) if kind is not None else values
    if not alike:
        told = values.to_pylist()
        values = pa.array([None if told[3] is not None else 1, *told[1:3], *told[3:]], values.type)
    return {**DATA, "persons": persons.append_column(column, values)}


def test_a_column_that_says_the_same_in_two_tables_is_one() -> None:
    data = both("area")
    assert [notice.code for notice in plan(data=data).notices] == ["MPI-N141"]
    assert "is in households and persons with the same values" in plan(data=data).notices[0].text
    village.assert_same(village.profile(data), village.profile(DATA))


def test_a_column_that_differs_between_two_tables_wants_its_table() -> None:
    data = both("area", alike=False)
    with pytest.raises(DataError) as caught:
        village.profile(data)
    assert str(caught.value) == (
        "MPI-S009 village_2026.yaml:13:9: column 'area', which the variable area reads, is in households, persons,"
        " and differs between them in 1 person\n  say which: {column: area, table: households}"
    )
    chosen = (
        ("{column: area, codes", "{column: area, table: households, codes"),
        ("{column: area, w", "{column: area, table: households, w"),
    )
    village.assert_same(village.profile(data, of=village.survey(*chosen)), village.profile(DATA))
    other = (chosen[0], ("{column: area, w", "{column: area, table: persons, w"))
    assert ("area_code", "person") in plan(*other, data=data).domains


def test_a_column_of_two_types_in_two_tables_wants_its_table_before_anything_is_read() -> None:
    said_ = said(data=both("area", pa.string()))
    assert said_.startswith("MPI-S009 village_2026.yaml:13:9: column 'area', which the variable area reads, is in")
    assert "say which: {column: area, table: households}" in said_


# Where a column of two tables is read: the survey's text, and that text with the remedy followed word for word.
REMEDIES = {
    "weight": ("weight: weight", "weight: SAID"), "a rule of weights": ("weight: weight", "weight: weight * 1"),
    "stratum": ("stratum: stratum", "stratum: SAID"), "psu": ("psu: segment", "psu: SAID"),
    "listed psu": ("psu: segment", "psu: [SAID]"), "variable": ("rooms: rooms", "rooms: SAID"),
    "domain": ("region: region", "region: SAID"), "own name": ("rooms: rooms", "rooms: rooms + 0"),
}  # fmt: skip


@pytest.mark.parametrize("name", REMEDIES)
def test_the_table_of_a_column_is_said_as_the_message_says(name: str) -> None:
    old, new = REMEDIES[name]
    column = {"stratum": "stratum", "psu": "segment", "listed psu": "segment", "domain": "region"}.get(
        name, "rooms" if "rooms" in old else "weight"
    )
    data = both(column, alike=False)
    with pytest.raises(DataError) as caught:
        village.profile(data, of=village.survey((old, new.replace("SAID", column))))
    (fault,) = caught.value.faults
    assert fault.code == "MPI-S009"
    way = fault.remedy
    if way.startswith("say which: "):
        changed = ((old, new.replace("SAID", way.removeprefix("say which: "))),)
    else:
        line = way.removeprefix("say which, under `variables:`: `").partition("`")[0]
        named = line.partition(":")[0]
        changed = (
            (old, new.replace(column, named) if name != "own name" else f"rooms: {named} + 0"),
            ("variables:\n", f"variables:\n  {line}\n"),
        )
    village.assert_same(village.profile(data, of=village.survey(*changed)), village.profile(DATA))


def test_a_key_belongs_to_the_highest_table_that_has_it() -> None:
    assert ("house", "household") in plan(("  region: region", "  house: house\n  region: region")).domains


def test_a_variable_that_the_survey_does_not_supply_is_told_with_the_nearest() -> None:
    assert said(("  rooms: rooms", "  romos: rooms"), ("  wall: wall\n", "")) == (
        "MPI-S010 village_2026.yaml: the survey village_2026 does not supply 'rooms', which village reads\n"
        "  did you mean 'romos'?\n"
        "MPI-S010 village_2026.yaml: the survey village_2026 does not supply 'wall', which village reads\n"
        "  add it under `variables:`"
    )


def test_a_text_is_no_number_and_a_person_s_answer_is_no_household_s() -> None:
    assert said(
        ("  rooms: rooms", "  rooms: region"), ("  wall: wall", "  wall: {column: sex, codes: {1: a, 2: b}}")
    ) == (
        "MPI-S011 village_2026.yaml:14:10: 'rooms' is a text here; village declares a number\n"
        "  compare or recode it: no value is converted silently\n"
        "MPI-S012 village_2026.yaml:15:9: 'wall' differs between the members of a household here; village declares it for "
        "the household\n  take it from a household table, or use an aggregate"
    )


def test_labels_that_the_measure_does_not_declare_are_told() -> None:
    assert said(("{1: urban, 2: rural}", "{1: urbna, 2: rural, 3: sea}")) == (
        "MPI-S013 village_2026.yaml:13:9: 'area' can be sea, urbna here; village declares rural, urban\n"
        "  write labels that the measure declares, or declare it there"
    )
    assert said(("{1: urban, 2: rural}", "{1: urban, 2: Rural}")).endswith(
        "did you mean 'rural'? (look at capitals, blanks and accents)"
    )


def test_variables_in_a_ring_are_told_once() -> None:
    ring = ("  age: age\n", "  age: kid + 1\n  kid: child + 1\n  child: kid + 1\n")
    assert said(ring, ("missing_codes: {age: [99]}\n", "")) == (
        "MPI-R014 village_2026.yaml:9:8: circular definition of variables: kid -> child -> kid\n  define one of them with columns only"
    )


def test_a_name_that_is_a_variable_and_a_column_is_refused() -> None:
    both = (
        ("  age: age\n", "  age: age\n  wall: rooms\n  size: wall + 1\n"),
        ("  wall: wall\n", ""),
        ("  years: years", "  years: size"),
    )
    assert said(*both) == (
        "MPI-S011 village_2026.yaml:10:9: 'wall' is a number here; village declares a text\n"
        "  compare or recode it: no value is converted silently\n"
        "MPI-R015 village_2026.yaml:11:9: 'wall' is both a variable and a column\n  give the variable another name"
    )


def test_a_variable_of_the_survey_must_not_hide_what_the_measure_derives() -> None:
    hidden = ("  age: age\n", "  age: age\n  minor: sex = 'man'\n")
    used = ("  years: years\n", "  years: CASE WHEN minor THEN 1 ELSE years END\n")
    assert said(hidden, used) == (
        "MPI-R015 village.yaml:10:10: 'minor' is a variable of the survey village_2026 too\n"
        "  give the survey's variable another name"
    )


def test_rules_are_checked_against_the_columns_types() -> None:
    wrong = ("  attends: school = 1", "  attends: school = 'yes'"), ("  rooms: rooms", "  rooms: wall + 1")
    assert [line for line in said(*wrong).splitlines() if line.startswith("MPI")] == [
        "MPI-R007 village_2026.yaml:12:19: 'persons.school', a number, is compared with a text ('yes')",
        "MPI-R007 village_2026.yaml:14:10: + takes a number, not a text",
    ]


def test_an_aggregate_needs_persons() -> None:
    alone = [line for line in village.SURVEY.splitlines() if "person" not in line and "missing_codes" not in line]
    from mpi.config.composing import compose
    from mpi.config.surveys import read_survey

    lines = [line for line in alone if not line.strip().startswith(("age", "sex", "years", "attends"))]
    survey: Survey = read_survey([compose("\n".join([*lines, "members: rooms"]), "alone.yaml")])
    opened = open_survey(survey, {"households": DATA["households"]})
    by = village.measure(
        ("eligible: minor, deprived: ANY(NOT attends), nobody: not_deprived", "deprived: COUNT() > 8"),
        ("eligible: age >= 15, deprived: MEAN(years) < 6.5, nobody: deprived", "deprived: rooms > 1"),
    )
    with pytest.raises(ConfigError) as error:
        bind(by, opened)
    assert [fault.code for fault in error.value.faults] == ["MPI-R010", "MPI-R010"]
    assert str(error.value.faults[0].place) == "village.yaml:15:30"


def test_a_column_of_nulls_only_fits_every_type() -> None:
    data = replaced(DATA, "households", "area", pa.nulls(60))
    assert plan(data=data).needs


def test_a_rule_of_no_known_value_is_no_number() -> None:
    assert "'rooms' is a null here; village declares a number" in said(
        ("  rooms: rooms", "  rooms: 'CASE WHEN FALSE THEN NULL END'")
    )


def test_a_design_column_that_is_not_there_is_told() -> None:
    faults = said(
        ("weight: weight", "weight: wieght + 1"),
        ("stratum: stratum", "stratum: {column: stratm}"),
        ("psu: segment", "psu: [segmnt]"),
    ).splitlines()
    assert [line for line in faults if line.startswith("MPI")] == [
        "MPI-D010 village_2026.yaml:6:18: no table has the column 'wieght', which the weight reads",
        "MPI-D010 village_2026.yaml:6:39: no table has the column 'stratm', which the stratum reads",
        "MPI-D010 village_2026.yaml:6:63: no table has the column 'segmnt', which the psu reads",
    ]
