-- What was filed stays as it was filed, and no change of a meeting is forgotten.
CREATE FUNCTION meetings_version_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE'
     AND (NEW.id, NEW.meeting_id, NEW.version, NEW.filing, NEW.facts, NEW.membership, NEW.reason,
          NEW.digest, NEW.filed_at, NEW.filed_via)
         IS NOT DISTINCT FROM
         (OLD.id, OLD.meeting_id, OLD.version, OLD.filing, OLD.facts, OLD.membership, OLD.reason,
          OLD.digest, OLD.filed_at, OLD.filed_via)
     AND (OLD.confirmed_at IS NULL OR NEW.confirmed_at IS NOT DISTINCT FROM OLD.confirmed_at)
     AND (OLD.returned_at IS NULL OR NEW.returned_at IS NOT DISTINCT FROM OLD.returned_at)
     AND (OLD.sealed_at IS NULL OR NEW.sealed_at IS NOT DISTINCT FROM OLD.sealed_at) THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION 'what was filed of a meeting stays as it was filed'
    USING ERRCODE = 'check_violation', CONSTRAINT = 'meetings_version_stays';
END
$$;
CREATE TRIGGER meetings_version_stays BEFORE UPDATE OR DELETE ON meetings_meetingversion
  FOR EACH ROW EXECUTE FUNCTION meetings_version_stays();

CREATE FUNCTION meetings_change_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'changes of a meeting are append-only'
    USING ERRCODE = 'check_violation', CONSTRAINT = 'meetings_change_stays';
END
$$;
CREATE TRIGGER meetings_change_stays BEFORE UPDATE OR DELETE ON meetings_meetingchange
  FOR EACH ROW EXECUTE FUNCTION meetings_change_stays();
