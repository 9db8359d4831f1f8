"""Countries side by side: the figures of each by its own measure and survey, and differences where they can be told.

A country is a study of its own but for its texts: its rounds are read, estimated and protected as if it were alone, and
judged by its rules of precision. All go into one long table, in which `country` is the first domain. The figures of
the study's own country are those of the study, after its disclosure control, so that two tables never hide differently.

A difference of two countries is a figure only where both are judged by the same measure; their samples have nothing in
common, so that variances add up.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from mpi.claims import rankable
from mpi.columns import arrow
from mpi.columns.values import Text
from mpi.disclosure.figures import Figure, Figures, read
from mpi.disclosure.publishable import STANDINGS, Publishable, stacked
from mpi.errors import MpiError, Notice, ResourceError
from mpi.estimates import Estimates
from mpi.inference.distributions import student_two_sided_p
from mpi.inference.intervals import t_interval
from mpi.inference.multiple_tests import holm
from mpi.language import phrase
from mpi.maps.shaping import load_areas
from mpi.profile import DeprivationProfile
from mpi.publication.measures import estimated_by
from mpi.publication.model import DrawnMap, Publication
from mpi.publication.rounds import files_of_round, read_rounds
from mpi.source import Running
from mpi.specs.countries import CountrySpec
from mpi.specs.measure import Measure
from mpi.specs.study import COUNTRY_DOMAIN, Study
from mpi.vocabulary.wording import title_in

Say = Callable[[str], None]
OTHER = "other_country"
MAIN = ("H", "A", "M0")
Profiles = Mapping[str, tuple[DeprivationProfile, ...]]


def study_of(study: Study, country: CountrySpec) -> Study:
    """The study as it is of one of its countries alone."""
    return replace(
        study, measure=country.measure, surveys=country.surveys, by=country.by, cutoffs=country.measure.cutoffs,
        reliability=country.reliability, changes_by=(), maps=(), measures=(), analyses=(), derive=(), plans=(),
        targets=(), target_table="", panel=None, profiles={}, countries=(), country_map=None,
    )  # fmt: skip


def files_of_countries(study: Study, data: Path) -> tuple[Path, ...]:
    """The files of the countries beside the study's own, without opening them."""
    return tuple(
        path
        for one in study.other_countries
        for survey in one.surveys
        for path in files_of_round(study_of(study, one), survey, data)
    )


def read_countries(
    study: Study,
    data: Path,
    say: Say = lambda _: None,
    running: Running | None = None,
    queries: list[Mapping[str, object]] | None = None,
) -> Profiles:
    """By code the profiles of the countries beside the study's own; parameters as of `read_rounds`."""
    return {one.code: read_rounds(study_of(study, one), data, say, running, queries) for one in study.other_countries}


def map_of_countries(
    study: Study, data: Path, say: Say, refused: list[MpiError]
) -> tuple[DrawnMap | None, list[Notice]]:
    """The boundaries of the countries that its measure judges; what cannot be read is added to `refused`."""
    spec = study.country_map
    if spec is None:
        return None, []
    say(phrase("reading boundaries of {domain}", domain=COUNTRY_DOMAIN))
    codes = [one.code for one in study.countries if one.measure.name == study.measure.name]
    language = study.languages[0]
    labels = {one.code: title_in(one.title, language, one.code) for one in study.countries}
    try:
        areas, join, told = load_areas(spec, data, codes, labels)
    except ResourceError:
        raise
    except MpiError as error:
        refused.append(error)
        return None, []
    return DrawnMap(spec, areas, join), list(told)


def countries_of(
    study: Study, profiles: Profiles, parts: Sequence[Publishable]
) -> tuple[Publishable | None, dict[str, Estimates]]:
    """One long table of the figures of all countries, after disclosure control.

    Parameters
    ----------
    study : Study
    profiles : mapping of str to sequence of DeprivationProfile
        Of the countries beside its own, by code.
    parts : sequence of Publishable
        The study's own figures, after disclosure control.

    Returns
    -------
    Publishable or None
        None of a study of one country.
    dict of str to Estimates
        By code the estimates of the last round of each other country, which say where its errors come from.
    """
    if not study.countries:
        return None, {}
    made, last = list[Publishable](), dict[str, Estimates]()
    for one in study.countries:
        if one.own:
            figures = _among(stacked(parts), one)
        else:
            estimates, figures = estimated_by(study_of(study, one), profiles[one.code], one.measure)
            last[one.code] = estimates[0]
        made.append(_of_country(figures, one.code))
    return stacked(made), last


