/** What Prometheus is told. */
@NullMarked
package dev.thunderhead.frontend.metrics;

import org.jspecify.annotations.NullMarked;
