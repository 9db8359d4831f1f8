"""A frame with what its columns are, as a survey that a measure can be estimated from; no file of a survey is needed.

What a survey file says of tables depends on what the measure wants of persons and of households, so that the survey is
made when both are known, by the reader of survey files.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Annotated, Protocol, TypeAlias, overload

import numpy as np
import pyarrow as pa

from mpi.columns import arrow
from mpi.columns.values import Number, Truth, where_known
from mpi.config.given import Readable
from mpi.config.nodes import Pairs
from mpi.config.plain import mapping, plain_node, scalar
from mpi.config.surveys import load_survey, read_survey
from mpi.errors import MOST_NAMES, DataError, Fault, Faults, Place, UsageError, counted, listed, nearest
from mpi.errors.arguments import JUDGED, public
from mpi.language import phrase
from mpi.rules import Origin, names, parse
from mpi.rules.tokens import RuleSyntaxError
from mpi.source.tables import sorts
from mpi.specs.children import CHILDREN
from mpi.specs.measure import Measure
from mpi.specs.microdata import Microdata
from mpi.specs.survey import Survey
from mpi.vocabulary.options import LEVELS

ROOT = "survey"
NAME = "microdata"
PATH = "frame"  # of the table, which is in memory
ROW = "row"  # the column that numbers the rows
FRAME = phrase("the frame")
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
        If columns are not there, or the arguments do not fit one another.
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
    """Refuse columns that are not there, all of them."""
    faults = []
    for argument, columns in asked.items():
        for column in columns:
            if column not in table.column_names:
                text = phrase("{argument}: the frame has no column {name!r}", argument=argument, name=column)
                remedy = nearest(column, table.column_names) or _there(table)
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


def _there(table: pa.Table) -> str:
    return phrase("it has {names}", names=listed(table.column_names, MOST_NAMES))


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
    table = _with_truths(data, measure)
    row = ROW
    while row in table.column_names:
        row += "_"
    table = table.append_column(row, pa.array(np.arange(table.num_rows)))
    key = list(data.household) or [row]
    domains = {**_further(data, by), **data.domains}
    variables = {name: data.variables.get(name, {"column": name}) for name in measure.variables}
    if data.members is not None:
        tables: dict[str, object] = {"households": {"path": PATH, "key": key}}
    else:
        lifted = sorted(_of_households(data, measure, table, variables, {**domains, **data.programmes}) - set(key))
        _refuse_varying(data, measure, table)
        tables = {
            "persons": {"path": PATH, "key": list(dict.fromkeys([*key, row])), "household": key},
            "households": {"from": "persons", "key": key, "columns": lifted},
        }
    parts = {**data.about, "tables": tables, "design": data.design, "variables": variables, "domains": domains}
    parts["programmes"] = data.programmes or None
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
            raise UsageError(Fault("MPI-E002", None, text, nearest(one, known) or _there(data.table)))
    _refuse_names(news)
    return {one: {"column": one} for one in news}


def _with_truths(data: Microdata, measure: Measure) -> pa.Table:
    """The table with true and false for 1 and 0, where the measure wants truths.

    Raises
    ------
    DataError
        If a variable has no column, or another number.
    """
    table, faults = data.table, []
    for name, variable in measure.variables.items():
        if name in data.variables:
            continue
        if name not in table.column_names:
            text = phrase("the frame has no column {name!r}, which the measure reads", name=name)
            otherwise = phrase(
                "say what it is: variables={{'{name}': 'COLUMN'}}; {there}", name=name, there=_there(table)
            )
            faults.append(Fault("MPI-D010", Place(FRAME), text, nearest(name, table.column_names) or otherwise))
        elif variable.kind.type == "truth":
            values = arrow.values_of(table.column(name))
            if not isinstance(values, Number):
                continue
            known = where_known(values)
            other = int(np.count_nonzero(known & (values.values != 0) & (values.values != 1)))
            if other:
                text = phrase(
                    "column {name!r} is true or false for the measure, and holds other numbers than 0 and 1 in {rows}",
                    name=name,
                    rows=counted(other, "row"),
                )
                remedy = phrase("say when it is true: variables={{'{name}': '{name} = 1'}}", name=name)
                faults.append(Fault("MPI-D015", Place(FRAME), text, remedy))
            place = table.column_names.index(name)
            table = table.set_column(place, name, arrow.array_of(Truth(values.values == 1, known)))
    if faults:
        raise DataError(*faults)
    return table


def _of_households(
    data: Microdata, measure: Measure, table: pa.Table, variables: Mapping[str, object], domains: Mapping[str, object]
) -> set[str]:
    """The columns that are of households: what the measure wants of them, the design, and what is the same for all.

    Without households each row is one, and only what the measure wants of persons is theirs.
    """
    there = set(table.column_names)
    wanted = {
        level: set().union(
            *(_read(variables[n], there) for n, one in measure.variables.items() if one.kind.level == level)
        )
        for level in LEVELS
    }
    others = _read(data.design, there) | _read(list(domains.values()), there)
    if not data.household:
        return (wanted["household"] | others) - wanted["person"]
    placed = _read([data.design.get(key) for key in ("stratum", "psu")], there)
    same = {one for one in others - placed - wanted["person"] if _constant(table, data.household, one)}
    return wanted["household"] | placed | same


def _refuse_varying(data: Microdata, measure: Measure, table: pa.Table) -> None:
    """Refuse columns that differ between the members of a household, where the measure wants them of households.

    Raises
    ------
    DataError
    """
    wanted = [name for name, one in measure.variables.items() if one.kind.level == "household"]
    plain = [name for name in wanted if name not in data.variables] if data.household else []
    faults = []
    for name in plain:
        if not _constant(table, data.household, name):
            text = phrase(
                "column {name!r} differs between members of a household, and the measure is of households", name=name
            )
            remedy = phrase(
                "give the measure rules={{'{name}': 'ANY({name})'}} and variables={{'person': {{'{name}': 'truth'}}}}, "
                "or judge each person: identification='person'",
                name=name,
            )
            faults.append(Fault("MPI-D034", Place(FRAME), text, remedy))
    if faults:
        raise DataError(*faults)


def _read(value: object, there: Collection[str]) -> set[str]:
    """The columns that a part of a survey reads."""
    if isinstance(value, str):
        if value in there:
            return {value}
        try:
            return names(parse(value, Origin(ROOT))).keys() & there
        except RuleSyntaxError:
            return set()  # its reader says so
    if isinstance(value, Mapping):
        return set().union(*(_read(one, there) for key, one in value.items() if key not in ("codes", "title", "note")))
    return set().union(*(_read(one, there) for one in value)) if isinstance(value, list | tuple) else set()


def _constant(table: pa.Table, household: Sequence[str], column: str) -> bool:
    """Whether a column is the same for all members of each household."""
    if column in household:
        return True
    some = table.select([*household, column]).combine_chunks()
    whole = some.group_by([*household, column], use_threads=False).aggregate([])
    return bool(whole.num_rows == some.group_by(list(household), use_threads=False).aggregate([]).num_rows)
