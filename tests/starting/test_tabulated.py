"""Measures from spreadsheets and back: the round trip is exact, weights are never rounded, faults name their cells."""

# ruff: noqa: E501  messages stand here as they are printed

from __future__ import annotations

import datetime
from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

import openpyxl
import pytest

import mpi
from mpi.config import load_measure, shipped
from mpi.config.composing import compose
from mpi.config.measures import read_measure
from mpi.errors import MpiError
from mpi.language import LANGUAGES
from mpi.specs.measure import Measure
from tests.support.loops import at_least_one

HEAD = ["Dimensión", "Indicador", "Peso", "Quién está privado", "Regla"]
EVERY_KEY = Path(__file__).parents[1] / "config" / "every_key" / "measure.yaml"


def book(folder: Path, *sheets: tuple[str, Sequence[Sequence[Any]]], merged: Sequence[str] = ()) -> Path:
    """A workbook as openpyxl writes it, with what an office has in its cells."""
    made = openpyxl.Workbook()
    made.remove(made.active)
    for name, rows in sheets:
        page = made.create_sheet(name)
        for row in rows:
            page.append([*row])
        for cells in merged:
            page.merge_cells(cells)
    path = folder / "indicadores.xlsx"
    made.save(path)
    return path


def of(folder: Path, *rows: Sequence[Any], **options: Any) -> Measure:
    """The measure of one sheet; what it does not say is added."""
    path = book(folder, ("Hoja1", [["k", "1/3"], HEAD, *rows]))
    made = mpi.init("measure", "own", folder / "own.yaml", table=path, **options)
    text = made.read_text(encoding="utf-8")
    made.unlink()
    return read_measure(compose(text.replace("variables: {}", "variables: {household: {a: number}}"), "own.yaml"))


def refused(folder: Path, path: Path, **options: Any) -> list[str]:
    with pytest.raises(MpiError) as error:
        mpi.init("measure", "own", folder / "own.yaml", table=path, **options)
    assert not (folder / "own.yaml").exists()
    return str(error.value).splitlines()


def weights(measure: Measure) -> list[str]:
    return [str(one) for one in measure.weights]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", [*at_least_one(shipped("measures")), "every key"])
def test_a_measure_goes_to_a_spreadsheet_and_back_unchanged(name: str, language: str, tmp_path: Path) -> None:
    measure = load_measure(EVERY_KEY if name == "every key" else name)
    table = tmp_path / "measure.xlsx"
    mpi.export(measure, table, language=language)  # type: ignore[arg-type]  # one of the languages
    path = mpi.init("measure", measure.name, tmp_path / "back.yaml", table=table)
    back = load_measure(path)
    assert back == measure
    assert back.weights == measure.weights and [one.text for one in back.cutoffs] == [
        one.text for one in measure.cutoffs
    ]
    assert "was changed after it was exported" not in path.read_text(encoding="utf-8")


def test_a_spreadsheet_that_was_changed_after_its_export_says_so(tmp_path: Path) -> None:
    table = tmp_path / "measure.xlsx"
    mpi.export(load_measure("global_mpi"), table)
    changed = openpyxl.load_workbook(table)
    page = changed["Indicators"]
    cell = next(one for row in page.iter_rows() for one in row if one.value == "Nutrition")
    cell.value = "Food"
    changed.save(table)
    path = mpi.init("measure", "global_mpi", tmp_path / "back.yaml", table=table)
    assert path.read_text(encoding="utf-8").startswith("# The spreadsheet was changed after it was exported")
    assert load_measure(path) != load_measure("global_mpi")


def test_the_workbook_has_what_is_signed(tmp_path: Path) -> None:
    table = tmp_path / "medida.xlsx"
    measure = load_measure("colombia_ipm")
    mpi.export(measure, table, language="es")
    made = openpyxl.load_workbook(table)
    assert made.sheetnames == ["Medida", "Indicadores", "Dimensiones", "Variables", "Variables derivadas"]
    page = {row[0].value: row[1].value for row in made["Medida"].iter_rows(max_col=2)}
    assert page["Línea de pobreza k"] == "1/3" and page["Medida"] == "colombia_ipm"
    assert page["SHA-256 colombia_ipm.yaml"] == measure.files[0].sha256
    assert len(page["Huella de la medida"]) == 64 and {"Aprobado por", "Firma"} <= page.keys()
    head, first = [[cell.value for cell in row] for row in made["Indicadores"].iter_rows(max_row=2)]
    row = dict(zip(head, first, strict=True))
    assert (row["Indicador"], row["Peso"], row["Peso (%)"]) == ("logro_educativo", "1/10", 0.1)
    assert row["Regla"] == "MEAN(years_schooling) < 9" and row["Quién está privado (es)"].startswith("Las personas")


