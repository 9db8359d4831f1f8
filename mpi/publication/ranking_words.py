"""The words of publications for figures of rankings, of changes in parts and of expressions."""

from __future__ import annotations

from collections.abc import Mapping

from mpi.language import template, translated
from mpi.vocabulary.options import Titles

RANKING_WORDS: Mapping[str, Titles] = {
    "of_poor": translated("Of the poor, %"),
    "within": translated("Within groups"),
    "between": translated("Between groups"),
    "between_share": translated("Share between groups, %"),
    "change_M0": translated("Change of M0"),
    "incidence": translated("By incidence"),
    "intensity": translated("By intensity"),
    "interaction": translated("Interaction of both"),
    "change_H": translated("Change of H"),
    "change_poor": translated("Change in the number of poor"),
    "rate": translated("By the rate"),
    "population": translated("By the population"),
    "shapley_H": translated("Shapley value of H"),
    "shapley_M0": translated("Shapley value of M0"),
    "within_incidence": translated("Within, by incidence"),
    "within_intensity": translated("Within, by intensity"),
    "demographic": translated("By shares of the population"),
    "kept_share": translated("Pairs that keep their order, %"),
    "kept_significantly_share": translated("Significant pairs that stay so, %"),
    "tau_b": translated("Kendall's tau-b"),
    "spearman": translated("Spearman's rank correlation"),
    "difference": translated("Difference", context="of two groups"),
    "turned": translated("Share in which the order turns, %"),
    "pair_share": translated("Of all pairs, %"),
    "least_t": translated("Least t"),
    "median": translated("Median", context="of draws"),
    "p5": translated("5th percentile"),
    "p95": translated("95th percentile"),
    "own": translated("With the measure's weights"),
    "first_higher": translated("First is poorer, %"),
    "second_higher": translated("Second is poorer, %"),
    "equal": translated("Both are equal, %"),
    "contested": translated("Against the more frequent order, %"),
    "holds": translated("Order holds, %"),
    "holds_low": translated("Order holds in at least, %"),
    "holds_high": translated("Order holds in at most, %"),
    "nearest": translated("Distance of the weights"),
    "derived_share": translated("Value, %"),
    "derived_number": translated("Value"),
    "derived_index": translated("Value"),
}
RANKING_SHARES = (
    "of_poor", "between_share", "kept_share", "kept_significantly_share", "turned", "pair_share", "first_higher",
    "second_higher", "equal", "contested", "holds", "holds_low", "holds_high", "derived_share", "change_H", "shapley_H",
)  # fmt: skip
CHANGES = (  # of M0 or an inequality: small, so with more digits
    "change_M0", "incidence", "intensity", "interaction", "contribution", "shapley_M0", "within", "between",
    "within_incidence", "within_intensity", "demographic",
)  # fmt: skip
VERDICT_WORDS: Mapping[str, Titles] = {
    "significant": translated("one is never less poor, significantly"),
    "not_significant": translated("one is never less poor, not significantly"),
    "neither": translated("neither is, at every cutoff"),
}
# What an alternative is, by the word that its name begins with; `baseline` alone has no value.
ALTERNATIVES: Mapping[str, str] = {
    "baseline": template("as in the measure"),
    "k": template("k = {value}"),
    "weights": template("weights: {value}"),
    "without": template("without {value}"),
    "missing": template("unknowns: {value}"),
}
