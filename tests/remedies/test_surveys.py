"""Every remedy of a message about a survey against its measure and files, followed: mended as it says, it is taken.

Binding, designs, replicate weights, calibration, modules, conditions on rows, and files of text as offices have them.
"""

# ruff: noqa: E501  files stand here as they are written

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from mpi.config.composing import compose
from mpi.config.surveys import read_survey
from mpi.pipeline.estimating import estimate
from mpi.pipeline.passing import deprivation_profile
from mpi.profile import MISSING_LEVEL
from mpi.specs.measure import Measure
from tests.config import test_designs
from tests.pipeline.test_design import (
    BASED,
    CALIBRATION,
    DATA,
    DESIGN,
    OWN,
    STRATUM,
    in_households,
    in_persons,
    in_their_own,
    more,
)
from tests.source.test_lines import CODE, LINES
from tests.source.test_lines import DATA as WITH_INCOME
from tests.source.test_lines import OWN as POOR_BY_LINE
from tests.support import village
from tests.support.remedies import Doing, Row, follow
from tests.support.village import poked, replaced

LINE = f"{{{CODE}, lines: {{path: lines.csv, from: {{{CODE}}}, value: line}}}}"


def lined(lines: pa.Table, line: str = LINE, missing: str = "") -> Doing:
    """A survey with income lines of a file."""

    def done(folder: Path) -> object:
        edits = [("  rooms: rooms", f"  rooms: rooms\n  income: income\n  line: {line}")]
        edits += [("{age: [99]}", f"{{age: [99], {missing}}}")] if missing else []
        return deprivation_profile(village.survey(*edits), POOR_BY_LINE, {**WITH_INCOME, "lines_line": lines})

    return done


ABOUT = village.measure(("missing: exclude", "missing: exclude\nuniverse: age > 5"))
BARE = ("weight: weight, stratum: stratum, psu: segment", "weight: weight")


NOT_HELD = {
    **DATA,
    "households": pa.concat_tables(
        [DATA["households"], replaced({"h": DATA["households"].slice(0, 1)}, "h", "house", [9999])["h"]]
    ),
}
WITHOUT = "  households: {path: households.parquet", '  households: {where: "house < 9999", path: households.parquet'


def taken(
    *edits: tuple[str, str], data: Mapping[str, object] = DATA, by: Measure | None = None, figures: bool = False
) -> Doing:
    """The village's survey with some of its text replaced, under other data or another measure."""

    def done(folder: Path) -> object:
        measure = by or village.measure()
        found = deprivation_profile(village.survey(*edits), measure, data)
        return estimate(found, measure) if figures else found

    return done


def designed(design: str, data: Mapping[str, object] = DATA, *edits: tuple[str, str], figures: bool = False) -> Doing:
    return taken(*edits, ("psu: segment}", f"psu: segment{design}}}"), data=data, figures=figures)


def read(design: str, base: str = test_designs.BASE) -> Doing:
    """Only the survey's text."""
    return lambda folder: read_survey([compose(base + design, "s.yaml")])


def replicated(columns: str, data: Mapping[str, object]) -> Doing:
    return designed(DESIGN.replace("columns: w*", columns), data)


