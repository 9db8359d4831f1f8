"""CSV files as tables of text: their dialect stated by the survey, or found out and said; see `delimited` for types."""

from __future__ import annotations

import codecs
import re
from collections.abc import Mapping
from dataclasses import field

import pyarrow as pa

from mpi.errors import DataError, Fault, Place, listed
from mpi.errors.resources import raise_scarce
from mpi.language import enumerated, phrase
from mpi.records import dataclass
from mpi.source.items import Item
from mpi.source.labels import Labels, Tally

DELIMITERS = (",", ";", "\t", "|")
WORDS = {",": phrase("comma"), ";": phrase("semicolon"), "\t": phrase("tab"), "|": phrase("bar")}
BLOCK = 2**24  # bytes parsed at once: a thousand columns in blocks of Arrow's 1 MB would be pieces of 150 rows
UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


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
    header = data[: data.find(b"\n") + 1 or len(data)].decode()
    delimiter = item.dialect.delimiter or max(DELIMITERS, key=header.count)
    word = WORDS.get(delimiter, delimiter)
    said = phrase("read as {encoding}, {word} between columns", encoding=encoding, word=word)
    return Cells(item=item, table=_parsed(data, delimiter, item.place), said=said)


def as_utf8(raw: bytes, stated: str | None, place: Place) -> tuple[bytes, str]:
    """The file's text in UTF-8 without byte order mark, and the encoding that it was in."""
    guesses = ["utf-16"] if raw.startswith(UTF_16) else ["utf-8", "cp1252"]
    for encoding in [stated] if stated else guesses:
        try:
            text = raw.decode(encoding)
        except UnicodeDecodeError:
            continue
        data = raw if encoding == "utf-8" else text.encode()
        return data.removeprefix(codecs.BOM_UTF8), encoding
    text = phrase("the file is not {value} text", value=stated or enumerated(guesses, "or"))
    raise DataError(
        Fault(
            "MPI-D005",
            place,
            text,
            phrase("state the encoding of the file, such as `csv: {{encoding: latin-1}}`, or copy it again"),
        )
    )


def _parsed(data: bytes, delimiter: str, place: Place) -> pa.Table:
    """Every column as text, empty ones null."""
    import pyarrow.csv as pc

    options = pc.ParseOptions(delimiter=delimiter, newlines_in_values=True)
    remedy = phrase(
        'write texts that contain it between double quotes, or state another one, such as `csv: {{delimiter: ";"}}`'
    )
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
            pa.BufferReader(data.split(b"\n", 1)[0] + b"\n"),
            parse_options=options,
            read_options=pc.ReadOptions(use_threads=False),
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
        return pc.read_csv(
            pa.BufferReader(data),
            parse_options=options,
            convert_options=convert,
            read_options=pc.ReadOptions(use_threads=False, block_size=BLOCK),
        )
    except (pa.ArrowException, OSError, MemoryError) as error:
        raise_scarce(error, place.file)
        found = re.search(r"Row #(\d+): Expected (\d+) columns, got (\d+)", str(error))
        what = (
            phrase(
                "row {found} has {found2} columns, the header {found3}",
                found=found[1],
                found2=found[3],
                found3=found[2],
            )
            if found
            else phrase("this is not a table in CSV")
        )
        raise DataError(Fault("MPI-D005", place, what, remedy)) from None
