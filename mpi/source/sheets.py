"""Sheets of spreadsheets (Excel, OpenDocument), read by calamine: one row of names, then rows of typed cells.

calamine gives cells with an error as empty ones (also LibreOffice's), and formulas that were never calculated too; both
are looked for in the file itself, so that neither passes for a missing value.
"""

from __future__ import annotations

import datetime as dt
import re
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from io import BytesIO
from typing import Any, TypeAlias

import numpy as np
import pyarrow as pa

from mpi.columns import arrow
from mpi.errors import DataError, Fault, Place, UsageError, counted, installing, listed, nearest
from mpi.errors.resources import raise_scarce
from mpi.language import number_phrase, phrase
from mpi.source import doubles
from mpi.source.items import Item
from mpi.source.labels import text_of
from mpi.source.tables import AGAIN, Opened, Part, in_memory, sorts, with_constants

Cell: TypeAlias = Any  # what calamine gives: a text, a number, a truth, a date, or "" for nothing
LETTERS = 26
MOST_CELLS = 5  # addresses that a message lists
ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
OLD = b"\xd0\xcf\x11\xe0\xa1\xb1"
# Of [MS-XLS] 2.4: the record of the password (47) follows the first record (2057), or that of a write protection (134).
OLD_LOCK = re.compile(rb"\x09\x08(\x10\0.{16}|\x08\0.{8})(\x86\0\0\0)?\x2f\0", re.DOTALL)
MANIFEST, MOST_MANIFEST = "META-INF/manifest.xml", 1_000_000  # of an OpenDocument file; bytes that are looked at
XML = 2**30  # bytes of a sheet at most, unpacked
# A cell of a sheet of Excel: its attributes, and what it holds.
CELL = re.compile(rb"<(?:\w+:)?c ([^>]*?)(?:/>|>(.*?)</(?:\w+:)?c>)", re.DOTALL)
TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
CALC = "{urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0}"
HEAD = 4096  # bytes that tell a text from a workbook
ADDRESS = re.compile(rb'\br="([A-Z]+\d+)"')
EPOCH = dt.datetime(1970, 1, 1)  # noqa: DTZ001  cells have no time zone


def open_sheet(item: Item) -> Opened:
    """A sheet as a table in memory.

    Raises
    ------
    DataError
        If the workbook is damaged or has a password, the sheet is not there or not named, a cell holds an error, or
        two columns have one name.
    UsageError
        If calamine is not installed.
    """
    raw = item.content()
    sheet, rows = _rows(item, raw)
    place = Place(f"{item.label} [{sheet}]")
    check_cells(raw, sheet, place)
    header, names = _header(rows, item.layout.header, place)
    body = rows[header:]
    while body and all(cell == "" for cell in body[-1]):
        body.pop()
    marks = {name: {*item.dialect.missing, *item.codes.get(name, ())} for name in names.values()}
    columns: dict[str, pa.Array] = {}
    nearly: dict[str, Fault] = {}
    for j, name in names.items():
        cells = [_known(row[j], marks[name]) for row in body]
        columns[name] = _array(cells)
        if (fault := _nearly(item.table, name, cells, (j, header), place)) is not None:
            nearly[name] = fault
    table = arrow.table(columns)
    said = phrase("{label}: read the sheet {sheet!r}, names in row {row}", label=item.label, sheet=sheet, row=header)
    part = Part(label=place.file, rows=len(body), read=in_memory(table), constants=item.constants)
    return Opened(
        name=item.table,
        label=place.file,
        columns=with_constants(sorts(table.schema, place), item.constants, item.label),
        parts=[part] if body else [],
        files=(item.file,),
        remarks=(said,),
        nearly=nearly,
        floats=doubles.stored(table.schema),
    )


def _rows(item: Item, raw: bytes) -> tuple[str, list[list[Cell]]]:
    """The name of the sheet and its cells, from A1 on."""
    book = open_book(raw, item.place)
    sheet = _chosen(item, list(book))
    return sheet, book[sheet]()


