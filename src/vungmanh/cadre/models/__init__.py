from vungmanh.cadre.models.posts import Rotation, Term
from vungmanh.cadre.models.training import (
    Course,
    CourseCount,
    CourseMember,
    CourseSession,
    TrainingPlan,
)

__all__ = [
    "Course",
    "CourseCount",
    "CourseMember",
    "CourseSession",
    "Rotation",
    "Term",
    "TrainingPlan",
]
