"""Designs from YAML: corrections, second stages, collapsed strata, replicates, calibration; every fault told."""

# ruff: noqa: E501  messages stand here as they are printed

from __future__ import annotations

import re
from pathlib import Path
from textwrap import indent

import pytest

from mpi.config import load_survey
from mpi.config.composing import compose
from mpi.config.surveys import read_survey
from mpi.errors import ConfigError
from mpi.pipeline.design import declared_of
from mpi.specs.survey import Derivation, Design, Replicates, Survey

BASE = """\
survey: demo_2026
period: 2026
tables:
  persons: {path: persons.csv, key: [house, person]}
  households: {path: households.csv, key: [house]}
variables: {age: age}
design:
  weight: w
"""
PSUS = "  stratum: s\n  psu: p\n"
REPLICATES = "  replicates: {method: bootstrap, columns: wr1..wr4, weights: combined}\n"


def survey(design: str, base: str = BASE) -> Survey:
    return read_survey([compose(base + design, "s.yaml")])


def said(design: str, base: str = BASE) -> str:
    with pytest.raises(ConfigError) as error:
        survey(design, base)
    assert error.value.exit_code == 2
    return str(error.value)


def design(text: str) -> Design:
    return survey(text).design


def replicates(text: str) -> Replicates:
    found = design(f"  replicates: {{{text}}}").replicates
    assert found is not None
    return found


def ruled(number: Derivation) -> str:
    assert number.rule is not None
    return number.rule.text


def test_a_correction_says_what_its_numbers_are() -> None:
    for kind in ("count", "fraction"):
        found = design(f"{PSUS}  fpc: {{{kind}: big / 2}}").fpc
        assert found is not None and (found.kind, ruled(found.number)) == (kind, "big / 2")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            f"{PSUS}  fpc: big",
            """\
MPI-C005 s.yaml:11:8: design: fpc is a mapping, not 'big'
  write `key: value` lines, or {key: value}""",
        ),
        (
            f"{PSUS}  fpc: {{count: a, fraction: b}}",
            """\
MPI-S016 s.yaml:11:8: design: fpc: state `count`, the number of units in the population, or `fraction`, the sampled share of them
  write {count: COLUMN} or {fraction: COLUMN}""",
        ),
        (
            f"{PSUS}  fpc: {{counts: a}}",
            """\
MPI-S016 s.yaml:11:8: design: fpc: state `count`, the number of units in the population, or `fraction`, the sampled share of them
  write {count: COLUMN} or {fraction: COLUMN}
MPI-C003 s.yaml:11:9: design: fpc: the key 'counts' is not known
  did you mean 'count'?""",
        ),
        (
            "  census: yes\n  fpc: {count: a}",
            """\
MPI-S016 s.yaml:10:8: design: a census has no sample to correct
  leave out `fpc` or `census`""",
        ),
        (
            "  second_stage: {unit: house}",
            """\
MPI-S017 s.yaml:9:17: design: second_stage: it has an effect only with the number of units in each PSU
  give `fpc: {count: COLUMN}`, or leave the second stage out
MPI-S017 s.yaml:9:17: design: a second stage needs the correction of the first, `fpc`
  add `fpc: {count: COLUMN}`, or leave the second stage out
MPI-S017 s.yaml:9:17: design: a second stage needs the units of the first, `psu`
  name the column of the PSU, or leave the second stage out""",
        ),
    ],
)
def test_a_wrong_correction_is_refused(text: str, expected: str) -> None:
    assert said(text) == expected


def test_a_second_stage_names_its_unit_or_means_every_household() -> None:
    named = design(f"{PSUS}  fpc: {{count: N}}\n  second_stage: {{unit: [block, dwelling], fpc: {{fraction: f}}}}")
    assert named.second_stage is not None and named.second_stage.fpc.kind == "fraction"
    assert [part.rule.text for part in named.second_stage.unit if part.rule] == ["block", "dwelling"]
    unnamed = design(f"{PSUS}  fpc: {{count: N}}\n  second_stage: {{fpc: {{count: M}}}}").second_stage
    assert unnamed is not None and unnamed.unit == ()


