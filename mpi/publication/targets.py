"""The targets of a study: read from its table, of figures that it publishes, and what became of them, for outputs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from mpi.claims.targets import Aim
from mpi.disclosure.figures import Figure
from mpi.errors import Fault, UsageError
from mpi.language import phrase
from mpi.publication.edition import Edition
from mpi.publication.model import Publication
from mpi.specs.study import Study
from mpi.specs.targets import Target
from mpi.targets.reading import targets_of
from mpi.vocabulary.statistics import by_cutoff
from mpi.vocabulary.wording import statistic_title


def table_of_targets(study: Study, data: Path) -> tuple[Path, ...]:
    """The file of its targets, if it names one."""
    return (data / study.target_table,) if study.target_table else ()


def with_targets(study: Study, data: Path) -> Study:
    """The study with the targets of its table, all of them of figures that it publishes.

    Raises
    ------
    DataError
        If the table cannot be read, with every fault.
    UsageError
        If a target is of a domain, cutoff or unit that no table of the study has, with every fault.
    """
    for path in table_of_targets(study, data):
        study = replace(study, targets=targets_of(path, study.measure))
    faults = [fault for one in study.targets for fault in _unpublished(study, one)]
    if faults:
        raise UsageError(*dict.fromkeys(faults))
    return study


def _unpublished(study: Study, target: Target) -> Iterator[Fault]:
    """Why a target is of no figure of the study: what is not published, no rule of disclosure has judged."""
    if target.domains and frozenset(target.domains) not in {frozenset(names) for names in study.sets}:
        name = ":".join(target.domains)
        text = phrase("targets: the study has no table by {domain}", domain=name)
        yield Fault("MPI-E220", target.place, text, phrase("add `{domain}` to its `by:`", domain=name))
    if by_cutoff(target.statistic) and target.k and target.k not in [one.text for one in study.cutoffs]:
        text = phrase("targets: the study has no figures at k = {k}", k=target.k)
        yield Fault("MPI-E220", target.place, text, phrase("add `{k}` to its `cutoffs:`", k=target.k))
    if target.unit is not None and target.unit not in study.units:
        text = phrase("targets: the study does not count {unit}", unit=target.unit)
        yield Fault("MPI-E220", target.place, text, phrase("add `{unit}` to its `units:`", unit=target.unit))


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A target in a group of the published period.

    Attributes
    ----------
    target : Target
    codes : mapping of str to str
        By domain; empty for all units.
    aim : Aim
    start, now : float or None
        Decimal years of the baseline and of the figure.
    baseline : float or None
    unit, k : str
    """

    target: Target
    codes: Mapping[str, str]
    aim: Aim
    start: float | None
    now: float | None
    baseline: float | None
    unit: str
    k: str


def rows_of(publication: Publication) -> list[Row]:
    """The targets of a publication with their verdicts, in the order of their list, after disclosure control."""
    if publication.progress is None:
        return []
    progress, targets = publication.progress, publication.study.targets
    return [_row(targets[row["target_number"] - 1], row, progress.domains) for row in progress.rows()]


def subject_title(edition: Edition, row: Row) -> str:
    """What a target is of, but for its group: the statistic, or the indicator or dimension with it."""
    target, measure = row.target, edition.publication.measure
    title = statistic_title(target.statistic, row.unit, edition.language)
    part = next((edition.indicator(one) for one in measure.indicators if one.name == target.indicator), "")
    if target.dimension:
        (of,) = (one for one in measure.dimensions if one.name == target.dimension)
        part = edition.titled(of.title, of.name)
    told = f"{part} ({title})" if part else title
    return f"{told}, k = {row.k}" if row.k not in ("", edition.k) else told


def _row(target: Target, row: Mapping[str, Any], domains: tuple[str, ...]) -> Row:
    now, due = row["period_year"], target.year
    aim = Aim(
        statistic=target.statistic,
        figure=Figure(
            value=row["estimate"],
            low=row["ci_low"],
            high=row["ci_high"],
            standing=row["standing"],
            se=row["se"],
            df=row["df"],
            reliability=row["reliability"],
            hidden_by=row["hidden_by"],
            note=row["note"],
        ),
        by=target.by,
        value=row["target"],
        direction=target.direction,
        path=target.path,
        verdict=row["verdict"],
        halves=target.halves,
        based=row["baseline"] is not None,
        due=now is not None and due <= now,
        yearly=row["yearly"],
        low=row["yearly_low"],
        high=row["yearly_high"],
        needed=row["needed"],
        projection=row["projection"],
        projection_low=row["projection_low"],
        projection_high=row["projection_high"],
        reached=row["reached"],
    )
    return Row(
        target=target,
        codes={name: row[name] for name in domains if row[name] is not None},
        aim=aim,
        start=row["baseline_year"],
        now=now,
        baseline=row["baseline"],
        unit=row["unit"],
        k=row["k"] or "",
    )
