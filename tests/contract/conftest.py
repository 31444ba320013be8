"""A programme of support that runs, for whoever asks for its story."""

from tests.support_story import story, support_told

__all__ = ["story", "support_told"]
