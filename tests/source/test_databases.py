"""Tables from queries of real databases: the same figures as from files; or one fault, without secrets and values."""

from __future__ import annotations

import hashlib
import json
import sqlite3
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pytest

import mpi
from mpi.config.composing import compose
from mpi.config.surveys import read_survey
from mpi.errors import ConfigError, DataError, MpiError
from mpi.source import open_survey, spooling
from mpi.source.databases import open_query
from mpi.specs.data_files import Query
from tests.support import village
from tests.support.hamlet import study_of, write_hamlet
from tests.support.postgres import PASSWORD, postgres
from tests.support.village import assert_same, profile, survey

DATA = village.tables()
FROM_QUERIES = (
    ("{path: persons.parquet,", '{sql: "select * from persons order by house, person", database: town,'),
    ("{path: households.parquet,", "{sql: select * from households, database: town,"),
)
SECRETS = (PASSWORD, "s3cret", "127.0.0.1", "owner", "4711")


def of_duckdb(folder: Path) -> str:
    with duckdb.connect(str(folder / "town.duckdb")) as connection:
        for name, table in DATA.items():
            connection.register("given", table)
            connection.execute(f"create table {name} as select * from given")
            connection.unregister("given")
    return f"duckdb:///{folder}/town.duckdb"


def of_sqlite(folder: Path) -> str:
    connection = sqlite3.connect(folder / "town.sqlite")
    for name, table in DATA.items():
        columns = ", ".join(f'"{column}"' for column in table.column_names)
        connection.execute(f"create table {name} ({columns})")
        marks = ", ".join("?" * table.num_columns)
        rows = [tuple(row.values()) for row in table.to_pylist()]
        connection.executemany(f"insert into {name} values ({marks})", rows)
    connection.commit()
    connection.close()
    return f"sqlite:///{folder}/town.sqlite"


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    with postgres() as address:
        _fill(address)
        yield address


def _fill(address: str) -> None:
    import adbc_driver_postgresql.dbapi as driver

    with driver.connect(address) as connection, connection.cursor() as cursor:
        for name, table in DATA.items():
            cursor.adbc_ingest(name, table, mode="create")
        cursor.execute(
            "create table odd as select 12.30::numeric as share, 7::numeric as whole, 'a'::char(3) as code, "
            "true as yes, null::int as none, 1.1::real as single, 'x'::text as word"
        )
        connection.commit()


@pytest.fixture(params=["duckdb", "sqlite", "postgres"])
def town(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """The village in a database of each kind, which the environment names."""
    address = (
        request.getfixturevalue("server")
        if request.param == "postgres"
        else {"duckdb": of_duckdb, "sqlite": of_sqlite}[request.param](tmp_path)
    )
    monkeypatch.setenv("MPI_DATABASE_TOWN", address)
    return str(request.param)


def ask(sql: str, database: str = "town") -> Any:
    return open_query("persons", Query(sql=sql, database=database))


@pytest.mark.usefixtures("town")
def test_the_same_figures_come_from_every_database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spooling, "AT_ONCE", 100)
    found = mpi.deprivation_profile(survey(*FROM_QUERIES), village.measure(), data=tmp_path)
    assert_same(found, profile(DATA))


@pytest.mark.usefixtures("town")
def test_what_is_told_of_a_query_is_its_hash_rows_and_columns(tmp_path: Path) -> None:
    opened = open_survey(survey(*FROM_QUERIES), tmp_path)
    persons, households = opened.asked
    again = open_survey(survey(*FROM_QUERIES), tmp_path).asked
    assert (persons.table, persons.database, persons.rows) == ("persons", "town", DATA["persons"].num_rows)
    assert persons.statement == hashlib.sha256(b"select * from persons order by house, person").hexdigest()
    assert households.columns["area"] == "number"
    assert [one.content for one in again] == [persons.content, households.content]
    assert ask("select * from persons where house < 200").content != persons.content
    text = " ".join(str(notice) for notice in opened.notices)
    assert "of the database town (sha256 " in text
    assert not any(secret in text for secret in SECRETS)


