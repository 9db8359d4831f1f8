"""Texts of a publication without the signs that XML, pages and spreadsheets do not have, whatever the data hold.

Codes and names come from microdata, boundaries and configs. They are made legible once, before any writer sees them, so
that all outputs agree; what a sign was stays to be read, as its number.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, is_dataclass, replace
from typing import Any

import pyarrow as pa

from mpi.disclosure.publishable import Publishable
from mpi.errors import Notice, counted
from mpi.language import phrase
from mpi.publication.model import Publication
from mpi.vocabulary.wording import legible


def legible_publication(publication: Publication) -> Publication:
    """The publication with every text legible, and a notice for each domain whose codes had to be changed."""
    found: Publication = legibly(publication)
    notices = [
        Notice(
            "MPI-N172",
            phrase(
                "{name}: {codes} with characters that no document can contain, such as control characters; each is "
                "written as its number, as \\u001b",
                name=name,
                codes=counted(number, "code"),
            ),
        )
        for name in publication.figures.domains
        if (number := sum(legible(code) != code for code in _codes(publication.figures, name)))
    ]
    return replace(found, notices=(*found.notices, *notices)) if notices else found


def legibly(value: Any) -> Any:  # what a dataclass may hold
    """A value with all texts in it legible; the same object where nothing changes."""
    if isinstance(value, str):
        return legible(value)
    if isinstance(value, Publishable):
        return _figures(value)
    if isinstance(value, tuple):
        made = tuple(legibly(one) for one in value)
        return value if all(new is old for new, old in zip(made, value, strict=True)) else made
    if isinstance(value, Mapping):
        pairs = {legibly(key): legibly(held) for key, held in value.items()}
        same = all(key in pairs and pairs[key] is held for key, held in value.items())
        return value if same else pairs
    if is_dataclass(value) and not isinstance(value, type):
        parts = {one.name: getattr(value, one.name) for one in fields(value) if one.init}
        changed = {name: new for name, old in parts.items() if (new := legibly(old)) is not old}
        return replace(value, **changed) if changed else value
    return value


def _figures(figures: Publishable) -> Publishable:
    """Figures whose codes of domains are legible."""
    table = figures.table
    for name in figures.domains:
        column = table[name]
        if not all(legible(code) == code for code in _codes(figures, name)):
            texts = [None if code is None else legible(code) for code in column.to_pylist()]
            made = pa.array(texts, pa.string())
            made = made.dictionary_encode() if pa.types.is_dictionary(column.type) else made
            table = table.set_column(table.column_names.index(name), name, made.cast(column.type))
    return figures if table is figures.table else replace(figures, table=table)


def _codes(figures: Publishable, domain: str) -> list[str]:
    return [code for code in figures.table[domain].combine_chunks().unique().to_pylist() if code is not None]
