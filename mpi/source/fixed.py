"""Texts of fixed width, as census offices publish them: each row is a line, each column lies at its place.

Where columns lie, and what their codes mean, is said by the survey or by a dictionary (see `dictionaries`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

import numpy as np
import pyarrow as pa

from mpi.columns import arrow
from mpi.errors import DataError, Fault, Place
from mpi.language import phrase
from mpi.source.csv import Cells, as_utf8
from mpi.source.dictionaries import Field, fields_of
from mpi.source.items import Item
from mpi.source.labels import Tally

LINES = 2**16  # that are cut at once


def read_fixed(item: Item) -> Cells:
    """A text of fixed width as a table of texts; codes that its dictionary calls missing are null, and counted.

    Raises
    ------
    DataError
        If the dictionary cannot be read, the text is not in its encoding, or a line is empty or cut.
    """
    fields = fields_of(item)
    data, encoding = as_utf8(item.content(), item.layout.encoding or item.dialect.encoding, item.place)
    text = data.decode()
    cut = not text.endswith(("\n", "\x1a"))
    lines = text.rstrip("\x1a").replace("\r\n", "\n").split("\n")
    while lines and not lines[-1].strip():
        lines.pop()
    width = max(one.end for one in fields.values())
    _check_lines(item, lines, width, cut=cut)
    counts: dict[str, Counter[str]] = {name: Counter() for name in fields}
    batches = [_batch(lines[low : low + LINES], fields, width, counts) for low in range(0, len(lines), LINES)]
    tally = Tally()
    for name, found in counts.items():
        tally.note(0, name, found)
    said = phrase("read as {encoding}, fixed width of {width} characters", encoding=encoding, width=width)
    return Cells(
        item=item,
        table=pa.Table.from_batches(batches),
        said=said,
        texts=frozenset(name for name, one in fields.items() if one.kind == "text"),
        labels={name: one.labels for name, one in fields.items()},
        tally=tally,
    )


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


def _batch(
    lines: Sequence[str], fields: Mapping[str, Field], width: int, counts: Mapping[str, Counter[str]]
) -> pa.RecordBatch:
    """Lines cut into texts, empty and missing ones null."""
    kind = "U" if any(not line.isascii() for line in lines) else "S"  # a quarter of the memory
    grid = np.array([line.ljust(width) for line in lines], f"{kind}{width}").view(f"{kind}1").reshape(len(lines), -1)
    arrays = []
    for name, one in fields.items():
        cells = np.ascontiguousarray(grid[:, one.start - 1 : one.end]).view(f"{kind}{one.width}").ravel()
        texts = np.char.strip(cells).astype(f"U{one.width}").tolist()
        if one.labels.missing:
            missing = {text for text in set(texts) if text and one.labels.is_missing(text)}
            counts[name].update(text for text in texts if text in missing)
            texts = ["" if text in missing else text for text in texts]
        if one.decimals or one.kind == "number":
            texts = [_number(text, one.decimals) for text in texts]
        arrays.append(arrow.texts([text or None for text in texts]))
    return pa.RecordBatch.from_arrays(arrays, names=list(fields))


def _number(text: str, decimals: int) -> str:
    """Digits without zeros before them, and with the decimal sign that is not written; other texts as they are.

    Examples
    --------
    >>> _number("0012345", 2), _number("-5", 2), _number("1.5", 2), _number("007", 0)
    ('123.45', '-0.05', '1.5', '7')
    """
    sign, digits = ("-", text[1:]) if text.startswith("-") else ("", text)
    if not (digits.isascii() and digits.isdigit()):
        return text
    digits = digits.zfill(decimals + 1)
    whole, rest = digits[: len(digits) - decimals], digits[len(digits) - decimals :]
    return f"{sign}{int(whole)}.{rest}" if decimals else f"{sign}{int(whole)}"
