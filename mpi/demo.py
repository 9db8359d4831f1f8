"""The whole job on the sample data: from synthetic microdata to the tables, in one call."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from mpi.config import load_measure, load_survey
from mpi.errors import Fault, Place, UsageError
from mpi.estimates import Estimates, estimate
from mpi.pipeline import deprivation_profile, score
from mpi.tables import headline, indicators, write_estimates
from mpi.writing import write_parquet, write_whole

MEASURE, SURVEY = "colombia_ipm", "colombia_demo_2025"


@dataclass(frozen=True, slots=True)
class Made:
    """What the demo made: its figures, and each file with a word on it."""

    estimates: Estimates
    files: tuple[tuple[str, Path], ...]


def run_demo(out: Path, data: Path | None = None, say: Callable[[str], None] = print) -> Made:
    """Run Colombia's IPM on the sample survey and write what a statistical office would publish from.

    Parameters
    ----------
    out : Path
        Folder for the results; made if it does not exist, its files of the same names replaced.
    data : Path, optional
        Folder of the sample data; looked for beside the package, else generated below `out`.
    say : callable
        Takes the lines of the report.
    """
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UsageError(Fault("MPI-O001", Place(str(out)), f"the folder cannot be made ({error.strerror})")) from None
    folder = data or _sample_data(out)
    measure, survey = load_measure(MEASURE), load_survey(SURVEY)
    say(f"{measure.title.get('en', measure.name)}, synthetic survey {survey.name} in {folder}")
    profile = deprivation_profile(survey, measure, folder)
    estimates = estimate(profile, measure, by=["zona", "departamento", "departamento:zona"])
    units = score(survey, measure, folder)
    files = (
        ("estimates, for machines", out / "estimates.parquet"),
        ("estimates, for spreadsheets", out / "estimates.csv"),
        ("one row a household", out / "households.parquet"),
        ("deprivation profile", out / "national.profile.parquet"),
    )
    for _, path in files[:2]:
        write_estimates(estimates, path, overwrite=True)
    write_whole(files[2][1], lambda temporary: write_parquet(units, temporary), overwrite=True)
    profile.write(files[3][1], overwrite=True)
    national = estimate(profile, measure, by=["zona"])
    say("\n" + headline(national))
    say("\n" + indicators(national) + "\n")
    for what, path in files:
        say(f"{what}: {path}")
    return Made(estimates, files)


def _sample_data(out: Path) -> Path:
    for folder in (Path("sample_data"), Path(__file__).parent.parent / "sample_data"):
        if (folder / "colombia_2025").is_dir():
            return folder
    from mpi.synthetic.__main__ import write_sample_data

    folder = out / "sample_data"
    folder.mkdir(exist_ok=True)
    write_sample_data(folder)
    return folder
