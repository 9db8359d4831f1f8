"""Files as offices have them, made by the real libraries: the same figures as from Parquet, or one clear refusal."""

from __future__ import annotations

import base64
import bz2
import gzip
import io
import lzma
import os
import re
import shutil
import stat
import subprocess
import sys
import tarfile
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import openpyxl
import pandas as pd
import pyarrow as pa
import pyarrow.feather
import pyarrow.parquet as pq
import pyreadstat
import pytest

import mpi
from mpi.columns.values import Number, Text
from mpi.errors import MpiError
from mpi.source import packed, statistical
from mpi.source.sheets import CALC
from mpi.source.table_opening import open_table
from mpi.source.tables import Opened
from mpi.specs.data_files import Dialect, Layout
from mpi.specs.survey import Survey
from tests.support import village
from tests.support.sas import write_sas
from tests.support.village import assert_same, profile, survey

DATA = village.tables()
Maker = Callable[[pd.DataFrame, Path], object]


def frame(name: str) -> pd.DataFrame:
    return DATA[name].to_pandas()


def csv(rows: pd.DataFrame, sep: str = ",") -> bytes:
    return rows.convert_dtypes().to_csv(index=False, sep=sep).encode()


def spreadsheet_of_openoffice(rows: pd.DataFrame, path: Path) -> None:
    """A sheet as OpenOffice writes it, in its smallest form."""

    def cell(value: Any) -> str:
        if pd.isna(value):
            return "<table:table-cell/>"
        kind = 'string"' if isinstance(value, str) else f'float" office:value="{value}"'
        return f'<table:table-cell office:value-type="{kind}><text:p>{value}</text:p></table:table-cell>'

    lines = [list(rows.columns), *rows.itertuples(index=False)]
    body = "".join(f"<table:table-row>{''.join(map(cell, line))}</table:table-row>" for line in lines)
    kind = "urn:oasis:names:tc:opendocument:xmlns:"
    content = (
        f'<office:document-content xmlns:office="{kind}office:1.0" xmlns:table="{kind}table:1.0" '
        f'xmlns:text="{kind}text:1.0"><office:body><office:spreadsheet><table:table table:name="Hoja1">{body}'
        "</table:table></office:spreadsheet></office:body></office:document-content>"
    )
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("META-INF/manifest.xml", f'<m:manifest xmlns:m="{kind}manifest:1.0"/>')
        archive.writestr("content.xml", content)


def stream(rows: pd.DataFrame, path: Path) -> None:
    table = pa.Table.from_pandas(rows, preserve_index=False)
    with pa.ipc.new_stream(str(path), table.schema) as writer:
        writer.write_table(table, max_chunksize=50)


def zipped(name: str, content: bytes) -> Callable[[Path], None]:
    def write(path: Path) -> None:
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("__MACOSX/._x.csv", b"?")
            archive.writestr("readme.pdf", b"%PDF")
            archive.writestr(name, content)

    return write


def inside_zip(ending: str, make: Maker) -> Maker:
    def write(rows: pd.DataFrame, path: Path) -> None:
        own = path.with_suffix(ending)
        make(rows, own)
        zipped(f"ronda/datos{ending}", own.read_bytes())(path)
        own.unlink()

    return write


def excel(rows: pd.DataFrame, path: Path) -> None:
    rows.to_excel(path, index=False)


MAKERS: Mapping[str, Maker] = {
    ".dta": pyreadstat.write_dta,
    ".old.dta": lambda rows, path: rows.to_stata(path, write_index=False, version=114),
    ".sav": pyreadstat.write_sav,
    ".zsav": lambda rows, path: pyreadstat.write_sav(rows, path, compress=True),
    ".xpt": pyreadstat.write_xport,
    ".xlsx": excel,
    ".XLSM": excel,
    ".ods": spreadsheet_of_openoffice,
    ".feather": pyarrow.feather.write_feather,
    ".arrow": lambda rows, path: pyarrow.feather.write_feather(rows, path, compression="zstd"),
    ".arrows": stream,
    ".csv.gz": lambda rows, path: path.write_bytes(gzip.compress(csv(rows))),
    ".tsv.bz2": lambda rows, path: path.write_bytes(bz2.compress(csv(rows, "\t"))),
    ".txt.xz": lambda rows, path: path.write_bytes(lzma.compress(csv(rows, ";"))),
    ".csv.zst": lambda rows, path: path.write_bytes(pa.compress(csv(rows), codec="zstd", asbytes=True)),
    ".csv.zip": lambda rows, path: zipped("a.csv", csv(rows))(path),
    ".dta.zip": inside_zip(".dta", pyreadstat.write_dta),
    ".sav.zip": inside_zip(".sav", pyreadstat.write_sav),
    ".xlsx.zip": inside_zip(".xlsx", excel),
    ".parquet.zip": inside_zip(".parquet", lambda rows, path: rows.to_parquet(path, index=False)),
    ".feather.zip": inside_zip(".feather", pyarrow.feather.write_feather),
    ".dta.gz": lambda rows, path: (pyreadstat.write_dta(rows, path.with_suffix(".x")),
                                   path.write_bytes(gzip.compress(path.with_suffix(".x").read_bytes())))[0],
}  # fmt: skip


