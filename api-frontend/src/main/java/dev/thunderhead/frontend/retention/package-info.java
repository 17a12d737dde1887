/** How long results are kept, and who deletes them then. */
@NullMarked
package dev.thunderhead.frontend.retention;

import org.jspecify.annotations.NullMarked;
