"""Reference values for tests/rating/shrinkage: run from this folder, samplics 0.6.1 installed apart.

Reads shrinkage_input.csv, set "areas"; writes fay_herriot_samplics_expected.csv. Its ML fit is left
out: its variance is not at the highest likelihood (1.754 beside 1.856 of metafor and sae).
"""

import numpy as np
import pandas as pd
from samplics.sae import EblupAreaModel
from samplics.utils.types import FitMethod

data = pd.read_csv("shrinkage_input.csv").query("set == 'areas'")
x, area = data[["x1", "x2"]].to_numpy(float), np.arange(len(data))
rows = []
for method, name in ((FitMethod.reml, "reml"), (FitMethod.fh, "fay_herriot")):
    model = EblupAreaModel(method=method)
    model.fit(
        yhat=data["y"].to_numpy(), X=x, area=area, error_std=np.sqrt(data["v"].to_numpy()),
        intercept=True, tol=1e-13, maxiter=10000,
    )
    model.predict(X=x, area=area, intercept=True)
    found = {"variance": [model.re_std**2]}
    found["estimate"] = [model.area_est[key] for key in area]
    found["mse"] = [model.area_mse[key] for key in area]
    for statistic, values in found.items():
        for unit, value in enumerate(values, start=1):
            rows.append(("areas", "samplics 0.6.1", name, statistic, unit, f"{float(value):.15g}"))
columns = ["set", "made_by", "method", "statistic", "unit", "estimate"]
pd.DataFrame(rows, columns=columns).to_csv("fay_herriot_samplics_expected.csv", index=False)
