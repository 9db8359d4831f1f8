"""The series of indicator 1.2.2 of the Sustainable Development Goals in the global database.

References
----------
United Nations, SDG indicator metadata 1.2.2 (2023).
"""

from __future__ import annotations

from collections.abc import Mapping

# By statistic and by what is counted; the proportion in poverty, and the mean share of deprivations of the poor.
SERIES: Mapping[tuple[str, str], str] = {
    ("H", "persons"): "SD_MDP_MUHC",
    ("H", "households"): "SD_MDP_MUHHC",
    ("A", "persons"): "SD_MDP_ANDI",
    ("A", "households"): "SD_MDP_ANDIHH",
}
# The proportion of children in child-specific poverty: H of persons of a measure of children.
OF_CHILDREN: Mapping[tuple[str, str], str] = {("H", "persons"): "SD_MDP_CSMP"}
UNDER_18 = "Y0T17"  # the code of their age
CHILDREN = "children"  # the kind of such a measure


def series_of(kind: str) -> Mapping[tuple[str, str], str]:
    """The series that a measure of a kind has, by statistic and by what is counted."""
    return OF_CHILDREN if kind == CHILDREN else SERIES
