"""Build time and nearest-neighbour look-ups of scipy's cKDTree and astropy on the catalogue and positions given.

Reads two files of float64 pairs (ra, dec in degrees): catalogue, positions. Prints one JSON object.
"""

import json
import sys
import time

import numpy as np
from astropy import units as u
from astropy.coordinates import SkyCoord, match_coordinates_sky
from scipy.spatial import cKDTree

catalogue = np.fromfile(sys.argv[1]).reshape(-1, 2)
positions = np.fromfile(sys.argv[2]).reshape(-1, 2)
radius = float(sys.argv[3])


def vectors(places):
    ra, dec = np.radians(places).T
    return np.stack([np.cos(dec) * np.cos(ra), np.cos(dec) * np.sin(ra), np.sin(dec)], axis=1)


def timed(work):
    start = time.perf_counter()
    result = work()
    return result, time.perf_counter() - start


chord = 2 * np.sin(np.radians(radius / 3600) / 2)
tree, tree_build = timed(lambda: cKDTree(vectors(catalogue)))
(distance, _), tree_query = timed(lambda: tree.query(vectors(positions), distance_upper_bound=chord))

sky = SkyCoord(catalogue[:, 0] * u.deg, catalogue[:, 1] * u.deg)
few = positions[: min(len(positions), 200_000)]
(_, separation, _), astropy_query = timed(
    lambda: match_coordinates_sky(SkyCoord(few[:, 0] * u.deg, few[:, 1] * u.deg), sky)
)
# The first call builds astropy's tree; the second only asks it.
_, astropy_again = timed(lambda: match_coordinates_sky(SkyCoord(few[:, 0] * u.deg, few[:, 1] * u.deg), sky))

print(
    json.dumps(
        {
            "scipy": {
                "buildSeconds": tree_build,
                "lookupsPerSecond": len(positions) / tree_query,
                "matched": int(np.isfinite(distance).sum()),
            },
            "astropy": {
                "buildSeconds": max(0.0, astropy_query - astropy_again),
                "lookupsPerSecond": len(few) / astropy_again,
                "matchedOfFirst": int((separation.arcsec <= radius).sum()),
                "asked": len(few),
            },
        }
    )
)
