"""The figures of a publication as bytes, and back: Arrow for tables, JSON for the rest, so that nothing in them is run.

Comes in: what was computed, or bytes. Goes out: the other. What does not come back exactly as it was is refused.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, fields
from typing import Any

import numpy as np
import pyarrow as pa

from mpi.columns import arrow
from mpi.disclosure.publishable import Publishable, PublishableProfile
from mpi.errors import Notice, Place
from mpi.language import LANGUAGES, in_language, kept, restored
from mpi.policies.published import Choice
from mpi.publication.computing import Computed
from mpi.publication.model import Comparison, Comparisons, Round, Tests, Whole
from mpi.specs.actions import action_of
from mpi.specs.study import Study
from mpi.specs.survey import Survey

MAGIC = b"mpi figures 2\n"
SIZE = 8  # bytes of a length
OWN = ("survey", "notices")  # fields of a round that are not as JSON holds them
TABLES = ("scores", "bundles", "co_deprivation")


def stored(computed: Computed, key: str) -> bytes:
    """The figures as bytes, with the key that they are found by.

    Raises
    ------
    ValueError, TypeError
        If a part cannot be kept exactly.
    """
    about = {
        "key": key,
        "figures": _figures(computed.figures),
        "changes": None if computed.changes is None else _figures(computed.changes),
        "analyses": {name: _figures(own) for name, own in computed.analyses.items()},
        "others": {name: _figures(own) for name, own in computed.others.items()},
        "movements": {name: _figures(own) for name, own in computed.movements.items()},
        "countries": None if computed.countries is None else _figures(computed.countries),
        "country_rounds": {code: _round(one) for code, one in computed.country_rounds.items()},
        "progress": None if computed.progress is None else _figures(computed.progress),
        "plans": None if computed.plans is None else _figures(computed.plans),
        "choices": {
            name: {**asdict(one), "actions": [action.text for action in one.actions]}
            for name, one in computed.choices.items()
        },
        "rounds": [_round(one) for one in computed.rounds],
        "wanted": {domain: list(codes) for domain, codes in computed.wanted.items()},
        "carried": {domain: [_codes(own), _text(why)] for domain, (own, why) in computed.carried.items()},
        "tests": {
            domain: [[*sorted(pair), p] for pair, p in tests.items()] for domain, tests in computed.tests.items()
        },
        "comparisons": {
            domain: {
                code: {whole: [one.difference, one.p] for whole, one in own.items()} for code, own in areas.items()
            }
            for domain, areas in computed.comparisons.items()
        },
    }
    header = json.dumps(about, default=_plain).encode("utf-8", "surrogatepass")
    sink = pa.BufferOutputStream()
    sink.write(len(header).to_bytes(SIZE, "big") + header)
    for table in _tables(computed):
        with pa.ipc.new_stream(sink, table.schema, options=pa.ipc.IpcWriteOptions(compression="lz4")) as writer:
            writer.write_table(table)
    body = sink.getvalue()
    return b"".join((MAGIC, hashlib.sha256(body).digest(), body))


def unstored(content: bytes, key: str, study: Study) -> Computed:
    """The figures that `stored` made bytes of, for a study of the same surveys.

    Raises
    ------
    ValueError, KeyError, TypeError, pyarrow.ArrowException
        If the bytes are damaged, or of something else.
    """
    begin = len(MAGIC) + hashlib.sha256().digest_size
    body = memoryview(content)[begin:]
    if content[:begin] != MAGIC + hashlib.sha256(body).digest():
        raise ValueError("damaged, or no figures of this program")
    size = int.from_bytes(body[:SIZE], "big")
    about = json.loads(bytes(body[SIZE : SIZE + size]).decode("utf-8", "surrogatepass"))
    if about["key"] != key:
        raise ValueError("figures of something else")
    source = pa.BufferReader(pa.py_buffer(body[SIZE + size :]))

    def table() -> pa.Table:
        with pa.ipc.open_stream(source) as reader:
            return reader.read_all()

    every = (*study.surveys, *(survey for one in study.countries for survey in one.surveys))
    surveys = {survey.name: survey for survey in every}
    return Computed(
        figures=_unfigured(about["figures"], table()),
        changes=None if about["changes"] is None else _unfigured(about["changes"], table()),
        rounds=tuple(_unrounded(one, surveys) for one in about["rounds"]),
        wanted=about["wanted"],
        carried={
            domain: (None if codes is None else _profile(domain, codes, table()), restored(why))
            for domain, (codes, why) in about["carried"].items()
        },
        tests={domain: _tests(own) for domain, own in about["tests"].items()},
        comparisons={domain: _comparisons(own) for domain, own in about["comparisons"].items()},
        scores=table(),
        bundles=table(),
        co_deprivation=table(),
        analyses={name: _unfigured(own, table()) for name, own in about["analyses"].items()},
        movements={name: _unfigured(own, table()) for name, own in about["movements"].items()},
        progress=None if about["progress"] is None else _unfigured(about["progress"], table()),
        plans=None if about["plans"] is None else _unfigured(about["plans"], table()),
        choices={
            name: Choice(**{**one, "actions": tuple(map(action_of, one["actions"]))})
            for name, one in about["choices"].items()
        },
        others={name: _unfigured(own, table()) for name, own in about["others"].items()},
        countries=None if about["countries"] is None else _unfigured(about["countries"], table()),
        country_rounds={code: _unrounded(one, surveys) for code, one in about["country_rounds"].items()},
    )


def _tables(computed: Computed) -> Iterator[pa.Table]:
    """All tables, in the order in which they are read."""
    yield computed.figures.table
    if computed.changes is not None:
        yield computed.changes.table
    for own, _ in computed.carried.values():
        if own is not None:
            yield pa.table({name: arrow.numbers(getattr(own, name)) for name in _columns()})
    yield from (getattr(computed, name) for name in TABLES)
    yield from (own.table for own in computed.analyses.values())
    yield from (own.table for own in computed.movements.values())
    if computed.progress is not None:
        yield computed.progress.table
    if computed.plans is not None:
        yield computed.plans.table
    yield from (own.table for own in computed.others.values())
    if computed.countries is not None:
        yield computed.countries.table


def _columns() -> list[str]:
    return [one.name for one in fields(PublishableProfile) if one.name not in ("domain", "codes")]


def _profile(domain: str, codes: Sequence[str], table: pa.Table) -> PublishableProfile:
    columns = {name: table[name].to_numpy() for name in _columns()}
    return PublishableProfile(domain=domain, codes=tuple(codes), **columns)


def _codes(own: PublishableProfile | None) -> list[str] | None:
    return None if own is None else list(own.codes)


def _figures(figures: Publishable) -> dict[str, Any]:
    return {
        "domains": list(figures.domains),
        "notices": [_notice(one) for one in figures.notices],
        "disclosure": figures.disclosure,
    }


def _unfigured(about: Mapping[str, Any], table: pa.Table) -> Publishable:
    return Publishable(table, tuple(about["domains"]), _notices(about["notices"]), about["disclosure"])


def _round(one: Round) -> dict[str, Any]:
    plain = {part.name: getattr(one, part.name) for part in fields(Round) if part.name not in OWN}
    plain |= {name: dict(plain[name]) for name in ("counts", "errors_from", "breaks")}
    return plain | {"survey": one.survey.name, "notices": [_notice(notice) for notice in one.notices]}


def _unrounded(one: Mapping[str, Any], surveys: Mapping[str, Survey]) -> Round:
    return Round(**{**one, "survey": surveys[one["survey"]], "notices": _notices(one["notices"])})


def _tests(own: Sequence[tuple[str, str, float]]) -> Tests:
    return {frozenset((one, other)): p for one, other, p in own}


def _comparisons(own: Mapping[str, Mapping[Whole, tuple[float, float | None]]]) -> Comparisons:
    return {code: {whole: Comparison(*found) for whole, found in each.items()} for code, each in own.items()}


def _notice(notice: Notice) -> list[object]:
    place = notice.place
    return [notice.code, _text(notice.text), None if place is None else [_text(place.file), place.line, place.column]]


def _notices(own: Sequence[tuple[str, object, tuple[object, int | None, int | None] | None]]) -> tuple[Notice, ...]:
    return tuple(
        Notice(code, restored(text), None if place is None else Place(restored(place[0]), place[1], place[2]))
        for code, text, place in own
    )


def _text(text: str) -> object:
    """A text as JSON, which says the same in every language when it comes back."""
    made = kept(text)
    again = restored(json.loads(json.dumps(made, default=_plain)))
    if any(in_language(again, one) != in_language(text, one) for one in LANGUAGES):
        raise ValueError("a text that cannot be kept")
    return made


def _plain(value: object) -> Any:
    """A number of numpy as one of Python."""
    if isinstance(value, np.generic):
        return value.item()
    raise TypeError(f"a {type(value).__name__} cannot be kept")
