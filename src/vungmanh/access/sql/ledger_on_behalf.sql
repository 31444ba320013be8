-- The same promise as ledger.sql, with the person for whom something was done.
CREATE OR REPLACE FUNCTION access_event_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' AND NEW.personal = '{}'::jsonb
     AND (NEW.id, NEW.at, NEW.by_id, NEW.on_behalf_of_id, NEW.verb, NEW.subject, NEW.data)
         IS NOT DISTINCT FROM
         (OLD.id, OLD.at, OLD.by_id, OLD.on_behalf_of_id, OLD.verb, OLD.subject, OLD.data) THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION 'the ledger is append-only'
    USING ERRCODE = 'check_violation', CONSTRAINT = 'access_event_append_only';
END
$$;
