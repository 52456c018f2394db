"""`flask secrets renew`: afterwards the earlier key may go."""

import pytest

from portal.people.accounts import commands as accounts
from portal.people.accounts.models import OpenSession
from portal.people.second_factor.models import OneTimeSecret
from portal.platform.kernel import api_answers
from portal.platform.kernel.database import db
from portal.platform.kernel.sealed_columns import list_sealed_columns
from portal.platform.kernel.secret_box import SecretBox
from portal.platform.kernel.services import get_service, provide_service
from tests.support import factories as make

OLD, NEW = "an earlier key of this installation", "the newest key of this installation"


@pytest.fixture
def rotated(app):
    """An installation whose key changed; the earlier one is a fallback."""
    usual = get_service(SecretBox, app)
    provide_service(app, SecretBox([NEW, OLD]))
    yield
    provide_service(app, usual)


def renew(app):
    db.session.commit()
    return app.test_cli_runner().invoke(args=["secrets", "renew"])


def test_every_column_of_a_secret_is_known(app):
    assert {str(column) for column in list_sealed_columns()} == {
        "api_answer.body",
        "call_source.token",
        "one_time_secret.closed_secret",
        "open_session.closed_id_token",
        "webhook.earlier_secret",
        "webhook.secret",
    }


def test_secrets_open_with_the_newest_key_alone_and_an_empty_one_stays_empty(app, rotated):
    person, other = make.person(), make.person()
    db.session.add(OneTimeSecret(person_id=person.id, closed_secret=SecretBox([OLD]).close("JBSWY3DP")))
    accounts.open_session(person).session.closed_id_token = SecretBox([NEW]).close("id token")
    accounts.open_session(other)
    result = renew(app)
    assert result.exit_code == 0, result.output
    assert "2 secrets are under the newest key." in result.output
    db.session.rollback()
    newest = SecretBox([NEW])
    assert newest.open(db.session.query(OneTimeSecret).one().closed_secret) == "JBSWY3DP"
    tokens = {row.closed_id_token for row in db.session.query(OpenSession)}
    assert {newest.open(token) for token in tokens if token} == {"id token"}
    assert "" in tokens


def test_a_secret_of_no_known_key_is_counted_and_left(app, rotated):
    closed = SecretBox(["a key that was forgotten, long ago"]).close("JBSWY3DP")
    db.session.add(OneTimeSecret(person_id=make.person().id, closed_secret=closed))
    result = renew(app)
    assert result.exit_code == 1
    assert "1 secrets open with no key" in result.output
    db.session.rollback()
    assert db.session.query(OneTimeSecret).one().closed_secret == closed


def test_an_answer_that_an_earlier_release_wrote_in_clear_is_no_lost_secret(app, rotated):
    person = make.person()
    api_answers.claim_answer_key(person.id, "key", "fingerprint")
    db.session.query(api_answers.StoredApiAnswer).update({"body": '{"secret": "whsec_x"}'})
    result = renew(app)
    assert result.exit_code == 0, result.output
    db.session.rollback()
    assert db.session.query(api_answers.StoredApiAnswer).one().body == '{"secret": "whsec_x"}'
