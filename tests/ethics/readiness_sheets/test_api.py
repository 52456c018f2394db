"""Readiness sheets by the API: begun, filled by sections, aimed at a version, completed."""

from portal.platform.kernel import clock
from portal.platform.kernel.access import Role
from tests.support import api, project_file
from tests.support import factories as make

PLACE = "/projects/heron/readiness-sheets"


def test_a_sheet_is_begun_filled_and_completed(app, project):
    project_file.version(project)
    client = api.client(app, make.role(project.id, Role.TEAM_MEMBER))

    def ask(method, path, body=None, version=None):
        headers = {} if version is None else {"if_match": f'"{version}"'}
        answered = client.ask(method, PLACE + path, body, **headers)
        return answered.status_code, answered.get_json(silent=True) or {}

    status, problem = ask("POST", "", {"kind": "horoscope"})
    assert (status, problem["errors"][0]["pointer"]) == (422, "/kind")
    status, sheet = ask("POST", "", {"kind": "model_card", "prototype_version": 1})
    assert (status, sheet["kind"], sheet["completed_on"]) == (201, "model_card", None)
    assert ask("POST", "", {"kind": "model_card"})[0] == 422  # one of a kind at a time
    sections = ask("GET", "/1/sections")[1]["data"]
    first = sections[0]
    path = f"/1/sections/{first['key']}"
    assert ask("PUT", path, {"answers": {"nope": "x"}}, first["version"])[0] == 422
    assert ask("PUT", path, {"answers": {"maker": "Nous"}})[0] == 428
    status, section = ask("PUT", path, {"answers": {"maker": "Nous"}}, first["version"])
    assert (status, section["answers"]) == (200, {"maker": "Nous"})
    assert ask("PUT", path, {"answers": {"maker": "Eux"}}, first["version"])[0] == 412
    assert ask("PUT", "/1/sections/nope", {"answers": {}}, 1)[0] == 404
    version = ask("GET", "/1")[1]["version"]
    status, sheet = ask("POST", "/1/prototype-version", {"prototype_version": None}, version)
    assert (status, sheet["prototype_version_id"]) == (200, None)
    status, problem = ask(
        "POST", "/1/complete", {"completed_on": clock.today().isoformat()}, sheet["version"]
    )
    assert status == 422
    assert "version" in problem["detail"]
