"""The rules that made a profile's patterns, one short hash for each, so that what differs from them can be named.

Comes in: a measure and a survey. Goes out: a mapping that is kept in the profile. What acts only when patterns are
counted (weights, dimensions, cutoffs, rules for unknowns, titles) is not in it.

Hashes are of rules as parsed, so that blanks, comments and the writing of keywords make no difference.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import fields, is_dataclass
from typing import Any

from mpi.files.digests import digest_of
from mpi.language import phrase, template
from mpi.rules import Rule, names, order
from mpi.specs.measure import Measure, read_by_rules, variables_of
from mpi.specs.survey import Derivation, Survey, as_read_by

DIGITS = 12
UNIVERSE = "measure universe"
WORDS = ("title", "note")  # for readers: they decide nothing
OWN = ("crosswalk",)  # a rule of its own, of what its file says
# What a key's first word stands for; the rest of the key is the name.
PHRASES = {
    "deprived": template("`deprived:` of {name}"), "eligible": template("`eligible:` of {name}"),
    "nobody": template("`nobody:` of {name}"), "gap": template("`gap:` of {name}"),
    "measure": template("`{name}:` of the measure"),
    "state": template("condition {name} of `income_poor:` and `classes:`"),
    "line": template("the income line {name}"),
    "derived": template("the derived variable {name}"),
    "variable": template("the variable {name} of the survey"), "table": template("the table {name} of the survey"),
    "module": template("the module {name} of the survey"), "domain": template("the domain {name} of the survey"),
    "programme": template("the programme {name} of the survey"),
    "crosswalk": template("the crosswalk of the domain {name}"),
    "beside": template("the rules of the measure {name} beside it"),
    "design": template("`{name}:` of the survey's design"), "members": template("`{name}:` of the survey"),
}  # fmt: skip
GROUPS = ("domain", "crosswalk", "programme")  # of which a profile keeps some
DESIGN = ("weight", "person_weight", "stratum", "psu", "fpc", "second_stage", "replicates", "calibration")


def measure_rules(measure: Measure) -> dict[str, str]:
    """A hash of each rule of a measure that decides the cells: of its indicators, universe, and derived variables."""
    found: dict[str, str] = {} if measure.universe is None else {UNIVERSE: _hash(measure.universe)}
    for indicator in measure.indicators:
        found[f"deprived {indicator.name}"] = _hash(indicator.deprived)
        if indicator.eligible is not None:
            found[f"eligible {indicator.name}"] = _hash(indicator.eligible)
        if indicator.nobody is not None:
            found[f"nobody {indicator.name}"] = _hash(indicator.nobody)
        if indicator.cardinal is not None:
            found[f"gap {indicator.name}"] = _hash(indicator.cardinal)
    found |= {f"state {i}": _hash(state) for i, state in enumerate(measure.states, 1)}
    ordered, _ = order(measure.derived, read_by_rules(measure))
    for line in measure.lines:
        found[f"line {line.name}"] = _hash([str(line.relative), str(line.quantile), line.income, line.base, line.by])
    own = {line.name for line in measure.lines}
    return found | {f"derived {name}": _hash(measure.derived[name]) for name in ordered if name not in own}


def rules_of(measure: Measure, survey: Survey) -> dict[str, str]:
    """A hash of each rule of a measure and a survey that decides the cells of a profile.

    Returns
    -------
    dict of str to str
        By `deprived NAME`, `derived NAME`, `variable NAME` and so on, see `PHRASES`.
    """
    whole, survey = survey, as_read_by(survey, measure.name)
    parts: dict[str, object] = {
        f"variable {name}": survey.variables[name] for name in _variables(survey, variables_of(measure))
    }
    parts |= {f"domain {name}": derivation for name, derivation in survey.domains.items()}
    parts |= {f"programme {name}": derivation for name, derivation in survey.programmes.items()}
    parts |= {f"design {name}": getattr(survey.design, name) for name in DESIGN}
    parts["members members"] = survey.members
    for name, table in survey.tables.items():
        parts[f"table {name}"] = [table.key, table.household, table.dwelling, table.columns]
        if table.where is not None or table.composed:
            parts[f"table {name}"] = [parts[f"table {name}"], table.where, table.composed]
    parts |= {f"module {name}": table for name, table in survey.modules.items()}
    parts |= {f"crosswalk {name}": [own.codes, own.keep] for name, own in survey.crosswalks.items()}
    beside = {f"beside {one.name}": _hash(rules_of(one, whole)) for one in measure.beside}
    own = {key: _hash([part, _of_columns(survey, part)]) for key, part in parts.items() if part}
    return measure_rules(measure) | own | beside


def judged_by(measure: Measure) -> str:
    """A hash of all that decides the deprivations that a measure finds, but for what a survey says."""
    return _hash([measure.identification, measure_rules(measure)])


def differing(one: Mapping[str, str], other: Mapping[str, str], domains: Collection[str]) -> list[str]:
    """What two profiles of the same domains and programmes were made by that is not the same, in words."""
    found = []
    for key in {**one, **other}:
        kind, _, name = key.partition(" ")
        # What only one of them reads follows from another rule, which differs.
        read = [f"{way} {name}" for way in ("derived", "variable")]
        unread = key in read and any(not rules.keys() & set(read) for rules in (one, other))
        own = kind not in GROUPS or name in domains
        if one.get(key) != other.get(key) and not unread and own:
            found.append(told(key))
    return found


def other_rules(made_by: Mapping[str, str], measure: Measure) -> list[str]:
    """What of a measure differs from the rules that a profile was made by, in words; empty if nothing does.

    Indicators that the measure leaves out do not matter. A profile of ready-made deprivations has no rules, so that
    nothing differs from them.
    """
    if not made_by:
        return []
    own = measure_rules(measure)
    of_indicators = {f"{part} {name}" for name in measure.names for part in ("deprived", "eligible", "nobody")}
    wrong = [key for key, rule in own.items() if made_by.get(key) != rule]
    wrong += [key for key in made_by if key in {*of_indicators, UNIVERSE} and key not in own]
    wrong += [f"variable {name}" for name in variables_of(measure) if f"variable {name}" not in made_by]
    return [told(key) for key in wrong]


def told(key: str) -> str:
    """A key of the rules in words.

    Examples
    --------
    >>> told("deprived water")
    '`deprived:` of water'
    """
    kind, _, name = key.partition(" ")
    return phrase(PHRASES[kind], name=name)


def _variables(survey: Survey, wanted: Sequence[str]) -> list[str]:
    """The variables of a survey that some of them lead to; a variable's own name in its rule is a column."""
    found: dict[str, None] = {}
    left = list(wanted)
    while left:
        name = left.pop(0)
        if name in found or name not in survey.variables:
            continue
        found[name] = None
        left += [read for read in _columns(survey.variables[name]) if read != name]
    return list(found)


