"""The YAML language server of editors, spoken to over its standard input: completion, hover and diagnostics of a file.

It is a package of npm that `make scripts` installs. Without it the tests are skipped with a reason; with
MPI_NODE=required they fail.
"""

from __future__ import annotations

import json
import os
import queue
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.support.limits import MOST
from tests.support.page_scripts import node

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = ROOT / "node_modules" / "yaml-language-server" / "bin" / "yaml-language-server"
# No list of schemas from the network: only those that a file names.
SETTINGS = {"yaml": {"validate": True, "hover": True, "completion": True, "schemaStore": {"enable": False}}}


def program() -> list[str]:
    """The command of the server; the test that needs it is skipped, or fails, where it is not installed."""
    command = [node(), str(PROGRAM), "--stdio"]
    if not PROGRAM.is_file():
        if os.environ.get("MPI_NODE") == "required":
            pytest.fail("MPI_NODE=required, but there is no yaml-language-server: run `make scripts`")
        pytest.skip("there is no yaml-language-server: run `make scripts`")
    return command


class Server:
    """A running server; every question has its answer, or the test fails at its time limit."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        self.process = process
        self.number = 0
        self.answers: queue.Queue[dict[str, Any]] = queue.Queue()
        self.diagnostics: queue.Queue[dict[str, Any]] = queue.Queue()
        threading.Thread(target=self._listen, daemon=True).start()
        folder = {"uri": ROOT.as_uri(), "name": "root"}
        self.ask("initialize", {"processId": os.getpid(), "rootUri": folder["uri"], "workspaceFolders": [folder],
                                "capabilities": {}})  # fmt: skip
        self.tell("initialized", {})
        self.tell("workspace/didChangeConfiguration", {"settings": SETTINGS})

    def _listen(self) -> None:
        stream = self.process.stdout
        assert stream is not None
        while header := stream.readline():
            length = int(header.split(b":")[1])
            while stream.readline().strip():
                pass  # further lines of the header
            message = json.loads(stream.read(length))
            if "method" not in message:
                self.answers.put(message)
            elif message["method"] == "textDocument/publishDiagnostics":
                self.diagnostics.put(message["params"])
            elif "id" in message:
                self._send({"id": message["id"], "result": None})

    def _send(self, message: dict[str, Any]) -> None:
        content = json.dumps({"jsonrpc": "2.0", **message}).encode()
        stream = self.process.stdin
        assert stream is not None
        stream.write(b"Content-Length: %d\r\n\r\n%s" % (len(content), content))
        stream.flush()

    def tell(self, method: str, params: dict[str, Any]) -> None:
        """A message without an answer."""
        self._send({"method": method, "params": params})

    def ask(self, method: str, params: dict[str, Any]) -> Any:
        """The answer to a question."""
        self.number += 1
        self._send({"id": self.number, "method": method, "params": params})
        answer = self.answers.get(timeout=MOST)
        assert answer["id"] == self.number and "error" not in answer, answer
        return answer["result"]

    def opened(self, path: Path, text: str | None = None) -> list[str]:
        """What is wrong with a file, or with a text in its place: `line: message`."""
        content = path.read_text(encoding="utf-8") if text is None else text
        document = {"uri": path.as_uri(), "languageId": "yaml", "version": 1, "text": content}
        self.tell("textDocument/didOpen", {"textDocument": document})
        while (found := self.diagnostics.get(timeout=MOST))["uri"] != path.as_uri():
            pass
        return [f"{one['range']['start']['line'] + 1}: {one['message']}" for one in found["diagnostics"]]

    def at(self, method: str, path: Path, line: int, character: int) -> Any:
        """The answer about a place of an open file, line and character from 0."""
        position = {"line": line, "character": character}
        return self.ask(f"textDocument/{method}", {"textDocument": {"uri": path.as_uri()}, "position": position})


@contextmanager
def language_server() -> Iterator[Server]:
    """A server, which ends with the block."""
    with subprocess.Popen(program(), stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        try:
            yield Server(process)
        finally:
            process.terminate()
