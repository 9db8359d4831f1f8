"""Every remedy of a message about the files of a survey, its modules and its conditions, followed as it says."""

# ruff: noqa: E501  files stand here as they are written

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Mapping
from functools import cache
from io import StringIO
from pathlib import Path
from tempfile import TemporaryDirectory

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from mpi.config import load_measure, load_survey
from mpi.pipeline.estimating import estimate
from mpi.pipeline.passing import deprivation_profile
from mpi.profile import MISSING_LEVEL, DeprivationProfile
from tests.profile.test_flags import FRAME, TWO, flags
from tests.source import test_crosswalks, test_modules, test_universe
from tests.source.test_composed import data as coded
from tests.source.test_composed import keyed
from tests.support import hamlet, village
from tests.support.remedies import Doing, Row, follow

Edits = Mapping[str, object]


def figures(folder: Path) -> float:
    """M0 of the hamlet that lies in a folder."""
    measure = load_measure(folder / "village.yaml")
    found = deprivation_profile(load_survey(folder / "village_2026.yaml"), measure, folder)
    return estimate(found, measure).value("M0", k="1/3")


def hamlets(
    *edits: tuple[str, str],
    files: Mapping[str, bytes | str] | None = None,
    lose: str = "",
    same: bool = True,
    then: Callable[[Path], object] | None = None,
) -> Doing:
    """The hamlet with some of the survey's text replaced, some files beside or instead, and some lost."""

    def done(folder: Path) -> None:
        text = hamlet.SURVEY
        for old, new in edits:
            assert old in text
            text = text.replace(old, new)
        hamlet.write_hamlet(folder, survey=text)
        if lose:
            (folder / lose).unlink()
        for name, content in (files or {}).items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_bytes(content.encode() if isinstance(content, str) else content)
        if then is not None:
            then(folder)
        found = figures(folder)
        if same:
            assert found == pytest.approx(good_m0(), rel=1e-12)

    return done


@cache
def good_m0() -> float:
    with TemporaryDirectory() as folder:
        return figures(hamlet.write_hamlet(Path(folder)))


P, H = hamlet.PERSONS, hamlet.HOUSEHOLDS
ONE = "persons: {path: persons.csv,"
TWO_FILES = P.splitlines(keepends=True)
FIRST, SECOND = "".join(TWO_FILES[:7]), TWO_FILES[0] + "".join(TWO_FILES[7:])


def parquet(text: str) -> bytes:
    sink = pa.BufferOutputStream()
    frame = pd.read_csv(StringIO(text), dtype={"house": str})
    pq.write_table(pa.Table.from_pandas(frame, preserve_index=False), sink)
    return sink.getvalue().to_pybytes()


