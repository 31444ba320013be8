-- Lineage over any number of reforms. It is small (a few thousand rows in a province) and changes only
-- with a reform, so it is rebuilt whole.
CREATE FUNCTION org_ancestry_rebuild() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  DELETE FROM org_ancestry;
  INSERT INTO org_ancestry (predecessor_id, successor_id, share)
  WITH RECURSIVE onward AS (
    SELECT predecessor_id, successor_id, share, 1 AS steps FROM org_lineage
    UNION ALL
    SELECT onward.predecessor_id, next.successor_id, onward.share * next.share, onward.steps + 1
    FROM onward JOIN org_lineage next ON next.predecessor_id = onward.successor_id
    WHERE onward.steps < 64  -- more reforms than any unit lives through: only a circle gets there
  )
  SELECT predecessor_id, successor_id, sum(share) FROM onward GROUP BY 1, 2;
  IF EXISTS (SELECT 1 FROM org_ancestry WHERE predecessor_id = successor_id) THEN
    RAISE EXCEPTION 'a unit may not descend from itself'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'org_lineage_no_circle';
  END IF;
  RETURN NULL;
END
$$;

CREATE TRIGGER org_lineage_changed AFTER INSERT OR UPDATE OR DELETE ON org_lineage
  FOR EACH STATEMENT EXECUTE FUNCTION org_ancestry_rebuild();
