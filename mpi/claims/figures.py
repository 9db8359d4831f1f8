"""Figures as a sentence or a cell takes them: one estimate or one change, with its interval and its standing."""

from __future__ import annotations

from dataclasses import dataclass

NOBODY = "no unit"  # the note of the figures of a group without a sampled unit


@dataclass(frozen=True, slots=True)
class Estimate:
    """One estimate as it may be shown: proportions, not percentages; None where there is no number.

    Attributes
    ----------
    standing : str
        One of `mpi.disclosure.publishable.STANDINGS`.
    n, psus, df : int or None
        Unweighted units, primary sampling units, degrees of freedom.
    hidden_by : str or None
        The rule that hides it: one of the disclosure rules, or `precision`.
    note : str or None
        Why there is no number.
    """

    value: float | None = None
    low: float | None = None
    high: float | None = None
    standing: str = "undefined"
    cv: float | None = None
    n: int | None = None
    psus: int | None = None
    df: int | None = None
    deff: float | None = None
    population: float | None = None
    hidden_by: str | None = None
    note: str | None = None

    @property
    def interval(self) -> bool:
        """Whether it has a confidence interval."""
        return self.low is not None and self.high is not None

    @property
    def nobody(self) -> bool:
        """Whether it has no figure since nobody of its group is in the sample."""
        return self.standing == "undefined" and (self.note or "").startswith(NOBODY)


@dataclass(frozen=True, slots=True)
class Change:
    """A change between two rounds as it may be shown.

    Attributes
    ----------
    p : float or None
        Of the test that nothing changed, after the study's correction for several tests.
    before, after : float or None
        The estimates of both rounds.
    hidden_by : str or None
        The rule that hides it: one of the disclosure rules, or `precision`.
    """

    value: float | None = None
    low: float | None = None
    high: float | None = None
    standing: str = "undefined"
    p: float | None = None
    before: float | None = None
    after: float | None = None
    hidden_by: str | None = None

    def significant(self, level: float) -> bool | None:
        """Whether the change differs from 0 at a confidence level; None where that is not known."""
        if self.value is None:
            return None
        if self.p is not None:
            return self.p < 1 - level
        if self.low is None or self.high is None:
            return None
        return self.low > 0 or self.high < 0
