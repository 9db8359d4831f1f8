"""A target in words: whether a figure has reached it, which a sample does not always tell."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, TypeAlias

from mpi.claims.numbers import written
from mpi.claims.ranking import rankable
from mpi.disclosure.figures import Figure
from mpi.language import Phrase, phrase, template
from mpi.vocabulary.wording import digits_of, form_of

Reached: TypeAlias = Literal["reached", "missed", "unsure", "unknown"]
WORDS: Mapping[Reached, str] = {
    "reached": template("Target for {by}, {value}: reached."),
    "missed": template("Target for {by}, {value}: not reached yet."),
    "unsure": template("Target for {by}, {value}: the sample does not tell whether it is reached."),
    "unknown": template("Target for {by}, {value}: there is no figure that tells."),
}


def reached(figure: Figure, target: float, *, census: bool) -> Reached:
    """Whether a figure is at most its target, by its confidence interval; the figure itself in a census.

    Parameters
    ----------
    figure : Figure
    target : float
        A proportion.
    census : bool
        Whether there is no sampling error.

    Examples
    --------
    >>> one = Figure(value=0.1, low=0.09, high=0.12, standing="shown", df=40)
    >>> [reached(one, target, census=False) for target in (0.08, 0.11, 0.13)]
    ['missed', 'unsure', 'reached']
    """
    if figure.value is None:
        return "unknown"
    if census:
        return "reached" if figure.value <= target else "missed"
    if not rankable(figure, census=False) or figure.low is None or figure.high is None:
        return "unsure"
    if figure.high <= target:
        return "reached"
    return "missed" if figure.low > target else "unsure"


def target_text(statistic: str, figure: Figure, target: float, by: str, *, census: bool) -> Phrase:
    """A target and its state, in a sentence."""
    form = form_of(statistic)
    number = written(target, form, digits_of(statistic))
    value = phrase("{number}%", number=number) if form == "percent" else phrase("{number}", number=number)
    return phrase(WORDS[reached(figure, target, census=census)], by=by, value=value)
