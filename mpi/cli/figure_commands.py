"""Commands that make figures: estimates, differences between domains, changes between rounds."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from mpi.cli.asked import OUTPUT, PRECISION, SOURCE, Asked, asking
from mpi.cli.options import (
    adjust_option,
    by_option,
    cutoff_option,
    df_option,
    expressions_of,
    level_option,
    measure_argument,
    power_option,
    reference_of,
    refuse_for_parts,
    rules_option,
    shown,
    statistics_option,
    unit_option,
)
from mpi.cli.saying import say, say_result, tell
from mpi.cli.second_measure import inclusion_option, with_option
from mpi.cli.words import argument, command, option, said
from mpi.errors import counted
from mpi.language import phrase
from mpi.vocabulary.options import ROUNDS, Inclusion
from mpi.vocabulary.statistics import STATISTICS


@command()
@asking(
    *SOURCE,
    by_option,
    cutoff_option,
    statistics_option,
    unit_option,
    *PRECISION,
    rules_option,
    *OUTPUT,
    option(
        "--derive",
        "expressions",
        multiple=True,
        metavar="NAME: EXPRESSION",
        help="Derived figure with its error, instead of the estimates: 'band: H[1/5] - H[1/3]'; repeatable.",
    ),
    adjust_option,
)
def estimate(asked: Asked, *, statistics: tuple[str, ...], expressions: tuple[str, ...]) -> int:
    """Estimate H, A, M0, headcounts and contributions with their sampling errors, or figures derived from them."""
    from mpi.tables.screen import as_text, write_estimates

    named = expressions_of(expressions, statistics, asked.adjust)
    if named:
        return _derived(asked, named)
    from mpi.pipeline.estimating import estimate as estimated

    found = estimated(asked.profile(), asked.measure, statistics=statistics or None, **asked.how)
    if asked.output is not None:
        write_estimates(found, asked.output, asked.form, level=asked.level, overwrite=asked.overwrite)
        say(said(phrase("{estimates}: {file}", estimates=counted(len(found), "estimate"), file=str(asked.output))))
    else:
        say_result(shown(found, asked.form, lambda: as_text(found, asked.level)))
    return tell(found.notices, asked.strict)


def _derived(asked: Asked, named: dict[str, str]) -> int:
    """Derived figures by their names, instead of the estimates."""
    from mpi.estimates.expressions import domains_read
    from mpi.pipeline.estimating import derive
    from mpi.tables.figures_screen import derived_as_text

    adjust = asked.adjust or "none"
    made = asked.profile(domains_read(named))
    figures = derive(made, asked.measure, named, adjust=adjust, **asked.how)
    return asked.give(figures, lambda: derived_as_text(figures, asked.level, adjust), "derived")


@command()
@asking(
    *SOURCE,
    option("--by", multiple=True, required=True, help="Domains to compare, or several crossed as a:b; repeatable."),
    option(
        "--statistic",
        default="M0",
        show_default=True,
        metavar="NAME",
        among=STATISTICS,
        help="Statistic that is compared:",
    ),
    option(
        "--against",
        multiple=True,
        help="The domain that all others are compared with, as zona=1; repeatable "
        "for crossed domains; `total` for the total. All pairs if left out.",
    ),
    cutoff_option,
    unit_option,
    level_option,
    df_option,
    adjust_option,
    *OUTPUT,
)
def differences(asked: Asked, *, statistic: str, against: tuple[str, ...]) -> int:
    """Test differences between domains, with the covariance of their estimates; p-values by Holm by default."""
    from mpi.estimates import Tidy
    from mpi.pipeline.estimating import estimate as estimated
    from mpi.tables.screen import differences_as_text

    reference = reference_of(against)
    found = estimated(asked.profile(), asked.measure, **asked.how)
    compared, correction = found.only(statistic), asked.adjust or "holm"
    table = compared.covariance().differences(against=reference, adjust=correction)
    tidy = Tidy(table, found.domains, found.notices)
    return asked.give(tidy, lambda: differences_as_text(table, compared, correction), "differences")


@command()
@asking(
    argument(
        "name",
        metavar="ANALYSIS",
        help="bands, numbers, redundancy, overlap, classes, crossing, inequality, gaps, coverage, programmes, "
        "children, agreement, destitution, sdg.",
    ),
    *SOURCE,
    by_option,
    cutoff_option,
    unit_option,
    *PRECISION,
    adjust_option,
    power_option,
    with_option,
    inclusion_option,
    rules_option,
    *OUTPUT,
)
def analyse(asked: Asked, *, name: str, powers: tuple[str, ...], others: tuple[str, ...], inclusion: Inclusion) -> int:
    """Make an ANALYSIS as reports contain it: bands, redundancy, overlap of dimensions, with sampling errors."""
    from mpi.analysis.analysing import KNOWN, check_analysis, checked_others
    from mpi.analysis.analysing import analyse as analysed
    from mpi.config import load_measure
    from mpi.language.speaking import spoken
    from mpi.tables.figures_screen import UNPROTECTED, derived_as_text

    check_analysis(name)
    adjust = asked.adjust or "none"
    second = checked_others(name, [load_measure(one) for one in others])
    made = asked.profile(analyses=[name], beside=second)
    figures = analysed(
        made,
        asked.measure,
        name,
        adjust=adjust,
        powers=list(powers) or None,
        other=second,
        inclusion=inclusion,
        **asked.how,
    )

    def text() -> str:
        own = derived_as_text(figures, asked.level, adjust)
        return f"{own}\n\n{spoken(UNPROTECTED)}" if KNOWN[name].reads else own  # of recipients and children

    return asked.give(figures, text, name)


@command()
@asking(
    measure_argument,
    argument(
        "profiles",
        nargs=-1,
        required=True,
        type=click.Path(path_type=Path),
        help="Profiles (.parquet) of two rounds or more.",
    ),
    option(
        "--rounds",
        type=click.Choice(ROUNDS),
        help="How the samples of the rounds relate; what the surveys declare if left out.",
    ),
    statistics_option,
    option("--harmonised", is_flag=True, help="The rules of the rounds are written differently but mean the same."),
    option(
        "--decompose",
        is_flag=True,
        help="Of two rounds: the parts of the change of M0, H and the number of poor, with their errors.",
    ),
    by_option,
    cutoff_option,
    unit_option,
    level_option,
    df_option,
    adjust_option,
    rules_option,
    *OUTPUT,
)
def change(
    asked: Asked, *, profiles: tuple[Path, ...], statistics: tuple[str, ...], decompose: bool, **options: Any
) -> int:
    """Estimate changes between rounds: absolute, relative and per year, from each round to the next and in total."""
    adjust = asked.adjust or "none"
    if decompose:
        from mpi.analysis.decomposition import decompose_change
        from mpi.tables.figures_screen import derived_as_text

        refuse_for_parts(statistics, asked.how.pop("reliability"))  # parts of a change have no rules of precision
        parts = decompose_change(asked.rounds(profiles), asked.measure, adjust=adjust, **asked.how, **options)
        return asked.give(parts, lambda: derived_as_text(parts, asked.level, adjust), "decomposition")
    from mpi.pipeline.estimating import change as changed
    from mpi.tables.screen import changes_as_text

    rounds = asked.rounds(profiles)
    found = changed(rounds, asked.measure, statistic=statistics, adjust=adjust, **asked.how, **options)
    wanted = statistics or ("H", "A", "M0")
    return asked.give(found, lambda: changes_as_text(found, asked.level, adjust, wanted), "changes")
