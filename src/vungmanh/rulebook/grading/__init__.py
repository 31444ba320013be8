"""One year's grade, from facts to a proposal; people decide. Pure: no unit, no day, no database.

Fact(name, value, of, source, records)           facts.py; None is "not known", never zero
points_of(sheet, {code: answer}) -> YearPoints   points.py; blanks stay blank
check_conditions(conditions, subject=, facts=, said=, points=)
    -> (ConditionFinding, ...)                   conditions.py; `said` by "grade.code"
proposed_grade(conditions | None, scale=, sheet=, points=, subject=, facts=, said=)
    -> GradeFinding                              proposal.py; proven, or what is missing
hold_quota(...) -> QuotaResult                   quota.py; who gets the best grade under the cap
"""
