"""How long it takes to see what was understood of a large file, and how much memory.

    python -m bench.intake [--rounds 3] [--page]

With --page the files are sent to "Läs in en plan" of a server of its own, and the memory is
the most that the server ever held (the process that it reads PDF in has a limit of its own).

Each file is read in a fresh process, as one upload is; the time is that of the reading alone, the
memory the most that the process (and the one it reads PDF in) ever held. The ratio is to the bare
library that opens the same file and walks its cells.
"""

import argparse
import json
import os
import re
import socket
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from time import perf_counter, sleep

HEADS = ["Mål", "Aktivitet", "Hur", "Ansvarig", "Start", "Klart senast", "Uppföljning", "Status"]
MEGABYTE = 1024 * 1024


def _row(number: int) -> list[str]:
    return [
        f"Mål {number // 50}",
        f"Insats {number}: kartlägg behoven hos målgrupp {number % 7}",
        "Arbetsgruppen träffas i mars och tar fram en gemensam rutin för hela området",
        "NOSAM Alm, ordförande i NOSAM Björk",
        "jan 2026",
        "31 okt 2026",
        "Antal deltagare redovisas i årsrapport",
        "Pågår",
    ]


def make_excel(path: Path, rows: int, picture: int = 0) -> Path:
    """A workbook with a plan, and a picture of so many bytes."""
    import openpyxl

    book = openpyxl.Workbook(write_only=True)
    page = book.create_sheet("Plan")
    page.append(["Handlingsplan 2026"])
    page.append(HEADS)
    for number in range(rows):
        page.append(_row(number))
    book.save(path)
    if picture:
        with zipfile.ZipFile(path, "a") as package:
            package.writestr("xl/media/image1.png", os.urandom(picture))
    return path


def make_word(path: Path, rows: int) -> Path:
    """A Word file with a plan of so many rows."""
    from copy import deepcopy

    import docx

    document = docx.Document()
    document.add_paragraph("Handlingsplan 2026")
    table = document.add_table(2, len(HEADS))
    for at, words in enumerate((HEADS, _row(1))):
        for cell, text in zip(table.rows[at].cells, words, strict=True):
            cell.text = text
    for _ in range(rows - 1):
        table._tbl.append(deepcopy(table.rows[1]._tr))
    document.save(str(path))
    return path


def make_pdf(path: Path, rows: int) -> Path:
    """A PDF with a ruled table on landscape pages."""
    import typst

    cells = ", ".join(f"[{words}]" for number in range(rows) for words in _row(number))
    heads = ", ".join(f"[*{words}*]" for words in HEADS)
    source = (
        '#set page(paper: "a4", flipped: true, margin: 1.5cm)\n#set text(lang: "sv", size: 10pt)\n'
        "= Handlingsplan 2026\n"
        "#table(columns: (1.6cm, 5cm, 5cm, 3cm, 1.6cm, 2cm, 4cm, 1.8cm), "
        f"table.header({heads}), {cells})"
    )
    path.write_bytes(typst.compile(source.encode(), format="pdf"))
    return path


def bare(path: Path) -> None:
    """The library alone: open the file, and look at every cell."""
    if path.suffix == ".xlsx":
        import openpyxl

        for sheet in openpyxl.load_workbook(path, data_only=True):
            for row in sheet.iter_rows(values_only=True):
                list(row)
    elif path.suffix == ".docx":
        import docx

        for table in docx.Document(str(path)).tables:
            for cell in table._cells:
                cell.text  # noqa: B018 - reading it is the work
    else:
        import pdfplumber

        with pdfplumber.open(path) as pdf:
            for page in pdf.pages:
                page.extract_tables()
                page.close()


def measure(path: Path, kind: str) -> None:
    """In the child: read once and print seconds, activities and memory."""
    import resource

    from intake.plans import read_plan

    began = perf_counter()
    found = 0
    if kind == "bare":
        bare(path)
    else:
        found = len(read_plan(path, max_bytes=500 * MEGABYTE).activities)
    seconds = perf_counter() - began
    held = re.search(r"VmHWM:\s+(\d+)", Path("/proc/self/status").read_text())
    children = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    memory = max(int(held[1]) if held else 0, children) / 1024
    print(json.dumps({"seconds": seconds, "memory": memory, "activities": found}))


def _in_a_process(path: Path, kind: str) -> dict[str, float]:
    done = subprocess.run(
        [sys.executable, "-m", "bench.intake", "--read", str(path), "--kind", kind],
        capture_output=True, check=True,
    )  # fmt: skip
    told: dict[str, float] = json.loads(done.stdout)
    return told


