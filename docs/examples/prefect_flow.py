"""A publication in Prefect: profiles are made side by side, the study takes them (see `profiles:`)."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from prefect import flow, task

import mpi

STUDY, DATA, PROFILES, OUT = "study.yaml", "data", "profiles", "out"


@task(retries=2)
def profile(name: str) -> str:
    """Read the microdata of one round once; the file is the name that the study takes."""
    study = mpi.load_study(STUDY)
    survey = next(one for one in study.surveys if one.name == name)
    made = mpi.deprivation_profile(survey, study.measure, DATA, domains=study.domains)
    Path(PROFILES).mkdir(mode=0o700, exist_ok=True)
    made.write(Path(PROFILES) / f"{name}.parquet", overwrite=True)
    return f"{name}.parquet"


@task
def publish(files: dict[str, str]) -> str:
    """Make the publication from the profiles; its digest is that of every equal run."""
    study = replace(mpi.load_study(STUDY), profiles=files)
    return mpi.run_study(study, OUT, data=PROFILES, overwrite=True).digest


@flow
def publication() -> str:
    """Every round, then the publication."""
    names = [survey.name for survey in mpi.load_study(STUDY).surveys]
    return publish({name: profile(name) for name in names})


if __name__ == "__main__":
    print(publication())
