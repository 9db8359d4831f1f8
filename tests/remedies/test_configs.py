"""Every remedy of a message about a config, followed: what it says to write is then read without a fault.

The wrong texts are the cases of the tests of each kind of config; here stands what somebody writes who follows the
remedy, all of its alternatives. A case with a remedy that is not followed here fails.
"""

# ruff: noqa: E501  replacements stand here as they are written

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import pytest

from mpi.config.composing import compose
from mpi.config.disclosure import read_disclosure
from mpi.config.measures import read_measure
from mpi.config.nodes import Node
from mpi.config.reliability import read_reliability
from mpi.config.surveys import read_survey
from mpi.specs.reliability import METRICS
from mpi.vocabulary.options import RELIABILITY_LEVELS
from tests.config import test_disclosure, test_measures, test_surveys
from tests.specs import test_reliability
from tests.support.bad_configs import Case

Mended = str | Sequence[tuple[str, str]]  # in place of the case's old text; or all replacements in the good config
DIMENSIONS = test_measures.BASE[test_measures.BASE.index("dimensions:") :]
HOUSING = DIMENSIONS[DIMENSIONS.index("      crowding:") :]
HALF = "  housing:\n    weight: 1/2"

MEASURES: Mapping[str, Sequence[Mended]] = {
    "an unknown key and the missing one": ["missing:"],
    "an empty key is not a missing one": ["k: 1/4"],
    "an empty eligible never means everyone": [
        "eligible: age < 6",
        [("        eligible: child\n", ""), ("        nobody: not_deprived\n", "")],
    ],
    "an empty weight never means nothing": [
        "weight: 1/2\n    indicators:\n      att",
        [("    weight: 1/2\n    indicators:\n      att", "    indicators:\n      att"), ("    weight: 1/2\n", "")],
    ],
    "a key that repeats": ["title: Again"],
    "a text where a mapping belongs": [
        [("person: {age: number, attends: truth}", "person:\n    age: number\n    attends: truth")]
    ],
    "a mapping where a text belongs": ["measure: norm"],
    "a list where a title belongs, below the measure and an indicator": ["title: '[a]'"],
    "a misspelt word": ["missing: exclude"],
    "no is not a boolean": [f"missing: {word}" for word in ("exclude", "reweight", "deprived", "not_deprived")],
    "a weight that is no number": ["weight: 1/3"],
    "010 is ten and not eight": [
        "weight: 1/3",
        [("weight: 1/3, ", ""), ("weight: 2/3, ", "")],
        [("weight: 1/3", "weight: 010"), ("title: Demo", "title: Demo\nnormalize: yes")],
    ],
    "12:30 is not 750": ["weight: 1/3"],
    "a weight with an exponent": ["weight: 1/3"],
    "a negative weight": ["weight: 1/3"],
    "names that are no names": ["measure: my_demo"],
    "names of dimensions and indicators": ["  my_housing:"],
    "k is 33": ["k: 33%", "k: 1/3", "k: 0.25"],
    "k is 0": ["k: 1/3", "k: 0.25", "k: 33%"],
    "k is no": ["k: 1/3", "k: 0.25", "k: 33%"],
    "k counts indicators of unequal weight": ["k: 2/4"],
    "k counts dimensions that are not combined": ["k: 1/3"],
    "k names nothing": ["k: 1/3", "k: {poor: 1/3, severe: 1/2}"],
    "cutoffs by name that are wrong in four ways": [
        "k: {poor: {at: 1/3, comparison: '>='}, severe: {at: 1/2, comparison: '>'}}"
    ],
    "k of five thousand digits": ["k: 1/3", "k: 0.25", "k: 33%"],
    "a comparison that is neither": ["k: 1/3\ncomparison: '>='", "k: 1/3\ncomparison: '>'"],
    "a variable at both levels": ["household: {zone"],
    "a variable of unknown type": ["rooms: number"],
    "a variable without type": ["rooms: {title: Rooms, type: number}"],
    "a derived variable that is declared": ["  child: age < 18\n  size: 2 * COUNT()"],
    "derived variables in a ring": ["  child: kid\n  kid: age < 18"],
    "no dimension": [DIMENSIONS],
    "dimensions that are a text": [DIMENSIONS],
    "a dimension without indicators": [
        "    indicators:\n      area: {deprived: zone = 'rural'}",
        [(HALF + "\n    indicators:\n" + HOUSING, ""), ("weight: 1/2", "weight: 1")],
    ],
    "a dimension with monitored indicators only": [
        "      area: {weight: 1, deprived: zone = 'rural'}",
        [
            (HALF + "\n    indicators:\n" + HOUSING, "      area: {weight: monitor, deprived: zone = 'rural'}\n"),
            ("weight: 1/2", "weight: 1"),
        ],
    ],
    "an indicator in two dimensions": ["land:"],
    "dimension weights that miss 1": [
        HALF,
        [("    weight: 1/2\n", ""), ("    weight: 1/2\n", "")],
        [(HALF, "  housing:\n    weight: 0.499"), ("title: Demo", "title: Demo\nnormalize: yes")],
    ],
    "a dimension of weight 0": [
        HALF,
        [("    weight: 1/2\n", ""), ("    weight: 1/2\n", "")],
        [(HALF + "\n    indicators:\n" + HOUSING, ""), ("weight: 1/2", "weight: 1")],
    ],
    "a dimension without weight among others with one": [HALF, [("    weight: 1/2\n", ""), ("    weight: 1/2\n", "")]],
    "a dimension weight that is no number": ["  housing:\n    weight: 0.5", "  housing:\n    weight: 50%"],
    "indicator weights that miss 1": [
        "weight: 2/3",
        [("weight: 1/3, ", ""), ("weight: 2/3, ", "")],
        [("weight: 2/3", "weight: 1/3"), ("title: Demo", "title: Demo\nnormalize: yes")],
    ],
    "an indicator of weight 0": [[("weight: 1/3", "weight: monitor"), ("weight: 2/3", "weight: 1")]],
    "an indicator without weight among others with one": [
        "weight: 1/3, ",
        [("weight: 1/3, ", ""), ("weight: 2/3, ", "")],
    ],
    "rounded indicator weights show how near they come": [
        "weight: 1/3",
        [("weight: 1/3, ", ""), ("weight: 2/3, ", "")],
        [("weight: 1/3", "weight: 0.3333"), ("title: Demo", "title: Demo\nnormalize: yes")],
    ],
    "weights inside a combined dimension": [
        [(HALF, "  housing:\n    combine: any\n    weight: 1/2"), ("weight: 1/3, ", ""), ("weight: 2/3, ", "")]
    ],
    "an unknown way to combine": [f"  school:\n    combine: {word}\n    weight: 1/2" for word in ("any", "all")],
    "more deprivations asked for than there are": [
        f"  school:\n    combine: {{at_least: {m}}}\n    weight: 1/2" for m in (1, 2)
    ],
    "reweighting a combined dimension": [
        [("  school:\n", "  school:\n    combine: any\n"), ("missing: exclude", "missing: exclude")]
    ],
    "eligible without nobody": [f"        nobody: {word}\n" for word in ("deprived", "not_deprived", "unknown")],
    "nobody without eligible": [
        "        eligible: child\n",
        [("        eligible: child\n", ""), ("        nobody: not_deprived\n", "")],
    ],
    "eligible where there is no aggregate": [
        "ANY(attends)",
        [("        eligible: child\n", ""), ("        nobody: not_deprived\n", ""), ("ANY(NOT attends)", "rooms > 2")],
    ],
    "several faults come in the order of the file": ["zone = 'rural'"],
    "a list where a number, a rule, a word or a key belongs": ["weight: 1/3,"],
    "empty sections are told once each": [[("title: Demo", "title: Demo")]],
}

