"""Every remedy of a message about the text of a config that the tables of wrong configs do not hold, followed."""

# ruff: noqa: E501  configs stand here as they are written

from __future__ import annotations

import unicodedata
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from mpi.config import load_measure, load_study, load_survey
from mpi.config.composing import MAX_DEPTH, compose, load
from mpi.config.examples import read_examples
from mpi.config.layering import MAX_LAYERS
from mpi.config.measures import read_measure
from mpi.config.reliability import read_reliability
from mpi.config.surveys import read_survey
from tests.config import test_measures, test_surveys
from tests.config.test_lookalikes import CYRILLIC_A
from tests.remedies.test_boundaries import drawn
from tests.specs import test_reliability
from tests.support import hamlet
from tests.support.hamlet import study_of
from tests.support.remedies import Doing, Row, follow, one_of_many

GOOD = hamlet.MEASURE


def held(content: bytes | str) -> Doing:
    """A measure's file that holds this."""

    def done(folder: Path) -> object:
        path = hamlet.write_hamlet(folder) / "own.yaml"
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return load_measure(path)

    return done


def folder_of(name: str) -> Doing:
    """A folder that is called like a config, and a config beside it."""

    def done(folder: Path) -> object:
        hamlet.write_hamlet(folder)
        (folder / "a.yaml").mkdir()
        return load(folder / name)

    return done


def unreadable(rights: int, *, copied: bool = False) -> Doing:
    """A config that nobody may read; or a copy of it beside it."""

    def done(folder: Path) -> object:
        with TemporaryDirectory() as name:
            own = hamlet.write_hamlet(Path(name))
            assert load(own / "village.yaml")  # whatever is to be imported is imported
            (own / "mine.yaml").write_text((own / "village.yaml").read_text())
            (own / "village.yaml").chmod(rights)
            with one_of_many(own):
                return load(own / ("mine.yaml" if copied else "village.yaml"))

    return done


def example(zone: str) -> Doing:
    measure = read_measure(compose(test_measures.BASE, "m.yaml"))
    text = f"area: [{{says: x, household: {{zone: {zone}}}, deprived: yes}}]"
    return lambda folder: read_examples(compose(text, "m.examples.yaml"), measure)


def said(text: str) -> Doing:
    return lambda folder: compose(text, "a.yaml")


def measured(*edits: tuple[str, str]) -> Doing:
    return lambda folder: read_measure(compose(edited(test_measures.BASE, edits), "m.yaml"))


def surveyed(*edits: tuple[str, str]) -> Doing:
    return lambda folder: read_survey([compose(edited(test_surveys.BASE, edits), "s.yaml")])


def ruled(*edits: tuple[str, str]) -> Doing:
    return lambda folder: read_reliability(compose(edited(test_reliability.OWN, edits), "r.yaml"))


def studied(*edits: tuple[str, str], person: bool = False) -> Doing:
    """The hamlet's study, of a measure that identifies households or persons."""

    def done(folder: Path) -> object:
        hamlet.write_hamlet(folder)
        own = folder / "village.yaml"
        own.write_text(
            own.read_text().replace(
                "identification: household", "identification: person" if person else "identification: household"
            )
        )
        (folder / "study.yaml").write_text(edited(study_of("results", "workbook"), edits), encoding="utf-8")
        return load_study(folder / "study.yaml")

    return done


def edited(text: str, edits: tuple[tuple[str, str], ...]) -> str:
    for old, new in edits:
        assert old in text
        text = text.replace(old, new, 1)
    return text


def layered(number: int) -> Doing:
    """A survey that is like another, which is like another, and so on."""

    def done(folder: Path) -> object:
        hamlet.write_hamlet(folder)
        before = "village_2026"
        for layer in range(number):
            (folder / f"s{layer}.yaml").write_text(f"survey: s{layer}\nlike: {before}\nperiod: 2026\n")
            before = f"s{layer}"
        return load_survey(folder / f"{before}.yaml")

    return done


def like(text: str, *, kind: str = "measure") -> Doing:
    """A measure or survey that is like one that is there."""

    def done(folder: Path) -> object:
        hamlet.write_hamlet(folder)
        (folder / "own.yaml").write_text(f"{kind}: own\n{text}\n")
        return (load_measure if kind == "measure" else load_survey)(folder / "own.yaml")

    return done


def layered_measures(number: int) -> Doing:
    def done(folder: Path) -> object:
        hamlet.write_hamlet(folder)
        for layer in range(number):
            before = f"s{layer - 1}" if layer else "village"
            (folder / f"s{layer}.yaml").write_text(f"measure: s{layer}\nlike: {before}\n")
        return load_measure(folder / f"s{number - 1}.yaml")

    return done


