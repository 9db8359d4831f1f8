"""Profiles on disk: one Parquet file, cells as rows, names and the design in its metadata.

Pages carry checksums, but the metadata of a Parquet file do not, so a digest covers everything that counts: a file with
a single flipped bit either is refused or says the same.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from mpi import arrow
from mpi.errors import DataError, Fault, Place
from mpi.profile.cells import COLUMNS, Cells, Domain, Tabulation, stacked
from mpi.profile.sample import Declared, Sample
from mpi.writing import write_parquet, write_whole

FORMAT = 1
KEY = b"mpi.deprivation_profile"
DIGEST = b"mpi.sha256"
REMEDY = "make it again with `mpi profile`"
TYPES = {"int64": np.int64, "uint64": np.uint64, "double": np.float64}
MAX_METADATA = 2**31 - 1  # bytes of PSU codes and labels; Parquet readers stop at 100 MB unless told


def write(path: Path, about: Mapping[str, Any], held: Tabulation, *, overwrite: bool) -> None:
    """Write a tabulation with what is known about it; see `DeprivationProfile.write`.

    Parameters
    ----------
    about : mapping
        What JSON can hold: names, indicators, counts, notices.
    """
    arrays = {f"domain.{domain.name}": held.cells.domains[:, i] for i, domain in enumerate(held.domains)}
    arrays |= {name: getattr(held.cells, name) for name in COLUMNS if name != "domains"}
    sample = held.sample
    design = {
        "strata": sample.strata, "psus": sample.psus.tolist(), "psu_stratum": sample.psu_stratum.tolist(),
        "psu_labels": sample.psu_labels, "single_psu": sample.single_psu, "census": sample.census,
        "weighted": sample.weighted,
    }  # fmt: skip
    domains = [asdict(domain) for domain in held.domains]
    header = json.dumps({"format": FORMAT, **about, "domains": domains, "sample": design}, ensure_ascii=False)
    metadata = {KEY.decode(): header, DIGEST.decode(): _digest(header.encode(), arrays)}
    table = arrow.table({name: arrow.numbers(array) for name, array in arrays.items()}, metadata)
    write_whole(path, lambda temporary: write_parquet(table, temporary), overwrite=overwrite)


def read(path: Path) -> tuple[dict[str, Any], Tabulation]:
    """What `write` wrote: what is known about the tabulation, and the tabulation; see `DeprivationProfile.read`."""
    place = Place(str(path))
    if not path.is_file():
        raise DataError(Fault("MPI-D001", place, "there is no such file"))
    try:
        metadata, arrays = _read(path)
        foreign = KEY not in metadata
        whole = not foreign and metadata.get(DIGEST) == _digest(metadata[KEY], arrays).encode()
    except (pa.ArrowException, OSError, ValueError):
        foreign = whole = False
    if foreign:
        text = "a Parquet file, but not a deprivation profile"
        raise DataError(Fault("MPI-D051", place, text, "make one with `mpi profile`"))
    if not whole:
        text = f"not a whole deprivation profile ({path.stat().st_size:,} bytes)"
        raise DataError(Fault("MPI-D051", place, text, REMEDY))
    about = json.loads(metadata[KEY])
    if about["format"] != FORMAT:
        text = f"a deprivation profile of format {about['format']}; this version reads format {FORMAT}"
        raise DataError(Fault("MPI-D051", place, text, REMEDY))
    return about, _tabulation(about, arrays)


def _read(path: Path) -> tuple[dict[bytes, bytes], dict[str, NDArray[Any]]]:
    import pyarrow.parquet as pq

    with pq.ParquetFile(path, page_checksum_verification=True, thrift_string_size_limit=MAX_METADATA) as file:
        metadata = file.schema_arrow.metadata or {}
        if KEY not in metadata:
            return metadata, {}
        table = file.read()
    return metadata, {name: _array(table.column(name)) for name in table.column_names}


def _array(column: pa.ChunkedArray) -> NDArray[Any]:
    """A column of numbers without nulls; shape (c,)."""
    if str(column.type) not in TYPES or column.null_count:
        raise ValueError(f"a column of {column.type} with {column.null_count} nulls")
    type_ = TYPES[str(column.type)]
    parts = [np.frombuffer(c.buffers()[1], type_)[c.offset : c.offset + len(c)] for c in column.chunks if len(c)]
    return np.concatenate(parts) if parts else np.zeros(0, type_)


def _digest(header: bytes, arrays: Mapping[str, NDArray[Any]]) -> str:
    found = hashlib.sha256(header)
    for name, array in arrays.items():
        found.update(f"\0{name}\0{array.dtype.str}\0{len(array)}\0".encode())
        found.update(np.ascontiguousarray(array).data)
    return found.hexdigest()


def _tabulation(about: Mapping[str, Any], arrays: Mapping[str, NDArray[Any]]) -> Tabulation:
    domains = tuple(Domain(d["name"], d["level"], tuple(d["labels"])) for d in about["domains"])
    codes = [arrays[f"domain.{domain.name}"] for domain in domains]
    own = about["sample"]
    sample = Sample(
        tuple(own["strata"]), np.array(own["psus"], np.int64), np.array(own["psu_stratum"], np.int64),
        tuple(own["psu_labels"]), Declared(own["single_psu"], own["census"], own["weighted"]),
    )  # fmt: skip
    columns = {name: arrays[name] for name in COLUMNS if name != "domains"}
    return Tabulation(domains, sample, Cells(domains=stacked(codes, len(arrays["pattern"])), **columns))
