"""Public cards of the demonstration, published by the programme's lead."""

from portal.app.demo.story_part import ProjectStory
from portal.oversight.public_cards import commands
from portal.platform.kernel.access import Actor
from portal.project.projects.queries import get_project


def publish_card(slug: str, project_story: ProjectStory, direction: Actor) -> None:
    """Publish the card of a project whose story has one."""
    if texts := project_story.get("cards"):
        project = get_project(direction, slug)
        commands.write_card(direction, project, texts, 0)
        commands.show_card(direction, project)
