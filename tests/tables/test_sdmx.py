"""SDMX-CSV and the SDG table: every row of the tidy table, in codes that the structure explains; nothing hidden."""

from __future__ import annotations

import csv
import gzip
import io
import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from mpi.errors import UnmadeError
from mpi.publication.model import Publication
from mpi.specs.study import Sdg, SdgDomain
from mpi.tables import sdmx
from mpi.tables.sdg import sdg_rows
from mpi.tables.sdmx import code_of, cutoff_code, observations, time_of, write_observations
from mpi.tables.sdmx_structure import structure_text
from mpi.vocabulary.sdg import SERIES
from tests.support.loops import at_least_one
from tests.support.publications import colombia, single_round, two_rounds

CODE = re.compile(r"[A-Za-z0-9_@$-]+")  # IDType of SDMX
COMPONENT = re.compile(r"[A-Za-z][A-Za-z0-9_-]*")  # NCNameIDType
HEAD = ["STRUCTURE", "STRUCTURE_ID", "ACTION"]


def published() -> Publication:
    found = single_round()
    return replace(found, study=replace(found.study, agency="OEE"))


def rows(folder: Path, publication: Publication) -> list[dict[str, str]]:
    path = write_observations(observations(publication), folder, "sdmx")
    content = path.read_bytes()
    text = (gzip.decompress(content) if path.suffix == ".gz" else content).decode()
    return list(csv.DictReader(io.StringIO(text, newline="")))


def structure(publication: Publication) -> dict[str, Any]:
    made: dict[str, Any] = json.loads(structure_text(publication))["data"]
    return made


def test_every_estimate_is_an_observation_with_its_value_and_key(tmp_path: Path) -> None:
    publication = published()
    found = rows(tmp_path, publication)
    tidy = publication.figures.table.to_pylist()
    assert len(found) == len(tidy)
    assert list(found[0])[:3] == HEAD
    assert {tuple(row[name] for name in HEAD) for row in found} == {("dataflow", "OEE:COLOMBIA_DEMO(1.0.0)", "I")}
    dimensions = [one["id"] for one in key_of(structure(publication))]
    assert len({tuple(row[name] for name in [*dimensions, "TIME_PERIOD"]) for row in found}) == len(found)
    for row, own in zip(found, tidy, strict=True):
        assert (row["STATISTIC"], row["ZONA"]) == (own["statistic"], own["zona"] or "_T")
        assert row["CUTOFF"] == ("_Z" if own["k"] is None else own["k"].replace("/", "_"))
        if own["estimate"] is None:
            assert row["OBS_VALUE"] == row["STD_ERROR"] == row["LOWER_BOUND"] == ""
        else:
            times = 100 if row["UNIT_MEASURE"] == "PT" else 1
            assert float(row["OBS_VALUE"]) == pytest.approx(own["estimate"] * times, rel=1e-15)
        assert row["STANDING"] == own["standing"]