def test_strata_are_collapsed_by_a_map_or_an_order() -> None:
    mapped = design(f'{PSUS}  single_psu: collapse\n  collapse: {{"31": "32", "32": 33}}').collapse
    assert mapped is not None and mapped.joins == (("31", "32"), ("32", "33")) and mapped.order is None
    ordered = design(f"{PSUS}  single_psu: collapse\n  collapse: {{order: {{column: s, width: 3}}, within: region}}")
    assert ordered.collapse is not None and ordered.collapse.joins == ()
    assert ordered.collapse.order is not None and ordered.collapse.order.width == 3
    assert ordered.collapse.within is not None and ordered.collapse.within.rule is not None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (f"{PSUS}  single_psu: collapse", """\
MPI-S018 s.yaml:11:15: design: `single_psu: collapse` needs to know which strata to merge
  add `collapse: {"31": "32"}`, or `collapse: {order: COLUMN}`"""),
        (f"{PSUS}  collapse: {{a: b}}", """\
MPI-S018 s.yaml:11:13: design: `collapse` can only be used with `single_psu: collapse`
  write it, or leave `collapse` out"""),
        ("  single_psu: collapse\n  collapse: {order: o}", """\
MPI-S018 s.yaml:10:13: design: there are no strata to merge
  name the column of the `stratum`"""),
        (f"{PSUS}  single_psu: collapse\n  collapse: {{a: a, b: c, c: d, d: b, e: b}}", """\
MPI-S018 s.yaml:12:17: design: collapse: stratum 'a' joins itself
  join each one to a stratum that stays
MPI-S018 s.yaml:12:23: design: collapse: stratum 'b' joins itself: b -> c -> d -> b
  join each one to a stratum that stays"""),
        (f"{PSUS}  single_psu: collapse\n  collapse: {{}}", """\
MPI-S018 s.yaml:12:13: design: collapse: the mapping names no stratum
  write {a stratum: the one that it joins}"""),
        (f"{PSUS}  single_psu: collapse\n  collapse: {{within: region, by: x}}", """\
MPI-C009 s.yaml:12:13: design: collapse: the key 'order' is missing
  add `order:`
MPI-C003 s.yaml:12:30: design: collapse: the key 'by' is not known
  the keys are: order, within"""),
        (f"{PSUS}  single_psu: collapse\n  collapse: [a, b]", """\
MPI-C005 s.yaml:12:13: design: collapse is a mapping, not a list
  write `key: value` lines, or {key: value}"""),
    ],
)  # fmt: skip
def test_a_wrong_collapse_is_refused(text: str, expected: str) -> None:
    assert said(text) == expected


def test_rounds_are_one_of_four_words() -> None:
    for word in ("independent", "same_psu", "rotating", "panel"):
        assert design(f"  rounds: {word}").rounds == word
    assert design("").rounds is None
    assert (
        said("  rounds: rotated")
        == "MPI-C006 s.yaml:9:11: design: rounds: 'rotated' is not known\n  did you mean 'rotating'?"
    )


@pytest.mark.parametrize(
    ("text", "scale", "rscales"),
    [
        ("method: JK1", 3 / 4, (1.0,)),
        ("method: JKn, rscales: [1/2, 1/2, 2/3, 0]", 1, (0.5, 0.5, 2 / 3, 0)),
        ("method: BRR", 1 / 4, (1.0,)),
        ("method: Fay, rho: 0.5", 1, (1.0,)),
        ("method: bootstrap", 1 / 3, (1.0,)),
        ("method: SDR", 1, (1.0,)),
        ("method: other, scale: 0.3", 0.3, (1.0,)),
        ("method: bootstrap, scale: 1/4, rscales: 2", 0.25, (2.0,)),
    ],
)
def test_scales_follow_from_the_method_unless_declared(text: str, scale: float, rscales: tuple[float, ...]) -> None:
    found = replicates(f"{text}, columns: wr1..wr4, weights: combined")
    made = declared_of(Design(weight=None, replicates=found), 4).replication
    assert made is not None
    assert made.scale == pytest.approx(scale, rel=1e-15)
    assert made.rscales == (rscales if len(rscales) > 1 else rscales * 4)


