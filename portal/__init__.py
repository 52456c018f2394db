"""The laureates' portal: from a sprint logged to a prototype tried by its users."""
