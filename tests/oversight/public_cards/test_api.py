"""The public card by the API: written and hidden; no token publishes it."""

from portal.platform.kernel.access import Role
from tests.support import api, cards
from tests.support import factories as make

CARD = "/projects/heron/public-card"


def test_a_card_is_written_and_hidden(app):
    project = make.project(slug="heron")
    director = api.client(app, make.role(project.programme_id, Role.PROGRAMME_LEAD))
    assert director.get(CARD).status_code == 404
    first = director.put(CARD, cards.texts(), if_match='"0"').get_json()
    assert (first["data_en"], first["shown_at"], first["version"]) == ("data_en", None, 1)
    assert director.put(CARD, cards.texts(), if_match='"0"').status_code == 412
    named = director.put(CARD, cards.texts(ai_fr="Écrire à lea@service.gouv.fr"), if_match='"1"')
    assert named.get_json()["errors"][0]["pointer"] == "/ai_fr"
    assert director.post(f"{CARD}/show").get_json()["code"] == "proof_required"
    assert director.get(CARD).get_json() == first
    assert director.post(f"{CARD}/hide").get_json() == first


def test_a_public_card_is_hidden_and_keeps_its_texts(app):
    project = make.project(slug="heron")
    lead = make.role(project.programme_id, Role.PROGRAMME_LEAD)
    cards.shown(project, lead)
    director = api.client(app, lead)
    assert director.put(CARD, cards.texts(data_fr=""), if_match='"1"').status_code == 422
    hidden = director.post(f"{CARD}/hide").get_json()
    assert (hidden["shown_at"], hidden["data_fr"]) == (None, "data_fr")
