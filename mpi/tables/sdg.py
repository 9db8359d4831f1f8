"""Indicator 1.2.2 of the Sustainable Development Goals in the columns of the global SDG database.

Comes in: a publication whose study says what its country and its domains are there. Goes out: a row for each series,
group and period that the study really has; nothing is guessed, and nothing hidden is shown. Children in child-specific
poverty (SD_MDP_CSMP) are those of a study whose measure is one of children: no row of them follows from a household's.

References
----------
United Nations, SDG indicator metadata 1.2.2; IAEG-SDGs data structure (data flow DF_SDG_GLH).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

import pyarrow as pa

from mpi.disclosure.figures import Figure, read
from mpi.errors.omissions import unmade
from mpi.publication.model import Publication
from mpi.tables.sdmx import PROVISIONAL, STATUS, frequency_of, time_of
from mpi.vocabulary.sdg import CHILDREN, UNDER_18, series_of
from mpi.vocabulary.wording import title_in

TOTAL = "_T"
OTHERS = ("INCOME_WEALTH_QUANTILE", "EDUCATION_LEV", "OCCUPATION", "CUST_BREAKDOWN", "COMPOSITE_BREAKDOWN",
          "DISABILITY_STATUS", "ACTIVITY", "PRODUCT")  # fmt: skip
NATIONAL, COUNTRY_DATA = "N", "C"  # REPORTING_TYPE; NATURE


class _Group(NamedTuple):
    """A group that is reported: its codes by domain, and the dimensions that they are."""

    codes: Mapping[str, str]
    told: Mapping[str, str]


def sdg_rows(publication: Publication) -> pa.Table:
    """The rows of indicator 1.2.2, of all rounds, at the measure's own cutoff.

    Raises
    ------
    UnmadeError
        If the study does not say what it is to the global database, or a period cannot be written as SDMX does.
    """
    study, figures = publication.study, read(publication.figures)
    if study.sdg is None:
        raise unmade("sdg")
    k = study.cutoffs[0].text
    rows = []
    for (statistic, unit), series in series_of(publication.measure.kind).items():
        if unit not in study.units:
            continue
        for one in publication.rounds:
            source = title_in(one.survey.source or one.survey.title, "en", one.survey.name)
            for group in _groups(publication):
                figure = figures.one(statistic, group.codes or None, period=one.period, unit=unit, k=k)
                if figure.standing != "undefined":
                    told = {"SERIES": series, "SOURCE_DETAIL": source}
                    rows.append(_row(publication, one.period, group, figure, told))
    return pa.Table.from_pylist(rows)


def _groups(publication: Publication) -> Iterator[_Group]:
    """All units, then the codes of each domain that is mapped, and of two or three that the study crosses."""
    study = publication.study
    yield _Group({}, {})
    assert study.sdg is not None  # noqa: S101  asked before
    named = {one.domain: (dimension, one.codes) for dimension, one in study.sdg.dimensions.items()}
    for domains in study.sets:
        if all(name in named for name in domains):
            yield from _crossed(domains, named, {}, {})


def _crossed(
    domains: tuple[str, ...],
    named: Mapping[str, tuple[str, Mapping[str, str]]],
    codes: Mapping[str, str],
    told: Mapping[str, str],
) -> Iterator[_Group]:
    if not domains:
        yield _Group(codes, told)
        return
    dimension, own = named[domains[0]]
    for code, there in own.items():
        yield from _crossed(domains[1:], named, {**codes, domains[0]: code}, {**told, dimension: there})


def _row(
    publication: Publication, period: str, group: _Group, figure: Figure, told: Mapping[str, str]
) -> dict[str, str | float | None]:
    study = publication.study
    status = STATUS[figure.standing]
    if status == "A" and study.status == "provisional":
        status = PROVISIONAL
    low, high = (None if end is None else 100 * end for end in (figure.low, figure.high))
    area = "" if study.sdg is None else study.sdg.area
    whole = {"AGE": UNDER_18} if publication.measure.kind == CHILDREN else {}
    return {
        "FREQ": frequency_of(period),
        "REPORTING_TYPE": NATIONAL,
        "SERIES": told["SERIES"],
        "REF_AREA": area,
        **{name: group.told.get(name, whole.get(name, TOTAL)) for name in ("SEX", "AGE", "URBANISATION")},
        **dict.fromkeys(OTHERS, TOTAL),
        "TIME_PERIOD": time_of(period),
        "OBS_VALUE": None if figure.value is None else 100 * figure.value,
        "OBS_STATUS": status,
        "UNIT_MULT": "0",
        "UNIT_MEASURE": "PT",
        "NATURE": COUNTRY_DATA,
        "LOWER_BOUND": low,
        "UPPER_BOUND": high,
        "SOURCE_DETAIL": told["SOURCE_DETAIL"],
    }
