/** What a model can paint: its descriptor, step counts and picture sizes. */
@NullMarked
package dev.thunderhead.model;

import org.jspecify.annotations.NullMarked;
