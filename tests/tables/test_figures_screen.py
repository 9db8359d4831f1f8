"""Derived figures on the screen."""

from __future__ import annotations

import mpi
from mpi.tables.figures_screen import derived_as_text
from tests.support.province import MEASURE, profile, province


def test_numbers_of_units_have_no_decimals_and_no_zero_has_a_sign() -> None:
    whole = profile(province(w=[1000.0] * 160))
    texts = {"number": "poor", "minus": "0 - poor / 100000000000", "none": "1 / (H - H)"}
    found = mpi.derive(whole, MEASURE, texts)
    lines = {
        line.split()[0]: line.split() for line in derived_as_text(found, 0.95, "none").splitlines() if line.strip()
    }
    assert "." not in "".join(lines["number"][2:6])
    assert lines["minus"][2] == "0.0000"
    assert lines["none"][2:6] == ["-"] * 4
