-- The closure answers "who stood below X on day D". It is rebuilt by the database, for the branch
-- that changed and no more, whenever versions (the life of a unit) or parent links change.
ALTER TABLE org_unitclosure
  ADD CONSTRAINT org_closure_once UNIQUE (ancestor_id, descendant_id, valid WITHOUT OVERLAPS);
CREATE INDEX org_closure_up ON org_unitclosure USING gist (descendant_id, valid);
CREATE INDEX org_closure_down ON org_unitclosure USING gist (ancestor_id, valid);

-- One place says what the closure is; the rebuild below and `vungmanh check` both ask it.
CREATE FUNCTION org_closure_of(units uuid[])
RETURNS TABLE (ancestor_id uuid, descendant_id uuid, depth smallint, valid daterange)
LANGUAGE sql STABLE AS $$
  WITH RECURSIVE up AS (
    SELECT life.unit_id AS descendant_id, life.unit_id AS ancestor_id, 0 AS depth, span AS valid
    FROM (SELECT v.unit_id, range_agg(v.valid) AS spans
          FROM org_unitversion v WHERE v.unit_id = ANY (units) GROUP BY v.unit_id) life,
         unnest(life.spans) span
    UNION ALL
    SELECT up.descendant_id, link.parent_id, up.depth + 1, up.valid * link.valid
    FROM up
    JOIN org_unitparent link ON link.unit_id = up.ancestor_id AND link.valid && up.valid
    WHERE up.depth <= 16  -- deeper than any organisation: only a circle gets there
  )
  SELECT merged.ancestor_id, merged.descendant_id, merged.depth::smallint, span
  FROM (SELECT up.ancestor_id, up.descendant_id, up.depth, range_agg(up.valid) AS spans
        FROM up GROUP BY 1, 2, 3) merged,
       unnest(merged.spans) span
$$;

CREATE FUNCTION org_closure_rebuild(changed uuid[]) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  affected uuid[];
BEGIN
  -- Everything that stood below a changed unit before, or stands below it now.
  WITH RECURSIVE below AS (
    SELECT unnest(changed) AS unit_id
    UNION
    SELECT link.unit_id FROM org_unitparent link JOIN below ON link.parent_id = below.unit_id
  )
  SELECT array_agg(unit_id) INTO affected FROM (
    SELECT unit_id FROM below
    UNION
    SELECT descendant_id FROM org_unitclosure WHERE ancestor_id = ANY (changed)
  ) everyone;
  DELETE FROM org_unitclosure WHERE descendant_id = ANY (affected);
  -- Shallow rows first, so that a circle is named before it overlaps its own depth-0 row.
  IF EXISTS (SELECT 1 FROM org_closure_of(affected) c WHERE c.depth > 16
             OR (c.depth > 0 AND c.ancestor_id = c.descendant_id)) THEN
    RAISE EXCEPTION 'a unit may not stand below itself'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'org_closure_no_circle';
  END IF;
  INSERT INTO org_unitclosure (ancestor_id, descendant_id, depth, valid)
  SELECT c.ancestor_id, c.descendant_id, c.depth, c.valid FROM org_closure_of(affected) c;
END
$$;

CREATE FUNCTION org_closure_after_change() RETURNS trigger LANGUAGE plpgsql AS $$
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
  IF changed IS NOT NULL THEN
    PERFORM org_closure_rebuild(changed);
  END IF;
  RETURN NULL;
END
$$;

CREATE TRIGGER org_version_inserted AFTER INSERT ON org_unitversion
  REFERENCING NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION org_closure_after_change();
CREATE TRIGGER org_version_updated AFTER UPDATE ON org_unitversion
  REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION org_closure_after_change();
CREATE TRIGGER org_version_deleted AFTER DELETE ON org_unitversion
  REFERENCING OLD TABLE AS old_rows
  FOR EACH STATEMENT EXECUTE FUNCTION org_closure_after_change();
CREATE TRIGGER org_parent_inserted AFTER INSERT ON org_unitparent
  REFERENCING NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION org_closure_after_change();
CREATE TRIGGER org_parent_updated AFTER UPDATE ON org_unitparent
  REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION org_closure_after_change();
CREATE TRIGGER org_parent_deleted AFTER DELETE ON org_unitparent
  REFERENCING OLD TABLE AS old_rows
  FOR EACH STATEMENT EXECUTE FUNCTION org_closure_after_change();
