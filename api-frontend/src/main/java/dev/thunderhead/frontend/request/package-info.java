/** What clients ask for: parsed, checked, complete. */
@NullMarked
package dev.thunderhead.frontend.request;

import org.jspecify.annotations.NullMarked;
