"""Firefox and WebKit for tests of pages, each through the protocol that its makers ship: BiDi and WebDriver.

Playwright drives only builds of its own of these two. Both protocols take the same descriptions of what hands do (the
actions of W3C WebDriver), so one small interface serves both. Without an engine its tests are skipped with a reason;
with MPI_ENGINES=required they fail.
"""

from __future__ import annotations

import contextlib
import importlib.util
import json
import os
import re
import shutil
import socket
import subprocess
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.support.browser import SETTLED
from tests.support.limits import MOST

ENGINES = ("firefox", "webkit")
MINI_BROWSERS = ("/usr/lib/x86_64-linux-gnu/webkit2gtk-4.1/MiniBrowser", "/usr/lib/webkit2gtk-4.1/MiniBrowser")
Call = Callable[..., Any]


class Engine:
    """A page in an engine. `run` evaluates a JavaScript expression whose value is JSON; `act` takes W3C actions."""

    def __init__(self, name: str, go: Call, run: Call, act: Call, size: Call) -> None:
        self.name, self.go, self.run, self.act, self.size = name, go, run, act, size
        self.turned = 0.0

    def settle(self) -> None:
        """Wait until the page has drawn and done what it put off by up to 200 ms."""
        self.run(f"({SETTLED})()")

    def pointer(self, x: float, y: float, *press: str, kind: str = "mouse") -> None:
        """Move to a point of the window, then press and release: "Down", "Up"."""
        moved = {"type": "pointerMove", "x": round(x), "y": round(y), "duration": 0}
        steps = [moved, *({"type": f"pointer{one}", "button": 0} for one in press)]
        self.act([{"type": "pointer", "id": kind, "parameters": {"pointerType": kind}, "actions": steps}])

    def wheel(self, x: float, y: float, down: float) -> None:
        # WebKitWebDriver takes a turn as where the wheel stands, and scrolls by what that differs from the last.
        self.turned += down
        down = self.turned if self.name == "webkit" else down
        turned = {"type": "scroll", "x": round(x), "y": round(y), "deltaX": 0, "deltaY": round(down)}
        self.act([{"type": "wheel", "id": "wheel", "actions": [{**turned, "duration": 0, "origin": "viewport"}]}])

    def key(self, value: str) -> None:
        self.act(
            [{"type": "key", "id": "key", "actions": [{"type": f"key{one}", "value": value} for one in ("Down", "Up")]}]
        )


def missing(reason: str) -> None:
    """Skip, or fail where the engines are required."""
    if os.environ.get("MPI_ENGINES") == "required":
        pytest.fail(f"MPI_ENGINES=required, but {reason}")
    pytest.skip(reason)


def found(*names: str) -> str:
    path = next((path for name in names if (path := shutil.which(name))), None)
    if path is None:
        missing(f"there is no {names[0]} here")
    return str(path)


def line_of(stream: Path, pattern: str) -> str:
    """What a program that starts has said, once it has said it."""
    end = time.monotonic() + MOST
    while time.monotonic() < end:
        if hit := re.search(pattern, stream.read_text("utf-8", errors="replace")):
            return hit[1]
        time.sleep(0.05)
    raise TimeoutError(f"no {pattern} in {stream.read_text('utf-8', errors='replace')[-400:]}")


@contextlib.contextmanager
def started(command: list[str], said: Path, **environment: str) -> Iterator[subprocess.Popen[bytes]]:
    with said.open("wb") as out:
        running = subprocess.Popen(command, stdout=out, stderr=out, env={**os.environ, **environment})
    try:
        yield running
    finally:
        running.terminate()
        running.wait(timeout=MOST)


@contextlib.contextmanager
def engine(name: str) -> Iterator[Engine]:
    """A started engine with one empty page."""
    with tempfile.TemporaryDirectory() as folder, {"firefox": firefox, "webkit": webkit}[name](Path(folder)) as ready:
        yield ready


