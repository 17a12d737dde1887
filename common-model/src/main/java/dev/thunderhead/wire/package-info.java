/** What travels through Kafka: the topics and the form of their records. */
@NullMarked
package dev.thunderhead.wire;

import org.jspecify.annotations.NullMarked;
