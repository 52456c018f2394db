"""File storage: intake, type detection, virus scan, picture rewriting, folder and bucket."""
