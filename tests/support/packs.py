"""Factory of committee packs, without the worker."""

from portal.oversight.committee_packs.models import SUMMARY, CommitteePack, PackPage, PackPdf, PackStage
from portal.people.accounts.models import Person
from portal.people.programmes.models import Programme
from portal.platform.kernel import clock
from portal.platform.kernel.database import db
from portal.project.projects.models import Project
from tests.support.keeping import kept
from tests.support.project_file import save


@kept
def made(programme: Programme, by: Person, project: Project) -> CommitteePack:
    """Create a finished pack of one team with a placeholder PDF."""
    now = clock.now()
    pack = save(
        CommitteePack(
            programme_id=programme.id,
            asked_by_id=by.id,
            language="fr",
            as_of_at=now,
            as_of_on=clock.today(),
            stage=PackStage.COMPLETED,
            teams=1,
            pages=1,
            fingerprint="0" * 64,
            finished_at=now,
        )
    )
    told = {"title": "Une page", "lead": "l", "foot": "f", "language": "fr", "parts": []}
    ids = {"pack_id": pack.id}
    db.session.add(PackPage(position=SUMMARY, content=told, **ids))
    db.session.add(PackPage(position=1, content=told, project_id=project.id, **ids))
    save(PackPdf(pdf=b"%PDF-", **ids))
    return pack
