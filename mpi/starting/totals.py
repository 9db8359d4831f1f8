"""Rows of a table of indicators that are none: totals, subtotals and notes. They are left out, and that is said.

A total must be the sum of weights that it stands for. A row called "Total" that is not is a fault, never an indicator.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from mpi.errors import folded
from mpi.estimates.rounding import decimals
from mpi.language import phrase
from mpi.starting.grids import said
from mpi.starting.headings import SETTINGS, recognised
from mpi.starting.rows import Rows
from mpi.starting.shares import Share, as_shares, share

# English, Spanish, Portuguese and French, without accents.
WORDS = ("total", "totals", "totales", "totais", "totaux", "sum", "suma", "soma", "somme", "subtotal", "subtotals",
         "subtotales", "subtotais", "sub-total", "sous-total", "sub", "sous", "\u03a3", "\u03c3", "\u2211")  # fmt: skip
MORE = ("grand", "general", "geral", "overall", "of", "the", "de", "del", "da", "do", "dos", "des", "la", "los", "las",
        "weight", "weights", "peso", "pesos", "ponderaciones", "ponderacoes", "poids", "ponderations")  # fmt: skip
SUBTOTALS = ("subtotal", "sub-total", "sous-total")
NOTES = re.compile(
    r"[*\u2020\u2021]|(notes?|notas?|nb|n\. ?b|sources?|fuentes?|fontes?|own elaboration|elaboracion( propia)?|"
    r"elaboracao( propria)?|elaborado por|elaboration( propre)?|observacion(es)?|observacoes|observacao|remarques?|"
    r"remarks?)\s*([(\d)]+\s*)?[:.\u2013-]"
)
WEIGHING = ("weight", "per_cent", "dimension_weight")
SAYING = ("rule", "eligible", "words")
ROUNDED = 3  # decimals of a share that tell of rounding
Cells = Mapping[int, Share]
Cellwise = Mapping[int, Fraction]


def is_total(text: str) -> bool:
    """Whether a text says nothing but that its row is a total, or is called a subtotal, which no indicator is.

    Examples
    --------
    >>> is_total("TOTAL:"), is_total("Suma de los pesos"), is_total("Subtotal salud"), is_total("Total Salud")
    (True, True, True, False)
    """
    words = _words(text)
    if words and words[0].startswith(SUBTOTALS):
        return True
    return any(word in WORDS for word in words) and all(word in (*WORDS, *MORE) for word in words)


def begins_total(text: str) -> bool:
    """Whether a text may name the total of something: "Total Salud", "Subtotal: vivienda", "Health total"."""
    words = _words(text)
    return bool(words) and (words[0] in WORDS or words[-1] in WORDS)


def _words(text: str) -> list[str]:
    return re.findall(r"[^\s:.,;()\[\]/%*]+", folded(text))


@dataclass(slots=True)
class Aside:
    """The rows of a table that are no indicators.

    Attributes
    ----------
    totals, notes : list of int
    settings : list of int
        Below the table: a name such as k, and what it is.
    """

    totals: list[int] = field(default_factory=list)
    notes: list[int] = field(default_factory=list)
    settings: list[int] = field(default_factory=list)

    @property
    def rows(self) -> list[int]:
        """All of them."""
        return [*self.totals, *self.notes, *self.settings]


def aside(rows: Rows, name: str = "indicator") -> Aside:
    """What of a table is no indicator (or dimension); a total that adds up to nothing in it is a fault.

    Parameters
    ----------
    rows : Rows
    name : {"indicator", "dimension"}
        What its rows are.
    """
    found = Aside()
    _below(rows, found)
    sure, perhaps = [], []
    for row in (one for one in rows.rows if one not in found.rows and not any(rows.text(one, n) for n in SAYING)):
        if any(map(is_total, _labels(rows, row))):
            sure.append(row)
        elif any(map(begins_total, _labels(rows, row))) and not _begins_dimension(rows, row, name):
            perhaps.append(row)
    weights = {one: _shares(rows, one) for one in WEIGHING if rows.column(one) is not None}

    def wrong(row: int, totals: Sequence[int]) -> list[str]:
        """The columns in which a row is no sum."""
        return [
            one for one, cells in weights.items() if row in cells and not _adds_up(rows, row, cells, [*totals])
        ]  # fmt: skip

    weighed = [row for row in perhaps if any(row in cells for cells in weights.values())]
    if not any(_whole(cells, sure) and not _whole(cells, [*sure, *weighed]) for cells in weights.values()):
        found.totals += [row for row in weighed if not wrong(row, [*sure, *weighed])]
    totals = [*sure, *found.totals]
    for row in sure:
        found.totals.append(row)
        for one in wrong(row, totals)[:1]:
            _tell(rows, row, one, weights[one], totals)
    return found


def _labels(rows: Rows, row: int) -> list[str]:
    """The texts of a row but those of its weights."""
    skipped = {rows.column(one) for one in WEIGHING}
    cells = rows.grid.rows[row]
    return [text for at in range(len(cells)) if at not in skipped and (text := rows.grid.text(row, at))]


def _begins_dimension(rows: Rows, row: int, name: str) -> bool:
    """Whether a row with an indicator begins a dimension: "Ingreso | Total del ingreso | 1/3" is one of its own."""
    own = rows.text(row, "dimension")
    if name != "indicator" or not own or not rows.text(row, "indicator") or begins_total(own):
        return False
    before = next((text for one in reversed(rows.rows) if one < row and (text := rows.text(one, "dimension"))), "")
    return folded(own) != folded(before)


def _shares(rows: Rows, name: str) -> Cells:
    """The cells of a column that are weights; the others are told of where weights are read."""
    found: dict[int, Share] = {}
    column = rows.column(name)
    for row in rows.rows:
        cells = rows.grid.rows[row]
        try:
            one = share(cells[column]) if column is not None and column < len(cells) else None
        except ValueError:
            continue
        if one is not None and one.value:
            found[row] = one
    return found


def _adds_up(rows: Rows, row: int, cells: Cells, totals: Sequence[int]) -> bool:
    """Whether a number is the sum of the table, of its dimension, or of the rows between it and another total."""
    values, total = as_shares({at: cell for at, cell in cells.items() if at not in totals}), cells[row]
    meant = {total.value, total.value / 100 if total.bare else total.value}
    parts = [*_parts(rows, row, values, totals)]
    inside = _dimensions(rows, values).values()
    if 1 in meant and all(_near(Fraction(1), part) for part in inside):
        return True  # weights inside each dimension: the table as a whole weighs 1
    return any(_near(one, part) for one in meant for part in parts if part)


def _whole(cells: Cells, totals: Sequence[int]) -> bool:
    """Whether the weights of a column make up a whole without some rows: then "Total income" is an indicator."""
    return _near(Fraction(1), as_shares({at: cell for at, cell in cells.items() if at not in totals}))


def _near(total: Fraction, part: Cellwise) -> bool:
    """Whether a total is that of some weights; they and parts of a whole may be rounded, to a tenth of a per cent."""
    places = max((found for value in part.values() if (found := decimals(value)) is not None), default=None)
    off = abs(total - sum(part.values(), Fraction(0)))
    if off == 0 or places is None or (total != 1 and places < ROUNDED):
        return off == 0
    return off <= Fraction(len(part) + (total != 1), 2 * 10**places)


def _parts(rows: Rows, row: int, values: Cellwise, totals: Sequence[int]) -> Iterator[Cellwise]:
    """What a total may stand for."""
    yield values
    before = max((one for one in totals if one < row), default=-1)
    after = min((one for one in totals if one > row), default=len(rows.grid.rows))
    yield {at: value for at, value in values.items() if before < at < row}
    yield {at: value for at, value in values.items() if row < at < after}
    yield {at: value for at, value in values.items() if at < row}
    yield from _dimensions(rows, values).values()


def _dimensions(rows: Rows, values: Cellwise) -> dict[str, dict[int, Fraction]]:
    """The weights of each dimension, which may stand in its first row only."""
    found: dict[str, dict[int, Fraction]] = {}
    dimension = ""
    for row in rows.rows:
        dimension = rows.text(row, "dimension") or dimension
        if row in values:
            found.setdefault(dimension, {})[row] = values[row]
    return found


def _tell(rows: Rows, row: int, name: str, cells: Cells, totals: Sequence[int]) -> None:
    others = {at: cell for at, cell in cells.items() if at not in totals}
    per_cent = any(one.bare and one.value > 1 for one in (*others.values(), cells[row]))
    stated = cells[row].value / 100 if cells[row].bare and per_cent else cells[row].value
    text = phrase(
        "the row {name!r} says {total}, and the weights that it could add up make {sum}",
        name=next(filter(begins_total, _labels(rows, row)))[:40],
        total=f"{float(stated):.6g}",
        sum=f"{float(sum(as_shares(others).values(), Fraction(0))):.6g}",
    )
    remedy = phrase(
        "write the sum, or the weights that make the total, or remove the row; if it is an indicator, write who "
        "is deprived"
    )
    rows.wrong(row, name, text, remedy, "MPI-C201")


def _below(rows: Rows, found: Aside) -> None:
    """Notes and settings below the last row with a weight; in a table without any, with a rule or the words of one."""
    filled = [row for row in rows.rows if not _is_setting(rows, row)]
    weighed = [row for row in filled if any(rows.text(row, one) for one in WEIGHING)]
    last = max(weighed or [row for row in filled if any(rows.text(row, one) for one in SAYING)], default=-1)
    for row in (one for one in rows.rows if one > last):
        apart = any(rows.grid.is_empty(one) for one in range(max(last, rows.head.row) + 1, row))
        cells = [text for cell in rows.grid.rows[row] if (text := said(cell))]
        if apart and _is_setting(rows, row):
            found.settings.append(row)
        elif NOTES.match(folded(cells[0])) or (weighed and apart and len(cells) == 1):
            found.notes.append(row)


def _is_setting(rows: Rows, row: int) -> bool:
    """Whether a row is the name of a setting and what it is, such as k and 1/3."""
    filled = [text for cell in rows.grid.rows[row] if (text := said(cell))]
    return len(filled) == 2 and recognised(SETTINGS, filled[0]) in ("k", "source", "identification")  # noqa: PLR2004
