package dev.thunderhead.frontend.batch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thunderhead.frontend.FinishedJobs;
import dev.thunderhead.frontend.file.FileId;
import dev.thunderhead.job.BatchEvent;
import dev.thunderhead.job.JobRecord;
import dev.thunderhead.storage.ObjectKeys;
import dev.thunderhead.wire.Json;
import dev.thunderhead.wire.MalformedRecordException;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class BatchEndingTest {
    private static JobRecord.Finished twoPictures() {
        return FinishedJobs.inlineLine(EndingBatch.ACME, FinishedJobs.picture(1), FinishedJobs.picture(1));
    }

    @Test
    void aReadThatFailsDoesNotBeginTheFileAnew() throws IOException {
        AtomicInteger reads = new AtomicInteger();
        AtomicInteger writes = new AtomicInteger();
        EndingBatch ending = new EndingBatch((verb, key, call) -> {
            boolean ofResults = key.startsWith("batches/parts/") || key.startsWith("tasks/");
            if (verb.equals("get") && ofResults && reads.incrementAndGet() % 3 != 0) {
                throw new IOException("503");
            }
            writes.addAndGet(verb.equals("write") ? 1 : 0);
            return call.call();
        });
        ending.keep(ending.line(1, twoPictures()), ending.line(2, twoPictures()));
        ending.end(EndingBatch.FEEDER);
        assertThat(ending.batch().status()).isEqualTo(BatchStatus.COMPLETED);
        assertThat(ending.told).containsExactly(BatchEvent.COMPLETED);
        assertThat(writes).hasValue(1);
        assertThat(ending.text(ending.batch().output()).lines())
                .hasSize(2)
                .allSatisfy(line -> assertThat(line).contains("{\"b64_json\":\"AA==\"", "{\"b64_json\":\"AQ==\""));
    }

    @Test
    void theFinishedPicturesOfALineThatFailedAreBesideItsError() throws IOException {
        EndingBatch ending = new EndingBatch();
        JobRecord.Finished job = FinishedJobs.inlineLine(
                EndingBatch.ACME, FinishedJobs.failed(), FinishedJobs.picture(1), FinishedJobs.picture(1));
        ending.keep(
                ending.line(1, job), ending.line(2, FinishedJobs.inlineLine(EndingBatch.ACME, FinishedJobs.failed())));
        ending.end(EndingBatch.FEEDER);
        List<String> lines = ending.text(ending.batch().errorFile()).lines().toList();
        assertThat(lines.get(0))
                .contains("\"code\":\"render_failed\"", "\"data\":[{\"b64_json\":\"AQ==\"", "{\"b64_json\":\"Ag==\"");
        assertThat(lines.get(1)).contains("\"code\":\"render_failed\"").doesNotContain("data");
        assertThat(Json.text(ending.results
                        .page(EndingBatch.ACME, ending.id, Optional.empty(), 10)
                        .orElseThrow()
                        .entries()
                        .get(0)))
                .contains("\"data\":[{\"url\":\"http://pictures/" + job.id() + "/1\"");
    }

    @Test
    void callbacksThatCannotBePlannedDoNotKeepTheBatchOpen() throws IOException {
        EndingBatch ending = new EndingBatch();
        ending.keep(ending.line(1, twoPictures()));
        ending.callbacks((account, batch, event, at) -> {
            throw new IOException("cannot be read", new MalformedRecordException("not JSON", null));
        });
        ending.end(EndingBatch.FEEDER);
        assertThat(ending.isOpen()).isFalse();
        assertThat(ending.unreadable).hasValue(1);
    }

    @Test
    void callbacksThatAreNotPlannedAreTriedAgain() throws IOException {
        EndingBatch ending = new EndingBatch();
        ending.keep(ending.line(1, twoPictures()));
        ending.callbacks((account, batch, event, at) -> {
            throw new IOException("503");
        });
        assertThatThrownBy(() -> ending.end(EndingBatch.FEEDER)).isInstanceOf(IOException.class);
        assertThat(ending.isOpen()).isTrue();
    }

    @Test
    void aFeederThatWasFrozenWhileItWroteDoesNotBringADeletedFileBack() throws IOException {
        AtomicReference<Callable<Void>> whileFrozen = new AtomicReference<>(() -> null);
        EndingBatch ending = new EndingBatch((verb, key, call) -> {
            if (verb.equals("write")) {
                whileFrozen.getAndSet(() -> null).call();
            }
            return call.call();
        });
        ending.keep(ending.line(1, twoPictures()));
        whileFrozen.set(() -> {
            ending.batches.update(
                    EndingBatch.ACME,
                    ending.id,
                    batch -> batch.with(batch.feed().by("another")));
            ending.end("another");
            FileId file = ending.batch().output().orElseThrow();
            assertThat(ending.files.delete(EndingBatch.ACME, file)).isTrue();
            return null;
        });
        ending.end(EndingBatch.FEEDER);
        Batch batch = ending.batch();
        assertThat(batch.status()).isEqualTo(BatchStatus.COMPLETED);
        assertThat(ending.files.find(EndingBatch.ACME, batch.output().orElseThrow()))
                .isEmpty();
        assertThat(ending.told).hasSize(1);
    }

    @Test
    void whatNobodyWantsAnyMoreIsNotWrittenToItsEnd() throws IOException {
        EndingBatch ending = new EndingBatch();
        ending.keep(ending.line(1, twoPictures()), ending.line(2, twoPictures()));
        Batch decided = ending.ending().decide(ending.name, EndingBatch.FEEDER).orElseThrow();
        assertThat(decided.status()).isEqualTo(BatchStatus.FINALIZING);
        AtomicInteger asked = new AtomicInteger();
        assertThatThrownBy(
                        () -> ending.ending().end(ending.name, EndingBatch.FEEDER, () -> asked.incrementAndGet() == 1))
                .isInstanceOf(IOException.class);
        assertThat(asked).hasValue(2);
        assertThat(ending.memory.list("files/content/")).isEmpty();
        assertThat(ending.isOpen()).isTrue();
        ending.end(EndingBatch.FEEDER);
        assertThat(ending.text(ending.batch().output()).lines()).hasSize(2);
    }

    private static LineResult expired(int line) {
        return new LineResult.Dropped(line, "line-" + line, LineResult.Reason.BATCH_EXPIRED);
    }

    private static String key(BatchId id, Batch.Segment segment) {
        return ObjectKeys.batchParts(EndingBatch.ACME, id.value()) + segment.name();
    }

    @Test
    void whatIsLostFailsTheBatchWhichKeepsTheRest() throws IOException {
        EndingBatch ending = new EndingBatch();
        List<Batch.Segment> segments = ending.keep(
                ending.line(1, twoPictures()),
                ending.line(2, twoPictures()),
                expired(3),
                ending.line(4, twoPictures()));
        ending.memory.delete(key(ending.id, segments.get(0)));
        ending.memory.put(key(ending.id, segments.get(3)), new byte[] {'{'}, "application/jsonl", Map.of());
        ending.end(EndingBatch.FEEDER);
        Batch batch = ending.batch();
        assertThat(batch.status()).isEqualTo(BatchStatus.FAILED);
        assertThat(batch.errors()).singleElement().satisfies(error -> {
            assertThat(error.code()).isEqualTo("results_lost");
            assertThat(error.message()).contains("2 lines", "create a batch of those lines");
        });
        assertThat(ending.told).containsExactly(BatchEvent.FAILED);
        assertThat(ending.isOpen()).isFalse();
        assertThat(ending.text(batch.output()).lines())
                .singleElement()
                .asString()
                .contains("\"custom_id\":\"line-2\"", "_1\"");
        assertThat(ending.text(batch.errorFile()).lines()).hasSize(1);
        assertThat(ending.results
                        .page(EndingBatch.ACME, ending.id, Optional.empty(), 10)
                        .orElseThrow()
                        .entries())
                .extracting(OutputLine::line)
                .containsExactly(2, 3);
    }

    @Test
    void aPictureThatIsGoneIsAnAddressBesideTheOthers() throws IOException {
        EndingBatch ending = new EndingBatch();
        JobRecord.Finished job = twoPictures();
        ending.keep(ending.line(1, job));
        ending.memory.delete(ending.picture(job, 1));
        ending.end(EndingBatch.FEEDER);
        assertThat(ending.text(ending.batch().output()))
                .contains("\"status_code\":200", "{\"b64_json\":\"AA==\"", "{\"url\":\"http://pictures/" + job.id());
    }
}
