"""The CSV files of one table with typed columns, decided over all of them, so that they are read alike."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pyarrow as pa

from mpi.columns import arrow
from mpi.columns.values import not_none
from mpi.errors import Fault, Place, counted, listed
from mpi.language import enumerated, joined, number_phrase, phrase
from mpi.source.csv import Cells
from mpi.source.numerals import KINDS, Written, numbers, trimmed, written
from mpi.specs.data_files import Dialect

MOST = 20  # texts that a remedy lists


@dataclass(frozen=True, slots=True)
class Delimited:
    """Typed files of one table.

    Attributes
    ----------
    tables : list of pyarrow.Table
        One for each file.
    said : list of str
        How each was read.
    refused : dict of str to Fault
        Columns that cannot be read, for their numbers can be read in two ways.
    nearly : dict of str to Fault
        Columns of text that would be numbers but for some cells.
    """

    tables: list[pa.Table]
    said: list[str]
    refused: dict[str, Fault]
    nearly: dict[str, Fault]


def typed(
    name: str, label: str, files: Sequence[Cells], dialect: Dialect, codes: Mapping[str, Sequence[str]]
) -> Delimited:
    """The files of a table, each column whole numbers, decimal numbers or text in all of them.

    Parameters
    ----------
    name, label : str
        The table, and what messages call it.
    files : sequence of Cells
    dialect : Dialect
    codes : mapping of str to sequence of str
        The codes that mean that the answer is unknown, by column: they are no texts among numbers.
    """
    # Once: a table makes its names anew at each call, a thousand times for a thousand replicate weights.
    held = [dict(zip(one.table.column_names, one.table.columns, strict=True)) for one in files]
    columns = list(dict.fromkeys(column for own in held for column in own))
    done: list[dict[str, pa.ChunkedArray]] = [{} for _ in files]
    found: dict[str, Written] = {}
    for column in columns:
        having = [i for i, own in enumerate(held) if column in own]
        called = unicodedata.normalize("NFC", column)  # as the survey names it
        missing = [*dialect.missing, *codes.get(called, ())]
        bare = {i: trimmed(held[i][column], missing) for i in having}
        whole = pa.chunked_array([chunk for some in bare.values() for chunk in some.chunks], pa.string())
        found[column] = written(whole, dialect.of(called))
        if any(column in one.texts for one in files) and found[column].kind != "empty":
            found[column] = Written(kind="text", cells=found[column].cells)
        for i in having:
            done[i][column] = _converted(bare[i], held[i][column], found[column])
    tables = [
        pa.Table.from_arrays([made[name] for name in own], names=list(own))
        for made, own in zip(done, held, strict=True)
    ]
    said: list[str] = [
        phrase(
            "{label}: {said}, {signs}", label=one.item.label, said=one.said, signs=_numbers_said(one, found, dialect)
        )
        for one in files
    ]
    refused = {c: _doubtful(name, label, c, one) for c, one in found.items() if one.kind == "doubtful"}
    nearly = {
        c: _nearly(name, label, c, one, dialect.missing) for c, one in found.items() if one.kind == "text" and one.odd
    }
    return Delimited(tables, said, refused, nearly)


def _converted(bare: pa.ChunkedArray, cells: pa.ChunkedArray, found: Written) -> pa.ChunkedArray:
    """A column of one file; texts keep the blanks around them."""
    import pyarrow.compute as pc

    if bare.null_count == len(bare):
        return pa.chunked_array([pa.nulls(len(bare))])
    if found.kind in ("whole", "decimal"):
        return numbers(bare, found)
    return pc.if_else(pc.is_valid(bare), cells, arrow.NO_TEXT)


def _numbers_said(file: Cells, found: Mapping[str, Written], dialect: Dialect) -> str:
    """The signs in a file's numbers, with the columns that have other ones than most."""
    decimals: dict[str, list[str]] = {}
    thousands: dict[str, list[str]] = {}
    for column in file.table.column_names:
        one = found[column]
        if one.reading is None or one.kind not in ("whole", "decimal"):
            continue
        if one.kind == "decimal":
            decimals.setdefault(one.reading.decimal, []).append(column)
        if one.reading.thousands is not None:
            thousands.setdefault(one.reading.thousands, []).append(column)
    signs = decimals or {dialect.decimal or ".": []}
    parts = [
        phrase("{sign!r} ({names})", sign=sign, names=listed(columns)) if len(signs) > 1 else repr(sign)
        for sign, columns in signs.items()
    ]
    said = phrase("decimal {signs}", signs=enumerated(parts))
    more = (
        phrase(", thousands {sign!r} ({names})", sign=sign, names=listed(columns))
        for sign, columns in thousands.items()
    )
    return joined((said, *more))


