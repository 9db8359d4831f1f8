"""The deprivation profile: everything that Alkire-Foster can ask of a survey, small, and made to be added.

Scores, cutoffs, weights and sampling errors are functions of its cells, so the microdata are read once.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from pathlib import Path

import numpy as np

from mpi.errors import DataError, Fault, Notice, UsageError, counted, listed, nearest, phrase
from mpi.errors.arguments import public
from mpi.errors.findings import COMMON, named
from mpi.profile import files
from mpi.profile.adding import joined, with_levels
from mpi.profile.cells import Cells, Domain, Tabulation, grouped, selected
from mpi.profile.drawn import check_drawn, check_shared, checked_sample
from mpi.profile.flags import FlagDesign, flags_fingerprint, levels_by, named_in, units_of_flags
from mpi.profile.norm import differing
from mpi.profile.sample import Declared, Replication, Sample
from mpi.profile.spaces import Spaces, kept, reduced
from mpi.profile.tally import tallied
from mpi.profile.units import Units
from mpi.specs.measure import Measure
from mpi.vocabulary.options import FpcKind, Level, ReplicateKind, Rounds, SinglePsu


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class DeprivationProfile:
    """A survey's deprivations, added up by domain, stratum, PSU and pattern.

    Profiles of disjoint households of one survey add: `p1 + p2` is the profile of both together.

    Attributes
    ----------
    measure, survey, period : str
        What was read.
    indicators : tuple of str
        In bit order.
    identification : {"household", "person"}
        Whose deprivations a pattern holds.
    fingerprint : str
        Of the deprivation rules; profiles with different ones do not add.
    domains : tuple of Domain
        The groups that the cells keep apart.
    sample : Sample
        The design as drawn.
    cells : Cells
        The units added up.
    counts : mapping of str to int
        Rows at every stage: read, with zero weight.
    notices : tuple of Notice
        What a reader of the figures should know.
    rules : mapping of str to str
        A hash of each rule that made the cells, of the measure and of the survey, see `mpi.profile.norm`; empty for
        ready-made deprivations. A measure with other ones is refused.
    time : float or None
        When it was, as a decimal year.
    breaks : mapping of str to str
        Periods from which on figures are not comparable with earlier ones, and why.
    reliability : str or None
        Name of the rules by which figures are called reliable.
    spaces : Spaces or None
        What the replicate weights of the file span, by domains.
    """

    measure: str
    survey: str
    period: str
    indicators: tuple[str, ...]
    identification: Level
    fingerprint: str
    domains: tuple[Domain, ...]
    sample: Sample
    cells: Cells
    counts: Mapping[str, int] = field(default_factory=dict)
    notices: tuple[Notice, ...] = ()
    rules: Mapping[str, str] = field(default_factory=dict)
    time: float | None = None
    breaks: Mapping[str, str] = field(default_factory=dict)
    reliability: str | None = None
    spaces: Spaces | None = None

    @public
    def __add__(self, other: DeprivationProfile) -> DeprivationProfile:
        return merge([self, other])

    def __repr__(self) -> str:
        cells = self.cells
        return (
            f"DeprivationProfile({self.measure!r}, {self.survey!r}, {self.period!r}: "
            f"{counted(int(cells.persons.sum()), 'person')}, {counted(int(cells.households.sum()), 'household')}, "
            f"{counted(len(cells), 'cell')}; domains: {', '.join(d.name for d in self.domains) or 'none'})"
        )

    @public
    def domain(self, name: str) -> int:
        """The place of a domain in `domains`.

        Raises
        ------
        UsageError
            If the profile was not built with it.
        """
        names = [domain.name for domain in self.domains]
        if name not in names:
            has = (
                phrase("the profile has {names}", names=listed(names, len(names)))
                if names
                else phrase("make the profile with the domain {name!r}", name=name)
            )
            remedy = nearest(name, names) or has
            raise UsageError(Fault("MPI-E002", None, phrase("the profile has no domain {name!r}", name=name), remedy))
        return names.index(name)

    @public
    def filter(self, **levels: str | Iterable[str]) -> DeprivationProfile:
        """The profile of some levels of some domains; the design stays whole.

        Parameters
        ----------
        **levels : str or iterable of str
            For each domain the codes to keep.

        Raises
        ------
        UsageError
            If a domain or a code is not in the profile, or the weights are calibrated.
        """
        if self.sample.declared.calibration is not None:
            text = phrase("the weights are calibrated, so units outside a domain are needed for its errors")
            raise UsageError(Fault("MPI-E015", None, text, phrase("estimate by the domain instead: by=...")))
        keep, spaces = np.ones(len(self.cells), np.bool_), self.spaces
        for name, wanted in levels.items():
            place = self.domain(name)
            labels = self.domains[place].labels
            codes = {wanted} if isinstance(wanted, str) else set(wanted)
            for code in sorted(codes.difference(labels)):
                persons = np.bincount(self.cells.domains[:, place], self.cells.persons, len(labels))
                common = [label for label, number in zip(labels, persons, strict=True) if number >= COMMON]
                remedy = nearest(code, common) or phrase("there are {named}", named=named(labels, persons))
                raise UsageError(
                    Fault(
                        "MPI-E003",
                        None,
                        phrase("the domain {name!r} has no code {code!r}", name=name, code=code),
                        remedy,
                    )
                )
            inside = np.array([label in codes for label in labels], np.bool_)
            keep &= inside[self.cells.domains[:, place]]
            spaces = spaces and kept(spaces, inside[spaces.domains[:, place]])
        return replace(self, cells=selected(self.cells, keep), spaces=spaces)

    @public
    def keep_domains(self, names: Sequence[str]) -> DeprivationProfile:
        """The profile by some of its domains only, with cells added up over the others.

        Raises
        ------
        UsageError
            If the profile was not built with one of them.
        """
        places = [self.domain(name) for name in names]
        cells = replace(self.cells, domains=self.cells.domains[:, places])
        spaces = self.spaces and reduced(replace(self.spaces, domains=self.spaces.domains[:, places]))
        return replace(self, domains=tuple(self.domains[i] for i in places), cells=grouped(cells), spaces=spaces)

    @public
    def write(self, path: str | Path, *, overwrite: bool = False) -> None:
        """Write the profile to a Parquet file, whole or not at all.

        The same profile gives the same bytes. Places of notices, which are paths, are left out.

        Parameters
        ----------
        path : str or Path
        overwrite : bool
            Whether a file of that name may be replaced.

        Raises
        ------
        UsageError
            If the file exists or its folder does not.
        """
        about: dict[str, object] = {
            "measure": self.measure,
            "survey": self.survey,
            "period": self.period,
            "indicators": self.indicators,
            "identification": self.identification,
            "fingerprint": self.fingerprint,
            "counts": dict(self.counts),
            "notices": [[notice.code, notice.text] for notice in self.notices],
        }
        rest = {
            "rules": dict(self.rules) or None,
            "time": self.time,
            "breaks": dict(self.breaks) or None,
            "reliability": self.reliability,
        }
        about |= {name: value for name, value in rest.items() if value is not None}
        held = Tabulation(self.domains, self.sample, self.cells, self.spaces)
        files.write(Path(path), about, held, overwrite=overwrite)

    @classmethod
    @public
    def read(cls, path: str | Path) -> DeprivationProfile:
        """Read a profile that `write` wrote.

        Raises
        ------
        DataError
            If the file is not a whole profile.
        """
        about, held = files.read(Path(path))
        return cls(
            measure=about["measure"],
            survey=about["survey"],
            period=about["period"],
            indicators=tuple(about["indicators"]),
            identification=about["identification"],
            fingerprint=about["fingerprint"],
            domains=held.domains,
            sample=held.sample,
            cells=held.cells,
            counts=about["counts"],
            notices=tuple(Notice(code, text) for code, text in about["notices"]),
            rules=about.get("rules", {}),
            time=about.get("time"),
            breaks=about.get("breaks", {}),
            reliability=about.get("reliability"),
            spaces=held.spaces,
        )

    @classmethod
    @public
    def from_flags(
        cls,
        frame: object,
        measure: Measure,
        *,
        weight: str | None,
        by: str | Sequence[str] | Mapping[str, Sequence[str]] = (),
        stratum: str | None = None,
        psu: str | None = None,
        members: str | None = None,
        single_psu: SinglePsu = "fail",
        survey: str = "flags",
        period: str = "",
        fpc: tuple[FpcKind, str] | None = None,
        ssu: str | None = None,
        ssu_fpc: tuple[FpcKind, str] | None = None,
        collapse: Mapping[str, str] | None = None,
        collapse_order: str | None = None,
        collapse_within: str | None = None,
        replicates: str | Sequence[str] | None = None,
        replication: Replication | None = None,
        replicates_are: ReplicateKind | None = None,
        calibration: str | Sequence[str] | None = None,
        design_weight: str | None = None,
        census: bool = False,
        rounds: Rounds | None = None,
        time: float | None = None,
    ) -> DeprivationProfile:
        """The profile of ready-made deprivations, one column of 0, 1 and null an indicator.

        Parameters
        ----------
        frame : object that speaks Arrow (`__arrow_c_stream__`)
            pandas, polars, pyarrow, DuckDB, ...: one row a household, or a person under person identification.
        measure : Measure
            Each indicator's name is a column.
        weight : str or None
            Column of the expansion factor of a row; None for an unweighted analysis.
        by : str, sequence of str, or mapping of str to sequence of str
            Columns of codes to group by; in a mapping with the levels that there are, also where no row is in one.
        stratum, psu : str, optional
            Columns of the design; PSU codes may restart in each stratum. Without `psu` every row is its own.
        members : str, optional
            Column with the number of persons of a household; left out, a row is one person.
        single_psu : {"fail", "certainty", "centered", "scaled", "collapse"}
            What a stratum with one PSU adds to a variance.
        fpc : ("count" or "fraction", str), optional
            Column of the finite population correction of the row's stratum: its PSUs in the population (households,
            without `psu`), or the fraction of them that was drawn.
        ssu, ssu_fpc : str; ("count" or "fraction", str), optional
            Second stage, together with `fpc` and `psu`: column of the unit, left out the row, and the same for its PSU.
        collapse : mapping of str to str, optional
            With single_psu "collapse": for a stratum the one that it joins.
        collapse_order, collapse_within : str, optional
            Instead: columns of the place of the row's stratum in an order, and of the region that it keeps to.
        replicates, replication, replicates_are : sequence of str; Replication; {"combined", "factors"}, optional
            Columns of replicate weights, how they were made, and whether they hold weights or factors of the weight.
        calibration, design_weight : sequence of str; str, optional
            Columns of the variables to which the weight was calibrated, and of the weight before. Without `psu` the
            number of the row becomes the PSU's code, and such profiles do not add.
        census : bool
            Every unit was enumerated.
        rounds : {"independent", "same_psu", "rotating", "panel"}, optional
            How the sample relates to those of other periods.
        time : float, optional
            When it was, as a decimal year.

        Raises
        ------
        DataError
            If the frame does not speak Arrow, and of every fault of its columns.
        UsageError
            If arguments contradict one another.
        """
        design = FlagDesign(
            weight=weight,
            stratum=stratum,
            psu=psu,
            members=members,
            single_psu=single_psu,
            fpc=fpc,
            ssu=ssu,
            ssu_fpc=ssu_fpc,
            collapse=dict(collapse or {}),
            collapse_order=collapse_order,
            collapse_within=collapse_within,
            replicates=named_in(replicates),
            replication=replication,
            replicates_are=replicates_are,
            calibration=named_in(calibration),
            design_weight=design_weight,
            census=census,
            rounds=rounds,
        )
        levels, declared = levels_by(by), design.declared(measure)
        units = units_of_flags(frame, measure, design, by=levels)
        made = checked(
            build(
                with_levels(tallied(units, declared), levels),
                measure,
                flags_fingerprint(measure),
                survey=survey,
                period=period,
                declared=declared,
                time=time,
                counts={"rows": len(units.pattern)},
            )
        )
        return replace(made, sample=replace(made.sample, numbered=design.numbered))


def build(
    units: Units | Tabulation,
    measure: Measure,
    fingerprint: str,
    *,
    survey: str,
    period: str,
    declared: Declared = Declared(),  # noqa: B008  frozen
    rules: Mapping[str, str] | None = None,
    time: float | None = None,
    breaks: Mapping[str, str] | None = None,
    reliability: str | None = None,
    counts: Mapping[str, int] | None = None,
) -> DeprivationProfile:
    """The profile of one block of units; `checked` looks at the sum of all.

    Parameters
    ----------
    units : Units or Tabulation
        n rows, or what a `Tally` made of them.
    measure : Measure
        For the names.
    fingerprint : str
        Of the deprivation rules.
    survey, period : str
        What was read.
    declared : Declared
        The design. A census keeps nothing else of it; replicate weights stand for all the rest of it.
    rules, time, breaks, reliability
        As in `DeprivationProfile`.
    counts : mapping of str to int, optional
        Rows at every stage.

    Raises
    ------
    DataError
        If a finite population correction, or a stratum's place in the order, differs where it has to be one.
    ValueError
        If the units lack what the design declares, or have what it does not.
    """
    held = units if isinstance(units, Tabulation) else tallied(units, declared)
    check_shared(held.sample)
    return DeprivationProfile(
        measure=measure.name,
        survey=survey,
        period=period,
        indicators=measure.names,
        identification=measure.identification,
        fingerprint=fingerprint,
        domains=held.domains,
        sample=held.sample,
        cells=held.cells,
        counts=dict(counts or {}),
        notices=(),
        rules=dict(rules or {}),
        time=time,
        breaks=dict(breaks or {}),
        reliability=reliability,
        spaces=held.spaces,
    )


def checked(profile: DeprivationProfile) -> DeprivationProfile:
    """The profile of a whole survey, once all blocks are added: with the degrees of freedom of its replicates.

    Raises
    ------
    DataError
        If the population has fewer PSUs in a stratum, or second-stage units in a PSU, than were drawn.
    """
    return replace(profile, sample=checked_sample(profile.sample))


@public
def merge(profiles: Sequence[DeprivationProfile]) -> DeprivationProfile:
    """The profile of all households of several profiles together.

    Counts come out the same in whatever order the profiles are added, sums of weights to about 1e-15.

    Parameters
    ----------
    profiles : sequence of DeprivationProfile
        Of disjoint households of one survey, with the same measure, domains and design.

    Raises
    ------
    DataError
        If they differ in what they hold.
    UsageError
        If there is none.
    """
    if not profiles:
        raise UsageError(Fault("MPI-U111", None, phrase("there is no profile to add"), phrase("give one or more")))
    first, *others = profiles
    if not others:
        return first
    for other in others:
        _check_alike(first, other)
    if any(profile.sample.numbered for profile in profiles):
        text = phrase(
            "profiles do not add whose PSUs or second-stage units are called by the numbers of a table's rows"
        )
        raise DataError(Fault("MPI-D050", None, text, phrase("give columns with their codes, `psu` and `ssu`")))
    held = joined([Tabulation(p.domains, p.sample, p.cells, p.spaces) for p in profiles])
    counts = {key: sum(p.counts.get(key, 0) for p in profiles) for p in profiles for key in p.counts}
    notices = tuple(dict.fromkeys(notice for p in profiles for notice in p.notices))
    check_shared(held.sample)
    check_drawn(held.sample)
    return replace(
        first,
        domains=held.domains,
        sample=held.sample,
        cells=held.cells,
        counts=counts,
        notices=notices,
        spaces=held.spaces,
    )


def _check_alike(a: DeprivationProfile, b: DeprivationProfile) -> None:
    pairs = {
        "measure": (_rules(a, b), _rules(b, a)),
        "survey": (f"{a.survey} {a.period}".strip(), f"{b.survey} {b.period}".strip()),
        "domains": tuple(", ".join(f"{own.name} of {own.level}s" for own in p.domains) or "none" for p in (a, b)),
        "design": (a.sample.described, b.sample.described),
        "time": (a.time, b.time),
        "breaks": (dict(a.breaks), dict(b.breaks)),
        "reliability": (a.reliability, b.reliability),
    }
    differences = [f"{what} ({one} / {other})" for what, (one, other) in pairs.items() if one != other]
    if a.sample.declared != b.sample.declared and a.sample.described == b.sample.described:
        own, other = a.sample.declared, b.sample.declared
        parts = [part.name for part in fields(Declared) if getattr(own, part.name) != getattr(other, part.name)]
        differences.append(f"design ({', '.join(parts)})")
    if a.rules and b.rules:
        differences += differing(a.rules, b.rules, [domain.name for domain in (*a.domains, *b.domains)])
        differences += ["the order of the indicators"] if a.indicators != b.indicators else []
    if differences:
        text = phrase("profiles do not add that differ in {names}", names=", ".join(differences))
        raise DataError(
            Fault("MPI-D050", None, text, phrase("to compare two rounds, estimate each and compare the estimates"))
        )


def _rules(profile: DeprivationProfile, other: DeprivationProfile) -> str:
    """What kind of measure it was; its rules by their hash only where they cannot be told one by one."""
    indicators = counted(len(profile.indicators), "indicator")
    hashed = "" if profile.rules and other.rules else f", rules {profile.fingerprint}"
    return f"{profile.measure}, {indicators} of {profile.identification}s{hashed}"
