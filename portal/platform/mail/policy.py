"""Who sees what leaves the house: those who keep the installation going."""

from portal.platform.kernel.access import Actor, Role


def can_read_outbox(actor: Actor) -> bool:
    """To whom, when, of which kind, and what went wrong."""
    return bool(actor.scopes_with(Role.ADMINISTRATOR))


def can_try_again(actor: Actor) -> bool:
    return can_read_outbox(actor)


def can_read_bodies(actor: Actor, *, is_production: bool) -> bool:
    """What letters say: in a demonstration alone, because links in them open accounts."""
    return can_read_outbox(actor) and not is_production
