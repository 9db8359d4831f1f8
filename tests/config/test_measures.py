"""Measures from YAML: every fault with its place and remedy; weights and cutoffs read exactly."""

# ruff: noqa: E501  messages stand here as they are printed

from __future__ import annotations

from fractions import Fraction

import pytest

from mpi.config.composing import compose
from mpi.config.measures import read_measure
from mpi.errors import UsageError
from mpi.specs.measure import Cutoff, Measure
from tests.support.bad_configs import Case, message

BASE = """\
measure: demo
title: Demo
identification: household
k: 1/3
missing: exclude
variables:
  person: {age: number, attends: truth}
  household: {zone: [urban, rural], rooms: number}
derive:
  child: age < 18
dimensions:
  school:
    weight: 1/2
    indicators:
      attendance:
        eligible: child
        deprived: ANY(NOT attends)
        nobody: not_deprived
      adults: {deprived: NOT ANY(age >= 18)}
  housing:
    weight: 1/2
    indicators:
      crowding: {weight: 1/3, deprived: COUNT() / rooms > 3}
      area: {weight: 2/3, deprived: zone = 'rural'}
"""

CASES = [
    Case(
        "an unknown key and the missing one",
        "missing:",
        "mising:",
        expected="""\
MPI-C009 m.yaml:1:1: the measure: the key 'missing' is missing
  add `missing:`
MPI-C003 m.yaml:5:1: the measure: the key 'mising' is not known
  did you mean 'missing'?
""",
    ),
    Case(
        "an empty key is not a missing one",
        "k: 1/3",
        "k:",
        expected="""\
MPI-C009 m.yaml:4:1: the measure: the key 'k' is empty
  give it a value
""",
    ),
    Case(
        "an empty eligible never means everyone",
        "eligible: child",
        "eligible:",
        expected="""\
MPI-C009 m.yaml:16:9: indicator attendance: the key 'eligible' is empty
  give it a value, or leave the key out
""",
    ),
    Case(
        "an empty weight never means nothing",
        """\
weight: 1/2
    indicators:
      att""",
        """\
weight:
    indicators:
      att""",
        expected="""\
MPI-C009 m.yaml:13:5: dimension school: the key 'weight' is empty
  give it a value, or leave the key out
""",
    ),
    Case(
        "a key that repeats",
        "title: Demo",
        """\
title: Demo
title: Again""",
        expected="""\
MPI-C004 m.yaml:3:1: the measure: the key 'title' is repeated, first in line 2
  keep one of them
""",
    ),
    Case(
        "a text where a mapping belongs",
        """\
variables:
  person: {age: number, attends: truth}
  household: {zone: [urban, rural], rooms: number}
derive:
  child: age < 18
""",
        """\
variables: age
derive:
  child: TRUE
""",
        also=[
            ("ANY(NOT attends)", "ANY(child)"),
            ("NOT ANY(age >= 18)", "ANY(child)"),
            ("COUNT() / rooms", "COUNT()"),
            ("zone = 'rural'", "COUNT() > 8"),
        ],
        expected="""\
MPI-C005 m.yaml:6:12: variables is a mapping, not 'age'
  write `key: value` lines, or {key: value}
""",
    ),
    Case(
        "a mapping where a text belongs",
        "measure: demo",
        "measure: {a: b}",
        expected="""\
MPI-C005 m.yaml:1:10: the measure: measure is a text, not a mapping
  write one value; put a text of signs in quotes
""",
    ),
    Case(
        "a list where a title belongs, below the measure and an indicator",
        "title: Demo",
        "title: [a]",
        also=[("{weight: 1/3,", "{title: [b], legal_basis: [c], weight: 1/3,")],
        expected="""\
MPI-C005 m.yaml:2:8: the measure: title is a text, not a list
  write one value; put a text of signs in quotes
MPI-C005 m.yaml:23:25: indicator crowding: title is a text, not a list
  write one value; put a text of signs in quotes
MPI-C005 m.yaml:23:43: indicator crowding: legal_basis is a text, not a list
  write one value; put a text of signs in quotes
""",
    ),
    Case(
        "a misspelt word",
        "missing: exclude",
        "missing: exclud",
        expected="""\
MPI-C006 m.yaml:5:10: the measure: missing: 'exclud' is not known
  did you mean 'exclude'?
""",
    ),
    Case(
        "no is not a boolean",
        "missing: exclude",
        "missing: no",
        expected="""\
MPI-C006 m.yaml:5:10: the measure: missing: 'no' is not known
  write one of: exclude, reweight, deprived, not_deprived
""",
    ),
    Case(
        "a weight that is no number",
        "weight: 1/3",
        "weight: third",
        expected="""\
MPI-C007 m.yaml:23:26: indicator crowding: weight: 'third' is not a number such as 1/3, 0.05 or 33%
  write 1/3, 0.05 or 33%
""",
    ),
    Case(
        "010 is ten and not eight",
        "weight: 1/3",
        "weight: 010",
        expected="""\
MPI-M005 m.yaml:21:5: the indicator weights of 'housing' add up to 32/3, not 1: crowding 10, area 2/3
  write exact fractions such as 1/3, leave `weight:` out for equal weights, or set `normalize: yes`
""",
    ),
    Case(
        "12:30 is not 750",
        "weight: 1/3",
        "weight: 12:30",
        expected="""\
MPI-C007 m.yaml:23:26: indicator crowding: weight: '12:30' is not a number such as 1/3, 0.05 or 33%
  write 1/3, 0.05 or 33%
""",
    ),
    Case(
        "a weight with an exponent",
        "weight: 1/3",
        "weight: 1e-1",
        expected="""\
MPI-C007 m.yaml:23:26: indicator crowding: weight: '1e-1' is not a number such as 1/3, 0.05 or 33%
  write 1/3, 0.05 or 33%
""",
    ),
    Case(
        "a negative weight",
        "weight: 1/3",
        "weight: -1/3",
        expected="""\
MPI-C007 m.yaml:23:26: indicator crowding: weight: '-1/3' is not a number such as 1/3, 0.05 or 33%
  write 1/3, 0.05 or 33%
""",
    ),
    Case(
        "names that are no names",
        "measure: demo",
        "measure: my demo",
        also=[
            ("household: {zone", "household: {'my zone': text, zone"),
            (
                "  child: age < 18",
                """\
  child: age < 18
  a-b: age > 3""",
            ),
        ],
        expected="""\
MPI-C008 m.yaml:1:10: the measure: measure: 'my demo' is not a name
  use letters, digits and underscores
MPI-C008 m.yaml:8:15: a variable: 'my zone' is not a name
  use letters, digits and underscores
MPI-C008 m.yaml:11:3: a derived variable: 'a-b' is not a name
  use letters, digits and underscores
""",
    ),
    Case(
        "names of dimensions and indicators",
        "  housing:",
        "  my housing:",
        also=[("attendance:", "2attendance:")],
        expected="""\
MPI-C008 m.yaml:15:7: an indicator: '2attendance' is not a name
  use letters, digits and underscores
MPI-C008 m.yaml:20:3: a dimension: 'my housing' is not a name
  use letters, digits and underscores
""",
    ),
    Case(
        "k is 33",
        "k: 1/3",
        "k: 33",
        expected="""\
MPI-M009 m.yaml:4:4: k: 33 is outside (0, 1]; for a percentage write 33%
  k is a share of the weights, such as 1/3, 0.25 or 33%
""",
    ),
    Case(
        "k is 0",
        "k: 1/3",
        "k: 0",
        expected="""\
MPI-M009 m.yaml:4:4: k: 0 is outside (0, 1]
  k is a share of the weights, such as 1/3, 0.25 or 33%
""",
    ),
    Case(
        "k is no",
        "k: 1/3",
        "k: no",
        expected="""\
MPI-M009 m.yaml:4:4: k: 'no' is not a number such as 1/3, 0.05 or 33%
  k is a share of the weights, such as 1/3, 0.25 or 33%
""",
    ),
    Case(
        "k counts indicators of unequal weight",
        "k: 1/3",
        "k: 2 of 4",
        expected="""\
MPI-M009 m.yaml:4:4: k: '2 of 4' needs 4 indicators of equal weight; write the fraction 2/4 instead
  k is a share of the weights, such as 1/3, 0.25 or 33%
""",
    ),
    Case(
        "k counts dimensions that are not combined",
        "k: 1/3",
        "k: 1 dimension",
        expected="""\
MPI-M009 m.yaml:4:4: k: '1 dimension' needs dimensions of equal weight, each with `combine:`; write a fraction
  k is a share of the weights, such as 1/3, 0.25 or 33%
""",
    ),
    Case(
        "k names nothing",
        "k: 1/3",
        "k: {}",
        expected="""\
MPI-M009 m.yaml:4:4: k has no cutoff
  write k: 1/3, or k: {poor: 1/3, severe: 1/2}
""",
    ),
    Case(
        "cutoffs by name that are wrong in four ways",
        "k: 1/3",
        """\
k: {poor: {at: 1/3, comparison: '>='}, severe: {comparison: '>'}, 3x: 1/2, all: {at: {a: b}}, none: [1]}""",
        expected="""\
MPI-C009 m.yaml:4:48: k: severe: the key 'at' is missing
  add `at:`
MPI-C008 m.yaml:4:67: a cutoff: '3x' is not a name
  use letters, digits and underscores
MPI-C005 m.yaml:4:86: k is a text, not a mapping
  write one value; put a text of signs in quotes
MPI-C005 m.yaml:4:101: k is a text, not a list
  write one value; put a text of signs in quotes
""",
    ),
    Case(
        "k of five thousand digits",
        "k: 1/3",
        """\
k: 99999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999 of 4""",
        expected="""\
MPI-M009 m.yaml:4:4: k: '9999999999999999999999999999999999999999' is a number of more than 40 characters
  k is a share of the weights, such as 1/3, 0.25 or 33%
""",
    ),
    Case(
        "a comparison that is neither",
        "k: 1/3",
        """\
k: 1/3
comparison: '<'""",
        expected="""\
MPI-C006 m.yaml:5:13: the measure: comparison: '<' is not known
  write one of: >=, >
""",
    ),
    Case(
        "a variable at both levels",
        "household: {zone",
        "household: {age: number, zone",
        expected="""\
MPI-M001 m.yaml:8:15: the variable 'age' is declared for persons and for households
  keep one of them
""",
    ),
    Case(
        "a variable of unknown type",
        "rooms: number",
        "rooms: integer",
        expected="""\
MPI-C006 m.yaml:8:44: variable rooms: 'integer' is not known
  write one of: number, text, truth
""",
    ),
    Case(
        "a variable without type",
        "rooms: number",
        "rooms: {title: Rooms}",
        expected="""\
MPI-C009 m.yaml:8:44: variable rooms: the key 'type' is missing
  add `type:`
""",
    ),
    Case(
        "a derived variable that is declared",
        "  child: age < 18",
        """\
  child: age < 18
  rooms: 2 * COUNT()""",
        expected="""\
MPI-R015 m.yaml:11:3: 'rooms' is declared both as a variable and under `derive:`
  give one of them another name
""",
    ),
    Case(
        "derived variables in a ring",
        "  child: age < 18",
        """\
  child: kid
  kid: child""",
        expected="""\
MPI-R014 m.yaml:10:10: circular definition of derived variables: child -> kid -> child
  define one of them without the other, from the measure's variables
""",
    ),
    Case(
        "no dimension",
        """\
dimensions:
  school:
    weight: 1/2
    indicators:
      attendance:
        eligible: child
        deprived: ANY(NOT attends)
        nobody: not_deprived
      adults: {deprived: NOT ANY(age >= 18)}
  housing:
    weight: 1/2
    indicators:
      crowding: {weight: 1/3, deprived: COUNT() / rooms > 3}
      area: {weight: 2/3, deprived: zone = 'rural'}
""",
        "dimensions: {}\n",
        expected="""\
MPI-M002 m.yaml:11:13: a measure needs at least one dimension
  add one under `dimensions:`
""",
    ),
    Case(
        "dimensions that are a text",
        """\
dimensions:
  school:
    weight: 1/2
    indicators:
      attendance:
        eligible: child
        deprived: ANY(NOT attends)
        nobody: not_deprived
      adults: {deprived: NOT ANY(age >= 18)}
  housing:
    weight: 1/2
    indicators:
      crowding: {weight: 1/3, deprived: COUNT() / rooms > 3}
      area: {weight: 2/3, deprived: zone = 'rural'}
""",
        "dimensions: many\n",
        expected="""\
MPI-C005 m.yaml:11:13: dimensions is a mapping, not 'many'
  write `key: value` lines, or {key: value}
""",
    ),
    Case(
        "a dimension without indicators",
        """\
    indicators:
      crowding: {weight: 1/3, deprived: COUNT() / rooms > 3}
      area: {weight: 2/3, deprived: zone = 'rural'}""",
        "    indicators: {}",
        expected="""\
MPI-M002 m.yaml:22:17: the dimension 'housing' has no indicator
  add one, or remove the dimension
""",
    ),
    Case(
        "a dimension with monitored indicators only",
        """\
      crowding: {weight: 1/3, deprived: COUNT() / rooms > 3}
      area: {weight: 2/3, deprived: zone = 'rural'}""",
        "      area: {weight: monitor, deprived: zone = 'rural'}",
        expected="""\
MPI-M002 m.yaml:21:5: the dimension 'housing' has only monitored indicators, so its weight has no effect
  give one of them a weight, or monitor them in another dimension
""",
    ),
    Case(
        "an indicator in two dimensions",
        "area:",
        "adults:",
        expected="""\
MPI-M003 m.yaml:24:7: the indicator 'adults' is in two dimensions
  give one of them another name
""",
    ),
    Case(
        "dimension weights that miss 1",
        """\
  housing:
    weight: 1/2""",
        """\
  housing:
    weight: 0.499""",
        expected="""\
MPI-M005 m.yaml:12:3: the dimension weights add up to 999/1000 (0.999), not 1: school 1/2, housing 499/1000
  write exact fractions such as 1/3, leave `weight:` out for equal weights, or set `normalize: yes`
""",
    ),
    Case(
        "a dimension of weight 0",
        """\
  housing:
    weight: 1/2""",
        """\
  housing:
    weight: 0""",
        expected="""\
MPI-M005 m.yaml:12:3: the dimension weights add up to 1/2, not 1: school 1/2, housing 0
  write exact fractions such as 1/3, leave `weight:` out for equal weights, or set `normalize: yes`
MPI-M005 m.yaml:21:13: the weight of the dimension 'housing' is 0
  remove the dimension, or monitor its indicators
""",
    ),
    Case(
        "a dimension without weight among others with one",
        """\
  housing:
    weight: 1/2""",
        "  housing:",
        expected="""\
MPI-M005 m.yaml:12:3: some dimensions have no weight: housing
  give all of them one, or none
""",
    ),
    Case(
        "a dimension weight that is no number",
        """\
  housing:
    weight: 1/2""",
        """\
  housing:
    weight: half""",
        expected="""\
MPI-C007 m.yaml:21:13: dimension housing: weight: 'half' is not a number such as 1/3, 0.05 or 33%
  write 1/3, 0.05 or 33%
""",
    ),
    Case(
        "indicator weights that miss 1",
        "weight: 2/3",
        "weight: 1/3",
        expected="""\
MPI-M005 m.yaml:21:5: the indicator weights of 'housing' add up to 2/3, not 1: crowding 1/3, area 1/3
  write exact fractions such as 1/3, leave `weight:` out for equal weights, or set `normalize: yes`
""",
    ),
    Case(
        "an indicator of weight 0",
        "weight: 1/3",
        "weight: 0",
        expected="""\
MPI-M005 m.yaml:21:5: the indicator weights of 'housing' add up to 2/3, not 1: crowding 0, area 2/3
  write exact fractions such as 1/3, leave `weight:` out for equal weights, or set `normalize: yes`
MPI-M005 m.yaml:23:26: the weight of 'crowding' is 0
  write `weight: monitor` to only report it
""",
    ),
    Case(
        "an indicator without weight among others with one",
        "weight: 1/3, ",
        "",
        expected="""\
MPI-M005 m.yaml:21:5: some indicators of 'housing' have no weight: crowding
  give all of them one, or none for equal weights
""",
    ),
    Case(
        "rounded indicator weights show how near they come",
        "weight: 1/3",
        "weight: 0.3333",
        expected="""\
MPI-M005 m.yaml:21:5: the indicator weights of 'housing' add up to 29999/30000 (0.999967), not 1: crowding 3333/10000, area 2/3
  write exact fractions such as 1/3, leave `weight:` out for equal weights, or set `normalize: yes`
""",
    ),
    Case(
        "weights inside a combined dimension",
        """\
  housing:
    weight: 1/2""",
        """\
  housing:
    combine: any
    weight: 1/2""",
        expected="""\
MPI-M006 m.yaml:24:26: 'crowding' has a weight, but the dimension 'housing' is combined
  remove the weight: the dimension's weight counts as a whole
MPI-M006 m.yaml:25:22: 'area' has a weight, but the dimension 'housing' is combined
  remove the weight: the dimension's weight counts as a whole
""",
    ),
    Case(
        "an unknown way to combine",
        """\
  school:
    weight: 1/2""",
        """\
  school:
    combine: some
    weight: 1/2""",
        expected="""\
MPI-C006 m.yaml:13:14: combine: 'some' is not known
  write one of: any, all
""",
    ),
    Case(
        "more deprivations asked for than there are",
        """\
  school:
    weight: 1/2""",
        """\
  school:
    combine: {at_least: 3}
    weight: 1/2""",
        expected="""\
MPI-C007 m.yaml:13:25: combine: at_least: '3' is not a whole number from 1 to 2
  write one from 1 to 2
""",
    ),
    Case(
        "reweighting a combined dimension",
        "missing: exclude",
        "missing: reweight",
        also=[
            (
                "  school:\n",
                """\
  school:
    combine: any
""",
            )
        ],
        expected="""\
MPI-M008 m.yaml:5:10: missing: reweight needs dimensions that are weighted sums
  use exclude with `combine:`
""",
    ),
    Case(
        "eligible without nobody",
        "        nobody: not_deprived\n",
        "",
        expected="""\
MPI-M007 m.yaml:16:9: the indicator 'attendance' has `eligible` and does not say the result when nobody is eligible
  add one of: `nobody: deprived`, `nobody: not_deprived`, `nobody: unknown`
""",
    ),
    Case(
        "nobody without eligible",
        "        eligible: child\n",
        "",
        expected="""\
MPI-M007 m.yaml:17:17: the indicator 'attendance' has `nobody` without `eligible`
  remove it, or say who is `eligible:`
""",
    ),
    Case(
        "eligible where there is no aggregate",
        "ANY(NOT attends)",
        "rooms > 2",
        expected="""\
MPI-M007 m.yaml:16:19: `eligible` of 'attendance' has no effect: its rule has no aggregate over members
  write ANY(...), or leave it out
""",
    ),
    Case(
        "several faults come in the order of the file",
        "zone = 'rural'",
        "zon = 'rural'",
        also=[("k: 1/3", "k: 33"), ("1/2", "1/3"), ("missing: exclude", "missing: exclud")],
        expected="""\
MPI-M009 m.yaml:4:4: k: 33 is outside (0, 1]; for a percentage write 33%
  k is a share of the weights, such as 1/3, 0.25 or 33%
MPI-C006 m.yaml:5:10: the measure: missing: 'exclud' is not known
  did you mean 'exclude'?
MPI-M005 m.yaml:12:3: the dimension weights add up to 5/6, not 1: school 1/3, housing 1/2
  write exact fractions such as 1/3, leave `weight:` out for equal weights, or set `normalize: yes`
MPI-R006 m.yaml:24:37: there is no variable 'zon'
  did you mean 'zone'?
""",
    ),
    Case(
        "a list where a number, a rule, a word or a key belongs",
        "weight: 1/3,",
        "weight: [1],",
        also=[
            ("weight: 2/3, deprived: zone = 'rural'", "weight: 2/3, deprived: [x], nobody: {}, missing: [unknown]"),
            ("  school:\n", "  school:\n    combine: {at_least: [1]}\n"),
            ("title: Demo", "title: Demo\n? [a]\n: b"),
        ],
        expected="""\
MPI-C005 m.yaml:3:3: a key of the measure is a text, not a list
  write one value; put a text of signs in quotes
MPI-C005 m.yaml:15:25: combine: at_least is a text, not a list
  write one value; put a text of signs in quotes
MPI-C005 m.yaml:26:26: indicator crowding: weight is a text, not a list
  write one value; put a text of signs in quotes
MPI-C005 m.yaml:27:37: indicator area: deprived is a text, not a list
  write one value; put a text of signs in quotes
MPI-C005 m.yaml:27:50: indicator area: nobody is a text, not a mapping
  write one value; put a text of signs in quotes
MPI-M007 m.yaml:27:50: the indicator 'area' has `nobody` without `eligible`
  remove it, or say who is `eligible:`
MPI-C005 m.yaml:27:63: indicator area: missing is a text, not a list
  write one value; put a text of signs in quotes
""",
    ),
    Case(
        "empty sections are told once each",
        "variables:\n  person: {age: number, attends: truth}\n  household: {zone: [urban, rural], rooms: number}\n",
        "variables:\n",
        also=[(BASE[BASE.index("derive:") :], "dimensions:\n")],
        expected="""\
MPI-C009 m.yaml:6:1: the measure: the key 'variables' is empty
  give it a value
MPI-C009 m.yaml:7:1: the measure: the key 'dimensions' is empty
  give it a value
""",
    ),
]


