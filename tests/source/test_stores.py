"""Tables in an object store: the same figures as from files, of what is needed alone; or one fault, without secrets."""

from __future__ import annotations

import gzip
import io
import json
import pickle
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pyarrow as pa
import pyarrow.csv
import pyarrow.feather
import pyarrow.parquet as pq
import pyreadstat
import pytest

import mpi
from mpi.config.composing import compose
from mpi.config.surveys import read_survey
from mpi.errors import ConfigError, DataError, MpiError, UsageError
from mpi.files.stores import StorePath, fault_in, location
from mpi.runs.verifying import verify
from mpi.source.table_opening import open_table
from mpi.specs.data_files import Dialect
from tests.support import village
from tests.support.commands import run
from tests.support.hamlet import study_of, write_hamlet
from tests.support.store import BUCKET, SECRET, Store, store
from tests.support.village import assert_same, profile, survey

DATA = village.tables()
SECRETS = (SECRET, "owner", "127.0.0.1", "s3:/town")


@pytest.fixture
def town(monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    with store(monkeypatch) as found:
        yield found


def said(error: BaseException) -> str:
    """The message, which shows nothing of who asks and where the server is."""
    text = str(error)
    assert not [secret for secret in SECRETS if secret in text], text
    return text


# How a table is stored.


def as_csv(table: pa.Table) -> bytes:
    file = io.BytesIO()
    pyarrow.csv.write_csv(table, file)
    return file.getvalue()


def as_parquet(table: pa.Table) -> bytes:
    file = io.BytesIO()
    pq.write_table(table, file, row_group_size=100)
    return file.getvalue()


def as_zip(table: pa.Table) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("read me.md", "of the office")
        archive.writestr("data/rows.csv", as_csv(table))
    return file.getvalue()


def as_feather(table: pa.Table) -> bytes:
    file = io.BytesIO()
    pyarrow.feather.write_feather(table, file)
    return file.getvalue()


def as_stata(table: pa.Table) -> bytes:
    with TemporaryDirectory() as folder:
        pyreadstat.write_dta(table.to_pandas(), f"{folder}/x.dta")
        return Path(folder, "x.dta").read_bytes()


def as_spss(table: pa.Table) -> bytes:
    with TemporaryDirectory() as folder:
        pyreadstat.write_sav(table.to_pandas(), f"{folder}/x.sav")
        return Path(folder, "x.sav").read_bytes()


def as_sheet(table: pa.Table) -> bytes:
    file = io.BytesIO()
    table.to_pandas().to_excel(file, index=False)
    return file.getvalue()


KINDS: dict[str, Callable[[pa.Table], bytes]] = {
    ".parquet": as_parquet,
    ".csv": as_csv,
    ".csv.gz": lambda table: gzip.compress(as_csv(table)),
    ".csv.zst": lambda table: pa.compress(as_csv(table), "zstd", asbytes=True),
    ".zip": as_zip,
    ".feather": as_feather,
    ".dta": as_stata,
    ".sav": as_spss,
    ".xlsx": as_sheet,
}


@pytest.mark.parametrize("ending", KINDS)
def test_every_kind_of_file_is_read_from_a_store(town: Store, tmp_path: Path, ending: str) -> None:
    for name, table in DATA.items():
        (tmp_path / f"{name}{ending}").write_bytes(KINDS[ending](table))
        town.put(f"2026/{name}{ending}", KINDS[ending](table))
    read = survey(*((f"{name}.parquet", f"{name}{ending}") for name in DATA))
    own = mpi.deprivation_profile(read, village.measure(), data=f"s3://{BUCKET}/2026")
    assert_same(own, mpi.deprivation_profile(read, village.measure(), data=tmp_path))


@pytest.mark.parametrize(
    "path", ["parts", "parts/*.parquet", "parts/**/p?.parquet", "s3://town/parts/", "s3://town/parts/p[012].parquet"]
)
def test_folders_and_patterns(town: Store, path: str) -> None:
    persons = DATA["persons"]
    for i in range(3):
        town.put(f"parts/p{i}.parquet", persons.slice(i * 200, 200 if i < 2 else None))
    town.put("parts/_SUCCESS", b"x")
    town.put("households.parquet", DATA["households"])
    read = survey(("persons.parquet", f'"{path}"'))
    if path.endswith("*.parquet") or "**" in path or "[" in path or not path.startswith("s3"):
        assert_same(mpi.deprivation_profile(read, village.measure(), data=f"s3://{BUCKET}"), profile(DATA))
    given = {"persons": f"s3://{BUCKET}/parts", "households": DATA["households"]}
    assert_same(mpi.deprivation_profile(survey(), village.measure(), data=given), profile(DATA))


def test_folders_that_stand_for_columns(town: Store) -> None:
    persons = DATA["persons"]
    for year in (2025, 2026):
        town.put(f"in/year={year}/p.parquet", persons)
    opened = open_table("persons", "in", StorePath.of(f"s3://{BUCKET}"), Dialect())
    assert opened.columns["year"] == "text"
    assert [part.constants for part in opened.parts] == [{"year": "2025"}, {"year": "2026"}]
    assert opened.label == "in (2 files)"
    assert {part.label for part in opened.parts} == {f"s3://{BUCKET}/in/year={y}/p.parquet" for y in (2025, 2026)}


def test_parquet_gives_only_the_columns_that_are_needed(town: Store) -> None:
    rows = 50_000
    heavy = np.random.default_rng(1).integers(0, 2**62, rows)
    table = pa.table({"house": range(rows), "heavy": heavy, "also": heavy[::-1]})
    town.put("wide.parquet", table, row_group_size=10_000)
    opened = open_table("persons", "wide.parquet", StorePath.of(f"s3://{BUCKET}"), Dialect())
    assert len(opened.whole(["house"])["house"]) == rows
    footer = 2**16
    assert 0 < town.counting.given < heavy.nbytes + footer  # of three times as much


# What is refused.


def refused(error: MpiError, code: str, *words: str) -> None:
    text = said(error)
    assert [fault.code for fault in error.faults] == [code], text
    for word in words:
        assert word in text


@pytest.mark.parametrize(
    ("address", "words"),
    [
        (f"s3://{BUCKET}/2027", ("does not exist", "s3://town/2027")),
        ("s3://nobody/2026", ("does not exist", "s3://nobody/2026")),
    ],
)
def test_a_folder_that_is_not_there(town: Store, address: str, words: tuple[str, ...]) -> None:
    town.put("2026/persons.parquet", DATA["persons"])
    with pytest.raises(UsageError) as caught:
        mpi.deprivation_profile(survey(), village.measure(), data=address)
    refused(caught.value, "MPI-U001", *words)


def test_an_object_that_is_not_there(town: Store) -> None:
    town.put("2026/person.parquet", DATA["persons"])
    town.put("2026/households.parquet", DATA["households"])
    with pytest.raises(DataError) as caught:
        mpi.deprivation_profile(survey(), village.measure(), data=f"s3://{BUCKET}/2026")
    refused(caught.value, "MPI-D001", "s3://town/2026/persons.parquet", "person.parquet")


def test_credentials_that_are_wrong(town: Store) -> None:
    for name, table in DATA.items():
        town.put(f"{name}.parquet", table)
    town.ask_for_credentials()
    try:
        with pytest.raises(UsageError) as caught:
            mpi.deprivation_profile(survey(), village.measure(), data=f"s3://{BUCKET}")
    finally:
        town.let_in()
    refused(caught.value, "MPI-U241", "refuses access", "AWS_SECRET_ACCESS_KEY")


def test_a_server_that_is_not_there(town: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
    with pytest.raises(DataError) as caught:
        mpi.deprivation_profile(survey(), village.measure(), data=f"s3://{BUCKET}")
    refused(caught.value, "MPI-D212", "does not answer")


@pytest.mark.parametrize(
    ("ending", "requests"),
    [(".parquet", 1), (".parquet", 5), (".csv.gz", 2), (".csv.zst", 2), (".zip", 3), (".sav", 2)],
)
def test_a_server_that_is_gone_in_the_middle(town: Store, ending: str, requests: int) -> None:
    for name, table in DATA.items():
        town.put(f"{name}{ending}", KINDS[ending](table))
    read = survey(*((f"{name}.parquet", f"{name}{ending}") for name in DATA))
    town.counting.gone_after = requests
    with pytest.raises(MpiError) as caught:
        mpi.deprivation_profile(read, village.measure(), data=f"s3://{BUCKET}")
    codes = {fault.code for fault in caught.value.faults}
    assert codes == {"MPI-D212"}, said(caught.value)
    said(caught.value)


def test_a_damaged_object_is_damaged_and_no_store_that_fails(town: Store) -> None:
    content = bytearray(as_parquet(DATA["persons"]))
    town.put("households.parquet", DATA["households"])
    town.put("persons.parquet", bytes(content[:-500]))
    with pytest.raises(DataError) as caught:
        mpi.deprivation_profile(survey(), village.measure(), data=f"s3://{BUCKET}")
    refused(caught.value, "MPI-D003", "s3://town/persons.parquet", "not a complete Parquet file")


def test_an_object_that_changes_while_it_is_read(town: Store) -> None:
    town.put("persons.parquet", DATA["persons"])
    path = StorePath.of(f"s3://{BUCKET}/persons.parquet")
    before = path.stat()
    town.put("persons.parquet", DATA["persons"].slice(1))
    after = path.stat()
    assert (before.st_ino, before.st_size) != (after.st_ino, after.st_size)
    town.remove("persons.parquet")
    with pytest.raises(FileNotFoundError):
        path.stat()


WRONG = [
    "s3://key:s3cret-key@town/p.parquet",
    "s3://key:s3cret/key@town/p.parquet",
    "s3://owner@town/p.parquet",
    "gs://town/p.parquet?token=s3cret-key",
    "s3://town/p.parquet?versionId=1&X-Amz-Signature=s3cret-key",
    "abfs://box:s3cret-key@account.dfs.core.windows.net/p.parquet",
    "hdfs://owner:s3cret-key@host/p.parquet",
    "hdfs://owner@host/p.parquet",
    "s3://to*n/p.parquet",
    "s3://town/../other/p.parquet",
    "S3://key:s3cret-key@town/p.parquet",
]


@pytest.mark.parametrize("address", WRONG)
def test_an_address_with_a_secret_is_refused_and_not_repeated(address: str, capsys: pytest.CaptureFixture[str]) -> None:
    for given in (address, Path(address)):
        with pytest.raises(UsageError) as caught:
            mpi.deprivation_profile(survey(), village.measure(), data=given)
        refused(caught.value, "MPI-U241")
    text = village.SURVEY.replace("path: persons.parquet", f'path: "{address}"')
    with pytest.raises(ConfigError) as wrong:
        read_survey([compose(text, "s.yaml")])
    refused(wrong.value, "MPI-S144", "s.yaml:4:")
    code, out, err = run(capsys, "describe", address)
    assert code == 2
    assert "MPI-U241" in err
    assert not [secret for secret in ("s3cret", "owner") if secret in out + err]


def test_addresses_that_are_right() -> None:
    for address in (
        "s3://town/a b/p?rt-[0-9]*.parquet",
        "gs://town.example/x",
        "abfs://box@account.dfs.core.windows.net/x",
        "abfss://box/x",
        "hdfs:///user/x",
        "hdfs://name-node:8020/x",
        "s3a://town/x",
    ):
        assert fault_in(address) is None, address
    assert str(location(Path("s3://town/x/y.csv"))) == "s3://town/x/y.csv"
    assert fault_in("s3:///x") is not None
    assert location("data/x.csv") == Path("data/x.csv")
    assert str(location("abfss://box/x")) == "abfs://box/x"


def test_a_path_of_a_store_is_whole_however_it_is_treated() -> None:
    path = location("s3://town/a/b.csv.gz")
    assert isinstance(path, StorePath)
    assert (str(path.parent), path.name, path.suffix) == ("s3://town/a", "b.csv.gz", ".gz")
    assert f"{path.parent / 'c'}" == "s3://town/a/c"
    assert pickle.loads(pickle.dumps(path)) == path  # noqa: S301  made here
    assert str(path.with_suffix(".x")) == "s3://town/a/b.csv.x"
    assert path.absolute() is path and path.resolve() is path
    assert not path.is_relative_to(Path("/")) and not path.is_relative_to(Path())
    assert path.relative_to(path.parent) == Path("b.csv.gz")
    assert sorted([path, path.parent])[0] == path.parent
    with pytest.raises(OSError, match="s3://town"):
        path.open("wb")


# Whole commands.


def hamlet(town: Store, folder: Path) -> Path:
    """A hamlet whose data are in the store, and the rest in a folder."""
    write_hamlet(folder)
    for name in ("persons.csv", "households.csv"):
        town.put(f"in/{name}", (folder / name).read_bytes())
        (folder / name).unlink()
    return folder


def test_commands_on_a_store(
    town: Store, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(hamlet(town, tmp_path))
    data = ["--data", f"s3://{BUCKET}/in"]
    for command in (
        ["check", "village.yaml", "village_2026.yaml", *data],
        ["profile", "village.yaml", "village_2026.yaml", *data, "-o", "p.parquet"],
        ["estimate", "village.yaml", "village_2026.yaml", *data],
        ["describe", f"s3://{BUCKET}/in/persons.csv"],
        ["convert", f"s3://{BUCKET}/in/persons.csv", "-o", "new"],
        ["init", "survey", "s2", "--measure", "village.yaml", "--data", f"s3://{BUCKET}/in/persons.csv"],
    ):
        code, out, err = run(capsys, *command)
        assert code == 0, err
        assert "s3:/town" not in out + err
    assert f"s3://{BUCKET}/in/persons.csv" in Path("s2.yaml").read_text(encoding="utf-8")
    assert pq.read_table("new/persons.parquet").num_rows == 12
    code, out, err = run(capsys, "convert", f"s3://{BUCKET}/in/nobody.csv", "-o", "new")
    assert code == 1
    assert "MPI-D001 s3://town/in/nobody.csv" in err
    code, out, err = run(capsys, "describe", f"s3://{BUCKET}/in/nobody.csv")
    assert code == 2
    assert "MPI-U230 s3://town/in/nobody.csv" in err


def test_a_publication_from_a_store_and_its_manifest(
    town: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(hamlet(town, tmp_path))
    survey_file = tmp_path / "village_2026.yaml"
    text = survey_file.read_text(encoding="utf-8")
    survey_file.write_text(text.replace("path: households.csv", f'path: "s3://{BUCKET}/in/households.csv"'), "utf-8")
    (tmp_path / "study.yaml").write_text(study_of("results"), encoding="utf-8")
    study = mpi.load_study(tmp_path / "study.yaml")
    mpi.run_study(study, data=f"s3://{BUCKET}/in", out="out")
    written = Path("out/manifest.json").read_text(encoding="utf-8")
    inputs = {one["path"]: one for one in json.loads(written)["inputs"]}
    assert {name: one["within"] for name, one in inputs.items()} == {"persons.csv": "data", "households.csv": "data"}
    assert all(one["etag"] and "sha256" not in one for one in inputs.values())
    assert SECRET not in written and "127.0.0.1" not in written
    data = StorePath.of(f"s3://{BUCKET}/in")
    assert verify(Path("out"), data) == []
    town.put("in/persons.csv", b"other")
    assert [(one.code, one.file) for one in verify(Path("out"), data)] == [("MPI-V008", "persons.csv")]
    town.remove("in/persons.csv")
    assert [one.code for one in verify(Path("out"), data)] == ["MPI-V007"]


def test_a_run_that_breaks_off_leaves_nothing(town: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(hamlet(town, tmp_path))
    (tmp_path / "study.yaml").write_text(study_of("results"), encoding="utf-8")
    before = sorted(tmp_path.iterdir())
    town.counting.gone_after = 1
    with pytest.raises(DataError) as caught:
        mpi.run_study(mpi.load_study(tmp_path / "study.yaml"), data=f"s3://{BUCKET}/in", out="out")
    refused(caught.value, "MPI-D212")
    assert sorted(tmp_path.iterdir()) == before
