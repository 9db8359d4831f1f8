"""The whole job on the sample data: from synthetic microdata to publications, in one call.

First a census, of which the map of a whole country's municipalities is made; then the same map of published figures,
with which the census is compared; then a survey in two rounds, with report, workbook, charts and results.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from mpi.config import load_study
from mpi.errors import Fault, Place, UsageError
from mpi.errors.resources import said_by_system
from mpi.files import check_folder, write_folder
from mpi.language import joined, phrase, translated
from mpi.pipeline.estimating import estimate
from mpi.runs import Made, run_study
from mpi.runs.index_page import INDEX, Link
from mpi.runs.manifest import NAME, owned
from mpi.runs.outputs import kept_phrase
from mpi.runs.published import write_published
from mpi.runs.table_map import PAGE
from mpi.source import Report
from mpi.specs.study import Study
from mpi.tables.screen import as_text
from mpi.vocabulary.options import Titles
from mpi.vocabulary.wording import title_in

STUDY, CENSUS, DATA = "colombia_demo", "colombia_census_demo", "sample_data"
MADE = "colombia_2025/PERSONAS.parquet"  # a file of the sample data

ENDINGS = {"census": "_census", "published": "_published", "survey": ""}
SAID: Mapping[str, tuple[Titles, Titles]] = {
    "census": (
        translated("Live map of a census"),
        translated("A synthetic census of 1,122 municipalities; its map recomputes for other cutoffs and weights."),
    ),
    "published": (
        translated("Map of published figures"),
        translated("Municipal poverty of 2018 from a table, without microdata, and how the census compares with it."),
    ),
    "survey": (
        translated("Publication of a survey"),
        translated("A synthetic survey in two rounds: report, board, charts, workbook, data."),
    ),
}


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
        `_census`, and a map of published figures into one that ends in `_published`. Those of an earlier demo are
        replaced.
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
    folders = {name: out.parent / f"{out.name}{ending}" for name, ending in ENDINGS.items()}  # `.` has no name
    for one in folders.values():
        check_folder(one, mark=NAME, overwrite=True, owned=owned)  # before data are made for it; `.` is refused here
    folder = data if data is not None else _sample_data(out)
    command = ["mpi", "demo", "-o", out.name]

    def beside(own: str) -> list[Link]:
        return [Link(f"../{path.name}/{INDEX}", *SAID[name]) for name, path in folders.items() if name != own]

    def run(study: Study, name: str) -> Made:
        return run_study(
            study,
            folders[name],
            data=folder,
            overwrite=True,
            command=command,
            say=progress,
            report=report,
            processes=processes,
            first=lambda files: _tell(early or say, folders[name], files),
            beside=beside(name),
            cache=False,
        )

    census = run(load_study(CENSUS), "census")
    progress(phrase("drawing the published figures"))
    published = write_published(census.publication, folder, folders["published"], beside("published"), command)
    _tell(early or say, folders["published"], published)
    study = load_study(STUDY)
    made = run(study, "survey")
    if made.kept:
        progress(kept_phrase(made.kept))
    say(f"{title_in(study.measure.title, 'en', study.measure.name)}: {title_in(study.title, 'en', study.name)}\n")
    say(as_text(estimate(made.profiles[-1], study.measure, by="zona", level=study.level), study.level) + "\n")
    _tell(say, out, made.files)
    _tell(say, folders["census"], census.files)
    _tell(say, folders["published"], published)
    say(
        phrase(
            "\nthe same by hand: mpi run {study} --data {folder} -o {out} --overwrite",
            study=STUDY,
            folder=str(folder),
            out=str(out),
        )
    )
    text = phrase(
        "\nopen first {map}, a map of 1,122 municipalities from a synthetic census; beside it {published}, the map of "
        "figures published for 2018; then {report}, the report of a synthetic survey",
        map=str(folders["census"] / "map.municipio.html"),
        published=str(folders["published"] / PAGE),
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
