-- A reform of a whole province writes versions and links in a dozen statements, and most of them touch
-- the same units. With vungmanh.closure_later set (org/closure.py, for the transaction at most) each
-- statement only notes whose branches changed; they are rebuilt once when the writer is through, and at
-- the latest by the database itself before the transaction commits. Nothing can be committed unbuilt.
CREATE TABLE org_closure_owed (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  units uuid[] NOT NULL
);

CREATE FUNCTION org_closure_catch_up() RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  owed uuid[];
BEGIN
  PERFORM set_config('vungmanh.closure_later', '', true);
  -- Only this transaction's notes are to be seen: no other one commits with any.
  WITH taken AS (DELETE FROM org_closure_owed RETURNING units)
  SELECT array_agg(DISTINCT unit) INTO owed FROM taken, unnest(taken.units) unit;
  IF owed IS NOT NULL THEN
    PERFORM org_closure_rebuild(owed);
  END IF;
END
$$;

CREATE FUNCTION org_closure_at_commit() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM org_closure_catch_up();
  RETURN NULL;
END
$$;

CREATE CONSTRAINT TRIGGER org_closure_owed_at_commit AFTER INSERT ON org_closure_owed
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION org_closure_at_commit();

CREATE OR REPLACE FUNCTION org_closure_after_change() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  changed uuid[];
BEGIN
  IF TG_OP = 'INSERT' THEN
    SELECT array_agg(DISTINCT unit_id) INTO changed FROM new_rows;
  ELSIF TG_OP = 'DELETE' THEN
    SELECT array_agg(DISTINCT unit_id) INTO changed FROM old_rows;
  ELSE
    SELECT array_agg(DISTINCT unit_id) INTO changed
    FROM (SELECT unit_id FROM old_rows UNION SELECT unit_id FROM new_rows) both_sides;
  END IF;
  IF changed IS NULL THEN
    RETURN NULL;
  END IF;
  IF current_setting('vungmanh.closure_later', true) = 'on' THEN
    INSERT INTO org_closure_owed (units) VALUES (changed);
  ELSE
    PERFORM org_closure_rebuild(changed);
  END IF;
  RETURN NULL;
END
$$;
