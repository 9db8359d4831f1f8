"""Editions of a register or rounds of a panel, read one after the other and joined by key: `follow`.

Alkire et al. (2015), chapter 9.3.1; the reciprocal majority of households: Dicker and Casady (1982).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory

from mpi.errors import DataError, Fault, Notice, UsageError, counted
from mpi.errors.arguments import public
from mpi.errors.logs import now, tell
from mpi.errors.resources import raise_scarce, said_by_system
from mpi.following.adding import Adder
from mpi.following.books import Book, Books
from mpi.following.designs import without
from mpi.following.editions import Asked, Edition, check_columns, file_numbers, read_edition
from mpi.following.joining import bucket, check_types, households, refuse_repeated
from mpi.following.panel import TWO, Panel
from mpi.language import number_phrase, phrase
from mpi.pipeline.passing import Data, opened, running_with
from mpi.pipeline.preparing import Prepared, prepared
from mpi.profile import Declared, rules_of
from mpi.source import Report, Running, unchanged
from mpi.specs.measure import Measure
from mpi.specs.microdata import Microdata
from mpi.specs.survey import Survey
from mpi.vocabulary.options import EDITION_WEIGHTS, LINKS, EditionWeights, Link

IN_MEMORY = 6_000_000  # rows of units that are joined in one go
APIECE = 2_000_000  # rows of a bucket, about
BY_MEMBERS = ("majority", "pooled_majority")


@public
def follow(
    surveys: Sequence[Survey | Microdata],
    measure: Measure,
    data: Sequence[Data] | None = None,
    *,
    link: Link = "persons",
    key: Sequence[str] = (),
    member: Sequence[str] = (),
    head: str | None = None,
    weights: EditionWeights = "earlier",
    domains: Sequence[str] | None = None,
    domains_of: EditionWeights = "earlier",
    threads: int | None = None,
    report: Report | None = None,
    memory: int | str | None = None,
) -> Panel:
    """Editions of a register, or rounds of a panel, joined by key: the profile of sequences of patterns.

    Parameters
    ----------
    surveys : sequence of Survey or Microdata
        The editions, the earliest first; two or more.
    measure : Measure
        By whose rules all of them are judged.
    data : sequence of str, Path or mapping
        As for `deprivation_profile`, one for each survey; left out for microdata.
    link : {"persons", "same_key", "same_head", "majority", "pooled_majority"}
        What is followed. Persons by their key. Households by their own key; by the key of their head; by their
        members: `majority` links two households if more than half of the members of each are in the other,
        `pooled_majority` if those in both are more than half of all who are in either.
    key : sequence of str
        Columns that link: of the table of households for `same_key`, else of that of persons. The survey's own key of
        that table if left out.
    member : sequence of str
        For `same_key`: columns that tell persons apart, so that households that split or merge can be counted.
    head : str
        For `same_head`: a column of persons and the code of heads, such as `"relation=1"`.
    weights : {"earlier", "later"}
        Of which edition the weights, and the strata and PSUs, count. Of units that are in one edition alone it is that
        one. What stayers' weights differ by in the other edition is kept apart, so that each edition adds up to itself.
    domains : sequence of str, optional
        Domains to keep; all that the surveys share if left out.
    domains_of : {"earlier", "later"}
        Of which edition a stayer's domains are.
    threads, report, memory
        As for `deprivation_profile`.

    Returns
    -------
    Panel
        `movements` makes its tables.

    Raises
    ------
    ConfigError, DataError
        As `deprivation_profile`, of every edition.
    DataError
        If a key repeats inside an edition, or is of another type in another.
    UsageError
        If the options do not fit one another or the surveys, or the design is one that panels do not have.

    References
    ----------
    Alkire et al. (2015), chapter 9.3.1. Majority: the reciprocal majority of Dicker and Casady (1982), Proceedings of
    the Section on Social Statistics, American Statistical Association.
    """
    how = How(
        link=link,
        key=tuple(key),
        member=tuple(member),
        head=head,
        weights=weights,
        domains=None if domains is None else tuple(domains),
        domains_of=domains_of,
    )
    _check_options(surveys, data, how)
    return followed(readied(surveys, measure, data, how), measure, how, running_with(threads, report, memory))


@dataclass(frozen=True, slots=True, kw_only=True)
class How:
    """How units are followed; see `follow`."""

    link: Link
    key: tuple[str, ...]
    member: tuple[str, ...]
    head: str | None
    weights: EditionWeights
    domains: tuple[str, ...] | None
    domains_of: EditionWeights


def readied(
    surveys: Sequence[Survey | Microdata], measure: Measure, data: Sequence[Data] | None, how: How
) -> tuple[list[Prepared], Asked]:
    """The editions as they are going to be read, none of their rows yet, and what is read of them to link units.

    Raises
    ------
    UsageError, ConfigError, DataError
        As `follow`, with every fault that is there without reading the rows.
    """
    files = [
        opened(survey, measure, None if data is None else data[t], tuple(how.domains or ()))
        for t, survey in enumerate(surveys)
    ]
    shared = _shared_domains(files[0].survey, [one.survey for one in files], how.domains)
    ready = [prepared(one, measure, shared) for one in files]
    faults = _design_faults(ready, how.link)
    asked = _asked(ready, how)
    if not faults:
        faults = [fault for one in ready for fault in _column_faults(one, asked, how.link)]
    if faults:
        raise UsageError(*dict.fromkeys(faults))
    if how.link != "persons":
        own = [name for name, level in ready[0].plan.domains if level == "household"]
        ready = [prepared(one, measure, own) for one in files]
    by_person = how.link == "persons"
    return [replace(one, declared=_declared(one, how.link), by_person=by_person) for one in ready], asked


def followed(readied: tuple[list[Prepared], Asked], measure: Measure, how: How, running: Running) -> Panel:
    """The panel of editions that are ready to be read."""
    began, (ready, asked), link = now(), readied, how.link
    books = Books(domains={name: Book() for name, _ in ready[0].plan.domains})
    with _workplace(ready, asked, link) as asked, ExitStack() as kept:
        editions, numbers = [], file_numbers()
        for one in ready:
            kept.enter_context(unchanged(one.opened.states))
            editions.append(read_edition(one, asked, books, running, numbers))
        adder = _adder(ready[0], books, how.weights, how.domains_of)
        counts = _added(editions, asked, link, adder)
    made = _panel(ready, measure, link, adder, counts)
    told = phrase(
        "{editions} joined: {stayers} in both the first and the last, {cells}",
        editions=counted(len(ready), "edition"),
        stayers=made.counts["stayers"],
        cells=counted(len(made), "cell"),
    )
    tell("following", told, since=began)
    return made


def _check_options(surveys: Sequence[object], data: Sequence[object] | None, how: How) -> None:
    link, head = how.link, how.head
    faults = []
    if len(surveys) < TWO:
        text = phrase("one edition cannot be followed")
        faults.append(Fault("MPI-E261", None, text, phrase("give two or more, the earliest first")))
    if data is not None and len(data) != len(surveys):
        text = phrase(
            "{surveys} and {folders}",
            surveys=counted(len(surveys), "survey"),
            folders=counted(len(data), "folder of data", "folders of data"),
        )
        faults.append(Fault("MPI-E261", None, text, phrase("give the data of each edition, in the same order")))
    for name, given, among in (
        ("link", link, LINKS),
        ("weights", how.weights, EDITION_WEIGHTS),
        ("domains_of", how.domains_of, EDITION_WEIGHTS),
    ):
        if given not in among:
            text = phrase("{name}: there is no {given!r}", name=name, given=given)
            faults.append(Fault("MPI-E261", None, text, phrase("write one of {names}", names=", ".join(among))))
    if (link == "same_head") != (head is not None):
        text = phrase("heads of households are needed for the link same_head, and for no other")
        remedy = phrase("name the column and its code: --head relation=1")
        faults.append(Fault("MPI-E261", None, text, remedy if head is None else phrase("leave --head out")))
    elif head is not None and not all(part.strip() for part in head.partition("=")):
        text = phrase("the head {head!r} is no column with a code", head=head)
        faults.append(Fault("MPI-E261", None, text, phrase("write it as relation=1")))
    if how.member and link != "same_key":
        text = phrase("members are named for the link same_key alone")
        faults.append(Fault("MPI-E261", None, text, phrase("leave --member out; --key names the columns of persons")))
    if faults:
        raise UsageError(*faults)


def _shared_domains(first: Survey, surveys: Sequence[Survey], asked: Sequence[str] | None) -> list[str]:
    """The domains that are asked for, or those that all surveys have."""
    if asked is not None:
        return list(dict.fromkeys(asked))
    return [name for name in first.domains if all(name in own.domains for own in surveys)]


def _asked(ready: Sequence[Prepared], how: How) -> Asked:
    link, key, member, head = how.link, how.key, how.member, how.head
    survey = ready[0].opened.survey
    of_persons = tuple(key) or (tuple(survey.tables["persons"].key) if survey.has_persons else ())
    column, _, code = (head or "").partition("=")
    domains = tuple(name for name, _ in ready[0].plan.domains)
    if link == "persons":
        return Asked(by_person=True, key=of_persons, domains=domains)
    if link == "same_key":
        own = tuple(key) or tuple(survey.tables["households"].key)
        return Asked(by_person=False, key=own, member=tuple(member), domains=domains)
    if link == "same_head":
        return Asked(
            by_person=False,
            key=of_persons,
            member=of_persons or ("",),
            head=(column.strip(), code.strip()),
            domains=domains,
        )
    by_members = tuple(survey.tables["households"].key)
    return Asked(by_person=False, key=by_members, member=of_persons or by_members, domains=domains)


def _column_faults(ready: Prepared, asked: Asked, link: Link) -> list[Fault]:
    survey = ready.opened.survey
    persons = [*asked.member, *((asked.head[0],) if asked.head else ()), *(asked.key if asked.by_person else ())]
    if (asked.by_person or asked.member) and not survey.has_persons:
        text = phrase("{survey} has no table of persons, by which units could be followed", survey=survey.name)
        remedy = phrase("follow its households by their own key: --link same_key")
        return [Fault("MPI-E261", survey.place, text, remedy)]
    faults = check_columns(ready, "persons", list(dict.fromkeys(persons)), phrase("the key of persons"))
    if link == "same_key":
        faults += check_columns(ready, "households", asked.key, phrase("the key of households"))
    return faults


def _design_faults(ready: Sequence[Prepared], link: Link) -> list[Fault]:
    """Why the designs of the editions are none that panels can have."""
    faults = []
    for one in ready:
        survey = one.opened.survey
        faults += without(one.declared, survey)
        if link != "persons" and one.measure.identification == "person":
            text = phrase("{name} identifies persons, so households cannot be followed", name=one.measure.name)
            faults.append(Fault("MPI-E261", None, text, phrase("follow persons: --link persons")))
    kinds = {(one.declared.census, bool(one.plan.design.stratum), bool(one.plan.design.psu)) for one in ready}
    if not faults and len(kinds) > 1:
        text = phrase(
            "the editions have designs of different kinds: some have strata, PSUs or `census: yes`, others not"
        )
        remedy = phrase("declare the same parts of the design in each survey file")
        faults.append(Fault("MPI-E262", ready[1].opened.survey.design.place, text, remedy))
    return faults


def _declared(ready: Prepared, link: Link) -> Declared:
    """The design of a panel: where it has no PSUs, households are PSUs by their names, as weights may differ."""
    declared = ready.declared
    households_are = not (declared.census or ready.plan.design.psu)
    return replace(declared, household_psus=households_are, weighted=declared.weighted or link != "persons")


@contextmanager
def _workplace(ready: Sequence[Prepared], asked: Asked, link: Link) -> Iterator[Asked]:
    """Where the rows that are joined are kept: in memory, or in temporary files if they are many."""
    table = "persons" if asked.by_person or asked.member else "households"
    rows = sum(one.opened.held(table).rows for one in ready)
    if rows <= IN_MEMORY:
        yield asked
        return
    with TemporaryDirectory(prefix="mpi-") as folder:
        try:
            yield replace(asked, buckets=-(-rows // APIECE), folder=Path(folder))
        except OSError as error:
            raise_scarce(error)
            text = phrase("temporary files cannot be written ({reason})", reason=said_by_system(error))
            remedy = phrase("set TMPDIR to a folder with more space, or allow more memory: --memory")
            raise DataError(Fault("MPI-O004", None, text, remedy)) from None


def _adder(ready: Prepared, books: Books, weights: EditionWeights, domains_of: EditionWeights) -> Adder:
    declared, design = ready.declared, ready.plan.design
    return Adder(
        books=books,
        declared=declared,
        domains=ready.plan.domains,
        weights=weights,
        domains_of=domains_of,
        stratified=bool(design.stratum) and not declared.census,
        clustered=(bool(design.psu) or declared.household_psus) and not declared.census,
        of_persons=ready.by_person,
    )


def _added(editions: Sequence[Edition], asked: Asked, link: Link, adder: Adder) -> dict[str, int]:
    """Add the units of all buckets; what was counted."""
    counts: dict[str, int] = {}
    keys = len(asked.key)
    if asked.member:
        if link not in BY_MEMBERS:
            check_types(editions, asked.key)
        joined, own = households(editions, keys, link, asked.buckets)
        counts |= own
        adder.add(joined)
    else:
        check_types(editions, asked.key)
        repeated = 0
        for i in range(asked.buckets):
            joined, again = bucket(editions, i, keys)
            repeated += again
            if not repeated:
                adder.add(joined)
        refuse_repeated(repeated, "person" if asked.by_person else "household")
    for edition in editions:
        for name in ("persons", "households", "without_key"):
            counts[name] = counts.get(name, 0) + edition.counts[name]
    return counts


def _panel(ready: Sequence[Prepared], measure: Measure, link: Link, adder: Adder, counts: dict[str, int]) -> Panel:
    held, sequences = adder.finished()
    surveys = [one.opened.survey for one in ready]
    notices = [notice for one in ready for notice in (*one.opened.notices, *one.plan.notices)]
    if without := counts["without_key"]:
        text = number_phrase(
            without,
            "{number} unit has no key: it is linked to none, and counts as gone or new",
            "{number} units have no key: they are linked to none, and count as gone or new",
        )
        notices.append(Notice("MPI-N260", text))
    if not adder.counts["stayers"]:
        text = phrase("no unit of the first edition is in the last one: do the keys of both mean the same?")
        notices.append(Notice("MPI-N260", text))
    return Panel(
        measure=measure.name,
        surveys=tuple(one.name for one in surveys),
        periods=tuple(one.period for one in surveys),
        indicators=measure.names,
        identification=measure.identification,
        rules=rules_of(measure, surveys[0]),
        link=link,
        weights=adder.weights,
        domains_of=adder.domains_of,
        held=held,
        sequences=sequences,
        counts={**counts, **adder.counts},
        notices=tuple(dict.fromkeys(notices)),
    )
