/** Jobs: how they are submitted, and how their end is heard. */
@NullMarked
package dev.thunderhead.frontend.job;

import org.jspecify.annotations.NullMarked;
