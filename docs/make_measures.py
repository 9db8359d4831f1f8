"""The catalogue page of the manual in each language, from the measures that ship: `python docs/make_measures.py`."""

from __future__ import annotations

from pathlib import Path

from mpi.config import load_measure
from mpi.config.cataloguing import entries, grouped
from mpi.language import noun
from mpi.specs.measure import Measure
from mpi.specs.standing import KINDS, STATUSES, shown_title
from mpi.vocabulary.wording import NOTHING, title_in, told_in

HERE = Path(__file__).parent
TEXTS = {
    "en": {
        "title": "The catalogue of measures",
        "intro": """\
This page is made from the measures that come with `mpi`: `mpi measures` prints the same list, `mpi measures --json`
gives it to programs, and `mpi.measures()` to Python. `mpi check NAME` prints one measure in full, with its rules.

- **official**: dimensions, weights, cutoff and rules of a published norm, as its source has them.
- **reconstruction**: put together from texts about a norm whose full text was not at hand. Its figures are not
  official.
- **template**: the structure of a norm. Each indicator reads one flag of the same name, which the survey file
  computes or names.
- **draft**: not decided yet.

What is not official says so beside its title in every output. Read the note of a measure before its figures: it
tells what is confirmed, what was written from memory, and what is missing.""",
        "columns": ("measure", "country", "years", "identifies", "indicators", "k"),
        "source": "Source",
        "note": "Note",
        "rows": ("indicator", "weight", "deprived"),
        "status": "Status",
        "none": "No status",
    },
    "es": {
        "title": "El catálogo de medidas",
        "intro": """\
Esta página se hace con las medidas que trae `mpi`: `mpi measures` imprime la misma lista, `mpi measures --json` la da a
programas y `mpi.measures()` a Python. `mpi check NOMBRE` imprime una medida completa, con sus reglas.

- **oficial**: dimensiones, pesos, línea y reglas de una norma publicada, como los trae su fuente.
- **reconstrucción**: armada con textos sobre una norma cuyo texto completo no se tuvo. Sus cifras no son oficiales.
- **plantilla**: la estructura de una norma. Cada indicador lee una privación del mismo nombre, que el archivo de la
  encuesta calcula o nombra.
- **borrador**: aún sin decidir.

Lo que no es oficial lo dice junto a su título en todas las salidas. Lea la nota de una medida antes que sus
cifras: dice qué está confirmado, qué se escribió de memoria y qué falta.""",
        "columns": ("medida", "país", "años", "identifica", "indicadores", "k"),
        "source": "Fuente",
        "note": "Nota",
        "rows": ("indicador", "peso", "privado"),
        "status": "Condición",
        "none": "Sin condición",
    },
}


def page(language: str) -> str:
    """The page of a language, as Markdown."""
    texts = TEXTS[language]
    lines = [f"# {texts['title']}", "", str(texts["intro"]), ""]
    for status, rows in grouped(entries(language=language)).items():  # type: ignore[arg-type]
        name = STATUSES[status][language] if status else str(texts["none"])  # type: ignore[index]
        lines += [f"## {name[0].upper()}{name[1:]}", "", _row(texts["columns"]), _row(["---"] * len(texts["columns"]))]
        for row in rows:
            lines.append(
                _row(
                    [
                        f"[`{row['measure']}`](#{row['measure']})",
                        row["country"] or NOTHING,
                        row["years"] or NOTHING,
                        noun(row["identification"], 1).to(language),
                        f"{row['indicators']} / {row['dimensions']}",
                        row["k"],
                    ]
                )
            )
        lines.append("")
        for row in rows:
            lines += _measure(load_measure(row["measure"]), language)
    return "\n".join(lines)


def _measure(measure: Measure, language: str) -> list[str]:
    texts = TEXTS[language]
    kind = f"; {KINDS[measure.kind][language]}" if measure.kind else ""  # type: ignore[index]
    lines = [f"### {measure.name}", "", f"{title_in(shown_title(measure), language, measure.name)}{kind}.", ""]
    for key, titles in (("source", measure.source), ("note", measure.note)):
        if text := title_in(titles, language, ""):
            lines += [f"{texts[key]}: {text.removesuffix('.')}.", ""]
    lines += [_row(texts["rows"]), _row(["---"] * 3)]
    for dimension in measure.dimensions:
        lines.append(_row([f"**{title_in(dimension.title, language, dimension.name)}**", str(dimension.weight), ""]))
        lines += [
            _row(
                [
                    title_in(one.title, language, one.name),
                    str(one.weight) if one.weight else NOTHING,
                    told_in(one.words, language),
                ]
            )
            for one in measure.indicators
            if one.dimension == dimension.name
        ]
    return [*lines, ""]


def _row(cells: object) -> str:
    return "| " + " | ".join(str(cell).replace("|", "\\|") for cell in cells) + " |"  # type: ignore[attr-defined]


if __name__ == "__main__":
    for one in TEXTS:
        (HERE / one / "measures.md").write_text(page(one), encoding="utf-8")
