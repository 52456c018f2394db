"""Views of a portfolio by the API: kept with filters that its page understands, dropped by their owner."""

from portal.platform.kernel.access import Role
from portal.project.projects.queries import get_programme_of
from tests.support import api
from tests.support import factories as make


def test_a_view_keeps_what_the_page_understands(app):
    project = make.project(slug="heron")
    programme = get_programme_of(project)
    path = f"/programmes/{programme.slug}/portfolio-views"
    observer = api.client(app, make.role(programme.id, Role.OBSERVER))
    director = api.client(app, make.role(programme.id, Role.PROGRAMME_LEAD))
    made = observer.post(path, {"name": "Aide", "query": "help=1&coach=nobody&x=y&programme=other"})
    assert made.status_code == 201
    assert made.get_json()["query"] == f"programme={programme.slug}&help=1"
    assert observer.get(path).get_json()["data"] == [made.get_json()]
    assert observer.post(path, {"name": "Aide"}).status_code == 422  # the name is taken
    assert observer.post(path, {"name": "Vue", "is_shared": True}).status_code == 422
    assert director.get(path).get_json()["data"] == []
    place = f"{path}/{made.get_json()['id']}"
    assert director.ask("DELETE", place).status_code == 404
    assert observer.ask("DELETE", place).status_code == 204
    assert observer.get(path).get_json()["data"] == []


def test_a_view_is_dropped_within_its_own_programme(app):
    first, second = (get_programme_of(make.project()) for _ in range(2))
    person = make.role(first.id, Role.OBSERVER)
    make.role(second.id, Role.OBSERVER, person)
    client = api.client(app, person)
    made = client.post(f"/programmes/{first.slug}/portfolio-views", {"name": "Vue"}).get_json()
    for programme, status in ((second, 404), (first, 204)):
        place = f"/programmes/{programme.slug}/portfolio-views/{made['id']}"
        assert client.ask("DELETE", place).status_code == status
