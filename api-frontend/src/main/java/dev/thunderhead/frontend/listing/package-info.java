/** Lists of records, page by page. */
@NullMarked
package dev.thunderhead.frontend.listing;

import org.jspecify.annotations.NullMarked;
