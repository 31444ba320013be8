-- What was written of a visit is never rewritten.
CREATE FUNCTION meetings_visit_change_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'changes of a visit are append-only'
    USING ERRCODE = 'check_violation', CONSTRAINT = 'meetings_visit_change_stays';
END
$$;
CREATE TRIGGER meetings_visit_change_stays BEFORE UPDATE OR DELETE ON meetings_visitchange
  FOR EACH ROW EXECUTE FUNCTION meetings_visit_change_stays();
