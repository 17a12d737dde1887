/** What goes on in the background. */
@NullMarked
package dev.thunderhead.frontend.lifecycle;

import org.jspecify.annotations.NullMarked;
