"""Progress towards targets as one tidy table: state, target, verdict, path, needed change, projection.

Comes in: profiles of rounds and targets. Goes out: one row for each target and group, in the order of the targets.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from operator import itemgetter

import numpy as np

from mpi.changes.rounds import breaks_between, relation, time_of, under
from mpi.columns.values import Floats, Ints
from mpi.errors import Fault, Notice, UsageError, listed, nearest
from mpi.estimates import Request, estimates_of
from mpi.estimates.slopes import Sloped
from mpi.language import phrase
from mpi.profile import DeprivationProfile
from mpi.specs.measure import Measure
from mpi.specs.reliability import Reliability
from mpi.specs.targets import Target
from mpi.targets.errors_of_rounds import Label, Pair, Sample, pair_of
from mpi.targets.judging import Asked, Judged, judged
from mpi.targets.table import Progress, table_of
from mpi.vocabulary.options import VERDICTS, Rounds, Unit
from mpi.vocabulary.statistics import by_cutoff

SAME_YEAR = 1e-9


def progress_of(
    profiles: Sequence[DeprivationProfile],
    targets: Sequence[Target],
    request: Request,
    rules: Sequence[Reliability],
    *,
    rounds: Rounds | None = None,
    harmonised: bool = False,
) -> Progress:
    """Progress of the last of some rounds towards targets.

    Parameters
    ----------
    profiles : sequence of DeprivationProfile
        The oldest first.
    targets : sequence of Target
    request : Request
        Its unit is that of targets that name none; its `by` and `k` are not read.
    rules : sequence of Reliability
        One for each profile.
    rounds, harmonised
        As for `mpi.change`.

    Raises
    ------
    UsageError
        If a target is of a group, round or cutoff that there is not; with every fault.
    DataError
        As `mpi.change`.
    """
    measure, notices = request.measure, list[Notice]()
    how = None if len(profiles) == 1 else relation(profiles, rounds)
    ordered: Sequence[DeprivationProfile] = profiles
    if how is not None:
        ordered, told = under(profiles, measure, harmonised=harmonised)
        notices += told
    resolved = [_resolved(one, measure, request.unit) for one in targets]
    _check(resolved, ordered)
    columns = tuple(dict.fromkeys(name for one in resolved for name in one.domains))
    rows: list[tuple[int, dict[str, object]]] = []
    for unit in dict.fromkeys(one.unit for one in resolved):
        own = [(place, one) for place, one in enumerate(resolved) if one.unit == unit]
        made = _Unit(ordered, [one for _, one in own], replace(request, unit=unit or request.unit), rules, how)
        rows += [(own[at][0], {"target_number": own[at][0] + 1, **row}) for at, row in made.rows()]
        notices += made.notices
    rows.sort(key=itemgetter(0))  # stable: groups stay in their order
    table = table_of([row for _, row in rows], columns)
    return Progress(table, columns, tuple(dict.fromkeys(notices)), how)


def _resolved(target: Target, measure: Measure, unit: Unit) -> Target:
    """A target with its unit and its cutoff, where it has one."""
    k = (target.k or measure.cutoffs[0].text) if by_cutoff(target.statistic) else ""
    return replace(target, unit=target.unit or unit, k=k)


def _check(targets: Sequence[Target], profiles: Sequence[DeprivationProfile]) -> None:
    """Refuse targets of what the profiles do not have."""
    faults = []
    known = [domain.name for domain in profiles[-1].domains]
    for one in targets:
        for name in one.domains:
            if any(name not in [domain.name for domain in profile.domains] for profile in profiles):
                text = phrase("targets: the figures are not by the domain {name!r}", name=name)
                remedy = nearest(name, known) or phrase("make the profiles by this domain too")
                faults.append(Fault("MPI-E220", one.place, text, remedy))
        for name, code in zip(one.domains, one.codes, strict=False):
            labels = [label for profile in profiles for label in _labels(profile, name)]
            if name in known and code not in labels:
                text = phrase("targets: {domain} has no group {code!r}", domain=name, code=code)
                remedy = nearest(code, labels) or phrase("write its code as the data have it, with leading zeros")
                faults.append(Fault("MPI-E220", one.place, text, remedy))
        if one.baseline is not None and one.baseline.value is None and _round_of(one, profiles) is None:
            names = listed([profile.period or profile.survey for profile in profiles])
            text = phrase("targets: no round is the baseline")
            remedy = phrase(
                "name one of {names} as `baseline:`, or give a `baseline_value:` with its year", names=names
            )
            faults.append(Fault("MPI-E220", one.place, text, remedy))
        start, end = _start(one, profiles), one.year
        if start is not None and start >= end:
            text = phrase("targets: the baseline is not before the target year")
            faults.append(Fault("MPI-E220", one.place, text, phrase("write a later `year:`, or an earlier baseline")))
    if faults:
        raise UsageError(*dict.fromkeys(faults))


def _refuse_lacking(targets: Sequence[Target], sample: Sample) -> None:
    """Refuse targets of figures that the measure does not have, such as the headcount of a dimension that is none."""
    faults = []
    for one in targets:
        if sample.statistic(one) is None:
            name = one.indicator or one.dimension
            text = phrase("targets: there is no {statistic} of {name}", statistic=one.statistic, name=name)
            remedy = phrase("name a statistic that `mpi estimate` gives of it")
            faults.append(Fault("MPI-E220", one.place, text, remedy))
    if faults:
        raise UsageError(*dict.fromkeys(faults))


def _labels(profile: DeprivationProfile, name: str) -> Sequence[str]:
    return next((domain.labels for domain in profile.domains if domain.name == name), ())


def _round_of(target: Target, profiles: Sequence[DeprivationProfile]) -> int | None:
    """The round that a target's baseline is of, by its period, the name of its survey, or its year."""
    own = target.baseline
    if own is None or own.value is not None:
        return None
    for place, profile in enumerate(profiles):
        time = time_of(profile)
        named = own.period in (profile.period, profile.survey) if own.period else (
            time is not None and own.year is not None and abs(time - own.year) < SAME_YEAR
        )  # fmt: skip
        if named:
            return place
    return None


