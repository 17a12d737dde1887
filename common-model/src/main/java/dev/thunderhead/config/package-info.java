/** Settings from the environment. */
@NullMarked
package dev.thunderhead.config;

import org.jspecify.annotations.NullMarked;
