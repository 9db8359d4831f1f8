"""Changes between two rounds in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from mpi.claims.kinds import Movement, Tally
from mpi.claims.numbers import (
    MOST_NAMED,
    Capital,
    Number,
    Title,
    amount,
    between_change,
    in_brackets,
    interval_name,
    name_of,
    percent,
    reason,
    signed,
    written,
)
from mpi.language import Phrase, enumerated, joined, number_phrase, phrase, template
from mpi.language.phrases import Sayable
from mpi.vocabulary.wording import DOUBTS, digits_of, form_of

# A change that is not shown, in a sentence and in a few words, by the reason.
SENTENCE_NOT_SHOWN: Mapping[str, str] = {
    "precision": template(
        "The change of {statistic} from {before} to {after} is not published, for lack of precision."
    ),
    "hidden": template("The change of {statistic} from {before} to {after} is not published, for confidentiality."),
    "undefined": template("The change of {statistic} from {before} to {after} has no figure."),
}  # fmt: skip
WORDS_NOT_SHOWN: Mapping[str, str] = {
    "precision": template("change since {before}: is not published, for lack of precision"),
    "hidden": template("change since {before}: is not published, for confidentiality"),
    "undefined": template("change since {before}: has no figure"),
}


def movement_text(claim: Movement) -> Phrase:
    """The change of a statistic between two rounds."""
    return _in_few_words(claim) if claim.short else _sentence(claim)


def _in_few_words(claim: Movement) -> Phrase:
    change, before = claim.change, claim.before
    if change.value is None:
        return phrase(WORDS_NOT_SHOWN[reason(change)], before=before)
    size = signed(claim.statistic, change.value)
    known = change.significant(claim.basis.level)
    if known is None:
        return phrase("{size} since {before}", size=size, before=before)
    if known:
        return phrase("{size} since {before}, significant", size=size, before=before)
    return phrase("{size} since {before}, not significant", size=size, before=before)


def _sentence(claim: Movement) -> Phrase:
    change, statistic = claim.change, name_of(claim.statistic)
    before, after = claim.before, claim.basis.period
    if change.value is None:
        return phrase(SENTENCE_NOT_SHOWN[reason(change)], statistic=statistic, before=before, after=after)
    subject = Capital(statistic)
    known = change.significant(claim.basis.level)
    notes = _notes(claim, known)
    if known is False:
        size = phrase("change of {size}", size=signed(claim.statistic, change.value))
        return phrase(
            "{statistic} did not change significantly from {before} to {after} ({notes}).",
            statistic=subject,
            before=before,
            after=after,
            notes=joined([size, *notes], "; "),
        )
    if float(change.value) == 0:
        return phrase("{statistic} is the same in {before} and {after}.", statistic=subject, before=before, after=after)
    clause = phrase(
        "{statistic} fell by {size} from {before} to {after}{ends}{notes}"
        if change.value < 0
        else "{statistic} rose by {size} from {before} to {after}{ends}{notes}",
        statistic=subject,
        size=amount(claim.statistic, abs(change.value)),
        before=before,
        after=after,
        ends=_ends(claim),
        notes=in_brackets(joined(notes, "; ")),
    )
    return _with_verdict(clause, known, census=claim.basis.census)


def _with_verdict(clause: Phrase, known: bool | None, *, census: bool) -> Phrase:
    """The clause, and whether its change is significant, if that is known."""
    if known:
        return phrase("{clause}; the change is significant.", clause=clause)
    if census:
        return phrase("{clause}.", clause=clause)
    return phrase(
        "{clause}; there is no sampling error by which to judge whether the change is significant.", clause=clause
    )


def _notes(claim: Movement, known: bool | None) -> list[Sayable]:
    """The interval of a change, and a warning where its precision wants one."""
    change = claim.change
    notes: list[Sayable] = []
    if change.low is not None and change.high is not None:
        interval = between_change(change.low, change.high, claim.statistic)
        name = interval_name(claim.basis.level)
        notes.append(phrase("{name} of the change: {interval}", name=name, interval=interval))
    if change.standing in DOUBTS:
        notes.append(Title(DOUBTS[change.standing]))
    if known is not False and not _adds_up(claim):
        notes.append(phrase("because of rounding, not the exact difference of the two figures"))
    return notes


def _adds_up(claim: Movement) -> bool:
    """Whether the printed figures of both rounds differ by the printed change."""
    change, digits = claim.change, digits_of(claim.statistic)
    if change.before is None or change.after is None or change.value is None:
        return True
    scale = 100 if form_of(claim.statistic) == "percent" else 1
    before, after, size = (round(scale * one, digits) for one in (change.before, change.after, change.value))
    return bool(abs(after - before - size) < 0.5 * 10.0**-digits)


def _ends(claim: Movement) -> Phrase:
    """The figures of both rounds."""
    change, statistic = claim.change, claim.statistic
    if change.before is None or change.after is None or change.value is None:
        return joined([])
    form, digits = form_of(statistic), digits_of(statistic)
    if form == "percent":
        return phrase(
            ", from {first} to {last}", first=percent(change.before, digits), last=percent(change.after, digits)
        )
    return phrase(
        ", from {first} to {last}", first=written(change.before, form, digits), last=written(change.after, form, digits)
    )


def tally_text(claim: Tally) -> Phrase:
    """In how many indicators or groups a statistic fell, rose or stayed."""
    level = claim.basis.level
    known = [(name, change, float(change.value)) for name, change in claim.changes if change.value is not None]
    verdicts = {name: change.significant(level) for name, change, _ in known}
    unjudged = any(verdict is None for verdict in verdicts.values())

    def names(verdict: bool | None, sign: int | None = None) -> list[str]:
        """The names of a verdict, of changes that fell (-1), rose (1) or stayed (0); of all without a sign."""
        return [
            name for name, _, size in known if verdicts[name] is verdict and sign in (None, (size > 0) - (size < 0))
        ]

    missing = [name for name, change in claim.changes if change.value is None]
    groups = [
        (template("fell significantly in {where}"), names(True, -1), True),
        (template("rose significantly in {where}"), names(True, 1), True),
        (template("did not change significantly in {where}"), names(False), False),
        (template("fell in {where}"), names(None, -1), True),
        (template("rose in {where}"), names(None, 1), True),
        (template("is the same in {where}"), names(None, 0), False),
        (template("is not shown or has no figure in {where}"), missing, False),
    ]
    parts: list[Phrase] = []
    for text, own, named in groups:
        if own:
            parts.append(phrase(text, where=_counted(claim, own, named=named, first=not parts)))
    if not parts:
        return phrase("There are no changes to count.")
    statistic = joined(["H"]) if claim.statistic == "H" else name_of(claim.statistic)
    text = phrase(
        "From {before} to {period}, {statistic} {changes}.",
        before=claim.before,
        period=claim.basis.period,
        statistic=statistic,
        changes=enumerated(parts),
    )
    if not unjudged or claim.basis.census:
        return text
    rest = phrase("There is no sampling error by which to judge whether the changes are significant.")
    return joined([text, rest], " ")


def _counted(claim: Tally, names: Sequence[str], *, named: bool, first: bool) -> Sayable:
    """How many, with the noun the first time, and which if they are few."""
    count: Sayable = Number(len(names))
    if first and claim.of == "indicator":
        count = number_phrase(len(names), "{number:,} indicator", "{number:,} indicators")
    elif first:
        count = number_phrase(len(names), "{number:,} group", "{number:,} groups")
    elif len(names) == 1:
        count = phrase("one")
    if named and len(names) <= MOST_NAMED:
        return phrase("{count} ({names})", count=count, names=joined(names, "; "))
    return count
