"""Published and computed reference figures."""

import json
from pathlib import Path

FOLDER = Path(__file__).parent / "data"
VECTORS = json.loads((FOLDER / "vectors.json").read_text(encoding="utf-8"))
QUANTILES = json.loads((FOLDER / "quantiles.json").read_text(encoding="utf-8"))
EXACT = 5.1e-7  # computed ones are written to six decimals
