"""What every feature stands on: kernel, web, mail, file storage, PDF. Imports no feature."""
