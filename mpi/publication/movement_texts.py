"""What each table of a panel says of all units, as a sentence."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from mpi.claims.movements import Over, change_text, chronic_text, deprivations_text, movements_text, transitions_text
from mpi.disclosure.figures import Figure
from mpi.language import Phrase, joined, phrase
from mpi.language.phrases import Sayable
from mpi.publication.movements import Moved, panel_of
from mpi.vocabulary.options import Link

LINKED: dict[Link, Phrase] = {
    "persons": phrase("Persons are followed by their key."),
    "same_key": phrase("Households are followed by their own key."),
    "same_head": phrase("Households are followed by the person who is their head."),
    "majority": phrase("Two households are the same if more than half of the members of each are in the other."),
    "pooled_majority": phrase(
        "Two households are the same if the members of both are more than half of all who are in either."
    ),
}


def over(table: Moved, span: str | None = None) -> Over:
    """What the sentences of a table are about."""
    earlier, later = (span or table.spans[0]).split(" - ", 1)
    return Over(table.unit, earlier, later.rsplit(" - ", 1)[-1], table.edition.level)


def sentence(table: Moved) -> Phrase:
    """What a table says of all units, at the measure's own cutoff, between the first edition and the last."""
    return _SENTENCES[table.name](table)


def _movements(table: Moved) -> Phrase:
    k = {"k": table.edition.k}
    left, exits, fell, entries = (table.one(name, k) for name in ("left", "exit_rate", "fell", "entry_rate"))
    return movements_text(over(table), left=left, exits=exits, fell=fell, entries=entries)


def _transitions(table: Moved) -> Phrase:
    bands = [band for band in table.values("earlier") if band in table.values("later")]
    stayed = [
        (table.said("earlier", band), table.one("of_earlier", {"earlier": band, "later": band})) for band in bands
    ]
    return transitions_text(over(table), [(name, one) for name, one in stayed if one.value is not None])


def _deprivations(table: Moved) -> Phrase:
    measure = table.edition.publication.measure
    own = [(one.name, one.dimension, table.said("indicator", one.name)) for one in measure.indicators]

    def every(figure: str) -> list[tuple[str, Figure]]:
        return [(title, table.one(figure, {"indicator": name, "dimension": of})) for name, of, title in own]

    return deprivations_text(over(table), every("lifted"), every("fallen"))


def _change(table: Moved) -> Phrase:
    keys = {"k": table.edition.k, "statistic": "poor"}
    names = ("entry", "exit", "new", "gone", "unknown", "reweighted")
    parts: list[tuple[Sayable, Figure]] = [(joined([table.word(name)]), table.one(name, keys)) for name in names]
    return change_text(over(table), before=table.one("before", keys), after=table.one("after", keys), parts=parts)


def _chronic(table: Moved) -> Phrase:
    k = table.edition.k
    return chronic_text(over(table), [(tau, table.one("H_C", {"k": k, "tau": tau})) for tau in table.values("tau")])


def linked(table: Moved) -> Phrase:
    """How units were linked, and how the tables are to be read."""
    return phrase(
        "{linked} The tables account for who moved; they do not say why, and are no effect of any programme.",
        linked=LINKED[panel_of(table.edition).link],
    )


_SENTENCES: Mapping[str, Callable[[Moved], Phrase]] = {
    "movements": _movements,
    "transitions": _transitions,
    "deprivations": _deprivations,
    "change": _change,
    "chronic": _chronic,
}
