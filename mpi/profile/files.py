"""Profiles on disk: one Parquet file, cells as rows, names and the design in its metadata."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from mpi import arrow
from mpi.errors import DataError, Fault, Notice, Place
from mpi.profile.model import Cells, DeprivationProfile, Domain, Sample
from mpi.values import Number
from mpi.writing import write_parquet, write_whole

FORMAT = 1
KEY = b"mpi.deprivation_profile"


def write(profile: DeprivationProfile, path: Path, *, overwrite: bool) -> None:
    """Write a profile; see `DeprivationProfile.write`."""
    cells = profile.cells
    columns: dict[str, pa.Array] = {}
    for i, domain in enumerate(profile.domains):
        columns[f"domain.{domain.name}"] = arrow.numbers(cells.domains[:, i])
    for name in Cells.__dataclass_fields__:
        if name != "domains":
            columns[name] = arrow.numbers(getattr(cells, name))
    sample = profile.sample
    header = {
        "format": FORMAT, "cells": len(cells),
        **{key: getattr(profile, key) for key in ("measure", "survey", "period", "indicators", "identification",
                                                  "fingerprint")},
        "domains": [asdict(domain) for domain in profile.domains],
        "sample": {**{key: getattr(sample, key) for key in ("strata", "psu_labels", "single_psu", "census", "weighted")},
                   "psus": sample.psus.tolist(), "psu_stratum": sample.psu_stratum.tolist()},
        "counts": dict(profile.counts),
        "notices": [[notice.code, notice.text] for notice in profile.notices],
    }  # fmt: skip
    table = arrow.table(columns, {KEY.decode(): json.dumps(header, ensure_ascii=False)})
    write_whole(path, lambda temporary: write_parquet(table, temporary), overwrite=overwrite)


def read(path: Path) -> DeprivationProfile:
    """Read a profile; see `DeprivationProfile.read`."""
    import pyarrow.parquet as pq

    place = Place(str(path))
    if not path.is_file():
        raise DataError(Fault("MPI-D001", place, "there is no such file"))
    try:
        table = pq.read_table(path, page_checksum_verification=True, partitioning=None)
        header = json.loads((table.schema.metadata or {})[KEY])
        return _profile(header, table)
    except KeyError:
        text = "a Parquet file, but not a deprivation profile"
        raise DataError(Fault("MPI-D051", place, text, "make one with `mpi profile`")) from None
    except (pa.ArrowException, OSError, ValueError, TypeError):
        text = f"not a whole deprivation profile ({path.stat().st_size:,} bytes)"
        raise DataError(Fault("MPI-D051", place, text, "make it again with `mpi profile`")) from None


def _profile(header: dict[str, Any], table: pa.Table) -> DeprivationProfile:
    if header["format"] != FORMAT or header["cells"] != table.num_rows:
        raise ValueError("another format, or rows are missing")
    arrays: dict[str, Any] = {}
    for name in table.column_names:
        values = arrow.values_of(table.column(name)) if name not in ("pattern", "unknown") else None
        arrays[name] = values.values if isinstance(values, Number) else _words(table.column(name))
    domains = tuple(Domain(d["name"], d["level"], tuple(d["labels"])) for d in header["domains"])
    codes = [arrays.pop(f"domain.{domain.name}") for domain in domains]
    stacked = np.column_stack(codes) if codes else np.zeros((table.num_rows, 0), np.int64)
    own = header["sample"]
    sample = Sample(
        tuple(own["strata"]), np.array(own["psus"], np.int64), np.array(own["psu_stratum"], np.int64),
        tuple(own["psu_labels"]), own["single_psu"], own["census"], own["weighted"],
    )  # fmt: skip
    return DeprivationProfile(
        header["measure"], header["survey"], header["period"], tuple(header["indicators"]), header["identification"],
        header["fingerprint"], domains, sample, Cells(domains=stacked, **arrays), header["counts"],
        tuple(Notice(code, text) for code, text in header["notices"]),
    )  # fmt: skip


def _words(column: pa.ChunkedArray) -> np.ndarray[Any, np.dtype[np.uint64]]:
    parts = [np.frombuffer(c.buffers()[1], np.uint64)[c.offset : c.offset + len(c)] for c in column.chunks if len(c)]
    return np.concatenate(parts) if parts else np.zeros(0, np.uint64)