BINDING = [
    Row("MPI-S010", "add it under `variables:`", taken(("  wall: wall\n", "")), [taken()]),
    Row("MPI-S010", "did you mean 'romos'?", taken(("  rooms: rooms", "  romos: rooms")), [taken()]),
    Row("MPI-S011", "compare or recode it", taken(("  rooms: rooms", "  rooms: region")),
        [taken(("  rooms: rooms", "  rooms: CASE WHEN region = '01' THEN 1 ELSE 2 END"))]),
    Row("MPI-S011", "compare it, such as `attends: COLUMN = 1`, or write `attends: {column: COLUMN, codes: {1: yes, 2: no}}` with every code",
        taken(("  attends: school = 1", "  attends: school")), [taken(), taken(("  attends: school = 1", "  attends: {column: school, codes: {1: yes, 2: no}}"))]),
    Row("MPI-S012", "use an aggregate", taken(("  rooms: rooms", "  rooms: age")),
        [taken(("  rooms: rooms", "  rooms: MAX(age)")), taken()]),
    Row("MPI-S013", "write labels that the measure declares, or declare it there", taken(("{1: urban, 2: rural}", "{1: urban, 2: rural, 3: sea}")),
        [taken(), taken(("{1: urban, 2: rural}", "{1: urban, 2: rural, 3: sea}"), by=village.measure(("[urban, rural]", "[urban, rural, sea]")))]),
    Row("MPI-S013", "did you mean 'rural'?", taken(("{1: urban, 2: rural}", "{1: urban, 2: Rural}")), [taken()]),
    Row("MPI-R014", "define one of them with columns only", taken(("  age: age\n", "  age: kid + 1\n  kid: child + 1\n  child: kid + 1\n"), ("missing_codes: {age: [99]}\n", "")),
        [taken(("  age: age\n", "  age: kid + 1\n  kid: child + 1\n  child: years + 1\n"), ("missing_codes: {age: [99]}\n", ""))]),
    Row("MPI-R015", "give the survey's variable another name",
        taken(("  age: age\n", "  age: age\n  minor: sex = 'man'\n"), ("  years: years\n", "  years: CASE WHEN minor THEN 1 ELSE years END\n")),
        [taken(("  age: age\n", "  age: age\n  small: sex = 'man'\n"), ("  years: years\n", "  years: CASE WHEN small THEN 1 ELSE years END\n"))]),
    Row("MPI-R015", "give the variable another name",
        taken(("  age: age\n", "  age: age\n  rooms: stratum\n  size: rooms + 1\n"), ("  rooms: rooms\n", ""), ("  years: years", "  years: size")),
        [taken(("  age: age\n", "  age: age\n  places: stratum + 1\n  size: places + 1\n"), ("  years: years", "  years: size"))]),
    Row("MPI-S009", "table: households",
        taken(data=more("persons", area=np.arange(204) % 2 + 1)),
        [taken(("{column: area, codes", "{column: area, table: households, codes"), ("{column: area, width", "{column: area, table: households, width"),
               data=more("persons", area=np.arange(204) % 2 + 1))]),
    Row("MPI-D010", "did you mean 'weight'?", taken(("weight: weight", "weight: wieght")), [taken()]),
    Row("MPI-D040", "divide its inputs first", taken(by=village.measure(("COUNT() / rooms", "COUNT() * 9000000000000000000"))),
        [taken(by=village.measure(("COUNT() / rooms", "COUNT() / 1000 * 9000000000000000")))]),
    Row("MPI-D133", "under `missing_codes:`", taken(data=replaced(DATA, "households", "region", [MISSING_LEVEL] * 60)),
        [taken(("{age: [99]}", f"{{age: [99], region: ['{MISSING_LEVEL}']}}"), data=replaced(DATA, "households", "region", [MISSING_LEVEL] * 60)),
         taken(("  region: region", f"  region: {{column: region, codes: {{'{MISSING_LEVEL}': nowhere}}}}"), data=replaced(DATA, "households", "region", [MISSING_LEVEL] * 60))]),
]  # fmt: skip

