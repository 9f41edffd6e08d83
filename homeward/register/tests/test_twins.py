"""One man on two lists: found in the background, joined or told apart by a person, remembered."""

import pytest
from django.db import IntegrityError, transaction

from homeward.audit.models import Event
from homeward.matching import client
from homeward.matching.memory import Memory
from homeward.register import actions, queries
from homeward.register.models import Apart, Entry
from homeward.register.tests.cast import FIRST, take_in
from homeward.testing import make_staff, sign_in
from homeward.work.models import Job
from homeward.work.worker import Worker

pytest_plugins = ["homeward.matching.testing"]
pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

ELSEWHERE = FIRST.replace("Camp North", "Hill Hospital").replace("N-", "H-")


def work() -> None:
    """What the worker does in the background."""
    worker = Worker(kinds=["register.twins"], followers={})
    while worker.do_one_job():
        pass


@pytest.fixture
def twins(in_process_matcher: Memory):
    """Orest on two lists, as the worker left him."""
    take_in(FIRST)
    take_in(ELSEWHERE, source="Hill Hospital")
    work()
    return list(Entry.objects.order_by("pk"))


def test_the_same_man_on_another_list_is_marked_for_a_registrar_to_look(twins):
    orest, _panas, again, _other = twins

    assert not orest.is_doubtful, "one look at the later of the two settles both"
    assert again.is_doubtful


def test_rows_come_in_while_the_matcher_is_away(monkeypatch):
    def away(*_args, **_more):
        raise client.MatcherAway("away")

    monkeypatch.setattr(client, "search_many", away)

    batch = take_in(FIRST)

    assert batch.new == 2
    jobs = Job.objects.filter(kind="register.twins", subject=batch.reference)
    assert jobs.count() == 1
    Worker(kinds=["register.twins"], followers={}).do_one_job()
    assert sorted(jobs.values_list("state", flat=True)) == ["done", "ready"], "no fault: it comes again by itself"


def test_two_men_are_told_apart_once_and_for_all(twins, client):
    rosa = make_staff("registrar")
    orest, _panas, again, _other = twins
    sign_in(client, rosa)
    assert orest.reference in client.get(f"/register/{again.reference}/similar").content.decode()

    client.post(f"/register/{again.reference}/apart", {"other": orest.reference})

    for one, two in ((again, orest), (orest, again)):
        assert two.reference not in client.get(f"/register/{one.reference}/similar").content.decode()
        assert Event.objects.filter(deed="register.told_apart", about=one.reference).count() == 1
    assert queries.told_apart(orest.pk, [again.pk]) == {again.pk}


def test_who_joins_them_has_thought_better_of_it(twins):
    rosa = make_staff("registrar")
    orest, _panas, again, _other = twins
    actions.tell_apart(orest, again, by=rosa)

    actions.join_entries(orest, again, version=orest.version, by=rosa)

    assert not Apart.objects.exists()
    again.refresh_from_db()
    with pytest.raises(actions.NotJoinable):
        actions.tell_apart(again, orest, by=rosa)


def test_a_pair_is_told_apart_in_one_order_only(twins):
    orest, _panas, again, _other = twins

    with pytest.raises(IntegrityError), transaction.atomic():
        Apart.objects.create(low=again, high=orest)


def test_the_part_of_his_page_is_the_registrar_s(twins, client):
    _orest, _panas, again, _other = twins
    sign_in(client, make_staff("tracer"))

    assert client.get(f"/register/{again.reference}/similar").status_code == 403
    assert f"/register/{again.reference}/similar" not in client.get(f"/register/{again.reference}").content.decode()

    sign_in(client, make_staff("registrar"))
    assert (
        f'hx-get="/register/{again.reference}/similar"' in client.get(f"/register/{again.reference}").content.decode()
    )
    part = client.get(f"/register/{again.reference}/similar", headers={"HX-Request": "true"}).content.decode()
    assert part.startswith("<section")
