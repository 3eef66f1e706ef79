"""The course in other languages: its texts, their catalogues, and the editions made of both.

English is the source. A catalogue in ``translations/`` holds what stands for each English text;
an edition is a course tree in which the texts are replaced. See `coursekit.translation.__main__`.
"""