def _doubtful(name: str, label: str, column: str, found: Written) -> Fault:
    sign = not_none(found.reading).decimal
    cells = phrase("{odd:,} of its {cells}", odd=found.odd, cells=counted(found.cells, "cell"))
    text = phrase(
        "column {column!r} of {name} can be read in two ways: in {cells} {kinds} may part "
        "decimals or thousands (as in 1{sign}250)",
        column=column,
        name=name,
        cells=cells,
        kinds=KINDS[sign],
        sign=sign,
    )
    remedy = phrase(
        "say which in the table {name}: `csv: {{decimal: {dumps}}}` for decimals, `csv: "
        "{{thousands: {dumps}}}` for thousands; for this column alone `csv: {{columns: "
        "{{{column}: {{decimal: {dumps}}}}}}}`",
        name=name,
        dumps=json.dumps(sign),
        column=column,
    )
    return Fault("MPI-D131", Place(label), text, remedy)


def _nearly(name: str, label: str, column: str, found: Written, missing: Sequence[str]) -> Fault:
    """What keeps a column from being numbers; texts are quoted only where they are nobody's own."""
    head = number_phrase(
        found.odd,
        "column {column!r} of {name} is a text because {number:,} of its {cells} is",
        "column {column!r} of {name} is a text because {number:,} of its {cells} are",
        column=column,
        name=name,
        cells=counted(found.cells, "cell"),
    )
    if found.alone is not None:
        sign = found.alone.decimal
        text = phrase("{head} written otherwise than `csv:` states", head=head)
        remedy = phrase(
            "state the signs of this column too, in the table {name}: `csv: {{columns: {{{column}: "
            "{{decimal: {dumps}}}}}}}` where they part decimals, `{{thousands: {dumps}}}` where "
            "thousands",
            name=name,
            column=column,
            dumps=json.dumps(sign),
        )
        return Fault("MPI-D132", Place(label), text, remedy)
    if found.mixed:
        text = phrase("{head} written in another way than the other numbers (decimal sign, thousands)", head=head)
        return Fault("MPI-D132", Place(label), text, phrase("write all numbers of the column in one way"))
    kinds = len(found.marks) + found.others
    quoted = listed([repr(mark) for mark in found.marks])
    if kinds == 1:
        same = phrase(", all the same text")
        what = phrase("{same} {quoted}", same=same, quoted=quoted) if quoted else same
    elif quoted:
        what = phrase(", with {kinds:,} texts, {quoted} among them", kinds=kinds, quoted=quoted)
    else:
        what = phrase(", with {kinds:,} texts", kinds=kinds)
    listed_ = [json.dumps(mark, ensure_ascii=False) for mark in (*missing, *found.marks[:MOST])]
    text, listing = (
        phrase("{head} no number{what}", head=head, what=what),
        f"`csv: {{missing: [{', '.join(listed_)}]}}`",
    )
    if found.others or len(found.marks) > MOST:
        remedy = phrase(
            "look at these cells, and list the texts that mean a missing value in the table {name}", name=name
        )
        return Fault(
            "MPI-D132",
            Place(label),
            text,
            phrase("{remedy}, as {listing}", remedy=remedy, listing=listing)
            if found.marks
            else phrase("{remedy}, as `csv: {{missing: [...]}}`", remedy=remedy),
        )
    remedy = phrase(
        "if it means that the value is missing, write {listing} in the table {name}", listing=listing, name=name
    )
    return Fault("MPI-D132", Place(label), text, remedy)
