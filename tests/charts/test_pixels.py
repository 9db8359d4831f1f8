"""Charts look as they did: pixels of small pictures against references in tests/golden/pictures.

A picture that is meant to look otherwise is written anew by deleting its reference: then the test fails once, leaving
the new one to be looked at and committed.
"""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from mpi.drawing.canvas import picture
from tests.support.drawings import CHARTS

REFERENCES = Path(__file__).resolve().parent.parent / "golden" / "pictures"
DPI = 45
# Renderers of other versions place letters a part of a pixel away; a mark that moves or a colour that changes is more.
MOST_MEAN, MOST_FAR, FAR = (
    1.5,
    0.01,
    64,
)  # of 255: the mean difference; the share of pixels that differ by more than FAR
LARGEST = 300_000  # bytes of all references
GUARDED = ("series", "censored", "absolute", "ranked", "H and A", "forest", "k curves", "ranks", "heatmap", "pairs")


@pytest.mark.parametrize("name", GUARDED)
def test_a_chart_looks_as_it_did(name: str) -> None:
    content = picture(CHARTS[name]("es"), ".png", dpi=DPI)
    path = REFERENCES / f"{name.replace(' ', '_')}.png"
    if not path.exists():
        path.write_bytes(content)
        pytest.fail(f"{path.name} was not there and is written now: look at it")
    seen, expected = (
        np.asarray(Image.open(io.BytesIO(one)).convert("RGB"), np.float64) for one in (content, path.read_bytes())
    )
    assert seen.shape == expected.shape
    apart = np.abs(seen - expected).max(axis=2)
    assert apart.mean() <= MOST_MEAN
    assert (apart > FAR).mean() <= MOST_FAR


def test_references_are_small() -> None:
    assert sum(path.stat().st_size for path in REFERENCES.glob("*.png")) < LARGEST
