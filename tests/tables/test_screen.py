"""Estimates and units as text: nothing undefined looks like a number, nothing computes or obeys."""

from __future__ import annotations

import csv
import io
import json
import re
from contextvars import copy_context
from functools import cache
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import mpi
from mpi.estimates.error_sources import errors_from
from mpi.estimates.forms import as_csv
from mpi.language import Language
from mpi.language.catalogues import written_signs
from mpi.language.speaking import LANGUAGE
from mpi.tables.screen import (
    as_text,
    changes_as_text,
    differences_as_text,
    headline,
    indicators,
    render,
    write_estimates,
)
from mpi.tables.writing import as_json, format_of, write_units
from tests.support.hamlet import write_hamlet
from tests.support.loops import at_least_one

SAMPLE = Path(__file__).resolve().parent.parent.parent / "sample_data"
ARMED = {
    "=2+5": "'=2+5", "+1": "'+1", "-1": "'-1", "@SUM(A1)": "'@SUM(A1)", "\tx": "'\\u0009x", "a\x1b[31m": "a\\u001b[31m",
    "b\u202ea": "b\\u202ea", "c\x9bm": "c\\u009bm", "plain": "plain", "Bogotá": "Bogotá", "a-b": "a-b",
}  # fmt: skip


@cache
def derechos(by: str = "", k: tuple[str, ...] = ()) -> mpi.Estimates:
    measure = mpi.load_measure("uruguay_derechos")
    profile = mpi.deprivation_profile(mpi.load_survey("uruguay_demo_2018"), measure, SAMPLE)
    return mpi.estimate(profile, measure, by=[by] if by else (), k=list(k) or None)


def village(folder: Path, **changed: str) -> tuple[mpi.Measure, mpi.Survey]:
    write_hamlet(folder, **changed)
    return mpi.load_measure(folder / "village.yaml"), mpi.load_survey(folder / "village_2026.yaml")


def armed_village(folder: Path) -> tuple[mpi.Measure, mpi.Survey]:
    codes = [f'"{code}"' for code in ("=2+5", "@SUM(A1)", "a\x1b[31m", "b\u202ea", "plain")]
    homes = ["001A,0,2", "001B,0,2", "002,1,1", "003,1,1", "004,1,1"]
    rows = [f"{home},{code},10" for home, code in zip(homes, codes, strict=True)]
    return village(folder, households="\n".join(["house,water,rooms,valley,weight", *rows]) + "\n")


def fields(line: str) -> list[str]:
    return line.split()


def test_a_dimension_that_is_combined_has_headcounts_and_its_indicators_have_no_contribution() -> None:
    estimates = derechos(k=("dos",))
    lines = [fields(line) for line in indicators(estimates).splitlines()]
    rows = {(line[1], line[2]): line for line in lines[2:]}
    education = rows["educacion", "(dimension)"]
    for place, statistic in ((3, "uncensored_headcount"), (5, "censored_headcount"), (7, "percentage_contribution")):
        k = None if statistic == "uncensored_headcount" else "1/2"
        row = estimates.row(statistic, dimension="educacion", k=k)
        assert education[place : place + 2] == [f"{100 * row['estimate']:.2f}", f"{100 * row['se']:.2f}"]
    assert education[9] == "-"
    assert rows["educacion", "escolaridad"][7:] == ["-", "-", "0.00"]
    measure = mpi.load_measure("uruguay_derechos")
    assert [line[1] for line in lines[2:] if line[2] == "(dimension)"] == [d.name for d in measure.dimensions]
    assert [line[2] for line in lines[2:] if line[2] != "(dimension)"] == list(measure.names)


def test_every_cutoff_has_its_own_lines_in_both_tables() -> None:
    estimates = derechos(by="sexo")
    cutoffs = ["1/4", "1/2", "3/4", "1"]
    measure = mpi.load_measure("uruguay_derechos")
    parts = len(measure.dimensions) + len(measure.indicators)
    of_indicators = [fields(line)[0] for line in indicators(estimates).splitlines()[2:]]
    assert of_indicators == [k for k in cutoffs for _ in range(parts)]
    head = [fields(line) for line in headline(estimates).splitlines()[2:]]
    assert [(line[0], line[1]) for line in head] == [(s, k) for s in ("all", "hombre", "mujer") for k in cutoffs]
    assert head[5][2] == f"{100 * estimates.value('H', k='1/2', sexo='hombre'):.2f}"  # type: ignore[operator]


def test_the_caption_says_what_is_counted_and_the_level_of_the_intervals() -> None:
    first = as_text(derechos(k=("dos",)), 0.9).splitlines()[0]
    assert first == "uruguay_derechos, uruguay_demo_2018, period 2018: persons, confidence intervals of 90 %"