def test_the_sheet_of_an_office_becomes_a_measure_with_comments_where_it_says_nothing(tmp_path: Path) -> None:
    rows = [
        ["Índice de pobreza multidimensional"],
        ["Línea de pobreza", "33 %"],
        [],
        ["Dimensión", "Indicador", "Ponderación", "Criterio", "Responsable"],
        ["Educación", "Bajo logro educativo", "1/4", "Promedio menor que 9 años", "DANE"],
        [None, "Analfabetismo", "1/4", None, None],
        ["Vivienda", "Sin agua", "1/2", "No tiene acueducto", None],
        ["Total", None, 1, None, None],
    ]
    table = book(tmp_path, ("Hoja1", rows), ("Notas", [["Fuente: DANE"]]), merged=["A5:A6"])
    text = mpi.init("measure", "ipm", tmp_path / "ipm.yaml", table=table).read_text(encoding="utf-8")
    assert "# Columns that were not taken over: Responsable." in text
    assert "        # TODO deprived: write the rule that says who is deprived\n" in text
    assert "k: 33 %\n" in text and "variables: {}\n" in text
    filled = text.replace("# TODO deprived: write the rule that says who is deprived", "deprived: a < 1")
    measure = read_measure(compose(filled.replace("variables: {}", "variables: {household: {a: number}}"), "x.yaml"))
    assert [one.name for one in measure.dimensions] == ["educacion", "vivienda"]
    assert measure.names == ("bajo_logro_educativo", "analfabetismo", "sin_agua")
    assert measure.indicators[0].title == {"": "Bajo logro educativo"}
    assert measure.indicators[2].words == {"": "No tiene acueducto"}
    assert weights(measure) == ["1/4", "1/4", "1/2"]


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        (["1/6", "1/3", "1/2"], ["1/6", "1/3", "1/2"]),
        ([1 / 6, 1 / 3, 0.5], ["1/6", "1/3", "1/2"]),
        ([100 / 6, 100 / 3, 50], ["1/6", "1/3", "1/2"]),
        (["0,2", "0,3", "0,5"], ["1/5", "3/10", "1/2"]),
        (["20 %", "30%", "50 %"], ["1/5", "3/10", "1/2"]),
        ([20, 30, 50], ["1/5", "3/10", "1/2"]),
        (["⅙", "⅓", "½"], ["1/6", "1/3", "1/2"]),
        (["½", "½", 1], ["1/4", "1/4", "1/2"]),
        ([None, None, None], ["1/4", "1/4", "1/2"]),
        (["1/2", "solo seguimiento", "1/2"], ["1/2", "0", "1/2"]),
    ],
    ids=str,
)
def test_weights_are_exact_in_every_form(cells: list[Any], expected: list[str], tmp_path: Path) -> None:
    rows = [["a1", f"i{i}", cell, None, "a < 1"] for i, cell in enumerate(cells[:2])] + [
        ["b1", "i2", cells[2], None, "a < 1"]
    ]
    assert weights(of(tmp_path, *rows)) == expected


THIRDS = [
    ["a1", "x1", 0.1667, None, "a < 1"],
    ["a1", "x2", "16,67 %", None, "a < 1"],
    ["b1", "x3", "0.6666", None, "a < 1"],
]


