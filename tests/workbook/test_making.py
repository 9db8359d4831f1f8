"""The workbook, read back by another program: it says what the tidy table says, and nothing of what is hidden."""

import builtins
import itertools
import re
import zipfile
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import openpyxl
import pyarrow.compute as pc
import pytest

from mpi.errors import UsageError
from mpi.vocabulary.wording import LANGUAGES, Language
from mpi.workbook import making, write_workbook
from mpi.workbook.reading import CROSS
from mpi.workbook.sheets import sheet_name
from mpi.workbook.words import SHEETS
from tests.support.loops import at_least_one
from tests.support.publications import HOSTILE, census, colombia, hostile, single_round

HEADER, FIRST = 7, 8  # rows of headings and of the first line, from 1
RTOL = 1e-15  # XlsxWriter writes 16 digits of a number
SCALE = {"H": 100.0, "A": 100.0, "M0": 1.0, "poor": 1.0}


@cache
def written(folder: Path, of: str = "colombia", language: Language = "es") -> Path:
    made = {"colombia": colombia, "single": single_round, "census": census, "hostile": hostile}[of]()
    path = folder / f"{of}_{language}.xlsx"
    write_workbook(made, path, language, versions={"mpi": "0"})
    return path


@cache
def opened(path: Path) -> Any:
    return openpyxl.load_workbook(path)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("workbook")


def lines(page: Any) -> list[list[Any]]:
    """The cells of the table of a sheet, up to the blank line before the source."""
    found = [[cell.value for cell in row] for row in page.iter_rows(min_row=FIRST)]
    rows = list(itertools.takewhile(lambda row: row[0] is not None, found))
    assert rows
    return rows


def written_as(values: list[Any]) -> list[Any]:
    """Numbers that are the same in 16 digits, everything else as it is."""
    return [pytest.approx(value, rel=RTOL, abs=0) if isinstance(value, float) else value for value in values]


def blocks(page: Any) -> dict[str, int]:
    """The first column, from 0, of each group of columns."""
    return {cell.value: cell.column - 1 for cell in page[HEADER - 1] if cell.value is not None}


def test_sheets_stand_in_a_fixed_order(folder: Path) -> None:
    assert opened(written(folder)).sheetnames == [
        "Índice",
        "Nacional",
        "Zona",
        "Departamento",
        f"Departamento{CROSS}Zona",
        "Municipio",
        "Indicadores",
        "Contribuciones",
        "Cambios",
        "Sensibilidad_k",
        "Calidad",
        "Diccionario",
        "Metadatos",
    ]
    assert opened(written(folder, "single", "en")).sheetnames == [
        "Contents",
        "National",
        "Area",
        "Indicators",
        "Contributions",
        "Sensitivity_k",
        "Quality",
        "Dictionary",
        "Metadata",
        "data",
    ]


@pytest.mark.parametrize(
    ("sheet", "domains"),
    [("Nacional", ()), ("Zona", ("zona",)), ("Departamento", ("departamento",)),
     (f"Departamento{CROSS}Zona", ("departamento", "zona")), ("Municipio", ("municipio",))],
)  # fmt: skip
def test_cells_are_the_figures_of_the_tidy_table(folder: Path, sheet: str, domains: tuple[str, ...]) -> None:
    page = opened(written(folder))[sheet]
    figures = colombia().figures
    groups = blocks(page)
    where: dict[str, str | None] = dict.fromkeys(set(figures.domains) - set(domains))
    titles = {
        "H": "Incidencia (H)",
        "A": "Intensidad (A)",
        "M0": "Incidencia ajustada (M0)",
        "poor": "Personas u hogares en pobreza",
    }
    headings = [cell.value for cell in page[HEADER]]
    codes = [headings.index(f"Código: {colombia().domain_title(name, 'es')}") for name in domains]
    rows = lines(page)
    units = {"personas": "persons", "hogares": "households"}
    expected_rows = set()
    hidden = 0
    for statistic, title in titles.items():
        found = [
            row
            for row in figures.only(statistic, k="1/3", **where).rows()
            if all(row[name] is not None for name in domains)
        ]
        expected = {(row["unit"], row["period"], *(row[name] for name in domains)): row for row in found}
        expected_rows |= set(expected)
        for row in rows:
            key = (units[row[0]], row[1], *(row[place] for place in codes))
            own, at = expected[key], groups[title]
            cells = row[at : at + 5]
            if own["standing"] == "hidden":
                assert cells == ["x", None, None, None, None]
                hidden += 1
            elif own["estimate"] is None:
                assert cells == ["n.d.", None, None, None, None]
            else:
                numbers = [own["estimate"], own["ci_low"], own["ci_high"]]
                scaled = [None if value is None else SCALE[statistic] * value for value in numbers]
                cv = None if own["cv"] is None else 100 * own["cv"]
                mark = {"shown": None, "unjudged": None, "caution": "*", "review": "†"}[own["standing"]]
                assert cells == written_as([*scaled, cv, mark])
                assert row[groups["Casos"]] == own["n"]
    assert len(rows) == len(expected_rows)
    assert (hidden > 0) == (sheet not in ("Nacional", "Zona"))


