/** The one client that reaches out to addresses that users named. */
@NullMarked
package dev.thunderhead.frontend.webhook.client;

import org.jspecify.annotations.NullMarked;
