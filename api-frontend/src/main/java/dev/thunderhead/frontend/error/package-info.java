/** What goes wrong, as the client is told. */
@NullMarked
package dev.thunderhead.frontend.error;

import org.jspecify.annotations.NullMarked;
