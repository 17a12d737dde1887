/** Who may ask, and how much. */
@NullMarked
package dev.thunderhead.frontend.account;

import org.jspecify.annotations.NullMarked;