@pytest.mark.parametrize("ending", MAKERS)
def test_the_same_figures_come_from_every_kind_of_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, ending: str
) -> None:
    monkeypatch.setattr(statistical, "PART", 64)  # several parts, and several reads of each
    monkeypatch.setattr(statistical, "CELLS", 100)
    for name in DATA:
        MAKERS[ending](frame(name), tmp_path / f"{name}{ending}")
    of = survey(("persons.parquet", f"persons{ending}"), ("households.parquet", f"households{ending}"))
    assert_same(profile(tmp_path, of=of), profile(DATA))


@pytest.mark.parametrize("ending", [".dta", ".sav", ".xlsx", ".feather", ".csv.gz", ".csv.zip"])
@pytest.mark.parametrize("path", ["persons", "persons_*"])
def test_a_table_in_several_files_of_a_kind(tmp_path: Path, ending: str, path: str) -> None:
    village.write(tmp_path, {"households": DATA["households"]})
    place = tmp_path / "persons" if path == "persons" else tmp_path
    place.mkdir(exist_ok=True)
    rows = frame("persons")
    for i, some in enumerate((rows[:70], rows[70:])):
        MAKERS[ending](some.reset_index(drop=True), place / f"persons_{i}{ending}")
    name = path if path == "persons" else path + ending
    assert_same(profile(tmp_path, of=survey(("persons.parquet", f"'{name}'"))), profile(DATA))


def test_members_of_an_archive_are_read_together_by_a_pattern(tmp_path: Path) -> None:
    village.write(tmp_path, {"households": DATA["households"]})
    rows = frame("persons")
    with zipfile.ZipFile(tmp_path / "all.zip", "w") as archive:
        archive.writestr("p/persons_1.csv", csv(rows[:70]))
        archive.writestr("p/persons_2.csv", csv(rows[70:]))
        archive.writestr("p/other.csv", "a\n1\n")
    for pattern in ("'persons_*'", "p/persons_?.csv"):
        of = survey(("path: persons.parquet", f"path: all.zip, member: {pattern}"))
        assert_same(profile(tmp_path, of=of), profile(DATA))


@pytest.mark.parametrize("dictionary", ["", "d.csv", "d.dct", "columns.dct"])
@pytest.mark.parametrize("ending", [".txt", ".dat", "", ".dat.gz"])
def test_texts_of_fixed_width_are_read_by_their_dictionary(tmp_path: Path, dictionary: str, ending: str) -> None:
    village.write(tmp_path, {"households": DATA["households"]})
    rows = frame("persons").convert_dtypes().astype("string").fillna("")
    sizes = {name: max(rows[name].str.len()) for name in rows}
    lines = ["".join(value.rjust(sizes[name]) for name, value in row.items()) for _, row in rows.iterrows()]
    content = "\r\n".join(lines).encode() + b"\r\n"
    (tmp_path / f"persons{ending}").write_bytes(gzip.compress(content) if ending.endswith("gz") else content)
    starts = dict(zip(sizes, np.cumsum([1, *sizes.values()]), strict=False))
    places = {name: (int(starts[name]), int(sizes[name])) for name in sizes}
    (tmp_path / "d.csv").write_text(
        "Nombre;Inicio;Fin\n" + "".join(f"{n};{s};{s + w - 1}\n" for n, (s, w) in places.items())
    )
    (tmp_path / "d.dct").write_text(
        "infix dictionary using persons.txt {\n* persons\n"
        + "".join(f"  int {n} {s}-{s + w - 1}\n" if w > 1 else f"  byte {n} {s}\n" for n, (s, w) in places.items())
        + "}\n"
    )
    (tmp_path / "columns.dct").write_text(
        "dictionary using persons.txt {\n"
        + "".join(f'_column({s}) float {n} %{w}f "label of {n}"\n' for n, (s, w) in places.items())
        + "}\n"
    )
    stated = dictionary or "{" + ", ".join(f"{name}: [{s}, {w}]" for name, (s, w) in places.items()) + "}"
    of = survey(("path: persons.parquet", f"path: persons{ending}, fixed: {stated}"))
    assert_same(profile(tmp_path, of=of), profile(DATA))


