"""A map of verdicts: every area has the look, the hatch and the sign of its verdict, and the legend counts them."""

from __future__ import annotations

from typing import Any

import pytest

from mpi.claims.targets import SIGNS
from mpi.drawing.scene import Path, Rect, Text
from mpi.errors import UnmadeError
from mpi.maps.verdicts import LOOKS, draw_verdicts
from mpi.vocabulary.options import VERDICTS
from tests.support.loops import at_least_one
from tests.support.publications import drawn_map

WORDS = {"met": "Met", "on_track": "On track", "off_track": "Off track", "cannot_tell": "?", "none": "no target"}


def verdicts() -> tuple[Any, list[str]]:
    areas = drawn_map("departamento").areas
    return areas, [(*VERDICTS, "none")[place % 5] for place in range(len(areas.codes))]


def test_each_area_is_drawn_once_by_its_verdict() -> None:
    areas, own = verdicts()
    drawing = draw_verdicts(areas, own, WORDS, SIGNS)
    found: dict[str, set[int]] = {name: set() for name in LOOKS}
    for one in at_least_one([e for e in drawing.elements if isinstance(e, Path) and e.gid.startswith("verdict-")]):
        places = {int(place) for place in one.data[:, 0]}
        assert not found[one.gid.removeprefix("verdict-")] & places
        found[one.gid.removeprefix("verdict-")] |= places
    assert found == {name: {i for i, one in enumerate(own) if one == name} for name in LOOKS}
    labels = [e.text.replace("\n", " ") for e in drawing.elements if isinstance(e, Text) and e.gid == "legend-label"]
    assert labels == [f"{SIGNS[name]} {WORDS[name]} ({own.count(name)})" for name in LOOKS]
    assert sum(isinstance(e, Rect) and e.gid.startswith("legend-") for e in drawing.elements) == len(LOOKS)
    names = [e.text for e in drawing.elements if isinstance(e, Text) and e.gid == "area-name"]
    assert names
    assert all(name[0] in SIGNS.values() for name in names)


def test_verdicts_differ_without_colour() -> None:
    """By hatch, or by the lightness of what is below it; and by their signs."""
    assert len(set(SIGNS.values())) == len(SIGNS)
    looks = {(look.hatch, int(look.fill[1:3], 16) > 128) for look in LOOKS.values()}
    assert len(looks) == len(LOOKS)


def test_a_map_without_any_verdict_is_left_out() -> None:
    areas, own = verdicts()
    with pytest.raises(UnmadeError):
        draw_verdicts(areas, ["none"] * len(own), WORDS, SIGNS)
