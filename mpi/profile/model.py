"""What a deprivation profile holds: everything that Alkire-Foster can ask of a survey, small, and made to be added.

A cell counts the units of one domain, stratum, PSU and pattern. Scores, cutoffs, weights and sampling errors are
functions of the cells, so the microdata are read once. The PSUs drawn are kept apart from the cells: rows may vanish,
PSUs never.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from mpi.errors import Fault, Notice, UsageError, counted, listed, nearest
from mpi.measure import Identification, Measure
from mpi.rules import Level
from mpi.survey import SinglePsu

MISSING_LEVEL = "(missing)"


@dataclass(frozen=True, slots=True)
class Domain:
    """A grouping of the units: its name, its level, and its codes as text, ascending."""

    name: str
    level: Level
    labels: tuple[str, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Sample:
    """The sampling design as drawn, whatever becomes of the rows.

    Attributes
    ----------
    strata : tuple of str
        Codes of the strata, ascending; one empty code if there are none.
    psus : int64, shape (strata,)
        Number of PSUs drawn in each stratum.
    psu_stratum : int64, shape (P,)
        Stratum of each PSU; empty if every household is its own PSU.
    psu_labels : tuple of str
        Codes of the PSUs; empty likewise.
    single_psu : str
        What a stratum with a single PSU adds to a variance.
    census, weighted : bool
        Whether there is no sampling; whether there are expansion factors.
    """

    strata: tuple[str, ...]
    psus: NDArray[np.int64]
    psu_stratum: NDArray[np.int64]
    psu_labels: tuple[str, ...]
    single_psu: SinglePsu = "fail"
    census: bool = False
    weighted: bool = True

    @property
    def clustered(self) -> bool:
        """Whether PSUs are kept by name; otherwise every household is its own PSU."""
        return bool(self.psu_labels)


@dataclass(frozen=True, slots=True, eq=False)
class Cells:
    """Units of one domain, stratum, PSU and pattern, added up; sorted by these keys, each once.

    Attributes
    ----------
    domains : int64, shape (c, number of domains)
        Code of each domain.
    stratum, psu : int64, shape (c,)
        Into `Sample.strata` and `Sample.psu_labels`; psu is 0 where households are their own PSUs.
    pattern, unknown : uint64, shape (c,)
        Bit j: indicator j is deprived; is unknown.
    persons, households : int64, shape (c,)
        Unweighted units with a positive weight.
    person_weight, household_weight : float64, shape (c,)
        Sums of weights over persons and over households.
    person_squares, household_squares : float64, shape (c,)
        Sums over households of the square of their weight (of all their persons together; of the household): the
        variance of households that are their own PSUs needs no more.
    """

    domains: NDArray[np.int64]
    stratum: NDArray[np.int64]
    psu: NDArray[np.int64]
    pattern: NDArray[np.uint64]
    unknown: NDArray[np.uint64]
    persons: NDArray[np.int64]
    households: NDArray[np.int64]
    person_weight: NDArray[np.float64]
    household_weight: NDArray[np.float64]
    person_squares: NDArray[np.float64]
    household_squares: NDArray[np.float64]

    def __len__(self) -> int:
        return len(self.pattern)


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
    sample : Sample
    cells : Cells
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

    def __add__(self, other: DeprivationProfile) -> DeprivationProfile:
        from mpi.profile.adding import merge

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
        domains = list(self.domains)
        for name, wanted in levels.items():
            place = self.domain(name)
            labels = self.domains[place].labels
            codes = (wanted,) if isinstance(wanted, str) else tuple(wanted)
            for code in codes:
                if code not in labels:
                    remedy = nearest(code, labels) or f"there are {listed(labels)}"
                    raise UsageError(Fault("MPI-E003", None, f"the domain {name!r} has no code {code!r}", remedy))
            keep &= np.array([label in codes for label in labels])[self.cells.domains[:, place]]
        return replace(self, domains=tuple(domains), cells=_select(self.cells, keep))

    def keep_domains(self, names: Sequence[str]) -> DeprivationProfile:
        """The profile by some of its domains only, with cells added up over the others."""
        from mpi.profile.adding import grouped

        places = [self.domain(name) for name in names]
        cells = replace(self.cells, domains=self.cells.domains[:, places])
        return replace(self, domains=tuple(self.domains[i] for i in places), cells=grouped(cells))

    def write(self, path: str | Path, *, overwrite: bool = False) -> None:
        """Write the profile to a Parquet file, whole or not at all.

        Parameters
        ----------
        path : str or Path
        overwrite : bool
            Whether a file of that name may be replaced.
        """
        from mpi.profile.files import write

        write(self, Path(path), overwrite=overwrite)

    @classmethod
    def read(cls, path: str | Path) -> DeprivationProfile:
        """Read a profile that `write` wrote.

        Raises
        ------
        DataError
            If the file is not a whole profile.
        """
        from mpi.profile.files import read

        return read(Path(path))

    @classmethod
    def from_flags(
        cls, frame: object, measure: Measure, *, weight: str | None, by: Sequence[str] = (), stratum: str | None = None,
        psu: str | None = None, members: str | None = None, single_psu: SinglePsu = "fail", survey: str = "flags",
        period: str = "",
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
        by : sequence of str
            Columns of codes to group by.
        stratum, psu : str, optional
            Columns of the design; PSU codes may restart in each stratum.
        members : str, optional
            Column with the number of persons of a household; left out, a row is one person.
        single_psu : {"fail", "certainty", "centered", "scaled"}
            What a stratum with one PSU adds to a variance.

        Raises
        ------
        DataError
            With every fault of the columns.
        """
        from mpi.profile.flags import from_flags

        return from_flags(frame, measure, weight=weight, by=by, stratum=stratum, psu=psu, members=members,
                          single_psu=single_psu, survey=survey, period=period)  # fmt: skip


def _select(cells: Cells, keep: NDArray[np.bool_]) -> Cells:
    return Cells(*(getattr(cells, name)[keep] for name in Cells.__dataclass_fields__))
