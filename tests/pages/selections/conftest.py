"""The same story as behind the pages."""

from tests.support_story import story, support_told

__all__ = ["story", "support_told"]
