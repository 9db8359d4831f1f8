"""What a study says for SDMX and for the goals, and every fault of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from mpi.errors import ConfigError
from mpi.specs.study import Sdg, SdgDomain
from tests.remedies.test_outputs import studied


def exchanged(text: str) -> object:
    return studied("by: [valley]", f"by: [valley]\n{text}")


GOOD = "sdg: {area: '170', urbanisation: {domain: valley, codes: {A: U, B: R}}}\nagency: OEE"
BAD = {
    "agency": ("agency: 1 office", "'1 office' is no agency of SDMX"),
    "area": ("sdg: {area: CO}", "'CO' is no area of M49"),
    "no area": ("sdg: {}", "the key 'area' is missing"),
    "code": ("sdg: {area: '170', sex: {domain: valley, codes: {A: X}}}", "'X' is no code of SEX"),
    "age": ("sdg: {area: '170', age: {domain: valley, codes: {A: young}}}", "'young' is no code of AGE"),
    "two": ("sdg: {area: '170', sex: {domain: valley, codes: {A: F, B: F}}}", "two codes are F"),
    "domain": ("sdg: {area: '170', sex: {domain: zone9, codes: {A: F}}}", "'zone9' is in no table of `by`"),
    "dimension": ("sdg: {area: '170', gender: {domain: valley, codes: {A: F}}}", "the key 'gender' is not known"),
    "no codes": ("sdg: {area: '170', sex: {domain: valley}}", "the key 'codes' is missing"),
}


def test_what_a_study_says_is_read(tmp_path: Path) -> None:
    study = exchanged(GOOD)(tmp_path)  # type: ignore[operator]
    assert study.agency == "OEE"
    assert study.sdg == Sdg(area="170", dimensions={"URBANISATION": SdgDomain("valley", {"A": "U", "B": "R"})})


@pytest.mark.parametrize("case", BAD)
def test_a_fault_is_told_with_its_place(case: str, tmp_path: Path) -> None:
    text, said = BAD[case]
    with pytest.raises(ConfigError) as refused:
        exchanged(text)(tmp_path)  # type: ignore[operator]
    (fault,) = refused.value.faults
    assert said in fault.text
    assert fault.place is not None and fault.place.line is not None and fault.remedy
