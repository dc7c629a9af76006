"""One certificate and seventy in one document, beside the renderer with as many bare pages."""

import time
from statistics import median

from tests.benchmarks import scratch

ROUNDS = {1: 5, 70: 2}


def bare_pages(number: int) -> bytes:
    from weasyprint import HTML

    page = "<h1 style='break-before: page'>Kursbevis</h1><p>Navn</p><p>Kurs</p><p>Dato</p>"
    document = f"<html lang=nb><title>Kursbevis</title>{page * number}</html>"
    return HTML(string=document).write_pdf(pdf_variant="pdf/ua-1")


def main() -> None:
    with scratch.database():
        from certificates import pdf, services
        from certificates.models import Certificate
        from enrolment.models import Attendance
        from tests.factories import make_published_run, make_student

        run = make_published_run(in_days=-3)
        Attendance.objects.bulk_create(
            Attendance(student=make_student(), session=run.sessions.get(), is_present=True)
            for _each in range(70)
        )
        services.issue(run=run, by=None)
        for number, rounds in ROUNDS.items():
            certificates = list(Certificate.objects.all()[:number])
            own, bare = [], []
            pdf.render(certificates[:1])  # fonts are read the first time
            bare_pages(1)
            for _round in range(rounds):
                started = time.perf_counter()
                size = len(pdf.render(certificates))
                own.append(time.perf_counter() - started)
                started = time.perf_counter()
                bare_pages(number)
                bare.append(time.perf_counter() - started)
            print(f"  {number} in one document, {size // 1024} kB")
            scratch.tell("certificates", median(own) * 1000, "ms")
            scratch.tell("bare pages", median(bare) * 1000, "ms")
            print(f"  times the floor: {median(own) / median(bare):.1f}")


if __name__ == "__main__":
    main()
