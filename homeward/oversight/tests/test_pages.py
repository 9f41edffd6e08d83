"""The log for auditors, the background work for administrators."""

import pytest
from django.urls import reverse

from homeward import audit
from homeward.audit.models import Event
from homeward.testing import make_staff, sign_in
from homeward.work import enqueue
from homeward.work.models import Job

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _in_training(settings):
    settings.TRAINING = True  # no second factor to set up first


@pytest.fixture
def dead_job(db):
    job = enqueue("test.do", subject="1234-5678-4")
    Job.objects.update(state="dead", last_error="ValueError")
    return job


def test_an_auditor_reads_the_log_and_that_is_recorded(client):
    cleo = make_staff("tracer", name="Cleo Lindqvist")
    audit.record("decisions.proposed", by=cleo, about="1234-5678-4", detail={"kind": "x"})
    ada = make_staff("auditor")

    page = sign_in(client, ada).get(reverse("audit:list")).content.decode()

    assert "Cleo Lindqvist" in page
    assert "1234-5678-4" in page
    assert Event.objects.order_by("-number").first().deed == "oversight.log_read"


def test_the_log_of_one_reference_and_its_older_pages(client):
    audit.record_many([audit.Entry("a.b", "1234-5678-4", {"n": n}) for n in range(60)], by=None)
    audit.record("a.c", by=None, about="9999-9999-4")
    sign_in(client, make_staff("auditor"))

    page = client.get(reverse("audit:list"), {"about": "1234 5678 4"})
    older = client.get(reverse("audit:list") + page.context["pager"]["older"])

    assert len(page.context["lines"]) == 50
    assert len(older.context["lines"]) == 10
    assert "a.c" not in page.content.decode()


@pytest.mark.parametrize("odd", ["?before=x", "?before=99999999999999999999", "?about='", "?about=Остап"])
def test_odd_addresses_do_no_harm(client, odd):
    assert sign_in(client, make_staff("auditor")).get(reverse("audit:list") + odd).status_code == 200


@pytest.mark.parametrize("odd", ["?about=%00'", "%00"])
def test_a_sign_that_no_person_types_is_refused(client, odd):
    assert sign_in(client, make_staff("auditor")).get(reverse("audit:list") + odd).status_code == 400


@pytest.mark.parametrize("role", ["tracer", "administrator", "operator"])
def test_others_do_not_read_the_log(client, role):
    assert sign_in(client, make_staff(role)).get(reverse("audit:list")).status_code == 403


def test_an_administrator_starts_failed_work_again(client, dead_job):
    sign_in(client, make_staff("administrator"))
    assert "ValueError" in client.get(reverse("work:list"), {"show": "dead"}).content.decode()

    client.post(reverse("work:restart", args=[dead_job.reference]))

    dead_job.refresh_from_db()
    assert dead_job.state == "ready"
    assert Event.objects.order_by("-number").first().deed == "oversight.job_restarted"
    again = client.post(reverse("work:restart", args=[dead_job.reference]), follow=True).content.decode()
    assert "Only a job that has stopped or failed" in again


def test_an_administrator_stops_waiting_work(client):
    job = enqueue("test.do")
    sign_in(client, make_staff("administrator"))
    assert job.kind in client.get(reverse("work:list")).content.decode()

    client.post(reverse("work:stop", args=[job.reference]))

    job.refresh_from_db()
    assert job.state == "stopped"


def test_what_is_not_there_cannot_be_stopped_nor_got(client, dead_job):
    sign_in(client, make_staff("administrator"))

    assert client.post(reverse("work:stop", args=["1111-1111-1111-1"])).status_code == 404
    assert client.get(reverse("work:stop", args=[dead_job.reference])).status_code == 405
    assert client.get(reverse("work:list"), {"show": "done"}).status_code == 200