def key_of(data: dict[str, Any]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = data["dataStructures"][0]["dataStructureComponents"]["dimensionList"]["dimensions"]
    return found


def test_hidden_and_unreliable_figures_say_so(tmp_path: Path) -> None:
    found = rows(tmp_path, two_rounds())
    met = {(row["STANDING"], row["OBS_STATUS"], row["CONF_STATUS"], row["OBS_VALUE"] == "") for row in found}
    assert {one for one in met if one[0] == "hidden"} <= {
        ("hidden", "Q", "A", True),
        ("hidden", "Q", "D", True),
        ("hidden", "Q", "N", True),
    }
    assert ("hidden", "Q", "A", True) in met
    assert ("hidden", "Q", "D", True) in met
    assert all(status == "U" and free == "F" for standing, status, free, _ in met if standing in ("caution", "review"))
    assert {status for standing, status, _, _ in met if standing == "undefined"} <= {"M"}


def test_the_structure_explains_every_column_and_code(tmp_path: Path) -> None:
    publication = two_rounds()
    found, data = rows(tmp_path, publication), structure(publication)
    parts = data["dataStructures"][0]["dataStructureComponents"]
    components = [
        *key_of(data), parts["dimensionList"]["timeDimension"], *parts["measureList"]["measures"],
        *parts["attributeList"]["attributes"],
    ]  # fmt: skip
    assert [one["id"] for one in components] == [name for name in found[0] if name not in HEAD]
    assert all(COMPONENT.fullmatch(one["id"]) for one in components)
    concepts = {one["id"] for one in data["conceptSchemes"][0]["concepts"]}
    lists = {one["id"]: {code["id"] for code in one["codes"]} for one in data["codelists"]}
    for one in at_least_one(components):
        assert one["conceptIdentity"].endswith(f").{one['id']}") and one["id"] in concepts
        chosen = one["localRepresentation"].get("enumeration")
        if chosen:
            codes = lists[re.fullmatch(r".*:(CL_\w+)\(1\.0\.0\)", chosen)[1]]  # type: ignore[index]
            assert {row[one["id"]] for row in found} <= codes, one["id"]
            assert all(CODE.fullmatch(code) for code in codes)
    assert [one["position"] for one in key_of(data)] == list(range(len(key_of(data))))
    names = {code["id"]: code["names"] for one in data["codelists"] if one["id"] == "CL_ZONA" for code in one["codes"]}
    assert names["cabecera"] == {"es": "Cabecera", "en": "Municipal seat"}
    assert structure_text(publication) == structure_text(publication)


def test_codes_are_those_that_sdmx_allows_and_no_two_are_one() -> None:
    odd = ["05", "_T", "_Z", "a b", "a$20$b", "ñ", "-1", "", "1/3", "$", "=cmd|' /C calc'!A0", "a,b", 'a"b', "a\nb"]
    codes = [code_of(text) for text in odd]
    assert len(set(codes)) == len(odd)
    assert all(CODE.fullmatch(code) and code not in ("_T", "_Z") for code in codes)
    assert [cutoff_code(text) for text in ("1/3", ">1/3", "1")] == ["1_3", "GT_1_3", "1"]


@pytest.mark.parametrize("period", ["2018 T3", "spring", "2025-13", "2010/12", ""])
def test_a_period_that_is_no_time_of_sdmx_leaves_the_output_out(period: str) -> None:
    with pytest.raises(UnmadeError, match="MPI-P170"):
        time_of(period)


def test_many_observations_are_compressed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    plain = rows(tmp_path, published())
    monkeypatch.setattr(sdmx, "SHEET_ROWS", 10)
    monkeypatch.setattr(sdmx, "ROWS", 100)
    assert rows(tmp_path, published()) == plain
    assert (tmp_path / "sdmx.csv.gz").is_file()


def reporting(**dimensions: SdgDomain) -> Publication:
    found = colombia()
    return replace(found, study=replace(found.study, sdg=Sdg(area="170", dimensions=dimensions)))


def test_the_goals_have_the_series_that_the_study_has_and_no_other() -> None:
    publication = reporting(URBANISATION=SdgDomain("zona", {"cabecera": "U", "rural": "R"}))
    made = sdg_rows(publication).to_pylist()
    units = publication.study.units
    assert {row["SERIES"] for row in made} == {name for (_, unit), name in SERIES.items() if unit in units}
    assert "SD_MDP_CSMP" not in SERIES.values()
    whole = [row for row in made if row["SERIES"] == "SD_MDP_MUHC" and row["TIME_PERIOD"] == "2025"]
    assert [row["URBANISATION"] for row in whole] == ["_T", "U", "R"]
    own = publication.figures.only("H", k="1/3", unit="persons", period="2025", zona="cabecera").table.to_pylist()
    (urban,) = [row for row in own if row["departamento"] is None and row["municipio"] is None]
    assert whole[1]["OBS_VALUE"] == 100 * urban["estimate"]
    assert whole[1]["LOWER_BOUND"] == 100 * urban["ci_low"]
    assert {(row["REF_AREA"], row["SEX"], row["AGE"], row["UNIT_MEASURE"], row["FREQ"]) for row in made} == {
        ("170", "_T", "_T", "PT", "A")
    }


def test_what_is_hidden_is_hidden_in_the_goals() -> None:
    codes = {"27": "U", "05": "R"}  # no urbanisation, but a domain with a hidden group
    made = sdg_rows(reporting(URBANISATION=SdgDomain("departamento", codes))).to_pylist()
    hidden = [row for row in made if row["URBANISATION"] == "U" and row["SERIES"] == "SD_MDP_MUHC"]
    assert at_least_one(hidden)
    assert {(row["OBS_VALUE"], row["LOWER_BOUND"], row["OBS_STATUS"]) for row in hidden} == {(None, None, "Q")}


def test_a_measure_of_children_has_the_series_of_children_alone() -> None:
    publication = reporting(URBANISATION=SdgDomain("zona", {"cabecera": "U", "rural": "R"}))
    made = sdg_rows(replace(publication, measure=replace(publication.measure, kind="children"))).to_pylist()
    assert {(row["SERIES"], row["AGE"], row["UNIT_MEASURE"]) for row in made} == {("SD_MDP_CSMP", "Y0T17", "PT")}
    persons = [row for row in sdg_rows(publication).to_pylist() if row["SERIES"] == "SD_MDP_MUHC"]
    assert [row["OBS_VALUE"] for row in made] == [row["OBS_VALUE"] for row in persons]
    by_age = reporting(AGE=SdgDomain("zona", {"cabecera": "Y0T4", "rural": "Y5T17"}))
    found = sdg_rows(replace(by_age, measure=replace(by_age.measure, kind="children"))).to_pylist()
    assert {row["AGE"] for row in found} == {"Y0T17", "Y0T4", "Y5T17"}


def test_a_study_without_a_mapping_reports_nothing() -> None:
    with pytest.raises(UnmadeError, match="`sdg:` is missing"):
        sdg_rows(colombia())
