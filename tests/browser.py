"""A headless Chromium driven over the DevTools protocol, by two pipes and without a network."""

from __future__ import annotations

import contextlib
import json
import os
import select
import shutil
import subprocess
import tempfile
import time
from typing import TYPE_CHECKING, Any, Self

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

PROGRAMS = ("chromium", "chromium-browser", "google-chrome")
TIMEOUT_S = 60.0
_ARGUMENTS = (
    *("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"),
    *("--no-first-run", "--disable-extensions", "--disable-background-networking"),
    *("--disable-component-update", "--disable-sync", "--force-color-profile=srgb"),
    # Names do not resolve and connections go to a port where nothing listens.
    *("--host-resolver-rules=MAP * ~NOTFOUND", "--proxy-server=127.0.0.1:9"),
    "--remote-debugging-pipe",
)
_KEYS = {"Tab": 9, "Enter": 13, "Escape": 27, " ": 32, "End": 35, "Home": 36}


def find_chromium() -> str | None:
    """Return the path of the browser, None where there is none."""
    return next((path for name in PROGRAMS if (path := shutil.which(name))), None)


class Browser:
    """One page of a browser; every request that it makes and every complaint is remembered."""

    def __init__(self, reading: int, writing: int) -> None:
        self._reading, self._writing = reading, writing
        self._buffer = b""
        self._number = 0
        self._session = ""
        self.requests: list[str] = []
        self.complaints: list[str] = []

    @classmethod
    @contextlib.contextmanager
    def start(cls, program: str) -> Iterator[Self]:
        """Start the browser with an empty profile, and stop it."""
        to_browser, from_browser = os.pipe(), os.pipe()

        def connect() -> None:
            # Both ends are moved away first: either number may be the other's target.
            ends = [os.dup(to_browser[0]), os.dup(from_browser[1])]
            spare = [os.dup2(end, 200 + i) for i, end in enumerate(ends)]
            for end, wanted in zip(spare, (3, 4), strict=True):
                os.dup2(end, wanted)

        with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
            process = subprocess.Popen(
                [program, *_ARGUMENTS, f"--user-data-dir={profile}", "about:blank"],
                close_fds=False,
                preexec_fn=connect,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
            os.close(to_browser[0])
            os.close(from_browser[1])
            browser = cls(from_browser[0], to_browser[1])
            try:
                browser._attach()
                yield browser
            finally:
                with contextlib.suppress(OSError, TimeoutError):
                    browser._post("Browser.close", {}, session="")
                try:
                    process.wait(timeout=10)
                except subprocess.TimeoutExpired:
                    process.kill()
                    process.wait()
                os.close(from_browser[0])
                os.close(to_browser[1])

    def open(self, path: Path, *, width: int = 1280, height: int = 900) -> None:
        """Open a file in a window of a size in CSS pixels."""
        self.requests.clear()
        self.complaints.clear()
        self.resize(width, height)
        self.call("Page.navigate", url=path.resolve().as_uri())
        deadline = time.monotonic() + TIMEOUT_S
        here = path.resolve().as_uri()
        ready = (
            f"document.readyState === 'complete' && location.href.startsWith({json.dumps(here)})"
        )
        while not self.evaluate(ready):
            if time.monotonic() > deadline:
                msg = f"{path.name} does not load"
                raise TimeoutError(msg)
            time.sleep(0.05)

    def resize(self, width: int, height: int = 900) -> None:
        """Give the window another size."""
        self.call(
            "Emulation.setDeviceMetricsOverride",
            width=width,
            height=height,
            deviceScaleFactor=1,
            mobile=False,
        )

    def emulate_media(self, media: str) -> None:
        """Show the page as on paper ("print") or as usual ("")."""
        self.call("Emulation.setEmulatedMedia", media=media)

    def evaluate(self, expression: str) -> Any:
        """Return the value of an expression of JavaScript."""
        answer = self.call(
            "Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True
        )
        if "exceptionDetails" in answer:
            raise RuntimeError(json.dumps(answer["exceptionDetails"], ensure_ascii=False)[:2000])
        return answer["result"].get("value")

    def press(self, key: str) -> None:
        """Press and release a key that has a name, such as Tab or Enter."""
        typed = {"Enter": "\r", " ": " "}.get(key)
        text = {"text": typed} if typed else {}
        code = {"key": key, "windowsVirtualKeyCode": _KEYS[key], "code": key.strip() or "Space"}
        self.call(
            "Input.dispatchKeyEvent", type="keyDown" if text else "rawKeyDown", **code, **text
        )
        self.call("Input.dispatchKeyEvent", type="keyUp", **code)

    def write(self, text: str) -> None:
        """Type a text into what has the focus."""
        for character in text:
            self.call("Input.dispatchKeyEvent", type="char", text=character)

    def call(self, method: str, **parameters: Any) -> dict[str, Any]:
        """Send a command to the page and return the answer."""
        return self._ask(method, parameters, session=self._session)

    def _attach(self) -> None:
        targets = self._ask("Target.getTargets", {}, session="")["targetInfos"]
        page = next(t["targetId"] for t in targets if t["type"] == "page")
        wanted = {"targetId": page, "flatten": True}
        self._session = self._ask("Target.attachToTarget", wanted, session="")["sessionId"]
        for domain in ("Page", "Runtime", "Network", "Log"):
            self.call(f"{domain}.enable")

    def _post(self, method: str, parameters: dict[str, Any], *, session: str) -> int:
        self._number += 1
        message = {"id": self._number, "method": method, "params": parameters}
        message |= {"sessionId": session} if session else {}
        rest = json.dumps(message).encode() + b"\0"
        while rest:
            rest = rest[os.write(self._writing, rest) :]
        return self._number

    def _ask(self, method: str, parameters: dict[str, Any], *, session: str) -> dict[str, Any]:
        number = self._post(method, parameters, session=session)
        while True:
            message = self._read()
            if message.get("id") == number:
                if "error" in message:
                    msg = f"{method}: {message['error']}"
                    raise RuntimeError(msg)
                return dict(message["result"])
            self._note(message)

    def _read(self) -> dict[str, Any]:
        deadline = time.monotonic() + TIMEOUT_S
        while b"\0" not in self._buffer:
            ready, _, _ = select.select(
                [self._reading], [], [], max(deadline - time.monotonic(), 0)
            )
            chunk = os.read(self._reading, 1 << 20) if ready else b""
            if not chunk:
                msg = "the browser does not answer"
                raise TimeoutError(msg)
            self._buffer += chunk
        text, _, self._buffer = self._buffer.partition(b"\0")
        return dict(json.loads(text))

    def _note(self, message: dict[str, Any]) -> None:
        method, told = message.get("method"), message.get("params", {})
        if method == "Network.requestWillBeSent":
            self.requests.append(told["request"]["url"])
        elif method == "Runtime.exceptionThrown":
            self.complaints.append(str(told["exceptionDetails"].get("exception", told)))
        elif method == "Runtime.consoleAPICalled" and told["type"] in ("error", "warning"):
            self.complaints.append(json.dumps(told["args"], ensure_ascii=False))
        elif method == "Log.entryAdded" and told["entry"]["level"] in ("error", "warning"):
            self.complaints.append(told["entry"]["text"])
