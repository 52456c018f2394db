"""How a team works: backlog, sprints, ceremonies and versions of the prototype."""
