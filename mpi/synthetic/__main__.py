"""Write all sample data into a folder: `python -m mpi.synthetic DIR [--seed N]`.

Comes in: a folder, a seed. Goes out: the same bytes for the same seed and library versions.
"""

import argparse
import json
import shutil
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from mpi.synthetic import boundaries
from mpi.synthetic.colombia import TREND, ColombiaSample, colombia_survey
from mpi.synthetic.colombia_census import CENSUS_YEAR, HOUSEHOLDS_EACH, colombia_census, published_zones
from mpi.synthetic.colombia_programmes import colombia_programmes
from mpi.synthetic.colombia_register import EDITIONS, Register, colombia_register
from mpi.synthetic.tables import write_parquet
from mpi.synthetic.uruguay import YEAR, uruguay_survey

SEED = 20240611
COLOMBIA_HOUSEHOLDS = 30_000
URUGUAY_HOUSEHOLDS = 5_000
PROGRAMMES_YEAR = 2025
RATIOS = "published/ipm_municipal_2018.csv"
# What is not synthetic: figures and boundaries of DANE, with their sources and licences.
PUBLISHED = (
    RATIOS,
    "published/ipm_municipal_2018.yaml",
    "published/README.md",
    "boundaries/colombia_departamentos.geojson",
    "boundaries/colombia_municipios.geojson",
    "boundaries/LICENCE.md",
)


def write_sample_data(
    folder: Path,
    *,
    seed: int = SEED,
    colombia_households: int = COLOMBIA_HOUSEHOLDS,
    uruguay_households: int = URUGUAY_HOUSEHOLDS,
    census_households: int = HOUSEHOLDS_EACH,
) -> None:
    """Write the surveys and boundaries into a folder.

    Parameters
    ----------
    folder : Path
        Made when missing; files of the same names are replaced.
    seed : int
        Determines every number; each survey has its own stream.
    colombia_households, uruguay_households : int
        Wanted households a year.
    census_households : int
        Of each municipality in the synthetic census of Colombia.
    """
    for name in PUBLISHED:
        _copy(name, folder)
    *colombia_streams, uruguay_stream, census_stream = np.random.default_rng(seed).spawn(len(TREND) + 2)
    for year, stream in zip(TREND, colombia_streams, strict=True):
        sample = colombia_survey(year, colombia_households, stream)
        _write_colombia(sample, folder / f"colombia_{year}")
        if year == PROGRAMMES_YEAR:
            _write_programmes(sample, np.random.default_rng([seed, year]), folder / f"colombia_{year}")
    zones = published_zones(folder / RATIOS)
    census = colombia_census(zones, census_households, census_stream)
    _write_colombia(census, folder / f"colombia_census_{CENSUS_YEAR}")
    for year, edition in zip(EDITIONS, colombia_register(zones, np.random.default_rng([seed, *EDITIONS])), strict=True):
        _write_colombia(edition, folder / f"colombia_register_{year}")
    ech = uruguay_survey(uruguay_households, uruguay_stream)
    write_parquet(ech.persons, folder / f"uruguay_{YEAR}" / "ECH.parquet")
    _write_geojson(boundaries.uruguay_departments(), folder / "boundaries/uruguay_departamentos.geojson")


def _write_colombia(sample: ColombiaSample | Register, folder: Path) -> None:
    tables = {"PERSONAS": sample.persons, "HOGARES": sample.households, "VIVIENDAS": sample.dwellings}
    for name, table in tables.items():
        write_parquet(table, folder / f"{name}.parquet")


def _write_programmes(sample: ColombiaSample, rng: np.random.Generator, folder: Path) -> None:
    made = colombia_programmes(sample, rng)
    write_parquet(made.households, folder / "PROGRAMAS.parquet")
    write_parquet(made.children, folder / "COMEDOR.parquet")
    places = dict(zip(*made.places.to_pydict().values(), strict=True))
    departments: Counter[str] = Counter()
    for code, number in places.items():
        departments[code[:2]] += number
    for name, rows in (("municipio", places), ("departamento", departments)):
        lines = [f"{name.upper()},CUPOS", *(f"{code},{number}" for code, number in rows.items())]
        (folder / f"cupos_{name}.csv").write_text("\n".join(lines) + "\n", encoding="utf-8", newline="\n")


def _copy(name: str, folder: Path) -> None:
    """Copy what is not synthetic, and so cannot be made: it ships with the package, or lies in the checkout."""
    package = Path(__file__).parents[1]
    origin = next(
        place / "sample_data" / name for place in (package, package.parent) if (place / "sample_data").is_dir()
    )
    target = folder / name
    if not target.is_file() or not target.samefile(origin):
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(origin, target)


def _write_geojson(collection: dict[str, Any], path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    text = json.dumps(collection, ensure_ascii=False, separators=(",", ":"))
    path.write_text(text + "\n", encoding="utf-8", newline="\n")


def main(arguments: Sequence[str] | None = None) -> None:
    """Read the command line, write the folder.

    Parameters
    ----------
    arguments : sequence of str, optional
        Command-line arguments; those of the process when left out.
    """
    parser = argparse.ArgumentParser(prog="python -m mpi.synthetic", description="Write the synthetic sample data.")
    parser.add_argument("folder", metavar="DIR", type=Path, help="where to write")
    parser.add_argument("--seed", type=int, default=SEED, help="seed of all random numbers (default: %(default)s)")
    options = parser.parse_args(arguments)
    write_sample_data(options.folder, seed=options.seed)


if __name__ == "__main__":
    main()
