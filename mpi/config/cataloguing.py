"""The catalogue of the measures that ship with the package: what each is, whose it is, and from where it is known."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from mpi.config.locate import shipped
from mpi.config.measures import load_measure
from mpi.errors import Fault, UsageError, nearest
from mpi.errors.arguments import public
from mpi.language import LANGUAGES, Language, phrase
from mpi.specs.measure import Measure
from mpi.vocabulary.options import MEASURE_KINDS, STATUSES_OF_MEASURES, MeasureKind, MeasureStatus
from mpi.vocabulary.wording import title_in

if TYPE_CHECKING:
    import pyarrow as pa


@public
def measures(
    *,
    country: str | None = None,
    status: MeasureStatus | None = None,
    kind: MeasureKind | None = None,
    language: Language = "en",
) -> pa.Table:
    """The measures that ship with the package, one row each.

    Parameters
    ----------
    country : str, optional
        Only those of a country: its three letters of ISO 3166-1, such as `"COL"`.
    status : {"official", "reconstruction", "template", "draft"}, optional
        Only those of this status.
    kind : {"national", "international", "children", "thematic"}, optional
        Only those of this kind.
    language : {"en", "es", "fr", "pt"}
        Of title, source and note.

    Returns
    -------
    pyarrow.Table
        Columns `measure` (the name by which `load_measure` finds it), `title`, `status`, `kind`, `country`, `edition`,
        `years`, `identification`, `universe`, `dimensions` and `indicators` (numbers), `k`, `missing`, `source`,
        `note`. Texts are empty where the measure says nothing.

    Raises
    ------
    UsageError
        If an option is not one of its words, or no measure of the catalogue is of the country.

    Examples
    --------
    >>> measures(country="COL", status="official").column("measure").to_pylist()
    ['colombia_ipm', 'colombia_ipm_2011']
    """
    import pyarrow as pa  # as a command's list needs none

    return pa.Table.from_pylist(entries(country=country, status=status, kind=kind, language=language))


def entries(
    *, country: str | None = None, status: str | None = None, kind: str | None = None, language: Language = "en"
) -> list[dict[str, Any]]:
    """The rows of the catalogue, in the order of their names; see `measures`."""
    found = [load_measure(name) for name in shipped("measures")]
    _refuse("status", status, STATUSES_OF_MEASURES)
    _refuse("kind", kind, MEASURE_KINDS)
    _refuse("language", language, LANGUAGES)
    _refuse("country", country, sorted({one.country for one in found} - {""}))
    wanted = {"country": country, "status": status, "kind": kind}
    return [
        entry(one, language)
        for one in found
        if all(value is None or getattr(one, key) == value for key, value in wanted.items())
    ]


def entry(measure: Measure, language: Language = "en") -> dict[str, Any]:
    """What the catalogue says of a measure."""
    scored = [one for one in measure.indicators if not one.monitor]
    return {
        "measure": measure.name,
        "title": title_in(measure.title, language, measure.name),
        "status": measure.status,
        "kind": measure.kind,
        "country": measure.country,
        "edition": measure.edition,
        "years": measure.years,
        "identification": measure.identification,
        "universe": "" if measure.universe is None else measure.universe.text,
        "dimensions": len(measure.dimensions),
        "indicators": len(scored),
        "k": ", ".join(f"{one.name}: {one.text}" if one.name else one.text for one in measure.cutoffs),
        "missing": measure.missing,
        "source": title_in(measure.source, language, ""),
        "note": title_in(measure.note, language, ""),
    }


def grouped(rows: list[dict[str, Any]]) -> Mapping[str, list[dict[str, Any]]]:
    """The rows by status, in the order of `STATUSES_OF_MEASURES`; those that say none come last."""
    return {one: own for one in (*STATUSES_OF_MEASURES, "") if (own := [row for row in rows if row["status"] == one])}


def _refuse(name: str, value: str | None, known: tuple[str, ...] | list[str]) -> None:
    if value is None or value in known:
        return
    remedy = nearest(value, known) or phrase("write one of: {options}", options=", ".join(known))
    text = phrase("no measure of the catalogue has the {name} {value!r}", name=name, value=value[:40])
    raise UsageError(Fault("MPI-U013", None, text, remedy))
