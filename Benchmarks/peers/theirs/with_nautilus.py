"""NautilusTrader: quote ticks that are objects in memory to bars of a second from their mids.

Once by its aggregators alone, with the clock moved as seldom as possible, once by the engine that
its users run, with a strategy that does nothing but take the bars.
"""

import numpy as np
import serve
from nautilus_trader.backtest.config import BacktestEngineConfig
from nautilus_trader.backtest.engine import BacktestEngine
from nautilus_trader.common.component import TestClock
from nautilus_trader.common.config import LoggingConfig
from nautilus_trader.config import DataEngineConfig
from nautilus_trader.data.aggregation import TimeBarAggregator
from nautilus_trader.model.currencies import USD
from nautilus_trader.model.data import BarType, QuoteTick
from nautilus_trader.model.enums import AccountType, OmsType
from nautilus_trader.model.identifiers import Venue
from nautilus_trader.model.objects import Money
from nautilus_trader.test_kit.providers import TestInstrumentProvider
from nautilus_trader.trading.strategy import Strategy

SECOND = 1_000_000_000


def quotes():
    """Instruments and all quotes in order of time."""
    time, symbol = serve.numbers("time.i64"), serve.numbers("symbol.i64")
    bid, ask = serve.numbers("bid.f64"), serve.numbers("ask.f64")
    instruments = [
        TestInstrumentProvider.equity(symbol=f"S{i}", venue="SIM")
        for i in range(symbol.max() + 1)]
    ticks = [
        QuoteTick(
            instruments[s].id, instruments[s].make_price(b), instruments[s].make_price(a),
            instruments[s].make_qty(1), instruments[s].make_qty(1), t, t)
        for t, s, b, a in zip(time.tolist(), symbol.tolist(), bid.tolist(), ask.tolist())]
    return instruments, ticks


def bar_type(instrument):
    return BarType.from_str(f"{instrument.id}-1-SECOND-MID-INTERNAL")


def flattened(bars, instruments):
    """Rows as all sides write them; with sizes of 1 its volume is the number of quotes."""
    places = {instrument.id: place for place, instrument in enumerate(instruments)}
    rows = np.array([
        [bar.ts_event // SECOND, places[bar.bar_type.instrument_id], float(bar.open),
         float(bar.high), float(bar.low), float(bar.close), np.nan, float(bar.volume)]
        for bar in bars])
    return rows[np.lexsort((rows[:, 1], rows[:, 0]))]


def aggregators():
    instruments, ticks = quotes()

    def feed(bars):
        clock = TestClock()
        next_second = (ticks[0].ts_event // SECOND + 1) * SECOND
        clock.set_time(next_second - SECOND)
        made = {
            instrument.id: TimeBarAggregator(
                instrument, bar_type(instrument), bars.append, clock,
                interval_type="right-open", timestamp_on_close=False,
                build_with_no_updates=False)
            for instrument in instruments}
        for tick in ticks:
            if tick.ts_event >= next_second:
                next_second = (tick.ts_event // SECOND + 1) * SECOND
                for event in clock.advance_time(next_second - SECOND):
                    event.handle()
            made[tick.instrument_id].handle_quote_tick(tick)
        for event in clock.advance_time(next_second):
            event.handle()
        return bars

    def work():
        feed([])
        return len(ticks)

    return work, lambda: flattened(feed([]), instruments)


class Taker(Strategy):
    """Takes the bars of all instruments."""

    def __init__(self, instruments):
        super().__init__()
        self.instruments = instruments
        self.bars = []

    def on_start(self):
        for instrument in self.instruments:
            self.subscribe_bars(bar_type(instrument))

    def on_bar(self, bar):
        self.bars.append(bar)


def engine():
    instruments, ticks = quotes()
    made = BacktestEngine(BacktestEngineConfig(
        logging=LoggingConfig(bypass_logging=True),
        data_engine=DataEngineConfig(
            time_bars_interval_type="right-open", time_bars_timestamp_on_close=False,
            time_bars_build_with_no_updates=False)))
    made.add_venue(Venue("SIM"), OmsType.NETTING, AccountType.CASH, [Money(1_000_000, USD)])
    for instrument in instruments:
        made.add_instrument(instrument)
    # One more quote a second later lets the last bars close within the run.
    last = ticks[-1]
    end = (last.ts_event // SECOND + 1) * SECOND
    made.add_data(ticks + [QuoteTick(
        last.instrument_id, last.bid_price, last.ask_price, last.bid_size, last.ask_size,
        end + 1, end + 1)])
    taker = Taker(instruments)
    made.add_strategy(taker)

    def before():
        made.reset()
        taker.bars.clear()

    def work():
        made.run()
        return len(ticks)

    def answer():
        before()
        made.run()
        return flattened([bar for bar in taker.bars if bar.ts_event < end], instruments)

    return work, answer, before


serve.serve({"quotes": aggregators, "quotes-engine": engine})
