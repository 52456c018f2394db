"""Files attached to objects of a project, whose kinds this feature does not know."""
