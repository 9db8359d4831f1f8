"""The estimates of a publication as SDMX-CSV 2.0, in codes that its structure message explains.

Comes in: a publication. Goes out: a table of texts and numbers with the columns of the standard, and the codes that
occur in it. Disclosure and reliability rules have been applied before: a hidden figure is an observation without a
value, with the status that says why.

References
----------
SDMX Technical Working Group, SDMX-CSV 2.0 field guide (SDMX 3.0). SDMX code lists CL_OBS_STATUS and CL_CONF_STATUS.
"""

from __future__ import annotations

import gzip
import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa

from mpi.columns import arrow
from mpi.columns.values import Floats
from mpi.errors.omissions import unmade
from mpi.publication.model import Publication
from mpi.tables.writing import ROWS, SHEET_BYTES, SHEET_ROWS
from mpi.vocabulary.statistics import DEFINITIONS, Form
from mpi.vocabulary.wording import digits_of

TOTAL, NONE = "_T", "_Z"  # of all groups; where a figure has no such part
PARTS = {"STATISTIC": "statistic", "DIMENSION": "dimension", "INDICATOR": "indicator", "COUNTED": "unit", "CUTOFF": "k"}
NUMBERS = {
    "STD_ERROR": "se", "LOWER_BOUND": "ci_low", "UPPER_BOUND": "ci_high", "CV": "cv", "DF": "df", "SAMPLE_SIZE": "n",
}  # fmt: skip
SCALED = ("estimate", "se", "ci_low", "ci_high")  # in percent where the estimate is
TEXTS = ("OBS_STATUS", "CONF_STATUS", "UNIT_MEASURE", "UNIT_MULT", "DECIMALS", "STANDING")
# Of an observation by its standing: normal, low reliability, suppressed, and a value that cannot exist.
STATUS: Mapping[str, str] = {
    "shown": "A", "unjudged": "A", "caution": "U", "review": "U", "hidden": "Q", "undefined": "M",
}  # fmt: skip
PROVISIONAL = "P"
# Of a hidden one by the rule that hides it: primary for its own count, secondary, withheld for its precision.
CONFIDENTIAL: Mapping[str, str] = {"complementary": "D", "precision": "N"}
PRIMARY, FREE = "A", "F"
LINE = 150  # about so many bytes has a row
_PERIOD = re.compile(r"\d{4}(-(0[1-9]|1[0-2])(-\d{2})?|-(Q[1-4]|S[12]))?")
_SURVEY_YEAR = re.compile(r"(\d{4})[/-](\d{2}|\d{4})")


@dataclass(frozen=True, slots=True, kw_only=True)
class Names:
    """What the structure of a publication is called.

    Attributes
    ----------
    agency, flow : str
        Who maintains it, and the data flow; both are names of SDMX.
    domains : mapping of str to str
        The dimension of each domain.
    """

    agency: str
    flow: str
    domains: Mapping[str, str]

    @property
    def reference(self) -> str:
        """Agency, name and version, as urns and SDMX-CSV have it."""
        return f"{self.agency}:{self.flow}({VERSION})"


VERSION = "1.0.0"


def names_of(publication: Publication) -> Names:
    """The names of a publication's structure: from its study, and from its domains."""
    study = publication.study
    taken = {*PARTS, *NUMBERS, *TEXTS, "FREQ", "TIME_PERIOD", "OBS_VALUE"}
    domains = {}
    for name in publication.figures.domains:
        own = _identifier(name)
        while own in taken:
            own += "_"
        taken.add(own)
        domains[name] = own
    return Names(agency=_identifier(study.agency or study.name), flow=_identifier(study.name), domains=domains)


def _identifier(text: str) -> str:
    """A name of SDMX: a letter, then letters, digits and underscores.

    Examples
    --------
    >>> _identifier("año_2"), _identifier("_x")
    ('ANO_2', 'X_x')
    """
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().upper()
    plain = re.sub(r"[^A-Z0-9_]", "_", plain)
    return plain if plain[:1].isalpha() else f"X{plain.lower()}"


def code_of(text: str) -> str:
    """A code as SDMX can have it: other signs by their number, between dollars.

    Examples
    --------
    >>> code_of("05"), code_of("San Andrés"), code_of("_T")
    ('05', 'San$20$Andr$e9$s', '$5f$T')
    """
    plain = re.sub(r"[^A-Za-z0-9_-]", lambda found: f"${ord(found[0]):x}$", text)
    first = plain[:1]
    return f"${ord(first):x}${plain[1:]}" if first in ("_", "-") else plain or "$$"


def cutoff_code(text: str) -> str:
    """The code of a cutoff.

    Examples
    --------
    >>> cutoff_code("1/3"), cutoff_code(">2/5")
    ('1_3', 'GT_2_5')
    """
    return text.replace(">", "GT_").replace("/", "_")


def time_of(period: str) -> str:
    """A period as SDMX writes it; a year of a survey that begins in one and ends in the next is both years.

    Examples
    --------
    >>> time_of("2025"), time_of("2025-Q1"), time_of("2010/11")
    ('2025', '2025-Q1', '2010-01-01/P2Y')

    Raises
    ------
    UnmadeError
        If it is written otherwise.
    """
    if _PERIOD.fullmatch(period):
        return period
    two = _SURVEY_YEAR.fullmatch(period)
    if two is not None and two[2] in (f"{int(two[1]) + 1}", f"{int(two[1]) + 1}"[-2:]):
        return f"{two[1]}-01-01/P2Y"
    raise unmade("time", period=period)


