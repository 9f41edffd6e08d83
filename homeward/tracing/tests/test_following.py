import pytest

from homeward.enquiries import actions as enquiries
from homeward.enquiries.models import SoughtPerson
from homeward.lib.changes.models import latest_number
from homeward.matching import client
from homeward.matching.memory import Memory
from homeward.register import actions as register
from homeward.testing import make_staff
from homeward.tracing import actions
from homeward.tracing.following import match_changes
from homeward.tracing.models import MatchState, PotentialMatch, Progress
from homeward.tracing.tests.cast import NAMESAKE, RECORDED, a_pair, ask, follow, match_of, record
from homeward.work.handlers import NotNow

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def test_an_enquiry_finds_the_entry_that_stood_before(in_process_matcher: Memory) -> None:
    entry = record()
    enquiry = ask()

    follow()

    match = match_of(enquiry, entry)
    assert match.state == MatchState.POTENTIAL
    assert match.bits > 10
    assert match.rank == 1


def test_an_entry_finds_the_enquiry_that_stood_before(in_process_matcher: Memory) -> None:
    enquiry = ask()
    follow()
    entry = record()

    follow()

    assert match_of(enquiry, entry).bits > 10
    assert SoughtPerson.objects.get(pk=enquiry.sought_id).state == "potential_match"


def test_the_namesake_ranks_below_him(in_process_matcher: Memory) -> None:
    entry, other = record(), record(NAMESAKE)
    enquiry = ask()

    follow()

    assert match_of(enquiry, entry).bits > match_of(enquiry, other).bits
    assert match_of(enquiry, entry).probability > match_of(enquiry, other).probability


def test_following_twice_changes_nothing(in_process_matcher: Memory) -> None:
    match = a_pair(in_process_matcher)
    Progress.objects.update(number=0)

    follow()

    assert PotentialMatch.objects.count() == 1
    assert PotentialMatch.objects.get().reference == match.reference
    assert Progress.objects.get().number == latest_number()


def test_while_the_matcher_is_away_nothing_is_passed_over(
    in_process_matcher: Memory, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask()

    def away(*_: object, **__: object) -> None:
        raise client.MatcherAway("away")

    monkeypatch.setattr(client, "search_many", away)

    with pytest.raises(NotNow):
        match_changes()

    assert Progress.objects.get().number == 0


def test_not_the_same_is_remembered_when_the_entry_changes(in_process_matcher: Memory) -> None:
    match = a_pair(in_process_matcher)
    actions.say_not_the_same(match, version=match.version, by=make_staff("tracer"))
    entry = match.entry
    entry.refresh_from_db()
    register.correct_field(
        entry, code="mother_maiden", value="Коваль", version=entry.version, by=make_staff("registrar")
    )

    follow()

    match.refresh_from_db()
    assert match.state == MatchState.NOT_THE_SAME


def test_a_pair_that_resembles_no_longer_goes(in_process_matcher: Memory) -> None:
    match = a_pair(in_process_matcher)
    enquiry = match.enquiry
    enquiry.refresh_from_db()
    enquiries.withdraw_enquiry(enquiry, version=enquiry.version, by=make_staff("case_worker"))

    follow()

    assert not PotentialMatch.objects.filter(pk=match.pk).exists()


def test_a_corrected_name_is_searched_under_the_new_one(in_process_matcher: Memory) -> None:
    entry = record({**RECORDED, "surname": "Мельник", "patronymic": "", "born": "", "unit": ""})
    enquiry = ask()
    follow()
    before = PotentialMatch.objects.filter(sought=enquiry.sought_id, entry=entry).first()
    entry.refresh_from_db()

    register.correct_field(entry, code="surname", value="Щербацький", version=entry.version, by=make_staff("registrar"))
    follow()

    assert before is None or match_of(enquiry, entry).bits > before.bits
    assert match_of(enquiry, entry).rank == 1
