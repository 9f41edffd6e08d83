import pytest

from homeward.enquiries import actions as enquiries
from homeward.enquiries.models import SoughtPerson
from homeward.lib.changes.models import latest_number
from homeward.matching import client
from homeward.matching.memory import Memory
from homeward.register import actions as register
from homeward.testing import make_staff
from homeward.tracing import actions, following, queries
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


def test_an_enquiry_does_not_wait_behind_a_large_list(in_process_matcher: Memory) -> None:
    entries = [record({**RECORDED, "given": f"Остап{number}"}) for number in range(3)]
    entry = record()
    enquiry = ask()

    match_changes()

    assert match_of(enquiry, entry).bits > 10
    place = Progress.objects.get()
    assert place.sought_number == latest_number()
    assert place.number == 0, "the list has not been looked at yet"
    follow()
    assert Progress.objects.get().number == latest_number()
    assert len(entries) == 3


def test_after_a_large_list_every_sought_person_is_searched_once(
    in_process_matcher: Memory, monkeypatch: pytest.MonkeyPatch
) -> None:
    enquiry, other = ask(), ask({**RECORDED, "surname": "Мельник", "given": "Богдан", "patronymic": "Романович"})
    follow()
    entry = record()
    record(NAMESAKE)
    monkeypatch.setattr(following, "SWEEP_FROM", 1)
    monkeypatch.setattr(following, "SWEPT", 1)
    monkeypatch.setattr(following, "men_to_search_again", lambda *_, **__: pytest.fail("entries one by one"))

    # Begun, then cut off after the first sought person: it goes on with the second.
    begun = latest_number()
    for number in range(3):
        record({**NAMESAKE, "given": f"Олег{number}"})
    assert match_changes()
    assert Progress.objects.get().sweep_until == latest_number() > begun
    assert match_changes()
    assert Progress.objects.get().sweep_after == enquiry.sought_id
    follow()

    assert match_of(enquiry, entry).rank == 1
    assert Progress.objects.get().number == latest_number()
    assert Progress.objects.get().sweep_until is None
    assert SoughtPerson.objects.get(pk=other.sought_id).state in ("searching", "potential_match")


def test_a_worker_that_was_overtaken_moves_nothing(in_process_matcher: Memory, monkeypatch: pytest.MonkeyPatch) -> None:
    record()
    ask()
    search = following.search_for

    def overtaken(*asked: object, **how: object) -> object:
        # Another worker takes the same step to its end while this one searches.
        monkeypatch.setattr(following, "search_for", search)
        follow()
        return search(*asked, **how)  # type: ignore[arg-type]

    monkeypatch.setattr(following, "search_for", overtaken)
    kept: list[object] = []
    keep = following.keep_matches
    monkeypatch.setattr(following, "keep_matches", lambda found: (kept.append(found), keep(found)))

    match_changes()

    after = Progress.objects.get()
    assert after.number == latest_number() == after.sought_number
    assert len(kept) == 2, "the searches of the worker that was faster, and none of the other's"


def test_the_oldest_pair_is_among_the_same_pairs(in_process_matcher: Memory) -> None:
    match = a_pair(in_process_matcher)
    record({**RECORDED, "surname": "Мельник", "given": "Богдан", "born": "1970-01-01", "unit": "99999"})
    follow()
    tracer = make_staff("tracer")

    by_strength = set(queries.waiting_for_judgement(tracer).values_list("pk", flat=True))

    assert by_strength == set(queries.waiting_for_judgement_by_age(tracer).values_list("pk", flat=True))
    assert match.pk in by_strength
