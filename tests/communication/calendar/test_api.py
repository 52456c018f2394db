"""One's calendar link by the API: its day is read, never its address; it is revoked."""

from portal.communication.calendar.commands import create_or_replace_link
from portal.platform.kernel.database import db
from tests.support import api
from tests.support import factories as make


def test_a_link_is_seen_without_its_address_and_revoked(app):
    person = make.person()
    token = create_or_replace_link(make.actor(person))
    db.session.commit()
    client = api.client(app, person)
    answer = client.get("/calendar-link")
    assert answer.get_json().keys() == {"created_at", "person_id"}
    assert token not in answer.get_data(as_text=True)
    for _twice in range(2):
        assert client.ask("DELETE", "/calendar-link").status_code == 204
    assert client.get("/calendar-link").status_code == 404
