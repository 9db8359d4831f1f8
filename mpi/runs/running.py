"""A study run from end to end: one folder with every output, which appears whole or not at all."""

from __future__ import annotations

import datetime
import functools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from mpi.config.sources import sources_of_study
from mpi.errors import Fault, Notice, UsageError
from mpi.errors.arguments import public
from mpi.errors.logs import now, tell
from mpi.errors.omissions import Omission, as_records, notices_of
from mpi.files import Early, write_folder
from mpi.files.digests import ConfigFile
from mpi.files.stores import location
from mpi.language import phrase
from mpi.maps.boundaries import files_of_map
from mpi.pipeline.passing import running_with
from mpi.profile import DeprivationProfile
from mpi.publication.countries import files_of_countries
from mpi.publication.gathering import Gathered, gather, inputs_of
from mpi.publication.model import Publication
from mpi.publication.panels import every_survey, files_of_panel
from mpi.publication.rounds import files_of_round, read_rounds
from mpi.runs.cache import cache_for
from mpi.runs.index import TOLD, write_index
from mpi.runs.index_page import INDEX, Link
from mpi.runs.keeping import Earlier, earlier_of, keep, output_of
from mpi.runs.manifest import NAME, Run, manifest, owned, read_manifest, write_manifest
from mpi.runs.outputs import Outputs, Way, write_outputs
from mpi.source import Report
from mpi.specs.study import Study
from mpi.specs.template import files_of_template
from mpi.vocabulary.options import OUTPUTS, Output

OF_MAPS = frozenset[Output](("maps", "map_data", "areas", "sheets"))  # which there are for areas of a map alone
Say = Callable[[str], None]
First = Callable[[Mapping[str, str]], None]


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Made:
    """What a run made.

    Attributes
    ----------
    publication : Publication
    folder : Path
    files : mapping of str to str
        Path below the folder, and what it is; of what a reader opens first.
    left_out : tuple of Omission
        What could not be made, and why.
    kept : tuple of str
        Paths below the folder of files of an earlier run that stay, since nothing changed that they are made from.
    digest : str
        SHA-256 of what went in and what came out, as the manifest has it: equal for equal runs, wherever they are made.
    read : callable
        Gives the profiles of the rounds.
    """

    publication: Publication
    folder: Path
    files: Mapping[str, str]
    left_out: tuple[Omission, ...] = ()
    kept: tuple[str, ...] = ()
    digest: str = ""
    read: Callable[[], tuple[DeprivationProfile, ...]] = tuple

    @property
    def profiles(self) -> tuple[DeprivationProfile, ...]:
        """Of the rounds, the oldest first: for more estimates, not for publication.

        They are read now if the figures were those of an earlier run.
        """
        return self.read()

    @property
    def notices(self) -> tuple[Notice, ...]:
        """What a reader should know of the publication, and what is left out of it."""
        return (*self.publication.notices, *notices_of(self.left_out))

    @property
    def faulty(self) -> bool:
        """Whether a fault of the program lost a part of the publication."""
        return any(one.fault for one in self.left_out)