def opened(folder: Path, path: str, **layout: object) -> Opened:
    return open_table("persons", path, folder, Dialect(), layout=Layout(**layout))  # type: ignore[arg-type]


def listed(table: Opened, column: str) -> list[object]:
    values = table.whole([column])[column]
    known = values.known if values.known is not None else np.ones(len(values), np.bool_)
    match values:
        case Number():
            return [v if k else None for v, k in zip(values.values.tolist(), known, strict=True)]
        case Text():
            return [values.labels[c] if k else None for c, k in zip(values.codes, known, strict=True)]
    raise AssertionError


def test_missing_codes_that_an_SPSS_file_declares_are_unknown_and_counted(tmp_path: Path) -> None:
    rows = pd.DataFrame(
        {"a": [1.0, 2.0, 98.0, np.nan, 99.0, 99.0], "s": ["x", "", "NA", "ñ", "x", "x"], "r": [-3, -1, 0, 1, 2, 3]}
    )
    pyreadstat.write_sav(
        rows,
        tmp_path / "p.sav",
        column_labels={"a": "Años de estudio"},
        missing_ranges={"a": [{"lo": 98, "hi": 99}], "s": ["NA"], "r": [{"lo": -9, "hi": 0}]},
        variable_value_labels={"a": {1: "uno", 98: "No sabe", 99: "No responde"}},
    )
    table = opened(tmp_path, "p.sav")
    assert listed(table, "a") == [1, 2, None, None, None, None]
    assert listed(table, "s") == ["x", None, None, "ñ", "x", "x"]
    assert listed(table, "r") == [None, None, None, 1, 2, 3]
    assert table.tallies[0].counts() == {"a": {"98": 1, "99": 2}, "s": {"NA": 1}, "r": {"-3": 1, "-1": 1, "0": 1}}
    labels = table.labels["a"]
    assert (labels.title, labels.known) == ("Años de estudio", {"1": "uno"})
    listed(table, "a")  # read again, and counted once
    assert table.tallies[0].counts(["a"]) == {"a": {"98": 1, "99": 2}}


def test_missing_values_with_letters_are_unknown_and_counted(tmp_path: Path) -> None:
    rows = pd.DataFrame({"a": pd.Series([1.0, "b", 3.0, "a", "a"], dtype=object), "n": [1, 2, 3, 4, 5]})
    pyreadstat.write_dta(rows, tmp_path / "p.dta", missing_user_values={"a": ["a", "b"]})
    table = opened(tmp_path, "p.dta")
    assert listed(table, "a") == [1, None, 3, None, None]
    assert table.tallies[0].counts() == {"a": {".a": 2, ".b": 1}}


def test_what_was_declared_missing_is_told_by_code(tmp_path: Path) -> None:
    village.write(tmp_path, DATA)
    pyreadstat.write_sav(frame("persons"), tmp_path / "persons.sav", missing_ranges={"years": [{"lo": 12, "hi": 99}]})
    found = profile(tmp_path, of=survey(("persons.parquet", "persons.sav")))
    years = DATA["persons"]["years"].to_pandas()
    told = [notice for notice in found.notices if notice.code == "MPI-N131"]
    assert len(told) == 1
    assert told[0].text.startswith(
        "cells of persons that hold codes which its files declare missing are unknown: years ("
    )
    assert f"12: {int((years == 12).sum())}" in told[0].text


def test_whole_doubles_are_integers_exactly_and_narrow_floats_their_decimals(tmp_path: Path) -> None:
    rows = pd.DataFrame(
        {"key": [2.0**53 - 1, 12345678901234.0], "f": np.array([99.99, 0.1], np.float32), "x": [0.1, 1e300]}
    )
    rows.to_stata(tmp_path / "p.dta", write_index=False)
    table = opened(tmp_path, "p.dta")
    assert listed(table, "key") == [2**53 - 1, 12345678901234]
    assert listed(table, "f") == [99.99, 0.1]
    assert listed(table, "x") == [0.1, 1e300]


