"""A measure from the sheets of a spreadsheet: what they say, with every fault by its cell.

Comes in: the sheets of a file. Goes out: a `Draft`, from which `drafting` writes the YAML. Whether the rules fit the
variables `mpi check` says of the written file.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import Literal

from mpi.config.keys.measures import MONITOR
from mpi.errors import ConfigError, Fault, Faults, Place, listed, nearest
from mpi.language import phrase
from mpi.source.sheets import letters
from mpi.starting.grids import Grid, read_grids
from mpi.starting.headings import WORDS, Head, head_of, recognised
from mpi.starting.rows import WEIGHTS, Rows, Texts, derived_of, named, settings_of, variables_of
from mpi.starting.totals import aside, begins_total
from mpi.starting.weighing import Weights
from mpi.vocabulary.options import Taken

MOST_SHOWN = 40  # signs of a cell
RULES = ("rule", "eligible")
CHOICES = {"nobody": ("deprived", "not_deprived"), "missing": ("unknown", "deprived", "not_deprived")}


@dataclass(slots=True, kw_only=True)
class DraftIndicator:
    """An indicator of a table: texts by language, rules and words as they are written in YAML."""

    name: str
    dimension: str
    row: int
    texts: dict[str, Texts] = field(default_factory=dict)
    rules: dict[str, str] = field(default_factory=dict)
    words: dict[str, str] = field(default_factory=dict)
    weight: Fraction | str | None = None


@dataclass(slots=True, kw_only=True)
class DraftDimension:
    """A dimension of a table."""

    name: str
    texts: dict[str, Texts] = field(default_factory=dict)
    weight: Fraction | None = None
    combine: str = ""


@dataclass(slots=True, kw_only=True)
class Draft:
    """What a spreadsheet says of a measure.

    Attributes
    ----------
    settings : dict of (str, str) to str
        What stands beside the names of `SETTINGS`, by name and what follows it in parentheses.
    strange : list of str
        Headings of columns that were not taken over.
    left : list of str
        Rows that were not: totals that add up, and notes, each with its first cell and text.
    """

    dimensions: dict[str, DraftDimension] = field(default_factory=dict)
    indicators: list[DraftIndicator] = field(default_factory=list)
    variables: list[dict[str, str | Texts]] = field(default_factory=list)
    derived: dict[str, str] = field(default_factory=dict)
    settings: dict[tuple[str, str], str] = field(default_factory=dict)
    strange: list[str] = field(default_factory=list)
    left: list[str] = field(default_factory=list)


def draft_of(
    path: Path, *, sheet: str | None = None, mapped: Mapping[str, str] | None = None, taken: Taken = "ask"
) -> Draft:
    """What the sheets of a file say of a measure.

    Parameters
    ----------
    path : Path
        A workbook (Excel, OpenDocument) or a CSV file.
    sheet : str, optional
        The one with the indicators, if several could be it.
    mapped : mapping of str to str, optional
        Fields of `COLUMNS` by the headings that mean them.
    taken : {"ask", "fractions", "written"}
        What becomes of weights that look rounded.

    Raises
    ------
    ConfigError
        With every fault, each by its sheet and cell.
    DataError, UsageError
        If the file cannot be read.
    """
    grids = read_grids(path)
    faults = Faults()
    heads = [(grid, head) for grid in grids if (head := head_of(grid, mapped or {})) is not None]
    own = _of_indicators(path, grids, heads, sheet)
    draft = Draft()
    for grid, head in heads:
        rows = Rows(grid, head, faults)
        if {"variable", "type"} <= head.fields:
            draft.variables += variables_of(rows)
        elif {"derived", "rule"} <= head.fields:
            draft.derived |= derived_of(rows)
        elif "dimension" in head.fields and "indicator" not in head.fields:
            _dimensions(draft, rows, taken)
    _indicators(draft, Rows(*own, faults), taken)
    for grid in grids:  # what stands above a table goes before what stands below it
        draft.settings |= settings_of(grid, next((head.row for one, head in heads if one is grid), len(grid.rows)))
    faults.refuse()
    return draft


def _of_indicators(
    path: Path, grids: Sequence[Grid], heads: Sequence[tuple[Grid, Head]], sheet: str | None
) -> tuple[Grid, Head]:
    """The sheet with the indicators."""
    names = [grid.sheet for grid in grids]
    if sheet is not None and sheet not in names:
        text = phrase("the workbook has no sheet {sheet!r}", sheet=sheet)
        remedy = nearest(sheet, names) or phrase("it has the sheets {names}", names=listed(list(map(repr, names))))
        raise ConfigError(Fault("MPI-C200", Place(path.name), text, remedy))
    able = [(grid, head) for grid, head in heads if "indicator" in head.fields and sheet in (None, grid.sheet)]
    if not able:
        text = phrase("no sheet has a row of headings with a column of indicators")
        remedy = phrase(
            "give the columns headings such as Dimension, Indicator, Weight, Who is deprived, Rule; or say what a "
            "heading means: --heading indicator=HEADING"
        )
        raise ConfigError(Fault("MPI-C200", Place(path.name), text, remedy))
    if len(able) > 1:
        text = phrase(
            "several sheets have a column of indicators: {names}", names=listed([repr(grid.sheet) for grid, _ in able])
        )
        raise ConfigError(Fault("MPI-C200", Place(path.name), text, phrase("name one with --sheet")))
    return able[0]


def _indicators(draft: Draft, rows: Rows, taken: Taken) -> None:
    draft.strange += rows.head.strange
    skipped = _left_out(draft, rows, "indicator")
    weights = rows.weights(["weight", "per_cent"], skipped)
    dimension = ""
    names: dict[str, int] = {}
    of: dict[int, str] = {}
    for row in rows.rows:
        text = rows.text(row, "dimension")
        if text and not (row in skipped and (begins_total(text) or not rows.text(row, "indicator"))):
            dimension = named(text, plain=rows.column("dimension_title") is not None)
            own = draft.dimensions.setdefault(dimension, DraftDimension(name=dimension))
            own.texts.setdefault("title", rows.texts(row, "dimension_title") or _title(text, dimension))
        if row in skipped:
            continue
        indicator = rows.text(row, "indicator")
        if row not in weights and row + 1 in weights and _heads(rows, row):
            dimension = named(indicator)
            draft.dimensions.setdefault(
                dimension, DraftDimension(name=dimension, texts={"title": _title(indicator, dimension)})
            )
            continue
        if not indicator:
            if row in weights or rows.text(row, "rule"):
                text = phrase("the row has a weight or a rule, and no indicator")
                rows.wrong(row, "indicator", text, phrase("name the indicator, or empty the row"))
            continue
        if not dimension:
            dimension = "indicators"
            draft.dimensions[dimension] = DraftDimension(name=dimension)
            if rows.column("dimension") is not None:
                text = phrase("the indicator is in no dimension")
                rows.wrong(row, "dimension", text, phrase("write the dimension in its row or above it"))
        name = named(indicator, plain=rows.column("title") is not None)
        if not name or name in names:
            text = (
                phrase("no name can be made of it")
                if not name
                else phrase("the indicator {name!r} is also in row {row}", name=name, row=names[name] + 1)
            )
            rows.wrong(row, "indicator", text, phrase("give one of them another name"))
            continue
        names[name], of[row] = row, dimension
        draft.indicators.append(_indicator(rows, row, name, dimension))
    _weigh(draft, rows, {row: value for row, value in weights.items() if row in of}, of, (taken, skipped))


def _heads(rows: Rows, row: int) -> bool:
    """Whether a row of a table without a column of dimensions is the name of one: nothing else stands in it."""
    filled = [text for at in range(len(rows.grid.rows[row])) if (text := rows.grid.text(row, at))]
    return rows.column("dimension") is None and filled == [rows.text(row, "indicator")]


def _left_out(draft: Draft, rows: Rows, name: Literal["indicator", "dimension"]) -> list[int]:
    """The rows that are no indicators or dimensions: totals and notes, which the file tells of, and settings."""
    found = aside(rows, name)
    for row in sorted((*found.totals, *found.notes)):
        cells = [(at, text) for at in range(len(rows.grid.rows[row])) if (text := rows.grid.text(row, at))]
        column, text = next((cell for cell in cells if begins_total(cell[1])), cells[0])
        draft.left.append(f"{letters(column)}{row + 1} {text[:MOST_SHOWN]!r}")
    for row in found.settings:
        draft.settings |= settings_of(rows.grid, row + 1, row)
    return found.rows


def _title(text: str, name: str) -> Texts:
    return {} if text == name else {"": text}


def _indicator(rows: Rows, row: int, name: str, dimension: str) -> DraftIndicator:
    texts = {field_: rows.texts(row, field_) for field_ in ("words", "legal_basis", "note")}
    texts["title"] = rows.texts(row, "title") or _title(rows.text(row, "indicator"), name)
    weight = next((rows.text(row, one) for one in ("weight", "per_cent") if rows.text(row, one)), "")
    return DraftIndicator(
        name=name,
        dimension=dimension,
        row=row,
        texts=texts,
        rules={field_: rows.rule(row, field_) for field_ in RULES},
        words={field_: rows.word(row, field_, options) for field_, options in CHOICES.items()},
        weight=MONITOR if recognised({MONITOR: WORDS[MONITOR]}, weight) else None,
    )


def _weigh(
    draft: Draft, rows: Rows, weights: Mapping[int, Fraction], of: Mapping[int, str], asked: tuple[Taken, Sequence[int]]
) -> None:
    """Settle the weights of a table, and give them to its indicators and dimensions; some rows are skipped."""
    taken, skipped = asked
    whole: dict[int, Fraction] = {}
    for row, value in rows.weights(["dimension_weight"], skipped).items():
        before = next((own for own in whole if of[own] == of.get(row)), None)
        if before is None and row in of:
            whole[row] = value
        elif before is not None and whole[before] != value:
            text = phrase("the dimension {name!r} has another weight in row {row}", name=of[row], row=before + 1)
            rows.wrong(row, "dimension_weight", text, phrase("write it once, or the same in every row"), "MPI-C201")
    summed = [own for own in draft.indicators if own.weight is None and not draft.dimensions[own.dimension].combine]
    lacking = [own.row for own in summed if own.row not in weights]
    if weights and lacking:
        cells = listed([rows.address(row, "weight", "per_cent") for row in lacking])
        text = phrase("some indicators have no weight: {cells}", cells=cells)
        rows.faults.add("MPI-C201", rows.grid.place(), text, phrase("give all of them one, or none for equal weights"))
        return
    given = Weights(
        indicators={own.row: weights[own.row] for own in summed if own.row in weights},
        dimensions=whole,
        whole={one.name: one.weight for one in draft.dimensions.values() if one.weight is not None},
        of=of,
        address=lambda row, dimension: rows.address(row, *(["dimension_weight"] if dimension else WEIGHTS)),
        sheet=rows.grid.place(),
        faults=rows.faults,
    )
    found, dimensions = given.settled(taken)
    for own in draft.indicators:
        own.weight = found.get(own.row, own.weight)
    for row, value in dimensions.items():
        draft.dimensions[of[row]].weight = value


def _dimensions(draft: Draft, rows: Rows, taken: Taken) -> None:
    """A sheet of dimensions: titles, weights, how many indicators are enough."""
    skipped = _left_out(draft, rows, "dimension")
    weights = rows.weights(WEIGHTS if rows.column("weight") is not None else ["dimension_weight", "per_cent"], skipped)
    of: dict[int, str] = {}
    for row in (one for one in rows.rows if one not in skipped):
        text = rows.text(row, "dimension")
        if not text:
            continue
        of[row] = name = named(text, plain=rows.column("title") is not None)
        texts = {field_: rows.texts(row, field_) for field_ in ("legal_basis", "note")}
        texts["title"] = rows.texts(row, "title") or _title(text, name)
        combine = rows.text(row, "combine")
        word = recognised({one: WORDS[one] for one in ("any", "all")}, combine) or combine
        if word not in ("", "any", "all") and not word.isdigit():
            text = phrase("{value!r} is not known", value=combine[:40])
            rows.wrong(row, "combine", text, phrase("write any, all or a number"))
        draft.dimensions[name] = DraftDimension(name=name, texts=texts, combine=word)
    own = {row: value for row, value in weights.items() if row in of}
    given = Weights(
        indicators={}, dimensions=own, whole={}, of=of, sheet=rows.grid.place(), faults=rows.faults,
        address=lambda row, _: rows.address(row, "weight", "dimension_weight", "per_cent"),
    )  # fmt: skip
    for row, value in given.settled(taken)[1].items():
        draft.dimensions[of[row]].weight = value
