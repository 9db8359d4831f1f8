"""A measure as a spreadsheet that a ministry can read and sign: title page, indicators, dimensions, variables.

`mpi init measure --from` reads it back into an equal measure. Fractions stand as texts, so that no program makes a date
of 1/6; the percentage beside them is a number.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

from mpi.errors import Fault, UsageError, installing
from mpi.files import check_file, write_whole
from mpi.files.digests import digest_of
from mpi.language import Language, in_language, phrase
from mpi.specs.indicators import Dimension, Indicator
from mpi.specs.measure import Measure, Variable
from mpi.specs.standing import shown_title
from mpi.starting.further import derived_by_rules, further
from mpi.starting.headings import COLUMNS, SETTINGS, WORDS, written
from mpi.vocabulary.wording import title_in

if TYPE_CHECKING:
    from xlsxwriter import Workbook

SHEETS: Mapping[str, Sequence[str]] = {
    "measure": ("Measure", "Medida", "Medida", "Mesure"),
    "indicators": ("Indicators", "Indicadores", "Indicadores", "Indicateurs"),
    "dimensions": ("Dimensions", "Dimensiones", "Dimensões", "Dimensions"),
    "variables": ("Variables", "Variables", "Variáveis", "Variables"),
    "derived": ("Derived variables", "Variables derivadas", "Variáveis derivadas", "Variables dérivées"),
}
WIDTHS: Mapping[str, int] = {"words": 55, "rule": 45, "eligible": 22, "title": 34, "note": 40, "legal_basis": 30,
                             "dimension_title": 30, "labels": 40, "weight": 10, "per_cent": 10}  # fmt: skip
USUAL = 18  # signs of a column
FIRST = (34, 100)  # of the title page
Cell: TypeAlias = str | float
Texts: TypeAlias = Mapping[str, str]
Table: TypeAlias = list[tuple[str, str, list[Cell]]]  # field, language, cells


def fingerprint(measure: Measure) -> str:
    """The SHA-256 of all that a measure says, in whatever file: equal for equal measures."""
    return digest_of(
        {
            "identification": measure.identification,
            "missing": measure.missing,
            **({} if not measure.states and not measure.classes else {"classes": _classes(measure)}),
            **({} if not measure.status else {"status": measure.status}),
            **({} if not measure.edition else {"edition": measure.edition}),
            **({} if measure.universe is None else {"universe": measure.universe.text}),
            **{"/".join(key): text for *key, text in further(measure)},
            "cutoffs": [[one.name, one.text] for one in measure.cutoffs],
            "texts": [measure.title, measure.source, measure.note],
            "variables": [
                [name, one.kind.level, str(one.kind.type), sorted(one.kind.labels or ()), one.title, one.note]
                for name, one in measure.variables.items()
            ],
            "derived": [[name, text] for name, text in derived_by_rules(measure).items()],
            "dimensions": [
                [one.name, one.title, str(one.weight), one.at_least, one.legal_basis, one.note]
                for one in measure.dimensions
            ],
            "indicators": [
                [one.name, one.dimension, one.title, one.words, str(one.weight), one.monitor, one.deprived.text,
                 None if one.eligible is None else one.eligible.text, one.nobody, one.missing, one.legal_basis,
                 one.note]
                for one in measure.indicators
            ],
        }
    )  # fmt: skip


def _classes(measure: Measure) -> list[tuple[str, str]]:
    """Whom income calls poor, without a name, and the classes with theirs: their rules."""
    own = [] if measure.income_poor is None else [("", measure.income_poor.text)]
    return own + [(one.name, one.rule.text) for one in measure.classes]


def write_sheets(measure: Measure, path: Path, language: Language = "en", *, overwrite: bool = False) -> None:
    """Write a measure as a workbook.

    Parameters
    ----------
    measure : Measure
    path : Path
        Ends in .xlsx.
    language : str
        Of headings and words; texts of the measure stand in all their languages.
    overwrite : bool

    Raises
    ------
    UsageError
        If XlsxWriter is not installed, the name does not end in .xlsx, or the file exists.
    """
    try:
        import xlsxwriter
    except ImportError:
        text = phrase("the workbook needs XlsxWriter")
        raise UsageError(Fault("MPI-O012", None, text, installing("publish"))) from None
    if path.suffix.lower() != ".xlsx":
        text = phrase("a measure is exported to a file that ends in .xlsx")
        raise UsageError(Fault("MPI-U004", None, text, phrase("write -o {name}.xlsx", name=measure.name)))
    check_file(path, overwrite=overwrite)

    def put(target: Path) -> None:
        with (
            target.open("wb") as stream,
            xlsxwriter.Workbook(stream, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False,
                                         "strings_to_numbers": False}) as book,
        ):  # fmt: skip
            _draw(book, measure, language)

    write_whole(path, put, overwrite=overwrite)


def _draw(book: Workbook, measure: Measure, language: Language) -> None:
    _title_page(book, measure, language)
    tables: dict[str, Table] = {
        "indicators": _indicators(measure, language),
        "dimensions": _dimensions(measure, language),
        "variables": _variables([*measure.variables.values()], language),
        "derived": [("derived", "", [*derived_by_rules(measure)]), ("rule", "", [*derived_by_rules(measure).values()])],
    }
    for name, table in tables.items():
        if table and table[0][2]:
            _sheet(book, written(SHEETS, name, language), table, language)


def _title_page(book: Workbook, measure: Measure, language: Language) -> None:
    page = book.add_worksheet(written(SHEETS, "measure", language))
    strong, plain = book.add_format({"bold": True, "valign": "top"}), book.add_format({"text_wrap": True, **TOP})
    line = book.add_format({"bottom": 1})
    page.set_column(0, 0, FIRST[0])
    page.set_column(1, 1, FIRST[1])
    page.write_string(
        0, 0, title_in(shown_title(measure), language, measure.name), book.add_format({"bold": True, "size": 16})
    )
    rows = [(written(SETTINGS, "measure", language), measure.name)]
    for name, texts in (("title", measure.title), ("source", measure.source), ("note", measure.note)):
        rows += [(_of(written(SETTINGS, name, language), own), text) for own, text in texts.items()]
    about = {name: getattr(measure, name) for name in ("status", "kind", "country", "edition", "years", "deepens")}
    rows += [(written(SETTINGS, name, language), said) for name, said in about.items() if said]
    rows.append((written(SETTINGS, "identification", language), written(WORDS, measure.identification, language)))
    rows += [(_of(written(SETTINGS, "k", language), one.name), one.text) for one in measure.cutoffs]
    rows.append((written(SETTINGS, "missing", language), written(WORDS, measure.missing, language)))
    if measure.universe is not None:
        rows.append((written(SETTINGS, "universe", language), measure.universe.text))
    rows += [
        (_of(written(SETTINGS, "class" if name else "income_poor", language), name), rule)
        for name, rule in _classes(measure)
    ]
    rows += [(_of(written(SETTINGS, key, language), of), text) for key, of, text in further(measure)]
    rows.append((written(SETTINGS, "fingerprint", language), fingerprint(measure)))
    rows += [(f"SHA-256 {file.path.name}", file.sha256) for file in measure.files]
    for number, (name, text) in enumerate(rows, 2):
        page.write_string(number, 0, name, strong)
        page.write_string(number, 1, text, plain)
    at = len(rows) + 3
    for name in (phrase("Approved by"), phrase("Position"), phrase("Place and date"), phrase("Signature")):
        page.set_row(at, 30)
        page.write_string(at, 0, in_language(name, language), strong)
        page.write_blank(at, 1, None, line)
        at += 1
    page.set_portrait()
    page.set_paper(9)
    page.fit_to_pages(1, 0)


TOP: Mapping[str, Any] = {"valign": "top"}  # formats of xlsxwriter carry no types


def _of(heading: str, language: str) -> str:
    return f"{heading} ({language})" if language else heading


def _by_language(field: str, texts: Sequence[Texts]) -> Table:
    """A column for each language that some text is in."""
    languages = dict.fromkeys(language for one in texts for language in one)
    named = field.endswith("title")  # beside a name there is a column for its title, perhaps empty
    return [(field, language, [one.get(language, "") for one in texts]) for language in languages or [""] * named]


def _indicators(measure: Measure, language: Language) -> Table:
    dimensions = {one.name: one for one in measure.dimensions}
    own = [*measure.indicators]
    table: Table = [("dimension", "", [one.dimension for one in own])]
    table += _by_language("dimension_title", [dimensions[one.dimension].title for one in own])
    table.append(("indicator", "", [one.name for one in own]))
    table += _by_language("title", [one.title for one in own]) + _by_language("words", [one.words for one in own])
    table.append(("rule", "", [one.deprived.text for one in own]))
    table.append(("eligible", "", ["" if one.eligible is None else one.eligible.text for one in own]))
    table.append(("nobody", "", ["" if one.nobody is None else written(WORDS, one.nobody, language) for one in own]))
    table.append(("missing", "", ["" if one.missing == "unknown" else written(WORDS, one.missing, language)
                                  for one in own]))  # fmt: skip
    table.append(("weight", "", [_weight(one, language) for one in own]))
    table.append(("per_cent", "", [float(one.weight) if one.weight else "" for one in own]))
    return (
        table
        + _by_language("legal_basis", [one.legal_basis for one in own])
        + _by_language("note", [one.note for one in own])
    )


def _weight(one: Indicator, language: Language) -> str:
    """A fraction; in a combined dimension an indicator has none of its own."""
    if one.monitor:
        return written(WORDS, "monitor", language)
    return _fraction(one.weight) if one.weight else ""


def _fraction(weight: Fraction) -> str:
    return f"{weight.numerator}/{weight.denominator}"


def _dimensions(measure: Measure, language: Language) -> Table:
    own = [*measure.dimensions]
    table: Table = [("dimension", "", [one.name for one in own])]
    table += _by_language("title", [one.title for one in own])
    table.append(("weight", "", [_fraction(one.weight) for one in own]))
    table.append(("per_cent", "", [float(one.weight) for one in own]))
    if any(one.at_least for one in own):
        table.append(("combine", "", [_combine(one) for one in own]))
    return (
        table
        + _by_language("legal_basis", [one.legal_basis for one in own])
        + _by_language("note", [one.note for one in own])
    )


def _combine(one: Dimension) -> str:
    return "" if one.at_least is None else str(one.at_least)


def _variables(own: Sequence[Variable], language: Language) -> Table:
    table: Table = [
        ("variable", "", [one.name for one in own]),
        ("level", "", [written(WORDS, one.kind.level or "household", language) for one in own]),
        ("type", "", [written(WORDS, str(one.kind.type), language) for one in own]),
        ("labels", "", ["; ".join(sorted(one.kind.labels or ())) for one in own]),
    ]
    return table + _by_language("title", [one.title for one in own]) + _by_language("note", [one.note for one in own])


def _sheet(book: Workbook, name: str, table: Table, language: Language) -> None:
    page = book.add_worksheet(name)
    head = book.add_format({"bold": True, "text_wrap": True, "bottom": 1, "bg_color": "#E8EEF4", **TOP})
    plain = book.add_format({"text_wrap": True, "num_format": "@", **TOP})
    share = book.add_format({"num_format": "0.00%", **TOP})
    for column, (field, own, cells) in enumerate(table):
        page.set_column(column, column, WIDTHS.get(field, USUAL))
        page.write_string(0, column, _of(written(COLUMNS, field, language), own), head)
        for row, cell in enumerate(cells, 1):
            if isinstance(cell, str):
                page.write_string(row, column, cell, plain)
            else:
                page.write_number(row, column, cell, share)
    page.freeze_panes(1, 2)
    page.set_landscape()
    page.set_paper(8)
    page.fit_to_pages(1, 0)
    page.repeat_rows(0)
