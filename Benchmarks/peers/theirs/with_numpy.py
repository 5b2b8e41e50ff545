"""numpy.corrcoef over the last 256 rows, once for each new row."""

import numpy as np
import serve

WINDOW = 256


def correlation():
    rows = serve.returns()
    # Enough new rows for a steady figure; a row is the same work wherever its window stands.
    ends = range(WINDOW, WINDOW + max(8, min(200, 20_000 // rows.shape[1])))
    assert ends[-1] <= len(rows)

    def work():
        for end in ends:
            np.corrcoef(rows[end - WINDOW:end], rowvar=False)
        return len(ends)

    def answer():
        return np.concatenate([
            serve.upper(np.corrcoef(rows[end - WINDOW:end], rowvar=False))
            for end in serve.checkpoints(len(rows))])

    return work, answer


serve.serve({"correlation": correlation})