def test_rounded_weights_are_asked_about_and_either_answer_of_the_message_works(tmp_path: Path) -> None:
    rows = [["a1", "x1", 0.33, None, "a < 1"], ["b1", "x2", 0.33, None, "a < 1"], ["c1", "x3", 0.34, None, "a < 1"]]
    path = book(tmp_path, ("Hoja1", [["k", "1/3"], HEAD, *rows]))
    assert refused(tmp_path, path) == [
        "MPI-C201 indicadores.xlsx [Hoja1]: these weights look rounded: C3 0.33 = 1/3?, C4 0.33 = 1/3?, C5 0.34 = 1/3?",
        "  write the fractions into the cells, or add `--weights fractions` to take them, or `--weights written` to take the decimals as they are",
    ]
    assert weights(of(tmp_path, *rows, weights="fractions")) == ["1/3"] * 3
    assert weights(of(tmp_path, *rows, weights="written")) == ["33/100", "33/100", "17/50"]
    exact = [[*row[:2], "1/3", *row[3:]] for row in rows]
    assert weights(of(tmp_path, *exact)) == ["1/3"] * 3


def test_rounded_weights_that_miss_one_are_never_made_to_fit_in_silence(tmp_path: Path) -> None:
    rows = [["a1", f"x{i}", "16.67%", None, "a < 1"] for i in range(6)]
    path = book(tmp_path, ("Hoja1", [["k", "1/3"], HEAD, *rows]))
    assert refused(tmp_path, path)[0].startswith(
        "MPI-C201 indicadores.xlsx [Hoja1]: these weights look rounded: C3 0.1667 = 1/6?,"
    )
    assert weights(of(tmp_path, *rows, weights="fractions")) == ["1/6"] * 6
    path = book(tmp_path, ("Hoja1", [["k", "1/3"], HEAD, *rows]))
    assert refused(tmp_path, path, weights="written") == [
        "MPI-C201 indicadores.xlsx [Hoja1]: the weights of the indicators add up to 1.0002, not 1",
        "  write fractions that add up to 1, such as 1/6",
    ]


def test_every_fault_of_a_sheet_is_told_at_once_by_its_cell(tmp_path: Path) -> None:
    rows = [
        ["a1", "x1", datetime.date(2026, 6, 1), None, "a < 1"],
        ["a1", "x1", "1/6", None, "a < "],
        [None, None, "1/6", None, None],
        ["a1", "x2", "a sixth", None, "a < 1"],
        ["a1", "x3", 0, None, "a = '1"],
        ["a1", "x4", -0.5, None, "a < 1"],
    ]
    path = book(tmp_path, ("Hoja1", [["k", "1/3"], HEAD, *rows]))
    told = [line for line in refused(tmp_path, path) if not line.startswith(" ")]
    assert len(told) == 7
    text = "\n".join(told)
    for said in (
        "C3: the weight is a date: programs make one of 1/6",
        "B4: the indicator 'x1' is also in row 3",
        "B5: the row has a weight or a rule, and no indicator",
        "C6: the weight is no number",
        "C7: the weight is 0",
        "C8: the weight is no weight",
        "E7: ",
    ):
        assert f"[Hoja1] {said}" in text, said


def test_a_weight_and_its_percentage_must_agree(tmp_path: Path) -> None:
    head = ["Dimension", "Indicator", "Weight", "Weight (%)", "Rule"]
    rows = [["a1", "x1", "1/3", 0.3333, "a < 1"], ["a1", "x2", "2/3", 0.5, "a < 1"]]
    path = book(tmp_path, ("S", [head, *rows]))
    assert refused(tmp_path, path) == [
        "MPI-C200 indicadores.xlsx [S] D3: the weight 2/3 and its percentage differ",
        "  write the same in both, or empty the percentage",
    ]


def test_weights_of_dimensions_beside_those_inside_them(tmp_path: Path) -> None:
    head = ["Dimension", "Dimension weight", "Indicator", "Weight", "Rule"]
    rows = [["a1", "1/4", "x1", "1/3", "a < 1"], [None, None, "x2", "2/3", "a < 1"], ["b1", "3/4", "x3", 1, "a < 1"]]
    path = book(tmp_path, ("S", [["k", 0.5], head, *rows]))
    made = mpi.init("measure", "own", tmp_path / "own.yaml", table=path).read_text(encoding="utf-8")
    measure = read_measure(compose(made.replace("variables: {}", "variables: {household: {a: number}}"), "own.yaml"))
    assert measure.weights == (Fraction(1, 12), Fraction(1, 6), Fraction(3, 4))
    (tmp_path / "own.yaml").unlink()
    path = book(tmp_path, ("S", [head, rows[0], ["a1", "1/5", "x2", "2/3", "a < 1"], ["b1", "3/5", "x3", 1, "a < 1"]]))
    assert [line for line in refused(tmp_path, path) if "MPI" in line] == [
        "MPI-C201 indicadores.xlsx [S] B3: the dimension 'a1' has another weight in row 2",
        "MPI-C201 indicadores.xlsx [S]: the weights of the dimensions add up to 17/20, not 1",
    ]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("sign", [";", ",", "\t"])
