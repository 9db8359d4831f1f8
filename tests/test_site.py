"""The documentation site: built whole without a network, read without one, in every language."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from typing import Any

import pytest
import yaml

import mpi
from mpi.errors.codes import MEANINGS
from tests.support.browser import Record, browser, opened, settled
from tests.support.limits import MOST
from tests.support.loops import at_least_one
from tests.support.shared import made_once

ROOT = Path(__file__).resolve().parent.parent
DOCS = ROOT / "docs"
LANGUAGES = ("en", "es", "fr", "pt")
# Pages that a language has of its own, at the least.
FIRST = ("index", "start", "guide", "tutorials", "coming", "lookup", "five_minutes", "tutorial_survey", "glossary")
SPANISH = (
    "index", "start", "guide", "tutorials", "coming", "lookup", "five_minutes", "own_survey", "tutorial_survey",
    "writing_measures", "measures", "publishing", "glossary", "messages", "commands", "reference", "inference", "rules",
    "mapping", "disclosure", "python", "from_stata", "from_r", "large_files", "cookbook", "comparing",
    "differences", "terms", "pipelines", "starting", "kernels", "tutorial_changes", "tutorial_map",
    "tutorial_robustness", "analyses", "coverage", "following", "api",
)  # fmt: skip

__all__ = ["browser"]  # a fixture

pytest.importorskip("sphinx", reason="the extra `docs` is not installed")
pytestmark = [pytest.mark.slow, pytest.mark.first]


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site that `make docs` has built, where MPI_SITE names it; else it is built here."""
    if "MPI_SITE" in os.environ:
        return Path(os.environ["MPI_SITE"])
    found: Path = made_once(tmp_path_factory, "site", built)
    return found


def built(folder: Path) -> Path:
    """The site without the results of its notebooks."""
    for language in LANGUAGES:
        command = [sys.executable, "-m", "sphinx", "-q", "-W", "--keep-going", "-n", "-t", language, "-c", str(DOCS)]
        command += [
            "-D",
            "nb_execution_mode=off",
            "-D",
            "suppress_warnings=myst-nb.lexer",
            "-d",
            str(folder / "trees" / language),
        ]
        command += [str(DOCS / "en"), str(folder / language)]
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=MOST)
        assert done.returncode == 0, done.stderr
    return folder


def faults(record: Record) -> list[str]:
    """What the console tells, without the theme's own record of its colours."""
    return [message for message in record.messages if not message.startswith("log: [PST]")]


def pages(site: Path) -> Iterator[tuple[Path, str]]:
    for language in LANGUAGES:
        for path in at_least_one(sorted((site / language).glob("*.html"))):
            yield path, path.read_text(encoding="utf-8")


def test_every_page_is_there_in_every_language_and_links_to_its_counterparts(site: Path) -> None:
    names = {path.stem for path in (DOCS / "en").glob("*.md")}
    for language in LANGUAGES:
        assert names <= {path.stem for path in (site / language).glob("*.html")}
    for path, text in pages(site):
        for other in LANGUAGES:
            linked = re.search(rf'class="language[^>]* href="(?:\./)?\.\./{other}/{path.name}"', text)
            assert bool(linked) == (other != path.parent.name), path
            assert (site / other / path.name).exists()


def test_a_page_asks_for_nothing_from_a_network(site: Path) -> None:
    # What a browser loads by itself: scripts, styles, pictures, frames. Links that a reader follows may lead out.
    loads = re.compile(r"<(?:script|img|iframe|source|video|audio|embed|object)\b[^>]*\b(?:src|data)=\"([^\"]+)\"")
    links = re.compile(r"<link\b(?![^>]*rel=\"(?:canonical|next|prev)\")[^>]*\bhref=\"([^\"]+)\"")
    for path, text in pages(site):
        for address in at_least_one([*loads.findall(text), *links.findall(text)]):
            assert not re.match(r"(?:[a-z]+:)?//", address), f"{path}: {address}"
            if "files/" not in address:  # what notebooks make
                assert (path.parent / address.split("?")[0].split("#")[0]).exists(), f"{path}: {address}"
    for path in at_least_one(sorted(site.glob("*/_static/**/*.css"))):
        style = path.read_text(encoding="utf-8")
        assert not re.search(r"url\(\s*['\"]?(?:https?:)?//|@import\s+['\"](?:https?:)?//", style), path


@pytest.mark.parametrize(
    ("language", "lacking", "first"),
    [
        ("es", "Esta página todavía no está en español.", SPANISH),
        ("fr", "Cette page n'est pas encore en français.", FIRST),
        ("pt", "Esta página ainda não está em português.", FIRST),
    ],
)
def test_pages_without_a_translation_say_so_and_the_first_pages_have_one(
    site: Path, language: str, lacking: str, first: tuple[str, ...]
) -> None:
    for path in at_least_one(sorted((DOCS / "en").glob("*.md"))):
        text = unescape((site / language / f"{path.stem}.html").read_text(encoding="utf-8"))
        own = (DOCS / language / path.name).exists()
        assert (lacking in text) == (not own), path.stem
        assert f'lang="{language}"' in text
    own_pages = {path.stem for path in (DOCS / language).glob("*.md")}
    assert set(first) <= own_pages <= {path.stem for path in (DOCS / "en").glob("*.md")}


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_site_explains_every_code(site: Path, language: str) -> None:
    text = (site / language / "messages.html").read_text(encoding="utf-8")
    plain = unescape(re.sub(r"<[^>]+>", "", text))
    path = DOCS / language / "codes.yaml"
    own = yaml.safe_load(path.read_text(encoding="utf-8")) if path.exists() else {}
    assert set(own) <= set(MEANINGS) and len(set(own.values())) == len(own)
    assert language != "es" or own.keys() == MEANINGS.keys()
    for code, meaning in at_least_one(sorted(MEANINGS.items())):
        said = own.get(code, meaning).replace("`", "")
        assert re.search(rf"{code}\s+{re.escape(said)}", plain), code


def test_the_api_pages_have_every_public_name(site: Path) -> None:
    text = (site / "en" / "api.html").read_text(encoding="utf-8")
    for name in at_least_one(mpi.__all__):
        assert f'id="mpi.{name}"' in text, name


def test_the_theme_speaks_as_our_catalogue_says(site: Path) -> None:
    page = (site / "es" / "disclosure.html").read_text(encoding="utf-8")
    assert "En esta sección" in page and "Navegación del sección" not in page


@pytest.mark.parametrize(
    ("language", "word", "page"), [("en", "replicate", "inference"), ("es", "privación", "glossary")]
)
def test_the_search_answers_from_files_alone(site: Path, browser: Any, language: str, word: str, page: str) -> None:
    with opened(browser, site / language / "search.html", f"?q={word}") as (view, record):
        view.wait_for_selector("#search-results li a")
        settled(view)
        found = view.eval_on_selector_all("#search-results li a", "links => links.map(link => link.href)")
        assert any(f"/{language}/{page}.html" in address for address in found), found
        assert not faults(record)
        assert all(address.startswith(("file:", "data:")) for address in at_least_one(record.requests))


@pytest.mark.parametrize("page", ["index", "messages", "inference"])
@pytest.mark.parametrize("width", [390, 1366])
def test_a_page_fits_its_window(site: Path, browser: Any, page: str, width: int) -> None:
    viewport = {"width": width, "height": 800}
    with opened(browser, site / "es" / f"{page}.html", viewport=viewport) as (view, record):
        settled(view)
        assert view.evaluate("document.documentElement.scrollWidth") <= width
        assert not faults(record)
