import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client

from homeward.decisions import actions as decisions
from homeward.decisions.models import Proposal
from homeward.disclosure import actions, likeness, queries
from homeward.disclosure.models import ScamReport, ScamWave
from homeward.disclosure.turnstile import Turnstile
from homeward.testing import make_staff, sign_in

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

PAY = (
    "Добрий день, пані {name}! Ваш син у полоні. Щоб додати його до списку на обмін, перекажіть {sum} грн на картку {card} "
    "сьогодні до вечора. Нікому не кажіть. https://pay.example/{card}"
)
ONE = PAY.format(name="Марія", sum="15000", card="4441 1144 2222 3333")
TWO = PAY.format(name="Ольга", sum="22 500", card="5375 4141 9999 0000")
OTHER = (
    "Hello, I am a doctor of the hospital where your brother is treated. Send 300 dollars for his medicine by tonight."
)
WORDS = {"uk": "Не платіть.", "ru": "Не платите.", "en": "Do not pay.", "fr": "Ne payez pas."}


def test_the_same_text_with_another_name_and_sum_is_one_wave() -> None:
    actions.report_scam(ONE, language="uk")
    actions.report_scam(TWO, language="ru")
    actions.report_scam(OTHER, language="en")
    actions.report_scam(ONE.upper(), language="uk")

    assert sorted(ScamWave.objects.values_list("count", flat=True)) == [1, 3]


@pytest.mark.parametrize("text", ["", "!", "12345", "я", "a" * 10_000])
def test_any_text_has_a_signature(text: str) -> None:
    assert len(likeness.signature(text)) == 256
    assert likeness.likeness(likeness.signature(text), likeness.signature(text)) == 1.0


def test_a_warning_needs_four_languages_and_two_persons() -> None:
    wave = actions.report_scam(ONE, language="uk").wave
    cleo = make_staff("case_worker")
    with pytest.raises(actions.WarningNotPossible):
        actions.propose_warning(wave, texts={**WORDS, "fr": " "}, by=cleo)
    proposal = actions.propose_warning(wave, texts=WORDS, by=cleo)
    with pytest.raises(decisions.SecondPersonNeeded):
        actions.approve_warning(proposal, payload_hash=proposal.payload_hash, by=cleo)
    assert queries.current_warning() is None

    actions.approve_warning(proposal, payload_hash=proposal.payload_hash, by=make_staff("approver"))

    warning = queries.current_warning()
    assert warning is not None
    assert warning.in_language("fr") == "Ne payez pas."
    assert warning.in_language("pl") == "Do not pay."
    actions.end_warning(by=cleo)
    assert queries.current_warning() is None


def test_a_new_warning_takes_the_place_of_the_old_one() -> None:
    wave = actions.report_scam(ONE, language="uk").wave
    for words in (WORDS, {**WORDS, "en": "Do not answer."}):
        proposal = actions.propose_warning(wave, texts=words, by=make_staff("case_worker"))
        actions.approve_warning(proposal, payload_hash=proposal.payload_hash, by=make_staff("approver"))

    warning = queries.current_warning()

    assert warning is not None
    assert warning.text_en == "Do not answer."


def test_direct_sql_cannot_warn() -> None:
    proposal = actions.propose_warning(
        actions.report_scam(ONE, language="uk").wave, texts=WORDS, by=make_staff("case_worker")
    )

    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO disclosure_warning (reference, text_uk, text_ru, text_en, text_fr, proposal_id, payload_hash, "
            "shown_from, stands) VALUES ('1', 'x', 'x', 'x', 'x', %s, %s, '2026-01-01 00:00:00+00:00', %s)",
            [proposal.pk, proposal.payload_hash, True],
        )


@pytest.mark.urls("homeward.config.urls_family")
def test_anybody_reports_without_signing_in(client: Client, settings: object, monkeypatch: pytest.MonkeyPatch) -> None:
    from homeward.disclosure import views_family

    settings.SITE = "family"  # type: ignore[attr-defined]
    monkeypatch.setattr(views_family, "SCAM_TURNSTILE", Turnstile(every=0.0, longest_wait=1.0))

    assert client.get("/report").status_code == 200
    empty = client.post("/report", {"text": " "}).content.decode()
    sent = client.post("/report", {"text": ONE}).content.decode()
    monkeypatch.setattr(views_family, "SCAM_TURNSTILE", Turnstile(every=9.0, longest_wait=0.1))
    client.post("/report", {"text": ONE})
    waits = client.post("/report", {"text": TWO})

    assert 'role="alert"' in empty
    assert "Thank you." in sent
    assert ONE not in sent
    assert waits.status_code == 503
    assert "5375 4141" in waits.content.decode()
    assert ScamReport.objects.count() == 2


def test_the_staff_pages_from_wave_to_warning(settings: object) -> None:
    settings.TRAINING = True  # type: ignore[attr-defined]
    wave = actions.report_scam(ONE, language="uk").wave
    cleo, abel = sign_in(Client(), make_staff("case_worker")), sign_in(Client(), make_staff("approver"))

    assert wave.reference in cleo.get("/answers/scams").content.decode()
    assert "Марія" in cleo.get(f"/answers/scams/{wave.reference}").content.decode()
    cleo.post(f"/answers/scams/{wave.reference}", {f"text_{language}": words for language, words in WORDS.items()})
    proposal = Proposal.objects.get(kind="disclosure.warning")
    assert "Не платіть." in abel.get(f"/answers/scams/warning/{proposal.reference}").content.decode()
    abel.post(f"/answers/scams/warning/{proposal.reference}", {"answer": "yes", "payload_hash": proposal.payload_hash})

    assert "Ne payez pas." in cleo.get("/answers/scams").content.decode()
    cleo.post("/answers/scams/warning/end")
    assert queries.current_warning() is None
