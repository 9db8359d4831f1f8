"""Files under names that are nearly those of the survey, or in formats that are not read: told as they are."""

from __future__ import annotations

import gzip
import re
import subprocess
import sys
import unicodedata
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.csv
import pytest

from mpi.errors import MpiError, ResourceError
from mpi.profile import DeprivationProfile
from mpi.source.formats import FORMATS, foreign
from mpi.specs.survey import Survey
from tests.support import village
from tests.support.limits import MOST
from tests.support.village import assert_same, profile, survey

DATA = village.tables()


def apart(name: str) -> str:
    return unicodedata.normalize("NFD", name)


def said(folder: Path, of: Survey | None = None, data: object = None) -> str:
    with pytest.raises(MpiError) as error:
        profile(folder if data is None else data, of=of or survey())
    return str(error.value).replace(f"{folder}/", "") + "\n"


def named(name: str, of: str = "persons.parquet") -> Survey:
    return survey((of, f"'{name}'"))


@pytest.mark.parametrize(
    ("there", "asked"),
    [
        ("Persons.PARQUET", "persons.parquet"), ("personas.parquet", "persons.parquet"),
        ("persons.parquet", "persons.csv"),
        ("Educacion.parquet", "educación.parquet"), ("Ronda/persons.parquet", "ronda/persons.parquet"),
    ],
)  # fmt: skip
def test_a_file_that_is_nearly_there_is_named_and_the_remedy_works(tmp_path: Path, there: str, asked: str) -> None:
    village.write(tmp_path, DATA)
    (tmp_path / there).parent.mkdir(exist_ok=True)
    (tmp_path / "persons.parquet").rename(tmp_path / there)
    shown = there.partition("/")[0]
    message = said(tmp_path, named(asked))
    assert message == (
        f"MPI-D001 {asked}: no file of the table persons is found there\n"
        f"  there is {shown}: write `path: {shown}`, or rename it\n"
    )
    assert_same(profile(tmp_path, of=named(re.findall("`path: (.*)`", message)[0])), profile(DATA))


def test_a_pattern_in_other_letters_is_told_of(tmp_path: Path) -> None:
    village.write(tmp_path, DATA)
    (tmp_path / "persons.parquet").rename(tmp_path / "Persons_1.PARQUET")
    assert "there is Persons_1.PARQUET: write the pattern as the names are written" in said(
        tmp_path, named("persons_*.parquet")
    )


def test_where_nothing_is_near_nothing_is_named(tmp_path: Path) -> None:
    village.write(tmp_path, DATA)
    assert "  look at --data and at the survey's `path:`\n" in said(tmp_path, named("zzz.csv"))


@pytest.mark.parametrize("asked", ["educación.parquet", "educaci*ó*n.parquet", "año/educación.parquet"])
def test_accents_that_are_written_apart_are_the_same_name(tmp_path: Path, asked: str) -> None:
    village.write(tmp_path, DATA)
    place = tmp_path / apart(asked).replace("*", "")
    place.parent.mkdir(exist_ok=True)
    (tmp_path / "persons.parquet").rename(place)
    for name in (asked, apart(asked)):
        assert_same(profile(tmp_path, of=named(name)), profile(DATA))


def test_two_names_that_look_the_same_are_refused(tmp_path: Path) -> None:
    village.write(tmp_path, DATA)
    for name in ("educación.parquet", apart("educación.parquet")):
        (tmp_path / name).write_bytes((tmp_path / "persons.parquet").read_bytes())
    assert said(tmp_path, named("educación.parquet")) == (
        "MPI-D130 educación.parquet: two names there look the same, 'educación.parquet': one has its accents as "
        "separate characters\n  rename one of them, or remove it\n"
    )


def test_a_pattern_takes_all_files_however_their_accents_are_written(tmp_path: Path) -> None:
    village.write(tmp_path, DATA)
    persons = DATA["persons"]
    for i, name in enumerate(("año_1", apart("año_2"))):
        village.write(tmp_path, {name: persons.slice(100 * i, 100 if i == 0 else None)})
    assert_same(profile(tmp_path, of=named("año_*.parquet")), profile(DATA))


