"""Access to the outbox: administrators."""

from portal.platform.kernel.access import Actor, Role


def can_read_outbox(actor: Actor) -> bool:
    """Whether the actor may see recipients, times, kinds and problems of mails."""
    return bool(actor.scopes_with(Role.ADMINISTRATOR))


def can_retry_letters(actor: Actor) -> bool:
    return can_read_outbox(actor)


def can_read_letter_bodies(actor: Actor, *, is_production: bool) -> bool:
    """Whether the actor may read mails: never in production, because their links open accounts."""
    return can_read_outbox(actor) and not is_production
