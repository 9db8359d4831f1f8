"""The demo's published map: figures of a table, drawn without microdata, beside a census that is held against them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from mpi.choropleth import TableMap, make_map
from mpi.choropleth.given import Given
from mpi.comparing import Comparison, compare
from mpi.config.mappings import load_mapping
from mpi.estimates.forms import as_csv
from mpi.language import Language, Phrase, number_phrase, phrase, translated
from mpi.publication.model import Publication
from mpi.runs.index_page import INDEX, Link, file_entry, heading, index_page, links
from mpi.runs.table_map import PAGE, write_table_map
from mpi.vocabulary.options import USUAL_LANGUAGES
from mpi.vocabulary.wording import title_in

TABLE, BOUNDARIES, DOMAIN = "published/ipm_municipal_2018", "colombia_municipios", "municipio"
CENSUS, COMPARED = "census.csv", "comparison.csv"
FILES = {
    PAGE: (
        translated("Interactive map of the published figures"),
        translated("Drawn from a table, without microdata; opens in a browser without a network."),
    ),
    COMPARED: (
        translated("Comparison"),
        translated("Each published figure beside that of the census, at the published rounding."),
    ),
    CENSUS: (translated("The figures of the census"), translated("What was held against the published ones.")),
    "manifest.json": (
        translated("How it was made"),
        translated("Inputs, rules and versions, with the checksum of every file; `mpi verify` checks them."),
    ),
}


def write_published(
    publication: Publication, data: Path, out: Path, beside: Sequence[Link], command: Sequence[str]
) -> dict[str, str]:
    """Write the folder of the published map with its comparison; what is opened first.

    Parameters
    ----------
    publication : Publication
        Of the census, which has a map of the same boundaries.
    data : Path
        Folder of the sample data.
    out : Path
        That of an earlier demo is replaced.
    beside : sequence of Link
        The other folders.
    command : sequence of str
        For the manifest.
    """
    table = data / f"{TABLE}.csv"
    mapping = load_mapping(data / f"{TABLE}.yaml")
    areas = next((one.areas for one in publication.maps if one.spec.domain == DOMAIN), None)
    made = make_map(table, BOUNDARIES, Given(), mapping=mapping, languages=USUAL_LANGUAGES, read=areas)

    def more(target: Path) -> None:
        (target / CENSUS).write_bytes(as_csv(_of_areas(publication)))
        # The census's map is of whole municipalities: seats and the rest are no rows of it.
        found = compare(target / CENSUS, table, mapping=replace(mapping, values=mapping.values[:1]))
        (target / COMPARED).write_bytes(as_csv(found.table))
        text = index_page(_title(made, made.languages[0]), made.languages, lambda one: _part(made, found, beside, one))
        (target / INDEX).write_text(text, encoding="utf-8", newline="\n")

    told = write_table_map(made, out, overwrite=True, pictures=False, command=command, more=more)
    return {INDEX: phrase("start here: what is in this folder"), **told}


def _of_areas(publication: Publication) -> pa.Table:
    """H of the census by area, at the measure's own cutoff."""
    table = publication.figures.table
    others = [name for name in publication.figures.domains if name != DOMAIN]
    chosen = pc.and_(pc.equal(table["statistic"], "H"), pc.is_valid(table[DOMAIN]))
    chosen = pc.and_(chosen, pc.equal(table["k"], publication.study.cutoffs[0].text))
    for name in others:
        chosen = pc.and_(chosen, pc.is_null(table[name]))
    return table.filter(chosen).drop_columns(others)


def _title(made: TableMap, language: Language) -> str:
    return title_in(made.title, language, "")


def _part(made: TableMap, found: Comparison, beside: Sequence[Link], language: Language) -> str:
    """The page that leads to the files, in one language."""
    source, note = made.texts.source[language], made.texts.note[language]
    lead = f"{made.captions[made.layers[0].name].finding[language]}. {_compared(found.counts).to(language)}"
    files = "".join(file_entry(name, *(text[language] for text in texts)) for name, texts in FILES.items())
    top = heading(
        title=_title(made, language), lead=lead, lines=[source, note], languages=made.languages, language=language
    )
    return f'{top}<ul class="files">\n{files}</ul>\n{links(beside, language)}'


def _compared(counts: Mapping[str, int]) -> Phrase:
    if not counts["off"]:
        return phrase(
            "All {all:,} figures of the synthetic census equal the published ones as rounded.", all=counts["equal"]
        )
    return number_phrase(
        counts["off"],
        "Of {all:,} figures of the synthetic census, {equal:,} equal the published ones as rounded, {number} does not.",
        "Of {all:,} figures of the synthetic census, {equal:,} equal the published ones as rounded, {number:,} do not.",
        all=counts["equal"] + counts["off"],
        equal=counts["equal"],
    )
