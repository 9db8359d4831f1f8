"""Charts of a publication: matplotlib drawings of publishable figures.

Every chart takes the tidy table, draws into axes of its own or given ones, and gives them back.
"""

from mpi.charts.changes import changes_forest
from mpi.charts.cutoffs import k_curves, rank_heatmap
from mpi.charts.domains import incidence_intensity, ranked, sheet
from mpi.charts.indicators import censored_headcounts, contributions, indicator_heatmap
from mpi.charts.marks import explained
from mpi.charts.rounds import series, series_panels, slopes
from mpi.charts.shapley import shapley
from mpi.charts.spread import bundle_matrix, co_deprivation_triangle, score_bars
from mpi.drawing.canvas import picture, svg_text

__all__ = [
    "bundle_matrix",
    "censored_headcounts",
    "changes_forest",
    "co_deprivation_triangle",
    "contributions",
    "explained",
    "incidence_intensity",
    "indicator_heatmap",
    "k_curves",
    "picture",
    "rank_heatmap",
    "ranked",
    "score_bars",
    "series",
    "series_panels",
    "shapley",
    "sheet",
    "slopes",
    "svg_text",
]  # fmt: skip