def measure(*replacements: tuple[str, str]) -> Measure:
    text = BASE
    for old, new in replacements:
        assert old in text
        text = text.replace(old, new, 1)
    return read_measure(compose(text, "m.yaml"))


@pytest.mark.parametrize("case", CASES, ids=str)
def test_a_wrong_measure_is_refused_with_every_fault(case: Case) -> None:
    assert message(case, BASE, "m.yaml", read_measure) == case.expected


def test_more_than_64_indicators_are_refused() -> None:
    more = "".join(f"      extra{i}: {{deprived: rooms > {i}}}\n" for i in range(64))
    text = BASE.replace("crowding: {weight: 1/3, ", "crowding: {").replace("area: {weight: 2/3, ", "area: {") + more
    case = Case("", text, text, "")
    assert message(case, text, "m.yaml", read_measure) == (
        "MPI-M004 m.yaml:12:3: 68 indicators; a measure has at most 64\n  split them into two measures\n"
    )


def test_shares_of_a_dimension_and_equal_weights_are_exact() -> None:
    assert measure().weights == (Fraction(1, 4), Fraction(1, 4), Fraction(1, 6), Fraction(1, 3))


def test_absolute_indicator_weights_give_the_dimension_its_weight() -> None:
    found = measure(
        ("    weight: 1/2\n", ""),
        ("    weight: 1/2\n", ""),
        ("eligible:", "weight: 0.1\n        eligible:"),
        ("adults: {", "adults: {weight: 0.3, "),
        ("1/3, deprived", "0.2, deprived"),
        ("2/3", "40%"),
    )
    assert found.weights == (Fraction(1, 10), Fraction(3, 10), Fraction(1, 5), Fraction(2, 5))
    assert [dimension.weight for dimension in found.dimensions] == [Fraction(2, 5), Fraction(3, 5)]