def test_a_csv_file_in_the_encodings_and_with_the_signs_of_offices(sign: str, encoding: str, tmp_path: Path) -> None:
    lines = [
        HEAD,
        ["Niñez", "Sin educación", "1/2", '"sin años, o menos"', '"a < 1"'],
        ["Vivienda", "Sin agua", "1/2", "", "a < 1"],
    ]
    path = tmp_path / "indicadores.csv"
    path.write_bytes("\r\n".join(sign.join(line) for line in lines).encode(encoding))
    text = mpi.init("measure", "own", tmp_path / "own.yaml", table=path).read_text(encoding="utf-8")
    assert 'title: "Sin educación"' in text and "sin_educacion:" in text and "ninez:" in text


def test_a_heading_of_its_own_can_be_said_and_a_sheet_named(tmp_path: Path) -> None:
    rows = [["Ámbito", "Variable del índice", "Peso"], ["Salud", "Sin seguro", 1]]
    path = book(tmp_path, ("A", rows), ("B", rows))
    assert refused(tmp_path, path)[0].endswith(
        "indicadores.xlsx: no sheet has a row of headings with a column of indicators"
    )
    headings = {"Ámbito": "dimension", "Variable del índice": "indicator"}
    assert refused(tmp_path, path, headings=headings) == [
        "MPI-C200 indicadores.xlsx: several sheets have a column of indicators: 'A', 'B'",
        "  name one with --sheet",
    ]
    text = mpi.init("measure", "own", tmp_path / "own.yaml", table=path, headings=headings, sheet="B").read_text(
        "utf-8"
    )
    assert "  salud:\n" in text and "      sin_seguro:\n" in text