PERSONS = "{path: persons.csv, key: [house, person]}"
HOUSEHOLDS = "{path: households.csv, key: [house]}"
DESIGN = "{weight: w, stratum: null, psu: segment}"
LIFTED = "{from: persons, key: [house], columns: [area, region, w, segment]}"
SURVEYS: Mapping[str, Sequence[Mended]] = {
    "a misspelt key and the missing one": ["period:"],
    "an empty period": ["period: 2026"],
    "a survey that is a list": [[("period: 2026", "period: 2027")]],
    "a survey whose name is no name": ["survey: demo_2026"],
    "a title and a source of the wrong shape": ["period: 2026\ntitle: '[x]'\nsource: a text of signs"],
    "an empty like": ["period: 2026"],
    "no table": [
        f"tables:\n  persons: {PERSONS}\n  households: {HOUSEHOLDS}\n",
        f"tables:\n  households: {HOUSEHOLDS}\nmembers: size\n",
    ],
    "a table of an unknown name": ["  persons:"],
    "dwellings alone": [
        f"  persons: {PERSONS}\n  households: {HOUSEHOLDS}\n  dwellings: {{path: d.csv, key: [house]}}\n"
    ],
    "persons without households": [f"  households: {LIFTED}\n", f"  households: {HOUSEHOLDS}\n"],
    "households alone without members": [
        [(f"  persons: {PERSONS}\n", ""), ("period: 2026", "period: 2026\nmembers: size")]
    ],
    "a table without key and path": [
        "{path: persons.csv, key: [house, person], household: [house]}",
        "{path: 'persons-*.csv', key: [h, p], household: [h]}",
    ],
    "a key without columns": [HOUSEHOLDS],
    "households inside the persons' file and in one of their own": [HOUSEHOLDS, LIFTED],
    "persons inside the persons' file": [PERSONS],
    "households inside another file": [LIFTED],
    "lifted columns of a table of its own": [HOUSEHOLDS],
    "a path that climbs out": ["path: persons.csv", "path: year/persons.csv"],
    "a path that is a list": ["path: persons.csv", "path: '*.csv'"],
    "an absolute path": ["path: passwd"],
    "a web address": ["path: x/persons.csv"],
    "a path that climbs out the Windows way": ["path: persons.csv"],
    "households inside a file that is not there": [f"  persons: {PERSONS}\n  households: {LIFTED}\n"],
    "dwellings of households inside the persons' file": [
        "  households: {path: households.csv, key: [house], dwelling: [d]}\n  dwellings: {path: d.csv, key: [d]}\n",
        f"  households: {LIFTED}\n",
    ],
    "members beside persons": ["period: 2026"],
    "a reference of another length": ["key: [house, person], household: [house]"],
    "a person's key without the household's": ["key: [house, person]", "key: [h, person], household: [h]"],
    "a dialect that is wrong in four ways": [
        f"key: [house, person], csv: {{delimiter: {sign}, decimal: '{decimal}', encoding: {code}}}"
        for sign, decimal, code in (('";"', ",", "utf-8"), ('"\\t"', ".", "cp1252"), ('";"', ".", "latin-1"))
    ],
    "a dialect that is a text": ["key: [house, person], csv: {delimiter: ';'}"],
    "a variable whose name is no name": ["  my_age: age"],
    "a variable that is rule and column": ["  age: {rule: age}", "  age: {column: age}"],
    "a variable that is neither": ["  age: {title: Age, rule: age}", "  age: {title: Age, column: age}"],
    "an optional variable": ["  age: {column: age}"],
    "codes and table of a rule": [
        "  age: {rule: age, width: 2}",
        "  age: {column: age, codes: {1: a}, table: persons, width: 2}",
    ],
    "an empty list of codes": ["{1: first, 2: second}"],
    "a list where codes belong": ["{1: urban, 2: rural}"],
    "a code that repeats": ["{1: urban}", "{1: rural}"],
    "a code without label": ["{1: urban, 2: rural}"],
    "a width out of range": ["width: 1", "width: 40"],
    "a rule that ends too early": ["  age: age + 1"],
    "a domain named like a column of the results": ["  poor_area:"],
    "a design without weight": ["{weight: w, psu: segment}", "{weight: none, psu: segment}"],
    "an empty weight is not unweighted": [DESIGN],
    "a misspelt weight is not unweighted": [
        f"{{weight: w, psu: segment, psu_codes: unique, single_psu: centered, census: {word}}}"
        for word in ("no", "false")
    ],
    "a design that is a text": ["{weight: w}", "{weight: none}"],
    "a stratum that is column and rule": ["stratum: {column: s}", "stratum: {rule: x}"],
    "missing codes of the wrong shape": ["{age: [99, 98]}"],
    "aliases of the wrong shape": ["{age: EDAD}"],
    "several faults come in the order of the file": ["period: 2026"],
}

