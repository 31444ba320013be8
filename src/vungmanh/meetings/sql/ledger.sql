-- What was due in a frozen month changes only while somebody has said why (actions.ledger sets
-- vungmanh.ledger_reason for its transaction). Excuses are facts of their own and stay free.

CREATE FUNCTION meetings_check_frozen(months date[]) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  frozen date;
BEGIN
  IF coalesce(current_setting('vungmanh.ledger_reason', true), '') <> '' THEN
    RETURN;
  END IF;
  SELECT min(month) INTO frozen FROM meetings_frozenmonth WHERE month = ANY (months);
  IF frozen IS NOT NULL THEN
    RAISE EXCEPTION 'what was due in % is frozen', frozen
      USING ERRCODE = 'restrict_violation', CONSTRAINT = 'meetings_obligation_frozen';
  END IF;
END $$;

CREATE FUNCTION meetings_obligation_added() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM meetings_check_frozen((SELECT array_agg(DISTINCT month) FROM after_it));
  RETURN NULL;
END $$;

CREATE FUNCTION meetings_obligation_removed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM meetings_check_frozen((SELECT array_agg(DISTINCT month) FROM before_it));
  RETURN NULL;
END $$;

CREATE FUNCTION meetings_obligation_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM meetings_check_frozen((
    SELECT array_agg(DISTINCT was.month) || array_agg(DISTINCT now.month)
    FROM before_it was JOIN after_it now USING (id)
    WHERE (was.unit_id, was.month, was.kind, was.rule_id, was.why, was.due_by)
          IS DISTINCT FROM
          (now.unit_id, now.month, now.kind, now.rule_id, now.why, now.due_by)
  ));
  RETURN NULL;
END $$;

CREATE TRIGGER meetings_obligation_added AFTER INSERT ON meetings_obligation
  REFERENCING NEW TABLE AS after_it
  FOR EACH STATEMENT EXECUTE FUNCTION meetings_obligation_added();
CREATE TRIGGER meetings_obligation_removed AFTER DELETE ON meetings_obligation
  REFERENCING OLD TABLE AS before_it
  FOR EACH STATEMENT EXECUTE FUNCTION meetings_obligation_removed();
CREATE TRIGGER meetings_obligation_changed AFTER UPDATE ON meetings_obligation
  REFERENCING OLD TABLE AS before_it NEW TABLE AS after_it
  FOR EACH STATEMENT EXECUTE FUNCTION meetings_obligation_changed();

-- Ledgers from before this table: each excused month becomes an excuse of its own, and each line
-- gets the day its report was due (the template of 5 days, the only rule there has been).
INSERT INTO meetings_excuse
  (unit_id, duty, first_month, last_month, relief, cause, reason, document, granted_on,
   withdrawn_reason)
SELECT unit_id, kind, month, month, 'excused', 'other', excuse_reason, excuse_document, excused_on,
       ''
FROM meetings_obligation WHERE excuse_document <> '';

UPDATE meetings_obligation
SET due_by = (month + interval '1 month' + interval '4 days')::date WHERE due_by IS NULL;
