/** Batches: many requests in one file, fed to the workers by one frontend at a time. */
@NullMarked
package dev.thunderhead.frontend.batch;

import org.jspecify.annotations.NullMarked;