def _among(figures: Publishable, country: CountrySpec) -> Publishable:
    """The study's own figures that stand beside those of other countries: its cutoffs and tables may be more."""
    table = figures.table
    of = np.zeros(len(table), np.int64)  # the domains of each row, as bits
    for place, name in enumerate(figures.domains):
        of |= np.asarray(table[name].is_valid(), np.int64) << place
    wanted = [sum(1 << figures.domains.index(name) for name in names) for names in ((), *country.by)]
    k = arrow.text_column(table, "k")
    own = {one.text for one in country.measure.cutoffs}
    fits = np.array([label in own for label in k.labels] or [True], np.bool_)[k.codes]
    keep = np.isin(of, wanted) & (fits if k.known is None else fits | ~k.known)
    domains = tuple(name for name in figures.domains if any(name in names for names in country.by))
    rows = table.take(arrow.numbers(np.flatnonzero(keep)))
    return replace(figures, table=rows.drop_columns([n for n in figures.domains if n not in domains]), domains=domains)


def _of_country(figures: Publishable, code: str) -> Publishable:
    table = figures.table
    column = arrow.array_of(Text(np.zeros(len(table), np.int64), (code,)))
    first = min((table.column_names.index(name) for name in figures.domains), default=table.column_names.index("k"))
    return replace(
        figures, table=table.add_column(first, COUNTRY_DOMAIN, column), domains=(COUNTRY_DOMAIN, *figures.domains)
    )


@dataclass(frozen=True, slots=True)
class Country:
    """Where the figures of a country are, at the cutoff of its measure.

    Attributes
    ----------
    period : str
        The last one.
    census : bool
        Whether it has no sampling errors.
    """

    spec: CountrySpec
    unit: str
    period: str
    census: bool

    @property
    def measure(self) -> Measure:
        """That which judges it."""
        return self.spec.measure

    @property
    def asked(self) -> dict[str, Any]:
        """What its figures are asked by."""
        return {"period": self.period, "unit": self.unit, "k": self.measure.cutoffs[0].text}


def figures_of(figures: Publishable, measure: Measure) -> Figures:
    """The figures of the countries that one measure judges."""
    names = arrow.text_column(figures.table, "measure")
    own = np.array([label == measure.name for label in names.labels] or [False], np.bool_)[names.codes]
    return read(replace(figures, table=figures.table.take(arrow.numbers(np.flatnonzero(own)))))


def unit_of(study: Study, measure: Measure) -> str:
    """What is counted of a country: the first unit of the study that its measure knows."""
    return study.units[0] if measure.identification == "household" else "persons"


def figure(figures: Figures, country: Country, statistic: str) -> Figure:
    """A figure of all units of a country."""
    return figures.one(statistic, {COUNTRY_DOMAIN: country.spec.code}, **country.asked)


@dataclass(frozen=True, slots=True)
class Difference:
    """A figure of one country less that of another, by the same measure.

    Attributes
    ----------
    figure : Figure
        With its interval and test; `p_adjusted` is corrected for the pairs of the measure (Holm).
    """

    one: Country
    other: Country
    statistic: str
    figure: Figure


def differences(figures: Publishable, countries: Sequence[Country], level: float) -> list[Difference]:
    """Of every pair of countries under one measure the differences of H, A and M0.

    Parameters
    ----------
    figures : Publishable
        Of all countries.
    countries : sequence of Country
    level : float
        Of the intervals.

    Notes
    -----
    The samples are independent: the variance is the sum of both, with the degrees of freedom of both together. A pair
    is tested where both figures are precise enough to be ranked.
    """
    made: list[Difference] = []
    for measure in {one.measure.name: one.measure for one in countries}.values():
        own = [one for one in countries if one.measure.name == measure.name]
        found = figures_of(figures, measure)
        for statistic in MAIN:
            pairs = [
                Difference(one, other, statistic, _difference(found, one, other, statistic, level))
                for one, other in combinations(own, 2)
            ]
            made += _corrected(pairs)
    return made


def _difference(found: Figures, one: Country, other: Country, statistic: str, level: float) -> Figure:
    first, second = (figure(found, country, statistic) for country in (one, other))
    standing = max(first.standing, second.standing, key=STANDINGS.index)
    if first.value is None or second.value is None:
        hidden = first.hidden_by or second.hidden_by
        return Figure(standing=standing, hidden_by=hidden, note=None if hidden else first.note or second.note)
    value = first.value - second.value
    errors = [0.0 if country.census else one.se for country, one in ((one, first), (other, second))]
    if one.census and other.census:
        return Figure(value=value, standing=standing)
    if None in errors:
        return Figure(value=value, standing=standing, note="no standard error")
    se = math.hypot(*(error for error in errors if error is not None))
    df = sum(own.df or 0 for own in (first, second))
    if df <= 0 or se == 0:
        return Figure(value=value, se=se, standing=standing)
    low, high = (float(end[0]) for end in t_interval(np.array([value]), np.array([se]), np.array([df]), level))
    told = all(rankable(own, census=country.census) for own, country in ((first, one), (second, other)))
    p = float(student_two_sided_p(value / se, df)) if told else None
    return Figure(value=value, low=low, high=high, se=se, df=df, p=p, standing=standing)


