"""What the pages about money share: the breadcrumb and the choice of files."""

from collections.abc import Sequence
from types import SimpleNamespace
from uuid import UUID

from flask import url_for

from portal.funding.agreements import policy, queries
from portal.funding.agreements.models import FundingAgreement, Instalment
from portal.platform.kernel.errors import NotFound
from portal.platform.kernel.text import gettext as _
from portal.platform.web.actor import current_actor as actor
from portal.project.projects import policy as projects
from portal.project.projects.models import Project
from portal.project.projects.workspace_views import Trail, build_trail


def build_funding_trail(project: Project, *steps: tuple[str, str], with_page: bool = True) -> Trail:
    """The trail to the page of a project's money; for an operator, who reads no project, by the list
    of agreements."""
    page = url_for("agreements.page", slug=project.slug)
    if projects.can_read(actor, project):
        return build_trail(project, *([(_("Financement"), page)] if with_page else []), *steps)
    trail = [(_("Conventions"), url_for("agreement_list.index"))]
    return [*trail, *([(project.short_name, page)] if with_page else []), *steps]


def instalment_trail_step(project: Project, row: Instalment) -> tuple[str, str]:
    """The entry of an instalment in a trail."""
    url = url_for("instalments.page", slug=project.slug, number=row.number)
    return _("Tranche %(n)s", n=row.number), url


def file_options(row: FundingAgreement | Instalment) -> Sequence[tuple[UUID, str]]:
    """The files attached to a row, as choices."""
    return [(file.id, file.name) for file in queries.list_attachments(row.__tablename__, row.id)]


def parse_amendment_number(typed: str | None) -> int | None:
    """The number of an amendment that an address names; None without one. Raises `NotFound` for anything
    else."""
    if typed is None:
        return None
    if not typed.isdecimal():
        raise NotFound
    return int(typed)


def read_signed_document(row: FundingAgreement, number: int | None) -> SimpleNamespace:
    """The signed document of an agreement, or of an amendment."""
    signed = (row.amendment_documents or {}).get(str(number), {}) if number is not None else {}
    own = signed.get("file") if number is not None else row.document_id and str(row.document_id)
    return SimpleNamespace(document=own, reason="", amendment=number, version=row.version)


def reads_amounts(project: Project) -> bool:
    """Whether the reader sees amounts, texts and documents."""
    return policy.reads_amounts(actor, project)
