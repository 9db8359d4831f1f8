"""The workbook, read back by another program: it says what the tidy table says, and nothing of what is hidden."""

import builtins
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
from mpi.estimates.notes import note_in
from mpi.publication.model import Publication
from mpi.vocabulary.statistics import HEADLINE
from mpi.vocabulary.wording import LANGUAGES, MARKS, Language
from mpi.workbook import making, write_workbook
from mpi.workbook.reading import CROSS
from mpi.workbook.sheets import sheet_name
from mpi.workbook.words import SHEETS
from tests.support.loops import at_least_one
from tests.support.publications import HOSTILE, census_by, colombia, hostile, single_round, two_rounds
from tests.support.shared import file_once

RTOL = 1e-15  # XlsxWriter writes 16 digits of a number
SCALE = {"H": 100.0, "A": 100.0, "M0": 1.0, "poor": 1.0}


def small_census() -> Publication:
    return census_by(("zona",))


def small_hostile() -> Publication:
    """Every kind of sheet, and areas whose names mean harm; cells of municipalities are written like these."""
    return hostile(two_rounds)


@cache
def written(of: str = "colombia", language: Language = "es") -> Path:
    made = {"colombia": colombia, "single": single_round, "census": small_census, "hostile": small_hostile}[of]
    return file_once(
        f"workbook_{of}_{language}.xlsx", lambda path: write_workbook(made(), path, language, versions={"mpi": "0"})
    )


@cache
def opened(path: Path) -> Any:
    return openpyxl.load_workbook(path)


def table(page: Any) -> Any:
    """The Excel table of a sheet: there is one, and its headings are those of its first row, each once."""
    (found,) = page.tables.values()
    headings = [cell.value for cell in page[found.ref][0]]
    assert headings == found.column_names
    assert len({heading.casefold() for heading in headings}) == len(headings)
    return found


def header(page: Any) -> int:
    """The row of the headings, from 1."""
    return int(page[table(page).ref][0][0].row)


def headings(page: Any) -> list[str]:
    return list(table(page).column_names)


def lines(page: Any) -> list[list[Any]]:
    """The rows of the table of a sheet."""
    rows = [[cell.value for cell in row] for row in page[table(page).ref][1:]]
    assert rows
    return rows


def written_as(values: list[Any]) -> list[Any]:
    """Numbers that are the same in 16 digits, everything else as it is."""
    return [pytest.approx(value, rel=RTOL, abs=0) if isinstance(value, float) else value for value in values]


def test_sheets_stand_in_a_fixed_order() -> None:
    assert opened(written()).sheetnames == [
        "Índice",
        "Notas",
        "Nacional",
        "Zona",
        "Departamento",
        f"Departamento{CROSS}Zona",
        "Municipio",
        "Indicadores Zona",
        "Indicadores Departamento",
        f"Indicadores Departamento{CROSS}Zona",
        "Indicadores Municipio",
        "Indicadores",
        "Contribuciones",
        "Cambios",
        "Sensibilidad_k",
        "Calidad",
        "Diccionario",
        "Metadatos",
        "datos",
    ]
    assert opened(written("single", "en")).sheetnames == [
        "Contents",
        "Notes",
        "National",
        "Area",
        "Indicators Area",
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
    [("Zona", ("zona",)), ("Departamento", ("departamento",)),
     (f"Departamento{CROSS}Zona", ("departamento", "zona")), ("Municipio", ("municipio",))],
)  # fmt: skip
def test_cells_are_the_figures_of_the_tidy_table(sheet: str, domains: tuple[str, ...]) -> None:
    page = opened(written())[sheet]
    figures, names = colombia().figures, headings(page)
    where: dict[str, str | None] = dict.fromkeys(set(figures.domains) - set(domains))
    titles = {"H": "H (%)", "A": "A (%)", "M0": "M0 (0-1)", "poor": "Número de pobres"}
    codes = [names.index(f"Código: {colombia().domain_title(name, 'es')}") for name in domains]
    rows = lines(page)
    units = {"personas": "persons", "hogares": "households"}
    expected_rows = set()
    hidden = 0
    for statistic, title in titles.items():
        found = [
            row
            for row in figures.only(statistic, k="1/3", **where).rows()
            if len({row[name] is None for name in domains}) == 1
        ]
        expected = {(row["unit"], row["period"], *(row[name] or "Total" for name in domains)): row for row in found}
        expected_rows |= set(expected)
        symbol = "Número de pobres" if statistic == "poor" else statistic
        columns = [title, *(f"{symbol}: {one}" for one in ("LI 95 %", "LS 95 %", "Marca"))]
        further = ["H: EE", "H: CV (%)", "H: gl"] if statistic == "H" else []
        for row in rows:
            key = (units[row[0]], row[1], *(row[place] for place in codes))
            own = expected[key]
            cells = [row[names.index(name)] for name in (*columns, *further)]
            if own["standing"] == "hidden":
                assert cells == ["x", *[None] * (len(cells) - 1)]
                hidden += 1
            elif own["estimate"] is None:
                assert cells == ["n.d.", *[None] * (len(cells) - 1)]
            else:
                scale = SCALE[statistic]
                numbers = [own["estimate"], own["ci_low"], own["ci_high"]]
                scaled = [None if value is None else scale * value for value in numbers]
                mark = {"shown": None, "unjudged": None, "caution": "*", "review": "†"}[own["standing"]]
                rest = [
                    None if own["se"] is None else scale * own["se"],
                    None if own["cv"] is None else 100 * own["cv"],
                    own["df"],
                ]
                assert cells == written_as([*scaled, mark, *rest[: len(further)]])
                assert row[names.index("n")] == own["n"]
    assert len(rows) == len(expected_rows)
    totals = [row for row in rows if {row[place] for place in codes} == {"Total"}]
    assert len(totals) == 4  # units and rounds
    assert (hidden > 0) == (sheet != "Zona")


