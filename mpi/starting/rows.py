"""The rows of a table of a spreadsheet, read by the kind of their cells; what is wrong with a cell is said at it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from fractions import Fraction
from unicodedata import normalize

from mpi.config.keys.measures import MONITOR
from mpi.errors import Faults, folded
from mpi.language import phrase
from mpi.rules import Origin, parse
from mpi.rules.tokens import RuleSyntaxError
from mpi.starting.grids import Grid
from mpi.starting.headings import OF_LANGUAGE, SETTINGS, WORDS, Head, recognised
from mpi.starting.shares import Share, as_shares, share
from mpi.vocabulary.options import LEVELS, VARIABLE_TYPES

Texts = dict[str, str]
WEIGHTS = ("weight", "per_cent")
LETTERS = phrase("use letters, digits and underscores")


def named(text: str, *, plain: bool = False) -> str:
    """A name for a title: its letters and digits, without accents.

    Parameters
    ----------
    text : str
    plain : bool
        Whether the text is a name already, wherever it can be one: its title stands elsewhere.

    Examples
    --------
    >>> named("Años de educación (15 y más)"), named("Agua"), named("5 o más")
    ('anos_de_educacion_15_y_mas', 'agua', 'i5_o_mas')
    >>> named("Niñez", plain=True), named("Sin agua", plain=True)
    ('Niñez', 'sin_agua')
    """
    if text.isidentifier() and (plain or (text.isascii() and text.islower())):
        return text
    found = re.sub(r"[^0-9a-z]+", "_", folded(text)).strip("_")
    return f"i{found}" if found[:1].isdigit() else found


class Rows:
    """A table read row by row."""

    def __init__(self, grid: Grid, head: Head, faults: Faults) -> None:
        self.grid, self.head, self.faults = grid, head, faults
        self.rows = [row for row in range(head.row + 1, len(grid.rows)) if not grid.is_empty(row)]

    def text(self, row: int, name: str) -> str:
        """The cell of a field that is in no language."""
        column = self.column(name)
        return "" if column is None else normalize("NFC", self.grid.text(row, column))

    def address(self, row: int, *names: str) -> str:
        """The address of a cell, in the first of some columns that is there."""
        column = next((at for name in names if (at := self.column(name)) is not None), 0)
        return self.grid.place(row, column).file.rpartition(" ")[2]

    def column(self, name: str) -> int | None:
        """The column of a field, the first of its languages; None if there is none."""
        return next((column for (field_, _), column in self.head.columns.items() if field_ == name), None)

    def texts(self, row: int, name: str) -> Texts:
        """The cells of a field, by language."""
        found = {
            language: normalize("NFC", self.grid.text(row, column))
            for (field_, language), column in self.head.columns.items()
            if field_ == name
        }
        return {language: text for language, text in found.items() if text}

    def wrong(self, row: int, name: str, text: str, remedy: str, code: str = "MPI-C200") -> None:
        """Report a fault at a cell."""
        column = self.column(name)
        self.faults.add(code, self.grid.place(row, column or 0), text, remedy)

    def word(self, row: int, name: str, options: Sequence[str]) -> str:
        """A word of the configuration."""
        text = self.text(row, name)
        found = recognised({one: WORDS[one] for one in options}, text) if text else ""
        if found is None:
            remedy = phrase("write one of: {options}", options=", ".join(options))
            self.wrong(row, name, phrase("{value!r} is not known", value=text[:40]), remedy)
        return found or ""

    def rule(self, row: int, name: str) -> str:
        """A rule that can be read, or nothing."""
        text = self.text(row, name)
        try:
            if text:
                parse(text, Origin(""))
            return text
        except RuleSyntaxError as error:
            self.wrong(
                row, name, error.fault.text, error.fault.remedy or phrase("write a rule such as MEAN(schooling) < 6")
            )
            return ""

    def weights(self, names: Sequence[str], skipped: Sequence[int] = ()) -> dict[int, Fraction]:
        """The exact weights of the first of some columns, by row; the others must agree with it."""
        found = [self._weights(name, skipped) for name in names if self.column(name) is not None]
        if len(found) > 1:
            first, second = found
            for row in first.keys() & second.keys():
                if abs(first[row] - second[row]) > Fraction(6, 10**5):
                    text = phrase("the weight {weight} and its percentage differ", weight=first[row])
                    self.wrong(row, names[1], text, phrase("write the same in both, or empty the percentage"))
        return found[0] if found else {}

    def _weights(self, name: str, skipped: Sequence[int]) -> dict[int, Fraction]:
        cells: dict[int, Share] = {}
        column = self.column(name)
        for row in self.rows:
            cell = "" if column is None or column >= len(self.grid.rows[row]) else self.grid.rows[row][column]
            if row in skipped or recognised({MONITOR: WORDS[MONITOR]}, str(cell)):
                continue
            try:
                found = share(cell)
            except ValueError as error:
                text = phrase("the weight is {fault}", fault=error.args[0])
                self.wrong(row, name, text, error.args[1], "MPI-C201")
                continue
            if found is not None and found.value:
                cells[row] = found
            elif found is not None:
                text = phrase("the weight is 0")
                self.wrong(row, name, text, phrase("write `monitor` to report the indicator only"), "MPI-C201")
        return as_shares(cells)


def variables_of(rows: Rows) -> list[dict[str, str | Texts]]:
    """The variables of a table: name, level, type as YAML has it, titles and notes."""
    found: list[dict[str, str | Texts]] = []
    for row in rows.rows:
        name, labels = rows.text(row, "variable"), rows.text(row, "labels")
        kind = "" if labels else rows.word(row, "type", VARIABLE_TYPES)
        if not name.isidentifier():
            rows.wrong(row, "variable", phrase("{name!r} is not a name", name=name[:40]), LETTERS)
        found.append(
            {
                "name": name,
                "level": rows.word(row, "level", LEVELS) or LEVELS[0],
                "type": kind or labels,
                "labels": labels,
                "title": rows.texts(row, "title"),
                "note": rows.texts(row, "note"),
            }
        )
    return found


def derived_of(rows: Rows) -> dict[str, str]:
    """The rules of derived variables, by name."""
    return {rows.text(row, "derived"): rows.rule(row, "rule") for row in rows.rows}


def settings_of(grid: Grid, until: int, since: int = 0) -> dict[tuple[str, str], str]:
    """What stands beside the names of settings, above a table or on a sheet without one; some rows of it."""
    found: dict[tuple[str, str], str] = {}
    for row in range(since, until):
        cells = [text for column in range(len(grid.rows[row])) if (text := grid.text(row, column))]
        if len(cells) < 2:  # noqa: PLR2004  a name and what it is
            continue
        match = OF_LANGUAGE.fullmatch(cells[0])
        name = recognised(SETTINGS, cells[0]) or (recognised(SETTINGS, match[1]) if match else None)
        if name is not None:
            of = match[2].strip() if match and not recognised(SETTINGS, cells[0]) else ""
            found.setdefault((name, of), normalize("NFC", cells[1]))
    return found
