"""Truths from lists of codes, and columns under patterns of names: the same profile as in the plain form."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.csv as pc
import pytest

from mpi.errors import ConfigError, DataError, MpiError
from tests.support import village

RULE = "  attends: school = 1"
TYPES = {"numbers": lambda school: school, "texts": lambda school: school.cast(pa.string())}


@pytest.mark.parametrize("words", [("yes", "no"), ("true", "false"), ("Sí", "No"), ("sim", "não")], ids="-".join)
@pytest.mark.parametrize("form", TYPES)
def test_codes_that_say_yes_and_no_are_a_truth_where_the_measure_declares_one(
    form: str, words: tuple[str, str]
) -> None:
    tables = village.tables()
    expected = village.profile(tables)
    codes = f"  attends: {{column: school, codes: {{1: {words[0]}, 2: {words[1]}}}}}"
    data = village.replaced(tables, "persons", "school", TYPES[form](tables["persons"]["school"].combine_chunks()))
    made = village.profile(data, of=village.survey((RULE, codes)))
    village.assert_same(made, expected)
    swapped = village.profile(
        data, of=village.survey((RULE, codes.replace("{1:", "{0:").replace("2:", "1:").replace("0:", "2:")))
    )
    assert not np.array_equal(swapped.cells.pattern, expected.cells.pattern)


def test_a_code_that_the_list_of_a_truth_does_not_hold_is_refused_and_a_missing_one_is_unknown() -> None:
    tables = village.tables()
    school = tables["persons"]["school"].combine_chunks()
    data = village.replaced(
        tables, "persons", "school", pa.array([9 if one is None else one for one in school.to_pylist()])
    )
    codes = (RULE, "  attends: {column: school, codes: {1: yes, 2: no}}")
    with pytest.raises(DataError, match=r"MPI-D015 .*attends: \d+ rows .*codes that its list does not hold"):
        village.profile(data, of=village.survey(codes))
    missing = ("missing_codes: {age: [99]}", "missing_codes: {age: [99], school: [9]}")
    village.assert_same(village.profile(data, of=village.survey(codes, missing)), village.profile(tables))


def test_other_labels_are_no_truth_and_the_message_says_what_to_write() -> None:
    codes = (RULE, "  attends: {column: school, codes: {1: yes, 2: sometimes}}")
    with pytest.raises(ConfigError) as error:
        village.profile(village.tables(), of=village.survey(codes))
    assert str(error.value) == (
        "MPI-S011 village_2026.yaml:12:12: 'attends' is a text here; village declares a truth\n"
        "  compare it, such as `attends: COLUMN = 1`, or write `attends: {column: COLUMN, codes: {1: yes, 2: no}}` "
        "with every code"
    )


def written(folder: Path, **names: str) -> Path:
    """The village as CSV files, with some columns of persons under other names."""
    for name, table in village.tables().items():
        own = [names.get(column, column) if name == "persons" else column for column in table.column_names]
        pc.write_csv(table.rename_columns(own), folder / f"{name}.csv")
    return folder


CSV = (("persons.parquet", "persons.csv"), ("households.parquet", "households.csv"))


def aliases(text: str) -> tuple[str, str]:
    return "variables:", f"aliases: {{{text}}}\nvariables:"


@pytest.mark.parametrize("pattern", ["P6040*", "P6040S?", "P60*", "edad, P6040*"])
def test_a_pattern_names_a_column_and_its_missing_codes(tmp_path: Path, pattern: str) -> None:
    data = written(tmp_path, age="P6040S1")
    made = village.profile(data, of=village.survey(*CSV, aliases(f"age: [{pattern}]")))
    village.assert_same(made, village.profile(village.tables()))


def test_a_name_that_is_there_counts_before_patterns(tmp_path: Path) -> None:
    plain = village.profile(written(tmp_path), of=village.survey(*CSV, aliases("age: ['?e?', y*]")))
    village.assert_same(plain, village.profile(village.tables()))


def test_a_pattern_that_fits_several_columns_is_refused_and_one_that_fits_none_is_a_missing_column(
    tmp_path: Path,
) -> None:
    data = written(tmp_path, age="P6040S1", years="P6040S2")
    several = village.survey(*CSV, aliases("age: [P6040*], years: [P6040S2]"))
    with pytest.raises(MpiError, match=r"MPI-D011 .*'age' of persons is there under several names: P6040S1, P6040S2"):
        village.profile(data, of=several)
    none = village.survey(*CSV, aliases("age: ['P[6]*'], years: [P6040S2]"))
    with pytest.raises(MpiError, match="no table has the column 'age'"):
        village.profile(data, of=none)
