"""The plans of a publication for its outputs: their figures, their actions in words, what is told of each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from mpi.claims.plans import PlanClaim, action_text
from mpi.disclosure.figures import COLUMNS, NO_FIGURE, Figure
from mpi.language import Phrase
from mpi.policies.parts import WHOLE
from mpi.policies.published import COST, LIFTED, Choice
from mpi.publication.edition import Edition
from mpi.specs.actions import Action
from mpi.specs.plans import PlanSpec


@dataclass(frozen=True, slots=True)
class Entry:
    """A row of a plan: what it is by column, the codes of its group by domain, its figure."""

    keys: Mapping[str, str]
    codes: Mapping[str, str]
    figure: Figure


@dataclass(frozen=True, eq=False)
class PlanShown:
    """A plan of a publication in a language.

    Attributes
    ----------
    edition : Edition
    spec : PlanSpec
    entries : sequence of Entry
        Its protected rows.
    """

    edition: Edition
    spec: PlanSpec
    entries: Sequence[Entry]

    @property
    def title(self) -> str:
        """Its title; its name if it has none."""
        return self.edition.titled(self.spec.title, self.spec.name)

    @property
    def choice(self) -> Choice:
        """What it does, and how good it is where it was looked for."""
        return self.edition.publication.choices[self.spec.name]

    @cached_property
    def _found(self) -> dict[tuple[object, ...], Figure]:
        return {
            (one.keys["figure"], one.keys.get("moment", ""), one.keys.get("action", ""), one.keys.get("indicator", ""),
             frozenset(one.codes.items())): one.figure
            for one in self.entries
        }  # fmt: skip

    def figure(
        self,
        name: str,
        moment: str = "",
        *,
        action: str = "",
        indicator: str = "",
        codes: Mapping[str, str] | None = None,
    ) -> Figure:
        """One figure; NO_FIGURE if there is none."""
        return self._found.get((name, moment, action, indicator, frozenset((codes or {}).items())), NO_FIGURE)

    @property
    def priced(self) -> bool:
        """Whether it has costs."""
        return any(one.keys["figure"] == COST for one in self.entries)

    def steps(self) -> list[tuple[str, Action]]:
        """Its actions, each with the name that its rows have."""
        return [(f"{place + 1}. {one.text}", one) for place, one in enumerate(self.choice.actions)]

    def groups(self) -> list[dict[str, str]]:
        """The groups that it has figures of, by domain and code."""
        own = {tuple(one.codes.items()): None for one in self.entries if one.codes}
        return [dict(codes) for codes in own]

    def said(self, action: Action) -> Phrase:
        """An action in words."""
        edition = self.edition
        title = next(
            (edition.indicator(one) for one in edition.publication.measure.indicators if one.name == action.indicator),
            action.indicator,
        )
        places = [", ".join(edition.name(domain, code) for code in codes) for domain, codes in action.where]
        return action_text(action, title, places)

    @property
    def claim(self) -> PlanClaim:
        """What is told of it for all units."""
        aimed = self.spec.aimed
        return PlanClaim(
            basis=self.edition.basis,
            before=self.figure("H", "before"),
            after=self.figure("H", "after"),
            change=self.figure("H", "change"),
            poor=self.figure("poor", "change"),
            lifted=self.figure(LIFTED, action=WHOLE) if self.priced else None,
            cost=self.figure(COST, action=WHOLE) if self.priced else None,
            currency=self.edition.titled(self.spec.currency),
            statistic="" if aimed is None else aimed.statistic,
            target=None if aimed is None or aimed.target is None else float(aimed.target),
            budget=None if aimed is None else aimed.budget,
            needless=aimed is not None
            and aimed.target is not None
            and not self.choice.actions
            and bool(self.choice.exact),
            exact=self.choice.exact,
            bound=self.choice.bound,
            reached=self.choice.after if aimed is not None and aimed.budget is not None else self.choice.cost,
        )


def plans_shown(edition: Edition) -> list[PlanShown]:
    """The plans of a publication, in the order of the study."""
    publication = edition.publication
    if publication.plans is None:
        return []
    by_plan: dict[str, list[Entry]] = {one.name: [] for one in publication.study.plans}
    for row in publication.plans.rows():
        own = {name: COLUMNS.get(name, name) for name in Figure._fields}
        figure = Figure(**{name: row[column] for name, column in own.items() if column in row})
        keys = {name: row[name] for name in ("figure", "moment", "action", "indicator", "unit", "k") if row.get(name)}
        codes = {name: row[name] for name in publication.plans.domains if row[name] is not None}
        by_plan[row["plan"]].append(Entry(keys, codes, figure))
    return [PlanShown(edition, one, by_plan[one.name]) for one in publication.study.plans]
