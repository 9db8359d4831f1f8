"""Headings of tables of indicators in Spanish, English and Portuguese: what is in a column, and in which language.

The first three names of each are those that `mpi export` writes; the others are what offices write.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from mpi.errors import folded
from mpi.starting.grids import Grid

# English first, then Spanish and Portuguese, as `mpi export` writes them.
COLUMNS: Mapping[str, Sequence[str]] = {
    "dimension": ("Dimension", "Dimensión", "Dimensão", "dominio", "domain"),
    "dimension_title": ("Title of the dimension", "Título de la dimensión", "Título da dimensão"),
    "dimension_weight": ("Weight of the dimension", "Peso de la dimensión", "Peso da dimensão", "dimension weight",
                         "ponderación de la dimensión", "ponderação da dimensão", "peso dimensión", "peso dimensão"),
    "indicator": ("Indicator", "Indicador", "Indicador", "indicators", "indicadores", "privación", "privacao"),
    "title": ("Title", "Título", "Título", "nombre", "name", "nome", "nombre del indicador", "indicator name",
              "nome do indicador"),
    "words": ("Who is deprived", "Quién está privado", "Quem tem a privação", "deprived if", "definition",
              "deprivation cutoff", "cutoff", "criterion", "definición", "descripción", "criterio",
              "criterio de privación", "condición", "condición de privación", "umbral", "punto de corte",
              "línea de corte", "corte", "definição", "descrição", "critério", "critério de privação", "condição",
              "limiar", "linha de corte", "ponto de corte", "description", "se considera privado si"),
    "rule": ("Rule", "Regla", "Regra", "deprived", "expression", "expresión", "expressão"),
    "eligible": ("Eligible members", "Miembros elegibles", "Membros elegíveis", "eligible", "elegibles", "elegíveis",
                 "población elegible", "población aplicable", "applicable population", "população elegível"),
    "nobody": ("If nobody is eligible", "Si nadie es elegible", "Se ninguém é elegível", "nobody"),
    "missing": ("Unknown answer", "Respuesta desconocida", "Resposta desconhecida", "missing"),
    "weight": ("Weight", "Peso", "Peso", "weights", "pesos", "ponderación", "ponderador", "ponderaciones",
               "ponderação", "ponderações", "indicator weight", "peso del indicador", "peso do indicador", "w"),
    "per_cent": ("Weight (%)", "Peso (%)", "Peso (%)", "weight %", "peso %", "% peso", "porcentaje", "percentage",
                 "porcentagem", "ponderación (%)", "ponderação (%)", "ponderador (%)"),
    "combine": ("Deprived indicators that are enough", "Indicadores privados que bastan",
                "Indicadores com privação que bastam", "combine"),
    "legal_basis": ("Legal basis", "Base legal", "Base legal", "fundamento legal", "fundamento jurídico",
                    "marco legal", "norma", "law", "decreto"),
    "note": ("Note", "Nota", "Nota", "notes", "notas", "observaciones", "observações", "comments", "comentarios"),
    "variable": ("Variable", "Variable", "Variável"),
    "level": ("Level", "Nivel", "Nível"),
    "type": ("Type", "Tipo", "Tipo"),
    "labels": ("Values", "Valores", "Valores"),
    "derived": ("Derived variable", "Variable derivada", "Variável derivada"),
}  # fmt: skip
SETTINGS: Mapping[str, Sequence[str]] = {
    "measure": ("Measure", "Medida", "Medida"),
    "title": ("Title", "Título", "Título"),
    "source": ("Source", "Fuente", "Fonte"),
    "note": ("Note", "Nota", "Nota"),
    "status": ("Status of the measure", "Condición de la medida", "Condição da medida"),
    "kind": ("Kind of measure", "Clase de medida", "Tipo de medida"),
    "country": ("Country code", "Código del país", "Código do país"),
    "edition": ("Edition of the norm", "Edición de la norma", "Edição da norma"),
    "years": ("Years in use", "Años en uso", "Anos em uso"),
    "identification": ("Who is identified as poor", "A quién se identifica como pobre",
                       "Quem é identificado como pobre",
                       "identification", "identificación", "identificação", "unidad de identificación"),
    "k": ("Poverty cutoff k", "Línea de pobreza k", "Linha de pobreza k", "k", "poverty cutoff", "línea de pobreza",
          "linha de pobreza", "punto de corte k", "corte k", "línea de pobreza multidimensional", "cutoff k"),
    "missing": ("Unknown indicators", "Indicadores desconocidos", "Indicadores desconhecidos", "missing"),
    "universe": ("Universe", "Universo", "Universo", "universe", "población objetivo", "população-alvo"),
    "income_poor": ("Income poor", "Pobre por ingreso", "Pobre por renda", "income_poor", "pobres por ingreso"),
    "class": ("Class", "Clase", "Classe"),
    "lines": ("Income lines", "Líneas de ingreso", "Linhas de renda"),
    "children": ("Children", "Niñez", "Infância"),
    "gap": ("Gap", "Brecha", "Hiato"),
    "fingerprint": ("Fingerprint of the measure", "Huella de la medida", "Impressão digital da medida"),
}  # fmt: skip
# Words of the configuration as a table says them: English, Spanish, Portuguese.
WORDS: Mapping[str, Sequence[str]] = {
    "household": ("household", "hogar", "domicílio", "hogares", "households", "domicílios"),
    "person": ("person", "persona", "pessoa", "personas", "persons", "pessoas"),
    "exclude": ("exclude", "excluir", "excluir"),
    "reweight": ("reweight", "repartir el peso", "repartir o peso"),
    "deprived": ("deprived", "privado", "com privação"),
    "not_deprived": ("not deprived", "no privado", "sem privação", "not_deprived"),
    "unknown": ("unknown", "desconocido", "desconhecido"),
    "monitor": ("monitor", "solo seguimiento", "só acompanhamento"),
    "any": ("any", "cualquiera", "qualquer um"),
    "all": ("all", "todos", "todos"),
    "number": ("number", "número", "número"),
    "text": ("text", "texto", "texto"),
    "truth": ("truth", "sí o no", "sim ou não", "yes or no"),
}
LANGUAGES = ("en", "es", "pt")  # of the first three names
OF_LANGUAGE = re.compile(r"(.*?)\s*[(\[]\s*([^)\]]*)\s*[)\]]")
DEEPEST = 40  # rows in which the headings are looked for


def written(table: Mapping[str, Sequence[str]], name: str, language: str) -> str:
    """How a heading or word is written in a language."""
    return table[name][LANGUAGES.index(language)]


def recognised(table: Mapping[str, Sequence[str]], text: str) -> str | None:
    """What a heading or word means; None if it is not known."""
    plain = _plain(text)
    return next((name for name, words in table.items() if plain in {name, *map(_plain, words)}), None)


@lru_cache(maxsize=4096)
def _plain(text: str) -> str:
    return re.sub(r"\s+", " ", folded(text)).strip(" .:*")


@dataclass(frozen=True, slots=True)
class Head:
    """The row of headings of a sheet.

    Attributes
    ----------
    row : int
        From 0.
    columns : dict of (str, str) to int
        Where a field is, in a language; the language is empty where the heading names none.
    strange : tuple of str
        Headings that say nothing of a measure.
    """

    row: int
    columns: dict[tuple[str, str], int]
    strange: tuple[str, ...]

    @property
    def fields(self) -> set[str]:
        """What the columns hold."""
        return {field for field, _ in self.columns}


def head_of(grid: Grid, mapped: Mapping[str, str]) -> Head | None:
    """The row with the most headings that are known, at least two of them.

    Parameters
    ----------
    grid : Grid
    mapped : mapping of str to str
        Fields by headings, as the user says.
    """
    heads = [_head(grid, row, mapped) for row in range(min(DEEPEST, len(grid.rows)))]
    best = max(heads, key=lambda head: len(head.columns), default=None)
    return best if best is not None and len(best.columns) > 1 else None


def _head(grid: Grid, row: int, mapped: Mapping[str, str]) -> Head:
    columns: dict[tuple[str, str], int] = {}
    strange = []
    own = {_plain(heading): field for heading, field in mapped.items()}
    for column in range(len(grid.rows[row])):
        text = grid.text(row, column)
        field, language = _field(text, own)
        if field is not None and (field, language) not in columns:
            columns[field, language] = column
        elif text:
            strange.append(text)
    return Head(row, columns, tuple(strange))


def _field(text: str, own: Mapping[str, str]) -> tuple[str | None, str]:
    if _plain(text) in own:
        return own[_plain(text)], ""
    if (field := recognised(COLUMNS, text)) is not None:
        return field, ""
    match = OF_LANGUAGE.fullmatch(text)
    return (None, "") if match is None else (recognised(COLUMNS, match[1]), match[2].strip().casefold())
