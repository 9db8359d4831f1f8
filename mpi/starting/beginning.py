"""What begins config files, for callers from Python."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Literal

from mpi.errors import Fault, UsageError, nearest
from mpi.errors.arguments import public
from mpi.language import LANGUAGES, Language, phrase
from mpi.specs.measure import Measure
from mpi.starting import signing, skeletons
from mpi.starting.headings import COLUMNS
from mpi.vocabulary.options import STARTED, TAKEN, Taken


def _one_of(what: str, value: str, options: Sequence[str]) -> None:
    if value not in options:
        text = phrase("{what}: {value!r} is not known", what=what, value=value[:40])
        remedy = nearest(value, options) or phrase("write one of: {options}", options=", ".join(options))
        raise UsageError(Fault("MPI-U231", None, text, remedy))


@public
def init(
    kind: Literal["measure", "survey", "study"],
    name: str,
    output: str | Path | None = None,
    *,
    measure: str | Path | None = None,
    survey: str | Path | None = None,
    data: Sequence[str | Path] = (),
    table: str | Path | None = None,
    sheet: str | None = None,
    headings: Mapping[str, str] | None = None,
    weights: Taken = "ask",
    language: Language = "en",
) -> Path:
    """Write a config file to begin with, never over another, and give its path.

    Parameters
    ----------
    kind : {"measure", "survey", "study"}
    name : str
        Of the measure, survey or study.
    output : str or Path, optional
        `NAME.yaml` if left out.
    measure, survey : str or Path, optional
        Files or names: of a survey and a study the measure, of a study the survey.
    data : sequence of str or Path
        Of a survey: files of persons and households, a table each.
    table : str or Path, optional
        Of a measure: a spreadsheet of indicators, weights and cutoffs (Excel, OpenDocument, CSV).
    sheet : str, optional
        The sheet of this with the indicators, if several could be it.
    headings : mapping of str to str, optional
        What is in a column, by its heading: `{"Condición": "words"}`.
    weights : {"ask", "fractions", "written"}
        What becomes of weights that look rounded: refused, taken as the fractions that the message names, or as they
        are written.
    language : str
        Of the comments.

    Raises
    ------
    UsageError
        If the name is none, an option belongs to another kind, or the file exists.
    ConfigError, DataError
        If the measure, the data or the table cannot be read; with every fault.
    """
    _one_of("kind", kind, STARTED)
    _one_of("weights", weights, TAKEN)
    _one_of("language", language, LANGUAGES)
    for field in (headings or {}).values():
        _one_of("headings", field, [*COLUMNS])
    return skeletons.write(
        kind,
        name,
        None if output is None else Path(output),
        measure=None if measure is None else str(measure),
        survey=None if survey is None else str(survey),
        data=[Path(one) for one in data],
        table=None if table is None else skeletons.Table(Path(table), sheet, headings or {}, weights),
        language=language,
    )


@public
def export(measure: Measure, path: str | Path, *, language: Language = "en", overwrite: bool = False) -> None:
    """Write a measure as a workbook that a ministry can read and sign; `init` with `table=` reads it back.

    Parameters
    ----------
    measure : Measure
    path : str or Path
        Ends in .xlsx.
    language : str
        Of headings and words; texts of the measure stand in all their languages.
    overwrite : bool
        Whether an existing file may be replaced.

    Raises
    ------
    UsageError
        If XlsxWriter is not installed, the name does not end in .xlsx, or the file exists.
    """
    _one_of("language", language, LANGUAGES)
    signing.write_sheets(measure, Path(path), language, overwrite=overwrite)