def test_columns_are_a_list_a_range_or_a_pattern() -> None:
    def columns(text: str) -> tuple[str, ...]:
        return replicates(f"method: BRR, columns: {text}, weights: factors, mse: yes, df: 30, table: persons").columns

    assert columns("[one, two]") == ("one", "two")
    assert columns("w2_8..w2_11") == ("w2_8", "w2_9", "w2_10", "w2_11")
    assert columns("wr08..wr11") == ("wr08", "wr09", "wr10", "wr11")
    assert len(columns("wr1..wr1000")) == 1000
    assert columns("wr*_x") == ("wr*_x",)
    found = replicates("method: BRR, columns: wr*, weights: factors, mse: yes, df: 30, table: persons")
    assert found.pattern and found.mse and found.df == 30 and found.table == "persons" and found.weights == "factors"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "{}",
            [
                "MPI-C009 s.yaml:9:15: design: replicates: the key 'method' is missing",
                "MPI-C009 s.yaml:9:15: design: replicates: the key 'columns' is missing",
                "MPI-C009 s.yaml:9:15: design: replicates: the key 'weights' is missing",
            ],
        ),
        (
            "{method: fay, columns: w*, weights: combine, table: dwellings, df: 0, mse: 1}",
            [
                "MPI-C006 s.yaml:9:24: design: replicates: method: 'fay' is not known",
                "MPI-C006 s.yaml:9:51: design: replicates: weights: 'combine' is not known",
                "MPI-C006 s.yaml:9:67: design: replicates: table: 'dwellings' is not known",
                "MPI-C007 s.yaml:9:82: design: replicates: df: '0' is not a whole number from 1 to 1000000",
                "MPI-C006 s.yaml:9:90: design: replicates: mse: '1' is not known",
            ],
        ),
        (
            "{method: Fay, columns: w*, weights: combined}",
            ["MPI-S019 s.yaml:9:15: design: replicates: Fay's method needs its rho"],
        ),
        (
            "{method: Fay, columns: w*, weights: combined, rho: 1, scale: 0, rscales: [1, -1]}",
            [
                "MPI-S019 s.yaml:9:66: design: replicates: rho: 1 is outside [0, 1)",
                "MPI-S019 s.yaml:9:76: design: replicates: scale: 0 is not above 0",
                "MPI-C007 s.yaml:9:92: design: replicates: rscales: '-1' is not a number such as 1/3, 0.05 or 33%",
            ],
        ),
        (
            "{method: BRR, columns: w*, weights: combined, rho: 0.5}",
            ["MPI-S019 s.yaml:9:66: design: replicates: `rho` can only be used with `method: Fay`"],
        ),
        (
            "{method: JKn, columns: w*, weights: combined}",
            [
                "MPI-S019 s.yaml:9:15: design: replicates: JKn needs a factor for each replicate, (n_h - 1) / n_h of its stratum"
            ],
        ),
        (
            "{method: other, columns: w*, weights: combined}",
            ["MPI-S019 s.yaml:9:15: design: replicates: another method needs its scale"],
        ),
        (
            "{method: JKn, columns: [a, b], weights: combined, rscales: [1, 1, 1]}",
            ["MPI-S019 s.yaml:9:74: design: replicates: rscales: there are 3, and 2 replicates"],
        ),
        (
            "{method: BRR, columns: w**, weights: combined}",
            ["MPI-S019 s.yaml:9:38: design: replicates: columns: a pattern has one star, which represents the number"],
        ),
        (
            "{method: BRR, columns: [w*], weights: combined}",
            ["MPI-S019 s.yaml:9:38: design: replicates: columns: a list can contain only names"],
        ),
        (
            "{method: BRR, columns: [a, b, a], weights: combined}",
            ["MPI-S019 s.yaml:9:38: design: replicates: columns: 'a' is repeated there"],
        ),
        (
            "{method: BRR, columns: a, weights: combined}",
            ["MPI-S019 s.yaml:9:38: design: replicates: columns: one replicate gives no variance"],
        ),
        (
            "{method: BRR, columns: [], weights: combined}",
            ["MPI-S019 s.yaml:9:38: design: replicates: columns: one replicate gives no variance"],
        ),
        (
            "{method: BRR, columns: wr9..wr1, weights: combined}",
            ["MPI-S019 s.yaml:9:38: design: replicates: columns: a range counts up, to at most 20,000 replicates"],
        ),
        (
            "{method: BRR, columns: wr1..wr99999999999, weights: combined}",
            ["MPI-S019 s.yaml:9:38: design: replicates: columns: a range counts up, to at most 20,000 replicates"],
        ),
        (
            "{method: BRR, columns: a1..b9, weights: combined}",
            ["MPI-S019 s.yaml:9:38: design: replicates: columns: the range begins with 'a' and ends with 'b'"],
        ),
        (
            "{method: BRR, columns: w*, weights: combined, table: replicates}",
            ["MPI-S019 s.yaml:9:15: design: replicates: table: the survey has no table of replicates"],
        ),
        (
            "{method: BRR, columns: w*, weights: combined}\n  census: yes",
            ["MPI-S019 s.yaml:9:15: design: a census has no sampling error"],
        ),
    ],
)
def test_wrong_replicates_are_refused(text: str, expected: list[str]) -> None:
    lines = said(f"  replicates: {text}").splitlines()
    assert [line for line in lines if line.startswith("MPI-")] == expected


