"""Tidy tables in the forms that documents and notebooks take: Markdown, LaTeX, HTML, CSV, a sheet, one row a group."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa

from mpi.columns import arrow
from mpi.errors import Fault, Notice, UsageError, installing, listed
from mpi.files import safe_cell, write_whole
from mpi.language import phrase
from mpi.notebook import html_table

if TYPE_CHECKING:
    from great_tables import GT

SHOWN = ("before", "after", "supply", "estimate", "se", "ci_low", "ci_high", "gap", "ratio", "p", "p_adjusted", "n",
         "reliability")  # fmt: skip
JUDGED = "reliability"
TOTAL = "total"  # in place of a domain's null
DECIMALS = 4
LARGE = 1_000  # numbers of persons, without decimals
ROWS = 40  # of a table in a notebook
# C0, DEL, C1 and bidirectional controls: a terminal obeys them, a spreadsheet hides them.
_CODES = (*range(0x20), *range(0x7F, 0xA0), 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A))
CONTROLS = {code: f"\\u{code:04x}" for code in _CODES}
LATEX = str.maketrans({
    "\\": r"\textbackslash{}", "&": r"\&", "%": r"\%", "$": r"\$", "#": r"\#", "_": r"\_", "{": r"\{", "}": r"\}",
    "~": r"\textasciitilde{}", "^": r"\textasciicircum{}", "<": r"\textless{}", ">": r"\textgreater{}",
})  # fmt: skip
MARKDOWN = str.maketrans({"|": r"\|", "\\": r"\\", "`": r"\`", "*": r"\*", "<": "&lt;", "_": r"\_"})


def compact(table: pa.Table, domains: Sequence[str]) -> tuple[list[str], list[list[str]]]:
    """Heads and cells for reading: what tells rows apart, with figures to four decimals; what is undefined is empty.

    Returns
    -------
    list of str
        The domains, the other columns of texts that differ between rows, the figures.
    list of list of str
    """
    keys = [name for name in table.column_names if _is_key(table, name) and (name in domains or _varies(table, name))]
    figures = [name for name in SHOWN if name in table.column_names and not _is_key(table, name)]
    for name in (JUDGED, "p_adjusted"):  # empty where nothing was judged; the same as p where nothing was adjusted
        if name in figures and (table.column(name).null_count == len(table) or _says_no_more(table, name)):
            figures.remove(name)
    columns = [
        [TOTAL if value is None and name in domains else _cell(value) for value in arrow.listed(table.column(name))]
        for name in (*keys, *figures)
    ]
    return [*keys, *figures], [list(row) for row in zip(*columns, strict=True)]


def _says_no_more(table: pa.Table, name: str) -> bool:
    return name == "p_adjusted" and table.column(name).equals(table.column("p"))


def _only_text(table: pa.Table, name: str) -> str:
    """The text of a column that is the same in all rows; empty where it differs."""
    found = set(arrow.listed(table.column(name)))
    return str(found.pop() or "") if len(found) == 1 else ""


def _is_key(table: pa.Table, name: str) -> bool:
    return name not in {"note", JUDGED, "reliability_rule"} and pa.types.is_dictionary(table.schema.field(name).type)


def _varies(table: pa.Table, name: str) -> bool:
    return name in ("statistic", "figure") or len(set(arrow.listed(table.column(name)))) > 1


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, float):
        return f"{value:.{DECIMALS if abs(value) < LARGE else 0}f}"
    return str(value)


def as_csv(table: pa.Table, *, header: bool = True) -> bytes:
    """A table as UTF-8 CSV with point and comma, its texts made safe for spreadsheets and terminals."""
    import pyarrow.csv

    target = pa.BufferOutputStream()
    pyarrow.csv.write_csv(_safe(table), target, pyarrow.csv.WriteOptions(include_header=header))
    return bytes(target.getvalue().to_pybytes())


def _safe(table: pa.Table) -> pa.Table:
    """The table with texts, column names among them, that no program computes or obeys."""
    columns = {}
    for name in table.column_names:
        column = table.column(name).combine_chunks()
        if pa.types.is_string(column.type):
            column = column.dictionary_encode()
        if pa.types.is_dictionary(column.type):
            labels = arrow.texts([_safe_text(label) for label in column.dictionary.to_pylist()])
            column = pa.DictionaryArray.from_arrays(column.indices, labels).dictionary_decode()
        columns[_safe_text(name)] = column
    return arrow.table(columns)


def _safe_text(text: str) -> str:
    return safe_cell(text).translate(CONTROLS)


def as_markdown(table: pa.Table, domains: Sequence[str]) -> str:
    """The rows as a table of GitHub's Markdown."""
    heads, rows = compact(table, domains)
    rule = ["---:" if name in SHOWN else ":---" for name in heads]
    lines = [[name.translate(MARKDOWN) for name in heads], rule]
    lines += [[cell.translate(CONTROLS).translate(MARKDOWN) for cell in row] for row in rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def as_latex(table: pa.Table, domains: Sequence[str]) -> str:
    """The rows as a `tabular` with the rules of the package booktabs."""
    heads, rows = compact(table, domains)
    columns = "".join("r" if name in SHOWN and name != JUDGED else "l" for name in heads)

    def line(cells: Sequence[str]) -> str:
        return " & ".join(cell.translate(CONTROLS).translate(LATEX) for cell in cells) + r" \\"

    body = [line(row) for row in rows]
    parts = [rf"\begin{{tabular}}{{{columns}}}", r"\toprule", line(heads), r"\midrule", *body, r"\bottomrule"]
    return "\n".join([*parts, r"\end{tabular}", ""])


def as_great_table(table: pa.Table, domains: Sequence[str], notices: Sequence[Notice], title: str) -> GT:
    """The rows as a publication table: figures to four decimals, the interval under one heading, notices below.

    Raises
    ------
    UsageError
        If great_tables is not installed.
    """
    try:
        from great_tables import GT
    except ImportError:
        raise UsageError(
            Fault("MPI-O012", None, phrase("the table needs great_tables"), installing("frames"))
        ) from None
    heads, rows = compact(table, domains)
    keys = [name for name in heads if name not in SHOWN or _is_key(table, name)]
    columns: dict[str, pa.Array] = {
        name: pa.array([row[i].translate(CONTROLS) for row in rows], pa.string())
        for i, name in enumerate(heads)
        if name in keys or name == JUDGED
    }
    about = [name for name in ("measure", "survey", "period", "unit") if name in table.column_names]
    told = ", ".join(text for name in about if (text := _only_text(table, name)))
    columns |= {name: table[name].combine_chunks() for name in heads if name not in columns}
    made = GT(pa.table({name: columns[name] for name in heads}).to_pandas()).tab_header(title=title or told)
    figures = [name for name in heads if name in SHOWN[:-2] and name not in keys]
    made = made.fmt_number(figures, decimals=DECIMALS).sub_missing(missing_text="")
    made = made.fmt_integer([name for name in heads if name == "n"]).tab_spanner("interval", ["ci_low", "ci_high"])
    made = made.cols_label(ci_low="from", ci_high="to").cols_align("left", keys)
    for notice in notices:
        made = made.tab_source_note(notice.text)
    return made


def as_html(table: pa.Table, domains: Sequence[str], notices: Sequence[Notice], head: str) -> str:
    """The first rows as a table for a notebook, with what a reader should know of them."""
    heads, rows = compact(table.slice(0, ROWS), domains)
    more, told = max(0, len(table) - ROWS), [notice.text for notice in notices]
    return html_table(head, heads, rows, numbers=(*SHOWN[:-1],), more=more, notes=told)


def plain_html(table: pa.Table, head: str) -> str:
    """The first rows of any table for a notebook."""
    numbers = [field.name for field in table.schema if not pa.types.is_dictionary(field.type)]
    columns = [[_cell(value) for value in arrow.listed(one)] for one in table.slice(0, ROWS).columns]
    rows = [list(row) for row in zip(*columns, strict=True)]
    more = max(0, len(table) - ROWS)
    return html_table(head, table.column_names, rows, numbers=numbers, more=more)


def write_sheet(table: pa.Table, notices: Sequence[Notice], path: Path) -> None:
    """The whole table as a sheet of a workbook, numbers as numbers; what a reader should know on a second one.

    Raises
    ------
    UsageError
        If XlsxWriter is not installed, or the table has more rows than a sheet.
    """
    try:
        import xlsxwriter
    except ImportError:
        raise UsageError(
            Fault("MPI-O012", None, phrase("the workbook needs XlsxWriter"), installing("publish"))
        ) from None
    most = 1_048_575
    if len(table) > most:
        text = phrase("{rows:,} rows are more than a sheet has", rows=len(table))
        raise UsageError(Fault("MPI-U004", None, text, phrase("take some of them with `only`, or write CSV")))
    with (
        path.open("wb") as stream,
        xlsxwriter.Workbook(stream, {"in_memory": True, "strings_to_formulas": False}) as book,
    ):
        page = book.add_worksheet("estimates")
        page.freeze_panes(1, 0)
        for place, name in enumerate(table.column_names):
            page.write_string(0, place, name)
            for row, value in enumerate(arrow.listed(table.column(name)), start=1):
                if isinstance(value, str):
                    page.write_string(row, place, value.translate(CONTROLS))
                elif value is not None:
                    page.write(row, place, value)
        page.autofilter(0, 0, len(table), len(table.column_names) - 1)
        notes = book.add_worksheet("notes")
        for row, notice in enumerate(notices):
            notes.write_string(row, 0, notice.code)
            notes.write_string(row, 1, notice.text)


def wide(table: pa.Table, by: str, domains: Sequence[str], values: str) -> pa.Table:
    """One row for each value of a column, one column for each of the other texts that differ.

    Raises
    ------
    UsageError
        If there is no such column, or several rows would be one cell.
    """
    keys = [name for name in table.column_names if _is_key(table, name)]
    figures = [
        field.name for field in table.schema if pa.types.is_floating(field.type) or pa.types.is_integer(field.type)
    ]
    for name, known in ((by, keys), (values, figures)):
        if name not in known:
            text = phrase("the figures have no column {name!r}", name=name)
            raise UsageError(Fault("MPI-E004", None, text, phrase("there are {names}", names=listed(known, 20))))
    # The rows of this domain alone: crossed ones and those of other domains have values elsewhere.
    others = [name for name in domains if name != by]
    columns = {name: arrow.listed(table.column(name)) for name in (*keys, values)}
    rows = [i for i in range(len(table)) if all(columns[name][i] is None for name in others)]
    # Figures that no cutoff belongs to do not make the one cutoff of the others worth telling.
    heads = [name for name in keys if name != by and len({columns[name][i] for i in rows} - {None}) > 1]
    cells: dict[str | None, dict[str, object]] = {}
    for i in rows:
        head = _head({name: columns[name][i] for name in heads if columns[name][i] is not None}) or values
        own = cells.setdefault(columns[by][i], {})
        if head in own:
            text = phrase("several figures would be one cell: {name!r}", name=head)
            raise UsageError(Fault("MPI-E004", None, text, phrase("take some of them with `only`")))
        own[head] = columns[values][i]
    names = list(dict.fromkeys(head for own in cells.values() for head in own))
    labels = pa.array([TOTAL if name is None else name for name in cells], pa.string())
    return arrow.table({by: labels, **{name: pa.array([own.get(name) for own in cells.values()]) for name in names}})


def _head(told: dict[str, str]) -> str:
    """What a figure is called among others: the statistic, of what, then the rest; `H k=1/3`."""
    first = [told.pop("statistic", ""), told.pop("indicator", "") or told.get("dimension", "")]
    told.pop("dimension", None)
    cutoff = told.pop("k", "")
    return " ".join(part for part in (*first, *told.values(), cutoff and f"k={cutoff}") if part)


def given(text: str, path: str | Path | None, overwrite: bool) -> str | None:
    """The text itself, or None once it is in a file."""
    if path is None:
        return text
    put(Path(path), lambda part: _put(part, text), overwrite)
    return None


def put(path: Path, write: Callable[[Path], None], overwrite: bool) -> None:
    """A file that appears whole or not at all."""
    write_whole(path, write, overwrite=overwrite)


def _put(path: Path, text: str) -> None:
    path.write_text(text, "utf-8")
