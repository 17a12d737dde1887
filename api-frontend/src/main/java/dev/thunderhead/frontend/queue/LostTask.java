package dev.thunderhead.frontend.queue;

import dev.thunderhead.job.Account;
import dev.thunderhead.job.JobDescription;
import dev.thunderhead.job.TaskId;

/** A task that may never have been queued, though others of its job were. */
record LostTask(TaskId id, Account account, JobDescription job) {}
