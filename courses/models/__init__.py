from courses.models.availability import Availability
from courses.models.catalogue import (
    Course,
    CourseDeveloper,
    SchoolHoliday,
    Semester,
    Topic,
    is_pair,
)
from courses.models.college import College, NoticeVersion
from courses.models.files import CourseFile
from courses.models.ideas import Idea
from courses.models.opportunities import Opportunity
from courses.models.partners import Partner, Venue
from courses.models.pictures import Picture
from courses.models.rates import RateCount
from courses.models.runs import CourseRun
from courses.models.sessions import CourseSession, Substitution, TutorAssignment
from courses.models.tutors import PairRole, Tutor
from courses.models.written_pages import Page, PageFile
from courses.models.years import AnnualReport, FrozenYear

__all__ = [
    "AnnualReport",
    "Availability",
    "College",
    "Course",
    "CourseDeveloper",
    "CourseFile",
    "CourseRun",
    "CourseSession",
    "FrozenYear",
    "Idea",
    "NoticeVersion",
    "Opportunity",
    "Page",
    "PageFile",
    "PairRole",
    "Partner",
    "Picture",
    "RateCount",
    "SchoolHoliday",
    "Semester",
    "Substitution",
    "Topic",
    "Tutor",
    "TutorAssignment",
    "Venue",
    "is_pair",
]