@public
def run_study(
    study: Study,
    out: str | Path,
    *,
    data: str | Path | None = None,
    overwrite: bool = False,
    only: Sequence[Output] = (),
    command: Sequence[str] = (),
    say: Say = lambda _: None,
    report: Report | None = None,
    threads: int | None = None,
    memory: int | str | None = None,
    processes: int | None = None,
    first: First = lambda _: None,
    beside: Sequence[Link] = (),
    cache: bool | str | Path = True,
) -> Made:
    """Make everything that a study names, in one pass over the microdata of each survey.

    A picture, table or section that its figures do not allow, or that a fault of the program prevents, is left out and
    noted; everything else is written.

    Parameters
    ----------
    study : Study
    out : str or Path
        Folder that is made; it appears whole or not at all.
    data : str or Path, optional
        Folder of the files of surveys and boundaries; that of the study if left out.
    overwrite : bool
        Whether the folder of an earlier run may be replaced; files that would be made from the same again stay.
    only : sequence of str
        Of `mpi.vocabulary.options.OUTPUTS`: nothing else is made, and with `overwrite` the other outputs of an earlier
        run with the same inputs stay. Those of the study if left out.
    command : sequence of str
        What was typed, for the manifest.
    say : callable
        Takes the name of each stage as it begins.
    report : callable, optional
        Is told the rows that are read, as by `mpi.deprivation_profile`, and then the parts of the outputs that are
        written.
    threads, memory : int, int or str, optional
        As for `mpi.deprivation_profile`.
    processes : int, optional
        That write outputs at once; the files are the same. If left out: one a core on Linux, in a program without
        threads of its own; else one. With several on other systems, a script needs `if __name__ == "__main__":`.
    first : callable
        Takes the interactive maps and reports, path below the folder and what each is, as soon as they can be opened in
        a folder that is new, while the rest is written.
    beside : sequence of Link
        Pages of other folders, which `index.html` leads to.
    cache : bool, str or Path
        Where figures after disclosure control are kept for the next run of the same: True is the folder that the
        environment variable `MPI_CACHE` names, or the user's own; False: nowhere. See `mpi.runs.cache`.

    Returns
    -------
    Made

    Raises
    ------
    UsageError
        If no folder of data is known, the output may not be written there, or what would stay in it rests on others.
    DataError
        As the stages do.
    """
    say, began = _logged(say), now()
    folder = folder_of(study, data)
    running = running_with(threads, report, memory)
    if processes is not None and processes < 1:
        text = phrase("{processes} processes are not a number of processes", processes=processes)
        raise UsageError(Fault("MPI-U008", None, text, phrase("give 1 or more, or leave it out")))
    started, out = _now(), Path(out)
    wanted = tuple(only) or study.outputs
    refuse_mapless(study, only)
    found: list[tuple[Gathered, Outputs]] = []
    early = Early(out)

    def fill(target: Path) -> None:
        inputs = inputs_of(study, folder)
        run = Run(
            study=study.name,
            command=tuple(command),
            data=folder,
            inputs=tuple(inputs.values()),
            configs=_configs(study),
            seed=None,
            options=_options(study, wanted),
            counts={},
            notices=(),
            started=started,
            ended=started,
        )
        told = manifest(run, target)
        earlier = earlier_of(out, wanted, told) if only else Earlier()
        together = tuple(output for output in OUTPUTS if output in (*wanted, *earlier.outputs))
        places = [folder, *(file.path for file in run.configs.values())]
        store = cache_for(study, told, cache, out=out, places=places)
        gathered = gather(replace(study, outputs=together), folder, say, command, running, inputs=inputs, store=store)
        publication = gathered.publication
        ended = replace(run, counts=_counts(publication), queries=gathered.queries)

        def show(tells: Mapping[str, str], names: Sequence[str]) -> None:
            """The first files, as a folder whose manifest tells of no others."""
            own = [output for output in together if any(output_of(name) == output for name in names)]
            own_run = replace(ended, options=_options(study, own), notices=publication.notices, ended=_now())
            if early.show(target, names, lambda place: _finished(gathered, own_run, place, beside)):
                first(_told(out, tells))

        before = (out, read_manifest(out)) if (out / NAME).is_file() else None
        way = Way(processes=processes, say=say, report=report, first=show)
        outputs = write_outputs(
            gathered, wanted, target, way, told=told | {"queries": gathered.queries}, earlier=before
        )
        found.append((gathered, outputs))
        say("writing manifest")
        keep(earlier, out, target)
        write_index(gathered, target, beside)
        write_manifest(
            replace(
                ended,
                options=_options(study, together),
                notices=(*publication.notices, *notices_of(gathered.left_out)),
                ended=_now(),
                kept=earlier.kept,
                kept_notices=earlier.notices,
                left_out=[*earlier.left_out, *as_records(gathered.left_out, study.languages)],
                tasks=[*earlier.tasks, *outputs.records],
            ),
            target,
        )

    write_folder(out, fill, overwrite=overwrite, mark=NAME, inputs=_inputs(study, folder), owned=owned, early=early)
    ((gathered, outputs),) = found
    text = phrase("{study} published: {folder}", study=study.name, folder=str(out))
    tell("runs", text, since=began)
    return Made(
        publication=gathered.publication,
        folder=out,
        files=_told(out, outputs.told),
        left_out=tuple(gathered.left_out),
        kept=outputs.kept,
        digest=read_manifest(out)["digest"],
        read=functools.cache(lambda: gathered.profiles or read_rounds(study, folder, running=running)),
    )


