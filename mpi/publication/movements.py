"""What publications show of a panel: the figures of its tables by what they are, and their names in words.

Comes in: the protected tables, in an edition. Goes out: figures for sentences, tables, sheets and charts.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from mpi.disclosure.figures import COLUMNS, NO_FIGURE, Figure
from mpi.disclosure.publishable import Publishable
from mpi.language import translated
from mpi.publication.analyses import WORDS as OF_ANALYSES
from mpi.publication.edition import TIMES, Edition
from mpi.specs.panels import PanelSpec
from mpi.vocabulary.options import Titles, Unit
from mpi.vocabulary.wording import UNITS, title_in

KEYS = ("k", "earlier", "later", "dimension", "indicator", "statistic", "tau")  # what a row is, beside its figure
TABLES: Mapping[str, Titles] = {
    "movements": translated("Who left poverty and who fell into it"),
    "transitions": translated("From band to band of the deprivation score"),
    "deprivations": translated("Deprivations lifted and fallen into"),
    "change": translated("What the change is made of"),
    "chronic": translated("Chronic and transient poverty"),
}
WORDS: Mapping[str, Titles] = {
    "earlier": translated("In the earlier edition"),
    "later": translated("In the later edition"),
    "stayers": translated("In both editions"),
    "new": translated("New in the later edition"),
    "gone": translated("Gone from the later edition"),
    "followed": translated("In both, with known scores"),
    "unknown_earlier": translated("In both, unknown in the earlier edition"),
    "unknown_later": translated("In both, unknown in the later edition"),
    "unknown_both": translated("In both, unknown in either"),
    "new_unknown": translated("New, with an unknown score"),
    "gone_unknown": translated("Gone, with an unknown score"),
    "poor_earlier": translated("Poor in the earlier edition"),
    "poor_later": translated("Poor in the later edition"),
    "ongoing": translated("Poor in both"),
    "left": translated("Left poverty"),
    "fell": translated("Fell into poverty"),
    "never": translated("Poor in neither"),
    "new_poor": translated("New and poor"),
    "gone_poor": translated("Poor and gone"),
    "share_ongoing": translated("Poor in both, %"),
    "share_left": translated("Left poverty, % of those followed"),
    "share_fell": translated("Fell into poverty, % of those followed"),
    "share_never": translated("Poor in neither, %"),
    "exit_rate": translated("Exit rate, % of the poor"),
    "entry_rate": translated("Entry rate, % of the not poor"),
    "exit_rate_least": translated("Exit rate, least possible, %"),
    "exit_rate_most": translated("Exit rate, most possible, %"),
    "number": OF_ANALYSES["number"],
    "share": translated("Share of those followed, %"),
    "of_earlier": translated("Of those in the earlier band, %"),
    "deprived_earlier": translated("Deprived in the earlier edition"),
    "deprived_later": translated("Deprived in the later edition"),
    "kept": translated("Deprived in both"),
    "lifted": translated("Lifted"),
    "fallen": translated("Fallen into"),
    "unknown": translated("Unknown in one edition or both"),
    "lifted_rate": translated("Lifted, % of the deprived"),
    "fallen_rate": translated("Fallen into, % of the others"),
    "lifted_left": translated("Lifted among who left poverty"),
    "fallen_fell": translated("Fallen into among who fell into poverty"),
    "before": translated("Before"),
    "after": translated("After"),
    "change": translated("Change"),
    "entry": translated("Entry into poverty"),
    "exit": translated("Exit from poverty"),
    "reweighted": translated("Other weights in the other edition"),
    "balanced": translated("In all editions, with known scores"),
    "left_out": translated("Not in all editions, or unknown"),
    "H_C": translated("Chronically poor, %"),
    "A_C": translated("Mean score of the chronically poor, %"),
    "D_C": translated("Mean duration of the chronically poor, %"),
    "M0_C": translated("Chronic M0"),
    "transient": translated("Transiently poor, %"),
    "M0_T": translated("Transient M0"),
    "chronic_number": translated("Number of chronically poor"),
    "transient_number": translated("Number of transiently poor"),
}
# In `change`, what some words mean: parts of a change, not numbers of units.
PARTS: Mapping[str, Titles] = {
    "ongoing": translated("The poor of both"),
    "new": translated("New units"),
    "gone": translated("Gone units"),
    "unknown": translated("Known in one edition alone"),
}
BANDS: Mapping[str, Titles] = {
    "unknown": translated("unknown"),
    "new": translated("new", context="band"),
    "gone": translated("gone", context="band"),
}
PERCENT = (
    "share_ongoing", "share_left", "share_fell", "share_never", "exit_rate", "entry_rate", "exit_rate_least",
    "exit_rate_most", "share", "of_earlier", "lifted_rate", "fallen_rate", "H_C", "A_C", "D_C", "transient",
)  # fmt: skip
INDEX = ("M0_C", "M0_T")


def like(table: str, figure: str) -> str:
    """The statistic that a figure of a table is written like: a percentage, an index, a number of units."""
    if figure in PERCENT or (table, figure) == ("chronic", "never"):
        return "H"
    return "M0" if figure in INDEX else "poor"


class Row(NamedTuple):
    """A row of a table: which figure of what, between which editions, of which group, and the figure."""

    table: str
    figure: str
    span: str
    keys: Mapping[str, str]
    codes: Mapping[str, str]
    value: Figure

    @property
    def like(self) -> str:
        """The statistic that it is written like."""
        return self.keys["statistic"] if "statistic" in self.keys else like(self.table, self.figure)


@dataclass(frozen=True, eq=False)
class Moved:
    """A table of the panel of a publication in a language.

    Attributes
    ----------
    edition : Edition
    name : str
    """

    edition: Edition
    name: str

    @property
    def table(self) -> Publishable:
        """Its protected figures."""
        return self.edition.publication.movements[self.name]

    @property
    def title(self) -> str:
        """Its title."""
        return TABLES[self.name][self.edition.language]

    @cached_property
    def rows(self) -> list[Row]:
        """All rows, in the order of the table."""
        return [_row(self.name, row, self.table.domains) for row in self.table.rows()]

    @cached_property
    def _by_key(self) -> dict[tuple[object, ...], Figure]:
        return {_key(one.figure, one.span, one.codes, one.keys): one.value for one in self.rows}

    @cached_property
    def spans(self) -> list[str]:
        """The pairs of editions that are compared: the first with the last, then each with the next."""
        return list(dict.fromkeys(one.span for one in self.rows))

    @cached_property
    def groups(self) -> list[dict[str, str]]:
        """All units, then the groups, by domain and code."""
        found = dict.fromkeys(tuple(one.codes.items()) for one in self.rows)
        return [dict(codes) for codes in sorted(found, key=len)]

    @property
    def unit(self) -> Unit:
        """What is counted."""
        found: Unit = self.table.table["unit"][0].as_py()
        return found

    @property
    def units(self) -> str:
        """Its name in the plural."""
        return UNITS[self.unit][self.edition.language]

    def one(
        self,
        figure: str,
        keys: Mapping[str, str] | None = None,
        *,
        codes: Mapping[str, str] | None = None,
        span: str | None = None,
    ) -> Figure:
        """A figure; NO_FIGURE if the table has none."""
        return self._by_key.get(_key(figure, span or self.spans[0], codes or {}, keys or {}), NO_FIGURE)

    def values(self, key: str) -> list[str]:
        """What a column holds, each once, in the order of the table."""
        return list(dict.fromkeys(one.keys[key] for one in self.rows if key in one.keys))

    def word(self, figure: str) -> str:
        """The name of a figure."""
        words = PARTS if self.name == "change" and figure in PARTS else WORDS
        return words[figure][self.edition.language]

    def said(self, column: str, value: str) -> str:
        """A word of a column as people read it."""
        language, measure = self.edition.language, self.edition.publication.measure
        if column in ("earlier", "later"):
            return (BANDS[value] if value in BANDS else OF_ANALYSES[value])[language]
        if column in ("indicator", "dimension"):
            titles = {one.name: one.title for one in measure.dimensions}
            titles |= {one.name: one.title for one in measure.indicators}
            return title_in(titles.get(value, {}), language, value)
        return value

    def crossing(self, domains: tuple[str, ...]) -> str:
        """The title of one domain, or of several that are crossed, as the last edition calls them."""
        own, language = panel_of(self.edition).surveys[-1].domains, self.edition.language
        return f" {TIMES} ".join(title_in(own[name].title, language, name) for name in domains)

    def group(self, codes: Mapping[str, str]) -> str:
        """The name of a group."""
        return f" {TIMES} ".join(self.edition.name(domain, code) for domain, code in codes.items())


def panel_of(edition: Edition) -> PanelSpec:
    """The panel that a publication follows, which has one."""
    panel = edition.publication.study.panel
    assert panel is not None  # noqa: S101  who asks has its tables
    return panel


def moved(edition: Edition) -> list[Moved]:
    """The tables of the panel, in their order."""
    return [Moved(edition, name) for name in TABLES if name in edition.publication.movements]


def _key(figure: str, span: str, codes: Mapping[str, str], keys: Mapping[str, str]) -> tuple[object, ...]:
    return figure, span, frozenset(codes.items()), frozenset(keys.items())


def _row(table: str, row: Mapping[str, object], domains: tuple[str, ...]) -> Row:
    known = {name: str(row[name]) for name in (*KEYS, *domains) if row.get(name) is not None}
    fields = {name: row.get(COLUMNS.get(name, name), default) for name, default in Figure._field_defaults.items()}
    return Row(
        table=table,
        figure=str(row["figure"]),
        span=str(row["period"]),
        keys={name: known[name] for name in KEYS if name in known},
        codes={name: known[name] for name in domains if name in known},
        value=Figure(**fields),  # type: ignore[arg-type]
    )
