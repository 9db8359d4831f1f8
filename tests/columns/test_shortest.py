"""Floats of 32 bits as decimal numbers: those that their texts say, bit for bit."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from numpy.typing import NDArray

from mpi.columns import shortest as module
from mpi.columns.shortest import shortest


def by_text(values: NDArray[np.float32]) -> NDArray[np.float64]:
    made: NDArray[np.float64] = pa.array(values).cast(pa.string()).cast(pa.float64()).to_numpy()
    return made


def same_bits(values: NDArray[np.float32]) -> None:
    np.testing.assert_array_equal(shortest(values).view(np.uint64), by_text(values).view(np.uint64))


@settings(max_examples=300, deadline=None)
@given(arrays.arrays(np.float32, st.integers(0, 30), elements=st.floats(width=32, allow_nan=False)))
def test_any_floats_are_what_their_texts_say(values: NDArray[np.float32]) -> None:
    same_bits(values)


@settings(max_examples=200, deadline=None)
@given(st.integers(0, 2**32), st.integers(-3, 9), st.integers(0, 9))
def test_decimal_numbers_come_back(seed: int, size: int, decimals: int) -> None:
    written = np.round(np.random.default_rng(seed).uniform(-1, 1, 200) * 10.0**size, decimals)
    values = written.astype(np.float32)
    same_bits(values)
    if size + decimals <= 6:  # six digits are never lost
        np.testing.assert_array_equal(shortest(values), written)


@pytest.mark.parametrize("exponent", [-20, -3, 0, 10, 20, 22, 23, 24, 30])
def test_every_bit_pattern_of_a_size_is_what_its_text_says(exponent: int) -> None:
    """Halves between two short decimals among them, as 4194304.25."""
    mantissa = np.random.default_rng(abs(exponent)).integers(0, 2**23, 200_000, dtype=np.uint32)
    same_bits((mantissa | np.uint32((exponent + 127) << 23)).view(np.float32))


def test_blocks_join(monkeypatch: pytest.MonkeyPatch) -> None:
    values = np.random.default_rng(1).normal(size=1000).astype(np.float32)
    whole = shortest(values)
    monkeypatch.setattr(module, "BLOCK", 7)
    np.testing.assert_array_equal(shortest(values), whole)


def test_what_is_no_number_stays() -> None:
    found = shortest(np.array([np.nan, np.inf, -np.inf, -0.0, 0.5], np.float32))
    assert np.isnan(found[0])
    assert found[1:].tolist() == [np.inf, -np.inf, 0.0, 0.5]
    assert np.signbit(found[3])
