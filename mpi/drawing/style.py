"""What of drawings an office may choose: the colours of series and of classes. All else is in `mpi.drawing.palette`."""

from __future__ import annotations

from dataclasses import dataclass

from mpi.drawing.palette import BLUES, LIGHT, SERIES, shades
from mpi.vocabulary.colours import blended


@dataclass(frozen=True, slots=True, kw_only=True)
class Style:
    """The colours of drawings; every default is that of the house.

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
    """

    series: tuple[str, ...] = SERIES
    light: tuple[str, ...] = LIGHT
    ramp: tuple[str, ...] = ()
    second: tuple[str, ...] = BLUES

    def shades(self, classes: int) -> tuple[str, ...]:
        """Colours of classes, from the lightest to the darkest.

        Raises
        ------
        UsageError
            If there are more classes than can be distinguished.
        """
        usual = shades(classes)
        return blended(self.ramp, len(usual)) if self.ramp else usual


HOUSE = Style()