RELIABILITY: Mapping[str, Sequence[Mended]] = {
    "a misspelt metric": ["n_poor < 25"],
    "a condition that is a number": ["n_poor = 1"],
    "a text where metrics are numbers": ["n_poor < 25"],
    "bad syntax": ["n_poor = 25"],
    "members of a household": [f"{metric} < 25" for metric in METRICS if metric != "log_cv"],
    "log_cv of others than proportions": [
        [("cv > 0.25, level: review, of: [ratio, total]", "log_cv > 0.25, level: review, of: [proportion]")]
    ],
    "a level that is not known": ["level: suppress"],
    "a kind that is not known": ["[ratio, total]"],
    "no kind": [[(", of: [ratio, total]", "")]],
    "a name twice": ["name: narrow"],
    "a name that is none": ["name: second_2"],
    "a rule that says nothing": [", says: narrow"],
    "a rule without a condition": ["when: df < 5, "],
    "a key that is not known": ["of: [ratio"],
    "a key of the set that is not known": ["title:"],
    "undecided that is no level": ["undecided: caution\nrules:", "rules:"],
    "undecided that is not known": [f"undecided: {level}\nrules:" for level in RELIABILITY_LEVELS],
    "a rule that is a text": ["  - {name: narrow, when: ci_width < 0.01, level: publish, says: narrow}"],
    "kinds in a mapping": ["[ratio, share]"],
    "words that are a list": ["says: '[narrow]'"],
    "a condition that is null": ["n_poor < 25"],
    "a set without a name": ["reliability: our_office"],
    "several faults": ["cv > 1"],
}

