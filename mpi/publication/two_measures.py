"""Words of the analyses of two measures: what their figures are called, with the titles of the measures."""

from __future__ import annotations

from collections.abc import Mapping

from mpi.language import phrase, translated
from mpi.publication.edition import Edition
from mpi.vocabulary.options import Titles

TWO_WORDS: Mapping[str, Titles] = {
    "only_first": translated("poor by the first measure alone"),
    "only_second": translated("poor by the second measure alone"),
    "first": translated("the first measure"),
    "second": translated("the second measure"),
    "M0": translated("M0"),
    "A": translated("A, %"),
    "H": translated("H, %"),
    "H_D": translated("H_D, destitute, %"),
    "M0_D": translated("M0_D"),
    "A_D": translated("A_D, %"),
    "ratio_H": translated("H_D / H, %"),
    "ratio_M0": translated("M0_D / M0, %"),
    "difference_H": translated("Difference of H"),
    "difference_M0": translated("Difference of M0"),
    "difference_A": translated("Difference of A"),
    "also_poor": translated("Of its poor, poor by the other too, %"),
    "agree": translated("Same verdict, %"),
    "kappa": translated("Cohen's kappa"),
    "unjudged": translated("Not judged by the second, %"),
    "outside": translated("Outside the first, %", context="destitution"),
    "destitute": translated("destitute", context="destitution"),
    "poor_not_destitute": translated("poor, not destitute"),
    "destitute_not_poor": translated("destitute, but not poor"),
    "deprived_first": translated("By the first, %"),
    "deprived_second": translated("By the second, %"),
    "deprived_only_first": translated("By the first alone, %"),
    "deprived_only_second": translated("By the second alone, %"),
    "ratio_deprived": translated("Of these, by the second too, %"),
}
TWO_LIKE: Mapping[str, str] = {
    **dict.fromkeys(
        (
            "H", "H_D", "A", "A_D", "ratio_H", "ratio_M0", "also_poor", "agree", "unjudged", "outside",
            "deprived_first", "deprived_second", "deprived_only_first", "deprived_only_second", "ratio_deprived",
        ),
        "H",
    ),
    "destitute": "poor",
}  # fmt: skip


def title_of_measure(edition: Edition, name: str) -> str:
    """The title of a measure of the study, by its name."""
    study = edition.publication.study
    titles = {one.name: one.title for one in (study.measure, *study.beside)}
    return edition.titled(titles.get(name, {}), name)


def group_of_two(edition: Edition, group: str) -> str | None:
    """A group by two measures with their titles; None where the second is not the only one, or of another group."""
    study = edition.publication.study
    if len(study.beside) != 1:
        return None
    first, second = (edition.titled(one.title, one.name) for one in (study.measure, study.beside[0]))
    if group in ("first", "second"):
        return first if group == "first" else second
    if group in ("only_first", "only_second"):
        return edition.say(phrase("only by: {measure}", measure=first if group == "only_first" else second))
    return None
