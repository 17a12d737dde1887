/** How what has been started ends again: in order, and with the process. */
@NullMarked
package dev.thunderhead.lifecycle;

import org.jspecify.annotations.NullMarked;
