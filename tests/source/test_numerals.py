"""Numbers of CSV files as offices write them: read as they are meant, or refused, and never otherwise."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mpi.columns.values import Number, where_known
from mpi.config.surveys import load_survey
from mpi.errors import DataError, MpiError
from mpi.profile import DeprivationProfile
from mpi.source import numerals
from mpi.source.numerals import one_number
from mpi.source.table_opening import open_table
from mpi.source.tables import Opened
from mpi.specs.data_files import Dialect
from mpi.specs.survey import Survey
from tests.support import village
from tests.support.village import assert_same, profile, survey

DATA = village.tables()
SIGNS = [(".", None), (",", None), (".", ","), (",", "."), (".", " "), (",", "\u202f"), (".", "'"), (",", "\u00a0")]
CSV = (("persons.parquet", "persons.csv"), ("households.parquet", "households.csv"))


def opened(folder: Path, *files: list[str], dialect: Dialect | None = None, codes: list[str] | None = None) -> Opened:
    """A table of one column `x` in some files, each cell in quotes."""
    for i, cells in enumerate(files):
        rows = "".join(f'{row};"{cell}"\n' for row, cell in enumerate(cells))
        (folder / f"t{i}.csv").write_text(f"row;x\n{rows}", encoding="utf-8")
    return open_table("persons", "t*.csv", folder, dialect or Dialect(), {"x": codes or []})


def read(folder: Path, *files: list[str], dialect: Dialect | None = None) -> list[float | None]:
    """The numbers of the column; raises what would be raised if it were read."""
    table = opened(folder, *files, dialect=dialect)
    if fault := table.refused.get("x"):
        raise DataError(fault)
    values = table.whole(["x"])["x"]
    assert isinstance(values, Number), table.nearly.get("x")
    known = where_known(values).tolist()
    return [float(value) if there else None for value, there in zip(values.values, known, strict=True)]


def as_written(number: Decimal, decimal: str, thousands: str | None, places: int) -> str:
    text = f"{number:,.{places}f}"
    return text.replace(",", "T").replace(".", decimal).replace("T", thousands or "")


@given(
    numbers=st.lists(st.decimals(-(10**7), 10**7, places=3), min_size=1, max_size=6),
    signs=st.sampled_from(SIGNS),
    places=st.sampled_from([0, 1, 2, 3]),
    stated=st.sampled_from(["no", "both"]),
)
def test_numbers_are_read_as_they_were_meant_or_refused(
    tmp_path_factory: pytest.TempPathFactory,
    numbers: list[Decimal],
    signs: tuple[str, str | None],
    places: int,
    stated: str,
) -> None:
    decimal, thousands = signs
    cells = [as_written(number, decimal, thousands, places) for number in numbers]
    meant = [float(round(number, places)) for number in numbers]
    blank = {"\u202f": " ", "\u00a0": " "}.get(thousands or "", thousands)
    dialect = Dialect() if stated == "no" else Dialect(decimal=decimal, thousands=blank)
    try:
        found = read(tmp_path_factory.mktemp("t"), cells, dialect=dialect)
    except DataError as error:
        assert stated == "no" and error.faults[0].code == "MPI-D131"
        sign = "," if "," in "".join(cells) else "."
        assert all(cell.lstrip("-").count(sign) == 0 or len(cell.rpartition(sign)[2]) == 3 for cell in cells)
        return
    assert found == meant


DOUBTFUL = [
    ["1.250", "950", "12.000"], ["1,250", "950"], ["-1.250"], ["1.250", "1250"], ["1,000"], [" 1.250 ", "12"],
    ["1.250", "", "."],
]  # fmt: skip


@pytest.mark.parametrize("cells", DOUBTFUL)
def test_a_column_that_can_be_read_in_two_ways_is_refused_with_the_way_out(tmp_path: Path, cells: list[str]) -> None:
    dialect = Dialect(missing=(".",))
    with pytest.raises(DataError) as error:
        read(tmp_path, cells, dialect=dialect)
    sign = "." if "." in cells[0] else ","
    number = sum(sign in cell.strip() and cell != "." for cell in cells)
    fault = error.value.faults[0]
    assert (
        fault.code == "MPI-D131" and f"column 'x' of persons can be read in two ways: in {number} of its" in fault.text
    )
    for stated, factor in ((Dialect(decimal=sign, missing=(".",)), 1), (Dialect(thousands=sign, missing=(".",)), 1000)):
        key = "decimal" if factor == 1 else "thousands"
        assert f'`csv: {{{key}: "{sign}"}}`' in fault.remedy
        first = read(tmp_path, cells, dialect=stated)[0]
        assert first is not None and abs(first) == abs(float(cells[0].replace(",", "."))) * factor


@pytest.mark.parametrize(
    ("cells", "meant"),
    [
        (["1.250,75", "3.100"], [1250.75, 3100]), (["1,250.75", "3,100"], [1250.75, 3100]),
        (["12,5", "1,250"], [12.5, 1.25]), (["1.250.000", "1.250"], [1250000, 1250]),
        (["0.250", "1.250"], [0.25, 1.25]), (["1250.500", "1.250"], [1250.5, 1.25]),
        (["1e+05", "2"], [100000, 2]), ([" 12 ", "\u00a07"], [12, 7]), (["-1.250,5", "-3"], [-1250.5, -3]),
        (["12", " "], [12, None]), (["101.0", "102.0"], [101, 102]), (["1 250", "950"], [1250, 950]),
        (["1\u2019250", "3"], [1250, 3]), (["9223372036854775807"], [float(2**63 - 1)]),
    ],
)  # fmt: skip
def test_one_row_that_tells_is_enough(tmp_path: Path, cells: list[str], meant: list[float | None]) -> None:
    assert read(tmp_path, cells) == meant


def test_files_of_one_table_are_read_alike(tmp_path: Path) -> None:
    assert read(tmp_path, ["1.250", "950"], ["3.100,5"]) == [1250, 950, 3100.5]
    with pytest.raises(DataError, match="MPI-D131"):
        read(tmp_path, ["1.250"], ["1250"])
    assert opened(tmp_path, ["1", "2"], ["3", "x"]).columns["x"] == "text"


def test_codes_stay_texts(tmp_path: Path) -> None:
    for cells in (["0012", "13"], ["12345678901234567890", "1"], ["1A", "2"], ["01.5"], ["12.5.3", "1.1.1"]):
        table = opened(tmp_path, cells)
        assert table.columns["x"] == "text" and not table.refused


def test_signs_are_stated_for_one_column_alone(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("a;b\n1.250;12.5\n950;1.250\n", encoding="utf-8")
    table = open_table("persons", "t.csv", tmp_path, Dialect(columns={"a": Dialect(thousands=".")}))
    values = table.whole(["a", "b"])
    assert [values[name].values.tolist() for name in "ab"] == [[1250, 950], [12.5, 1.25]]  # type: ignore[union-attr]  # numbers
    assert table.remarks[0].endswith("decimal '.', thousands '.' (a)")


def test_a_column_that_is_written_otherwise_than_stated_says_how_to_state_it(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("a;b\n1.250;12.5\n950;0.250\n", encoding="utf-8")
    fault = open_table("persons", "t.csv", tmp_path, Dialect(thousands=".")).nearly["b"]
    assert (
        fault.text
        == "column 'b' of persons is a text because 2 of its 2 cells are written otherwise than `csv:` states"
    )
    assert '`csv: {columns: {b: {decimal: "."}}}` where they part decimals' in fault.remedy
    mended = Dialect(thousands=".", columns={"b": Dialect(decimal=".")})
    values = open_table("persons", "t.csv", tmp_path, mended).whole(["a", "b"])
    assert [values[name].values.tolist() for name in "ab"] == [[1250, 950], [12.5, 0.25]]  # type: ignore[union-attr]  # numbers


def test_decimal_commas_in_quotes_in_a_file_with_commas(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text('a,b\n"12,5",1\n"3,25",2.5\n', encoding="utf-8")
    table = open_table("persons", "t.csv", tmp_path, Dialect())
    values = table.whole(["a", "b"])
    assert [values[name].values.tolist() for name in "ab"] == [[12.5, 3.25], [1, 2.5]]  # type: ignore[union-attr]  # numbers
    assert table.remarks[0].endswith("decimal ',' (a) and '.' (b)")


# A whole survey from CSV, its weights in thousands, its years of schooling with marks.


def frame(name: str) -> pd.DataFrame:
    return DATA[name].to_pandas(types_mapper=pd.ArrowDtype)


def as_csv(folder: Path, **changed: pd.DataFrame) -> Path:
    for name in DATA:
        changed.get(name, frame(name)).to_csv(folder / f"{name}.csv", sep=";", index=False)
    return folder


def said(folder: Path, of: Survey) -> str:
    with pytest.raises(MpiError) as error:
        profile(folder, of=of)
    return str(error.value).replace(f"{folder}/", "")


def with_(csv: str, table: str = "persons") -> Survey:
    key = {"persons": "persons.csv, key: [house, person]", "households": "households.csv, key: [house]"}[table]
    return survey(*CSV, (key, f"{key}, csv: {{{csv}}}"))


def in_thousands() -> tuple[pd.DataFrame, DeprivationProfile]:
    households = frame("households")
    plain = households.assign(weight=[1250 + 7 * i if i % 3 else 950 for i in range(len(households))])
    dotted = plain.assign(weight=[f"{weight:,}".replace(",", ".") for weight in plain["weight"]])
    return dotted, profile({**DATA, "households": plain})


def test_weights_with_dots_between_thousands_are_refused_until_the_survey_says_what_they_are(tmp_path: Path) -> None:
    dotted, expected = in_thousands()
    as_csv(tmp_path, households=dotted)
    assert said(tmp_path, survey(*CSV)).startswith(
        "MPI-D131 households.csv: column 'weight' of households can be read in two ways: in 40 of its 60 cells dots may"
    )
    assert_same(profile(tmp_path, of=with_('thousands: "."', "households")), expected)
    assert_same(profile(tmp_path, of=with_('columns: {weight: {thousands: "."}}', "households")), expected)
    dotted["note"] = "1.250"  # nobody reads it
    as_csv(tmp_path, households=dotted.assign(weight=[text.replace(".", "") for text in dotted["weight"]]))
    assert_same(profile(tmp_path, of=survey(*CSV)), expected)


def marked(mark: str) -> pd.DataFrame:
    persons = frame("persons")
    return persons.assign(years=[year if i % 5 else mark for i, year in enumerate(years(persons))])


def years(persons: pd.DataFrame) -> list[str]:
    return ["" if year is pd.NA else str(year) for year in persons["years"]]


def without() -> DeprivationProfile:
    persons = frame("persons")
    return profile({**DATA, "persons": persons.assign(years=persons["years"].where(persons.index % 5 != 0, None))})


@pytest.mark.parametrize("mark", ["NA", ".", "#NULL!", ".a", "sin dato", "año s/d —"])
def test_a_mark_of_missing_values_is_told_of_and_can_be_stated(tmp_path: Path, mark: str) -> None:
    as_csv(tmp_path, persons=marked(mark))
    cells = sum(cell != "" for cell in marked(mark)["years"])
    head, tail = f"41 of its {cells} cells are no number, all the same text", f'`csv: {{missing: ["{mark}"]}}`'
    message = said(tmp_path, survey(*CSV)) + "\n"
    assert f"MPI-D132 persons.csv: column 'years' of persons is a text because {head} '{mark}'\n" in message
    assert f"  if it means that the value is missing, write {tail} in the table persons\n" in message
    assert_same(profile(tmp_path, of=with_(f'missing: ["{mark}"]')), without())
    codes = ("missing_codes: {age: [99]}", f'missing_codes: {{age: [99], years: [98, "{mark}"]}}')
    assert_same(profile(tmp_path, of=survey(*CSV, codes)), without())


def test_a_cell_of_blanks_is_missing_by_itself(tmp_path: Path) -> None:
    for blank in (" ", "   ", "\u00a0"):
        assert_same(profile(as_csv(tmp_path, persons=marked(blank)), of=survey(*CSV)), without())


def test_missing_codes_are_heard_under_the_name_that_the_column_has_in_the_file(tmp_path: Path) -> None:
    as_csv(tmp_path, persons=marked("NA").rename(columns={"years": "p10"}))
    of = survey(
        *CSV, ("missing_codes: {age: [99]}", "aliases: {years: [p10]}\nmissing_codes: {age: [99], years: [NA]}")
    )
    assert_same(profile(tmp_path, of=of), without())


def test_texts_that_may_be_of_one_person_are_not_quoted(tmp_path: Path) -> None:
    persons = frame("persons")
    cells = years(persons)
    cells[3], cells[4], cells[5] = "canary-7f3a", "12 years", "NA"
    message = said(as_csv(tmp_path, persons=persons.assign(years=cells)), survey(*CSV))
    number = sum(cell != "" for cell in cells)
    assert f"3 of its {number} cells are no number, with 3 texts, 'NA' among them\n  look at these cells" in message
    assert "canary" not in message and "12 years" not in message
    cells[3], cells[4], cells[5] = "12.5", "12.5", "7,5"
    message = said(as_csv(tmp_path, persons=persons.assign(years=cells)), survey(*CSV))
    assert f"1 of its {number} cells is written in another way than the other numbers" in message


def test_a_remedy_lists_no_more_texts_than_can_be_looked_at(tmp_path: Path) -> None:
    marks = [f"text {i:02}" for i in range(21)]
    for number, begin in ((20, "if it means that the value is missing, write"), (21, "look at these cells, and list")):
        remedy = opened(tmp_path, ["1", "2", *(10 * marks[:number])]).nearly["x"].remedy
        assert remedy.startswith(begin)
        assert "`csv: {missing: [" + ", ".join(f'"{mark}"' for mark in marks[:20]) + "]}`" in remedy


def test_a_weight_with_marks_says_so(tmp_path: Path) -> None:
    households = frame("households")
    weights = ["NA" if i == 7 else str(weight) for i, weight in enumerate(households["weight"])]
    message = said(as_csv(tmp_path, households=households.assign(weight=weights)), survey(*CSV))
    assert "the weight is a text, not a number" in message and "all the same text 'NA'" in message


def test_stated_signs_that_part_nothing_are_refused(tmp_path: Path) -> None:
    key, wrong = "persons.parquet, key: [house, person]", "decimal: ',', thousands: ',', columns: {x: {thousands: _}}"
    text = village.SURVEY.replace(key, f"{key}, csv: {{{wrong}}}")
    (tmp_path / "s.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(MpiError) as error:
        load_survey(tmp_path / "s.yaml")
    assert [fault.text for fault in error.value.faults] == [
        "table persons: csv: ',' cannot separate both thousands and decimals",
        "table persons: csv: columns: x: '_' cannot separate thousands",
    ]


# Cells of every way to write numbers, and of none: a column is drawn from a few of them.
TRICKY = (
    "0", "7", "-7", "007", "1.5", "-1.5", ".5", "-.5", "5.", "1,5", ",5", "1.250", "1,250", "1.250,5", "1,250.5",
    "1 250", "1\u00a0250", "1\u202f250,5", "1'250.5", "1\u2019250", "12.345", "1e5", "1.5E-3", "1e1000", "-", "+5",
    "nan", "inf", "1.2.3", "99999999999999999999", "0.1", "00.5", "x", "", " ", " 1.5", "1.5 ", "\t2.25", "NS",
    "1.5\u00a0", "--", "9.75", "3,75",
)  # fmt: skip
STATED = (
    Dialect(),
    Dialect(decimal=","),
    Dialect(decimal="."),
    Dialect(thousands="."),
    Dialect(decimal=".", thousands=","),
)


@settings(max_examples=400, deadline=None)
@given(
    st.lists(st.lists(st.sampled_from(TRICKY), max_size=6), min_size=1, max_size=6, unique_by=tuple),
    st.lists(st.integers(0, 5), min_size=1, max_size=30),
    st.sampled_from(STATED),
    st.sampled_from([[], ["NS"], [" 0 "]]),
    st.integers(1, 5),
)
def test_the_first_cells_only_spare_work(
    kinds: list[list[str]], order: list[int], stated: Dialect, missing: list[str], first: int
) -> None:
    few = [text for own in kinds for text in own] or [""]
    cells: list[str | None] = [few[i % len(few)] or None for i in order]
    column = pa.chunked_array(
        [pa.array(cells[: len(cells) // 2], pa.string()), pa.array(cells[len(cells) // 2 :], pa.string())]
    )
    bare = numerals.trimmed(column, missing)
    gone = {"", *(text.strip() for text in missing)}
    expected = [None if cell is None or cell.strip() in gone else cell.strip() for cell in cells]
    assert bare.to_pylist() == expected
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(numerals, "FIRST", first)
        quick = numerals.written(bare, stated)
        patched.setattr(numerals, "FIRST", 0)  # without any cell nothing is known beforehand
        patched.setattr(numerals, "BARE", np.zeros(256, np.bool_))  # and all cells are looked at for blanks
        slow = numerals.written(bare, stated)
        assert quick == slow
        if quick.kind in ("whole", "decimal"):
            plain = numerals.numbers(bare, slow).to_pylist()
            patched.undo()
            assert numerals.numbers(bare, quick).to_pylist() == plain


def test_a_column_whose_first_cells_allow_one_sign_is_looked_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    weights = pa.chunked_array([pa.array([None, "12", "30.25", "7.125", *["0.5"] * numerals.FIRST])])
    assert numerals.written(weights, Dialect()) == numerals.Written(
        kind="decimal", reading=numerals.Reading("."), cells=numerals.FIRST + 3
    )
    looked_at: list[int] = []
    match = pc.match_substring_regex

    def counted(cells: pa.ChunkedArray, pattern: str) -> pa.ChunkedArray:
        looked_at.append(len(cells))
        return match(cells, pattern)

    monkeypatch.setattr(pc, "match_substring_regex", counted)
    numerals.written(weights, Dialect())
    assert [size for size in looked_at if size > numerals.FIRST] == [len(weights)]


@pytest.mark.parametrize(
    "text",
    [
        "",
        " 1",
        "1 ",
        "1_000",
        "nan",
        "NaN",
        "inf",
        "-Infinity",
        "0x10",
        "1,5",
        "1.2.3",
        "\u0663",
        "1e",
        ".",
        "+",
        "1e9999",
    ],
)
def test_a_cell_that_Python_alone_takes_for_a_number_is_none(text: str) -> None:
    assert one_number(text) is None


@given(st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**20), max_value=10**20))
def test_numbers_of_small_tables_are_exact(number: Decimal) -> None:
    assert one_number(str(number)) == number
    assert one_number(f"{number:f}") == number
