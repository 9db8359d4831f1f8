"""Folders, archives with several members and census texts converted: each for itself, stacked, or joined by a key."""

from __future__ import annotations

import zipfile
from functools import partial
from pathlib import Path

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import mpi
from mpi.errors import MpiError
from mpi.source.labels import Labels, labels_in
from tests.source.test_kinds import DATA
from tests.support import commands, village
from tests.support.village import assert_same, profile, survey

PERSONS = "house,person,age,fexp\n1,1,30,1.5\n1,2,5,1.5\n2,1,60,2\n"
SCHOOL = "house,person,years,fexp\n2,1,3,2\n1,1,11,1.5\n"
HEAD = ["Variable", "Inicio", "Fin", "Tipo", "Descripción", "Categorías", "Códigos perdidos", "Decimales"]
ROWS = [
    ["hogar", 1, 3, "texto", "Hogar", None, None, None],
    ["persona", 4, 5, "numérico", "Persona", None, None, None],
    ["edad", 6, 8, "numérico", "Edad", None, "98-99; 120", None],
    ["peso", 9, 12, "numérico", "Factor", None, None, 1],
    ["sexo", 13, 14, "numérico", "Sexo", "01 = Hombre", None, None],
    [None, None, None, None, None, "2: Mujer", None, None],
]
CENSUS = "00101030001501\n00102005001502\n00201099002001\n002022    2502\n"


def census(folder: Path, rows: list[list[object]] = ROWS, text: str = CENSUS) -> Path:
    book = openpyxl.Workbook()
    for row in [["Diccionario del censo"], [], HEAD, *rows]:
        book.active.append(row)
    book.save(folder / "dic.xlsx")
    (folder / "censo.dat").write_text(text)
    return folder / "censo.dat"


def modules(folder: Path) -> Path:
    (folder / "mod").mkdir()
    (folder / "mod" / "car.csv").write_text(PERSONS)
    (folder / "mod" / "edu.csv").write_text(SCHOOL)
    return folder / "mod"


def rows(path: Path) -> list[dict[str, object]]:
    return pq.read_table(path).to_pylist()


def test_a_census_is_converted_with_all_that_its_dictionary_says(tmp_path: Path) -> None:
    (found,) = mpi.convert(census(tmp_path), tmp_path / "new", fixed=tmp_path / "dic.xlsx")
    assert rows(found.path) == [
        {"hogar": "001", "persona": 1, "edad": 30, "peso": 1.5, "sexo": 1},
        {"hogar": "001", "persona": 2, "edad": 5, "peso": 1.5, "sexo": 2},
        {"hogar": "002", "persona": 1, "edad": None, "peso": 2.0, "sexo": 1},
        {"hogar": "002", "persona": 2, "edad": 2, "peso": 2.5, "sexo": 2},
    ]
    assert labels_in(pq.read_schema(found.path)) == {
        "hogar": Labels(title="Hogar"), "persona": Labels(title="Persona"), "peso": Labels(title="Factor"),
        "edad": Labels(title="Edad", missing=((98, 99), (120, 120)), counts={"099": 1}),
        "sexo": Labels(title="Sexo", values={"1": "Hombre", "2": "Mujer"}),
    }  # fmt: skip


def test_a_survey_reads_a_census_with_its_workbook_and_takes_its_labels(tmp_path: Path) -> None:
    village.write(tmp_path, {"households": DATA["households"]})
    persons = DATA["persons"].to_pandas().convert_dtypes().astype("string").fillna("")
    sizes = {name: max(persons[name].str.len()) for name in persons}
    lines = ["".join(value.rjust(sizes[name]) for name, value in row.items()) for _, row in persons.iterrows()]
    starts = [1 + sum([*sizes.values()][:j]) for j in range(len(sizes))]
    own = [[name, start, start + size - 1] for start, (name, size) in zip(starts, sizes.items(), strict=True)]
    census(tmp_path, own, "\n".join(lines) + "\n")
    of = survey(("path: persons.parquet", "path: censo.dat, fixed: dic.xlsx"))
    assert_same(profile(tmp_path, of=of), profile(DATA))