def open_book(raw: bytes, place: Place) -> dict[str, Callable[[], list[list[Cell]]]]:
    """The sheets of a workbook in their order; each gives its cells, from A1 on, when it is called.

    Raises
    ------
    DataError
        If the workbook, or a sheet when it is called, is damaged or has a password.
    UsageError
        If calamine is not installed.
    """
    try:
        import python_calamine as calamine
    except ImportError:
        text = phrase("reading this file needs python-calamine, which is not installed")
        raise UsageError(Fault("MPI-U210", place, text, installing("files"))) from None
    if _is_locked(raw):
        raise DataError(_locked(place))

    def guarded(act: Callable[[], Any]) -> Any:  # calamine's objects carry no types
        try:
            return act()
        except calamine.PasswordError:
            raise DataError(_locked(place)) from None
        except (calamine.CalamineError, ValueError, OSError, MemoryError) as error:
            raise_scarce(error, place.file)
            if is_text(raw):
                text = phrase("this is a text, not a workbook")
                remedy = phrase("give its name the ending .csv, also in `path:`")
                raise DataError(Fault("MPI-D004", place, text, remedy)) from None
            text = phrase("this is not a complete spreadsheet ({number:,} bytes)", number=len(raw))
            raise DataError(Fault("MPI-D003", place, text, AGAIN)) from None

    book = guarded(lambda: calamine.CalamineWorkbook.from_filelike(BytesIO(raw)))

    def cells(name: str) -> list[list[Cell]]:
        found: list[list[Cell]] = guarded(lambda: book.get_sheet_by_name(name).to_python(skip_empty_area=False))
        return found

    return {name: partial(cells, name) for name in book.sheet_names}


def _is_locked(raw: bytes) -> bool:
    """Whether a workbook is encrypted: of Excel, of Excel before 2007, or of LibreOffice."""
    if raw.startswith(OLD):
        return ENCRYPTED in raw or OLD_LOCK.search(raw) is not None
    if not raw.startswith(b"PK"):
        return False
    try:
        with zipfile.ZipFile(BytesIO(raw)) as archive:
            return MANIFEST in archive.namelist() and b":encryption-data" in archive.open(MANIFEST).read(MOST_MANIFEST)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError, EOFError, ValueError, zlib.error):
        return False


def is_text(raw: bytes) -> bool:
    """Whether bytes look like a text of lines."""
    head = raw[:HEAD]
    return not any(sign < 9 or 13 < sign < 27 for sign in head)  # noqa: PLR2004  signs that texts do not have


def _locked(place: Place) -> Fault:
    text = phrase("the workbook is protected by a password")
    return Fault(
        "MPI-D004",
        place,
        text,
        phrase(
            "save it without one: File > Info > Protect workbook in Excel, File > Save As without `Save with "
            "password` in LibreOffice"
        ),
    )


def _chosen(item: Item, names: Sequence[str]) -> str:
    """The sheet that the survey names, or the only one."""
    stated = item.layout.sheet
    if stated in names:
        return str(stated)
    if stated is None and len(names) == 1:
        return names[0]
    quoted = listed([repr(name) for name in names])
    if stated is not None:
        text = phrase("the workbook has no sheet {sheet!r}", sheet=stated)
        remedy = nearest(stated, names) or phrase("it has the sheets {names}", names=quoted)
        raise DataError(Fault("MPI-D200", item.place, text, remedy))
    text = phrase("the workbook has several sheets: {names}", names=quoted)
    remedy = phrase("name one: write `sheet: {sheet}` in the table {table}", sheet=names[0], table=item.table)
    raise DataError(Fault("MPI-D200", item.place, text, remedy))