PARQUET = (ONE, "persons: {path: persons.parquet,")
LATIN = H.replace("north", "ñorth").encode("latin-1") + b"# \x81\n"
DOTTED = (
    H.replace(",10\n", ",1.000\n")
    .replace(",20\n", ",2.000\n")
    .replace(",30\n", ",3.000\n")
    .replace(",40\n", ",4.000\n")
    .replace(",50\n", ",5.000\n")
)
QUOTED = H.replace("north", '"north', 1).replace("south", '"south', 1)
MARKED = P.replace("003,1,70,2,,0", "003,1,70,2,NS,0")
ACCENT = "año"
ROWS = [
    Row("MPI-D001", "look at --data and at the survey's `path:`", hamlets(lose="persons.csv"), [hamlets(), hamlets((ONE, "persons: {path: people.csv,"), lose="persons.csv", files={"people.csv": P})]),
    Row("MPI-D002", "copy it again", hamlets(files={"persons.csv": " "}), [hamlets()]),
    Row("MPI-D002", "or name another one as the `path:`", hamlets(files={"persons.csv": TWO_FILES[0]}), [hamlets(), hamlets((ONE, "persons: {path: people.csv,"), files={"people.csv": P})]),
    Row("MPI-D003", "copy it again", hamlets(PARQUET, files={"persons.parquet": parquet(P)[:200]}), [hamlets(PARQUET, files={"persons.parquet": parquet(P)})]),
    Row("MPI-D004", "the ending .parquet", hamlets(files={"persons.csv": parquet(P)}), [hamlets(PARQUET, files={"persons.parquet": parquet(P)})]),
    Row("MPI-D004", "call it p.parquet", hamlets((ONE, "persons: {path: 'p.dat',"), files={"p.dat": parquet(P)}), [hamlets((ONE, "persons: {path: 'p.parquet',"), files={"p.parquet": parquet(P)})]),
    Row("MPI-D004", "make the path more specific", hamlets((ONE, "persons: {path: 'p*',"), files={"p.parquet": parquet(P)}), [hamlets((ONE, "persons: {path: 'persons*',"))]),
    Row("MPI-D004", "make the path more specific", hamlets((ONE, "persons: {path: 'p*',"), files={"p.docx": "x"}), [hamlets((ONE, "persons: {path: 'p*.csv',"))]),
    Row("MPI-D004", "save the data as Parquet or CSV", hamlets((ONE, "persons: {path: 'p.docx',"), files={"p.docx": "x"}), [hamlets(), hamlets(PARQUET, files={"persons.parquet": parquet(P)})]),
    Row("MPI-D004", "download the file itself", hamlets(files={"persons.csv": "<!DOCTYPE html><html></html>"}), [hamlets()]),
    Row("MPI-D004", "write it anew without encryption", hamlets(PARQUET, files={"persons.parquet": b"PARE" + bytes(99) + b"PARE"}), [hamlets(PARQUET, files={"persons.parquet": parquet(P)})]),
    Row("MPI-D004", "run `git lfs pull`", hamlets(files={"persons.csv": "version https://git-lfs.github.com/spec/v1"}), [hamlets()]),
    Row("MPI-D004", "the ending of what it is, such as .csv", hamlets((ONE, "persons: {path: p.csv.gz,"), files={"p.csv.gz": P}), [hamlets((ONE, "persons: {path: p.csv,"), files={"p.csv": P})]),
    Row("MPI-D004", "give its name the ending .csv, also in `path:`", hamlets((ONE, "persons: {path: p.xlsx,"), files={"p.xlsx": P}), [hamlets((ONE, "persons: {path: p.csv,"), files={"p.csv": P})]),
    Row("MPI-D005", "copy it again from its source, or state its encoding", hamlets(files={"persons.csv": P.encode() + bytes(9)}), [hamlets(), hamlets((ONE, "persons: {path: persons.csv, csv: {encoding: utf-16-le},"), files={"persons.csv": P.encode("utf-16-le")})]),
    Row("MPI-D005", "double it, as in", hamlets(files={"households.csv": QUOTED}),
        [hamlets(files={"households.csv": QUOTED.replace('"', '""""', 2).replace('""""north', '"""north"').replace('""""south', '"""south"')}, same=False), hamlets(files={"households.csv": QUOTED.replace('"', "")})]),
    Row("MPI-D005", "complete the row", hamlets(files={"persons.csv": P.replace("001B,1,50,1,9,0", "001B,1,50")}), [hamlets()]),
    Row("MPI-D005", "remove the lines above it", hamlets(files={"persons.csv": "Survey of 2026\n" + P}), [hamlets()]),
    Row("MPI-D005", "add a name that lacks", hamlets(files={"persons.csv": P.replace("\n", ",0\n").replace(",0\n", "\n", 1)}), [hamlets(files={"persons.csv": P.replace("\n", ",0\n").replace(",0\n", ",more\n", 1)})]),
    Row("MPI-D005", "such as `csv: {encoding: latin-1}`", hamlets(("valley: valley, ", ""), files={"households.csv": LATIN.replace(b"# \x81\n", b"009,1,1,\x81,10\n").replace(b"009", b"005")}, same=False),
        [hamlets(("path: households.csv, key: [house]", "path: households.csv, key: [house], csv: {encoding: latin-1}"), files={"households.csv": H.replace("north", "ñ\x81").encode("latin-1")}), hamlets()]),
    Row("MPI-D005", "close it, or remove it", hamlets(files={"persons.csv": P.replace("001A,1", '"001A,1')}), [hamlets(files={"persons.csv": P.replace("001A,1", '"001A",1')}), hamlets()]),
    Row("MPI-D005", "between columns in double quotes", hamlets(files={"households.csv": H.replace("north", "north,east")}),
        [hamlets(files={"households.csv": H.replace("north", '"north,east"')}),
         hamlets(("path: households.csv, key: [house]", 'path: households.csv, key: [house], csv: {delimiter: ";"}'), files={"households.csv": H.replace(",", ";").replace("north", "north,east")})]),
    Row("MPI-D010", "did you mean 'number'?", hamlets(("key: [house, number]", "key: [house, numbr]")), [hamlets()]),
    Row("MPI-D010", "or give its name there as `aliases: {number: [NAME]}`", hamlets(files={"persons.csv": P.replace("number", "qx7")}),
        [hamlets(("key: [house, number]", "key: [house, qx7], household: [house]"), files={"persons.csv": P.replace("number", "qx7")}),
         hamlets(("design:", "aliases: {number: [qx7]}\ndesign:"), files={"persons.csv": P.replace("number", "qx7")})]),
    Row("MPI-D010", "remove the line", hamlets(("design:", "missing_codes: {zzz9: [9]}\ndesign:")), [hamlets()]),
    Row("MPI-D011", "rename one of them", hamlets(files={"persons.csv": P.replace("sex", "age")}), [hamlets()]),
    Row("MPI-D011", "rename one of them", hamlets((ONE, "persons: {path: p,"), files={"p/sex=1/a.csv": P}), [hamlets((ONE, "persons: {path: p,"), files={"p/half=1/a.csv": P})]),
    Row("MPI-D011", "keep one of them", hamlets(("design:", "aliases: {age: [sex]}\ndesign:")), [hamlets()]),
    Row("MPI-D013", "store it as number, or as text, in all of them", hamlets((ONE, "persons: {path: 'p*.parquet',"), files={"p1.parquet": parquet(FIRST), "p2.parquet": parquet(SECOND.replace(",70,", ",x70,"))}, same=False),
        [hamlets((ONE, "persons: {path: 'p*.parquet',"), files={"p1.parquet": parquet(FIRST), "p2.parquet": parquet(SECOND)})]),
    Row("MPI-D013", "give the column to all files", hamlets((ONE, "persons: {path: 'p?.csv',"), files={"p1.csv": FIRST, "p2.csv": SECOND.replace("schooling", "school")}, same=False),
        [hamlets((ONE, "persons: {path: 'p?.csv',"), files={"p1.csv": FIRST, "p2.csv": SECOND})]),
    Row("MPI-D130", "rename one of them", hamlets(files={"persons.csv": P.replace("age,sex", f"age,{unicodedata.normalize('NFC', ACCENT)}").replace("schooling,att", f"{unicodedata.normalize('NFD', ACCENT)},att")}, same=False), [hamlets()]),
    Row("MPI-D131", 'csv: {thousands: "."}', hamlets(files={"households.csv": DOTTED}, same=False), [
        hamlets(("path: households.csv, key: [house]", f"path: households.csv, key: [house], csv: {way}"), files={"households.csv": DOTTED})
        for way in ('{decimal: "."}', '{thousands: "."}', '{columns: {weight: {decimal: "."}}}')]),
    Row("MPI-D132", 'csv: {missing: ["NS"]}', hamlets(files={"persons.csv": MARKED}), [hamlets((f"{ONE} key: [house, number]", f'{ONE} key: [house, number], csv: {{missing: ["NS"]}}'), files={"persons.csv": MARKED})]),
    Row("MPI-D141", "with zeros and capitals", hamlets(("key: [house, number]", "key: [house, number], where: \"house = '2'\"")), [hamlets(("key: [house, number]", "key: [house, number], where: \"house <> '2'\""))]),
]  # fmt: skip


