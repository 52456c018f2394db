"""The software bill of materials of a release, in CycloneDX 1.6: locked packages and vendored assets.

`python -m tools.bill_of_materials FILE`. What an image adds below Python is not in it.
"""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator

from tools.vendor import PACKAGES

LOCK = "requirements-image.txt"
TESTS_ONLY = {"axe-core"}


def write_bill(root: Path, file: Path) -> None:
    """Write the bill of a tree. Raises `CalledProcessError`, and `ValueError` for an invalid bill."""
    options = ["--pyproject", "pyproject.toml", "--short-PURLs", "--output-reproducible", "--sv", "1.6"]
    words = [str(Path(sys.executable).parent / "cyclonedx-py"), "requirements", LOCK, *options]
    listed = subprocess.run(words, cwd=root, check=True, capture_output=True, text=True).stdout
    bill = json.loads(listed)
    for component in bill["components"]:
        component.pop("description")  # repeats the lock
        for reference in component["externalReferences"]:
            reference["url"] = component["purl"]  # whatever index it is installed from
    bill["components"] += [
        _vendored(*package) for package in PACKAGES.items() if package[0] not in TESTS_ONLY
    ]
    text = json.dumps(bill, indent=1, ensure_ascii=False) + "\n"
    if fault := JsonStrictValidator(SchemaVersion.V1_6).validate_str(text):
        raise ValueError(f"The bill is no CycloneDX: {fault}")
    file.write_text(text)


def _vendored(name: str, facts: tuple[str, str]) -> dict[str, Any]:
    version, licence = facts
    url = f"pkg:npm/{name.replace('@', '%40')}@{version}"
    licences = [{"license": {"name": licence}}]
    return {
        "type": "library",
        "bom-ref": url,
        "name": name,
        "version": version,
        "purl": url,
        "licenses": licences,
    }


if __name__ == "__main__":
    write_bill(Path(__file__).resolve().parents[1], Path(sys.argv[1]))