def test_absolute_weights_below_a_given_dimension_weight_are_taken_as_they_are() -> None:
    assert measure(("weight: 1/3,", "weight: 1/8,"), ("2/3", "3/8")).weights[2:] == (Fraction(1, 8), Fraction(3, 8))


def test_dimensions_without_weight_are_equal_and_normalize_divides_by_the_sum() -> None:
    equal = measure(("    weight: 1/2\n", ""), ("    weight: 1/2\n", ""))
    assert [dimension.weight for dimension in equal.dimensions] == [Fraction(1, 2)] * 2
    scaled = measure(("k: 1/3", "k: 1/3\nnormalize: yes"), ("weight: 1/2", "weight: 3"), ("2/3", "1"), ("1/2", "2"))
    assert [dimension.weight for dimension in scaled.dimensions] == [Fraction(3, 5), Fraction(2, 5)]
    assert scaled.weights == (Fraction(3, 10), Fraction(3, 10), Fraction(1, 10), Fraction(3, 10))


def test_a_monitored_indicator_has_no_weight_and_does_not_count_towards_all() -> None:
    found = measure(
        ("    weight: 1/2\n    indicators:\n      c", "    weight: 1/2\n    combine: all\n    indicators:\n      c"),
        ("weight: 1/3, ", "weight: monitor, "),
        ("weight: 2/3, ", ""),
    )
    assert [indicator.monitor for indicator in found.indicators] == [False, False, True, False]
    assert found.dimensions[1].at_least == 1
    assert found.weights[2:] == (0, 0)


