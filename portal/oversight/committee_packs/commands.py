"""Request packs, which the worker builds, and record exports."""

from collections.abc import Sequence
from datetime import date, datetime

from portal.communication.notifications.commands import mark_subjects_read
from portal.oversight.committee_packs import policy, queries
from portal.oversight.committee_packs.models import CommitteePack
from portal.people.programmes.models import Programme
from portal.people.programmes.schedule_rules import require_past_day_of_programme
from portal.platform.kernel import audit, clock, outbox
from portal.platform.kernel.access import Actor, require
from portal.platform.kernel.database import db, flush_session
from portal.platform.kernel.text import gettext as _

REQUESTED = audit.Action("pack.asked")
COMPLETED = audit.Action("pack.made")
FAILED = audit.Action("pack.failed")
EXPORTED = audit.Action("portfolio.exported")


def request_pack(actor: Actor, programme: Programme, on: date, language: str) -> CommitteePack:
    """Request a pack as of the end of a past day, or as of now.

    Raises `NotAllowed`, and `RuleBroken` on `on` for a day to come or before the programme began.
    """
    require_can_make(actor, programme)
    pack = CommitteePack(
        programme_id=programme.id,
        asked_by_id=actor.person_id,
        language=language,
        as_of_at=get_end_of_day_or_now(programme, on),
        as_of_on=on,
    )
    db.session.add(pack)
    flush_session()
    facts = {"language": language, "as_of": pack.as_of_at, "pack_id": pack.id}
    audit.record(actor, REQUESTED, pack, scope_id=programme.id, facts=facts)
    outbox.wake_sender_after_commit()
    return pack


def record_pack_end(pack: CommitteePack, action: audit.Action) -> None:
    """Record that a pack is `COMPLETED` or `FAILED`, which notifies whoever requested it."""
    facts = {"person_id": pack.asked_by_id, "path": queries.pack_path(pack)}
    audit.record(None, action, pack, scope_id=pack.programme_id, facts=facts)


def mark_own_pack_seen(actor: Actor, pack: CommitteePack) -> None:
    """Mark as read what told the actor that a pack of theirs ended, when its page shows it."""
    if not pack.is_under_way and pack.asked_by_id == actor.person_id:
        mark_subjects_read(actor, pack.id)


def record_export(
    actor: Actor,
    programme: Programme,
    dataset: str,
    kind: str,
    moment: datetime,
    *,
    narrowed_by: Sequence[str] = (),
) -> None:
    """Record who exported what as of a moment, by which filters. Access is checked before."""
    facts = {"what": dataset, "kind": kind, "as_of": moment}
    if narrowed_by:
        facts["narrowed_by"] = " ".join(narrowed_by)
    audit.record(actor, EXPORTED, programme, scope_id=programme.id, facts=facts)


def get_end_of_day_or_now(programme: Programme, on: date) -> datetime:
    """The end of a past day, or now for today. Raises `RuleBroken` on `on`."""
    now = clock.now()
    today = clock.day_of(now)
    require_past_day_of_programme("on", on, programme.starts_on, today)
    return now if on == today else clock.end_of_day(on)


def require_can_make(actor: Actor, programme: Programme) -> None:
    message = _("Seule la direction du programme fait faire un dossier. Rien n’a été changé.")
    require(policy.can_make(actor, programme), message)
