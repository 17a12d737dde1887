package dev.thunderhead.job;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/** What an account may be called for. */
public sealed interface CallbackEvent permits JobEvent, BatchEvent {
    /** Its name in callbacks, for example {@code batch.completed}. */
    String type();

    /** All that there are. */
    static List<CallbackEvent> all() {
        return Stream.<CallbackEvent>concat(Arrays.stream(JobEvent.values()), Arrays.stream(BatchEvent.values()))
                .toList();
    }
}
