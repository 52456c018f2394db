"""`flask upgrade`: whether this code may take over from the version that serves."""

import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

import click

from portal.app.command_line import upgrade_checks
from portal.app.command_line.command_group import DatabaseCommandGroup
from portal.app.command_line.upgrade_checks import UpgradeFinding, UpgradeVerdict
from portal.app.command_line.upgrade_rehearsal import TimedMigration, rehearse_upgrade
from portal.platform.kernel.database import read_only_transaction
from portal.platform.kernel.migration_state import find_schema_migration

group = DatabaseCommandGroup("upgrade", help="Before a new version takes over.")


@group.command("check")
@click.option(
    "--copies",
    "parent",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("/var/backups/portal"),
    show_default=True,
    help="The folder of the back-ups.",
)
@click.option("--json", "as_json", is_flag=True, help="Print the findings as JSON.")
def check(parent: Path, *, as_json: bool) -> None:
    """Say go or no-go by name before anything is touched; exit with 1 on any no-go.

    Run it with the new code while the old one serves: path of versions, back-up, disk, locks, versions
    that serve, names of settings, and the migrations with the time that they take on a copy.
    """
    with read_only_transaction():
        schema = find_schema_migration()
    findings = [upgrade_checks.check_release_path(schema)]
    migrations: list[TimedMigration] = []
    if findings[0].verdict is UpgradeVerdict.GO:
        copy_finding, copy = upgrade_checks.check_newest_backup(parent, schema)
        findings += [copy_finding, upgrade_checks.check_disk(parent), upgrade_checks.check_locks()]
        findings += [upgrade_checks.check_running_versions(), upgrade_checks.check_setting_names()]
        has_room = findings[2].verdict is UpgradeVerdict.GO
        rehearsal, migrations = rehearse_upgrade(schema, copy if has_room else None)
        findings.append(rehearsal)
    refused = [finding.name for finding in findings if finding.verdict is UpgradeVerdict.NO_GO]
    click.echo(
        _format_findings_json(findings, migrations)
        if as_json
        else _format_findings_text(findings, migrations, refused)
    )
    if refused:
        raise SystemExit(1)


def _format_findings_json(findings: Sequence[UpgradeFinding], migrations: Sequence[TimedMigration]) -> str:
    checks = [asdict(finding) | {"verdict": finding.verdict.value} for finding in findings]
    is_go = all(finding.verdict is not UpgradeVerdict.NO_GO for finding in findings)
    return json.dumps(
        {"go": is_go, "checks": checks, "migrations": [asdict(each) for each in migrations]}, indent=1
    )


def _format_findings_text(
    findings: Sequence[UpgradeFinding], migrations: Sequence[TimedMigration], refused: Sequence[str]
) -> str:
    lines = [f"{each.verdict.value:10} {each.name}: {each.sentence}" for each in findings]
    for each in migrations:
        seconds = "" if each.seconds is None else f" ({each.seconds:.2f} s)"
        lines.append(f"{'':10} {each.number} {each.title}{seconds}")
    lines.append(f"No go: {', '.join(refused)}." if refused else "Go.")
    return "\n".join(lines)
