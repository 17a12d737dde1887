/**
 * The command line, and everything in one JVM: an in-process Kafka and S3 with the very services that production runs,
 * composed through the same settings, only against other addresses.
 */
@NullMarked
package dev.thunderhead.standalone;

import org.jspecify.annotations.NullMarked;
