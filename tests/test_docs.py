"""What the documentation shows is run: examples with their output, every file, rule and design of the manual."""

from __future__ import annotations

import re
from pathlib import Path
from typing import get_args

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import mpi
from mpi.cli import cli
from mpi.cli import main as run
from mpi.cli.options import rules_option
from mpi.config import load_measure, load_reliability, load_survey, shipped
from mpi.config.keys.maps import BOUNDARIES, MAP
from mpi.config.keys.studies import STUDY
from mpi.disclosure.publishable import STANDINGS
from mpi.estimates import COLUMNS
from mpi.rules import Kind, Origin, check, parse
from mpi.rules.functions import FUNCTIONS
from mpi.vocabulary.options import OUTPUTS, Variance
from tests.support.golden_files import GOLDEN, RTOL_R, golden
from tests.support.loops import at_least_one

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
PAGES = ROOT / "docs" / "en"
MANUAL = "".join(
    (PAGES / f"{page}.md").read_text(encoding="utf-8") for page in ("reference", "rules", "large_files", "messages")
)
ARCHITECTURE = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
INFERENCE = (PAGES / "inference.md").read_text(encoding="utf-8")
BLOCK = re.compile(r"^```(\w+)(?: (\S+))?\n(.*?)^```$", re.M | re.S)


def blocks(text: str, language: str) -> list[tuple[str, str]]:
    found = [(name, body) for own, name, body in BLOCK.findall(text) if own == language]
    assert found
    return found


def write_manual(folder: Path) -> None:
    for language in ("yaml", "csv"):
        for name, body in blocks(MANUAL, language):
            (folder / name).write_text(body, encoding="utf-8")


