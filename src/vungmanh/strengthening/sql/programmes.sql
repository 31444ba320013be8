-- What was done with a file, and what was decided against the rule, is never rewritten.
CREATE FUNCTION strengthening_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'what was said of a file or a selection is append-only'
    USING ERRCODE = 'check_violation', CONSTRAINT = TG_NAME;
END
$$;
CREATE TRIGGER strengthening_entry_stays BEFORE UPDATE OR DELETE ON strengthening_fileentry
  FOR EACH ROW EXECUTE FUNCTION strengthening_stays();
CREATE TRIGGER strengthening_override_stays BEFORE UPDATE OR DELETE ON strengthening_selectionoverride
  FOR EACH ROW EXECUTE FUNCTION strengthening_stays();

-- A programme is read by the committee whose it is and by those below: their own committees act in it.
ALTER TABLE strengthening_programme ENABLE ROW LEVEL SECURITY;
CREATE POLICY wall ON strengthening_programme FOR SELECT TO vungmanh_reader USING (
  unit_id IN (SELECT unnest((SELECT org_wall_units())))
  OR (state <> 'draft' AND unit_id IN (SELECT unnest((SELECT org_wall_names()))))
);
