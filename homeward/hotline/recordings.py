"""A message that lies with the hosted provider: fetched by the worker, sealed, and removed there."""

import base64
import os
import urllib.request
from urllib.parse import urlsplit

from homeward.hotline import actions, provider
from homeward.hotline.messages import LONGEST, length_of
from homeward.work import Task, handles
from homeward.work.actions import enqueue

JOB = "hotline.fetch"
_LARGEST = 8_000 * 2 * (LONGEST + 10)


def fetch_later(line_id: str, address: str) -> None:
    """Have the worker fetch it; only from the provider's own host."""
    wanted = os.environ.get("HOMEWARD_HOTLINE_PROVIDER_HOST", "api.twilio.com")
    split = urlsplit(address)
    if split.scheme == "https" and split.hostname == wanted:
        enqueue(JOB, payload={"line_id": line_id, "address": address}, once_key=f"{JOB}:{line_id}")


@handles(JOB)
def fetch(job: Task) -> None:
    """Fetch, seal, remove at the provider's."""
    address, account = job.payload["address"], os.environ.get("HOMEWARD_HOTLINE_ACCOUNT", "")
    credentials = base64.b64encode(f"{account}:{provider.token()}".encode()).decode()
    headers = {"Authorization": f"Basic {credentials}"}
    with urllib.request.urlopen(urllib.request.Request(f"{address}.wav", headers=headers), timeout=30) as answer:  # noqa: S310  https only, checked above
        sound = answer.read(_LARGEST)
    actions.keep_message(job.payload["line_id"], sound, seconds=int(length_of(sound)))
    gone = urllib.request.Request(address, headers=headers, method="DELETE")  # noqa: S310
    urllib.request.urlopen(gone, timeout=30).close()  # noqa: S310
