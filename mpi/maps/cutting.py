"""Texts of a boundary file that GDAL would cut: its texts end at the first NUL, so that two codes would become one.

Comes in: the file as it lies there and the columns that a map reads. Goes out: which of them hold a NUL inside a text,
and in how many rows. GeoParquet is not read by GDAL.
"""

from __future__ import annotations

import json
import sqlite3
import zipfile
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import numpy as np

from mpi.errors import Fault, Place, counted
from mpi.language import phrase

NUL = "\0"
WRITTEN = rb"\u0000"  # a NUL as JSON writes it
# Of a dBase table: bytes of its head and of the description of a column, and where the numbers stand.
HEAD, DESCRIBED, LENGTH, TYPE = 32, 32, 16, 11
# What a damaged file raises: its database, its archive, its JSON (however deep).
UNREADABLE = (sqlite3.Error, zipfile.BadZipFile, KeyError, ValueError, RecursionError, OSError)
REMEDY = phrase("write the texts without it, or take another column")


def cut_texts(
    source: Path | bytes | str, driver: str, layer: str, columns: Sequence[str], fields: Sequence[str]
) -> dict[str, int]:
    """Rows of a layer with a NUL inside a text, by column; what is damaged raises as its reader does.

    Parameters
    ----------
    source : Path, bytes or str
        A file, its content, or a Shapefile inside a .zip as GDAL calls it.
    driver : str
        GDAL's name of what the file is.
    columns : sequence of str
        Those that are read.
    fields : sequence of str
        All columns in the order of the file.
    """
    if driver == "GPKG":
        return dict(_in_geopackage(source, layer, columns))
    if driver == "ESRI Shapefile":
        return dict(_in_dbase(_beside(str(source)), {name: fields.index(name) for name in columns}))
    data = source if isinstance(source, bytes) else Path(source).read_bytes()
    return _in_json(data, columns) if WRITTEN in data else {}


def faults_of(cut: Mapping[str, int], place: Place) -> list[Fault]:
    """The fault of each column whose texts would be cut."""
    return [
        Fault(
            "MPI-G211",
            place,
            phrase(
                "column {name!r} has a NUL inside its text in {rows}, which would be cut there",
                name=name,
                rows=counted(rows, "row"),
            ),
            REMEDY,
        )
        for name, rows in cut.items()
    ]


def _in_json(data: bytes, columns: Sequence[str]) -> dict[str, int]:
    found: Counter[str] = Counter()
    for properties in _properties(json.loads(data)):
        found.update(name for name in columns if NUL in str(properties.get(name, "")))
    return dict(found)


def _properties(value: Any) -> Iterator[Mapping[str, object]]:  # whatever JSON holds
    """The properties of all features, or of all geometries of a TopoJSON file."""
    waiting: list[Any] = [value]
    while waiting:
        one = waiting.pop()
        if isinstance(one, dict):
            own = one.get("properties")
            if isinstance(own, dict):
                yield own
            waiting += [part for key, part in one.items() if key not in ("properties", "coordinates", "arcs")]
        elif isinstance(one, list):
            waiting += one


def _in_geopackage(source: Path | bytes | str, layer: str, columns: Iterable[str]) -> Iterator[tuple[str, int]]:
    held = ":memory:" if isinstance(source, bytes) else f"{Path(source).absolute().as_uri()}?immutable=1"
    with closing(sqlite3.connect(held, uri=True)) as opened:
        if isinstance(source, bytes):
            opened.deserialize(source)
        for name in columns:
            # Names cannot be parameters: they are quoted. A text with a NUL is whole only as bytes.
            column, table = ('"' + part.replace('"', '""') + '"' for part in (name, layer))
            holds = [f"typeof({column}) = 'text'", "AND", f"instr(CAST({column} AS BLOB), x'00')"]
            (rows,) = opened.execute(" ".join(["SELECT count(*) FROM", table, "WHERE", *holds])).fetchone()
            if rows:
                yield name, rows


def _beside(path: str) -> bytes:
    """The table of a Shapefile; nothing where there is none."""
    if not path.startswith("/vsizip/"):
        return next(
            (
                other.read_bytes()
                for other in Path(path).parent.iterdir()
                if other.stem == Path(path).stem and other.suffix.lower() == ".dbf"
            ),
            b"",
        )
    archive, _, inside = path.removeprefix("/vsizip/").partition(".zip/")
    with zipfile.ZipFile(f"{archive}.zip") as packed:
        names = {name for name in packed.namelist() if name[:-4] == inside[:-4] and name.lower().endswith(".dbf")}
        return packed.read(min(names)) if names else b""


def _in_dbase(data: bytes, places: Mapping[str, int]) -> Iterator[tuple[str, int]]:
    """NULs at the end fill a column up, as blanks do; one with more after it is inside a text."""
    if len(data) < HEAD:
        return
    head, length = (int.from_bytes(data[at : at + 2], "little") for at in (8, 10))
    described = [data[at : at + DESCRIBED] for at in range(HEAD, head - DESCRIBED + 1, DESCRIBED)]
    rows = min(int.from_bytes(data[4:8], "little"), (len(data) - head) // max(length, 1))
    table = np.frombuffer(data, np.uint8, rows * length, head).reshape(rows, length)
    for name, place in places.items():
        start = 1 + sum(column[LENGTH] for column in described[:place])
        if chr(described[place][TYPE]) != "C":
            continue
        own = table[:, start : start + described[place][LENGTH]]
        ended = np.maximum.accumulate(own == 0, axis=1)
        inside = (ended & (own != 0) & (own != ord(" "))).any(axis=1)
        if number := int(np.count_nonzero(inside)):
            yield name, number
