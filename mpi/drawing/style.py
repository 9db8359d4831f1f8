"""What of drawings is chosen: colours by an office, the width by who shows them; else see `mpi.drawing.palette`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from mpi.drawing.palette import BLUES, INK, LIGHT, PAPER, SERIES, shades
from mpi.drawing.scene import WIDTH, Face
from mpi.specs.template import GENERIC, Fonts, Template
from mpi.vocabulary.colours import blended, contrast

HATCHED, READ = 4.5, 3.0  # contrast of black lines on a colour, and of a large number

# Of a page of a telephone: 390 pixels wide, letters of 7 points are then 11 pixels high.
NARROW, LEAST = 226.0, 7.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Style:
    """The colours and the width of drawings; every default is that of the house.

    Attributes
    ----------
    series : tuple of str
        Eight, of lines and marks; the first leads.
    light : tuple of str
        Eight, of bars below black hatches.
    ramp : tuple of str
        Of classes, from the lightest to the darkest, as many as are wanted between; empty: ColorBrewer's YlOrBr.
    second : tuple of str
        Five, of a second scale beside the first.
    width : float
        Points: `WIDTH` for a page of paper, `NARROW` for a telephone.
    face : Face or None
        The letters; None: DejaVu Sans. Who saves or shows a drawing puts them into it.
    """

    series: tuple[str, ...] = SERIES
    light: tuple[str, ...] = LIGHT
    ramp: tuple[str, ...] = ()
    second: tuple[str, ...] = BLUES
    width: float = WIDTH
    face: Face | None = None

    @property
    def narrow(self) -> bool:
        """Whether it is narrower than a page of paper, so that what stands side by side there is stacked."""
        return self.width < WIDTH

    def room(self, usual: float, share: float = 0.36) -> float:
        """Points for a text that has so many on paper; a share of a narrow drawing."""
        return share * self.width if self.narrow else usual

    def size(self, usual: float) -> float:
        """Points of letters that have so many on paper; a telephone shows none that are smaller than `LEAST`."""
        return max(usual, LEAST) if self.narrow else usual

    def shades(self, classes: int) -> tuple[str, ...]:
        """Colours of classes, from the lightest to the darkest.

        Raises
        ------
        UsageError
            If there are more classes than can be distinguished.
        """
        usual = shades(classes)
        return blended(self.ramp, len(usual)) if self.ramp else usual

    @staticmethod
    def ink_on(colours: Sequence[str], place: int) -> str:
        """The colour of a number on one of the colours of classes: light on the last, and where dark is not read."""
        last = place == len(colours) - 1
        return PAPER if last or contrast(INK, colours[place]) < READ else INK


HOUSE = Style()


def style_of(template: Template | None) -> Style:
    """The style of an office's template; the house's where it says nothing."""
    if template is None:
        return HOUSE
    own = template.colours
    series = _repeated(own.categorical) or HOUSE.series
    return Style(
        series=series,
        light=tuple(_below_hatches(colour) for colour in series) if own.categorical else HOUSE.light,
        ramp=own.sequential,
        second=blended(own.second, len(HOUSE.second)) if own.second else HOUSE.second,
        face=_face(template.fonts),
    )


def _face(fonts: Fonts) -> Face | None:
    """The letters of drawings: those of headings, which have no serifs in most offices, else those of texts."""
    families = tuple(name for name in fonts.headings or fonts.text if name not in GENERIC)
    if not families and fonts.regular is None:
        return None
    return Face(families=families, regular=fonts.regular, bold=fonts.bold)


def _repeated(colours: tuple[str, ...]) -> tuple[str, ...]:
    """As many colours as there are markers and dashes, by which those that come again differ."""
    return tuple(colours[place % len(colours)] for place in range(len(SERIES))) if colours else ()


def _below_hatches(colour: str) -> str:
    """A colour so much lighter that black lines are seen on it."""
    return next(one for one in blended((colour, PAPER), 21) if contrast(one, INK) >= HATCHED)
