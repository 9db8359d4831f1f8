"""Texts of fixed width, as census offices publish them: each row is a line, each column lies at its place.

Where columns lie is said by the survey, by a CSV file or by a dictionary of Stata (.dct).
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping

import numpy as np
import pyarrow as pa

from mpi.columns import arrow
from mpi.errors import DataError, Fault, Place
from mpi.files.stores import is_address, location
from mpi.language import phrase
from mpi.source.csv import Cells, as_utf8
from mpi.source.items import Item

Places = dict[str, tuple[int, int]]
NAMES, STARTS = ("name", "variable", "column", "nombre", "nome"), ("start", "begin", "inicio", "position", "posicion")
WIDTHS, ENDS = ("width", "length", "ancho", "longitud", "largura", "tamanho"), ("end", "fin", "final", "fim")
INFIX = re.compile(r"(?:(?:str|byte|int|long|float|double)\d*\s+)?([A-Za-z_]\w*)\s+(\d+)(?:\s*-\s*(\d+))?(?=\s|$)")
COLUMN = re.compile(r"_column\((\d+)\)\s+(?:\w+\s+)?([A-Za-z_]\w*)\s+%-?0?(\d+)")
LINES = 2**16  # that are cut at once


def read_fixed(item: Item) -> Cells:
    """A text of fixed width as a table of texts.

    Raises
    ------
    DataError
        If the dictionary cannot be read, the text is not in its encoding, or a line is empty or cut.
    """
    places = dict(item.layout.fixed) or _dictionary(item)
    data, encoding = as_utf8(item.content(), item.layout.encoding or item.dialect.encoding, item.place)
    text = data.decode()
    cut = not text.endswith(("\n", "\x1a"))
    lines = text.rstrip("\x1a").replace("\r\n", "\n").split("\n")
    while lines and not lines[-1].strip():
        lines.pop()
    width = max(start + width - 1 for start, width in places.values())
    _check_lines(item, lines, width, cut=cut)
    batches = [_batch(lines[low : low + LINES], places, width) for low in range(0, len(lines), LINES)]
    said = phrase("read as {encoding}, fixed width of {width} characters", encoding=encoding, width=width)
    return Cells(item, pa.Table.from_batches(batches), said)


def _check_lines(item: Item, lines: list[str], width: int, *, cut: bool) -> None:
    if not lines:
        raise DataError(Fault("MPI-D002", item.place, phrase("the file has no row"), phrase("copy it again")))
    if empty := next((number for number, line in enumerate(lines, 1) if not line.strip()), 0):
        text = phrase("row {number} is empty", number=empty)
        raise DataError(Fault("MPI-D005", Place(item.label, empty), text, phrase("remove it, or copy the file again")))
    longest = max(map(len, lines))
    # Programs cut off blanks at the end of lines; but a last line that is short, without an end, was cut itself.
    short = len(lines) if cut and len(lines[-1]) < min(width, longest) else 0
    if longest < width or short:
        number = short or 1
        text = phrase(
            "row {number} has {length} characters, and the columns reach to {width}",
            number=number,
            length=len(lines[number - 1]),
            width=width,
        )
        remedy = phrase("copy the file again, or take the dictionary that belongs to it")
        raise DataError(Fault("MPI-D005", Place(item.label, number), text, remedy))


def _batch(lines: list[str], places: Places, width: int) -> pa.RecordBatch:
    """Lines cut into texts, empty ones null."""
    kind = "U" if any(not line.isascii() for line in lines) else "S"  # a quarter of the memory
    grid = np.array([line.ljust(width) for line in lines], f"{kind}{width}").view(f"{kind}1").reshape(len(lines), -1)
    arrays = []
    for start, size in places.values():
        cells = np.ascontiguousarray(grid[:, start - 1 : start - 1 + size]).view(f"{kind}{size}").ravel()
        texts = np.char.strip(cells).astype(f"U{size}").tolist()
        arrays.append(arrow.texts([text or None for text in texts]))
    return pa.RecordBatch.from_arrays(arrays, names=list(places))


def _dictionary(item: Item) -> Places:
    """Where columns lie, from a file beside the data."""
    name = str(item.layout.dictionary)
    place = Place(name)
    path = location(name) if is_address(name) else item.folder / name
    try:
        raw = path.read_bytes()
    except OSError:
        text = phrase("the dictionary of {label} is not there", label=item.label)
        raise DataError(Fault("MPI-D001", place, text, phrase("look at `fixed:` of the table"))) from None
    text_ = as_utf8(raw, None, place)[0].decode()
    found = _of_stata(text_) if path.suffix.lower() == ".dct" else _of_csv(text_)
    if not found or any(start < 1 or width < 1 for start, width in found.values()):
        text = phrase("this is no dictionary of columns")
        remedy = phrase("give a CSV file with the columns name, start and width (or end), or a Stata dictionary (.dct)")
        raise DataError(Fault("MPI-D005", place, text, remedy))
    return found


def _of_stata(text: str) -> Places:
    """The columns of a dictionary of Stata, `infix` or `_column(...)`."""
    bare = re.sub(r"/\*.*?\*/|^\s*\*.*?$", "", text, flags=re.DOTALL | re.MULTILINE)
    own = {name: (int(start), int(width)) for start, name, width in COLUMN.findall(bare)}
    if own:
        return own
    inside = bare[bare.find("{") + 1 : bare.rfind("}")] if "{" in bare else bare
    return {
        name: (int(first), int(last or first) - int(first) + 1)
        for name, first, last in INFIX.findall(re.sub(r'"[^"\n]*"', "", inside))
    }


def _of_csv(text: str) -> Places:
    delimiter = max(",;\t", key=text.split("\n", 1)[0].count)
    rows = [{(key or "").strip().lower(): (value or "").strip() for key, value in row.items() if key is not None}
            for row in csv.DictReader(io.StringIO(text), delimiter=delimiter)]  # fmt: skip
    found: Places = {}
    for row in rows:
        name, start, width, end = (_first(row, words) for words in (NAMES, STARTS, WIDTHS, ENDS))
        if not name or not start.isdigit() or not (width or end).isdigit() or name in found:
            return {}
        found[name] = int(start), int(width) if width else int(end) - int(start) + 1
    return found


def _first(row: Mapping[str, str], words: tuple[str, ...]) -> str:
    return next((row[word] for word in words if row.get(word)), "")
