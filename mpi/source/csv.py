"""CSV files as tables of text: their dialect stated by the survey, or found out and said; see `delimited` for types."""

from __future__ import annotations

import codecs
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa

from mpi.errors import DataError, Fault, Place, listed
from mpi.errors.resources import raise_scarce
from mpi.language import enumerated, phrase
from mpi.source.items import Item
from mpi.source.labels import Labels, Tally

DELIMITERS = (",", ";", "\t", "|")
WORDS = {",": phrase("comma"), ";": phrase("semicolon"), "\t": phrase("tab"), "|": phrase("bar")}
BLOCK = 2**24  # bytes parsed at once: a thousand columns in blocks of Arrow's 1 MB would be pieces of 150 rows
UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
UTF_32 = (codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)
HEAD = 4096  # bytes that show how a text without a mark is encoded


@dataclass(frozen=True, slots=True, kw_only=True)
class Cells:
    """A file whose cells are texts: CSV, or of fixed width.

    Attributes
    ----------
    item : Item
    table : pyarrow.Table
        Every column a text, empty cells null.
    said : str
        Its encoding and delimiter, for a remark.
    texts : frozenset of str
        Columns that stay texts, though all their cells may be numbers.
    labels : mapping of str to Labels
    tally : Tally
        How many cells held missing codes that a dictionary declares; they are null.
    """

    item: Item
    table: pa.Table
    said: str
    texts: frozenset[str] = frozenset()
    labels: Mapping[str, Labels] = field(default_factory=dict)
    tally: Tally = field(default_factory=Tally)


def read_csv(item: Item) -> Cells:
    """A CSV file as a table of texts, and what was taken as its dialect.

    Raises
    ------
    DataError
        If the file is empty, is no text, has rows of unequal length, doubled columns or an encoding that cannot be
        read.
    """
    raw = item.content()
    data, encoding = as_utf8(raw, item.dialect.encoding or item.layout.encoding, item.place)
    delimiter = item.dialect.delimiter or delimiter_of(data)
    word = WORDS.get(delimiter, delimiter)
    said = phrase("read as {encoding}, {word} between columns", encoding=encoding, word=word)
    return Cells(item=item, table=_parsed(data, delimiter, item.place), said=said)


def as_utf8(raw: bytes, stated: str | None, place: Place) -> tuple[bytes, str]:
    """The file's text in UTF-8 without byte order mark, and the encoding that it was in."""
    guesses = _encodings(raw)
    for encoding in [stated] if stated else guesses:
        try:
            text = raw.decode(encoding)
        except UnicodeDecodeError:
            continue
        data = (raw if encoding == "utf-8" else text.encode()).removeprefix(codecs.BOM_UTF8)
        _check_zeros(data, place)
        return data, encoding
    text = phrase("the file is not {value} text", value=stated or enumerated(guesses, "or"))
    raise DataError(
        Fault(
            "MPI-D005",
            place,
            text,
            phrase("state the encoding of the file, such as `csv: {{encoding: latin-1}}`, or copy it again"),
        )
    )


