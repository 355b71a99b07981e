"""Labelled arrays, what record.nc holds: as a dataset of xarray, or as the bytes of a NetCDF file.

The file is written by h5netcdf, which xarray would ask as well, but only after loading pandas, and dask and distributed
where they are installed, which takes longer than a run.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    import xarray as xr

COMPRESSION = 4
"""Level of gzip: beyond it files hardly become smaller."""


@dataclass(frozen=True)
class Labelled:
    """One array with the names of its axes, its unit and its meaning."""

    values: npt.NDArray[np.float64]
    axes: tuple[str, ...]
    unit: str
    meaning: str

    @property
    def attributes(self) -> dict[str, str]:
        """What a file says of it; CF conventions."""
        return {"units": self.unit, "long_name": self.meaning}


@dataclass(frozen=True)
class LabelledArrays:
    """Arrays by name, the labels along every axis they have, and what is said of all of them."""

    arrays: Mapping[str, Labelled]
    labels: Mapping[str, tuple[Any, ...]]
    attributes: Mapping[str, str]

    def dataset(self) -> xr.Dataset:
        """Return them as a dataset."""
        import xarray

        arrays = {
            name: xarray.DataArray(array.values, dims=array.axes, attrs=array.attributes)
            for name, array in self.arrays.items()
        }
        coordinates = {axis: list(labels) for axis, labels in self.labels.items()}
        return xarray.Dataset(arrays, coords=coordinates, attrs=self.attributes)

    def netcdf(self) -> bytes:
        """Return them as a NetCDF-4 file, one compressed chunk for every place along an array's first axis.

        Made in memory: a disk that is full under the HDF5 library can bring the process down.
        """
        import h5netcdf
        import h5py

        buffer = BytesIO()
        with h5netcdf.File(buffer, "w") as file:
            file.attrs.update(self.attributes)
            file.dimensions = {axis: len(labels) for axis, labels in self.labels.items()}
            for axis, labels in self.labels.items():
                words = isinstance(labels[0], str)
                kind = h5py.string_dtype() if words else np.int64
                file.create_variable(axis, (axis,), data=np.array(labels, dtype=kind), dtype=kind)
            for name, array in self.arrays.items():
                _write_array(file, name, array)
        return buffer.getvalue()


def _write_array(file: Any, name: str, array: Labelled) -> None:
    written = file.create_variable(
        name,
        array.axes,
        data=array.values,
        dtype=np.float64,
        chunks=(1, *array.values.shape[1:]),
        compression="gzip",
        compression_opts=COMPRESSION,
        fillvalue=np.nan,
    )
    written.attrs.update(array.attributes)