HEADS = {
    "a Stata file": (b"<stata_dta><header>", ".dta"), "an SPSS file": (b"$FL2@(#) SPSS DATA FILE", ".sav"),
    "a portable SPSS file": (b"40" * 100 + b"ASCII SPSS PORT FILE", ""),
    "a spreadsheet": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", ".xlsx"),
    "a SAS file": (bytes(12) + b"\xc2\xea\x81\x60\xb3\x14", ".sas7bdat"),
    "a web page, not data": (b"\n<!DOCTYPE html><html>", ""),
    "a SAS transport file": (b"HEADER RECORD*******LIBRARY HEADER RECORD!!!!!!!", ".xpt"),
    "compressed (gzip)": (gzip.compress(b"a,b\n"), ".gz"),
    "a zip archive": (b"PK\x03\x04\x14\x00", ".zip"), "a JSON file": (b'[{"house": 1}]', ""),
    "a database (SQLite)": (b"SQLite format 3\x00", ""),
    "an Arrow or Feather file": (b"ARROW1\x00\x00", ".arrow"),
}  # fmt: skip


@pytest.mark.parametrize("name", ["persons.csv", "persons.parquet"])
@pytest.mark.parametrize("says", HEADS)
def test_a_format_is_known_by_what_it_holds_whatever_it_is_called(tmp_path: Path, says: str, name: str) -> None:
    village.write(tmp_path, DATA)
    head, ending = HEADS[says]
    (tmp_path / name).write_bytes(head + b"\n1,2")
    message = said(tmp_path, named(name))
    if not ending:
        assert message.startswith(f"MPI-D004 {name}: this is {says}; the table persons is read from Parquet, CSV,")
        return
    taken = "CSV" if name.endswith("csv") else "Parquet"
    own = Path(name).suffix + ending if ending == ".gz" else ending
    assert message == (
        f"MPI-D004 {name}: this is {says}; by its name, the table persons reads it as {taken}\n"
        f"  give its name the ending {own}, also in `path:`\n"
    )


def test_a_format_is_known_by_its_name_and_each_has_a_remedy(tmp_path: Path) -> None:
    village.write(tmp_path, DATA)
    assert FORMATS
    for kind in filter(lambda one: one.suffixes, FORMATS):
        name = f"persons{kind.suffixes[0]}"
        (tmp_path / name).write_bytes(b"\x00")
        message = said(tmp_path, named(name))
        assert message.startswith(f"MPI-D004 {name}: this is {kind.says};")
        assert (name in message.split("\n")[1]) is (kind.code != ""), kind
        # What has to be installed first is said, and nothing is where the system's own tools do.
        assert re.findall(r"run `pip install ([^`]*)`, then", message) == ([kind.needs] if kind.needs else []), kind
        assert kind.line is (kind.code != "" and not kind.code.startswith(("import ", "from "))), kind
        assert foreign(tmp_path / name) is kind


@pytest.mark.parametrize("version", [114, 117, 118, 119])
def test_a_stata_file_of_any_version_is_known_whatever_it_is_called(tmp_path: Path, version: int) -> None:
    DATA["persons"].to_pandas().to_stata(tmp_path / "persons.dat", write_index=False, version=version)  # type: ignore[call-overload]
    found = foreign(tmp_path / "persons.dat")
    assert found is not None
    assert found.says == "a Stata file"


def test_a_parquet_file_that_is_called_csv_is_told_of(tmp_path: Path) -> None:
    village.write(tmp_path, DATA)
    (tmp_path / "persons.parquet").rename(tmp_path / "persons.csv")
    assert "this is a Parquet file; by its name, the table persons reads it as CSV" in said(
        tmp_path, named("persons.csv")
    )


def json(path: Path) -> None:
    DATA["persons"].to_pandas().to_json(path, orient="records")