def test_keys_that_a_double_cannot_tell_apart_are_refused(tmp_path: Path) -> None:
    village.write(tmp_path, DATA)
    rows = frame("persons")
    rows["person"] = rows["person"] + 2.0**54
    pyreadstat.write_sav(rows, tmp_path / "persons.sav")
    with pytest.raises(
        MpiError, match=r"MPI-D031 persons\.sav: the key column 'person' of persons holds decimal numbers"
    ):
        profile(tmp_path, of=survey(("persons.parquet", "persons.sav")))


@pytest.mark.parametrize("ending", [".dta", ".sav", ".xpt", ".xlsx"])
def test_dates_are_dates(tmp_path: Path, ending: str) -> None:
    rows = pd.DataFrame({"d": pd.to_datetime(["2018-03-04", "1959-12-31"]).date, "n": [1, 2]})
    MAKERS[ending](rows, tmp_path / f"p{ending}")
    table = opened(tmp_path, f"p{ending}")
    assert table.columns == {"d": "other", "n": "number"}
    days = [value for batch in table.raw(["d"], 10) for value in batch.column(0).to_pylist()]
    assert [f"{day:%Y-%m-%d}" for day in days] == ["2018-03-04", "1959-12-31"]


def test_an_encoding_that_a_file_states_wrongly_is_stated_by_the_survey(tmp_path: Path) -> None:
    pd.DataFrame({"s": ["año", "ñu"]}).to_stata(tmp_path / "p.dta", write_index=False, version=114)  # in Latin-1
    raw = (tmp_path / "p.dta").read_bytes()
    (tmp_path / "utf.dta").write_bytes(raw.replace("año".encode("latin-1"), "ao".encode("latin-1") + b"\0"))
    for encoding in ("latin-1", "cp1252"):
        assert listed(opened(tmp_path, "p.dta", encoding=encoding), "s") == ["año", "ñu"]
    with pytest.raises(MpiError, match=r"MPI-D005 p\.dta: the texts of the file are not in the encoding") as error:
        listed(opened(tmp_path, "p.dta", encoding="utf-8"), "s")
    assert "a\\xf1o" not in str(error.value) and "año" not in str(error.value)


def test_a_file_of_SAS_gives_the_same_figures_and_its_missing_letters_are_counted(tmp_path: Path) -> None:
    """Written by ReadStat itself, which pyreadstat holds: pyreadstat offers no way to write this kind."""
    for name in DATA:
        write_sas(frame(name), tmp_path / f"{name}.sas7bdat")
    of = survey(("persons.parquet", "persons.sas7bdat"), ("households.parquet", "households.sas7bdat"))
    assert_same(profile(tmp_path, of=of), profile(DATA))
    rows = pd.DataFrame({"a": [1.5, np.nan, 3], "b": ["x", "año", ""]})
    write_sas(rows, tmp_path / "p.sas7bdat")
    table = opened(tmp_path, "p.sas7bdat")
    assert (listed(table, "a"), listed(table, "b")) == ([1.5, None, 3], ["x", "año", None])


def workbook(path: Path, *sheets: tuple[str, list[list[object]]]) -> None:
    book = openpyxl.Workbook()
    book.remove(book.active)  # type: ignore[arg-type]
    for name, rows in sheets:
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    book.save(path)


def said(folder: Path, path: str, **layout: object) -> str:
    with pytest.raises(MpiError) as error:
        table = opened(folder, path, **layout)
        table.whole([name for name in table.columns if name not in table.refused])
    return str(error.value).replace(f"{folder}/", "") + "\n"


def test_a_sheet_is_named_where_there_are_several(tmp_path: Path) -> None:
    workbook(tmp_path / "b.xlsx", ("Notas", [["x"]]), ("Personas", [["Cuadro 1"], ["a", "b"], [1, "x"], [2.5, None]]))
    assert said(tmp_path, "b.xlsx") == (
        "MPI-D200 b.xlsx: the workbook has several sheets: 'Notas', 'Personas'\n"
        "  name one: write `sheet: Notas` in the table persons\n"
    )
    assert said(tmp_path, "b.xlsx", sheet="Persona") == (
        "MPI-D200 b.xlsx: the workbook has no sheet 'Persona'\n  did you mean 'Personas'?\n"
    )
    assert "MPI-D005 b.xlsx [Personas]: column B has values, and no name in row 1" in said(
        tmp_path, "b.xlsx", sheet="Personas"
    )
    table = opened(tmp_path, "b.xlsx", sheet="Personas", header=2)
    assert (listed(table, "a"), listed(table, "b")) == ([1, 2.5], ["x", None])


