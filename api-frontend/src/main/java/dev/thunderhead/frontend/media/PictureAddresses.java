package dev.thunderhead.frontend.media;

import dev.thunderhead.job.Account;
import dev.thunderhead.job.OutputFormat;
import dev.thunderhead.job.TaskId;

/** Says where clients fetch a picture. Thread-safe; never asks the store. */
@FunctionalInterface
public interface PictureAddresses {
    /** The address of the task's picture, which has the given format. */
    String of(Account account, TaskId task, OutputFormat format);
}
