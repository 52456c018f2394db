"""Commands on the tracks of a programme."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sqlalchemy.exc import IntegrityError

from portal.people.programmes import policy, queries
from portal.people.programmes.models import TRACKS_MAX, Programme, Scope, Track
from portal.people.programmes.track_name_rules import suggest_english_name
from portal.platform.kernel import audit
from portal.platform.kernel.access import Actor, require
from portal.platform.kernel.contributions import Contribution, list_contributions
from portal.platform.kernel.database import check_version, db, lock_row
from portal.platform.kernel.errors import RuleBroken
from portal.platform.kernel.text import fold, slugify
from portal.platform.kernel.text import gettext as _

ADDED = audit.Action("track.added")
EDITED = audit.Action("track.edited")
REMOVED = audit.Action("track.removed")


@dataclass(frozen=True)
class TrackUseSource(Contribution):
    """Says what a feature above this one uses a track for, "" for nothing, and the pages where that
    is changed: label and path."""

    describe: Callable[[Programme, Track], str]
    list_links: Callable[[Programme, Track], Sequence[tuple[str, str]]]


@dataclass(frozen=True, kw_only=True)
class TrackNames:
    """The names of a track; without an English name, the usual one is used, else the French."""

    name_fr: str
    name_en: str = ""


def add_track(actor: Actor, programme: Programme, names: TrackNames) -> Track:
    """Add a track after the others. Raises `RuleBroken` on `name_fr`."""
    require(policy.can_edit_programme(actor, programme))
    lock_row(Scope, programme.id)
    others = queries.list_tracks(programme.id)
    if len(others) >= TRACKS_MAX:
        raise RuleBroken("name_fr", _("Donnez au plus %(n)s volets.", n=TRACKS_MAX))
    _require_distinct_name(names, [track.name_fr for track in others])
    taken_keys = {track.key for track in others}
    base_key = slugify(names.name_fr) or "volet"
    key = next(k for n in range(1, 99) if (k := f"{base_key}-{n}" if n > 1 else base_key) not in taken_keys)
    track = add_track_row(programme, key, names, max((other.position for other in others), default=-1) + 1)
    audit.record(actor, ADDED, track, scope_id=programme.id, facts={"name": track.name_fr})
    return track


def add_track_row(programme: Programme, key: str, names: TrackNames, position: int) -> Track:
    """Add the row; the caller has checked permission and rules."""
    track = Track(
        programme_id=programme.id,
        key=key,
        name_fr=names.name_fr,
        name_en=names.name_en or suggest_english_name(names.name_fr),
        position=position,
    )
    db.session.add(track)
    return track


def edit_track(
    actor: Actor, programme: Programme, track: Track, names: TrackNames, *, place: int, version: int
) -> None:
    """Rename a track or move it to a place, from 1; its key stays, as links and filters use it.

    Raises `RuleBroken` on `name_fr`, `Conflict` after somebody else's save.
    """
    require(policy.can_edit_programme(actor, programme))
    lock_row(Scope, programme.id)
    check_version(track, version)
    others = [other for other in queries.list_tracks(programme.id) if other.id != track.id]
    _require_distinct_name(names, [other.name_fr for other in others])
    track.name_fr = names.name_fr
    track.name_en = names.name_en or suggest_english_name(names.name_fr)
    for position, ordered_track in enumerate([*others[: place - 1], track, *others[place - 1 :]]):
        ordered_track.position = position
    changes = audit.changes_of(track)
    if changes:
        audit.record(actor, EDITED, track, scope_id=programme.id, changes=changes)


def remove_track(actor: Actor, programme: Programme, track: Track) -> None:
    """Remove a track. Raises `RuleBroken` while it is in use, or for the last."""
    require(policy.can_edit_programme(actor, programme))
    lock_row(Scope, programme.id)
    if len(queries.list_tracks(programme.id)) == 1:
        raise RuleBroken(None, _("Un programme garde au moins un volet."))
    uses = describe_track_uses(programme, track)
    audit.record(actor, REMOVED, track, scope_id=programme.id, facts={"name": track.name_fr})
    try:
        with db.session.begin_nested():
            db.session.delete(track)
            db.session.flush()
            if uses:
                raise RuleBroken(None, uses)
    except IntegrityError:  # projects refer to it, on which this wing does not depend
        raise RuleBroken(
            None, _("Des projets sont accompagnés sur ce volet. Retirez-le d’abord de ces projets.")
        ) from None


def describe_track_uses(programme: Programme, track: Track) -> str:
    """Return what a track is used for, by its coaches and by other features, and where that is changed;
    "" for nothing."""
    sentences = [uses.describe(programme, track) for uses in list_contributions(TrackUseSource)]
    if queries.count_coaches_on_track(track):
        sentences.insert(0, _("Des coachs suivent des projets sur ce volet. Retirez-leur d’abord ce rôle."))
    return " ".join(filter(None, sentences))


def list_track_use_links(programme: Programme, track: Track) -> Sequence[tuple[str, str]]:
    """Return the pages where the uses of a track are changed: label and path."""
    return [link for uses in list_contributions(TrackUseSource) for link in uses.list_links(programme, track)]


def _require_distinct_name(names: TrackNames, others: list[str]) -> None:
    if fold(names.name_fr) in {fold(other) for other in others}:
        raise RuleBroken("name_fr", _("Deux volets ne peuvent pas porter le même nom."))
