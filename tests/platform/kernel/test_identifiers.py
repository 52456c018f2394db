"""Identifiers: version 7, of their moment, in the order in which they are made."""

from datetime import UTC, datetime, timedelta

from portal.platform.kernel.identifiers import date_identifiers_at, lowest_id_at, new_id

MOMENT = datetime(2026, 2, 3, 9, 30, tzinfo=UTC)


def test_ids_of_a_past_moment_are_of_it_distinct_and_in_order():
    with date_identifiers_at(MOMENT):
        ids = [new_id() for _ in range(2000)]
    assert ids == sorted(set(ids))
    assert lowest_id_at(MOMENT) <= ids[0]
    assert ids[-1] < lowest_id_at(MOMENT + timedelta(milliseconds=1))
    assert {(id_.version, id_.variant) for id_ in ids} == {(7, new_id().variant)}


def test_afterwards_ids_are_of_now_again():
    with date_identifiers_at(MOMENT):
        earlier = new_id()
    assert earlier < lowest_id_at(MOMENT + timedelta(days=1)) < new_id()
