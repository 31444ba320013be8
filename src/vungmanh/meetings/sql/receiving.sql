-- What a phone said stays as it was said, and is never deleted.
CREATE FUNCTION meetings_phone_item_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE'
     AND (NEW.id, NEW.device_id, NEW.user_id, NEW.kind, NEW.subject, NEW.after, NEW.settles, NEW.why,
          NEW.form, NEW.body, NEW.body_hash, NEW.made_at, NEW.received_at)
         IS NOT DISTINCT FROM
         (OLD.id, OLD.device_id, OLD.user_id, OLD.kind, OLD.subject, OLD.after, OLD.settles, OLD.why,
          OLD.form, OLD.body, OLD.body_hash, OLD.made_at, OLD.received_at)
     -- What was written once is written once; what was settled stays settled.
     AND (OLD.state <> 'accepted' OR NEW.state = 'accepted')
     AND (OLD.settled_at IS NULL OR (NEW.settled_at, NEW.settlement, NEW.settled_by_id)
          IS NOT DISTINCT FROM (OLD.settled_at, OLD.settlement, OLD.settled_by_id)) THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION 'what a phone said stays as it was said'
    USING ERRCODE = 'check_violation', CONSTRAINT = 'meetings_phone_item_stays';
END
$$;
CREATE TRIGGER meetings_phone_item_stays BEFORE UPDATE OR DELETE ON meetings_phoneitem
  FOR EACH ROW EXECUTE FUNCTION meetings_phone_item_stays();
