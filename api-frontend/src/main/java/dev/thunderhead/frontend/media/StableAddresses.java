package dev.thunderhead.frontend.media;

import dev.thunderhead.job.Account;
import dev.thunderhead.job.OutputFormat;
import dev.thunderhead.job.TaskId;
import dev.thunderhead.storage.ObjectKeys;
import java.net.URI;
import java.util.function.Supplier;

/** Addresses of ours, {@code <base>/media/<token>.png}, which redirect for as long as the picture is kept. */
public final class StableAddresses implements PictureAddresses {
    private final Supplier<URI> base;
    private final ObjectKeys keys;

    /** @param base where clients reach this service */
    public StableAddresses(Supplier<URI> base, ObjectKeys keys) {
        this.base = base;
        this.keys = keys;
    }

    @Override
    public String of(Account account, TaskId task, OutputFormat format) {
        String prefix = base.get().toString().replaceAll("/+$", "");
        return prefix + "/media/" + MediaToken.of(account, task, keys) + "." + format.extension();
    }
}
