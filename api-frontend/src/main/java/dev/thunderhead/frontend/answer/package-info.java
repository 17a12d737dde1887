/** What clients are told of pictures and of what went wrong, however they are told. */
@NullMarked
package dev.thunderhead.frontend.answer;

import org.jspecify.annotations.NullMarked;