def test_the_example_of_the_readme_prints_what_it_says(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(ROOT)
    code, expected = blocks(README, "python")[0][1], blocks(README, "text")[0][1]
    exec(compile(code, "README.md", "exec"), {})  # noqa: S102  the example itself
    assert capsys.readouterr().out == expected


def test_the_engine_in_fifteen_lines_prints_what_the_architecture_says(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(ROOT)
    code, expected = blocks(ARCHITECTURE, "python")[0][1], blocks(ARCHITECTURE, "text")[0][1]
    variables: dict[str, object] = {}
    exec(compile(code, "ARCHITECTURE.md", "exec"), variables)  # noqa: S102  the example itself
    assert capsys.readouterr().out == expected
    row = mpi.estimate(variables["profile"], variables["measure"]).row("H")  # type: ignore[arg-type]
    assert variables["H"] == pytest.approx(row["estimate"], rel=1e-12)
    assert float(variables["variance"]) ** 0.5 == pytest.approx(row["se"], rel=1e-12)  # type: ignore[arg-type]


def test_the_architecture_names_every_package_and_only_what_there_is() -> None:
    packages = {path.parent.name for path in ROOT.glob("mpi/*/__init__.py")}
    assert packages
    named = set(re.findall(r"`([^`\s]+)`", ARCHITECTURE))
    assert packages <= {name.strip("/").split("/")[0].removesuffix(".py") for name in named}
    paths = [name for name in named if re.fullmatch(r"[a-z_/]+(/|\.py)", name)]
    assert len(paths) > 10
    missing = [name for name in paths if not (ROOT / name).exists() and not (ROOT / "mpi" / name).exists()]
    assert not missing


def test_every_command_of_the_manual_runs_on_its_files(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    write_manual(tmp_path)
    monkeypatch.chdir(tmp_path)
    commands = [line for _, body in blocks(MANUAL, "console") for line in body.splitlines() if line.startswith("$ mpi")]
    assert len(commands) == 4
    for command in commands:
        with pytest.raises(SystemExit) as stop:
            run(command.removeprefix("$ mpi ").split())
        assert stop.value.code == 0, capsys.readouterr().err
    assert (tmp_path / "units.csv").read_text(encoding="utf-8").count("\n") == 7


def test_the_manual_gives_the_figures_that_a_hand_gives(tmp_path: Path) -> None:
    import mpi

    write_manual(tmp_path)
    measure, survey = load_measure(tmp_path / "village.yaml"), load_survey(tmp_path / "village_2026.yaml")
    estimates = mpi.estimate(mpi.deprivation_profile(survey, measure, tmp_path), measure, by="valley")
    # Houses 101, 102 and 106 are poor (1, 1/2, 1/2); 104 is left out; weights of persons 37.5 + 12.5 + 30 of 140.
    assert estimates.value("H", k="1/3") == pytest.approx(80 / 140, rel=1e-15)
    assert estimates.value("M0", k="1/3") == pytest.approx((37.5 + 12.5 / 2 + 30 / 2) / 140, rel=1e-15)
    assert estimates.value("excluded") == pytest.approx(40 / 180, rel=1e-15)


def test_every_rule_of_the_manual_is_a_rule() -> None:
    person, household = ("age", "schooling", "weeks"), ("members", "rooms")
    scope = {name: Kind("number", "person") for name in person}
    scope |= {name: Kind("number", "household") for name in household}
    scope |= {"attends": Kind("truth", "person"), "zone": Kind("text", "household", frozenset({"urban", "rural"}))}
    rules = blocks(MANUAL, "rules")[0][1].splitlines()
    assert len(rules) == 5
    for rule in rules:
        kind, faults = check(parse(rule, Origin("manual")), scope, Origin("manual"), expected="truth")
        assert (kind.type, faults) == ("truth", []), rule


def test_the_readme_names_every_command_and_the_manual_every_family_of_codes() -> None:
    for command in at_least_one(cli.commands):
        assert f"`mpi {command}" in README
    sources = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "mpi").rglob("*.py"))
    families = {code[:5] for code in re.findall(r"MPI-[A-Z]\d{3}", sources)}
    assert families
    for family in families:
        assert f"`{family}...`" in MANUAL


# The golden file that each design of the page is about, and R's figures.
DESIGNS = {
    "srs": ("households.csv", "estimates.csv"),
    "stratified": ("households.csv", "estimates.csv"),
    "clustered": ("households_fpc.csv", "estimates.csv"),
    "stratified_clustered": ("households_fpc.csv", "estimates.csv"),
    "stratified_clustered_fpc": ("households_fpc.csv", "designs.csv"),
    "two_stage_households": ("households_fpc.csv", "designs.csv"),
    "two_stage_segments": ("households_fpc.csv", "designs.csv"),
    "census": ("households.csv", None),
    "single_certainty": ("households_single.csv", "estimates.csv"),
    "single_adjust": ("households_single.csv", "estimates.csv"),
    "single_average": ("households_single.csv", "estimates.csv"),
    "single_collapse_map": ("households_single_fpc.csv", "designs.csv"),
    "single_collapse_order": ("households_single_fpc.csv", "designs.csv"),
    "bootstrap": ("replicate_households.csv", "replicates.csv"),
    "greg": ("households_calibrated.csv", "calibration.csv"),
    "poststratified": ("households_calibrated.csv", "calibration.csv"),
}
FLAGS = [f"d{j}" for j in range(1, 11)]
# As the tests of calibration: R iterates its weights to 1e-13. Households without codes lose digits in sums of squares.
RTOL_CALIBRATED = 1e-9


def declared(folder: Path, design: str, file: str) -> tuple[Path, Path]:
    """A measure and a survey of a golden file with a design of the page."""
    flags = "".join(
        f"      {name}: {{deprived: {name}, weight: {1 if j < 4 else '1/3'}}}\n" for j, name in enumerate(FLAGS)
    )
    (folder / "m.yaml").write_text(
        "measure: m\ntitle: m\nidentification: household\nk: 1/3\nmissing: exclude\nnormalize: yes\n"
        "variables:\n  household:\n"
        + "".join(f"    {name}: truth\n" for name in FLAGS)
        + f"dimensions:\n  all:\n    indicators:\n{flags}",
        encoding="utf-8",
    )
    replicates = "  replicates: {path: replicate_weights_bootstrap.csv, key: [household]}\n" * ("replicates" in design)
    body = design if design.startswith("{") else "\n" + "".join(f"  {line}\n" for line in design.splitlines())
    (folder / "s.yaml").write_text(
        f"survey: s\ntitle: s\nperiod: 2026\ntables:\n  households: {{path: {file}, key: [household]}}\n{replicates}"
        f"members: members\ndesign: {body}\nvariables: {{{', '.join(f'{name}: {name} = 1' for name in FLAGS)}}}\n",
        encoding="utf-8",
    )
    return folder / "m.yaml", folder / "s.yaml"


def declared_designs() -> list[tuple[str, str]]:
    return blocks(INFERENCE, "design")


def test_the_page_on_inference_declares_every_design_that_is_held_against_R() -> None:
    assert {name for name, _ in declared_designs()} == set(DESIGNS)


@pytest.mark.parametrize("number", range(len(declared_designs())))
def test_every_design_of_the_page_on_inference_gives_the_errors_of_R(tmp_path: Path, number: int) -> None:
    import mpi

    name, design = declared_designs()[number]
    file, figures = DESIGNS[name]
    measure_file, survey_file = declared(tmp_path, design, file)
    measure = load_measure(measure_file)
    row = mpi.estimate(mpi.deprivation_profile(load_survey(survey_file), measure, GOLDEN), measure).row("H")
    if figures is None:
        assert (row["se"], row["note"]) == (None, "census: no sampling error")
        return
    key = {"unit": "person", "k": "1/3", "domain": "", "statistic": "H"}
    key |= {"method": name, "form": "combined", "mse": "false"} if figures == "replicates.csv" else {"design": name}
    (of_r,) = [row for row in golden(figures) if all(row[column] == value for column, value in key.items())]
    rel = RTOL_CALIBRATED if figures == "calibration.csv" or "psu: null" in design else RTOL_R
    assert row["estimate"] == pytest.approx(float(of_r["estimate"]), rel=rel)
    assert row["se"] == pytest.approx(float(of_r["se"]), rel=rel)
    assert row["df"] == int(of_r["df"])


@pytest.mark.parametrize(
    ("page", "number"),
    [
        ("inference.md", 6),
        ("analyses.md", 8),
        ("coverage.md", 1),
        ("several.md", 2),
        ("lists.md", 2),
        ("following.md", 1),
        ("programmes.md", 4),
        ("python.md", 6),
    ],
)
def test_the_python_of_a_page_prints_what_it_says(
    page: str, number: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(ROOT)
    text = (PAGES / page).read_text(encoding="utf-8")
    found = [(language, body) for language, _, body in BLOCK.findall(text) if language in ("python", "text")]
    assert [language for language, _ in found] == ["python", "text"] * number
    names: dict[str, object] = {}
    for (_, code), (_, expected) in zip(found[::2], found[1::2], strict=True):
        exec(compile(code, page, "exec"), names)  # noqa: S102  the example itself
        assert capsys.readouterr().out == expected


def test_every_command_of_the_page_on_inference_prints_what_it_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "sample_data").symlink_to(ROOT / "sample_data")
    runs = [run for _, body in blocks(INFERENCE, "console") for run in body.removeprefix("$ ").split("\n$ ")]
    assert len(runs) == 4
    for one in runs:
        command, _, expected = one.partition("\n")
        with pytest.raises(SystemExit) as stop:
            run(command.removeprefix("mpi ").split())
        printed = capsys.readouterr()
        assert stop.value.code == 0, printed.err
        assert printed.out.strip("\n") == expected.strip("\n")


def test_the_page_on_inference_counts_the_golden_rows_and_names_every_column_and_rule_set() -> None:
    counted = dict(re.findall(r"^\| ((?:`\w+\.csv`(?:, )?)+) \| ([\d, ]+) \|", INFERENCE, re.M))
    files = [name for names in counted for name in re.findall(r"`(\w+\.csv)`", names)]
    numbers = [number for text in counted.values() for number in text.split(", ")]
    assert len(files) == len(numbers) == 10
    for file, number in zip(files, numbers, strict=True):
        assert number == str(len(golden(file))), file
    for column in at_least_one(COLUMNS[COLUMNS.index("estimate") :]):
        assert f"`{column}`" in INFERENCE
    help_text = rules_option(lambda: None).__click_params__[0].help
    for name in at_least_one(shipped("reliability")):
        assert re.search(rf"^\| `{name}` \|", INFERENCE, re.M), name
        assert f"{name}," in help_text
        assert load_reliability(name).name == name


def test_the_pages_name_every_rule_function_and_every_way_to_an_error() -> None:
    for name in at_least_one(FUNCTIONS):
        assert re.search(rf"`{name}\b", MANUAL), name
    ways = re.search(r"for variance in \((.*)\):", INFERENCE)
    assert ways is not None
    assert ways[1] == ", ".join(f'"{way}"' for way in get_args(Variance))


def test_the_page_on_publishing_names_every_key_output_and_standing() -> None:
    page = (PAGES / "publishing.md").read_text(encoding="utf-8")
    table, yaml = page.split("## Maps")[0], blocks(page, "yaml")[0][1]
    for key in STUDY.names:
        assert f"`{key}`" in table, key
    for key in (*MAP.names, *BOUNDARIES.names):
        assert re.search(rf"\b{key}:", yaml), key
    for output in OUTPUTS:
        assert output in page, output
    for standing in STANDINGS:
        assert f"| `{standing}` | " in page, standing


def test_the_map_of_the_page_on_publishing_is_a_map(tmp_path: Path) -> None:
    page = (PAGES / "publishing.md").read_text(encoding="utf-8")
    text = (ROOT / "configs" / "studies" / "colombia_demo.yaml").read_text(encoding="utf-8").split("maps:")[0]
    (tmp_path / "study.yaml").write_text(text + blocks(page, "yaml")[0][1], encoding="utf-8")
    (drawn,) = mpi.load_study(tmp_path / "study.yaml").maps
    assert (drawn.domain, drawn.boundaries.code.width, drawn.live) == ("municipio", 5, True)


def register_in_parts(folder: Path) -> None:
    """The households of the sample register that changed, left and are new, as the page names their folders."""
    whole = {year: ROOT / f"sample_data/colombia_register_{year}" for year in (2024, 2025)}
    keys = {
        year: set(pq.read_table(own / "HOGARES.parquet")["DIRECTORIO"].to_pylist())
        for year, own in at_least_one(whole.items())
    }
    both = keys[2024] & keys[2025]
    parts = {
        "changed/was": (2024, both), "changed/is": (2025, both), "gone": (2024, keys[2024] - both),
        "new": (2025, keys[2025] - both), "sample_data_2024": (2024, keys[2024]),
    }  # fmt: skip
    for name, (year, kept) in parts.items():
        own = folder / name / "colombia_register_2025"
        own.mkdir(parents=True)
        for file in whole[year].glob("*.parquet"):
            table = pq.read_table(file)
            mask = [key in kept for key in table["DIRECTORIO"].to_pylist()]
            pq.write_table(table.filter(pa.array(mask)), own / file.name)


@pytest.mark.parametrize("page", ["lists.md", "following.md"])
def test_every_command_of_the_pages_on_lists_and_families_runs(
    page: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "sample_data").symlink_to(ROOT / "sample_data")
    if page == "following.md":
        register_in_parts(tmp_path)
    for _, body in at_least_one(blocks((PAGES / page).read_text(encoding="utf-8"), "console")):
        for line in at_least_one(body.splitlines()):
            with pytest.raises(SystemExit) as stop:
                run(line.removeprefix("$ ").removeprefix("mpi ").split())
            assert stop.value.code == 0, (line, capsys.readouterr().err)


def test_every_command_and_line_of_python_of_the_cookbook_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "sample_data").symlink_to(ROOT / "sample_data")
    page = (PAGES / "cookbook.md").read_text(encoding="utf-8")
    for _, body in at_least_one(blocks(page, "console")):
        for line in at_least_one(body.splitlines()):
            with pytest.raises(SystemExit) as stop:
                run(line.removeprefix("$ mpi ").split())
            assert stop.value.code == 0, (line, capsys.readouterr().err)
    measure = mpi.load_measure("colombia_ipm")
    names = {"mpi": mpi, "measure": measure, "profile": mpi.DeprivationProfile.read("2025.parquet")}
    for _, body in blocks(page, "python"):
        exec(compile(body, "cookbook.md", "exec"), names)  # noqa: S102  the example itself


