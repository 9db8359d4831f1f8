"""Tables as figures: results by the names of their columns, any other table by its mapping."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from itertools import product
from pathlib import Path
from typing import TypeVar

import pyarrow as pa
import pyarrow.compute as pc

from mpi.comparing.entries import HALF, Entry, Figures, Key, met
from mpi.comparing.tables import file_of, texts, typed
from mpi.errors import DataError, Fault, Faults, Place, UsageError, listed, nearest
from mpi.language import Phrase, phrase
from mpi.source.small_numbers import doubtful, numbers_of
from mpi.specs.published import Published, Reading, Values
from mpi.vocabulary.result_columns import MEANINGS
from mpi.vocabulary.statistics import STATISTICS, by_cutoff

T = TypeVar("T")
OF_KEY = ("period", "unit", "k", "statistic", "dimension", "indicator")
NUMBERS = {"value": "estimate", "se": "se", "low": "ci_low", "high": "ci_high", "population": "population", "n": "n"}
GONE = (
    "",
    "-",
    "\u2013",
    "x",
    "[x]",
    "n.d.",
    "n. d.",
    "nd",
    "na",
    "NA",
    "..",
    "...",
    "*",
)  # cells that say there is no number
NO_NUMBER = phrase("write numbers with a decimal point")
MOST = 8  # rows that a message names


def results_of(path: Path, wanted: Sequence[Key] | None = None) -> Figures:
    """The figures of a table of results of this program.

    Parameters
    ----------
    path : Path
        A file, or a folder that `mpi run` made.
    wanted : sequence of Key, optional
        Only figures of these statistics, of these domains and crossings; all if left out.

    Raises
    ------
    UsageError
        If it is no table of results.
    """
    file = file_of(path)
    table = typed(file)
    lacking = [name for name in ("statistic", "estimate", "unit") if name not in table.column_names]
    if lacking:
        text = phrase("no results of this program: there is no column {names}", names=listed(lacking))
        remedy = phrase("say by --results-map how the table is read, or name results")
        raise UsageError(Fault("MPI-U191", Place(str(file)), text, remedy))
    domains = tuple(name for name in table.column_names if name not in MEANINGS)
    if wanted is not None:
        table = _wanted(table, domains, wanted)
    columns = {name: _column(table, name) for name in (*OF_KEY, *domains, *NUMBERS.values())}
    entries = {}
    numbers = [columns[name] for name in NUMBERS.values()]
    for place, words in enumerate(zip(*(columns[name] for name in (*OF_KEY, *domains)), strict=True)):
        own = dict(zip(OF_KEY, words, strict=False))
        codes = tuple(
            sorted(
                (name, str(code)) for name, code in zip(domains, words[len(OF_KEY) :], strict=True) if code is not None
            )
        )
        if own["indicator"] is not None:
            own["dimension"] = None
        row = {name: _decimal(column[place]) for name, column in zip(NUMBERS, numbers, strict=True)}
        entries[Key(**own, domains=codes)] = Entry(**row)  # type: ignore[arg-type]  # the names are those of NUMBERS
    return Figures(name=file.name, entries=entries, domains=domains)


def _column(table: pa.Table, name: str) -> list[object]:
    return table[name].to_pylist() if name in table.column_names else [None] * len(table)


def _wanted(table: pa.Table, domains: Sequence[str], wanted: Sequence[Key]) -> pa.Table:
    """The rows of the statistics and domains that are asked for: results have hundreds of thousands of others."""
    mask = pc.is_in(table["statistic"], pa.array(met(wanted, "statistic"), pa.string()))
    used = {name for key in wanted for name, _ in key.domains}
    for name in domains:
        if name not in used:
            mask = pc.and_(mask, pc.is_null(table[name]))
    return table.filter(mask)


def _decimal(number: object) -> Decimal | None:
    return None if number is None else Decimal(repr(number))


def published_of(path: Path, mapping: Published) -> Figures:
    """The figures of a table as its mapping says.

    Raises
    ------
    UsageError
        If a column of the mapping is not there, or no row is read.
    DataError
        If a cell is no number, or two rows are of one figure.
    """
    file = file_of(path)
    table = texts(file, sheet=mapping.sheet, header=mapping.header, dialect=mapping.dialect)
    refuse_lacking(Place(str(file)), table, mapping)
    size = len(next(iter(table.values()), []))
    rows = read_rows(table, mapping)
    numerals = numerals_of(table, rows, mapping, Place(str(file)))
    faults = Faults()
    cells: dict[Key, dict[str, Decimal | None]] = {}
    read = set()
    for one, row in product(mapping.values, rows):
        key = _key(table, row, mapping, one)
        if key is None:
            continue
        read.add(row)
        columns = {"value": one.column, "se": one.se, "low": one.low, "high": one.high}
        line = phrase("row {row}", row=row + 1 + mapping.header)
        for column in filter(None, columns.values()):
            if row not in numerals[column]:
                text = phrase("{row}: the cell of {column} is no number", row=line, column=column)
                faults.add("MPI-U194", Place(str(file)), text, NO_NUMBER)
        if key in cells:
            text = phrase("{row}: there is another row for {figure}", row=line, figure=key.words)
            remedy = phrase("choose rows by `only:`, or name the domain that tells them apart in `domains:`")
            faults.add("MPI-U193", Place(str(file)), text, remedy)
        cells[key] = {name: numerals[column].get(row) for name, column in columns.items() if column}
    _refuse(faults, DataError)
    if not cells:
        text = phrase("the mapping reads none of the {rows:,} rows", rows=size)
        remedy = phrase("compare the words of `only:` and `codes:` with those of the table")
        raise UsageError(Fault("MPI-U192", Place(str(file)), text, remedy))
    domains = tuple(dict.fromkeys(name for key in cells for name, _ in key.domains))
    digits = {name: _decimals(name, cells, mapping) for name in met(cells, "statistic")}
    factors = {name: factor_of(mapping, name) for name in digits}
    entries = {}
    for key, own in cells.items():
        factor = factors[key.statistic]
        numbers = {name: None if number is None else number * factor for name, number in own.items()}
        entries[key] = Entry(**{"value": None, **numbers}, half=HALF * factor.scaleb(-digits[key.statistic]))
    return Figures(
        name=file.name, entries=entries, domains=domains, left_out=size - len(read), factors=factors, decimals=digits
    )


def read_rows(table: Mapping[str, Sequence[str]], mapping: Published) -> list[int]:
    """The rows that `only:` of a mapping chooses."""
    size = len(next(iter(table.values()), []))
    return [
        row for row in range(size) if all(table[name][row].strip() in words for name, words in mapping.only.items())
    ]


def _of(found: Mapping[str, T], statistic: str, usual: T) -> T:
    return found.get(statistic, found.get("", usual))


def _decimals(statistic: str, cells: Mapping[Key, Mapping[str, Decimal | None]], mapping: Published) -> int:
    """The decimals of a statistic: as stated, or as most of its numbers have them."""
    stated = _of(mapping.decimals, statistic, -1)
    if stated >= 0:
        return stated
    seen = Counter(_digits(own["value"]) for key, own in cells.items() if key.statistic == statistic)
    return max(seen, key=lambda digits: (seen[digits], digits))


def _refuse(faults: Faults, kind: type[DataError]) -> None:
    """Raise what was found; of many alike the first."""
    if faults:
        found = list(faults)
        raise kind(*found[:MOST])


def factor_of(mapping: Published, statistic: str) -> Decimal:
    """What the numbers of a statistic are multiplied by to be proportions, indices or numbers of units."""
    factor = _of(mapping.factors, statistic, Fraction(1))
    return Decimal(factor.numerator) / Decimal(factor.denominator)


def _digits(number: Decimal | None) -> int:
    """The decimals of a number as it is printed."""
    exponent = 0 if number is None else number.as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


def numerals_of(
    table: Mapping[str, Sequence[str]], rows: Sequence[int], mapping: Published, place: Place
) -> dict[str, dict[int, Decimal | None]]:
    """The numbers of the columns that a mapping names, by row: None where a cell says that there is none.

    A row whose cell is no number is not there. A percent sign is left out; each column is read in one way.

    Raises
    ------
    DataError
        If a column can be read in two ways.
    """
    found: dict[str, dict[int, Decimal | None]] = {}
    faults = Faults()
    gone = {*GONE, *mapping.dialect.missing}
    for column in dict.fromkeys(_of_numbers(mapping)):
        cells = {row: _without_sign(table[column][row]) for row in rows}
        filled = {row: cell for row, cell in cells.items() if cell not in gone}
        read = numbers_of([*filled.values()], mapping.dialect.of(column))
        if read.sign:
            faults.append(doubtful(column, read, place, _asked(mapping, read.sign)))
        found[column] = {row: None for row, cell in cells.items() if cell in gone} | {
            row: number for row, number in zip(filled, read.exact, strict=True) if number is not None
        }
    _refuse(faults, DataError)
    return found


def _without_sign(cell: str) -> str:
    """A cell without a percent sign; what the file holds as a number stays as it is."""
    return cell.strip().removesuffix("%").strip() if "%" in cell or cell != cell.strip() else cell


def _asked(mapping: Published, sign: str) -> Phrase:
    """What says how a column is written."""
    if not mapping.name:
        return phrase("say which it is: --decimal SIGN for decimals, --thousands SIGN for thousands")
    return phrase(
        "say which in the mapping {name}: `csv: {{decimal: {dumps}}}` for decimals, `csv: {{thousands: {dumps}}}` for "
        "thousands",
        name=mapping.name,
        dumps=json.dumps(sign),
    )


def refuse_lacking(place: Place, table: Mapping[str, Sequence[str]], mapping: Published) -> None:
    """Refuse a mapping that names columns that are not there.

    Raises
    ------
    UsageError
    """
    faults = Faults()
    for name in dict.fromkeys(_columns(mapping)):
        if name not in table:
            text = phrase("no column {name!r}", name=name)
            if mapping.name:
                text = phrase(
                    "the mapping {mapping} names the column {name!r}, which is not there",
                    mapping=mapping.name,
                    name=name,
                )
            remedy = nearest(name, table) or phrase("write one of: {options}", options=listed(list(table)))
            faults.add("MPI-U191", place, text, remedy)
    if faults:
        raise UsageError(*faults)


def _columns(mapping: Published) -> Iterator[str]:
    yield from mapping.only
    readings = [*mapping.keys.values(), *mapping.domains.values()]
    for one in mapping.values:
        readings += [*one.keys.values(), *one.domains.values()]
    yield from _of_numbers(mapping)
    yield from (reading.column for reading in readings if reading.column)


def _of_numbers(mapping: Published) -> Iterator[str]:
    """The columns of numbers that a mapping names."""
    for one in mapping.values:
        yield from filter(None, (one.column, one.se, one.cv, one.low, one.high))


def _key(table: Mapping[str, list[str]], row: int, mapping: Published, one: Values) -> Key | None:
    """What the number of a row is about; None where the mapping does not read it."""
    words: dict[str, str | None] = dict.fromkeys(OF_KEY)
    codes: dict[str, str | None] = {}
    for target, readings in ((words, {**mapping.keys, **one.keys}), (codes, {**mapping.domains, **one.domains})):
        for name, reading in readings.items():
            known, word = word_of(table, row, reading)
            if not known:
                return None
            target[name] = word
    if words["statistic"] is None or words["statistic"] not in STATISTICS:
        return None
    if words["indicator"] is not None:
        words["dimension"] = None
    if not by_cutoff(words["statistic"]):
        words["k"] = None
    domains = tuple(sorted((name, code) for name, code in codes.items() if code is not None))
    return Key(**words, domains=domains)  # type: ignore[arg-type]  # the statistic is known


def word_of(table: Mapping[str, Sequence[str]], row: int, reading: Reading) -> tuple[bool, str | None]:
    """Whether a row is read, and the word that it has."""
    if not reading.column:
        return True, reading.constant or None
    word = table[reading.column][row].strip()
    if reading.width and word.isascii() and word.isdigit():
        word = word.zfill(reading.width)
    if not word or word in reading.none:
        return True, None
    if word in reading.codes:
        return True, reading.codes[word]
    if reading.others:
        return True, reading.others
    return not reading.codes, word
