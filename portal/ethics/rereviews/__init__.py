"""What has a decided ethics review looked at again: facts of a project, each raised once."""
