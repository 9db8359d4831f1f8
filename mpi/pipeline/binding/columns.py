"""The raw columns of an opened survey, looked up for whoever reads them; what is not there is a fault with a hint."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import TypeAlias

from mpi.errors import Fault, Faults, Place, another_name, folded, listed, nearest
from mpi.errors.findings import Wrong
from mpi.language import phrase
from mpi.rules import Kind, names
from mpi.source import SIGN, OpenedSurvey, column_name
from mpi.specs.survey import Derivation
from mpi.vocabulary.options import TABLES, Level

NUMBER = re.compile(r"-?\d{1,18}(\.\d+)?")
YES, NO = frozenset({"yes", "true", "si", "sim"}), frozenset({"no", "false", "nao"})

Way: TypeAlias = Callable[[str], str]  # of a table to the remedy that names it


def which_table(name: str, table: str) -> str:
    """How a survey says that a column is that of a table."""
    return f"{{column: {name if name.isidentifier() else json.dumps(name, ensure_ascii=False)}, table: {table}}}"


def true_labels(codes: Mapping[str, str]) -> frozenset[str] | None:
    """The labels of codes that say yes, where all of them say yes or no, in English, Spanish or Portuguese.

    Examples
    --------
    >>> true_labels({"1": "Sí", "2": "No"}), true_labels({"1": "yes", "9": "unknown"})
    (frozenset({'Sí'}), None)
    """
    said = {label: folded(label.strip()) for label in codes.values()}
    if not {*said.values()} <= YES | NO:
        return None
    return frozenset(label for label, word in said.items() if word in YES)


class Columns:
    """Raw columns by name.

    Attributes
    ----------
    tables : dict of str to list of str
        For each raw column the tables that have it; a key belongs to the highest table.
    kinds : dict of str to Kind
        What the columns looked up so far are, under their names in a block.
    nearly : list of Fault
        Of the columns looked up so far, what keeps texts from being numbers.
    doubled : dict of (str, str) to Wrong
        Columns of one name in two tables, under their names in a block, of which the first is taken if both agree;
        where that is read, what is said if they do not, and the remedy.
    """

    def __init__(self, opened: OpenedSurvey, faults: Faults) -> None:
        self.opened, self.survey, self.faults = opened, opened.survey, faults
        self.kinds: dict[str, Kind] = {}
        self.nearly: list[Fault] = []
        self.tables: dict[str, list[str]] = {}
        self.doubled: dict[tuple[str, str], Wrong] = {}
        keys = {name: (*t.key, *t.household, *t.dwelling, *t.reference) for name, t in self.survey.every_table.items()}
        for table in (*reversed(TABLES), *self.survey.modules):
            for column in opened.columns.get(table, {}):
                found = self.tables.setdefault(column, [])
                if not found or not all(column in keys[other] for other in (*found, table)):
                    found.append(table)

    def find(
        self, name: str, place: Place | None, user: str, table: str | None = None, *, way: Way | None = None
    ) -> str | None:
        """The block's name of a raw column, or None with a fault.

        Parameters
        ----------
        name : str
            The column.
        place, user : Place, str
            Where it is read, and for what.
        table : str, optional
            Its table, where more than one has it.
        way : callable, optional
            A table to the remedy that says that it is meant.
        """
        if table is not None and name not in self.opened.columns.get(table, {}):
            there, having = list(self.opened.columns.get(table, {})), listed(self.tables.get(name, []))
            elsewhere = phrase("leave `table:` out, or name one that has it: {having}", having=having) if having else ""
            remedy = nearest(name, there) or elsewhere or another_name(name, there)
            self.faults.add(
                "MPI-D010",
                place,
                phrase(
                    "the table {table} has no column {name!r}, which {user} reads", table=table, name=name, user=user
                ),
                remedy,
            )
            return None
        tables = self.tables.get(name, [])
        if not tables:
            # What is derived of this column is no way out.
            derived = (other for other, one in self.survey.variables.items() if name not in _read(one))
            known = [other for other in (*self.tables, *derived) if other != name]
            remedy = nearest(name, known) or another_name(name, list(self.tables))
            self.faults.add(
                "MPI-D010",
                place,
                phrase("no table has the column {name!r}, which {user} reads", name=name, user=user),
                remedy,
            )
            return None
        if table is None and len(tables) > 1 and not self.alike(name, tables, place, user, way):
            return None
        chosen = table or tables[0]
        among = tables if table is None else [table]
        if refused := [fault for other in among if (fault := self.opened.refusal(other, name)) is not None]:
            self.faults += refused
            return None
        if (fault := self.opened.nearly(chosen, name)) is not None:
            self.nearly.append(fault)
        sort = self.opened.columns[chosen][name]
        if sort == "other":
            text = phrase(
                "column {name!r}, which {user} reads, is neither number, text nor yes/no", name=name, user=user
            )
            self.faults.add(
                "MPI-D012", place, text, phrase("store in it what is read: numbers, texts, or true and false")
            )
            return None
        level: Level = "person" if self.base(chosen) == "persons" else "household"
        full = self.full(chosen, name)
        self.kinds[full] = Kind("unsure" if sort == "empty" else sort, level)
        return full

    def base(self, table: str) -> str:
        """The table that a module is of, or the table itself."""
        module = self.survey.modules.get(table)
        return table if module is None or module.of is None else module.of

    def full(self, table: str, name: str) -> str:
        """A column's name in a block."""
        return column_name(self.base(table), f"{table}{SIGN}{name}" if table in self.survey.modules else name)

    def alike(self, name: str, tables: Sequence[str], place: Place | None, user: str, way: Way | None) -> bool:
        """Whether a column of several tables may be one: that of the highest is taken, and all are compared as read."""
        remedy = phrase("say which: {column}", column=which_table(name, tables[0])) if way is None else way(tables[0])
        sorts = {self.opened.columns[table][name] for table in tables}
        if len(sorts) > 1 or tables[0] in self.survey.modules or sorts <= {"other", "empty"}:
            text = phrase(
                "column {name!r}, which {user} reads, is in {names}", name=name, user=user, names=listed(tables)
            )
            self.faults.add("MPI-S009", place, text, remedy)
            return False
        own, *others = (self.full(table, name) for table in tables)
        head = phrase(
            "column {name!r}, which {user} reads, is in {names}, and differs between them in",
            name=name,
            user=user,
            names=listed(tables),
        )
        for table, other in zip(tables[1:], others, strict=True):
            noun = "person" if "persons" in (self.base(tables[0]), self.base(table)) else "household"
            self.doubled.setdefault(
                (own, other), Wrong(code="MPI-S009", place=place, head=head, noun=noun, remedy=remedy)
            )
        return True

    def of_codes(self, derivation: Derivation, user: str) -> str | None:
        """The block's name of a derivation's column, its list of codes checked against the column's type."""
        full = self.find(derivation.column or "", derivation.place, user, derivation.table)
        codes = derivation.codes
        if full is None or codes is None or self.kinds[full].type != "number":
            return full
        if not all(NUMBER.fullmatch(code) for code in codes):
            text = phrase(
                "{user}: the column {column!r} holds numbers, its list of codes texts",
                user=user,
                column=derivation.column,
            )
            self.faults.add("MPI-D014", derivation.place, text, phrase("write the codes as numbers"))
        elif len({float(code) for code in codes}) < len(codes):
            text = phrase("{user}: two codes of the list are the same number", user=user)
            self.faults.add("MPI-D014", derivation.place, text, phrase("write each number once, without leading zeros"))
        else:
            return full
        return None


def _read(derivation: Derivation) -> Collection[str]:
    """The columns that a variable is made of."""
    return names(derivation.rule.expression) if derivation.rule is not None else (derivation.column or "",)
