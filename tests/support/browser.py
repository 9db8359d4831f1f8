"""A headless Chromium for tests of pages: one for the whole run, every request and every console message recorded.

Without playwright or Chromium the tests are skipped with a reason; with MPI_BROWSER=required they fail, so that a
pipeline that means to look at pages cannot pass without looking.
"""

from __future__ import annotations

import atexit
import importlib.util
import os
import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from tests.support.limits import MOST

ARGUMENTS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking"]
NAMES = ("chromium", "chromium-browser", "google-chrome")
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"]


@dataclass
class Record:
    """Activity of a page: requests except for the file itself, console messages, errors, policy violations."""

    requests: list[str] = field(default_factory=list)
    messages: list[str] = field(default_factory=list)

    def nothing(self) -> bool:
        return not self.requests and not self.messages


def missing(reason: str) -> None:
    """Skip, or fail where a browser is required."""
    if os.environ.get("MPI_BROWSER") == "required":
        pytest.fail(f"MPI_BROWSER=required, but {reason}")
    pytest.skip(reason)


@cache
def chromium(path: str) -> Any:
    """The one Chromium of a run: each module that imports the fixture has its own, but playwright starts once."""
    from playwright.sync_api import sync_playwright

    playwright = sync_playwright().start()
    found = playwright.chromium.launch(executable_path=path, args=ARGUMENTS, timeout=1000 * MOST)

    def close() -> None:
        found.close()
        playwright.stop()

    atexit.register(close)
    return found


@pytest.fixture(scope="session")
def browser() -> Any:
    """One Chromium of the system, never a downloaded one."""
    if importlib.util.find_spec("playwright") is None:
        missing("playwright is not installed")
    path = next((found for name in NAMES if (found := shutil.which(name))), None)
    if path is None:
        missing("there is no chromium on the PATH")
    return chromium(str(path))


# Pages that nobody looks at, by the options of their contexts. Chromium takes half a second of a processor and more to
# open another one, and a quarter for a file in one that is there.
IDLE: dict[str, list[Any]] = {}


@contextmanager
def opened(browser: Any, file: Path, address: str = "", **context: Any) -> Iterator[tuple[Any, Record]]:
    """A page opened from the disk, without any network; `address` is the part after the file's name.

    It may have shown another file before, of which nothing is left; after a failure it shows none any more.
    """
    viewport = context.pop("viewport", {"width": 1400, "height": 900})
    idle = IDLE.setdefault(repr(sorted(context.items())), [])
    page = idle.pop() if idle else new_page(browser, viewport, context)
    page.set_viewport_size(viewport)
    record = Record()
    start = file.resolve().as_uri()

    def asked(request: Any) -> None:
        if request.url.split("#")[0] != start and not request.url.startswith("blob:"):
            record.requests.append(request.url)

    heard = {
        "request": asked,
        "console": lambda message: record.messages.append(f"{message.type}: {message.text}"),
        "pageerror": lambda error: record.messages.append(f"error: {error}"),
    }
    for event, hear in heard.items():
        page.on(event, hear)
    try:
        page.goto(start + address)
        yield page, record
    except BaseException:
        page.context.close()
        raise
    for event, hear in heard.items():
        page.remove_listener(event, hear)
    emptied(page, context)
    idle.append(page)


def new_page(browser: Any, viewport: Any, context: Mapping[str, Any]) -> Any:
    own = browser.new_context(**{"viewport": viewport, "accept_downloads": True, **context})
    own.set_default_timeout(1000 * MOST)
    own.route("http://**", lambda route: route.abort())
    own.route("https://**", lambda route: route.abort())
    return own.new_page()


def emptied(page: Any, context: Mapping[str, Any]) -> None:
    """Take back what a test has done to a page: what it stored, opened and emulated, and where the mouse stands."""
    for other in page.context.pages:
        if other is not page:
            other.close()
    page.evaluate("localStorage.clear(); sessionStorage.clear()")
    page.goto("about:blank")
    page.context.clear_cookies()
    page.emulate_media(media="null", color_scheme=context.get("color_scheme", "light"))
    page.mouse.move(-10, -10)


SETTLED = """() => new Promise((done) => {
  requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done, 200)));
})"""


def settled(page: Any) -> None:
    """Wait until a page has drawn and done what it put off by up to 200 ms, by its own clock, however busy it is."""
    page.evaluate(SETTLED)


# Of the table of a map, where all kinds of rows are among the first, marks and hidden figures too: axe compares the
# colours of each text with all that lies below it.
ROWS = 20
LATER_ROWS = f"[...document.querySelectorAll('#rows tr')].slice({ROWS}).forEach((row) => row.remove())"


def axe_violations_of_map(page: Any, **asked: Any) -> list[str]:
    """What axe-core finds wrong in a map page and in the first rows of its table, in a tenth of the time of all rows.

    The other rows are gone afterwards.
    """
    page.evaluate(LATER_ROWS)
    return axe_violations(page, **asked)


def axe_violations(
    page: Any, *, within: str | None = None, colours: bool = True, only: Sequence[str] = ()
) -> list[str]:
    """What axe-core finds wrong, one line each: in the whole page, or within what a selector finds; by some rules only.

    The colours of texts are two thirds of its work: a page that has the styles of another may do without.
    """
    from axe_playwright_python.sync_playwright import Axe

    # What is in order is not told of: that would be a hundred thousand elements for a large page.
    options: dict[str, Any] = {"runOnly": {"type": "tag", "values": RULES}, "resultTypes": ["violations"]}
    if only:
        options["runOnly"] = {"type": "rule", "values": list(only)}
    elif not colours:
        options["rules"] = {"color-contrast": {"enabled": False}}
    found = Axe().run(page, context=within, options=options).response["violations"]
    return [f"{one['id']} ({one['impact']}): {one['help']}; {[n['target'] for n in one['nodes']][:3]}" for one in found]
