"""What a source said is never rewritten or removed: tried with plain SQL."""

import pytest

from homeward.register.models import Statement
from homeward.register.tests.cast import enter
from homeward.register.tests.test_database_rules import refused
from homeward.testing import make_staff

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


@pytest.fixture
def entry():
    return enter(make_staff("registrar"))


@pytest.mark.parametrize("column", ["kind = 'correction'", "entry_id = entry_id + 1", "stated_at = '2020-01-01'"])
def test_a_statement_keeps_who_said_what_when(entry, column):
    refused(f"UPDATE register_statement SET {column} WHERE entry_id = %s", entry.pk)


def test_the_sealed_words_of_a_statement_are_not_written_over(entry):
    statement = Statement.objects.get(entry=entry)
    statement.particulars = {"surname": "Інший"}
    with pytest.raises(Exception, match="never changed"):
        statement.save()


def test_a_statement_is_not_removed(entry):
    refused("DELETE FROM register_statement WHERE entry_id = %s", entry.pk)


@pytest.mark.parametrize("column", ["kind = 'released'", "happened_on = '2020'"])
def test_an_event_is_cancelled_not_rewritten(entry, column):
    refused(f"UPDATE register_statusevent SET {column} WHERE entry_id = %s", entry.pk)


def test_an_event_is_not_removed(entry):
    refused("DELETE FROM register_statusevent WHERE entry_id = %s", entry.pk)


def test_nobody_is_joined_into_one_who_is_joined(entry):
    second, third = enter(make_staff("registrar")), enter(make_staff("registrar"))
    second.joined_into = entry
    second.save()

    refused("UPDATE register_entry SET joined_into_id = %s WHERE id = %s", second.pk, third.pk)
    refused("UPDATE register_entry SET joined_into_id = %s WHERE id = %s", third.pk, entry.pk)
