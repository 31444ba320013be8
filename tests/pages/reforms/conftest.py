"""The same story and the same door as on the pages of strengthening."""

from tests.pages.strengthening.conftest import cast, sign_in, told_once

__all__ = ["cast", "sign_in", "told_once"]