def test_what_is_undefined_is_a_dash_an_empty_cell_and_null(tmp_path: Path) -> None:
    measure, survey = village(tmp_path)
    estimates = mpi.estimate(mpi.deprivation_profile(survey, measure, tmp_path), measure, k="1")
    assert estimates.value("A") is None
    line = fields(headline(estimates).splitlines()[2])
    assert (line[:2], line[-6:]) == (["1", "0.00"], ["-", "-", "0.0000", "0.0000", "0", "11"])
    row = next(csv.DictReader(io.StringIO(as_csv(estimates.only("A").table).decode())))
    assert (row["estimate"], row["note"]) == ("", "nobody is poor")
    found = json.loads(as_json(estimates), parse_constant=pytest.fail)
    assert [e["estimate"] for e in found["estimates"] if e["statistic"] == "A"] == [None]
    assert {notice["code"] for notice in found["notices"]} >= {"MPI-N001", "MPI-N006"}


def test_json_and_csv_hold_the_same_figures_as_the_table() -> None:
    estimates = derechos(by="sexo")
    rows = estimates.rows()
    assert json.loads(as_json(estimates))["estimates"] == rows
    read = list(csv.DictReader(io.StringIO(as_csv(estimates.table).decode())))
    assert len(read) == len(rows) > 0
    for text, row in zip(read, rows, strict=True):
        for name, value in at_least_one(row.items()):
            assert text[name] == "" if value is None else type(value)(text[name]) == value, name


def test_json_is_safe_for_a_terminal() -> None:
    assert as_json(derechos(by="region_4")).isascii()


def test_csv_disarms_formulas_and_escapes_what_a_terminal_obeys() -> None:
    plain = pa.table({"=head": list(ARMED), "number": [-1.5] * len(ARMED)})
    coded = pa.table({"=head": pa.array(list(ARMED)).dictionary_encode(), "number": plain["number"]})
    for table in (plain, coded):
        header, *rows = csv.reader(io.StringIO(as_csv(table).decode()))
        assert header == ["'=head", "number"]
        assert rows == [[safe, "-1.5"] for safe in ARMED.values()]


def test_a_domain_code_reaches_csv_disarmed_and_parquet_as_it_is(tmp_path: Path) -> None:
    measure, survey = armed_village(tmp_path)
    units = mpi.score(survey, measure, tmp_path)
    write_units(units, tmp_path / "units.csv")
    write_units(units, tmp_path / "units.parquet")
    safe = [row["valley"] for row in csv.DictReader(io.StringIO((tmp_path / "units.csv").read_text("utf-8")))]
    raw = pq.read_table(tmp_path / "units.parquet")["valley"].to_pylist()
    assert sorted(raw) == sorted(["=2+5", "@SUM(A1)", "a\x1b[31m", "b\u202ea", "plain"])
    assert safe == [ARMED[code] for code in raw]
    estimates = mpi.estimate(mpi.deprivation_profile(survey, measure, tmp_path), measure, by="valley")
    shown = as_text(estimates, 0.95)
    assert "\x1b" not in shown
    assert "\u202e" not in shown
    write_estimates(estimates, tmp_path / "e.parquet")
    assert "=2+5" in pq.read_table(tmp_path / "e.parquet")["valley"].to_pylist()


def test_a_line_break_in_a_code_keeps_its_row_of_the_table_whole() -> None:
    lines = render(["name", "n"], [["a\nb", "1"]], text_columns=1).splitlines()
    assert lines[2:] == ["a\\nb  1"]


@pytest.mark.parametrize(
    ("name", "form", "expected"),
    [("x.csv", None, "csv"), ("x.CSV", None, "csv"), ("x.txt", None, "table"), ("x.json", "json", "json"),
     ("x.out", "csv", "csv"), ("x", "parquet", "parquet")],
)  # fmt: skip
def test_the_format_follows_the_ending_or_what_is_asked_for(name: str, form: str | None, expected: str) -> None:
    assert format_of(Path(name), form) == expected  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("name", "form", "text"),
    [
        ("x.xlsx", None, "MPI-U004 x.xlsx: the ending '.xlsx' names no format of this output\n  "
                         "end it in .txt, .csv, .json, .parquet"),
        ("x", None, "MPI-U004 x: the name has no ending\n  end it in .txt, .csv, .json, .parquet"),
        ("x.csv", "json", "MPI-U004 x.csv: the ending says csv, the format asked for is json\n  "
                          "change the one or the other"),
    ],
)  # fmt: skip
def test_a_format_that_is_not_clear_is_refused(name: str, form: str | None, text: str) -> None:
    with pytest.raises(mpi.UsageError) as refused:
        format_of(Path(name), form)  # type: ignore[arg-type]
    assert str(refused.value) == text


