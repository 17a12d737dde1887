/** From a decoded picture to a file, with where it comes from written into it. */
@NullMarked
package dev.thunderhead.render.encode;

import org.jspecify.annotations.NullMarked;
