"""What every analysis is called that a publication can show: those of one round, rankings, changes, own figures."""

from __future__ import annotations

from collections.abc import Mapping

from mpi.analysis.analysing import ANALYSES
from mpi.language import translated
from mpi.vocabulary.options import Titles

DERIVED = "derived"  # the figures of `derive:` of a study
ANALYSIS_TITLES: Mapping[str, Titles] = {
    **{name: one.title for name, one in ANALYSES.items()},
    "robustness": translated("Ranking under other cutoffs, weights and indicators"),
    "dominance": translated("Dominance at every cutoff"),
    "weights": translated("Ranking under drawn weights"),
    "orders": translated("Ranking under all weights"),
    "decomposition": translated("What the change is made up of"),
    "supply": translated("Places offered and those who need them"),
    DERIVED: translated("Derived figures"),
}
