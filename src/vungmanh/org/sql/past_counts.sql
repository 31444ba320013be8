-- What a count of members said before it was written anew, so that counts of any day can be told
-- as they were known on any other. One row a change, whoever makes it: an action, a reform, undoing.
CREATE FUNCTION org_keep_past_counts() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO org_pastcount (unit_id, status, lower, upper, count, recorded_at, replaced_at)
  SELECT unit_id, status, lower(valid), upper(valid), count, recorded_at, statement_timestamp()
  FROM old_rows;
  RETURN NULL;
END $$;
CREATE TRIGGER org_past_counts_of_updates AFTER UPDATE ON org_membershipcount
  REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION org_keep_past_counts();
CREATE TRIGGER org_past_counts_of_deletes AFTER DELETE ON org_membershipcount
  REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION org_keep_past_counts();