@pytest.mark.parametrize("form", ["csv", "json", "parquet", "table"])
def test_an_output_is_the_same_bytes_each_time(form: str, tmp_path: Path) -> None:
    first, second = tmp_path / "first", tmp_path / "second"
    for path in (first, second):
        write_estimates(derechos(by="sexo"), path, form)  # type: ignore[arg-type]
    assert first.read_bytes() == second.read_bytes()
    assert len(first.read_bytes()) > 1000


def test_an_output_is_no_input_and_is_not_replaced_unasked(tmp_path: Path) -> None:
    source = tmp_path / "source.csv"
    source.write_text("microdata", encoding="utf-8")
    link = tmp_path / "link.csv"
    link.hardlink_to(source)
    for path, inputs, code in ((source, (), "MPI-O002"), (link, (source,), "MPI-O003")):
        with pytest.raises(mpi.UsageError) as refused:
            write_estimates(derechos(by="sexo"), path, overwrite=path == link, inputs=inputs)
        assert refused.value.faults[0].code == code
    assert source.read_text(encoding="utf-8") == "microdata"


def test_the_headline_shows_the_levels_of_publication_only_where_somebody_judges() -> None:
    measure = mpi.load_measure("uruguay_derechos")
    profile = mpi.deprivation_profile(mpi.load_survey("uruguay_demo_2018"), measure, SAMPLE)
    silent = mpi.estimate(profile, measure, by="departamento", k="dos", reliability="none")
    assert "reliability" not in headline(silent)
    judged = mpi.estimate(profile, measure, by="departamento", k="dos", reliability="cepal_2023")
    header, _, *lines = headline(judged).splitlines()
    assert header.split()[-1] == "reliability"
    severity = ("publish", "caution", "review", "suppress")
    shown = set()
    for line in lines:
        where = None if line.split()[0] == "all" else line.split()[0]
        by_level: dict[str, list[str]] = {level: [] for level in reversed(severity)}
        for name in ("H", "A", "M0", "poor"):
            by_level[judged.row(name, departamento=where)["reliability"]].append(name)
        told = [f"{level} ({', '.join(names)})" for level, names in by_level.items() if names and level != "publish"]
        whole = [level for level, names in by_level.items() if len(names) == 4]
        shown.add(", ".join(whole or told))
        assert line.endswith("  " + ", ".join(whole or told)), line
    assert len(shown) > 1
    of_one = headline(mpi.estimate(profile, measure, k="dos", reliability="nchs")).splitlines()
    assert of_one[2].endswith("  publish (H)")


def test_changes_show_corrected_p_values_and_levels_only_where_there_are_any() -> None:
    measure = mpi.load_measure("colombia_ipm")
    rounds = [
        mpi.deprivation_profile(mpi.load_survey(f"colombia_demo_{year}"), measure, SAMPLE, domains=["zona"])
        for year in (2024, 2025)
    ]
    plain = changes_as_text(mpi.change(rounds, measure, by="zona", reliability="none"), 0.95)
    assert plain.splitlines()[1] == "rounds: independent samples"
    assert plain.splitlines()[3].endswith("interval        p")
    full = mpi.change(rounds, measure, by="zona", reliability="dane", adjust="bh")
    header, _, *lines = changes_as_text(full, 0.95, "bh").splitlines()[3:]
    assert header.endswith("p  p (B-H)  reliability")
    rows = [row for name in ("H", "A", "M0") for row in full.only(name, change="absolute").rows()]
    assert len(lines) == len(rows) == 9
    for line, row in zip(lines, rows, strict=True):
        p = "<0.0001" if row["p_adjusted"] < 0.0001 else f"{row['p_adjusted']:.4f}"
        assert line.split()[-2:] == [p, row["reliability"]]


