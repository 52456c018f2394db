from portal.platform.kernel import outbox
from portal.platform.kernel.database import db
from portal.platform.kernel.identifiers import new_id
from portal.platform.kernel.tokens import TokenSealer


def test_a_letter_is_kept_or_lost_with_its_cause(app):
    outbox.queue_letter("welcome", address="a@demo.example", locale="fr")
    db.session.rollback()
    assert db.session.query(outbox.OutboxMessage).count() == 0
    outbox.queue_letter("welcome", address="a@demo.example", locale="en", facts={"n": 1})
    db.session.commit()
    waiting = db.session.query(outbox.OutboxMessage).one()
    assert (waiting.attempts, waiting.sent_at, waiting.facts) == (0, None, {"n": 1})
    assert waiting.due_at.utcoffset() is not None


def test_a_sealed_id_opens_for_its_purpose_alone():
    id_, sealer = new_id(), TokenSealer(["a key"])
    token = sealer.seal("reset", id_)
    assert sealer.open("reset", token) == id_
    assert sealer.open("address", token) is None
    assert TokenSealer(["another"]).open("reset", token) is None
    for nonsense in ("", token[:-1], token + "x", "é", "\x00", "a.b"):
        assert sealer.open("reset", nonsense) is None


def test_what_an_earlier_key_sealed_still_opens():
    id_ = new_id()
    token = TokenSealer(["old"]).seal("reset", id_)
    assert TokenSealer(["old", "new"]).open("reset", token) == id_
    assert TokenSealer(["old", "new"]).seal("reset", id_) != token
