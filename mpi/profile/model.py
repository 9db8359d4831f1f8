"""The deprivation profile: everything that Alkire-Foster can ask of a survey, small, and made to be added.

Scores, cutoffs, weights and sampling errors are functions of its cells, so the microdata are read once.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import MappingProxyType

import numpy as np

from mpi.errors import DataError, Fault, Notice, UsageError, counted, listed, nearest
from mpi.measure import Identification, Measure
from mpi.profile import files
from mpi.profile.adding import Units, grouped, joined, tabulated
from mpi.profile.cells import Cells, Domain, Tabulation, selected
from mpi.profile.flags import flags_fingerprint, units_of_flags
from mpi.profile.sample import Declared, Sample
from mpi.variance import SinglePsu


@dataclass(frozen=True, slots=True, eq=False)
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
    """

    measure: str
    survey: str
    period: str
    indicators: tuple[str, ...]
    identification: Identification
    fingerprint: str
    domains: tuple[Domain, ...]
    sample: Sample
    cells: Cells
    counts: Mapping[str, int] = field(default_factory=dict)
    notices: tuple[Notice, ...] = ()
    measure_rules: str = ""
    time: float | None = None
    breaks: Mapping[str, str] = field(default_factory=dict)
    reliability: str | None = None

    def __add__(self, other: DeprivationProfile) -> DeprivationProfile:
        return merge([self, other])

    def __repr__(self) -> str:
        cells = self.cells
        return (
            f"DeprivationProfile({self.measure!r}, {self.survey!r}, {self.period!r}: "
            f"{counted(int(cells.persons.sum()), 'person')}, {counted(int(cells.households.sum()), 'household')}, "
            f"{counted(len(cells), 'cell')}; domains: {', '.join(d.name for d in self.domains) or 'none'})"
        )

    def domain(self, name: str) -> int:
        """The place of a domain in `domains`.

        Raises
        ------
        UsageError
            If the profile was not built with it.
        """
        names = [domain.name for domain in self.domains]
        if name not in names:
            remedy = nearest(name, names) or f"the profile has {', '.join(names) or 'no domains'}"
            raise UsageError(Fault("MPI-E002", None, f"the profile has no domain {name!r}", remedy))
        return names.index(name)

    def filter(self, **levels: str | Iterable[str]) -> DeprivationProfile:
        """The profile of some levels of some domains; the design stays whole.

        Parameters
        ----------
        **levels : str or iterable of str
            For each domain the codes to keep.

        Raises
        ------
        UsageError
            If a domain or a code is not in the profile.
        """
        keep = np.ones(len(self.cells), np.bool_)
        for name, wanted in levels.items():
            place = self.domain(name)
            labels = self.domains[place].labels
            codes = {wanted} if isinstance(wanted, str) else set(wanted)
            for code in sorted(codes.difference(labels)):
                remedy = nearest(code, labels) or f"there are {listed(labels)}"
                raise UsageError(Fault("MPI-E003", None, f"the domain {name!r} has no code {code!r}", remedy))
            keep &= np.array([label in codes for label in labels], np.bool_)[self.cells.domains[:, place]]
        return replace(self, cells=selected(self.cells, keep))

    def keep_domains(self, names: Sequence[str]) -> DeprivationProfile:
        """The profile by some of its domains only, with cells added up over the others.

        Raises
        ------
        UsageError
            If the profile was not built with one of them.
        """
        places = [self.domain(name) for name in names]
        cells = replace(self.cells, domains=self.cells.domains[:, places])
        return replace(self, domains=tuple(self.domains[i] for i in places), cells=grouped(cells))

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
        about = {
            "measure": self.measure, "survey": self.survey, "period": self.period, "indicators": self.indicators,
            "identification": self.identification, "fingerprint": self.fingerprint, "counts": dict(self.counts),
            "notices": [[notice.code, notice.text] for notice in self.notices],
        }  # fmt: skip
        files.write(Path(path), about, _tabulation(self), overwrite=overwrite)

    @classmethod
    def read(cls, path: str | Path) -> DeprivationProfile:
        """Read a profile that `write` wrote.

        Raises
        ------
        DataError
            If the file is not a whole profile.
        """
        about, held = files.read(Path(path))
        return cls(
            about["measure"], about["survey"], about["period"], tuple(about["indicators"]), about["identification"],
            about["fingerprint"], held.domains, held.sample, held.cells, about["counts"],
            tuple(Notice(code, text) for code, text in about["notices"]),
        )  # fmt: skip

    @classmethod
    def from_flags(
        cls, frame: object, measure: Measure, *, weight: str | None, by: str | Sequence[str] = (),
        stratum: str | None = None, psu: str | None = None, members: str | None = None,
        single_psu: SinglePsu = "fail", survey: str = "flags", period: str = "",
    ) -> DeprivationProfile:  # fmt: skip
        """The profile of ready-made deprivations, one column of 0, 1 and null an indicator.

        Parameters
        ----------
        frame : object that speaks Arrow (`__arrow_c_stream__`)
            pandas, polars, pyarrow, DuckDB, ...: one row a household, or a person under person identification.
        measure : Measure
            Each indicator's name is a column.
        weight : str or None
            Column of the expansion factor of a row; None for an unweighted analysis.
        by : str or sequence of str
            Columns of codes to group by.
        stratum, psu : str, optional
            Columns of the design; PSU codes may restart in each stratum. Without `psu` every row is its own.
        members : str, optional
            Column with the number of persons of a household; left out, a row is one person.
        single_psu : {"fail", "certainty", "centered", "scaled"}
            What a stratum with one PSU adds to a variance.

        Raises
        ------
        DataError
            With every fault of the columns.
        TypeError
            If the frame does not speak Arrow.
        """
        names = (by,) if isinstance(by, str) else tuple(dict.fromkeys(by))
        units = units_of_flags(frame, measure, weight=weight, by=names, stratum=stratum, psu=psu, members=members)
        declared = Declared(single_psu, weighted=weight is not None)
        return build(units, measure, flags_fingerprint(measure), survey=survey, period=period, declared=declared,
                     counts={"rows": len(units.pattern)})  # fmt: skip


