/** The API frontend: its settings, and how its parts are put together. */
@NullMarked
package dev.thunderhead.frontend;

import org.jspecify.annotations.NullMarked;