def test_cells_with_errors_and_formulas_without_values_are_refused_with_their_address(tmp_path: Path) -> None:
    workbook(tmp_path / "b.xlsx", ("H", [["a", "b"], [1, "#N/A"], [2, "=1+1"]]))
    assert said(tmp_path, "b.xlsx") == (
        "MPI-D201 b.xlsx [H]: 1 cell of the sheet holds an error such as #N/A: B2\n"
        "  empty the cell if its value is missing, or type the value\n"
        "MPI-D201 b.xlsx [H]: 1 cell of the sheet holds a formula that was never calculated: B3\n"
        "  open the workbook in its program and save it, or store values\n"
    )


@pytest.mark.skipif(shutil.which("soffice") is None, reason="needs LibreOffice")
def test_sheets_that_LibreOffice_wrote(tmp_path: Path) -> None:
    """Cells and rows that repeat are written once there, and an error is a text that is empty."""
    for name in DATA:
        excel(frame(name), tmp_path / f"{name}.xlsx")
    workbook(tmp_path / "wrong.xlsx", ("H", [["a", "b", "c"], [1, 1, 1], [1, 1, 1], [7, 7, "#N/A"], [1, 2, 3]]))
    names = sorted(str(path) for path in tmp_path.glob("*.xlsx"))
    own = f"-env:UserInstallation=file://{tmp_path}/profile"
    convert = ["soffice", own, "--headless", "--convert-to", "ods", "--outdir", str(tmp_path), *names]
    subprocess.run(convert, check=True, capture_output=True, timeout=120)
    of = survey(("persons.parquet", "persons.ods"), ("households.parquet", "households.ods"))
    assert_same(profile(tmp_path, of=of), profile(DATA))
    assert said(tmp_path, "wrong.ods") == (
        "MPI-D201 wrong.ods [H]: 1 cell of the sheet holds an error such as #N/A: C4\n"
        "  empty the cell if its value is missing, or type the value\n"
    )


def test_errors_and_empty_formulas_of_OpenDocument_are_told_by_their_cells(tmp_path: Path) -> None:
    spreadsheet_of_openoffice(pd.DataFrame({"a": [1, 2, 3], "b": ["E", "F", "x"]}), tmp_path / "s.ods")
    odd = '<table:table-cell table:formula="of:=1/0" office:value-type="string" calcext:value-type="error"/>'
    changes = {
        "<office:document-content": f'<office:document-content xmlns:calcext="{CALC.strip("{}")}"',
        '<table:table-cell office:value-type="string"><text:p>E</text:p></table:table-cell>': odd,
        'office:value-type="string"><text:p>F</text:p>': 'table:formula="of:=1+1">',
    }
    with zipfile.ZipFile(tmp_path / "s.ods") as old, zipfile.ZipFile(tmp_path / "t.ods", "w") as new:
        for member in old.namelist():
            content = old.read(member).decode()
            for text, other in changes.items():
                content = content.replace(text, other)
            new.writestr(member, content)
    found = said(tmp_path, "t.ods")
    assert "1 cell of the sheet holds an error such as #N/A: B2" in found
    assert "1 cell of the sheet holds a formula that was never calculated: B3" in found


def test_texts_among_numbers_of_a_sheet_are_told_by_their_cells(tmp_path: Path) -> None:
    village.write(tmp_path, DATA)
    rows = frame("persons").astype({"years": object})
    rows.loc[3, "years"] = "no sabe"
    rows.to_excel(tmp_path / "persons.xlsx", index=False)
    of = survey(("persons.parquet", "persons.xlsx"))
    with pytest.raises(MpiError, match=r"hold.? a text \(E5\)\n.*`missing_codes: \{years: \[\.\.\.\]\}`") as error:
        profile(tmp_path, of=of)
    assert "MPI-D132" in str(error.value) and "no sabe" not in str(error.value)
    expected = frame("persons")
    expected.loc[3, "years"] = np.nan
    mended = survey(("persons.parquet", "persons.xlsx"), ("{age: [99]}", "{age: [99], years: [no sabe]}"))
    assert_same(profile(tmp_path, of=mended), profile({**DATA, "persons": expected}))