@pytest.mark.parametrize("page", ["from_stata", "from_r"])
def test_the_designs_beside_those_of_other_programs_are_read(tmp_path: Path, page: str) -> None:
    text = (PAGES / f"{page}.md").read_text(encoding="utf-8")
    bodies = [body for name, _, body in BLOCK.findall(text) if name == "yaml"]
    for body in at_least_one(bodies):
        (tmp_path / "s.yaml").write_text(
            "survey: s\nperiod: 2026\ntables:\n  persons: {path: p.csv, key: [h, p]}\n"
            f"  households: {{path: h.csv, key: [h]}}\nvariables: {{age: age}}\n{body}",
            encoding="utf-8",
        )
        assert load_survey(tmp_path / "s.yaml").design.weight is not None
    options = set(re.findall(r"(?<!\w)--[a-z]+", text))
    known = {option for command in cli.commands.values() for one in command.params for option in one.opts}
    assert options <= known


# Pages in another language whose examples are an office's own texts in it.
OWN_EXAMPLES = ("index", "publishing", "writing_measures", "messages")
TRANSLATED = [
    path
    for language in ("es", "fr", "pt")
    for path in sorted(PAGES.parent.glob(f"{language}/*.md"))
    if path.stem not in OWN_EXAMPLES
]


def examples(page: Path) -> list[str]:
    """Code, output, configs and cells of a page, without the lists that the program writes."""
    fences = re.findall(r"^```[^\n]*\n.*?^```$", page.read_text(encoding="utf-8"), re.M | re.S)
    return [fence for fence in fences if not re.match(r"```\{(?!code-cell)", fence)]


