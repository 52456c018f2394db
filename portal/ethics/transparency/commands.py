"""Writes, publishes and withdraws the transparency sheet of a project."""

from collections.abc import Collection, Mapping
from typing import Any

from portal.ethics.transparency import policy, queries
from portal.ethics.transparency.documents import build_bilingual_sheet, fingerprint_content, join_sheet_texts
from portal.ethics.transparency.field_rules import list_missing_fields
from portal.ethics.transparency.models import Publication, StoredTransparencyPart, TransparencyPartKind
from portal.platform.kernel import audit, clock
from portal.platform.kernel.access import Actor, require
from portal.platform.kernel.database import check_version, db, flush_session, lock_row, reload_row
from portal.platform.kernel.errors import Conflict, RuleBroken, TooLate
from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.text import lazy_gettext as _l
from portal.project.framing.identifier_rules import find_identifiers
from portal.project.projects.models import Project
from portal.project.projects.numbered_queries import next_row_number
from portal.project.projects.work_commands import require_team_may_write

WRITTEN = audit.Action("transparency.written", _l("a modifié la fiche de transparence"))
PUBLISHED = audit.Action(
    "transparency.published", _l("a publié la fiche de transparence, édition %(number)s")
)
WITHDRAWN = audit.Action(
    "transparency.withdrawn", _l("a retiré la fiche de transparence, édition %(number)s")
)
WHO_PUBLISHES = _l("Seul le porteur publie ou retire la fiche de transparence. Rien n’a été changé.")

_SERVICE_FIELDS = frozenset({"contact", "website", "code"})  # may hold an e-mail address, of a service


def save_sheet_part(
    actor: Actor,
    project: Project,
    part: TransparencyPartKind,
    values: Mapping[str, Any],
    expected_version: int,
) -> None:
    """Save some texts, or the selection of rows; `expected_version` is 0 for a new part.

    Raises `Conflict`.
    """
    require_team_may_write(actor, project)
    lock_row(Project, project.id)
    row = queries.get_draft(project).rows.get(part)
    if row is None:
        if expected_version:
            raise Conflict
        row = StoredTransparencyPart(project_id=project.id, part=part, values={})
        db.session.add(row)
    else:
        check_version(row, expected_version)
    changes = {
        name: (row.values.get(name), value) for name, value in values.items() if row.values.get(name) != value
    }
    if changes:
        row.values = {**row.values, **values}
        flush_session()
        _record_sheet_change(actor, project, WRITTEN, row, changes)


def choose_shown_rows(
    actor: Actor, project: Project, sources: Collection[int], risks: Collection[int], expected_version: int
) -> None:
    """Save which data sources and risks appear, by number. Raises `Conflict`, and `RuleBroken` on
    `sources` or `risks` for a row that the sheet cannot show."""
    require_team_may_write(actor, project)
    facts = queries.read_sheet_facts(actor, project)
    offered = {"sources": facts.sources, "risks": facts.risks}
    values = {"sources": sorted(set(sources)), "risks": sorted(set(risks))}
    for name, numbers in values.items():
        unknown = set(numbers) - {row.number for row in offered[name]}
        if unknown:
            raise RuleBroken(name, _("La fiche ne peut pas montrer le numéro %(n)s.", n=min(unknown)))
    save_sheet_part(actor, project, TransparencyPartKind.CHOICE, values, expected_version)


def publish_sheet(actor: Actor, project: Project, reviewed: str, *, knowingly: bool = False) -> Publication:
    """Publish the sheet with the fingerprint `reviewed`, in place of the previous edition.

    Raises `RuleBroken` when the sheet has changed since the review, when a needed text is missing,
    when it is what is published already, and on `knowingly` for texts with personal identifiers.
    """
    require_may_publish(actor, project)
    number = next_row_number(Publication, project)
    sheet_draft = queries.get_draft(project)
    _check_needed_fields(sheet_draft.texts)
    sheet_content = build_bilingual_sheet(queries.read_sheet_facts(actor, project), sheet_draft)
    fingerprint = fingerprint_content(sheet_content)
    if fingerprint != reviewed:
        raise RuleBroken(None, _("La fiche a changé depuis : relisez-la, puis publiez."))
    _check_no_identifiers(sheet_content, knowingly=knowingly)
    before = queries.find_current_publication(project)
    if before is not None and before.fingerprint == fingerprint:
        raise RuleBroken(None, _("C’est déjà ce qui est publié."))
    if before is not None:
        _end_publication(actor, before)
        flush_session()
    edition = Publication(
        project_id=project.id,
        number=number,
        content=sheet_content,
        fingerprint=fingerprint,
        published_on=clock.today(),
        published_by_id=actor.person_id,
    )
    db.session.add(edition)
    flush_session()
    _record_sheet_change(actor, project, PUBLISHED, edition, {"fingerprint": (None, fingerprint)})
    return edition


def withdraw_edition(actor: Actor, project: Project, edition: Publication, reason: str) -> None:
    """Withdraw an edition from the public. Raises `TooLate` for one that has ended already."""
    require(policy.can_withdraw(actor, project), WHO_PUBLISHES)
    lock_row(Project, project.id)
    reload_row(edition)
    if edition.ended_at is not None:
        raise TooLate(_("Cette édition n’est plus publiée."), transparency_path(project))
    edition.withdrawn_because = reason
    _end_publication(actor, edition)
    _record_sheet_change(actor, project, WITHDRAWN, edition, {"withdrawn_because": (None, reason)})


def require_may_publish(actor: Actor, project: Project) -> None:
    """Raise `NotAllowed`, or `TooLate` when the project is not under way."""
    require(policy.may_publish(actor, project), WHO_PUBLISHES)
    require_team_may_write(actor, project)
    require(policy.can_publish(actor, project))


def _check_needed_fields(texts: Mapping[str, str]) -> None:
    if list_missing_fields(texts, only_needed=True):
        sentence = _("Il manque de quoi lire l’essentiel : complétez-le dans les deux langues.")
        raise RuleBroken(None, sentence)


def _check_no_identifiers(sheet_content: dict[str, Any], *, knowingly: bool) -> None:
    identifiers = find_identifiers(join_sheet_texts(sheet_content, without=_SERVICE_FIELDS))
    if identifiers and not knowingly:
        sentence = _(
            "La fiche contient %(found)s. Elle ne doit désigner personne : retirez-le, ou cochez la"
            " case si c’est l’adresse d’un service.",
            found=", ".join(identifiers),
        )
        raise RuleBroken("knowingly", sentence)


def _end_publication(actor: Actor, edition: Publication) -> None:
    edition.ended_at, edition.ended_by_id = clock.now(), actor.person_id


def transparency_path(project: Project) -> str:
    return f"/projects/{project.slug}/transparency"


def _record_sheet_change(
    actor: Actor,
    project: Project,
    action: audit.Action,
    row: StoredTransparencyPart | Publication,
    changes: audit.Changes,
) -> None:
    facts: dict[str, Any] = {"path": transparency_path(project)}
    if isinstance(row, Publication):
        facts |= {"number": row.number, "fingerprint": row.fingerprint}
    audit.record(actor, action, row, scope_id=project.id, facts=facts, changes=changes)
