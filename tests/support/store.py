"""An S3-compatible server of the test's own: moto's real one, with a bucket, reached as the environment says."""

from __future__ import annotations

import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from threading import Thread
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from pyarrow import fs

from tests.support.limits import MOST

SECRET = "s3cret-key"  # noqa: S105  of a server that lives as long as a test
BUCKET = "town"


class Counting:
    """The server's application, which counts what it gives, and can be gone at some request of an object's bytes."""

    def __init__(self, application: Any) -> None:
        self.application = application
        self.given, self.gone_after = 0, -1

    def __call__(self, environ: dict[str, Any], start: Any) -> Any:
        if self.gone_after == 0:
            environ["werkzeug.socket"].close()
            return []
        answer = self.application(environ, start)
        if environ["REQUEST_METHOD"] == "GET" and environ["PATH_INFO"].count("/") > 1:
            self.gone_after -= 1
            answer = [b"".join(answer)]
            self.given += len(answer[0])
        return answer


@dataclass
class Store:
    """A running server."""

    address: str
    counting: Counting

    @property
    def files(self) -> fs.S3FileSystem:
        return fs.S3FileSystem(access_key="owner", secret_key=SECRET, region="us-east-1",
                               endpoint_override=self.address, allow_bucket_creation=True)  # fmt: skip

    def put(self, key: str, content: bytes | pa.Table, **options: Any) -> str:
        """Store an object; gives its address."""
        if isinstance(content, pa.Table):
            file = BytesIO()
            pq.write_table(content, file, **options)
            content = file.getvalue()
        with self.files.open_output_stream(f"{BUCKET}/{key}", compression=None) as stream:
            stream.write(content)
        return f"s3://{BUCKET}/{key}"

    def remove(self, key: str) -> None:
        self.files.delete_file(f"{BUCKET}/{key}")

    def ask_for_credentials(self) -> None:
        """From now on nobody who is unknown is let in; the server knows nobody."""
        self.ask("reset-auth", "0")

    def let_in(self) -> None:
        self.ask("reset-auth", str(10**9))

    def ask(self, what: str, said: str) -> None:
        """Tell the server itself something."""
        url = f"{self.address}/moto-api/{what}"
        asked = urllib.request.Request(url, said.encode(), {"Content-Type": "text/plain"}, method="POST")  # noqa: S310
        urllib.request.urlopen(asked, timeout=10).close()  # noqa: S310  a server of this test


@contextmanager
def store(monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    """A server with one bucket; the environment says where it is and who asks."""
    from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
    from werkzeug.serving import WSGIRequestHandler, make_server

    class Quiet(WSGIRequestHandler):
        def log(self, *_: Any) -> None:
            """Say nothing."""

    counting = Counting(DomainDispatcherApplication(create_backend_app))
    server = make_server("127.0.0.1", 0, counting, threaded=True, request_handler=Quiet)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    found = Store(f"http://127.0.0.1:{server.server_port}", counting)
    try:
        monkeypatch.setenv("AWS_ACCESS_KEY_ID", "owner")
        monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", SECRET)
        monkeypatch.setenv("AWS_REGION", "us-east-1")
        monkeypatch.setenv("AWS_ENDPOINT_URL", found.address)
        monkeypatch.delenv("AWS_PROFILE", raising=False)
        found.ask("reset", "")  # what other tests stored in this process
        found.files.create_dir(BUCKET)
        yield found
    finally:
        server.shutdown()
        server.server_close()
        thread.join(timeout=MOST)
