"""Writing a card, showing it to everybody, taking it back. Policy first, then the rules."""

from collections.abc import Mapping

from portal.oversight.public_cards import policy, queries
from portal.oversight.public_cards.models import PublicCard
from portal.platform.kernel import audit, clock
from portal.platform.kernel.access import Actor, require
from portal.platform.kernel.database import check_version, db, flush_session, lock_row
from portal.platform.kernel.errors import Conflict, RuleBroken
from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.text import lazy_gettext as _l
from portal.project.framing.identifier_rules import find_identifiers
from portal.project.projects.models import Project

WRITTEN = audit.Action("card.written", _l("a modifié la carte publique"))
PUBLISHED = audit.Action("card.shown", _l("a rendu la carte du projet publique"))
HIDDEN = audit.Action("card.hidden", _l("a retiré la carte publique du projet"))


def write_card(
    actor: Actor, project: Project, texts: Mapping[str, str], read_version: int
) -> PublicCard:
    """`texts` by field; `seen` is the version read, 0 where there was none.

    Raises `Conflict`, and `RuleBroken` on a field that names somebody, or that is left bare while
    everybody reads the card.
    """
    require_can_write(actor, project)
    lock_row(Project, project.id)
    row = queries.find_card(project)
    if row is None:
        if read_version:
            raise Conflict
        row = PublicCard(project_id=project.id)
        db.session.add(row)
    else:
        check_version(row, read_version)
    _check_texts(texts, is_shown=row.shown_at is not None)
    for name, text in texts.items():
        setattr(row, name, text)
    changes = audit.changes_of(row, leave_out=frozenset({"project_id"}))
    if changes:
        flush_session()
        _record(actor, project, WRITTEN, row, changes)
    return row


def _check_texts(texts: Mapping[str, str], *, is_shown: bool) -> None:
    for name, text in texts.items():
        identifiers = find_identifiers(text)
        if identifiers:
            sentence = _(
                "Ce texte ne doit désigner personne : retirez %(what)s.", what=identifiers[0]
            )
            raise RuleBroken(name, sentence)
        if is_shown and not text:
            raise RuleBroken(name, _("La carte est publique : elle ne perd aucun de ses textes."))


def show_card(actor: Actor, project: Project) -> PublicCard:
    """From then on anybody reads it. Raises `RuleBroken` while a text is missing in a language."""
    require_can_write(actor, project)
    row = _lock_card(project)
    if not all(queries.get_texts(row).values()):
        raise RuleBroken(None, _("Il manque un texte : écrivez les quatre, dans les deux langues."))
    if row.shown_at is None:
        row.shown_at, row.shown_by_id = clock.now(), actor.person_id
        flush_session()
        _record(actor, project, PUBLISHED, row, {})
    return row


def hide_card(actor: Actor, project: Project) -> PublicCard:
    """Its address shows nothing any more; its texts stay."""
    require_can_write(actor, project)
    row = _lock_card(project)
    if row.shown_at is not None:
        row.shown_at = row.shown_by_id = None
        flush_session()
        _record(actor, project, HIDDEN, row, {})
    return row


def _lock_card(project: Project) -> PublicCard:
    lock_row(Project, project.id)
    row = queries.get_card(project)
    db.session.refresh(row)
    return row


def require_can_write(actor: Actor, project: Project) -> None:
    """Raises `NotAllowed`."""
    message = _("Seule la direction du programme écrit et montre la carte. Rien n’a été changé.")
    require(policy.can_write(actor, project), message)


def _record(
    actor: Actor, project: Project, action: audit.Action, row: PublicCard, changes: audit.Changes
) -> None:
    facts = {"path": f"/projects/{project.slug}/card"}
    audit.record(actor, action, row, scope_id=project.id, facts=facts, changes=changes)
