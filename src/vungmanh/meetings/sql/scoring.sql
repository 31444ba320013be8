-- A score stays as it was given; that both sides were opened is added once.
CREATE FUNCTION meetings_score_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' AND OLD.opened_at IS NULL
     AND to_jsonb(NEW) - 'opened_at' = to_jsonb(OLD) - 'opened_at' THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION 'a score stays as it was given'
    USING ERRCODE = 'check_violation', CONSTRAINT = 'meetings_score_stays';
END
$$;
CREATE TRIGGER meetings_score_stays BEFORE UPDATE OR DELETE ON meetings_sheetscore
  FOR EACH ROW EXECUTE FUNCTION meetings_score_stays();

-- Blind by the database itself: a page reads what is open, of meetings in sight. One's own side is
-- read past the wall by meetings.scores, which asks who looks. When a side is open is said a second
-- time in Scored.is_open there, and tests/contract/test_blind_scores.py compares the two.
ALTER TABLE meetings_sheetscore ENABLE ROW LEVEL SECURITY;
CREATE POLICY wall ON meetings_sheetscore FOR SELECT TO vungmanh_reader USING (
  EXISTS (
    SELECT FROM meetings_meeting meeting
    WHERE meeting.id = meeting_id
      AND (opened_at IS NOT NULL OR meeting.state = 'sealed'
           OR (meeting.state = 'confirmed' AND meeting.facts -> 'superior_present' = 'false'))
  )
);
