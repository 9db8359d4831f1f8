"""A register brought up to date: the profile of its later edition from changed, new and gone households alone.

Profiles add, so they subtract: out goes what the changed and the gone households were, in comes what the changed are
and the new ones. The rest of the register is not read again.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa

from mpi.columns.values import Ints, not_none
from mpi.errors import DataError, Fault, UsageError, counted
from mpi.errors.arguments import public
from mpi.following.books import Book, Books
from mpi.following.editions import Asked, file_numbers, read_edition
from mpi.following.joining import codes_of
from mpi.following.keys import key_array
from mpi.language import number_phrase, phrase, template
from mpi.pipeline.finishing import finished
from mpi.pipeline.passing import Data, opened, profile_of, running_with
from mpi.pipeline.preparing import Prepared, prepared
from mpi.profile import Cells, DeprivationProfile, Domain, Tabulation, selected, with_levels
from mpi.profile.adding import joined
from mpi.profile.cells import arrays
from mpi.profile.description import Described, check_alike, header_of
from mpi.profile.labels import places
from mpi.profile.marks import PROGRAMME
from mpi.source import OpenedSurvey, unchanged
from mpi.specs.children import CHILD, CHILDREN
from mpi.specs.measure import Measure
from mpi.specs.survey import Survey

SUMS = ("persons", "households", "person_weight", "household_weight", "person_squares", "household_squares")
# What to do about households of the first that are not in the second.
LACKING: Mapping[tuple[str, str], str] = {
    ("before", "after"): template(
        "give those that are no longer in the register as `gone`, with the rows that they had"
    ),
    ("after", "before"): template("give those that were not in the register as `new`"),
    ("before", "register"): template("give those that were not in the register as `new`, with the rows that they have"),
    ("gone", "register"): template("leave out those that were not in the register"),
}
SLIGHT = 1e-9  # of a cell's weight: what is below 0 by less is rounding


@dataclass(frozen=True, slots=True)
class Part:
    """Some households of a register, as they were or as they are.

    Attributes
    ----------
    name : str
        What messages call it.
    profile : DeprivationProfile
    keys : pyarrow.Table
    """

    name: str
    profile: DeprivationProfile
    keys: pa.Table


@public
def update(
    profile: DeprivationProfile,
    survey: Survey,
    measure: Measure,
    *,
    before: Data | None = None,
    after: Data | None = None,
    gone: Data | None = None,
    new: Data | None = None,
    register: Data | None = None,
    threads: int | None = None,
    memory: int | str | None = None,
) -> DeprivationProfile:
    """The profile of a register's later edition, from that of the earlier one and the households that differ.

    Parameters
    ----------
    profile : DeprivationProfile
        Of the earlier edition; of a register, that is with `census: true` in the survey's design.
    survey : Survey
        The later edition; its tables hold the rows of some households, whole.
    measure : Measure
        By which the profile was made.
    before, after : str, Path or mapping, optional
        The data of the households that changed, as they were and as they are: the same households.
    gone : str, Path or mapping, optional
        Those that are no longer in the register, as they were.
    new : str, Path or mapping, optional
        Those that were not in it, as they are.
    register : str, Path or mapping, optional
        The data of the earlier edition, of which the keys of households alone are read: whoever changed or is gone must
        be there, whoever is new must not. Left out, keys are compared between the parts, and what is taken out with
        the cells of the profile.
    threads, memory
        As for `deprivation_profile`.

    Returns
    -------
    DeprivationProfile
        Exactly that of the later edition: counts, and sums of whole weights, to the last digit; sums of others to
        rounding.

    Raises
    ------
    UsageError
        If nothing differs, one of `before` and `after` is missing, or the profile is of a sample.
    DataError
        If `before` and `after` are not of the same households, a household is in two of the parts or twice in one,
        a key is not in the register or a new one is, or what is taken out is not in the profile; and as
        `deprivation_profile`.
    """
    given = {"before": before, "after": after, "gone": gone, "new": new}
    _check(profile, survey, given)
    running = running_with(threads, None, memory)
    names = [domain.name for domain in profile.domains] + _of_marks(profile)
    parts: dict[str, Part] = {}
    ready: Prepared | None = None
    for name, data in given.items():
        if data is None:
            continue
        files = opened(survey, measure, data, names)
        with unchanged(files.states):  # the rows are read twice: for the profile, and for the keys
            one = prepared(files, measure, names)
            made = profile_of(files, measure, domains=names, running=running)
            parts[name] = Part(name, made, _keys(one))
        ready = one if name in ("after", "new") or ready is None else ready
    _check_keys(parts, None if register is None else _register_keys(opened(survey, measure, register, names)))
    return _updated(profile, parts, not_none(ready))


def _check(profile: DeprivationProfile, survey: Survey, given: Mapping[str, object]) -> None:
    faults = []
    if all(data is None for data in given.values()):
        text = phrase("no household is changed, new or gone")
        faults.append(Fault("MPI-E263", None, text, phrase("give --before and --after, --new or --gone")))
    if (given["before"] is None) != (given["after"] is None):
        text = phrase("households that changed are given as they were or as they are, but not both")
        faults.append(Fault("MPI-E263", None, text, phrase("give --before and --after, for the same households")))
    if not profile.sample.census:
        text = phrase("the profile is of a sample: its weights belong to all of it, so households cannot be exchanged")
        remedy = phrase(
            "update registers alone; if all are enumerated, write `census: true` in the survey's `design:`, and make "
            "the profile again"
        )
        faults.append(Fault("MPI-E263", survey.design.place, text, remedy))
    if faults:
        raise UsageError(*faults)


def _of_marks(profile: DeprivationProfile) -> list[str]:
    """The programmes, and the children, that a profile keeps marks of."""
    own = [mark.name for mark in profile.marks]
    programmes = [name.removeprefix(PROGRAMME) for name in own if name.startswith(PROGRAMME)]
    return programmes + ([CHILDREN] if CHILD in own else [])


def _keys(ready: Prepared) -> pa.Table:
    """The key of each household."""
    key = tuple(ready.opened.survey.tables["households"].key)
    books = Books(domains={name: Book() for name, _ in ready.plan.domains})
    household = replace(ready, by_person=False, plan=replace(ready.plan, domains=()))
    edition = read_edition(
        household, Asked(by_person=False, key=key), books, running_with(1, None, None), file_numbers()
    )
    rows = pa.Table.from_batches([handle.bucket(0) for handle in edition.units])
    return rows.select(list(range(len(key))))


def _register_keys(files: OpenedSurvey) -> pa.Table:
    """The keys of all households of a register."""
    key = files.survey.tables["households"].key
    names = [files.read_name("households", column) for column in key]
    with unchanged(files.states):
        whole = files.held("households").whole(names)
        values = [files.cleaned(column, whole[name]) for column, name in zip(key, names, strict=True)]
        return pa.table({f"key{i}": key_array(one) for i, one in enumerate(values)})


def _check_keys(parts: Mapping[str, Part], register: pa.Table | None) -> None:
    """Refuse households in two parts, changed ones that are not in both, and those that the register belies."""
    tables = {name: part.keys for name, part in parts.items()} | ({} if register is None else {"register": register})
    code = codes_of(list(tables.values()))[0]
    edges = np.cumsum([0, *(table.num_rows for table in tables.values())])
    own: dict[str, Ints] = {
        name: np.unique(code[a:b]) for name, a, b in zip(tables, edges[:-1].tolist(), edges[1:].tolist(), strict=True)
    }
    faults = []
    for one, other in (("before", "after"), ("after", "before"), ("before", "register"), ("gone", "register")):
        if one in own and other in own and (number := int(np.count_nonzero(~np.isin(own[one], own[other])))):
            text = number_phrase(
                number,
                "{number} household of `{one}` is not in `{other}`",
                "{number} households of `{one}` are not in `{other}`",
                one=one,
                other=other,
            )
            faults.append(Fault("MPI-D264", None, text, phrase(LACKING[one, other])))
    for one, other in (
        ("before", "gone"),
        ("after", "new"),
        ("gone", "new"),
        ("before", "new"),
        ("after", "gone"),
        ("new", "register"),
    ):
        if one in own and other in own and (number := int(np.count_nonzero(np.isin(own[one], own[other])))):
            text = number_phrase(
                number,
                "{number} household is in `{one}` and in `{other}`",
                "{number} households are in `{one}` and in `{other}`",
                one=one,
                other=other,
            )
            faults.append(Fault("MPI-D264", None, text, phrase("give each household once: as changed, gone or new")))
    if faults:
        raise DataError(*faults)


def _updated(profile: DeprivationProfile, parts: Mapping[str, Part], ready: Prepared) -> DeprivationProfile:
    """The profile with some households taken out, and others put in."""
    model = next(iter(parts.values())).profile
    base = replace(
        profile,
        survey=model.survey,
        period=model.period,
        time=model.time,
        breaks=model.breaks,
        reliability=model.reliability,
    )
    for part in parts.values():
        check_alike(*(Described(header_of(own), own._held) for own in (base, part.profile)))
    signs = {"before": -1, "gone": -1, "after": 1, "new": 1}
    whole = joined([base._held, *(_times(part.profile._held, signs[name]) for name, part in parts.items())])
    _check_there(whole.cells)
    left = (whole.cells.persons != 0) | (whole.cells.households != 0)
    untouched = ~_among(whole, [part.profile._held for part in parts.values()])
    held = _used(replace(whole, cells=selected(whole.cells, left | untouched)))
    counts = dict(base.counts)
    for name, part in parts.items():
        for what, number in part.profile.counts.items():
            counts[what] = counts.get(what, 0) + signs[name] * number
    held = with_levels(held, ready.opened.survey.levels)
    return finished(ready, replace(base._with(held), counts=counts, notices=()))


def _times(held: Tabulation, sign: int) -> Tabulation:
    """A tabulation with sums of the other sign, or of 0."""
    own = arrays(held.cells)
    return replace(held, cells=Cells(**{name: sign * array if name in SUMS else array for name, array in own.items()}))


def _check_there(cells: Cells) -> None:
    """Refuse to take out what is not there."""
    scale = SLIGHT * np.maximum(1.0, np.abs(cells.person_weight).max(initial=1.0))
    lacking = (cells.persons < 0) | (cells.households < 0) | (cells.person_weight < -scale)
    if lacking.any():
        households = int(-cells.households[lacking & (cells.households < 0)].sum())
        text = phrase(
            "{households} that changed or are gone are not in the profile with the deprivations and domains that they "
            "are said to have had",
            households=counted(max(1, households), "household"),
        )
        remedy = phrase("give the rows that they had when the profile was made, from the files that it was made of")
        raise DataError(Fault("MPI-D265", None, text, remedy))


def _among(whole: Tabulation, parts: Sequence[Tabulation]) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """Which cells some part has too."""
    found = np.zeros(len(whole.cells), np.bool_)
    for part in parts:
        own = [
            places(mine.labels, theirs.labels)[part.cells.domains[:, i]]
            for i, (mine, theirs) in enumerate(zip(part.domains, whole.domains, strict=True))
        ]
        keys = _rows(np.stack(own).T if own else np.zeros((len(part.cells), 0), np.int64), part.cells)
        found |= np.isin(_rows(whole.cells.domains, whole.cells), keys)
    return found


def _rows(domains: Ints, cells: Cells) -> np.ndarray[tuple[int], np.dtype[np.void]]:
    """Domains, pattern and unknown of each cell as one value."""
    columns = [*domains.T.astype(np.uint64), cells.pattern, cells.unknown]
    joint = np.ascontiguousarray(np.stack(columns, axis=1))
    return joint.view([("", joint.dtype)] * joint.shape[1]).ravel()


def _used(held: Tabulation) -> Tabulation:
    """A tabulation without the labels that no cell has any more."""
    domains, codes = [], np.array(held.cells.domains)
    for i, domain in enumerate(held.domains):
        used = np.unique(codes[:, i])
        place = np.zeros(max(1, len(domain.labels)), np.int64)
        place[used] = np.arange(len(used))
        codes[:, i] = place[codes[:, i]]
        domains.append(Domain(domain.name, domain.level, tuple(domain.labels[j] for j in used.tolist())))
    return replace(held, domains=tuple(domains), cells=replace(held.cells, domains=codes))