def test_at_least_two_and_any_are_numbers_of_deprivations() -> None:
    combined = ("  school:\n", "  school:\n    combine: {at_least: 2}\n")
    assert measure(combined).dimensions[0].at_least == 2
    assert measure(("  school:\n", "  school:\n    combine: any\n")).dimensions[0].at_least == 1


@pytest.mark.parametrize(
    ("text", "cutoff"),
    [
        ("1/3", Cutoff(Fraction(1, 3))),
        ("0.1", Cutoff(Fraction(1, 10))),
        ("33%", Cutoff(Fraction(33, 100))),
        ("> 1/2", Cutoff(Fraction(1, 2), strict=True)),
        (">= 1/2", Cutoff(Fraction(1, 2))),
        ("severe", Cutoff(Fraction(1, 2), strict=True, name="severe")),
    ],
)
def test_a_cutoff_is_found_by_name_or_text(text: str, cutoff: Cutoff) -> None:
    named = measure(("k: 1/3", "k: {poor: 1/3, severe: {at: 1/2, comparison: '>'}}"))
    assert named.cutoff(text) == cutoff
    assert named.cutoff(cutoff) is cutoff


def test_a_comparison_holds_for_every_cutoff_without_its_own() -> None:
    found = measure(("k: 1/3", "comparison: '>'\nk: {poor: 1/3, severe: {at: 1/2, comparison: '>='}}"))
    assert [cutoff.strict for cutoff in found.cutoffs] == [True, False]
    assert [cutoff.text for cutoff in found.cutoffs] == [">1/3", "1/2"]


