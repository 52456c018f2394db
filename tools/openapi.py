"""Writes docs/openapi.json from the declared operations: python -m tools.openapi [--breaking]

A change that would break clients of the committed version is refused, unless it is wanted (`--breaking`).
"""

import json
import sys
from pathlib import Path

from portal.api.reference.compatibility_rules import list_breaking_changes
from portal.api.reference.openapi_documents import build_document
from portal.app.application.features import API_AREAS
from portal.platform.web.api_versions import ApiVersion, get_api_version

FILE = Path(__file__).resolve().parents[1] / "docs" / "openapi.json"


def write_text(version: ApiVersion | None = None) -> str:
    """The document of a version (None: the current one) as it is committed."""
    document = build_document((each for area in API_AREAS for each in area.operations), version)
    return json.dumps(document, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def main() -> int:
    text = write_text()
    before = json.loads(FILE.read_text()) if FILE.exists() else {"paths": {}, "info": {"version": ""}}
    same_version = write_text(get_api_version(before["info"]["version"]))
    faults = list_breaking_changes(before, json.loads(same_version))
    if faults and "--breaking" not in sys.argv:
        print("\n".join(faults))
        return 1
    FILE.write_text(text)
    return 0


if __name__ == "__main__":
    sys.exit(main())
