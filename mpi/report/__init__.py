"""The report in any language: one HTML file without scripts or outside parts, a PDF with tags, a DOCX to edit.

Comes in: a publication. Goes out: the text of the page, the bytes of the file. It sees publishable figures only.
"""

from mpi.report.document import report_docx
from mpi.report.issue import Provenance
from mpi.report.printing import report_pdf
from mpi.report.rendering import report_html

__all__ = ["Provenance", "report_docx", "report_html", "report_pdf"]
