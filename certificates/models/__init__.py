from certificates.models.attendance import Attendance
from certificates.models.certificates import (
    NUMBER_ALPHABET,
    NUMBER_LENGTH,
    Certificate,
    CertificateQuerySet,
    RevokedBecause,
    make_proof,
    new_number,
)
from certificates.models.developer_offers import DeveloperOffer
from certificates.models.feedback import (
    QUESTIONS,
    STEPS,
    WORDING_LENGTH,
    WORDINGS,
    Feedback,
    FeedbackWording,
)
from certificates.models.key import KeyFingerprint
from certificates.models.session_codes import CODE_LENGTH, SessionCode, new_code

__all__ = [
    "CODE_LENGTH",
    "NUMBER_ALPHABET",
    "NUMBER_LENGTH",
    "QUESTIONS",
    "STEPS",
    "WORDINGS",
    "WORDING_LENGTH",
    "Attendance",
    "Certificate",
    "CertificateQuerySet",
    "DeveloperOffer",
    "Feedback",
    "FeedbackWording",
    "KeyFingerprint",
    "RevokedBecause",
    "SessionCode",
    "make_proof",
    "new_code",
    "new_number",
]
