"""One's own notifications by the API: read up to a moment, muted; preferences saved by version."""

from datetime import timedelta

from portal.platform.kernel import clock
from portal.platform.kernel.access import Role
from tests.support import api, notifications
from tests.support import factories as make

MUTES, WISHES = "/notifications/mutes", "/notifications/preferences"


def test_groups_and_projects_are_muted_and_heard_again(app):
    project = make.project(slug="heron")
    person = make.role(project.id, Role.TEAM_MEMBER)
    group = notifications.told(person, project).group_id
    client, stranger = api.client(app, person), api.client(app, make.person())

    def muted():
        return {row["about_id"] for row in client.get(MUTES).get_json()["data"]}

    body = {"group_id": str(group)}
    assert stranger.post("/notifications/mute", body).status_code == 404
    assert stranger.post("/projects/heron/mute").status_code == 404
    for path in ("/notifications/mute", "/projects/heron/mute"):
        for _twice in range(2):
            assert client.post(path, body if "group" in path or "notif" in path else None).status_code == 204
    assert muted() == {str(group), str(project.id)}
    assert client.post("/notifications/unmute", body).status_code == 204
    assert client.post("/projects/heron/unmute").status_code == 204
    assert muted() == set()


def test_all_are_read_up_to_a_moment_or_of_a_project(app):
    project, other = make.project(), make.project()
    person = make.role(project.id, Role.TEAM_MEMBER)
    make.role(other.id, Role.TEAM_MEMBER, person)
    for each in (project, other):
        notifications.told(person, each)
    client = api.client(app, person)

    def unread():
        return len(client.get("/notifications?unread=true").get_json()["data"])

    before = (clock.now() - timedelta(hours=1)).isoformat()
    client.post("/notifications/read-all", {"until": before})
    assert unread() == 2
    assert client.post("/notifications/read-all", {"until": "2026-01-01T00:00:00"}).status_code == 422
    assert client.post("/notifications/read-all", {"scope_id": str(project.id)}).status_code == 204
    assert unread() == 1
    client.post("/notifications/read-all")
    assert unread() == 0


def test_preferences_are_replaced_by_version(app):
    client = api.client(app, make.role(make.project().id, Role.COACH))
    usual = client.get(WISHES).get_json()
    assert (usual["version"], usual["channels"], usual["days"]) == (0, {}, [1, 2, 3, 4, 5])
    sent = {"channels": {"mentioned": "daily"}, "opens": 9, "closes": 18, "days": [2], "no_digest": True}
    saved = client.put(WISHES, sent, if_match='"0"').get_json()
    assert {name: saved[name] for name in sent} == sent
    assert client.get(WISHES).get_json() == saved
    assert client.put(WISHES, sent, if_match='"0"').status_code == 412
    version = {"if_match": f'"{saved["version"]}"'}
    refused = client.put(WISHES, sent | {"channels": {"horoscope": "daily"}}, **version)
    assert refused.get_json()["errors"][0]["pointer"] == "/channels"
    assert client.put(WISHES, sent | {"opens": 18}, **version).status_code == 422
    again = client.put(WISHES, {}, **version).get_json()
    assert again == usual | {"version": again["version"]}
