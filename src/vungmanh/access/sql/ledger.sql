-- The ledger is append-only. Only `personal` may change, and only to nothing (erasure on request).
CREATE FUNCTION access_event_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' AND NEW.personal = '{}'::jsonb
     AND (NEW.id, NEW.at, NEW.by_id, NEW.verb, NEW.subject, NEW.data)
         IS NOT DISTINCT FROM (OLD.id, OLD.at, OLD.by_id, OLD.verb, OLD.subject, OLD.data) THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION 'the ledger is append-only'
    USING ERRCODE = 'check_violation', CONSTRAINT = 'access_event_append_only';
END
$$;
CREATE TRIGGER access_event_append_only BEFORE UPDATE OR DELETE ON access_event
  FOR EACH ROW EXECUTE FUNCTION access_event_append_only();
