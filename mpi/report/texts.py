"""Every fixed text of the report in both languages; texts with numbers in them are in `sentences`."""

from __future__ import annotations

from collections.abc import Mapping

from mpi.vocabulary.wording import Language

# name: (Spanish, English)
TEXTS: Mapping[str, tuple[str, str]] = {
    # the page
    "skip": ("Ir al contenido", "Skip to the content"),
    "contents": ("Contenido", "Contents"),
    "table": ("Tabla", "Table"),
    "figure": ("Gráfico", "Figure"),
    "see_table": ("Cifras del gráfico:", "Figures of the chart:"),
    "left_out": ("No se incluye «{title}»: {why}.", "“{title}” is left out: {why}."),
    "marks": ("Signos:", "Marks:"),
    "period": ("Período", "Period"),
    "universe": ("Universo", "Universe"),
    "edition": ("Edición", "Edition"),
    "publisher": ("Entidad", "Publisher"),
    "released": ("Fecha de publicación", "Date of release"),
    "status": ("Estado de las cifras", "Status of the figures"),
    "provisional": ("Provisional", "Provisional"),
    "final": ("Definitivo", "Final"),
    "provisional_note": ("Las cifras son provisionales y pueden cambiar en una edición posterior.",
                         "The figures are provisional and may change in a later edition."),
    "measure": ("Medida", "Measure"),
    "licence": ("Licencia", "Licence"),
    "survey": ("Encuesta", "Survey"),
    "code": ("Código", "Code"),
    # sections
    "s_key": ("Cifras principales", "Key figures"),
    "s_map": ("Mapas", "Maps"),
    "s_indicators": ("Privaciones por indicador", "Deprivations by indicator"),
    "s_domains": ("Resultados por dominio", "Results by domain"),
    "s_changes": ("Cambios en el tiempo", "Changes over time"),
    "s_robustness": ("Robustez frente a la línea de pobreza k", "Robustness to the poverty cutoff k"),
    "s_quality": ("Calidad de las cifras", "Quality of the figures"),
    "s_definition": ("Definición de la medida", "Definition of the measure"),
    "s_reproduction": ("Reproducibilidad y cita", "Reproducibility and citation"),
    # columns
    "estimate": ("Valor", "Value"),
    "interval": ("IC {level} %", "{level}% CI"),
    "cv": ("CV, %", "CV, %"),
    "unit": ("Unidad", "Unit"),
    "figure_of": ("Concepto", "Statistic"),
    "indicator": ("Indicador", "Indicator"),
    "dimension": ("Dimensión", "Dimension"),
    "weight": ("Peso", "Weight"),
    "weight_exact": ("Peso exacto", "Exact weight"),
    "contribution_absolute": ("Contribución a M0", "Contribution to M0"),
    "contribution_percent": ("Contribución, % de M0", "Contribution, % of M0"),
    "domain": ("Dominio", "Domain"),
    "n": ("n", "n"),
    "H_percent": ("H, %", "H, %"),
    "A_percent": ("A, %", "A, %"),
    "M0": ("M0", "M0"),
    "population_percent": ("% de la población", "% of population"),
    "total": ("Total", "Total"),
    "areas": ("Grupos", "Groups"),
    "class_H": ("Clase de H, %", "Class of H, %"),
    "not_shown_class": ("no se muestra", "not shown"),
    "undefined_class": ("sin dato", "no figure"),
    "highest": ("H más alta", "Highest H"),
    "lowest": ("H más baja", "Lowest H"),
    "points": ("puntos porcentuales", "percentage points"),
    "change_points": ("Cambio, p. p.", "Change, pp"),
    "change_index": ("Cambio", "Change"),
    "p": ("Valor p", "p-value"),
    "significant": ("¿Significativo?", "Significant?"),
    "yes": ("sí", "yes"),
    "no": ("no", "no"),
    "cutoff": ("Línea k", "Cutoff k"),
    "official": ("oficial", "official"),
    "own_cutoff": ("la de la medida", "the measure's own"),
    "act": ("Acto que las hace oficiales", "Act that makes them official"),
    "score": ("Puntaje", "Score"),
    "share_percent": ("% de {unit}", "% of {unit}"),
    "bundle": ("Privaciones", "Deprivations"),
    "rule": ("Regla", "Rule"),
    "rows": ("Cifras", "Figures"),
    "mark": ("Signo", "Mark"),
    "meaning": ("Significado", "Meaning"),
    "no_mark": ("sin signo", "no mark"),
    "unknown_percent": ("Desconocido, % de personas", "Unknown, % of persons"),
    "unknown_percent_households": ("Desconocido, % de hogares", "Unknown, % of households"),
    "treatment": ("Tratamiento", "Treatment"),
    "file": ("Archivo", "File"),
    "software": ("Programa", "Software"),
    "version": ("Versión", "Version"),
    # quality
    "q_sample": ("La muestra", "The sample"),
    "q_precision": ("Precisión", "Precision"),
    "q_missing": ("Datos desconocidos", "Unknown data"),
    "q_disclosure": ("Confidencialidad estadística", "Disclosure control"),
    "q_join": ("Unión con los mapas", "Join with the maps"),
    "q_notices": ("Avisos del cálculo", "Notices of the computation"),
    "q_notices_language": ("Otros avisos, que el programa solo da en inglés:", "Other notices:"),
    "sampled_persons": ("Personas en la muestra", "Persons in the sample"),
    "sampled_households": ("Hogares en la muestra", "Households in the sample"),
    "represented": ("Personas representadas", "Persons represented"),
    "strata": ("Estratos", "Strata"),
    "psus": ("Unidades primarias de muestreo (UPM)", "Primary sampling units (PSUs)"),
    "df": ("Grados de libertad (H, total)", "Degrees of freedom (H, total)"),
    "survey_note": ("Nota de la encuesta", "Note of the survey"),
    "deff": ("Efecto de diseño (H, total)", "Design effect (H, total)"),
    "cv_H": ("Coeficiente de variación de H, %", "Coefficient of variation of H, %"),
    "excluded_persons": ("Personas excluidas, %", "Persons left out, %"),
    "zero_weight": ("Filas con factor de expansión cero", "Rows with a weight of zero"),
    "matched": ("Códigos unidos", "Codes joined"),
    "only_figures": ("Con cifras y sin polígono", "With figures, without a polygon"),
    "only_boundaries": ("Con polígono y sin cifras", "With a polygon, without figures"),
    "padded": ("Códigos completados con ceros", "Codes padded with zeros"),
    "names_differ": ("Nombres que difieren", "Names that differ"),
    "boundaries": ("Límites", "Boundaries"),
    # definition
    "d_words": ("En palabras", "In words"),
    "d_written": ("Como está en la configuración", "As written in the configuration"),
    "d_note": ("Nota", "Note"),
    "d_legal": ("Base legal", "Legal basis"),
    "d_source": ("Fuente de la medida", "Source of the measure"),
    "d_identification": ("Unidad de identificación", "Unit of identification"),
    "d_cutoffs": ("Líneas de pobreza k", "Poverty cutoffs k"),
    "d_missing": ("Datos desconocidos", "Unknown data"),
    "d_monitor": ("Se reporta, pero no entra en el puntaje.", "Reported, but not part of the score."),
    "d_weights": ("Dimensiones, indicadores y pesos", "Dimensions, indicators and weights"),
    "d_indicators": ("Indicadores", "Indicators"),
    "d_variables": ("Variables derivadas", "Derived variables"),
    "d_variables_note": ("Los indicadores leen estas variables, que la medida deriva con las reglas siguientes.",
                         "The indicators read these variables, which the measure derives by the rules below."),
    "d_name": ("Variable", "Variable"),
    "household": ("hogar: todos sus miembros son pobres o ninguno", "household: all of its members are poor, or none"),
    "person": ("persona", "person"),
    # reproduction
    "r_cite": ("Cómo citar", "How to cite"),
    "r_licence": ("Licencia", "Licence"),
    "r_run": ("Cómo reproducir estas cifras", "How to reproduce these figures"),
    "r_command": ("Orden", "Command"),
    "r_versions": ("Versiones", "Versions"),
    "r_inputs": ("Archivos de entrada", "Input files"),
    "r_files": ("Archivos que acompañan este informe", "Files that come with this report"),
    "workbook": ("Anexo en Excel", "Workbook"),
    "interactive": ("Mapa interactivo", "Interactive map"),
    "results": ("Resultados para programas", "Results for machines"),
}  # fmt: skip
TREATMENTS: Mapping[str, tuple[str, str]] = {
    "exclude": (
        "La unidad con un puntaje desconocido sale de todas las cifras y se cuenta como excluida.",
        "A unit whose score is not known leaves all figures and is counted as left out.",
    ),
    "reweight": (
        "Los demás indicadores de la dimensión toman el peso del indicador desconocido.",
        "The other indicators of the dimension take over the weight of the unknown one.",
    ),
    "deprived": ("Lo desconocido cuenta como privación.", "What is unknown counts as a deprivation."),
    "not_deprived": ("Lo desconocido cuenta como no privación.", "What is unknown counts as no deprivation."),
}
INDICATOR_TREATMENTS: Mapping[str, tuple[str, str]] = {
    "unknown": ("como la medida", "as the measure says"),
    "deprived": ("cuenta como privación", "counts as deprived"),
    "not_deprived": ("cuenta como no privación", "counts as not deprived"),
}
NOBODY: Mapping[str, tuple[str, str]] = {
    "deprived": ("con privación", "deprived"),
    "not_deprived": ("sin privación", "not deprived"),
    "unknown": ("desconocido", "unknown"),
}


def words(pair: tuple[str, str], language: Language) -> str:
    """The text of a pair in a language."""
    return pair[0] if language == "es" else pair[1]


def texts(language: Language) -> dict[str, str]:
    """All fixed texts of a language by name."""
    return {name: words(pair, language) for name, pair in TEXTS.items()}
