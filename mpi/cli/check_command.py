"""The command that checks config files, alone and against data, before anything is computed."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from mpi.cli.completing import shipped_names
from mpi.cli.options import data_option, memory_option, messages_option, refuse_folder, strict_option, threads_option
from mpi.cli.saying import say_report, tell
from mpi.cli.words import argument, command, language, said
from mpi.errors import ConfigError, DataError, Fault, Notice, printable
from mpi.language import phrase

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from mpi.source import Running
    from mpi.specs.disclosure import Disclosure
    from mpi.specs.reliability import Reliability
    from mpi.specs.template import Template


@command()
@argument(
    "config",
    shell_complete=shipped_names("measure", "survey", "study", "reliability", "disclosure", "template"),
    help="File of a measure, survey, study or rule set, or the name of one in the package.",
)
@argument(
    "survey", required=False, shell_complete=shipped_names("survey"), help="With a measure: file or name of a survey."
)
@data_option
@threads_option
@memory_option
@strict_option
@messages_option
def check(
    *, config: str, survey: str | None, data: Path | None, threads: int | None, memory: str | None, strict: bool
) -> int:
    """Check a config file, alone or with the data of a survey or study; gives no figures.

    A measure: its worked examples; with a survey, what the survey's files have and lack. A study: what a run would
    refuse, which outputs it would write, and an estimate of time and size.
    """
    from mpi.config.kinds import kind_named
    from mpi.pipeline.passing import running_with

    kind, running = kind_named(config), running_with(threads, None, memory)
    if kind == "measure" or survey is not None:
        return _measure(config, survey, data, running, strict)
    if kind == "study":
        return _study(config, data, running, strict)
    refuse_folder(data, phrase("no measure is named"))
    say_report(_survey(config) if kind == "survey" else _rules(config, kind))
    return 0


def _measure(config: str, survey: str | None, data: Path | None, running: Running, strict: bool) -> int:
    """Check a measure, and a survey against it."""
    from mpi.checking.examples import run_examples
    from mpi.checking.proofreading import measure_lines, measure_notices, survey_lines
    from mpi.checking.survey_files import survey_file_faults, survey_file_lines
    from mpi.config import load_measure, load_survey

    if survey is None:
        refuse_folder(data, phrase("no survey is named"))
    loaded = load_measure(config)
    outcome = run_examples(loaded)
    lines = [*measure_lines(loaded, language()), f"  {said(outcome.said)}"]
    if outcome.number and outcome.without:
        lines.append(said(phrase("  indicators without an example: {names}", names=", ".join(outcome.without))))
    say_report(printable("\n".join(lines)))
    notices: tuple[Notice, ...] = measure_notices(loaded)
    faults: list[Fault] = [*outcome.faults]
    of_data = survey is not None and data is not None
    if survey is not None and data is not None:
        proof = survey_lines(loaded, load_survey(survey), data, language(), running=running)
        say_report(printable("\n".join(proof.lines)))
        notices, faults = proof.notices, [*faults, *proof.faults]
    elif survey is not None:
        own = load_survey(survey)
        say_report(printable("\n".join(survey_file_lines(own, language()))))
        faults += survey_file_faults(own, loaded)
    code = tell(notices, strict)
    if faults:
        raise (DataError if of_data and not outcome.faults else ConfigError)(*faults)
    return code


def _study(config: str, data: Path | None, running: Running, strict: bool) -> int:
    """Check a study: a run without figures."""
    from mpi.config import load_study
    from mpi.runs.rehearsal import rehearse
    from mpi.vocabulary.wording import title_in

    study = load_study(config)
    found = rehearse(study, data, running=running)
    head = phrase("{name}: {title}", name=study.name, title=title_in(study.title, language(), study.name))
    say_report(printable("\n".join([said(head), *(said(line) for line in found.lines)])))
    code = tell(found.notices, strict)
    if found.refusal is not None:
        raise found.refusal
    return code


def _survey(config: str) -> str:
    """What a survey's file says."""
    from mpi.checking.survey_files import survey_file_lines
    from mpi.config import load_survey

    return printable("\n".join(survey_file_lines(load_survey(config), language())))


def _rules(config: str, kind: str) -> str:
    """What is to be said of a rule set or a template: it is read, and so every fault of its file is told."""
    from mpi.config import load_disclosure, load_reliability, load_template

    readers: Mapping[str, Callable[[str], Reliability | Disclosure | Template]] = {
        "reliability": load_reliability,
        "disclosure": load_disclosure,
        "template": load_template,
    }
    return printable(said(phrase("{name}: nothing is wrong with the file", name=readers[kind](config).name)))
