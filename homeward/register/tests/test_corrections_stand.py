"""A registrar's correction outlives the next list."""

import pytest

from homeward.register import actions, queries
from homeward.register.matchable import some
from homeward.register.models import Entry
from homeward.register.tests.cast import FIRST, take_in
from homeward.testing import make_staff

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def test_the_next_list_does_not_undo_a_correction():
    ada = make_staff("registrar")
    take_in(FIRST, ada)
    entry = Entry.objects.order_by("pk").first()
    actions.correct_field(entry, code="surname", value="Вигадченко", version=entry.version, by=ada)

    take_in(FIRST.replace("00417", "00418"), ada)

    card = queries.card_of(entry).particulars
    assert (card["surname"], card["unit"]) == ("Вигадченко", "00418")
    (item,) = some([entry.reference])
    assert item.persons[0].surname == "Вигадченко"
    assert any(person.surname == "Вигаданко" for person in item.persons)
