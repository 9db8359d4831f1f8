"""Headings of tables of indicators in the languages of the program: what is in a column, and in which language.

The first four names of each are those that `mpi export` writes; the others are what offices write.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from mpi.errors import folded
from mpi.starting.grids import Grid

# English first, then Spanish, Portuguese and French, as `mpi export` writes them.
COLUMNS: Mapping[str, Sequence[str]] = {
    "dimension": ("Dimension", "Dimensión", "Dimensão", "Dimension", "dominio", "domain"),
    "dimension_title": ("Title of the dimension", "Título de la dimensión", "Título da dimensão",
                        "Titre de la dimension"),
    "dimension_weight": ("Weight of the dimension", "Peso de la dimensión", "Peso da dimensão",
                         "Poids de la dimension", "dimension weight", "ponderación de la dimensión",
                         "ponderação da dimensão", "peso dimensión", "peso dimensão", "poids dimension",
                         "ponderación dimensión", "pondération de la dimension", "pondération dimension",
                         "ponderação dimensão"),
    "indicator": ("Indicator", "Indicador", "Indicador", "Indicateur", "indicators", "indicadores", "privación",
                  "privacao", "indicateurs"),
    "title": ("Title", "Título", "Título", "Titre", "nombre", "name", "nome", "nombre del indicador",
              "indicator name", "nome do indicador", "nom", "nom de l'indicateur"),
    "words": ("Who is deprived", "Quién está privado", "Quem tem a privação", "Qui est en privation", "deprived if",
              "definition", "deprivation cutoff", "cutoff", "criterion", "definición", "descripción", "criterio",
              "criterio de privación", "condición", "condición de privación", "umbral", "punto de corte",
              "línea de corte", "corte", "definição", "descrição", "critério", "critério de privação", "condição",
              "limiar", "linha de corte", "ponto de corte", "description", "se considera privado si",
              "seuil de privation", "critère", "critère de privation", "définition", "privé si"),
    "rule": ("Rule", "Regla", "Regra", "Règle", "deprived", "expression", "expresión", "expressão"),
    "eligible": ("Eligible members", "Miembros elegibles", "Membros elegíveis", "Membres éligibles", "eligible",
                 "elegibles", "elegíveis", "población elegible", "población aplicable", "applicable population",
                 "população elegível"),
    "nobody": ("If nobody is eligible", "Si nadie es elegible", "Se ninguém é elegível", "Si personne n'est éligible",
               "nobody"),
    "missing": ("Unknown answer", "Respuesta desconocida", "Resposta desconhecida", "Réponse inconnue", "missing"),
    "weight": ("Weight", "Peso", "Peso", "Poids", "weights", "pesos", "ponderación", "ponderador", "ponderaciones",
               "pondération", "pondérations", "ponderação", "ponderações", "indicator weight",
               "weight of the indicator", "peso del indicador", "peso indicador", "peso do indicador",
               "poids de l'indicateur", "poids indicateur", "ponderación del indicador", "ponderación indicador",
               "ponderação do indicador", "ponderação indicador", "pondération de l'indicateur",
               "pondération indicateur", "relative weight", "peso relativo", "poids relatif", "fraction",
               "fracción", "fração", "w"),
    "per_cent": ("Weight (%)", "Peso (%)", "Peso (%)", "Poids (%)", "weight %", "peso %", "% peso", "porcentaje",
                 "percentage", "porcentagem", "pourcentage", "ponderación (%)", "ponderação (%)", "pondération (%)",
                 "ponderador (%)", "ponderación %", "ponderação %", "poids %", "%"),
    "combine": ("Deprived indicators that are enough", "Indicadores privados que bastan",
                "Indicadores com privação que bastam", "Privations qui suffisent", "combine"),
    "legal_basis": ("Legal basis", "Base legal", "Base legal", "Base légale", "fundamento legal",
                    "fundamento jurídico", "marco legal", "norma", "law", "decreto"),
    "note": ("Note", "Nota", "Nota", "Note", "notes", "notas", "observaciones", "observações", "comments",
             "comentarios"),
    "variable": ("Variable", "Variable", "Variável", "Variable"),
    "level": ("Level", "Nivel", "Nível", "Niveau"),
    "type": ("Type", "Tipo", "Tipo", "Type"),
    "labels": ("Values", "Valores", "Valores", "Valeurs"),
    "derived": ("Derived variable", "Variable derivada", "Variável derivada", "Variable dérivée"),
}  # fmt: skip
SETTINGS: Mapping[str, Sequence[str]] = {
    "measure": ("Measure", "Medida", "Medida", "Mesure"),
    "title": ("Title", "Título", "Título", "Titre"),
    "source": ("Source", "Fuente", "Fonte", "Source"),
    "note": ("Note", "Nota", "Nota", "Note"),
    "status": ("Status of the measure", "Condición de la medida", "Condição da medida", "Statut de la mesure"),
    "kind": ("Kind of measure", "Clase de medida", "Tipo de medida", "Genre de mesure"),
    "country": ("Country code", "Código del país", "Código do país", "Code du pays"),
    "edition": ("Edition of the norm", "Edición de la norma", "Edição da norma", "Édition de la norme"),
    "years": ("Years in use", "Años en uso", "Anos em uso", "Années d'usage"),
    "deepens": ("Lies in the measure", "Está dentro de la medida", "Está dentro da medida", "Contenue dans la mesure"),
    "identification": ("Who is identified as poor", "A quién se identifica como pobre",
                       "Quem é identificado como pobre", "Qui est identifié comme pauvre", "identification",
                       "identificación", "identificação", "unidad de identificación"),
    "k": ("Poverty cutoff k", "Línea de pobreza k", "Linha de pobreza k", "Seuil de pauvreté k", "k",
          "poverty cutoff", "línea de pobreza", "linha de pobreza", "punto de corte k", "corte k",
          "línea de pobreza multidimensional", "cutoff k"),
    "missing": ("Unknown indicators", "Indicadores desconocidos", "Indicadores desconhecidos", "Indicateurs inconnus",
                "missing"),
    "universe": ("Universe", "Universo", "Universo", "Univers", "universe", "población objetivo", "população-alvo"),
    "income_poor": ("Income poor", "Pobre por ingreso", "Pobre por renda", "Pauvre en revenu", "income_poor",
                    "pobres por ingreso"),
    "class": ("Class", "Clase", "Classe", "Classe"),
    "class_title": ("Title of the class", "Título de la clase", "Título da classe", "Titre de la classe"),
    "lines": ("Income lines", "Líneas de ingreso", "Linhas de renda", "Seuils de revenu"),
    "children": ("Children", "Niñez", "Infância", "Enfants"),
    "gap": ("Gap", "Brecha", "Hiato", "Écart"),
    "fingerprint": ("Fingerprint of the measure", "Huella de la medida", "Impressão digital da medida",
                    "Empreinte de la mesure"),
}  # fmt: skip
# Words of the configuration as a table says them: English, Spanish, Portuguese, French.
WORDS: Mapping[str, Sequence[str]] = {
    "household": ("household", "hogar", "domicílio", "ménage", "hogares", "households", "domicílios"),
    "person": ("person", "persona", "pessoa", "personne", "personas", "persons", "pessoas"),
    "exclude": ("exclude", "excluir", "excluir", "exclure"),
    "reweight": ("reweight", "repartir el peso", "repartir o peso", "répartir le poids"),
    "deprived": ("deprived", "privado", "com privação", "en privation"),
    "not_deprived": ("not deprived", "no privado", "sem privação", "sans privation", "not_deprived"),
    "unknown": ("unknown", "desconocido", "desconhecido", "inconnu"),
    "monitor": ("monitor", "solo seguimiento", "só acompanhamento", "suivi seulement"),
    "any": ("any", "cualquiera", "qualquer um", "un seul"),
    "all": ("all", "todos", "todos", "tous"),
    "number": ("number", "número", "número", "nombre"),
    "text": ("text", "texto", "texto", "texte"),
    "truth": ("truth", "sí o no", "sim ou não", "oui ou non", "yes or no"),
}
LANGUAGES = ("en", "es", "pt", "fr")  # of the first four names
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
    own = {_plain(heading): field for heading, field in mapped.items()}
    heads = [head for row in range(min(DEEPEST, len(grid.rows))) for head in _heads(grid, row, own)]
    best = max(heads, key=lambda head: len(head.columns), default=None)
    return best if best is not None and len(best.columns) > 1 else None


def _heads(grid: Grid, row: int, own: Mapping[str, str]) -> Iterator[Head]:
    """The headings that begin in a row: in it and the next, if that only says more of them, and in it alone."""
    texts = [grid.text(row, column) for column in range(len(grid.rows[row]))]
    if any(texts) and row + 1 < len(grid.rows) and (below := _two_rows(grid, row, own)) is not None:
        yield _head(row + 1, below, own)
    yield _head(row, texts, own)


def _two_rows(grid: Grid, row: int, own: Mapping[str, str]) -> list[str] | None:
    """Headings of two rows, the upper ones perhaps over several columns; None if the lower row is of another kind."""
    found, above = [], ""
    for column in range(max(len(grid.rows[row]), len(grid.rows[row + 1]))):
        upper, lower = grid.text(row, column), grid.text(row + 1, column)
        above = upper or above
        if not lower:
            found.append(upper)
            continue
        of_language = [f"{above} ({lower})"] if lower.casefold() in LANGUAGES else []
        ways = (f"{above} {lower}", f"{lower} {above}", *of_language, lower)
        known = next((way for way in ways if _field(way, own)[0] is not None), None)
        if known is None:
            return None
        found.append(known)
    return found if any(grid.text(row + 1, column) for column in range(len(grid.rows[row + 1]))) else None


def _head(row: int, texts: Sequence[str], own: Mapping[str, str]) -> Head:
    columns: dict[tuple[str, str], int] = {}
    strange = []
    for column, text in enumerate(texts):
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
