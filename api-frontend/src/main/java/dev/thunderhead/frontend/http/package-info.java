/** The endpoints. */
@NullMarked
package dev.thunderhead.frontend.http;

import org.jspecify.annotations.NullMarked;
