/**
 * Kafka and S3 inside one JVM, for tests and for the all-in-one: a real KRaft broker and a real S3 server, each on the
 * loopback interface and on a folder that outlives it. Production runs against other addresses and never sees these.
 */
@NullMarked
package dev.thunderhead.backing;

import org.jspecify.annotations.NullMarked;