def modules(data: Mapping[str, object], text: str = test_modules.EDUCATION) -> Doing:
    return lambda folder: village.profile(data, of=test_modules.survey(modules=text))


DATA = village.tables()
WHOLE = test_modules.chapters(DATA)
BIRTHS = {**DATA, "births": test_modules.births(DATA)}
BORN = test_modules.BIRTHS
MODULE = "educacion: {of: persons, path: e.csv, key: [house, person]}"
EACH = "e: {of: persons, path: e.csv, key: [house, person, n], person: [house, person], aggregates: {births: COUNT()}}"


def module(text: str) -> Doing:
    return lambda folder: test_modules.survey(modules=text)


ROWS += [
    Row("MPI-D036", "the same survey and year", modules(test_modules.wrong("orphan")), [modules(WHOLE)]),
    Row("MPI-D032", "remove files and rows that are there twice", modules(test_modules.wrong("twice")), [modules(WHOLE)]),
    Row("MPI-D033", "the same way in both tables", modules(test_modules.wrong("text")), [modules(WHOLE)]),
    Row("MPI-D010", "did you mean 'died'?", modules(BIRTHS, BORN.replace("COUNT_IF(died = 1)", "COUNT_IF(dyed = 1)")), [modules(BIRTHS, BORN)]),
    Row("MPI-D010", "the module has", modules(BIRTHS, BORN.replace("COUNT_IF(died = 1)", "COUNT_IF(qqq = 1)")), [modules(BIRTHS, BORN)]),
    Row("MPI-S141", "give it another name", module("persons: {of: persons, path: e.csv, key: [house, person]}"), [module(MODULE)]),
    Row("MPI-S141", "add `aggregates: {births: COUNT()}`, or leave it out", module(EACH.replace(", aggregates: {births: COUNT()}", "")), [module(EACH), module(MODULE)]),
    Row("MPI-S141", "add `person: [...]`", module(EACH.replace(", person: [house, person]", "")), [module(EACH)]),
    Row("MPI-S141", "write `person:` instead of `household:`", module(EACH.replace("person: [house, person]", "household: [house]")), [module(EACH)]),
    Row("MPI-S005", "name those that hold house, person", module("educacion: {of: persons, path: e.csv, key: [house]}"), [module(MODULE)]),
]  # fmt: skip