DISCLOSURE: Mapping[str, Sequence[Mended]] = {
    "all or none only": ["all_or_none: 20"],
    "more households than persons": ["households: 3"],
    "a map that tells what tables hide": ["persons: 10, households: 3}", [("profile: {persons: 10, households: 3}\n", "")]],
    "complementary to nothing": [
        [("persons: 10", "persons: 0"), ("households: 3", "households: 0"), ("numerator: 10", "numerator: 0"),
         ("all_or_none: 20", "all_or_none: 0"), ("profile: {persons: 10, households: 3}\n", ""),
         ("complementary: yes", "complementary: no")]
    ],
    "no number": ["persons: 10"],
    "unknown numerator": ["complementary: yes\nnumerators: [poor]"],
    "no numerator": ["complementary: yes", "complementary: yes\nnumerators: [poor]"],
    "unknown key": ["persons: 10"],
}  # fmt: skip

KINDS: Sequence[tuple[str, Sequence[Case], str, Callable[[Node], object], Mapping[str, Sequence[Mended]]]] = [
    ("measure", test_measures.CASES, test_measures.BASE, read_measure, MEASURES),
    ("survey", test_surveys.CASES, test_surveys.BASE, lambda root: read_survey([root]), SURVEYS),
    ("reliability", test_reliability.CASES, test_reliability.OWN, read_reliability, RELIABILITY),
    ("disclosure", test_disclosure.CASES, test_disclosure.BASE, read_disclosure, DISCLOSURE),
]
FOLLOWED = [
    (kind, case, base, read, mended)
    for kind, cases, base, read, table in KINDS
    for case in cases
    for mended in table.get(case.says, ())
]


@pytest.mark.parametrize(
    ("kind", "case", "base", "read", "mended"), FOLLOWED, ids=[f"{kind}: {case.says}" for kind, case, *_ in FOLLOWED]
)
def test_a_remedy_that_is_followed_is_accepted(
    kind: str, case: Case, base: str, read: Callable[[Node], object], mended: Mended
) -> None:
    text = base
    for old, new in [(case.old, mended)] if isinstance(mended, str) else mended:
        assert old in text
        text = text.replace(old, new, 1)
    read(compose(text, f"{kind}.yaml"))


@pytest.mark.parametrize(("kind", "cases", "table"), [(kind, cases, table) for kind, cases, _, _, table in KINDS])
def test_every_case_of_a_wrong_config_has_its_remedy_followed(
    kind: str, cases: Sequence[Case], table: Mapping[str, Sequence[Mended]]
) -> None:
    assert {case.says for case in cases} == set(table), f"of a {kind}: add what somebody writes who follows the remedy"
    for case in cases:
        lines = case.expected.splitlines()
        bare = [
            line
            for line, after in zip(lines, [*lines[1:], ""], strict=True)
            if line.startswith("MPI-") and not after.startswith("  ") and not line.startswith("MPI-R001")
        ]
        assert not bare, "a message without a remedy (MPI-R001 says what is missing)"
        assert "mend it" not in case.expected, "that is no remedy"
