// LMAX Disruptor, moving our record from one thread to another, which perf/peers pins by name.
//
// java Rings disruptor FOLDER; the lines it exchanges with perf/peers are those of every side.

import com.lmax.disruptor.BatchEventProcessor;
import com.lmax.disruptor.BusySpinWaitStrategy;
import com.lmax.disruptor.EventHandler;
import com.lmax.disruptor.RingBuffer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.SynchronousQueue;

final class Rings {
    static final int CAPACITY = 4096;

    /** The fields of a Tick. */
    static final class Tick {
        long time, receiveTime;
        double bid, ask, bidSize, askSize, last, lastSize;
        long sequence;
        int symbol;
        short source, flags;

        void copy(Tick other) {
            time = other.time;
            receiveTime = other.receiveTime;
            bid = other.bid;
            ask = other.ask;
            bidSize = other.bidSize;
            askSize = other.askSize;
            last = other.last;
            lastSize = other.lastSize;
            sequence = other.sequence;
            symbol = other.symbol;
            source = other.source;
            flags = other.flags;
        }
    }

    /** Counts and adds up what arrives, and says when the last of a run has. */
    static final class Receiver implements EventHandler<Tick> {
        private final long records;
        private final Tick copy = new Tick();
        long count, misplaced;
        double sum;
        BatchEventProcessor<Tick> processor;

        Receiver(long records) {
            this.records = records;
        }

        @Override
        public void onEvent(Tick tick, long sequence, boolean endOfBatch) throws Exception {
            copy.copy(tick);
            if (copy.time != count) misplaced++;
            sum += copy.last;
            if (++count == records) processor.halt();
        }

        void reset() {
            count = 0;
            misplaced = 0;
            sum = 0;
        }
    }

    static void send(RingBuffer<Tick> ring, long records) {
        Tick tick = new Tick();
        tick.last = 2;
        for (long i = 0; i < records; i++) {
            tick.time = i;
            long place = ring.next();
            ring.get(place).copy(tick);
            ring.publish(place);
        }
    }

    /** A thread that does its job whenever it is asked to. */
    static final class Hand {
        private final SynchronousQueue<Boolean> starts = new SynchronousQueue<>();
        private final SynchronousQueue<Long> ends = new SynchronousQueue<>();

        Hand(String name, Runnable job) {
            Thread thread = new Thread(() -> {
                try {
                    while (starts.take()) {
                        job.run();
                        ends.put(System.nanoTime());
                    }
                } catch (InterruptedException ended) {
                    Thread.currentThread().interrupt();
                }
            }, name);
            thread.setDaemon(true);
            thread.start();
        }

        void begin() throws InterruptedException {
            starts.put(true);
        }

        /** When the job ended, once it has. */
        long end() throws InterruptedException {
            return ends.take();
        }
    }

    public static void main(String[] arguments) throws Exception {
        Path folder = Path.of(arguments[1]);
        long records = ByteBuffer.wrap(Files.readAllBytes(folder.resolve("records.i64")))
            .order(ByteOrder.LITTLE_ENDIAN).getLong();
        RingBuffer<Tick> ring =
            RingBuffer.createSingleProducer(Tick::new, CAPACITY, new BusySpinWaitStrategy());
        Receiver receiver = new Receiver(records);
        BatchEventProcessor<Tick> processor =
            new BatchEventProcessor<>(ring, ring.newBarrier(), receiver);
        receiver.processor = processor;
        ring.addGatingSequences(processor.getSequence());
        // Its receiver spins, so it runs only while there is something to wait for.
        Hand receiving = new Hand("receiver", processor);
        Hand sending = new Hand("sender", () -> send(ring, records));
        System.out.println("{\"ready\": true}");
        BufferedReader commands = new BufferedReader(new InputStreamReader(System.in));
        for (String line; (line = commands.readLine()) != null;) {
            receiver.reset();
            long start = System.nanoTime();
            receiving.begin();
            sending.begin();
            sending.end();
            long nanoseconds = receiving.end() - start;
            System.out.println(line.equals("time")
                ? "{\"nanoseconds\": " + nanoseconds + ", \"operations\": " + records + "}"
                : answer(receiver, Path.of(line.substring("answer ".length()))));
        }
    }

    static String answer(Receiver receiver, Path file) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(24).order(ByteOrder.LITTLE_ENDIAN);
        bytes.putDouble(receiver.count).putDouble(receiver.sum).putDouble(receiver.misplaced);
        Files.write(file, bytes.array());
        return "{\"values\": 3}";
    }
}
