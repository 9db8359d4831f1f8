"""Take the README's pictures from a demo: `mpi demo -o DIR`, then `python docs/make_pictures.py DIR`.

Needs Playwright, and Debian's chromium or Playwright's own.
"""

import io
import shutil
import sys
from pathlib import Path

from PIL import Image
from playwright.sync_api import sync_playwright

WIDTH, HEIGHT = 1200, 780
COLOURS = 96  # of the palette: pages have few, and a picture of them is a third as large


def main(demo: Path, folder: Path = Path(__file__).parent / "pictures") -> None:
    """Write a picture of the map and of the report, as they open on a screen."""
    pages = {"map": demo.with_name(f"{demo.name}_census") / "map.municipio.html", "report": demo / "report.en.html"}
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"))
        page = browser.new_page(viewport={"width": WIDTH, "height": HEIGHT})
        for name, path in pages.items():
            page.goto(f"{path.resolve().as_uri()}#lang=en")
            page.wait_for_timeout(1000)
            picture = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
            picture.quantize(COLOURS, dither=Image.Dither.NONE).save(folder / f"{name}.png", optimize=True)
        browser.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
