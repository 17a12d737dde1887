/** Health, readiness and metrics over HTTP, on a port of their own. */
@NullMarked
package dev.thunderhead.health;

import org.jspecify.annotations.NullMarked;
