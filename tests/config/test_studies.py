"""Studies from YAML: every fault of every file at once, with its place and remedy."""

from __future__ import annotations

import datetime
from fractions import Fraction
from pathlib import Path

import pytest

import mpi
from mpi.config import load_study
from mpi.config.locate import shipped
from mpi.errors import ConfigError
from mpi.specs.study import Study
from mpi.vocabulary.options import USUAL_OUTPUTS

BASE = """\
study: demo
title: {es: Pobreza, en: Poverty}
publisher: Office
released: 2026-04-14
measure: colombia_ipm
surveys: [colombia_demo_2024, colombia_demo_2025]
disclosure: standard
"""


def study_of(text: str, folder: Path) -> Study:
    path = folder / "s.yaml"
    path.write_text(text, encoding="utf-8")
    return load_study(path)


def message(text: str, folder: Path) -> str:
    with pytest.raises(ConfigError) as error:
        study_of(text, folder)
    return "\n".join(str(fault) for fault in error.value.faults).replace(f"{folder}/", "")


def test_what_is_left_out_has_its_usual_value(tmp_path: Path) -> None:
    study = study_of(BASE, tmp_path)
    assert study.released == datetime.date(2026, 4, 14)
    assert [cutoff.k for cutoff in study.cutoffs] == [cutoff.k for cutoff in mpi.load_measure("colombia_ipm").cutoffs]
    assert (study.units, study.level, study.df, study.variance) == (("persons",), 0.95, "domain", "design")
    assert (study.by, study.changes_by, study.maps, study.data) == ((), (), (), None)
    assert (study.languages, study.outputs, study.status) == (("es", "en"), USUAL_OUTPUTS, "final")
    assert study.reliability is not None
    assert study.reliability.name == "dane"  # what the surveys ask for
    assert study.disclosure.name == "standard"


def test_everything_that_can_be_said(tmp_path: Path) -> None:
    study = study_of(
        BASE
        + """\
universe: {en: Private households}
status: provisional
data: ../data
by: [zona, "departamento:zona"]
changes_by: zona
cutoffs: [4/15, 1/3, 1/4]
units: [persons, households]
level: 90%
df: 12
rounds: independent
adjust: holm
reliability: cepal_2020
languages: es
labels: {zona: {cabecera: {es: Cabecera, en: Urban}}}
outputs: [report, results]
maps:
  municipio:
    boundaries: {path: m.gpkg, layer: mpio, code: COD, name: NOM, width: 5, pad: yes, crs: "EPSG:4686", source: DANE,
                 vintage: {es: marco de 2018, en: framework of 2018}}
    upper: {code: DPTO, name: D, domain: departamento}
    projection: EPSG:9377
    tolerance: 500
    scheme: quantiles
    classes: 4
    breaks: {H: [0, 12.5, 100]}
    insets: [{title: {es: San Andrés}, codes: ["88*"]}]
    unmatched: allow
    live: no
    formats: [gpkg, geojson]
""",
        tmp_path,
    )
    assert [cutoff.k for cutoff in study.cutoffs] == [Fraction(1, 3), Fraction(4, 15), Fraction(1, 4)]
    assert study.by == (("zona",), ("departamento", "zona"))
    assert study.sets == (("zona",), ("departamento", "zona"), ("municipio",))
    assert study.domains == ("zona", "departamento", "municipio")
    assert (study.level, study.df, study.adjust, study.languages) == (0.9, 12, "holm", ("es",))
    assert study.data == tmp_path / "../data"
    assert study.reliability is not None
    assert study.reliability.name == "cepal_2020"
    (drawn,) = study.maps
    assert drawn.boundaries.code.pad
    assert (drawn.boundaries.layer, drawn.boundaries.code.width, drawn.boundaries.crs) == ("mpio", 5, "EPSG:4686")
    assert drawn.boundaries.source == {"": "DANE"}
    assert drawn.boundaries.vintage == {"es": "marco de 2018", "en": "framework of 2018"}
    assert drawn.boundaries.licence == {}
    assert drawn.upper is not None
    assert (drawn.upper.code.columns, drawn.upper.domain) == (("DPTO",), "departamento")
    assert (drawn.tolerance, drawn.scheme, drawn.classes, drawn.live) == (500.0, "quantiles", 4, False)
    assert drawn.breaks == {"H": (0.0, 12.5, 100.0)}
    assert drawn.insets[0].codes == ("88*",)
    assert (drawn.unmatched, drawn.formats) == ("allow", ("gpkg", "geojson"))


