-- Temporal keys: for one unit, no two versions, links, counts or appointments overlap.
ALTER TABLE org_unitversion
  ADD CONSTRAINT org_version_once UNIQUE (unit_id, valid WITHOUT OVERLAPS);
ALTER TABLE org_unitparent
  ADD CONSTRAINT org_parent_once UNIQUE (unit_id, valid WITHOUT OVERLAPS),
  ADD CONSTRAINT org_parent_not_self CHECK (unit_id <> parent_id);
ALTER TABLE org_membershipcount
  ADD CONSTRAINT org_members_once UNIQUE (unit_id, status, valid WITHOUT OVERLAPS);
ALTER TABLE org_appointment
  ADD CONSTRAINT org_appointment_once UNIQUE (unit_id, post, valid WITHOUT OVERLAPS);

-- Temporal foreign keys: nothing is said of a unit on a day on which it does not exist.
ALTER TABLE org_unitparent
  ADD CONSTRAINT org_parent_of_living FOREIGN KEY (unit_id, PERIOD valid)
    REFERENCES org_unitversion (unit_id, PERIOD valid) DEFERRABLE INITIALLY DEFERRED,
  ADD CONSTRAINT org_parent_living FOREIGN KEY (parent_id, PERIOD valid)
    REFERENCES org_unitversion (unit_id, PERIOD valid) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE org_membershipcount
  ADD CONSTRAINT org_members_of_living FOREIGN KEY (unit_id, PERIOD valid)
    REFERENCES org_unitversion (unit_id, PERIOD valid) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE org_appointment
  ADD CONSTRAINT org_appointment_of_living FOREIGN KEY (unit_id, PERIOD valid)
    REFERENCES org_unitversion (unit_id, PERIOD valid) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE org_unitversion ADD CONSTRAINT org_version_not_empty CHECK (NOT isempty(valid));
ALTER TABLE org_unitparent ADD CONSTRAINT org_parent_not_empty CHECK (NOT isempty(valid));

-- `access` stands below `org` and knows a unit only by its id: the key is added here.
ALTER TABLE access_rolegrant
  ADD CONSTRAINT org_grant_unit FOREIGN KEY (unit_id) REFERENCES org_unit (id),
  ADD CONSTRAINT org_grant_once UNIQUE (user_id, role, unit_id, valid WITHOUT OVERLAPS);
