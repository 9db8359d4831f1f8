"""Numbers of the norm, read from their text."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mpi.specs.exact import MAX_CHARACTERS, fraction, least_common_denominator


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1/3", Fraction(1, 3)),
        (" 5 / 15 ", Fraction(1, 3)),
        ("0", Fraction(0)),
        ("1", Fraction(1)),
        ("0.1", Fraction(1, 10)),
        (".25", Fraction(1, 4)),
        ("5.", Fraction(5)),
        ("33%", Fraction(33, 100)),
        ("33.3 %", Fraction(333, 1000)),
        ("0.3333333333333333333333333333333333333", Fraction("0.3333333333333333333333333333333333333")),
    ],
)
def test_a_number_is_what_its_text_says(text: str, value: Fraction) -> None:
    assert fraction(text) == value


@given(st.integers(0, 10**15), st.integers(1, 10**15))
def test_every_fraction_survives_being_written(numerator: int, denominator: int) -> None:
    assert fraction(f"{numerator}/{denominator}") == Fraction(numerator, denominator)


@pytest.mark.parametrize(
    "text", ["", "-1/3", "+1", "1e5", "1/3%", "1/2/3", "0,5", "nan", "inf", "one", "1/-3", "٣", "½", "0x10", "1_0", "."]
)
def test_what_is_not_such_a_number_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"^not a number such as 1/3, 0\.05 or 33%$"):
        fraction(text)


def test_a_denominator_of_zero_is_refused() -> None:
    with pytest.raises(ValueError, match=r"^a fraction with denominator 0$"):
        fraction("1/0")


def test_the_length_is_bounded_before_anything_is_computed() -> None:
    assert fraction("0" * MAX_CHARACTERS) == 0
    with pytest.raises(ValueError, match=r"^a number of more than 40 characters$"):
        fraction("1" * (MAX_CHARACTERS + 1))


@given(st.lists(st.fractions(0, 1, max_denominator=60), max_size=6))
def test_the_least_common_denominator_is_the_smallest_that_makes_integers(fractions: list[Fraction]) -> None:
    base = least_common_denominator(fractions)
    assert all((value * base).denominator == 1 for value in fractions)
    divisors = [d for d in range(1, min(base, 500)) if base % d == 0]
    assert not any(all((value * d).denominator == 1 for value in fractions) for d in divisors)


def test_no_fraction_at_all_has_the_denominator_one() -> None:
    assert least_common_denominator([]) == 1
