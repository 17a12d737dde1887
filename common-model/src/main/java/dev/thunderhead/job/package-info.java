/** Jobs, their tasks, and how tasks end. */
@NullMarked
package dev.thunderhead.job;

import org.jspecify.annotations.NullMarked;
