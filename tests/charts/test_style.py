"""Every chart and the static map take the colours of a style, and no colour of the house stays in their place."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from mpi.drawing.palette import BLUES, LIGHT, PALE, SERIES, YLORBR
from mpi.drawing.scene import Marker, Rect, Scene, Text
from mpi.drawing.scene import Path as Line
from mpi.drawing.style import HOUSE, Style
from mpi.vocabulary.colours import blended
from tests.charts.test_arguments import NAMES, calls

OTHER = Style(
    series=tuple(f"#1000{place}0" for place in range(8)),
    light=tuple(f"#d0f0{place}0" for place in range(8)),
    ramp=("#eef5f9", "#3a7f9e", "#0a2c3d"),
    second=tuple(f"#b0{place}0ff" for place in range(5)),
)
OWN = {*SERIES, *LIGHT, *BLUES, *(shade for ramp in YLORBR.values() for shade in ramp)} - {PALE}


def colours(drawing: Scene) -> set[str]:
    found = set()
    for one in drawing.walk():
        if isinstance(one, Rect | Line | Marker):
            found |= {one.look.fill, one.look.stroke}
        elif isinstance(one, Text):
            found.add(one.ink)
    return found


@pytest.mark.parametrize("name", [name for name in NAMES if name != "explained"])
def test_a_chart_has_the_colours_of_its_style(name: str, tmp_path: Path) -> None:
    function: Callable[..., Scene]
    given: dict[str, Any]
    function, given = calls(tmp_path)[name]  # type: ignore[assignment]
    usual, other = function(**given), function(**given, style=OTHER)
    assert colours(usual) & OWN
    assert not colours(other) & OWN
    assert len(list(usual.walk())) == len(list(other.walk()))
    assert function(**given, style=HOUSE) is not None


def test_classes_lie_between_the_colours_of_the_ramp() -> None:
    assert HOUSE.shades(5) == YLORBR[5]
    assert OTHER.shades(3) == OTHER.ramp
    assert OTHER.shades(7) == blended(OTHER.ramp, 7)
    assert OTHER.shades(2) == (OTHER.ramp[0], OTHER.ramp[-1])