MAKERS = {"persons.json": json, "it's persons.json": json}


@pytest.mark.slow
@pytest.mark.parametrize("name", MAKERS)
def test_the_command_that_a_message_gives_makes_a_file_that_is_read(tmp_path: Path, name: str) -> None:
    village.write(tmp_path, DATA)
    (tmp_path / "persons.parquet").unlink()
    MAKERS[name](tmp_path / name)
    message = said(tmp_path, named(name.replace("'", "''")))
    command = re.findall(r"`(python -c .*)`; then", message)[0].replace("python", sys.executable, 1)
    subprocess.run(command, shell=True, cwd=tmp_path, check=True, timeout=MOST)  # noqa: S602  the message's own command
    path = re.findall("write `path: (.*)`", message)[0]
    assert_same(profile(tmp_path, of=named(path.replace("'", "''"))), profile(DATA))


def test_a_compressed_file_without_a_second_ending_is_read_once_it_is_unpacked(tmp_path: Path) -> None:
    village.write(tmp_path, DATA)
    text = DATA["persons"].to_pandas(types_mapper=pd.ArrowDtype).to_csv(index=False)
    (tmp_path / "persons.gz").write_bytes(gzip.compress(text.encode()))
    command = re.findall("run `(.*?)`", said(tmp_path, named("persons.gz")))[0]
    subprocess.run(command, shell=True, cwd=tmp_path, check=True, timeout=MOST)  # noqa: S602  the message's own command
    (tmp_path / "persons").rename(tmp_path / "persons.csv")
    assert_same(profile(tmp_path, of=named("persons.csv")), profile(DATA))


def test_a_path_given_for_a_table_is_looked_at_too(tmp_path: Path) -> None:
    json(tmp_path / "other.json")
    message = said(tmp_path, data={**DATA, "persons": str(tmp_path / "other.json")})
    assert message.startswith("MPI-D004 other.json: this is a JSON file; the table persons is read from")


def test_formats_among_readable_files_are_a_matter_of_the_path(tmp_path: Path) -> None:
    village.write(tmp_path, DATA)
    (tmp_path / "persons.json").write_bytes(b"[]")
    assert "no kind that is read: persons.json\n  make the path more specific\n" in said(tmp_path, named("persons.*"))


def test_where_no_file_can_be_read_the_data_are_to_be_saved_otherwise(tmp_path: Path) -> None:
    village.write(tmp_path, DATA)
    (tmp_path / "persons.txt1").write_text("?")
    assert "persons.txt1\n  save the data as Parquet or CSV\n" in said(tmp_path, named("persons.txt1"))


def with_column(table: str, name: str, values: object) -> dict[str, pa.Table]:
    return {**DATA, table: DATA[table].append_column(name, pa.array(values))}


def test_columns_whose_accents_are_written_apart_are_found(tmp_path: Path) -> None:
    renamed = {**DATA, "persons": DATA["persons"].rename_columns({"years": apart("años_educación"), "age": "edad_é"})}
    village.write(tmp_path, renamed)
    for form in ("NFC", "NFD"):
        names = [unicodedata.normalize(form, name) for name in ("años_educación", "edad_é")]
        of = survey(
            ("  years: years", f"  years: {names[0]}"),
            ("  age: age", f"  age: {names[1]}"),
            ("{age: [99]}", f"{{{names[1]}: [99]}}"),
        )
        for data in (renamed, tmp_path):
            assert_same(profile(data, of=of), profile(DATA))


def test_two_columns_that_look_the_same_are_refused() -> None:
    years = DATA["persons"].column("years")
    data = with_column("persons", "año", years)
    data["persons"] = data["persons"].append_column(apart("año"), years)
    assert "MPI-D130 the frame 'persons': two columns of persons look the same, 'año': one has its" in said(
        Path(), data=data
    )


