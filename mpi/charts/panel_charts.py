"""What the table of charts says of those of a panel."""

from __future__ import annotations

from mpi.charts.chart import Caption, Chart, Shown, Subject
from mpi.charts.transitions import transition_matrix
from mpi.publication.movement_texts import sentence
from mpi.publication.movements import WORDS, Moved, panel_of
from mpi.vocabulary.wording import UNITS


def _moved(subject: Subject) -> Moved:
    return Moved(subject.edition, "transitions")


def _there(subject: Subject) -> bool:
    return "transitions" in subject.edition.publication.movements


def _subtitle(subject: Subject) -> str:
    table, language = _moved(subject), subject.edition.language
    return f"{WORDS['of_earlier'][language]}, {UNITS[table.unit][language]}, {table.spans[0]}"


def _caption(subject: Subject) -> Caption:
    table = _moved(subject)
    return Caption(f"{table.title}, {table.units}, {table.spans[0]}", subject.edition.say(sentence(table)))


PANEL_CHARTS: tuple[Chart, ...] = (
    Chart(
        name="panel.transitions",
        draw=transition_matrix,
        finding=lambda subject: None,
        subtitle=_subtitle,
        needs={"moved": _moved, "style": lambda subject: subject.edition.publication.style},
        shown=Shown(place="panel", id="f-panel-transitions", table="t-panel-transitions", caption=_caption),
        exists=_there,
        of_surveys=lambda subject: panel_of(subject.edition).surveys,
    ),
)
