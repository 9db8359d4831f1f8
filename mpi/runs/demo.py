"""The whole job on the sample data: from synthetic microdata to publications, in one call.

First a census, of which the map of a whole country's municipalities is made; then a survey in two rounds, with report,
workbook, charts and results.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from mpi.config import load_study
from mpi.errors import Fault, Place, UsageError
from mpi.errors.resources import said_by_system
from mpi.files import check_folder, write_folder
from mpi.language import joined, phrase
from mpi.pipeline.estimating import estimate
from mpi.runs import Made, run_study
from mpi.runs.manifest import NAME, owned
from mpi.runs.outputs import kept_phrase
from mpi.source import Report
from mpi.specs.study import Study
from mpi.tables.screen import as_text
from mpi.vocabulary.wording import title_in

STUDY, CENSUS, DATA = "colombia_demo", "colombia_census_demo", "sample_data"
MADE = "colombia_2025/PERSONAS.parquet"  # a file of the sample data


def run_demo(
    out: Path,
    data: Path | None = None,
    say: Callable[[str], None] = print,
    progress: Callable[[str], None] = lambda _: None,
    *,
    report: Report | None = None,
    processes: int | None = None,
    early: Callable[[str], None] | None = None,
) -> Made:
    """Run the sample studies and tell where a statistical office would look first.

    Parameters
    ----------
    out : Path
        Folder for the results of the survey; those of the census go into another one beside it, whose name ends in
        `_census`. Those of an earlier demo are replaced.
    data : Path, optional
        Folder of the sample data; looked for beside the package, else generated beside `out`.
    say, progress : callable
        Take the lines of the result, and the name of each stage as it begins.
    report, processes
        As for `run_study`.
    early : callable, optional
        Takes the lines about what can be opened before all is written; `say` if left out.

    Raises
    ------
    UsageError
        If the folder cannot be made, or holds anything but the results of an earlier run.
    """
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        text = phrase("the folder of this output cannot be made ({reason})", reason=said_by_system(error))
        raise UsageError(Fault("MPI-O001", Place(str(out)), text, phrase("name another"))) from None
    country = out.parent / f"{out.name}_census"  # `.` has no name; it is refused below
    for one in (country, out):
        check_folder(one, mark=NAME, overwrite=True, owned=owned)  # before data are made for it
    folder = data if data is not None else _sample_data(out)

    def run(study: Study, into: Path) -> Made:
        return run_study(
            study,
            into,
            data=folder,
            overwrite=True,
            command=["mpi", "demo", "-o", out.name],
            say=progress,
            report=report,
            processes=processes,
            first=lambda files: _tell(early or say, into, files),
        )

    census = run(load_study(CENSUS), country)
    study = load_study(STUDY)
    made = run(study, out)
    if made.kept:
        progress(kept_phrase(made.kept))
    say(f"{title_in(study.measure.title, 'en', study.measure.name)}: {title_in(study.title, 'en', study.name)}\n")
    say(as_text(estimate(made.profiles[-1], study.measure, by="zona", level=study.level), study.level) + "\n")
    _tell(say, out, made.files)
    _tell(say, country, census.files)
    say(
        phrase(
            "\nthe same by hand: mpi run {study} --data {folder} -o {out} --overwrite",
            study=STUDY,
            folder=str(folder),
            out=str(out),
        )
    )
    text = phrase(
        "\nopen first {map}, a map of 1,122 municipalities from a synthetic census; then {report}, the report of a "
        "synthetic survey",
        map=str(country / "map.municipio.html"),
        report=str(out / f"report.{study.languages[0]}.html"),
    )
    say(text)
    return made


def _tell(say: Callable[[str], None], out: Path, files: Mapping[str, str]) -> None:
    for name, what in files.items():
        say(joined((f"{out / name}: ", what)))


def _sample_data(out: Path) -> Path:
    for folder in (Path(DATA), Path(__file__).parent.parent.parent / DATA):
        if (folder / "colombia_2025").is_dir():
            return folder
    from mpi.synthetic.__main__ import write_sample_data

    folder = out.with_name(f"{out.name}_data")
    if not (folder / MADE).is_file():  # as an earlier demo leaves it, whole
        write_folder(folder, write_sample_data, mark=MADE)
    return folder
