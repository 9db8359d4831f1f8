"""`mpi rank`: whether the order of domains holds under other cutoffs, weights, indicators and rules for unknowns."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import click

from mpi.cli.asked import OUTPUT, SOURCE, Asked, Command, asking
from mpi.cli.options import adjust_option, df_option, level_option, unit_option
from mpi.cli.words import LANG_HELP, Group, command, option
from mpi.errors import Fault, Notice, UsageError
from mpi.language import LANGUAGES, phrase
from mpi.vocabulary.options import (
    DOMINANCE_TABLES,
    DRAWS_TABLES,
    MISSING,
    NORMS,
    ORDERS_TABLES,
    OVER,
    RANKED,
    ROBUSTNESS_TABLES,
    Missing,
)

if TYPE_CHECKING:
    import pyarrow as pa

    from mpi.profile import DeprivationProfile

Told = tuple[Mapping[str, "pa.Table"], Sequence[Notice]]  # the tables by name, and what is to be said of them
DRAWS = 10_000

ranked_option = option("--by", required=True, help="The domain whose groups are ranked.")
one_cutoff_option = option("--k", "k", help="Cutoff: 1/3, 33%, '4 of 15'; the measure's first if left out.")
draws_option = option(
    "--draws", type=click.IntRange(1), default=DRAWS, show_default=True, help="Number of weight vectors drawn."
)
draws_seed_option = option("--seed", type=click.IntRange(0), default=0, show_default=True, help="Seed of the draws.")


def ranking(statistic: str, tables: Sequence[str], *own: Callable[[Command], Command]) -> Callable[[Command], Command]:
    """The arguments and options of a ranking.

    Parameters
    ----------
    statistic : str
        That which is ranked by if none is named.
    tables : sequence of str
        Those that can be asked for; the first is given if none is.
    *own : callable
        Options of this ranking alone.
    """
    statistics = option(
        "--statistic",
        type=click.Choice(RANKED),
        default=statistic,
        show_default=True,
        help="Statistic by which domains are ranked.",
    )
    table = option(
        "--table", type=click.Choice(tables), default=tables[0], show_default=True, help="Table to show or to write."
    )
    return asking(*SOURCE, ranked_option, statistics, unit_option, table, *OUTPUT, *own)


@click.group(cls=Group)
@option("--lang", type=click.Choice(LANGUAGES), expose_value=False, help=LANG_HELP)
def rank() -> None:
    """Judge the order of domains: whether it holds under other cutoffs, weights, indicators, rules for unknowns."""


@command("robustness")
@ranking(
    "M0",
    ROBUSTNESS_TABLES,
    option("--k", "others", multiple=True, help="Another cutoff: 2/5, 40%, '6 of 15'; repeatable."),
    option(
        "--weights",
        multiple=True,
        metavar="NAME: WEIGHTS",
        help="Other weights by a name, of indicators or dimensions: 'health first: health=1/2'; repeatable.",
    ),
    option("--without", multiple=True, metavar="NAME", help="Indicator that is left out, one at a time; repeatable."),
    option("--missing", multiple=True, type=click.Choice(MISSING), help="Another rule for unknowns; repeatable."),
    df_option,
    adjust_option,
)
def rank_robustness(
    asked: Asked,
    *,
    others: tuple[str, ...],
    weights: tuple[str, ...],
    without: tuple[str, ...],
    missing: tuple[Missing, ...],
    **shown: str,
) -> int:
    """Rank domains under all combinations of other cutoffs, weights, indicators and rules, each with its errors."""
    own: dict[str, Any] = {"k": others, "weights": weights_of(weights), "without": without, "missing": missing}

    def tables(profile: DeprivationProfile, **how: Any) -> Told:
        from mpi.analysis.robustness import robustness

        found = robustness(profile, asked.measure, adjust=asked.adjust or "none", **own, **how)
        return {"alternatives": found.alternatives, "pairs": found.pairs, "figures": found.figures}, found.notices

    return _given(asked, tables, **shown)


@command("dominance")
@ranking(
    "H",
    DOMINANCE_TABLES,
    option("--lowest", metavar="K", help="The lowest cutoff that is compared; all scores above 0 if left out."),
    option("--highest", metavar="K", help="The highest cutoff that is compared; 1 if left out."),
    level_option,
    df_option,
)
def rank_dominance(asked: Asked, *, lowest: str | None, highest: str | None, **shown: str) -> int:
    """Compare domains at every attainable score: which is never less poor, by a joint test."""

    def tables(profile: DeprivationProfile, **how: Any) -> Told:
        from mpi.analysis.dominance import dominance

        found = dominance(profile, asked.measure, lowest=lowest, highest=highest, **how)
        return {"pairs": found.pairs, "curves": found.curves}, found.notices

    return _given(asked, tables, **shown)


@command("weights")
@ranking("M0", DRAWS_TABLES, one_cutoff_option, draws_option, draws_seed_option)
def rank_weights(asked: Asked, *, k: str | None, draws: int, **shown: str) -> int:
    """Rank domains under weights drawn uniformly from all that add up to 1: points, without sampling errors."""

    def tables(profile: DeprivationProfile, **how: Any) -> Told:
        from mpi.analysis.weight_draws import weight_draws

        domains, pairs = weight_draws(profile, asked.measure, k=k, draws=draws, **how)
        return {"domains": domains, "pairs": pairs}, profile.notices

    return _given(asked, tables, **shown)


@command("orders")
@ranking(
    "M0",
    ORDERS_TABLES,
    one_cutoff_option,
    option("--over", type=click.Choice(OVER), default=OVER[0], show_default=True, help="Whose weights vary."),
    option(
        "--norm",
        type=click.Choice(NORMS),
        default=NORMS[0],
        show_default=True,
        help="Distance between weights: Euclidean, sum or largest of the changes.",
    ),
    option("--pieces", type=click.IntRange(1), help="How many pieces the weights are cut into at most, up to 6 axes."),
    draws_option,
    draws_seed_option,
)
def rank_orders(asked: Asked, *, statistic: str, table: str, **own: Any) -> int:
    """Tell in which share of all weights the order of two domains holds, and the nearest weights that turn it."""

    def tables(profile: DeprivationProfile, **how: Any) -> Told:
        from mpi.analysis.weight_orders import weight_orders

        found = weight_orders(profile, asked.measure, **own, **how)
        return {"pairs": found.pairs, "weights": found.weights}, profile.notices

    return _given(asked, tables, statistic=statistic, table=table)


for one in (rank_robustness, rank_dominance, rank_weights, rank_orders):
    rank.add_command(one)


def weights_of(texts: Sequence[str]) -> dict[str, dict[str, str]]:
    """Names and weights, from texts such as `health first: health=1/2, living=1/2`."""
    found: dict[str, dict[str, str]] = {}
    for text in texts:
        name, _, rest = (part.strip() for part in text.partition(":"))
        pairs = [[part.strip() for part in item.partition("=")] for item in rest.split(",")]
        own = {one: weight for one, _, weight in pairs}
        if not name or name in found or len(own) < len(pairs) or not all(all(pair) for pair in pairs):
            wrong = phrase("--weights: {text!r} is not a name and weights", text=text)
            if name in found:
                wrong = phrase("--weights: {name!r} is repeated", name=name)
            raise UsageError(Fault("MPI-U007", None, wrong, phrase("write 'health first: health=1/2, living=1/2'")))
        found[name] = own
    return found


def _given(asked: Asked, tables: Callable[..., Told], *, statistic: str, table: str) -> int:
    """Make a ranking and show or write the table that is asked for."""
    from mpi.estimates import Tidy
    from mpi.tables.ranking_screen import ranking_as_text

    made = asked.profile()
    ranked, notices = tables(made, statistic=statistic, **asked.how)
    found, by = ranked[table], asked.how["by"]
    about = (
        f"{asked.measure.name}, {made.survey}, period {made.period}: {asked.how['unit']}, {statistic} by {by}, {table}"
    )
    tidy = Tidy(found, (by,) if by in found.column_names else (), tuple(notices))
    return asked.give(tidy, lambda: ranking_as_text(found, by, about), table)
