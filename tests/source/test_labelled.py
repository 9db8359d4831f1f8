"""`codes: from labels`: lists of codes, labels of domains and missing codes come from the file."""

from __future__ import annotations

from pathlib import Path

import pyreadstat
import pytest

import mpi
from mpi.errors import MpiError
from tests.source.test_kinds import frame
from tests.support.village import assert_same, profile, survey

LIST = "codes: {1: man, 2: woman}"
LABELS = {"sex": {1: "man", 2: "woman"}}


@pytest.mark.parametrize("converted", [False, True])
@pytest.mark.parametrize("ending", [".sav", ".dta"])
def test_codes_of_a_file_are_those_that_a_list_would_name(tmp_path: Path, ending: str, converted: bool) -> None:
    write = {".sav": pyreadstat.write_sav, ".dta": pyreadstat.write_dta}[ending]
    write(frame("persons"), tmp_path / f"persons{ending}", variable_value_labels=LABELS)
    frame("households").to_parquet(tmp_path / "households.parquet")
    path = f"persons{ending}"
    if converted:
        mpi.convert(tmp_path / path, tmp_path / "new")
        path = "new/persons.parquet"
    listed = survey(("persons.parquet", path))
    labelled = survey(("persons.parquet", path), (LIST, "codes: from labels"))
    assert {*labelled.levels["sex"]} == set() and labelled.domains["sex"].labelled
    made = [profile(tmp_path, of=of) for of in (listed, labelled)]
    assert {"man", "woman"} in [{*domain.labels} for domain in made[1].domains]
    assert_same(*made)


def test_a_code_without_a_label_and_a_column_without_labels_are_refused(tmp_path: Path) -> None:
    frame("households").to_parquet(tmp_path / "households.parquet")
    of = survey(("persons.parquet", "persons.sav"), (LIST, "codes: from labels"))
    pyreadstat.write_sav(frame("persons"), tmp_path / "persons.sav")
    with pytest.raises(MpiError, match=r"MPI-D014 .* no file labels the codes of the column 'sex'"):
        profile(tmp_path, of=of)
    pyreadstat.write_sav(frame("persons"), tmp_path / "persons.sav", variable_value_labels={"sex": {1: "man"}})
    with pytest.raises(MpiError, match=r"MPI-D0.*sex"):
        profile(tmp_path, of=of)
