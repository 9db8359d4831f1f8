"""Queries of databases in a survey's YAML: the statement, and the name of the database, but never where that is."""

from __future__ import annotations

import re

from mpi.config.keys import data_files as keys
from mpi.config.nodes import Node, Section
from mpi.language import phrase
from mpi.specs.data_files import Query

COMMENTS = re.compile(r"\s+|--[^\n]*(\n|$)|/\*.*?\*/", re.S)
# An address with a user's password, or a password among the words of a connection.
SECRET = re.compile(r"://[^\s/@:]*:[^\s/@]+@|\bpassword\s*=", re.I)
OF_FILES = ("path", "from", "csv", *(key.name for key in keys.FILES))


def read_query(part: Section) -> Query | None:
    """The query of a table; None if it has files. Adds every fault, and shows nothing of what may be a password."""
    if "sql" not in part and "database" not in part:
        return None
    sql, database = part.read("sql", _statement, None), part.read("database", _name, None)
    for key, other in (("sql", "database"), ("database", "sql")):
        if key not in part:
            part.node.wrong(
                "MPI-S143",
                phrase("{what}: `{other}` needs `{key}`", what=part.what, other=other, key=key),
                phrase("add `{key}:`", key=key),
            )
    for key in OF_FILES:
        if key in part and "sql" in part:
            part.found[key].wrong(
                "MPI-S143",
                phrase("{what}: a query has no `{key}`, which is for files", what=part.what, key=key),
                phrase("leave out either `sql:` or `{key}:`", key=key),
            )
    return None if sql is None or database is None else Query(sql=sql, database=database, place=part.found["sql"].place)


def _statement(node: Node, what: str) -> str | None:
    """One statement that reads."""
    text = node.text(what)
    if text is None or _is_secret(node, text, what):
        return None
    begin = 0
    while found := COMMENTS.match(text, begin):
        begin = found.end()
    if not re.match(r"(select|with)\b", text[begin:], re.I):
        node.wrong(
            "MPI-S143", phrase("{what} is not a SELECT", what=what), phrase("write one SELECT (or WITH ... SELECT)")
        )
        return None
    return text.strip().removesuffix(";")


def _name(node: Node, what: str) -> str | None:
    text = node.text(what)
    if text is None or _is_secret(node, text, what):
        return None
    if not re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]*", text):
        node.wrong(
            "MPI-S143",
            phrase("{what} is not a name of letters, digits and underscores", what=what),
            phrase("choose a name, and put the address of the database into MPI_DATABASE_ and that name in capitals"),
        )
        return None
    return text


def _is_secret(node: Node, text: str, what: str) -> bool:
    if not SECRET.search(text):
        return False
    node.wrong(
        "MPI-S143",
        phrase("{what} holds a password, which is not shown here", what=what),
        phrase("put the address into the environment (MPI_DATABASE_NAME), and change the password if others saw it"),
    )
    return True
