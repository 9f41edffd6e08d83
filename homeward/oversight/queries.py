"""Pages of the log and of the background work, cut by key so that the last costs no more than the first."""

from dataclasses import dataclass

from homeward.audit import queries as audit
from homeward.audit.queries import Line
from homeward.work import queries as work
from homeward.work.models import Job

A_PAGE = 50


@dataclass(frozen=True, slots=True)
class LogPage:
    """Lines of the log, newest first, and the number to go on from."""

    lines: list[Line]
    older: int | None


def log_page(*, before: int | None = None, about: str = "") -> LogPage:
    """The log, or what concerns one reference."""
    found = audit.events()
    if about:
        found = found.filter(about=about)
    if before is not None:
        found = found.filter(number__lt=before)
    lines = audit.lines_of(found[: A_PAGE + 1])
    return LogPage(lines[:A_PAGE], lines[A_PAGE - 1].number if len(lines) > A_PAGE else None)


def jobs_shown(show: str) -> list[Job]:
    """The newest jobs of one tab."""
    shown = {"dead": work.dead_jobs(), "done": work.jobs().filter(state=Job.State.DONE)}
    return list(shown.get(show, work.unfinished_jobs().exclude(state=Job.State.DEAD))[:A_PAGE])
