"""Profiles on disk: one Parquet file, cells as rows, names and the design in its metadata.

Pages carry checksums, but the metadata of a Parquet file do not, so a digest covers everything that counts: a file with
a single flipped bit either is refused or says the same.
"""

from __future__ import annotations

import base64
import hashlib
import json
import math
from collections.abc import Mapping
from dataclasses import asdict, fields
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from mpi.columns import arrow
from mpi.errors import DataError, Fault, Place
from mpi.errors.resources import raise_scarce, scarce
from mpi.files import write_parquet, write_whole
from mpi.language import enumerated, phrase, template
from mpi.profile.cells import COLUMNS, Cells, Domain, Tabulation, arrays, stacked
from mpi.profile.sample import Declared, Replication, Sample
from mpi.profile.spaces import Spaces

FORMAT = 4
READABLE = (3, FORMAT)  # 3 keeps notices as English alone
KEY = b"mpi.deprivation_profile"
DIGEST = b"mpi.sha256"
REMEDY = phrase("make it again with `mpi profile`")
TYPES = {"int64": np.int64, "uint64": np.uint64, "double": np.float64}
PROFILE = "profile"
# By the kind that is asked for, what is said of a file of another.
OTHERS: Mapping[str, tuple[str, str]] = {
    PROFILE: (
        template("the profile of several editions, not of one: it holds sequences of patterns"),
        template("give it to `mpi follow`; in Python read it with mpi.Panel.read"),
    ),
    "panel": (
        template("the profile of one edition, not of several"),
        template("make one of several with `mpi follow ... --save FILE.parquet`"),
    ),
}
MAX_METADATA = 2**31 - 1  # bytes of PSU codes and labels; Parquet readers stop at 100 MB unless told


def write(
    path: Path,
    about: Mapping[str, Any],
    held: Tabulation,
    *,
    overwrite: bool,
    more: Mapping[str, NDArray[Any]] | None = None,
) -> None:
    """Write a tabulation with what is known about it; see `DeprivationProfile.write`.

    Parameters
    ----------
    about : mapping
        What JSON can hold: names, indicators, counts, notices. Its `kind` says what it is, if not a profile.
    more : mapping of str to array, optional
        Arrays that have other rows than the cells.
    """
    columns: dict[str, NDArray[Any]] = {
        f"domain.{domain.name}": held.cells.domains[:, i] for i, domain in enumerate(held.domains)
    }
    columns |= {name: array for name, array in arrays(held.cells).items() if name != "domains"}
    if held.spaces is not None and len(held.cells):
        about = {**about, "spaces": held.spaces.rows.shape}
        columns |= {"spaces.domains": _bytes(held.spaces.domains), "spaces.rows": _bytes(held.spaces.rows)}
    columns |= {f"more.{name}": _bytes(array) for name, array in (more or {}).items()}
    domains = [asdict(domain) for domain in held.domains]
    header = json.dumps(
        {"format": FORMAT, **about, "domains": domains, "sample": _written(held.sample)}, ensure_ascii=False
    )
    metadata = {KEY.decode(): header, DIGEST.decode(): _digest(header.encode(), columns)}
    table = arrow.table({name: _column(array, len(held.cells)) for name, array in columns.items()}, metadata)
    write_whole(path, lambda temporary: write_parquet(table, temporary), overwrite=overwrite, private=True)


def read(path: Path) -> tuple[dict[str, Any], Tabulation]:
    """What `write` wrote: what is known about the tabulation, and the tabulation; see `DeprivationProfile.read`."""
    return read_more(path)[:2]


