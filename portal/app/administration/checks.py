"""The health of the installation: what an operator would look at, each in a sentence."""

import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from portal.app.administration import backups, state_labels
from portal.platform.kernel import clock
from portal.platform.kernel.outbox_backlog import read_outbox_backlog
from portal.platform.kernel.services import get_service
from portal.platform.kernel.settings import Settings
from portal.platform.kernel.text import LazyString, ngettext
from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.text import lazy_gettext as _l
from portal.platform.mail.reports import SILENT_AFTER, WorkerReport
from portal.platform.storage import scanner
from portal.platform.storage.intake import UploadIntake
from portal.platform.storage.labels import size_in_words
from portal.platform.storage.scanner import ScannerAway
from portal.platform.storage.storage import StorageAway
from portal.platform.web.health_checks import find_database_fault, find_disk_fault
from portal.platform.web.template_filters import moment

MAIL_LATE_SECONDS = 15 * 60


class CheckState(StrEnum):
    GOOD = "good"
    ATTENTION = "attention"
    BAD = "bad"


BADGES: dict[CheckState, tuple[LazyString, str]] = {
    CheckState.GOOD: (_l("Bien"), "success"),
    CheckState.ATTENTION: (_l("À voir"), "warning"),
    CheckState.BAD: (_l("En panne"), "error"),
}


@dataclass(frozen=True)
class InstallationCheckResult:
    """What was looked at, how it is, and the sentence that says why; `endpoint` is where to act."""

    label: str
    state: CheckState
    sentence: str
    endpoint: str = ""


def list_check_results(reports: Sequence[WorkerReport]) -> Sequence[InstallationCheckResult]:
    """All checks, what is bad first."""
    order = [CheckState.BAD, CheckState.ATTENTION, CheckState.GOOD]
    return sorted(_iterate_check_results(reports), key=lambda check: order.index(check.state))


def _iterate_check_results(reports: Sequence[WorkerReport]) -> Iterator[InstallationCheckResult]:
    yield _check_database()
    yield _check_worker(reports)
    yield _check_mail()
    yield _check_backups()
    yield _check_storage()
    yield _check_scanner()


def _check_database() -> InstallationCheckResult:
    fault = find_database_fault()
    state = CheckState.BAD if fault else CheckState.GOOD
    sentence = (
        _("Elle n’est pas comme elle devrait : « %(fault)s »", fault=fault)
        if fault
        else _("Elle répond, et ses tables sont à jour.")
    )
    return InstallationCheckResult(_("Base de données"), state, sentence)


def _check_worker(reports: Sequence[WorkerReport]) -> InstallationCheckResult:
    label = _("Processus d’arrière-plan")
    latest = reports[0] if reports else None
    if latest is None:
        sentence = _("Il n’a jamais tourné : rien ne part et rien ne s’importe.")
        return InstallationCheckResult(label, CheckState.BAD, sentence)
    if is_worker_report_late(latest):
        when = moment(latest.reported_at)
        sentence = _("Il se tait depuis le %(when)s : rien ne part et rien ne s’importe.", when=when)
        return InstallationCheckResult(label, CheckState.BAD, sentence, "installation.jobs")
    failing = state_labels.list_failing_jobs(
        report for report in reports if not is_worker_report_late(report)
    )
    if failing:
        sentence = ngettext(
            "Il tourne, mais une tâche a échoué : %(names)s.",
            "Il tourne, mais %(num)s tâches ont échoué : %(names)s.",
            len(failing),
            names=", ".join(f"{job.label} ({job.fault})" for job in failing),
        )
        return InstallationCheckResult(label, CheckState.ATTENTION, sentence, "installation.jobs")
    return InstallationCheckResult(label, CheckState.GOOD, _("Il tourne."))


def is_worker_report_late(report: WorkerReport) -> bool:
    """Whether a process of the worker has told nothing for too long."""
    return report.reported_at < clock.now() - SILENT_AFTER


def _check_mail() -> InstallationCheckResult:
    backlog, label = read_outbox_backlog(), _("Courriels")
    if backlog.given_up:
        sentence = ngettext(
            "%(num)s courriel a été abandonné.", "%(num)s courriels ont été abandonnés.", backlog.given_up
        )
        return InstallationCheckResult(label, CheckState.ATTENTION, sentence, "letters.index")
    if backlog.oldest_seconds > MAIL_LATE_SECONDS:
        sentence = _("Un courriel attend depuis plus d’un quart d’heure.")
        return InstallationCheckResult(label, CheckState.BAD, sentence, "letters.index")
    if get_service(Settings).mail_server is None:
        sentence = _("Aucun serveur n’est réglé\u00a0: les courriels sont gardés sur cette machine.")
        return InstallationCheckResult(label, CheckState.ATTENTION, sentence, "letters.index")
    return InstallationCheckResult(
        label, CheckState.GOOD, _("Aucun courriel n’est en retard."), "letters.index"
    )


def _check_backups() -> InstallationCheckResult:
    last, label = backups.find_last_copy_or_check(backups.BACKED_UP), _("Sauvegardes")
    if last is None:
        return InstallationCheckResult(
            label, CheckState.ATTENTION, _("Aucune copie n’a été faite : flask backup create.")
        )
    when = moment(last.at)
    if backups.is_copy_late(last):
        return InstallationCheckResult(
            label, CheckState.ATTENTION, _("La dernière copie date du %(when)s.", when=when)
        )
    return InstallationCheckResult(
        label, CheckState.GOOD, _("Dernière copie, relue aussitôt, le %(when)s.", when=when)
    )


def _check_storage() -> InstallationCheckResult:
    settings, label = get_service(Settings), _("Fichiers")
    try:
        get_service(UploadIntake).storage.check()
    except StorageAway:
        return InstallationCheckResult(
            label, CheckState.BAD, _("Le dossier ou le service qui les garde ne répond pas.")
        )
    if find_disk_fault():
        return InstallationCheckResult(label, CheckState.BAD, _("Le disque est presque plein."))
    free = size_in_words(shutil.disk_usage(settings.data_dir).free)
    return InstallationCheckResult(
        label, CheckState.GOOD, _("Ils sont gardés ; il reste %(size)s sur le disque.", size=free)
    )


def _check_scanner() -> InstallationCheckResult:
    clamd, label = get_service(UploadIntake).clamd, _("Antivirus")
    if clamd is None:
        return InstallationCheckResult(
            label, CheckState.ATTENTION, _("Aucun n’est réglé : les fichiers ne sont pas examinés.")
        )
    try:
        scanner.require_clamd_answer(clamd)
    except ScannerAway:
        return InstallationCheckResult(
            label, CheckState.BAD, _("Il ne répond pas : aucun fichier n’est accepté.")
        )
    return InstallationCheckResult(label, CheckState.GOOD, _("Il répond."))