@pytest.mark.parametrize(
    ("cell", "value", "message"),
    [
        (1, "uno", "MPI-D005 {dic}:4: hogar: `start` cannot be 'uno'"),
        (2, 0, "MPI-D005 {dic}:4: hogar: `end` cannot be '0'"),
        (3, "fecha", "MPI-D005 {dic}:4: hogar: `type` cannot be 'fecha'"),
        (5, "Hombre", "MPI-D005 {dic}:4: hogar: `labels` cannot be 'Hombre'"),
        (6, "9-1", "MPI-D005 {dic}:4: hogar: `missing` cannot be '9-1'"),
        (7, 3, "MPI-D005 {dic}:4: hogar: `decimals` cannot be '3'"),
        (0, "persona", "MPI-D011 {dic}:5: two columns are called persona"),
    ],
)
def test_what_a_dictionary_says_wrong_is_told_by_its_row(
    tmp_path: Path, cell: int, value: object, message: str
) -> None:
    first = [value if j == cell else old for j, old in enumerate(ROWS[0])]
    file = census(tmp_path, [first, *ROWS[1:]])
    with pytest.raises(MpiError) as error:
        mpi.convert(file, tmp_path / "new", fixed=tmp_path / "dic.xlsx")
    assert message.format(dic=tmp_path / "dic.xlsx") in str(error.value)
    assert not (tmp_path / "new").exists()


def test_members_and_files_of_folders_are_converted_each_for_itself(tmp_path: Path) -> None:
    folder = modules(tmp_path)
    (folder / "notes.pdf").write_bytes(b"%PDF")
    with zipfile.ZipFile(tmp_path / "two.zip", "w") as archive:
        archive.writestr("a/car[1].csv", PERSONS)
        archive.writestr("edu.csv", SCHOOL)
        archive.writestr("read me.pdf", "%PDF")
    of_folder = mpi.convert(folder, tmp_path / "new")
    of_archive = mpi.convert(tmp_path / "two.zip", tmp_path / "other")
    assert [one.path.name for one in of_folder] == ["car.parquet", "edu.parquet"]
    assert [one.path.name for one in of_archive] == ["car[1].parquet", "edu.parquet"]
    for one, other in zip(of_folder, of_archive, strict=True):
        assert rows(one.path) == rows(other.path) and len(rows(one.path)) == one.rows > 1


def test_columns_of_folders_stay_columns_of_one_file(tmp_path: Path) -> None:
    for region in ("05", "11"):
        (tmp_path / "data" / f"region={region}").mkdir(parents=True)
        (tmp_path / "data" / f"region={region}" / "p.csv").write_text("a\n1\n")
    (found,) = mpi.convert(tmp_path / "data", tmp_path / "new")
    assert found.path.name == "data.parquet"
    assert rows(found.path) == [{"a": 1, "region": "05"}, {"a": 1, "region": "11"}]


def test_parts_are_stacked_under_one_name(tmp_path: Path) -> None:
    (tmp_path / "p").mkdir()
    (tmp_path / "p" / "a.csv").write_text("a;b\n1;x\n")
    with zipfile.ZipFile(tmp_path / "p" / "b.zip", "w") as archive:
        archive.writestr("b1.csv", "a;b\n200;y\n")
        archive.writestr("b2.csv", "b;a\nz;3\n")
    expected = [{"a": 1, "b": "x"}, {"a": 200, "b": "y"}, {"a": 3, "b": "z"}]
    for number, paths in enumerate([[tmp_path / "p"], [tmp_path / "p" / "a.csv", tmp_path / "p" / "b.zip"]]):
        (found,) = mpi.convert(paths, tmp_path / f"new{number}", into="persons")
        assert (found.path.name, rows(found.path)) == ("persons.parquet", expected)
    with pytest.raises(MpiError, match="MPI-D013") as error:
        mpi.convert(modules(tmp_path), tmp_path / "other", into="persons")
    assert "--join house" in str(error.value) and not (tmp_path / "other").exists()


def test_modules_are_joined_by_a_key(tmp_path: Path) -> None:
    (found,) = mpi.convert(modules(tmp_path), tmp_path / "new", into="persons", join=["house", "person"])
    assert rows(found.path) == [
        {"house": 1, "person": 1, "age": 30, "fexp": 1.5, "years": 11},
        {"house": 1, "person": 2, "age": 5, "fexp": 1.5, "years": None},
        {"house": 2, "person": 1, "age": 60, "fexp": 2.0, "years": 3},
    ]
    assert found.remarks[-1] == "1 of 3 rows has no row in edu.csv: unknown there"


