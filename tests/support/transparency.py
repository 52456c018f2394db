"""Factories of transparency sheets; a test gives only relevant fields."""

from typing import Any

from portal.ethics.transparency.documents import build_bilingual_sheet, fingerprint_content
from portal.ethics.transparency.field_rules import FIELDS
from portal.ethics.transparency.models import Publication, StoredTransparencyPart, TransparencyPartKind
from portal.ethics.transparency.queries import get_draft, read_sheet_facts
from portal.people.accounts.models import Person
from portal.platform.kernel import clock
from portal.platform.kernel.access import Actor
from portal.project.projects.models import Project
from tests.support import factories as make
from tests.support.keeping import kept
from tests.support.project_file import of, save


def texts(part: TransparencyPartKind, **given: str) -> dict[str, str]:
    """Return a text for each field of a part: that of `summary.fr` is « summary.fr »."""
    written = {
        name: "" if field.key == "website" else name
        for field in FIELDS
        if field.part is part
        for name in field.names.values()
    }
    return written | {name.replace("__", "."): value for name, value in given.items()}


def written(
    project: Project, part: TransparencyPartKind = TransparencyPartKind.PUBLIC, **given: str
) -> StoredTransparencyPart:
    values: dict[str, Any] = texts(part, **given)
    return save(StoredTransparencyPart(project_id=project.id, part=part, values=values))


def reviewed(actor: Actor, project: Project) -> str:
    """Return the fingerprint of the current sheet."""
    return fingerprint_content(build_bilingual_sheet(read_sheet_facts(actor, project), get_draft(project)))


@kept
def published(project: Project, by: Person, **given: Any) -> Publication:
    """Create a publication of the current sheet."""
    made = build_bilingual_sheet(read_sheet_facts(make.actor(by), project), get_draft(project))
    usual = {
        "content": made,
        "fingerprint": fingerprint_content(made),
        "published_on": clock.today(),
        "published_by_id": by.id,
    }
    return of(project, Publication, **usual | given)
