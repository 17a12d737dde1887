package dev.thunderhead.frontend.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.vertx.core.Context;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.streams.ReadStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class BodyPipeTest {
    private static final int SIZE = 1_000;

    private final Vertx vertx = Vertx.vertx();
    private final Context loop = vertx.getOrCreateContext();

    @AfterEach
    void close() throws Exception {
        vertx.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
    }

    /** Gives as many buffers as it is asked for, on the event loop. */
    private final class Source implements ReadStream<Buffer> {
        private final int total;
        private final boolean ends;
        private final Random content = new Random(1);
        private Handler<Buffer> handler;
        private Handler<Void> endHandler;
        private long demand = Long.MAX_VALUE;
        private final AtomicInteger given = new AtomicInteger();

        Source(int total, boolean ends) {
            this.total = total;
            this.ends = ends;
        }

        private void flow() {
            while (demand > 0 && given.get() < total) {
                demand--;
                given.incrementAndGet();
                byte[] next = new byte[SIZE];
                content.nextBytes(next);
                handler.handle(Buffer.buffer(next));
            }
            if (given.get() == total && ends && endHandler != null) {
                Handler<Void> last = endHandler;
                endHandler = null;
                // Like Vert.x.
                handler.handle(Buffer.buffer());
                last.handle(null);
            }
        }

        @Override
        public ReadStream<Buffer> exceptionHandler(Handler<Throwable> unused) {
            return this;
        }

        @Override
        public ReadStream<Buffer> handler(Handler<Buffer> wanted) {
            handler = wanted;
            return this;
        }

        @Override
        public ReadStream<Buffer> pause() {
            demand = 0;
            return this;
        }

        @Override
        public ReadStream<Buffer> resume() {
            return fetch(Long.MAX_VALUE);
        }

        @Override
        public ReadStream<Buffer> fetch(long amount) {
            demand = demand + amount < 0 ? Long.MAX_VALUE : demand + amount;
            loop.runOnContext(then -> flow());
            return this;
        }

        @Override
        public ReadStream<Buffer> endHandler(Handler<Void> wanted) {
            endHandler = wanted;
            return this;
        }
    }

    private BodyPipe pipe(Source source) throws Exception {
        CompletableFuture<BodyPipe> made = new CompletableFuture<>();
        loop.runOnContext(now -> made.complete(new BodyPipe(source, loop)));
        return made.get(10, TimeUnit.SECONDS);
    }

    private static byte[] expected(int buffers) {
        Random content = new Random(1);
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (int i = 0; i < buffers; i++) {
            byte[] next = new byte[SIZE];
            content.nextBytes(next);
            all.writeBytes(next);
        }
        return all.toByteArray();
    }

    @Test
    void allComesInOrderHoweverItIsRead() throws Exception {
        byte[] expected = expected(2_000);
        try (BodyPipe whole = pipe(new Source(2_000, true))) {
            assertThat(whole.readAllBytes()).isEqualTo(expected);
            assertThat(whole.read()).isEqualTo(-1);
        }
        try (BodyPipe bits = pipe(new Source(2_000, true))) {
            ByteArrayOutputStream read = new ByteArrayOutputStream();
            byte[] some = new byte[777];
            for (int one = bits.read(); one >= 0; one = bits.read()) {
                read.write(one);
                int count = bits.read(some, 0, some.length);
                read.write(some, 0, Math.max(0, count));
            }
            assertThat(read.toByteArray()).isEqualTo(expected);
        }
    }

    @Test
    void aBodyThatNobodyReadsWaitsAtItsSource() throws Exception {
        Source large = new Source(10_000, false);
        try (BodyPipe pipe = pipe(large)) {
            await().until(pipe::isFull);
            Thread.sleep(200);
            assertThat(large.given).hasValue(BodyPipe.MOST);
            assertThat(pipe.read(new byte[SIZE * 3])).isEqualTo(SIZE);
            await().until(() -> large.given.get() == BodyPipe.MOST + 1);
            Thread.sleep(200);
            assertThat(large.given).hasValue(BodyPipe.MOST + 1);
        }
    }

    @Test
    void howLongTheReaderWasWaitedForIsKnownAlsoWhenItReadsAgain() throws Exception {
        try (BodyPipe pipe = pipe(new Source(BodyPipe.MOST, false))) {
            await().until(pipe::isFull);
            Thread.sleep(300);
            assertThat(pipe.takeWaited()).isGreaterThanOrEqualTo(Duration.ofMillis(300));
            Thread.sleep(200);
            assertThat(pipe.read()).isNotNegative();
            assertThat(pipe.isFull()).isFalse();
            assertThat(pipe.takeWaited()).isGreaterThanOrEqualTo(Duration.ofMillis(200));
            Thread.sleep(200);
            assertThat(pipe.takeWaited()).isZero();
        }
    }

    @Test
    void aReaderWaitsForMoreAndIsWokenByAFailure() throws Exception {
        Source stalled = new Source(1, false);
        BodyPipe pipe = pipe(stalled);
        CompletableFuture<Integer> read = CompletableFuture.supplyAsync(() -> {
            try {
                return pipe.readAllBytes().length;
            } catch (IOException problem) {
                throw new IllegalArgumentException(problem);
            }
        });
        Thread.sleep(200);
        assertThat(read).isNotDone();
        IllegalStateException hangUp = new IllegalStateException("hung up");
        pipe.fail(hangUp);
        assertThatThrownBy(read::join).hasRootCause(hangUp);
        assertThatThrownBy(pipe::read).isInstanceOf(IOException.class);
    }

    @Test
    void aFailureComesBeforeWhatWaits() throws Exception {
        Source three = new Source(3, true);
        BodyPipe pipe = pipe(three);
        await().until(() -> three.given.get() == 3);
        pipe.fail(new IllegalStateException("late"));
        assertThatThrownBy(pipe::read).isInstanceOf(IOException.class);
    }

    @Test
    void whoStopsReadingLetsTheRestGoBy() throws Exception {
        Source source = new Source(10_000, true);
        BodyPipe pipe = pipe(source);
        pipe.close();
        await().until(() -> source.given.get() == 10_000);
        assertThatThrownBy(pipe::read).isInstanceOf(IOException.class);
    }

    @Test
    void anInterruptEndsTheWait() throws Exception {
        BodyPipe pipe = pipe(new Source(0, false));
        CompletableFuture<Throwable> ended = new CompletableFuture<>();
        Thread reader = new Thread(() -> {
            try {
                ended.complete(new AssertionError("read " + pipe.read()));
            } catch (IOException problem) {
                ended.complete(problem);
            }
        });
        reader.start();
        reader.interrupt();
        assertThat(ended.get(10, TimeUnit.SECONDS)).isInstanceOf(InterruptedIOException.class);
    }
}
