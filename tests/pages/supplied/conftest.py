"""The story of a yearly rating, whose figures a supplied form takes."""

from tests.pages.evaluation.conftest import cast, opened, story  # noqa: F401