BLOCKS = more("households", blocks=[None, *[9.0] * 59])
HOMES = more("households", blocks=np.full(60, 30), homes=np.full(60, 80))
STAGES = ", fpc: {count: blocks}, second_stage: {unit: segment, fpc: {count: homes}}"
DESIGNS = [
    Row("MPI-D024", "give the number of units", designed(", fpc: {count: blocks}", BLOCKS),
        [designed(", fpc: {count: blocks}", more("households", blocks=[9.0] * 60))]),
    Row("MPI-D024", "declare `fraction`", designed(", fpc: {count: part}", more("households", part=[0.5] * 60)),
        [designed(", fpc: {fraction: part}", more("households", part=[0.5] * 60))]),
    Row("MPI-D024", "declare `count`", designed(", fpc: {fraction: blocks}", more("households", blocks=[9.0] * 60)),
        [designed(", fpc: {count: blocks}", more("households", blocks=[9.0] * 60)),
         designed(", fpc: {fraction: blocks}", more("households", blocks=[0.9] * 60))]),
    Row("MPI-D012", "store it as numbers", designed(", fpc: {count: own}", more("households", own=["9"] * 60)), [designed(", fpc: {count: own}", more("households", own=[9] * 60))]),
    Row("MPI-D034", "give each household one value", designed(", fpc: {count: own}", more("persons", own=np.arange(204) + 9)),
        [designed(", fpc: {count: own}", more("persons", own=np.full(204, 9)))]),
    Row("MPI-D038", "fill it in", designed(", single_psu: collapse, collapse: {order: place}", more("households", place=[None, *STRATUM[1:].tolist()])),
        [designed(", single_psu: collapse, collapse: {order: place}", more("households", place=STRATUM))]),
    Row("MPI-D060", "give all rows of a stratum the same number", designed(", fpc: {count: own}", more("households", own=np.arange(60) + 9)),
        [designed(", fpc: {count: own}", more("households", own=np.full(60, 9)))]),
    Row("MPI-D061", "give the number in the population", designed(", fpc: {count: own}", more("households", own=np.full(60, 1))),
        [designed(", fpc: {count: own}", more("households", own=np.full(60, 50))), designed(", fpc: {fraction: own}", more("households", own=np.full(60, 1)))]),
    Row("MPI-D062", "give all rows of a stratum the same code",
        designed(", single_psu: collapse, collapse: {order: place}", more("households", place=np.arange(60))),
        [designed(", single_psu: collapse, collapse: {order: place}", more("households", place=STRATUM))]),
    Row("MPI-D028", "write the codes as in the column", designed(', single_psu: collapse, collapse: {"0": "01"}'),
        [designed(', single_psu: collapse, collapse: {"0": "1"}')]),
    Row("MPI-D063", "write the codes as they are in the data, or leave them out",
        designed(', single_psu: collapse, collapse: {"0": "1", "9": "1"}', figures=True),
        [designed(', single_psu: collapse, collapse: {"0": "1"}', figures=True), designed(', single_psu: collapse, collapse: {"0": "1", "2": "1"}', figures=True)]),
    Row("MPI-D039", "collapse, centered, certainty or scaled", taken(("psu: segment", "psu: stratum"), figures=True),
        [*[taken(("psu: segment}", f"psu: stratum, single_psu: {how}}}"), figures=True) for how in ("centered", "certainty")],
         taken(("psu: segment}", 'psu: stratum, single_psu: collapse, collapse: {"0": "1", "2": "1"}}'), figures=True),
         taken(("psu: segment}", "psu: some, single_psu: scaled}"), figures=True,
               data=more("households", some=np.where(STRATUM == 1, 0, np.arange(60))))]),
    Row("MPI-D039", "name in the map a stratum for each to join", taken(("psu: segment}", 'psu: stratum, single_psu: collapse, collapse: {"0": "1"}}'), figures=True),
        [taken(("psu: segment}", 'psu: stratum, single_psu: collapse, collapse: {"0": "1", "2": "1"}}'), figures=True)]),
    Row("MPI-D071", "set `single_psu: certainty`", designed(STAGES, HOMES, figures=True),
        [designed(f", single_psu: certainty{STAGES}", HOMES, figures=True), designed(", fpc: {count: blocks}", HOMES, figures=True)]),
    Row("MPI-D010", "as the file does", replicated("columns: x*", in_households()), [replicated("columns: w*", in_households()), replicated("columns: [w1, w2]", in_households())]),
    Row("MPI-D010", "those that there are", replicated("columns: w1..w5", in_households()), [replicated("columns: w1..w3", in_households())]),
    Row("MPI-S009", "say which: `table: persons`", replicated("columns: w*", {**in_households(), "persons": in_persons()["persons"]}),
        [replicated("columns: w*, table: persons", {**in_households(), "persons": in_persons()["persons"]})]),
    Row("MPI-S019", "number them in the file without gaps, or list them", replicated("columns: w*", more("households", w1=np.ones(60), w3=np.ones(60))),
        [replicated("columns: w*", more("households", w1=np.ones(60), w2=np.ones(60))), replicated("columns: [w1, w3]", more("households", w1=np.ones(60), w3=np.ones(60)))]),
    Row("MPI-S019", "a pattern that fits two or more, or list them", replicated("columns: w*", more("households", w1=np.ones(60), v2=np.ones(60))),
        [replicated("columns: [w1, v2]", more("households", w1=np.ones(60), v2=np.ones(60)))]),
    Row("MPI-S019", "give one for each, or one number for all", replicated("columns: w*, rscales: [1, 2]", in_households()),
        [replicated("columns: w*, rscales: [1, 2, 1]", in_households()), replicated("columns: w*, rscales: 1", in_households())]),
    Row("MPI-D012", "store them as numbers", replicated("columns: w*", more("households", w1=np.ones(60), w2=["a"] * 60)),
        [replicated("columns: w*", more("households", w1=np.ones(60), w2=np.ones(60)))]),
    Row("MPI-D025", "weights of 0 or more", designed(DESIGN, poked(in_households(), "households", "w2", (0, None))), [designed(DESIGN, in_households())]),
    Row("MPI-D026", "the same survey and year, with all rows", designed(DESIGN, {**DATA, "replicates": in_their_own()["replicates"].slice(3)}, OWN),
        [designed(DESIGN, in_their_own(), OWN)]),
    Row("MPI-D035", "leave them out by `where:` of the table of households", taken(data=NOT_HELD), [taken(), taken(WITHOUT, data=NOT_HELD)]),
    Row("MPI-D036", "the same survey and year, with all rows", designed(DESIGN, {**DATA, "replicates": pa.concat_tables([in_their_own()["replicates"],
        pa.table({"number": [1], "w1": [1.0], "w2": [1.0], "w3": [1.0]})])}, OWN), [designed(DESIGN, in_their_own(), OWN)]),
    Row("MPI-S020", "use an aggregate such as COUNT_IF, or `level: person`", designed(CALIBRATION % "age", BASED),
        [designed(CALIBRATION % "COUNT_IF(age IS NULL)", BASED)]),
    Row("MPI-S020", "name a variable with `codes: {1: man, 2: woman}`, or write a number", designed(CALIBRATION % "region", BASED),
        [designed(CALIBRATION % "place", BASED, ("variables:\n", "variables:\n  place: {column: region, codes: {'01': a, '02': b, '03': c}}\n")),
         designed(CALIBRATION % "CASE WHEN region = '01' THEN 1 ELSE 0 END", BASED)]),
    Row("MPI-D027", 'write "COALESCE(x, 0)" in quotes', designed(CALIBRATION % "rooms", BASED), [designed(CALIBRATION % '"COALESCE(rooms, 0)"', BASED)]),
    Row("MPI-D020", "a weight of 0 or more", designed(CALIBRATION % "1", poked(BASED, "households", "base", (0, None))), [designed(CALIBRATION % "1", BASED)]),
]  # fmt: skip


