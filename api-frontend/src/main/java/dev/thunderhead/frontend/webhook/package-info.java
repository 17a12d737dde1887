/** Calls the owners of jobs back: who wants to be called, what they are told, and the calls until each is made. */
@NullMarked
package dev.thunderhead.frontend.webhook;

import org.jspecify.annotations.NullMarked;
