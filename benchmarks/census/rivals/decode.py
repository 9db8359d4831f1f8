"""Bare decoding by pyarrow of the very columns that the measure needs: the yardstick, no figures.

The cheapest settings found: one reader a thread, row group by row group, batches that stay in cache (a whole row group
at once costs page faults: up to twice the CPU), files read rather than mapped, no read-ahead.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pyarrow.parquet as pq

from benchmarks.census.rivals import program

COLUMNS = {
    "persons": ["household", "person", "age", "schooling", "literate", "attends", "activity", "weeks", "pension",
                "insured", "treated", "care"],
    "households": ["household", "department", "municipality", "zone", "water", "sewage", "floor", "walls", "rooms"],
}  # fmt: skip
THREADS, ROWS = 2, 65_536


def figures(folder: Path, output: Path, how: str) -> None:
    """Decode everything; the number of rows is written, as text."""
    files = {path: columns for name, columns in COLUMNS.items() for path in sorted(folder.glob(f"{name}*.parquet"))}
    groups = [(path, group) for path in files for group in range(pq.read_metadata(path).num_row_groups)]

    def rows(own: list[tuple[Path, int]]) -> int:
        number = 0
        for path, columns in files.items():
            mine = [group for of, group in own if of == path]
            if mine:
                with pq.ParquetFile(path) as file:
                    batches = file.iter_batches(ROWS, row_groups=mine, columns=columns, use_threads=False)
                    number += sum(batch.num_rows for batch in batches)
        return number

    with ThreadPoolExecutor(THREADS) as pool:
        number = sum(pool.map(rows, (groups[thread::THREADS] for thread in range(THREADS))))
    output.write_text(f"{number}\n", encoding="utf-8")


if __name__ == "__main__":
    program(figures, ["batches"])