def both(text: str) -> str:
    return f"  stratum: s\n  psu: p\n{text}"


LONELY = test_designs.BASE.replace("  persons: {path: persons.csv, key: [house, person]}\n", "").replace(
    "design:", "members: size\ndesign:"
)
CALIBRATED = "  calibration: {level: household, design_weight: b, variables: [1]}\n"


def two_weights(base: str = test_designs.BASE) -> str:
    return base.replace("  weight: w\n", "  weight: {persons: p, households: w}\n")


TEXTS = [
    Row("MPI-S016", "write {count: COLUMN} or {fraction: COLUMN}", read(both("  fpc: {}\n")), [read(both("  fpc: {count: n}\n")), read(both("  fpc: {fraction: n}\n"))]),
    Row("MPI-S016", "leave out `fpc` or `census`", read("  census: yes\n  fpc: {count: n}\n"), [read("  census: yes\n"), read("  fpc: {count: n}\n")]),
    Row("MPI-S017", "give `fpc: {count: COLUMN}`, or leave the second stage out", read(both("  fpc: {count: n}\n  second_stage: {unit: u}\n")),
        [read(both("  fpc: {count: n}\n  second_stage: {unit: u, fpc: {count: m}}\n")), read(both("  fpc: {count: n}\n"))]),
    Row("MPI-S017", "add `fpc: {count: COLUMN}`", read(both("  second_stage: {fpc: {count: m}}\n")), [read(both("  fpc: {count: n}\n  second_stage: {fpc: {count: m}}\n")), read(both(""))]),
    Row("MPI-S017", "name the column of the PSU", read("  fpc: {count: n}\n  second_stage: {fpc: {count: m}}\n"),
        [read("  psu: p\n  fpc: {count: n}\n  second_stage: {fpc: {count: m}}\n"), read("  fpc: {count: n}\n")]),
    Row("MPI-S018", "write {a stratum: the one that it joins}", read(both("  single_psu: collapse\n  collapse: {}\n")), [read(both("  single_psu: collapse\n  collapse: {a: b}\n"))]),
    Row("MPI-S018", "join each one to a stratum that stays", read(both("  single_psu: collapse\n  collapse: {a: a}\n")), [read(both("  single_psu: collapse\n  collapse: {a: b}\n"))]),
    Row("MPI-S018", 'add `collapse: {"31": "32"}`, or `collapse: {order: COLUMN}`', read(both("  single_psu: collapse\n")),
        [read(both('  single_psu: collapse\n  collapse: {"31": "32"}\n')), read(both("  single_psu: collapse\n  collapse: {order: o}\n"))]),
    Row("MPI-S018", "write it, or leave `collapse` out", read(both("  collapse: {a: b}\n")), [read(both("  single_psu: collapse\n  collapse: {a: b}\n")), read(both(""))]),
    Row("MPI-S018", "name the column of the `stratum`", read("  psu: p\n  single_psu: collapse\n  collapse: {a: b}\n"), [read(both("  single_psu: collapse\n  collapse: {a: b}\n"))]),
    Row("MPI-S142", "name only the weight of households", read("", two_weights(LONELY)), [read("", LONELY)]),
    Row("MPI-S142", "name one of them, `weight: COLUMN`, or leave `calibration` out", read(CALIBRATED, two_weights()),
        [read(CALIBRATED), read("", two_weights())]),
    Row("MPI-S142", "or write `weights: factors` if they are factors of both", read(test_designs.REPLICATES, two_weights()),
        [read(test_designs.REPLICATES), read(test_designs.REPLICATES.replace("combined", "factors"), two_weights())]),
    Row("MPI-D146", "add them to the file, or declare those that mean no answer as `missing_codes:`", lined(LINES.slice(0, 5)), [lined(LINES), lined(LINES.slice(0, 3), missing="area: [2]")]),
    Row("MPI-D146", "fill in both, or remove the rows", lined(LINES.set_column(2, "line", pa.array([None, 1.0, 1.0, 1.0, 1.0, 1.0]))), [lined(LINES)]),
    Row("MPI-D146", "give each code one row; name under `from:` all columns", lined(pa.concat_tables([LINES, LINES])), [lined(LINES)]),
    Row("MPI-S006", "write `column:` or `columns:` beside it, and nothing else", lined(LINES, "{rule: rooms, lines: {path: lines.csv, from: region, value: line}}"), [lined(LINES)]),
    Row("MPI-S140", "leave `universe:` out, declare a domain of those inside, and estimate by it",
        taken(("psu: segment}", f"psu: segment{CALIBRATION % '1'}}}"), data=BASED, by=ABOUT),
        [taken(("psu: segment}", f"psu: segment{CALIBRATION % '1'}}}"), ("domains:\n", "domains:\n  grown: \"CASE WHEN age > 5 THEN 1 ELSE 0 END\"\n"), data=BASED)]),
    Row("MPI-D145", "compare the rule with the codes of the data",
        taken(by=village.measure(("missing: exclude", "missing: exclude\nuniverse: age > 200"))), [taken(by=ABOUT)]),
    Row("MPI-S140", "make it a domain and estimate by it, or remove `calibration:`",
        taken(("psu: segment}", f"psu: segment{CALIBRATION % '1'}}}"), ("key: [house, person]}", "key: [house, person], where: \"age > 5\"}"), data=BASED),
        [taken(("psu: segment}", f"psu: segment{CALIBRATION % '1'}}}"), ("domains:\n", "domains:\n  grown: \"CASE WHEN age > 5 THEN 1 ELSE 0 END\"\n"), data=BASED),
         taken(("key: [house, person]}", "key: [house, person], where: \"COALESCE(age > 5, FALSE)\"}"), data=BASED)]),
]  # fmt: skip


