"""Passphrases: given once, read tolerantly, checked slowly, never a lock-out, nobody starved."""

import threading
import time
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, connections, transaction

from homeward.audit.models import Event
from homeward.enquiries import passphrases, words
from homeward.enquiries.models import Credential, SignInDelay
from homeward.enquiries.tests.cast import make_enquiry
from homeward.lib import clock
from homeward.lib.gate import Gate, GateFull

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
NOBODYS = "1234-5678-6"
WRONG = " ".join(words.words_of("uk")[:6])


def wrong_for(enquiry, *, fits: bool) -> str:
    """Six words that are not hers, whose eight bits are hers, or are not."""
    tag = Credential.objects.get(enquiry=enquiry).tag
    for start in range(len(words.words_of("uk")) - 6):
        typed = " ".join(words.words_of("uk")[start : start + 6])
        if (passphrases._tag(enquiry.reference, f"uk {typed}") == tag) == fits:
            return typed
    raise AssertionError("no such words")


def test_six_words_open_the_enquiry_they_were_given_for() -> None:
    enquiry = make_enquiry()
    phrase = passphrases.give_passphrase(enquiry, language="uk")

    assert len(phrase.split()) == 6
    assert passphrases.check_passphrase(enquiry.reference, phrase) == enquiry
    assert passphrases.derive_one()
    assert passphrases.check_passphrase(enquiry.reference.replace("-", " "), phrase.upper()) == enquiry
    assert Event.objects.filter(deed="enquiries.came_back", about=enquiry.reference).count() == 2


def test_twenty_digits_as_said_over_the_telephone(quick_derivation) -> None:
    enquiry = make_enquiry()
    digits = passphrases.give_digits(enquiry, language="fr")

    assert [len(part) for part in digits.split()] == [5, 5, 5, 5]
    assert passphrases.check_passphrase(enquiry.reference, digits.replace(" ", "-")) == enquiry


def test_the_derivation_is_argon2id_of_64_mib_and_three_passes() -> None:
    from argon2 import PasswordHasher
    from argon2.low_level import Type

    hasher = PasswordHasher(time_cost=3, memory_cost=65536, parallelism=1, hash_len=32, type=Type.ID)

    encoded = hasher.hash("six words", salt=b"s" * 16)

    import base64

    ours = base64.b64encode(passphrases.derive("six words", b"s" * 16)).decode().rstrip("=")
    assert encoded.endswith(f"${ours}")
    assert encoded.startswith("$argon2id$v=19$m=65536,t=3,p=1$")


def test_nothing_readable_lies_in_the_database_and_nothing_sealed_once_derived(quick_derivation) -> None:
    enquiry = make_enquiry()
    phrase = passphrases.give_passphrase(enquiry, language="en")

    def stored() -> bytes:
        with connection.cursor() as cursor:
            cursor.execute("SELECT salt, derived, pending FROM enquiries_credential")
            return b"".join(bytes(value or b"") for value in cursor.fetchone())

    assert not any(word.encode() in stored() for word in phrase.split() if len(word) > 4)
    assert passphrases.derive_one()
    assert not passphrases.derive_one()
    assert len(stored()) == 48
    assert passphrases.check_passphrase(enquiry.reference, phrase) == enquiry


def test_a_new_passphrase_closes_the_old_one(quick_derivation) -> None:
    enquiry = make_enquiry()
    old = passphrases.give_passphrase(enquiry, language="en")
    new = passphrases.give_passphrase(enquiry, language="en")

    assert passphrases.check_passphrase(enquiry.reference, old) is None
    assert passphrases.check_passphrase(enquiry.reference, new) == enquiry


def test_delays_grow_from_one_second_to_sixty_and_the_right_words_always_open(quick_derivation) -> None:
    enquiry = make_enquiry()
    phrase = passphrases.give_passphrase(enquiry, language="uk")
    wrong = wrong_for(enquiry, fits=False)
    moment = clock.now()
    waits = []
    for _number in range(9):
        with clock.freeze(moment):
            assert passphrases.check_passphrase(enquiry.reference, wrong) is None
            with pytest.raises(passphrases.TryAgain) as slowed:
                passphrases.check_passphrase(enquiry.reference, wrong)
            waits.append(slowed.value.after - 1)
            moment += timedelta(seconds=slowed.value.after)

    assert waits == [1, 2, 4, 8, 16, 32, 60, 60, 60]
    with clock.freeze(moment):
        assert passphrases.check_passphrase(enquiry.reference, wrong) is None
        assert passphrases.check_passphrase(enquiry.reference, phrase) == enquiry
    assert not SignInDelay.objects.exists()
    assert Event.objects.filter(deed="enquiries.many_wrong_tries", about=enquiry.reference).count() == 1