def read_more(path: Path, *, kind: str = PROFILE) -> tuple[dict[str, Any], Tabulation, dict[str, NDArray[np.uint8]]]:
    """The same, with the bytes of further arrays, of a file of one kind.

    Raises
    ------
    DataError
        If the file is not whole, or of another kind.
    """
    place = Place(str(path))
    if not path.is_file():
        remedy = phrase("look at its name, or make one with `mpi profile`")
        raise DataError(Fault("MPI-D001", place, phrase("there is no such file"), remedy))
    try:
        metadata, columns = _read(path)
        foreign = KEY not in metadata
        whole = not foreign and metadata.get(DIGEST) == _digest(metadata[KEY], columns).encode()
    except (pa.ArrowException, OSError, ValueError, MemoryError) as error:
        raise_scarce(error, str(path))
        foreign = whole = False
    if foreign:
        text = phrase("a Parquet file, but not a deprivation profile")
        raise DataError(Fault("MPI-D051", place, text, phrase("make one with `mpi profile`")))
    if not whole:
        text = phrase("not a complete deprivation profile ({st_size:,} bytes)", st_size=path.stat().st_size)
        raise DataError(Fault("MPI-D051", place, text, REMEDY))
    about = json.loads(metadata[KEY])
    if about["format"] not in READABLE:
        text = phrase(
            "a deprivation profile of format {format}; this version reads {formats}",
            format=about["format"],
            formats=enumerated(list(map(str, READABLE)), "or"),
        )
        raise DataError(Fault("MPI-D051", place, text, REMEDY))
    if about.get("kind", PROFILE) != kind:
        said, what_to_do = OTHERS[kind]
        raise DataError(Fault("MPI-D051", place, phrase(said), phrase(what_to_do)))
    more = {name.removeprefix("more."): array for name, array in columns.items() if name.startswith("more.")}
    return about, _tabulation(about, columns), more


def _read(path: Path) -> tuple[dict[bytes, bytes], dict[str, NDArray[Any]]]:
    import pyarrow.parquet as pq

    how = {"page_checksum_verification": True, "thrift_string_size_limit": MAX_METADATA}
    with pq.ParquetFile(path, **how) as file:
        metadata = file.schema_arrow.metadata or {}
        if KEY not in metadata:
            return metadata, {}
        try:
            table = file.read()
        except (pa.ArrowException, OSError) as error:
            if scarce(error) is None:
                raise
            with pq.ParquetFile(path, **how, pre_buffer=False) as alone:  # without threads
                table = alone.read(use_threads=False)
    return metadata, {name: _array(table.column(name)) for name in table.column_names}


def _bytes(array: NDArray[Any]) -> NDArray[np.uint8]:
    """The bytes of an array that has other rows than the cells."""
    return np.frombuffer(np.ascontiguousarray(array, f"<{array.dtype.str[1:]}").tobytes(), np.uint8)


def _column(array: NDArray[Any], cells: int) -> pa.Array:
    """A column of numbers; of a matrix each row is the bytes of its doubles, which reads faster than any list.

    Bytes stand in the first row, whole.
    """
    if array.dtype == np.uint8:
        return pa.array([array.tobytes(), *[b""] * (cells - 1)], pa.large_binary())
    if array.ndim == 1:
        return arrow.numbers(array)
    raw = np.ascontiguousarray(array, "<f8")
    return pa.Array.from_buffers(pa.binary(8 * raw.shape[1]), len(raw), [None, pa.py_buffer(raw)])


def _array(column: pa.ChunkedArray) -> NDArray[Any]:
    """A column of numbers without nulls; shape (c,), or (c, R) of rows of bytes."""
    if pa.types.is_large_binary(column.type):
        return np.frombuffer(column[0].as_py(), np.uint8)
    binary = pa.types.is_fixed_size_binary(column.type) and column.type.byte_width % 8 == 0
    if (str(column.type) not in TYPES and not binary) or column.null_count:
        raise ValueError(f"a column of {column.type} with {column.null_count} nulls")
    if binary:
        width = column.type.byte_width // 8
        rows = [
            np.frombuffer(c.buffers()[1], "<f8", len(c) * width, 8 * width * c.offset).reshape(-1, width)
            for c in column.chunks
            if len(c)
        ]
        return np.concatenate(rows) if rows else np.zeros((0, width))
    type_ = TYPES[str(column.type)]
    parts = [np.frombuffer(c.buffers()[1], type_)[c.offset : c.offset + len(c)] for c in column.chunks if len(c)]
    return np.concatenate(parts) if parts else np.zeros(0, type_)


