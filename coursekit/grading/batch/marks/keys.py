"""Whether a grade is still up to date: hashes of everything that it depends on."""

import hashlib

import coursekit
from coursekit.grading.batch.base.records import Settings, SubmittedFile
from coursekit.grading.batch.marks.gradebook import Gradebook
from coursekit.grading.course.paths import Course
from coursekit.language import languages


class Keys:
    """Hashes of everything that a grade depends on: the file, the tests and the settings.

    The tests are those of all languages: a submission is graded by the edition of its own.
    """

    def __init__(self, course: Course, settings: Settings) -> None:
        self._course = course
        how = f"{settings.seconds} {settings.unsafe} {settings.language}"
        self._rest = f"{coursekit.__version__} {how}"
        self._tests: dict[str, str] = {}

    def of(self, submission: SubmittedFile, exercise: str) -> str:
        """Return the key of a submission's grade for an exercise."""
        if exercise not in self._tests:
            self._tests[exercise] = self._of_tests(exercise)
        content = hashlib.sha256(submission.content).hexdigest()
        about = f"{content} {submission.error} {submission.remarks()}"
        text = f"{about} {self._tests[exercise]} {self._rest}"
        return hashlib.sha256(text.encode()).hexdigest()

    def fit(self, submission: SubmittedFile, book: Gradebook) -> bool:
        """Whether the gradebook has a grade of this very file by these tests."""
        known = book.known(submission.student, submission.file)
        return known is not None and known[1] == self.of(submission, known[0])

    def _of_tests(self, exercise: str) -> str:
        if exercise not in self._course.names:
            return " ".join(self._course.names)
        files = []
        editions = [self._course.edition(language, exercise) for language in languages()]
        for course in {one.root: one for one in editions}.values():
            files += [course.test_file(exercise), course.recorded_file(exercise)]
            files += [course.solutions / f"{exercise}.ipynb", course.tests / "conftest.py"]
        return hashlib.sha256(b"\0".join(file.read_bytes() for file in files)).hexdigest()
