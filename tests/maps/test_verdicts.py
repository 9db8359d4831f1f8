"""A map of verdicts: every area has the look, the hatch and the sign of its verdict, and the legend counts them."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import replace
from typing import Any
from xml.etree import ElementTree

import pytest

from mpi.claims.targets import SIGNS
from mpi.drawing.scene import Path, Rect, Text
from mpi.errors import UnmadeError
from mpi.maps.data import write_map_data
from mpi.maps.goals import LETTERS, Goal, goal_blocks, signs_of
from mpi.maps.verdicts import LOOKS, draw_verdicts
from mpi.vocabulary.options import VERDICTS
from tests.support.loops import at_least_one
from tests.support.publications import drawn_map

WORDS = {"met": "Met", "on_track": "On track", "off_track": "Off track", "cannot_tell": "?", "none": "no target"}


def verdicts() -> tuple[Any, list[str]]:
    areas = drawn_map("departamento").areas
    return areas, [(*VERDICTS, "none")[place % 5] for place in range(len(areas.codes))]


def test_each_area_is_drawn_once_by_its_verdict() -> None:
    areas, own = verdicts()
    drawing = draw_verdicts(areas, own, WORDS, SIGNS)
    found: dict[str, set[int]] = {name: set() for name in LOOKS}
    for one in at_least_one([e for e in drawing.elements if isinstance(e, Path) and e.gid.startswith("verdict-")]):
        places = {int(place) for place in one.data[:, 0]}
        assert not found[one.gid.removeprefix("verdict-")] & places
        found[one.gid.removeprefix("verdict-")] |= places
    assert found == {name: {i for i, one in enumerate(own) if one == name} for name in LOOKS}
    labels = [e.text.replace("\n", " ") for e in drawing.elements if isinstance(e, Text) and e.gid == "legend-label"]
    assert labels == [f"{SIGNS[name]} {WORDS[name]} ({own.count(name)})" for name in LOOKS]
    assert sum(isinstance(e, Rect) and e.gid.startswith("legend-") for e in drawing.elements) == len(LOOKS)
    names = [e.text for e in drawing.elements if isinstance(e, Text) and e.gid == "area-name"]
    assert names
    assert all(name[0] in SIGNS.values() for name in names)


def test_verdicts_differ_without_colour() -> None:
    """By hatch, or by the lightness of what is below it; and by their signs."""
    assert len(set(SIGNS.values())) == len(SIGNS)
    looks = {(look.hatch, int(look.fill[1:3], 16) > 128) for look in LOOKS.values()}
    assert len(looks) == len(LOOKS)


def test_a_map_without_any_verdict_is_left_out() -> None:
    areas, own = verdicts()
    with pytest.raises(UnmadeError):
        draw_verdicts(areas, ["none"] * len(own), WORDS, SIGNS)


def goal(number: int) -> Goal:
    words = {name: {"en": text} for name, text in WORDS.items()}
    own: list[str | None] = [None if place % 6 == 5 else (*VERDICTS, "none")[place % 6] for place in range(number)]
    targets = [None if one is None else 0.1 + place / 1000 for place, one in enumerate(own)]
    return Goal(
        name="H.2030", title={"en": "H, target for 2030"}, verdicts=own, targets=targets, words=words, signs=SIGNS
    )


def test_the_page_has_a_letter_a_sign_and_words_for_each_verdict() -> None:
    one = goal(12)
    (block,) = goal_blocks([one], ["en"])
    letters = {LETTERS[verdict]: verdict for verdict in (*VERDICTS, "none")}
    assert [letters.get(letter) for letter in block["verdicts"]] == one.verdicts
    assert block["words"] == {letter: {"en": WORDS[verdict]} for letter, verdict in letters.items()}
    assert signs_of([one]) == {letter: SIGNS[verdict] for letter, verdict in letters.items()}
    assert len(set(signs_of([one]).values())) == len(letters)


def test_qgis_draws_the_verdicts_of_each_target_with_a_hatch_a_sign_and_words(tmp_path: Any) -> None:
    areas = drawn_map("departamento").areas
    one = goal(len(areas.codes))
    write_map_data(tmp_path, "own", areas, [], formats=["gpkg"], goals=[one, replace(one, name="H-2030")])
    with closing(sqlite3.connect(tmp_path / "own.gpkg")) as held:
        rows = held.execute("SELECT code, target, verdict FROM target_H_2030").fetchall()
        views = dict(held.execute("SELECT table_name, identifier FROM gpkg_contents WHERE data_type = 'features'"))
        (text,) = held.execute("SELECT styleQML FROM layer_styles WHERE f_table_name = 'target_H_2030'").fetchone()
    assert rows == [(code, one.targets[i], one.verdicts[i]) for i, code in enumerate(areas.codes)]
    assert views["target_H_2030"] == "H, target for 2030"
    assert views["target_H_2030_2"] == "H, target for 2030 (target_H_2030_2)"
    drawn = ElementTree.fromstring(text.partition("\n")[2])  # noqa: S314  our own
    rules = {rule.get("filter"): rule for rule in drawn.iter("rule")}
    column = '"verdict"'
    assert {name: rules[f"{column} = '{name}'"].get("label") for name in LOOKS} == {
        name: f"{SIGNS[name]} {WORDS[name]}" for name in LOOKS
    }
    assert rules['"verdict" IS NULL'].get("label") == "no target"
    # Whoever cannot tell the colours has another hatch for each: turns of its lines, with their ink.
    symbols = {symbol.get("name"): symbol for symbol in drawn.find("renderer-v2/symbols") or ()}
    hatches = []
    for rule in rules.values():
        layers = symbols[rule.get("symbol")].findall("layer[@class='LinePatternFill']/Option")
        hatches.append(tuple(own.get("value") for layer in layers for own in layer if own.get("name") == "angle"))
    plain = [name for name, hatch in zip(rules, hatches, strict=True) if not hatch]
    assert plain == [f"{column} = 'met'", f"{column} = 'none'"]
    assert len({hatch for hatch in hatches if hatch}) == len(hatches) - len(plain)


def test_map_data_have_target_and_verdict_of_every_area(tmp_path: Any) -> None:
    areas = drawn_map("departamento").areas
    one = goal(len(areas.codes))
    write_map_data(tmp_path, "own", areas, [], formats=["csv", "gpkg"], goals=[one, replace(one, name="H-2030")])
    with closing(sqlite3.connect(tmp_path / "own.gpkg")) as held:
        (table,) = held.execute("SELECT table_name FROM gpkg_contents WHERE data_type = 'features' LIMIT 1").fetchone()
        rows = held.execute(f'SELECT code, target_H_2030, target_H_2030_verdict FROM "{table}"').fetchall()
        told = dict(held.execute("SELECT name, title FROM columns").fetchall())
    assert {code: own for code, *own in rows} == {
        code: [one.targets[i], one.verdicts[i]] for i, code in enumerate(areas.codes)
    }
    assert told["target_H_2030"] == "H, target for 2030"
    heads = (tmp_path / "own.csv").read_text(encoding="utf-8").splitlines()[0]
    assert heads.replace(chr(34), "").endswith(
        "target_H_2030,target_H_2030_verdict,target_H_2030_2,target_H_2030_2_verdict"
    )