def test_replicate_weights_need_the_weight_that_they_vary() -> None:
    assert said(REPLICATES, BASE.replace("weight: w", "weight: none")) == (
        "MPI-S019 s.yaml:9:15: design: replicate weights need the weight they are replicates of\n  name the `weight`"
    )


def test_a_table_of_replicates_has_the_household_s_key() -> None:
    table = "  households: {path: households.csv, key: [house]}\n"
    good = BASE.replace(table, f"{table}  replicates: {{path: r.csv, key: [numero], csv: {{delimiter: ';'}}}}\n")
    found = survey(REPLICATES, good).tables["replicates"]
    assert found.key == ("numero",) and found.dialect.delimiter == ";"
    assert said(REPLICATES, good.replace("[numero]", "[numero, year]").replace("csv: {", "household: [a], csv: {")) == (
        "MPI-S005 s.yaml:6:15: table replicates: its key names 2 columns, that of households has 1\n"
        "  name the columns that hold the household's key, in the same order\n"
        "MPI-C003 s.yaml:6:50: table replicates: the key 'household' is not known\n  the keys are: path, sql, database, key, csv, encoding, sheet, header, member, "
        "fixed"
    )


def test_a_table_of_replicates_is_used_or_said_to_be_unused() -> None:
    table = "  households: {path: households.csv, key: [house]}\n"
    own = BASE.replace(table, f"{table}  replicates: {{path: r.csv, key: [house]}}\n")
    assert said("", own) == (
        "MPI-S019 s.yaml:9:3: design: the survey has a table of replicates, and its design does not say how they were made\n"
        "  add `replicates:`, or write `replicates: null` to leave them unused"
    )
    assert "replicates" not in survey("  replicates: null\n", own).tables
    assert "replicates" in survey(REPLICATES, own).tables


CALIBRATION = (
    "  calibration: {level: person, design_weight: w0, variables: [1, age, {column: sex, codes: {1: m, 2: f}}]}"
)


def test_calibration_names_its_variables() -> None:
    found = design(CALIBRATION).calibration
    assert found is not None and found.level == "person" and ruled(found.design_weight) == "w0"
    assert [item.rule.text for item in found.variables if item.rule] == ["1", "age"]
    assert found.variables[2].codes == {"1": "m", "2": "f"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("  calibration: {}", [
            "MPI-C009 s.yaml:9:16: design: calibration: the key 'level' is missing",
            "MPI-C009 s.yaml:9:16: design: calibration: the key 'design_weight' is missing",
            "MPI-C009 s.yaml:9:16: design: calibration: the key 'variables' is missing",
        ]),
        ("  calibration: {level: house, design_weight: w +, variables: []}", [
            "MPI-C006 s.yaml:9:24: design: calibration: level: 'house' is not known",
            "MPI-R001 s.yaml:9:49: a value is missing before the end of the rule",
            "MPI-S020 s.yaml:9:62: design: calibration: there are no variables",
        ]),
        (f"{CALIBRATION}\n  census: yes", ["MPI-S020 s.yaml:9:16: design: the weights of a census are not calibrated"]),
        ("  calibration: x", ["MPI-C005 s.yaml:9:16: design: calibration is a mapping, not 'x'"]),
    ],
)  # fmt: skip
def test_a_wrong_calibration_is_refused(text: str, expected: list[str]) -> None:
    assert [line for line in said(text).splitlines() if line.startswith("MPI-")] == expected


def test_calibration_needs_weights_and_by_person_persons() -> None:
    assert said(CALIBRATION, BASE.replace("weight: w", "weight: none")).startswith(
        "MPI-S020 s.yaml:9:16: design: there are no weights that were calibrated"
    )
    persons = "  persons: {path: persons.csv, key: [house, person]}\n"
    assert said(CALIBRATION, f"members: size\n{BASE.replace(persons, '')}") == (
        "MPI-S020 s.yaml:9:16: design: calibration by person needs a table of persons\n  write `level: household`"
    )