def test_a_number_nobody_has_is_slowed_alike_and_derived_alike(monkeypatch) -> None:
    derived = []
    monkeypatch.setattr(passphrases, "derive", lambda secret, salt: derived.append(len(salt)) or b"x" * 32)
    enquiry = make_enquiry()
    passphrases.give_passphrase(enquiry, language="uk")
    wrong = wrong_for(enquiry, fits=False)

    for reference in (enquiry.reference, NOBODYS):
        typed = wrong if reference == enquiry.reference else WRONG
        assert passphrases.check_passphrase(reference, typed) is None
        assert SignInDelay.objects.get(index=passphrases._index(reference)).failures == 1

    assert derived == [16, 16]


def test_what_cannot_be_read_is_said_without_a_derivation(monkeypatch) -> None:
    monkeypatch.setattr(passphrases, "derive", lambda *_all: pytest.fail("derived"))

    with pytest.raises(passphrases.NotReadable, match="It should be six"):
        passphrases.check_passphrase(NOBODYS, "one two")
    with pytest.raises(passphrases.NotReadable, match="twenty"):
        passphrases.check_passphrase(NOBODYS, "12345 67890")
    with pytest.raises(passphrases.NotReadable, match="number 6"):
        passphrases.check_passphrase(NOBODYS, " ".join([*words.words_of("en")[:5], "zzzzz"]))


def test_input_is_cut_before_anything_is_done_with_it() -> None:
    enquiry = make_enquiry()
    phrase = passphrases.give_passphrase(enquiry, language="en")

    assert passphrases.check_passphrase(enquiry.reference, phrase + " " * 100_000 + "x" * 1_000_000) == enquiry


def test_a_credential_is_either_sealed_or_derived() -> None:
    enquiry = make_enquiry()
    passphrases.give_passphrase(enquiry, language="en")

    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE enquiries_credential SET pending = NULL")


def test_two_at_once_and_twenty_waiting_on_the_whole_machine(tmp_path, monkeypatch) -> None:
    monkeypatch.setenv("HOMEWARD_HOME", str(tmp_path))
    gate = Gate("test", at_once=2, queue=3)
    inside, most, turned_away, lock = 0, 0, 0, threading.Lock()

    def go() -> None:
        nonlocal inside, most, turned_away
        try:
            with gate.passing():
                with lock:
                    inside += 1
                    most = max(most, inside)
                time.sleep(0.1)
                with lock:
                    inside -= 1
        except GateFull:
            with lock:
                turned_away += 1

    threads = [threading.Thread(target=go) for _number in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert most == 2
    assert 12 - 5 - 3 <= turned_away <= 7


@pytest.mark.django_db(transaction=True)
def test_a_flood_of_wrong_words_does_not_keep_the_right_ones_out(monkeypatch) -> None:
    if connection.vendor == "sqlite":
        pytest.skip(
            "SQLite's test database lies in memory, where a table is locked whole; `./dev bench doors` measures it"
        )
    enquiry = make_enquiry()
    phrase = passphrases.give_passphrase(enquiry, language="uk")
    monkeypatch.setattr(passphrases, "derive", lambda secret, salt: time.sleep(0.1) or b"x" * 32)
    stop = threading.Event()

    def flood(number: int) -> None:
        while not stop.is_set():
            try:
                passphrases.check_passphrase(f"{number:04d}-0000-0", WRONG)
            except passphrases.TryAgain:
                time.sleep(0.01)
        connections.close_all()

    threads = [threading.Thread(target=flood, args=(number,)) for number in range(24)]
    for thread in threads:
        thread.start()
    waited = []
    try:
        for _number in range(5):
            began = time.monotonic()
            assert passphrases.check_passphrase(enquiry.reference, phrase) == enquiry
            waited.append(time.monotonic() - began)
    finally:
        stop.set()
        for thread in threads:
            thread.join()

    assert max(waited) < 5
