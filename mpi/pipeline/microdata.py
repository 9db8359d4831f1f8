"""A frame with what its columns are, as a survey that a measure can be estimated from; no file of a survey is needed.

What a survey file says of tables depends on what the measure wants of persons and of households, so that the survey is
made when both are known, by the reader of survey files.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Annotated, Protocol, TypeAlias, overload

import numpy as np
import pyarrow as pa

from mpi.columns import arrow
from mpi.config.given import Readable
from mpi.config.nodes import Pairs
from mpi.config.plain import mapping, plain_node, scalar
from mpi.config.surveys import load_survey, read_survey
from mpi.errors import DataError, Fault, Faults, Place, UsageError, listed, nearest
from mpi.errors.arguments import JUDGED, public
from mpi.language import phrase
from mpi.pipeline.frame_columns import FRAME, ROOT, asked_of, columns_told, of_households, refuse_varying, with_truths
from mpi.source.tables import sorts
from mpi.specs.children import CHILDREN
from mpi.specs.measure import Measure
from mpi.specs.microdata import Microdata
from mpi.specs.survey import Survey

NAME = "microdata"
PATH = "frame"  # of the table, which is in memory
ROW = "row"  # the column that numbers the rows
Columns: TypeAlias = str | Sequence[str]


class SupportsArrow(Protocol):
    """A frame of pandas, polars, pyarrow, DuckDB, ..., by the Arrow capsule protocol."""

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        """The capsule of a stream of record batches."""
        ...


@overload
def survey(
    source: SupportsArrow,
    *,
    weight: str | None,
    stratum: Columns = (),
    psu: Columns = (),
    household: Columns = (),
    members: str | None = None,
    domains: Columns | Mapping[str, object] = (),
    variables: Mapping[str, object] | None = None,
    variables_for: Mapping[str, Mapping[str, object]] | None = None,
    programmes: Mapping[str, object] | None = None,
    design: Mapping[str, object] | None = None,
    name: str = NAME,
    period: str = "",
    title: str = "",
    time: object = None,
) -> Microdata: ...


@overload
def survey(source: Mapping[str, object] | str | Readable) -> Survey: ...


@public
def survey(
    source: Annotated[object, JUDGED],
    *,
    weight: str | None = "",
    stratum: Columns = (),
    psu: Columns = (),
    household: Columns = (),
    members: str | None = None,
    domains: Columns | Mapping[str, object] = (),
    variables: Mapping[str, object] | None = None,
    variables_for: Mapping[str, Mapping[str, object]] | None = None,
    programmes: Mapping[str, object] | None = None,
    design: Mapping[str, object] | None = None,
    name: str = NAME,
    period: str = "",
    title: str = "",
    time: Annotated[object, JUDGED] = None,
) -> Microdata | Survey:
    """A survey from a frame and the meaning of its columns; or from all that a survey file says.

    Parameters
    ----------
    source : frame, mapping, str or open file
        A frame of pandas, polars, pyarrow, DuckDB or geopandas, with one row a person; one row a household if
        `members` is given. Or what a survey file says, as a dict or a text, and no other argument.
    weight : str or None
        Column of the expansion factor, or a rule over columns; None says that there is none.
    stratum, psu : str or sequence of str
        Columns that together name them. Without a PSU, each household is its own.
    household : str or sequence of str
        Columns that number the households; each row is one if left out.
    members : str, optional
        Column with the number of members of the household of a row.
    domains : str, sequence of str, or mapping
        Columns of groups; or by name, as in a survey file: `{"area": {"column": "urban", "codes": {1: "urban", 0:
        "rural"}}}`. What `estimate` names in `by` need not be among them.
    variables : mapping, optional
        Variables of the measure that are no columns: rules over columns, or as in a survey file.
    variables_for : mapping, optional
        The same by the name of a measure, in place of variables and columns of the same names, as in a survey file.
    programmes : mapping, optional
        Who receives each programme, as in a survey file: `{"transfer": "P7 = 1"}`.
    design : mapping, optional
        More of the design, as in a survey file: `{"single_psu": "centre"}`.
    name, period, title : str
        Of the survey, in the columns of results.
    time : str, int or Fraction, optional
        Middle of the fieldwork as a decimal year.

    Returns
    -------
    Microdata or Survey
        `Microdata` of a frame: `estimate`, `deprivation_profile` and `score` take it without `data`.

    Raises
    ------
    UsageError
        If columns are not columns_told, or the arguments do not fit one another.
    DataError
        If the frame cannot be read, has no row, or two columns of one name.
    ConfigError
        With every fault of a dict or text.

    Examples
    --------
    >>> import pyarrow as pa
    >>> frame = pa.table({"health": [0, 1, 1], "school": [0, 0, 1], "fexp": [10.0, 20.0, 10.0]})
    >>> survey(frame, weight="fexp")
    Microdata('microdata': 3 rows; domains: none)
    """
    by_column = {"stratum": _listed(stratum), "psu": _listed(psu), "household": _listed(household)}
    others: dict[str, object] = {
        "members": members,
        "domains": domains,
        "variables": variables,
        "variables_for": variables_for,
        "programmes": programmes,
    }
    others |= {"design": design, "time": time}
    if not hasattr(source, "__arrow_c_stream__"):
        texts = {"name": name.removeprefix(NAME), "period": period, "title": title, "weight": weight}
        if given := [key for key, value in {**by_column, **others, **texts}.items() if not _is_left_out(key, value)]:
            text = phrase("the survey is not a frame, whose columns {names} would describe", names=listed(given))
            remedy = phrase("give a frame; a dict or a text says everything itself, so leave them out there")
            raise UsageError(Fault("MPI-U110", None, text, remedy))
        return load_survey(source)  # type: ignore[arg-type]  # it says what it does not take
    table = arrow.read_frame(source, FRAME)
    sorts(table.schema, Place(FRAME))
    if not table.num_rows:
        raise DataError(Fault("MPI-D002", Place(FRAME), phrase("the frame has no row"), phrase("look at its filters")))
    if weight == "":
        remedy = phrase("give weight='COLUMN', or weight=None if there is none")
        raise UsageError(Fault("MPI-S008", None, phrase("the weight is not given"), remedy))
    named = {} if isinstance(domains, Mapping) else {one: {"column": one} for one in _listed(domains)}
    asked = {**by_column, "weight": _listed(weight or ()), "members": _listed(members or ()), "domains": list(named)}
    _refuse_lacking(asked, table)
    _refuse_names(named)
    columns = {key: [{"column": one} for one in by_column[key]] for key in ("stratum", "psu") if by_column[key]}
    return Microdata(
        table=table,
        about={"survey": name, "period": period, "title": title or None, "time": time},
        design={"weight": "none" if weight is None else {"column": weight}, **columns, **(design or {})},
        variables=variables or {},
        variables_for=variables_for or {},
        domains=domains if isinstance(domains, Mapping) else named,
        household=tuple(by_column["household"]),
        members=members,
        programmes=programmes or {},
    )


def _is_left_out(argument: str, value: object) -> bool:
    """Whether an argument has its default, which says nothing."""
    empty = isinstance(value, str | list | tuple) and not value
    return empty or (value is None and argument != "weight")


def _listed(columns: Columns) -> list[str]:
    return [columns] if isinstance(columns, str) else list(columns)


def _refuse_lacking(asked: Mapping[str, Sequence[str]], table: pa.Table) -> None:
    """Refuse columns that are not columns_told, all of them."""
    faults = []
    for argument, columns in asked.items():
        for column in columns:
            if column not in table.column_names:
                text = phrase("{argument}: the frame has no column {name!r}", argument=argument, name=column)
                remedy = nearest(column, table.column_names) or columns_told(table)
                faults.append(Fault("MPI-D010", _place(argument), text, remedy))
    if faults:
        raise UsageError(*faults)


def _refuse_names(columns: Iterable[str]) -> None:
    """Refuse columns that cannot be called domains."""
    faults = [
        Fault(
            "MPI-C008",
            _place("domains"),
            phrase("the column {name!r} cannot be the name of a domain", name=column),
            phrase("give it another one: domains={{'name': {{'column': {name!r}}}}}", name=column),
        )
        for column in columns
        if not column.isidentifier()
    ]
    if faults:
        raise UsageError(*faults)


def _place(argument: str) -> Place:
    return Place(f"{ROOT}({argument}=...)")


def bound(data: Microdata, measure: Measure, by: Iterable[str] = ()) -> tuple[Survey, dict[str, object]]:
    """The survey and its tables as a measure wants them.

    Parameters
    ----------
    data : Microdata
    measure : Measure
    by : iterable of str
        Columns that are domains as well.

    Raises
    ------
    ConfigError
        If what is said of the columns is wrong.
    DataError
        If a variable has no column, or one that is true or false holds other numbers.
    """
    table = with_truths(data, measure)
    row = ROW
    while row in table.column_names:
        row += "_"
    table = table.append_column(row, pa.array(np.arange(table.num_rows)))
    key = list(data.household) or [row]
    domains = {**_further(data, by), **data.domains}
    asked = asked_of(data, measure)
    variables = {one.name: data.variables.get(one.name, {"column": one.name}) for one, _ in asked}
    if data.members is not None:
        tables: dict[str, object] = {"households": {"path": PATH, "key": key}}
    else:
        lifted = sorted(of_households(data, measure, table, {**domains, **data.programmes}) - set(key))
        refuse_varying(data, measure, table)
        tables = {
            "persons": {"path": PATH, "key": list(dict.fromkeys([*key, row])), "household": key},
            "households": {"from": "persons", "key": key, "columns": lifted},
        }
    parts = {**data.about, "tables": tables, "design": data.design, "variables": variables, "domains": domains}
    parts["programmes"] = data.programmes or None
    parts["variables_for"] = data.variables_for or None
    parts["members"] = None if data.members is None else {"column": data.members}
    faults = Faults()
    pairs = Pairs(
        (scalar(name, ROOT, faults), plain_node(value, _place(name).file, faults))
        for name, value in parts.items()
        if value is not None
    )
    faults.refuse()
    made = read_survey([mapping(pairs, ROOT, faults)])
    return made, dict.fromkeys(["persons" if data.members is None else "households"], table)


def _further(data: Microdata, by: Iterable[str]) -> dict[str, object]:
    """Columns that are domains as well."""
    news = [one for one in by if one not in data.domains and one not in data.programmes and one != CHILDREN]
    for one in news:
        if one not in data.table.column_names:
            text = phrase("the frame has no column {name!r} to estimate by", name=one)
            known = [*data.domains, *data.table.column_names]
            raise UsageError(Fault("MPI-E002", None, text, nearest(one, known) or columns_told(data.table)))
    _refuse_names(news)
    return {one: {"column": one} for one in news}