def _corrected(pairs: Sequence[Difference]) -> list[Difference]:
    """The differences, with p-values that are corrected for their number."""
    tested = [i for i, one in enumerate(pairs) if one.figure.p is not None]
    made = list(pairs)
    for i, p in zip(tested, holm(np.array([pairs[i].figure.p for i in tested], np.float64)).tolist(), strict=True):
        made[i] = replace(pairs[i], figure=pairs[i].figure._replace(p_adjusted=p))
    return made


def countries_in(publication: Publication) -> list[Country]:
    """The countries of a publication, in the order of the study."""
    study = publication.study
    last = {one.code: publication.rounds[-1] if one.own else publication.country_rounds[one.code]
            for one in study.countries}  # fmt: skip
    return [
        Country(one, unit_of(study, one.measure), last[one.code].period, last[one.code].census)
        for one in study.countries
    ]


def differences_in(publication: Publication) -> list[Difference]:
    """Those of the countries of a publication; none of a study of one country."""
    if publication.countries is None:
        return []
    return differences(publication.countries, countries_in(publication), publication.study.level)


@dataclass(frozen=True, slots=True, eq=False)
class Compared:
    """The last figures of all units of the countries that the measure of the study judges.

    Attributes
    ----------
    figures : Publishable
        By `country` alone, each country's last period under one name.
    period : str
        That name: all periods, the oldest first.
    """

    figures: Publishable
    countries: tuple[Country, ...]
    period: str


def compared(publication: Publication) -> Compared | None:
    """What a chart or a map can show of the countries of a publication; None of a study of one country."""
    if publication.countries is None:
        return None
    own = [one for one in countries_in(publication) if one.measure.name == publication.measure.name]
    label = ", ".join(dict.fromkeys(sorted(one.period for one in own)))
    table = publication.countries.table
    texts = {name: table[name].to_pylist() for name in ("measure", "period", COUNTRY_DOMAIN)}
    last = {(one.measure.name, one.period, one.spec.code) for one in own}
    keep = np.array([row in last for row in zip(*texts.values(), strict=True)], np.bool_)
    further = [name for name in publication.countries.domains if name != COUNTRY_DOMAIN]
    for name in further:
        keep &= ~np.asarray(table[name].is_valid(), np.bool_)
    rows = table.take(arrow.numbers(np.flatnonzero(keep))).drop_columns(further)
    period = arrow.array_of(Text(np.zeros(len(rows), np.int64), (label,)))
    rows = rows.set_column(rows.column_names.index("period"), "period", period)
    return Compared(replace(publication.countries, table=rows, domains=(COUNTRY_DOMAIN,)), tuple(own), label)


def table_of(found: Sequence[Difference], figures: Publishable) -> Publishable:
    """The differences as a tidy table."""
    texts: dict[str, list[str | None]] = {
        "measure": [one.one.measure.name for one in found],
        COUNTRY_DOMAIN: [one.one.spec.code for one in found],
        OTHER: [one.other.spec.code for one in found],
        "period": [one.one.period for one in found],
        "other_period": [one.other.period for one in found],
        "unit": [one.one.unit for one in found],
        "k": [one.one.measure.cutoffs[0].text for one in found],
        "statistic": [one.statistic for one in found],
    }
    numbers = {
        "estimate": "value",
        "se": "se",
        "ci_low": "low",
        "ci_high": "high",
        "p": "p",
        "p_adjusted": "p_adjusted",
    }
    table = {name: pa.array(values, pa.string()) for name, values in texts.items()}
    table |= {
        name: pa.array([getattr(one.figure, own) for one in found], pa.float64()) for name, own in numbers.items()
    }
    table["df"] = pa.array([one.figure.df for one in found], pa.int64())
    for name in ("standing", "hidden_by", "note"):
        table[name] = pa.array([getattr(one.figure, name) for one in found], pa.string())
    return Publishable(pa.table(table), (COUNTRY_DOMAIN, OTHER), (), figures.disclosure)
