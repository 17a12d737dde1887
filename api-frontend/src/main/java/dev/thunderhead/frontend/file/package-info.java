/** Files that clients upload, and those made for them. */
@NullMarked
package dev.thunderhead.frontend.file;

import org.jspecify.annotations.NullMarked;
