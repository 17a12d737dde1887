package dev.thunderhead.frontend.queue;

import java.time.Instant;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * What stands in a lane.
 *
 * @param depth open tasks, queued and rendering
 * @param begun how many of them a worker has begun
 * @param oldest when the one that waits longest was queued
 * @param drainPerSecond how fast they leave; empty while none has been seen to
 */
public record Backlog(int depth, int begun, Optional<Instant> oldest, OptionalDouble drainPerSecond) {}