def test_the_total_has_a_row_for_each_statistic() -> None:
    page = opened(written())["Nacional"]
    rows = {tuple(row[:3]): row[3:] for row in lines(page)}
    assert len(rows) == 16
    own = colombia().figures.row(
        "M0", unit="persons", period="2024", k="1/3", zona=None, departamento=None, municipio=None
    )
    numbers = [own["estimate"], own["se"], 100 * own["cv"], own["ci_low"], own["ci_high"], own["df"], None, own["n"]]
    assert rows["personas", "2024", "Incidencia ajustada (M0)"] == ["de 0 a 1", *written_as(numbers)]


def test_indicators_stand_beside_each_other_for_every_group() -> None:
    page, found = opened(written())["Indicadores Departamento"], colombia()
    names, rows = headings(page), lines(page)
    code = names.index("Código: Departamento (DIVIPOLA)")
    units = {"persons": "personas", "households": "hogares"}
    marks = {"caution": '#,##0.0"*"', "review": '(#,##0.0)"†"'}
    cells = {(*(cell.value for cell in row[:3]), row[code].value): row for row in page[table(page).ref][1:]}
    assert len(cells) == len(rows)
    seen: dict[str, int] = {}
    measured = [one.name for one in found.measure.indicators]
    for statistic, title in (
        ("uncensored_headcount", "Privación sin censurar"),
        ("censored_headcount", "Privación censurada"),
    ):
        for own in at_least_one(found.figures.only(statistic, zona=None, municipio=None).rows()):
            if own["indicator"] is None or own["k"] not in (None, "1/3"):
                continue
            column = names.index(f"{found.measure.indicators[measured.index(own['indicator'])].title['es']} (%)")
            cell = cells[units[own["unit"]], own["period"], title, own["departamento"] or "Total"][column]
            seen[own["standing"]] = seen.get(own["standing"], 0) + 1
            if own["standing"] == "hidden":
                assert cell.value == "x"
            elif own["estimate"] is None:
                assert cell.value == "n.d."
            else:
                assert cell.value == pytest.approx(100 * own["estimate"], rel=RTOL, abs=0)
                assert cell.number_format == marks.get(own["standing"], "#,##0.0")
    assert set(seen) >= {"shown", "caution", "review", "hidden"}


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


def test_all_cutoffs_stand_for_every_domain_of_the_last_round() -> None:
    page = opened(written())["Sensibilidad_k"]
    rows = lines(page)
    groups = [colombia().figures.only("M0", k=k) for k in ("1/3", "1/4", "2/5", "1/2")]
    assert len(rows) == sum(row["period"] == "2025" for group in groups for row in group.rows())
    at = headings(page).index("M0 (0-1)")
    own = next(row for row in rows if row[0] == "hogares" and row[2] == f"05{CROSS}rural" and row[4] == "2/5")
    expected = colombia().figures.row("M0", unit="households", period="2025", k="2/5", departamento="05", zona="rural")
    assert own[at : at + 3] == written_as([expected["estimate"], expected["ci_low"], expected["ci_high"]])


