"""The tasks of tables for machines: results and map data, and after them the data packages that describe them.

A data package is a task of its own, so that a title that changes leaves the tables as they are.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial
from pathlib import Path

from mpi.errors.omissions import attempted
from mpi.language import phrase
from mpi.maps.attributes import goal_meanings, meanings, slices
from mpi.maps.data import write_map_data
from mpi.publication.gathering import Gathered
from mpi.runs.mapping import layers_of_map
from mpi.runs.tasks import Task, made
from mpi.runs.verdicts import goals_of
from mpi.tables.packaging import Field, Resource, write_datapackage
from mpi.tables.results import lying_tables, main_table, write_tables
from mpi.vocabulary.options import Unit


def map_data(gathered: Gathered) -> Iterator[Task]:
    """Map data for QGIS and for programs, with a data package that gives the types of their tables."""
    told = {
        f"map_data/{drawn.spec.domain}.gpkg": phrase(
            "map data by {domain}: opens coloured in QGIS", domain=drawn.spec.domain
        )
        for drawn in gathered.publication.maps
        if "gpkg" in drawn.spec.formats
    }
    if gathered.publication.maps:
        yield Task(name="map_data", output="map_data", make=_write_map_data, tells=told)
        package = "map_data/datapackage"
        yield Task(name=package, output="map_data", make=_package_map_data, after=("map_data",))


def _write_map_data(gathered: Gathered, folder: Path) -> None:
    publication = gathered.publication
    target, unit, titles = made(folder / "map_data"), *_of_indicators(gathered)
    language = publication.study.languages[0]
    for drawn in publication.maps:
        domain = drawn.spec.domain
        write = partial(
            write_map_data,
            target,
            domain,
            drawn.areas,
            layers_of_map(gathered, drawn),
            drawn.join,
            formats=drawn.spec.formats,
            language=language,
            unit=unit,
            titles=titles,
            marks=publication.mark_meanings(language),
            style=publication.style,
            goals=goals_of(publication, drawn),
        )
        if attempted(f"map_data/{domain}", write, gathered.left_out) is None:
            for left in target.glob(f"{domain}.*"):
                left.unlink()


def _of_indicators(gathered: Gathered) -> tuple[Unit, Mapping[str, Mapping[str, str]]]:
    """What map data call the units and the indicators of a study."""
    publication = gathered.publication
    return publication.study.units[0], {one.name: one.title for one in publication.measure.indicators}


def _package_map_data(gathered: Gathered, folder: Path) -> None:
    """Describe the tables of maps that were written."""
    publication, lying = gathered.publication, folder.parent / "map_data"
    unit, titles = _of_indicators(gathered)
    resources = []
    for drawn in publication.maps:
        domain, layers = drawn.spec.domain, layers_of_map(gathered, drawn)
        told = {
            **meanings(drawn.areas, slices(layers, unit=unit, titles=titles)),
            **goal_meanings(goals_of(publication, drawn)),
        }
        fields = tuple(Field(name, one.type, one.title, one.text) for name, one in told.items())
        named: dict[str, str] = {one: publication.domain_title(domain, one) for one in publication.study.languages}
        forms = [form for form in ("csv", "parquet") if (lying / f"{domain}.{form}").is_file()]
        resources += [Resource(f"{domain}.{form}", named, fields) for form in forms]
    if resources:
        write_datapackage(publication, lying, resources, into=made(folder / "map_data"))


def results(gathered: Gathered) -> Iterator[Task]:
    """Every figure as tidy tables for machines."""
    study = gathered.publication.study
    if "csv" in study.result_formats:
        what = phrase("the figures of the whole for a spreadsheet; beside it those of each domain")
    else:
        what = phrase("every figure in one tidy table")
    yield Task(name="results", output="results", make=_write_results, tells={f"results/{main_table(study)}": what})
    yield Task(name="results/datapackage", output="results", make=_package_results, after=("results",))


def _write_results(gathered: Gathered, folder: Path) -> None:
    write_tables(gathered.publication, made(folder / "results"))


def _package_results(gathered: Gathered, folder: Path) -> None:
    lying, publication = folder.parent / "results", gathered.publication
    write_datapackage(publication, lying, lying_tables(publication, lying), into=made(folder / "results"))
