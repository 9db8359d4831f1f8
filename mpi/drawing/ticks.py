"""Ticks of an axis of numbers: at round values, as the language writes them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise

from mpi.vocabulary.statistics import Form
from mpi.vocabulary.wording import MINUS, Language, number

STEPS = (1.0, 2.0, 2.5, 5.0, 10.0)
MOST = 6  # steps of an axis


def round_values(low: float, high: float, *, most: int = MOST, steps: Sequence[float] = STEPS) -> list[float]:
    """Multiples of a round step between two ends, with at most so many steps.

    Examples
    --------
    >>> round_values(0, 0.37), round_values(-0.11, 0.04)
    ([0.0, 0.1, 0.2, 0.3], [-0.1, -0.075, -0.05, -0.025, 0.0, 0.025])
    """
    power = 10.0 ** math.floor(math.log10((high - low) / most))
    step = next(one * power for one in (*steps, 10 * steps[-1]) if (high - low) / (one * power) <= most * (1 + 1e-9))
    first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
    return [round(i * step, 12) + 0.0 for i in range(first, last + 1)]


def round_ratios(low: float, high: float) -> list[float]:
    """1, 2 and 5 times powers of ten between two ends above 0.

    Examples
    --------
    >>> round_ratios(0.03, 0.7)
    [0.05, 0.1, 0.2, 0.5]
    """
    powers = range(math.floor(math.log10(low)), math.ceil(math.log10(high)) + 1)
    found = [round(step * 10.0**power, 12) for power in powers for step in (1, 2, 5)]
    return [value for value in found if low <= value * (1 + 1e-9) and value <= high * (1 + 1e-9)]


def labels_of(values: Sequence[float], form: Form, language: Language, *, signed: bool = False) -> list[str]:
    """Values as the language writes them, percentages of proportions, with as few digits as tell them apart.

    Examples
    --------
    >>> labels_of([0, 0.025, 0.05], "percent", "es"), labels_of([-0.1, 0, 0.1], "index", "en", signed=True)[2]
    (['0,0', '2,5', '5,0'], '+0.1')
    """
    scale = 100 if form == "percent" else 1
    step = min((abs(b - a) * scale for a, b in pairwise(values)), default=1.0)
    # Steps are 1, 2, 2.5 or 5 times a power of ten.
    digits = next((d for d in range(5) if math.isclose(step * 10**d, round(step * 10**d), rel_tol=1e-6)), 4)
    texts = [number(value * scale, language, 0 if form == "number" else digits) for value in values]
    return [
        f"+{text}" if signed and value > 0 and not text.startswith(MINUS) else text
        for value, text in zip(values, texts, strict=True)
    ]
