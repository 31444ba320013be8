-- Whoever holds the one root of the register with all below it needs no list of units: the second wall
-- (wall.sql) opens whole. What makes that exact rather than nearly so is org_root.

-- Units with a day of their life on which nothing stood above them, and units without any life. Kept by
-- the closure, which is deleted and written anew for every branch that changes.
CREATE TABLE org_root (unit_id uuid PRIMARY KEY);
CREATE INDEX org_closure_rows_of ON org_unitclosure (descendant_id, ancestor_id);
-- When the stretches of life begin and end.
CREATE INDEX org_life_from ON org_unitclosure (lower(valid)) WHERE depth = 0;
CREATE INDEX org_life_until ON org_unitclosure (upper(valid)) WHERE depth = 0;

CREATE FUNCTION org_roots_among(units uuid[]) RETURNS SETOF uuid LANGUAGE sql STABLE AS $$
  SELECT unit
  FROM unnest(units) unit
  LEFT JOIN org_unitclosure c ON c.descendant_id = unit AND c.depth <= 1
  GROUP BY unit
  HAVING NOT coalesce(range_agg(c.valid) FILTER (WHERE c.depth = 0)
                      <@ range_agg(c.valid) FILTER (WHERE c.depth = 1), false)
$$;

CREATE FUNCTION org_roots_after_change() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  changed uuid[];
BEGIN
  SELECT array_agg(DISTINCT descendant_id) INTO changed FROM rows;
  IF changed IS NOT NULL THEN
    DELETE FROM org_root WHERE unit_id = ANY (changed);
    INSERT INTO org_root SELECT org_roots_among(changed);
  END IF;
  RETURN NULL;
END
$$;

CREATE TRIGGER org_closure_inserted AFTER INSERT ON org_unitclosure
  REFERENCING NEW TABLE AS rows FOR EACH STATEMENT EXECUTE FUNCTION org_roots_after_change();
CREATE TRIGGER org_closure_deleted AFTER DELETE ON org_unitclosure
  REFERENCING OLD TABLE AS rows FOR EACH STATEMENT EXECUTE FUNCTION org_roots_after_change();

CREATE FUNCTION org_roots_of_units() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    INSERT INTO org_root SELECT id FROM rows;
  ELSIF TG_OP = 'DELETE' THEN
    DELETE FROM org_root WHERE unit_id IN (SELECT id FROM rows);
  ELSE
    DELETE FROM org_root;  -- of an emptied register
  END IF;
  RETURN NULL;
END
$$;

CREATE TRIGGER org_unit_inserted AFTER INSERT ON org_unit
  REFERENCING NEW TABLE AS rows FOR EACH STATEMENT EXECUTE FUNCTION org_roots_of_units();
CREATE TRIGGER org_unit_deleted AFTER DELETE ON org_unit
  REFERENCING OLD TABLE AS rows FOR EACH STATEMENT EXECUTE FUNCTION org_roots_of_units();
CREATE TRIGGER org_unit_emptied AFTER TRUNCATE ON org_unit
  FOR EACH STATEMENT EXECUTE FUNCTION org_roots_of_units();
INSERT INTO org_root SELECT org_roots_among((SELECT array_agg(id) FROM org_unit));

-- Whether org_wall_units() would hold every unit there is. It does when the grant is held at the only
-- root: then on every day every unit stands below it, for the chain of parents of a living unit ends at
-- a unit with nothing above, and there is no other. And when every unit lived on a day looked at: each
-- stretch of life is asked, so a unit with one outside is answered by the list, which is exact too.
CREATE FUNCTION org_wall_all() RETURNS boolean
LANGUAGE plpgsql STABLE SECURITY DEFINER AS $$
DECLARE
  on_day date;
  first_day date;
  last_day date;
  roots uuid[];
BEGIN
  IF coalesce(current_setting('vungmanh.role', true), '')
     NOT IN ('provincial_analyst', 'committee_office', 'overseer', 'cell_secretary') THEN
    RETURN false;
  END IF;
  SELECT array_agg(unit_id) INTO roots FROM (SELECT unit_id FROM org_root LIMIT 2) few;
  IF cardinality(roots) IS DISTINCT FROM 1 THEN
    RETURN false;
  END IF;
  on_day := nullif(current_setting('vungmanh.on', true), '')::date;
  first_day := nullif(current_setting('vungmanh.since', true), '')::date;
  last_day := nullif(current_setting('vungmanh.as_of', true), '')::date;
  IF on_day IS NULL OR first_day IS NULL OR last_day IS NULL OR first_day > last_day THEN
    RETURN false;
  END IF;
  RETURN EXISTS (
      SELECT FROM jsonb_array_elements(nullif(current_setting('vungmanh.grants', true), '')::jsonb) one
      WHERE one ->> 'reach' = 'unit_and_below' AND (one ->> 'unit')::uuid = roots[1])
    -- As the greatest and the least, so that one step in an index answers.
    AND coalesce((SELECT max(lower(valid)) FROM org_unitclosure WHERE depth = 0) <= last_day, true)
    AND coalesce((SELECT min(upper(valid)) FROM org_unitclosure WHERE depth = 0) > first_day, true);
EXCEPTION WHEN data_exception THEN
  RETURN false;
END
$$;

DO $$
DECLARE
  one record;
BEGIN  -- a definer's function looks nowhere but here
  EXECUTE format('ALTER FUNCTION org_wall_all() SET search_path = %I, pg_temp', current_schema());
  -- Every wall that was put up so far (org/wall_sql.py puts up the later ones the same way).
  FOR one IN
    SELECT polrelid::regclass AS tbl, pg_get_expr(polqual, polrelid) AS let
    FROM pg_policy WHERE polname = 'wall'
      AND pg_get_expr(polqual, polrelid) LIKE '%org_wall_units()%'
  LOOP
    -- The list stands in a SELECT of its own, or the planner works it out to count it.
    EXECUTE format('ALTER POLICY wall ON %s USING ((SELECT org_wall_all()) OR %s)', one.tbl,
      regexp_replace(one.let, 'unnest\((org_wall_\w+\(\))\)', 'unnest((SELECT \1))', 'g'));
  END LOOP;
END
$$;
