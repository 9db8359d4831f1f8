"""When an estimate may be published: rule sets as data, and their verdicts on whole columns of estimates.

Comes in: a rule set that `mpi.config` has read, and the metrics of each estimate. Goes out: a level for each, with
the rule that decided. Verdicts are flags: nothing is taken out of a table here, and disclosure is another matter.

A metric that is not known (no degrees of freedom, the CV of an estimate of 0, ...) makes a condition unknown in the
logic of the rule language. An unknown condition does not decide, but it is not passed over either: an estimate that
might have met an earlier rule gets at least the set's level `undecided`.

Every set has a floor below its rules: with few degrees of freedom, few sampled units, or no standard error above 0,
a small coefficient of variation is itself luck, and the level is `review` at least.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from mpi.columns import kleene
from mpi.columns.values import Ints, Mask, Number, Truth, Values
from mpi.errors import DataError, Fault, Place
from mpi.files.digests import ConfigFile
from mpi.language import phrase, translated
from mpi.language.catalogues import SOURCE, Language
from mpi.rules import Frame, Rule, RuleOverflow, evaluate, names
from mpi.vocabulary.options import RELIABILITY_LEVELS, STATISTIC_KINDS, ReliabilityLevel, StatisticKind

METRICS = ("estimate", "se", "cv", "log_cv", "n", "n_eff", "df", "n_poor", "deff", "ci_width", "ci_relative_width",
           "kg_width", "kg_relative_width", "psus", "population", "units")  # fmt: skip
FLOOR_METRICS = ("se", "df", "units")
NOBODY = -1  # of `fired`: no rule decided
UNDECIDED = -2  # of `fired`: a condition before the decision could not be known
NO_ERROR, FEW_DF, FEW_UNITS = -3, -4, -5  # of `fired`: the floor decided
BLOCK = 1 << 16  # estimates at once: their metrics stay in the processor's cache


@dataclass(frozen=True, slots=True)
class ReliabilityRule:
    """One rule: the level that estimates of some kinds get when its condition holds.

    Attributes
    ----------
    when : Rule
        The condition, over METRICS.
    of : tuple of str
        The kinds of statistics that the rule is about.
    says : mapping of str to str
        What it means, by language.
    """

    name: str
    when: Rule
    level: ReliabilityLevel
    of: tuple[StatisticKind, ...]
    says: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Floor:
    """What an estimate needs to be better than `review`, whatever the rules say.

    The default follows the 8 degrees of freedom that CEPAL's handbook and NCHS name, and the practice of INE Chile.

    Attributes
    ----------
    df : int
        The least degrees of freedom: those of the domain, also where others are asked for.
    units : int
        The least sampled units in the numerator and in the denominator.
    because : str
        Why a set requires less than the default; empty if it does not.
    """

    df: int = 8
    units: int = 10
    because: str = ""

    @property
    def loosened(self) -> bool:
        """Whether it requires less than the default."""
        return self.df < FLOOR.df or self.units < FLOOR.units


FLOOR = Floor()


@dataclass(frozen=True, slots=True, kw_only=True)
class Reliability:
    """A rule set: of the rules about an estimate's kind the first that holds decides; if none holds, publish.

    Attributes
    ----------
    rules : tuple of ReliabilityRule
        In the order of the file; none: figures are not judged.
    undecided : str
        The least level of an estimate for which a condition before the decision is unknown.
    floor : Floor
        Without rules there is none: figures are not judged.
    """

    name: str
    title: Mapping[str, str]
    source: Mapping[str, str]
    note: str
    rules: tuple[ReliabilityRule, ...]
    undecided: ReliabilityLevel
    place: Place
    files: tuple[ConfigFile, ...] = field(default=(), compare=False, repr=False)
    floor: Floor = FLOOR

    def says(self, rule: str) -> Mapping[str, str]:
        """What a rule of the set or of its floor means, by language; its name is in the column `reliability_rule`.

        Raises
        ------
        KeyError
            If the set has no such rule.
        """
        own = {one.name: one.says for one in self.rules}
        return own[rule] if rule in own else _of_no_rule(self)[rule]


@dataclass(frozen=True, slots=True, eq=False)
class Verdicts:
    """The results of a rule set for r estimates.

    Attributes
    ----------
    level : int64, shape (r,)
        Position in `levels`; -1 where not judged: the estimate is null, or no rule applies to its kind.
    fired : int64, shape (r,)
        Place in `reasons`: of the rule that decided; -1 if none did; -2 if an unknown condition did; -3 to -5 if the
        floor did: no standard error above 0, few degrees of freedom, few units.
    levels : tuple of str
        From mild to severe.
    names : tuple of str
        Name of each rule, then of -5 to -1; empty for -1.
    reasons : tuple of str
        English texts likewise. Empty for rules that publish: there is nothing to explain.
    """

    level: Ints
    fired: Ints
    levels: tuple[str, ...]
    names: tuple[str, ...]
    reasons: tuple[str, ...]


def judge(reliability: Reliability, metrics: Mapping[str, NDArray[np.float64]], kinds: Ints) -> Verdicts:
    """The verdicts of a rule set on r estimates.

    Parameters
    ----------
    reliability : Reliability
        The rule set.
    metrics : mapping of str to float64, shape (r,) each
        The estimates, FLOOR_METRICS, and at least the METRICS that the rules read; what is NaN or infinite is unknown.
        `units` are the sampled units that an estimate rests on: those of its numerator or denominator, the fewer.
    kinds : int64, shape (r,)
        Place of each estimate's kind in STATISTIC_KINDS.

    Raises
    ------
    ValueError
        If a metric is missing, columns differ in length, or a code is not a kind.
    DataError
        If a rule's arithmetic overflows.
    """
    read = metrics_read(reliability)
    _check_columns(metrics, read, kinds)
    level, fired = np.full(len(kinds), NOBODY, np.int64), np.full(len(kinds), NOBODY, np.int64)
    for start in range(0, len(kinds) if reliability.rules else 0, BLOCK):
        rows = slice(start, start + BLOCK)
        columns: dict[str, Values] = {name: _number(metrics[name][rows]) for name in read}
        known = np.isfinite(metrics["estimate"][rows])
        level[rows], fired[rows] = _judge_block(reliability, columns, kinds[rows], known)
        _raise_to_floor(
            reliability.floor, {name: metrics[name][rows] for name in FLOOR_METRICS}, level[rows], fired[rows]
        )
    undecided = _of_no_rule(reliability)
    names = (*(rule.name for rule in reliability.rules), *undecided, "")
    return Verdicts(level, fired, RELIABILITY_LEVELS, names, reasons_in(reliability, SOURCE))


def _raise_to_floor(floor: Floor, metrics: Mapping[str, NDArray[np.float64]], level: Ints, fired: Ints) -> None:
    """Set levels better than `review` to `review` below the floor, in place; unknown values are below it."""
    least = RELIABILITY_LEVELS.index("review")
    below = {
        NO_ERROR: ~(metrics["se"] > 0),
        FEW_DF: ~(metrics["df"] >= floor.df),
        FEW_UNITS: ~(metrics["units"] >= floor.units),
    }
    for code, low in below.items():
        raised = low & (level >= 0) & (level < least)
        level[raised], fired[raised] = least, code


def _judge_block(reliability: Reliability, columns: dict[str, Values], kinds: Ints, known: Mask) -> tuple[Ints, Ints]:
    """Level and fired of one block, as in `Verdicts`; `known` is true where there is an estimate."""
    level, fired = np.full(len(kinds), NOBODY, np.int64), np.full(len(kinds), NOBODY, np.int64)
    frame = Frame(np.ones(len(kinds), np.int64), {}, columns)
    about = [np.isin(STATISTIC_KINDS, rule.of)[kinds] for rule in reliability.rules]
    left = known & np.logical_or.reduce(about)
    level[left] = RELIABILITY_LEVELS.index("publish")
    unsure = np.zeros(len(kinds), np.bool_)
    for place, rule in enumerate(reliability.rules):
        holds = _condition(rule, frame)
        asked = left & about[place]
        decided = asked & holds.true
        if holds.known is not None:
            unsure |= asked & ~holds.known
        level[decided] = RELIABILITY_LEVELS.index(rule.level)
        fired[decided] = place
        left &= ~decided
    raised = unsure & (level < RELIABILITY_LEVELS.index(reliability.undecided))
    level[raised] = RELIABILITY_LEVELS.index(reliability.undecided)
    fired[raised] = UNDECIDED
    return level, fired


def _condition(rule: ReliabilityRule, frame: Frame) -> Truth:
    try:
        return kleene.as_truth(evaluate(rule.when.expression, frame, "household"))
    except RuleOverflow as error:
        place = rule.when.origin.at(0)
        text = phrase("{name}: {error}", name=rule.name, error=error)
        raise DataError(Fault("MPI-D040", place, text, phrase("divide before you multiply"))) from None


def metrics_read(reliability: Reliability) -> tuple[str, ...]:
    """The metrics that the rules of a set read."""
    return tuple(dict.fromkeys(name for rule in reliability.rules for name in names(rule.when.expression)))


def _check_columns(metrics: Mapping[str, NDArray[np.float64]], read: Sequence[str], kinds: Ints) -> None:
    for name in ("estimate", *FLOOR_METRICS, *read):
        if name not in metrics:
            raise ValueError(f"the rules read {name!r}, which is not among the metrics: {', '.join(metrics)}")
        if metrics[name].shape != kinds.shape:
            raise ValueError(f"{name!r} has shape {metrics[name].shape}, the kinds {kinds.shape}")
    if len(kinds) and not 0 <= kinds.min() <= kinds.max() < len(STATISTIC_KINDS):
        raise ValueError(
            f"codes of kinds lie from {kinds.min()} to {kinds.max()}, not from 0 to {len(STATISTIC_KINDS) - 1}"
        )


def _number(values: NDArray[np.float64]) -> Number:
    known = np.isfinite(values)
    return Number(values) if known.all() else Number(np.where(known, values, 0.0), known)


def _of_no_rule(reliability: Reliability) -> dict[str, Mapping[str, str]]:
    """The texts where no rule of the set decided, by name and language; in the order of `fired`, from -5 to -2."""
    floor = reliability.floor
    return {
        "floor_units": translated(
            "fewer than {least} sampled units in the numerator or denominator", least=floor.units
        ),
        "floor_df": translated("fewer than {least} degrees of freedom", least=floor.df),
        "floor_error": translated("no standard error above 0 is known"),
        "undecided": translated("a figure that the rules need is not known"),
    }


def reasons_in(reliability: Reliability, language: Language) -> tuple[str, ...]:
    """Texts in a language that `fired` indexes, also with its negative codes; empty where nothing is to be said."""
    rule_texts = [
        "" if rule.level == "publish" else f"{reliability.name}: {_said(rule.says, language) or rule.name}"
        for rule in reliability.rules
    ]
    others = [f"{reliability.name}: {says[language]}" for says in _of_no_rule(reliability).values()]
    return (*rule_texts, *others, "")


def _said(says: Mapping[str, str], language: Language) -> str:
    return says.get(language) or says.get("") or says.get(SOURCE) or next(iter(says.values()), "")
