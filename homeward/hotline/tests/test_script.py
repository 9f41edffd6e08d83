"""The call script by itself: every state, every way out, nothing that can be keyed in breaks it."""

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from homeward.hotline import spoken
from homeward.hotline.script import (
    TABLE,
    Answered,
    Event,
    Keyed,
    Recorded,
    Silence,
    State,
    Taken,
    Takes,
    Talk,
    advance,
    drawn,
    texts_of,
)

ROOT = Path(__file__).parents[3]


def walk(*events: Event, surge: bool = False, **start: object) -> Talk:
    talk = Talk(**start)  # type: ignore[arg-type]
    for event in events:
        talk = advance(talk, event, surge=surge)
    return talk


def test_every_state_is_reached_and_leads_to_an_end() -> None:
    goes = {
        state: {*row.keys.values(), *filter(None, (row.then, row.lost))} | ({State.CONNECTED} if row.takes == Takes.WAITING else set())
        for state, row in TABLE.items()
    }  # fmt: skip
    reached, frontier = {State.LANGUAGE}, [State.LANGUAGE]
    while frontier:
        for target in goes[frontier.pop()] - reached:
            reached.add(target)
            frontier.append(target)

    assert reached == set(State)
    assert {state for state, targets in goes.items() if not targets} == {State.CONNECTED, State.GOODBYE}


def test_every_text_is_there_in_four_languages_and_says_no_news() -> None:
    for state in State:
        for talk in (Talk(state=state), Talk(state=state, own_number=True), Talk(state=state, tries=1)):
            for surge in (False, True):
                for code in texts_of(talk, surge=surge):
                    for language in spoken.LANGUAGES:
                        if code != "language":
                            assert spoken.text(code, language, place=3, minutes=4, lines="1 2")
    assert set().union(*(set(texts) for texts in spoken.TEXTS.values())) == set(spoken.LANGUAGES)


@pytest.mark.parametrize(("key", "language"), [("1", "uk"), ("2", "ru"), ("3", "en"), ("4", "fr")])
def test_one_key_for_each_language(key: str, language: str) -> None:
    talk = walk(Keyed(key), Silence())

    assert (talk.language, talk.state) == (language, State.MENU)


def test_number_and_twenty_digits_lead_to_the_same_sentence_for_everybody() -> None:
    talk = walk(Keyed("1"), Silence(), Keyed("1"), Keyed("123456784"), Keyed("1" * 20))

    assert (talk.state, talk.reference, talk.passphrase) == (State.CHECK, "123456784", "1" * 20)
    assert advance(talk, Answered("known")).state == State.NEUTRAL


def test_three_wrong_numbers_lead_to_a_person() -> None:
    wrong = Keyed("12345")

    assert walk(Keyed("1"), Silence(), Keyed("1"), wrong, wrong).state == State.REFERENCE
    assert walk(Keyed("1"), Silence(), Keyed("1"), wrong, wrong, wrong).state == State.QUEUE


def test_digits_that_do_not_belong_are_asked_for_three_times() -> None:
    talk = walk(Keyed("1"), Silence(), Keyed("1"))
    for _number in range(3):
        assert talk.state == State.REFERENCE
        talk = advance(advance(talk, Keyed("123456784")), Keyed("2" * 20))
        talk = advance(advance(talk, Answered("unknown")), Silence())

    assert talk.state == State.QUEUE


def test_a_hundred_digits_are_wrong_digits() -> None:
    assert walk(Keyed("1"), Silence(), Keyed("1"), Keyed("7" * 100)).state == State.REFERENCE


def test_whoever_cannot_press_keys_reaches_a_person_or_is_recorded() -> None:
    assert walk(*[Silence()] * 3).state == State.QUEUE
    assert walk(*[Silence()] * 3, surge=True).state == State.MESSAGE


def test_a_call_back_has_hours_number_and_cover() -> None:
    talk = walk(Keyed("2"), Silence(), Keyed("4"), Keyed("3"), Keyed("0501234567"), Keyed("1"))

    assert (talk.state, talk.hours, talk.number, talk.cover) == (State.BOOK, "3", "0501234567", "1")
    assert walk(Answered("done"), Silence(), state=State.BOOK).state == State.GOODBYE


def test_her_own_number_is_one_key_where_the_line_tells_it() -> None:
    assert walk(Keyed("1"), state=State.NUMBER, own_number=True).state == State.COVER
    assert walk(Keyed("1"), state=State.NUMBER).state == State.NUMBER
    assert walk(*[Silence()] * 3, state=State.NUMBER).state == State.MESSAGE
    assert walk(*[Silence()] * 3, state=State.NUMBER, own_number=True).state == State.COVER


def test_in_a_surge_a_call_back_comes_first_but_not_for_distress() -> None:
    assert walk(Keyed("1"), Silence(), Keyed("2"), surge=True).state == State.HOURS
    talk = walk(Keyed("1"), Silence(), Keyed("3"), Silence(), surge=True)

    assert (talk.state, talk.distress) == (State.QUEUE, True)


def test_the_queue_is_left_by_an_operator_or_by_key_one() -> None:
    queue = Talk(state=State.QUEUE)

    assert advance(queue, Taken()).state == State.CONNECTED
    assert advance(queue, Keyed("1")).state == State.HOURS
    assert advance(queue, Silence()) == advance(queue, Keyed("9")) == queue


EVENTS = st.one_of(
    st.text("0123456789*#a", max_size=110).map(Keyed),
    st.just(Silence()), st.just(Recorded()), st.just(Taken()),
    st.sampled_from(["known", "unknown", "busy", "done", "nonsense"]).map(Answered),
)  # fmt: skip


@settings(max_examples=150, deadline=None, derandomize=True)
@given(st.lists(EVENTS, max_size=40), st.booleans(), st.booleans())
def test_no_row_of_events_breaks_it(events: list[Event], surge: bool, own: bool) -> None:
    talk = Talk(own_number=own)
    for event in events:
        talk = advance(talk, event, surge=surge)
        assert talk.tries < 3
        assert len(talk.reference) in (0, 9)
        assert len(talk.passphrase) in (0, 20)
        assert len(talk.number) <= 15
    # Silence alone always comes to an end, to a person, or to the house's own step.
    for _step in range(60):
        talk = advance(talk, Silence(), surge=surge)
        if TABLE[talk.state].takes == Takes.HOUSE:
            talk = replace(advance(talk, Answered("done" if talk.state == State.BOOK else "unknown"), surge=surge))
    assert talk.state in (State.QUEUE, State.CONNECTED, State.GOODBYE)


def test_the_drawing_in_the_documents_is_the_table() -> None:
    assert drawn() in (ROOT / "docs" / "hotline.md").read_text()
