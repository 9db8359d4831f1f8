"""Config files to begin with: every key that the readers know, those that must be there with a value to be replaced.

The keys, their order and their meaning come from the tables that the readers use, so that both cannot differ.
"""

from __future__ import annotations

import datetime
import os
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from mpi.config.composing import compose
from mpi.config.keys.measures import MEASURE
from mpi.config.keys.shapes import Keys
from mpi.config.keys.studies import STUDY
from mpi.config.keys.surveys import SURVEY
from mpi.config.measures import load_measure, read_measure
from mpi.errors import ConfigError, Fault, Place, UsageError, listed
from mpi.files import check_file, write_whole
from mpi.files.stores import StorePath
from mpi.language import Language, in_language, number_phrase, phrase
from mpi.specs.measure import Measure, Variable
from mpi.starting.describing import Description, describe
from mpi.starting.drafting import scalar, yaml_of
from mpi.starting.matching import candidates, said
from mpi.starting.signing import fingerprint
from mpi.starting.tabulated import draft_of
from mpi.vocabulary.options import Taken
from mpi.vocabulary.wording import title_in

FILL_IN = "FILL_IN"
LINK = re.compile(r"\[([^\]]*)\]\([^)]*\)")
TABLES: Mapping[str, Keys] = {"measure": MEASURE, "survey": SURVEY, "study": STUDY}
Lines = list[str]
WIDTH = 110  # of a line that is read at once


def write(
    kind: str,
    name: str,
    output: Path | None = None,
    *,
    measure: str | None = None,
    survey: str | None = None,
    data: Sequence[Path] = (),
    table: Table | None = None,
    language: Language = "en",
) -> Path:
    """Write a config file to begin with, and give its path.

    Parameters
    ----------
    kind : {"measure", "survey", "study"}
    name : str
        Of the measure, survey or study.
    output : Path, optional
        `NAME.yaml` if left out.
    measure, survey : str, optional
        Files or names: of a survey and a study the measure, of a study the survey.
    data : sequence of Path
        Of a survey: files of persons and households; a table each.
    table : Table, optional
        Of a measure: a spreadsheet of indicators, weights and cutoffs.
    language : str
        Of the comments.

    Raises
    ------
    UsageError
        If the name is none, an option belongs to another kind, or the file exists.
    ConfigError, DataError
        If the measure or the data cannot be read.
    """
    _check(kind, name, measure, survey, data)
    if table is not None and kind != "measure":
        text = phrase("{option} does not belong to `mpi init {kind}`", option="--from", kind=kind)
        raise UsageError(Fault("MPI-U231", None, text, phrase("leave it out")))
    path = output or Path(f"{name}.yaml")
    if path.is_file():
        text = phrase("this file exists, and is never written over")
        raise UsageError(Fault("MPI-U231", Place(str(path)), text, phrase("name another file with -o")))
    check_file(path)
    if table is not None:
        write_whole(path, lambda target: _put(target, measure_text(name, table, language)))
        return path
    match kind:
        case "measure":
            filled = _measure(name)
        case "survey":
            found = [describe(file) for file in data]
            filled = _survey(name, load_measure(measure or ""), found, data, language)
        case _:
            filled = _study(name, measure or FILL_IN, survey or FILL_IN)
    content = "\n".join([*_head(kind, language), *_keys(TABLES[kind], filled, language), ""])
    write_whole(path, lambda target: _put(target, content))
    return path


@dataclass(frozen=True, slots=True)
class Table:
    """A spreadsheet of indicators, weights and cutoffs; see `tabulated.draft_of`.

    Attributes
    ----------
    path : Path
    sheet : str or None
    headings : mapping of str to str
        What is in a column, by its heading.
    weights : {"ask", "fractions", "written"}
    """

    path: Path
    sheet: str | None = None
    headings: Mapping[str, str] = field(default_factory=dict)
    weights: Taken = "ask"


def measure_text(name: str, table: Table, language: Language) -> str:
    """The text of a measure's file, from a spreadsheet."""
    draft = draft_of(table.path, sheet=table.sheet, mapped=table.headings, taken=table.weights)
    comments = [
        phrase("From {file}. Replace every TODO, then run `mpi check`.", file=table.path.name),
        phrase("Editors complete and check the file after `mpi schema {kind} --write schemas`.", kind="measure"),
    ]
    if draft.strange:
        comments.append(phrase("Columns that were not taken over: {names}.", names=", ".join(draft.strange)))
    if draft.left:
        comments.append(phrase("Rows that are no indicators were left out: {rows}.", rows=", ".join(draft.left)))
    head = [_flat(in_language(one, language)) for one in comments]
    lines = ["# yaml-language-server: $schema=schemas/measure.json", *(f"# {one}" for one in head)]
    text = "\n".join([*lines, *yaml_of(name, draft, language), ""])
    stated = draft.settings.get(("fingerprint", ""))
    if stated and stated != _fingerprint(text):
        changed = phrase(
            "The spreadsheet was changed after it was exported: its fingerprint is that of another measure."
        )
        text = f"# {_flat(in_language(changed, language))}\n{text}"
    return text


