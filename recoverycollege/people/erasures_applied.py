"""After a backup is restored: whoever was erased since is erased again."""

from dataclasses import dataclass, field

from courses.models import Tutor
from enrolment.models import MergedRecord, Student
from recoverycollege.people.erasing import erase_all
from recoverycollege.people.erasing_tutors import StillNeeded, erase_tutor
from recoverycollege.people.erasures import list_erased, proof_of, read_proofs

AT_ONCE = 500


@dataclass
class Applied:
    """How many, and the keys of tutors on whom something to come counts."""

    students: int = 0
    tutors: int = 0
    listed: int = 0
    still_needed: list[int] = field(default_factory=list)


def apply_erasures() -> Applied:
    """Erase whoever is listed and is not erased; list whoever is erased and is not listed.

    The latter after `CERTIFICATE_KEY` was changed: the old lines prove nothing with the new key.
    Idempotent. Raises ErasuresNotKept.
    """
    proofs, applied = read_proofs(), Applied()
    back = [
        each.pk
        for each in Student.objects.known().only("created_at").iterator(AT_ONCE)
        if proof_of(each) in proofs
    ]
    erase_all(students=Student.objects.filter(pk__in=back))
    applied.students = len(back)
    for tutor in Tutor.objects.filter(erased_at=None):
        if proof_of(tutor) not in proofs:
            continue
        try:
            erase_tutor(tutor=tutor, by=None)
            applied.tutors += 1
        except StillNeeded:
            applied.still_needed.append(tutor.pk)
    proofs = read_proofs()
    gone = [
        *Student.objects.filter(erased_at__isnull=False).only("created_at"),
        *MergedRecord.objects.filter(student__erased_at__isnull=False),
        *Tutor.objects.filter(erased_at__isnull=False).only("created_at"),
    ]
    applied.listed = list_erased(each for each in gone if proof_of(each) not in proofs)
    return applied
