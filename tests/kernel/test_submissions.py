from datetime import timedelta

from portal.kernel import clock, submissions
from portal.kernel.db import db
from portal.kernel.ids import new_id


def test_a_key_is_claimed_once_and_knows_where_its_result_is_seen(app):
    who = new_id()
    assert submissions.claim(who, "/a", "key")
    submissions.save_location(who, "/a", "key", "/a/1")
    assert not submissions.claim(who, "/a", "key")
    assert submissions.claim(who, "/b", "key"), "another form's"
    assert submissions.claim(new_id(), "/a", "key"), "another person's"
    assert submissions.find_location(who, "/a", "key") == "/a/1"
    assert submissions.find_location(who, "/c", "key") is None


def test_old_keys_are_forgotten(app):
    who = new_id()
    with clock.frozen_at(clock.now() - timedelta(days=91)):
        submissions.claim(who, "/a", "old")
    submissions.claim(who, "/a", "new")
    db.session.commit()
    assert submissions.delete_old_keys(clock.now() - timedelta(days=90)) == 1
    assert not submissions.claim(who, "/a", "new")
    assert submissions.claim(who, "/a", "old")
