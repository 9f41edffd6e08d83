"""Work in the background: jobs that survive kill -9, and followers that run in every round of the worker.

    from homeward.work import enqueue, follows, handles

    @handles("register.import")                 # in <room>/jobs.py, which the worker finds by itself
    def run_import(job: Task) -> None:
        for done, chunk in enumerate(chunks):
            if job.should_stop():               # a person asked, the worker is ending, or the lease was lost
                return                          # the job is then set aside or run again, never called done
            with transaction.atomic():
                job.hold()                      # refuses to go on where another worker has taken over
                bring_in(chunk)
            job.progress(done, total)

    enqueue("register.import", subject=batch.reference, once_key=f"import {batch.reference}")   # in its transaction

    @follows("tracing.match")                   # True while it did something: it is called again at once;
                                                # NotNow("matcher"): it would, but that process does not answer
    def follow_changes() -> bool: ...

A job whose worker dies is run again, so a handler must bear being run twice over the same ground; one that is done is
never run again. Faults are tried again with growing pauses (at most 15 minutes); after eight the job is dead, seen on
the page of background work, and can be restarted. A job carries references, not names.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from homeward.work.actions import enqueue, enqueue_many
    from homeward.work.handlers import GiveUp, NotNow, follows, handles
    from homeward.work.task import LeaseLost, Task

__all__ = ["GiveUp", "LeaseLost", "NotNow", "Task", "enqueue", "enqueue_many", "follows", "handles"]
_HOMES = {
    "enqueue": "actions",
    "enqueue_many": "actions",
    "follows": "handlers",
    "handles": "handlers",
    "GiveUp": "handlers",
    "NotNow": "handlers",
    "Task": "task",
    "LeaseLost": "task",
}


def __getattr__(name: str) -> Any:
    # Looked up on use: Django imports this package before its models may be.
    if name not in _HOMES:
        raise AttributeError(name)
    from importlib import import_module

    return getattr(import_module(f"homeward.work.{_HOMES[name]}"), name)