def _header(rows: Sequence[Sequence[Cell]], stated: int | None, place: Place) -> tuple[int, dict[int, str]]:
    """The row of the names, from 1, and the name of each column, by its number."""
    filled = (number for number, row in enumerate(rows, 1) if any(cell != "" for cell in row))
    header = stated or next(filled, 0)
    if not 0 < header <= len(rows):
        text = phrase("the sheet has no row with names of columns")
        remedy = phrase("state the right row, such as `header: 1`, and look at the sheet")
        raise DataError(Fault("MPI-D002", place, text, remedy))
    names = {j: _text(cell).strip() for j, cell in enumerate(rows[header - 1]) if cell != ""}
    bare = [j for j in range(len(rows[0])) if j not in names and any(row[j] != "" for row in rows[header:])]
    if bare:
        text = number_phrase(
            len(bare),
            "column {letters} has values, and no name in row {header}",
            "columns {letters} have values, and no names in row {header}",
            letters=listed([letters(j) for j in bare]),
            header=header,
        )
        remedy = phrase("give it a name, or remove it; if the names are in another row, write `header: ROW`")
        raise DataError(Fault("MPI-D005", place, text, remedy))
    held = list(names.values())
    if doubled := sorted({name for name in held if held.count(name) > 1}):
        text = phrase("two columns are called {names}", names=listed(doubled))
        raise DataError(Fault("MPI-D011", place, text, phrase("rename one of them")))
    return header, names


def _known(cell: Cell, marks: set[str]) -> Cell | None:
    """A cell's value, None for nothing and for texts that mean that the value is missing."""
    if isinstance(cell, str):
        return None if not cell.strip() or cell.strip() in marks else cell
    return cell


def _array(cells: Sequence[Cell | None]) -> pa.Array:
    """Cells as a column: numbers, truths, dates, or else texts."""
    kinds = {type(cell) for cell in cells if cell is not None}
    known = None if None not in cells else np.array([cell is not None for cell in cells], np.bool_)
    if not kinds:
        return pa.nulls(len(cells))
    if kinds == {bool}:
        return arrow.numbers(np.array([bool(cell) for cell in cells], np.bool_), known)
    if kinds <= {int, float}:
        numbers = np.array([cell or 0 for cell in cells], np.float64)
        whole = (numbers == np.rint(numbers)).all() and (np.abs(numbers) < 2.0**53).all()
        return arrow.numbers(numbers.astype(np.int64) if whole else numbers, known)
    if kinds <= {dt.date, dt.datetime}:
        stamps = np.array([0 if cell is None else _stamp(cell) for cell in cells], np.int64)
        validity = None if known is None else pa.py_buffer(np.packbits(known, bitorder="little"))
        return pa.Array.from_buffers(pa.timestamp("ms"), len(cells), [validity, pa.py_buffer(stamps)])
    return arrow.texts([None if cell is None else _text(cell) for cell in cells])


def _stamp(cell: dt.date) -> int:
    moment = cell if isinstance(cell, dt.datetime) else dt.datetime(cell.year, cell.month, cell.day)  # noqa: DTZ001
    return int((moment - EPOCH) / dt.timedelta(milliseconds=1))


def _text(cell: Cell) -> str:
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, int | float):
        return text_of(cell)
    return cell.isoformat() if isinstance(cell, dt.date | dt.time) else str(cell)


def _nearly(table: str, name: str, cells: Sequence[Cell | None], at: tuple[int, int], place: Place) -> Fault | None:
    """What keeps a column from being numbers, if most of it is."""
    odd = [i for i, cell in enumerate(cells) if isinstance(cell, str)]
    numbers = sum(isinstance(cell, int | float) and not isinstance(cell, bool) for cell in cells)
    if not odd or not numbers:
        return None
    column, header = at
    text = number_phrase(
        len(odd),
        "column {column!r} of {table} is a text because {number:,} of its {cells} holds a text ({addresses})",
        "column {column!r} of {table} is a text because {number:,} of its {cells} hold a text ({addresses})",
        column=name,
        table=table,
        cells=counted(len(odd) + numbers, "cell"),
        addresses=listed([f"{letters(column)}{header + 1 + i}" for i in odd]),
    )
    remedy = phrase(
        "write numbers there; a text that means that the value is missing goes into `missing_codes: {{{column}: "
        "[...]}}`",
        column=name,
    )
    return Fault("MPI-D132", place, text, remedy)


def letters(column: int) -> str:
    """The letters of a column, from 0."""
    rest, last = divmod(column, LETTERS)
    return (letters(rest - 1) if rest else "") + chr(ord("A") + last)


