"""A target in words: whether a figure has met it, whether it is on the way, and how fast it goes."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from mpi.claims.numbers import MOST_DIGITS, Number, percent, written
from mpi.disclosure.figures import Figure
from mpi.language import Phrase, joined, phrase, template
from mpi.language.phrases import Sayable
from mpi.vocabulary.options import Direction, TargetPath, Verdict
from mpi.vocabulary.statistics import Form
from mpi.vocabulary.wording import digits_of, form_of

# By what the target asks.
ASKED: Mapping[Direction, str] = {
    "at_most": template("Target for {by}: at most {value}"),
    "at_least": template("Target for {by}: at least {value}"),
}
STATES: Mapping[str, str] = {
    "met": template("{target}: met."),
    "on_track": template("{target}: not met yet, on track."),
    "off_track": template("{target}: off track."),
    "missed": template("{target}: not met."),
    "cannot_tell": template("{target}: the sample does not tell whether it is on track."),
    "due": template("{target}: the sample does not tell whether it is met."),
    "no_baseline": template("{target}: not shown to be met; without a baseline there is no path to compare with."),
    "none": template("{target}: there is no figure that tells."),
}

SIGNS: Mapping[str, str] = {
    "met": "\u2713", "on_track": "\u25c6", "off_track": "\u2717", "cannot_tell": "\u2248", "none": "?",
}  # fmt: skip
# The same in a few words, beside a sign.
LABELS: Mapping[str, str] = {
    "met": template("Met", context="target"),
    "on_track": template("On track", context="target"),
    "off_track": template("Off track", context="target"),
    "missed": template("Not met", context="target"),
    "cannot_tell": template("The sample does not tell", context="target"),
    "due": template("The sample does not tell", context="target"),
    "no_baseline": template("No baseline to judge by", context="target"),
    "none": template("No figure that tells", context="target"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Aim:
    """A figure and its target, as publications tell of them.

    Attributes
    ----------
    statistic : str
    figure : Figure
        Of the state.
    by : str
        The target year, as written.
    value : float or None
        The target; None where it is half of what is not shown.
    direction, path, verdict
        As in `mpi.targets.table.Progress`; without a figure there is no verdict.
    halves : bool
        Whether it is half of the baseline.
    based : bool
        Whether there is a baseline.
    due : bool
        Whether the target year has come.
    yearly, low, high : float or None
        The observed change a year, and its interval.
    needed : float or None
        The needed change a year.
    projection, projection_low, projection_high, reached : float or None
    """

    statistic: str
    figure: Figure
    by: str
    value: float | None
    direction: Direction = "at_most"
    path: TargetPath = "linear"
    verdict: Verdict | None = None
    halves: bool = False
    based: bool = True
    due: bool = False
    yearly: float | None = None
    low: float | None = None
    high: float | None = None
    needed: float | None = None
    projection: float | None = None
    projection_low: float | None = None
    projection_high: float | None = None
    reached: float | None = None


def target_text(aim: Aim) -> Phrase:
    """A target and the verdict on it, in a sentence."""
    return phrase(STATES[state_of(aim)], target=asked_text(aim))


def label_text(aim: Aim) -> Phrase:
    """The verdict in a few words."""
    return phrase(LABELS[state_of(aim)], context="target")


def state_of(aim: Aim) -> str:
    """Which sentence tells of it: a key of `STATES`."""
    if aim.verdict is None:
        return "none"
    if aim.verdict == "off_track" and aim.due:
        return "missed"
    if aim.verdict == "cannot_tell":
        return "due" if aim.due else "cannot_tell" if aim.based else "no_baseline"
    return aim.verdict


def asked_text(aim: Aim) -> Phrase:
    """What the target asks: a number by a year."""
    value: Sayable = joined(["?"]) if aim.value is None else value_text(aim.statistic, aim.value)
    if aim.halves:
        half = (
            phrase("half of the baseline")
            if aim.value is None
            else phrase("{value}, half of the baseline", value=value)
        )
        return phrase(ASKED[aim.direction], by=aim.by, value=half)
    return phrase(ASKED[aim.direction], by=aim.by, value=value)


def verdict_signs(verdict: Verdict | None) -> str:
    """The sign of a verdict: its shape tells it without colour."""
    return SIGNS[verdict or "none"]


def value_text(statistic: str, value: float) -> Sayable:
    """A number of a statistic with its unit."""
    form, digits = form_of(statistic), digits_of(statistic)
    return percent(value, digits) if form == "percent" else written(value, form, digits)


def pace_text(aim: Aim) -> Phrase:
    """How fast the figure moved, and how fast it would have to; nothing where that is not known, or of log odds."""
    if aim.yearly is None or aim.path == "logistic" or aim.verdict is None:
        return joined([])
    observed = _signed(aim, aim.yearly)
    if aim.needed is None or aim.due or aim.verdict == "met":
        return phrase("{observed} a year.", observed=observed)
    return phrase("{observed} a year; needed from now: {needed}.", observed=observed, needed=_signed(aim, aim.needed))


def outlook_text(aim: Aim) -> Phrase:
    """Where it leads if it goes on so; nothing where that is not known, or the target is met or due.

    A straight line knows no bounds: what no figure can be is told as the last that it can.
    """
    if aim.projection is None or aim.due or aim.verdict in (None, "met"):
        return joined([])
    value = value_text(aim.statistic, _bounded(aim, aim.projection))
    ends = joined([])
    if aim.projection_low is not None and aim.projection_high is not None:
        form, digits = form_of(aim.statistic), digits_of(aim.statistic)
        low, high = (written(_bounded(aim, end), form, digits) for end in (aim.projection_low, aim.projection_high))
        ends = phrase(" ({low} to {high})", low=low, high=high)
    return phrase("If it goes on so: {value}{ends} in {by}.", value=value, ends=ends, by=aim.by)


def _bounded(aim: Aim, value: float) -> float:
    most = math.inf if form_of(aim.statistic) == "number" else 1.0
    return min(max(value, 0.0), most)


def _signed(aim: Aim, size: float) -> Sayable:
    """A change a year with its sign, with so many digits that it does not read as 0."""
    relative = aim.path == "constant_rate"
    form: Form = "percent" if relative else form_of(aim.statistic)
    digits = 1 if relative else digits_of(aim.statistic)
    for _ in range(MOST_DIGITS):
        if size == 0 or any(digit in "123456789" for digit in written(size, form, digits).to("en")):
            break
        digits += 1
    plus = "+" if size > 0 else ""
    if form == "percent" and not relative:
        return phrase("{sign}{change} pp", sign=plus, change=written(size, form, digits))
    return phrase(
        "{sign}{change}", sign=plus, change=percent(size, digits) if relative else written(size, form, digits)
    )


def tally_of_verdicts(counts: Mapping[Verdict, int], none: int) -> Phrase:
    """How many targets have each verdict."""
    parts: list[Phrase] = []
    for verdict, text in TALLY.items():
        if counts.get(verdict):
            parts.append(phrase(text, number=Number(counts[verdict])))
    if none:
        parts.append(phrase("without a figure: {number}", number=Number(none)))
    return phrase("Targets: {parts}.", parts=joined(parts, "; "))


TALLY: Mapping[Verdict, str] = {
    "met": template("met: {number}"),
    "on_track": template("on track: {number}"),
    "off_track": template("off track: {number}"),
    "cannot_tell": template("cannot be told: {number}"),
}
