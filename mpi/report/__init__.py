"""The report: one HTML file without scripts or outside parts, to be read on a screen or printed, in any language.

Comes in: a publication. Goes out: the text of the page. It sees publishable figures only.
"""

from mpi.report.issue import Provenance
from mpi.report.rendering import report_html

__all__ = ["Provenance", "report_html"]
