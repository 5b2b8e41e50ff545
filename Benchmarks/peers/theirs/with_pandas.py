"""pandas: the rolling correlation matrix of a frame, all rows in one call."""

import pandas as pd
import serve

WINDOW = 256


def correlation():
    rows = serve.returns()
    frame = pd.DataFrame(rows)

    def matrices():
        return frame.rolling(WINDOW).corr().to_numpy().reshape(len(rows), *[rows.shape[1]] * 2)

    def work():
        frame.rolling(WINDOW).corr()
        return len(rows)

    def answer():
        every = matrices()
        return [serve.upper(every[end - 1]) for end in serve.checkpoints(len(rows))]

    return work, answer


serve.serve({"correlation": correlation})