def test_joined_columns_are_those_of_an_independent_join(tmp_path: Path) -> None:
    persons = DATA["persons"].to_pandas()
    keys = ["house", "person"]
    half = [name for name in persons if name not in keys][::2]
    left, right = persons.drop(columns=half), persons[keys + half].sample(frac=0.7, random_state=1)
    left.to_parquet(tmp_path / "a.parquet")
    right.to_csv(tmp_path / "b.csv", index=False)
    (found,) = mpi.convert([tmp_path / "a.parquet", tmp_path / "b.csv"], tmp_path / "new", into="p", join=keys)
    expected = left.merge(right, how="left", on=keys)
    new = pq.read_table(found.path).to_pandas()
    assert new.columns.tolist() == expected.columns.tolist() and len(half) > 1
    for name in expected:
        assert new[name].astype("object").where(new[name].notna(), None).tolist() == (
            expected[name].astype("object").where(expected[name].notna(), None).tolist()
        )


@pytest.mark.parametrize(
    ("school", "join", "message"),
    [
        (SCHOOL + "7,1,3,2\n", "house,person", "MPI-D036 edu.csv: 1 row of edu.csv without a row in car.csv"),
        (SCHOOL + "1,1,3,2\n", "house,person", "MPI-D032 edu.csv: 1 row of edu with the key (house, person)"),
        (SCHOOL, "house", "MPI-D032 car.csv: 1 row of car with the key (house) of another row"),
        (SCHOOL, "house,persona", "MPI-D010 car.csv: there is no column 'persona' to join by"),
        (SCHOOL.replace("3,2", "3,9"), "house,person", "MPI-D011 edu.csv: column 'fexp' has other values than in car"),
        (SCHOOL.replace("2,1", "x,1"), "house,person", "MPI-D033 edu.csv"),
    ],
)
def test_what_cannot_be_joined_is_refused_and_leaves_nothing(
    tmp_path: Path, school: str, join: str, message: str
) -> None:
    (modules(tmp_path) / "edu.csv").write_text(school)
    with pytest.raises(MpiError) as error:
        mpi.convert(tmp_path / "mod", tmp_path / "new", into="persons", join=join.split(","))
    assert message in str(error.value) and not (tmp_path / "new").exists()


def test_a_damaged_part_stops_what_is_made_of_all_parts_alone(tmp_path: Path) -> None:
    folder = modules(tmp_path)
    (folder / "bad.zip").write_bytes(b"PK")
    with pytest.raises(MpiError, match="MPI-D003"):
        mpi.convert(folder, tmp_path / "new", into="persons")
    assert not (tmp_path / "new").exists()
    with pytest.raises(MpiError, match="MPI-D003"):
        mpi.convert(folder, tmp_path / "new")
    assert sorted(path.name for path in (tmp_path / "new").iterdir()) == ["car.parquet", "edu.parquet"]
    (tmp_path / "empty").mkdir()
    with pytest.raises(MpiError, match=r"MPI-D001 .*: no file of the folder can be read"):
        mpi.convert(tmp_path / "empty", tmp_path / "new")


@pytest.mark.parametrize("wrong", [{"into": "../x"}, {"into": ""}, {"join": "house"}, {"fixed": "none.csv"}])
def test_names_and_dictionaries_that_cannot_be_are_refused_first(tmp_path: Path, wrong: dict[str, str]) -> None:
    with pytest.raises(MpiError, match="MPI-U212"):
        mpi.convert(modules(tmp_path), tmp_path / "new", **wrong)  # type: ignore[arg-type]
    assert not (tmp_path / "new").exists()


def test_the_command_takes_a_census_and_joins(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run = partial(commands.run, capsys)
    folder = modules(tmp_path)
    found = run("convert", str(folder), "-o", str(tmp_path / "new"), "--into", "p", "--join", "house,person")
    assert (found.code, pq.read_metadata(tmp_path / "new" / "p.parquet").num_columns) == (0, 5)
    assert "  1 of 3 rows has no row in edu.csv: unknown there\n" in found.out
    found = run("convert", str(census(tmp_path)), "-o", str(tmp_path / "new"), "--fixed", str(tmp_path / "dic.xlsx"))
    assert found.code == 0 and "edad: int64 -> int8; Edad; missing: 099 (1)" in found.out
    assert pa.types.is_integer(pq.read_schema(tmp_path / "new" / "censo.parquet").field("sexo").type)
