"""A publication in Airflow: the study is checked, made, and announced only if its digest is another one."""

from __future__ import annotations

import datetime
import json
import subprocess
from pathlib import Path

from airflow.decorators import dag, task

STUDY, DATA, OUT = "study.yaml", "data", "out"
MOST = 3600  # seconds


@task
def check() -> None:
    """Fail before anything is computed if the study or its data have a fault."""
    subprocess.run(["mpi", "check", STUDY, "--data", DATA, "--format", "json"], check=True, timeout=MOST)


@task
def publish() -> str:
    """Make the publication; its digest is that of every equal run."""
    subprocess.run(["mpi", "run", STUDY, "--data", DATA, "-o", OUT, "--overwrite", "--quiet"], check=True, timeout=MOST)
    return str(json.loads(Path(OUT, "manifest.json").read_text(encoding="utf-8"))["digest"])


@task.short_circuit
def has_changed(digest: str) -> bool:
    """Whether it differs from the run before."""
    seen = Path("digest.txt")
    before = seen.read_text(encoding="utf-8") if seen.is_file() else ""
    seen.write_text(digest, encoding="utf-8")
    return digest != before


@dag(schedule="@daily", start_date=datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC), catchup=False)
def publication() -> None:
    """Check, publish, compare."""
    digest = publish()
    check() >> digest
    has_changed(digest)


publication()
