"""What one file may cost. A limit that is passed is an error that names it."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Limits:
    """Bounds on one file and on the child process that reads it.

    The `ocr_*` bounds hold for PDF and pictures, whose pages may have to be recognised. `ratio`
    is uncompressed to compressed size of one archive entry, looked at above `ratio_from` bytes.
    """

    file_bytes: int = 20 << 20
    seconds: float = 60.0
    cpu_seconds: int = 60
    memory_bytes: int = 1 << 30
    ocr_seconds: float = 600.0
    ocr_cpu_seconds: int = 1200
    ocr_memory_bytes: int = 4 << 30
    result_bytes: int = 64 << 20
    open_files: int = 64
    archive_entries: int = 2000
    expanded_bytes: int = 200 << 20
    ratio: int = 100
    ratio_from: int = 4 << 20
    depth: int = 200
    elements: int = 1_000_000
    rows: int = 5000
    cells: int = 200_000
    cell_characters: int = 20_000


LIMITS = Limits()
