"""Reviews by the API: a reviewer chosen, answers imported, a newer edition."""

from portal.platform.kernel.access import Role
from portal.platform.kernel.database import db
from tests.support import api, reviews
from tests.support import factories as make

R = "/projects/heron/reviews/1"


def test_a_reviewer_is_chosen_from_those_of_the_programme(app, project, member, director):
    reviews.opened(member, project)
    first, second = (make.role(project.programme_id, Role.ETHICS_REVIEWER) for _ in range(2))
    stranger = make.role(project.id, Role.TEAM_MEMBER)
    ids = [str(person.id) for person in (first, second, stranger)]
    client = api.client(app, director)

    def choose(person_id, **more):
        answer = client.post(f"{R}/reviewer", {"person_id": person_id, **more})
        return answer.status_code, answer.get_json().get("reviewer_id")

    assert choose(ids[2])[0] == 404
    assert choose(ids[0], instead_of=None) == (200, ids[0])
    assert choose(ids[1], instead_of=None)[0] == 409  # somebody reviews it by now
    assert choose(ids[1], instead_of=ids[0]) == (200, ids[1])
    assert choose(ids[0]) == (200, ids[0])


def test_answers_are_imported_then_carried_into_the_newer_edition(app, project, person, member):
    review = reviews.opened(member, project)
    reviews.newer()
    client = api.client(app, person)
    sent = {"aim": "Lire\u200b.", "role": "nobody", "nope": 1, "severity_note": "Peu."}
    answer = client.post(f"{R}/answers/import", {"answers": sent})
    expected = {"saved": ["aim", "severity"], "closed": [], "unknown_keys": ["nope"], "misfits": ["role"]}
    assert {name: sorted(keys) for name, keys in answer.get_json().items()} == expected
    assert client.post(f"{R}/answers/import", {"answers": {"nope": 1}}).status_code == 422
    values = {row["item"]: row["value"] for row in client.get(f"{R}/answers").get_json()["data"]}
    assert values["aim"] == "Lire."
    version = client.get(R).get_json()["version"]
    assert client.post(f"{R}/upgrade").status_code == 428
    assert client.ask("POST", f"{R}/upgrade", if_match='"9"').status_code == 412
    before = review.edition_id
    upgraded = client.ask("POST", f"{R}/upgrade", if_match=f'"{version}"')
    assert upgraded.status_code == 200
    assert upgraded.get_json()["edition_id"] != str(before)
    again = client.ask("POST", f"{R}/upgrade", if_match=f'"{upgraded.get_json()["version"]}"')
    assert again.status_code == 403


def test_an_answer_about_rows_is_an_object(app, project, person, member):
    review = reviews.opened(member, project)
    client = api.client(app, person)
    deep = {"answers": {"aim": {"row": [["too deep"]]}}}
    assert client.post(f"{R}/answers/import", deep).status_code == 422
    flat = {"answers": {"aim": {"row": ["a"]}, "role": "inform"}}
    assert client.post(f"{R}/answers/import", flat).get_json()["misfits"] == ["aim"]
    db.session.refresh(review)
