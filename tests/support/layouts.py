"""Synthetic files in the layout of a survey: every column that its rules read, with the codes that they name.

No person or household is real. Values are drawn from the numbers that the rules compare a column with, so that both
sides of each condition occur; households repeat their answers where they are rows of the persons' file.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

import numpy as np
import pandas as pd

from mpi.rules import names
from mpi.specs.measure import Measure, variables_of
from mpi.specs.survey import Derivation, Survey

HOUSEHOLDS = 60
WIDE = 20  # from this range of constants on, a column is an age or a number of hours
OLDEST = 90


def measures_for(survey: Survey, measures: Mapping[str, Measure]) -> list[str]:
    """The measures all of whose variables a survey gives, and whose persons it has."""
    persons = "persons" in survey.tables
    return [
        name
        for name, one in measures.items()
        if set(variables_of(one)) <= survey.variables.keys() and (persons or one.identification == "household")
    ]


def write_layout(survey: Survey, levels: Mapping[str, str], folder: Path, seed: int = 1) -> int:
    """Write the files of a survey; the number of households.

    Parameters
    ----------
    survey : Survey
    levels : mapping of str to str
        Of each variable of a measure whether it is a person's or a household's.
    folder : Path
    seed : int
    """
    generator = np.random.default_rng(seed)
    sizes = generator.integers(1, 6, HOUSEHOLDS)
    if "persons" not in survey.tables:
        sizes = np.ones(HOUSEHOLDS, np.int64)
    keys = survey.tables["households"].key
    place = np.repeat(np.arange(HOUSEHOLDS), sizes)
    number = np.concatenate([np.arange(1, size + 1) for size in sizes])
    household, person = _columns(survey, levels)
    frame = pd.DataFrame(
        {name: generator.choice(values, HOUSEHOLDS)[place] for name, values in household.items()}
        | {name: generator.choice(values, place.size) for name, values in person.items()}
    )
    frame = frame.assign(**_design(survey, place), **dict.fromkeys(_of_the_universe(survey), 1))
    for i, name in enumerate(keys):
        frame[name] = place + 1000 if i == 0 else 1
    for table, spec in survey.tables.items():
        own = frame if table == "persons" else frame.groupby(list(spec.key), as_index=False).first()
        if table == "persons":
            own = own.assign(**{name: number for name in spec.key if name not in keys})
            if not survey.tables["households"].apart:
                own = own.assign(**dict.fromkeys(set(survey.tables["households"].columns) - set(own.columns), 1))
        if spec.path is not None:
            columns = {*spec.key, *_of_table(table, survey, household, person, own)}
            _write(own[[name for name in own.columns if name in columns]], spec.path, folder, survey, table)
    return HOUSEHOLDS


def _of_table(
    table: str, survey: Survey, household: Mapping[str, object], person: Mapping[str, object], own: pd.DataFrame
) -> set[str]:
    """The columns of a table: those of households lie in theirs where it is a file, or where a rule names another."""
    named = {one.column for one in _derivations(survey) if one.table == "dwellings"}
    apart = survey.tables["households"].apart
    design = set(own.columns) - household.keys() - person.keys()
    return {
        "persons": set(own.columns) if not apart else set(person),
        "households": (set(household) | design) - named,
        "dwellings": set(household) & named,
    }[table]


def _write(frame: pd.DataFrame, pattern: str, folder: Path, survey: Survey, table: str) -> None:
    name = pattern.replace("*", "x")
    if not name.endswith(".csv"):
        frame.to_parquet(folder / (name if name.endswith(".parquet") else f"{name}.parquet"), index=False)
        return
    dialect = survey.tables[table].dialect  # type: ignore[index]
    frame.to_csv(folder / name, index=False, sep=dialect.delimiter or ",", decimal=dialect.decimal or ".")


def _of_the_universe(survey: Survey) -> set[str]:
    """The columns by which rows belong to the universe, all of whose rows do here."""
    rules = [table.where for table in survey.tables.values() if table.where is not None]
    return {name for rule in rules for name in names(rule.expression)}


def _derivations(survey: Survey) -> Iterator[Derivation]:
    yield from survey.variables.values()
    yield from survey.domains.values()
    yield from (one for one in (survey.members,) if one is not None)


def _columns(survey: Survey, declared: Mapping[str, str]) -> tuple[dict[str, list[int]], dict[str, list[int]]]:
    """The values of the columns of households and of persons."""
    levels: dict[str, str] = {}
    texts: dict[str, list[str]] = {}
    codes: dict[str, set[int]] = {}

    def read(one: Derivation, level: str) -> None:
        if one.column is not None:
            levels[one.column] = level if levels.get(one.column) != "household" else "household"
            codes.setdefault(one.column, set()).update(int(code) for code in one.codes or ())
        if one.rule is None:
            return
        inside = "person" if re.search(r"\b(ANY|ALL|COUNT_IF|SUM|MEAN|MIN|MAX)\(", one.rule.text) else level
        for name in names(one.rule.expression):
            if name in survey.variables:
                read(survey.variables[name], inside)
            else:
                levels[name] = inside if levels.get(name) != "household" else "household"
                texts.setdefault(name, []).append(one.rule.text)

    for name, level in declared.items():
        if name in survey.variables:
            read(survey.variables[name], level)
    households = {name for name, level in levels.items() if level == "household"}
    for one in [*survey.domains.values(), *([survey.members] if survey.members is not None else [])]:
        read(one, "person")
    if not survey.tables["households"].apart:
        households |= set(survey.tables["households"].columns)
    elif "persons" not in survey.tables:
        households |= levels.keys()
    found = {name: _values(name, texts.get(name, []), codes.get(name, set())) for name in levels}
    inside = {name: values for name, values in found.items() if name in households}
    return inside, {name: values for name, values in found.items() if name not in households}


def _values(name: str, rules: list[str], codes: set[int]) -> list[int]:
    if codes:
        return sorted(codes)
    word = rf"\b{re.escape(name)}\b"
    constants: set[int] = set()
    for text in rules:
        for found in re.finditer(rf"{word}(?:, FALSE\))? *(?:=|<>|<=|>=|<|>) *(\d+)", text):
            constants.add(int(found[1]))
        for found in re.finditer(rf"{word} BETWEEN (\d+) AND (\d+)", text):
            constants |= {int(found[1]), int(found[2])}
        for found in re.finditer(rf"{word} (?:NOT )?IN \(([\d, ]+)\)", text):
            constants |= {int(one) for one in found[1].split(",")}
    if not constants:
        return [1, 2, 3, 4]
    if max(constants) - min(constants) > WIDE:
        return [*range(OLDEST)]
    return sorted(constants | {one + 1 for one in constants})


def _design(survey: Survey, place: np.ndarray) -> dict[str, np.ndarray]:
    """Weights, strata and PSUs: three strata of four PSUs and more."""
    design = survey.design
    made: dict[str, np.ndarray] = {}
    weights = () if design.weight is None else (design.weight,)
    for parts, values in ((design.stratum, place % 3 + 1), (design.psu, place % 12 + 1), (weights, place % 7 + 2)):
        for one in parts:
            columns = [one.column] if one.rule is None else [*names(one.rule.expression)]
            made |= {column: values for column in columns if column is not None}
    return made
