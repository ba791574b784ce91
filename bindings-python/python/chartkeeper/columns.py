"""What the batch verbs take besides a sequence of `str`: columns of Apache Arrow.

Any object that follows the Arrow PyCapsule interface will do: an array or a chunked array of `pyarrow`, a
series of `polars` or `pandas`. Its texts are read where they lie, without an object of Python for each.
"""

from typing import Protocol


class ArrowArray(Protocol):
    """One array, such as `pyarrow.Array`."""

    def __arrow_c_array__(self, requested_schema: object | None = None) -> tuple[object, object]:
        """Return the schema and the array as capsules."""
        ...


class ArrowStream(Protocol):
    """An array in parts, such as `pyarrow.ChunkedArray` or `polars.Series`."""

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object:
        """Return the stream as a capsule."""
        ...
