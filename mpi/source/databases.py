"""Tables from a query of a database: PostgreSQL through ADBC, DuckDB, SQLite. One `SELECT`, which can only read.

Where a database is stands in the environment or in a service file of PostgreSQL, never in a config, a manifest or a
message. What a database says of an error may quote values, so only what it says of the statement itself is passed on.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote

import pyarrow as pa

from mpi.errors import DataError, Fault, MpiError, Place, UsageError, counted, installing
from mpi.errors.resources import raise_scarce
from mpi.language import phrase
from mpi.source.spooling import AT_ONCE, Stream, spooled
from mpi.source.tables import Asked, Opened
from mpi.specs.data_files import Query

NUMERIC = "numeric"
VARIABLE = "MPI_DATABASE_"
POSTGRES, DUCKDB, SQLITE = ("postgresql://", "postgres://"), "duckdb:///", "sqlite:///"
LOST = re.compile("server closed|terminating connection|could not receive|connection (was |has been )?(lost|closed)")
OF_STATEMENTS = ("42", "25006")  # SQLSTATE: syntax, names and rights; writing where only reading is allowed
OF_DUCKDB = ("CatalogException", "BinderException", "ParserException")
OF_SQLITE = re.compile(r'no such \w+: |near "|ambiguous column|attempt to write a readonly|You can only execute one')
Opener = Callable[[str, str, ExitStack], Iterable[Stream]]


def open_query(name: str, query: Query) -> Opened:
    """The rows that a query gives, in its order; they are asked for once and held in a temporary file.

    Parameters
    ----------
    name : str
        The table's name.
    query : Query

    Raises
    ------
    UsageError
        If there is no connection, it is refused, or its driver is not installed.
    DataError
        If the query fails, is no single SELECT, breaks off or gives no row.
    """
    label = phrase("the query of {name}", name=name)
    address = _address(query)

    def failed(error: Exception, rows: int) -> Fault:
        return _fault(error, rows, query, Place(label))

    with ExitStack() as connections:
        try:
            streams = _opener(address, query)(address, query.sql, connections)
        except MpiError:
            raise
        except Exception as error:  # noqa: BLE001  each driver has its own
            raise_scarce(error)
            raise DataError(failed(error, 0)) from None
        opened = spooled(name, label, streams, failed)
    digest = hashlib.sha256(query.sql.encode()).hexdigest()
    asked = Asked(
        table=name,
        database=query.database,
        statement=digest,
        rows=opened.rows,
        content=opened.content,
        columns=opened.columns,
    )
    remark = phrase(
        "{rows} by a query of the database {database} (sha256 {digest})",
        rows=counted(opened.rows, "row"),
        database=query.database,
        digest=digest[:12],
    )
    return replace(opened, remarks=(*opened.remarks, remark), asked=asked)


def _address(query: Query) -> str:
    """Where the database is: from the environment, or a service of PostgreSQL of its name."""
    variable = VARIABLE + query.database.upper()
    if found := os.environ.get(variable):
        return found
    if any(_has_service(file, query.database) for file in _service_files()):
        return f"postgresql:///?service={query.database}"
    text = phrase("the environment does not say where the database {name} is", name=query.database)
    remedy = phrase(
        "set {variable} to postgresql://..., duckdb:///FILE or sqlite:///FILE, or add [{name}] to the service file",
        variable=variable,
        name=query.database,
    )
    raise UsageError(Fault("MPI-U240", query.place, text, remedy))


def _service_files() -> Iterator[Path]:
    yield Path(os.environ.get("PGSERVICEFILE") or Path.home() / ".pg_service.conf")
    if folder := os.environ.get("PGSYSCONFDIR"):
        yield Path(folder) / "pg_service.conf"


def _has_service(file: Path, name: str) -> bool:
    with contextlib.suppress(OSError, ValueError):
        return any(line.strip() == f"[{name}]" for line in file.read_text(encoding="utf-8").splitlines())
    return False


def _opener(address: str, query: Query) -> Opener:
    """What opens an address, with one fault for whatever is wrong with the connection."""
    connect: Callable[[str, ExitStack], Any]
    rows: Callable[[Any, str, ExitStack], Iterable[Stream]]
    if address.startswith(POSTGRES):
        connect, rows = _to_postgres, _of_postgres
    elif address.startswith(DUCKDB):
        connect, rows = _to_duckdb, _of_duckdb
    elif address.startswith(SQLITE):
        connect, rows = _to_sqlite, _of_sqlite
    else:
        text = phrase("the environment gives no address of a database {name} that is known", name=query.database)
        remedy = phrase("write postgresql://..., duckdb:///FILE or sqlite:///FILE into {variable}",
                        variable=VARIABLE + query.database.upper())  # fmt: skip
        raise UsageError(Fault("MPI-U240", query.place, text, remedy))

    def opened(address: str, sql: str, connections: ExitStack) -> Iterable[Stream]:
        try:
            connection = connect(address, connections)
        except ImportError:
            text = phrase("the package that reads the database {name} is not installed", name=query.database)
            raise UsageError(Fault("MPI-U210", query.place, text, installing("sql"))) from None
        except Exception as error:  # noqa: BLE001  each driver has its own; their messages name hosts and users
            raise_scarce(error)
            raise UsageError(_unconnected(str(error), query)) from None
        return rows(connection, sql, connections)

    return opened


def _unconnected(said: str, query: Query) -> Fault:
    if "password" in said or "authentication" in said:
        text = phrase("the database {name} refuses the user or the password", name=query.database)
    else:
        text = phrase("no connection to the database {name}", name=query.database)
    remedy = phrase(
        "look at {variable} and try it with a client of the database: its address and rights are not shown here",
        variable=VARIABLE + query.database.upper(),
    )
    return Fault("MPI-U240", query.place, text, remedy)


def _fault(error: Exception, rows: int, query: Query, place: Place) -> Fault:
    """What to say of a query that failed after so many rows."""
    if LOST.search(str(error)):
        text = phrase(
            "the connection to the database {name} was lost after {rows}",
            name=query.database,
            rows=counted(rows, "row"),
        )
        return Fault("MPI-D211", place, text, phrase("run it again when the database is there"))
    if (reason := _of_statement(error)) is not None:
        text = phrase("the database {name} refuses the query: {reason}", name=query.database, reason=reason)
        return Fault(
            "MPI-D211",
            query.place or place,
            text,
            phrase("write one SELECT in `sql:` that a user who may only read can run"),
        )
    text = phrase(
        "the query of the database {name} failed after {rows} ({kind})",
        name=query.database,
        rows=counted(rows, "row"),
        kind=type(error).__name__,
    )
    remedy = phrase("run it in a client of the database, which shows the reason; values are not shown here")
    return Fault("MPI-D211", place, text, remedy)


def _of_statement(error: Exception) -> str | None:
    """What a database says of the statement itself, which quotes nothing but the statement; else None."""
    said, kind = str(error), type(error).__name__
    if str(getattr(error, "sqlstate", None) or "").startswith(OF_STATEMENTS):
        said = said.partition("ERROR:")[2] or said
    elif not (kind in OF_DUCKDB or kind == "NotOneSelectError" or OF_SQLITE.match(said)):
        return None
    return said.strip().partition("\n")[0].strip()


class NotOneSelectError(Exception):
    """A statement that is not one SELECT."""


# PostgreSQL


def _to_postgres(address: str, connections: ExitStack) -> Any:
    import adbc_driver_postgresql.dbapi as driver  # type: ignore[import-untyped]  # it ships no types

    return connections.enter_context(driver.connect(address, autocommit=True))


def _of_postgres(connection: Any, sql: str, connections: ExitStack) -> Iterable[Stream]:
    cursor = connections.enter_context(connection.cursor())
    cursor.execute("SET default_transaction_read_only = on")
    cursor.execute(sql)
    reader = cursor.fetch_record_batch()
    schema = pa.schema([pa.field(field.name, _plain_type(field)) for field in reader.schema])
    return [Stream(schema, (_plain(batch, schema) for batch in reader))]


def _plain_type(field: pa.Field) -> pa.DataType:
    """Decimal numbers of any length, which the driver gives as texts, are read as the same text in a file is."""
    return pa.float64() if _postgres_type(field) == NUMERIC else field.type


def _postgres_type(field: pa.Field) -> str:
    return str((field.metadata or {}).get(b"POSTGRESQL:type", b"").decode())


def _plain(batch: pa.RecordBatch, schema: pa.Schema) -> pa.RecordBatch:
    import pyarrow.compute as pc

    columns = []
    for field, column in zip(batch.schema, batch.columns, strict=True):
        kind, own = _postgres_type(field), column
        if kind == NUMERIC:
            own = (column.storage if isinstance(column, pa.ExtensionArray) else column).cast(pa.float64())
        elif kind == "bpchar":  # CHAR(n) is filled with blanks that do not count
            own = pc.utf8_rtrim(column, " ")
        columns.append(own)
    return pa.RecordBatch.from_arrays(columns, schema=schema)


# Databases that are files


def _file(address: str) -> str:
    path = Path(unquote(address.partition(":///")[2]))
    if not path.is_file():
        raise FileNotFoundError
    return str(path)


def _to_duckdb(address: str, connections: ExitStack) -> Any:
    import duckdb

    # Without access to other files and networks: a survey's query reads its database and nothing else.
    options: dict[str, str | bool | int | float | list[str]] = {
        "enable_external_access": False,
        "lock_configuration": True,
    }
    return connections.enter_context(duckdb.connect(_file(address), read_only=True, config=options))


def _of_duckdb(connection: Any, sql: str, _: ExitStack) -> Iterable[Stream]:
    import duckdb

    if [one.type for one in connection.extract_statements(sql)] != [duckdb.StatementType.SELECT]:
        raise NotOneSelectError(phrase("it is not one SELECT"))
    reader = connection.sql(sql).to_arrow_reader(AT_ONCE)
    return [Stream(reader.schema, reader)]


def _to_sqlite(address: str, connections: ExitStack) -> Any:
    import sqlite3

    connection = sqlite3.connect(f"file:{quote(_file(address))}?mode=ro", uri=True, check_same_thread=False)
    connections.enter_context(contextlib.closing(connection))
    connection.execute("SELECT count(*) FROM sqlite_master")  # a file of another kind fails here
    return connection


def _of_sqlite(connection: Any, sql: str, connections: ExitStack) -> Iterable[Stream]:
    cursor = connections.enter_context(contextlib.closing(connection.cursor()))
    cursor.execute(sql)
    if cursor.description is None:
        raise NotOneSelectError(phrase("it is not one SELECT"))
    return _typed(cursor, [column[0] for column in cursor.description])


def _typed(cursor: Any, names: Sequence[str]) -> Iterator[Stream]:
    """Rows of SQLite, whose columns have no types: those that their values have, block by block."""
    while rows := cursor.fetchmany(AT_ONCE):
        arrays = [_array(name, column) for name, column in zip(names, zip(*rows, strict=True), strict=True)]
        batch = pa.RecordBatch.from_arrays(arrays, names=list(names))
        yield Stream(batch.schema, [batch])


def _array(name: str, values: Sequence[object]) -> pa.Array:
    kinds = {type(value) for value in values} - {type(None)}
    if len(kinds) > 1 and kinds != {int, float}:
        text = phrase("column {name!r} of the query has values of several types", name=name)
        remedy = phrase(
            "SQLite columns have no type: write CAST({name} AS TEXT), INTEGER or REAL in the query", name=name
        )
        raise DataError(Fault("MPI-D012", None, text, remedy))
    return pa.array(values, pa.float64() if float in kinds else None)
