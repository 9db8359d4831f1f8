"""The codes of the areas of a boundary file: from one column or several, with the leading zeros that were lost."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from mpi.columns import arrow
from mpi.columns.values import no_codes
from mpi.errors import Fault, Place, counted, listed
from mpi.language import phrase
from mpi.maps.boundaries import Boundaries
from mpi.rules import names
from mpi.specs.study import AreaCode, MapSpec

AS_TEXT = phrase("write every code as a text, or take another column")


@dataclass(frozen=True, slots=True)
class Codes:
    """The code of each row as a text, empty where there is none, and how many of them got leading zeros."""

    texts: tuple[str, ...]
    padded: int


def columns_of(spec: MapSpec) -> list[str]:
    """The columns of the boundary file that a map reads, each once."""
    file, upper = spec.boundaries, spec.upper
    wanted: list[str | None] = [*file.code.columns, file.name]
    if upper is not None:
        wanted += [*upper.code.columns, upper.name]
    if file.only is not None:
        wanted += list(names(file.only.expression))
    return list(dict.fromkeys(name for name in wanted if name is not None))


def codes_of(raw: Boundaries, code: AreaCode) -> Codes:
    """The codes of the rows; of several columns one after the other, each padded to its own width."""
    if code.widths:
        parts = [texts_of(raw.columns[name]) for name in code.columns]
        filled = [[text and text.zfill(width) for text in part] for part, width in zip(parts, code.widths, strict=True)]
        texts = ["".join(row) if all(row) else "" for row in zip(*filled, strict=True)]
        short = sum(
            before != after for before, after in zip(zip(*parts, strict=True), zip(*filled, strict=True), strict=True)
        )
        return Codes(tuple(texts), short)
    texts = texts_of(raw.columns[code.columns[0]])
    if not code.pad or code.width is None:
        return Codes(tuple(texts), 0)
    lost = [text.isascii() and text.isdigit() and len(text) < code.width for text in texts]
    padded = [text.zfill(code.width) if add else text for text, add in zip(texts, lost, strict=True)]
    return Codes(tuple(padded), sum(lost))


def check_columns(raw: Boundaries, code: AreaCode, faults: list[Fault]) -> None:
    """Add the faults of columns that hold no codes, or parts of codes longer than their width."""
    place = Place(raw.file)
    check_decimals(raw, code, faults)
    for i, name in enumerate(code.columns):
        sort = arrow.sort_of(raw.columns[name].type)
        if sort == "number" and not code.widths and not (code.pad and code.width is not None):
            text = phrase("column {name!r} holds numbers, which lose leading zeros", name=name)
            longest = max(map(len, texts_of(raw.columns[name])), default=1)
            written = f"code: {{column: {name}, width: {longest}, pad: yes}}" if code.width is None else "pad: yes"
            remedy = phrase(
                "say how long a code is, and that zeros are missing: `{written}` (mpi map: --width {width} --pad)",
                written=written,
                width=code.width or longest,
            )
            faults.append(Fault("MPI-G005", place, text, remedy))
        elif sort not in ("number", "text", "empty"):
            text = phrase("column {name!r} holds neither texts nor numbers alone", name=name)
            faults.append(Fault("MPI-G005", place, text, AS_TEXT))
        elif code.widths:
            longer = sorted({text for text in texts_of(raw.columns[name]) if len(text) > code.widths[i]})
            if longer:
                text = phrase(
                    "{codes} of {name!r} longer than {widths}: {names}",
                    codes=counted(len(longer), "code"),
                    name=name,
                    widths=code.widths[i],
                    names=listed(longer),
                )
                faults.append(
                    Fault("MPI-G008", place, text, phrase("write the width that the codes of {name!r} have", name=name))
                )


def check_decimals(raw: Boundaries, code: AreaCode, faults: list[Fault]) -> None:
    """Add the faults of columns of decimal numbers that are no whole ones, or cannot be told from their neighbours."""
    for name in code.columns:
        column = raw.columns[name]
        try:
            values = arrow.values_of(column)
        except arrow.Unreadable as error:
            if arrow.sort_of(column.type) == "number":
                text = phrase("column {name!r} {error}, which are no codes", name=name, error=error)
                faults.append(Fault("MPI-G210", Place(raw.file), text, AS_TEXT))
            continue
        if wrong := int(np.count_nonzero(no_codes(values, exact := arrow.exact_below(column.type)))):
            text = phrase(
                "column {name!r} holds decimal numbers in {rows} that are no codes: they have a "
                "fraction, or are {exact:,} or more and look like their neighbours",
                name=name,
                rows=counted(wrong, "row"),
                exact=exact,
            )
            faults.append(Fault("MPI-G210", Place(raw.file), text, AS_TEXT))


def texts_of(column: pa.ChunkedArray) -> list[str]:
    """A column as texts without blanks around them; whole numbers without a decimal point; nulls and NaN empty."""
    found = []
    for value in column.to_pylist():
        if isinstance(value, float | np.floating):  # of Shapefiles; of half floats, before pyarrow 21
            value = int(value) if value.is_integer() else None if math.isnan(value) else value  # noqa: PLW2901
        found.append("" if value is None else str(value).strip())
    return found