def inside(persons: str = "rel <> 14", households: str = "result = 1") -> Doing:
    return lambda folder: village.profile(
        test_universe.tables(), of=test_universe.survey(persons=persons, households=households)
    )


ROWS += [
    Row("MPI-D010", "did you mean 'rel'?", inside("rle <> 14"), [inside()]),
    Row("MPI-D141", "COALESCE(..., FALSE)", inside("rel <> 14 OR age > 1 / 0"), [inside("COALESCE(rel <> 14 OR age > 1 / 0, FALSE)")]),
    Row("MPI-D141", "write one that is true for some", inside("rel = 99"), [inside("rel = 14", ""), inside("rel <> 99")]),
    Row("MPI-D141", "so that some household, with its persons, fulfils all", inside("house < 150", "house > 200"), [inside("house < 250", "house > 200")]),
    Row("MPI-D040", "divide its inputs first", inside("house * 9000000000000000000 > 0"), [inside("house / 1000 * 9000000000 > 0")]),
]  # fmt: skip


def crosswalk(text: str, listed: pa.Table = test_crosswalks.LISTED) -> Doing:
    return lambda folder: village.profile(test_crosswalks.tables(listed), of=test_crosswalks.survey(text))


HOLED = pa.table({"old": ["01", "02", "03", None], "new": ["01", "01", "07", "07"]})
ROWS += [
    Row("MPI-D140", "write the width that they have: `{column: old, width: 2}`", crosswalk("from: {column: old, width: 1}, to: new"), [crosswalk("from: {column: old, width: 2}, to: new")]),
    Row("MPI-D142", "fill in both codes, or remove the rows", crosswalk("from: old, to: new", HOLED), [crosswalk("from: old, to: new"), crosswalk("from: old, to: new", HOLED.slice(0, 3))]),
    Row("MPI-D142", "or write `others: keep` if it lists only codes that change", crosswalk("from: old, to: new", HOLED.slice(0, 2)), [crosswalk("from: old, to: new"), crosswalk("from: old, to: new, others: keep", HOLED.slice(0, 2))]),
]  # fmt: skip


def composed(municipio: str, hold: int = 1) -> Doing:
    def done(folder: Path) -> object:
        found = coded(pa.float64())
        if hold != 1:
            found = village.poked(found, "households", "mpio", (3, hold))
        return village.profile(found, of=village.survey(("domains:\n", f"domains:\n  municipio: {municipio}\n")))

    return done


def parts(name: str, value: object) -> Doing:
    def done(folder: Path) -> object:
        tables, of = keyed(pa.int64(), whole_in_households=False)
        own = (
            tables["households"]
            if value is None
            else village.poked(tables, "households", "number", (2, value))["households"]
        )
        return village.profile({**tables, "households": own.rename_columns({"number": name})}, of=of)

    return done