def _of_columns(survey: Survey, part: object) -> list[object]:
    """What a survey says of the columns that a part of it reads: codes of unknowns, other names."""
    return [
        [column, sorted(survey.missing_codes.get(column, ())), sorted(survey.aliases.get(column, ()))]
        for column in sorted(set(_columns(part)))
        if column in survey.missing_codes or column in survey.aliases
    ]


def _columns(value: object) -> Iterable[str]:
    """The columns and variables that a part of a survey reads."""
    if isinstance(value, Rule):
        return names(value.expression)
    if isinstance(value, Derivation) and value.rule is None:
        return [part.column for part in value.columns] or [value.column or ""]
    return [column for part in _parts(value) for column in _columns(part)]


def _parts(value: object) -> Iterable[object]:
    if is_dataclass(value):
        return [getattr(value, field.name) for field in fields(value) if field.compare]
    if isinstance(value, Mapping):
        return list(value.values())
    return value if isinstance(value, tuple | list) else ()


def _hash(value: object) -> str:
    return digest_of(_plain(value))[:DIGITS]


def _plain(value: object) -> Any:
    """What JSON can hold of a part of a measure or survey: of a rule its tree, without places and words."""
    if isinstance(value, Rule):
        return _plain(value.expression)
    if is_dataclass(value):
        own = {
            field.name: getattr(value, field.name)
            for field in fields(value)
            if field.compare and field.name not in (*WORDS, *OWN)
        }
        return [type(value).__name__, {name: _plain(part) for name, part in own.items()}]
    if isinstance(value, Mapping):
        return {str(name): _plain(part) for name, part in value.items()}
    if isinstance(value, tuple | list):
        return [_plain(part) for part in value]
    return value
