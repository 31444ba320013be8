-- The second wall of sight (docs/decisions/0010): the rule of org.queries.units_visible said a second
-- time, by the database, from settings that live as long as the transaction (access/wall.py):
--   vungmanh.role, .grants (json), .on      who looks, on which day the grants were in force
--   vungmanh.since, .as_of                  the days looked at
-- Whatever is unset or cannot be read lets nothing through.
CREATE FUNCTION org_wall_of(role text, grants text, on_day date, since date, as_of date)
RETURNS uuid[] LANGUAGE sql STABLE AS $$
  WITH held AS (
    SELECT (one ->> 'unit')::uuid AS unit, one ->> 'reach' AS reach
    FROM jsonb_array_elements(grants::jsonb) one
    WHERE role IN ('provincial_analyst', 'committee_office', 'overseer', 'cell_secretary')
      AND on_day IS NOT NULL AND since IS NOT NULL AND as_of IS NOT NULL
  ), reached AS (
    SELECT c.descendant_id AS unit, c.valid
    FROM held JOIN org_unitclosure c ON c.ancestor_id = held.unit
    WHERE held.reach = 'unit_and_below' OR (held.reach = 'unit' AND c.depth = 0)
  ), known AS (  -- seen today, and what that descends from
    SELECT unit FROM reached WHERE valid @> on_day
    UNION
    SELECT a.predecessor_id FROM org_ancestry a
    JOIN reached ON reached.unit = a.successor_id AND reached.valid @> on_day
  )
  SELECT coalesce(array_agg(DISTINCT unit), '{}') FROM (
    SELECT unit FROM reached WHERE valid && daterange(since, as_of, '[]')
    UNION ALL
    SELECT known.unit FROM known JOIN org_unitversion life ON life.unit_id = known.unit
    WHERE CASE WHEN since < on_day
               THEN life.valid && daterange(since, least(as_of, on_day - 1), '[]') END
  ) everything
$$;

-- The units of this transaction's viewer. Worked out once and remembered in a setting, because every
-- query on every table behind the wall asks again.
CREATE FUNCTION org_wall_units() RETURNS uuid[]
LANGUAGE plpgsql STABLE SECURITY DEFINER AS $$
DECLARE
  seen text := current_setting('vungmanh.seen', true);
  units uuid[];
BEGIN
  IF seen <> '' THEN
    RETURN seen::uuid[];
  END IF;
  BEGIN
    units := org_wall_of(
      nullif(current_setting('vungmanh.role', true), ''),
      nullif(current_setting('vungmanh.grants', true), ''),
      nullif(current_setting('vungmanh.on', true), '')::date,
      nullif(current_setting('vungmanh.since', true), '')::date,
      nullif(current_setting('vungmanh.as_of', true), '')::date);
  EXCEPTION WHEN data_exception THEN
    units := '{}';
  END;
  PERFORM set_config('vungmanh.seen', units::text, true);
  RETURN units;
END
$$;

-- Names that may be read beyond that: of the units above (a page shows the path as text) and of what a
-- unit came from or became. Names only; every other table stays shut.
CREATE FUNCTION org_wall_names() RETURNS uuid[]
LANGUAGE plpgsql STABLE SECURITY DEFINER AS $$
DECLARE
  named text := current_setting('vungmanh.named', true);
  units uuid[] := org_wall_units();
  names uuid[];
BEGIN
  IF named <> '' THEN
    RETURN named::uuid[];
  END IF;
  SELECT coalesce(array_agg(DISTINCT unit), '{}') INTO names FROM (
    SELECT c.ancestor_id AS unit FROM org_unitclosure c WHERE c.descendant_id = ANY (units)
    UNION ALL
    SELECT a.predecessor_id FROM org_ancestry a WHERE a.successor_id = ANY (units)
    UNION ALL
    SELECT a.successor_id FROM org_ancestry a WHERE a.predecessor_id = ANY (units)
  ) around;
  PERFORM set_config('vungmanh.named', names::text, true);
  RETURN names;
END
$$;

DO $$
BEGIN  -- a definer's function looks nowhere but here
  EXECUTE format('ALTER FUNCTION org_wall_units() SET search_path = %I, pg_temp', current_schema());
  EXECUTE format('ALTER FUNCTION org_wall_names() SET search_path = %I, pg_temp', current_schema());
END
$$;

ALTER TABLE org_unitversion ENABLE ROW LEVEL SECURITY;
CREATE POLICY wall ON org_unitversion FOR SELECT TO vungmanh_reader USING (
  unit_id IN (SELECT unnest(org_wall_units())) OR unit_id IN (SELECT unnest(org_wall_names()))
);
-- Whoever gives roles chooses units by name (org.names) and reads no fact of them.
CREATE POLICY wall_names_for_roles ON org_unitversion FOR SELECT TO vungmanh_reader USING (
  (SELECT current_setting('vungmanh.role', true) = 'administrator')
);