def test_k_counts_indicators_or_dimensions_of_equal_weight() -> None:
    equal = (("weight: 1/3, ", ""), ("weight: 2/3, ", ""))
    assert measure(("k: 1/3", "k: 2 of 4"), *equal).cutoffs[0].k == Fraction(1, 2)
    combined = (("  school:\n", "  school:\n    combine: any\n"), ("  housing:\n", "  housing:\n    combine: any\n"))
    assert measure(("k: 1/3", "k: 2 dimensions"), *equal, *combined).cutoffs[0].k == 1


@pytest.mark.parametrize(
    ("k", "expected"),
    [
        ("9", "MPI-E001 k: 9 is outside (0, 1]; for a percentage write 9%"),
        (Fraction(3, 2), "MPI-E001 k: 3/2 is outside (0, 1]; for a percentage write 3/2%"),
        ("half", "MPI-E001 k: 'half' is not a number such as 1/3, 0.05 or 33%"),
        (0.5, "MPI-E001 k=0.5 is a float; write it as a text such as '1/3', so that it is exact"),
    ],
)
def test_a_cutoff_that_cannot_be_used_is_a_usage_error(k: str | Fraction, expected: str) -> None:
    with pytest.raises(UsageError) as error:
        measure().cutoff(k)
    assert str(error.value).splitlines()[0] == expected
    with pytest.raises(UsageError, match="or name a cutoff of the measure: poor, severe"):
        measure(("k: 1/3", "k: {poor: 1/3, severe: 1/2}")).cutoff(k)


def test_a_measure_keeps_its_texts() -> None:
    found = measure(
        ("title: Demo", "title: {es: Prueba, en: Demo}\nsource: a book\nnote: 2026"),
        ("rooms: number", "rooms: {type: number, title: Rooms, note: to sleep in}"),
    )
    assert (found.title, found.source, found.note) == ({"es": "Prueba", "en": "Demo"}, {"": "a book"}, {"": "2026"})
    assert found.variables["rooms"].title == {"": "Rooms"}
    assert found.variables["zone"].kind.labels == {"urban", "rural"}
    assert (found.level, found.names[0]) == ("household", "attendance")
