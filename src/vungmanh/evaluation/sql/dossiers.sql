-- What was said of a dossier, what was decided and from which figures is never changed.
CREATE FUNCTION evaluation_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'what was said and decided of a dossier is append-only'
    USING ERRCODE = 'check_violation', CONSTRAINT = TG_NAME;
END
$$;
CREATE TRIGGER evaluation_entry_stays BEFORE UPDATE OR DELETE ON evaluation_dossierentry
  FOR EACH ROW EXECUTE FUNCTION evaluation_stays();
CREATE TRIGGER evaluation_decision_stays BEFORE UPDATE OR DELETE ON evaluation_gradedecision
  FOR EACH ROW EXECUTE FUNCTION evaluation_stays();
CREATE TRIGGER evaluation_inputs_stay BEFORE UPDATE OR DELETE ON evaluation_decisioninputs
  FOR EACH ROW EXECUTE FUNCTION evaluation_stays();

-- A cycle is in sight with the committee that decides, or with a dossier of one's own in it.
ALTER TABLE evaluation_cycle ENABLE ROW LEVEL SECURITY;
CREATE POLICY wall ON evaluation_cycle FOR SELECT TO vungmanh_reader USING (
  unit_id IN (SELECT unnest((SELECT org_wall_units())))
  OR id IN (SELECT cycle_id FROM evaluation_dossier)
);

-- Blind by the database itself: while opinions are gathered, a page reads none of them. One's own,
-- and all once one's own is given, are read past the wall by evaluation.reads, which asks who looks.
ALTER TABLE evaluation_dossierentry ENABLE ROW LEVEL SECURITY;
CREATE POLICY wall ON evaluation_dossierentry FOR SELECT TO vungmanh_reader USING (
  EXISTS (
    SELECT FROM evaluation_dossier dossier
    WHERE dossier.id = dossier_id
      AND (act <> 'give_opinion' OR evaluation_dossierentry.version <> dossier.version
           OR dossier.state <> 'in_opinion')
  )
);

-- The figures of a quota name units side by side: all or nothing.
ALTER TABLE evaluation_decisioninputs ENABLE ROW LEVEL SECURITY;
CREATE POLICY wall ON evaluation_decisioninputs FOR SELECT TO vungmanh_reader
  USING ((SELECT org_wall_all()));
