"""Surveys from YAML: every fault with its place and remedy; what `like:` takes over and what it refuses."""

# ruff: noqa: E501  messages stand here as they are printed

from __future__ import annotations

from pathlib import Path

import pytest

from mpi.config import load_survey
from mpi.config.composing import compose
from mpi.config.surveys import read_survey
from mpi.errors import ConfigError
from mpi.specs.data_files import Dialect
from tests.support.bad_configs import Case, message

BASE = """\
survey: demo_2026
period: 2026
tables:
  persons: {path: persons.csv, key: [house, person]}
  households: {path: households.csv, key: [house]}
design: {weight: w, stratum: null, psu: segment}
missing_codes: {age: [99]}
aliases: {age: [EDAD]}
variables:
  age: age
  zone: {column: area, codes: {1: urban, 2: rural}}
domains:
  region: {column: region, width: 2, optional: yes}
"""

CASES = [
    Case(
        "a misspelt key and the missing one",
        "period:",
        "perido:",
        expected="""\
MPI-C009 s.yaml:1:1: the survey: the key 'period' is missing
  add `period:`
MPI-C003 s.yaml:2:1: the survey: the key 'perido' is not known
  did you mean 'period'?
""",
    ),
    Case(
        "an empty period",
        "period: 2026",
        "period: ~",
        expected="""\
MPI-C009 s.yaml:2:1: the survey: the key 'period' is empty
  give it a value, or leave the key out
""",
    ),
    Case(
        "a survey that is a list",
        """\
survey: demo_2026
period: 2026
tables:
  persons: {path: persons.csv, key: [house, person]}
  households: {path: households.csv, key: [house]}
design: {weight: w, stratum: null, psu: segment}
missing_codes: {age: [99]}
aliases: {age: [EDAD]}
variables:
  age: age
  zone: {column: area, codes: {1: urban, 2: rural}}
domains:
  region: {column: region, width: 2, optional: yes}
""",
        "[a, b]",
        expected="""\
MPI-C005 s.yaml:1:1: the survey is a mapping, not a list
  write `key: value` lines, or {key: value}
""",
    ),
    Case(
        "a survey whose name is no name",
        "survey: demo_2026",
        "survey: demo 2026",
        expected="""\
MPI-C008 s.yaml:1:9: the survey: survey: 'demo 2026' is not a name
  use letters, digits and underscores
""",
    ),
    Case(
        "a title and a source of the wrong shape",
        "period: 2026",
        """\
period: 2026
title: [x]
source: [b]""",
        expected="""\
MPI-C005 s.yaml:3:8: the survey: title is a text, not a list
  write one value; put a text of signs in quotes
MPI-C005 s.yaml:4:9: the survey: source is a text, not a list
  write one value; put a text of signs in quotes
""",
    ),
    Case(
        "an empty like",
        "period: 2026",
        """\
period: 2026
like:""",
        expected="""\
MPI-C009 s.yaml:3:1: the survey: the key 'like' is empty
  give it a value, or leave the key out
""",
    ),
    Case(
        "no table",
        """\
tables:
  persons: {path: persons.csv, key: [house, person]}
  households: {path: households.csv, key: [house]}
""",
        "tables: {}\n",
        expected="""\
MPI-S002 s.yaml:1:1: a survey needs a table of persons or of households
  add one under `tables:`
""",
    ),
    Case(
        "a table of an unknown name",
        "  persons:",
        "  people:",
        expected="""\
MPI-S004 s.yaml:1:1: without a table of persons the survey must say how many members a household has
  add `members: COLUMN`
MPI-C003 s.yaml:4:3: tables: the key 'people' is not known
  the keys are: persons, households, dwellings, replicates, modules
""",
    ),
    Case(
        "dwellings alone",
        """\
  persons: {path: persons.csv, key: [house, person]}
  households: {path: households.csv, key: [house]}
""",
        "  dwellings: {path: d.csv, key: [d]}\n",
        expected="""\
MPI-S002 s.yaml:1:1: a survey needs a table of persons or of households
  add one under `tables:`
""",
    ),
    Case(
        "persons without households",
        "  households: {path: households.csv, key: [house]}\n",
        "",
        expected="""\
MPI-S002 s.yaml:1:1: the table of households is missing
  for a file of persons that repeats the household's answers write households: {from: persons, key: [...], columns: [...]}
""",
    ),
    Case(
        "households alone without members",
        "  persons: {path: persons.csv, key: [house, person]}\n",
        "",
        expected="""\
MPI-S004 s.yaml:1:1: without a table of persons the survey must say how many members a household has
  add `members: COLUMN`
""",
    ),
    Case(
        "a table without key and path",
        "{path: persons.csv, key: [house, person]}",
        "{household: [house]}",
        expected="""\
MPI-S002 s.yaml:4:12: table persons: the key 'key' is missing
  list the columns that identify a row
MPI-S002 s.yaml:4:12: table persons: the key 'path' is missing
  name a file or a pattern
MPI-S005 s.yaml:4:12: table persons: its key must hold the key of the household (house)
  write `key: [house]`, with `household: [...]` if those columns have other names there
""",
    ),
    Case(
        "a key without columns",
        "{path: households.csv, key: [house]}",
        "{path: households.csv, key: []}",
        also=[("key: [house, person]", "key: [house, person], household: []")],
        expected="""\
MPI-S002 s.yaml:5:43: table households: its key names no column
  list the columns that identify a row
""",
    ),
    Case(
        "households inside the persons' file and in one of their own",
        "{path: households.csv, key: [house]}",
        "{from: persons, path: households.csv, key: [house]}",
        expected="""\
MPI-S002 s.yaml:5:37: table households: give either `from: persons` or `path`
  leave one out
""",
    ),
    Case(
        "persons inside the persons' file",
        "{path: persons.csv, key: [house, person]}",
        "{from: persons, key: [house, person]}",
        expected="""\
MPI-S002 s.yaml:4:12: table persons: only households can be inside the persons' file
  give a `path`
""",
    ),
    Case(
        "households inside another file",
        "{path: households.csv, key: [house]}",
        "{from: dwellings, key: [house]}",
        expected="""\
MPI-C006 s.yaml:5:22: table households: from: 'dwellings' is not known
  write one of: persons
""",
    ),
    Case(
        "lifted columns of a table of its own",
        "{path: households.csv, key: [house]}",
        "{path: households.csv, key: [house], columns: [a]}",
        expected="""\
MPI-S002 s.yaml:5:61: table households: `columns` can only be used with `from: persons`
  leave it out
""",
    ),
    Case(
        "a path that climbs out",
        "path: persons.csv",
        "path: ../persons.csv",
        expected="""\
MPI-S003 s.yaml:4:19: table persons: path is outside the data folder
  write it relative to the folder given as --data
""",
    ),
    Case(
        "a path that is a list",
        "path: persons.csv",
        "path: [a.csv, b.csv]",
        expected="""\
MPI-C005 s.yaml:4:19: table persons: path is a text, not a list
  write a pattern such as 'persons_*.csv'; declare files with other columns of the same rows as `modules:`
""",
    ),
    Case(
        "an absolute path",
        "path: persons.csv",
        "path: /etc/passwd",
        expected="""\
MPI-S003 s.yaml:4:19: table persons: path is outside the data folder
  write it relative to the folder given as --data
""",
    ),
    Case(
        "a web address",
        "path: persons.csv",
        "path: 'http://x/persons.csv'",
        expected="""\
MPI-S003 s.yaml:4:19: table persons: path is outside the data folder
  write it relative to the folder given as --data
""",
    ),
    Case(
        "a path that climbs out the Windows way",
        "path: persons.csv",
        "path: '..\\persons.csv'",
        expected="""\
MPI-S003 s.yaml:4:19: table persons: path is outside the data folder
  write it relative to the folder given as --data
""",
    ),
    Case(
        "households inside a file that is not there",
        """\
  persons: {path: persons.csv, key: [house, person]}
  households: {path: households.csv, key: [house]}
""",
        "  households: {from: persons, key: [house]}\n",
        expected="""\
MPI-S002 s.yaml:1:1: households: {from: persons} needs a table of persons
  add it under `tables:`
""",
    ),
    Case(
        "dwellings of households inside the persons' file",
        "  households: {path: households.csv, key: [house]}\n",
        """\
  households: {from: persons, key: [house]}
  dwellings: {path: d.csv, key: [d]}
""",
        expected="""\
MPI-S002 s.yaml:1:1: a table of dwellings needs households in a file of their own
  give households a `path`, or put the dwelling's columns into the persons' file
""",
    ),
    Case(
        "members beside persons",
        "period: 2026",
        """\
period: 2026
members: size""",
        expected="""\
MPI-S004 s.yaml:1:1: `members` is only for a survey without a table of persons
  leave it out
""",
    ),
    Case(
        "a reference of another length",
        "key: [house, person]",
        "key: [house, person], household: [house, year]",
        expected="""\
MPI-S005 s.yaml:4:12: table persons: `household` names 2 columns, the key of households has 1
  name one for each
""",
    ),
    Case(
        "a person's key without the household's",
        "key: [house, person]",
        "key: [person]",
        expected="""\
MPI-S005 s.yaml:4:12: table persons: its key must hold the key of the household (house)
  write `key: [house, person]`, with `household: [...]` if those columns have other names there
""",
    ),
    Case(
        "a dialect that is wrong in four ways",
        "key: [house, person]",
        "key: [house, person], csv: {delimiter: ';;', decimal: 'x', encoding: utf-99, quote: a}",
        expected="""\
MPI-S014 s.yaml:4:71: table persons: csv: the delimiter is one character, not ';;'
  write ";" or "\\t" in double quotes
MPI-C006 s.yaml:4:86: table persons: csv: decimal: 'x' is not known
  write one of: ., ,
MPI-S014 s.yaml:4:101: table persons: csv: there is no encoding 'utf-99'
  write utf-8, cp1252 or latin-1
MPI-C003 s.yaml:4:109: table persons: csv: the key 'quote' is not known
  the keys are: delimiter, decimal, encoding, thousands, missing, columns
""",
    ),
    Case(
        "a dialect that is a text",
        "key: [house, person]",
        "key: [house, person], csv: ';'",
        expected="""\
MPI-C005 s.yaml:4:59: table persons: csv is a mapping, not ';'
  write `key: value` lines, or {key: value}
""",
    ),
    Case(
        "a variable whose name is no name",
        "  age: age",
        "  my age: age",
        expected="""\
MPI-C008 s.yaml:10:3: a name in variables: 'my age' is not a name
  use letters, digits and underscores
""",
    ),
    Case(
        "a variable that is rule and column",
        "  age: age",
        "  age: {rule: age, column: age}",
        expected="""\
MPI-S006 s.yaml:10:8: age: give either a `rule` or a `column`
  a rule may be one column's name
""",
    ),
    Case(
        "a variable that is neither",
        "  age: age",
        "  age: {title: Age}",
        expected="""\
MPI-S006 s.yaml:10:8: age: give either a `rule` or a `column`
  a rule may be one column's name
""",
    ),
    Case(
        "an optional variable",
        "  age: age",
        "  age: {column: age, optional: yes}",
        expected="""\
MPI-S006 s.yaml:10:32: age: only a domain can be optional
  leave it out
""",
    ),
    Case(
        "codes and table of a rule",
        "  age: age",
        "  age: {rule: age, codes: {1: a}, table: persons, width: 2}",
        expected="""\
MPI-S006 s.yaml:10:27: age: `codes` can only be used with `column`
  leave one of them out
MPI-S006 s.yaml:10:42: age: `table` can only be used with `column`
  leave one of them out
""",
    ),
    Case(
        "an empty list of codes",
        "{1: urban, 2: rural}",
        "{}",
        expected="""\
MPI-S006 s.yaml:11:31: zone: codes: the list of codes is empty
  write {1: first, 2: second}
""",
    ),
    Case(
        "a list where codes belong",
        "{1: urban, 2: rural}",
        "[urban, rural]",
        expected="""\
MPI-C005 s.yaml:11:31: zone: codes is a mapping, not a list
  write `key: value` lines, or {key: value}
""",
    ),
    Case(
        "a code that repeats",
        "{1: urban, 2: rural}",
        "{1: urban, 1: rural}",
        expected="""\
MPI-C004 s.yaml:11:42: zone: codes: the key '1' is repeated, first in line 11
  keep one of them
""",
    ),
    Case(
        "a code without label",
        "{1: urban, 2: rural}",
        "{1: urban, 2: ~}",
        expected="""\
MPI-C005 s.yaml:11:45: zone: codes is a text, not empty
  write one value; put a text of signs in quotes
""",
    ),
    Case(
        "a width out of range",
        "width: 2",
        "width: 99",
        expected="""\
MPI-C007 s.yaml:13:35: region: width: '99' is not a whole number from 1 to 40
  write one from 1 to 40
""",
    ),
    Case(
        "a rule that ends too early",
        "  age: age",
        "  age: age +",
        expected="""\
MPI-R001 s.yaml:10:13: a value is missing before the end of the rule
""",
    ),
    Case(
        "a domain named like a column of the results",
        "  region:",
        "  poor:",
        expected="""\
MPI-S007 s.yaml:13:9: a domain cannot be called 'poor': results have a column of that name
  choose another name
""",
    ),
    Case(
        "a design without weight",
        "{weight: w, stratum: null, psu: segment}",
        "{psu: segment}",
        expected="""\
MPI-S008 s.yaml:6:9: design: the weight is missing
  name the column of the expansion factor, or write `weight: none` for an unweighted analysis
""",
    ),
    Case(
        "an empty weight is not unweighted",
        "{weight: w, stratum: null, psu: segment}",
        "{weight: null, psu: segment}",
        expected="""\
MPI-C009 s.yaml:6:10: design: the key 'weight' is empty
  give it a value, or leave the key out
""",
    ),
    Case(
        "a misspelt weight is not unweighted",
        "{weight: w, stratum: null, psu: segment}",
        "{wieght: w, psu: segment, psu_codes: unik, single_psu: centred, census: 1}",
        expected="""\
MPI-S008 s.yaml:6:9: design: the weight is missing
  name the column of the expansion factor, or write `weight: none` for an unweighted analysis
MPI-C003 s.yaml:6:10: design: the key 'wieght' is not known
  did you mean 'weight'?
MPI-C006 s.yaml:6:46: design: psu_codes: 'unik' is not known
  did you mean 'unique'?
MPI-C006 s.yaml:6:64: design: single_psu: 'centred' is not known
  did you mean 'centered'?
MPI-C006 s.yaml:6:81: design: census: '1' is not known
  write one of: yes, no, true, false
""",
    ),
    Case(
        "a design that is a text",
        "{weight: w, stratum: null, psu: segment}",
        "none",
        expected="""\
MPI-C005 s.yaml:6:9: design is a mapping, not 'none'
  write `key: value` lines, or {key: value}
MPI-S008 s.yaml:6:9: design: the weight is missing
  name the column of the expansion factor, or write `weight: none` for an unweighted analysis
""",
    ),
    Case(
        "a stratum that is column and rule",
        "stratum: null",
        "stratum: {column: s, rule: x}",
        expected="""\
MPI-S006 s.yaml:6:30: stratum: give either a `rule` or a `column`
  a rule may be one column's name
""",
    ),
    Case(
        "missing codes of the wrong shape",
        "{age: [99]}",
        "{age: {99: x}}",
        expected="""\
MPI-C005 s.yaml:7:22: missing_codes: age is a list, not a mapping
  write [a, b]
""",
    ),
    Case(
        "aliases of the wrong shape",
        "{age: [EDAD]}",
        "[EDAD]",
        expected="""\
MPI-C005 s.yaml:8:10: aliases is a mapping, not a list
  write `key: value` lines, or {key: value}
""",
    ),
    Case(
        "several faults come in the order of the file",
        "period: 2026",
        "perod: 2026",
        also=[("age: [99]", "age: {}"), ("  age: age\n", "  age: age = \n"), ("width: 2", "width: 0")],
        expected="""\
MPI-C009 s.yaml:1:1: the survey: the key 'period' is missing
  add `period:`
MPI-C003 s.yaml:2:1: the survey: the key 'perod' is not known
  did you mean 'period'?
MPI-C005 s.yaml:7:22: missing_codes: age is a list, not a mapping
  write [a, b]
MPI-R001 s.yaml:10:13: a value is missing before the end of the rule
MPI-C007 s.yaml:13:35: region: width: '0' is not a whole number from 1 to 40
  write one from 1 to 40
""",
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_a_wrong_survey_is_refused_with_every_fault(case: Case) -> None:
    assert message(case, BASE, "s.yaml", lambda root: read_survey([root])) == case.expected


def test_a_survey_keeps_what_it_says() -> None:
    text = BASE.replace(
        "key: [house, person]", "key: [house, person], csv: {delimiter: ';', decimal: ',', encoding: cp1252}"
    )
    survey = read_survey([compose(text.replace("stratum: null", "stratum: [a, b]"), "s.yaml")])
    assert survey.tables["persons"].dialect == Dialect(delimiter=";", decimal=",", encoding="cp1252")
    weight = survey.design.weight
    assert weight is not None and weight.rule is not None and weight.rule.text == "w"
    assert [part.rule.text for part in survey.design.stratum if part.rule] == ["a", "b"]
    assert survey.design.psu_codes == "nested" and survey.design.single_psu == "fail" and not survey.design.census
    assert survey.missing_codes == {"age": ("99",)} and survey.aliases == {"age": ("EDAD",)}
    assert survey.domains["region"].optional and survey.domains["region"].width == 2
    assert survey.has_persons


def test_an_unweighted_analysis_is_asked_for() -> None:
    survey = read_survey([compose(BASE.replace("weight: w", "weight: none"), "s.yaml")])
    assert survey.design.weight is None


def test_a_stratum_may_be_a_column_with_a_width() -> None:
    survey = read_survey([compose(BASE.replace("stratum: null", "stratum: {column: s, width: 3}"), "s.yaml")])
    assert survey.design.stratum[0].width == 3


def write(folder: Path, name: str, text: str) -> Path:
    path = folder / f"{name}.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_survey_takes_everything_from_the_one_that_it_is_like(tmp_path: Path) -> None:
    write(tmp_path, "demo_2026", BASE)
    later = """\
survey: demo_2027
like: demo_2026
period: 2027
tables: {persons: {path: persons_2027.csv}}
design: {psu: null}
variables: {zone: area}
domains: {sex: sex}
"""
    survey = load_survey(write(tmp_path, "demo_2027", later))
    assert (survey.name, survey.period) == ("demo_2027", "2027")
    assert (survey.tables["persons"].path, survey.tables["persons"].key) == ("persons_2027.csv", ("house", "person"))
    assert survey.tables["households"].path == "households.csv"
    assert survey.design.weight is not None and not survey.design.psu
    assert survey.variables["zone"].rule is not None and list(survey.variables) == ["age", "zone"]
    assert list(survey.domains) == ["region", "sex"]


def test_like_goes_over_several_files_and_the_nearest_one_counts(tmp_path: Path) -> None:
    write(tmp_path, "demo_2026", BASE)
    write(tmp_path, "middle", "survey: middle\nlike: demo_2026\ndesign: {weight: v}\nnote: kept")
    survey = load_survey(write(tmp_path, "top", "survey: top\nlike: middle"))
    weight = survey.design.weight
    assert weight is not None and weight.rule is not None and weight.rule.text == "v" and survey.note == {"": "kept"}


def refused(path: Path) -> str:
    with pytest.raises(ConfigError) as error:
        load_survey(path)
    return str(error.value).replace(f"{path.parent}/", "")


def test_like_in_a_ring_is_refused(tmp_path: Path) -> None:
    write(tmp_path, "first", "survey: first\nlike: second")
    path = write(tmp_path, "second", "survey: second\nlike: first")
    expected = "MPI-S001 first.yaml:2:7: `like:` is circular\n  write one of them without `like:`"
    assert refused(path) == expected
    alone = write(tmp_path, "alone", "survey: alone\nlike: alone")
    assert refused(alone) == expected.replace("first.yaml", "alone.yaml")


def test_like_of_more_than_five_files_is_refused(tmp_path: Path) -> None:
    for number in range(1, 7):
        write(tmp_path, f"s{number}", f"survey: s{number}\nlike: s{number + 1}")
    expected = "MPI-S001 s5.yaml:2:7: `like:` chains more than 5 files\n  write one of them in full"
    assert refused(tmp_path / "s1.yaml") == expected


def test_like_a_survey_that_is_not_there_is_refused(tmp_path: Path) -> None:
    path = write(tmp_path, "top", "survey: top\nlike: colombia_ecv_2052")
    expected = "MPI-S001 top.yaml:2:7: no survey is called 'colombia_ecv_2052'\n  did you mean 'colombia_ecv_2025'?"
    assert refused(path) == expected


def test_like_takes_no_path(tmp_path: Path) -> None:
    path = write(tmp_path, "top", "survey: top\nlike: ../other.yaml")
    expected = "MPI-C008 top.yaml:2:7: like: '../other.yaml' is not a name\n  use letters, digits and underscores"
    assert refused(path) == expected


def test_faults_of_several_files_come_file_by_file_the_survey_itself_first(tmp_path: Path) -> None:
    write(tmp_path, "base", BASE.replace("period:", "perod:").replace("width: 2", "width: 0"))
    path = write(tmp_path, "top", "survey: top\nlike: base\nperiod: 2027\nvariables: {age: 'age >'}")
    assert [line for line in refused(path).splitlines() if line.startswith("MPI-")] == [
        "MPI-R001 top.yaml:4:24: a value is missing before the end of the rule",
        "MPI-C003 base.yaml:2:1: the survey: the key 'perod' is not known",
        "MPI-C007 base.yaml:13:35: region: width: '0' is not a whole number from 1 to 40",
    ]
