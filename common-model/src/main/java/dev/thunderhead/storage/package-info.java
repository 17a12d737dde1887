/** Where things lie in S3, and the few verbs that reach them. */
@NullMarked
package dev.thunderhead.storage;

import org.jspecify.annotations.NullMarked;
