from datetime import timedelta

from portal.platform.kernel import clock, idempotency
from portal.platform.kernel.database import db
from portal.platform.kernel.identifiers import new_id


def test_a_key_is_claimed_once_and_knows_where_its_result_is_seen(app):
    who = new_id()
    assert idempotency.claim_form_key(who, "/a", "key")
    idempotency.save_result_location(who, "/a", "key", "/a/1")
    assert not idempotency.claim_form_key(who, "/a", "key")
    assert idempotency.claim_form_key(who, "/b", "key"), "another form's"
    assert idempotency.claim_form_key(new_id(), "/a", "key"), "another person's"
    assert idempotency.find_result_location(who, "/a", "key") == "/a/1"
    assert idempotency.find_result_location(who, "/c", "key") is None


def test_old_keys_are_forgotten(app):
    who = new_id()
    with clock.frozen_at(clock.now() - timedelta(days=91)):
        idempotency.claim_form_key(who, "/a", "old")
    idempotency.claim_form_key(who, "/a", "new")
    db.session.commit()
    assert idempotency.delete_old_keys(clock.now() - timedelta(days=90)) == 1
    assert not idempotency.claim_form_key(who, "/a", "new")
    assert idempotency.claim_form_key(who, "/a", "old")
