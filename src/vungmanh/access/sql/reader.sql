-- The role pages read as. It signs nowhere in, owns nothing and writes nothing; what it reads of units
-- is decided by the policies of org/sql/wall.sql. Roles belong to the whole server, so another database
-- on it (or another worker of the tests) may have made it, even in this very moment.
DO $$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'vungmanh_reader') THEN
    BEGIN
      CREATE ROLE vungmanh_reader NOLOGIN;
    EXCEPTION WHEN duplicate_object OR unique_violation THEN
      NULL;
    END;
  END IF;
  IF NOT pg_has_role(current_user, 'vungmanh_reader', 'SET') THEN
    GRANT vungmanh_reader TO CURRENT_USER WITH INHERIT FALSE, SET TRUE;
  END IF;
  EXECUTE format('GRANT USAGE ON SCHEMA %I TO vungmanh_reader', current_schema());
  EXECUTE format('GRANT SELECT ON ALL TABLES IN SCHEMA %I TO vungmanh_reader', current_schema());
  -- Tables of later migrations too.
  EXECUTE format('ALTER DEFAULT PRIVILEGES IN SCHEMA %I GRANT SELECT ON TABLES TO vungmanh_reader',
                 current_schema());
END
$$;
