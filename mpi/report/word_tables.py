"""Tables of a text file: real ones, whose header rows come again on each page and whose rows are never cut."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from mpi.drawing.widths import text_width
from mpi.report.blocks import Cell, Row, Table
from mpi.vocabulary.wording import legible

FIGURE_CELL = "Heading 2"  # of the figures at the top
SIZE, CODE_SIZE, SMALLEST = 15, 14, 11  # half points
WIDE = 9638  # twentieths of a point: 17 cm
LINE = '<w:{side} w:val="single" w:sz="{size}" w:space="0" w:color="{colour}"/>'
PADDING = 120  # twentieths of a point, of a cell


def table_of(block: Table) -> Any:
    """The element of a table."""
    from docx.oxml import parse_xml
    from docx.oxml.ns import nsdecls

    widths, size = _widths(block)
    rows = [*_heads(block, widths, size), *_body(block, widths, size)]
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


def _widths(block: Table) -> tuple[list[int], int]:
    """Widths of columns, and the size of letters: numbers get what they need, texts share the rest as they are long.

    No column is narrower than its longest word, so letters are smaller where these have no room side by side.
    """
    size = len(block.columns)
    least = [_longest(column.title) for column in block.columns]
    start = 0
    for title, span in block.groups:
        for place in range(start, start + span):
            least[place] = max(least[place], -(-_longest(title) // span))
        start += span
    texts = [place for place, column in enumerate(block.columns) if column.align == "text"] or list(range(size))
    needs = list(least)
    for row in block.rows:
        for place, cell in enumerate(row.cells, start=size - len(row.cells)):
            needs[place] = max(needs[place], _need(cell.text))
            words = _longest(cell.text) if place in texts else _need(cell.text)
            least[place] = max(least[place], min(words, WIDE // 2))
    letters = max(SMALLEST, min(SIZE, int(SIZE * WIDE / sum(least))))
    lacking = {place: needs[place] - least[place] for place in texts}
    spare, asked = max(WIDE - sum(least), 0), sum(lacking.values())
    for place, more in lacking.items():
        least[place] += round(spare * (more / asked if asked else 1 / len(texts)))
    return [round(WIDE / sum(least) * one) for one in least], letters


def _longest(text: str) -> int:
    return max((_need(word) for word in text.split()), default=0)


def _need(text: str) -> int:
    return round(20 * text_width(text, SIZE / 2, bold=True)) + PADDING


def _heads(block: Table, widths: Sequence[int], size: int) -> Iterator[str]:
    if block.groups:
        cells, start = [], 0
        for title, span in block.groups:
            cells.append(
                _cell(title, sum(widths[start : start + span]), across=span, bold=True, align="center", size=size)
            )
            start += span
        yield _row(cells, head=True)
    yield _row(
        [
            _cell(column.title, wide, bold=True, align="left" if column.align == "text" else "right", size=size)
            for column, wide in zip(block.columns, widths, strict=True)
        ],
        head=True,
    )


def _body(block: Table, widths: Sequence[int], size: int) -> Iterator[str]:
    open_rows: list[int] = [0] * len(widths)  # rows that a cell above still covers, by column
    for row in block.rows:
        if row.part:
            yield _row([_cell(row.part, sum(widths), across=len(widths), bold=True, size=size)])
            continue
        yield _row(list(_cells(block, row, widths, open_rows, size)))


def _cells(block: Table, row: Row, widths: Sequence[int], open_rows: list[int], size: int) -> Iterator[str]:
    """The cells of a row; a continued one where a cell above spans it."""
    own = iter(row.cells)
    for place, (column, wide) in enumerate(zip(block.columns, widths, strict=True)):
        if open_rows[place]:
            open_rows[place] -= 1
            yield _cell("", wide, merge="<w:vMerge/>", size=size)
            continue
        one: Cell = next(own)
        open_rows[place] = one.rows - 1
        yield _cell(
            one.text,
            wide,
            bold=row.strong or one.rows > 1,
            align="left" if column.align == "text" or one.header else "right",
            code=one.code,
            size=size,
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
    size: int = SIZE,
) -> str:
    span = f'<w:gridSpan w:val="{across}"/>' if across > 1 else ""
    fat = "<w:b/>" if bold else ""
    font = '<w:rFonts w:ascii="Consolas" w:hAnsi="Consolas" w:cs="Consolas"/>' if code else ""
    size = min(CODE_SIZE, size) if code else size
    return (
        f'<w:tc><w:tcPr><w:tcW w:w="{wide}" w:type="dxa"/>{span}{merge}</w:tcPr><w:p><w:pPr>'
        f'<w:spacing w:before="20" w:after="20"/><w:jc w:val="{align}"/></w:pPr><w:r><w:rPr>{font}{fat}'
        f'<w:sz w:val="{size}"/></w:rPr><w:t xml:space="preserve">{escape(legible(text))}</w:t></w:r></w:p></w:tc>'
    )


def _row(cells: Sequence[str], *, head: bool = False) -> str:
    again = "<w:tblHeader/>" if head else ""
    return f"<w:tr><w:trPr><w:cantSplit/>{again}</w:trPr>{''.join(cells)}</w:tr>"
