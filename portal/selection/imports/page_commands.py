"""Write what a step of a run read: applications, their files, and those that are gone.

Written in one transaction with the run's cursor, so that a process that is killed leaves a whole
number of steps, and whoever goes on repeats none.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from portal.platform.kernel import audit, clock
from portal.platform.kernel.database import db
from portal.platform.kernel.text import gettext as _
from portal.selection.applications import commands as applications
from portal.selection.applications.commands import ApplicationFacts
from portal.selection.applications.models import (
    NUMBER_MAX,
    Application,
    ApplicationOrigin,
    ApplicationState,
)
from portal.selection.applications.policy import is_still_in_selection
from portal.selection.applications.queries import list_members, next_application_number
from portal.selection.applications.rules import NamedMember
from portal.selection.calls.models import Call
from portal.selection.imports import file_commands, queries, run_commands
from portal.selection.imports.application_rules import (
    UnreadableApplication,
    Values,
    filter_mapped_values,
    list_fields_changed_at_source,
    list_remarks,
    map_application,
)
from portal.selection.imports.dossier_rules import SourceApplication, Tombstone, is_older_moment
from portal.selection.imports.file_commands import FetchedFile
from portal.selection.imports.models import ImportedApplication, ImportMode, ImportRun, RemovalKind
from portal.selection.imports.run_commands import ClaimedRun

RESTORED = audit.Action("application.restored")
TEXT_SHOWN_MAX = 200  # characters of a value in the list of a dry run
REPLACED_WORDS_MAX = 20  # of an application


@dataclass(frozen=True)
class ParsedSourcePage:
    """What a step read: applications with the files that were fetched for each, and numbers with
    the reason why they are unreadable."""

    applications: Sequence[SourceApplication]
    files: Mapping[str, Sequence[FetchedFile]]
    unreadable: Sequence[tuple[str, str]]


@dataclass
class _PageInProgress:
    """A page while it is written."""

    claimed: ClaimedRun
    run: ImportRun
    call: Call
    next_number: int
    counts: dict[str, int] = field(default_factory=lambda: dict.fromkeys(run_commands.COUNTS, 0))
    unreadable: list[tuple[str, str]] = field(default_factory=list)
    remarks: list[tuple[str, str]] = field(default_factory=list)
    differences: list[dict[str, Any]] = field(default_factory=list)


def write_applications_page(claimed: ClaimedRun, run: ImportRun, call: Call, read: ParsedSourcePage) -> None:
    """Write applications that were read; the caller moves the run on and commits."""
    numbers = [source.number for source in read.applications]
    imported = queries.map_applications_by_source_number(call.id, numbers)
    page = _PageInProgress(
        claimed, run, call, next_application_number(call), unreadable=list(read.unreadable)
    )
    for source in read.applications:
        try:
            _write_application(page, source, imported.get(source.number), read.files.get(source.number, ()))
        except UnreadableApplication as unreadable:
            page.unreadable.append((source.number, unreadable.code))
    if read.applications:
        run.watermark = max([run.watermark, *(source.updated_at for source in read.applications)])
        run.read_count += len(read.applications) + len(read.unreadable) - len(page.unreadable)
    run_commands.add_unreadable_applications(run, page.unreadable)
    run.add_remarks(page.remarks)
    run_commands.add_counts(run, page.counts)
    run_commands.add_dry_run_differences(run, page.differences)


def _write_application(
    page: _PageInProgress,
    source: SourceApplication,
    imported: tuple[Application, ImportedApplication] | None,
    files: Sequence[FetchedFile],
) -> None:
    if source.revision not in page.claimed.revisions:
        raise UnreadableApplication("unknown_revision")
    if imported is None:
        values = map_application(source, page.claimed.mapping)
        page.remarks += [(source.number, code) for code in list_remarks(source, page.claimed.mapping)]
        application = _create_application(page, source, values)
    else:
        application, stored = imported
        _update_application(page, source, application, stored)
    if application is not None:
        page.counts["files"] += file_commands.attach_fetched_files(
            page.claimed, page.call, application, files
        )


def _create_application(
    page: _PageInProgress, source: SourceApplication, values: Values
) -> Application | None:
    page.counts["created"] += 1
    if page.run.is_dry:
        page.differences.append(_build_difference_entry(source.number, "created", values["title"]))
        return None
    if page.next_number > NUMBER_MAX:
        page.counts["created"] -= 1
        raise UnreadableApplication("call_full")
    application = applications.create_application(
        None,
        page.call,
        page.next_number,
        _build_application_facts(values),
        page.run.act_facts,
        origin=ApplicationOrigin.FILE if page.claimed.mode is ImportMode.FILE else ApplicationOrigin.API,
        external_id=source.number,
    )
    page.next_number += 1
    db.session.add(
        ImportedApplication(
            application_id=application.id,
            source_id=source.id,
            revision=source.revision,
            source_state=source.state,
            content_hash=source.hash_content(page.claimed.mapping),
            values=values,
            is_unfinished=source.must_be_read_again,
            source_updated_at=source.updated_at,
        )
    )
    return application


def _build_application_facts(values: Values) -> ApplicationFacts:
    plain = {name: text for name, text in values.items() if name not in {"members", "received_on"}}
    members = [NamedMember(*each) for each in values["members"]]
    return ApplicationFacts(**plain, members=members, received_on=date.fromisoformat(values["received_on"]))


def _update_application(
    page: _PageInProgress, source: SourceApplication, application: Application, stored: ImportedApplication
) -> None:
    """Write what changed at the source; nothing where nothing did, or where what a file says is older."""
    is_file = page.claimed.mode is ImportMode.FILE
    if is_file and is_older_moment(source.updated_at, stored.source_updated_at or ""):
        page.counts["older"] += 1
        page.remarks.append((source.number, "older"))
        return
    returns = stored.removal is not None and not is_file
    content_hash = source.hash_content(page.claimed.mapping)
    is_same = stored.content_hash == content_hash
    if not returns and (is_same or not is_still_in_selection(application)):
        page.counts["unchanged"] += 1  # the same, or withdrawn or decided here: the source changes it no more
        if is_same and not page.run.is_dry:
            stored.source_updated_at = source.updated_at or stored.source_updated_at
        return
    # What the mapping no longer names stays: a newer form may lack a field, a file a column.
    mapped = filter_mapped_values(map_application(source, page.claimed.mapping), page.claimed.mapping)
    values = stored.values | mapped
    page.remarks += [(source.number, code) for code in list_remarks(source, page.claimed.mapping)]
    present = _read_application_values(application, values)
    # What a lead wrote in the source's new words is no change.
    changed_names = list_fields_changed_at_source(stored.values, values)
    names = [name for name in changed_names if present[name] != values[name]]
    page.counts["updated" if names or returns else "unchanged"] += 1
    if page.run.is_dry:
        if names or returns:
            kind = "returned" if returns else "updated"
            texts = [_summarise_field_change(name, present, values) for name in names]
            page.differences.append(_build_difference_entry(source.number, kind, application.title, texts))
        return
    if returns:
        _restore_application(page.run, application, stored)
    if names:
        _keep_replaced_words(page.run, stored, present, values, names)
        facts = _build_application_facts(present | {name: values[name] for name in names})
        applications.write_application_facts(None, application, facts, **page.run.act_facts)
    stored.source_updated_at = source.updated_at or stored.source_updated_at
    stored.source_state, stored.content_hash = source.state, content_hash
    if not is_file:
        stored.revision, stored.is_unfinished = source.revision, source.must_be_read_again
    stored.values = values


def _read_application_values(application: Application, values: Values) -> Values:
    """What an application says now in the fields of `values`."""
    present: Values = {name: getattr(application, name) for name in values if name not in {"members"}}
    present["received_on"] = application.received_on.isoformat()
    present["members"] = [[m.name, m.email, m.function] for m in list_members(application)]
    return present


def _keep_replaced_words(
    run: ImportRun, stored: ImportedApplication, present: Values, values: Values, names: Sequence[str]
) -> None:
    """Keep what a lead had written in the fields that the source now changes, for the leads to read."""
    day = clock.today().isoformat()
    replaced = [
        {"field": name, "text": _value_text(present[name]), "run": run.number, "day": day}
        for name in names
        if present[name] not in (stored.values.get(name), values[name]) and present[name]
    ]
    if replaced:
        stored.replaced_words = [*replaced, *(stored.replaced_words or ())][:REPLACED_WORDS_MAX]


def _build_difference_entry(
    number: str, kind: str, title: str, fields: Sequence[Sequence[str]] = ()
) -> dict[str, Any]:
    return {"number": number, "kind": kind, "title": title, "fields": [list(each) for each in fields]}


def _summarise_field_change(name: str, old: Values, new: Values) -> tuple[str, str, str]:
    return name, _shorten_value(old.get(name, "")), _shorten_value(new[name])


def _shorten_value(value: Any) -> str:
    text = _value_text(value)
    return text if len(text) <= TEXT_SHOWN_MAX else f"{text[:TEXT_SHOWN_MAX]}…"


def _value_text(value: Any) -> str:
    return value if isinstance(value, str) else "\n".join(", ".join(filter(None, each)) for each in value)


def _restore_application(run: ImportRun, application: Application, stored: ImportedApplication) -> None:
    if stored.state_before is not None and application.state is ApplicationState.WITHDRAWN:
        application.state, application.state_reason = stored.state_before, ""
        applications.record_application_act(None, RESTORED, application, **run.act_facts)
    stored.removal = stored.state_before = None


def withdraw_removed_applications(
    run: ImportRun, call: Call, tombstones: Sequence[Tombstone], reason: RemovalKind
) -> None:
    """Withdraw the applications that the source says are gone; those unknown here are no matter."""
    imported = queries.map_applications_by_source_number(call.id, [each.number for each in tombstones])
    count, differences = 0, []
    for tombstone in tombstones:
        application, stored = imported.get(tombstone.number, (None, None))
        if application is None or stored is None or stored.removal in {reason, RemovalKind.DELETED}:
            continue
        was_in = stored.removal is None
        if was_in and is_still_in_selection(application):
            count += 1
            differences.append(_build_difference_entry(tombstone.number, "withdrawn", application.title))
        if not run.is_dry:
            _withdraw_application(run, application, stored, reason)
    run_commands.add_counts(run, {"withdrawn": count})
    if run.is_dry:
        run_commands.add_dry_run_differences(run, differences)
        run.numbers_read = [*run.numbers_read, *(each["number"] for each in differences)]  # not absent, too


def _withdraw_application(
    run: ImportRun, application: Application, stored: ImportedApplication, reason: RemovalKind
) -> None:
    stored.removal = reason
    if application.state is ApplicationState.WITHDRAWN:
        application.withdrawn_by_id = None  # nobody undoes a withdrawal that the source has confirmed
    if not is_still_in_selection(application):
        return
    stored.state_before = application.state
    application.state, application.state_reason = ApplicationState.WITHDRAWN, _reason_text(reason)
    applications.record_application_act(None, applications.WITHDRAWN, application, **run.act_facts)


def _reason_text(reason: RemovalKind) -> str:
    return {
        RemovalKind.BIN: _("Mise à la corbeille dans Démarches simplifiées."),
        RemovalKind.DELETED: _("Supprimée de Démarches simplifiées."),
        RemovalKind.ABSENT: _("Absente de Démarches simplifiées à la dernière lecture complète."),
    }[reason]


def list_absent_applications_as_tombstones(run: ImportRun, call: Call) -> Sequence[Tombstone] | None:
    """The applications that a complete run did not see; None where that proves nothing."""
    numbers_read = set(run.numbers_read)
    if any(not number for number, _reason in run.unreadable) or not numbers_read:
        return None
    unread = {number for number, _reason in run.unreadable}
    absent = [
        number
        for number in queries.list_undecided_application_numbers(call.id)
        if number not in numbers_read | unread
    ]
    return [Tombstone(number, "absent", "") for number in absent]
