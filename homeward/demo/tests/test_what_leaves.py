import pytest

from homeward.demo import loading
from homeward.disclosure import queries
from homeward.disclosure.models import Evidence, ScamReport, Warning
from homeward.disclosure.tests.cast import at_level, confirmed_by_hand
from homeward.disclosure.tests.test_kinship import answered
from homeward.enquiries.models import SoughtPerson
from homeward.partners.models import Agreement
from homeward.tracing.tests.cast import ask

pytestmark = pytest.mark.django_db


def test_a_paper_a_level_a_partner_and_a_warning_are_shown_and_a_second_time_changes_nothing() -> None:
    loading.make_staff(lambda done, whole: None)
    match = confirmed_by_hand()
    at_level(match.enquiry, 2)
    answered(match)
    waiting = ask({"surname": "Somebody", "given": "Else"})
    SoughtPerson.objects.filter(pk=waiting.sought_id).update(state="verifying")
    counted = []

    for _time in range(2):
        loading.show_what_leaves(lambda done, whole: None)
        counted.append(
            (
                ScamReport.objects.count(),
                Warning.objects.count(),
                Agreement.objects.count(),
                queries.papers_to_print().count(),
                queries.kinship_proposals().count(),
                Evidence.objects.count(),
            )
        )

    assert counted[0] == (4, 1, 1, 1, 1, 2)
    assert counted[1] == counted[0]