def _digest(header: bytes, columns: Mapping[str, NDArray[Any]]) -> str:
    found = hashlib.sha256(header)
    for name, array in columns.items():
        shape = ",".join(str(size) for size in array.shape)
        found.update(f"\0{name}\0{array.dtype.str}\0{shape}\0".encode())
        found.update(np.ascontiguousarray(array).data)
    return found.hexdigest()


def _written(sample: Sample) -> dict[str, Any]:
    """The design as JSON; what it does not have is left out."""
    found: dict[str, Any] = {"declared": _stated(sample.declared)}
    for field in fields(Sample):
        value = getattr(sample, field.name)
        if field.name == "declared" or value is None:
            continue
        if field.name == "gram":
            value = _packed(value)
        if isinstance(value, np.ndarray):
            value = value.tolist()
        if value or field.name == "replicate_df":
            found[field.name] = value
    return found


def _packed(gram: NDArray[np.float64]) -> str:
    """One half of a symmetric matrix as text, to the last bit."""
    return base64.b64encode(gram[np.triu_indices(len(gram))].astype("<f8").tobytes()).decode()


def _unpacked(text: str) -> NDArray[np.float64]:
    """What `_packed` made text."""
    half = np.frombuffer(base64.b64decode(text), "<f8")
    size = (math.isqrt(8 * len(half) + 1) - 1) // 2
    whole = np.zeros((size, size))
    whole[np.triu_indices(size)] = half
    return whole + np.triu(whole, 1).T


def _stated(declared: Declared) -> dict[str, Any]:
    """What differs from a design of which nothing is said."""
    usual = asdict(Declared())
    return {name: value for name, value in asdict(declared).items() if value != usual[name]}


def _sample(own: Mapping[str, Any]) -> Sample:
    """What `_written` made JSON."""
    stated = dict(own["declared"])
    if "replication" in stated:
        made = stated["replication"]
        stated["replication"] = Replication(**{**made, "rscales": tuple(made["rscales"])})
    if "collapse" in stated:
        stated["collapse"] = tuple((one, other) for one, other in stated["collapse"])
    found: dict[str, Any] = {
        "declared": Declared(**stated),
        "replicate_df": own.get("replicate_df"),
        "numbered": own.get("numbered", False),
    }
    for name in ("strata", "psu_labels", "ssu_labels", "stratum_order", "stratum_within"):
        found[name] = tuple(own.get(name, ()))
    for name in ("psus", "psu_stratum", "ssu_psu"):
        found[name] = np.array(own.get(name, ()), np.int64)
    for name in ("fpc", "ssu_fpc"):
        found[name] = np.array(own.get(name, ()), np.float64)
    if "gram" in own:
        found["gram"] = _unpacked(own["gram"])
    if "calibration" in own:
        found["calibration"] = np.array(own["calibration"], np.float64)
    return Sample(**found)


def _tabulation(about: Mapping[str, Any], columns: Mapping[str, NDArray[Any]]) -> Tabulation:
    domains = tuple(Domain(d["name"], d["level"], tuple(d["labels"])) for d in about["domains"])
    codes = [columns[f"domain.{domain.name}"] for domain in domains]
    own = {name: columns[name] for name in COLUMNS if name in columns}
    cells = Cells(domains=stacked(codes, len(columns["pattern"])), **own)
    spaces = None
    if "spaces" in about:
        shape = about["spaces"]
        spaces = Spaces(
            columns["spaces.domains"].view(np.int64).reshape(shape[0], len(domains)),
            columns["spaces.rows"].view(np.float32).reshape(shape),
        )
    return Tabulation(domains, _sample(about["sample"]), cells, spaces)