def test_missing_codes_and_signs_of_csv_go_with_columns_in_either_form(tmp_path: Path) -> None:
    village.write(tmp_path, {"households": DATA["households"]})
    persons = DATA["persons"].to_pandas(types_mapper=pd.ArrowDtype)
    years = ["NA" if value is pd.NA else str(value) for value in persons["years"]]
    persons.assign(years=years).rename(columns={"years": apart("años")}).to_csv(tmp_path / "persons.csv", index=False)
    of = survey(
        ("persons.parquet", "persons.csv"), ("years: years", "years: años"), ("{age: [99]}", "{age: [99], años: [NA]}")
    )
    assert_same(profile(tmp_path, of=of), profile(DATA))


def test_labels_that_differ_in_how_accents_are_written_alone_are_one() -> None:
    n = DATA["households"].num_rows
    valleys = ["Río" if i % 3 else apart("Río") for i in range(n)]
    data = with_column("households", "valley", valleys)
    of = survey(("domains:", "domains:\n  valley: valley"))
    found = profile(data, of=of)
    assert found.domains[found.domain("valley")].labels == ("Río",)
    coded = survey(("domains:", "domains:\n  valley: {column: valley, codes: {" + apart("Río") + ": river}}"))
    found = profile(data, of=coded)
    assert found.domains[found.domain("valley")].labels == ("river",)


def test_a_code_that_is_the_word_for_missing_is_refused_and_both_remedies_work() -> None:
    n = DATA["households"].num_rows
    valleys = [["(missing)", None, "south"][i % 3] for i in range(n)]
    data = with_column("households", "valley", valleys)
    domain = ("domains:", "domains:\n  valley: {column: valley}")
    message = said(Path(), survey(domain), data)
    head = "MPI-D133 village_2026.yaml:17:11: valley: the code '(missing)', the word for those without one"
    assert message.startswith(f"{head}, is in {n // 3} rows\n")
    declared = profile(data, of=survey(domain, ("{age: [99]}", '{age: [99], valley: ["(missing)"]}')))
    assert declared.domains[declared.domain("valley")].labels == ("south", "(missing)")
    label = 'codes: {"(missing)": nowhere, south: south}'
    named_ = profile(data, of=survey((domain[0], domain[1].replace("column: valley", f"column: valley, {label}"))))
    assert named_.domains[named_.domain("valley")].labels == ("nowhere", "south", "(missing)")


def test_a_group_of_flags_that_is_the_word_for_missing_is_refused() -> None:
    measure = village.measure()
    flags = {name: pa.array([True, False]) for name in measure.names}
    frame = pa.table({**flags, "valley": pa.array(["(missing)", None])})
    with pytest.raises(MpiError, match="MPI-D133 column 'valley', a group, holds"):
        DeprivationProfile.from_flags(frame, measure, by=["valley"], weight=None)


@pytest.mark.parametrize("second", [False, True])  # of the two readings: the header, and all rows
@pytest.mark.parametrize(
    ("error", "code"),
    [
        (MemoryError(), "MPI-U150"),
        (pa.ArrowMemoryError("malloc of size 4096 failed"), "MPI-U150"),
        (
            pa.ArrowException("Unknown error: Failed to launch worker thread: Resource temporarily unavailable"),
            "MPI-U151",
        ),
    ],
    ids=str,
)
def test_want_of_memory_or_threads_is_no_fault_of_a_csv_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: Exception, code: str, *, second: bool
) -> None:
    DATA["persons"].to_pandas().to_csv(tmp_path / "persons.csv", index=False)
    village.write(tmp_path, DATA)
    readings = []
    real = pyarrow.csv.read_csv

    def short(*args: Any, **options: Any) -> pa.Table:
        readings.append(args)
        if len(readings) == 1 + second:
            raise error
        return real(*args, **options)

    monkeypatch.setattr(pyarrow.csv, "read_csv", short)
    with pytest.raises(ResourceError) as refused:
        profile(tmp_path, of=named("persons.csv"))
    assert [fault.code for fault in refused.value.faults] == [code]
    assert len(readings) == 1 + second