def headings(page: Path) -> list[str]:
    """The levels of the headings of a page, in order."""
    return re.findall(r"^(#+) ", re.sub(r"^```.*?^```$", "", page.read_text(encoding="utf-8"), flags=re.M | re.S), re.M)


@pytest.mark.parametrize("language", ["en", "es"])
def test_links_to_a_section_lead_to_its_heading_or_label(language: str) -> None:
    pages = {path.name: path.read_text(encoding="utf-8") for path in (PAGES.parent / language).glob("*.md")}
    places = {}
    for name, text in pages.items():
        plain = re.sub(r"```.*?```", "", text, flags=re.DOTALL)
        heads = (head.lower().replace("`", "") for head in re.findall(r"^#{1,4} (.*)$", plain, re.MULTILINE))
        labels = re.findall(r"^\(([\w-]+)\)=$", plain, re.MULTILINE)
        places[name] = {re.sub(r"[^\w -]", "", head).replace(" ", "-") for head in heads} | set(labels)
    links = [(name, *link) for name, text in pages.items() for link in re.findall(r"\]\((\w+\.md)?#([\w-]+)\)", text)]
    lost = [(name, page, place) for name, page, place in at_least_one(links) if place not in places[page or name]]
    assert not lost, "give the heading a label: `(label)=` on the line before"


@pytest.mark.parametrize("page", TRANSLATED, ids=lambda page: f"{page.parent.name}-{page.stem}")
def test_a_translated_page_has_the_examples_and_sections_of_the_english_one(page: Path) -> None:
    english = PAGES / page.name
    assert examples(page) == examples(english)  # which are run above, and as cells by `make docs`
    assert headings(page) == headings(english)
    tree = re.compile(r"^```\{toctree\}\n.*?^```$", re.M | re.S)
    assert tree.findall(page.read_text(encoding="utf-8")) == tree.findall(english.read_text(encoding="utf-8"))