ROWS += [
    Row("MPI-D140", "write the width that the codes have", composed("{columns: [{column: dpto, width: 2}, {column: mpio, width: 2}]}", 731),
        [composed("{columns: [{column: dpto, width: 2}, {column: mpio, width: 3}]}", 731)]),
    Row("MPI-D140", "write the width that the codes have", parts("number", 99_999), [parts("number", None)]),
    Row("MPI-D030", "fill it in", lambda folder: village.profile(village.poked(*keyed(pa.int64(), whole_in_households=False)[:1], "households", "number", (2, None)), of=keyed(pa.int64(), whole_in_households=False)[1]), [parts("number", None)]),
    Row("MPI-D010", "did you mean 'nummer'?", parts("nummer", None), [parts("number", None)]),
    Row("MPI-D010", "the table has", parts("zz9", None), [parts("number", None)]),
]  # fmt: skip


def flagged(frame: dict[str, list[object]] | None = None, **arguments: object) -> Doing:
    return lambda folder: flags(frame=frame, **arguments)  # type: ignore[arg-type]  # any value


ROWS += [
    Row("MPI-D002", "give one row for each unit", lambda folder: DeprivationProfile.from_flags(pa.table(FRAME).slice(0, 0), TWO, weight="w"), [flagged()]),
    Row("MPI-D010", "it has", flagged(weight="nowhere"), [flagged()]),
    Row("MPI-D011", "rename all but one", lambda folder: DeprivationProfile.from_flags(pa.Table.from_arrays([pa.array([1])] * 3, ["a", "a", "b"]), TWO, weight=None),
        [lambda folder: DeprivationProfile.from_flags(pa.table({"a": [1], "c": [1], "b": [1]}), TWO, weight=None)]),
    Row("MPI-D012", "store it as numbers", flagged({"w": ["1", "2", "3", "4"]}), [flagged()]),
    Row("MPI-D012", "store it as numbers or text", flagged({"p": [[1]] * 4}, psu="p"), [flagged(psu="p"), flagged({"p": ["1", "2", "1", "1"]}, psu="p")]),
    Row("MPI-D012", "store codes as whole numbers or as text", flagged({"s": [1.5, 1, 1, 2]}, stratum="s", psu="p"), [flagged(stratum="s", psu="p"), flagged({"s": [1, 1, 2, 3]}, stratum="s", psu="p")]),
    Row("MPI-D012", "write 1 for deprived, 0 for not deprived, and null", flagged({"a": ["1", "0", "1", "0"]}), [flagged({"a": [1, 0, None, 0]})]),
    Row("MPI-D023", "write 1 for deprived, 0 for not deprived, and null", flagged({"a": [1, 2, 1, 0]}), [flagged({"a": [1, 0, None, 0]})]),
    Row("MPI-D020", "fill it in", flagged({"w": [None, 1.0, 1.0, 1.0]}), [flagged()]),
    Row("MPI-D020", "every row needs one of 0 or more", flagged({"w": [-1.0, 1.0, 1.0, 1.0]}), [flagged()]),
    Row("MPI-D021", "name another column", flagged({"w": [0.0] * 4}), [flagged({"w": [0.0] * 4}, weight="N")]),
    Row("MPI-D022", "a whole number from 1", flagged({"n": [1, 0, 1, 1]}), [flagged()]),
    Row("MPI-D133", "give it another label, or null", flagged({"s": [MISSING_LEVEL] * 4}, by="s"), [flagged({"s": ["nowhere"] * 4}, by="s"), flagged({"s": [None, "x", "x", "x"]}, by="s")]),
    Row("MPI-D050", "give columns with their codes", lambda folder: flags(calibration=["b1"], design_weight="d") + flags(calibration=["b1"], design_weight="d"),
        [lambda folder: flags(calibration=["b1"], design_weight="d", psu="p") + flags(calibration=["b1"], design_weight="d", psu="p")]),
    Row("MPI-D050", "estimate each and compare the estimates", lambda folder: flags(time=2010.5) + flags(time=2011.5),
        [lambda folder: [estimate(flags(time=time), TWO) for time in (2010.5, 2011.5)]]),
]  # fmt: skip


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_files_mended_as_the_remedy_says_are_taken(row: Row, tmp_path: Path) -> None:
    follow(row, tmp_path)