def _fingerprint(text: str) -> str:
    """The fingerprint of a measure as a file has it; empty if it is none yet."""
    try:
        return fingerprint(read_measure(compose(text, "")))
    except ConfigError:
        return ""


def _put(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8")


def _check(kind: str, name: str, measure: str | None, survey: str | None, data: Sequence[Path]) -> None:
    if not name.isidentifier():
        text = phrase("{name!r} is no name: letters, digits and underscores, not a digit first", name=name[:40])
        raise UsageError(Fault("MPI-U231", None, text, phrase("write a name such as village_2026")))
    if kind == "survey" and measure is None:
        text = phrase("a survey supplies the variables of a measure, and none is named")
        raise UsageError(Fault("MPI-U231", None, text, phrase("add --measure with its file or name")))
    unwanted = {"--data": bool(data) and kind != "survey", "--survey": survey is not None and kind != "study",
                "--measure": measure is not None and kind == "measure"}  # fmt: skip
    for option in (option for option, wrong in unwanted.items() if wrong):
        text = phrase("{option} does not belong to `mpi init {kind}`", option=option, kind=kind)
        raise UsageError(Fault("MPI-U231", None, text, phrase("leave it out")))


def _head(kind: str, language: Language) -> Lines:
    title = phrase(TABLES[kind].title)
    lines = [
        phrase("{title}. Keys that begin with # may be left out; write them without it.", title=title),
        phrase("Editors complete and check the file after `mpi schema {kind} --write schemas`.", kind=kind),
    ]
    if kind != "measure":
        lines.append(phrase("Replace every {word}, then run `mpi check`.", word=FILL_IN))
    return [
        f"# yaml-language-server: $schema=schemas/{kind}.json",
        *(f"# {in_language(one, language)}" for one in lines),
    ]


def _keys(table: Keys, filled: Mapping[str, Lines], language: Language) -> Lines:
    """Every key in its order: with what it is filled with, or as a comment; before it, what it means."""
    lines: Lines = []
    for key in table.keys:
        meaning = LINK.sub(r"\1", in_language(phrase(key.text), language))
        own = filled.get(key.name)
        if own is None:
            lines.append(f"# {key.name}:  # {meaning}")
        else:
            lines += ["", f"# {meaning}", *own]
    return lines


def _measure(name: str) -> dict[str, Lines]:
    """A small measure that is right as it is."""
    return {
        "measure": [f"measure: {name}"],
        "title": [f"title: {name}"],
        "identification": ["identification: household"],
        "k": ["k: 1/3"],
        "missing": ["missing: exclude"],
        "variables": [
            "variables:",
            "  person:",
            "    age: {type: number, title: Age in completed years}",
            "    years_schooling: {type: number, title: Completed years of schooling}",
            "  household:",
            "    water: {type: [piped, well, river], title: Source of water}",
        ],
        "dimensions": [
            "dimensions:",
            "  education:",
            "    weight: 1/2",
            "    indicators:",
            "      schooling:",
            "        title: Low schooling",
            "        eligible: age >= 15",
            "        nobody: not_deprived",
            "        deprived: MEAN(years_schooling) < 9",
            "  living_conditions:",
            "    weight: 1/2",
            "    indicators:",
            "      unsafe_water:",
            "        title: Unsafe water",
            "        deprived: water = 'river'",
        ],
    }


def _study(name: str, measure: str, survey: str) -> dict[str, Lines]:
    today = datetime.datetime.now(tz=datetime.UTC).date()
    return {
        "study": [f"study: {name}"],
        "title": [f"title: {FILL_IN}"],
        "publisher": [f"publisher: {FILL_IN}"],
        "released": [f"released: {today}"],
        "measure": [f"measure: {scalar(measure)}"],
        "surveys": [f"surveys: [{scalar(survey)}]"],
        "disclosure": ["disclosure: standard"],
    }


def _survey(
    name: str, measure: Measure, found: Sequence[Description], files: Sequence[Path], language: Language
) -> dict[str, Lines]:
    columns = [column for one in found for column in one.columns]
    lines = ["variables:"]
    for variable, own in measure.variables.items():
        like = said(candidates(variable, own, columns))
        title = title_in(own.title, language, "")
        if own.kind.level == "household":
            asked = phrase("{type}, of households", type=_type(own))
        else:
            asked = phrase("{type}, of persons", type=_type(own))
        comment = ". ".join(filter(None, (title, in_language(asked, language))))
        lines.append(f"  # {_flat(comment)}")
        if like:
            lines.append(f"  # {_flat(in_language(phrase('candidates: {names}', names=like), language))}")
        lines.append(f"  {variable}: {_derivation(own)}")
    structures = [one.structure for one in found]
    design = {
        "weight": [name for one in structures for name in one.weights],
        "stratum": [name for one in structures for name in one.strata],
        "psu": [name for one in structures for name in one.psus],
    }
    return {
        "survey": [f"survey: {name}"],
        "period": [f"period: {FILL_IN}"],
        "tables": ["tables:", *_tables(found, files, language)],
        "design": ["design:", *(f"  {key}: {FILL_IN}{_offered(names, language)}" for key, names in design.items())],
        "variables": lines,
    }


def _offered(names: Sequence[str], language: Language) -> str:
    offered = ", ".join(dict.fromkeys(names))
    return f"  # {_flat(in_language(phrase('candidates: {names}', names=offered), language))}" if offered else ""


def _type(variable: Variable) -> str:
    return ", ".join(sorted(variable.kind.labels)) if variable.kind.labels else str(variable.kind.type)


def _derivation(variable: Variable) -> str:
    """What stands for a variable: a column, a comparison for a truth, codes for labels."""
    if variable.kind.labels:
        codes = ", ".join(f"{FILL_IN}_{i}: {scalar(label)}" for i, label in enumerate(sorted(variable.kind.labels), 1))
        return f"{{column: {FILL_IN}, codes: {{{codes}}}}}"
    return f"{FILL_IN} = 1" if variable.kind.type == "truth" else FILL_IN


BESIDE = ("households", "dwellings")  # tables beside that of persons, in the order in which files are given


def _tables(found: Sequence[Description], files: Sequence[Path], language: Language) -> Lines:
    """The tables: persons are those whose key numbers the rows of a unit; a table alone has the households in it."""
    persons = next((i for i, one in enumerate(found) if any(key.unit for key in one.structure.keys)), None)
    lines: Lines = []
    folder, paths = _paths(files)
    if folder:
        lines.append(f"  # {_flat(in_language(phrase('paths below --data {folder}', folder=folder), language))}")
    unit = FILL_IN
    if persons is not None or not found:
        own = None if persons is None else found[persons].structure
        key = None if own is None else next(key for key in own.keys if key.unit)
        unit = _list(key.unit) if key is not None else FILL_IN
        path = FILL_IN if persons is None else scalar(paths[persons])
        lines.append(f"  persons: {{path: {path}, key: {FILL_IN if key is None else _list(key.columns)}}}")
    others = [i for i in range(len(found)) if i != persons]
    if len(others) > len(BESIDE):
        text = phrase("{names} have no table to be", names=listed([str(files[i]) for i in others[len(BESIDE) :]]))
        remedy = phrase("give a file of persons, of households and of dwellings at most; add modules by hand")
        raise UsageError(Fault("MPI-U231", None, text, remedy))
    for table, i in zip(BESIDE, others, strict=False):
        keys = found[i].structure.keys
        lines.append(f"  {table}: {{path: {scalar(paths[i])}, key: {_list(keys[0].columns) if keys else FILL_IN}}}")
    if not others:
        answers = () if persons is None else found[persons].structure.of_unit
        lines += _inside(unit, answers or (FILL_IN,), language)
    return lines


def _inside(unit: str, answers: Sequence[str], language: Language) -> Lines:
    """The table of households inside that of persons; where it has many columns, on lines that can be read."""
    line = f"  households: {{from: persons, key: {unit}, columns: {_list(answers)}}}"
    if len(line) <= WIDTH:
        return [line]
    asked = number_phrase(
        len(answers),
        "{number:,} column has one value in every household: remove it if it is about persons",
        "{number:,} columns have one value in every household: remove those that are about persons, or that no "
        "variable needs",
    )
    rows: Lines = []
    row = ""
    for one in map(scalar, answers):
        if row and len(row) + len(one) > WIDTH - 10:
            rows, row = [*rows, row], ""
        row += f"{one}, "
    rows.append(row.rstrip(", ") + "]")
    return [
        "  households:",
        "    from: persons",
        f"    key: {unit}",
        f"    # {_flat(in_language(asked, language))}",
        "    columns: [",
        *(f"      {one.rstrip()}" for one in rows),
    ]


def _paths(files: Sequence[Path]) -> tuple[str, list[str]]:
    """The folder of files of data, and their paths below it; no folder, but addresses, of those in a store."""
    if not files or any(isinstance(file, StorePath) for file in files):
        return "", [str(file.absolute()) for file in files]
    folder = os.path.commonpath([file.absolute().parent for file in files])
    return folder, [Path(os.path.relpath(file.absolute(), folder)).as_posix() for file in files]


def _list(names: Sequence[str]) -> str:
    return f"[{', '.join(map(scalar, names))}]"


def _flat(text: str) -> str:
    """A text on one line of a comment."""
    return " ".join(text.split())