def test_all_faults_of_a_study_are_told_at_once(tmp_path: Path) -> None:
    bad = (
        BASE.replace("disclosure: standard", "disclosure: standrd").replace("2026-04-14", "14/04/2026")
        + """\
by: [zona, sona]
cutoffs: [1/3, 7]
level: 95
outputs: [report, map]
maps:
  barrio: {boundaries: {path: a.gpkg}, breaks: {H: [0, 0, 1]}, tolerance: -1}
"""
    )
    assert (
        message(bad, tmp_path)
        == """\
MPI-C007 s.yaml:4:11: the study: released: this is not a date
  write year-month-day, such as 2026-04-14
MPI-C001 s.yaml:7:13: no disclosure rule set is called 'standrd'
  did you mean 'standard'?
MPI-C042 s.yaml:8:5: by: 'sona' is not a domain of colombia_demo_2024, colombia_demo_2025
  did you mean 'zona'?
MPI-C041 s.yaml:9:16: k: 7 is outside (0, 1]; for a percentage write 7%
  write 1/3, 0.25 or 33%
MPI-C007 s.yaml:10:8: the study: level: 95 is not between 0 and 1
  write 0.95 or 95%
MPI-C006 s.yaml:11:19: outputs: 'map' is not known
  did you mean 'maps'?
MPI-C042 s.yaml:13:3: maps: 'barrio' is not a domain of colombia_demo_2024, colombia_demo_2025
  there are zona, region, departamento, sexo, sexo_jefatura, grupo_edad, municipio
MPI-C009 s.yaml:13:24: the map of barrio: boundaries: the key 'code' is missing
  add `code:`
MPI-C040 s.yaml:13:52: the map of barrio: breaks: the breaks of H are not three or more ascending numbers
  write [0, 20, 40, 60, 80, 100]
MPI-C007 s.yaml:13:75: the map of barrio: tolerance: '-1' is not a number such as 1/3, 0.05 or 33%
  write 1/3, 0.05 or 33%"""
    )


def test_faults_of_a_file_beside_the_study_have_their_own_place(tmp_path: Path) -> None:
    (tmp_path / "mine.yaml").write_text("measure: mine\n", encoding="utf-8")
    told = message(BASE.replace("measure: colombia_ipm", "measure: mine.yaml"), tmp_path)
    assert told.startswith("MPI-C009 mine.yaml:1:1: ")


def test_a_list_that_must_name_something_is_not_empty(tmp_path: Path) -> None:
    keys = ("surveys", "units", "languages", "outputs", "result_formats")
    surveys = "surveys: [colombia_demo_2024, colombia_demo_2025]"
    text = BASE.replace(
        surveys, "surveys: []\nunits: []\nlanguages: []\noutputs: []\nresult_formats: []\nby: []\nchanges_by: []"
    )
    found = message(text, tmp_path)
    for line, key in enumerate(keys, 6):
        assert f"MPI-C009 s.yaml:{line}:1: the study: the key '{key}' is empty" in found
    assert found.count("MPI-") == len(keys)
    none = study_of(f"{BASE}by: []\nchanges_by: []\n", tmp_path)
    assert (none.by, none.changes_by) == ((), ())


def test_households_cannot_be_counted_where_persons_are_identified(tmp_path: Path) -> None:
    text = BASE.replace("colombia_ipm", "uruguay_derechos").replace(
        "[colombia_demo_2024, colombia_demo_2025]", "[uruguay_demo_2018]"
    )
    assert message(text + "units: [households]\n", tmp_path) == (
        "MPI-C041 s.yaml:8:9: uruguay_derechos identifies persons, so households cannot be counted\n  write [persons]"
    )


@pytest.mark.parametrize("name", shipped("studies"))
def test_every_shipped_study_loads(name: str) -> None:
    assert load_study(name).name == name


def test_there_is_a_shipped_study() -> None:
    assert "colombia_demo" in shipped("studies")


def test_figures_are_official_only_by_an_act(tmp_path: Path) -> None:
    assert study_of(BASE, tmp_path).official == {}
    assert study_of(f"{BASE}official: no\n", tmp_path).official == {}
    assert study_of(f"{BASE}official: {{act: {{es: Ley 1 de 2020, en: Law 1 of 2020}}}}\n", tmp_path).official == {
        "es": "Ley 1 de 2020",
        "en": "Law 1 of 2020",
    }
    assert study_of(f"{BASE}official: {{act: Law 1}}\n", tmp_path).official == {"": "Law 1"}


@pytest.mark.parametrize("written", ["yes", "true", "Law 1", "[Law 1]"])
def test_an_official_figure_without_an_act_is_refused(written: str, tmp_path: Path) -> None:
    said = message(f"{BASE}official: {written}\n", tmp_path)
    assert said.startswith(
        "MPI-C160 s.yaml:8:11: the study: official: the act that makes the figures official is not named"
    )
    remedy = said.splitlines()[1].strip()
    assert remedy.startswith("write official: {act: Decree 123 of 2020}")
    assert study_of(f"{BASE}{remedy.removeprefix('write ').split(', or')[0]}\n", tmp_path).official


def test_a_map_has_no_more_classes_than_colours_that_can_be_told_apart(tmp_path: Path) -> None:
    maps = "\nmaps: {{zona: {{boundaries: {{path: m.gpkg, code: C, source: S, vintage: V}}, classes: {classes}}}}}"
    assert "is not a whole number from 2 to 7" in message(BASE + maps.format(classes=8), tmp_path)
    assert study_of(BASE + maps.format(classes=7), tmp_path).maps[0].classes == 7
