"""Accounts: given by an administrator, never taken by oneself."""

from __future__ import annotations

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class ClosedSignup(DefaultAccountAdapter):
    """Nobody registers himself: the sign-up address answers with where accounts come from."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False
