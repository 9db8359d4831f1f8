"""A table of figures by area as columns of numbers, as its mapping says: what compares tables reads them alike.

Comes in: texts by column. Goes out: for each column, and each word that tells its rows apart, the number of every area.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import product
from typing import NamedTuple

from mpi.comparing.reading import NO_NUMBER, factor_of, numerals_of, read_rows, word_of
from mpi.errors import DataError, Fault, Faults, Place, UsageError
from mpi.language import phrase
from mpi.specs.published import Published, Values
from mpi.vocabulary.options import NumberForm
from mpi.vocabulary.statistics import STATISTICS, Form
from mpi.vocabulary.wording import form_of

HUNDREDTH = Decimal("0.01")
FORMS: Mapping[NumberForm, Form] = {
    "percent": "percent", "proportion": "percent", "number": "number", "index": "index"
}  # fmt: skip
OF_LAYER = ("statistic", "indicator", "dimension", "k", "unit")
MOST = 8  # faults that are told
SAY_FORM = phrase("say it by --form, or `form:` of the column: percent, proportion, number or index")
AGAIN = phrase("say what the numbers are: percent, proportion, number or index; leave out a row by --only or `only:`")


class Subject(NamedTuple):
    """What a layer is about: its place among the values of the mapping, its words, and its domains but for the area."""

    place: int
    words: tuple[tuple[str, str], ...]
    domains: tuple[tuple[str, str], ...]

    def word(self, name: str) -> str:
        """One of its words, or an empty text."""
        return dict(self.words).get(name, "")


@dataclass(frozen=True, slots=True, eq=False)
class Column:
    """The numbers of a layer.

    Attributes
    ----------
    values : Values
        What its mapping says.
    subject : Subject
    form : {"percent", "number", "index"}
    cells : mapping of str to mapping of str to mapping of str to float
        By period and code: `value`, and `se`, `cv`, `low` and `high` where the table has them; proportions where the
        form is percent. An area without a number has no `value`.
    """

    values: Values
    subject: Subject
    form: Form
    cells: dict[str, dict[str, dict[str, float]]] = field(default_factory=dict)


def columns_of(table: Mapping[str, Sequence[str]], mapping: Published, domain: str, name: str) -> list[Column]:
    """The layers of a table.

    Parameters
    ----------
    table : mapping of str to sequence of str
        Columns of texts.
    mapping : Published
        Its columns are there.
    domain : str
        Of the mapping: the one whose codes are those of the areas.
    name : str
        Of the table, for messages.

    Raises
    ------
    UsageError
        If it is not said what numbers are, or no number is read.
    DataError
        If there is no row, a cell is no number, a share is none, or two rows are of one area.
    """
    place, size = Place(name), len(next(iter(table.values()), []))
    if not size:
        text = phrase("this table has no row")
        raise DataError(Fault("MPI-G221", place, text, phrase("give one row for each area")))
    found: dict[Subject, Column] = {}
    faults = Faults()
    rows = read_rows(table, mapping)
    numerals = numerals_of(table, rows, mapping, place)
    for (at, one), row in product(enumerate(mapping.values), rows):
        known = _words(table, row, mapping, one)
        if known is None or domain not in known[1]:
            continue
        words, domains = known
        code, period = domains.pop(domain), words.pop("period", "")
        subject = Subject(at, tuple(words.items()), tuple(sorted(domains.items())))
        line = phrase("row {row}", row=row + 1 + mapping.header)
        own = found.setdefault(subject, Column(one, subject, _form(one, subject, place))).cells.setdefault(period, {})
        if code in own:
            text = phrase(
                "{row}: there is another row for the code {code!r} in {column}", row=line, code=code, column=one.column
            )
            remedy = phrase("choose rows by --only COLUMN=WORD or `only:`, or give each area one row")
            faults.add("MPI-U193", place, text, remedy)
        own[code] = _numbers(numerals, row, found[subject], mapping, (faults, place, line))
    _refuse(faults)
    if not any("value" in cells for one in found.values() for codes in one.cells.values() for cells in codes.values()):
        text = phrase("no number is read from the {rows:,} rows", rows=size)
        remedy = phrase("compare the columns that are named, and the words of `only:` and `codes:`, with the table")
        raise UsageError(Fault("MPI-G221", place, text, remedy))
    return [found[subject] for subject in sorted(found, key=lambda one: one.place)]


def _refuse(faults: Faults) -> None:
    if faults:
        raise DataError(*list(faults)[:MOST])


def _words(
    table: Mapping[str, Sequence[str]], row: int, mapping: Published, one: Values
) -> tuple[dict[str, str], dict[str, str]] | None:
    """The words and the codes of a row, without those that it lacks; None where the mapping does not read it."""
    words: dict[str, str] = {}
    codes: dict[str, str] = {}
    for target, readings in ((words, {**mapping.keys, **one.keys}), (codes, {**mapping.domains, **one.domains})):
        for key, reading in readings.items():
            known, word = word_of(table, row, reading)
            if not known:
                return None
            if word is not None:
                target[key] = word
    return words, codes


def _form(one: Values, subject: Subject, place: Place) -> Form:
    """What the numbers of a layer are.

    Raises
    ------
    UsageError
        If nothing says it.
    """
    if one.form is not None:
        return FORMS[one.form]
    statistic = subject.word("statistic")
    if statistic not in STATISTICS:
        text = phrase("it is not known what the numbers of {column!r} are", column=one.column)
        raise UsageError(Fault("MPI-G220", place, text, SAY_FORM))
    return form_of(statistic)


def _numbers(
    numerals: Mapping[str, Mapping[int, Decimal | None]],
    row: int,
    of: Column,
    mapping: Published,
    told: tuple[Faults, Place, str],
) -> dict[str, float]:
    """The numbers of a row; what is wrong with them is added to the faults."""
    faults, place, line = told
    one, factor = of.values, _factor(of, mapping)
    columns = {"value": one.column, "se": one.se, "cv": one.cv, "low": one.low, "high": one.high}
    found = {}
    for name, column in columns.items():
        if not column:
            continue
        if row not in numerals[column]:
            text = phrase("{row}: the cell of {column} is no number", row=line, column=column)
            faults.add("MPI-U194", place, text, NO_NUMBER)
            continue
        number = numerals[column][row]
        if number is not None:
            found[name] = float(number * (HUNDREDTH if name == "cv" else factor))
    value = found.get("value")
    if value is not None and of.form == "percent" and not 0 <= value <= 1:
        shown = str(numerals[one.column][row])
        text = phrase("{row}: {number} in {column} is no share of a whole", row=line, number=shown, column=one.column)
        faults.add("MPI-G220", place, text, AGAIN)
    low, high = found.get("low"), found.get("high")
    if value is not None and not (low or value) <= value <= (value if high is None else high):
        text = phrase("{row}: the interval does not hold the number of {column}", row=line, column=one.column)
        faults.add("MPI-G222", place, text, phrase("name the columns of the lower and the upper limit, in this order"))
    if found.get("se", 0) < 0 or found.get("cv", 0) < 0:
        text = phrase("{row}: an error of {column} is negative", row=line, column=one.column)
        faults.add(
            "MPI-G222", place, text, phrase("name the column of standard errors, or of coefficients of variation")
        )
    return found


def _factor(of: Column, mapping: Published) -> Decimal:
    """What a number is multiplied by."""
    if of.values.form is not None:
        return HUNDREDTH if of.values.form == "percent" else Decimal(1)
    return factor_of(mapping, of.subject.word("statistic"))
