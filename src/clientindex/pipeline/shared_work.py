"""Work by name that this process and a companion share: each takes what nobody has begun.

The companion takes from the front, this process from the back, so nobody waits for the other while
there is something to do. Every task is computed by itself from the same inputs: who did it does
not show in its value.
"""

from __future__ import annotations

from collections import deque
from concurrent.futures import Future
from contextlib import ExitStack, contextmanager
from threading import Lock, Thread
from typing import TYPE_CHECKING, Any

from clientindex.pipeline.aside import Companion, call_kept, keep
from clientindex.threads import get_threads, use_threads

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

KEPT = "work"

FEWEST_CENTRES_SHARED = 100
"""With fewer centres a companion takes longer to start than it saves."""


class SharedWork:
    """Tasks that are computed here or by a companion.

    Parameters
    ----------
    here : callable
        Computes a task by its name in this process.
    names : sequence of str
        All tasks, in the order in which a companion takes them.
    only_here : collection of str
        Tasks that a companion cannot do.
    """

    def __init__(
        self, here: Callable[[str], Any], names: Sequence[str], *, only_here: Iterable[str] = ()
    ) -> None:
        self._here = here
        self._futures: dict[str, Future[Any]] = {name: Future() for name in names}
        self._waiting = deque(names)
        self._only_here = set(only_here)
        self._lock = Lock()
        self._stopped = False

    def take(self, names: Iterable[str]) -> dict[str, Any]:
        """Return the values of some tasks; compute here what nobody has begun."""
        wanted = list(names)
        while (name := self._pick_here(wanted)) is not None:
            _settle(self._futures[name], self._here, name)
            self._futures[name].result()
        return {name: self._futures[name].result() for name in wanted}

    def serve(self, ask: Callable[[str], Any]) -> None:
        """Let a companion compute one task after another while there are any."""
        while not self._stopped and (name := self._pick_there()) is not None:
            _settle(self._futures[name], ask, name)

    def stop(self) -> None:
        """Begin nothing more in the companion."""
        self._stopped = True

    def _pick_here(self, wanted: Sequence[str]) -> str | None:
        with self._lock:
            own = [name for name in self._waiting if name in wanted]
            apart = [name for name in own if name in self._only_here]
            if not own:
                return None
            name = (apart or own)[-1]
            self._waiting.remove(name)
            return name

    def _pick_there(self) -> str | None:
        with self._lock:
            for name in self._waiting:
                if name not in self._only_here:
                    self._waiting.remove(name)
                    return name
            return None


def _settle(future: Future[Any], work: Callable[[str], Any], name: str) -> None:
    try:
        future.set_result(work(name))
    except Exception as error:  # noqa: BLE001 - raised where the value is asked for
        future.set_exception(error)


def may_share(n_centres: int) -> bool:
    """Return whether a companion makes work about so many centres quicker."""
    return n_centres >= FEWEST_CENTRES_SHARED and get_threads() > 1


@contextmanager
def lend_companion(prepare: str = "") -> Iterator[Companion]:
    """Start a companion before there is work for it; it prepares itself meanwhile."""
    companion = Companion(threads=get_threads() // 2, prepare=prepare)
    try:
        yield companion
    finally:
        companion.stop()


@contextmanager
def share_with_companion(
    work: SharedWork,
    companion: Companion,
    make: Callable[..., Any],
    *args: Any,
    **kwargs: Any,
) -> Iterator[None]:
    """Let a companion take part in the work, and divide the threads with it until it is done.

    Parameters
    ----------
    work : SharedWork
    companion : Companion
        Is stopped in the end.
    make : callable
        Of a module; makes an object there whose method ``compute`` takes the name of a task.
    """
    threads = get_threads()
    own = ExitStack()
    is_ready = False

    def ask(name: str) -> Any:
        nonlocal is_ready
        if not is_ready:
            companion.call(keep, KEPT, make, *args, **kwargs)
            is_ready = True
        return companion.call(call_kept, KEPT, "compute", name)

    def serve() -> None:
        work.serve(ask)
        own.close()

    server = Thread(target=serve, daemon=True)
    own.enter_context(use_threads(threads - threads // 2))
    server.start()
    try:
        yield
    finally:
        work.stop()
        companion.stop()
        server.join()
        own.close()
