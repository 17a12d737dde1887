/** The measurements in the README; each is a program of its own, started by {@code deploy/bench/run}. */
@NullMarked
package dev.thunderhead.bench;

import org.jspecify.annotations.NullMarked;
