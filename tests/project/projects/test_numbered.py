"""The kit for numbered rows: declared paths, creation, locks, audit events and breadcrumbs."""

import pytest
from werkzeug.exceptions import HTTPException

from portal.coaching.recommendations.models import Recommendation
from portal.collaboration.discussions.models import Discussion
from portal.platform.kernel.access import Role
from portal.platform.kernel.audit import AuditEvent
from portal.platform.kernel.database import Base, db
from portal.platform.kernel.errors import Conflict
from portal.project.data_sources.commands import CHANGED
from portal.project.data_sources.models import DataSource
from portal.project.framing.models import Assumption
from portal.project.projects import work_commands
from portal.project.projects.path_rules import project_path, row_path, row_path_by_number
from portal.project.projects.workspace_views import page_label, section_trail
from tests.support import factories as make
from tests.support import project_file as file
from tests.support.trail import is_locked


@pytest.fixture
def actor(project):
    return make.actor(make.role(project.id, Role.TEAM_MEMBER))


def test_every_declared_path_is_a_page(app, project):
    urls = app.url_map.bind("")
    models = [mapper.class_ for mapper in Base.registry.mappers]
    with_page = [model for model in models if hasattr(model, "page_path")]
    assert len(with_page) > 20
    for model in with_page:
        try:
            urls.match(row_path_by_number(project, model, 1), method="GET")
        except HTTPException:
            pytest.fail(f"{model.__name__}: {model.page_path} is no page")


def test_a_created_row_has_the_next_number_of_its_model(project):
    first = work_commands.create_row(Assumption, project, statement="On saura lire.", risk=1)
    second = work_commands.create_row(Assumption, project, statement="On voudra lire.", risk=2)
    assert [first.number, second.number] == [1, 2]
    assert row_path(project, second) == f"{project_path(project)}/file/assumptions"


def test_a_created_row_gets_a_discussion_where_its_model_has_one(project, actor):
    row = work_commands.create_row(
        Recommendation, project, what="Tester", why="Pour voir", author_id=actor.person_id
    )
    discussion = db.session.get(Discussion, row.discussion_id)
    assert discussion is not None
    assert discussion.page == "/projects/heron/recommendations/1" == row_path(project, row)


def test_a_lock_reloads_the_row_before_it_checks_the_version(project):
    source = file.source(project)
    stale_version = source.version
    db.session.execute(
        DataSource.__table__.update().values(version=stale_version + 1, holder="La préfecture")
    )
    with pytest.raises(Conflict):
        work_commands.lock_fresh(source, stale_version)
    assert source.holder == "La préfecture"
    work_commands.lock_fresh(source, stale_version + 1)


def test_a_saved_change_is_recorded_with_number_and_path(project, actor):
    source = file.source(project)
    values = {"holder": "Le port", "contents": "Secret"}
    work_commands.save_change(
        actor, CHANGED, source, values, unsaid="contents", project=project, name=source.name
    )
    event = db.session.query(AuditEvent).filter_by(action=CHANGED.code).one()
    path = f"/projects/heron/file/data/{source.number}"
    assert event.facts == {"number": source.number, "path": path, "name": source.name}
    assert event.after == {"holder": "Le port", "contents": None}
    assert event.scope_id == project.id


def test_an_unchanged_row_is_not_recorded(project, actor):
    source = file.source(project)
    work_commands.save_change(actor, CHANGED, source, {"holder": source.holder}, source.version)
    assert not db.session.query(AuditEvent).filter_by(action=CHANGED.code).count()


def test_a_trail_leads_to_the_list_and_to_the_row(app, project):
    source = file.source(project, name="Relevés")
    with app.test_request_context("/projects/heron/file/data"):
        trail = section_trail(project, "Données", ".index", source, source.name)
    assert trail == [
        (project.short_name, "/projects/heron"),
        ("Données", "/projects/heron/file/data"),
        ("Relevés", row_path(project, source)),
    ]


def test_pages_are_named_by_their_path(app):
    with app.test_request_context():
        assert page_label("/projects/heron/file/data/3") == "Source de données 3"
        assert page_label("/projects/heron/discussions") == "Tout le projet"
        assert page_label("/projects/heron/file/groups") == "Discussion"
        assert page_label("/nowhere") == "Discussion"


def test_a_row_is_locked_and_reloaded_at_its_version(project):
    source = file.source(project)
    db.session.commit()
    assert not is_locked(source)
    with pytest.raises(Conflict):
        work_commands.lock_fresh(source, source.version + 1)
    assert is_locked(source)
    db.session.commit()
    work_commands.lock_fresh(source)
    assert is_locked(source)
