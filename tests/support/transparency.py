"""Small valid sheets; a test names only what it is about."""

from typing import Any

from portal.accounts.models import Person
from portal.kernel import clock
from portal.kernel.access import Actor
from portal.projects.models import Project
from portal.transparency.contents import FIELDS
from portal.transparency.document import content, fingerprint
from portal.transparency.models import Part, Publication, SheetPart
from portal.transparency.queries import read_facts, read_written
from tests.support import factories as make
from tests.support.keeping import kept
from tests.support.project_file import of, save


def texts(part: Part, **given: str) -> dict[str, str]:
    """Something for each field of a part: `summary.fr` says « summary.fr »."""
    written = {
        name: "" if field.key == "website" else name
        for field in FIELDS
        if field.part is part
        for name in field.names.values()
    }
    return written | {name.replace("__", "."): value for name, value in given.items()}


def written(project: Project, part: Part = Part.PUBLIC, **given: str) -> SheetPart:
    values: dict[str, Any] = texts(part, **given)
    return save(SheetPart(project_id=project.id, part=part, values=values))


def reviewed(actor: Actor, project: Project) -> str:
    """The fingerprint of the sheet as it is now."""
    return fingerprint(content(read_facts(actor, project), read_written(project)))


@kept
def published(project: Project, by: Person, **given: Any) -> Publication:
    """As the project is now."""
    made = content(read_facts(make.actor(by), project), read_written(project))
    usual = {
        "content": made,
        "fingerprint": fingerprint(made),
        "published_on": clock.today(),
        "published_by_id": by.id,
    }
    return of(project, Publication, **usual | given)
