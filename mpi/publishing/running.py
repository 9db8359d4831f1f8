"""A study run from end to end: one folder with every output, which appears whole or not at all."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from mpi.boundary import public
from mpi.config import sources_of
from mpi.digests import ConfigFile
from mpi.errors import Fault, Notice, UsageError
from mpi.manifest import NAME, Run, owned, write_manifest
from mpi.maps.boundaries import boundary_files
from mpi.profile import DeprivationProfile
from mpi.publication import Publication
from mpi.publishing.gathering import Gathered, gather
from mpi.publishing.writers import WRITERS
from mpi.source import Report, files_of
from mpi.study import Output, Study
from mpi.writing import write_folder

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True, eq=False)
class Made:
    """What a run made.

    Attributes
    ----------
    publication : Publication
    profiles : tuple of DeprivationProfile
        Of the rounds, the oldest first: for more estimates, not for publication.
    folder : Path
    files : mapping of str to str
        Path below the folder, and what it is in English; of what a reader opens first.
    """

    publication: Publication
    profiles: tuple[DeprivationProfile, ...]
    folder: Path
    files: Mapping[str, str]

    @property
    def notices(self) -> tuple[Notice, ...]:
        """What a reader of the publication should know."""
        return self.publication.notices


@public
def run_study(
    study: Study, out: str | Path, *, data: str | Path | None = None, overwrite: bool = False,
    only: Sequence[Output] = (), command: Sequence[str] = (), say: Say = lambda _: None,
    report: Report | None = None,
) -> Made:  # fmt: skip
    """Make everything that a study names, in one pass over the microdata of each survey.

    Parameters
    ----------
    study : Study
    out : str or Path
        Folder that is made; it appears whole or not at all.
    data : str or Path, optional
        Folder of the files of surveys and boundaries; that of the study if left out.
    overwrite : bool
        Whether the folder of an earlier run may be replaced.
    only : sequence of str
        Of `mpi.study.OUTPUTS`: nothing else is made. Those of the study if left out.
    command : sequence of str
        What was typed, for the manifest.
    say : callable
        Takes the name of each stage as it begins.
    report : callable, optional
        Is told the rows that are read, as by `mpi.deprivation_profile`.

    Returns
    -------
    Made

    Raises
    ------
    UsageError
        If no folder of data is known, or the output may not be written there.
    DataError
        As the stages do.
    """
    folder = data if data is not None else study.data
    if folder is None:
        text = "the folder of the survey's files is not given"
        raise UsageError(Fault("MPI-U001", study.place, text, "add --data DIR, or `data:` to the study"))
    started = _now()
    chosen = replace(study, outputs=tuple(only) or study.outputs)
    out = Path(out)
    files: dict[str, str] = {}
    found: list[Gathered] = []

    def fill(target: Path) -> None:
        gathered = gather(chosen, Path(folder), say, command, report)
        found.append(gathered)
        for output in (one for one in WRITERS if one in chosen.outputs):
            say(f"writing {output.replace('_', ' ')}")
            files.update(WRITERS[output](gathered, target))
        say("writing manifest")
        write_manifest(_told(gathered, chosen, command=command, data=Path(folder), started=started), target)

    write_folder(out, fill, overwrite=overwrite, mark=NAME, inputs=_inputs(study, Path(folder)), owned=owned)
    return Made(found[0].publication, found[0].profiles, out, files)


def _told(
    gathered: Gathered, study: Study, *, command: Sequence[str], data: Path, started: datetime.datetime
) -> Run:  # fmt: skip
    """What the manifest tells of a run."""
    publication = gathered.publication
    options = {
        "outputs": list(study.outputs), "disclosure": study.disclosure.name, "variance": study.variance,
        "reliability": "of the surveys" if study.reliability is None else study.reliability.name,
    }  # fmt: skip
    counts = {one.period: {**one.counts, "persons": one.persons, "households": one.households,
                           "strata": one.strata or 0, "psus": one.psus or 0} for one in publication.rounds}  # fmt: skip
    return Run(study.name, tuple(command), data, tuple(gathered.inputs.values()), _configs(study), None, options,
               counts, publication.notices, started, _now())  # fmt: skip


def _inputs(study: Study, data: Path) -> tuple[Path, ...]:
    """Every file that the run reads, as far as it is known before any data are opened."""
    microdata = [path for survey in study.surveys for path in files_of(survey, data)]
    return (
        *sources_of(study),
        *microdata,
        *(path for spec in study.maps for path in boundary_files(spec.boundaries, data)),
    )


def _configs(study: Study) -> dict[str, ConfigFile]:
    """Every config that was read, by its role."""
    found = {"study": study.files, "measure": study.measure.files, "disclosure": study.disclosure.files,
             "reliability": () if study.reliability is None else study.reliability.files}  # fmt: skip
    made = {role: file for role, files in found.items() for file in files}
    return made | {f"survey {file.path.stem}": file for survey in study.surveys for file in survey.files}


def _now() -> datetime.datetime:
    return datetime.datetime.now(datetime.UTC)
