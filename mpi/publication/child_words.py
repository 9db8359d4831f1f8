"""What the figures of children are called in publications, and which statistic each is written like."""

from __future__ import annotations

from collections.abc import Mapping

from mpi.language import translated
from mpi.vocabulary.options import Titles

CHILD_WORDS: Mapping[str, Titles] = {
    "children": translated("Children"),
    "children_poor": translated("Poor children"),
    "child_poverty": translated("Children who are poor, %"),
    "deprived_children": translated("Children deprived themselves"),
    "deprived_share": translated("Deprived themselves, %"),
    "with_spared": translated("With a sibling who is not deprived, %"),
    "siblings_deprived": translated("All siblings deprived, %"),
    "without_siblings": translated("Without siblings of these ages, %"),
    "in_poor": translated("Deprived in poor households"),
    "in_not_poor": translated("Deprived in households that are not poor"),
    "share_in_not_poor": translated("In households that are not poor, %"),
    "rate_poor": translated("Deprived among poor children, %"),
    "rate_not_poor": translated("Deprived among other children, %"),
    "rate_girls": translated("Girls deprived, %"),
    "rate_boys": translated("Boys deprived, %"),
    "gap": translated("Girls less boys"),
    "rate_girls_within": translated("Girls deprived, beside boys, %"),
    "rate_boys_within": translated("Boys deprived, beside girls, %"),
    "gap_within": translated("Girls less boys of the same households"),
    "pioneers": translated("Pioneer children"),
    "pioneer_share": translated("Pioneers among children of adults without this schooling, %"),
    "pioneers_poor": translated("Pioneers who are poor, %"),
    "without_adults": translated("Children in households without adults"),
}
CHILD_LIKE: Mapping[str, str] = {
    **dict.fromkeys(
        ("children", "children_poor", "deprived_children", "in_poor", "in_not_poor", "pioneers", "without_adults"),
        "poor",
    ),
    **dict.fromkeys(
        (
            "child_poverty", "deprived_share", "with_spared", "siblings_deprived", "without_siblings",
            "share_in_not_poor", "rate_poor", "rate_not_poor", "rate_girls", "rate_boys", "rate_girls_within",
            "rate_boys_within", "pioneer_share", "pioneers_poor",
        ),
        "H",
    ),
}  # fmt: skip