def bad_files(folder: Path) -> dict[str, tuple[bytes, str]]:
    """Files that are none, each with the beginning of what is said of it."""
    good = book(folder, ("Hoja1", [HEAD, ["a1", "x1", 1, None, "a < 1"]])).read_bytes()
    broken = openpyxl.Workbook()
    broken.active.append(HEAD)
    broken.active.append(["a1", "x1", "=1/6", None, "a < 1"])
    broken.save(folder / "formula.xlsx")
    empty = openpyxl.Workbook()
    empty.save(folder / "empty.xlsx")
    return {
        "truncated": (good[: len(good) // 2], "MPI-D003 "),
        "nothing": (b"", "MPI-C200 "),
        "blank": (b" \r\n;;\r\n", "MPI-C200 "),
        "password": (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le"),
            "MPI-D004 ",
        ),
        "formula without a value": ((folder / "formula.xlsx").read_bytes(), "MPI-D201 "),
        "no cell": ((folder / "empty.xlsx").read_bytes(), "MPI-C200 "),
        "no text": (bytes(range(256)) * 4, "MPI-D002 "),
        "open quote": (b'Dimension;Indicator\n"a;b\n', "MPI-D002 "),
        "prose": ("Estimada señora: adjunto los pesos.".encode(), "MPI-C200 "),
    }


def test_files_that_are_no_table_are_refused_with_one_message_and_nothing_is_written(tmp_path: Path) -> None:
    for says, (content, expected) in at_least_one(bad_files(tmp_path).items()):
        path = tmp_path / "bad.xlsx"
        path.write_bytes(content)
        told = refused(tmp_path, path)
        assert told[0].startswith(expected) and len(told) == 2, (says, told)
    assert refused(tmp_path, tmp_path / "none.xlsx")[0].startswith("MPI-U231 ")
    assert refused(tmp_path, tmp_path)[0].startswith("MPI-U231 ")


def test_variables_that_no_sheet_lists_are_declared_as_the_rules_show_them(tmp_path: Path) -> None:
    rows = [
        ["k", "1/3"],
        ["Dimension", "Indicator", "Weight", "Eligible", "Rule"],
        [
            "a",
            "school",
            "1/4",
            "age BETWEEN 6 AND 14",
            "ANY(NOT attends) OR MEAN(CASE WHEN level = 'none' THEN 0 ELSE years END) < 3",
        ],
        ["a", "water", "1/4", None, "water IN ('river', 'well') OR NOT piped"],
        ["b", "rooms", "1/2", None, "COUNT() / rooms > 3 OR -rooms > 0 OR income * 2 < MIN(age) OR water = 'truck'"],
    ]
    written = mpi.init("measure", "ipm", tmp_path / "ipm.yaml", table=book(tmp_path, ("Sheet", rows)))
    text = written.read_text(encoding="utf-8").replace('deprived: "ANY', 'nobody: not_deprived\n        deprived: "ANY')
    measure = read_measure(compose(text, "ipm.yaml"))
    kinds = {name: (one.kind.level, one.kind.type, one.kind.labels) for name, one in measure.variables.items()}
    assert {name: (level, labels or kind) for name, (level, kind, labels) in kinds.items()} == {
        "age": ("person", "number"), "attends": ("person", "truth"), "level": ("person", frozenset({"none"})),
        "years": ("person", "number"), "water": ("household", frozenset({"river", "well", "truck"})),
        "piped": ("household", "truth"), "rooms": ("household", "number"), "income": ("household", "number"),
    }  # fmt: skip


WITH_TOTALS: dict[str, tuple[list[list[Any]], list[str], list[str]]] = {
    "a total among the indicators": (
        [HEAD[:3], ["Salud", "Agua", "50"], [None, "Luz", 50], [None, "Total", 100]], ["1/2", "1/2"], ["B4 'Total'"]),
    "without dimensions": ([["Indicator", "Weight"], ["x", 0.5], ["y", 0.5], ["Grand total", "100%"]],
                           ["1/2", "1/2"], ["A4 'Grand total'"]),
    "a subtotal for each dimension": (
        [["Dimension", "Indicateur", "Poids"], ["Eau", "Puits", "1/6"], [None, "Canal", "1/6"],
         [None, "Sous-total", "1/3"], ["Toit", "Tuile", "2/3"], ["Total toit", None, "2/3"], ["Somme", None, 1]],
        ["1/6", "1/6", "2/3"], ["B4 'Sous-total'", "A6 'Total toit'", "A7 'Somme'"]),
    "subtotals above their indicators": (
        [["Dimensão", "Indicador", "Peso"], ["Água", "Subtotal da água", 0.5], [None, "Poço", 0.25],
         [None, "Rio", 0.25], ["Teto", "Subtotal do teto", 0.5], [None, "Telha", 0.5]],
        ["1/4", "1/4", "1/2"], ["B2 'Subtotal da água'", "B5 'Subtotal do teto'"]),
    "a total that rounding missed": (
        [["Indicador", "Peso (%)"], *([f"i{n}", "33,3 %"] for n in range(3)), ["TOTAL:", "100,0"]],
        ["1/3", "1/3", "1/3"], ["A5 'TOTAL:'"]),
    "an indicator that is called so": (
        [HEAD[:3], ["Agua", "Pozo", "1/3"], ["Ingreso", "Total del ingreso", "1/3"], ["Techo", "Teja", "1/3"],
         ["Suma de los pesos", None, 1]], ["1/3"] * 3, ["A5 'Suma de los pesos'"]),
    "an indicator that is called so and weighs what follows": (
        [["Indicator", "Weight"], ["Total income", 0.5], ["School", 0.5], ["Total", 1]], ["1/2", "1/2"], ["A4 'Total'"]),
    "a total without a weight": ([["Dimension", "Indicator"], ["A", "x"], ["B", "y"], ["Total", None]],
                                 ["1/2", "1/2"], ["A4 'Total'"]),
    "weights inside dimensions": (
        [["Dimension", "Dimension weight", "Indicator", "Weight"], ["A", 0.5, "x", 0.5], [None, None, "y", 0.5],
         ["B", 0.5, "z", 1], ["Total", 1, None, 1]], ["1/4", "1/4", "1/2"], ["A5 'Total'"]),
    "notes below": (
        [["IPM 2020"], [], [None, *HEAD[:2], None, "Peso"], [None, "Salud", "Agua", None, "50 %"], [],
         [None, None, "Luz", None, "50 %"], [None, "Total", None, None, "100 %"], [], [None, "k", "1/2"],
         ["* preliminar"], [None, "Fuente: la oficina"], [], ["Sin comentarios"]],
        ["1/2", "1/2"], ["B7 'Total'", "A10 '* preliminar'", "B11 'Fuente: la oficina'", "A13 'Sin comentarios'"]),
    "headings of two rows": (
        [["Dimensión", "Indicador", "Ponderación", None], [None, None, "Dimensión", "Indicador"],
         ["Salud", "Agua", 0.5, 0.25], [None, "Luz", None, 0.25], ["Casa", "Piso", 0.5, 0.5], ["Total", None, 1, 1]],
        ["1/4", "1/4", "1/2"], ["A6 'Total'"]),
    "headings whose second row says the unit": (
        [["Indicator", "Weight", None], [None, "Fraction", "%"], ["x", "1/3", 33.3333], ["y", "2/3", 66.6667],
         ["Total", 1, 100]], ["1/3", "2/3"], ["A5 'Total'"]),
    "dimensions in rows of their own": (
        [["Indicador", "Peso"], ["SALUD", None], ["Agua", 0.5], ["CASA", None], ["Piso", 0.5], ["Total", 1]],
        ["1/2", "1/2"], ["A6 'Total'"]),
}  # fmt: skip


@pytest.mark.parametrize("case", sorted(WITH_TOTALS))
def test_rows_that_are_no_indicators_are_left_out_and_told_of(case: str, tmp_path: Path) -> None:
    rows, expected, left = WITH_TOTALS[case]
    path = book(tmp_path, ("S", rows))
    text = mpi.init("measure", "own", tmp_path / "own.yaml", table=path, weights="fractions").read_text("utf-8")
    assert f"# Rows that are no indicators were left out: {', '.join(left)}." in text
    text = text.replace("# TODO k: the poverty cutoff, such as `k: 1/3`", "k: 1/2").replace(": {}\n", ":\n")
    text = text.replace("variables:\n", "variables: {household: {a: number}}\n")
    text = text.replace("# TODO deprived: write the rule that says who is deprived", "deprived: a < 1")
    measure = read_measure(compose(text, "own.yaml"))
    assert weights(measure) == expected and str(measure.cutoffs[0].k) == "1/2"


def test_a_total_that_adds_up_to_nothing_is_a_fault_of_its_row(tmp_path: Path) -> None:
    head = ["Indicador", "Peso"]
    path = book(tmp_path, ("S", [head, ["Agua", 50], ["Luz", 50], ["Total", 90]]))
    told = refused(tmp_path, path)
    assert told == [
        "MPI-C201 indicadores.xlsx [S] B4: the row 'Total' says 0.9, and the weights that it could add up make 1",
        "  write the sum, or the weights that make the total, or remove the row; if it is an indicator, write who is deprived",
    ]
    for mended in (
        [head, ["Agua", 50], ["Luz", 50], ["Total", 100]],
        [head, ["Agua", 50], ["Luz", 50]],
        [[*head, "Definición"], ["Agua", 50, ""], ["Luz", 10, ""], ["Total", 40, "Le falta todo"]],
    ):
        (tmp_path / "own.yaml").unlink(missing_ok=True)
        mpi.init("measure", "own", tmp_path / "own.yaml", table=book(tmp_path, ("S", mended)))
    assert "Le falta todo" in (tmp_path / "own.yaml").read_text("utf-8")


def test_the_sign_between_cells_is_that_which_parts_all_rows_alike(tmp_path: Path) -> None:
    path = tmp_path / "i.csv"
    path.write_text(
        "Dimensión;Indicador;Definición;Peso\nSalud;Agua;ni tiene, ni usa, ni paga;25,0\n"
        "Salud;Luz;sin luz, gas, leña, carbón;75,0\n;Total;;100,0\n",
        encoding="utf-8",
    )
    text = mpi.init("measure", "own", tmp_path / "own.yaml", table=path).read_text("utf-8")
    assert "weight: 1/4" in text and "weight: 3/4" in text and "sin luz, gas, leña, carbón" in text
