"""The demo's passes, as its staff would make them."""

import pytest

from homeward.checkpoint import queries
from homeward.checkpoint.models import Pass
from homeward.decisions.queries import open_proposals
from homeward.demo import checkpoint, loading

pytestmark = pytest.mark.django_db


def test_a_second_loading_changes_nothing() -> None:
    loading.make_staff(lambda done, whole: None)
    for _ in range(2):
        checkpoint.some_passes(lambda done, whole: None)

    assert Pass.objects.count() == 4
    assert Pass.objects.filter(signed_at__isnull=False).count() == 3
    assert open_proposals(queries.PROPOSAL_KIND).count() == 1