def test_time_breaks_and_rule_set_are_kept() -> None:
    text = 'time: 2018.5\nbreaks: {"2021": {es: nueva muestra, en: new sample}, "2024": "new form"}\nreliability: cepal_2023\n'
    found = survey("", text + BASE)
    assert found.time == 2018.5 and found.reliability == "cepal_2023"
    assert found.breaks == {"2021": {"es": "nueva muestra", "en": "new sample"}, "2024": {"": "new form"}}
    plain = survey("")
    assert plain.time is None and plain.breaks == {} and plain.reliability == ""


@pytest.mark.parametrize("year", ["18", "2200", "May 2018", "-2018"])
def test_a_time_is_a_decimal_year(year: str) -> None:
    assert said("", f"time: {year}\n{BASE}").startswith("MPI-C007 s.yaml:1:7: the survey: time: ")


def test_breaks_and_rule_sets_have_their_shape() -> None:
    lines = said("", f"breaks: [2021]\nreliability: [a]\n{BASE}").splitlines()
    assert [line for line in lines if line.startswith("MPI-")] == [
        "MPI-C005 s.yaml:1:9: breaks is a mapping, not a list",
        "MPI-C005 s.yaml:2:14: the survey: reliability is a text, not a list",
    ]


def test_a_later_round_takes_over_the_design_and_may_drop_a_part(tmp_path: Path) -> None:
    design_text = f"{PSUS}  fpc: {{count: N}}\n  rounds: panel\n{REPLICATES}{CALIBRATION}\n"
    (tmp_path / "demo_2026.yaml").write_text(f"time: 2026.5\nbreaks: {{a: x}}\n{BASE}{design_text}", encoding="utf-8")
    later = "survey: later\nlike: demo_2026\nperiod: 2027\nbreaks: {b: y}\ndesign: {replicates: null, calibration: null, fpc: {fraction: f}}\n"
    (tmp_path / "later.yaml").write_text(later, encoding="utf-8")
    found = load_survey(tmp_path / "later.yaml")
    assert found.time == 2026.5 and list(found.breaks) == ["a", "b"]
    assert found.design.rounds == "panel" and found.design.replicates is None and found.design.calibration is None
    assert found.design.fpc is not None and found.design.fpc.kind == "fraction"


def test_every_design_of_the_manual_is_read() -> None:
    manual = (Path(__file__).parent.parent.parent / "docs" / "en" / "reference.md").read_text(encoding="utf-8")
    shown = re.findall(r"^```design\n(.*?)^```$", manual, re.M | re.S)
    table = "  replicates: {path: r.csv, key: [house]}\nvariables: {age: age}"
    bases = [BASE.replace("variables: {age: age}", table) if "table: replicates" in text else BASE for text in shown]
    found = [
        survey(indent(text, "  "), base.replace("  weight: w\n", "")).design
        for text, base in zip(shown, bases, strict=True)
    ]
    assert [
        sum(getattr(each, key) is not None for each in found)
        for key in ("fpc", "second_stage", "collapse", "replicates", "calibration")
    ] == [1, 1, 2, 1, 1]


def test_every_number_of_a_design_may_name_its_table() -> None:
    own = "{column: x, table: households}"
    text = f"{PSUS}  fpc: {{count: {own}}}\n  second_stage: {{unit: [{own}, y], fpc: {{fraction: {own}}}}}\n"
    text += f"  calibration: {{level: household, design_weight: {own}, variables: [{own}]}}"
    found = design(text.replace("weight: w", f"weight: {own}"))
    assert found.fpc is not None and found.second_stage is not None and found.calibration is not None
    numbers = (found.fpc.number, found.second_stage.fpc.number, found.calibration.design_weight)
    assert len(numbers) == 3 and all((one.column, one.table) == ("x", "households") for one in numbers)
    for part in (found.second_stage.unit[0], found.calibration.variables[0]):
        assert (part.column, part.table) == ("x", "households")
    base = BASE.replace("weight: w", f"weight: {own}")
    weight = survey("", base).design.weight
    assert weight is not None and (weight.column, weight.table, weight.rule) == ("x", "households", None)


@pytest.mark.parametrize("wrong", ["{}", "{table: persons}", "{column: w, rule: w}", "{rule: w, table: persons}",
                                   "{column: w, width: 2}", "{column: w, table: person}"])  # fmt: skip
def test_a_number_of_a_wrong_shape_is_refused(wrong: str) -> None:
    assert said("", BASE.replace("weight: w", f"weight: {wrong}")).startswith(("MPI-S006 s.yaml:8", "MPI-C00"))
