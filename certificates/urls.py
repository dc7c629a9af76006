from django.urls import path

from certificates.views import (
    attendance,
    certificates,
    claim,
    corrections,
    course_files,
    feedback,
    names,
    preview,
    session_codes,
    tutor_feedback,
    verify,
)

urlpatterns = [
    path("kursholder/", attendance.tutor_runs, name="tutor_runs"),
    path("kursholder/<row:run_id>/", attendance.tutor_register, name="tutor_register"),
    path("kursholder/<row:run_id>/kontakt/", attendance.tutor_contacts, name="tutor_contacts"),
    path("kursholder/<row:run_id>/oppmoteliste/", attendance.tutor_sheet, name="tutor_sheet"),
    path("kursholder/fil/<row:file_id>/", course_files.course_file, name="course_file"),
    path(
        "kursholder/<row:run_id>/tilbakemelding/",
        tutor_feedback.tutor_feedback,
        name="tutor_feedback",
    ),
    path(
        "kursholder/<row:run_id>/tilbakemelding/oppslag/",
        tutor_feedback.tutor_feedback_poster,
        name="tutor_feedback_poster",
    ),
    path(
        "kursholder/<row:run_id>/tilbakemelding/sporsmal/",
        tutor_feedback.tutor_feedback_questions,
        name="tutor_feedback_questions",
    ),
    path(
        "kursholder/<row:run_id>/tilbakemelding/papir/",
        tutor_feedback.tutor_feedback_paper,
        name="tutor_feedback_paper",
    ),
    path(
        "kursholder/<row:run_id>/tilbakemelding/fjern/",
        tutor_feedback.tutor_feedback_remove,
        name="tutor_feedback_remove",
    ),
    path("svar/<file:key>/", feedback.feedback, name="feedback"),
    path("svar/<file:key>/takk/", feedback.feedback_thanks, name="feedback_thanks"),
    path("lag-kurs/", feedback.developer_offer, name="developer_offer"),
    path("lag-kurs/takk/", feedback.developer_offered, name="developer_offered"),
    path("bevis/", claim.claim, name="claim"),
    path("bevis/<str:token>/", claim.claimed, name="claimed"),
    path("bevis/<str:token>/kursbevis/", claim.claimed_pdf, name="claimed_pdf"),
    path("kursbevis/", verify.verify, name="verify"),
    path("kursbevis/eksempel/", preview.certificate_preview, name="certificate_preview"),
    path(
        "kursbevis/eksempel/pdf/", preview.certificate_preview_pdf, name="certificate_preview_pdf"
    ),
    path("min-side/kursbevis/", certificates.my_certificates, name="my_certificates"),
    path("min-side/kursbevis/alle/", certificates.my_certificates_pdf, name="my_certificates_pdf"),
    path(
        "min-side/kursbevis/<row:certificate_id>/",
        certificates.my_certificate,
        name="my_certificate",
    ),
    path(
        "kursholder/<row:run_id>/kursbevis/",
        certificates.tutor_certificates,
        name="tutor_certificates",
    ),
    path(
        "kursholder/<row:run_id>/kursbevis/alle/",
        certificates.tutor_certificates_pdf,
        name="tutor_certificates_pdf",
    ),
    path("kursholder/<row:run_id>/kursbevis/navn/", names.tutor_names, name="tutor_names"),
    path(
        "kursholder/<row:run_id>/kursbevis/kode/",
        session_codes.tutor_session_code,
        name="tutor_session_code",
    ),
    path(
        "kursholder/<row:run_id>/kursbevis/kode/<row:session_id>/",
        session_codes.tutor_session_code_poster,
        name="tutor_session_code_poster",
    ),
    path(
        "kursholder/<row:run_id>/kursbevis/<row:certificate_id>/",
        certificates.tutor_certificate,
        name="tutor_certificate",
    ),
    path(
        "kursholder/<row:run_id>/kursbevis/nye/",
        corrections.tutor_certificates_renew,
        name="tutor_certificates_renew",
    ),
    path(
        "kursholder/<row:run_id>/kursbevis/<row:certificate_id>/rett/",
        corrections.tutor_certificate_correct,
        name="tutor_certificate_correct",
    ),
    path(
        "kursholder/<row:run_id>/kursbevis/<row:certificate_id>/trekk-tilbake/",
        corrections.tutor_certificate_withdraw,
        name="tutor_certificate_withdraw",
    ),
]
