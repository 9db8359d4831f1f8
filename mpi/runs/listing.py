"""A list of units as a folder of its own: the list, its areas, whom it may reach, and a manifest; for its maker alone.

A list is personal data. Nobody else can read the folder, and it is never inside a publication or a folder that a web
server shows.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from pathlib import Path

import pyarrow as pa

from mpi.errors.arguments import public
from mpi.estimates.forms import as_csv
from mpi.files import check_folder, write_folder, write_parquet
from mpi.files.digests import ConfigFile, input_file
from mpi.language import LANGUAGES, in_language, phrase
from mpi.listing.making import TargetList
from mpi.runs.manifest import NAME, Run, owned, write_manifest
from mpi.runs.private import PERSONAL, refuse_public
from mpi.source import files_of
from mpi.specs.measure import Measure
from mpi.specs.survey import Survey
from mpi.vocabulary.options import ListFormat

ACCESS, AREAS, LIST = "ACCESS.txt", "areas.csv", "list"
OWN_FOLDER, OWN_FILE = 0o700, 0o600
WARNING = (
    phrase("PERSONAL DATA. This folder holds rows of single households or persons."),
    phrase("Only those may read it whom the law entitles, for the purpose that it names."),
    phrase("Do not publish it, send it by e-mail, or put it into a folder that others or a web server can read."),
    phrase("Delete it when the purpose is fulfilled."),
    phrase("A place in this list is what the rules make of the data at hand: it is accounting, not impact, and no"
           " decision on a right. Whoever is concerned can ask for an explanation and for a correction."),
)  # fmt: skip


def check_list_folder(folder: Path, *, overwrite: bool = False, inputs: Sequence[Path] = ()) -> None:
    """Refuse a folder that a list may not be written to, before anything is read for it.

    Raises
    ------
    UsageError
        If it is a publication, or inside one or a folder for the web; or as `mpi.files.check_folder`.
    """
    refuse_public(folder, is_list=True)
    check_folder(folder, mark=NAME, overwrite=overwrite, inputs=inputs, owned=owned)


@public
def write_list(
    made: TargetList,
    folder: str | Path,
    *,
    formats: Sequence[ListFormat] = ("parquet",),
    survey: Survey | None = None,
    configs: Mapping[str, ConfigFile] | None = None,
    options: Mapping[str, object] | None = None,
    command: Sequence[str] = (),
    overwrite: bool = False,
    data: Path | None = None,
) -> dict[str, str]:
    """Write the folder of a list.

    Parameters
    ----------
    made : TargetList
    folder : str or Path
    formats : sequence of {"parquet", "csv"}
        In CSV, texts that a spreadsheet would compute are made safe.
    survey : Survey, optional
        With `data`, the folder of its files: they come into the manifest, with their hashes.
    configs, options, command : optional
        For the manifest.
    overwrite : bool
        Whether the folder of an earlier list may be replaced.
    data : Path, optional

    Returns
    -------
    dict of str to str
        Name below the folder, and what it is.

    Raises
    ------
    UsageError, DataError
        If the folder may not be written.
    """
    folder = Path(folder)
    inputs = () if survey is None or data is None else tuple(files_of(survey, data))
    check_list_folder(folder, overwrite=overwrite, inputs=inputs)
    started = datetime.datetime.now(datetime.UTC)
    told: dict[str, str] = {f"{LIST}.{form}": phrase("the list: personal data") for form in formats}
    told[AREAS] = phrase("units, poor, quotas and selected by area")
    told[ACCESS] = phrase("who may read this folder")

    def fill(target: Path) -> None:
        target.chmod(OWN_FOLDER)
        for form in formats:
            _write(made.table, target / f"{LIST}.{form}")
        (target / AREAS).write_bytes(as_csv(made.areas))
        (target / ACCESS).write_text(access_text(), encoding="utf-8", newline="\n")
        run = Run(
            study=f"{LIST}:{made.survey}",
            command=tuple(command),
            data=data or Path(),
            inputs=tuple(input_file(path) for path in inputs),
            configs=configs or {},
            seed=None,
            options={**(options or {}), "k": made.cutoff, "tie_break": made.tie_break, PERSONAL: True},
            counts={made.period: _counts(made)},
            notices=made.notices,
            started=started,
            ended=datetime.datetime.now(datetime.UTC),
        )
        write_manifest(run, target)
        for path in target.iterdir():
            path.chmod(OWN_FILE)

    write_folder(folder, fill, overwrite=overwrite, mark=NAME, inputs=inputs, owned=owned)
    return told


def configs_of(measure: Measure, survey: Survey) -> dict[str, ConfigFile]:
    """The files of the rules, by role, for a manifest."""
    own = {f"survey {survey.period}": survey.files, "measure": measure.files}
    return {
        role if not number else f"{role} ({number + 1})": file
        for role, files in own.items()
        for number, file in enumerate(files)
    }


def access_text() -> str:
    """The warning of a list's folder, in every language."""
    blocks = ["\n".join(in_language(line, language) for line in WARNING) for language in LANGUAGES]
    return "\n\n".join(blocks) + "\n"


def _write(table: pa.Table, path: Path) -> None:
    if path.suffix == ".csv":
        path.write_bytes(as_csv(table))
    else:
        write_parquet(table, path)


def _counts(made: TargetList) -> dict[str, int]:
    totals = {name: made.areas[name].to_pylist() for name in ("units", "poor", "not_known", "selected")}
    return {"rows": len(made)} | {name: sum(one or 0 for one in own) for name, own in totals.items()}
