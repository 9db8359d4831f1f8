"""What a measure says beside its table of indicators: children, income lines, gaps and titles of classes.

Each is one text for a cell, a mapping as YAML and JSON have it, so that it goes into a file as it stands.
"""

from __future__ import annotations

import json

from mpi.rules import Rule
from mpi.specs.children import Children, own_rule
from mpi.specs.measure import Measure

KEYS = ("lines", "children")  # of a measure
GAP = "gap"  # of an indicator
CLASS_TITLE = "class_title"


def further(measure: Measure) -> list[tuple[str, str, str]]:
    """The setting, of what it is, and its text: what tables have no column for.

    Parameters
    ----------
    measure : Measure
    """
    found = []
    if measure.lines:
        lines = {
            line.name: _rules(income=line.income)
            | {"relative": str(line.relative), "of": str(line.quantile)}
            | _rules(base=line.base, by=line.by)
            for line in measure.lines
        }
        found.append(("lines", "", _text(lines)))
    found += [(CLASS_TITLE, one.name, _text(one.title.get("", one.title))) for one in measure.classes if one.title]
    if measure.children is not None:
        found.append(("children", "", _children(measure.children, measure)))
    for one in measure.indicators:
        own = one.gap
        if isinstance(own, str):
            found.append((GAP, one.name, own))
        elif own is not None:
            rules = _rules(achievement=own.achievement, cutoff=own.cutoff, bound=own.bound, nobody=own.nobody)
            found.append((GAP, one.name, _text(rules)))
    return found


def derived_by_rules(measure: Measure) -> dict[str, str]:
    """The text of each derived variable; lines are none, though rules read them."""
    lines = {line.name for line in measure.lines}
    return {name: rule.text for name, rule in measure.derived.items() if name not in lines}


def _children(children: Children, measure: Measure) -> str:
    by_name = {one.name: one for one in measure.indicators}
    follows = [name for name, rule in children.own.items() if own_rule(by_name[name], measure.level) == rule]
    said = {name: rule.text for name, rule in children.own.items() if name not in follows}
    rules = _rules(child=children.child, girl=children.girl, schooled=children.schooled)
    return _text({**rules, "indicators": follows, **({"deprived": said} if said else {})})


def _rules(**rules: Rule | None) -> dict[str, object]:
    return {name: rule.text for name, rule in rules.items() if rule is not None}


def _text(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)