def frequency_of(period: str) -> str:
    """How often there is such a period, in the letters of CL_FREQ.

    Examples
    --------
    >>> [frequency_of(period) for period in ("2025", "2010/11", "2025-Q1", "2025-03")]
    ['A', 'A', 'Q', 'M']
    """
    if _SURVEY_YEAR.fullmatch(period) and not _PERIOD.fullmatch(period):
        return "A"
    kind = period[5:6]
    return kind if kind in ("Q", "S") else {4: "A", 7: "M"}.get(len(period), "D")


def observations(publication: Publication) -> pa.Table:
    """The estimates in the columns of SDMX-CSV, a row an observation, in the order of the tidy table.

    Raises
    ------
    UnmadeError
        If a period cannot be written as SDMX does.
    """
    table, names = publication.figures.table, names_of(publication)
    statistic = arrow.listed(table["statistic"])
    forms = [DEFINITIONS[name].form if name is not None else "index" for name in statistic]
    times = np.array([100.0 if form == "percent" else 1.0 for form in forms])
    columns: dict[str, pa.Array] = {
        "STRUCTURE": _same("dataflow", len(table)),
        "STRUCTURE_ID": _same(names.reference, len(table)),
        "ACTION": _same("I", len(table)),
    }
    for own, name in PARTS.items():
        columns[own] = _coded(table[name], cutoff_code if name == "k" else code_of, NONE)
    for name, own in names.domains.items():
        columns[own] = _coded(table[name], code_of, TOTAL)
    columns["FREQ"] = _coded(table["period"], frequency_of, "")
    columns["TIME_PERIOD"] = _coded(table["period"], time_of, "")
    columns["OBS_VALUE"] = _number(table["estimate"], times)
    columns |= {name: pa.array(values) for name, values in _told(publication, forms).items()}
    for own, name in NUMBERS.items():
        columns[own] = _number(table[name], times) if name in SCALED else table[name].combine_chunks()
    return arrow.table(columns)


def _same(text: str, rows: int) -> pa.Array:
    return pa.DictionaryArray.from_arrays(pa.array(np.zeros(rows, np.int32)), pa.array([text]))


def _coded(column: pa.ChunkedArray, code: Callable[[str], str], missing: str) -> pa.Array:
    """A column of texts as codes; each text is looked at once."""
    texts = column.combine_chunks()
    if not pa.types.is_dictionary(texts.type):
        texts = texts.dictionary_encode()
    codes = [code(text) for text in texts.dictionary.to_pylist()]
    places = texts.indices.fill_null(len(codes))
    return pa.DictionaryArray.from_arrays(places, pa.array([*codes, missing], pa.string()))


def _number(column: pa.ChunkedArray, times: Floats) -> pa.Array:
    values = column.combine_chunks()
    scaled = values.to_numpy(zero_copy_only=False) * times
    return pa.array(scaled, mask=~np.asarray(values.is_valid()))


def _told(publication: Publication, forms: Sequence[Form]) -> dict[str, list[str]]:
    """Status, confidentiality, unit and digits of each observation."""
    table, provisional = publication.figures.table, publication.study.status == "provisional"
    standings = arrow.listed(table["standing"])
    hiders = arrow.listed(table["hidden_by"])
    statuses = [STATUS[str(one)] for one in standings]
    counted = {"persons": "PS", "households": "HH"}
    units = [str(unit) for unit in arrow.listed(table["unit"])]
    digits = {name: str(digits_of(name)) for name in DEFINITIONS}
    return {
        "OBS_STATUS": [PROVISIONAL if one == "A" and provisional else one for one in statuses],
        "CONF_STATUS": [FREE if one is None else CONFIDENTIAL.get(one, PRIMARY) for one in hiders],
        "UNIT_MEASURE": [UNITS[form] or counted[unit] for form, unit in zip(forms, units, strict=True)],
        "UNIT_MULT": ["0"] * len(table),
        "DECIMALS": [digits[str(name)] for name in arrow.listed(table["statistic"])],
        "STANDING": [str(one) for one in standings],
    }


UNITS: Mapping[Form, str] = {"percent": "PT", "index": "IX", "number": ""}  # a number is of what is counted


def write_observations(table: pa.Table, folder: Path, stem: str) -> Path:
    """Write observations as `.csv`, compressed as `.csv.gz` where a spreadsheet could not open them."""
    packed = len(table) > min(SHEET_ROWS, SHEET_BYTES // LINE)
    path = folder / f"{stem}.csv{'.gz' if packed else ''}"
    with path.open("wb") as file:
        if not packed:
            file.writelines(_lines(table))
            return path
        with gzip.GzipFile("", "wb", compresslevel=1, fileobj=file, mtime=0) as stream:
            stream.writelines(_lines(table))
    return path


def _lines(table: pa.Table) -> Iterator[bytes]:
    """The file in pieces; codes need no quotes."""
    from pyarrow import csv

    yield (",".join(table.column_names) + "\n").encode()
    options = csv.WriteOptions(include_header=False, quoting_style="none")
    for start in range(0, len(table), ROWS):
        target = pa.BufferOutputStream()
        part = table.slice(start, ROWS)
        plain = [one.dictionary_decode() if pa.types.is_dictionary(one.type) else one for one in _whole(part)]
        csv.write_csv(pa.Table.from_arrays(plain, names=table.column_names), target, options)
        yield bytes(target.getvalue().to_pybytes())


def _whole(table: pa.Table) -> list[pa.Array]:
    return [column.combine_chunks() for column in table.columns]
