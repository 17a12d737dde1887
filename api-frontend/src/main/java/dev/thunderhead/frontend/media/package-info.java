/** Addresses of pictures that stay valid. */
@NullMarked
package dev.thunderhead.frontend.media;

import org.jspecify.annotations.NullMarked;