def test_the_cases_of_a_row_are_those_of_all_its_figures() -> None:
    seen: dict[tuple[Any, ...], set[int]] = {}
    table = colombia().figures
    statistics = ("H", "A", "M0", "poor", "uncensored_headcount", "censored_headcount", "absolute_contribution")
    for row in (row for name in statistics for row in table.only(name, municipio=None).rows()):
        if row["n"] is not None:
            key = tuple(row[name] for name in ("unit", "period", "zona", "departamento"))
            seen.setdefault(key, set()).add(row["n"])
    assert seen
    assert {len(found) for found in seen.values()} == {1}


def test_all_cutoffs_stand_for_every_domain_of_the_last_round(folder: Path) -> None:
    page = opened(written(folder))["Sensibilidad_k"]
    rows = lines(page)
    groups = [colombia().figures.only("M0", k=k) for k in ("1/3", "1/4", "2/5", "1/2")]
    assert len(rows) == sum(row["period"] == "2025" for group in groups for row in group.rows())
    at = blocks(page)["Incidencia ajustada (M0)"]
    own = next(row for row in rows if row[0] == "hogares" and row[2] == f"05{CROSS}rural" and row[4] == "2/5")
    expected = colombia().figures.row("M0", unit="households", period="2025", k="2/5", departamento="05", zona="rural")
    assert own[at : at + 3] == written_as([expected["estimate"], expected["ci_low"], expected["ci_high"]])


def test_parts_and_changes_are_those_of_the_tables(folder: Path) -> None:
    book = opened(written(folder))
    found = colombia()
    key = ["personas", "2024", "Zona", "rural"]
    row = next(row for row in lines(book["Indicadores"]) if row[:4] == key and row[6] == "Analfabetismo")
    where = {"unit": "persons", "period": "2024", "zona": "rural", "indicator": "analfabetismo"}
    shares = [
        found.figures.value("uncensored_headcount", **where),
        found.figures.value("censored_headcount", k="1/3", **where),
    ]
    assert [row[8], row[13]] == written_as([100 * share for share in shares if share is not None])
    number = found.figures.row("poor_and_deprived", k="1/3", **where)
    assert row[18:21] == written_as([number["estimate"], number["ci_low"], number["ci_high"]])
    parts = [row for row in lines(book["Contribuciones"]) if row[:3] == ["hogares", "2025", "Total"]]
    whole = [row for row in parts if row[6] == "Total de la dimensión"]
    assert len(parts) == 20
    assert sum(row[13] for row in whole) == pytest.approx(100, abs=1e-9)
    assert found.changes is not None
    changed = next(
        row for row in lines(book["Cambios"]) if row[:2] == ["personas", "Total"] and row[4] == "Incidencia (H)"
    )
    own = found.changes.only("H", unit="persons", k="1/3", change="absolute", zona=None, departamento=None).rows()[0]
    assert changed[7:10] == ["2024", "2025", "puntos porcentuales (%)"]
    numbers = [100 * own[name] for name in ("before", "after", "estimate", "ci_low", "ci_high")]
    assert changed[10:17] == written_as([*numbers, own["p"], "sí"])
    hidden = [row for row in lines(book["Cambios"]) if row[1] == "Departamento (DIVIPOLA)" and row[2] == "27"]
    assert hidden
    assert all([cell for cell in row[10:] if cell is not None] == ["x", "x"] for row in hidden)


def test_no_cell_is_a_formula_and_codes_are_texts(folder: Path) -> None:
    book = opened(written(folder, "hostile", "en"))
    cells = [cell for page in book for row in page.iter_rows() for cell in row if cell.value is not None]
    assert len(cells) > 10_000
    assert {cell.data_type for cell in cells} == {"s", "n"}
    texts = {cell.value for cell in cells if isinstance(cell.value, str)}
    assert set(HOSTILE) <= texts
    assert {cell.value for cell in book["Department"]["C"][FIRST - 1 :] if cell.value} >= {"05", "08"}
    with zipfile.ZipFile(written(folder, "hostile", "en")) as archive:
        for name in archive.namelist():
            content = archive.read(name).decode()
            assert "<f>" not in content
            assert "<script" not in content
            assert not re.search(r'TargetMode="External"', content)
        assert any("numberStoredAsText" in archive.read(name).decode() for name in archive.namelist())


def test_links_lead_to_every_sheet_and_back(folder: Path) -> None:
    book = opened(written(folder))
    targets = [row[0].hyperlink.location for row in book["Índice"].iter_rows(min_row=FIRST) if row[0].hyperlink]
    assert targets == [f"'{name}'!A1" for name in book.sheetnames[1:]]
    for name in book.sheetnames[1:]:
        assert book[name]["A5"].value == "Volver al índice"
        assert book[name]["A5"].hyperlink.location == "'Índice'!A1"


