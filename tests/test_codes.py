"""Every message has a code of its own, which means one thing and is met by a test."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
CODE = re.compile(r"MPI-[A-Z]\d{3}")
# What a code means, whoever tells it. Numbers are never used again for something else.
MEANINGS = {
    "MPI-C001": "no such config", "MPI-C002": "no plain YAML", "MPI-C003": "unknown key", "MPI-C004": "repeated key",
    "MPI-C005": "value of the wrong shape", "MPI-C006": "unknown word", "MPI-C007": "no such number",
    "MPI-C008": "no name", "MPI-C009": "missing or empty key",
    "MPI-C020": "reliability rule twice", "MPI-C021": "metric that a kind of statistic lacks",
    "MPI-C120": "floor lowered without a reason",
    "MPI-C040": "breaks of a study's map", "MPI-C041": "cutoff or unit that the measure does not have",
    "MPI-C160": "official figures without an act",
    "MPI-N160": "printed texts that lack a language of the study",
    "MPI-C042": "domain that a survey of the study lacks",
    "MPI-N024": "map that does not recompute",
    "MPI-C060": "all or none only", "MPI-C061": "more households than persons",
    "MPI-C062": "map that tells what tables hide", "MPI-C063": "complementary to nothing",
    "MPI-M001": "variable at two levels", "MPI-M002": "nothing to score", "MPI-M003": "indicator twice",
    "MPI-M004": "too many indicators", "MPI-M005": "weights", "MPI-M006": "weight in a combined dimension",
    "MPI-M007": "eligible and nobody", "MPI-M008": "reweight of a combined dimension", "MPI-M009": "cutoff",
    "MPI-S001": "like", "MPI-S002": "tables", "MPI-S003": "path that leaves the folder", "MPI-S004": "members",
    "MPI-S005": "reference between tables", "MPI-S006": "derivation", "MPI-S007": "reserved name of a domain",
    "MPI-S008": "no weight in the design", "MPI-S009": "column of two tables", "MPI-S010": "variable not supplied",
    "MPI-S011": "variable of another type", "MPI-S012": "variable of another level",
    "MPI-S013": "labels not declared", "MPI-S014": "CSV dialect", "MPI-S015": "name twice in the result",
    "MPI-S016": "finite population correction", "MPI-S017": "second stage", "MPI-S018": "strata to collapse",
    "MPI-S019": "replicate weights", "MPI-S020": "calibration",
    "MPI-R001": "syntax", "MPI-R002": "character outside the language", "MPI-R003": "needless zero",
    "MPI-R004": "function", "MPI-R005": "rule or number too large", "MPI-R006": "no such variable",
    "MPI-R007": "types", "MPI-R008": "person's variable left bare", "MPI-R009": "nested aggregate",
    "MPI-R010": "aggregate without persons", "MPI-R011": "comparison with NULL", "MPI-R012": "label never met",
    "MPI-R013": "type of the whole rule", "MPI-R014": "ring", "MPI-R015": "one name for two things",
    "MPI-X001": "number of verdicts", "MPI-X002": "value of an example", "MPI-X003": "example that fails",
    "MPI-D001": "file that cannot be opened", "MPI-D002": "no row", "MPI-D003": "damaged file",
    "MPI-D004": "no kind of table that can be read", "MPI-D005": "no table in CSV", "MPI-D010": "no such column",
    "MPI-D011": "two columns of one name", "MPI-D012": "column of the wrong type", "MPI-D013": "files that differ",
    "MPI-D014": "list of codes against the column's type", "MPI-D015": "codes outside the list",
    "MPI-D020": "null or negative weight", "MPI-D021": "weights of 0 only", "MPI-D022": "number of members",
    "MPI-D023": "flag other than 0 and 1",
    "MPI-D024": "null or impossible correction", "MPI-D025": "null or negative replicate weight",
    "MPI-D026": "household without replicate weights", "MPI-D027": "null calibration variable",
    "MPI-D028": "stratum to join not in the data", "MPI-D030": "null key", "MPI-D031": "key of a wrong type",
    "MPI-D032": "rows that repeat a key", "MPI-D033": "keys of two types", "MPI-D034": "differs inside a household",
    "MPI-D035": "household without persons", "MPI-D036": "row without its household or dwelling",
    "MPI-D037": "PSU in two strata", "MPI-D038": "null place in the design", "MPI-D039": "stratum with one PSU",
    "MPI-D040": "overflow", "MPI-D041": "nobody left", "MPI-D050": "profiles that do not add",
    "MPI-D051": "no whole profile", "MPI-D060": "population correction differs inside its unit",
    "MPI-D061": "population smaller than its sample", "MPI-D062": "place of a stratum in the order",
    "MPI-D063": "map of collapsed strata", "MPI-D070": "covariance of rounds",
    "MPI-D071": "PSU with one second-stage unit",
    "MPI-E001": "cutoff asked for", "MPI-E002": "domain asked for", "MPI-E003": "code of a domain",
    "MPI-E004": "estimates asked for", "MPI-E005": "measure or profile of another kind", "MPI-E006": "confidence level",
    "MPI-E007": "unit", "MPI-E008": "degrees of freedom", "MPI-E009": "replicates asked for",
    "MPI-E010": "covariance asked for", "MPI-E011": "contrast or test", "MPI-E012": "rounds or their times",
    "MPI-E013": "relation of the rounds", "MPI-E014": "rules of the rounds",
    "MPI-E015": "filter of a calibrated profile", "MPI-E210": "rankings that cannot be compared",
    "MPI-E211": "number of rows or units asked for", "MPI-E212": "table of another kind",
    "MPI-E110": "profile made by other rules",
    "MPI-U110": "argument of another type", "MPI-U111": "arguments that contradict one another",
    "MPI-U112": "empty option or argument", "MPI-U195": "levels of a group",
    "MPI-E030": "estimates protected together", "MPI-E031": "rounds of protected changes",
    "MPI-O001": "folder of an output", "MPI-O002": "output exists", "MPI-O003": "output is an input",
    "MPI-O004": "output cannot be written", "MPI-O005": "file that the system refuses",
    "MPI-O010": "table of the data package", "MPI-O011": "link among the outputs",
    "MPI-O012": "workbook without XlsxWriter", "MPI-O150": "file that is not of the run",
    "MPI-U150": "too little memory", "MPI-U151": "too few threads", "MPI-U152": "too few open files",
    "MPI-D150": "input that changed", "MPI-O152": "outputs of another run", "MPI-O151": "output changed after the run",
    "MPI-V001": "no manifest", "MPI-V002": "changed manifest", "MPI-V003": "missing output",
    "MPI-V004": "changed output", "MPI-V005": "file not of the run", "MPI-V006": "link or way out of the folder",
    "MPI-V007": "missing input", "MPI-V008": "changed input", "MPI-V009": "input that is not checked",
    "MPI-G040": "profile of another domain than its map", "MPI-G041": "map that cannot recompute",
    "MPI-G042": "map without a layer", "MPI-G043": "layer of other areas",
    "MPI-U001": "data argument", "MPI-U002": "household asked for", "MPI-U003": "Parquet to stdout",
    "MPI-U004": "format of an output", "MPI-U005": "data given twice", "MPI-U006": "degrees of freedom as text",
    "MPI-U007": "reference of differences", "MPI-U008": "number of threads",
    "MPI-U009": "survey that one machine has to read", "MPI-U010": "cluster",
    "MPI-D130": "names that look the same", "MPI-D131": "numbers that can be read in two ways",
    "MPI-D132": "text for some cells alone", "MPI-D133": "code that means missing",
    "MPI-N130": "whole keys in decimal numbers",
    "MPI-U011": "memory", "MPI-U180": "worker met what nobody foresaw", "MPI-U181": "patience",
    "MPI-U900": "fault of the program",
    "MPI-N001": "how a file was read", "MPI-N002": "optional domain left out", "MPI-N003": "zero weights",
    "MPI-N004": "rule never or always true", "MPI-N005": "indicator unknown everywhere", "MPI-N006": "many left out",
    "MPI-N007": "rounding that decides who is poor", "MPI-N008": "weights of files differ",
    "MPI-N009": "design not used beside replicates", "MPI-N010": "undefined replicates",
    "MPI-N011": "declared harmonised", "MPI-N012": "break of the series",
    "MPI-N121": "rounds without a time",
    "MPI-N120": "floor lowered by a rule set",
    "MPI-N020": "figures hidden", "MPI-N021": "changes that no rule judged",
    "MPI-O013": "jinja2",
    "MPI-P001": "figures that a picture lacks", "MPI-P002": "matplotlib", "MPI-P003": "format of a picture",
    "MPI-P004": "more than can be read", "MPI-P005": "table without disclosure control",
    "MPI-P170": "picture without figures",
    "MPI-G001": "boundary file that cannot be opened", "MPI-G002": "no kind of boundary file, or a damaged one",
    "MPI-G003": "layer of a boundary file", "MPI-G004": "column of a boundary file",
    "MPI-G005": "codes of areas as numbers", "MPI-G006": "boundary file without areas",
    "MPI-S141": "module", "MPI-N143": "rows that a module lacks",
    "MPI-D141": "condition on the rows of a table", "MPI-N142": "rows outside the universe",
    "MPI-S140": "universe of calibrated weights", "MPI-D140": "code longer than its width",
    "MPI-N141": "column of two tables that agree",
    "MPI-G140": "condition on rows of a boundary file", "MPI-N140": "rows of a boundary file left out or merged",
    "MPI-G007": "area without a code", "MPI-G008": "width of a code", "MPI-G009": "code of two areas",
    "MPI-G010": "area without a shape", "MPI-G011": "coordinates of an unknown system",
    "MPI-G012": "no such coordinate system", "MPI-G013": "coordinates that cannot be",
    "MPI-G014": "shape other than a polygon", "MPI-G015": "boundaries that fit no code",
    "MPI-G016": "code without a polygon", "MPI-G017": "inset of a map", "MPI-G018": "tolerance of a map",
    "MPI-G019": "package for maps missing", "MPI-G020": "breaks of a map", "MPI-G021": "figures of a map",
    "MPI-G022": "format of map data", "MPI-G210": "decimal numbers as codes of areas",
    "MPI-G211": "NUL inside a text of a boundary file",
    "MPI-N030": "how a boundary file was read", "MPI-N031": "coordinate system stated otherwise",
    "MPI-N032": "shapes mended", "MPI-N033": "borders that do not meet", "MPI-N034": "map without a scale",
    "MPI-N170": "part left out", "MPI-N171": "part lost by a fault of the program",
    "MPI-N172": "signs that no document can hold",
}  # fmt: skip


@cache
def told() -> dict[str, list[str]]:
    """The modules that tell each code."""
    found: dict[str, list[str]] = {}
    for path in sorted((ROOT / "mpi").rglob("*.py")):
        for code in CODE.findall(path.read_text(encoding="utf-8")):
            found.setdefault(code, []).append(str(path.relative_to(ROOT / "mpi")))
    assert found
    return found


@cache
def met() -> set[str]:
    own = Path(__file__).resolve()
    texts = (path.read_text(encoding="utf-8") for path in (ROOT / "tests").rglob("*.py") if path != own)
    return {code for text in texts for code in CODE.findall(text)}


@pytest.mark.parametrize("code", sorted(told()))
def test_every_code_is_met_by_a_test(code: str) -> None:
    assert code in met(), f"{code} of {', '.join(told()[code])} is in no test"


def test_the_list_of_meanings_is_whole_and_no_two_are_alike() -> None:
    assert set(MEANINGS) == set(told())
    assert len(set(MEANINGS.values())) == len(MEANINGS)


def test_the_manual_names_every_kind_of_code_and_what_each_means() -> None:
    manual = (ROOT / "configs" / "README.md").read_text(encoding="utf-8")
    assert {code[:5] for code in told()} <= {f"MPI-{letter}" for letter in re.findall(r"MPI-([A-Z])\.\.\.", manual)}
    listed = dict(re.findall(r"`(MPI-[A-Z]\d{3})` ([^·\n]+?)(?= ·|$)", manual, re.M))
    assert listed == MEANINGS
