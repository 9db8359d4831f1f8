"""The report as a tagged PDF (PDF/UA-1): headings, tables and pictures that screen readers know, bookmarks, language.

Comes in: a publication in one language. Goes out: the bytes of a file, the same for the same publication and fonts.
WeasyPrint lays out the page of `rendering` with its rules for print: a tenth of the size of what a browser prints, and
the same bytes again. It needs Pango, a library of the system, so it is an extra of its own.
"""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Any

from mpi.drawing.fonts import font_file
from mpi.errors.omissions import unmade
from mpi.publication.model import Publication
from mpi.report.rendering import page_text
from mpi.vocabulary.wording import Language


def report_pdf(publication: Publication, language: Language, **beside: Any) -> bytes:
    """The report of a publication as a PDF file.

    Parameters
    ----------
    publication : Publication
    language : one of `mpi.language.LANGUAGES`
    **beside
        As `mpi.report.rendering.report_html`.

    Raises
    ------
    UnmadeError
        If WeasyPrint or Pango is not installed.
    """
    printer = _printer()
    from weasyprint.urls import URLFetcher

    fonts = printer.text.fonts.FontConfiguration()
    styles = [printer.CSS(string=_letters(), font_config=fonts, url_fetcher=URLFetcher(allowed_protocols=("file",)))]
    page = printer.HTML(
        string=page_text(publication, language, paper=True, **beside),
        url_fetcher=URLFetcher(allowed_protocols=("data",)),  # nothing but what the page itself carries
    )
    written: bytes = page.write_pdf(stylesheets=styles, font_config=fonts, pdf_variant="pdf/ua-1")
    return written


def _printer() -> Any:
    """The package WeasyPrint, which is quiet about rules that are for screens."""
    logging.getLogger("weasyprint").setLevel(logging.CRITICAL)
    try:
        import weasyprint
        import weasyprint.text.fonts
    except ImportError:
        raise unmade("weasyprint") from None
    except OSError:  # a library of the system that it loads
        raise unmade("pango") from None
    return weasyprint


def _letters() -> str:
    """The letters that pictures are laid out with, wherever they are printed."""
    return "".join(
        f"@font-face {{ font-family: 'DejaVu Sans'; font-weight: {weight}; "
        f"src: url('{Path(font_file(bold=bold)).as_uri()}') }}\n"
        for weight, bold in ((400, False), (700, True))
    )
