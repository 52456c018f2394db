"""Change what holds for the whole installation: settings, the banner, maintenance."""

from collections.abc import Mapping
from typing import Any

from portal.app.administration import policy
from portal.app.administration.installation import CHANGEABLE, get_installation_state_cache
from portal.app.administration.models import StoredInstallationState
from portal.app.administration.queries import find_installation_state
from portal.people.accounts.commands import queue_mail_to
from portal.people.accounts.queries import get_own_person
from portal.people.programmes.models import INSTALLATION, Scope
from portal.platform.kernel import audit, clock
from portal.platform.kernel.access import Actor, require
from portal.platform.kernel.database import db, lock_row
from portal.platform.kernel.errors import Conflict, RuleBroken
from portal.platform.kernel.text import gettext as _

SETTINGS_CHANGED = audit.Action("installation.settings_changed")
BANNER_CHANGED = audit.Action("installation.banner_changed")
MAINTENANCE_BEGUN = audit.Action("installation.maintenance_begun")
MAINTENANCE_ENDED = audit.Action("installation.maintenance_ended")
MAIL_TESTED = audit.Action("installation.mail_tested")


def change_settings(actor: Actor, values: Mapping[str, Any], version: int) -> None:
    """Replace settings of the environment, by their variable; an empty value gives its own back, and
    the very value of the environment replaces nothing unless it did before.

    Raises `Conflict` unless the state is at `version` (0: it had no row).
    """
    require(policy.can_administer(actor))
    state = _lock_installation_state(version)
    before = dict(state.overrides or {})
    overrides = {
        name: values[name]
        for name in CHANGEABLE
        if values.get(name) not in (None, "")
        and (name in before or values[name] != _read_environment_setting(name))
    }
    demanded = overrides.get("IDLE_MINUTES_DEMANDED", _read_environment_setting("IDLE_MINUTES_DEMANDED"))
    if demanded > overrides.get("IDLE_MINUTES", _read_environment_setting("IDLE_MINUTES")):
        sentence = _("Les rôles qui demandent un second facteur n’ont pas plus de temps que les autres.")
        raise RuleBroken("idle_minutes_demanded", sentence)
    names = sorted(name for name in CHANGEABLE if before.get(name) != overrides.get(name))
    if names:
        state.overrides = overrides
        changes = {name: (before.get(name), overrides.get(name)) for name in names}
        _record_installation_act(actor, SETTINGS_CHANGED, state, changes)


def change_banner(actor: Actor, banner_fr: str, banner_en: str, version: int) -> None:
    """Set the banner that all readers see; empty texts take it away. Raises `Conflict`."""
    require(policy.can_administer(actor))
    state = _lock_installation_state(version)
    if banner_en and not banner_fr:
        raise RuleBroken("banner_fr", _("Écrivez-le aussi en français."))
    before = state.banner_fr, state.banner_en
    state.banner_fr, state.banner_en = banner_fr, banner_en
    pairs = zip(("banner_fr", "banner_en"), before, (banner_fr, banner_en), strict=True)
    _record_installation_act(
        actor, BANNER_CHANGED, state, {name: (old or "", new) for name, old, new in pairs}
    )


def begin_maintenance(actor: Actor) -> None:
    """Let nobody but administrators in. Raises `RuleBroken` when it is so already."""
    require(policy.can_administer(actor))
    state = _lock_installation_state(None)
    if state.maintenance_since is not None:
        raise RuleBroken(None, _("Le portail est déjà en maintenance."))
    state.maintenance_since = clock.now()
    _record_installation_act(actor, MAINTENANCE_BEGUN, state, {})


def end_maintenance(actor: Actor) -> None:
    """Let everybody in again. Raises `RuleBroken` when it is so already."""
    require(policy.can_administer(actor))
    state = _lock_installation_state(None)
    if state.maintenance_since is None:
        raise RuleBroken(None, _("Le portail n’est pas en maintenance."))
    state.maintenance_since = None
    _record_installation_act(actor, MAINTENANCE_ENDED, state, {})


def send_test_mail(actor: Actor) -> None:
    """Send a mail to the administrator who asks, as any other mail leaves."""
    require(policy.can_administer(actor))
    person = get_own_person(actor)
    queue_mail_to(person, "mail-test", name=person.name)
    audit.record(actor, MAIL_TESTED, person, scope_id=None)


def _lock_installation_state(version: int | None) -> StoredInstallationState:
    """The state under a lock, with a row from now on. Raises `Conflict` unless it is at `version`."""
    lock_row(Scope, INSTALLATION)
    state = find_installation_state()
    if version is not None and version != (state.version if state else 0):
        raise Conflict
    if state is None:
        state = StoredInstallationState(id=INSTALLATION, overrides={})
        db.session.add(state)
    return state


def _record_installation_act(
    actor: Actor, action: audit.Action, state: StoredInstallationState, changes: audit.Changes
) -> None:
    audit.record(actor, action, state, scope_id=None, changes=changes)
    get_installation_state_cache().forget_state()


def _read_environment_setting(name: str) -> Any:
    """The value of the environment."""
    return getattr(get_installation_state_cache().from_environment, CHANGEABLE[name])
