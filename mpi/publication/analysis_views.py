"""The tables of each analysis that a report shows: which figures, of what; the first gives sentence and chart."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from mpi.language import translated
from mpi.vocabulary.options import Titles


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """A table of the report: figures in columns, what they are of in rows.

    Attributes
    ----------
    title : mapping of str to str
    figures : tuple of str
        The first is that of the sentence and the chart.
    row : tuple of str
        Columns of the analysis that name a row.
    where : mapping of str to str
        Other columns, and what they are.
    without : tuple of str
        Names of rows that are left out: what adds others up.
    most : int
        Of many rows those with the largest first figures; 0: all, in their order.
    parts : bool
        The first figures of all rows are shares that add up to 1.
    lacks : tuple of str
        Columns that its rows do not have.
    between : str
        What stands between the names of a row that has several.
    """

    title: Titles
    figures: tuple[str, ...]
    row: tuple[str, ...]
    where: Mapping[str, str] = field(default_factory=dict)
    without: tuple[str, ...] = ()
    most: int = 0
    parts: bool = False
    lacks: tuple[str, ...] = ()
    between: str = " + "


PLACE = "place"  # a column of views whose rows are groups: their names
PAIR = " \u2013 "  # two groups that are compared
# How the figures of expressions are written, each in a table of its own.
DERIVED_VIEWS = tuple(
    View(title=translated("Derived figures"), figures=(f"derived_{form}",), row=("expression",))
    for form in ("share", "number", "index")
)
LINES = View(title=translated("Relative income lines"), figures=("line",), row=("line", "area"))
VIEWS: Mapping[str, tuple[View, ...]] = {
    "bands": (
        View(
            title=translated("Bands of the deprivation score"),
            figures=("share", "number", "mean_score"),
            row=("band", "scores"),
            without=("poor", "everyone"),
            parts=True,
        ),
    ),
    "numbers": (
        View(
            title=translated("Deprived, and poor and deprived, by indicator"),
            figures=("poor_and_deprived", "deprived", "among_poor", "among_not_poor"),
            row=("indicator",),
        ),
    ),
    "redundancy": (
        View(
            title=translated("Pairs of deprivations that come together most"),
            figures=("R0", "joint", "cramers_v"),
            row=("first", "second"),
            where={"level": "indicator", "censored": "no"},
            most=12,
        ),
    ),
    "bundles": (
        View(
            title=translated("Commonest sets of deprivations of the poor"),
            figures=("of_poor", "share", "number"),
            row=("bundle",),
        ),
    ),
    "overlap": (
        View(
            title=translated("Number of dimensions with deprivations"),
            figures=("exactly", "at_least"),
            row=("dimensions",),
        ),
        View(
            title=translated("Dimensions with deprivations at once"),
            figures=("exactly_these", "intersection", "union"),
            row=("sets",),
            most=12,
        ),
    ),
    "classes": (
        View(
            title=translated("Classes of the measure"),
            figures=("share", "number", "mean_score"),
            row=("class",),
            parts=True,
        ),
        LINES,
    ),
    "crossing": (
        View(
            title=translated("Multidimensional and income poverty"),
            figures=("share", "number"),
            row=("group",),
            without=("multidimensional", "income", "either"),
            parts=True,
        ),
        View(
            title=translated("The poor whom each measure misses, by cutoff"),
            figures=("missed_by_income", "missed_by_multidimensional"),
            row=("k",),
        ),
        LINES,
    ),
    "coverage": (
        View(
            title=translated("Who is reached by each programme"),
            figures=("coverage", "undercoverage", "leakage", "targeting_differential", "cgh"),
            row=("programme",),
        ),
        View(
            title=translated("Recipients, and the poor who are not reached"),
            figures=("recipients", "recipients_poor", "recipients_not_poor", "poor_not_reached"),
            row=("programme",),
        ),
    ),
    "programmes": (
        View(
            title=translated("How many programmes units receive"),
            figures=("exactly",),
            row=("group", "programmes"),
            between=", ",
        ),
    ),
    "children": (
        View(
            title=translated("Children deprived themselves, in poor and other households"),
            figures=("deprived_share", "in_poor", "in_not_poor", "share_in_not_poor", "with_spared"),
            row=("indicator",),
        ),
    ),
    "agreement": (
        View(
            title=translated("Poor by both measures, by one alone, by neither"),
            figures=("share", "number"),
            row=("group", "other"),
            without=("first", "second"),
            parts=True,
        ),
        View(
            title=translated("Poor by each measure"),
            figures=("share", "number", "M0", "A", "also_poor"),
            row=("group", "other"),
            without=("both", "only_first", "only_second", "neither"),
        ),
        View(
            title=translated("The second measure less the first, on the same units"),
            figures=("difference_H", "difference_M0", "difference_A", "agree", "kappa", "unjudged"),
            row=("other",),
        ),
        View(
            title=translated("Deprived in indicators that both measures have"),
            figures=("deprived_first", "deprived_second", "deprived_only_first", "deprived_only_second"),
            row=("indicator", "other"),
        ),
    ),
    "destitution": (
        View(
            title=translated("Destitute, poor and not destitute, not poor"),
            figures=("share",),
            row=("group", "other"),
            parts=True,
        ),
        View(
            title=translated("Destitution beside poverty"),
            figures=("H", "H_D", "ratio_H", "M0", "M0_D", "ratio_M0", "outside", "unjudged"),
            row=("other",),
            lacks=("indicator", "group"),
        ),
        View(
            title=translated("Deprived by the rules of the measure and by the deeper ones"),
            figures=("deprived_first", "deprived_second", "ratio_deprived", "outside"),
            row=("indicator", "other"),
        ),
    ),
    "inequality": (
        View(
            title=translated("Inequality among the poor, by cutoff"),
            figures=("inequality_poor", "mean_square_poor"),
            row=("k",),
        ),
        View(
            title=translated("Inequality among the poor, within and between groups"),
            figures=("within", "between", "between_share"),
            row=("groups",),
        ),
    ),
    "gaps": (
        View(
            title=translated("Average gap of the poor, by indicator"),
            figures=("average_gap", "contribution", "share"),
            row=("indicator",),
            where={"alpha": "1"},
        ),
        View(title=translated("M-alpha by its power"), figures=("M_alpha",), row=("alpha",)),
    ),
    "supply": (
        View(
            title=translated("Places lacking"),
            figures=("places_lacking", "supply", "supply_ratio"),
            row=(PLACE, "indicator"),
            most=33,
            between=", ",
        ),
        View(title=translated("Those who need a place"), figures=("poor_and_deprived", "deprived"), row=("indicator",)),
    ),
    "decomposition": (
        View(
            title=translated("What the change of each indicator adds to that of M0"),
            figures=("contribution", "shapley_M0", "shapley_H"),
            row=("indicator",),
        ),
        View(
            title=translated("Change of M0 by incidence and intensity"),
            figures=("change_M0", "incidence", "intensity", "interaction"),
            row=("k",),
        ),
        View(
            title=translated("Change in the number of poor by rate and population"),
            figures=("change_poor", "rate", "population"),
            row=("k",),
        ),
        View(
            title=translated("Change of M0 within groups, and by their shares of the population"),
            figures=("within", "within_incidence", "within_intensity", "demographic"),
            row=("groups",),
        ),
    ),
    "robustness": (
        View(
            title=translated("Orders of groups that are kept"),
            figures=("kept_share", "kept_significantly_share", "tau_b", "spearman"),
            row=("alternative",),
            without=("baseline",),
        ),
        View(
            title=translated("Pairs whose order turns most often"),
            figures=("turned", "difference"),
            row=("first", "second"),
            most=12,
            between=PAIR,
        ),
    ),
    "dominance": (
        View(title=translated("Pairs of groups by dominance"), figures=("pair_share",), row=("verdict",)),
        View(
            title=translated("Pairs in which the first is surely the poorer at every cutoff"),
            figures=("least_t",),
            row=("first", "second"),
            where={"verdict": "significant"},
            most=12,
            between=PAIR,
        ),
    ),
    "weights": (
        View(
            title=translated("Figures of groups under drawn weights"),
            figures=("median", "p5", "p95", "own"),
            row=("first",),
        ),
        View(
            title=translated("Pairs whose order rests most on the weights"),
            figures=("contested", "first_higher", "second_higher"),
            row=("first", "second"),
            most=12,
            between=PAIR,
        ),
    ),
    "orders": (
        View(
            title=translated("Pairs whose order rests most on the weights"),
            figures=("turned", "holds_low", "holds_high"),
            row=("first", "second"),
            most=12,
            between=PAIR,
        ),
        View(
            title=translated("Distances of the weights from the nearest that turn an order"),
            figures=("nearest",),
            row=("first", "second"),
            most=12,
            between=PAIR,
        ),
    ),
}
