"""Write, publish and hide the public card of a project."""

from collections.abc import Mapping

from portal.oversight.public_cards import policy, queries
from portal.oversight.public_cards.models import PublicCard
from portal.platform.kernel import audit, clock
from portal.platform.kernel.access import Actor, require
from portal.platform.kernel.database import flush_session, lock_row, reload_row
from portal.platform.kernel.errors import RuleBroken
from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.text import lazy_gettext as _l
from portal.project.framing.identifier_rules import find_identifiers
from portal.project.projects.models import Project
from portal.project.projects.work_commands import find_or_create_only_row

WRITTEN = audit.Action("card.written", _l("a modifié la carte publique"))
PUBLISHED = audit.Action("card.shown", _l("a rendu la carte du projet publique"))
HIDDEN = audit.Action("card.hidden", _l("a retiré la carte publique du projet"))


def write_card(actor: Actor, project: Project, texts: Mapping[str, str], read_version: int) -> PublicCard:
    """Write the texts, by field, and return the card; `read_version` is 0 where there was none.

    Raises `RuleBroken` on a field that identifies a person, or that is empty while the card is
    public; `Conflict`, `NotAllowed`.
    """
    require_can_write_card(actor, project)
    row: PublicCard = find_or_create_only_row(PublicCard, project, read_version)
    _check_card_texts(texts, is_shown=row.shown_at is not None)
    for name, text in texts.items():
        setattr(row, name, text)
    changes = audit.changes_of(row, leave_out=frozenset({"project_id"}))
    if changes:
        flush_session()
        _record_card_change(actor, project, WRITTEN, row, changes)
    return row


def _check_card_texts(texts: Mapping[str, str], *, is_shown: bool) -> None:
    for name, text in texts.items():
        identifiers = find_identifiers(text)
        if identifiers:
            sentence = _("Ce texte ne doit désigner personne : retirez %(what)s.", what=identifiers[0])
            raise RuleBroken(name, sentence)
        if is_shown and not text:
            raise RuleBroken(name, _("La carte est publique : elle ne perd aucun de ses textes."))


def publish_card(actor: Actor, project: Project) -> PublicCard:
    """Publish the card; return it. Raises `RuleBroken` while a text is missing; `NotAllowed`."""
    require_can_write_card(actor, project)
    row = _lock_project_refresh_card(project)
    if not all(queries.get_card_texts(row).values()):
        raise RuleBroken(None, _("Il manque un texte : écrivez les quatre, dans les deux langues."))
    if row.shown_at is None:
        row.shown_at, row.shown_by_id = clock.now(), actor.person_id
        flush_session()
        _record_card_change(actor, project, PUBLISHED, row, {})
    return row


def hide_card(actor: Actor, project: Project) -> PublicCard:
    """Hide the card and keep its texts; return it. Raises `NotAllowed`."""
    require_can_write_card(actor, project)
    row = _lock_project_refresh_card(project)
    if row.shown_at is not None:
        row.shown_at = row.shown_by_id = None
        flush_session()
        _record_card_change(actor, project, HIDDEN, row, {})
    return row


def _lock_project_refresh_card(project: Project) -> PublicCard:
    lock_row(Project, project.id)
    row = queries.get_card(project)
    reload_row(row)
    return row


def require_can_write_card(actor: Actor, project: Project) -> None:
    """Raises `NotAllowed` to all but the programme's lead."""
    sentence = _("Seule la direction du programme écrit et montre la carte. Rien n’a été changé.")
    require(policy.can_write(actor, project), sentence)


def _record_card_change(
    actor: Actor, project: Project, action: audit.Action, row: PublicCard, changes: audit.Changes
) -> None:
    facts = {"path": f"/projects/{project.slug}/card"}
    audit.record(actor, action, row, scope_id=project.id, facts=facts, changes=changes)
