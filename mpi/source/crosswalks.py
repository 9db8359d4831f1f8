"""Crosswalks: files that lead from the codes of areas of one time to those of another.

Comes in: what a survey or a map says of such a file. Goes out: the code that each code becomes. Each becomes one, so
that figures of areas that were merged add up; of an area that was split the file is read the other way, for polygons.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from mpi.columns.values import Text, codes_as_text, joined_codes, where_known, where_label
from mpi.errors import DataError, Fault, Notice, Place, counted, listed, nearest
from mpi.language import number_phrase, phrase
from mpi.source.table_opening import open_table
from mpi.source.tables import Opened
from mpi.specs.crosswalks import CodePart, Crosswalk
from mpi.specs.survey import Derivation, Survey

PREFIX = "crosswalk_"  # before the domain, in the names of tables


def load_crosswalk(spec: Crosswalk, folder: Path, domain: str, width: int | None) -> tuple[Crosswalk, Notice]:
    """A crosswalk with what its file says, and what is to be known of it.

    Parameters
    ----------
    spec : Crosswalk
    folder : Path
        Where its path starts.
    domain : str
        Whose codes it changes.
    width : int or None
        Characters of these codes, where the crosswalk does not give the width itself.

    Raises
    ------
    DataError
        If the file or its codes cannot be used; with every fault.
    """
    return _read(spec, open_table(PREFIX + domain, spec.path, folder, spec.dialect), domain, width or 0)


def with_crosswalks(survey: Survey, tables: Mapping[str, Opened]) -> tuple[Survey, tuple[Notice, ...]]:
    """The survey with what the opened files of its crosswalks say; raises DataError with every fault."""
    domains, told, faults = dict(survey.domains), list[Notice](), list[Fault]()
    for name, spec in survey.crosswalks.items():
        table = tables[PREFIX + name]
        told += [Notice("MPI-N001", remark) for remark in table.remarks]
        try:
            found, notice = _read(spec, table, name, _width(survey.domains[name]))
        except DataError as error:
            faults += error.faults
            continue
        domains[name] = replace(survey.domains[name], crosswalk=found)
        told.append(notice)
    if faults:
        raise DataError(*faults)
    return replace(survey, domains=domains), tuple(told)


def _width(domain: Derivation) -> int:
    return domain.width or sum(part.width for part in domain.columns)


def _read(spec: Crosswalk, table: Opened, domain: str, width: int) -> tuple[Crosswalk, Notice]:
    faults = _lacking(spec, table)
    if faults:
        raise DataError(*faults)
    source, target = (codes_of(table, parts, width, faults) for parts in (spec.source, spec.target))
    if faults:
        raise DataError(*faults)
    holes = int(np.count_nonzero(~(where_known(source) & where_known(target))))
    if holes:
        text = phrase("{rows} of the crosswalk lack a code", rows=counted(holes, "row"))
        faults.append(Fault("MPI-D142", Place(table.label), text, phrase("fill in both codes, or remove the rows")))
    becomes: dict[str, dict[str, None]] = {}
    for one, other in zip(source.codes.tolist(), target.codes.tolist(), strict=True):
        becomes.setdefault(source.labels[one], {})[target.labels[other]] = None
    if not holes and (split := sorted(code for code, targets in becomes.items() if len(targets) > 1)):
        text = phrase(
            "{codes} of the crosswalk would become several, so units cannot be assigned: {names}",
            codes=counted(len(split), "code"),
            names=listed([f"{code} ({' / '.join(becomes[code])})" for code in split]),
        )
        remedy = phrase(
            "give each code one row; for areas that were split, exchange `from` and `to` and write the crosswalk under "
            "`boundaries:` of the map, which puts the polygons together"
        )
        faults.append(Fault("MPI-D142", Place(table.label), text, remedy))
    if faults:
        raise DataError(*faults)
    found = replace(spec, codes={code: next(iter(targets)) for code, targets in becomes.items()})
    return found, _told(found, table, domain)


def _lacking(spec: Crosswalk, table: Opened) -> list[Fault]:
    """Faults of columns that the file does not have, or that cannot be read."""
    faults = []
    for column in dict.fromkeys(part.column for part in (*spec.source, *spec.target)):
        if column not in table.columns:
            text = phrase("the crosswalk has no column {column!r}", column=column)
            remedy = nearest(column, table.columns) or phrase("it has {names}", names=listed(list(table.columns)))
            faults.append(Fault("MPI-D010", Place(table.label), text, remedy))
        elif (fault := table.refused.get(column)) is not None:
            faults.append(fault)
    return faults


def codes_of(table: Opened, parts: Sequence[CodePart], width: int, faults: list[Fault]) -> Text:
    """The codes of some columns, each of its width, one after the other."""
    own = width if len(parts) == 1 else 0
    texts = []
    for part in parts:
        most, values = part.width or own, table.whole([part.column])[part.column]
        try:
            text = _stripped(codes_as_text(values, most))
        except ValueError as error:
            said = phrase("the crosswalk's column {column!r} holds {error}, not codes", column=part.column, error=error)
            remedy = phrase("store codes as whole numbers or as text")
            faults.append(Fault("MPI-D012", Place(table.label), said, remedy))
            text = Text(np.zeros(len(values), np.int64), ("",))
        if long := sorted(label for label in text.labels if most and len(label) > most):
            said = phrase(
                "{codes} of the crosswalk's column {column!r} longer than {width}: {names}",
                codes=counted(len(long), "code"),
                column=part.column,
                width=most,
                names=listed(long),
            )
            remedy = phrase("write the width that they have: `{{column: {column}, width: {width}}}`",
                            column=part.column, width=max(map(len, long)))  # fmt: skip
            faults.append(Fault("MPI-D140", Place(table.label), said, remedy))
        texts.append(text)
    return texts[0] if len(texts) == 1 else joined_codes(texts)


def _stripped(text: Text) -> Text:
    """The codes without blanks around them; those of blanks alone are unknown."""
    blank = where_label(text, {label for label in text.labels if not label.strip()})
    known = where_known(text) & ~blank if blank.any() else text.known
    return Text(text.codes, tuple(label.strip() for label in text.labels), known)


def _told(found: Crosswalk, table: Opened, domain: str) -> Notice:
    sizes = Counter(found.codes.values())
    merged = sorted(code for code, number in sizes.items() if number > 1)
    text: str = number_phrase(
        sum(code != other for code, other in found.codes.items()),
        "{domain}: the crosswalk changes {number} code of {all:,}",
        "{domain}: the crosswalk changes {number:,} codes of {all:,}",
        domain=domain,
        all=len(found.codes),
    )
    if vintage := found.vintage.get("en") or next(iter(found.vintage.values()), ""):
        text = phrase("{text}, to {vintage}", text=text, vintage=vintage)
    if merged:
        text = phrase("{text}; areas put together: {names}", text=text, names=listed(merged))
    if found.keep:
        text = phrase("{text}; codes that it does not list stay", text=text)
    return Notice("MPI-N145", text, Place(table.label))
