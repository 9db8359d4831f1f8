"""Outlines of a page: insets at their true side and one scale, places of names inside their areas."""

from __future__ import annotations

import base64

import numpy as np
import pytest
import shapely

from mpi.maps.areas import Areas, Inset
from mpi.maps.outlines import MARGIN, SIDE, outlines

MAINLAND = (
    shapely.box(0, 0, 1000, 1000)
    .difference(shapely.box(-1, 600, 400, 1001))
    .difference(shapely.box(600, -1, 1001, 400))
)  # free corners in the north-west and the south-east


def country(*islands: shapely.Geometry) -> Areas:
    shapes = np.array([MAINLAND, *islands], object)
    codes = tuple(str(number) for number in range(len(shapes)))
    return Areas(
        domain="area", codes=codes, names=codes, shapes=shapes, crs="EPSG:9377", metres=True,
        upper=np.full(len(shapes), -1, np.int64), insets=(Inset({"en": "islands"}, np.arange(1, len(shapes))),),
    )  # fmt: skip


def numbers(text: str) -> list[int]:
    found, value, place = [], 0, 0
    for byte in base64.b64decode(text):
        value += (byte & 127) << place
        place += 7
        if byte < 128:
            found.append(value)
            value = place = 0
    return found


def spots(areas: Areas) -> list[tuple[int, int, int]]:
    values = numbers(outlines(areas).spots)
    return list(zip(values[::3], values[1::3], values[2::3], strict=True))


@pytest.mark.parametrize(("x", "y", "side"), [(-3000, 2500, "north-west"), (4000, -2500, "south-east")])
def test_a_frame_stands_on_the_side_where_its_islands_are(x: float, y: float, side: str) -> None:
    drawn = outlines(country(shapely.box(x, y, x + 30, y + 20)))
    (frame,) = drawn.frames
    across, down = frame.x + frame.width / 2, frame.y + frame.height / 2
    assert (across < drawn.width / 2) == (side == "north-west") == (down < drawn.height / 2)


@pytest.mark.parametrize("one_area", [False, True])
def test_islands_apart_from_one_another_are_drawn_together_at_one_scale(one_area: bool) -> None:
    north, south = shapely.box(-3000, 2500, -2980, 2520), shapely.box(-3090, 2300, -3050, 2340)
    areas = country(shapely.union_all([north, south])) if one_area else country(north, south)
    (frame,) = outlines(areas).frames
    # 200 apart they would be hardly larger than on the map: 0.13 of 1000 for 220, not for 20 + 40 and what is between.
    assert frame.enlarged > 1.5
    found = spots(areas)[1:]
    for x, y, radius in found:
        assert frame.x < x - radius and x + radius < frame.x + frame.width
        assert frame.y < y - radius and y + radius < frame.y + frame.height
    if not one_area:
        (_, y, small), (_, lower, large) = found
        assert y < lower and large == pytest.approx(2 * small, rel=0.1), "the northern one above, half as large"


def test_many_or_dense_islands_stay_where_they_are() -> None:
    row = [shapely.box(-3000 + 60 * i, 2500, -2960 + 60 * i, 2540) for i in range(5)]
    found = spots(country(*row))[1:]
    steps = np.diff([x for x, _, _ in found])
    assert (steps > 0).all() and steps == pytest.approx([steps[0]] * 4, rel=0.05)


def test_a_name_has_its_place_inside_its_area() -> None:
    (x, y, radius), *_ = spots(country(shapely.box(-3000, 2500, -2970, 2520)))
    scale = SIDE / 1000
    middle = shapely.Point((x - MARGIN) / scale, 1000 - (y - MARGIN) / scale)
    assert MAINLAND.contains(middle) and MAINLAND.boundary.distance(middle) == pytest.approx(radius / scale, rel=0.02)
