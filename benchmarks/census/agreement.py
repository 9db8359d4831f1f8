"""Whether rivals give our engine's figures: all domains, all statistics, and exactly as many poor persons.

`python -m benchmarks.census.agreement ours.parquet theirs.parquet ...` prints the differences. It ends with code 1 if
there are any.
"""

from __future__ import annotations

import sys
from functools import reduce
from math import isnan
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from mpi.columns import arrow

TOLERANCE = 1e-9
STATISTICS = ("H", "A", "M0", "poor", "uncensored_headcount", "censored_headcount")
DOMAINS = ("department", "municipality", "zone")
UNKNOWN = ("unknown", "excluded")
ZONES = {"urban": 1, "rural": 2}
KEYS = ("municipality", "zone", "k", "statistic", "indicator")

Figures = dict[tuple[object, ...], float | None]


def disagreements(own: Figures, other: Figures) -> list[str]:
    """What differs between our engine's figures and a rival's; nothing if they agree."""
    found = [f"ours has a figure that is not there: {_name(key)}" for key in own if key not in other][:3]
    found += [f"a figure that ours lacks: {_name(key)}" for key in other if key not in own][:3]
    for key, a in own.items():
        b = other.get(key, a)
        exact = key[KEYS.index("statistic")] == "poor"
        same = a == b if a is None or b is None or exact else abs(a - b) <= TOLERANCE
        if not same:
            found.append(f"{_name(key)}: {a} against {b}")
    return found


def figures_of(path: Path) -> Figures:
    """A rival's figures, by municipality, zone, cutoff, statistic and indicator; undefined ones are None."""
    return _figures(pq.read_table(path))


def own_figures(path: Path) -> Figures:
    """Our engine's figures of the country and of each municipality by zone, with the codes of the files."""
    table = pq.read_table(path)
    columns = {name: table[name] for name in table.column_names}
    texts = {n: c.cast(pa.string()) for n, c in columns.items() if pa.types.is_dictionary(c.type)}
    table = pa.table({**columns, **texts})
    unknown = table.filter(pc.is_in(table["statistic"], pa.array(UNKNOWN)))["estimate"].to_numpy()
    if not len(unknown) or unknown.any():
        raise SystemExit("the data hold unknowns, which the rivals take for answers: write the census without")
    null = {name: pc.is_null(table[name]) for name in DOMAINS if name in table.column_names}
    crossed = pc.invert(pc.or_(null["municipality"], null["zone"]))
    country = reduce(pc.and_, null.values())
    wanted = pc.and_(pc.is_in(table["statistic"], pa.array(STATISTICS)), pc.or_(crossed, country))
    table = table.filter(wanted)
    zones = [ZONES[zone] if zone in ZONES else zone and int(zone) for zone in table["zone"].to_pylist()]
    return _figures(
        pa.table(
            {
                **{name: table[name] for name in (*KEYS, "estimate")},
                "municipality": table["municipality"].cast(pa.int64()),
                "zone": pa.array(zones, pa.int64()),
            }
        )
    )


def _name(key: tuple[object, ...]) -> str:
    return ", ".join(f"{name} {value}" for name, value in zip(KEYS, key, strict=True) if value is not None)


def _figures(table: pa.Table) -> Figures:
    keys = zip(*(_listed(table[name]) for name in KEYS), strict=True)
    values = table["estimate"].to_pylist()
    found = dict(zip(keys, (None if value is None or isnan(value) else value for value in values), strict=True))
    if not found or len(found) != table.num_rows:
        raise SystemExit("there is no figure, or one stands twice")
    return found


def _listed(column: pa.ChunkedArray) -> list[object]:
    """The values of a column; of texts, each one is made once."""
    return arrow.listed(column.dictionary_encode() if pa.types.is_string(column.type) else column)


def main() -> None:
    ours, *rivals = map(Path, sys.argv[1:])
    own, wrong = own_figures(ours), False
    for rival in rivals:
        if differences := disagreements(own, figures_of(rival)):
            wrong = True
            print(f"{rival.stem} does not give our figures: {len(differences)} differ", file=sys.stderr)
            print("\n".join(f"  {line}" for line in differences[:5]), file=sys.stderr)
    sys.exit(wrong)


if __name__ == "__main__":
    main()
