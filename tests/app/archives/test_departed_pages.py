"""What remains of a programme that left: one page, its archive without whoever is erased, its money."""

from zipfile import ZipFile

import pytest
import sqlalchemy as sa

from portal.app.archives import content_keys
from portal.app.archives.departure_models import FormerRole
from portal.app.archives.models import ProgrammeArchive
from portal.app.archives.verification import verify_archive
from portal.collaboration.files.models import Attachment
from portal.people.accounts.models import Person
from portal.people.programmes.models import INSTALLATION, Programme
from portal.platform.kernel.access import Role
from portal.platform.kernel.audit import AuditEvent, TrailText
from portal.platform.kernel.audit_verification import AuditTrailVerification
from portal.platform.kernel.database import db
from portal.platform.storage.storage import ObjectMissing
from portal.platform.storage.transaction import get_storage
from tests.house import doors
from tests.house.test_access import Scene
from tests.support import departures as departing
from tests.support import erasures
from tests.support import factories as make
from tests.support.browser import words_of


@pytest.fixture
def small(app):
    return departing.small()


def test_one_page_is_left_and_nothing_below_it(small, browser_for, tmp_path):
    programme_id, lead_id, member_id = small
    file_key = db.session.scalars(sa.select(Attachment.key)).one()
    slug = db.session.get_one(Programme, programme_id).slug
    departing.run_days(departing.close(programme_id, lead_id), departing.LEAVING_DAYS)
    who = {id_: db.session.get_one(Person, id_) for id_ in (lead_id, member_id)}
    lead, member = browser_for(who[lead_id]), browser_for(who[member_id])
    page = lead.visit(f"/programmes/{slug}")
    assert "son contenu a quitté le portail" in words_of(page)
    assert "1 projet terminé" in words_of(page)
    response = lead.open(f"/programmes/{slug}/left/archive", method="POST")
    (tmp_path / "taken.zip").write_bytes(response.data)
    response.close()
    row = db.session.scalars(sa.select(ProgrammeArchive).where(ProgrammeArchive.key.is_not(None))).one()
    assert verify_archive(tmp_path / "taken.zip", row.fingerprint).faults == []
    assert "demandez-la-lui" in words_of(member.visit(f"/programmes/{slug}"))
    assert member.open(f"/programmes/{slug}/left/archive", method="POST").status_code == 404
    assert lead.open(f"/programmes/{slug}/left/report.csv", method="POST").status_code == 404
    below = ("archive", "portfolio", "people", "edit", "committees", "funding/report", "gates")
    for path in (
        *(f"/programmes/{slug}/{name}" for name in below),
        "/projects/heron",
        "/projects/heron/sprints",
    ):
        for visitor in (lead, member):
            assert visitor.open(path).status_code == 404, path
    admin = browser_for(make.role(INSTALLATION, Role.ADMINISTRATOR))
    assert "demandez-la-lui" in words_of(admin.visit(f"/programmes/{slug}"))
    assert admin.open(f"/programmes/{slug}/edit").status_code == 404
    assert slug in str(lead.visit("/programmes"))
    assert browser_for(make.person()).open(f"/programmes/{slug}").status_code == 404
    with pytest.raises(ObjectMissing):
        get_storage().open(file_key)
    scopes = content_keys.list_scope_ids(programme_id)
    texts = sa.select(TrailText.id).join(AuditEvent, AuditEvent.id == TrailText.event_id)
    assert db.session.scalars(texts.where(AuditEvent.scope_id.in_(scopes))).all() == []
    db.session.remove()
    assert list(AuditTrailVerification().list_faults()) == []
    assert {role.role for role in db.session.scalars(sa.select(FormerRole))} == {
        Role.PROGRAMME_LEAD,
        Role.TEAM_MEMBER,
    }


def test_an_erasure_takes_the_name_out_of_the_archive_that_stays(small, tmp_path):
    programme_id, lead_id, member_id = small
    departing.run_days(departing.close(programme_id, lead_id), departing.LEAVING_DAYS)
    admin_id = make.role(INSTALLATION, Role.ADMINISTRATOR).id
    db.session.commit()
    before = db.session.scalars(sa.select(ProgrammeArchive.fingerprint)).all()
    people = [db.session.get_one(Person, id_) for id_ in (member_id, admin_id)]
    erasures.carry_out(erasures.prepare(*people), admin_id)
    row = db.session.scalars(sa.select(ProgrammeArchive).where(ProgrammeArchive.key.is_not(None))).one()
    assert row.fingerprint not in before
    path = tmp_path / "redacted.zip"
    with get_storage().open(row.key) as stored:
        path.write_bytes(stored.read())
    assert verify_archive(path, row.fingerprint).faults == []
    with ZipFile(path) as archive:
        content = "".join(archive.read(name).decode(errors="replace") for name in archive.namelist())
    assert "Awa" not in content
    assert "Un message d’ici." in content
    assert "Lise Direction" in content


def test_its_money_can_be_taken_away_as_a_table(app, browser_for):
    scene = Scene(lambda _purpose, id_: str(id_))
    programme_id, lead_id = scene.programme.id, scene.people[doors.DIRECTION].id
    observer_id, coach_id = scene.people[doors.OBSERVER].id, scene.people[doors.COACH].id
    db.session.commit()
    departing.run_days(departing.close(programme_id, lead_id), (*departing.LEAVING_DAYS, 1098))
    path = "/programmes/ami/left/report.csv"
    observer, coach = (browser_for(db.session.get_one(Person, id_)) for id_ in (observer_id, coach_id))
    assert "Télécharger le rapport financier" in words_of(observer.visit("/programmes/ami"))
    response = observer.open(path, method="POST")
    assert response.status_code == 200
    assert response.data.decode("utf-8-sig").count("\r\n") > 5
    response.close()
    assert coach.open(path, method="POST").status_code == 404
