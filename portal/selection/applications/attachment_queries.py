"""Files of applications: as visible as the application, attached by those who lead it."""

from typing import Any
from uuid import UUID

from sqlalchemy import Select, select

from portal.collaboration.files.subject_queries import AttachmentSubject, AttachmentSubjectKind
from portal.platform.kernel.access import Actor
from portal.platform.kernel.errors import NotFound
from portal.platform.kernel.text import gettext as _
from portal.selection.applications import policy, queries
from portal.selection.applications.commands import application_path
from portal.selection.applications.models import Application
from portal.selection.applications.queries import LoadedApplication
from portal.selection.calls.models import Call


class ApplicationAttachmentKind(AttachmentSubjectKind):
    name = Application.__tablename__
    is_findable = False  # some leads and jurors are shut out of an application

    def called(self, number: int) -> str:
        return _("Candidature %(n)s", n=number)

    def visible(self, actor: Actor) -> Select[Any]:
        rows = select(Application.id).join(Call, Call.id == Application.call_id)
        return rows.where(policy.visible_to(actor))

    def get(self, actor: Actor, id_: UUID) -> AttachmentSubject:
        loaded = queries.get_known_application_by_id(actor, id_)
        if not loaded.rights.reads_whole:
            raise NotFound
        return self.place(loaded)

    def place(self, loaded: LoadedApplication) -> AttachmentSubject:
        """An application that the caller reads in full, as a subject of files."""
        call, application = loaded.call, loaded.application
        is_open = policy.can_write_answers(loaded.rights, call, application)
        closed = "" if is_open else _("Le jury examine cette candidature : ses pièces ne changent plus.")
        return AttachmentSubject(
            kind=self.name,
            id=application.id,
            scope_id=call.programme_id,
            number=application.number,
            title=application.title,
            find_page=lambda: application_path(loaded),
            is_shown_there=True,
            is_writer=loaded.rights.is_lead,
            closed_because=closed,
            is_in_feed=False,
            is_named=False,
        )


ATTACHMENTS = ApplicationAttachmentKind()
