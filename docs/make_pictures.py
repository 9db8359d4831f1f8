"""Take the pictures of README and manual from a demo: `mpi demo -o DIR`, then `python docs/make_pictures.py DIR`.

The demo's map speaks two languages; for the manual's others the same study is run anew. Needs Playwright, and Debian's
chromium or Playwright's own.
"""

import io
import shutil
import sys
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from PIL import Image
from playwright.sync_api import sync_playwright

from mpi.config import load_study
from mpi.language import LANGUAGES
from mpi.runs import run_study
from mpi.runs.demo import CENSUS

WIDTH, HEIGHT = 1200, 780
COLOURS = 96  # of the palette: pages have few, and a picture of them is a third as large
HOME = Path(__file__).parent
DATA = HOME.parent / "sample_data"


def main(demo: Path, folder: Path = HOME / "pictures") -> None:
    """Write a picture of the report, and of the map in each language, as they open on a screen."""
    with TemporaryDirectory() as made, sync_playwright() as playwright:
        out = Path(made) / "census"
        run_study(replace(load_study(CENSUS), languages=LANGUAGES), out, data=DATA, cache=False)
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"))
        page = browser.new_page(viewport={"width": WIDTH, "height": HEIGHT})
        take(page, demo / "report.en.html", "en", folder / "report.png")
        for language in LANGUAGES:
            name = "map.png" if language == "en" else f"map.{language}.png"  # the README's is English
            take(page, out / "map.municipio.html", language, folder / name)
        browser.close()


def take(page: Any, file: Path, language: str, picture: Path) -> None:
    """Write the first screen of a page."""
    page.goto("about:blank")
    page.goto(f"{file.resolve().as_uri()}#lang={language}")
    page.wait_for_timeout(1000)
    shot = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
    shot.quantize(COLOURS, dither=Image.Dither.NONE).save(picture, optimize=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
