"""Dictionaries of texts of fixed width: where each column lies, and what its codes mean.

One is a CSV file or a sheet with a row for each column, or a dictionary of Stata (.dct). Census offices add titles,
labels of codes, missing codes and decimals that are not written; what stands below a column without a name of its own
are further labels of it.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from mpi.errors import DataError, Fault, Place, folded, listed
from mpi.files.stores import is_address, location
from mpi.language import phrase
from mpi.source.csv import as_utf8
from mpi.source.items import Item
from mpi.source.labels import Bounds, Labels, text_of
from mpi.source.sheets import open_book

# What stands in a column of the dictionary, by its heading without capitals and accents.
HEADINGS: Mapping[str, tuple[str, ...]] = {
    "name": ("name", "variable", "column", "field", "nombre", "nome", "campo"),
    "start": ("start", "begin", "from", "position", "inicio", "desde", "posicion", "posicion inicial", "posicao",
              "posicao inicial"),
    "width": ("width", "length", "ancho", "longitud", "largura", "tamanho"),
    "end": ("end", "to", "fin", "final", "hasta", "posicion final", "fim", "posicao final"),
    "title": ("title", "label", "description", "titulo", "etiqueta", "descripcion", "descricao", "rotulo"),
    "type": ("type", "format", "tipo", "formato"),
    "labels": ("labels", "codes", "values", "categories", "etiquetas", "codigos", "valores", "categorias", "rotulos"),
    "missing": ("missing", "missing codes", "perdidos", "codigos perdidos", "faltantes", "ausentes", "omissos"),
    "decimals": ("decimals", "decimal places", "decimales", "decimais"),
}  # fmt: skip
NUMBERS = ("number", "numeric", "integer", "int", "long", "byte", "float", "double", "n", "num", "numero", "numerico",
           "numerica", "entero", "inteiro", "decimal")  # fmt: skip
TEXTS = ("text", "string", "str", "character", "char", "alphanumeric", "a", "c", "texto", "cadena", "caracter",
         "alfanumerico", "alfanumerica", "alfa")  # fmt: skip
INFIX = re.compile(r"(?:(?:str|byte|int|long|float|double)\d*\s+)?([A-Za-z_]\w*)\s+(\d+)(?:\s*-\s*(\d+))?(?=\s|$)")
COLUMN = re.compile(r"_column\((\d+)\)\s+(?:\w+\s+)?([A-Za-z_]\w*)\s+%-?0?(\d+)")
BETWEEN = re.compile(r"[;|\n]")  # labels, or missing codes, of one cell
LABEL = re.compile(r"\s*(.+?)\s*(?:=|:|\s)\s*(.*\S)\s*$", re.DOTALL)
RANGE = re.compile(r"(-?\d+(?:\.\d+)?)\s*(?:\.\.|-)\s*(-?\d+(?:\.\d+)?)$")
BOOKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
MOST = 100_000  # places of a line
Kind = Literal["number", "text"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """A column of a text of fixed width.

    Attributes
    ----------
    start, width : int
        Its first character in a line, from 1, and how many it has.
    kind : {"number", "text"} or None
        Whether zeros before its digits are filling, or part of a code; None to keep them where they are.
    decimals : int
        How many of its last digits are decimals, where no decimal sign is written.
    labels : Labels
    """

    start: int
    width: int
    kind: Kind | None = None
    decimals: int = 0
    labels: Labels = field(default_factory=Labels)

    @property
    def end(self) -> int:
        """Its last character."""
        return self.start + self.width - 1


def fields_of(item: Item) -> dict[str, Field]:
    """The columns of a text of fixed width, as the survey or its dictionary says.

    Raises
    ------
    DataError
        If the dictionary cannot be read, or a row of it does not say where a column lies.
    UsageError
        If it is a workbook, and calamine is not installed.
    """
    if item.layout.fixed:
        return {name: Field(start=start, width=width) for name, (start, width) in item.layout.fixed.items()}
    name = str(item.layout.dictionary)
    place = Place(name)
    path = location(name) if is_address(name) else item.folder / name
    try:
        raw = path.read_bytes()
    except OSError:
        text = phrase("the dictionary of {label} is not there", label=item.label)
        raise DataError(Fault("MPI-D001", place, text, phrase("look at `fixed:` of the table"))) from None
    if raw.startswith(BOOKS):
        return _of_rows(_sheet(raw, place), place)
    text_ = as_utf8(raw, None, place)[0].decode()
    if path.suffix.lower() == ".dct":
        return _of_stata(text_) or _none(place)
    sign = max(",;\t|", key=text_.count)
    return _of_rows(list(csv.reader(io.StringIO(text_, newline=""), delimiter=sign)), place)


def _none(place: Place) -> dict[str, Field]:
    text = phrase("this is no dictionary of columns")
    remedy = phrase(
        "give a CSV file or a sheet with the columns name, start and width (or end), or a Stata dictionary (.dct)"
    )
    raise DataError(Fault("MPI-D005", place, text, remedy))


def _of_stata(text: str) -> dict[str, Field]:
    """The columns of a dictionary of Stata, `infix` or `_column(...)`."""
    bare = re.sub(r"/\*.*?\*/|^\s*\*.*?$", "", text, flags=re.DOTALL | re.MULTILINE)
    own = {name: (int(start), int(width)) for start, name, width in COLUMN.findall(bare)}
    if not own:
        inside = bare[bare.find("{") + 1 : bare.rfind("}")] if "{" in bare else bare
        own = {
            name: (int(first), int(last or first) - int(first) + 1)
            for name, first, last in INFIX.findall(re.sub(r'"[^"\n]*"', "", inside))
        }
    if any(start < 1 or width < 1 for start, width in own.values()):
        return {}
    return {name: Field(start=start, width=width) for name, (start, width) in own.items()}


def _sheet(raw: bytes, place: Place) -> list[list[str]]:
    """The first sheet of a workbook that has the headings of a dictionary."""
    for cells in open_book(raw, place).values():
        rows = [[text_of(cell) if isinstance(cell, int | float) else str(cell) for cell in row] for row in cells()]
        if _heads(rows) is not None:
            return rows
    return []


def _heads(rows: Sequence[Sequence[str]]) -> tuple[int, dict[str, int]] | None:
    """The row with the headings, and the column of each thing that is said; None if there is none."""
    for number, row in enumerate(rows):
        heads = [folded(cell) for cell in row]
        found = {key: heads.index(word) for key, words in HEADINGS.items() for word in words[::-1] if word in heads}
        if {"name", "start"} <= found.keys() and {"width", "end"} & found.keys():
            return number, found
    return None


def _of_rows(rows: Sequence[Sequence[str]], place: Place) -> dict[str, Field]:
    """The columns of a dictionary with a row for each."""
    head = _heads(rows)
    if head is None:
        return _none(place)
    first, columns = head
    found: dict[str, dict[str, str]] = {}
    faults: list[Fault] = []
    lines: dict[str, int] = {}
    last = ""
    for number, row in enumerate(rows[first + 1 :], first + 2):
        cells = {key: row[j].strip() for key, j in columns.items() if j < len(row)}
        if name := cells["name"]:
            if name in found:
                text = phrase("two columns are called {names}", names=listed([name]))
                faults.append(Fault("MPI-D011", Place(place.file, number), text, phrase("rename one of them")))
            last, found[name], lines[name] = name, cells, number
        elif last and cells.get("labels"):
            found[last]["labels"] = f"{found[last].get('labels', '')}\n{cells['labels']}"
    fields: dict[str, Field] = {}
    for name, cells in found.items():
        try:
            fields[name] = _field(cells)
        except _Odd as odd:
            what = phrase("{name}: `{key}` cannot be {cell!r}", name=name, key=odd.key, cell=odd.cell[:40])
            faults.append(Fault("MPI-D005", Place(place.file, lines[name]), what, WANTED[odd.key]))
    if faults:
        raise DataError(*faults)
    return fields or _none(place)


WANTED = {
    "start": phrase("write the place of the first character, from 1"),
    "width": phrase("write how many characters the column has"),
    "end": phrase("write the place of the last character"),
    "type": phrase("write number or text"),
    "labels": phrase("write codes and labels such as 1 = Man; 2 = Woman"),
    "missing": phrase("write codes and ranges such as 9; 98-99"),
    "decimals": phrase("write how many of the last digits are decimals"),
}


class _Odd(ValueError):
    """A cell that does not say what its heading promises."""

    def __init__(self, key: str, cell: str) -> None:
        super().__init__(key)
        self.key, self.cell = key, cell


def _field(cells: Mapping[str, str]) -> Field:
    start = _whole(cells, "start")
    width = _whole(cells, "width") if cells.get("width") else _whole(cells, "end") - start + 1
    if width < 1:
        raise _Odd("end", cells["end"])
    word = folded(cells.get("type", "")).split("(")[0].strip()
    if word and word not in NUMBERS + TEXTS:
        raise _Odd("type", cells["type"])
    kind: Kind | None = "number" if word in NUMBERS else "text" if word in TEXTS else None
    decimals = _whole(cells, "decimals", least=0) if cells.get("decimals") else 0
    if decimals >= width:
        raise _Odd("decimals", cells["decimals"])
    values = _values(cells.get("labels", ""), plain=kind == "number")
    labels = Labels(title=cells.get("title", ""), values=values, missing=_missing(cells.get("missing", "")))
    return Field(start=start, width=width, kind=kind, decimals=decimals, labels=labels)


def _whole(cells: Mapping[str, str], key: str, least: int = 1) -> int:
    text = cells.get(key, "")
    if not (text.isascii() and text.isdigit() and least <= int(text) <= MOST):
        raise _Odd(key, text)
    return int(text)


def _values(cell: str, *, plain: bool) -> dict[str, str]:
    """Codes with their labels: `1 = Man; 2 = Woman`, also one a line, or with a colon or a blank between."""
    found: dict[str, str] = {}
    for part in filter(str.strip, BETWEEN.split(cell)):
        pair = LABEL.match(part)
        if pair is None:
            raise _Odd("labels", part.strip())
        found[str(int(pair[1])) if plain and pair[1].isascii() and pair[1].isdigit() else pair[1]] = pair[2]
    return found


def _missing(cell: str) -> tuple[Bounds, ...]:
    found: list[Bounds] = []
    for part in filter(None, (one.strip() for one in re.split(r"[;|,\n]", cell))):
        if pair := RANGE.match(part):
            low, high = float(pair[1]), float(pair[2])
            if low > high:
                raise _Odd("missing", part)
            found.append((low, high))
        else:
            number = re.fullmatch(r"-?\d+(\.\d+)?", part)
            found.append((float(part), float(part)) if number else (part, part))
    return tuple(found)
