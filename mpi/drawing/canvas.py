"""Pictures without global state: figures, the house style, and files whose bytes do not change between runs.

Comes in: what charts and maps draw. Goes out: PNG, SVG, PDF, or SVG for a page with ids of its own. No pyplot: a
program that draws with matplotlib itself is not disturbed.
"""

from __future__ import annotations

import functools
import io
import warnings
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar

from mpi.drawing import svg, vector
from mpi.drawing.fonts import need
from mpi.drawing.pages import pdf
from mpi.drawing.palette import BLANK, GREY, HATCHES, INK, MARKERS, PALE, PAPER, SERIES, YLORBR, shades
from mpi.drawing.pixels import png
from mpi.drawing.scene import Scene
from mpi.drawing.widths import wrapped
from mpi.errors import Fault, UsageError
from mpi.errors.arguments import public
from mpi.files import write_whole
from mpi.language import enumerated, phrase
from mpi.vocabulary.wording import LANGUAGES, legible

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = [
    "BLANK",
    "GREY",
    "HATCHES",
    "INK",
    "MARKERS",
    "PALE",
    "PAPER",
    "SERIES",
    "YLORBR",
    "Drawing",
    "picture",
    "save_pages",
    "shades",
    "svg_text",
    "wrapped",
]
P = ParamSpec("P")
R = TypeVar("R")
MILLIMETRES = 25.4  # an inch
WIDTH = 170 / MILLIMETRES  # inches: the text of an A4 page
DASHES: tuple[Any, ...] = ("-", "--", "-.", ":", (0, (5, 1)), (0, (3, 1, 1, 1)), (0, (1, 1)), (0, (8, 2)))
STYLE: dict[str, Any] = {
    "font.family": "sans-serif",
    # Bundled with matplotlib, so every machine measures the same; Verdana has nearly its widths where it is missing.
    "font.sans-serif": ["DejaVu Sans", "Verdana", "Arial"],
    "font.size": 8, "axes.labelsize": 8, "axes.titlesize": 9, "xtick.labelsize": 7.5, "ytick.labelsize": 7.5,
    "legend.fontsize": 7.5, "legend.frameon": False, "text.parse_math": False, "text.color": INK,
    "axes.labelcolor": INK, "axes.edgecolor": GREY, "xtick.color": INK, "ytick.color": INK, "axes.linewidth": 0.6,
    "xtick.major.width": 0.6, "ytick.major.width": 0.6, "axes.spines.top": False, "axes.spines.right": False,
    "axes.grid": False, "grid.color": PALE, "grid.linewidth": 0.5, "axes.axisbelow": True, "hatch.linewidth": 0.5,
    "hatch.color": INK, "figure.facecolor": PAPER, "savefig.facecolor": PAPER, "figure.dpi": 100,
    "svg.fonttype": "none", "svg.hashsalt": "mpi", "pdf.fonttype": 42, "axes.unicode_minus": True,
    "path.simplify": False, "lines.linewidth": 1.4, "lines.solid_capstyle": "butt", "errorbar.capsize": 0,
}  # fmt: skip
FORMATS = (".png", ".svg", ".pdf")
DPI = 200


@dataclass(frozen=True, slots=True, eq=False)
class Drawing(Scene):
    """A picture that can be saved, and that notebooks show."""

    def save(self, path: Path | str) -> None:
        """Write a file, whole or not at all, whose ending says what it is: `.svg`, `.png` or `.pdf`.

        Raises
        ------
        UsageError
            If it is another ending, or the file exists.
        """
        content = picture(self, Path(path).suffix.lower())

        def write(file: Path) -> None:
            file.write_bytes(content)

        write_whole(Path(path), write)

    def _repr_svg_(self) -> str:
        return vector.file_of(self)


@contextmanager
def style() -> Iterator[None]:
    """The house style, for as long as something is drawn."""
    need("matplotlib")
    import matplotlib as mpl

    with mpl.rc_context():
        mpl.rcdefaults()
        mpl.rcParams.update(STYLE)  # type: ignore[arg-type]  # names checked by matplotlib
        # The user of a study need not know that a font lacks a character or that a layout is tight.
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", UserWarning)
            yield


def drawn(function: Callable[P, R]) -> Callable[P, R]:
    """A drawing function that runs in the house style; names that it draws are never read as formulas.

    It is public: wrong arguments are refused, see `mpi.errors.arguments`.
    """

    @functools.wraps(function)
    def inside(*args: P.args, **kwargs: P.kwargs) -> R:
        _check_drawing(function.__name__, kwargs)
        with style():
            found = function(*args, **kwargs)
            plain_text(figure_of(found))
            return found

    return public(inside)


def checked(function: Callable[P, R]) -> Callable[P, R]:
    """A public drawing function: wrong arguments are refused, see `mpi.errors.arguments`."""

    @functools.wraps(function)
    def inside(*args: P.args, **kwargs: P.kwargs) -> R:
        _check_drawing(function.__name__, kwargs)
        return function(*args, **kwargs)

    return public(inside)


