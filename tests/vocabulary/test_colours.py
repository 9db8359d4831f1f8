"""Colours as numbers, against published values and the house's own palettes."""

from __future__ import annotations

import itertools

import pytest

from mpi.drawing.palette import BLUES, PAPER, SERIES, YLORBR
from mpi.vocabulary.colours import VISIONS, blended, contrast, difference, luminance


# The first two of the W3C's examples to success criterion 1.4.3, the others by hand from its formula.
@pytest.mark.parametrize(
    ("one", "other", "ratio"),
    [
        ("#767676", "#ffffff", 4.54),
        ("#757575", "#ffffff", 4.61),
        ("#ff0000", "#ffffff", 4.0),
        ("#0000ff", "#000000", 2.44),
    ],
)
def test_contrast_is_that_of_wcag(one: str, other: str, ratio: float) -> None:
    assert contrast(one, other) == contrast(other, one) == pytest.approx(ratio, abs=0.005)


def test_red_and_green_are_alike_without_the_cones_that_tell_them_apart() -> None:
    assert difference("#b00000", "#5f6f00") > 3 * difference("#b00000", "#5f6f00", "deuteranopia")
    assert difference("#0072b2", "#0072b2", "tritanopia") == 0


def test_grey_is_grey_to_every_eye() -> None:
    assert all(difference("#808080", "#ffffff", vision) == pytest.approx(0.4, abs=0.01) for vision in VISIONS)


def test_the_house_palette_is_told_apart_by_every_eye() -> None:
    for vision in VISIONS:
        assert min(difference(*pair, vision) for pair in itertools.combinations(SERIES, 2)) > 0.05, vision
        for ramp in (YLORBR[5], BLUES):
            assert min(difference(*pair, vision) for pair in itertools.pairwise(ramp)) > 0.05, vision


def test_blended_colours_keep_their_ends_and_darken_evenly() -> None:
    ramp = ("#f2f7f5", "#7fb8a4", "#0b4f3c")
    for count in range(2, 10):
        made = blended(ramp, count)
        assert (made[0], made[-1], len(made)) == (ramp[0], ramp[-1], count)
        shades = [luminance(colour) for colour in made]
        assert shades == sorted(shades, reverse=True)
    assert blended(ramp, 3) == ramp
    assert blended((PAPER, PAPER), 4) == (PAPER,) * 4
