"""Addresses that stand outside the rule, each kind with its reason."""

#: Views without a permission of their own, each with its reason. Nothing else may be added lightly.
OPEN = {
    "home": "sends each role to its own first page, and says whom to ask to one without a role",
    "act_as": "changes only between roles that the user holds",
    "set_language": "Django's own; changes nothing but the language",
    "gallery": "samples only; 404 for everybody but an administrator",
    "phone": "an empty shell, kept by phones; its data come from guarded addresses",
    "phone_manifest": "the name and icon of that shell",
    "phone_worker": "the script that keeps that shell",
    "phone_deposit": "by the key of a registered phone: what it brings is kept for the office",
}
#: Answer also whoever is signed out: a phone keeps them for months, whoever holds it.
SHELL = {"phone", "phone_deposit", "phone_manifest", "phone_worker"}
#: Sign-in, sign-out, one's own password and second factor: guarded by allauth.
SIGN_IN = ("allauth.account.", "allauth.mfa.")

#: Addresses that only act; their pages are elsewhere.
POST_ONLY = {
    "account_password", "act_as", "delegation_end", "flag_reopen", "own_rule_end",
    "phone_deposit", "phone_send",
    "own_rule_judge", "own_rule_withdraw", "reform_steps", "sheet_check", "sheet_copy",
    "set_language", "meeting_tally", "names_switch_off", "lookalike_reopen",
}  # fmt: skip

#: Acts that need no fields and show what they made elsewhere; a list that leads on to one's own.
AT_ONCE = {"delegation_end", "sheet_copy", "visits"}
