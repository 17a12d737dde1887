package dev.thunderhead.render.work;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.thunderhead.job.Lane;
import dev.thunderhead.job.RenderProgress;
import dev.thunderhead.job.RenderProgress.Started;
import dev.thunderhead.job.RenderProgress.StepDone;
import dev.thunderhead.job.RenderTask;
import dev.thunderhead.wire.Json;
import dev.thunderhead.wire.Topic;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** What a worker tells of tasks while it renders them. */
@Timeout(60)
@TestInstance(Lifecycle.PER_CLASS)
@ExtendWith(SharedCloud.class)
class ProgressIT {
    private final Cloud cloud;
    private TestWorker worker;

    ProgressIT(Cloud cloud) {
        this.cloud = cloud;
    }

    @BeforeAll
    void start() throws IOException {
        worker = TestWorker.start(cloud);
    }

    @AfterAll
    void stop() {
        worker.close();
    }

    @Test
    void tellsOfTheStartAndOfEveryStep() {
        RenderTask task = rendered(Cloud.task(Lane.STANDARD, "watched"));

        List<RenderProgress> progress = progress(task, 5);
        assertThat(progress.get(0)).isInstanceOf(Started.class);
        assertThat(steps(progress)).containsExactly("1 of 4", "2 of 4", "3 of 4", "4 of 4");
        assertThat(progress).allSatisfy(one -> assertThat(one.at()).isAfterOrEqualTo(task.createdAt()));
    }

    @Test
    void showsAsManyPreviewsAsAreWantedAsJpegFiles() throws IOException {
        RenderTask task = rendered(Cloud.watched("watched closely", 2));

        List<RenderProgress> progress = progress(task, 5);
        assertThat(steps(progress)).containsExactly("1 of 4, preview 0", "2 of 4", "3 of 4, preview 1", "4 of 4");
        byte[] jpeg = ((StepDone) progress.get(1)).preview().orElseThrow().jpeg();
        assertThat(jpeg).startsWith(0xff, 0xd8, 0xff);
        assertThat(ImageIO.read(new ByteArrayInputStream(jpeg)).getWidth()).isEqualTo(64);
    }

    @Test
    void tellsOfABulkTaskOnlyThatItWasBegun() {
        RenderTask bulk = rendered(Cloud.task(Lane.BULK, "unwatched"));
        // What is told of a later task comes later.
        RenderTask later = rendered(Cloud.task(Lane.STANDARD, "later"));
        progress(later, 5);

        assertThat(progress(bulk, 1)).singleElement().isInstanceOf(Started.class);
    }

    private RenderTask rendered(RenderTask task) {
        cloud.submit(task);
        await().atMost(Cloud.PATIENCE).until(() -> cloud.outcome(task).isPresent());
        return task;
    }

    /** What was told of the task, once it is as much as that. */
    private List<RenderProgress> progress(RenderTask task, int count) {
        await().atMost(Cloud.PATIENCE).until(() -> progress(task).size() >= count);
        return progress(task);
    }

    private List<RenderProgress> progress(RenderTask task) {
        return cloud.records(Topic.PROGRESS).stream()
                .map(record -> Json.read(record.value(), RenderProgress.class))
                .filter(progress -> progress.id().equals(task.id()))
                .toList();
    }

    private static List<String> steps(List<RenderProgress> progress) {
        return progress.stream()
                .filter(StepDone.class::isInstance)
                .map(StepDone.class::cast)
                .map(done -> done.step() + " of " + done.steps()
                        + done.preview()
                                .map(preview -> ", preview " + preview.index())
                                .orElse(""))
                .toList();
    }
}
