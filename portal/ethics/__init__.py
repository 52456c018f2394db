"""What the AI does to people: questionnaires, readiness sheets, reviews, risks, transparency."""
