"""Codes of block after block are the texts that each block by itself would have."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from mpi.columns.code_texts import MOST, CodeTexts
from mpi.columns.runs import cuts, run_starts
from tests.support.loops import at_least_one

CODES = st.integers(-3, 1200) | st.sampled_from([-(2**31), 5 * MOST, 2**31 - 1])


@given(
    st.lists(st.lists(CODES, min_size=1, max_size=8), min_size=1, max_size=6),
    st.sampled_from([np.int32, np.int64]),
    st.sampled_from([0, 2, 4]),
)
def test_codes_are_the_texts_of_their_numbers(
    blocks: list[list[int]], type_: type[np.signedinteger], width: int
) -> None:
    texts, come = CodeTexts(), set[int]()
    for block in at_least_one(blocks):
        found = texts.of(np.array(block, type_), width)
        reach = [*come, *block]
        if max(reach) - min(reach) >= MOST:
            assert found is None
            continue
        come |= set(block)
        assert found is not None
        codes, known = found
        assert [known.labels[code] for code in codes.tolist()] == [str(number).zfill(width) for number in block]
        assert len(known.labels) == len(come)
        wrong = {label for label in known.labels if len(label) > width or label.startswith("-")}
        assert known.strange == wrong


def test_each_width_has_texts_of_its_own_and_no_codes_have_none() -> None:
    texts, numbers = CodeTexts(), np.array([7, 12])
    assert [one[1].labels for width in (2, 3) if (one := texts.of(numbers, width))] == [("07", "12"), ("007", "012")]
    assert texts.of(numbers[:0], 2) is None


@given(st.lists(st.integers(1, 9), min_size=1, max_size=30), st.integers(1, 12))
def test_blocks_begin_where_the_number_of_persons_passes_a_multiple(sizes: list[int], most: int) -> None:
    starts = np.cumsum([0, *sizes[:-1]])
    block = (starts // most).tolist()
    assert cuts(starts, most) == [i for i, own in enumerate(block) if not i or own != block[i - 1]]


@given(st.lists(st.integers(0, 2), max_size=12))
def test_runs_begin_at_the_first_row_and_where_the_code_changes(codes: list[int]) -> None:
    expected = [i for i, code in enumerate(codes) if not i or code != codes[i - 1]]
    assert run_starts(np.array(codes, np.int64)).tolist() == expected
