"""Forms that another office supplies: kept, mapped, looked over, filled."""
