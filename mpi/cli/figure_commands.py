"""Commands that make figures: estimates, differences between domains, changes between rounds."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from mpi.cli.options import (
    adjust_option,
    by_option,
    check_output,
    cutoff_option,
    data_option,
    df_of,
    df_option,
    expressions_of,
    format_option,
    give,
    level_option,
    measure_argument,
    memory_option,
    output_option,
    overwrite_option,
    power_option,
    profile_of,
    reference_of,
    refuse_for_parts,
    refuse_output,
    replicates_option,
    rules_of,
    rules_option,
    seed_option,
    shown,
    source_argument,
    statistics_option,
    strict_option,
    threads_option,
    unit_option,
    variance_option,
)
from mpi.cli.saying import say, say_result, tell
from mpi.cli.words import argument, command, option, said
from mpi.errors import counted
from mpi.language import phrase
from mpi.vocabulary.options import ROUNDS
from mpi.vocabulary.statistics import STATISTICS

if TYPE_CHECKING:
    from mpi.vocabulary.options import Adjust, FigureFormat


@command()
@measure_argument
@source_argument
@data_option
@threads_option
@memory_option
@by_option
@cutoff_option
@statistics_option
@unit_option
@level_option
@df_option
@variance_option
@replicates_option
@seed_option
@rules_option
@output_option
@format_option
@overwrite_option
@strict_option
@option(
    "--derive",
    "expressions",
    multiple=True,
    metavar="NAME: EXPRESSION",
    help="Derived figure with its error, instead of the estimates: 'band: H[1/5] - H[1/3]'; repeatable.",
)
@adjust_option
def estimate(
    *,
    measure: str,
    source: str,
    data: Path | None,
    by: tuple[str, ...],
    cutoffs: tuple[str, ...],
    statistics: tuple[str, ...],
    level: float,
    df: str,
    threads: int | None,
    memory: str | None,
    output: Path | None,
    form: FigureFormat | None,
    overwrite: bool,
    strict: bool,
    expressions: tuple[str, ...],
    adjust: Adjust | None,
    **options: Any,
) -> int:
    """Estimate H, A, M0, headcounts and contributions with their sampling errors, or figures derived from them."""
    from mpi.config import load_measure
    from mpi.pipeline.estimating import derive
    from mpi.pipeline.estimating import estimate as estimated
    from mpi.tables.figures_screen import derived_as_text
    from mpi.tables.screen import as_text, write_estimates

    check_output(output, form)
    named = expressions_of(expressions, statistics, adjust)
    freedom = df_of(df)
    loaded = load_measure(measure)
    domains = [*by]
    if named:
        from mpi.estimates.expressions import domains_read

        domains += domains_read(named)
    made = profile_of(
        source,
        data,
        loaded,
        domains,
        output=output,
        overwrite=overwrite,
        rules=options["reliability"],
        threads=threads,
        memory=memory,
    )
    options |= {"by": list(by), "k": list(cutoffs) or None, "level": level, "df": freedom}
    if named:
        figures = derive(made, loaded, named, adjust=adjust or "none", **options)
        give(
            figures,
            lambda: derived_as_text(figures, level, adjust or "none"),
            output,
            form,
            name="derived",
            overwrite=overwrite,
        )
        return tell(figures.notices, strict)
    found = estimated(made, loaded, statistics=statistics or None, **options)
    if output is not None:
        write_estimates(found, output, form, level=level, overwrite=overwrite)
        say(said(phrase("{estimates}: {file}", estimates=counted(len(found), "estimate"), file=str(output))))
    else:
        say_result(shown(found, form, lambda: as_text(found, level)))
    return tell(found.notices, strict)


@command()
@measure_argument
@source_argument
@data_option
@threads_option
@memory_option
@option("--by", multiple=True, required=True, help="Domains to compare, or several crossed as a:b; repeatable.")
@option(
    "--statistic", default="M0", show_default=True, metavar="NAME", among=STATISTICS, help="Statistic that is compared:"
)
@option(
    "--against",
    multiple=True,
    help="The domain that all others are compared with, as zona=1; repeatable "
    "for crossed domains; `total` for the total. All pairs if left out.",
)
@cutoff_option
@unit_option
@level_option
@df_option
@adjust_option
@output_option
@format_option
@overwrite_option
@strict_option
def differences(
    *,
    measure: str,
    source: str,
    data: Path | None,
    by: tuple[str, ...],
    statistic: str,
    against: tuple[str, ...],
    cutoffs: tuple[str, ...],
    unit: str,
    level: float,
    df: str,
    adjust: Adjust | None,
    output: Path | None,
    form: FigureFormat | None,
    overwrite: bool,
    strict: bool,
    threads: int | None,
    memory: str | None,
) -> int:
    """Test differences between domains, with the covariance of their estimates; p-values by Holm by default."""
    from mpi.config import load_measure
    from mpi.estimates import Tidy
    from mpi.pipeline.estimating import estimate as estimated
    from mpi.tables.screen import differences_as_text

    check_output(output, form)
    freedom = df_of(df)
    reference = reference_of(against)
    loaded = load_measure(measure)
    made = profile_of(source, data, loaded, by, output=output, overwrite=overwrite, threads=threads, memory=memory)
    found = estimated(made, loaded, by=list(by), k=list(cutoffs) or None, unit=unit, level=level, df=freedom)  # type: ignore[arg-type]  # click's choices
    compared, correction = found.only(statistic), adjust or "holm"
    table = compared.covariance().differences(against=reference, adjust=correction)
    tidy = Tidy(table, found.domains, found.notices)
    give(
        tidy,
        lambda: differences_as_text(table, compared, correction),
        output,
        form,
        name="differences",
        overwrite=overwrite,
    )
    return tell(found.notices, strict)


@command()
@argument(
    "name",
    metavar="ANALYSIS",
    help="bands, numbers, redundancy, overlap, classes, crossing, inequality, gaps, coverage, programmes, children.",
)
@measure_argument
@source_argument
@data_option
@threads_option
@memory_option
@by_option
@cutoff_option
@unit_option
@level_option
@df_option
@variance_option
@replicates_option
@seed_option
@adjust_option
@power_option
@rules_option
@output_option
@format_option
@overwrite_option
@strict_option
def analyse(
    *,
    name: str,
    measure: str,
    source: str,
    data: Path | None,
    by: tuple[str, ...],
    cutoffs: tuple[str, ...],
    level: float,
    df: str,
    adjust: Adjust | None,
    powers: tuple[str, ...],
    threads: int | None,
    memory: str | None,
    output: Path | None,
    form: FigureFormat | None,
    overwrite: bool,
    strict: bool,
    **options: Any,
) -> int:
    """Make an ANALYSIS as reports contain it: bands, redundancy, overlap of dimensions, with sampling errors."""
    from mpi.analysis.analysing import analyse as analysed
    from mpi.analysis.analysing import check_analysis
    from mpi.config import load_measure
    from mpi.tables.figures_screen import derived_as_text

    check_output(output, form)
    check_analysis(name)
    freedom = df_of(df)
    loaded = load_measure(measure)
    made = profile_of(
        source,
        data,
        loaded,
        by,
        output=output,
        overwrite=overwrite,
        rules=options["reliability"],
        threads=threads,
        memory=memory,
        analyses=[name],
    )
    correction = adjust or "none"
    options |= {"by": list(by), "k": list(cutoffs) or None, "level": level, "df": freedom, "adjust": correction}
    options["powers"] = list(powers) or None
    figures = analysed(made, loaded, name, **options)
    give(figures, lambda: derived_as_text(figures, level, correction), output, form, name=name, overwrite=overwrite)
    return tell(figures.notices, strict)


@command()
@measure_argument
@argument(
    "profiles",
    nargs=-1,
    required=True,
    type=click.Path(path_type=Path),
    help="Profiles (.parquet) of two rounds or more.",
)
@option(
    "--rounds",
    type=click.Choice(ROUNDS),
    help="How the samples of the rounds relate; what the surveys declare if left out.",
)
@statistics_option
@option("--harmonised", is_flag=True, help="The rules of the rounds are written differently but mean the same.")
@option(
    "--decompose",
    is_flag=True,
    help="Of two rounds: the parts of the change of M0, H and the number of poor, with their errors.",
)
@by_option
@cutoff_option
@unit_option
@level_option
@df_option
@adjust_option
@rules_option
@output_option
@format_option
@overwrite_option
@strict_option
def change(
    *,
    measure: str,
    profiles: tuple[Path, ...],
    by: tuple[str, ...],
    cutoffs: tuple[str, ...],
    level: float,
    df: str,
    statistics: tuple[str, ...],
    adjust: Adjust | None,
    output: Path | None,
    form: FigureFormat | None,
    overwrite: bool,
    strict: bool,
    decompose: bool,
    **options: Any,
) -> int:
    """Estimate changes between rounds: absolute, relative and per year, from each round to the next and in total."""
    from mpi.config import load_measure, sources_of
    from mpi.pipeline.estimating import change as changed
    from mpi.profile import DeprivationProfile
    from mpi.tables.screen import changes_as_text

    check_output(output, form)
    if decompose:
        from mpi.analysis.decomposition import decompose_change
        from mpi.tables.figures_screen import derived_as_text

        refuse_for_parts(statistics, options["reliability"])
    freedom = df_of(df)
    loaded = load_measure(measure)
    refuse_output(output, overwrite, *sources_of(loaded), *rules_of(options["reliability"]), *profiles)
    rounds = [DeprivationProfile.read(path) for path in profiles]
    correction = adjust or "none"
    options |= {"by": list(by), "k": list(cutoffs) or None, "level": level, "df": freedom, "adjust": correction}
    if decompose:
        del options["reliability"]  # parts of a change have no rules of precision
        parts = decompose_change(rounds, loaded, **options)
        give(
            parts,
            lambda: derived_as_text(parts, level, correction),
            output,
            form,
            name="decomposition",
            overwrite=overwrite,
        )
        return tell(parts.notices, strict)
    found = changed(rounds, loaded, statistic=statistics, **options)
    shown = statistics or ("H", "A", "M0")
    give(
        found,
        lambda: changes_as_text(found, level, correction, shown),
        output,
        form,
        name="changes",
        overwrite=overwrite,
    )
    return tell(found.notices, strict)