def damaged(make: Maker, cut: int) -> Maker:
    def write(rows: pd.DataFrame, path: Path) -> None:
        make(rows, path)
        raw = path.read_bytes()
        path.write_bytes(raw[: len(raw) * cut // 100])

    return write


def locked_zip(rows: pd.DataFrame, path: Path) -> None:
    zipped("a.csv", csv(rows))(path)
    raw = bytearray(path.read_bytes())
    for mark, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):  # the flags of members, twice
        at = raw.find(mark)
        while at >= 0:
            raw[at + place] |= 1
            at = raw.find(mark, at + 1)
    path.write_bytes(raw)


def leading_out(rows: pd.DataFrame, path: Path) -> None:
    zipped("../../etc/a.csv", csv(rows))(path)


# Made by LibreOffice 7.4 (.ods, .xls) and msoffcrypto-tool 6.1 (.xlsx) of a few synthetic cells.
LOCKED = Path(__file__).parent / "locked"


def locked_workbook(_: pd.DataFrame, path: Path) -> None:
    path.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600) + "EncryptedPackage".encode("utf-16-le"))


def link(_: pd.DataFrame, path: Path) -> None:
    """An archive with a link to a file of the system, called a CSV file."""
    with zipfile.ZipFile(path, "w") as archive:
        member = zipfile.ZipInfo("a.csv")
        member.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(member, "/etc/passwd")
        archive.writestr("readme.pdf", b"%PDF")


def other_method(rows: pd.DataFrame, path: Path) -> None:
    """Deflate64, as Windows packs large files."""
    zipped("a.csv", csv(rows))(path)
    raw = bytearray(path.read_bytes())
    last = (raw.rfind(b"PK\x03\x04"), 8), (raw.rfind(b"PK\x01\x02"), 10)
    for at, place in last:
        raw[at + place] = 9
    path.write_bytes(raw)


def tarred(rows: pd.DataFrame, path: Path) -> None:
    with tarfile.open(path, "w") as archive:
        member = tarfile.TarInfo("a.csv")
        member.size = len(csv(rows))
        archive.addfile(member, io.BytesIO(csv(rows)))


def sealed(*, footer: bool) -> Maker:
    """Parquet whose columns are encrypted, with its footer or without it."""

    def write(rows: pd.DataFrame, path: Path) -> None:
        encryption = pytest.importorskip("pyarrow.parquet.encryption")

        class Keys(encryption.KmsClient):  # type: ignore[misc, name-defined]
            def __init__(self, _: object) -> None:
                super().__init__()

            def wrap_key(self, key: bytes, _: str) -> bytes:
                return base64.b64encode(key)

        table = pa.Table.from_pandas(rows, preserve_index=False)
        way = encryption.EncryptionConfiguration(
            "k", column_keys={"k": table.column_names}, plaintext_footer=not footer
        )
        made = encryption.CryptoFactory(Keys).file_encryption_properties(encryption.KmsConnectionConfig(), way)
        with pq.ParquetWriter(path, table.schema, encryption_properties=made) as writer:
            writer.write_table(table)

    return write


POINTER = "version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 12345\n"
OLD_XML = '<?xml version="1.0"?>\n<?mso-application progid="Excel.Sheet"?>\n<Workbook/>'


def as_csv(rows: pd.DataFrame, path: Path) -> None:
    path.write_bytes(csv(rows))


def saying(text: str) -> Maker:
    return lambda _, path: path.write_text(text, encoding="utf-8")


def bomb(_: pd.DataFrame, path: Path) -> None:
    path.write_bytes(gzip.compress(bytes(4 * 10**6)))


def named_twice(rows: pd.DataFrame, path: Path) -> None:
    workbook(path, ("H", [["a", "a"], [1, 2]]))


def empty(_: pd.DataFrame, path: Path) -> None:
    path.write_bytes(b"")


def no_rows(make: Maker) -> Maker:
    return lambda rows, path: make(rows[:0], path)