def _start(target: Target, profiles: Sequence[DeprivationProfile]) -> float | None:
    """The year of a target's baseline: as it says, else that of the round."""
    if target.baseline is None:
        return None
    if target.baseline.year is not None:
        return target.baseline.year
    place = _round_of(target, profiles)
    return None if place is None else time_of(profiles[place])


@dataclass(frozen=True, slots=True)
class _Row:
    """A target, and a group that it is of."""

    at: int
    target: Target
    label: Label
    round: int | None


class _Unit:
    """The targets of one unit of count."""

    def __init__(
        self,
        profiles: Sequence[DeprivationProfile],
        targets: Sequence[Target],
        request: Request,
        rules: Sequence[Reliability],
        how: Rounds | None,
    ) -> None:
        self.profiles, self.targets, self.how = profiles, targets, how
        sets = dict.fromkeys(one.domains for one in targets if one.domains)
        cutoffs = list(dict.fromkeys(one.k for one in targets if one.k)) or None
        self.statistics = list(dict.fromkeys(one.statistic for one in targets))
        self.request = replace(request, by=list(sets), k=cutoffs)
        rounds = sorted({place for one in targets if (place := _round_of(one, profiles)) is not None})
        self.samples = {
            place: Sample(
                estimates_of(profiles[place], replace(self.request, rules=rules[place]), statistics=self.statistics)
            )
            for place in {*rounds, len(profiles) - 1}
        }
        self.last = len(profiles) - 1
        _refuse_lacking(targets, self.samples[self.last])
        self.notices = [notice for one in self.samples.values() for notice in one.estimates.notices]

    def rows(self) -> Iterator[tuple[int, dict[str, object]]]:
        """The rows of the table, each with the place of its target; unordered."""
        every = [
            _Row(at, one, label, _round_of(one, self.profiles))
            for at, one in enumerate(self.targets)
            for label in self._labels(one)
        ]
        blocks: dict[tuple[object, ...], list[_Row]] = {}
        for row in every:
            blocks.setdefault((row.round, row.target.path, row.target.halves), []).append(row)
        for rows in blocks.values():
            yield from zip((row.at for row in rows), self._block(rows), strict=True)

    def _labels(self, target: Target) -> list[Label]:
        """The groups of a target: the one that is named, or all that a round has."""
        if target.codes or not target.domains:
            return [target.codes]
        places = {self.last, _round_of(target, self.profiles)} - {None}
        found = [label for place in places for label in self.samples[place or 0].first_places(target.domains)]
        return sorted(set(found))

    def _pair(self, place: int | None) -> Pair:
        after = self.samples[self.last]
        if place is None or place == self.last or self.how is None:
            return Pair(None if place is None else self.samples[place], after)
        rounds = (self.profiles[place], self.profiles[self.last])
        return pair_of(rounds, (self.samples[place], after), self.request, self.statistics, self.how)

    def _block(self, rows: Sequence[_Row]) -> list[dict[str, object]]:
        """Rows whose path and whose kind of baseline are the same."""
        pair, first = self._pair(rows[0].round), rows[0].target
        # Rows of a target follow each other; the groups of a round are looked through once for all of them.
        of_targets = [list(own) for _, own in groupby(rows, key=lambda row: row.at)]
        places = np.concatenate([pair.places(own[0].target, [row.label for row in own]) for own in of_targets])
        before = _column(pair.before, places[:, 0], "estimate")
        given = np.array([_given(row.target) for row in rows])
        known = np.where(np.isnan(given), before, given)
        after = _column(pair.after, places[:, 1], "estimate")
        asked = Asked(
            before=_sloped(known, 0 if rows[0].round is not None else None),
            after=_sloped(after, 1),
            target=np.array([np.nan if row.target.value is None else float(row.target.value) for row in rows]),
            sign=np.array([1.0 if row.target.direction == "at_most" else -1.0 for row in rows]),
            start=np.array([_number(_start(row.target, self.profiles)) for row in rows]),
            now=np.full(len(rows), _number(time_of(self.profiles[self.last]))),
            due=np.array([row.target.year for row in rows]),
            path=first.path,
            halves=first.halves,
            level=self.request.level,
            errors=lambda slopes: pair.spread(places, slopes),
        )
        return self._told(rows, pair, places, asked, judged(asked))

    def _told(
        self, rows: Sequence[_Row], pair: Pair, places: Ints, asked: Asked, found: Judged
    ) -> list[dict[str, object]]:
        columns: dict[str, Floats | Ints] = {
            "target_year": asked.due,
            "target": found.target,
            "baseline_year": asked.start,
            "baseline": asked.before.value,
            "baseline_se": _column(pair.before, places[:, 0], "se"),
            "period_year": asked.now,
            **{name: _column(pair.after, places[:, 1], name)
               for name in ("estimate", "se", "ci_low", "ci_high", "df", "n")},
            "distance": found.distance.value,
            "distance_se": found.distance.se,
            "distance_df": np.where(np.isfinite(found.distance.se), found.distance.df, np.nan),
            "distance_p": found.distance.p,
            "path_value": found.path,
            "path_distance": found.off_path.value,
            "path_se": found.off_path.se,
            "path_df": np.where(np.isfinite(found.off_path.se), found.off_path.df, np.nan),
            "path_p": found.off_path.p,
            "yearly": found.yearly,
            "yearly_low": found.yearly_low,
            "yearly_high": found.yearly_high,
            "needed": found.needed,
            "needed_from_baseline": found.needed_from_start,
            "projection": found.projection,
            "projection_low": found.projection_low,
            "projection_high": found.projection_high,
            "reached": found.reached,
        }  # fmt: skip
        made = []
        for i, row in enumerate(rows):
            verdict = int(found.verdict[i])
            told: dict[str, object] = {name: float(values[i]) for name, values in columns.items()}
            told |= self._words(row) | dict(zip(row.target.domains, row.label, strict=True))
            told["verdict"] = None if verdict < 0 else VERDICTS[verdict]
            told["reliability"] = _word(pair.after, int(places[i, 1]), "reliability")
            told["note"] = "; ".join(self._notes(row, told, found.distance.exact[i])) or None
            if np.isnan(asked.after.value[i]):
                told["note"] = _word(pair.after, int(places[i, 1]), "note") or phrase("there is no estimate")
            made.append(told)
        return made

    def _words(self, row: _Row) -> dict[str, object]:
        target, profile = row.target, self.profiles[self.last]
        kind = None if target.baseline is None else "round" if row.round is not None else "given"
        dimension = target.dimension or next(
            (one.dimension for one in self.request.measure.indicators if one.name == target.indicator), None
        )
        return {
            "measure": self.request.measure.name,
            "unit": self.request.unit,
            "k": target.k or None,
            "statistic": target.statistic,
            "dimension": dimension,
            "indicator": target.indicator or None,
            "target_direction": target.direction,
            "target_path": target.path,
            "target_kind": "half" if target.halves else "value",
            "target_source": target.source.get("en") or next(iter(target.source.values()), None),
            "baseline_kind": kind,
            "baseline_period": None if row.round is None else self.profiles[row.round].period,
            "period": profile.period,
        }

    def _notes(self, row: _Row, told: Mapping[str, object], exact: np.bool_) -> Iterator[str]:
        """Why something is not told, and what a reader should know."""
        missing = {
            name for name in ("period_year", "baseline", "baseline_year", "path_distance") if told[name] != told[name]
        }
        if "period_year" in missing:
            yield phrase("the year of the figures is not known")
        if row.target.baseline is None:
            yield phrase("there is no baseline, so no path")
        elif row.round is None:
            yield phrase("the baseline is taken as known")
        elif "baseline" in missing:
            yield phrase("the baseline has no estimate")
        if row.target.baseline is not None and not missing & {"period_year", "baseline", "baseline_year"}:
            if float(str(told["baseline_year"])) >= float(str(told["period_year"])):
                yield phrase("there is no round after the baseline")
            elif "path_distance" in missing:
                yield phrase("a figure has no place on a path that is {path}", path=row.target.path)
        if not exact and told["distance_p"] != told["distance_p"]:
            yield phrase("the estimate has no error that tells: no test")
        if row.round is not None and row.round < self.last:
            yield from breaks_between(self.profiles, row.round, self.last)


def _given(target: Target) -> float:
    known = target.baseline is not None and target.baseline.value is not None
    return float(target.baseline.value or 0) if known and target.baseline is not None else np.nan


def _number(value: float | None) -> float:
    return np.nan if value is None else value


def _sloped(values: Floats, figure: int | None) -> Sloped:
    """Figures with a slope of 1 by themselves; numbers that are given have none."""
    slopes = np.zeros((len(values), 2))
    if figure is not None:
        slopes[:, figure] = 1.0
    return Sloped(np.asarray(values, np.float64), slopes)


def _column(sample: Sample | None, places: Ints, name: str) -> Floats:
    """A column of numbers at some places, NaN where there is none; shape (c,)."""
    if sample is None:
        return np.full(len(places), np.nan)
    numbers = np.array(sample.estimates.table[name].to_numpy(), np.float64)
    return np.where(places < 0, np.nan, numbers[np.maximum(places, 0)])


def _word(sample: Sample, place: int, name: str) -> str | None:
    """A text of a row."""
    if place < 0:
        return None
    word: str | None = sample.estimates.table[name][place].as_py()
    return word