def _check_drawing(name: str, given: Mapping[str, Any]) -> None:
    """Refuse a language or a level that there is not."""
    level = given.get("level", 0.5)
    if not 0 < level < 1:
        text = phrase("the confidence level {level} is not between 0 and 1", level=level)
        raise UsageError(Fault("MPI-E006", None, text, phrase("write 0.95 for 95 %")))
    if given.get("language", LANGUAGES[0]) not in LANGUAGES:
        words = enumerated([repr(one) for one in LANGUAGES], "or")
        raise UsageError(
            Fault(
                "MPI-U110",
                None,
                phrase("{name}: 'language' is not {words}", name=name, words=words),
                phrase("give {words}", words=words),
            )
        )


def _is_drawing(value: object) -> bool:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    return isinstance(value, Axes | Figure)


def new_figure(height: float, *, width: float = WIDTH) -> Figure:
    """An empty figure; height and width in inches."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=(width, height), layout="constrained")
    FigureCanvasAgg(figure)
    return figure


def new_axes(height: float, *, width: float = WIDTH) -> Axes:
    """The axes of a new figure; height and width in inches."""
    return new_figure(height, width=width).add_subplot()


def figure_of(drawing: Any) -> Figure:  # what a chart gives back: axes, several of them, or a figure
    """The figure that axes belong to."""
    from matplotlib.figure import Figure

    if isinstance(drawing, Figure):
        return drawing
    if isinstance(drawing, (list, tuple)) and drawing:
        return figure_of(drawing[0])
    if not _is_drawing(drawing):
        text = phrase("a {name} is not a drawing", name=type(drawing).__name__)
        raise UsageError(Fault("MPI-U110", None, text, phrase("give the result of a chart of mpi.charts")))
    found: Figure = drawing.figure
    return found


def plain_text(figure: Figure) -> None:
    """Show every text of a figure literally: `$x^2$` is a name, not a formula; no control characters."""
    from matplotlib.text import Text
    from matplotlib.ticker import FixedFormatter

    for axes in figure.axes:
        for axis in (axes.xaxis, axes.yaxis):
            labels = axis.get_major_formatter()
            if isinstance(labels, FixedFormatter):
                labels.seq = [legible(label) for label in labels.seq]
    for found in figure.findobj(Text):
        if isinstance(found, Text):
            found.set_parse_math(False)
            found.set_text(legible(found.get_text()))


def picture(drawing: Any, form: str, *, dpi: int = DPI) -> bytes:  # see figure_of
    """A figure as the bytes of a PNG, SVG or PDF file, the same at every run.

    Parameters
    ----------
    drawing : Figure or Axes
    form : {".png", ".svg", ".pdf"}
    dpi : int
        Of a PNG.

    Raises
    ------
    UsageError
        If it is another form.
    """
    if form not in FORMATS:
        text = phrase("pictures are not written as {value}", value=form or phrase("a file without an ending"))
        raise UsageError(Fault("MPI-P003", None, text, phrase("there are {names}", names=", ".join(FORMATS))))
    if isinstance(drawing, Scene):
        return {".png": lambda: png(drawing, dpi), ".svg": lambda: vector.file_of(drawing).encode(),
                ".pdf": lambda: pdf([drawing])}[form]()  # fmt: skip
    content = _saved(drawing, form, dpi if form == ".png" else 72)
    return svg.file_text(svg.plain(legible(content.decode()))).encode() if form == ".svg" else content


def _saved(drawing: Any, form: str, dpi: int) -> bytes:  # see figure_of
    """A figure as matplotlib saves it, without anything that changes between runs."""
    metadata: dict[str, Any] = {
        ".png": {"Software": None},
        ".svg": {"Date": None, "Creator": None},
        ".pdf": {"CreationDate": None, "ModDate": None, "Creator": None, "Producer": None},
    }[form]
    with style():
        figure = figure_of(drawing)
        plain_text(figure)
        stream = io.BytesIO()
        figure.savefig(stream, format=form[1:], dpi=dpi, metadata=metadata)
    return stream.getvalue()


def save_pages(drawings: Iterable[Scene], path: Path) -> None:
    """Write drawings as the pages of one PDF, whole or not at all; each is drawn when its turn comes.

    Raises
    ------
    UsageError
        If the file exists.
    """

    def write(file: Path) -> None:
        file.write_bytes(pdf(drawings))

    write_whole(path, write)


def svg_text(drawing: Any, *, title: str, description: str = "", ids: str) -> str:  # see figure_of
    """A figure as an `<svg>` element for a page.

    Texts stay texts, in a stack of fonts; no `style` attribute or element is left, so that a page may forbid them.

    Parameters
    ----------
    drawing : Figure or Axes
    title, description : str
        The text for screen readers.
    ids : str
        Goes before every id, so that ids of several figures in one page differ.
    """
    if isinstance(drawing, Scene):
        return vector.page_of(drawing, title=title, description=description, ids=ids)
    root = svg.plain(legible(_saved(drawing, ".svg", 72).decode()))
    return svg.page_text(root, title=legible(title), description=legible(description), ids=ids)
