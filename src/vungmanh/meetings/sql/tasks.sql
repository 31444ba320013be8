-- What was reported of a task is never rewritten.
CREATE FUNCTION meetings_step_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'steps of a task are append-only'
    USING ERRCODE = 'check_violation', CONSTRAINT = 'meetings_step_stays';
END
$$;
CREATE TRIGGER meetings_step_stays BEFORE UPDATE OR DELETE ON meetings_taskstep
  FOR EACH ROW EXECUTE FUNCTION meetings_step_stays();

-- The wall: a resolution is also read by whom it was sent to. The receipts asked here are those in
-- sight, because they stand behind the wall themselves.
CREATE POLICY wall_received ON meetings_resolution FOR SELECT TO vungmanh_reader
  USING (id IN (SELECT resolution_id FROM meetings_receipt));
