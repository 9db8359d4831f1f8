"""Notices in Spanish: a catalogue of the texts that the program gives, by code, with what they quote filled in.

The program writes its notices in English, where they arise. A Spanish publication prints these; a text that the
catalogue lacks stays in English and is said to be so.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache

from mpi.errors import Notice
from mpi.errors.omissions import REASONS
from mpi.vocabulary.wording import THIN_SPACE, Language

# By code the English text with what it quotes in braces, and the Spanish one. A code may have several texts.
SPANISH: Mapping[str, tuple[tuple[str, str], ...]] = {
    "MPI-N001": (
        ("{file}: read as {coding}, {sign} between columns, decimal {mark}, thousands {other}",
         "{file}: leído como {coding}, con {sign} entre columnas, signo decimal {mark} y de miles {other}"),
        ("{file}: read as {coding}, {sign} between columns, decimal {mark}",
         "{file}: leído como {coding}, con {sign} entre columnas y signo decimal {mark}"),
    ),
    "MPI-N002": (
        ("no domain {name}: the files have no column {columns}",
         "sin el dominio {name}: los archivos no tienen la columna {columns}"),
    ),
    "MPI-N003": (
        ("{n} household have weight 0: their PSUs count, but the households do not",
         "{n} hogar tiene factor de expansión 0: cuenta su UPM, él no"),
        ("{n} households have weight 0: their PSUs count, but the households do not",
         "{n} hogares tienen factor de expansión 0: cuentan sus UPM, ellos no"),
    ),
    "MPI-N004": (
        ("{name} deprives no unit: is its rule right for these codes?",
         "{name} no priva a ninguna unidad: ¿es correcta su regla para estos códigos?"),
        ("{name} deprives every unit: is its rule right for these codes?",
         "{name} priva a todas las unidades: ¿es correcta su regla para estos códigos?"),
    ),
    "MPI-N005": (("{name} is unknown for every unit", "{name} es desconocido en todas las unidades"),),
    "MPI-N006": (
        ("{share} of the persons are left out: an indicator is unknown for them",
         "el {share} de las personas queda excluido: se desconoce algún indicador suyo"),
        ("{share} of the households are left out: an indicator is unknown for them",
         "el {share} de los hogares queda excluido: se desconoce algún indicador suyo"),
        ("{share} of the persons (weighted) are left out: an indicator is unknown for them",
         "el {share} de las personas (ponderado) queda excluido: se desconoce algún indicador suyo"),
        ("{share} of the households (weighted) are left out: an indicator is unknown for them",
         "el {share} de los hogares (ponderado) queda excluido: se desconoce algún indicador suyo"),
    ),
    "MPI-N007": (
        ("k={k} is just above the score {score}: {n} with that score are not poor",
         "k = {k} está apenas por encima del puntaje {score}: no cuentan como pobres {n} con ese puntaje"),
        ("{weights} rounded: with {exact}, {out} not poor at k={k} would be and {in_} poor at k={k2} would not be;"
         " write fractions such as 1/3",
         "hay pesos o líneas que parecen redondeados y deciden quién es pobre con k = {k} (con los exactos pasan a"
         " serlo: {out}; dejan de serlo: {in_}): escriba fracciones como 1/3"),
        ("{weights} rounded: with {exact}, {out} not poor at k={k} would be; write fractions such as 1/3",
         "hay pesos o líneas que parecen redondeados y deciden quién es pobre con k = {k} (con los exactos pasan a"
         " serlo: {out}): escriba fracciones como 1/3"),
        ("{weights} rounded: with {exact}, {in_} poor at k={k} would not be; write fractions such as 1/3",
         "hay pesos o líneas que parecen redondeados y deciden quién es pobre con k = {k} (con los exactos dejan de"
         " serlo: {in_}): escriba fracciones como 1/3"),
        ("{looks} rounded, which can decide who is poor at k={k}; write fractions such as 1/3",
         "hay pesos o líneas que parecen redondeados, lo que puede decidir quién es pobre con k = {k}: escriba"
         " fracciones como 1/3"),
    ),
    "MPI-N008": (
        ("the mean weight in {high} is {n} times that in {low}: are they in one unit?",
         "el factor de expansión medio de {high} es {n} veces el de {low}: ¿están en la misma unidad?"),
    ),
    "MPI-N009": (
        ("the variance comes from replicate weights: {keys} of the design are not used",
         "la varianza viene de los pesos replicados: no se usan {keys} del diseño"),
    ),
    "MPI-N010": (
        ("in {n} estimates some replicates have a denominator of 0 and are left out of the variance: see `note`",
         "en {n} estimaciones algunas réplicas no dejan a nadie por quien dividir y no entran en la varianza: véase"
         " `note`"),
        ("in {n} estimate some replicates have a denominator of 0 and are left out of the variance: see `note`",
         "en {n} estimación algunas réplicas no dejan a nadie por quien dividir y no entran en la varianza: véase"
         " `note`"),
    ),
    "MPI-N011": (
        ("the rounds were not judged by the same rules: {names}; declared harmonised under {measure}",
         "las rondas no se juzgaron con las mismas reglas: {names}; se declararon armonizadas con {measure}"),
    ),
    "MPI-N012": (("break of the series at {period}: {why}", "ruptura de la serie en {period}: {why}"),),
    "MPI-N020": (
        ("{n} of {all} figure of {period} (persons) are hidden: {rules}",
         "se oculta {n} de {all} cifra de {period} (personas): {rules}"),
        ("{n} of {all} figures of {period} (persons) are hidden: {rules}",
         "se ocultan {n} de {all} cifras de {period} (personas): {rules}"),
        ("{n} of {all} figures of {period} (households) are hidden: {rules}",
         "se ocultan {n} de {all} cifras de {period} (hogares): {rules}"),
    ),
    "MPI-N021": (
        ("{n} change of {all} are hidden because the rounds have no figures by these domains and cutoffs, which the"
         " rules could judge",
         "se oculta {n} cambio de {all} porque las rondas no tienen cifras por estos dominios y líneas que las reglas"
         " puedan juzgar"),
        ("{n} changes of {all} are hidden because the rounds have no figures by these domains and cutoffs, which the"
         " rules could judge",
         "se ocultan {n} cambios de {all} porque las rondas no tienen cifras por estos dominios y líneas que las"
         " reglas puedan juzgar"),
    ),
    "MPI-N024": (
        ("the map of {domain} does not recompute: units with unknown indicators have weights of their own",
         "el mapa de {domain} no recalcula: las unidades con indicadores desconocidos tienen pesos propios"),
        ("the map of {domain} does not recompute: the disclosure rules {rules} let no map carry combinations of"
         " deprivations",
         "el mapa de {domain} no recalcula: las reglas de confidencialidad {rules} no dejan que un mapa lleve"
         " combinaciones de privaciones"),
        ("the map of {domain} does not recompute: {n} with fewer than {least} would show what all or none of them lack",
         "el mapa de {domain} no recalcula: {n} con menos de {least} dejarían ver lo que falta a todos o a ninguno"),
        ("the map of {domain} does not recompute: {why} or {households} in their area",
         "el mapa de {domain} no recalcula: hay combinaciones de privaciones que se apoyan en muy pocos hogares o"
         " personas de su área"),
    ),
    "MPI-N030": (("while reading: {remark}", "al leer: {remark}"),),
    "MPI-N031": (
        ("the file says its coordinates are {own}; the study says {other}, which is used",
         "el archivo dice que sus coordenadas son {own}; el estudio dice {other}, que es lo que se usa"),
    ),
    "MPI-N032": (
        ("{n} crossed themselves and were mended: {codes}",
         "{n} se cruzaban a sí mismos y se corrigieron: {codes}"),
    ),
    "MPI-N033": (
        ("the borders of {n} overlap their neighbours', or do not meet them: {codes}; they stay so on the map",
         "los bordes de {n} se traslapan con los de sus vecinos o no los tocan: {codes}; así quedan en el mapa"),
    ),
    "MPI-N034": (
        ("the map is not in metres: it gets no scale bar, and far from the equator its shapes are stretched; set"
         " `projection:`",
         "el mapa no está en metros: no lleva escala gráfica y, lejos del ecuador, sus formas se deforman; indique"
         " `projection:`"),
    ),
    "MPI-N120": (
        ("{name} lowers the floor below which nothing is better than review to {df} degrees of freedom and {units}"
         " sampled units: {because}",
         "{name} baja a {df} grados de libertad y {units} unidades de la muestra el mínimo sin el cual ninguna cifra"
         " pasa de poco confiable: {because}"),
    ),
    "MPI-N121": (
        ("the time of {rounds} is not known: rounds in the order given, no changes per year",
         "no se conoce la fecha de {rounds}: las rondas van en el orden dado y no hay cambios por año"),
    ),
    "MPI-N130": (
        ("keys of {table} are stored as decimal numbers, and all are whole: {columns}",
         "las claves de {table} están guardadas como números decimales y todas son enteras: {columns}"),
    ),
    "MPI-N140": (
        ("{n} without a shape: {codes}", "{n} sin polígono: {codes}"),
        ("{n} without a code", "{n} sin código"),
        ("{n} other than polygons: {codes}", "{n} que no son polígonos: {codes}"),
        ("{n} of another width: {codes}", "{n} de otra longitud: {codes}"),
        ("{n} area was put together from several rows: {codes}", "{n} área se formó con varias filas: {codes}"),
        ("{n} areas were put together from several rows: {codes}", "{n} áreas se formaron con varias filas: {codes}"),
    ),
    "MPI-N141": (
        ("column {name} is in {table} and {other} with the same values: that of {table2} is taken",
         "la columna {name} está en {table} y en {other} y dice lo mismo en ambas: se toma la de {table2}"),
    ),
    "MPI-N170": (
        ("left out, because {why}: {parts}", "se omite, porque {why}: {parts}"),
    ),
    "MPI-N172": (
        ("{domain}: {n} with characters that no document can contain, such as control characters; each is written as"
         " its number, as {example}",
         "{domain}: {n} con caracteres que ningún documento admite, como los de control; cada uno se escribe con su"
         " número, como {example}"),
    ),
    "MPI-N171": (
        ("{part} is left out by a fault of the program ({where}); please report it; everything else is written",
         "{part} se omite por una falla del programa ({where}); por favor, repórtela; todo lo demás está escrito"),
    ),
    "MPI-N142": (
        ("`where` of {table} leaves out {n} of {rows}", "el `where` de {table} deja fuera {n} de {rows}"),
        ("{n} have no person inside: they are left out, too", "{n} sin personas dentro: también quedan fuera"),
        ("{n} without a household inside stay in the design, with zeros",
         "{n} sin hogares dentro: siguen en el diseño, con ceros"),
        ("{n} outside have no known place in the design, and are left out of it",
         "{n} de fuera, sin lugar conocido en el diseño: salen de él"),
    ),
    "MPI-N143": (
        ("{n} of {rows} have no row in the module {name}: unknown there",
         "{n} de {rows} no tienen fila en el módulo {name}: allí se desconocen"),
    ),
    "MPI-N210": (
        ("indicators without words in {language}, of which the rule alone is printed: {names}",
         "indicadores sin texto en {language}, de los que se imprime solo la regla: {names}"),
    ),
    "MPI-N160": (
        ("texts without {language}, printed as they are: {names}",
         "textos sin {language}, que se imprimen como están: {names}"),
    ),
}  # fmt: skip
# Counted nouns and words inside what a notice quotes.
WORDS: Mapping[str, str] = {
    "areas": "áreas", "area": "área", "shapes": "polígonos", "shape": "polígono", "households": "hogares",
    "household": "hogar", "persons": "personas", "person": "persona", "comma": "coma", "semicolon": "punto y coma",
    "codes": "códigos", "code": "código", "rows": "filas", "row": "fila",
    "sampling units": "unidades de muestreo", "sampling unit": "unidad de muestreo",
    "tab": "tabulador", "the changes": "los cambios", "Spanish": "español",
    "English": "inglés",
}  # fmt: skip
RULE_NAMES: Mapping[str, str] = {
    "small_base": "base pequeña", "small_numerator": "pocos casos", "all_or_none": "todos o ninguno",
    "small_difference": "pocos casos entre dos líneas", "complementary": "se deduciría otra cifra",
    "hidden_round": "una ronda oculta", "not_judged": "sin juzgar", "precision": "precisión",
}  # fmt: skip
_COUNTED = re.compile(
    rf"(\d[\d{THIN_SPACE}]*) (areas?|shapes?|codes?|rows?|households?|persons?|sampling units?)( that (is|are))?"
)
_SLOT = re.compile(r"\\{(\w+)\\}")


def said(notice: Notice, language: Language) -> tuple[str, Language]:
    r"""The text of a notice in a language, and the language it came out in.

    Examples
    --------
    >>> said(Notice("MPI-N006", "9.9% of the persons are left out: an indicator is unknown for them"), "es")
    ('el 9,9\u202f% de las personas queda excluido: se desconoce algún indicador suyo', 'es')
    >>> said(Notice("MPI-N006", "something new"), "es")
    ('something new', 'en')
    """
    if language == "en":
        return notice.text, "en"
    for english, spanish in SPANISH.get(notice.code, ()):
        found = _pattern(english).fullmatch(notice.text)
        if found is not None:
            return spanish.format(**{name: _quoted(text) for name, text in found.groupdict().items()}), "es"
    return notice.text, "en"


@cache
def _pattern(english: str) -> re.Pattern[str]:
    return re.compile(_SLOT.sub(r"(?P<\1>.+?)", re.escape(english)), re.DOTALL)


def _quoted(text: str) -> str:
    """What a notice quotes, with Spanish numbers, nouns and names of rules."""
    text = re.sub(r"(?<![\w.])(\d{1,3}(?:,\d{3})+)(?![\w])", lambda match: match[1].replace(",", THIN_SPACE), text)
    text = re.sub(r"(?<![\w./])(\d+)\.(\d+)%", rf"\1,\2{THIN_SPACE}%", text)
    text = re.sub(r"(?<![\w./,])(\d+)%", rf"\1{THIN_SPACE}%", text)
    text = re.sub(r"\band (\d+) more\b", r"y \1 más", text)
    text = re.sub(r"(?<=['),]) and (?=')", " y ", text)
    if text in WORDS:
        return WORDS[text]
    for both in REASONS.values():
        found = _pattern(both["en"]).fullmatch(text)
        if found is not None:
            return both["es"].format(**found.groupdict())
    noun = _COUNTED.fullmatch(text)
    if noun is not None:
        return f"{noun[1]} {WORDS[noun[2]]}"
    return re.sub(r"\b(" + "|".join(RULE_NAMES) + r")\b", lambda match: RULE_NAMES[match[1]], text)