def test_a_file_of_one_table_stands_beside_a_query_of_another(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MPI_DATABASE_TOWN", of_duckdb(tmp_path))
    village.write(tmp_path, DATA)
    assert_same(mpi.deprivation_profile(survey(FROM_QUERIES[0]), village.measure(), data=tmp_path), profile(DATA))
    given = {"households": DATA["households"]}
    assert_same(mpi.deprivation_profile(survey(FROM_QUERIES[0]), village.measure(), data=given), profile(DATA))


def test_types_of_postgresql(server: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MPI_DATABASE_TOWN", server)
    opened = ask("select * from odd")
    row = next(opened.raw(list(opened.columns), 10)).to_pylist()[0]
    row["single"] = round(row["single"], 6)
    assert row == {"share": 12.3, "whole": 7.0, "code": "a", "yes": True, "none": None, "single": 1.1, "word": "x"}
    assert opened.columns["share"] == "number"


def test_a_service_file_says_where_the_database_is(
    server: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    user, _, place = server.removeprefix("postgresql://").partition("@")
    host, port = place.removesuffix("/postgres").split(":")
    text = f"[town]\nhost={host}\nport={port}\ndbname=postgres\nuser=owner\npassword={user.partition(':')[2]}\n"
    (tmp_path / "services").write_text(text, encoding="utf-8")
    monkeypatch.setenv("PGSERVICEFILE", str(tmp_path / "services"))
    monkeypatch.delenv("MPI_DATABASE_TOWN", raising=False)
    assert ask("select * from persons").rows == DATA["persons"].num_rows


REFUSED = {
    "no such column": ("select nothing from persons", "MPI-D211", "refuses the query"),
    "no such table": ("select * from nothing", "MPI-D211", "refuses the query"),
    "no SQL": ("select select from", "MPI-D211", "refuses the query"),
    "two statements": ("select 1; select 2", "MPI-D211", ""),
    "it writes": ("with a as (select 1) insert into persons select * from persons", "MPI-D211", ""),
    "no rows": ("select * from persons where house = -1", "MPI-D002", "no row"),
}


@pytest.mark.usefixtures("town")
@pytest.mark.parametrize("kind", REFUSED)
def test_a_query_that_fails_is_one_fault(kind: str) -> None:
    sql, code, said = REFUSED[kind]
    with pytest.raises(DataError) as caught:
        ask(sql)
    refused(caught.value, code, said)
    assert ask("select * from persons").rows == DATA["persons"].num_rows  # nothing was written


def refused(error: MpiError, code: str, said: str) -> None:
    text = str(error)
    assert [fault.code for fault in error.faults] == [code], text
    assert said in text
    assert not any(secret in text for secret in SECRETS), text
    assert error.__cause__ is None
    assert error.__suppress_context__ or error.__context__ is None  # no traceback prints the driver's message


@pytest.mark.parametrize("sql", [
    "select ('value' || (4711 + x))::int as a from generate_series(1, 3) as t(x)",
    "select 1 / (400000 - x) as a from generate_series(1, 1000000) as t(x)",
])  # fmt: skip
def test_a_failure_in_the_middle_shows_no_value(server: str, monkeypatch: pytest.MonkeyPatch, sql: str) -> None:
    monkeypatch.setenv("MPI_DATABASE_TOWN", server)
    with pytest.raises(DataError) as caught:
        ask(sql)
    refused(caught.value, "MPI-D211", "failed after")


def test_values_that_a_database_quotes_are_not_shown(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MPI_DATABASE_TOWN", of_duckdb(tmp_path))
    with pytest.raises(DataError) as caught:
        ask("select ('v' || (4700 + range))::int as a from range(100)")
    refused(caught.value, "MPI-D211", "failed after 0 rows (ConversionException)")
    with pytest.raises(DataError) as caught:
        ask("select * from read_csv('/etc/passwd')")
    assert "root" not in str(caught.value)


def test_a_connection_that_is_lost(server: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another session ends this one while its rows come: no figure, one fault."""
    import adbc_driver_postgresql.dbapi as driver

    monkeypatch.setenv("MPI_DATABASE_TOWN", server)
    real = spooling._File.add
    done: list[bool] = []

    def adding(file: Any, batch: pa.RecordBatch) -> None:
        if not done:
            done.append(True)
            with driver.connect(server, autocommit=True) as connection, connection.cursor() as cursor:
                cursor.execute("select pg_terminate_backend(pid) from pg_stat_activity where pid <> pg_backend_pid()")
                cursor.fetchall()
        real(file, batch)

    monkeypatch.setattr(spooling._File, "add", adding)
    with pytest.raises(DataError) as caught:
        ask("select x, x as y from generate_series(1, 4000000) as t(x)")
    refused(caught.value, "MPI-D211", "was lost after")


def test_connections_that_there_are_not(server: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "s3cret.txt").write_text("no database at all, but long enough to be one\n" * 40, encoding="utf-8")
    monkeypatch.setenv("PGSERVICEFILE", str(tmp_path / "none"))
    wrong = {
        "": "does not say where",
        server.replace(PASSWORD, "wrong-s3cret"): "refuses the user or the password",
        server.replace("/postgres", "/s3cret").replace("postgresql:/s3cret", "postgresql:/"): "no connection",
        "postgresql://owner:s3cret@127.0.0.1:1/postgres": "no connection",
        f"duckdb:///{tmp_path}/s3cret.duckdb": "no connection",
        f"duckdb:///{tmp_path}/s3cret.txt": "no connection",
        f"sqlite:///{tmp_path}/s3cret.db": "no connection",
        f"sqlite:///{tmp_path}/s3cret.txt": "no connection",
        "oracle://owner:s3cret@x": "gives no address",
    }
    for address, said in wrong.items():
        monkeypatch.setenv("MPI_DATABASE_TOWN", address)
        with pytest.raises(MpiError) as caught:
            ask("select * from persons")
        refused(caught.value, "MPI-U240", said)
    assert not (tmp_path / "s3cret.duckdb").exists()
    assert not (tmp_path / "s3cret.db").exists()


@pytest.mark.parametrize(
    ("package", "address"), [("adbc_driver_postgresql.dbapi", "postgresql://x"), ("duckdb", "duckdb:///x")]
)
def test_a_driver_that_is_not_installed(monkeypatch: pytest.MonkeyPatch, package: str, address: str) -> None:
    monkeypatch.setitem(sys.modules, package, None)
    monkeypatch.setenv("MPI_DATABASE_TOWN", address)
    with pytest.raises(MpiError) as caught:
        ask("select 1")
    refused(caught.value, "MPI-U210", "is not installed")


def test_columns_of_sqlite_of_several_types(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MPI_DATABASE_TOWN", of_sqlite(tmp_path))
    with pytest.raises(DataError) as caught:
        ask("select 1 as a union all select 'x'")
    refused(caught.value, "MPI-D012", "CAST(a AS TEXT)")
    monkeypatch.setattr("mpi.source.databases.AT_ONCE", 1)
    opened = ask("select 1 as a, 1 as b union all select 2.5, 'x' union all select null, 'y'")
    assert opened.columns["a"] == "number"
    assert opened.refused.keys() == {"b"}


CONFIGS = {
    "a password in the name": (
        "{sql: select 1, database: 'postgresql://owner:s3cret@127.0.0.1/x',",
        "holds a password",
    ),
    "a password in the query": (
        "{sql: \"select * from f('host=x password=s3cret')\", database: town,",
        "holds a password",
    ),
    "an address as name": ("{sql: select 1, database: 'duckdb:///x',", "is not a name"),
    "no database": ("{sql: select 1,", "`sql` needs `database`"),
    "no query": ("{path: p.parquet, database: town,", "`database` needs `sql`"),
    "a path too": ("{sql: select 1, database: town, path: p.parquet,", "a query has no `path`"),
    "a dialect too": ("{sql: select 1, database: town, csv: {delimiter: ';'},", "a query has no `csv`"),
    "it deletes": ("{sql: delete from persons, database: town,", "is not a SELECT"),
    "a comment before": ("{sql: '/* select */ drop table persons', database: town,", "is not a SELECT"),
}


@pytest.mark.parametrize("kind", CONFIGS)
def test_a_config_with_a_wrong_query(kind: str) -> None:
    table, said = CONFIGS[kind]
    text = village.SURVEY.replace("{path: persons.parquet,", table)
    with pytest.raises(ConfigError) as caught:
        read_survey([compose(text, "village_2026.yaml")])
    refused(caught.value, "MPI-S143", said)


def test_a_select_after_comments_is_a_select() -> None:
    text = village.SURVEY.replace("{path: persons.parquet,", '{sql: "-- all\\n/* of */ SELECT 1;", database: town,')
    query = read_survey([compose(text, "village_2026.yaml")]).tables["persons"].query
    assert query is not None
    assert query.sql.endswith("SELECT 1")


def test_a_manifest_tells_of_queries_and_of_no_address(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was made of other rows is made anew; `--only` beside it is refused, since rows may have changed."""
    folder = write_hamlet(tmp_path)
    monkeypatch.chdir(folder)
    with duckdb.connect(str(folder / "s3cret.duckdb")) as connection:
        connection.execute("create table persons as select * from read_csv('persons.csv', all_varchar = false)")
    monkeypatch.setenv("MPI_DATABASE_TOWN", f"duckdb:///{folder}/s3cret.duckdb")
    survey_file = folder / "village_2026.yaml"
    text = survey_file.read_text(encoding="utf-8")
    query = '{sql: "select * from persons", database: town,'
    survey_file.write_text(text.replace("{path: persons.csv,", query), encoding="utf-8")
    (folder / "study.yaml").write_text(study_of("results", "report"), encoding="utf-8")
    study = mpi.load_study(folder / "study.yaml")
    mpi.run_study(study, data=folder, out="out")
    written = (folder / "out/manifest.json").read_text(encoding="utf-8")
    (told,) = json.loads(written)["queries"]
    assert {key: told[key] for key in ("survey", "table", "database")} == {
        "survey": "village_2026", "table": "persons", "database": "town"
    }  # fmt: skip
    assert told["rows"] == 12
    assert "s3cret" not in written
    with pytest.raises(MpiError, match="the rows of queries"):
        mpi.run_study(study, data=folder, out="out", only=["report"], overwrite=True)
