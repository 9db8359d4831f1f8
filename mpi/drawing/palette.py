"""The house style: colours that people with any colour vision tell apart, markers, dashes and hatches beside them."""

from __future__ import annotations

from mpi.errors import Fault, UsageError
from mpi.language import phrase

INK, GREY, PALE, PAPER = "#222222", "#5f5f5f", "#d9d9d9", "#ffffff"
BLANK = "#e0e0e0"  # of an area without a figure
# Okabe and Ito (2008): distinguishable with every kind of colour vision. Yellow is last, because it is faint on paper.
SERIES = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000", "#F0E442")
# The same under black hatches: the light ones first.
LIGHT = ("#56B4E9", "#E69F00", "#009E73", "#CC79A7", "#F0E442", "#0072B2", "#D55E00", PALE)
MARKERS = ("o", "s", "D", "^", "v", "P", "X", "<")
# In widths of the line: strokes and gaps by turns.
DASHES: tuple[tuple[float, ...], ...] = (
    (), (3.7, 1.6), (6.4, 1.6, 1, 1.6), (1, 1.65), (5, 1), (3, 1, 1, 1, 1, 1), (1, 1), (8, 2),
)  # fmt: skip
DASHED, DOTTED = DASHES[1], DASHES[3]
HATCHES = ("", "////", "||||", "\\\\\\\\", "xxxx", "----", "++++", "..")
# ColorBrewer YlOrBr by number of classes; www.colorbrewer2.org, Apache licence 2.0.
YLORBR = {
    3: ("#fff7bc", "#fec44f", "#d95f0e"),
    4: ("#ffffd4", "#fed98e", "#fe9929", "#cc4c02"),
    5: ("#ffffd4", "#fed98e", "#fe9929", "#d95f0e", "#993404"),
    6: ("#ffffd4", "#fee391", "#fec44f", "#fe9929", "#d95f0e", "#993404"),
    7: ("#ffffd4", "#fee391", "#fec44f", "#fe9929", "#ec7014", "#cc4c02", "#8c2d04"),
    8: ("#ffffe5", "#fff7bc", "#fee391", "#fec44f", "#fe9929", "#ec7014", "#cc4c02", "#8c2d04"),
    9: ("#ffffe5", "#fff7bc", "#fee391", "#fec44f", "#fe9929", "#ec7014", "#cc4c02", "#993404", "#662506"),
}
# ColorBrewer Blues of five classes, for a second scale beside the first.
BLUES = ("#eff3ff", "#bdd7e7", "#6baed6", "#3182bd", "#08519c")


def tinted(colour: str, share: float) -> str:
    """A colour with so much of the paper in it.

    Examples
    --------
    >>> tinted("#000000", 0.5), tinted("#0072B2", 1)
    ('#808080', '#ffffff')
    """
    parts = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
    return "#" + "".join(f"{round(part + (255 - part) * share):02x}" for part in parts)


def darkened(colour: str, share: float) -> str:
    """A colour with so much black in it.

    Examples
    --------
    >>> darkened("#ff8000", 0.5)
    '#804000'
    """
    return "#" + "".join(f"{round(int(colour[i : i + 2], 16) * (1 - share)):02x}" for i in (1, 3, 5))


def shades(classes: int) -> tuple[str, ...]:
    """Colours of classes, from the lightest to the darkest.

    Raises
    ------
    UsageError
        If there are more classes than can be distinguished.
    """
    if classes > max(YLORBR):
        text = phrase("{classes} classes are more than can be distinguished", classes=classes)
        raise UsageError(Fault("MPI-P004", None, text, phrase("ask for at most {max} classes", max=max(YLORBR))))
    return YLORBR[max(classes, min(YLORBR))][:classes]
