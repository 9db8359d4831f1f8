"""The words of the workbook that no other output has, in both languages."""

from __future__ import annotations

from collections.abc import Mapping

from mpi.vocabulary.wording import MARKS, Language

# Names of the sheets that every workbook has, in their order; those of domains stand after `national`.
SHEETS: Mapping[str, Mapping[Language, str]] = {
    "index": {"es": "Índice", "en": "Contents"},
    "national": {"es": "Nacional", "en": "National"},
    "indicators": {"es": "Indicadores", "en": "Indicators"},
    "contributions": {"es": "Contribuciones", "en": "Contributions"},
    "changes": {"es": "Cambios", "en": "Changes"},
    "cutoffs": {"es": "Sensibilidad_k", "en": "Sensitivity_k"},
    "quality": {"es": "Calidad", "en": "Quality"},
    "dictionary": {"es": "Diccionario", "en": "Dictionary"},
    "metadata": {"es": "Metadatos", "en": "Metadata"},
    "data": {"es": "datos", "en": "data"},
}
TITLES: Mapping[str, Mapping[Language, str]] = {
    "index": {"es": "Contenido del anexo", "en": "Contents of the annex"},
    "national": {"es": "Total: incidencia, intensidad e incidencia ajustada por ronda",
                 "en": "Total: headcount ratio, intensity and adjusted headcount ratio by round"},
    "domain": {"es": "Incidencia, intensidad e incidencia ajustada por", "en": "Headcount ratio, intensity and "
               "adjusted headcount ratio by"},
    "indicators": {"es": "Privación por indicador: sin censurar y censurada", "en": "Deprivation by indicator: "
                   "uncensored and censored"},
    "contributions": {"es": "Contribución de dimensiones e indicadores a la incidencia ajustada (M0)",
                      "en": "Contribution of dimensions and indicators to the adjusted headcount ratio (M0)"},
    "changes": {"es": "Cambios entre rondas", "en": "Changes between rounds"},
    "cutoffs": {"es": "Sensibilidad al punto de corte k, última ronda",
                "en": "Sensitivity to the cutoff k, last round"},
    "quality": {"es": "Calidad: muestra, datos desconocidos, cifras ocultas y cruce con los mapas",
                "en": "Quality: sample, unknown data, hidden figures and fit with the maps"},
    "dictionary": {"es": "Diccionario de columnas, estadísticos, marcas e indicadores",
                   "en": "Dictionary of columns, statistics, marks and indicators"},
    "metadata": {"es": "Ficha de la publicación", "en": "About this publication"},
    "data": {"es": "Tabla ordenada para programas: una fila por estimación",
             "en": "Tidy table for programs: one row an estimate"},
}  # fmt: skip
WORDS: Mapping[str, Mapping[Language, str]] = {
    "back": {"es": "Volver al índice", "en": "Back to the contents"},
    "sheet": {"es": "Hoja", "en": "Sheet"}, "content": {"es": "Contenido", "en": "Content"},
    "rows": {"es": "Filas", "en": "Rows"}, "period": {"es": "Periodo", "en": "Period"},
    "unit": {"es": "Unidad", "en": "Unit"}, "domain": {"es": "Dominio", "en": "Domain"},
    "code": {"es": "Código", "en": "Code"}, "name": {"es": "Nombre", "en": "Name"},
    "dimension": {"es": "Dimensión", "en": "Dimension"}, "indicator": {"es": "Indicador", "en": "Indicator"},
    "all": {"es": "Total de la dimensión", "en": "Whole dimension"}, "total": {"es": "Total", "en": "Total"},
    "percent": {"es": "Estimación (%)", "en": "Estimate (%)"}, "index": {"es": "Estimación (0-1)",
                "en": "Estimate (0-1)"}, "number": {"es": "Estimación (número)", "en": "Estimate (number)"},
    "low": {"es": "LI {level} %", "en": "Lower {level}%"}, "high": {"es": "LS {level} %", "en": "Upper {level}%"},
    "cases": {"es": "Casos", "en": "Cases"},
    "cv": {"es": "CV (%)", "en": "CV (%)"}, "n": {"es": "n", "en": "n"}, "mark": {"es": "Marca", "en": "Mark"},
    "both_poor": {"es": "Personas u hogares en pobreza", "en": "Persons or households in poverty"},
    "statistic": {"es": "Estadístico", "en": "Statistic"}, "from": {"es": "Desde", "en": "From"},
    "to": {"es": "Hasta", "en": "To"}, "expressed": {"es": "Expresado en", "en": "Expressed in"},
    "levels": {"es": "Niveles", "en": "Levels"}, "before": {"es": "Antes", "en": "Before"},
    "after": {"es": "Después", "en": "After"}, "absolute": {"es": "Cambio absoluto", "en": "Absolute change"},
    "relative": {"es": "Cambio relativo (%)", "en": "Relative change (%)"}, "change": {"es": "Cambio", "en": "Change"},
    "p": {"es": "Valor p", "en": "p-value"}, "p_adjusted": {"es": "p corregido", "en": "Corrected p"},
    "significant": {"es": "Significativo", "en": "Significant"}, "yes": {"es": "sí", "en": "yes"},
    "no": {"es": "no", "en": "no"}, "points": {"es": "puntos porcentuales (%)", "en": "percentage points (%)"},
    "index_points": {"es": "índice (0 a 1)", "en": "index (0 to 1)"}, "numbers": {"es": "número", "en": "number"},
    "topic": {"es": "Tema", "en": "Topic"}, "item": {"es": "Concepto", "en": "Item"},
    "value": {"es": "Valor", "en": "Value"}, "note": {"es": "Nota", "en": "Note"},
    "sample": {"es": "Muestra", "en": "Sample"}, "persons_n": {"es": "Personas en la muestra", "en": "Persons in the "
               "sample"}, "households_n": {"es": "Hogares en la muestra", "en": "Households in the sample"},
    "population": {"es": "Población expandida (personas)", "en": "Weighted population (persons)"},
    "strata": {"es": "Estratos", "en": "Strata"}, "psus": {"es": "Unidades primarias de muestreo (UPM)",
               "en": "Primary sampling units (PSUs)"},
    "errors": {"es": "Origen de los errores de muestreo", "en": "What the sampling errors come from"},
    "census": {"es": "Censo: sin error de muestreo", "en": "Census: no sampling error"},
    "reading": {"es": "Lectura de los datos", "en": "Reading of the data"},
    "counted_households": {"es": "Hogares leídos", "en": "Households read"},
    "counted_persons": {"es": "Personas leídas", "en": "Persons read"},
    "counted_zero_weight": {"es": "Con factor de expansión 0", "en": "With a weight of 0"},
    "counted_outside_persons": {"es": "Personas fuera del universo, por su condición",
                                "en": "Persons outside the universe, by their condition"},
    "counted_outside_households": {"es": "Hogares fuera del universo, por su condición",
                                   "en": "Households outside the universe, by their condition"},
    "counted_outside_dwellings": {"es": "Viviendas fuera del universo, por su condición",
                                  "en": "Dwellings outside the universe, by their condition"},
    "counted_outside_emptied": {"es": "Hogares sin ninguna persona dentro del universo",
                                "en": "Households without any person inside the universe"},
    "counted_outside_psus": {"es": "Unidades de muestreo sin hogares dentro del universo",
                             "en": "Sampling units without a household inside the universe"},
    "counted_outside_unplaced": {"es": "Hogares fuera del universo sin lugar conocido en el diseño",
                                 "en": "Households outside the universe without a known place in the design"},
    "precision": {"es": "Precisión del total", "en": "Precision of the total"},
    "df": {"es": "Grados de libertad (gl)", "en": "Degrees of freedom (df)"},
    "deff": {"es": "Efecto de diseño (deff)", "en": "Design effect (deff)"},
    "excluded": {"es": "Excluidos y desconocidos", "en": "Left out and unknown"},
    "standings": {"es": "Cifras por condición", "en": "Figures by standing"},
    "hidden": {"es": "Cifras ocultas por regla", "en": "Figures hidden by rule"},
    "join": {"es": "Cruce con los mapas", "en": "Fit with the maps"},
    "matched": {"es": "Códigos que coinciden", "en": "Codes that match"},
    "only_figures": {"es": "Códigos sin polígono", "en": "Codes without a polygon"},
    "only_boundaries": {"es": "Polígonos sin cifras", "en": "Polygons without figures"},
    "padded": {"es": "Códigos completados con ceros", "en": "Codes that got leading zeros"},
    "names_differ": {"es": "Nombres que difieren", "en": "Names that differ"},
    "breaks": {"es": "Comparabilidad", "en": "Comparability"}, "from_period": {"es": "Ruptura desde", "en": "Break "
               "from"}, "notices": {"es": "Avisos", "en": "Notices"},
    "sort": {"es": "Tipo", "en": "Kind"}, "title": {"es": "Título", "en": "Title"},
    "weight": {"es": "Peso", "en": "Weight"}, "weight_percent": {"es": "Peso (%)", "en": "Weight (%)"},
    "text": {"es": "Descripción", "en": "Description"}, "rule": {"es": "Regla, como está escrita", "en": "Rule, as "
             "written"}, "column": {"es": "Columna", "en": "Column"},
    "eligible": {"es": "Población elegible: {rule}", "en": "Eligible members: {rule}"},
    "nobody": {"es": "Hogar sin elegibles: {verdict}", "en": "Household without any: {verdict}"},
    "deprived": {"es": "privado", "en": "deprived"}, "not_deprived": {"es": "no privado", "en": "not deprived"},
    "unknown": {"es": "desconocido", "en": "unknown"},
    "monitor": {"es": "Solo seguimiento, fuera del puntaje", "en": "Monitored only, not in the score"},
    "cutoff": {"es": "Punto de corte", "en": "Cutoff"}, "official": {"es": "oficial", "en": "official"},
    "own_cutoff": {"es": "el de la medida", "en": "the measure's own"},
    "act": {"es": "Acto que las hace oficiales", "en": "Act that makes them official"},
    "poor_if": {"es": "Pobre si el puntaje de privación es {sign} {k}", "en": "Poor if the deprivation score is "
                "{sign} {k}"},
    "universe": {"es": "Universo", "en": "Universe"}, "publisher": {"es": "Entidad", "en": "Publisher"},
    "edition": {"es": "Edición", "en": "Edition"}, "status": {"es": "Estado de las cifras", "en": "Status of the "
                "figures"}, "released": {"es": "Fecha de publicación", "en": "Released"},
    "licence": {"es": "Licencia", "en": "Licence"}, "citation": {"es": "Cómo citar", "en": "How to cite"},
    "measure": {"es": "Medida", "en": "Measure"}, "source": {"es": "Fuente", "en": "Source"},
    "survey": {"es": "Encuesta {period}", "en": "Survey {period}"},
    "level": {"es": "Nivel de confianza", "en": "Confidence level"},
    "reliability": {"es": "Reglas de confiabilidad", "en": "Reliability rules"},
    "rules": {"es": "Reglas de confidencialidad", "en": "Disclosure rules"},
    "version": {"es": "Versión de {name}", "en": "Version of {name}"},
    "provisional": {"es": "provisionales", "en": "provisional"}, "final": {"es": "definitivas", "en": "final"},
    "study": {"es": "Publicación", "en": "Publication"}, "k": {"es": "k", "en": "k"},
}  # fmt: skip
NOTES: Mapping[str, Mapping[Language, str]] = {
    "marks": {"es": "Marcas: {marks}. n: casos de la muestra sin ponderar.",
              "en": "Marks: {marks}. n: cases of the sample, unweighted."},
    "intervals": {"es": "LI, LS: límites del intervalo de confianza del {level} %. CV: coeficiente de variación. Las "
                  "celdas guardan todas las cifras decimales.",
                  "en": "Lower, Upper: limits of the {level}% confidence interval. CV: coefficient of variation. "
                  "Cells hold every decimal digit."},
    "at_cutoff": {"es": "Punto de corte k = {k}.", "en": "Cutoff k = {k}."},
    "small": {"es": "Total y dominios de hasta {most} categorías.", "en": "Total, and domains of up to {most} "
              "categories."},
    "tested": {"es": "Significativo: el valor p (corregido si se pidió) es menor que {alpha}. La marca es la peor de "
                "las dos estimaciones.",
                "en": "Significant: the p-value (corrected if asked for) is below {alpha}. The mark is the worse of "
                "both estimates."},
    "left_out": {"es": "No se incluye «{title}»: {why}.", "en": "“{title}” is left out: {why}."},
    "no_data": {"es": "La tabla ordenada tiene {rows} filas, más que las {most} que esta hoja admite: está en "
                "results.parquet y results.csv.",
                "en": "The tidy table has {rows} rows, more than the {most} that this sheet takes: it is in "
                "results.parquet and results.csv."},
    "from_source": {"es": "Fuente: {publisher}, {surveys}. Cifras {status}, publicadas el {released}.",
               "en": "Source: {publisher}, {surveys}. Figures {status}, released on {released}."},
    "applied": {"es": "Reglas de confidencialidad aplicadas: {name}.", "en": "Disclosure rules applied: {name}."},
}  # fmt: skip


def say(word: str, language: Language, **filled: str) -> str:
    """A word or sentence in a language, with what it is about."""
    found = (WORDS.get(word) or NOTES[word])[language]
    return found.format(**filled) if filled else found


def marks_note(meanings: Mapping[str, str], language: Language) -> str:
    """What the marks mean in a publication, in one line."""
    told = [f"{mark} {meanings[standing]}" for standing, mark in MARKS.items() if mark]
    return NOTES["marks"][language].format(marks="; ".join(told))
