package dev.thunderhead.frontend.http;

import dev.thunderhead.frontend.file.FileSettings;
import dev.thunderhead.frontend.file.Files;
import dev.thunderhead.frontend.intake.IdempotencyKeys;
import io.vertx.ext.web.Router;
import java.time.Clock;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.random.RandomGenerator;

/** The endpoints about files: OpenAI's {@code /v1/files}. */
public final class FileRoutes {
    static final String FILES = "/v1/files";

    /** The variable part of the paths. */
    static final String ID = "file";

    private static final String ONE = FILES + "/:" + ID;

    private final Parts parts;
    private final IdempotencyKeys keys;
    private final BlockingWork blocking;
    private final Clock clock;
    private final RandomGenerator random;

    /**
     * What the endpoints are about.
     *
     * @param uploads runs at once or rejects; each upload keeps a thread as long as it takes
     */
    public record Parts(Files files, FileSettings settings, ThreadPoolExecutor uploads) {
        /** Whether more than half of the threads are taken. */
        private boolean isCrowded() {
            return uploads.getActiveCount() * 2 > uploads.getMaximumPoolSize();
        }
    }

    /** @param random thread-safe and not to be guessed */
    FileRoutes(Parts parts, IdempotencyKeys keys, BlockingWork blocking, Clock clock, RandomGenerator random) {
        this.parts = parts;
        this.keys = keys;
        this.blocking = blocking;
        this.clock = clock;
        this.random = random;
    }

    /** Adds the routes; whoever asks there has been authenticated before. */
    void mount(Router router) {
        Files files = parts.files();
        FileSettings settings = parts.settings();
        FileIntake intake = new FileIntake(files, keys, settings, clock, random);
        ErrorResponder errors = new ErrorResponder();
        CreateFile create = new CreateFile(
                intake,
                FileUpload.Limits.of(settings.maxBytes(), parts::isCrowded),
                new BlockingWork(parts.uploads()),
                parts.uploads().getMaximumPoolSize());
        router.post(FILES).handler(create).failureHandler(errors);
        DownloadFile download = new DownloadFile(files, blocking);
        router.get(ONE + "/content").handler(download).failureHandler(errors);
        router.head(ONE + "/content").handler(download).failureHandler(errors);
        JsonRoutes routes = new JsonRoutes(router, blocking);
        ListFiles list = new ListFiles(files);
        AccountTurns lists = AccountTurns.few("too_many_lists", "lists of files");
        routes.get(FILES, question -> lists.take(question.account(), () -> list.answer(question)));
        routes.get(
                ONE,
                question -> FileAnswer.of(FileAnswer.find(
                        files, question.account(), question.part(ID).orElseThrow())));
        routes.delete(ONE, new DeleteFile(files));
    }
}
