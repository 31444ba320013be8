-- The register as it was known on any day. What a row of it said before it was written anew or taken
-- out is kept in org_pastrow, by the clock of the database, whoever changes it: a reform, undoing, a
-- correction. A row put back as it was (undoing keeps its id and its recorded_at) was not there until
-- then: it is kept as a past row that says nothing. So of each row holds, at a moment, what was
-- replaced first after that moment; else what it says now; nothing before recorded_at.
CREATE FUNCTION org_keep_past_rows() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    INSERT INTO org_pastrow ("table", row_id, unit_id, said, replaced_at)
    SELECT TG_TABLE_NAME, (back ->> 'id')::bigint, (back ->> 'unit_id')::uuid, NULL,
           statement_timestamp()
    FROM (SELECT to_jsonb(new_rows) AS back FROM new_rows
          WHERE recorded_at < statement_timestamp()) came;
  ELSE
    INSERT INTO org_pastrow ("table", row_id, unit_id, said, replaced_at)
    SELECT TG_TABLE_NAME, (was ->> 'id')::bigint, (was ->> 'unit_id')::uuid, was,
           statement_timestamp()
    FROM (SELECT to_jsonb(old_rows) AS was FROM old_rows) went;
  END IF;
  RETURN NULL;
END $$;

DO $$
DECLARE
  one text;
BEGIN
  FOREACH one IN ARRAY ARRAY['unitversion', 'unitparent', 'lineage'] LOOP
    EXECUTE format($sql$
      CREATE TRIGGER org_past_rows_of_inserts AFTER INSERT ON org_%1$s
        REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION org_keep_past_rows();
      CREATE TRIGGER org_past_rows_of_updates AFTER UPDATE ON org_%1$s
        REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION org_keep_past_rows();
      CREATE TRIGGER org_past_rows_of_deletes AFTER DELETE ON org_%1$s
        REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION org_keep_past_rows();

      CREATE FUNCTION org_%1$s_known(moment timestamptz) RETURNS SETOF org_%1$s
      LANGUAGE sql STABLE AS $body$
        SELECT one.* FROM org_%1$s one
        WHERE one.recorded_at <= moment AND NOT EXISTS (
          SELECT FROM org_pastrow past WHERE past."table" = 'org_%1$s' AND past.row_id = one.id
                                         AND past.replaced_at > moment)
        UNION ALL
        SELECT told.*  -- all empty where the row was not there
        FROM (SELECT DISTINCT ON (row_id) said FROM org_pastrow
              WHERE "table" = 'org_%1$s' AND replaced_at > moment
              ORDER BY row_id, replaced_at, id) past,
             jsonb_populate_record(NULL::org_%1$s, past.said) told
        WHERE told.recorded_at <= moment
      $body$;
    $sql$, one);
  END LOOP;
END $$;

-- What stood below a unit (itself too, at depth 0) in a stretch of days, as known at a moment: under
-- which unit directly below the top, under which parent, as what. Structure without content, like the
-- closure: whoever shows it asks who may see it, and reads names and counts behind the wall.
CREATE FUNCTION org_below_known(top uuid, moment timestamptz, first date, last date)
RETURNS TABLE (line_id uuid, unit_id uuid, parent_id uuid, depth integer, kind text, sector text,
               is_organisation boolean, valid daterange)
LANGUAGE sql STABLE SECURITY DEFINER AS $$
  WITH RECURSIVE versions AS MATERIALIZED (
    SELECT * FROM org_unitversion_known(moment) one WHERE one.valid && daterange(first, last, '[]')
  ), links AS MATERIALIZED (
    SELECT * FROM org_unitparent_known(moment) one WHERE one.valid && daterange(first, last, '[]')
  ), down AS (
    SELECT NULL::uuid AS line_id, top AS unit_id, NULL::uuid AS parent_id, 0 AS depth,
           daterange(NULL, NULL) AS valid
    UNION ALL
    SELECT coalesce(down.line_id, link.unit_id), link.unit_id, link.parent_id, down.depth + 1,
           down.valid * link.valid
    FROM down JOIN links link ON link.parent_id = down.unit_id AND link.valid && down.valid
    WHERE down.depth <= 16  -- deeper than any organisation
  )
  SELECT down.line_id, down.unit_id, down.parent_id, down.depth, one.kind, one.sector,
         one.is_organisation, down.valid * one.valid
  FROM down JOIN versions one ON one.unit_id = down.unit_id AND one.valid && down.valid
$$;

DO $$
BEGIN  -- a definer's function looks nowhere but here
  EXECUTE format('ALTER FUNCTION org_below_known(uuid, timestamptz, date, date)'
                 ' SET search_path = %I, pg_temp', current_schema());
END $$;

-- Counts keep the row they belonged to as well: one that grew over days nobody had counted is known
-- there only from then on, and one put back was not there meanwhile (an empty stretch of days).
CREATE OR REPLACE FUNCTION org_keep_past_counts() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    INSERT INTO org_pastcount
      (row_id, unit_id, status, lower, upper, count, recorded_at, replaced_at)
    SELECT id, unit_id, status, lower(valid), lower(valid), count, recorded_at,
           statement_timestamp()
    FROM new_rows WHERE recorded_at < statement_timestamp();
  ELSE
    INSERT INTO org_pastcount
      (row_id, unit_id, status, lower, upper, count, recorded_at, replaced_at)
    SELECT id, unit_id, status, lower(valid), upper(valid), count, recorded_at,
           statement_timestamp()
    FROM old_rows;
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER org_past_counts_of_inserts AFTER INSERT ON org_membershipcount
  REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION org_keep_past_counts();

CREATE FUNCTION org_counts_known(units uuid[], moment timestamptz)
RETURNS TABLE (unit_id uuid, status text, valid daterange, count integer, until timestamptz)
LANGUAGE sql STABLE AS $$
  SELECT one.unit_id, one.status, one.valid, one.count, NULL::timestamptz FROM org_membershipcount one
  WHERE one.unit_id = ANY (units) AND one.recorded_at <= moment AND NOT EXISTS (
    SELECT FROM org_pastcount past WHERE past.row_id = one.id AND past.replaced_at > moment)
  UNION ALL
  SELECT told.unit_id, told.status, daterange(told.lower, told.upper), told.count, told.replaced_at
  FROM (SELECT DISTINCT ON (past.row_id) past.* FROM org_pastcount past
        WHERE past.unit_id = ANY (units) AND past.replaced_at > moment
        ORDER BY past.row_id, past.replaced_at, past.id) told
  WHERE told.recorded_at <= moment AND told.lower IS DISTINCT FROM told.upper
$$;
