"""Ethics reviews: a questionnaire that a team answers and an independent reviewer decides."""