def mapped(text: str) -> Doing:
    return lambda folder: drawn(f"boundaries: {{path: a.geojson, {text}}}")


APART, COMPOSED = (unicodedata.normalize(form, "a\u00f1os") for form in ("NFD", "NFC"))
DEEP = "a: " + "[" * (MAX_DEPTH + 1) + "]" * (MAX_DEPTH + 1)


def of_households(more: str) -> Doing:
    return surveyed(
        ("tables:\n", f"tables:\n  modules: {{e: {{of: households, path: e.csv, key: [house, n], {more}}}}}\n")
    )


BOTH = "  persons: {path: persons.csv, key: [house, person]}\n  households: {path: households.csv, key: [house]}\n"


def areas(text: str) -> tuple[str, str]:
    return "{column: region, width: 2, optional: yes}", f"{{column: region, {text}}}"


LONELY = (
    "  persons: {path: persons.csv, key: [house, person]}\n  households: {path: households.csv, key: [house]}\n",
    "  households: {path: households.csv, key: [house]}\nmembers: size\n",
)
AREA = "deprived: zone = 'rural'"
ROWS = [
    Row("MPI-C002", "give the path of a YAML file", folder_of("a.yaml"), [folder_of("village.yaml")]),
    Row("MPI-C002", "get permission to read it (chmod u+r), or copy it to a folder of yours", unreadable(0), [unreadable(0o400), unreadable(0, copied=True)]),
    Row("MPI-C002", "give the path of a file that exists", lambda folder: load(folder / "none.yaml"), [folder_of("village.yaml")]),
    Row("MPI-C002", "name the config itself", held("#" * 1_000_001), [held(GOOD)]),
    Row("MPI-C002", "save it as UTF-8", held(GOOD.replace("Pobreza", "Pobrezá").encode("latin-1")), [held(GOOD.replace("Pobreza", "Pobrezá"))]),
    Row("MPI-C002", "save the file as plain UTF-8 text", held(GOOD.replace("Pobreza", "Pob\x07reza")), [held(GOOD)]),
    Row("MPI-C002", "write `key: value` lines", held(" \n"), [held(GOOD)]),
    Row("MPI-C002", "keep one document a file", held(f"{GOOD}---\n{GOOD}"), [held(GOOD)]),
    Row("MPI-C002", "reduce the nesting", said(DEEP), [said("a: [1]")]),
    Row("MPI-C002", "indent with blanks, not tabs", said("a:\n\tb: 1\n"), [said("a:\n  b: 1\n")]),
    Row("MPI-C002", "a { or [ is not closed: close it", said("a: {b: 1\n"), [said("a: {b: 1}\n")]),
    Row("MPI-C002", "a { or [ is not closed: close it", said("a: [b, c\n"), [said("a: [b, c]\n")]),
    Row("MPI-C002", "a [ is closed by }: close it with ]", said("a: [b, c}\n"), [said("a: [b, c]\n")]),
    Row("MPI-C002", "a { is closed by ]: close it with }", said("a: {b: c]\n"), [said("a: {b: c}\n")]),
    Row("MPI-C002", "put a text, such as a rule", said("a: {b: x IN ('u', 'v') AND \"w\" = 1}\n"), [said("a: {b: \"x IN ('u', 'v') AND w = 1\"}\n")]),
    Row("MPI-C002", "put a text with a colon in double quotes", said("a: b: c\n"), [said('a: "b: c"\n')]),
    Row("MPI-C002", "write each line as `key: value`, with a blank after the colon", said("a: 1\nb:2\nc: 3\n"), [said("a: 1\nb: 2\nc: 3\n")]),
    Row("MPI-C002", "a quote is not closed: close it", said('a: "b\n'), [said('a: "b"\n')]),
    *[Row("MPI-C002", "put the whole text in double quotes", said(f"a: {text}\n"), [said(f'a: "{text}"\n')])
      for text in ("@b", "%b", "*", "& b", "'b' = c", "> 3", "| 3")],
    Row("MPI-C002", "write a backslash twice, or use single quotes", said('a: "b\\q"\n'), [said('a: "b\\\\q"\n'), said("a: 'b\\q'\n")]),
    Row("MPI-C002", "indent the keys of one mapping alike", said("a:\n    b: 1\n  c: 2\n"), [said("a:\n    b: 1\n    c: 2\n"), said("a:\n  b: 1\n  c: 2\n")]),
    Row("MPI-C002", "write a list below its key, as `- a` lines, or as [a, b]", said("a: - b\n"), [said("a:\n  - b\n"), said("a: [b]\n")]),
    Row("MPI-C003", "inside { } put a text with a comma in double quotes", measured((AREA, "deprived: rooms IN (1, 2)")), [measured((AREA, 'deprived: "rooms IN (1, 2)"'))]),
    Row("MPI-C004", "give one of them another name", surveyed(("  age: age\n", f"  {COMPOSED}: age\n  {APART}: age\n")), [surveyed(("  age: age\n", f"  {COMPOSED}: age\n  anos: age\n"))]),
    Row("MPI-C005", "leave it out here", mapped("code: {columns: [{column: a, width: 2}], width: 2}"), [mapped("code: {columns: [{column: a, width: 2}]}")]),
    Row("MPI-C005", "leave one of them out", mapped("code: {column: a, width: 2}, width: 2"), [mapped("code: {column: a, width: 2}"), mapped("code: {column: a}, width: 2")]),
    Row("MPI-C005", "write {column: dpto, width: 2, pad: yes}", mapped("code: {width: 2}"), [mapped("code: {column: dpto, width: 2, pad: yes}")]),
    Row("MPI-C005", "write one `- {name: ..., when: ..., ...}` for each rule", ruled(("  - {name: ", "  narrow: {name: "), *[("  - {name: ", f"  narrow{i}: {{name: ") for i in range(test_reliability.OWN.count("  - {name: ") - 1)]), [ruled()]),
    Row("MPI-C007", "write a decimal year such as 2018.5", surveyed(("period: 2026", "period: 2026\ntime: 20180")), [surveyed(("period: 2026", "period: 2026\ntime: 2018.5"))]),
    Row("MPI-C008", "write the name again, in one script", surveyed(("  age: age", f"  {CYRILLIC_A}ge: age")), [surveyed(("  age: age", "  age: age"))]),
    Row("MPI-C009", "add `path:`", surveyed(("tables:\n", "tables:\n  modules: {e: {of: persons, key: [house, person]}}\n")), [surveyed(("tables:\n", "tables:\n  modules: {e: {of: persons, path: e.csv, key: [house, person]}}\n"))]),
    Row("MPI-C009", "add `of:`", surveyed(("tables:\n", "tables:\n  modules: {e: {path: e.csv, key: [house, person]}}\n")), [surveyed(("tables:\n", "tables:\n  modules: {e: {of: persons, path: e.csv, key: [house, person]}}\n"))]),
    Row("MPI-C009", "add `key:`", surveyed(("tables:\n", "tables:\n  modules: {e: {path: e.csv, of: persons}}\n")), [surveyed(("tables:\n", "tables:\n  modules: {e: {of: persons, path: e.csv, key: [house, person]}}\n"))]),
    Row("MPI-C041", "write [persons]", studied(("by: [valley]", "by: [valley]\nunits: [persons, households]"), person=True), [studied(("by: [valley]", "by: [valley]\nunits: [persons]"), person=True)]),
    Row("MPI-C042", "did you mean 'valley'?", studied(("by: [valley]", "by: [valey]")), [studied()]),
    Row("MPI-M005", "`weight: 1/2` in each dimension divides inside it",
        measured(("    weight: 1/2\n", ""), ("    weight: 1/2\n", ""), ("title: Demo", "title: Demo\nnormalize: yes"), ("weight: 1/3", "weight: 1/4"), ("weight: 2/3", "weight: 1/5")),
        [measured(("title: Demo", "title: Demo\nnormalize: yes"), ("weight: 1/3", "weight: 1/4"), ("weight: 2/3", "weight: 1/5"))]),
    Row("MPI-M005", "say which: school `weight: 2/5`, housing `weight: 3/5` divides all weights by their sum; `weight: 1/2` in each dimension divides inside it",
        measured(("    weight: 1/2\n", ""), ("    weight: 1/2\n", ""), ("title: Demo", "title: Demo\nnormalize: yes"), ("        nobody: not_deprived\n", "        nobody: not_deprived\n        weight: 1/3\n"), ("adults: {", "adults: {weight: 1/3, "), ("weight: 1/3, deprived: COUNT", "weight: 1/3, deprived: COUNT")),
        [measured(("    weight: 1/2\n", f"    weight: {first}\n"), ("    weight: 1/2\n", f"    weight: {second}\n"), ("title: Demo", "title: Demo\nnormalize: yes"), ("        nobody: not_deprived\n", "        nobody: not_deprived\n        weight: 1/3\n"), ("adults: {", "adults: {weight: 1/3, "))
         for first, second in (("2/5", "3/5"), ("1/2", "1/2"))]),
    Row("MPI-M005", "write exact fractions that add up to 1, such as 1/3; or give each dimension a `weight:` and set `normalize: yes`",
        measured(("    weight: 1/2\n", ""), ("    weight: 1/2\n", ""), ("        nobody: not_deprived\n", "        nobody: not_deprived\n        weight: 0.25\n"), ("adults: {", "adults: {weight: 0.25, "), ("weight: 1/3", "weight: 0.25"), ("weight: 2/3", "weight: 0.24")),
        [measured(("    weight: 1/2\n", ""), ("    weight: 1/2\n", ""), ("        nobody: not_deprived\n", "        nobody: not_deprived\n        weight: 1/4\n"), ("adults: {", "adults: {weight: 1/4, "), ("weight: 1/3", "weight: 1/4"), ("weight: 2/3", "weight: 1/4")),
         measured(("title: Demo", "title: Demo\nnormalize: yes"), ("        nobody: not_deprived\n", "        nobody: not_deprived\n        weight: 0.25\n"), ("adults: {", "adults: {weight: 0.25, "), ("weight: 1/3", "weight: 0.25"), ("weight: 2/3", "weight: 0.24"))]),
    Row("MPI-M005", "write exact fractions such as 1/3, leave `weight:` out for equal weights, or give each dimension a `weight:` and set `normalize: yes`",
        measured(("    weight: 1/2\n", ""), ("    weight: 1/2\n", ""), ("weight: 1/3", "weight: 1/4"), ("weight: 2/3", "weight: 1/5")),
        [measured(("    weight: 1/2\n", ""), ("    weight: 1/2\n", "")), measured(("    weight: 1/2\n", ""), ("    weight: 1/2\n", ""), ("weight: 1/3, ", ""), ("weight: 2/3, ", "")),
         measured(("title: Demo", "title: Demo\nnormalize: yes"), ("weight: 1/3", "weight: 1/4"), ("weight: 2/3", "weight: 1/5"))]),
    Row("MPI-M010", "did you mean 'uruguay_ipm'?", like("like: uruguay_ipn"), [like("like: uruguay_ipm")]),
    Row("MPI-M010", "give the path of a YAML file, or one of", like("like: nothing_of_the_kind"), [like("like: global_mpi")]),
    Row("MPI-M010", "write one of them without `like:`", like("like: own"), [held(GOOD)]),
    Row("MPI-M010", "write one of them in full", layered_measures(MAX_LAYERS + 1), [layered_measures(MAX_LAYERS - 1)]),
    Row("MPI-M010", "remove it, or write the name as that file does", like("like: village\nderive: {adults: null}"), [like("like: village")]),
    Row("MPI-M010", "remove `...`, and write the whole list", like("like: village\nvariables: {household: {own: [..., a]}}"), [like("like: village\nvariables: {household: {own: [a]}}")]),
    Row("MPI-S001", "remove `...`, and write the whole list", like("like: village_2026\naliases: {years: [..., a]}", kind="survey"), [like("like: village_2026\naliases: {years: [a]}", kind="survey")]),
    Row("MPI-X002", "did you mean 'rural'?", example("rurall"), [example("rural")]),
    Row("MPI-S141", "add `household: [...]`", of_households("aggregates: {births: COUNT()}"), [of_households("household: [house], aggregates: {births: COUNT()}")]),
    Row("MPI-S141", "write `household:` instead of `person:`", of_households("person: [house], aggregates: {births: COUNT()}"), [of_households("household: [house], aggregates: {births: COUNT()}")]),
    Row("MPI-S141", "add it under `tables:`", surveyed((BOTH, "  dwellings: {path: d.csv, key: [d]}\n"), ("tables:\n", "tables:\n  modules: {e: {of: persons, path: e.csv, key: [house, person]}}\n")),
        [surveyed(("tables:\n", "tables:\n  modules: {e: {of: persons, path: e.csv, key: [house, person]}}\n"))]),
    Row("MPI-S001", "write one of them in full", layered(MAX_LAYERS + 1), [layered(MAX_LAYERS - 1)]),
    Row("MPI-S002", "write this `where:` under `persons:`",
        surveyed(("households: {path: households.csv, key: [house]}", "households: {from: persons, key: [house], columns: [area], where: \"area = 1\"}")),
        [surveyed(("key: [house, person]}", "key: [house, person], where: \"area = 1\"}"), ("households: {path: households.csv, key: [house]}", "households: {from: persons, key: [house], columns: [area]}"))]),
    Row("MPI-S005", "if there are several rows for each, write `household:` and `aggregates:`", surveyed(("tables:\n", "tables:\n  modules: {e: {of: households, path: e.csv, key: [house, n]}}\n")),
        [surveyed(("tables:\n", "tables:\n  modules: {e: {of: households, path: e.csv, key: [house, n], household: [house], aggregates: {births: COUNT()}}}\n")),
         surveyed(("tables:\n", "tables:\n  modules: {e: {of: households, path: e.csv, key: [house]}}\n"))]),
    Row("MPI-S006", "write `columns: [{column: a, width: 2}, {column: b, width: 2}]`, with the widths of the codes", surveyed(("{column: region, width: 2, optional: yes}", "{column: [a, b]}")),
        [surveyed(("{column: region, width: 2, optional: yes}", "{columns: [{column: a, width: 2}, {column: b, width: 2}]}"))]),
    Row("MPI-S006", "write [{column: A, width: 2}, {column: B, width: 3}]", surveyed(("{column: region, width: 2, optional: yes}", "{columns: []}")),
        [surveyed(("{column: region, width: 2, optional: yes}", "{columns: [{column: A, width: 2}, {column: B, width: 3}]}"))]),
    Row("MPI-S006", "leave it out here", surveyed(("{column: region, width: 2, optional: yes}", "{columns: [{column: A, width: 2}], width: 2}")), [surveyed(("{column: region, width: 2, optional: yes}", "{columns: [{column: A, width: 2}]}"))]),
    Row("MPI-S006", "leave out one of them; a study names codes by `labels:`", surveyed(areas("codes: {1: a}, crosswalk: {path: a.csv, from: x, to: y}")),
        [surveyed(areas("crosswalk: {path: a.csv, from: x, to: y}")), surveyed(areas("codes: {1: a}"))]),
    Row("MPI-C005", "write {column: dpto, width: 2}", surveyed(areas("crosswalk: {path: a.csv, from: {width: 2}, to: y}")),
        [surveyed(areas("crosswalk: {path: a.csv, from: {column: dpto, width: 2}, to: y}"))]),
    *[Row("MPI-S014", """write ".", ",", " " or "'" in quotes""", surveyed(("key: [house, person]}", f"key: [house, person], csv: {{{wrong}}}}}")),
          [surveyed(("key: [house, person]}", f'key: [house, person], csv: {{decimal: "{decimal}", thousands: "{sign}"}}}}')) for decimal, sign in ((",", "."), (".", ","), (".", " "), (".", "'"))])
      for wrong in ("thousands: x", "decimal: '.', thousands: '.'")],
    Row("MPI-S141", "add it under `tables:`, or write `of: households`", surveyed(LONELY, ("tables:\n", "tables:\n  modules: {e: {of: persons, path: e.csv, key: [house]}}\n")),
        [surveyed(LONELY, ("tables:\n", "tables:\n  modules: {e: {of: households, path: e.csv, key: [house]}}\n")),
         surveyed(("tables:\n", "tables:\n  modules: {e: {of: persons, path: e.csv, key: [house, person]}}\n"))]),
    Row("MPI-R001", "close each parenthesis; put a rule with a comma inside [ ] or { } in double quotes", measured((AREA, "deprived: rooms IN (1, 2)")), [measured((AREA, 'deprived: "rooms IN (1, 2)"'))]),
    *[Row("MPI-R001", "close each parenthesis; put a rule with a comma inside [ ] or { } in double quotes", surveyed(("psu: segment}", f"psu: segment, calibration: {{level: household, design_weight: b, variables: [1, {rule}]}}}}")),
          [surveyed(("psu: segment}", f'psu: segment, calibration: {{level: household, design_weight: b, variables: [1, "{rule}"]}}}}'))])
      for rule in ("COALESCE(rooms, 0)", "GREATEST(rooms, 1)")],
    Row("MPI-R001", "close each parenthesis", measured(("ANY(NOT attends)", "ANY(NOT attends")), [measured()]),
    Row("MPI-R001", "close each parenthesis", ruled(("n_poor < 25", "n_poor < 25)")), [ruled()]),
]  # fmt: skip


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_a_text_written_as_the_remedy_says_is_taken(row: Row, tmp_path: Path) -> None:
    follow(row, tmp_path)
