/** The models that may be asked for. */
@NullMarked
package dev.thunderhead.frontend.catalog;

import org.jspecify.annotations.NullMarked;
