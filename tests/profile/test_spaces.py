"""Spaces of replicate weights against the rank of the rows themselves: whole, nearly whole, and small ones."""

from __future__ import annotations

import numpy as np
import pytest

from mpi.profile.spaces import MOST, joined_spaces, ranks, spaces_of


@pytest.mark.parametrize(("rows", "replicates", "rank"), [
    (300, 40, 40), (300, 40, 39), (300, 40, 7), (41, 40, 40), (40, 40, 40), (12, 40, 12), (700, 600, 600),
])  # fmt: skip
@pytest.mark.parametrize("parts", [1, 3])
def test_ranks_are_those_of_the_rows_however_they_are_parted(rows: int, replicates: int, rank: int, parts: int) -> None:
    rng = np.random.default_rng(rows)
    turned, _ = np.linalg.qr(rng.normal(size=(replicates, replicates)))
    weights = rng.normal(size=(rows, min(rank, rows))) @ turned[: min(rank, rows)]
    nobody = np.zeros((0, 1), np.int64)
    held = [spaces_of(np.zeros((len(own), 1), np.int64), own) for own in np.array_split(weights, parts)]
    found = joined_spaces(held) if parts > 1 else held[0]
    assert ranks(found, found.domains[:, 0], 1).tolist() == [min(rank, MOST)]
    assert np.allclose(found.rows @ found.rows.T, np.eye(len(found.rows)), atol=1e-4)
    assert len(spaces_of(nobody, np.zeros((0, replicates))).rows) == 0