def build(
    units: Units, measure: Measure, fingerprint: str, *, survey: str, period: str, declared: Declared,
    measure_rules: str = "", time: float | None = None, breaks: Mapping[str, str] = MappingProxyType({}),
    reliability: str | None = None, counts: Mapping[str, int] | None = None,
) -> DeprivationProfile:  # fmt: skip
    """The profile of one block of units.

    Parameters
    ----------
    units : Units
        n rows.
    measure : Measure
        For the names.
    fingerprint : str
        Of the deprivation rules.
    survey, period : str
        What was read.
    declared : Declared
        What the design says of itself.
    counts : mapping of str to int, optional
        Rows at every stage.
    """
    held = tabulated(units, single_psu=declared.single_psu, census=declared.census, weighted=declared.weighted)
    return DeprivationProfile(
        measure.name, survey, period, measure.names, measure.identification, fingerprint, held.domains,
        replace(held.sample, declared=declared), held.cells, dict(counts or {}), (), measure_rules, time, dict(breaks),
        reliability,
    )  # fmt: skip


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
    ValueError
        If there is none.
    """
    if not profiles:
        raise ValueError("there is no profile to add")
    first, *others = profiles
    if not others:
        return first
    for other in others:
        _check_alike(first, other)
    held = joined([_tabulation(profile) for profile in profiles])
    counts = {key: sum(p.counts.get(key, 0) for p in profiles) for p in profiles for key in p.counts}
    notices = tuple(dict.fromkeys(notice for p in profiles for notice in p.notices))
    return replace(first, domains=held.domains, sample=held.sample, cells=held.cells, counts=counts, notices=notices)


def _tabulation(profile: DeprivationProfile) -> Tabulation:
    return Tabulation(profile.domains, profile.sample, profile.cells)


def _check_alike(a: DeprivationProfile, b: DeprivationProfile) -> None:
    pairs = {
        "measure": (_rules(a), _rules(b)),
        "survey": (f"{a.survey} {a.period}".strip(), f"{b.survey} {b.period}".strip()),
        "domains": (_domains(a), _domains(b)),
        "design": (_design(a.sample), _design(b.sample)),
    }
    differences = [f"{what} ({one} / {other})" for what, (one, other) in pairs.items() if one != other]
    if differences:
        text = f"profiles do not add that differ in {', '.join(differences)}"
        raise DataError(Fault("MPI-D050", None, text, "to compare two rounds, estimate each and compare the estimates"))


def _rules(profile: DeprivationProfile) -> str:
    indicators = counted(len(profile.indicators), "indicator")
    return f"{profile.measure}, {indicators} of {profile.identification}s, rules {profile.fingerprint}"


def _domains(profile: DeprivationProfile) -> str:
    return ", ".join(f"{domain.name} of {domain.level}s" for domain in profile.domains) or "none"


def _design(sample: Sample) -> str:
    if sample.census:
        return "census"
    parts = ["PSUs" if sample.clustered else "no PSUs", "weights" if sample.weighted else "no weights"]
    return ", ".join([*parts, f"single_psu: {sample.single_psu}"])
