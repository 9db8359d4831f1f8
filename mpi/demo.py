"""The whole job on the sample data: from synthetic microdata to the tables, in one call."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from mpi.config import load_measure, load_survey
from mpi.errors import Fault, Place, UsageError
from mpi.estimates import Estimates, estimate
from mpi.pipeline import deprivation_profile, score
from mpi.tables import as_text, write_estimates, write_units
from mpi.wording import title_in

MEASURE, SURVEY, DATA = "colombia_ipm", "colombia_demo_2025", "sample_data"
LEVEL = 0.95
FILES = {
    "estimates.parquet": "estimates by area and department, for machines",
    "estimates.csv": "the same, for spreadsheets",
    "households.parquet": "one row a household: flags, score, poor, weights",
    "national.profile.parquet": "deprivation profile: estimates for other cutoffs and domains without the microdata",
}


@dataclass(frozen=True, slots=True)
class Made:
    """What the demo made: its figures, and its files."""

    estimates: Estimates
    files: tuple[Path, ...]


def run_demo(out: Path, data: Path | None = None, say: Callable[[str], None] = print) -> Made:
    """Run Colombia's IPM on the sample survey and write what a statistical office would publish from.

    Parameters
    ----------
    out : Path
        Folder for the results, made if it does not exist. Those of an earlier demo are replaced.
    data : Path, optional
        Folder of the sample data; looked for beside the package, else generated below `out`.
    say : callable
        Takes the lines of the report.

    Raises
    ------
    UsageError
        If the folder cannot be made, or holds anything but the results of an earlier demo.
    """
    _make(out)
    folder = data if data is not None else _sample_data(out)
    measure, survey = load_measure(MEASURE), load_survey(SURVEY)
    say(f"{title_in(measure.title, 'en', measure.name)}: {title_in(survey.title, 'en', survey.name)}\n")
    profile = deprivation_profile(survey, measure, folder)
    estimates = estimate(profile, measure, by=["zona", "departamento", "departamento:zona"], level=LEVEL)
    files = tuple(out / name for name in FILES)
    for path in files[:2]:
        write_estimates(estimates, path, level=LEVEL, overwrite=True)
    write_units(score(survey, measure, folder), files[2], overwrite=True)
    profile.write(files[3], overwrite=True)
    say(as_text(estimate(profile, measure, by="zona", level=LEVEL), LEVEL) + "\n")
    for path, what in zip(files, FILES.values(), strict=True):
        say(f"{path}: {what}")
    say(f"\nthe same by hand: mpi estimate {MEASURE} {SURVEY} --data {folder} --by zona")
    return Made(estimates, files)


def _make(out: Path) -> None:
    place = Place(str(out))
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        text = f"the folder cannot be made ({error.strerror})"
        raise UsageError(Fault("MPI-O001", place, text, "name another with -o")) from None
    if any(found.name not in (*FILES, DATA) for found in out.iterdir()):
        text = "the folder holds other files than those of a demo"
        raise UsageError(Fault("MPI-O002", place, text, "name a new folder with -o"))


def _sample_data(out: Path) -> Path:
    for folder in (Path(DATA), Path(__file__).parent.parent / DATA):
        if (folder / "colombia_2025").is_dir():
            return folder
    from mpi.synthetic.__main__ import write_sample_data

    folder = out / DATA
    folder.mkdir(exist_ok=True)
    write_sample_data(folder)
    return folder
