/** Connections to Kafka, and the topics' set-up. */
@NullMarked
package dev.thunderhead.kafka;

import org.jspecify.annotations.NullMarked;
