/** The render worker: its settings, how it starts and how it stops. */
@NullMarked
package dev.thunderhead.render;

import org.jspecify.annotations.NullMarked;
