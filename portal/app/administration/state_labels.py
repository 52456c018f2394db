"""Labels of the jobs of the worker, on the page of the installation."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from portal.platform.kernel import clock
from portal.platform.kernel.text import LazyString
from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.text import lazy_gettext as _l
from portal.platform.mail.reports import WorkerReport

_JOBS: dict[str, LazyString] = {
    "MailRound.run": _l("Envoyer les courriels"),
    "send_mails": _l("Écrire les notifications"),
    "raise_due_triggers": _l("Demander les réexamens"),
    "make_due_packs": _l("Faire les dossiers de comité"),
    "make_due_exports": _l("Faire les exports de données"),
    "make_due_archives": _l("Faire les archives de programmes"),
    "journal_joins": _l("Noter les comptes réunis"),
    "advance_erasures": _l("Préparer et faire les effacements"),
    "print_due_reports": _l("Imprimer les rapports au financeur"),
    "refresh_due_rankings": _l("Refaire les classements"),
    "run_due_backlog_imports": _l("Importer les carnets"),
    "run_due_imports": _l("Importer les candidatures"),
    "send_due_replies": _l("Écrire les décisions à la source"),
    "read_files": _l("Lire le texte des fichiers"),
    "run_webhooks": _l("Livrer les webhooks"),
    "verify_due_trails": _l("Vérifier le journal"),
    "apply_retention": _l("Appliquer les durées de conservation"),
    "handle_unused_accounts": _l("Prévenir les comptes inutilisés"),
    "purge_due_test_data": _l("Effacer les séances de test échues"),
    "purge_calls": _l("Effacer les candidatures échues"),
    "sweep_files": _l("Retirer les fichiers que rien ne nomme"),
    "notify": _l("Prévenir des dates"),
    "follow_closings": _l("Suivre les programmes clos"),
    "delete_old_keys": _l("Retirer les clés de formulaires"),
    "delete_old_answers": _l("Retirer les réponses de l’API"),
    "delete_old_deliveries": _l("Retirer les livraisons de webhooks"),
    "delete_resets_before": _l("Retirer les demandes de mot de passe"),
    "delete_old_exports": _l("Retirer les anciens exports"),
    "delete_old_archives": _l("Retirer les anciennes archives"),
    "delete_old_versions": _l("Retirer les anciennes versions"),
    "truncate_wal_now": _l("Vider le journal de la base"),
    "truncate_leftover_wal": _l("Finir de vider le journal de la base"),
    "make_programmes_leave": _l("Faire partir les programmes clos"),
    "report": _l("Noter ce qui a été fait"),
    "record_due_funding_reminders": _l("Rappeler les dates des conventions"),
}
FAULT_RECENT = timedelta(hours=1)


@dataclass(frozen=True)
class JobLine:
    """A job of a process: when it last ran and last did something, its amount, its last fault."""

    label: str
    at: datetime
    worked_at: datetime | None
    amount: int
    fault: str
    fault_at: datetime | None

    @property
    def is_failing(self) -> bool:
        """Whether its last run failed, or one within the hour."""
        return self.fault_at is not None and (
            self.fault_at == self.at or self.fault_at > clock.now() - FAULT_RECENT
        )


def list_job_lines(report: WorkerReport) -> Sequence[JobLine]:
    """The jobs of a process: what failed last first, then what did something, then the others."""
    lines = [_build_job_line(name, job) for name, job in report.jobs.items()]
    return sorted(lines, key=lambda line: (not line.fault, line.worked_at is None, line.label))


def list_failing_jobs(reports: Iterable[WorkerReport]) -> Sequence[JobLine]:
    """The jobs of these processes that fail, each once."""
    lines = {line.label: line for report in reports for line in list_job_lines(report) if line.is_failing}
    return list(lines.values())


def _build_job_line(name: str, job: dict[str, Any]) -> JobLine:
    label = _JOBS.get(name)
    return JobLine(
        label=str(label) if label else _("Nettoyage (%(name)s)", name=name),
        at=datetime.fromisoformat(job["at"]),
        worked_at=datetime.fromisoformat(job["worked_at"]) if "worked_at" in job else None,
        amount=job["amount"],
        fault=job.get("fault", ""),
        fault_at=datetime.fromisoformat(job["fault_at"]) if "fault_at" in job else None,
    )