WRONG: Mapping[str, tuple[str, Maker, str]] = {
    "half a Stata file": (".dta", damaged(pyreadstat.write_dta, 50), "MPI-D003 p.dta: the file is damaged"),
    "most of a Stata file": (".dta", damaged(pyreadstat.write_dta, 90), "MPI-D003 p.dta: the file is damaged"),
    "most of an SPSS file": (".sav", damaged(pyreadstat.write_sav, 90), "MPI-D003 p.sav: the file is damaged"),
    "half a transport file": (".xpt", damaged(pyreadstat.write_xport, 53), "MPI-D003 p.xpt: the file is not complete"),
    "an SPSS file of junk": (".sav", lambda _, path: path.write_bytes(b"$FL2@(#) SPSS" + b"x" * 99), "MPI-D003 p.sav"),
    "half a workbook": (".xlsx", damaged(excel, 50), "MPI-D003 p.xlsx: this is not a complete spreadsheet"),
    "half an Arrow file": (".arrow", damaged(MAKERS[".arrow"], 50), "MPI-D003 p.arrow: this is not a complete Arrow"),
    "half a stream": (".arrows", damaged(stream, 50), "MPI-D003 p.arrows: this is not a complete Arrow"),
    **{f"half of {end}": (f".csv{end}", damaged(MAKERS[full], 50), f"MPI-D003 p.csv{end}: the compressed file is")
       for end, full in ((".gz", ".csv.gz"), (".bz2", ".tsv.bz2"), (".xz", ".txt.xz"), (".zst", ".csv.zst"))},
    "half a zip": (".zip", damaged(MAKERS[".csv.zip"], 80), "MPI-D003 p.zip: the compressed file is damaged"),
    "a zip with a password": (".zip", locked_zip, "MPI-D004 p.zip: the archive is protected by a password"),
    "a workbook with a password": (".xlsx", locked_workbook, "MPI-D004 p.xlsx: the workbook is protected by a"),
    **{f"a workbook {end} with a password": (
        end, lambda _, path: shutil.copyfile(LOCKED / f"locked{path.suffix}", path),
        f"MPI-D004 p{end}: the workbook is protected by a password") for end in (".ods", ".xls", ".xlsx")},
    "a member outside": (".zip", leading_out, "MPI-D202 p.zip: the archive has members with names that lead out of"),
    "a bomb": (".csv.gz", bomb, "MPI-D202 p.csv.gz: unpacked, this would be more than"),
    "columns of one name": (".xlsx", named_twice, "MPI-D011 p.xlsx [H]: two columns are called a"),
    **{f"an empty {end}": (end, empty, f"p{end}: the file is empty (0 bytes)")
       for end in (".dta", ".sav", ".xpt", ".xlsx", ".arrow")},
    **{f"no rows in {end}": (end, no_rows(MAKERS[end]), f"MPI-D002 p{end}: the table persons has no row")
       for end in (".dta", ".sav", ".xlsx", ".feather", ".csv.gz", ".csv.zip")},
    "half a SAS file": (".sas7bdat", damaged(write_sas, 50), "MPI-D003 p.sas7bdat: the file is damaged"),
    "a zip with no file": (".zip", lambda _, path: zipfile.ZipFile(path, "w").close(), "MPI-D002 p.zip: the archive"),
    "a zip of a link": (".zip", link, "MPI-D004 p.zip: no member of the archive can be read: readme.pdf"),
    "a zip of another method": (".zip", other_method, "MPI-D004 p.zip/a.csv: the archive is compressed in a way that"),
    "a tar archive": (".csv", tarred, "MPI-D004 p.csv: this is a tar archive"),
    "no gzip": (".csv.gz", as_csv, "MPI-D004 p.csv.gz: its name says that it is compressed (gzip), and it is not"),
    "a text called a workbook": (".xls", as_csv, "MPI-D004 p.xls: this is a text, not a workbook"),
    "a page called a workbook": (".xls", saying("<html><table>"), "MPI-D004 p.xls: this is a web page, not data"),
    "an encrypted Parquet file": (".parquet", sealed(footer=True), "MPI-D004 p.parquet: this is an encrypted Parquet"),
    "encrypted columns": (".parquet", sealed(footer=False), "MPI-D004 p.parquet: this is an encrypted Parquet file"),
    "a pointer": (".parquet", saying(POINTER), "MPI-D004 p.parquet: this is a pointer of Git LFS"),
    "an XML spreadsheet": (".xls", saying(OLD_XML), "MPI-D004 p.xls: this is an XML spreadsheet of Excel 2003"),
    "a zip of nothing": (".zip", lambda _, path: zipped("a.exe", b"x")(path), "MPI-D004 p.zip: no member of the"),
}  # fmt: skip


