/** Tests of the way of a task through a worker, with real Kafka and real S3 and a painter that sleeps. */
package dev.thunderhead.render.work;
