"""How flags follow the latest told run, step by step: docs/decisions/0011 says why.

Each step sees what the one before left. Parameters: run, month, at, reply_by.
"""

_UNTOUCHED = "NOT is_answered AND fate = ''"

_SAID = """
CREATE TEMP TABLE said ON COMMIT DROP AS
SELECT row.unit_id, reason->>'key' AS reason, reason->>'weight' AS weight,
       -- an organisation's words name the number of its cells
       reason || jsonb_build_object(
         'of_cells', CASE WHEN row.cell_position IS NULL THEN row.cells ELSE 0 END) AS figures
FROM strengthening_assessment row, jsonb_array_elements(row.reasons) reason
WHERE row.run_id = %(run)s
"""

# The flag that was cleared by this month or a later one, of each reason that is said again.
_CLEARED_TOO_SOON = """
SELECT DISTINCT ON (old.unit_id, old.reason) old.id, old.unit_id, old.reason, old.figures, old.fate
FROM strengthening_flag old JOIN said USING (unit_id, reason)
WHERE old.cleared_month >= %(month)s
ORDER BY old.unit_id, old.reason, old.cleared_month DESC, old.raised_at DESC
"""

# A reason no longer said, or raised in the place of one that is about to be revived.
_FORGET = f"""
DELETE FROM strengthening_flag flag
WHERE flag.cleared_month IS NULL AND {_UNTOUCHED} AND flag.since_month >= %(month)s AND (
  NOT EXISTS (SELECT 1 FROM said
              WHERE (said.unit_id, said.reason) = (flag.unit_id, flag.reason))
  OR EXISTS (
    SELECT 1 FROM ({_CLEARED_TOO_SOON}) old JOIN said USING (unit_id, reason)
    WHERE (old.unit_id, old.reason) = (flag.unit_id, flag.reason)
      AND (flag.since_month > %(month)s OR old.figures = said.figures)))
"""

_CLEAR = """
UPDATE strengthening_flag flag SET cleared_month = greatest(%(month)s, since_month)
WHERE cleared_month IS NULL
  AND NOT EXISTS (SELECT 1 FROM said
                  WHERE (said.unit_id, said.reason) = (flag.unit_id, flag.reason))
"""

_REVIVE = f"""
UPDATE strengthening_flag flag SET cleared_month = NULL
FROM ({_CLEARED_TOO_SOON}) old
WHERE flag.id = old.id AND NOT EXISTS (
  SELECT 1 FROM strengthening_flag standing
  WHERE (standing.unit_id, standing.reason) = (old.unit_id, old.reason)
    AND standing.cleared_month IS NULL)
"""

# Worse: it weighs more now, or a count of what is wrong went up, or of what was done went down.
_CLOSE = """
UPDATE strengthening_flag flag SET cleared_month = %(month)s
FROM said
WHERE (said.unit_id, said.reason) = (flag.unit_id, flag.reason)
  AND flag.cleared_month IS NULL AND flag.fate <> ''
  AND %(month)s > coalesce(flag.figures_month, flag.since_month)
  AND (
    (said.weight = 'heavy' AND flag.weight = 'light')
    OR EXISTS (
      SELECT 1 FROM (VALUES ('failing', 1), ('times', 1), ('not_held', 1), ('no_report', 1),
                            ('refuted', 1),
                            ('held', -1), ('official', -1)) known (name, sign)
      WHERE sign * (said.figures->>name)::numeric > sign * (flag.figures->>name)::numeric)
    OR said.figures->>'since' IS DISTINCT FROM flag.figures->>'since')
"""

_FOLLOW = """
UPDATE strengthening_flag flag
SET figures = said.figures, weight = said.weight, figures_month = %(month)s
FROM said
WHERE (said.unit_id, said.reason) = (flag.unit_id, flag.reason)
  AND flag.cleared_month IS NULL AND flag.fate = ''
"""

_RAISE = """
INSERT INTO strengthening_flag
  (id, unit_id, reason, weight, figures, since_month, figures_month, raised_at, reply_by,
   is_answered, fate, fate_note)
SELECT uuidv7(), unit_id, reason, weight, figures, %(month)s, %(month)s, %(at)s, %(reply_by)s,
       false, '', ''
FROM said
WHERE NOT EXISTS (SELECT 1 FROM strengthening_flag flag
                  WHERE (flag.unit_id, flag.reason) = (said.unit_id, said.reason)
                    AND flag.cleared_month IS NULL)
"""

STEPS = {
    "said": _SAID,
    "forgotten": _FORGET,
    "cleared": _CLEAR,
    "revived": _REVIVE,
    "closed": _CLOSE,
    "still": _FOLLOW,
    "raised": _RAISE,
}
