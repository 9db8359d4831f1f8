"""The deprivation profile: everything that Alkire-Foster can ask of a survey, small, and made to be added.

Scores, cutoffs, weights and sampling errors are functions of its cells, so the microdata are read once.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from mpi.errors import DataError, Fault, Notice, UsageError, phrase
from mpi.errors.arguments import public
from mpi.profile import files, shown
from mpi.profile.adding import joined, with_levels
from mpi.profile.cells import Cells, Domain, Tabulation
from mpi.profile.description import Described, check_alike, fields_of, header_of
from mpi.profile.drawn import check_drawn, check_shared, checked_sample
from mpi.profile.flags import FlagDesign, flags_fingerprint, levels_by, named_in, units_of_flags
from mpi.profile.marks import Mark
from mpi.profile.sample import Declared, Replication, Sample
from mpi.profile.selecting import by_domains, check_apart, of_levels, place_of
from mpi.profile.spaces import Spaces
from mpi.profile.tally import tallied
from mpi.profile.units import Units
from mpi.specs.indicators import amounts_of
from mpi.specs.lines import FoundLine
from mpi.specs.measure import Measure
from mpi.vocabulary.options import FpcKind, Level, ReplicateKind, Rounds, SinglePsu


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class DeprivationProfile:
    """A survey's deprivations, added up by domain, stratum, PSU and pattern.

    Profiles of disjoint households of one survey add: `p1 + p2` is the profile of both together.

    Attributes
    ----------
    measure, survey, period : str
    indicators : tuple of str
        In bit order.
    identification : {"household", "person"}
        Whose deprivations a pattern holds.
    fingerprint : str
        Of the deprivation rules; profiles with different ones do not add.
    domains : tuple of Domain
        The groups that the cells keep apart.
    sample : Sample
    cells : Cells
    counts : mapping of str to int
        Rows at every stage: read, with zero weight.
    notices : tuple of Notice
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
    marks : tuple of Mark
        Truths of the units beside their deprivations, from the highest bit of the patterns down.
    amounts : tuple of str
        Of `cells.amounts`, see `mpi.specs.indicators.amounts_of`.
    lines : tuple of FoundLine
        Relative income lines, as the survey's incomes have them.
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
    marks: tuple[Mark, ...] = ()
    amounts: tuple[str, ...] = ()
    lines: tuple[FoundLine, ...] = ()

    @property
    def _held(self) -> Tabulation:
        return Tabulation(self.domains, self.sample, self.cells, self.spaces)

    def _with(self, held: Tabulation) -> DeprivationProfile:
        return replace(self, domains=held.domains, sample=held.sample, cells=held.cells, spaces=held.spaces)

    @public
    def __add__(self, other: DeprivationProfile) -> DeprivationProfile:
        return merge([self, other])

    def __repr__(self) -> str:
        return shown.as_line(self.measure, self.survey, self.period, self._held)

    def _repr_html_(self) -> str:
        read = f"{self.survey} {self.period}".strip()
        about = [("measure", self.measure), ("survey", read), ("indicators", ", ".join(self.indicators))]
        return shown.as_html(about, self._held, self.notices)

    @public
    def domain(self, name: str) -> int:
        """The place of a domain in `domains`.

        Raises
        ------
        UsageError
            If the profile was not built with it.
        """
        return place_of(name, self.domains)

    @public
    def filter(self, **levels: str | Iterable[str]) -> DeprivationProfile:
        """The profile of some levels of some domains, for each the codes to keep; the design stays whole.

        Raises
        ------
        UsageError
            If a domain or a code is not in the profile, the weights are calibrated, or a relative income line is in it.
        """
        check_apart(self.sample, lines=bool(self.lines))
        return self._with(of_levels(self._held, levels))

    @public
    def keep_domains(self, names: Sequence[str]) -> DeprivationProfile:
        """The profile by some of its domains only, with cells added up over the others.

        Raises
        ------
        UsageError
            If the profile was not built with one of them.
        """
        return self._with(by_domains(self._held, names))

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
        files.write(Path(path), header_of(self), self._held, overwrite=overwrite)

    @classmethod
    @public
    def read(cls, path: str | Path) -> DeprivationProfile:
        """Read a profile that `write` wrote.

        Raises
        ------
        DataError
            If the file is not a whole profile.
        """
        header, held = files.read(Path(path))
        return cls(**fields_of(header), domains=held.domains, sample=held.sample, cells=held.cells, spaces=held.spaces)

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
        held = with_levels(tallied(units, declared), levels)
        made, n = flags_fingerprint(measure), {"rows": len(units.pattern)}
        whole = build(held, measure, made, survey=survey, period=period, declared=declared, time=time, counts=n)
        done = checked(whole)
        return replace(done, sample=replace(done.sample, numbered=design.numbered))


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
    marks: tuple[Mark, ...] = (),
    lines: tuple[FoundLine, ...] = (),
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
    rules, time, breaks, reliability, counts, marks, lines
        As in `DeprivationProfile`.

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
        marks=marks,
        amounts=amounts_of(measure.indicators) if held.cells.amounts is not None else (),
        lines=lines,
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
        check_alike(*(Described(header_of(own), own._held) for own in (first, other)))
    if any(profile.sample.numbered for profile in profiles):
        text = phrase(
            "profiles cannot be added if their PSUs or second-stage units are identified by the row numbers of a table"
        )
        raise DataError(Fault("MPI-D050", None, text, phrase("give columns with their codes, `psu` and `ssu`")))
    held = joined([profile._held for profile in profiles])
    counts = {key: sum(p.counts.get(key, 0) for p in profiles) for p in profiles for key in p.counts}
    notices = tuple(dict.fromkeys(notice for p in profiles for notice in p.notices))
    check_shared(held.sample)
    check_drawn(held.sample)
    return replace(first._with(held), counts=counts, notices=notices)
