/** The open tasks as Kafka tells of them: how many, how old, how fast they leave, and who ends the late ones. */
@NullMarked
package dev.thunderhead.frontend.queue;

import org.jspecify.annotations.NullMarked;
