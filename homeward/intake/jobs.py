"""The background work of the room."""

from homeward.intake import actions
from homeward.intake.models import Batch
from homeward.work.handlers import follows, handles
from homeward.work.task import Task


@handles("intake.run")
def run(task: Task) -> None:
    """Carry a batch's rows in."""
    batch = Batch.objects.select_related("source", "by").get(reference=task.subject)
    actions.run(
        batch,
        hold=task.hold,
        should_stop=task.should_stop,
        progress=lambda batch: task.progress(batch.rows_done, max(batch.rows_total, 1)),
    )


@handles("intake.undo")
def undo(task: Task) -> None:
    """Take a batch back."""
    batch = Batch.objects.select_related("source", "by").get(reference=task.subject)
    actions.run_undo(
        batch,
        hold=task.hold,
        should_stop=task.should_stop,
        progress=lambda batch: task.progress(batch.undone + batch.kept, max(batch.new + batch.updated, 1)),
    )


@follows("intake.files")
def forget_old_files() -> bool:
    """Files of lists that are over are not kept for ever."""
    return bool(actions.forget_old_files())