@contextlib.contextmanager
def firefox(folder: Path) -> Iterator[Engine]:
    """The Firefox of the system by WebDriver BiDi, which it speaks itself."""
    if importlib.util.find_spec("websockets") is None:
        missing("websockets is not installed")
    from websockets.sync.client import connect

    program = found("firefox-esr", "firefox")
    profile = folder / "profile"
    profile.mkdir()
    (profile / "user.js").write_text('user_pref("dom.w3c_touch_events.enabled", 1);\n')
    command = [program, "--headless", "--no-remote", "--profile", str(profile), "--remote-debugging-port", "0"]
    with started(command, folder / "said", HOME=str(folder)):
        address = line_of(folder / "said", r"WebDriver BiDi listening on (ws://\S+)")
        with connect(f"{address}/session", max_size=None, open_timeout=MOST) as channel:
            count = iter(range(1, 1_000_000))

            def call(method: str, **params: Any) -> Any:
                number = next(count)
                channel.send(json.dumps({"id": number, "method": method, "params": params}))
                while (answer := json.loads(channel.recv(timeout=MOST))).get("id") != number:
                    pass  # events
                assert answer["type"] == "success", (method, answer)
                return answer["result"]

            call("session.new", capabilities={})
            page = call("browsingContext.getTree")["contexts"][0]["context"]

            def run(expression: str) -> Any:
                # As text, for BiDi gives a value in a notation of its own.
                source = f"Promise.resolve({expression}).then((value) => JSON.stringify(value ?? null))"
                told = call("script.evaluate", expression=source, target={"context": page}, awaitPromise=True)
                assert told["type"] == "success", told
                return json.loads(told["result"]["value"])

            def size(width: int, height: int) -> None:
                call("browsingContext.setViewport", context=page, viewport={"width": width, "height": height})

            yield Engine(
                "firefox",
                lambda url: call("browsingContext.navigate", context=page, url=url, wait="complete"),
                run,
                lambda actions: call("input.performActions", context=page, actions=actions),
                size,
            )
            call("browser.close")


@contextlib.contextmanager
def webkit(folder: Path) -> Iterator[Engine]:
    """WebKitGTK's small browser by WebKitWebDriver, on a screen in memory."""
    driver, screen = found("WebKitWebDriver"), found("Xvfb")
    binary = next((one for one in MINI_BROWSERS if Path(one).exists()), None)
    if binary is None:
        missing("there is no MiniBrowser of WebKitGTK here")
    display, port = folder / "display", folder / "said"
    command = [screen, "-displayfd", "1", "-screen", "0", "1600x1200x24", "-nolisten", "tcp"]
    with started(command, display):
        shown = line_of(display, r"(?m)^(\d+)\n")
        number = free_port()
        with started([driver, f"--port={number}"], port, DISPLAY=f":{shown}", HOME=str(folder)):

            def call(method: str, path: str, body: object = None) -> Any:
                data = None if body is None else json.dumps(body).encode()
                asked = urllib.request.Request(f"http://127.0.0.1:{number}/session{path}", method=method, data=data)
                with urllib.request.urlopen(asked, timeout=MOST) as answer:  # noqa: S310 - the driver's own http
                    return json.load(answer)["value"]

            options = {"binary": binary, "args": ["--automation"]}
            wanted = {"capabilities": {"alwaysMatch": {"webkitgtk:browserOptions": options}}}
            session = first_answer(lambda: call("POST", "", wanted))["sessionId"]

            def run(expression: str) -> Any:
                told = f"Promise.resolve({expression}).then((value) => done(JSON.stringify(value ?? null)))"
                script = f"const done = arguments[arguments.length - 1]; {told}"
                return json.loads(call("POST", f"/{session}/execute/async", {"script": script, "args": []}))

            def size(width: int, height: int) -> None:
                # The window has a bar above the page.
                call("POST", f"/{session}/window/rect", {"x": 0, "y": 0, "width": width, "height": height})
                bar = height - run("window.innerHeight")
                call("POST", f"/{session}/window/rect", {"x": 0, "y": 0, "width": width, "height": height + bar})

            yield Engine(
                "webkit",
                lambda url: call("POST", f"/{session}/url", {"url": url}),
                run,
                lambda actions: call("POST", f"/{session}/actions", {"actions": actions}),
                size,
            )
            call("DELETE", f"/{session}")


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def first_answer(ask: Callable[[], Any]) -> Any:
    """The first answer of a server that starts."""
    end = time.monotonic() + MOST
    while True:
        try:
            return ask()
        except (ConnectionError, urllib.error.URLError):
            if time.monotonic() > end:
                raise
            time.sleep(0.1)
