"""The profile of sequences of patterns: what editions of a register or panel say of the same units, added up.

Its cells are those of a profile, by domain, stratum and PSU, of sequences instead of patterns: an earlier pattern, a
later one, and whether the unit was there at all. So it adds, it can be saved, and every figure of movements is a
function of it, with the errors that the machine of the estimates gives.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mpi.errors import DataError, Fault, Notice, UsageError
from mpi.errors.arguments import public
from mpi.language import joined as joined_texts
from mpi.language import kept, phrase, restored
from mpi.notebook import html_table
from mpi.profile import DeprivationProfile, Domain, Tabulation, files
from mpi.profile.adding import joined
from mpi.profile.cells import grouped
from mpi.vocabulary.options import EditionWeights, Level, Link

TWO = 2
WHAT = "panel"
ALIKE = ("measure", "surveys", "periods", "indicators", "identification", "rules", "link", "weights", "domains_of")


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Sequences:
    """The s sequences of patterns of a panel over T editions.

    Attributes
    ----------
    pattern, unknown : uint64, shape (s, T)
        As in a profile; 0 where a unit is not there.
    present : bool, shape (s, T)
    adjusts : bool, shape (s,)
        True for what is no unit: the weight by which that of a unit in its other edition differs from the one that
        counts, so that each edition adds up to itself.
    """

    pattern: NDArray[np.uint64]
    unknown: NDArray[np.uint64]
    present: NDArray[np.bool_]
    adjusts: NDArray[np.bool_]

    def __len__(self) -> int:
        return len(self.adjusts)

    @property
    def editions(self) -> int:
        """Their number T."""
        return int(self.present.shape[1])

    def columns(self) -> list[NDArray[Any]]:
        """All that tells sequences apart, as whole numbers of 0 or more; shape (s,) each."""
        flags = (self.present @ (1 << np.arange(self.editions)) * TWO + self.adjusts).astype(np.uint64)
        return [*(flags[None]), *self.pattern.T, *self.unknown.T]

    def take(self, rows: NDArray[np.int64]) -> Sequences:
        """Some of them."""
        return Sequences(
            pattern=self.pattern[rows],
            unknown=self.unknown[rows],
            present=self.present[rows],
            adjusts=self.adjusts[rows],
        )


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Panel:
    """Editions of a register, or rounds of a panel, joined by key and added up.

    Panels of other units of the same editions add: `mpi.merge_panels`.

    Attributes
    ----------
    measure : str
    surveys, periods : tuple of str
        Of the editions, in their order.
    indicators : tuple of str
        In bit order.
    identification : {"household", "person"}
        Whose deprivations a pattern holds.
    rules : mapping of str to str
        A hash of each rule of the measure; see `DeprivationProfile`.
    link : {"persons", "same_key", "same_head", "majority", "pooled_majority"}
        How units were linked.
    weights, domains_of : {"earlier", "later"}
        Whose weights, strata and PSUs, and whose domains count; those of the other edition for units that are there
        alone.
    held : Tabulation
        Domains, design and cells; the `pattern` of a cell is the place of its sequence.
    sequences : Sequences
    counts : mapping of str to int
        Units and rows at every stage.
    notices : tuple of Notice
    """

    measure: str
    surveys: tuple[str, ...]
    periods: tuple[str, ...]
    indicators: tuple[str, ...]
    identification: Level
    rules: Mapping[str, str]
    link: Link
    weights: EditionWeights
    domains_of: EditionWeights
    held: Tabulation
    sequences: Sequences
    counts: Mapping[str, int] = field(default_factory=dict)
    notices: tuple[Notice, ...] = ()

    @property
    def domains(self) -> tuple[Domain, ...]:
        """The groups that cells keep apart."""
        return self.held.domains

    @property
    def unit(self) -> str:
        """What is followed: `persons` or `households`."""
        return "persons" if self.link == "persons" else "households"

    def __len__(self) -> int:
        return len(self.held.cells)

    def __repr__(self) -> str:
        told = ", ".join(f"{name} {number:,}" for name, number in self.counts.items())
        spans = " - ".join(self.periods)
        return f"Panel({self.measure!r}, {spans}, link={self.link!r}: {len(self):,} cells; {told})"

    def _repr_html_(self) -> str:
        rows = [("measure", self.measure), ("editions", ", ".join(self.surveys)), ("link", self.link)]
        rows += [("weights", self.weights), ("domains", ", ".join(one.name for one in self.domains))]
        rows += [(name, f"{number:,}") for name, number in self.counts.items()]
        return html_table(f"Panel: {len(self):,}", (), rows)

    def _as_profile(self) -> DeprivationProfile:
        """The cells as a profile, of which a pattern is the place of a sequence."""
        return DeprivationProfile(
            measure=self.measure,
            survey=" - ".join(dict.fromkeys(self.surveys)),
            period=" - ".join(self.periods),
            indicators=self.indicators,
            identification=self.identification,
            fingerprint="",
            domains=self.held.domains,
            sample=self.held.sample,
            cells=self.held.cells,
            counts=self.counts,
            notices=self.notices,
            rules=self.rules,
        )

    @public
    def __add__(self, other: Panel) -> Panel:
        return merge_panels([self, other])

    @public
    def write(self, path: str | Path, *, overwrite: bool = False) -> None:
        """Write the panel to a Parquet file, whole or not at all, for its owner alone.

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
        about: dict[str, Any] = {name: getattr(self, name) for name in ALIKE}
        about |= {"rules": dict(self.rules), "counts": dict(self.counts), "kind": WHAT}
        about["notices"] = [[one.code, kept(one.text)] for one in self.notices]
        own = self.sequences
        more = {"pattern": own.pattern, "unknown": own.unknown}
        more |= {"present": own.present.astype(np.uint8), "adjusts": own.adjusts.astype(np.uint8)}
        files.write(Path(path), about, self.held, overwrite=overwrite, more=more)

    @classmethod
    @public
    def read(cls, path: str | Path) -> Panel:
        """Read a panel that `write` wrote.

        Raises
        ------
        DataError
            If the file is not a whole panel.
        """
        about, held, more = files.read_more(Path(path), kind=WHAT)
        editions = len(about["periods"])
        own = Sequences(
            pattern=more["pattern"].view(np.uint64).reshape(-1, editions),
            unknown=more["unknown"].view(np.uint64).reshape(-1, editions),
            present=more["present"].reshape(-1, editions).astype(np.bool_),
            adjusts=more["adjusts"].astype(np.bool_),
        )
        texts: dict[str, Any] = {name: tuple(about[name]) for name in ("surveys", "periods", "indicators")}
        notices = tuple(Notice(code, restored(text)) for code, text in about["notices"])
        kept_as_is: dict[str, Any] = {name: about[name] for name in (*ALIKE, "counts") if name not in texts}
        return cls(**kept_as_is, **texts, held=held, sequences=own, notices=notices)


