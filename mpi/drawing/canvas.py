"""Drawings that can be saved: PNG, SVG, PDF, or SVG for a page with ids of its own.

Comes in: what charts and maps draw. Goes out: files whose bytes do not change between runs.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

from mpi.drawing import svg
from mpi.drawing.pages import pdf
from mpi.drawing.pixels import png
from mpi.drawing.scene import Scene
from mpi.errors import Fault, UsageError
from mpi.errors.arguments import public
from mpi.files import write_whole
from mpi.language import enumerated, phrase
from mpi.vocabulary.wording import LANGUAGES

P = ParamSpec("P")
R = TypeVar("R")
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

    def __repr__(self) -> str:
        return f"Drawing({self.width:.0f} x {self.height:.0f} points, {len(self.elements):,} elements)"

    def _repr_svg_(self) -> str:
        return svg.file_of(self)


def checked(function: Callable[P, R]) -> Callable[P, R]:
    """A public drawing function: wrong arguments are refused, see `mpi.errors.arguments`."""

    @functools.wraps(function)
    def inside(*args: P.args, **kwargs: P.kwargs) -> R:
        _check(function.__name__, kwargs)
        return function(*args, **kwargs)

    return public(inside)


def _check(name: str, given: Mapping[str, Any]) -> None:
    """Refuse a language or a level that there is not."""
    level = given.get("level", 0.5)
    if not 0 < level < 1:
        text = phrase("the confidence level {level} is not between 0 and 1", level=level)
        raise UsageError(Fault("MPI-E006", None, text, phrase("write 0.95 for 95 %")))
    if given.get("language", LANGUAGES[0]) not in LANGUAGES:
        words = enumerated([repr(one) for one in LANGUAGES], "or")
        text = phrase("{name}: 'language' is not {words}", name=name, words=words)
        raise UsageError(Fault("MPI-U110", None, text, phrase("give {words}", words=words)))


def picture(drawing: Scene, form: str, *, dpi: int = DPI) -> bytes:
    """A drawing as the bytes of a PNG, SVG or PDF file, the same at every run.

    Parameters
    ----------
    drawing : Drawing
    form : {".png", ".svg", ".pdf"}
    dpi : int
        Of a PNG.

    Raises
    ------
    UsageError
        If it is another form, or no drawing.
    """
    if form not in FORMATS:
        text = phrase("pictures are not written as {value}", value=form or phrase("a file without an ending"))
        raise UsageError(Fault("MPI-P003", None, text, phrase("there are {names}", names=", ".join(FORMATS))))
    _need_drawing(drawing)
    if form == ".png":
        return png(drawing, dpi)
    return pdf([drawing]) if form == ".pdf" else svg.file_of(drawing).encode()


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


def svg_text(drawing: Scene, *, title: str, description: str = "", ids: str) -> str:
    """A drawing as an `<svg>` element for a page.

    Texts stay texts, in a stack of fonts; there is no `style` attribute or element, so that a page may forbid them.

    Parameters
    ----------
    drawing : Drawing
    title, description : str
        The text for screen readers.
    ids : str
        Goes before every id, so that ids of several figures in one page differ.

    Raises
    ------
    UsageError
        If it is no drawing.
    """
    _need_drawing(drawing)
    return svg.page_of(drawing, title=title, description=description, ids=ids)


def _need_drawing(value: object) -> None:
    if not isinstance(value, Scene):
        text = phrase("a {name} is not a drawing", name=type(value).__name__)
        raise UsageError(Fault("MPI-U110", None, text, phrase("give the result of a chart of mpi.charts")))