def test_every_sheet_is_set_up_for_screen_and_print(folder: Path) -> None:
    for page in at_least_one(opened(written(folder))):
        assert page.page_setup.orientation == "landscape"
        assert page.print_title_rows == "$6:$7"
        assert page.freeze_panes.endswith("8")
        assert page.auto_filter.ref.startswith("A7:")
        assert page.sheet_properties.pageSetUpPr.fitToPage
        last = [cell.value for cell in page["A"] if cell.value is not None][-1]
        assert last.startswith("Fuente: Oficina de ejemplo")


def test_the_tidy_sheet_is_the_tidy_table_where_it_fits(folder: Path) -> None:
    rows = list(opened(written(folder, "single"))["datos"].values)
    table = single_round().figures.table
    assert list(rows[0]) == table.column_names
    assert [list(row) for row in rows[1:]] == [written_as(list(row.values())) for row in table.to_pylist()]
    assert len(colombia().figures) > making.MOST_ROWS
    assert "carpeta results" in opened(written(folder))["Índice"]["A3"].value


def test_quality_dictionary_and_metadata_say_what_is_known(folder: Path) -> None:
    book = opened(written(folder))
    quality = {(row[0], row[1], row[2], row[3]): row[4] for row in lines(book["Calidad"])}
    own = colombia().rounds[-1]
    assert quality["Muestra", "Personas en la muestra", "2025", None] == own.persons
    assert quality["Muestra", "Unidades primarias de muestreo (UPM)", "2025", None] == own.psus
    figures = colombia().figures
    own = (pc.field("period") == "2025") & (pc.field("unit") == "persons")
    own_rows = figures.table.filter(own & (pc.field("hidden_by") == "small_base"))
    assert quality["Cifras ocultas por regla", "small_base", "2025", "personas"] == len(own_rows) > 0
    assert ("Cruce con los mapas", "Municipio (códigos ficticios): Códigos que coinciden", "2025", None) in quality
    words = {row[1]: row for row in lines(book["Diccionario"])}
    assert set(figures.table.column_names) <= set(words)
    indicator = colombia().measure.indicators[0]
    assert words[indicator.name][3:7] == [
        str(indicator.weight),
        pytest.approx(10),
        words[indicator.name][5],
        indicator.deprived.text,
    ]
    assert "age >= 15" in words[indicator.name][5]
    said = dict(row[:2] for row in lines(book["Metadatos"]))
    assert said["Licencia"] == "CC BY 4.0"
    assert said["Versión de mpi"] == "0"


def test_a_census_and_both_languages_have_all_sheets(folder: Path) -> None:
    for language in LANGUAGES:
        book = openpyxl.load_workbook(written(folder, "census", language), read_only=True)
        assert SHEETS["changes"][language] not in book.sheetnames
        row = lines(book[SHEETS["national"][language]])[0]
        book.close()
        assert row[4:7] == [None, None, None]  # limits and CV


def test_two_runs_give_the_same_bytes(folder: Path, tmp_path: Path) -> None:
    write_workbook(single_round(), tmp_path / "again.xlsx", "es", versions={"mpi": "0"})
    assert (tmp_path / "again.xlsx").read_bytes() == written(folder, "single").read_bytes()
    properties = opened(written(folder, "single")).properties
    assert properties.created.date().isoformat() == "2026-04-15"


def test_names_of_sheets_are_safe_and_unique() -> None:
    taken = {"nacional"}
    titles = ["Nacional", "nacional", "x" * 40, "X" * 40, "a/b", "'", "[]:*?", "History", "", "(vacío)"]
    made = [sheet_name(title, taken) for title in titles]
    assert len({name.casefold() for name in made}) == len(titles)
    for name in made:
        assert 0 < len(name) <= 31
        assert not re.search(r"[\[\]:*?/\\']", name)
        assert name.casefold() != "history"


def test_an_existing_workbook_stays(tmp_path: Path) -> None:
    (tmp_path / "a.xlsx").write_text("mine")
    with pytest.raises(UsageError, match="MPI-O002"):
        write_workbook(single_round(), tmp_path / "a.xlsx", "es")
    assert (tmp_path / "a.xlsx").read_text() == "mine"


def test_without_xlsxwriter_the_message_says_what_to_install(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    real = builtins.__import__

    def without(name: str, *arguments: Any, **named: Any) -> Any:
        if name == "xlsxwriter":
            raise ImportError(name)
        return real(name, *arguments, **named)

    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(UsageError, match=r"MPI-O012 .*\n  install them: .*'\.\[publish\]'.*\.whl\[publish\]'"):
        write_workbook(single_round(), tmp_path / "a.xlsx", "es")


def test_a_study_without_reliability_rules_or_texts_has_a_workbook(tmp_path: Path) -> None:
    found = single_round()
    study = replace(found.study, reliability=None, universe={}, note={}, licence="", units=("persons",), adjust="holm")
    write_workbook(replace(found, study=study), tmp_path / "a.xlsx", "en")
    said = dict(row[:2] for row in lines(opened(tmp_path / "a.xlsx")["Metadata"]))
    assert "Licence" not in said
    assert "Persons in poverty" in blocks(opened(tmp_path / "a.xlsx")["National"])
