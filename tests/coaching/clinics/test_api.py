"""Help by the API: asked on any day, given to a coach, reminded of once a day."""

from portal.platform.kernel.access import Role
from tests.support import api
from tests.support import factories as make

C = "/projects/heron/clinics"
ASKED = {"blocker": "it", "blocker_text": "Les clés du serveur."}


def test_help_is_asked_assigned_and_reminded_of(app, project, person, coaching):
    team = api.client(app, person)
    director = api.client(app, make.role(project.programme_id, Role.PROGRAMME_LEAD))
    assert team.post(C, ASKED).status_code == 422  # no sprint is planned yet
    make.active_sprint(project, number=1)
    made = team.post(C, ASKED)
    assert (made.status_code, made.headers["Location"]) == (201, f"/api/v1{C}/1")
    assert (made.get_json()["step"], made.get_json()["version"]) == ("asked", 0)
    assert team.post(C, ASKED | {"blocker_text": "Autre."}).status_code == 409
    assert team.post(C, ASKED | {"blocker": "none", "sprint_version": 1}).status_code == 201
    assert director.post(f"{C}/1/remind").status_code == 200
    assert director.post(f"{C}/1/remind").status_code == 403
    to_coach, to_member = {"person_id": str(coaching.id)}, {"person_id": str(person.id)}
    assert director.ask("POST", f"{C}/1/assign", to_member, if_match='"0"').status_code == 422
    given = director.ask("POST", f"{C}/1/assign", to_coach, if_match='"0"')
    assert (given.status_code, given.get_json()["taken_by_id"]) == (200, str(coaching.id))
    assert team.ask("POST", f"{C}/1/assign", to_coach, if_match='"1"').status_code == 403


def test_help_is_withdrawn_until_somebody_takes_it(app, project, person, coaching):
    team, coach = api.client(app, person), api.client(app, coaching)
    make.active_sprint(project, number=1)
    team.post(C, ASKED)
    assert coach.ask("DELETE", f"{C}/1").status_code == 403
    for _twice in range(2):
        assert team.ask("DELETE", f"{C}/1").status_code == 204
    assert team.get(f"{C}/1").status_code == 404
    assert coach.ask("POST", f"{C}/1/take", if_match='"0"').status_code == 409
    team.post(C, ASKED)
    assert coach.ask("POST", f"{C}/1/take", if_match='"0"').status_code == 200
    assert team.ask("DELETE", f"{C}/1").status_code == 409
    assert coach.ask("POST", f"{C}/1/close", {"outcome": "Vu."}, if_match='"1"').status_code == 200
    closed = team.ask("DELETE", f"{C}/1")
    assert (closed.status_code, closed.get_json()["detail"]) == (403, "Cette demande d’aide est déjà close.")


def test_a_sprint_that_never_asked_is_not_said_to_ask_no_more(app, project, coaching):
    make.active_sprint(project, number=1)
    refused = api.client(app, coaching).ask("POST", f"{C}/1/take", if_match='"0"')
    assert (refused.status_code, refused.get_json()["detail"]) == (
        409,
        "L’équipe ne demande pas cette aide, ou ne la demande plus.",
    )


def test_the_words_of_an_earlier_request_are_replaced_only_knowingly(app, project, person):
    team = api.client(app, person)
    make.active_sprint(project, number=1)
    assert team.post(C, ASKED).status_code == 201
    sprint = "/projects/heron/sprints/1"
    read = team.get(sprint).get_json()["version"]
    other = ASKED | {"blocker_text": "Autre.", "sprint_version": read}
    refused = team.post(C, other)
    assert (refused.status_code, refused.get_json()["errors"][0]["pointer"]) == (422, "/replaces")
    assert team.get(sprint).get_json()["blocker_text"] == ASKED["blocker_text"]
    assert team.post(C, other | {"replaces": True, "sprint_version": 0}).status_code == 409
    assert team.post(C, other | {"replaces": True}).status_code == 201
    assert team.get(sprint).get_json()["blocker_text"] == "Autre."


def test_a_comment_is_put_into_the_backlog_once(app, project, person):
    said = make.comment(project.discussion_id, person, "Trier d’abord par date.")
    path = f"/comments/{said.id}/item"
    team = api.client(app, person)
    item = team.post(path).get_json()
    assert item["title"] == "Trier d’abord par date."
    assert team.post(path).get_json()["number"] == item["number"]