def through_the_page(files: dict[str, Path], rounds: int) -> None:
    """Send each file to the page of a fresh server: seconds to the preview, and memory held."""
    import httpx

    print("| file | answer | preview | processor time | memory |\n| - | - | - | - | - |")
    for name, path in files.items():
        seconds, busy, held, answer = [], [], 0.0, ""
        for _ in range(rounds):
            with _server() as (address, process):
                httpx.get(f"{address}/planer/las-in", timeout=60)  # the first page is slower
                before, idle = perf_counter(), _busy(process)
                with path.open("rb") as file:
                    sent = httpx.post(
                        f"{address}/planer/las-in",
                        files={"file": (path.name, file)},
                        headers={"Origin": address},
                        timeout=300,
                    )
                seconds.append(perf_counter() - before)
                busy.append(_busy(process) - idle)
                held = max(held, *_held(process))
            refused = re.search(r'role="alert">([^<]*)', sent.text)
            answer = refused[1] if refused else f"{len(_CARD.findall(sent.text))} activities"
        took = f"{median(seconds):.2f} s | {median(busy):.2f} s"
        print(f"| {name} | {answer} | {took} | {held:.0f} MB |")


@contextmanager
def _server() -> Iterator[tuple[str, int]]:
    """The pages alone, in a process of their own with a home of its own: address and number."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with tempfile.TemporaryDirectory() as home:
        told = os.environ | {"FOLJSAM_HOME": home, "FOLJSAM_PORT": str(port)}
        told |= {"FOLJSAM_MAX_UPLOAD_MB": "60"}
        process = subprocess.Popen(
            [sys.executable, "-c", _SERVE], env=told,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        try:
            _wait_for(port)
            yield f"http://127.0.0.1:{port}", process.pid
        finally:
            process.terminate()
            process.wait()


_SERVE = """
import uvicorn
from config import settings
from models import database
from web.app import create_app
told = settings.load()
database.migrate(told)
uvicorn.run(create_app(told), host="127.0.0.1", port=told.port, log_level="error")
"""


def _wait_for(port: int) -> None:
    for _ in range(300):
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            sleep(0.1)
        else:
            return
    raise TimeoutError("the server did not start")


_CARD = re.compile(r'id="a\d+"')


def _busy(process: int) -> float:
    """Seconds of processor time that a process has used, with the children that are done."""
    told = Path(f"/proc/{process}/stat").read_text("utf-8").rpartition(")")[2].split()
    return sum(map(int, told[11:15])) / os.sysconf("SC_CLK_TCK")


def _held(process: int) -> list[float]:
    """The most that a process held, in MB; PDF are read apart, and are held to a limit there."""
    told = Path(f"/proc/{process}/status").read_text("utf-8")
    return [int(number) / 1024 for number in re.findall(r"VmHWM:\s+(\d+)", told)]


def main() -> None:
    """Make the files, read each in turn with the bare library, and print a table."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--rounds", type=int, default=3)
    asked.add_argument("--page", action="store_true")
    asked.add_argument("--read", type=Path)
    asked.add_argument("--kind", default="ours")
    told = asked.parse_args()
    if told.read:
        measure(told.read, told.kind)
        return
    with tempfile.TemporaryDirectory() as folder:
        files = {
            "Excel, 500 rows": make_excel(Path(folder) / "a.xlsx", 500),
            "Excel, 5,000 rows": make_excel(Path(folder) / "b.xlsx", 4_990),
            "Excel, 500 rows and 50 MB of pictures": make_excel(
                Path(folder) / "c.xlsx", 500, 50 * MEGABYTE
            ),
            "Word, 500 rows": make_word(Path(folder) / "d.docx", 500),
            "PDF, 40 pages": make_pdf(Path(folder) / "e.pdf", 430),
        }
        if told.page:
            large = make_excel(Path(folder) / "f.xlsx", 500, 61 * MEGABYTE)
            through_the_page(files | {"Excel, 61 MB where 60 are allowed": large}, told.rounds)
            return
        print("| file | activities | bare | preview | ratio | memory |\n| - | - | - | - | - | - |")
        for name, path in files.items():
            pairs = [
                (_in_a_process(path, "bare"), _in_a_process(path, "ours"))
                for _ in range(told.rounds)
            ]
            plain = median(one["seconds"] for one, _ in pairs)
            ours = median(two["seconds"] for _, two in pairs)
            memory = max(two["memory"] for _, two in pairs)
            many = int(pairs[0][1]["activities"])
            print(
                f"| {name} | {many} | {plain:.2f} s | {ours:.2f} s "
                f"| **{ours / plain:.1f}** | {memory:.0f} MB |"
            )


if __name__ == "__main__":
    main()