def repeated(text: str, more: str = "") -> Doing:
    return read(f"  replicates: {{{text}}}\n{more}")


BOOT = "method: bootstrap, weights: combined, "
TEXTS += [
    Row("MPI-S019", "add `rho:`, such as 0.5", repeated("method: Fay, weights: combined, columns: w*"), [repeated("method: Fay, weights: combined, columns: w*, rho: 0.5")]),
    Row("MPI-S019", "leave it out", repeated(f"{BOOT}columns: w*, rho: 0.5"), [repeated(f"{BOOT}columns: w*")]),
    Row("MPI-S019", "write one such as 0.5", repeated("method: Fay, weights: combined, columns: w*, rho: 1"), [repeated("method: Fay, weights: combined, columns: w*, rho: 0.5")]),
    Row("MPI-S019", "write one such as 0.5", repeated(f"{BOOT}columns: w*, scale: 0"), [repeated(f"{BOOT}columns: w*, scale: 0.5")]),
    Row("MPI-S019", "add `rscales: [...]`", repeated("method: JKn, weights: combined, columns: [a, b]"), [repeated("method: JKn, weights: combined, columns: [a, b], rscales: [0.5, 0.5]")]),
    Row("MPI-S019", "add `scale:`, and `rscales:` if they are not 1", repeated("method: other, weights: combined, columns: [a, b]"),
        [repeated("method: other, weights: combined, columns: [a, b], scale: 0.5"), repeated("method: other, weights: combined, columns: [a, b], scale: 0.5, rscales: [1, 2]")]),
    Row("MPI-S019", "give one for each, or one number for all", repeated(f"{BOOT}columns: [a, b], rscales: [1, 2, 3]"),
        [repeated(f"{BOOT}columns: [a, b], rscales: [1, 2]"), repeated(f"{BOOT}columns: [a, b], rscales: 1")]),
    Row("MPI-S019", "write w*", repeated(f"{BOOT}columns: w**"), [repeated(f"{BOOT}columns: w*")]),
    Row("MPI-S019", "without brackets", repeated(f"{BOOT}columns: [w*, v]"), [repeated(f"{BOOT}columns: w*"), repeated(f"{BOOT}columns: w1..w9")]),
    Row("MPI-S019", "name each replicate once", repeated(f"{BOOT}columns: [a, a]"), [repeated(f"{BOOT}columns: [a, b]")]),
    Row("MPI-S019", "name at least two, w* or w1..w100", repeated(f"{BOOT}columns: [a]"), [repeated(f"{BOOT}columns: w*"), repeated(f"{BOOT}columns: w1..w100"), repeated(f"{BOOT}columns: [a, b]")]),
    Row("MPI-S019", "write the lower number first: w1..w100", repeated(f"{BOOT}columns: w9..w1"), [repeated(f"{BOOT}columns: w1..w100")]),
    Row("MPI-S019", "write w1..w100", repeated(f"{BOOT}columns: a1..b9"), [repeated(f"{BOOT}columns: w1..w100")]),
    Row("MPI-S019", "add it under `tables:`", repeated(f"{BOOT}columns: w*, table: replicates"), [
        read(f"  replicates: {{{BOOT}columns: w*, table: replicates}}\n", test_designs.BASE.replace(
            "tables:\n", "tables:\n  replicates: {path: r.csv, key: [house]}\n"))]),
    Row("MPI-S019", "leave out `replicates` or `census`", repeated(f"{BOOT}columns: w*", "  census: yes\n"), [repeated(f"{BOOT}columns: w*"), read("  census: yes\n")]),
    Row("MPI-S019", "name the `weight`", read(f"  replicates: {{{BOOT}columns: w*}}\n", test_designs.BASE.replace("weight: w", "weight: none")), [repeated(f"{BOOT}columns: w*")]),
    Row("MPI-S019", "add `replicates:`, or write `replicates: null`", read("", test_designs.BASE.replace("tables:\n", "tables:\n  replicates: {path: r.csv, key: [house]}\n")), [
        read(extra, test_designs.BASE.replace("tables:\n", "tables:\n  replicates: {path: r.csv, key: [house]}\n"))
        for extra in (f"  replicates: {{{BOOT}columns: w*}}\n", "  replicates: null\n")]),
    Row("MPI-S005", "name the columns that hold the household's key", read(f"  replicates: {{{BOOT}columns: w*}}\n", test_designs.BASE.replace("tables:\n", "tables:\n  replicates: {path: r.csv, key: [a, b]}\n")),
        [read(f"  replicates: {{{BOOT}columns: w*}}\n", test_designs.BASE.replace("tables:\n", "tables:\n  replicates: {path: r.csv, key: [number]}\n"))]),
    Row("MPI-S020", "name them, and 1 for the constant", read("  calibration: {level: household, design_weight: b, variables: []}\n"), [read("  calibration: {level: household, design_weight: b, variables: [1, age]}\n")]),
    Row("MPI-S020", "leave out one of them", read("  calibration: {level: household, design_weight: b, variables: [1]}\n  census: yes\n"), [read("  calibration: {level: household, design_weight: b, variables: [1]}\n"), read("  census: yes\n")]),
    Row("MPI-S020", "name the `weight`", read("  calibration: {level: household, design_weight: b, variables: [1]}\n", test_designs.BASE.replace("weight: w", "weight: none")), [read("  calibration: {level: household, design_weight: b, variables: [1]}\n")]),
    Row("MPI-S020", "write `level: household`", read("  calibration: {level: person, design_weight: b, variables: [1]}\n", test_designs.BASE.replace("  persons: {path: persons.csv, key: [house, person]}\n", "").replace("design:", "members: m\ndesign:").replace("variables: {age: age}", "variables: {age: age}")),
        [read("  calibration: {level: household, design_weight: b, variables: [1]}\n", test_designs.BASE.replace("  persons: {path: persons.csv, key: [house, person]}\n", "").replace("design:", "members: m\ndesign:"))]),
]  # fmt: skip
ROWS: Sequence[Row] = [*BINDING, *DESIGNS, *TEXTS]


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_a_survey_mended_as_the_remedy_says_is_taken(row: Row, tmp_path: Path) -> None:
    follow(row, tmp_path)
