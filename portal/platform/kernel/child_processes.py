"""What processes of our own start with that read files of others, or whose memory must end with them."""

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]


def build_child_environment() -> dict[str, str]:
    """Their variables: none of our secrets."""
    return {"PATH": os.environ.get("PATH", ""), "PYTHONPATH": str(ROOT)}
