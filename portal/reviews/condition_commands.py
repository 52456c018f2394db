"""What becomes of a condition: the team proves it, the reviewer confirms it or gives it back."""

from dataclasses import dataclass

from portal.files.queries import has_files
from portal.kernel import audit, clock
from portal.kernel.access import Actor
from portal.kernel.db import check_version, db
from portal.kernel.errors import RuleBroken, TooLate
from portal.kernel.text import gettext as _
from portal.kernel.text import lazy_gettext as _l
from portal.projects.models import Project
from portal.projects.teamwork import require_work
from portal.reviews import pen, policy
from portal.reviews.models import Review, ReviewCondition

PROVED = audit.Action("condition.proved", _l("a répondu à la condition %(number)s"))
RETURNED = audit.Action("condition.returned", _l("a renvoyé la condition %(number)s à l’équipe"))
CONFIRMED = audit.Action("condition.confirmed", _l("a levé la condition %(number)s"))

Of = tuple[ReviewCondition, Review]


@dataclass(frozen=True, kw_only=True)
class Proof:
    """Words, a link; files attached to the condition count too."""

    text: str = ""
    link: str = ""


def prove(actor: Actor, project: Project, of: Of, proof: Proof, seen: int) -> None:
    """Raises `RuleBroken` on `proof` where nothing shows it, `TooLate`, `Conflict`."""
    require_work(actor, project)
    condition = _hold(of)
    if not policy.can_prove(actor, project, condition):
        raise TooLate(_("Cette condition est levée : elle ne change plus."), _page(project, of))
    check_version(condition, seen)
    shown = proof.text or proof.link or has_files(condition.__tablename__, condition.id)
    if not shown:
        sentence = _("Dites ce qui la remplit, donnez un lien, ou joignez d’abord un fichier.")
        raise RuleBroken("proof", sentence)
    condition.proof, condition.proof_link = proof.text, proof.link
    condition.proved_at, condition.proved_by_id = clock.now(), actor.person_id
    condition.returned_because = ""
    pen.tell(actor, project, PROVED, condition, review=of[1].number)


def confirm(actor: Actor, project: Project, of: Of, seen: int) -> None:
    """It is met, in the reviewer's name. Raises `TooLate`, `Conflict`."""
    condition = _hold_proved(actor, project, of)
    check_version(condition, seen)
    condition.confirmed_at, condition.confirmed_by_id = clock.now(), actor.person_id
    pen.tell(actor, project, CONFIRMED, condition, review=of[1].number)


def give_back(actor: Actor, project: Project, of: Of, because: str, seen: int) -> None:
    """What was shown does not do. Raises `RuleBroken` on `returned_because`, `Conflict`."""
    condition = _hold_proved(actor, project, of)
    check_version(condition, seen)
    if not because:
        raise RuleBroken("returned_because", _("Dites ce qui manque : l’équipe le lira."))
    condition.proved_at, condition.proved_by_id = None, None
    condition.returned_because = because
    pen.tell(actor, project, RETURNED, condition, review=of[1].number)


def _hold_proved(actor: Actor, project: Project, of: Of) -> ReviewCondition:
    pen.require_reviewer(actor, project, of[1])
    condition = _hold(of)
    pen.require_reviewer(actor, project, of[1])
    if not policy.can_confirm(actor, project, of[1], condition):
        sentence = _("Cette condition n’attend pas de confirmation pour l’instant.")
        raise TooLate(sentence, _page(project, of))
    return condition


def _hold(of: Of) -> ReviewCondition:
    condition, review = of
    pen.hold(review)
    db.session.refresh(condition)
    return condition


def _page(project: Project, of: Of) -> str:
    return pen.page_of(project, of[0])