@pytest.mark.parametrize("what", WRONG)
def test_what_cannot_be_read_is_refused_with_one_clear_message(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    monkeypatch.setattr(packed, "FREE", 2**20)
    ending, make, message = WRONG[what]
    make(frame("persons"), tmp_path / f"p{ending}")
    found = said(tmp_path, f"p{ending}")
    assert message in found and found.count("MPI-") == 1, found


@pytest.mark.parametrize("package", ["pyreadstat", "python_calamine"])
def test_a_package_that_lacks_is_named_with_its_extra(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, package: str
) -> None:
    ending = {"pyreadstat": ".dta", "python_calamine": ".xlsx"}[package]
    MAKERS[ending](frame("persons"), tmp_path / f"p{ending}")
    monkeypatch.setitem(sys.modules, package, None)
    found = said(tmp_path, f"p{ending}")
    assert found.startswith(f"MPI-U210 p{ending}: reading this file needs {package.replace('_', '-')}, which is not")
    assert "pip install '.[files]'" in found


def test_texts_of_fixed_width_that_are_cut_or_of_another_dictionary_are_refused(tmp_path: Path) -> None:
    places = {"a": (1, 2), "b": (3, 3)}
    for content, message in {
        "12345\n1234": "p.txt:2: row 2 has 4 characters, and the columns reach to 5",
        "1234\n1234\n": "p.txt:1: row 1 has 4 characters, and the columns reach to 5",
        "12345\n\n12345\n": "p.txt:2: row 2 is empty",
        "\n": "p.txt: the file is empty",
    }.items():
        (tmp_path / "p.txt").write_text(content)
        assert message in said(tmp_path, "p.txt", fixed=places)
    (tmp_path / "p.txt").write_text("12345\n12\n12 4\n")  # blanks at the end were cut off
    assert listed(opened(tmp_path, "p.txt", fixed=places), "b") == [345, None, 4]
    assert "MPI-D001 x.csv: the dictionary of p.txt is not there" in said(tmp_path, "p.txt", dictionary="x.csv")
    (tmp_path / "x.csv").write_text("a,b\n1,2\n")
    assert "MPI-D005 x.csv: this is no dictionary of columns" in said(tmp_path, "p.txt", dictionary="x.csv")


def test_the_order_of_columns_of_a_zsav_and_its_blocks_do_not_matter(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(statistical, "PART", 17)
    pyreadstat.write_sav(frame("persons"), tmp_path / "p.zsav", compress=True)
    table = opened(tmp_path, "p.zsav")
    for names in (["years", "house"], ["house", "years"]):
        whole = table.whole(names)
        assert list(whole) == names
        house = whole["house"]
        assert isinstance(house, Number)
        np.testing.assert_array_equal(house.values, DATA["persons"]["house"].to_numpy())


REAL = Path(os.environ.get("MPI_REAL_DATA", ""), "uruguay", "ech_2018_500_households.parquet")


@pytest.mark.slow
@pytest.mark.skipif(not REAL.is_file(), reason="MPI_REAL_DATA names no folder with the ECH 2018")
@pytest.mark.parametrize("kind", ["dta", "sav", "zsav", "xpt", "xlsx", "feather"])
def test_real_microdata_give_the_same_figures_to_the_last_digit(tmp_path: Path, kind: str) -> None:
    whole = pq.read_table(REAL)
    rows = whole.to_pandas()
    if kind == "xpt":
        pyreadstat.write_xport(rows, tmp_path / "ech_2018.xpt", file_format_version=8)
    else:
        MAKERS[f".{kind}"](rows, tmp_path / f"ech_2018.{kind}")
    pq.write_table(whole, tmp_path / "ech_2018.parquet")
    shipped = Path(mpi.__file__).parent.parent / "configs" / "surveys" / "uruguay_ech_2018.yaml"
    figures = []
    for ending in ("parquet", kind):
        text = re.sub(r'path: "ech_2018\*\.parquet"', f"path: ech_2018.{ending}", shipped.read_text(encoding="utf-8"))
        (tmp_path / "ech.yaml").write_text(text.replace("survey: uruguay_ech_2018", "survey: ech"), encoding="utf-8")
        found = mpi.estimate(_profile(mpi.load_survey(tmp_path / "ech.yaml"), tmp_path), _measure(), by="departamento")
        figures.append(found.to_pandas())
    assert len(figures[0]) > 100
    pd.testing.assert_frame_equal(*figures, check_exact=True)


def _measure() -> mpi.Measure:
    return mpi.load_measure("uruguay_ipm")


def _profile(of: Survey, folder: Path) -> mpi.DeprivationProfile:
    return mpi.deprivation_profile(of, _measure(), folder)
