"""Files by the API: the limits of pages, the permission of what they are attached to."""

from io import BytesIO

import pytest
from flask import Flask

from portal.people.accounts.models import Person
from portal.platform.kernel.access import Role
from portal.platform.kernel.database import db
from portal.project.projects.models import Project
from tests.support import factories as make
from tests.support import project_file
from tests.support.api import ApiClient, client


@pytest.fixture
def place(project: Project) -> str:
    source = project_file.source(project)
    return f"/subjects/data_source/{source.id}/files"


@pytest.fixture
def api(app: Flask, person: Person) -> ApiClient:
    return client(app, person)


def attach(api: ApiClient, app: Flask, path: str, name: str, content: bytes):
    db.session.rollback()
    headers = {"Authorization": f"Bearer {api.token}"}
    with app.app_context():
        return app.test_client().post(
            f"/api/v1{path}",
            data={"file": (BytesIO(content), name)},
            headers=headers,
            content_type="multipart/form-data",
        )


def test_a_file_goes_up_and_down(app: Flask, api: ApiClient, place: str, project: Project):
    sent = attach(api, app, place, "note.txt", b"Bonjour.")
    assert sent.status_code == 201, sent.get_data(as_text=True)
    path = sent.headers["Location"].removeprefix("/api/v1")
    assert [row["name"] for row in api.get(place).get_json()["data"]] == ["note.txt"]
    content = api.get(f"{path}/content")
    assert (content.status_code, content.get_data()) == (200, b"Bonjour.")
    assert content.headers["Content-Disposition"].startswith("attachment")
    assert content.headers["Cache-Control"] == "private, no-store"
    stranger = client(app, make.role(make.project(slug="stork").id, Role.TEAM_LEAD))
    assert stranger.get(f"{path}/content").status_code == 404
    coach = client(app, make.role(project.id, Role.COACH))
    assert coach.get(f"{path}/content").status_code == 200
    assert coach.ask("DELETE", path).status_code == 403
    assert api.ask("DELETE", path).status_code == 204
    assert api.get(f"{path}/content").status_code == 404


@pytest.mark.parametrize(
    ("name", "content"), [("page.html", b"<script>"), ("vide.txt", b""), ("photo.png", b"not one")]
)
def test_the_limits_of_pages_hold(app: Flask, api: ApiClient, place: str, name: str, content: bytes):
    refused = attach(api, app, place, name, content)
    assert (refused.status_code, refused.get_json()["errors"][0]["pointer"]) == (422, "/file")
    assert api.get(place).get_json()["data"] == []


def test_what_is_no_form_is_refused(app: Flask, api: ApiClient, place: str):
    no_form = api.post(place, {"file": "x"})
    assert (no_form.status_code, no_form.get_json()["code"]) == (415, "unsupported_type")
    assert no_form.get_json()["title"] == "Le corps n’est pas du type attendu."
    assert "formulaire" in no_form.get_json()["detail"]
    headers = {"Authorization": f"Bearer {api.token}"}
    nothing = app.test_client().post(
        f"/api/v1{place}", data={"other": "x"}, headers=headers, content_type="multipart/form-data"
    )
    assert nothing.status_code == 422


def test_a_dry_run_keeps_no_byte(app: Flask, api: ApiClient, place: str):
    assert attach(api, app, f"{place}?dry_run=true", "note.txt", b"Bonjour.").status_code == 201
    assert api.get(place).get_json()["data"] == []
    assert attach(api, app, place, "note.txt", b"Bonjour.").status_code == 201
