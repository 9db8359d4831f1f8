"""What every column of the tidy tables holds: type, title and meaning in both languages.

The workbook and the data package say the same of a column because they read it here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from mpi.language import translated
from mpi.vocabulary.options import Titles

FieldType = Literal["string", "number", "integer"]


@dataclass(frozen=True, slots=True)
class Meaning:
    """A column of a table that is published.

    Attributes
    ----------
    type : {"string", "number", "integer"}
        As Table Schema calls it.
    title, text : mapping of str to str
        By language.
    """

    type: FieldType
    title: Titles
    text: Titles


def _of(type_: FieldType, es: tuple[str, str], en: tuple[str, str]) -> Meaning:
    return Meaning(type_, {"es": es[0], "en": en[0]}, {"es": es[1], "en": en[1]})


MEANINGS: Mapping[str, Meaning] = {
    "measure": _of("string", ("Medida", "Nombre de la medida de pobreza."),
                   ("Measure", "Name of the poverty measure.")),
    "survey": _of("string", ("Encuesta", "Nombre de la encuesta o ronda."), ("Survey", "Name of the survey or round.")),
    "period": _of("string", ("Periodo", "Periodo de la ronda."), ("Period", "Period of the round.")),
    "unit": _of("string", ("Unidad", "Unidad que se cuenta: persons (personas) o households (hogares)."),
                ("Unit", "What is counted: persons or households.")),
    "k": _of("string", ("Punto de corte k", "Punto de corte exacto de la pobreza, como fracción; > si es estricto."),
             ("Cutoff k", "Exact poverty cutoff, as a fraction; > where it is strict.")),
    "statistic": _of("string", ("Estadístico", "Lo que se estima; ver el diccionario de estadísticos."),
                     ("Statistic", "What is estimated; see the dictionary of statistics.")),
    "dimension": _of("string", ("Dimensión", "Dimensión de la medida; vacía si la cifra no es de una dimensión."),
                     ("Dimension", "Dimension of the measure; empty where the figure is of none.")),
    "indicator": _of("string", ("Indicador", "Indicador de la medida; vacío si la cifra no es de un indicador."),
                     ("Indicator", "Indicator of the measure; empty where the figure is of none.")),
    "change": _of("string", ("Tipo de cambio", "absolute, relative, log, o por año (_per_year)."),
                  ("Kind of change", "absolute, relative, log, or a year (_per_year).")),
    "span": _of("string", ("Tramo", "sequence: de una ronda a la siguiente; total: de la primera a la última."),
                ("Span", "sequence: from one round to the next; total: from the first to the last.")),
    "from": _of("string", ("Desde", "Periodo inicial."), ("From", "First period.")),
    "to": _of("string", ("Hasta", "Periodo final."), ("To", "Last period.")),
    "years": _of("number", ("Años", "Años entre los dos periodos."), ("Years", "Years between the two periods.")),
    "before": _of("number", ("Antes", "Estimación del periodo inicial."), ("Before", "Estimate of the first period.")),
    "after": _of("number", ("Después", "Estimación del periodo final."), ("After", "Estimate of the last period.")),
    "estimate": _of("number", ("Estimación", "Proporciones entre 0 y 1, índices, o número de unidades. Vacía si no se "
                               "muestra o no hay dato."),
                    ("Estimate", "Proportions from 0 to 1, indices, or numbers of units. Empty where it is not shown "
                     "or there is none.")),
    "se": _of("number", ("Error estándar", "Error estándar de muestreo; vacío en un censo."),
              ("Standard error", "Sampling error; empty for a census.")),
    "ci_low": _of("number", ("Límite inferior", "Límite inferior del intervalo de confianza."),
                  ("Lower limit", "Lower limit of the confidence interval.")),
    "ci_high": _of("number", ("Límite superior", "Límite superior del intervalo de confianza."),
                   ("Upper limit", "Upper limit of the confidence interval.")),
    "cv": _of("number", ("Coeficiente de variación", "Error estándar dividido por la estimación (proporción)."),
              ("Coefficient of variation", "Standard error over the estimate (a proportion).")),
    "log_cv": _of("number", ("CV logarítmico", "Error estándar relativo en escala logarítmica."),
                  ("Logarithmic CV", "Relative standard error on the log scale.")),
    "df": _of("integer", ("Grados de libertad", "Grados de libertad del diseño para la estimación."),
              ("Degrees of freedom", "Of the design, for the estimate.")),
    "deff": _of("number", ("Efecto de diseño", "Varianza sobre la de una muestra aleatoria simple."),
                ("Design effect", "Variance over that of a simple random sample.")),
    "n_eff": _of("number", ("Tamaño efectivo", "Tamaño de muestra dividido por el efecto de diseño."),
                 ("Effective size", "Sample size over the design effect.")),
    "n": _of("integer", ("n", "Unidades de la muestra, sin ponderar."), ("n", "Units of the sample, unweighted.")),
    "n_poor": _of("integer", ("n pobres", "Unidades pobres de la muestra, sin ponderar."),
                  ("n poor", "Poor units of the sample, unweighted.")),
    "psus": _of("integer", ("UPM", "Unidades primarias de muestreo con casos."),
                ("PSUs", "Primary sampling units with cases.")),
    "population": _of("number", ("Población", "Suma de los factores de expansión."),
                      ("Population", "Sum of the weights.")),
    "t": _of("number", ("t", "Cambio dividido por su error estándar."), ("t", "Change over its standard error.")),
    "p": _of("number", ("Valor p", "Valor p bilateral de que no hay cambio."),
             ("p-value", "Two-sided, of no change.")),
    "p_adjusted": _of("number", ("Valor p corregido", "Corregido por el número de comparaciones."),
                      ("Corrected p-value", "Corrected for the number of comparisons.")),
    "reliability": _of("string", ("Confiabilidad", "Veredicto de las reglas de confiabilidad: publish, caution, "
                                  "review o suppress."),
                       ("Reliability", "Verdict of the reliability rules: publish, caution, review or suppress.")),
    "reliability_rule": _of("string", ("Regla de confiabilidad", "Nombre de la regla que decidió; floor_error, "
                                       "floor_df o floor_units si fue el piso, undecided si faltó una cifra."),
                            ("Reliability rule", "Name of the rule that decided; floor_error, floor_df or floor_units "
                             "where the floor did, undecided where a figure was missing.")),
    "standing": _of("string", ("Condición", "shown, unjudged (nadie juzgó la precisión), caution (*), review (†), "
                               "hidden (x) o undefined (n.d.)."),
                    ("Standing", "shown, unjudged (nobody judged the precision), caution (*), review (†), hidden (x) "
                     "or undefined (n.d.).")),
    "hidden_by": _of("string", ("Oculta por", "Regla que oculta la cifra; vacía si se muestra."),
                     ("Hidden by", "Rule that hides the figure; empty where it is shown.")),
    "note": _of("string", ("Nota", "Por qué falta un número (en inglés)."), ("Note", "Why a number is missing.")),
}  # fmt: skip
DOMAIN_TEXT: Titles = translated("Code of the domain, as text with its leading zeros; empty for the total.")
