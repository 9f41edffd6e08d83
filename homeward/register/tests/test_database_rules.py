"""What the database itself refuses, tried with plain SQL."""

import pytest
from django.db import DatabaseError, connection, transaction

from homeward.register.models import Entry, Statement
from homeward.register.tests.cast import FIRST, enter, take_in
from homeward.testing import make_staff

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def refused(sql, *values):
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, values)


@pytest.fixture
def entry():
    return enter(make_staff("registrar"))


def test_a_state_out_of_the_air(entry):
    refused("UPDATE register_entry SET state = 'missing' WHERE id = %s", entry.pk)


def test_an_entry_joined_into_itself(entry):
    refused("UPDATE register_entry SET joined_into_id = id WHERE id = %s", entry.pk)


def test_an_event_of_no_known_kind(entry):
    refused("UPDATE register_statusevent SET kind = 'vanished' WHERE entry_id = %s", entry.pk)


def test_a_statement_of_no_known_kind(entry):
    refused("UPDATE register_statement SET kind = 'rumour' WHERE entry_id = %s", entry.pk)


def test_two_entries_of_one_reference(entry):
    other = enter(make_staff("registrar"))
    refused("UPDATE register_entry SET reference = %s WHERE id = %s", entry.reference, other.pk)


def test_a_row_of_a_list_that_does_not_say_where_it_stood():
    take_in(FIRST)
    row = Statement.objects.first()
    refused("UPDATE register_statement SET batch = '' WHERE id = %s", row.pk)


def test_a_row_of_a_list_taken_in_twice():
    take_in(FIRST)
    first, second = Statement.objects.order_by("pk")
    refused("UPDATE register_statement SET row = %s WHERE id = %s", first.row, second.pk)


def test_nothing_readable_lies_in_the_database(entry):
    with connection.cursor() as cursor:
        cursor.execute("SELECT particulars FROM register_statement WHERE entry_id = %s", [entry.pk])
        stored = bytes(cursor.fetchone()[0])

    assert "Вигаданко".encode() not in stored
    assert Entry.objects.count() == 1