@public
def merge_panels(panels: Sequence[Panel]) -> Panel:
    """The panel of all units of several together.

    Parameters
    ----------
    panels : sequence of Panel
        Of disjoint units of the same editions.

    Raises
    ------
    DataError
        If they are of other editions, rules, links, weights or domains.
    UsageError
        If there is none.
    """
    if not panels:
        raise UsageError(Fault("MPI-U111", None, phrase("there is no panel to add"), phrase("give one or more")))
    first, *others = panels
    if not others:
        return first
    for other in others:
        differ = [name for name in ALIKE if getattr(first, name) != getattr(other, name)]
        if [one.name for one in first.domains] != [one.name for one in other.domains]:
            differ.append("domains")
        if first.held.sample.declared != other.held.sample.declared:
            differ.append("design")
        if differ:
            text = phrase("panels cannot be added: they differ in {names}", names=joined_texts(differ, ", "))
            remedy = phrase("make them of the same editions, with the same measure and options")
            raise DataError(Fault("MPI-D263", None, text, remedy))
    whole = Sequences(
        **{
            name: np.concatenate([getattr(one.sequences, name) for one in panels])
            for name in ("pattern", "unknown", "present", "adjusts")
        }
    )
    starts = np.cumsum([0, *(len(one.sequences) for one in panels)])
    parts = []
    for start, one in zip(starts.tolist(), panels, strict=False):
        cells = one.held.cells
        parts.append(replace(one.held, cells=replace(cells, pattern=cells.pattern + np.uint64(start))))
    counts = {
        name: sum(one.counts.get(name, 0) for one in panels)
        for name in dict.fromkeys(name for one in panels for name in one.counts)
    }
    notices = tuple(dict.fromkeys(notice for one in panels for notice in one.notices))
    held, sequences = compressed(joined(parts), whole)
    return replace(first, held=held, sequences=sequences, counts=counts, notices=notices)


def compressed(held: Tabulation, sequences: Sequences) -> tuple[Tabulation, Sequences]:
    """Cells whose sequences are each there once, in an order that depends on them alone, none of them unused."""
    used = np.unique(held.cells.pattern).astype(np.int64)
    columns = [column[used] for column in sequences.columns()]
    order = np.lexsort(columns[::-1])
    changes = np.zeros(len(used), np.bool_)
    changes[:1] = True
    for column in columns:
        own = column[order]
        changes[1:] |= own[1:] != own[:-1]
    place = np.zeros(len(sequences), np.int64)
    place[used[order]] = np.cumsum(changes) - 1
    cells = replace(held.cells, pattern=place[held.cells.pattern.astype(np.int64)].astype(np.uint64))
    return replace(held, cells=grouped(cells)), sequences.take(used[order][changes])