def test_parts_and_changes_are_those_of_the_tables() -> None:
    book = opened(written())
    found = colombia()
    key = ["personas", "2024", "Zona", "rural"]
    rows = {row[5]: row for row in lines(book["Indicadores"]) if row[:4] == key and row[8] == "Analfabetismo"}
    where = {"unit": "persons", "period": "2024", "zona": "rural", "indicator": "analfabetismo"}
    for statistic, title, scale in (
        ("uncensored_headcount", "Privación sin censurar", 100),
        ("censored_headcount", "Privación censurada", 100),
        ("poor_and_deprived", "Número de pobres con la privación", 1),
    ):
        k = {} if statistic == "uncensored_headcount" else {"k": "1/3"}
        own = found.figures.row(statistic, **k, **where)
        numbers = [scale * own["estimate"], scale * own["se"], 100 * own["cv"], scale * own["ci_low"]]
        assert rows[title][9:13] == written_as(numbers)
        assert rows[title][14] == own["df"]
        assert rows[title][16] == own["n"]
    parts = [row for row in lines(book["Contribuciones"]) if row[:3] == ["hogares", "2025", "Total"]]
    whole = [row for row in parts if row[8] == "Total de la dimensión" and row[6] == "%"]
    assert len(parts) == 40
    assert sum(row[9] for row in whole) == pytest.approx(100, abs=1e-9)
    assert found.changes is not None
    changed = next(
        row for row in lines(book["Cambios"]) if row[:2] == ["personas", "Total"] and row[4] == "Incidencia (H)"
    )
    own = found.changes.only("H", unit="persons", k="1/3", change="absolute", zona=None, departamento=None).rows()[0]
    assert changed[7:10] == ["2024", "2025", "puntos porcentuales (%)"]
    numbers = [100 * own[name] for name in ("before", "after", "estimate", "se", "ci_low", "ci_high")]
    assert changed[10:18] == written_as([*numbers, own["p"], "sí"])
    hidden = [row for row in lines(book["Cambios"]) if row[1] == "Departamento (DIVIPOLA)" and row[2] == "27"]
    assert hidden
    assert all([cell for cell in row[10:] if cell is not None] == ["x", "x"] for row in hidden)


def test_no_cell_is_a_formula_and_codes_are_texts() -> None:
    book = opened(written("hostile", "en"))
    cells = [cell for page in book for row in page.iter_rows() for cell in row if cell.value is not None]
    assert len(cells) > 10_000
    assert {cell.data_type for cell in cells} == {"s", "n"}
    texts = {cell.value for cell in cells if isinstance(cell.value, str)}
    assert set(HOSTILE) <= texts
    assert {row[2] for row in lines(book["Department"])} >= {"05", "08"}
    with zipfile.ZipFile(written("hostile", "en")) as archive:
        for name in archive.namelist():
            content = archive.read(name).decode()
            assert "<f>" not in content
            assert "<script" not in content
            assert not re.search(r'TargetMode="External"', content)
        assert any("numberStoredAsText" in archive.read(name).decode() for name in archive.namelist())


def test_links_lead_to_every_sheet_and_back() -> None:
    book = opened(written())
    targets = [row[0].hyperlink.location for row in book["Índice"].iter_rows() if row[0].hyperlink]
    assert targets == [f"'{name}'!A1" for name in book.sheetnames[1:]]
    for name in book.sheetnames[1:-1]:
        back = book[name].cell(header(book[name]) - 1, 1)
        assert back.value == "Volver al índice"
        assert back.hyperlink.location == "'Índice'!A1"


def test_every_sheet_is_one_table_that_machines_and_screen_readers_follow() -> None:
    names = set()
    for page in at_least_one(opened(written())):
        first = header(page)
        assert not page.merged_cells.ranges
        assert page.freeze_panes is None
        assert all(page.cell(row, 1).value for row in range(1, first))  # no blank line above the table
        assert page.page_setup.orientation == "landscape"
        assert int(page.page_setup.paperSize) == 9  # A4
        assert page.print_title_rows == f"${first}:${first}"
        assert page.sheet_properties.pageSetUpPr.fitToPage
        names.add(table(page).displayName)
    assert len(names) == len(opened(written()).sheetnames)
    assert {"t_departamento", "t_indicadores_departamento", "t_datos"} <= names


def test_the_first_sheet_says_first_what_the_figures_say() -> None:
    page = opened(written())["Índice"]
    said = " ".join(str(page.cell(row, 1).value) for row in range(2, header(page)))
    assert re.match(
        r"2025: El 9,9.% de las personas está en situación de pobreza multidimensional \(9,5 a 10,4\)", said
    )
    assert "Fuente: Oficina de ejemplo" in said
    assert "Datos sintéticos: no dicen nada de Colombia." in said