def test_a_table_says_what_its_errors_come_from() -> None:
    measure = mpi.load_measure("uruguay_derechos")
    rows = pa.table(
        {
            **{name: [0, 1, 1, 0] for name in measure.names},
            "w": [1.0, 2.0, 3.0, 4.0],
            "s": ["1", "1", "2", "2"],
            "p": ["a", "b", "c", "d"],
            "N": [5, 5, 6, 6],
            "M": [7, 7, 7, 7],
            "r1": [1.0, 2, 1, 2],
            "r2": [2.0, 1, 2, 1],
        }
    )

    def told(variance: str = "design", **columns: object) -> str:
        made = mpi.DeprivationProfile.from_flags(rows, measure, **columns)  # type: ignore[arg-type]  # the test's words
        return errors_from(mpi.estimate(made, measure, variance=variance, replicates=50))  # type: ignore[arg-type]

    full = {"weight": "w", "stratum": "s", "psu": "p"}
    assert told(weight=None) == "errors: linearised; no strata, 4 households"
    assert told(**full) == "errors: linearised; 2 strata, 4 PSUs"
    assert told(**full, fpc=("count", "N")) == "errors: linearised; 2 strata, 4 PSUs, finite population correction"
    staged = told(**full, fpc=("count", "N"), ssu_fpc=("count", "M"), single_psu="certainty")
    assert staged.endswith("finite population correction, two stages")
    assert told(weight="w", calibration=["N"], design_weight="w").endswith("4 PSUs, calibrated weights")
    assert told("jackknife", **full) == "errors: 4 replicates made of the PSUs"
    assert told("bootstrap", **full) == "errors: 50 replicates made of the PSUs"
    how = mpi.replication("bootstrap", 2)
    of_the_survey = told(weight="w", replicates=["r1", "r2"], replication=how, replicates_are="combined")
    assert of_the_survey == "errors: 2 replicate weights of the survey"
    assert told(weight=None, census=True) == "census: no sampling error"
    assert as_text(derechos(k=("dos",)), 0.9).splitlines()[1].startswith("errors: linearised; 12 strata, ")


def test_differences_say_what_they_are_about_and_how_p_was_corrected() -> None:
    estimates = derechos(by="sexo").only("H", k="1/2")
    covariance = estimates.covariance()
    (row,) = covariance.differences(adjust="holm").to_pylist()
    corrected = differences_as_text(covariance.differences(adjust="holm"), estimates, "holm").splitlines()
    assert (
        corrected[0]
        == "uruguay_derechos, uruguay_demo_2018, period 2018: persons, differences, confidence intervals of 95 %"
    )
    assert " ".join(corrected[3].split()) == "k statistic sexo sexo_other difference se interval t df p p (Holm)"
    cells = corrected[5].split()
    assert cells[:6] == ["1/2", "H", "hombre", "mujer", f"{row['estimate']:+.4f}", f"{row['se']:.4f}"]
    assert cells[6:9] == [f"{row['ci_low']:+.4f}", "to", f"{row['ci_high']:+.4f}"]
    assert [float(cells[12]), float(cells[11])] == pytest.approx([row["p_adjusted"], row["p"]], abs=1e-4)
    plain = differences_as_text(covariance.differences(adjust="none"), estimates, "none").splitlines()
    assert plain[3].endswith("df       p")


def test_the_head_speaks_of_psus_only_where_the_survey_declares_some() -> None:
    """Domains of persons keep households by name as PSUs; they are called what they are, from a file too."""
    from mpi.pipeline.estimating import estimate
    from tests.support import village

    data = village.tables()
    households = data["households"].num_rows
    for by in ((), ("sex",)):
        profile = mpi.deprivation_profile(
            village.survey((", psu: segment", "")), village.measure(), data, domains=["region", *by]
        )
        found = estimate(profile, village.measure(), by=by)
        assert f"{households} households" in as_text(found, 0.95).splitlines()[1]
        assert "PSU" not in as_text(found, 0.95).splitlines()[1]
    declared = estimate(village.profile(data), village.measure(), by="sex")
    assert re.search(r"\d+ PSUs", as_text(declared, 0.95).splitlines()[1])


def test_a_profile_file_remembers_that_its_psus_are_households(tmp_path: Path) -> None:
    from mpi.profile import DeprivationProfile
    from tests.support import village

    profile = village.profile(village.tables(), of=village.survey((", psu: segment", "")))
    profile.write(tmp_path / "p.parquet")
    read = DeprivationProfile.read(tmp_path / "p.parquet")
    assert (profile.sample.unit, read.sample.unit) == ("household", "household")
    assert village.profile(village.tables()).sample.unit == "PSU"


@pytest.mark.parametrize("language", ["es", "pt", "fr"])
def test_figures_on_the_screen_have_the_signs_of_the_language_and_are_the_same(language: Language) -> None:
    estimates = derechos()  # names of regions hold numbers
    plain = as_text(estimates, 0.95)
    said = copy_context().run(lambda: (LANGUAGE.set(language), as_text(estimates, 0.95))[1])
    signs = {new: chr(old) for old, new in written_signs(language).items()}
    assert "persons" not in said and "errors" not in said and " to " not in said
    numbers, meant = re.compile(r"\d[\d.,\u202f]*\d"), re.compile(r"\d[\d.,]*\d")
    shown = [
        "".join(signs.get(sign, sign) for sign in one) for one in numbers.findall("\n".join(said.splitlines()[2:]))
    ]
    assert shown == meant.findall("\n".join(plain.splitlines()[2:]))
    assert as_text(estimates, 0.95) == plain  # the language is that of one command
