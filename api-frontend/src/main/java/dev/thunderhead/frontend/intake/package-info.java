/** How requests become jobs, once: admission, idempotency keys, and retries that take over what they left behind. */
@NullMarked
package dev.thunderhead.frontend.intake;

import org.jspecify.annotations.NullMarked;