def test_every_mark_and_abbreviation_is_explained() -> None:
    book = opened(written())
    signs = {row[0]: row[2] for row in lines(book["Notas"])}
    assert all(signs.values())
    shown = {cell for page in book.worksheets[2:-1] for row in lines(page) for cell in row if cell in MARKS.values()}
    assert {"*", "†", "x"} <= shown <= set(signs)
    short = {heading.split(": ")[-1] for heading in headings(book["Departamento"]) if ": " in heading}
    assert {"EE", "CV (%)", "LI 95 %", "LS 95 %", "gl"} <= short
    assert short - {"Marca", "Departamento (DIVIPOLA)"} <= set(signs)


def test_the_tidy_sheet_is_the_tidy_table_where_it_fits() -> None:
    rows = list(opened(written("single"))["datos"].values)
    found = single_round().figures.table
    assert list(rows[0]) == found.column_names
    expected = [{**row, "note": said(row["note"])} for row in found.to_pylist()]
    assert [list(row) for row in rows[1:]] == [written_as(list(row.values())) for row in expected]
    assert [row["note"] for row in expected] != found["note"].to_pylist()


def said(note: str | None, language: Language = "es") -> str | None:
    """A note as a workbook of the sample has it: its rules are those of its study."""
    return None if note is None else note_in(note, single_round().study.reliability, language)


def test_of_a_large_table_the_tidy_sheet_has_the_headline_figures() -> None:
    figures = colombia().figures
    assert len(figures) > making.MOST_ROWS
    page = opened(written())["datos"]
    names = headings(page)
    expected = [row for name in HEADLINE for row in figures.only(name, k="1/3").rows()]
    rows = {tuple(row[names.index(key)] for key in ("statistic", "unit", "period", *figures.domains)): row
            for row in lines(page)}  # fmt: skip
    assert len(rows) == len(expected) == page.max_row - 1
    for own in expected:
        row = rows[tuple(own[key] for key in ("statistic", "unit", "period", *figures.domains))]
        assert row == written_as([said(own[name]) if name == "note" else own[name] for name in names])
    told = " ".join(str(page.value) for (page,) in opened(written())["Índice"].iter_rows(max_row=12, max_col=1))
    assert "carpeta results" in told


def test_quality_dictionary_and_metadata_say_what_is_known() -> None:
    book = opened(written())
    quality = {(row[0], row[1], row[2], row[3]): row[4] for row in lines(book["Calidad"])}
    own = colombia().rounds[-1]
    assert quality["Muestra", "Personas en la muestra", "2025", None] == own.persons
    assert quality["Muestra", "Unidades primarias de muestreo (UPM)", "2025", None] == own.psus
    figures = colombia().figures
    own = (pc.field("period") == "2025") & (pc.field("unit") == "persons")
    own_rows = figures.table.filter(own & (pc.field("hidden_by") == "small_base"))
    assert quality["Cifras ocultas por regla", "small_base", "2025", "personas"] == len(own_rows) > 0
    assert ("Cruce con los mapas", "Municipio: Códigos que coinciden", "2025", None) in quality
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


def test_a_census_and_both_languages_have_all_sheets() -> None:
    for language in LANGUAGES:
        book = opened(written("census", language))
        assert SHEETS["changes"][language] not in book.sheetnames
        row = lines(book[SHEETS["national"][language]])[0]
        assert row[5:10] == [None] * 5  # error, CV, limits and degrees of freedom


def test_two_runs_give_the_same_bytes(tmp_path: Path) -> None:
    write_workbook(single_round(), tmp_path / "again.xlsx", "es", versions={"mpi": "0"})
    assert (tmp_path / "again.xlsx").read_bytes() == written("single").read_bytes()
    properties = opened(written("single")).properties
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


def test_a_long_name_of_a_sheet_ends_with_a_whole_word_of_weight() -> None:
    for title, name in (
        ("N\u00famero de personas con privaci\u00f3n y tasas entre los pobres", "N\u00famero de personas"),
        ("Personas vulnerables, pobres y en pobreza severa", "Personas vulnerables, pobres"),
        ("Redundancy and association of deprivations", "Redundancy and association"),
        ("Who is reached by programmes", "Who is reached by programmes"),
    ):
        assert sheet_name(title, set()) == name
    assert sheet_name("Personas vulnerables, pobres y en pobreza severa", {"personas vulnerables, pobres"}).endswith(
        "2"
    )


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
    assert "Persons in poverty" in headings(opened(tmp_path / "a.xlsx")["Area"])
