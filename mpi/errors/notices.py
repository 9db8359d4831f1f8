"""Notices as a publication prints them: in its language, and where that lacks one, in English, which is said."""

from __future__ import annotations

from mpi.errors import Notice
from mpi.language import Language, Phrase, in_language


def said(notice: Notice, language: Language) -> tuple[str, Language]:
    r"""The text of a notice in a language, and the language it came out in.

    Examples
    --------
    >>> from mpi.language import phrase
    >>> said(Notice("MPI-N002", phrase("{name} is unknown for every unit", name="agua")), "es")
    ('agua es desconocido en todas las unidades', 'es')
    >>> said(Notice("MPI-N006", "something new"), "es")
    ('something new', 'en')
    """
    text = notice.text
    return in_language(text, language), language if isinstance(text, Phrase) and text.speaks(language) else "en"