def _encodings(raw: bytes) -> list[str]:
    """What a text may be encoded in: by its byte order mark, by every other byte being zero, or else the usual ones."""
    if raw.startswith(UTF_32):  # looked at first: the mark of UTF-16 begins it
        return ["utf-32"]
    if raw.startswith(UTF_16):
        return ["utf-16"]
    head = raw[: min(HEAD, len(raw) // 2 * 2)]
    even, odd = head[::2], head[1::2]
    if odd.count(0) * 2 > len(odd) and not even.count(0):
        return ["utf-16-le"]
    if even.count(0) * 2 > len(even) and not odd.count(0):
        return ["utf-16-be"]
    return ["utf-8", "cp1252"]


def _check_zeros(data: bytes, place: Place) -> None:
    """Refuse zero bytes, which no text has: a copy that broke off leaves them, or another encoding."""
    zeros = data.count(0)
    if not zeros:
        return
    line = data.count(b"\n", 0, data.find(0)) + 1
    text = phrase("the file has zero bytes ({number:,}), which no text has: it is damaged", number=zeros)
    remedy = phrase("copy it again from its source, or state its encoding, such as `csv: {{encoding: utf-16}}`")
    raise DataError(Fault("MPI-D005", Place(place.file, line), text, remedy))


def delimiter_of(data: bytes) -> str:
    """The sign between columns: the one that is most often in the first row, not counting those in quoted names."""
    header = re.sub(r'"[^"]*"', "", first_row(data).decode())
    return max(DELIMITERS, key=header.count)


def first_row(data: bytes) -> bytes:
    """The first row with anything in it, which may have line breaks between quotes."""
    start = end = len(data) - len(data.lstrip(b"\r\n"))
    quotes = 0
    while end < len(data):
        begin, end = end, data.find(b"\n", end) + 1 or len(data)
        quotes += data.count(b'"', begin, end)
        if quotes % 2 == 0:
            break
    return data[start:end]


def _misquoted(data: bytes, delimiter: str) -> int | None:
    """The line of the first quote that neither opens nor closes a text; None if there is none."""
    signs = np.frombuffer(data, np.uint8)
    quotes = np.flatnonzero(signs == ord('"'))
    ends = np.array([*b'\r\n"', *delimiter.encode()], np.uint8)
    opening, closing = quotes[::2], quotes[1::2]
    wrong = np.zeros(quotes.size, np.bool_)
    wrong[::2] = (opening > 0) & ~np.isin(signs[opening - 1], ends)
    wrong[1::2] = (closing < signs.size - 1) & ~np.isin(signs[(closing + 1) % signs.size], ends)
    return data.count(b"\n", 0, int(quotes[wrong.argmax()])) + 1 if wrong.any() else None


def _check_quotes(data: bytes, delimiter: str, rows: int, place: Place) -> None:
    """Refuse rows that run into each other, because a quote inside a text was taken for one that opens or closes it."""
    if data.count(b"\n") <= rows + 1 or b'"' not in data:  # no row has more than a line
        return
    line = _misquoted(data, delimiter)
    if line is not None:
        text = phrase("a quote inside a text makes rows run into each other")
        remedy = phrase('double it, as in "5"" pipe", or remove it')
        raise DataError(Fault("MPI-D005", Place(place.file, line), text, remedy))


def _unequal(error: Exception, place: Place) -> Fault:
    """The fault of rows that have not as many columns as the header."""
    found = re.search(r"Row #(\d+): Expected (\d+) columns, got (\d+)", str(error))
    remedy = phrase(
        "complete the row; write texts that contain the sign between columns in double quotes; or state another "
        'sign, such as `csv: {{delimiter: ";"}}`'
    )
    if not found:
        return Fault("MPI-D005", place, phrase("this is not a table in CSV"), remedy)
    row, names, cells = found[1], found[2], found[3]
    text = phrase("row {found} has {found2} columns, the header {found3}", found=row, found2=cells, found3=names)
    if row == "2" and int(cells) > int(names):
        remedy = phrase(
            "the first row must be the names of all columns: remove the lines above it, or add a name that lacks; "
            "write texts that contain the sign between columns in double quotes; or state another "
            'sign, such as `csv: {{delimiter: ";"}}`'
        )
    return Fault("MPI-D005", place, text, remedy)


def _parsed(data: bytes, delimiter: str, place: Place) -> pa.Table:
    """Every column as text, empty ones null."""
    import pyarrow.csv as pc

    options = pc.ParseOptions(delimiter=delimiter, newlines_in_values=True)
    if data.count(b'"') % 2:
        odd = next(number for number, line in enumerate(data.split(b"\n"), 1) if line.count(b'"') % 2)
        raise DataError(
            Fault(
                "MPI-D005",
                Place(place.file, odd),
                phrase("a quote is opened and not closed"),
                phrase("close it, or remove it: no line before has an odd number of quotes"),
            )
        )
    try:
        head = pc.read_csv(
            pa.BufferReader(first_row(data)), parse_options=options, read_options=pc.ReadOptions(use_threads=False)
        )
        names = head.column_names
        doubled = sorted({name for name in names if names.count(name) > 1})
        if doubled:
            raise DataError(
                Fault(
                    "MPI-D011",
                    place,
                    phrase("two columns are called {names}", names=listed(doubled)),
                    phrase("rename one of them"),
                )
            )
        convert = pc.ConvertOptions(
            column_types=dict.fromkeys(names, pa.string()), strings_can_be_null=True, null_values=[""]
        )
        # In one thread, so that a fault names its row.
        table = pc.read_csv(
            pa.BufferReader(data),
            parse_options=options,
            convert_options=convert,
            read_options=pc.ReadOptions(use_threads=False, block_size=BLOCK),
        )
    except (pa.ArrowException, OSError, MemoryError) as error:
        raise_scarce(error, place.file)
        raise DataError(_unequal(error, place)) from None
    _check_quotes(data, delimiter, table.num_rows, place)
    return table
