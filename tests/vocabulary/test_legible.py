"""Texts that every format can hold: short ones, and pages of megabytes."""

import pytest

from mpi.vocabulary import wording
from mpi.vocabulary.wording import LONG, legible

SIGNS = [chr(27), chr(0x7F), chr(0x202E), chr(0xD800), chr(0xFFFF), chr(0x1FFFE)]


@pytest.mark.parametrize("sign", SIGNS)
@pytest.mark.parametrize("length", [0, LONG - 1, LONG, 3 * LONG])
def test_a_sign_that_no_format_has_is_written_as_its_number_wherever_it_stands(sign: str, length: int) -> None:
    filling = ("Ñandú \u202f" * (length // 6))[:length]
    number = f"\\u{ord(sign):04x}"
    assert legible(filling + sign) == filling + number
    assert legible(sign + filling) == number + filling
    assert legible(filling) == filling


def test_signs_are_judged_one_by_one() -> None:
    assert not wording._ILLEGIBLE.search("")
    for code in range(0x300):
        sign = chr(code)
        assert (legible(sign) == sign) == (not wording._ILLEGIBLE.search(sign))
