"""Takes tables, sparse matrices and tensors apart into arrays, and puts them together again.

Both ends use this module. It imports none of the packages that define them: a program that returns
a DataFrame has imported pandas, and so has a check that compares one. If the package is not
imported, a :class:`Table` or :class:`Sparse` stands for the value.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

_MAX_ROWS: Final = 2_000_000  # of a table without columns, whose size says nothing; of a matrix
#: The dtypes that only pandas has, and that are built by name.
_DTYPE: Final = re.compile(
    r"object|str|string|boolean|U?Int(8|16|32|64)|Float(32|64)"
    r"|datetime64\[(s|ms|us|ns), [A-Za-z_/+:\d-]{1,60}\]"
)
_SPARSE: Final = ("csr", "csc", "coo", "bsr", "dia", "dok", "lil")


@dataclass(frozen=True, slots=True, eq=False)
class Table:
    """A DataFrame, Series or Index of pandas, in parts.

    A column is a list: the name of its dtype, then its values: an array, or a list with None for
    what is missing. Labels are a list: their kind, what they are, their names.
    """

    kind: str  # frame, series, index
    columns: list[Any]  # the labels of a frame's columns
    data: list[Any]  # the columns
    index: list[Any]  # the labels of the rows
    name: Any  # of a series


@dataclass(frozen=True, slots=True, eq=False)
class Sparse:
    """A sparse matrix of scipy: the entries that it stores."""

    format: str  # csr, csc, coo, …
    is_matrix: bool  # scipy's older class, whose * multiplies matrices
    shape: tuple[int, ...]  # rows and columns
    row: np.ndarray
    column: np.ndarray
    data: np.ndarray


def take_apart(value: object) -> Any:
    """A tensor as an array; a table or a sparse matrix in parts; None for any other value."""
    kind = type(value)
    package = _package_of(kind)
    convert = _CONVERTERS.get((package, str(kind.__name__))) if package in _PACKAGES else None
    return convert(value) if convert is not None and package in sys.modules else None


def put_table_together(*parts: Any) -> Any:
    """The table as a value of pandas, if pandas is imported.

    Raises:
        ValueError: the parts do not fit.
    """
    kind, columns, data, index, name = parts
    types = [type(part) for part in parts[:4]]
    if types != [str, list, list, list] or kind not in {"frame", "series", "index"}:
        raise ValueError("no table")
    pandas = sys.modules.get("pandas")
    if pandas is None:
        return Table(*parts)
    try:
        rows = _build_labels(pandas, index)
        if kind == "index":
            return rows
        built = [_build_column(pandas, column) for column in data]
        if kind == "series":
            return pandas.Series(built[0], index=rows, name=name)
        frame = pandas.DataFrame(dict(enumerate(built)), index=rows)
        frame.columns = _build_labels(pandas, columns)
    except Exception as error:
        raise ValueError("the parts of a table do not fit") from error
    return frame


def put_sparse_together(*parts: Any) -> Any:
    """The matrix as a value of scipy, if its sparse matrices are imported.

    Raises:
        ValueError: the parts do not fit.
    """
    format_, is_matrix, shape, row, column, data = parts
    arrays = [type(array) is np.ndarray and array.ndim == 1 for array in (row, column, data)]
    sizes = shape if type(shape) is tuple else ()
    if format_ not in _SPARSE or not all(arrays) or len(sizes) != 2:
        raise ValueError("no sparse matrix")
    if not all(type(size) is int and 0 <= size <= _MAX_ROWS for size in sizes):
        raise ValueError("a sparse matrix of that shape")
    sparse = sys.modules.get("scipy.sparse")
    if sparse is None:
        return Sparse(*parts)
    try:
        build = sparse.coo_matrix if is_matrix else sparse.coo_array
        return build((data, (row, column)), shape=sizes).asformat(format_)
    except Exception as error:
        raise ValueError("the parts of a sparse matrix do not fit") from error


def _package_of(kind: type) -> str:
    module = kind.__dict__.get("__module__")
    return module.partition(".")[0] if isinstance(module, str) else ""


def _tensor(tensor: Any) -> Any:
    return tensor.detach().cpu().numpy()


def _sparse(matrix: Any) -> Sparse:
    entries = matrix.tocoo()
    return Sparse(
        str(matrix.format),
        type(matrix).__name__.endswith("_matrix"),
        tuple(int(size) for size in matrix.shape),
        np.asarray(entries.row, np.int64),
        np.asarray(entries.col, np.int64),
        np.asarray(entries.data),
    )


def _frame(frame: Any) -> Table:
    columns = [_column(frame.iloc[:, number]) for number in range(frame.shape[1])]
    return Table("frame", _labels(frame.columns), columns, _labels(frame.index), None)


def _series(series: Any) -> Table:
    return Table("series", [], [_column(series)], _labels(series.index), _plain(series.name))


def _index(index: Any) -> Table:
    return Table("index", [], [], _labels(index), None)


def _labels(index: Any) -> list[Any]:
    names = [_plain(name) for name in index.names]
    kind = type(index).__name__
    if kind == "RangeIndex":
        return ["range", [int(index.start), int(index.stop), int(index.step)], names]
    if kind == "MultiIndex":
        levels = [_column(index.get_level_values(level)) for level in range(index.nlevels)]
        return ["levels", levels, names]
    return ["labels", _column(index), names]


def _column(column: Any) -> list[Any]:
    dtype = str(column.dtype)
    if dtype == "category":
        own = column.array
        return [dtype, [_column(own.categories), np.asarray(own.codes), bool(own.ordered)]]
    if isinstance(column.dtype, np.dtype) and column.dtype.kind in "biufcmM":
        return [dtype, np.asarray(column)]
    missing = np.asarray(column.isna())
    values = column.astype(object)
    return [
        dtype,
        [None if gone else _plain(value) for gone, value in zip(missing, values, strict=True)],
    ]


def _plain(value: Any) -> Any:
    if isinstance(value, np.generic):
        return value.item()
    # Whatever package it is of, a moment of pandas is one of Python's own, too.
    return value.to_pydatetime(warn=False) if hasattr(value, "to_pydatetime") else value


def _build_column(pandas: Any, column: list[Any]) -> Any:
    dtype, values = column
    if dtype == "category":
        categories, codes, ordered = values
        labels = pandas.Index(_build_column(pandas, categories))
        return pandas.Categorical.from_codes(codes, categories=labels, ordered=ordered)
    if type(values) is np.ndarray:
        if values.ndim != 1:
            raise ValueError("no column")
        return values
    if not _DTYPE.fullmatch(dtype) or type(values) is not list:
        raise ValueError("a dtype that is not known")
    return pandas.array(values, dtype=dtype) if dtype != "object" else _objects(values)


def _objects(values: list[Any]) -> Any:
    column = np.empty(len(values), object)
    column[:] = values
    return column


def _build_labels(pandas: Any, labels: list[Any]) -> Any:
    kind, what, names = labels
    if kind == "range":
        range_ = range(*what)
        if len(range_) > _MAX_ROWS:
            raise ValueError("too many rows")
        return pandas.RangeIndex(range_, name=names[0])
    if kind == "levels":
        return pandas.MultiIndex.from_arrays(
            [_build_column(pandas, level) for level in what], names=names
        )
    return pandas.Index(_build_column(pandas, what), name=names[0])


_PACKAGES: Final = frozenset({"torch", "pandas", "scipy"})
_CONVERTERS: Final[dict[tuple[str, str], Callable[[Any], Any]]] = {
    ("torch", "Tensor"): _tensor,
    ("torch", "Parameter"): _tensor,
    ("pandas", "DataFrame"): _frame,
    ("pandas", "Series"): _series,
    **{
        ("pandas", name): _index
        for name in ("Index", "RangeIndex", "MultiIndex", "DatetimeIndex", "CategoricalIndex")
    },
    **{("scipy", f"{kind}_{shape}"): _sparse for kind in _SPARSE for shape in ("matrix", "array")},
}
