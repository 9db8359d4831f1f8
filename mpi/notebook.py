"""What a notebook shows of an object: a small table without colours or scripts of its own, every text escaped.

Without colours it follows the notebook's theme, light or dark.
"""

from __future__ import annotations

import html
from collections.abc import Collection, Sequence

RIGHT = ' style="text-align: right; font-variant-numeric: tabular-nums"'
LEFT = ' style="text-align: left"'


def html_table(
    caption: str,
    heads: Sequence[str],
    rows: Sequence[Sequence[str]],
    *,
    numbers: Collection[str] = (),
    more: int = 0,
    notes: Sequence[str] = (),
) -> str:
    """A table as HTML.

    Parameters
    ----------
    caption : str
    heads : sequence of str
        Of c columns; none for a table without a row of heads.
    rows : sequence of sequence of str
        c cells each.
    numbers : collection of str
        Heads of the columns that stand at the right.
    more : int
        How many rows are not shown.
    notes : sequence of str
        Sentences below.
    """
    sides = [RIGHT if name in numbers else LEFT for name in heads] or [LEFT] * len(rows[0] if rows else ())
    top = "".join(f'<th scope="col"{side}>{html.escape(name)}</th>' for name, side in zip(heads, sides, strict=False))
    body = "".join(
        "<tr>" + "".join(f"<td{side}>{html.escape(cell)}</td>" for cell, side in zip(row, sides, strict=True)) + "</tr>"
        for row in rows
    )
    head = f"<thead><tr>{top}</tr></thead>" if heads else ""
    left = f"<p>… {more:,}</p>" if more else ""
    listed = "".join(f"<li>{html.escape(note)}</li>" for note in notes)
    told = f"<ul>{listed}</ul>" if listed else ""
    return f"<table><caption>{html.escape(caption)}</caption>{head}<tbody>{body}</tbody></table>{left}{told}"
