"""What a command on figures is asked for, in the options that such commands share, and how its result is given."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cached_property, wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mpi.cli.options import (
    check_output,
    data_option,
    df_of,
    df_option,
    format_option,
    give,
    level_option,
    measure_argument,
    memory_option,
    output_option,
    overwrite_option,
    profile_of,
    refuse_output,
    replicates_option,
    rules_of,
    seed_option,
    source_argument,
    strict_option,
    threads_option,
    variance_option,
)
from mpi.cli.saying import tell

if TYPE_CHECKING:
    from mpi.estimates import Tidy
    from mpi.profile import DeprivationProfile
    from mpi.specs.measure import Measure
    from mpi.vocabulary.options import Adjust, FigureFormat

SOURCE = (measure_argument, source_argument, data_option, threads_option, memory_option)
PRECISION = (level_option, df_option, variance_option, replicates_option, seed_option)
OUTPUT = (output_option, format_option, overwrite_option, strict_option)
HOW = ("unit", "level", "variance", "replicates", "seed", "reliability")  # options that functions take by these names

Command = Callable[..., int]


def asking(*options: Callable[[Command], Command]) -> Callable[[Command], Command]:
    """Options of a command, which is given the shared ones as an `Asked` and its own by their names.

    Parameters
    ----------
    *options : callable
        Arguments and options, in the order of the command's help.
    """

    def add(function: Command) -> Command:
        @wraps(function)
        def call(**given: Any) -> int:
            return function(Asked(given), **given)

        made: Command = call
        for one in reversed(options):
            made = one(made)
        return made

    return add


class Asked:
    """What a command on figures is asked for; made before anything is read.

    Parameters
    ----------
    options : dict
        Options of the command; the shared ones are taken out.

    Attributes
    ----------
    named : str
        The measure, by its file or name.
    by : list of str
        Domains, crossed ones as ``a:b``.
    level : float
        Confidence level.
    adjust : str or None
        Adjustment of p-values that is asked for.
    how : dict
        What functions of figures take by the same name, of the options that the command has: `by`, `k`, `unit`,
        `level`, `df`, `variance`, `replicates`, `seed`, `reliability`.
    """

    def __init__(self, options: dict[str, Any]) -> None:
        take = options.pop
        self.output: Path | None = take("output")
        self.form: FigureFormat | None = take("form")
        self.overwrite: bool = take("overwrite")
        self.strict: bool = take("strict")
        check_output(self.output, self.form)
        self.named: str = take("measure")
        self.source: str = take("source", "")
        self.data: Path | None = take("data", None)
        self.threads: int | None = take("threads", None)
        self.memory: str | None = take("memory", None)
        self.adjust: Adjust | None = take("adjust", None)
        self.how: dict[str, Any] = {name: take(name) for name in HOW if name in options}
        if "by" in options:
            by = take("by")
            self.how["by"] = by if isinstance(by, str) else list(by)
        if "cutoffs" in options:
            self.how["k"] = list(take("cutoffs")) or None
        if "df" in options:
            self.how["df"] = df_of(take("df"))

    @property
    def by(self) -> list[str]:
        """The domains that are asked for."""
        by = self.how.get("by", [])
        return [by] if isinstance(by, str) else by

    @property
    def level(self) -> float:
        """The confidence level."""
        level: float = self.how["level"]
        return level

    @cached_property
    def measure(self) -> Measure:
        """The measure, read when it is first asked for."""
        from mpi.config import load_measure

        return load_measure(self.named)

    def profile(
        self, domains: Sequence[str] = (), analyses: Sequence[str] = (), beside: Sequence[Measure] = ()
    ) -> DeprivationProfile:
        """The profile in the file that is named, or that of the survey; the output is checked first.

        Parameters
        ----------
        domains : sequence of str
            Further domains that it must have.
        analyses : sequence of str
            Analyses that are made of it.
        beside : sequence of Measure
            Others that judge the same units.
        """
        return profile_of(
            self.source,
            self.data,
            self.measure,
            [*self.by, *domains],
            output=self.output,
            overwrite=self.overwrite,
            rules=self.how.get("reliability"),
            threads=self.threads,
            memory=self.memory,
            analyses=analyses,
            beside=beside,
        )

    def check(self, *inputs: Path) -> None:
        """Refuse an output that may not be written, or would take the place of a file that is read."""
        from mpi.config import sources_of

        own = (*sources_of(self.measure), *rules_of(self.how.get("reliability")))
        refuse_output(self.output, self.overwrite, *own, *inputs)

    def rounds(self, profiles: Sequence[Path], *inputs: Path) -> list[DeprivationProfile]:
        """The profiles in files; the output is checked first, against these and other inputs."""
        from mpi.profile import DeprivationProfile

        self.check(*profiles, *inputs)
        return [DeprivationProfile.read(path) for path in profiles]

    def give(self, figures: Tidy, text: Callable[[], str], name: str) -> int:
        """Write a result to its file or to stdout, and tell its notices.

        Parameters
        ----------
        figures : Tidy
        text : callable
            Gives the table of the screen.
        name : str
            Name of the table in files that have names of tables.

        Returns
        -------
        int
            The command's exit code.
        """
        give(figures, text, self.output, self.form, name=name, overwrite=self.overwrite)
        return tell(figures.notices, self.strict)
