"""Notes of results: in English in the tables, in the language of who reads them in a workbook."""

from __future__ import annotations

from itertools import product

import pytest

from mpi.config import load_reliability
from mpi.estimates.notes import NOTES, note_in, undefined_replicates
from mpi.language import LANGUAGES, Language, catalogue
from mpi.specs.reliability import reasons_in


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", ["ine_chile", "dane", "cepal_2023"])
def test_a_note_is_said_in_a_language_part_by_part(name: str, language: Language) -> None:
    rules = load_reliability(name)
    pairs = list(zip(reasons_in(rules, "en"), reasons_in(rules, language), strict=True))
    assert len(pairs) > len(rules.rules)
    for note, replicates, (english, said) in product(NOTES, (0, 3), pairs):
        undefined = undefined_replicates(replicates) if replicates else ""
        whole = "; ".join(filter(None, (note, undefined, english)))
        own = note if language == "en" or not note else catalogue(language).text(note)
        expected = "; ".join(filter(None, (own, undefined and undefined.to(language), said)))
        assert note_in(whole, rules, language) == expected
        assert language == "en" or not whole or note_in(whole, rules, language) != whole


def test_a_note_of_other_rules_stays_as_it_is() -> None:
    assert note_in("nobody is poor; ours: too thin", load_reliability("dane"), "es") == "no hay pobres; ours: too thin"
    assert note_in("nobody is poor", None, "es") == "no hay pobres"
