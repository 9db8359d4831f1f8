"""Figures that may be published: a hidden row keeps no number, in no column and no buffer."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest

from mpi.config import load_reliability
from mpi.disclosure.publishable import STANDINGS, publishable, stacked
from mpi.estimates import Estimates
from mpi.pipeline.estimating import estimate
from tests.support.province import MEASURE, profile, province

RULES = ("first", "second")
QUALITY = ("unknown", "excluded")  # no figures to grade
SHARES = ("population_share", "poor_share", "M0_share")


@pytest.fixture(scope="module")
def estimates() -> Estimates:
    return estimate(profile(province(1)), MEASURE, by=["zone"], reliability="none")


def test_a_hidden_row_keeps_nothing_but_what_it_is_about(estimates: Estimates) -> None:
    hidden = np.full(len(estimates), -1, np.int64)
    hidden[::3], hidden[1::3] = 0, 1
    made = publishable(estimates, hidden, RULES, "own")
    assert made.disclosure == "own"
    about = ("measure", "survey", "period", "unit", "k", "statistic", "dimension", "indicator", "zone")
    for before, row, rule in zip(estimates.rows(), made.rows(), hidden.tolist(), strict=True):
        if rule >= 0:
            assert (row.pop("standing"), row.pop("hidden_by")) == ("hidden", RULES[rule])
            assert {name for name, value in row.items() if value is not None} <= set(about)
            assert {name: row[name] for name in about} == {name: before[name] for name in about}
        else:
            assert row.pop("hidden_by") is None
            assert row.pop("standing") in ("unjudged", "undefined")
            assert row == before


def test_no_buffer_keeps_what_is_hidden(estimates: Estimates) -> None:
    made = publishable(estimates, np.zeros(len(estimates), np.int64), RULES, "own")
    for name in ("estimate", "se", "n", "population", "ci_low"):
        for chunk in made.table[name].chunks:
            values = np.frombuffer(chunk.buffers()[1], np.float64 if name != "n" else np.int64)
            assert not values[: len(chunk)].any()
    for name in ("note", "reliability"):
        for chunk in made.table[name].chunks:
            assert chunk.dictionary.to_pylist() == []


def test_notes_of_hidden_rows_are_not_even_labels(estimates: Estimates) -> None:
    notes = estimates.table["note"].to_pylist()
    one = next(note for note in notes if note)
    hidden = np.array([0 if note == one else -1 for note in notes], np.int64)
    made = publishable(estimates, hidden, RULES, "own")
    for chunk in made.table["note"].chunks:
        assert one not in chunk.dictionary.to_pylist()
    assert set(made.table["note"].to_pylist()) == {note for note in notes if note != one} | {None}


def test_what_nobody_judged_is_not_called_reliable(estimates: Estimates) -> None:
    judged = estimate(profile(province(1)), MEASURE, by=["zone"], reliability="dane")
    census = estimate(
        profile(province(1), weight=None, stratum=None, psu=None, census=True), MEASURE, by=["zone"], reliability="dane"
    )
    seen = set()
    for found in (estimates, judged, census):
        made = publishable(found, np.full(len(found), -1, np.int64), RULES, "own").rows()
        for row in made:
            if row["estimate"] is None:
                continue
            by_level = {None: "unjudged", "publish": "shown"}.get(row["reliability"], row["reliability"])
            assert row["standing"] == by_level
            of_the_whole = row["statistic"] in SHARES and row["zone"] is None  # 1 by definition
            unjudged = found is not judged or row["statistic"] in QUALITY or of_the_whole
            assert (row["standing"] == "unjudged") == unjudged, row
            seen.add(row["standing"])
    assert seen >= {"shown", "unjudged", "review"}


def test_what_reliability_suppresses_is_hidden_by_precision() -> None:
    rules = load_reliability("cepal_2023")
    found = estimate(profile(province(1)), MEASURE, by=["zone"], reliability=rules)
    suppressed = [level == "suppress" for level in found.table["reliability"].to_pylist()]
    defined = [value is not None for value in found.table["estimate"].to_pylist()]
    assert any(a and b for a, b in zip(suppressed, defined, strict=True))
    nothing = np.full(len(found), -1, np.int64)
    made = publishable(found, nothing, RULES, "own").rows()
    for row, gone, known in zip(made, suppressed, defined, strict=True):
        assert (row["hidden_by"] == "precision") == (gone and known)
        assert (row["standing"] == "undefined") == (not known)
        assert row["estimate"] is None or row["standing"] != "hidden"
    kept = publishable(found, nothing, RULES, "own", precision=False).rows()
    assert {row["standing"] for row, gone, known in zip(kept, suppressed, defined, strict=True) if gone and known} == {
        "review"
    }
    assert {row["standing"] for row in kept} <= set(STANDINGS)


def test_tables_of_one_publication_go_through_one_rule_set(estimates: Estimates) -> None:
    nothing = np.full(len(estimates), -1, np.int64)
    one, other = (publishable(estimates, nothing, RULES, name) for name in ("own", "another"))
    with pytest.raises(ValueError, match="one set of disclosure rules"):
        stacked([one, other])
    total = publishable(estimate(profile(province(2)), MEASURE), np.full(len(one), -1)[: len(one) // 3], RULES, "own")
    whole = stacked([one, total])
    assert len(whole) == len(one) + len(total)
    assert whole.domains == ("zone",)
    assert whole.table.column_names.index("zone") == whole.table.column_names.index("estimate") - 1
    assert whole.table.slice(len(one))["zone"].null_count == len(total)
    assert pa.types.is_dictionary(whole.table["zone"].type)
