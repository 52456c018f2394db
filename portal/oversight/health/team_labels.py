"""Words about the people around a project: key roles, silence of the coaches of its tracks."""

from collections.abc import Mapping

from portal.oversight.health.duration_labels import format_duration
from portal.oversight.health.fact_rules import TrackFacts
from portal.oversight.health.signal_rules import Signal
from portal.oversight.health.state_rules import HealthSnapshot, count_silent_days_by_track
from portal.oversight.health.team_signal_rules import track_silent_since
from portal.platform.kernel.text import LazyString, in_reader_language
from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.text import lazy_gettext as _l

ROLES: dict[str, LazyString] = {
    "sponsor": _l("sponsor"),
    "business_owner": _l("responsable métier"),
    "lead": _l("porteur de projet"),
    "coach": _l("coach"),
}


def join_vacant_roles(signal: Signal, state: HealthSnapshot) -> str:
    """Return the vacant roles, separated by commas; tracks only where others have a coach."""
    keys = [reference.removeprefix("role/") for reference in signal.references]
    if "coach" in keys:
        keys = [key for key in keys if not key.startswith("coach:")]
    return ", ".join(describe_role(key, state.facts.tracks) for key in keys)


def describe_role(key: str, tracks: Mapping[str, TrackFacts]) -> str:
    """Return the label of a key role, or of the coach of a track ("coach:<key>")."""
    kind, _colon, track_key = key.partition(":")
    if not track_key:
        return str(ROLES.get(kind, kind))
    track = tracks.get(track_key)
    return _("coach « %(track)s »", track=name_of_track(track) if track else track_key)


def list_silences(state: HealthSnapshot) -> list[tuple[TrackFacts, int]]:
    """Return the tracks with a coach and the days that each is silent, the longest first."""
    silences = [
        (track, (state.day - since).days)
        for track in state.facts.tracks.values()
        if (since := track_silent_since(track, state.facts)) is not None
    ]
    return sorted(silences, key=lambda silence: -silence[1])


def describe_silence(track: TrackFacts, days: int) -> str:
    """Return how long a track is silent; before its coach held a session, since the assignment."""
    names = {"track": name_of_track(track), "time": format_duration(max(0, days))}
    is_unmet = track.assigned_on and (track.met_on is None or track.met_on < track.assigned_on)
    if days <= 0:
        today = _("%(track)s, coach affecté aujourd’hui") if is_unmet else _("%(track)s : vu aujourd’hui")
        return today % names
    if is_unmet:
        return _("%(track)s depuis l’affectation du coach, il y a %(time)s", **names)
    return _("%(track)s depuis %(time)s", **names)


def describe_silence_by_track(state: HealthSnapshot) -> Mapping[str, str]:
    """Return how long nobody met the team on each track that its health counts, by key of the track."""
    return {
        key: _("aucune séance depuis %(time)s", time=format_duration(days))
        for key, days in count_silent_days_by_track(state).items()
    }


def describe_contacts(state: HealthSnapshot) -> str:
    """Return the clock of each track."""
    return _(" ; ").join(describe_silence(track, days) for track, days in list_silences(state))


def name_of_track(track: TrackFacts) -> str:
    """Return the name of a track in the language of the reader."""
    return in_reader_language(track.name_fr, track.name_en)
