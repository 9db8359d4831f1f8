"""Tables of a text file: real ones, whose header rows come again on each page and whose rows are never cut."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from mpi.drawing.widths import text_width
from mpi.report.blocks import Cell, Row, Table
from mpi.vocabulary.wording import legible

FIGURE_CELL = "Heading 2"  # of the figures at the top
SIZE, CODE_SIZE = 15, 14  # half points
WIDE = 9638  # twentieths of a point: 17 cm
LINE = '<w:{side} w:val="single" w:sz="{size}" w:space="0" w:color="{colour}"/>'
PADDING = 120  # twentieths of a point, of a cell
LEAST_TEXT = 1100  # of a column of texts


def table_of(block: Table) -> Any:
    """The element of a table."""
    from docx.oxml import parse_xml
    from docx.oxml.ns import nsdecls

    widths = _widths(block)
    rows = [*_heads(block, widths), *_body(block, widths)]
    borders = "".join(
        LINE.format(side=side, size=size, colour=colour)
        for side, size, colour in (("top", 8, "1A1D21"), ("bottom", 8, "1A1D21"), ("insideH", 4, "D5D9DF"))
    )
    return parse_xml(
        f'<w:tbl {nsdecls("w")}><w:tblPr><w:tblW w:w="5000" w:type="pct"/><w:tblBorders>{borders}</w:tblBorders>'
        '<w:tblCellMar><w:left w:w="50" w:type="dxa"/><w:right w:w="50" w:type="dxa"/></w:tblCellMar>'
        '<w:tblLook w:val="0020" w:firstRow="1" w:lastRow="0" w:firstColumn="0" w:lastColumn="0" w:noHBand="1" '
        f'w:noVBand="1"/><w:tblCaption w:val={quoteattr(legible(block.caption))}/></w:tblPr>'
        f"<w:tblGrid>{''.join(f'<w:gridCol w:w={chr(34)}{one}{chr(34)}/>' for one in widths)}</w:tblGrid>"
        f"{''.join(rows)}</w:tbl>"
    )


def _widths(block: Table) -> list[int]:
    """Widths of columns: numbers get what they need, texts share the rest as they are long."""
    size = len(block.columns)
    needs = [
        max(_need(word) for word in column.title.split()) if column.title.split() else 0 for column in block.columns
    ]
    for row in block.rows:
        for place, cell in enumerate(row.cells, start=size - len(row.cells)):
            needs[place] = max(needs[place], _need(cell.text))
    texts = [place for place, column in enumerate(block.columns) if column.align == "text"] or list(range(size))
    rest = WIDE - sum(need for place, need in enumerate(needs) if place not in texts)
    asked = sum(needs[place] for place in texts)
    for place in texts:
        needs[place] = max(LEAST_TEXT, round(rest * needs[place] / (asked or 1)))
    scale = WIDE / sum(needs)
    return [round(scale * need) for need in needs]


def _need(text: str) -> int:
    return round(20 * text_width(text, SIZE / 2, bold=True)) + PADDING


def _heads(block: Table, widths: Sequence[int]) -> Iterator[str]:
    if block.groups:
        cells, start = [], 0
        for title, span in block.groups:
            cells.append(_cell(title, sum(widths[start : start + span]), across=span, bold=True, align="center"))
            start += span
        yield _row(cells, head=True)
    yield _row(
        [
            _cell(column.title, wide, bold=True, align="left" if column.align == "text" else "right")
            for column, wide in zip(block.columns, widths, strict=True)
        ],
        head=True,
    )


def _body(block: Table, widths: Sequence[int]) -> Iterator[str]:
    open_rows: list[int] = [0] * len(widths)  # rows that a cell above still covers, by column
    for row in block.rows:
        if row.part:
            yield _row([_cell(row.part, sum(widths), across=len(widths), bold=True)])
            continue
        yield _row(list(_cells(block, row, widths, open_rows)))


def _cells(block: Table, row: Row, widths: Sequence[int], open_rows: list[int]) -> Iterator[str]:
    """The cells of a row; a continued one where a cell above spans it."""
    own = iter(row.cells)
    for place, (column, wide) in enumerate(zip(block.columns, widths, strict=True)):
        if open_rows[place]:
            open_rows[place] -= 1
            yield _cell("", wide, merge="<w:vMerge/>")
            continue
        one: Cell = next(own)
        open_rows[place] = one.rows - 1
        yield _cell(
            one.text,
            wide,
            bold=row.strong or one.rows > 1,
            align="left" if column.align == "text" or one.header else "right",
            code=one.code,
            merge='<w:vMerge w:val="restart"/>' if one.rows > 1 else "",
        )


def _cell(
    text: str,
    wide: int,
    *,
    across: int = 1,
    bold: bool = False,
    align: str = "left",
    code: bool = False,
    merge: str = "",
) -> str:
    span = f'<w:gridSpan w:val="{across}"/>' if across > 1 else ""
    fat = "<w:b/>" if bold else ""
    font = '<w:rFonts w:ascii="Consolas" w:hAnsi="Consolas" w:cs="Consolas"/>' if code else ""
    size = CODE_SIZE if code else SIZE
    return (
        f'<w:tc><w:tcPr><w:tcW w:w="{wide}" w:type="dxa"/>{span}{merge}</w:tcPr><w:p><w:pPr>'
        f'<w:spacing w:before="20" w:after="20"/><w:jc w:val="{align}"/></w:pPr><w:r><w:rPr>{font}{fat}'
        f'<w:sz w:val="{size}"/></w:rPr><w:t xml:space="preserve">{escape(legible(text))}</w:t></w:r></w:p></w:tc>'
    )


def _row(cells: Sequence[str], *, head: bool = False) -> str:
    again = "<w:tblHeader/>" if head else ""
    return f"<w:tr><w:trPr><w:cantSplit/>{again}</w:trPr>{''.join(cells)}</w:tr>"
