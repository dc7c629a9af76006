"""CPU time of the catalogue with thirty runs, beside a bare two-query view and a bare view."""

import time
from statistics import median

from tests.benchmarks import scratch

ROUNDS, REQUESTS = 9, 20


def cpu_milliseconds(client, address: str) -> float:
    started = time.process_time()
    for _each in range(REQUESTS):
        answer = client.get(address)
        assert answer.status_code == 200, answer.status_code
    return (time.process_time() - started) / REQUESTS * 1000


def main() -> None:
    with scratch.database():
        from django.test import Client

        scratch.make_runs(30)
        client = Client()
        own = "/kurs/"
        missing = len(client.get(own).content) - len(client.get("/gulv/kurs/").content)
        addresses = {
            "catalogue, 30 runs": own,
            "two queries, as many bytes": f"/gulv/kurs/?bytes={max(missing, 0)}",
            "bare view": "/gulv/",
        }
        for address in addresses.values():
            cpu_milliseconds(client, address)  # templates and caches are warm afterwards
        taken: dict[str, list[float]] = {name: [] for name in addresses}
        # By turns, so that the machine's mood falls on all of them alike.
        for _round in range(ROUNDS):
            for name, address in addresses.items():
                taken[name].append(cpu_milliseconds(client, address))
        print(f"  {len(client.get(own).content)} bytes; CPU time of a request, median of {ROUNDS}")
        middle = {name: median(times) for name, times in taken.items()}
        for name, milliseconds in middle.items():
            scratch.tell(name, milliseconds, "ms")
        catalogue, two_queries, bare = middle.values()
        print(f"  pace against two queries: {two_queries / catalogue:.0%} (to reach: 70%)")
        print(f"  pace against a bare view: {bare / catalogue:.0%}")


if __name__ == "__main__":
    main()