def _logged(say: Say) -> Say:
    """Who is told the name of each stage, and the log."""

    def both(stage: str) -> None:
        tell("runs", stage)
        say(stage)

    return both


def folder_of(study: Study, data: str | Path | None) -> Path:
    """The folder of the files of surveys and boundaries: the one that is given, or that of the study.

    Raises
    ------
    UsageError
        If there is neither.
    """
    folder = data if data is not None else study.data
    if folder is None:
        text = phrase("the folder of the survey's files is not given")
        raise UsageError(Fault("MPI-U001", study.place, text, phrase("add --data DIR, or `data:` to the study")))
    return location(folder)


def refuse_mapless(study: Study, only: Sequence[Output]) -> None:
    """Refuse to make nothing but outputs of maps for a study without one.

    Raises
    ------
    UsageError
    """
    if only and not study.maps and OF_MAPS.issuperset(only):
        text = phrase("{outputs}, but the study has no map", outputs=", ".join(f"--only {one}" for one in only))
        remedy = phrase("add `maps:` to the study, or ask for another output, such as --only report")
        raise UsageError(Fault("MPI-U220", study.place, text, remedy))


def _finished(gathered: Gathered, run: Run, folder: Path, beside: Sequence[Link]) -> None:
    write_index(gathered, folder, beside)
    write_manifest(run, folder)


def _told(folder: Path, files: Mapping[str, str]) -> Mapping[str, str]:
    """What a reader opens first, with the page that leads to all of it, if there is one."""
    return {INDEX: TOLD, **files} if (folder / INDEX).is_file() else files


def _options(study: Study, outputs: Sequence[Output]) -> dict[str, object]:
    """What was chosen, for the manifest."""
    rules = phrase("of the surveys") if study.reliability is None else study.reliability.name
    return {
        "outputs": list(outputs),
        "disclosure": study.disclosure.name,
        "variance": study.variance,
        "reliability": rules,
        **({"profiles": dict(study.profiles)} if study.profiles else {}),
    }


def _counts(publication: Publication) -> dict[str, dict[str, int]]:
    """How many of what were read, by round, for the manifest."""
    return {
        one.period: {
            **one.counts,
            "persons": one.persons,
            "households": one.households,
            "strata": one.strata or 0,
            "psus": one.psus or 0,
        }
        for one in publication.rounds
    }


def _inputs(study: Study, data: Path) -> tuple[Path, ...]:
    """Every file that the run reads, as far as it is known before any data are opened."""
    microdata = [path for survey in study.surveys for path in files_of_round(study, survey, data)]
    microdata += [*files_of_panel(study, data), *files_of_countries(study, data)]
    return (
        *sources_of_study(study),
        *microdata,
        *(path for spec in study.every_map for path in files_of_map(spec, data)),
    )


def _configs(study: Study) -> dict[str, ConfigFile]:
    """Every config that was read, by its role."""
    found = {
        "study": study.files,
        "measure": study.measure.files,
        "disclosure": study.disclosure.files,
        "reliability": () if study.reliability is None else study.reliability.files,
    }
    made = {role: file for role, files in found.items() for file in files}
    measures = (*study.beside, *(one.measure for one in study.other_countries))
    return (
        made
        | files_of_template(study.template)
        | {f"survey {file.path.stem}": file for survey in every_survey(study) for file in survey.files}
        | {f"published {file.path.name}": file for one in study.published for file in one.files}
        | {f"measure {file.path.stem}": file for one in measures for file in one.files}
    )


def _now() -> datetime.datetime:
    return datetime.datetime.now(datetime.UTC)
