/** What starts and stops. */
@NullMarked
package dev.thunderhead.frontend.lifecycle;

import org.jspecify.annotations.NullMarked;