def check_cells(raw: bytes, sheet: str, place: Place) -> None:
    """Refuse cells with an error, and formulas without a value."""
    if not raw.startswith(b"PK"):
        return
    wrong: dict[str, list[str]] = {"error": [], "formula": []}
    for address, kind in _odd_cells(raw, sheet):
        wrong[kind].append(address)
    faults = []
    if found := wrong["error"]:
        text = number_phrase(
            len(found),
            "{number:,} cell of the sheet holds an error such as #N/A: {cells}",
            "{number:,} cells of the sheet hold an error such as #N/A: {cells}",
            cells=listed(found),
        )
        faults.append(
            Fault("MPI-D201", place, text, phrase("empty the cell if its value is missing, or type the value"))
        )
    if found := wrong["formula"]:
        text = number_phrase(
            len(found),
            "{number:,} cell of the sheet holds a formula that was never calculated: {cells}",
            "{number:,} cells of the sheet hold formulas that were never calculated: {cells}",
            cells=listed(found),
        )
        faults.append(
            Fault("MPI-D201", place, text, phrase("open the workbook in its program and save it, or store values"))
        )
    if faults:
        raise DataError(*faults)


def _odd_cells(raw: bytes, sheet: str) -> Iterator[tuple[str, str]]:
    """The cells with an error or an uncalculated formula: their addresses and which."""
    with zipfile.ZipFile(BytesIO(raw)) as archive:
        names = archive.namelist()
        opened = "content.xml" in names
        path = "content.xml" if opened else _path_of(archive, sheet)
        if path not in names or archive.getinfo(path).file_size > XML:
            return
        xml = archive.read(path)
    if opened:
        if b"formula=" in xml or b'value-type="error"' in xml:
            yield from _odd_of_opendocument(xml, sheet)
        return
    if b't="e"' not in xml and b"<f" not in xml:
        return
    for found in CELL.finditer(xml):
        inside = found[2] or b""
        if b't="e"' in found[1]:
            kind = "error"
        elif b"<f" in inside and (b"<v" not in inside or b"<v></v>" in inside or b"<v/>" in inside):
            kind = "formula"
        else:
            continue
        address = ADDRESS.search(found[1])
        yield (address[1].decode() if address else "?"), kind


def _odd_of_opendocument(xml: bytes, sheet: str) -> Iterator[tuple[str, str]]:
    """The same of a sheet of OpenDocument, where cells and rows that repeat are written once."""
    from xml.etree import ElementTree

    if b"<!DOCTYPE" in xml or b"<!ENTITY" in xml:
        return
    for table in ElementTree.fromstring(xml).iter(f"{TABLE}table"):  # noqa: S314
        if table.get(f"{TABLE}name") != sheet:
            continue
        line = 1
        for row in table.iter(f"{TABLE}table-row"):
            column = 0
            for cell in row:
                told = {key.rpartition("}")[2]: value for key, value in cell.attrib.items()}
                if f"{CALC}value-type" in cell.attrib and cell.attrib[f"{CALC}value-type"] == "error":
                    yield f"{letters(column)}{line}", "error"
                elif "formula" in told and "value-type" not in told:
                    yield f"{letters(column)}{line}", "formula"
                column += int(told.get("number-columns-repeated", "1"))
            line += int(row.get(f"{TABLE}number-rows-repeated", "1"))


def _path_of(archive: zipfile.ZipFile, sheet: str) -> str:
    """Where a workbook of Excel keeps a sheet; empty if it does not say."""
    from xml.etree import ElementTree

    def attributes(path: str) -> Iterator[Mapping[str, str]]:
        text = archive.read(path)
        if b"<!DOCTYPE" in text or b"<!ENTITY" in text:
            return
        for node in ElementTree.fromstring(text).iter():  # noqa: S314
            yield {key.rpartition("}")[2]: value for key, value in node.attrib.items()}

    try:
        own = next(one["id"] for one in attributes("xl/workbook.xml") if one.get("name") == sheet and "id" in one)
        target = next(one["Target"] for one in attributes("xl/_rels/workbook.xml.rels") if one.get("Id") == own)
    except (KeyError, StopIteration, ElementTree.ParseError):
        return ""
    return target.lstrip("/") if target.startswith("/") else f"xl/{target}"
